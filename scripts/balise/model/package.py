"""A trained pipeline becomes a wheel that `pip install` and `spacy.load` take."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from balise.errors import BaliseError, UsageError
from balise.files import write_file
from balise.jsonl import read_json, write_json
from balise.model.card import render_card
from balise.model.fingerprint import require_same
from balise.model.licences import BALISE, write_licences
from balise.model.predict import load_pipeline
from balise.model.results import Evaluation
from balise.scratch import scratch_folder

# 1980-01-01, the earliest day that a wheel, being a zip file, can hold.
_EPOCH = "315532800"
_CODE = (
    "balise.tokenizer",
    "balise.distinct_words",
    "balise.lexicon_embed",
    "balise.numpy_blas",
    "balise.vote",
)


def package(
    model: Path,
    out: Path,
    name: str = "conflict_news",
    version: str = "0.1.0",
    evaluations: Sequence[Evaluation] = (),
) -> Path:
    """Build `fr_<name>-<version>-py3-none-any.whl` of a pipeline in `out`, with its card.

    The wheel asks for spaCy alone: the code of the tokenizer, of our layers and of the vote
    is in it, so balise is not needed to load it. The texts of its licences are in it too.

    Raises:
        UsageError: the name is not an identifier, or the version none that pip knows.
        BaliseError: there is no pipeline at `model`, it cannot be loaded or is not French, the
            build fails, a report measured another pipeline, or `out` or the temporary folder
            cannot be written.
    """
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        raise UsageError("--name", f"{name!r} is not a module name", "use a-z, 0-9 and _")
    if not re.fullmatch(r"\d+\.\d+\.\d+((a|b|rc)\d+)?", version):
        raise UsageError("--version", f"{version!r} is not a version", "write it as 1.2.0")
    if not (model / "meta.json").is_file():
        raise BaliseError(model, "is not a spaCy pipeline", "train one with `balise model train`")
    # Whatever is broken in the folder is told here; spaCy's packaging reads its parts blindly.
    nlp = load_pipeline(str(model))
    if nlp.lang != "fr":
        raise BaliseError(
            model,
            f"is a pipeline for {nlp.lang!r}, and the wheel is fr_{name}",
            "name a French one",
        )
    require_same(model, evaluations)
    from spacy.cli.package import package as lay_out

    with scratch_folder() as folder:
        pipeline = folder / "pipeline"
        shutil.copytree(model, pipeline)
        write_licences(pipeline, nlp.meta)
        lay_out(
            pipeline,
            folder,
            code_paths=[_source(module) for module in _CODE],
            name=name,
            version=version,
            create_sdist=False,
            require_parent=True,
        )
        tree = folder / f"fr_{name}-{version}"
        inner = tree / f"fr_{name}" / f"fr_{name}-{version}" / "meta.json"
        for meta in (tree / "meta.json", inner):
            _forget_balise(meta, name, version)
            card = render_card(read_json(meta, dict[str, Any]), evaluations, name, version)
            write_file(meta.with_name("README.md"), card)
        # spaCy brings the source's licences there, for pip to show.
        shutil.copy(pipeline / BALISE, tree)
        wheel = _build(tree)
        write_file(out / wheel.name, wheel.read_bytes())
        return out / wheel.name


def _source(module: str) -> Path:
    """Find a module's file without importing it."""
    spec = find_spec(module)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(module)
    return Path(spec.origin)


def _forget_balise(path: Path, name: str, version: str) -> None:
    """Drop the requirement that spaCy adds for the tokenizer, whose code is in the wheel."""
    meta = read_json(path, dict[str, Any])
    asked = meta.get("requirements", [])
    meta["requirements"] = [one for one in asked if not one.startswith("balise")]
    write_json(path, meta | {"name": name, "version": version})


def _build(tree: Path) -> Path:
    # Without isolation: with it, build would fetch setuptools anew each time.
    call = [sys.executable, "-m", "build", "--wheel", "--no-isolation", str(tree)]
    # The same pipeline makes the same bytes, so that nothing is published twice.
    environ = os.environ | {"SOURCE_DATE_EPOCH": _EPOCH}
    done = subprocess.run(call, cwd=tree, env=environ, capture_output=True, text=True, check=False)
    if done.returncode:
        last = (done.stderr.strip() or done.stdout.strip()).splitlines()[-1:]
        last = last or [f"exit code {done.returncode}"]
        raise BaliseError(
            tree.name,
            f"the wheel could not be built ({' '.join(last)})",
            "check that `python -m build` and setuptools are installed, and that there is space in "
            f"{tree.parents[1]}",
        )
    return next((tree / "dist").glob("*.whl"))
