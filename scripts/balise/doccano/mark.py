"""What a project's description says of it, so that names and copies cannot mislead.

Doccano copies a description when it clones a project and lets anyone rename one: the mark holds
the project's own id, which only the original has. It also holds the ids of the label types, which
are new where one was deleted and made again, and how many documents of each verified push are
there.
"""

import re
from collections.abc import Mapping

import msgspec

_FORM = re.compile(
    r"balise project (?P<project>\d+|\?), batch (?P<batch>[a-z0-9-]+), "
    r"annotator (?P<annotator>[a-z0-9-]+); labels(?P<labels>(?: \d+)*); "
    r"verified pushes(?P<pushes>(?: [0-9a-f]+=\d+)*)"
)


class Mark(msgspec.Struct, frozen=True):
    """Whose documents a project holds.

    `project` is null until the project was made in full; `labels` are ids in the order of the
    scheme; `pushes` maps each push that was read back to its number of documents.
    """

    project: int | None
    batch: str
    annotator: str
    labels: tuple[int, ...] = ()
    pushes: Mapping[str, int] = {}

    @property
    def text(self) -> str:
        """The description that says all this."""
        number = "?" if self.project is None else self.project
        labels = "".join(f" {id_}" for id_ in self.labels)
        pushes = "".join(f" {push}={count}" for push, count in self.pushes.items())
        return (
            f"balise project {number}, batch {self.batch}, annotator {self.annotator}; "
            f"labels{labels}; verified pushes{pushes}"
        )


def read_mark(description: str) -> Mark | None:
    """Turn a description into the mark that it is, or None where it is none."""
    if (found := _FORM.fullmatch(description.strip())) is None:
        return None
    pushes = (push.split("=") for push in found["pushes"].split())
    return Mark(
        project=None if found["project"] == "?" else int(found["project"]),
        batch=found["batch"],
        annotator=found["annotator"],
        labels=tuple(int(id_) for id_ in found["labels"].split()),
        pushes={push: int(count) for push, count in pushes},
    )
