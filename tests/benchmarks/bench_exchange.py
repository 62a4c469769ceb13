"""How long `balise doccano push` and `pull` take beside Doccano's own calls on the same files.

Run with `pytest -s tests/benchmarks/bench_exchange.py`; `BALISE_BENCH_ARTICLES=1000` makes it
smaller. Each is run twice on one server, in the order Doccano, balise, balise, Doccano, so that a
database that grows favours neither. balise is the whole command, start of Python included.

It prints ratios and asserts nothing about time, only that all documents and spans arrive. Ratios
of time mean something while little else runs; those of processor time (client, server and
database together, without what they wait for) do on a busy machine too.
"""

import io
import json
import os
import zipfile
from itertools import islice
from pathlib import Path
from statistics import median

import pytest

from exchange_place import Place, Run, fresh_place
from large_batch import ANNOTATOR, SPANS

PAGE = 500
CLIENT_PAGE, CLIENT_PAGES = 5, 100


def articles() -> int:
    """Read how many articles to send."""
    return int(os.environ.get("BALISE_BENCH_ARTICLES", "10000"))


def require_all(place: Place, archive: bytes) -> None:
    """Accept an export that holds every document with every span."""
    with zipfile.ZipFile(io.BytesIO(archive)) as content:
        rows = [json.loads(line) for line in content.read("all.jsonl").splitlines() if line]
    assert len(rows) == place.count
    assert sum(len(row["label"]) for row in rows) == place.count * SPANS


def warm_up(place: Place, files: list[Path]) -> None:
    """Have every process of the server load what it loads at its first call of each kind."""
    project = place.raw.create_project("warm")
    place.raw.import_files(project, files)
    place.raw.export(project, confirmed_only=False)
    for _ in range(4):
        place.raw.list_documents(project, 1, 1)


def push_as_doccano(place: Place, name: str, files: list[Path]) -> tuple[Run, int]:
    """Import files one after the other and export the project."""

    def work() -> tuple[int, bytes]:
        project = place.raw.create_project(name)
        place.raw.import_files(project, files)
        return project, place.raw.export(project, confirmed_only=False)

    run, (project, archive) = place.timed(f"Doccano import, export {name}", work)
    require_all(place, archive)
    return run, project


def pull_as_doccano(place: Place, project: int) -> Run:
    """Export what is confirmed and list all documents, 500 a page."""

    def work() -> tuple[bytes, list[bytes]]:
        archive = place.raw.export(project, confirmed_only=True)
        return archive, place.raw.list_documents(project, place.count, PAGE)

    run, (archive, pages) = place.timed("Doccano export, list", work)
    require_all(place, archive)
    assert sum(len(json.loads(page)["results"]) for page in pages) == place.count
    return run


def push_as_balise(place: Place, name: str) -> Run:
    """Push a batch and read it back."""
    run, found = place.balise("push", name)
    [pushed] = found["pushed"]
    assert (pushed["added"], pushed["suggestions"]) == (place.count, place.count * SPANS)
    return run


def pull_as_balise(place: Place, name: str) -> Run:
    """Pull a batch into files that are not there yet."""
    run, found = place.balise("pull", name)
    [pulled] = found["pulled"]
    assert (pulled["confirmed"], pulled["findings"]) == (place.count, [])
    assert pulled["ledger"]["spans_out"] == place.count * SPANS
    written = place.batch.annotations / name / f"{ANNOTATOR}.jsonl"
    assert written.read_bytes().count(b"\n") == place.count
    return run


def push_with_client(place: Place, files: list[Path]) -> tuple[Run, Run]:
    """Import files by doccano-client's own call, and with an export as well.

    It makes one task of all files and waits a second between two looks.
    """
    project = place.raw.create_project("client")
    paths = [str(file) for file in files]
    upload, _ = place.timed(
        "doccano-client upload",
        lambda: place.client.upload(project, paths, "SequenceLabeling", "JSONL"),
    )
    export, archive = place.timed(
        "Doccano export", lambda: place.raw.export(project, confirmed_only=False)
    )
    require_all(place, archive)
    return upload, Run(upload.seconds + export.seconds, upload.processor + export.processor)


def list_with_client(place: Place, project: int) -> Run:
    """List by doccano-client's own call, five a page: the first pages, extrapolated."""
    count = min(CLIENT_PAGE * CLIENT_PAGES, place.count)
    run, found = place.timed(
        f"doccano-client list of {count}",
        lambda: list(islice(place.client.list_examples(project), count)),
    )
    assert len(found) == count
    factor = place.count / count
    return Run(run.seconds * factor, run.processor * factor)


def compare(title: str, ours: list[Run], theirs: list[Run]) -> None:
    """Print the ratios of the medians, and those of each pair."""
    columns = []
    for at in (0, 1):
        pairs = [one[at] / other[at] for one, other in zip(ours, theirs, strict=True)]
        whole = median(one[at] for one in ours) / median(other[at] for other in theirs)
        columns.append(f"{whole:5.2f} ({', '.join(f'{pair:.2f}' for pair in pairs)})")
    print(f"{title:58} {columns[0]}   {columns[1]}")


def describe(command: str, runs: list[Run]) -> None:
    """Print what a command itself needed, beside all that the server did for it."""
    own = median(one.own / one.seconds for one in runs)
    peak = max(one.peak for one in runs)
    print(f"{command}: {own:.0%} of its time is its own work; it needs {peak:.0f} MB")


@pytest.mark.parametrize("database", ["SQLite", "PostgreSQL"])
def test_push_and_pull_beside_the_servers_own_calls(database: str, tmp_path: Path) -> None:
    print(f"\n{database}: {articles()} articles, {SPANS} spans each")
    with fresh_place(tmp_path, articles(), database) as place:
        names = ("lot-1", "lot-2")
        files, _ = (place.batch.make(name) for name in names)
        warm_up(place, files[:1])

        push_1, first = push_as_doccano(place, "first", files)
        pushes = [push_as_balise(place, name) for name in names]
        push_2, second = push_as_doccano(place, "second", files)
        upload, upload_and_export = push_with_client(place, files)
        place.confirm_all()
        pull_1 = pull_as_doccano(place, first)
        pulls = [pull_as_balise(place, name) for name in names]
        pull_2 = pull_as_doccano(place, second)
        listing = list_with_client(place, first)

    head = f"{database}: balise as a multiple of …"
    print(f"\n{head:58} time (of each pair)  processor time (of each pair)")
    compare("push : Doccano's import, a file a task, and one export", pushes, [push_1, push_2])
    compare("push : doccano-client's upload, and one export", pushes, [upload_and_export] * 2)
    compare("push : doccano-client's upload, unverified", pushes, [upload] * 2)
    compare("pull : Doccano's export, and one listing", pulls, [pull_1, pull_2])
    compare(
        f"pull : doccano-client's list, {CLIENT_PAGE} a page, without spans *", pulls, [listing] * 2
    )
    print(f"* extrapolated from its first {CLIENT_PAGES} pages")
    describe("push", pushes)
    describe("pull", pulls)
