"""How a project stands: which documents are sound, and what people changed in it."""

from collections import Counter
from collections.abc import Sequence

import msgspec

from balise.batches import TaskMeta
from balise.doccano.client import Server
from balise.doccano.findings import Finding
from balise.doccano.project import Own
from balise.doccano.tampering import (
    find_copies,
    find_foreign,
    find_labels,
    find_names,
    find_people,
    find_settings,
)
from balise.doccano.wire import ServerExample, ServerMember
from balise.labels import LabelScheme
from balise.text import sha256


class Standing(msgspec.Struct, frozen=True):
    """A project looked at from all sides.

    `own.mark` counts the documents that are there of each verified push. `documents` maps
    articles to their sound documents; `doubtful` are articles whose document must not be used;
    `leftovers` came from pushes that were never verified. Nothing of a `broken` project can be
    trusted.
    """

    own: Own
    place: str
    members: tuple[ServerMember, ...]
    documents: dict[str, ServerExample]
    doubtful: frozenset[str]
    leftovers: tuple[ServerExample, ...]
    findings: tuple[Finding, ...]
    broken: bool


def look(server: Server, own: Own, expected: Sequence[TaskMeta], labels: LabelScheme) -> Standing:
    """Compare a project with what its batch and its mark say of it.

    Raises:
        BaliseError: the server fails.
    """
    project = own.project
    place = f"{server.url} (project {project.name})"
    types = server.label_types(project)
    members = tuple(server.members(project))
    grave = [*find_settings(own, labels, place), *find_labels(own, types, labels, place)]
    examples = server.examples(project)
    foreign = [one for one in examples if "push" not in one.row_meta]
    grave += [find_foreign(one, place) for one in foreign if one.is_confirmed]
    findings = [
        *find_names(own, place),
        *find_copies(server, own, place),
        *find_people(server, own, members, place),
        *(find_foreign(one, place) for one in foreign if not one.is_confirmed),
    ]
    documents, doubtful, faults = _documents(own, examples, expected, place)
    known = documents.keys() | doubtful
    gone = [meta.article for meta in expected if meta.article not in known]
    there = Counter(one.row_meta.get("push") for one in examples)
    pushes = {push: there[push] for push in own.mark.pushes}
    findings += [*faults, *_missing(own, gone, sum(pushes.values()), place)]
    return Standing(
        own._replace(mark=msgspec.structs.replace(own.mark, pushes=pushes)),
        place,
        members,
        documents,
        frozenset(doubtful),
        tuple(
            one
            for one in examples
            if "push" in one.row_meta and one.row_meta["push"] not in own.mark.pushes
        ),
        (*grave, *findings),
        broken=any(finding.level == "fault" for finding in grave),
    )


def _documents(
    own: Own, examples: Sequence[ServerExample], expected: Sequence[TaskMeta], place: str
) -> tuple[dict[str, ServerExample], set[str], list[Finding]]:
    hashes = {meta.article: meta.sha256 for meta in expected}
    documents: dict[str, ServerExample] = {}
    doubtful: set[str] = set()
    faults = []
    for example in examples:
        if example.row_meta.get("push") not in own.mark.pushes:
            continue
        article = str(example.row_meta.get("article"))
        where = f"{place}, document {example.id}, article {article}"
        if article in documents or article in doubtful:
            doubtful.add(article)
            documents.pop(article, None)
            faults.append(
                Finding("fault", where, "is there twice", "delete the one without work in it")
            )
        elif sha256(example.text) != hashes.get(article, example.row_meta.get("sha256")):
            doubtful.add(article)
            faults.append(
                Finding(
                    "fault",
                    where,
                    "the text changed under its spans",
                    "put the article's text back in Doccano, or delete the document and push again",
                )
            )
        else:
            documents[article] = example
    return documents, doubtful, faults


def _missing(own: Own, gone: Sequence[str], found: int, place: str) -> list[Finding]:
    sent = sum(own.mark.pushes.values())
    findings = []
    if sent > found:
        what = f"{sent - found} documents were deleted in Doccano"
        findings.append(
            Finding(
                "missing",
                place,
                f"{what} (not there: {', '.join(gone[:5]) or 'articles of an earlier batch'})",
                "push again to send them anew; readings that were pulled before are kept",
            )
        )
    elif gone:
        what = f"{len(gone)} articles of the batch were not pushed yet"
        findings.append(Finding("missing", place, what, "push the batch again"))
    return findings
