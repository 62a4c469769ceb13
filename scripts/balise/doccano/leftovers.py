"""Rows of pushes that were cut off: removed where nobody touched them, kept where someone did.

A server whose worker is killed leaves documents without their spans, and never documents with a
part of them: such rows are no one's work. Rows that an annotator labelled, commented on or
confirmed are, and stay as they are.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

import msgspec

from balise.batches import TaskRow, reading_comments
from balise.doccano.client import Server
from balise.doccano.project import Own, write_mark
from balise.doccano.wire import ServerExample, ServerRow
from balise.errors import BaliseError
from balise.text import sha256


def clear_leftovers(
    server: Server,
    own: Own,
    leftovers: Sequence[ServerExample],
    sent: Mapping[str, TaskRow],
    there: set[str],
    place: str,
) -> tuple[Own, set[str]]:
    """Remove untouched leftovers, keep touched ones as verified, and return the latter's articles.

    `sent` holds the batch's rows by article, `there` the articles with a verified document.

    Raises:
        BaliseError: a touched document is of an article that the batch does not hold or that is
            there already, or its text is another one; nothing was removed.
    """
    if not leftovers:
        return own, set()
    confirmed = {one.id for one in leftovers if one.is_confirmed}
    ids = {one.id for one in leftovers}
    # The worker does one task after the other: when this export is done, so is the cut-off import.
    rows = [row for row in server.export(own.project, confirmed_only=False) if row.id in ids]
    kept = [row for row in rows if row.id in confirmed or is_touched(row, sent)]
    articles = {str(row.meta.get("article")) for row in kept}
    for row in kept:
        article = str(row.meta.get("article"))
        if article in there or article not in sent or len(articles) < len(kept):
            raise BaliseError(
                f"{place}, document {row.id}",
                f"someone worked in a document of {article} that a cut-off push left, and it "
                "cannot be kept beside what is there",
                "move this work to the article's other document, delete this one and push again",
            )
        if sha256(row.text) != sent[article].meta.sha256:
            raise BaliseError(
                f"{place}, document {row.id}",
                "the text changed under its spans",
                "put the article's text back in Doccano, or delete the document and push again",
            )
    if untouched := sorted(ids - {row.id for row in kept}):
        server.delete_examples(own.project, untouched)
    if kept:
        counts = Counter(str(row.meta["push"]) for row in kept)
        pushes = {**own.mark.pushes, **counts}
        own = write_mark(server, own, msgspec.structs.replace(own.mark, pushes=pushes))
    return own, articles


def is_touched(row: ServerRow, sent: Mapping[str, TaskRow]) -> bool:
    """Tell whether a document's spans or comments are others than those that were sent."""
    task = sent.get(str(row.meta.get("article")))
    labels = set(task.label) if task else set()
    comments = set(reading_comments(task.meta)) if task else set()
    return (bool(row.label) and set(row.label) != labels) or not set(row.comments) <= comments
