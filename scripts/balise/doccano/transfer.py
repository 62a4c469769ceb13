"""Imports and exports, which the server's worker does as tasks that we wait for.

The server reports a failed import as done; errors are looked for wherever it puts them.
"""

import contextlib
import io
import time
import zipfile
from collections.abc import Callable

import msgspec

from balise.doccano.patience import VARIABLE
from balise.doccano.session import Session
from balise.doccano.wire import ServerProject, ServerRow
from balise.errors import BaliseError

_SLOWEST_POLL = 0.25
_SETTLING = 60.0


class Transfer(Session):
    """The part of a server that takes files and gives them back."""

    worker_runs: Callable[[], bool] = staticmethod(lambda: True)
    """Tells whether the server's worker runs; only on its own machine can that be known."""

    _task: str | None = None

    def send_file(self, name: str, content: bytes) -> str:
        """Send a file without importing it, and return the id under which it waits."""
        # A content type of the session's would hide the boundary of the parts.
        headers = {"Accept": "*/*", "content-type": None}
        files = {"filepond": (name, io.BytesIO(content))}
        sent = self.fetch("POST", "fp/process/", f"upload of {name}", files=files, headers=headers)
        return str(sent.text.strip('"'))

    def import_file(self, project: ServerProject, name: str, *sent: str) -> None:
        """Import JSONL files (ASCII JSON) that were sent, and wait until the task has ended.

        `name` is the first one's. Doccano may read several in any order.

        Raises:
            BaliseError: the server refused a row or a whole file.
        """
        body = {
            "uploadIds": sent,
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

    def _wait(self, task: str, what: str, seconds: float | None = None) -> None:
        """Wait until a task of the server has ended, and refuse one that ended in errors.

        A task may take twice as long as a single call.
        """
        seconds = 2 * self.seconds if seconds is None else seconds
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
            if not self.worker_runs():
                raise BaliseError(
                    f"{self.url} ({what})",
                    "Doccano's worker has died",
                    "start it again with `balise doccano up`, then run this again",
                )
            time.sleep(pause)
            pause = min(pause * 1.5, _SLOWEST_POLL)
        raise BaliseError(
            f"{self.url} ({what})",
            f"not done after {seconds:g} s",
            f"check that Doccano's worker runs (`balise doccano up` starts both processes), or set "
            f"{VARIABLE} to more seconds",
        )

    def settle(self) -> None:
        """Give the last import a minute to end, well or badly: its rows can be removed then."""
        if self._task:
            with contextlib.suppress(BaliseError):
                self._wait(self._task, "import", min(_SETTLING, 2 * self.seconds))

    def start_export(self, project: ServerProject, *, confirmed_only: bool) -> str:
        """Have a project exported, whole or its confirmed documents alone; return the task's id."""
        body = {"format": "JSONL", "exportApproved": confirmed_only}
        path = f"projects/{project.id}/download"
        return str(self.call("POST", path, "export", json=body)["task_id"])

    def finish_export(self, project: ServerProject, task: str) -> list[ServerRow]:
        """Wait for the export of a collaborative project and read its rows."""
        content = self._archive(project, task)
        with self.translated("export"), zipfile.ZipFile(io.BytesIO(content)) as archive:
            lines = archive.read("all.jsonl").split(b"\n")
            return [msgspec.json.decode(line, type=ServerRow) for line in lines if line.strip()]

    def _archive(self, project: ServerProject, task: str) -> bytes:
        self._wait(task, "export")
        path = f"projects/{project.id}/download"
        answer = self.fetch("GET", path, "export", params={"taskId": task})
        return bytes(answer.content)

    def export_archive(self, project: ServerProject, *, confirmed_only: bool) -> bytes:
        """Export a project as the zip that Doccano's page would give."""
        return self._archive(project, self.start_export(project, confirmed_only=confirmed_only))

    def export(self, project: ServerProject, *, confirmed_only: bool) -> list[ServerRow]:
        """Export a collaborative project, whole or its confirmed documents alone."""
        task = self.start_export(project, confirmed_only=confirmed_only)
        return self.finish_export(project, task)
