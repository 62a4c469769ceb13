"""The profile `transformer`, with a tiny CamemBERT of random weights made on the spot.

`make transformer` runs it, in the environment of its own.
"""

import hashlib
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
import safetensors.torch
import sentencepiece
import spacy
import torch
from typer.testing import CliRunner

from balise.cli.main import app
from balise.errors import BaliseError
from balise.jsonl import read_json, write_json
from balise.model.camembert import PIECES, find_camembert, read_shape
from balise.model.recipe import Recipe, load_settings
from scored_project import ROOT, lay_out, split

CONFIGS = ROOT / "scripts" / "balise" / "model" / "configs"
WIDTH, INNER, LAYERS, HEADS, POSITIONS = 16, 32, 2, 2, 66
TOWNS = ("Gao", "Kidal", "Goma", "Alep", "Mossoul", "Idlib")
SENTENCE = "Le général [Goïta](PERSON) est à [{town}](LOCATION) avec [Traoré](PERSON). 🚀"
# CamemBERT numbers its pieces four places further than sentencepiece, and ends with a mask.
PIECE_COUNT, ADDED = 46, 5


@pytest.fixture(scope="module")
def camembert(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("camembert")
    text = [SENTENCE.format(town=town).replace("[", "").replace("]", " ") for town in TOWNS]
    made = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(text * 20), model_writer=made, vocab_size=PIECE_COUNT, minloglevel=2
    )
    (folder / PIECES).write_bytes(made.getvalue())
    weights = random_weights(PIECE_COUNT + ADDED)
    safetensors.torch.save_file(weights, folder / "model.safetensors")
    write_json(
        folder / "config.json",
        {
            "model_type": "camembert",
            "vocab_size": PIECE_COUNT + ADDED,
            "hidden_size": WIDTH,
            "intermediate_size": INNER,
            "num_attention_heads": HEADS,
            "num_hidden_layers": LAYERS,
            "max_position_embeddings": POSITIONS,
        },
    )
    return folder


def random_weights(pieces: int) -> dict[str, torch.Tensor]:
    """Draw weights under the names that the Hub's CamemBERTs give them."""
    chance = torch.Generator().manual_seed(0)

    def draw(*sizes: int) -> torch.Tensor:
        return torch.randn(*sizes, generator=chance) * 0.05

    names = {
        "embeddings.word_embeddings.weight": draw(pieces, WIDTH),
        "embeddings.position_embeddings.weight": draw(POSITIONS, WIDTH),
        "embeddings.token_type_embeddings.weight": draw(1, WIDTH),
        "embeddings.LayerNorm.weight": torch.ones(WIDTH),
        "embeddings.LayerNorm.bias": torch.zeros(WIDTH),
    }
    sizes = {
        "attention.self.query": (WIDTH, WIDTH),
        "attention.self.key": (WIDTH, WIDTH),
        "attention.self.value": (WIDTH, WIDTH),
        "attention.output.dense": (WIDTH, WIDTH),
        "intermediate.dense": (INNER, WIDTH),
        "output.dense": (WIDTH, INNER),
    }
    for number in range(LAYERS):
        layer = f"encoder.layer.{number}"
        for name, size in sizes.items():
            names[f"{layer}.{name}.weight"], names[f"{layer}.{name}.bias"] = (
                draw(*size),
                draw(size[0]),
            )
        for norm in ("attention.output.LayerNorm", "output.LayerNorm"):
            names[f"{layer}.{norm}.weight"] = torch.ones(WIDTH)
            names[f"{layer}.{norm}.bias"] = torch.zeros(WIDTH)
    above = {"lm_head.bias": draw(pieces)}
    return {f"roberta.{name}": each for name, each in names.items()} | above


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    marked = {f"a-{number}": SENTENCE.format(town=town) for number, town in enumerate(TOWNS)}
    lay_out(tmp_path, marked)
    ids = tuple(sorted(marked))
    split(tmp_path, train=ids[:4], dev=ids[4:5], test=ids[5:])
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*words: object) -> dict[str, object]:
    done = CliRunner().invoke(app, [*map(str, words), "--json"])
    assert done.exit_code == 0, done.output
    values: dict[str, object] = json.loads(done.stdout)
    return values


