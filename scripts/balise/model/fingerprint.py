"""A pipeline's folder is known by a digest, so that a report's figures stay with their model."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from balise.errors import BaliseError
from balise.files import read_bytes
from balise.lexicon import LEXICON
from balise.model.results import Evaluation

# Words about the pipeline, which change nothing that it finds.
_WORDS = {"meta.json", "README.md", "LICENSE", "LICENSES_SOURCES", "LICENSE_BALISE"}


def fingerprint(pipeline: str) -> str | None:
    """Hash what a pipeline's folder holds, names and bytes, but for meta.json and its documents.

    An installed package and the lexicon's rules have none.

    Raises:
        BaliseError: a file cannot be read.
    """
    from spacy.util import is_package

    folder = Path(pipeline)
    # spaCy takes a name for a package's first, and `load_system` for the lexicon's.
    if pipeline == LEXICON or is_package(pipeline) or not folder.is_dir():
        return None
    found = hashlib.sha256()
    files = {p.relative_to(folder).as_posix(): p for p in folder.rglob("*") if p.is_file()}
    for name in sorted(files.keys() - _WORDS):
        content = hashlib.sha256(read_bytes(files[name])).hexdigest()
        found.update(f"{content} {name}\n".encode())
    return found.hexdigest()


def require_same(model: Path, evaluations: Iterable[Evaluation]) -> None:
    """Accept reports that measured this very pipeline.

    Raises:
        BaliseError: one measured another, or does not say which.
    """
    measured = [(each, each.model.digest) for each in evaluations]
    own = fingerprint(str(model)) if measured else None
    for evaluation, digest in measured:
        if digest != own or digest is None:
            said = (
                "does not say which pipeline's folder it measured"
                if digest is None
                else f"measured another pipeline (digest {digest[:12]}, and this is "
                f"{(own or 'none')[:12]})"
            )
            raise BaliseError(
                model,
                f"the report on {evaluation.part} of {evaluation.model.pipeline} {said}",
                "give the report of this one, or make it with `balise model evaluate`",
            )
