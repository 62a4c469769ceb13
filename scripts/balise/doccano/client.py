"""What we ask of a Doccano server, call by call, with its traps closed.

The server reports failed imports as done, takes an empty list of ids for all of them, and
confirms by a toggle: each of these is met here, so that callers need not know.
"""

import contextlib
import io
import time
import zipfile

import msgspec

from balise.batches import DoccanoLabel
from balise.doccano.session import Session
from balise.doccano.wire import ServerExample, ServerProject, ServerRow, ServerSpan
from balise.errors import BaliseError


class Server(Session):
    """A Doccano server, seen by the user who is logged in."""

    _task: str | None = None

    def has_user(self, name: str) -> bool:
        """Tell whether an account of this exact name exists."""
        with self.translated(f"user {name}"):
            return any(user.username == name for user in self.client.search_users(name))

    def create_user(self, name: str, password: str) -> None:
        """Create an account without any rights."""
        with self.translated(f"user {name}"):
            self.client.create_user(name, password)

    def find_project(self, name: str) -> ServerProject | None:
        """Find a project by its exact name.

        Raises:
            BaliseError: several projects bear it.
        """
        listed = self.pages("projects", "projects")
        found = [project for project in listed if project["name"] == name]
        if len(found) > 1:
            ids = ", ".join(str(project["id"]) for project in found)
            raise BaliseError(
                self.url, f"projects {ids} are all named {name!r}", "rename or delete the copies"
            )
        return msgspec.convert(found[0], ServerProject) if found else None

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

    def create_project(self, name: str, description: str, guideline: str) -> ServerProject:
        """Create a project for spans.

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
                allow_overlapping=False,
                grapheme_mode=False,
            )
        project = ServerProject(made.id, name, description, collaborative_annotation=True)
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

    def add_annotator(self, project: ServerProject, user: str) -> None:
        """Make a user an annotator of a project; a member stays what he is."""
        with self.translated(f"member {user}"):
            if all(one.username != user for one in self.client.member.list(project.id)):
                self.client.member.add(project.id, user, "annotator")

    def label_types(self, project: ServerProject) -> dict[int, str]:
        """Map the project's label ids to their names."""
        with self.translated("label types"):
            return {
                label.id: label.text for label in self.client.list_label_types(project.id, "span")
            }

    def upload(self, project: ServerProject, name: str, content: bytes) -> None:
        """Import one JSONL file (ASCII JSON) and wait until the server's task has ended.

        Raises:
            BaliseError: the server refused a row or the whole file.
        """
        # A content type of the session's would hide the boundary of the parts.
        headers = {"Accept": "*/*", "content-type": None}
        files = {"filepond": (name, io.BytesIO(content))}
        what = f"import of {name}"
        sent = self.fetch("POST", "fp/process/", what, files=files, headers=headers)
        body = {
            "uploadIds": [sent.text.strip('"')],
            "format": "JSONL",
            "task": "SequenceLabeling",
            # Without it Doccano guesses, and wrongly where there are emoji.
            "encoding": "utf_8",
            "column_data": "text",
            "column_label": "label",
        }
        task = self.call("POST", f"projects/{project.id}/upload", what, json=body)["task_id"]
        self._task = task
        self._wait(task, what)

    def _wait(self, task: str, what: str, seconds: float = 600) -> None:
        """Wait until a task of the server has ended, and refuse one that ended in errors."""
        end = time.monotonic() + seconds
        pause = 0.05
        while time.monotonic() < end:
            status = self.call("GET", f"tasks/status/{task}", what)
            if status["ready"]:
                self._task = None
                result = status.get("result")
                rows = result.get("error") if isinstance(result, dict) else None
                if errors := status.get("error") or rows:
                    raise BaliseError(
                        f"{self.url} ({what})",
                        f"Doccano reports {str(errors)[:300]}",
                        "mend what it names and run this again",
                    )
                return
            time.sleep(pause)
            pause = min(pause * 1.5, 1)
        raise BaliseError(
            f"{self.url} ({what})",
            f"not done after {seconds:.0f} s",
            "check that Doccano's worker runs (`balise doccano up` starts both processes)",
        )

    def settle(self) -> None:
        """Give the last import a minute to end, well or badly: its rows can be removed then."""
        if self._task:
            with contextlib.suppress(BaliseError):
                self._wait(self._task, "import", seconds=60)

    def export_archive(self, project: ServerProject, *, confirmed_only: bool) -> bytes:
        """Export a project as the zip that Doccano's page would give."""
        path = f"projects/{project.id}/download"
        body = {"format": "JSONL", "exportApproved": confirmed_only}
        task = self.call("POST", path, "export", json=body)["task_id"]
        self._wait(task, "export")
        answer = self.fetch("GET", path, "export", params={"taskId": task})
        return bytes(answer.content)

    def export(self, project: ServerProject, *, confirmed_only: bool) -> list[ServerRow]:
        """Export a collaborative project, whole or its confirmed documents alone."""
        content = self.export_archive(project, confirmed_only=confirmed_only)
        with self.translated("export"), zipfile.ZipFile(io.BytesIO(content)) as archive:
            lines = archive.read("all.jsonl").split(b"\n")
            return [msgspec.json.decode(line, type=ServerRow) for line in lines if line.strip()]

    def examples(self, project: ServerProject) -> list[ServerExample]:
        """List a project's documents."""
        listed = self.pages(f"projects/{project.id}/examples", "documents")
        return msgspec.convert(listed, list[ServerExample])

    def delete_examples(self, project: ServerProject, ids: list[int]) -> None:
        """Delete the documents of the given ids.

        Raises:
            ValueError: the list is empty, which Doccano would take for all of them.
        """
        if not ids:
            raise ValueError("an empty list would delete every document")
        self.call("DELETE", f"projects/{project.id}/examples", "delete", json={"ids": ids})

    def spans(self, project: ServerProject, example: int) -> list[ServerSpan]:
        """List one document's spans."""
        listed = self.call("GET", f"projects/{project.id}/examples/{example}/spans", "spans")
        return msgspec.convert(listed, list[ServerSpan])

    def add_span(self, project: ServerProject, example: int, span: tuple[int, int, int]) -> None:
        """Add a span: start and end in UTF-16 units, and the id of its label."""
        body = dict(zip(("start_offset", "end_offset", "label"), span, strict=True))
        self.call("POST", f"projects/{project.id}/examples/{example}/spans", "span", json=body)

    def delete_span(self, project: ServerProject, example: int, span: int) -> None:
        """Delete one span."""
        path = f"projects/{project.id}/examples/{example}/spans/{span}"
        self.call("DELETE", path, "span")

    def confirm(self, project: ServerProject, example: ServerExample) -> None:
        """Confirm a document; one that is confirmed stays so (the server's call is a toggle)."""
        if not example.is_confirmed:
            path = f"projects/{project.id}/examples/{example.id}/states"
            self.call("POST", path, "confirm", json={})

    def comment(self, project: ServerProject, example: int, text: str) -> None:
        """Comment on a document."""
        body = {"text": text, "example": example}
        path = f"projects/{project.id}/comments"
        self.call("POST", path, "comment", params={"example": example}, json=body)

    def label_counts(self, project: ServerProject) -> dict[str, int]:
        """Count the project's spans by label, as Doccano's metrics have it."""
        with self.translated("metrics"):
            users = self.client.get_label_distribution(project.id, "span")
        counts: dict[str, int] = {}
        for user in users:
            for item in user.counts:
                counts[item.label] = counts.get(item.label, 0) + item.count
        return counts
