"""Passages of articles that stay behind, in the texts of others that go out.

Texts are compared by their words alone (`balise.text.bare_words`), as `leak` does.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from balise.dataset.checks.findings import Finding
from balise.dataset.checks.subject import Subject
from balise.dataset.leak import why_held
from balise.dataset.rows import SPANS
from balise.text import bare_words

PASSAGE = 120
"""So many code points of words in a row are a passage; titles and set phrases are shorter."""

_BLOCK = PASSAGE // 2


def quotation_problems(subject: Subject) -> Iterator[Finding]:
    """Yield texts that go out with a passage of an article that stays behind; none is quoted.

    Of articles whose text is not here nothing can be found.
    """
    held = subject.release.held
    # Wherever a passage begins, one of the blocks that its article is cut into lies in it whole.
    known = {each for article in held.values() for each in _blocks(_words(article.text))}
    met: dict[str, tuple[str, frozenset[int]]] = {}
    for part in subject.standing.of(SPANS):
        for row in part.each_row("id", "text"):
            text = _words(row.get("text"))
            if found := known.intersection(map(hash, _windows(text))):
                met[str(row.get("id"))] = text, frozenset(found)
    if not met:
        return
    for id_, article in held.items():
        words = _words(article.text)
        blocks = _blocks(words)
        for row_id, (text, shared) in met.items():
            if row_id == id_ or shared.isdisjoint(blocks):
                continue
            if (length := _longest(text, words, blocks)) >= PASSAGE:
                yield Finding(
                    f"{SPANS}: {row_id} has {length} characters in a row of {id_}, "
                    f"{why_held(article)}",
                    row_id,
                    id_,
                )


def _words(text: object) -> str:
    return bare_words(str(text or ""))


def _windows(text: str) -> Iterator[str]:
    return (text[start : start + _BLOCK] for start in range(len(text) - _BLOCK + 1))


def _blocks(text: str) -> dict[int, list[int]]:
    """Map the hash of each block of a text to wherever it begins."""
    found = defaultdict(list)
    for start in range(0, len(text) - _BLOCK + 1, _BLOCK):
        found[hash(text[start : start + _BLOCK])].append(start)
    return dict(found)


def _longest(text: str, other: str, blocks: Mapping[int, list[int]]) -> int:
    """Measure the longest run that two texts share around one of the other's blocks."""
    longest = 0
    for start, window in enumerate(_windows(text)):
        for there in blocks.get(hash(window), ()):
            before, after = text[:start][::-1], text[start:]
            shared = _shared(before, other[:there][::-1]) + _shared(after, other[there:])
            longest = max(longest, shared)
    return longest


def _shared(one: str, other: str) -> int:
    """Count the code points that two strings begin with alike."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (left, right) in pairs if left != right), min(len(one), len(other)))
