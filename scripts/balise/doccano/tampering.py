"""What people can change in a project besides its documents, each looked for by itself."""

from collections.abc import Sequence

from balise.doccano.client import Server
from balise.doccano.findings import Finding
from balise.doccano.project import Own, project_name
from balise.doccano.wire import ServerExample, ServerMember
from balise.labels import LabelScheme


def find_settings(own: Own, labels: LabelScheme, place: str) -> list[Finding]:
    """Find settings that change what spans mean or, where they may overlap, lose some of them."""
    project = own.project
    changed = {
        "is not collaborative any more": not project.collaborative_annotation,
        "counts graphemes now, and spans drawn since then cannot be told apart": (
            project.grapheme_mode
        ),
        "allows no overlapping spans, and an upload would lose them": (
            labels.overlapping and not project.allow_overlapping
        ),
    }
    remedy = "set it back in the project's settings, and check what was drawn meanwhile"
    return [Finding("fault", place, what, remedy) for what, so in changed.items() if so]


def find_labels(own: Own, types: dict[int, str], labels: LabelScheme, place: str) -> list[Finding]:
    """Find label types that were deleted, made again, renamed or added."""
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


def find_names(own: Own, place: str) -> list[Finding]:
    """Find that the project has another name than it was given."""
    name = project_name(own.mark.batch, own.mark.annotator)
    if own.project.name == name:
        return []
    return [Finding("notice", place, f"was {name!r} when it was made", "rename it back")]


def find_copies(server: Server, own: Own, place: str) -> list[Finding]:
    """Find clones of the project, and work that was done in them."""
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


def find_people(
    server: Server, own: Own, members: Sequence[ServerMember], place: str
) -> list[Finding]:
    """Find that the annotator is not let in, or that others are."""
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


def find_foreign(example: ServerExample, place: str) -> Finding:
    """Name a document that no push sent; confirmed, it makes an export unreadable."""
    return Finding(
        "fault" if example.is_confirmed else "notice",
        f"{place}, document {example.id}",
        "was added by hand, not by a push",
        "remove it from the project, or add its text to the corpus and push that",
    )
