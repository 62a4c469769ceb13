"""Doccano's own calls and nothing else: what a balise command cannot be faster than for long."""

import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import requests

_POLL = 0.05


class RawDoccano:
    """A session with a Doccano server over its REST interface, without a check of anything."""

    def __init__(self, url: str, user: str, password: str) -> None:
        self._base = f"{url}/v1/"
        self._session = requests.Session()
        login = {"username": user, "password": password}
        token = self._call("POST", "auth/login/", json=login).json()["key"]
        self._session.cookies.clear()
        self._session.headers["Authorization"] = f"Token {token}"

    def _call(self, method: str, path: str, **options: Any) -> requests.Response:
        answer = self._session.request(method, self._base + path, timeout=600, **options)
        answer.raise_for_status()
        return answer

    def create_project(self, name: str) -> int:
        """Create a bare project for spans and return its id."""
        body = {
            "name": name,
            "description": name,
            "project_type": "SequenceLabeling",
            "resourcetype": "SequenceLabelingProject",
            "collaborative_annotation": True,
        }
        return int(self._call("POST", "projects", json=body).json()["id"])

    def import_files(self, project: int, files: Iterable[Path]) -> None:
        """Import JSONL files one after the other."""
        for file in files:
            with file.open("rb") as content:
                parts = {"filepond": (file.name, content)}
                headers = {"Accept": "*/*"}
                sent = self._call("POST", "fp/process/", files=parts, headers=headers).text
            body = {
                "uploadIds": [sent.strip('"')],
                "format": "JSONL",
                "task": "SequenceLabeling",
                "encoding": "utf_8",
                "column_data": "text",
                "column_label": "label",
            }
            task = self._call("POST", f"projects/{project}/upload", json=body).json()
            self._wait(task["task_id"])

    def _wait(self, task: str) -> None:
        while not self._call("GET", f"tasks/status/{task}").json()["ready"]:
            time.sleep(_POLL)

    def export(self, project: int, *, confirmed_only: bool) -> bytes:
        """Export a project and return the zip as it comes."""
        path = f"projects/{project}/download"
        body = {"format": "JSONL", "exportApproved": confirmed_only}
        task = self._call("POST", path, json=body).json()["task_id"]
        self._wait(task)
        return self._call("GET", path, params={"taskId": task}).content

    def list_documents(self, project: int, total: int, page: int) -> list[bytes]:
        """List a project's documents page by page, as the bytes that come."""
        path = f"projects/{project}/examples"
        return [
            self._call("GET", path, params={"limit": page, "offset": offset}).content
            for offset in range(0, total, page)
        ]
