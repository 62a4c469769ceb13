"""The demo's readings: some travel through a real Doccano, the others are taken as recorded."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from balise.demo.layout import Folders, Say
from balise.doccano.client import Server
from balise.doccano.credentials import ADMIN, Logins, server_secrets
from balise.doccano.project import project_name
from balise.doccano.pull import pull
from balise.doccano.push import push
from balise.doccano.replay import replay
from balise.doccano.server import down, up
from balise.errors import BaliseError
from balise.files import write_file
from balise.jsonl import read_jsonl, write_jsonl
from balise.labels import load_labels
from balise.records import Annotation
from balise.stores import ADJUDICATION, load_articles, reading_files
from balise.tasks.make import make_batch

# Each span costs Doccano a request; two batches show the loop, and all of them would take minutes.
REPLAYED = frozenset({"controle", "premiers"})


def annotate(at: Folders, batch: str, server: Server, say: Say) -> None:
    """Send a recorded batch to Doccano, replay its readings there and bring them back."""
    labels = load_labels(at.labels)
    articles = load_articles(at.corpus)
    recorded = {
        path.stem: read_jsonl(path, Annotation)
        for path in reading_files(at.project / "annotations", batch)
    }
    if decisions := recorded.pop(ADJUDICATION, None):
        write_jsonl(at.annotations / batch / f"{ADJUDICATION}.jsonl", decisions)
    ids = at.out / "tasks" / f"{batch}.txt"
    read = {one.article for readings in recorded.values() for one in readings}
    write_file(ids, "".join(f"{id_}\n" for id_ in sorted(read)))
    made = make_batch(
        batch,
        sorted(recorded),
        at.corpus,
        at.out / "tasks",
        at.labels,
        at.project / "annotations" / "guidelines.fr.md",
        ids,
        suggest="lexicon",
        lexicon=at.project / "corpus" / "lexicon",
    )
    suggested = made.ledger.spans_out if made.ledger else 0
    count = len(made.batch.articles)
    say(f"tasks: batch {batch}, {count} articles, {suggested} suggestions (lexicon)")
    logins = Logins(at.doccano)
    for pushed in push(made.folder, server, logins, labels):
        say(f"push: {pushed.project}, {pushed.added} documents, read back and equal")
    for annotator, readings in sorted(recorded.items()):
        session = Server(server.url, annotator, logins.password(annotator))
        project = session.require_project(project_name(batch, annotator))
        done = replay(session, project, readings)
        say(
            f"replay: {annotator}'s recorded readings of {done.documents} articles entered through "
            f"the REST interface ({done.kept} suggestions kept, {done.deleted} deleted, "
            f"{done.added} spans added). This is a replay: nobody is annotating here."
        )
    for pulled in pull(made.batch, server, articles, labels, at.annotations):
        came = read_jsonl(Path(pulled.path), Annotation)
        expected = [(one.article, one.sha256, one.spans) for one in recorded[pulled.annotator]]
        if [(one.article, one.sha256, one.spans) for one in came] != expected:
            raise BaliseError(
                pulled.path,
                "the readings that came back are not those that were entered",
                "run the demo again; if they differ again, please report it",
            )
        ledger = pulled.ledger
        say(
            f"pull: {pulled.annotator}, {pulled.confirmed} confirmed articles; {ledger.spans_in} "
            f"spans came, {ledger.kept} kept, {ledger.trimmed} trimmed, {ledger.dropped} dropped: "
            "the same as were recorded"
        )


def take_over(at: Folders, batches: Sequence[str], say: Say) -> None:
    """Copy the readings of the other batches as they were recorded."""
    readings = 0
    for batch in batches:
        for path in reading_files(at.project / "annotations", batch):
            records = read_jsonl(path, Annotation)
            readings += len(records)
            write_jsonl(at.annotations / batch / path.name, records)
    if batches:
        say(
            f"readings: {readings} more of the batches {', '.join(batches)} are taken over as they "
            "were recorded, without Doccano, to keep the demo short"
        )


@contextmanager
def run_doccano(home: Path, say: Say) -> Iterator[Server]:
    """Run a Doccano with SQLite on a free port of loopback, and stop it in every case."""
    say("doccano: installing (the first time) and starting, with SQLite, on 127.0.0.1")
    try:
        state = up(home, port=0)
        say(f"doccano: answers at {state.url}")
        # Not `connect`: a replay must never reach the server that BALISE_DOCCANO_URL names.
        yield Server(state.url, ADMIN, server_secrets(home).admin_password)
    finally:
        if down(home):
            say("doccano: stopped")
