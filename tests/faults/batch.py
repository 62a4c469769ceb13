"""What is pushed and pulled while faults happen, and what must be there in the end."""

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from balise.batches import encode_row, load_batch, load_rows, reading_comments, split_rows
from balise.doccano.client import Server
from balise.doccano.mark import read_mark
from balise.doccano.wire import ServerExample, ServerProject
from balise.files import write_files
from balise.jsonl import encode_jsonl, read_json, read_jsonl, write_jsonl
from balise.ledger import LedgerFile
from balise.offsets import OffsetMap
from balise.records import Annotation, Article
from balise.tasks.make import make_batch
from faults.bench import Bench
from large_batch import LABELS, marked_articles
from markup import annotated

SHORT = 8
"""So many articles, the first ones, are worked in; they have three spans instead of twenty."""


class FaultBatch:
    """A corpus of made-up articles, and batches of them; every second span is suggested."""

    def __init__(self, root: Path, count: int, short: int = SHORT) -> None:
        self.corpus = root / "corpus"
        self.tasks = root / "tasks"
        self._guideline = root / "guidelines.fr.md"
        self._guideline.write_text("# Consignes", encoding="utf-8")
        pairs = [annotated(*one) for one in _shortened(count, short)]
        self.articles: dict[str, Article] = {article.id: article for article, _ in pairs}
        self.readings: dict[str, Annotation] = {one.article: one for _, one in pairs}
        self.ids = sorted(self.articles)
        write_jsonl(self.corpus / "essai.jsonl", self.articles.values())

    def make(self, name: str, annotators: Sequence[str], count: int) -> Path:
        """Make a batch of the first articles, in the place of one of this name."""
        folder = self.tasks / name
        for path in folder.glob("*"):
            path.unlink()
        chosen = self.corpus.parent / f"{name}.txt"
        chosen.write_text("\n".join(self.ids[:count]), encoding="utf-8")
        made = make_batch(
            name, annotators, self.corpus, self.tasks, LABELS, self._guideline, chosen
        )
        contents: dict[Path, bytes | str] = {}
        for annotator, share in made.batch.annotators.items():
            lines = [
                encode_row(row.meta.article, row.text, self.readings[row.meta.article].spans[::2])
                for row in load_rows(folder, made.batch, annotator)
            ]
            files = split_rows(annotator, lines)
            assert tuple(files) == share.files
            contents |= {folder / file: content for file, content in files.items()}
        write_files(contents)
        return folder

    def work(self, server: Server, project: ServerProject) -> None:
        """Do what an annotator does in half of a project's first documents.

        Of each four one is brought to its reading, commented on and confirmed, one is brought to
        its reading, one confirmed as it is, and one left alone.
        """
        types = {name: id_ for id_, name in server.label_types(project).items()}
        for number, example in enumerate(server.examples(project)[:SHORT]):
            if number % 4 < 2:
                reading = self.readings[str(example.row_meta["article"])]
                offsets = OffsetMap(example.text, "utf16")
                wanted = {
                    (offsets.to_unit(span.start), offsets.to_unit(span.end), types[span.label])
                    for span in reading.spans
                }
                there = server.spans(project, example.id)
                wanted -= {(one.start_offset, one.end_offset, one.label) for one in there}
                for span in sorted(wanted):
                    server.add_span(project, example.id, span)
            if number % 4 == 0:
                server.comment(project, example.id, "Vu.")
            if number % 4 in (0, 2):
                server.confirm(project, example)

    def confirmed(self, examples: Iterable[ServerExample]) -> dict[str, tuple[Any, ...]]:
        """Say what a pull must bring back: spans and comments by article."""
        found: dict[str, tuple[Any, ...]] = {}
        for number, example in enumerate(examples):
            reading = self.readings[str(example.row_meta["article"])]
            if example.is_confirmed:
                spans = reading.spans if number % 4 == 0 else reading.spans[::2]
                found[reading.article] = (tuple(sorted(spans)), ("Vu.",) * (number % 4 == 0))
        return found


