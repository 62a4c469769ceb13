"""A small project that tells all there is to tell: second readings, ledgers, versions, people."""

from pathlib import Path

import msgspec

from balise.jsonl import write_json, write_jsonl
from balise.ledger import Entry, LedgerFile
from balise.records import Annotation, Article, Gold
from balise.stores import ADJUDICATION, ledger_path
from dataset.project import FULL, Project
from markup import gold, markup

PEOPLE = (
    "annotator\tpseudonym\twho\ndupont\tp1\ta historian\nmartin\tp2\t\n"
    "adjudication\tadjudication\tan editor\n"
)
CHANGES = """# Versions

## 1.1.0, 2026-02-03

- Two articles more.

## 1.0.0

First version.
"""
TEXTS = [
    ("neuf-a", "[Daech](ARMED_GROUP) attaque [Homs](LOCATION) [lundi](DATE).", FULL),
    ("neuf-b", "Le [Hamas](ARMED_GROUP) et l’[ONU](ORGANIZATION) à [Gaza](LOCATION).", FULL),
    ("neuf-c", "Rien à signaler.", FULL),
    (
        "vrai-d",
        "Des tirs à [Alep](LOCATION) et à [Raqqa](LOCATION) ont repris hier soir.",
        {"synthetic": False, "published": "2017-05-01"},
    ),
]
"""Gold, which is what `dupont` read."""

SECOND = {
    "neuf-a": "[Daech](ARMED_GROUP) [attaque](EVENT) [Homs](LOCATION) [lundi](DATE).",
    "neuf-c": "Rien à signaler.",
    "vrai-d": "Des tirs à [Alep](LOCATION) et à [Raqqa](FACILITY) ont repris hier soir.",
}
"""What `martin` read: one span more, nothing, and one other label."""


def tell(root: Path) -> Project:
    """Write the project."""
    project = Project(root)
    project.write(articles())
    folder = project.readings / "lot"
    read = [Annotation(g.article, g.sha256, "dupont", True, g.spans) for _, g in articles()]
    write_jsonl(folder / "dupont.jsonl", read)
    write_jsonl(folder / "martin.jsonl", [second(id_) for id_ in SECOND])
    decided = msgspec.structs.replace(read[-1], annotator=ADJUDICATION)
    write_jsonl(folder / f"{ADJUDICATION}.jsonl", [decided])
    entries = (
        Entry("neuf-a", "DATE", 20, 27, "trimmed", "space or punctuation at an edge", 20, 26),
        Entry("neuf-b", "DATE", 0, 2, "dropped", "duplicate"),
    )
    write_json(ledger_path(folder / "dupont.jsonl"), LedgerFile(9, 8, 7, 1, 0, 1, entries))
    write_json(ledger_path(folder / "martin.jsonl"), LedgerFile(6, 6, 6, 0, 0, 0, ()))
    (project.readings / "annotators.tsv").write_text(PEOPLE, encoding="utf-8")
    (project.readings / "guidelines.en.md").write_text("# Rules\n", encoding="utf-8")
    (project.corpus / "CHANGELOG.md").write_text(CHANGES, encoding="utf-8")
    return project


def articles() -> list[tuple[Article, Gold]]:
    made = [gold(id_, marked, **fields) for id_, marked, fields in TEXTS]
    return [(one, msgspec.structs.replace(read, annotators=("dupont",))) for one, read in made]


def second(id_: str) -> Annotation:
    [record] = [record for article, record in articles() if article.id == id_]
    return Annotation(id_, record.sha256, "martin", True, markup(SECOND[id_])[1])
