"""An annotator's project on the server: found by its mark, created, given its labels."""

from collections.abc import Iterable
from typing import NamedTuple

import msgspec

from balise.batches import DoccanoLabel
from balise.doccano.client import Server
from balise.doccano.mark import Mark, read_mark
from balise.doccano.wire import ServerProject
from balise.errors import BaliseError


class Own(NamedTuple):
    """A project that is an annotator's, its mark, and the copies of it that someone made."""

    project: ServerProject
    mark: Mark
    copies: tuple[ServerProject, ...]


def project_name(batch: str, annotator: str) -> str:
    """Name the project that holds one annotator's documents of one batch."""
    return f"{batch}.{annotator}"


def find_own(server: Server, batch: str, annotator: str) -> Own | None:
    """Find the project whose mark names this batch and annotator, whatever its name is now.

    A project that was made in full goes before one whose making was cut off; of several of the
    same kind the oldest is meant, and the others are copies.

    Raises:
        BaliseError: none is marked, but one bears the name.
    """
    listed = server.projects()
    marked = _marked(listed, batch, annotator)
    own = [pair for pair in marked if pair[1].project == pair[0].id]
    begun = [pair for pair in marked if pair[1].project is None]
    if own or begun:
        project, mark = (own or begun)[0]
        copies = tuple(other for other, _ in marked if other.id != project.id)
        return Own(project, mark, copies)
    name = project_name(batch, annotator)
    _refuse_unmarked([project for project in listed if project.name == name], server)
    return None


def _marked(
    listed: Iterable[ServerProject], batch: str, annotator: str
) -> list[tuple[ServerProject, Mark]]:
    return [
        (project, mark)
        for project in listed
        if (mark := read_mark(project.description)) is not None
        and (mark.batch, mark.annotator) == (batch, annotator)
    ]


def refuse_rival(server: Server, own: Own) -> None:
    """Accept a new project that no other push made at the same time; the oldest is meant.

    Raises:
        BaliseError: an older one is made or begun.
    """
    for project, mark in _marked(server.projects(), own.mark.batch, own.mark.annotator):
        if project.id < own.project.id and mark.project in (None, project.id):
            raise BaliseError(
                f"{server.url} (project {project.name})",
                "another push is making the same project",
                "run this again when it has ended",
            )


def require_own(server: Server, batch: str, annotator: str) -> Own:
    """Find an annotator's project; see `find_own`.

    Raises:
        BaliseError: there is none.
    """
    if (own := find_own(server, batch, annotator)) is None:
        raise BaliseError(
            server.url,
            f"no project {project_name(batch, annotator)!r}",
            "push the batch first with `balise doccano push`; if it was pushed, someone deleted "
            "it: restore the server's backup, or push anew",
        )
    return own


def _refuse_unmarked(named: Iterable[ServerProject], server: Server) -> None:
    for project in named:
        raise BaliseError(
            f"{server.url} (project {project.id}, {project.name})",
            f"its description does not say that balise made it ({project.description[:80]!r})",
            "restore the description that `balise doccano push` gave it, or rename the project",
        )


def create_project(
    server: Server, batch: str, annotator: str, guideline: str, *, overlapping: bool = False
) -> Own:
    """Create a project that no push has filled yet, marked as begun; see `Server`."""
    mark = Mark(None, batch, annotator)
    name = project_name(batch, annotator)
    made = server.create_project(name, mark.text, guideline, overlapping=overlapping)
    return Own(made, mark, ())


def complete_project(server: Server, own: Own, labels: tuple[DoccanoLabel, ...]) -> Own:
    """Give a begun project the labels that it lacks, in the scheme's order, and its own mark."""
    found = set(server.label_types(own.project).values())
    for label in labels:
        if label.text not in found:
            server.create_label_type(own.project, label)
    ids = {name: id_ for id_, name in server.label_types(own.project).items()}
    mark = msgspec.structs.replace(
        own.mark, project=own.project.id, labels=tuple(ids[label.text] for label in labels)
    )
    return write_mark(server, own, mark)


def write_mark(server: Server, own: Own, mark: Mark) -> Own:
    """Replace a project's mark."""
    server.describe_project(own.project, mark.text)
    project = msgspec.structs.replace(own.project, description=mark.text)
    return own._replace(project=project, mark=mark)
