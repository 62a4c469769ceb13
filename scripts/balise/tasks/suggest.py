"""A suggester's entities become suggestions: unconfirmed annotations, with a ledger."""

from collections.abc import Callable, Iterable, Mapping

from balise.labels import LabelScheme
from balise.ledger import Ledger, LedgerFile
from balise.records import Annotation, Article, Span
from balise.spans import accept_spans, require_text
from balise.tasks.suggesters import GoldSuggester, Suggester

Track = Callable[[Iterable[Article]], Iterable[Article]]


def as_it_is(articles: Iterable[Article]) -> Iterable[Article]:
    """Pass articles on without showing progress."""
    return articles


def suggest_spans(
    suggester: Suggester | GoldSuggester,
    articles: Iterable[Article],
    labels: LabelScheme,
    track: Track = as_it_is,
) -> tuple[list[Annotation], LedgerFile]:
    """Turn a suggester's entities into one unconfirmed annotation an article.

    Spans are trimmed and stand under the scheme's labels; an entity whose label has no
    counterpart there is dropped, and where labels are flat so is one that overlaps another, if
    that one is longer, or as long and earlier. The ledger says so. `track` wraps the articles to
    show progress.

    Raises:
        BaliseError: an article has no text here.
    """
    ledger = Ledger()
    suggestions: list[Annotation] = []
    spans_in = spans_out = 0
    for article in track(articles):
        text = require_text(article, article.id)
        found = suggester.spans(text)
        relabelled = _relabel(article.id, found, suggester.labels, ledger)
        spans = accept_spans(
            article.id,
            text,
            relabelled if labels.overlapping else _flatten(article.id, relabelled, ledger),
            labels,
            ledger,
            f"{suggester.name.name} on {article.id}",
        )
        spans_in, spans_out = spans_in + len(found), spans_out + len(spans)
        suggestions.append(
            Annotation(
                article.id,
                article.sha256,
                suggester.name.name,
                confirmed=False,
                spans=spans,
                origin=f"{suggester.name.name} {suggester.name.version}",
            )
        )
    return suggestions, ledger.close(spans_in, spans_out)


def _relabel(
    article: str, spans: Iterable[Span], labels: Mapping[str, str], ledger: Ledger
) -> list[Span]:
    relabelled = []
    for span in spans:
        if span.label in labels:
            relabelled.append(Span(span.start, span.end, labels[span.label]))
        else:
            ledger.drop(article, span, f"label {span.label} has no counterpart in the scheme")
    return relabelled


def _flatten(article: str, spans: Iterable[Span], ledger: Ledger) -> list[Span]:
    kept: list[Span] = []
    for span in sorted(spans, key=lambda one: (one.start - one.end, one)):
        if any(span.start < one.end and one.start < span.end and span != one for one in kept):
            ledger.drop(article, span, "overlaps a suggestion that is kept")
        else:
            kept.append(span)
    return kept
