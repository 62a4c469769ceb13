"""Articles in the order of how unsure a pipeline is of them."""

from collections.abc import Sequence

from balise.confidence import Confidence, find_recogniser, read_with_confidence
from balise.records import Article
from balise.spans import require_text
from balise.tasks.candidates import Pick
from balise.tasks.suggest import Track, as_it_is
from balise.tasks.suggesters import Suggester

UNSURE = 0.7
"""Below this a span counts as unsure: more of those are wrong than right (bench_select.py)."""


def rank_by_uncertainty(
    articles: Sequence[Article], suggester: Suggester, track: Track = as_it_is
) -> list[Pick]:
    """Rank articles by the pipeline's mean surprise a token, the largest first.

    The score is `Confidence.surprise`, in nats a token; equal ones stand in the order of ids.

    Raises:
        BaliseError: the pipeline has no transition-based entity recogniser.
    """
    ner = find_recogniser(suggester.nlp, suggester.name.name)
    picks = []
    texts = [require_text(article, article.id) for article in articles]
    readings = read_with_confidence(suggester.nlp, ner, texts)
    for article, text, read in zip(track(articles), texts, readings, strict=True):
        picks.append(Pick(article.id, round(read.surprise, 6), _reason(text, read)))
    return sorted(picks, key=lambda pick: (-(pick.score or 0), pick.article))


def _reason(text: str, read: Confidence) -> str:
    if not read.spans:
        return "the model finds no span"
    unsure = sum(scored.probability < UNSURE for scored in read.spans)
    span, probability = min(read.spans, key=lambda scored: scored.probability)
    return (
        f"the model is unsure of {unsure} of its {len(read.spans)} spans; least sure: "
        f"{text[span.start : span.end]!r} ({span.label}) {probability:.2f}"
    )