def train(camembert: Path, out: str, steps: int = 8, *more: object) -> None:
    run(
        "model", "train", "--profile", "transformer", "--camembert", camembert,
        "--steps", steps, "--out", out, *more,
    )  # fmt: skip


def test_it_trains_reads_and_is_scored(project: Path, camembert: Path) -> None:
    shipped = (CONFIGS / "transformer.cfg").read_text()
    # Random weights must learn faster than a CamemBERT's may.
    Path("quick.cfg").write_text(
        shipped.replace("warmup_steps = 200", "warmup_steps = 5").replace("0.00005", "0.01")
    )
    train(camembert, "build/t", 40, "--config", "quick.cfg")
    nlp = spacy.load(project / "build/t/model-best")
    assert nlp.pipe_names == ["transformer", "ner"]
    assert {(each.text, each.label_) for each in nlp("Le général Goïta est à Gao. 🚀").ents} == {
        ("Goïta", "PERSON"),
        ("Gao", "LOCATION"),
    }
    scored = run("model", "evaluate", "build/t/model-best", "--no-baseline", "--resamples", 100)
    [system] = scored["systems"]
    assert system["all_labels"]["scores"]["strict"]["f1"]["value"] > 0.5


def test_the_same_seed_gives_the_same_model(project: Path, camembert: Path) -> None:
    digests = set()
    for name in ("build/one", "build/two"):
        train(camembert, name)
        digests.add(digest(project / name / "model-best"))
    assert len(digests) == 1


def digest(folder: Path) -> str:
    files = sorted(path for path in folder.rglob("*") if path.name == "model")
    assert len(files) == 2
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()


@pytest.mark.parametrize("pickled", [False, True])
def test_training_starts_from_the_weights_of_the_folder(
    project: Path, camembert: Path, tmp_path: Path, pickled: bool
) -> None:
    from spacy.training.initialize import init_nlp

    train(camembert, "build/t", steps=1)
    folder = tmp_path / "copy"
    folder.mkdir()
    for name in ("config.json", PIECES):
        (folder / name).write_bytes((camembert / name).read_bytes())
    weights = safetensors.torch.load_file(camembert / "model.safetensors")
    if pickled:
        torch.save(weights, folder / "pytorch_model.bin")
    else:
        safetensors.torch.save_file(weights, folder / "model.safetensors")
    parts = (project / "build/t/train.spacy", project / "build/t/dev.spacy")
    recipe = Recipe("transformer", camembert=str(folder))
    nlp = init_nlp(load_settings(recipe, *parts, 0))
    started = nlp.get_pipe("transformer").model.get_ref("transformer").shims[0]._model.state_dict()
    taken = [tensor for name, tensor in started.items() if name.endswith("ffn.intermediate.weight")]
    given = [weights[f"roberta.encoder.layer.{n}.intermediate.dense.weight"] for n in range(LAYERS)]
    assert all(torch.equal(one, other) for one, other in zip(taken, given, strict=True))


Spoil = Callable[[Path], object]


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda folder: (folder / PIECES).unlink(), "sentencepiece.bpe.model is missing"),
        (lambda folder: (folder / "model.safetensors").unlink(), "pytorch_model.bin is missing"),
        (lambda folder: spoil_type(folder / "config.json"), "model 'bert'"),
    ],
)
def test_a_folder_that_is_no_camembert_is_refused(
    camembert: Path, tmp_path: Path, spoil: Spoil, told: str
) -> None:
    folder = tmp_path / "copy"
    folder.mkdir()
    for path in camembert.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    spoil(folder)
    with pytest.raises(BaliseError, match=told):
        read_shape(find_camembert(str(folder)))


def spoil_type(path: Path) -> None:
    write_json(path, read_json(path, dict[str, object]) | {"model_type": "bert"})
