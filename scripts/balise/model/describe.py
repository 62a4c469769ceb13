"""A trained pipeline says what it is, from what it was made and under which licence."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from balise.jsonl import read_json, write_json
from balise.model.docbins import PARTS
from balise.model.lineage import (
    LICENCE,
    SOURCE,
    find_starts,
    inherited_licence,
    read_metas,
    seen_before,
)


def describe(
    working: Path, out: Path, made_from: Mapping[str, Any], taught_by: Iterable[Path]
) -> None:
    """Write into the pipeline what it is, from what, under which licence and with which settings.

    What the pipelines saw that it starts from or is `taught_by` is in it too. The config names the
    DocBins where they will stand, so that `spacy train` takes it as it is.

    Raises:
        BaliseError: the meta.json of one of these pipelines is broken.
    """
    from spacy.util import load_config

    model = working / "model-best"
    settings = load_config(model / "config.cfg", interpolate=False)
    starts = find_starts(settings)
    before = seen_before([*starts, *read_metas(map(str, taught_by))])
    meta = read_json(model / "meta.json", dict[str, Any])
    meta |= {
        "name": "conflict_news",
        "description": "French conflict-news entities",
        "author": "balise contributors",
        "balise": {**made_from, **before},
    }
    if made_from.get("refit"):
        # Of the scores on an empty dev nothing could be learned.
        meta["performance"] = {}
    if licence := inherited_licence(starts):
        meta["license"] = licence
    if licence == LICENCE:
        meta["description"] += f", started from {SOURCE}, whose vectors it contains"
    write_json(model / "meta.json", meta)
    settings["paths"] |= {part: str(out / f"{part}.spacy") for part in PARTS}
    for path in (model / "config.cfg", working / "config.cfg"):
        settings.to_disk(path, interpolate=False)
