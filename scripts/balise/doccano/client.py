"""What we ask of a Doccano server, call by call, with its traps closed.

Documents and transfers are in modules of their own; here are users, projects, labels and members.
"""

import msgspec

from balise.batches import DoccanoLabel
from balise.doccano.documents import Documents
from balise.doccano.transfer import Transfer
from balise.doccano.wire import ServerMember, ServerProject
from balise.errors import BaliseError


class Server(Documents, Transfer):
    """A Doccano server, seen by the user who is logged in."""

    def has_user(self, name: str) -> bool:
        """Tell whether an account of this exact name exists."""
        with self.translated(f"user {name}"):
            return any(user.username == name for user in self.client.search_users(name))

    def create_user(self, name: str, password: str) -> None:
        """Create an account without any rights."""
        with self.translated(f"user {name}"):
            self.client.create_user(name, password)

    def projects(self) -> list[ServerProject]:
        """List the projects that the user is a member of, the oldest first."""
        listed = msgspec.convert(self.pages("projects", "projects"), list[ServerProject])
        return sorted(listed, key=lambda project: project.id)

    def project(self, id_: int) -> ServerProject:
        """Read a project anew."""
        found = self.call("GET", f"projects/{id_}", f"project {id_}")
        return msgspec.convert(found, ServerProject)

    def find_project(self, name: str) -> ServerProject | None:
        """Find a project by its exact name.

        Raises:
            BaliseError: several projects bear it.
        """
        found = [project for project in self.projects() if project.name == name]
        if len(found) > 1:
            ids = ", ".join(str(project.id) for project in found)
            raise BaliseError(
                self.url, f"projects {ids} are all named {name!r}", "rename or delete the copies"
            )
        return found[0] if found else None

    def require_project(self, name: str) -> ServerProject:
        """Find a project by its exact name.

        Raises:
            BaliseError: there is none, or several.
        """
        if (project := self.find_project(name)) is None:
            raise BaliseError(
                self.url, f"no project {name!r}", "push the batch first with `balise doccano push`"
            )
        return project

    def create_project(
        self, name: str, description: str, guideline: str, *, overlapping: bool = False
    ) -> ServerProject:
        """Create a project for spans, which may share characters where they are `overlapping`.

        It is collaborative, because annotators do not see suggestions in any other kind, and
        `grapheme_mode` is off, so that the page counts UTF-16 units.
        """
        with self.translated(f"project {name}"):
            made = self.client.create_project(
                name=name,
                project_type="SequenceLabeling",
                description=description,
                guideline=guideline,
                collaborative_annotation=True,
                allow_overlapping=overlapping,
                grapheme_mode=False,
            )
        project = ServerProject(
            made.id,
            name,
            description,
            collaborative_annotation=True,
            allow_overlapping=overlapping,
        )
        # doccano-client cannot set this flag.
        self._patch(project, allow_member_to_create_label_type=False)
        return project

    def create_label_type(self, project: ServerProject, label: DoccanoLabel) -> None:
        """Add a label with its colours and hotkey."""
        body = {
            "text": label.text,
            "suffix_key": label.suffix_key,
            "background_color": label.background_color,
            "text_color": label.text_color,
        }
        self.call("POST", f"projects/{project.id}/span-types", f"label {label.text}", json=body)

    def describe_project(self, project: ServerProject, description: str) -> None:
        """Replace a project's description."""
        self._patch(project, description=description)

    def _patch(self, project: ServerProject, **fields: object) -> None:
        body = {"resourcetype": "SequenceLabelingProject", **fields}
        self.call("PATCH", f"projects/{project.id}", f"project {project.name}", json=body)

    def delete_project(self, project: ServerProject) -> None:
        """Delete a project with everything in it."""
        with self.translated(f"project {project.name}"):
            self.client.delete_project(project.id)

    def members(self, project: ServerProject) -> list[ServerMember]:
        """List a project's members."""
        listed = self.call("GET", f"projects/{project.id}/members", f"members of {project.name}")
        return msgspec.convert(listed, list[ServerMember])

    def add_annotator(self, project: ServerProject, user: str) -> None:
        """Make a user who is no member yet an annotator of a project."""
        with self.translated(f"member {user}"):
            self.client.member.add(project.id, user, "annotator")

    def label_types(self, project: ServerProject) -> dict[int, str]:
        """Map the project's label ids to their names, in the order of the ids."""
        with self.translated("label types"):
            listed = self.client.list_label_types(project.id, "span")
        return {label.id: label.text for label in sorted(listed, key=lambda label: label.id)}
