"""Articles get their texts back where the hash is right; where it is not, spans may be moved."""

from collections.abc import Mapping
from pathlib import Path

import msgspec

from balise.dataset.rehydration.bare import Bare
from balise.dataset.rehydration.harvest import Changed, Collect, Harvest, Passed
from balise.dataset.rehydration.reanchor import Reanchored, reanchor
from balise.docbin import LONGEST
from balise.errors import BaliseError, UsageError
from balise.files import locked, read_text, write_files
from balise.jsonl import encode_jsonl, read_jsonl
from balise.stores import text_path
from balise.text import printable, sha256

REANCHORED = "reanchored.jsonl"
"""The file, in the folder of texts, of spans on texts that changed."""


class Refusal(msgspec.Struct, frozen=True):
    """A file or page that stands where an article's text should be, and holds another text."""

    article: str
    place: str
    found: str
    expected: str


class Rehydrated(msgspec.Struct, frozen=True):
    """Articles whose texts came back now, those that had them, refused texts, and the missing.

    `reanchored` are those of the refused whose spans were put on the text that stands there now.
    See `Harvest` for the rest.
    """

    texts: str
    written: tuple[str, ...]
    already: tuple[str, ...]
    refused: tuple[Refusal, ...]
    reanchored: tuple[Reanchored, ...]
    missing: tuple[str, ...]
    passed: tuple[Passed, ...]
    failed: tuple[Passed, ...]
    unreadable: tuple[str, ...]
    elsewhere: tuple[tuple[str, str], ...]


def rehydrate(
    rows: Mapping[str, Bare], texts: Path, collect: Collect, *, reanchoring: bool = False
) -> Rehydrated:
    """Find the texts of articles that are not in the folder `texts` yet, and keep them there.

    Texts go to `<texts>/<id>.txt`, all together, in place of damaged ones. A text with another
    hash is refused: offsets belong to one text only. With `reanchoring` the spans of such an
    article are put on it as far as their hashes allow, unless it is longer than `LONGEST`, and kept
    with it, beside those of earlier calls, in `<texts>/reanchored.jsonl`.

    Raises:
        UsageError: the rows to re-anchor are the corpus's own, which have no hashes.
        BaliseError: what `collect` raises; a file cannot be read or written; another process is
            writing texts; the spans that came in are not those placed and refused. Nothing was
            written.
    """
    if reanchoring and any(row.spans is None for row in rows.values()):
        raise UsageError(
            "--reanchor", "the corpus holds no hashes of spans", "name a dataset's folder"
        )
    already = {id_ for id_, row in rows.items() if _is_here(text_path(texts, id_), row)}
    harvest = collect({id_: row for id_, row in rows.items() if id_ not in already})
    contents: dict[Path, bytes | str] = {
        text_path(texts, id_): harvest.found[id_] for id_ in sorted(harvest.found)
    }
    moved = _reanchor(rows, harvest.changed) if reanchoring else []
    if contents or reanchoring:
        with locked(texts):
            if reanchoring:
                settled = already | harvest.found.keys()
                contents |= _merge(texts / REANCHORED, moved, settled)
            write_files(contents)
    told = already | harvest.found.keys() | harvest.changed.keys()
    told |= {each.article for each in (*harvest.passed, *harvest.failed)}
    return Rehydrated(
        texts=printable(texts),
        written=tuple(sorted(harvest.found)),
        already=tuple(sorted(already)),
        refused=_refusals(rows, harvest),
        reanchored=tuple(moved),
        missing=tuple(sorted(rows.keys() - told)),
        passed=harvest.passed,
        failed=harvest.failed,
        unreadable=harvest.unreadable,
        elsewhere=harvest.elsewhere,
    )


def _is_here(path: Path, row: Bare) -> bool:
    try:
        return path.is_file() and sha256(read_text(path)) == row.sha256
    except BaliseError:
        return False


def _refusals(rows: Mapping[str, Bare], harvest: Harvest) -> tuple[Refusal, ...]:
    return tuple(
        Refusal(id_, each.place, sha256(each.text), rows[id_].sha256)
        for id_, each in sorted(harvest.changed.items())
    )


def _reanchor(rows: Mapping[str, Bare], changed: Mapping[str, Changed]) -> list[Reanchored]:
    return [
        reanchor(id_, each.place, row.sha256, row.salt or "", row.spans or (), each.text)
        for id_, each in sorted(changed.items())
        if len(each.text) <= LONGEST and (row := rows[id_])
    ]


def _merge(path: Path, new: list[Reanchored], settled: set[str]) -> dict[Path, bytes | str]:
    """Put new records beside older ones; an article whose own text is here needs none."""
    old = read_jsonl(path, Reanchored) if path.is_file() else []
    records = {each.article: each for each in (*old, *new) if each.article not in settled}
    if not path.is_file() and not records:
        return {}
    return {path: encode_jsonl(records[id_] for id_ in sorted(records))}
