"""The files that a dataset is made from, and digests by which a later change is told."""

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path

from balise.dataset.changelog import CHANGELOG
from balise.dataset.pseudonyms import ANNOTATORS_FILE
from balise.dataset.release import GUIDELINES, Inputs
from balise.files import unreadable
from balise.stores import ledger_path, reading_files
from balise.withdrawn import WITHDRAWN


def source_files(inputs: Inputs) -> Mapping[str, tuple[Path, ...]]:
    """List the files that are here, by what they are; rehydrated texts are known by their hashes.

    Raises:
        UsageError: as for `reading_files`.
    """
    corpus, annotations = inputs.corpus, inputs.annotations
    found = {
        "gold": [inputs.gold],
        "splits": [inputs.splits],
        "labels": [inputs.labels],
        "corpus": [*sorted(corpus.glob("*.jsonl")), corpus / WITHDRAWN],
        "changelog": [corpus / CHANGELOG],
        "annotations": [],
    }
    if annotations is not None:
        readings = reading_files(annotations)
        beside = [annotations / ANNOTATORS_FILE, *sorted(annotations.glob(GUIDELINES))]
        found["annotations"] = [*readings, *map(ledger_path, readings), *beside]
    return {what: tuple(filter(Path.is_file, paths)) for what, paths in found.items()}


def digest_sources(inputs: Inputs) -> dict[str, str]:
    """Hash what stands in the files, by what they are; what is not here has no digest.

    The order of lines does not count in it, nor do names, which may be those of annotators.

    Raises:
        BaliseError: a file cannot be read.
    """
    return {what: _digest(paths) for what, paths in source_files(inputs).items() if paths}


def _digest(paths: Iterable[Path]) -> str:
    together = hashlib.sha256()
    for path in paths:
        try:
            with path.open("rb") as file:
                # A sum does not depend on the order, and keeps no line.
                lines = sum(
                    int.from_bytes(hashlib.sha256(line.rstrip(b"\n")).digest()) for line in file
                )
        except OSError as error:
            raise unreadable(path, error) from error
        together.update(f"{lines:x}\n".encode())
    return together.hexdigest()


def changed_sources(made_from: Mapping[str, str], inputs: Inputs) -> list[str]:
    """Name what a dataset was made from that is another here; what is not here is passed over.

    Raises:
        BaliseError: a file cannot be read.
    """
    return [what for what, now in digest_sources(inputs).items() if made_from.get(what) != now]
