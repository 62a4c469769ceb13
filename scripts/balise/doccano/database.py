"""The URL of a PostgreSQL database, as Doccano takes it."""

from urllib.parse import parse_qs, urlsplit

from balise.errors import UsageError

_PLACE = "--database-url"
_FORM = "write it as postgresql://user@host:5432/name?sslmode=require"


def check_database(url: str) -> None:
    """Accept a URL that Doccano can use; its text is never shown, as it may hold a password.

    Raises:
        UsageError: it is no URL, of another kind of database, or names no sslmode.
    """
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise UsageError(_PLACE, f"is not a URL ({error})", _FORM) from None
    if parts.scheme not in ("postgres", "postgresql"):
        raise UsageError(_PLACE, f"scheme {parts.scheme!r} is not PostgreSQL's", _FORM)
    if "sslmode" not in parse_qs(parts.query):
        raise UsageError(
            _PLACE,
            "does not name its sslmode, and Doccano would wait for TLS for minutes",
            "add ?sslmode=require, or ?sslmode=disable for a server on this machine",
        )


def has_password(url: str) -> bool:
    """Tell whether a URL holds a password; one that is no URL is for `check_database` to refuse."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.password is not None or "password" in parse_qs(parts.query)
