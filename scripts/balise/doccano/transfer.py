"""Imports and exports, which the server's worker does as tasks that we wait for.

The server reports a failed import as done; errors are looked for wherever it puts them.
"""

import contextlib
import io
import time
import zipfile

import msgspec

from balise.doccano.session import Session
from balise.doccano.wire import ServerProject, ServerRow
from balise.errors import BaliseError

_SLOWEST_POLL = 0.25


class Transfer(Session):
    """The part of a server that takes files and gives them back."""

    _task: str | None = None

    def send_file(self, name: str, content: bytes) -> str:
        """Send a file without importing it, and return the id under which it waits."""
        # A content type of the session's would hide the boundary of the parts.
        headers = {"Accept": "*/*", "content-type": None}
        files = {"filepond": (name, io.BytesIO(content))}
        sent = self.fetch("POST", "fp/process/", f"upload of {name}", files=files, headers=headers)
        return str(sent.text.strip('"'))

    def import_file(self, project: ServerProject, name: str, sent: str) -> None:
        """Import a JSONL file (ASCII JSON) that was sent, and wait until the task has ended.

        Raises:
            BaliseError: the server refused a row or the whole file.
        """
        body = {
            "uploadIds": [sent],
            "format": "JSONL",
            "task": "SequenceLabeling",
            # Without it Doccano guesses, and wrongly where there are emoji.
            "encoding": "utf_8",
            "column_data": "text",
            "column_label": "label",
        }
        what = f"import of {name}"
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
            pause = min(pause * 1.5, _SLOWEST_POLL)
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
