"""How to cite a version: `CITATION.cff` and BibTeX, dated by the changelog or not at all.

CFF is the Citation File Format 1.2.0 (Druskat et al. 2021). No clock is read: the same input makes
the same bytes.
"""

import json
from collections.abc import Iterator

from balise.dataset.changelog import Changelog

CITATION = "CITATION.cff"
TITLE = "balise: named entities in French conflict news"
PUBLISHER = "balise contributors"
LICENCE_URL = "https://creativecommons.org/licenses/by/4.0/"
KEYWORDS = ("French", "news", "armed conflict", "named entity recognition", "stand-off annotation")
ABSTRACT = (
    "French news about armed conflict with named entities marked, for training and testing named "
    "entity recognition. The synthetic texts and all annotations were produced with a large "
    "language model; real articles are stand-off, as offsets and hashes without words."
)


def make_citation(version: str, changelog: Changelog) -> str:
    """Write CITATION.cff for a version; `date-released` is there where the changelog has a day."""
    lines = {
        "cff-version": "1.2.0",
        "message": "If you use this dataset, please cite this version of it.",
        "type": "dataset",
        "title": TITLE,
        "version": version,
    }
    if day := changelog.day(version):
        lines["date-released"] = day
    lines |= {"license": "CC-BY-4.0", "abstract": ABSTRACT}
    return "".join(
        f"{line}\n"
        for line in (
            *(f"{key}: {_quote(value)}" for key, value in lines.items()),
            *_list("authors", [f"name: {_quote(PUBLISHER)}"]),
            *_list("keywords", [_quote(word) for word in KEYWORDS]),
        )
    )


def bibtex(version: str, day: str | None) -> str:
    """Write the BibTeX entry of a version; the year is that of its day, where it has one."""
    fields = {"title": f"{{{TITLE}}}", "author": f"{{{{{PUBLISHER}}}}}"}
    if day:
        fields["year"] = f"{{{day[:4]}}}"
    fields |= {"version": f"{{{version}}}", "note": "{Annotated corpus, CC BY 4.0}"}
    return "@misc{balise,\n" + ",\n".join(f"  {k} = {v}" for k, v in fields.items()) + "\n}"


def _list(key: str, values: list[str]) -> Iterator[str]:
    yield f"{key}:"
    yield from (f"  - {value}" for value in values)


def _quote(value: str) -> str:
    """Quote a string for YAML, which takes JSON's strings as they are."""
    return json.dumps(value, ensure_ascii=False)