def _shortened(count: int, short: int) -> Iterable[tuple[str, str]]:
    for number, (id_, marked) in enumerate(marked_articles(count)):
        yield id_, ".\n".join(marked.split(".\n")[:3]) if number < short else marked


def own_project(server: Server, batch: str, annotator: str) -> ServerProject:
    """Find the one project of an annotator; there may be no other that is marked as theirs."""
    found = []
    for project in server.projects():
        mark = read_mark(project.description)
        if mark and (mark.batch, mark.annotator) == (batch, annotator):
            found.append(project)
    [project] = found
    return project


def work_in(server: Server, project: ServerProject, ids: Iterable[int]) -> dict[str, Any]:
    """Write down all that people did in some documents, with the ids that the server gave it."""
    wanted = set(ids)
    return {
        "spans": {id_: server.spans(project, id_) for id_ in sorted(wanted)},
        "confirmations": {id_: server.confirmations(project, id_) for id_ in sorted(wanted)},
        "comments": [one for one in server.comments(project) if one.example in wanted],
    }


def require_pushed(bench: Bench, folder: Path, kept: dict[str, dict[str, Any]]) -> None:
    """Accept a server that holds exactly a batch: each document once, each span, nothing else.

    `kept` maps an annotator to the work that was there before.
    """
    batch = load_batch(folder)
    server = bench.admin()
    for annotator in batch.annotators:
        project = own_project(server, batch.batch, annotator)
        rows = server.export(project, confirmed_only=False)
        sent = {row.meta.article: row for row in load_rows(folder, batch, annotator)}
        came = Counter(str(row.meta["article"]) for row in rows)
        assert came == Counter(sent.keys())
        mark = read_mark(project.description)
        assert mark is not None
        assert mark.project == project.id
        assert mark.pushes == Counter(str(row.meta["push"]) for row in rows)
        assert list(mark.labels) == list(server.label_types(project))
        work = kept.get(annotator, {"spans": {}})
        assert work_in(server, project, work["spans"]) == work or not work["spans"]
        for row in rows:
            task = sent[str(row.meta["article"])]
            assert row.text == task.text
            if row.id not in work["spans"]:
                assert sorted(row.label) == sorted(task.label), row.id
                assert sorted(row.comments) == reading_comments(task.meta)
        session = bench.annotator(annotator)
        assert session.project(project.id).name == f"{batch.batch}.{annotator}"
    require_no_rests(folder, bench.client)


def require_pulled(
    annotations: Path, batch: str, expected: dict[str, dict[str, tuple[Any, ...]]]
) -> None:
    """Accept annotations that hold exactly what was confirmed, with ledgers that balance."""
    folder = annotations / batch
    files = {f"{name}{end}" for name in expected for end in (".jsonl", ".ledger.json")}
    assert {path.name for path in folder.iterdir()} == files
    for annotator, readings in expected.items():
        found = read_jsonl(folder / f"{annotator}.jsonl", Annotation)
        assert {one.article: (one.spans, one.comments) for one in found} == readings
        assert [one.article for one in found] == sorted(readings)
        origins = {(one.annotator, one.confirmed, one.origin) for one in found}
        assert origins == {(annotator, True, f"doccano:{batch}.{annotator}")}
        ledger = read_json(folder / f"{annotator}.ledger.json", LedgerFile)
        spans = sum(len(one.spans) for one in found)
        assert (ledger.spans_in, ledger.spans_out, ledger.kept) == (spans, spans, spans)
        assert (folder / f"{annotator}.jsonl").read_bytes() == encode_jsonl(found)


def require_no_rests(*folders: Path) -> None:
    """Accept folders in which no half-written file stands."""
    for folder in folders:
        assert [path for path in folder.rglob(".*") if path.is_file()] == []
