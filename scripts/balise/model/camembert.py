"""A CamemBERT's folder becomes what the profile `transformer` starts from.

The folder is as the Hugging Face Hub has it: `config.json`, `sentencepiece.bpe.model`, and the
weights as `model.safetensors` or `pytorch_model.bin`. Only spacy-curated-transformers reads them:
the library `transformers` is not needed.
"""

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from balise.errors import BaliseError
from balise.jsonl import read_json

if TYPE_CHECKING:
    from thinc.api import Model

    Loader = Callable[..., Model[Any, Any]]

CAMEMBERT = "almanach/camembert-base"
PIECES = "sentencepiece.bpe.model"
_WEIGHTS = ("model.safetensors", "pytorch_model.bin")
_PACKAGES = ("spacy_curated_transformers", "torch", "safetensors")


class Shape(msgspec.Struct, frozen=True):
    """The sizes of a CamemBERT, as its `config.json` names them."""

    model_type: str
    vocab_size: int
    hidden_size: int
    intermediate_size: int
    num_attention_heads: int
    num_hidden_layers: int
    max_position_embeddings: int
    layer_norm_eps: float = 1e-5
    pad_token_id: int = 1
    type_vocab_size: int = 1


def require_packages() -> None:
    """Accept an environment that has what a transformer needs.

    Raises:
        BaliseError: a package is missing.
    """
    missing = [name for name in _PACKAGES if find_spec(name) is None]
    if missing:
        raise BaliseError(
            "profile transformer",
            f"this environment has no {', '.join(missing)}",
            "train it in an environment of its own: `make .venv-transformer/installed`, then "
            ".venv-transformer/bin/balise model train --profile transformer",
        )


def find_camembert(name: str) -> Path:
    """Find a CamemBERT's folder: the one of this name, or the Hub's, fetched where it is not here.

    Raises:
        BaliseError: there is no such folder and no such repository, or it lacks a file.
    """
    folder = Path(name) if Path(name).is_dir() else _fetch(name)
    weights = [file for file in _WEIGHTS if (folder / file).is_file()]
    missing = [file for file in ("config.json", PIECES) if not (folder / file).is_file()]
    if missing or not weights:
        raise BaliseError(
            folder,
            f"is no CamemBERT: {' and '.join(missing or [' or '.join(_WEIGHTS)])} is missing",
            f"give a folder or a repository such as {CAMEMBERT}",
        )
    return folder


def read_shape(folder: Path) -> Shape:
    """Read the sizes of a CamemBERT from its folder.

    Raises:
        BaliseError: its `config.json` is broken or another kind of model's.
    """
    shape = read_json(folder / "config.json", Shape)
    if shape.model_type != "camembert":
        raise BaliseError(
            folder / "config.json",
            f"is of a model {shape.model_type!r}",
            f"give a CamemBERT, such as {CAMEMBERT}",
        )
    return shape


def model_settings(shape: Shape) -> dict[str, object]:
    """Name the sizes as the architecture CamembertTransformer.v1 does."""
    return {
        "vocab_size": shape.vocab_size,
        "hidden_width": shape.hidden_size,
        "intermediate_width": shape.intermediate_size,
        "num_attention_heads": shape.num_attention_heads,
        "num_hidden_layers": shape.num_hidden_layers,
        "max_position_embeddings": shape.max_position_embeddings,
        # Two positions stand before the first piece.
        "model_max_length": shape.max_position_embeddings - 2,
        "layer_norm_eps": shape.layer_norm_eps,
        "padding_idx": shape.pad_token_id,
        "type_vocab_size": shape.type_vocab_size,
    }


def create_weights_loader(folder: str) -> "Loader":
    """Make the callback that gives a transformer layer the weights of a CamemBERT's folder."""

    def load(model: "Model[Any, Any]", **_: object) -> "Model[Any, Any]":
        from curated_transformers.models.hf_util import convert_pretrained_model_for_encoder
        from thinc.api import get_torch_default_device

        encoder = model.shims[0]._model
        weights = convert_pretrained_model_for_encoder(encoder, _read_weights(Path(folder)))
        encoder.load_state_dict(weights)
        encoder.to(get_torch_default_device())
        return model

    return load


def create_pieces_loader(folder: str) -> "Loader":
    """Make the callback that gives a piece encoder the pieces of a CamemBERT's folder.

    The package's own, SentencepieceLoader.v1, gives them to the layer around the encoder.
    """

    def load(model: "Model[Any, Any]", **_: object) -> "Model[Any, Any]":
        from curated_tokenizers import SentencePieceProcessor

        pieces = SentencePieceProcessor.from_file(str(Path(folder) / PIECES))
        model.get_ref("encoder").attrs["sentencepiece_processor"] = pieces
        return model

    return load


def _read_weights(folder: Path) -> dict[str, Any]:
    """Read the weights of the layers; what a masked language model has above them is left out."""
    import torch
    from safetensors.torch import load_file

    safe, pickled = (folder / file for file in _WEIGHTS)
    weights = load_file(safe) if safe.is_file() else torch.load(pickled, "cpu", weights_only=True)
    return {
        name.removeprefix("roberta."): tensor
        for name, tensor in weights.items()
        if "embeddings." in name or "encoder." in name
    }


def _fetch(name: str) -> Path:
    from huggingface_hub import snapshot_download

    try:
        return Path(snapshot_download(name, allow_patterns=["config.json", PIECES, *_WEIGHTS]))
    # Any name may be given, and the Hub's client and the network fail in many ways.
    except Exception as error:
        raise BaliseError(
            name,
            f"is no folder here and cannot be fetched from the Hub ({error})",
            f"give a CamemBERT's folder, or a repository such as {CAMEMBERT}",
        ) from error
