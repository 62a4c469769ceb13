"""How a project stands: which documents are sound, and what people changed in it."""

from collections import Counter
from collections.abc import Sequence

import msgspec

from balise.batches import TaskMeta
from balise.doccano.client import Server
from balise.doccano.findings import Finding
from balise.doccano.project import Own, project_name
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
    grave = [*_settings(own, place), *_labels(own, types, labels, place)]
    examples = server.examples(project)
    foreign = [one for one in examples if "push" not in one.row_meta]
    grave += [_foreign(one, place) for one in foreign if one.is_confirmed]
    findings = [
        *_names(own, place),
        *_copies(server, own, place),
        *_people(server, own, members, place),
        *(_foreign(one, place) for one in foreign if not one.is_confirmed),
    ]
    documents, doubtful, faults = _documents(own, examples, expected, place)
    gone = [meta.article for meta in expected if meta.article not in documents.keys() | doubtful]
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


def _settings(own: Own, place: str) -> list[Finding]:
    project = own.project
    changed = {
        "is not collaborative any more": not project.collaborative_annotation,
        "counts graphemes now, and spans drawn since then cannot be told apart": (
            project.grapheme_mode
        ),
    }
    remedy = "set it back in the project's settings, and check what was drawn meanwhile"
    return [Finding("fault", place, what, remedy) for what, so in changed.items() if so]


def _labels(own: Own, types: dict[int, str], labels: LabelScheme, place: str) -> list[Finding]:
    ids = own.mark.labels
    gone = [id_ for id_ in ids if id_ not in types]
    lost = sorted(set(labels.names) - {types[id_] for id_ in ids if id_ in types})
    findings = []
    if gone:
        findings.append(
            Finding(
                "fault",
                place,
                f"{len(gone)} label types were deleted, and their spans with them "
                f"({', '.join(lost)})",
                "restore the server's backup; readings that were pulled before are kept",
            )
        )
    # Under another version of the scheme nobody knows which id had which name.
    elif len(ids) == len(labels.names):
        pairs = zip(ids, labels.names, strict=True)
        findings += [
            Finding(
                "fault",
                place,
                f"label {name} is named {types[id_]!r} now",
                "rename it back in Doccano",
            )
            for id_, name in pairs
            if types[id_] != name
        ]
    added = sorted(name for id_, name in types.items() if id_ not in ids)
    if added and ids and not gone:
        what = f"label types were added by hand ({', '.join(added)})"
        remedy = "delete them when no span uses them: a document that does cannot be pulled"
        findings.append(Finding("notice", place, what, remedy))
    return findings


def _names(own: Own, place: str) -> list[Finding]:
    name = project_name(own.mark.batch, own.mark.annotator)
    if own.project.name == name:
        return []
    return [Finding("notice", place, f"was {name!r} when it was made", "rename it back")]


def _copies(server: Server, own: Own, place: str) -> list[Finding]:
    findings = []
    for copy in own.copies:
        # Someone who confirmed a copy's document believes that it counts.
        worked = [one.id for one in server.examples(copy) if one.is_confirmed]
        what = f"project {copy.id} ({copy.name}) is a copy of it"
        if worked:
            what += f", in which {len(worked)} documents were confirmed that no pull brings back"
        remedy = "enter them in the original, then delete the copy" if worked else "delete it"
        findings.append(Finding("fault" if worked else "notice", place, what, remedy))
    return findings


def _people(server: Server, own: Own, members: Sequence[ServerMember], place: str) -> list[Finding]:
    annotator = own.mark.annotator
    names = [member.username for member in members]
    others = sorted(
        member.username
        for member in members
        if member.rolename == "annotator" and member.username not in (annotator, server.user)
    )
    findings = []
    if annotator not in names and own.mark.pushes:
        what = f"{annotator} is no member of it"
        findings.append(Finding("missing", place, what, "push again to let them in"))
    if others:
        what = f"{', '.join(others)} can annotate in it too, under {annotator}'s name"
        findings.append(Finding("notice", place, what, "remove them: one project, one annotator"))
    return findings


def _foreign(example: ServerExample, place: str) -> Finding:
    return Finding(
        "fault" if example.is_confirmed else "notice",
        f"{place}, document {example.id}",
        "was added by hand, not by a push",
        "remove it from the project, or add its text to the corpus and push that",
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
