"""The README's example for transformers is run, with a tiny model of random weights.

`make transformer` runs it, in the environment of its own.
"""

import os
import re
import subprocess
import sys
from math import log
from pathlib import Path

import pytest
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast, set_seed
from typer.testing import CliRunner

from balise.cli.main import app
from scored_project import ROOT

WORDS = ["le", "la", "les", "de", "des", "à", "en", "dans", "par", "armée", "attaque", "morts"]
NAME = "almanach/camembert-base"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the project's dataset where the README says that it is, and a tiny model beside it."""
    root = tmp_path_factory.mktemp("readme")
    given = [
        f"--{name}={ROOT / path}"
        for name, path in {
            "gold": "annotations/gold.jsonl",
            "corpus": "corpus",
            "splits": "corpus/splits.json",
            "labels": "annotations/labels.toml",
            "annotations": "annotations",
            "texts": "build/texts",
        }.items()
    ]
    out = f"--out={root / 'build' / 'dataset'}"
    built = CliRunner().invoke(app, ["dataset", "build", *given, out])
    assert built.exit_code == 0, built.output
    numbers = {word: number for number, word in enumerate(["[PAD]", "[UNK]", *WORDS])}
    made = Tokenizer(models.WordLevel(numbers, unk_token="[UNK]"))
    made.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=made, pad_token="[PAD]", unk_token="[UNK]", model_max_length=64
    )
    tokenizer.save_pretrained(root / "tiny")
    shape = BertConfig(
        vocab_size=len(numbers),
        hidden_size=64,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=64,
    )
    set_seed(0)
    BertModel(shape).save_pretrained(root / "tiny")
    return root


def test_the_example_trains_and_scores_a_token_classifier(place: Path) -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    [code] = [each for each in re.findall(r"```python\n(.*?)```", text, re.DOTALL) if NAME in each]
    environ = os.environ | {"HF_HUB_OFFLINE": "1", "HF_HOME": str(place / "cache")}
    done = subprocess.run(
        [sys.executable, "-c", code.replace(NAME, str(place / "tiny"))],
        cwd=place,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found = {
        name: float(value) for name, value in re.findall(r"'(eval_\w+)': '?([\d.e-]+)", done.stdout)
    }
    # Untrained, every one of 23 tags is as likely as the others; so small a model learns slowly.
    assert found["eval_loss"] < log(23) - 0.2
    assert 0 <= found["eval_f1"] <= 1
