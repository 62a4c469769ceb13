"""The body of an answer is put together and unpacked, and never holds much more than it may."""

import zlib
from collections.abc import Iterable

ACCEPTED = "gzip"
"""The content codings that servers are asked for (RFC 9110, 8.4.1): one, and no chain of them."""

_GZIP = 16 + zlib.MAX_WBITS


class TooLarge(Exception):  # noqa: N818 - it is no defect, but what a body is
    """A body has more bytes than it may."""


def unpack(chunks: Iterable[bytes], coding: str, most: int) -> bytes:
    """Join the chunks of a body, unpacked where its content coding is gzip.

    Raises:
        TooLarge: it has more than `most` bytes, unpacked.
        ValueError: it is packed otherwise, broken, or not whole.
    """
    coding = coding.strip().lower()
    if coding in ("", "identity"):
        return _join(chunks, most)
    if coding not in ("gzip", "x-gzip"):
        raise ValueError(f"packed as {coding!r}, which was not asked for")
    try:
        return _inflate(chunks, most)
    except zlib.error as error:
        raise ValueError("not packed as it says") from error


def _join(chunks: Iterable[bytes], most: int) -> bytes:
    body = bytearray()
    for chunk in chunks:
        body += chunk
        if len(body) > most:
            raise TooLarge
    return bytes(body)


def _inflate(chunks: Iterable[bytes], most: int) -> bytes:
    body, member = bytearray(), zlib.decompressobj(_GZIP)
    whole = True
    for chunk in chunks:
        rest = chunk
        while rest:
            # One byte more than there may be: 0 would mean no limit.
            body += member.decompress(rest, most + 1 - len(body))
            if len(body) > most:
                raise TooLarge
            rest, whole = member.unused_data or member.unconsumed_tail, member.eof
            if whole:
                member = zlib.decompressobj(_GZIP)
    if not whole:
        raise ValueError("cut off")
    return bytes(body)
