"""A project's documents: listed, deleted, labelled, commented on and confirmed.

The server takes an empty list of ids for all of them, and confirms by a toggle.
"""

import msgspec

from balise.doccano.session import Session
from balise.doccano.wire import (
    Confirmation,
    ServerComment,
    ServerExample,
    ServerProject,
    ServerSpan,
)


class Documents(Session):
    """The part of a server that holds documents."""

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

    def confirmations(self, project: ServerProject, example: int) -> list[Confirmation]:
        """List who confirmed a document, and when."""
        path = f"projects/{project.id}/examples/{example}/states"
        return msgspec.convert(self.pages(path, "confirmations"), list[Confirmation])

    def comment(self, project: ServerProject, example: int, text: str) -> None:
        """Comment on a document."""
        body = {"text": text, "example": example}
        path = f"projects/{project.id}/comments"
        self.call("POST", path, "comment", params={"example": example}, json=body)

    def comments(self, project: ServerProject) -> list[ServerComment]:
        """List the comments on all of a project's documents."""
        listed = self.pages(f"projects/{project.id}/comments", "comments")
        return msgspec.convert(listed, list[ServerComment])

    def label_counts(self, project: ServerProject) -> dict[str, int]:
        """Count the project's spans by label, as Doccano's metrics have it."""
        with self.translated("metrics"):
            users = self.client.get_label_distribution(project.id, "span")
        counts: dict[str, int] = {}
        for user in users:
            for item in user.counts:
                counts[item.label] = counts.get(item.label, 0) + item.count
        return counts
