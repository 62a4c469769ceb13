"""Pages that were fetched are kept on disk, so that no server is asked twice."""

import hashlib
from email.message import Message
from pathlib import Path

import msgspec

from balise.errors import BaliseError
from balise.files import write_file
from balise.jsonl import encode_json, read_json


class StoredPage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A page as it was answered: `url` was asked, `final_url` answered, after redirects.

    `body` is without transfer and content encodings; in JSON it is base64.
    """

    url: str
    final_url: str
    content_type: str | None
    etag: str | None
    last_modified: str | None
    body: bytes

    @property
    def kind(self) -> str:
        """The media type, HTML where the server names none."""
        return self._header.get_content_type() if self.content_type else "text/html"

    @property
    def charset(self) -> str | None:
        """The encoding that the server declared."""
        return self._header.get_content_charset()

    @property
    def _header(self) -> Message:
        header = Message()
        header["content-type"] = self.content_type or "text/html"
        return header


class PageCache:
    """A folder of pages, one file an address."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def get(self, url: str) -> StoredPage | None:
        """Return the page kept for an address; a broken file is as none, and replaced later."""
        path = self._path(url)
        try:
            return read_json(path, StoredPage) if path.is_file() else None
        except BaliseError:
            return None

    def put(self, page: StoredPage) -> None:
        """Keep a page, in place of an older one.

        Raises:
            BaliseError: the file cannot be written.
        """
        write_file(self._path(page.url), encode_json(page))

    def _path(self, url: str) -> Path:
        return self.folder / f"{hashlib.sha256(url.encode()).hexdigest()[:32]}.json"
