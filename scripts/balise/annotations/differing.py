"""Several readings of one article side by side: what all have, and what each has beyond that."""

from collections.abc import Sequence

from balise.records import Annotation, Span

NOTHING = "—"


def agreed_spans(readings: Sequence[Annotation]) -> tuple[Span, ...]:
    """List the spans that every reading has, in the order of the text.

    They overlap only where one reading's own spans do: they are some of them.
    """
    shared = frozenset(readings[0].spans).intersection(*(each.spans for each in readings))
    return tuple(sorted(shared))


def show_readings(readings: Sequence[Annotation], text: str) -> dict[str, tuple[str, ...]]:
    """Turn readings into what an adjudicator sees of each: « le M23 » ARMED_GROUP 12–18.

    These are the spans that not every reading has, with offsets in code points, or « — »; then
    the reader's own comments. A reader who reads twice and differently appears as « anne » and
    « anne (2) ». White space is shown as single spaces.
    """
    agreed = set(agreed_spans(readings))
    ballots: dict[tuple[str, tuple[Span, ...]], dict[str, None]] = {}
    for reading in readings:
        comments = ballots.setdefault((reading.annotator, reading.spans), {})
        comments.update(dict.fromkeys(reading.comments))
    shown: dict[str, tuple[str, ...]] = {}
    times: dict[str, int] = {}
    for (annotator, spans), comments in sorted(ballots.items()):
        times[annotator] = times.get(annotator, 0) + 1
        name = annotator if times[annotator] == 1 else f"{annotator} ({times[annotator]})"
        marked = [_show(span, text) for span in sorted(spans) if span not in agreed]
        shown[name] = (
            *(marked or [NOTHING]),
            *(f"commentaire : {_one_line(comment)}" for comment in comments),
        )
    return shown


def _show(span: Span, text: str) -> str:
    surface = _one_line(text[span.start : span.end])
    return f"« {surface} » {span.label} {span.start}–{span.end}"


def _one_line(text: str) -> str:
    # Doccano strips a comment, and the pull looks for it as it was sent.
    return " ".join(text.split())
