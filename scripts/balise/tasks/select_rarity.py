"""Articles in the order of how rare their suggested labels are in gold."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from balise.labels import LabelScheme
from balise.records import Article, Gold
from balise.spans import require_text
from balise.tasks.candidates import Pick
from balise.tasks.suggest import Track, as_it_is, suggest_spans
from balise.tasks.suggesters import Suggester


def rank_by_rarity(
    articles: Sequence[Article],
    gold: Iterable[Gold],
    suggester: Suggester,
    labels: LabelScheme,
    track: Track = as_it_is,
) -> list[Pick]:
    """Rank articles by the rarity of their suggested labels per 100 words, the largest first.

    A label's rarity is its inverse frequency in gold, (N + k) / (k · (n + 1)): N spans in all, n
    of this label, k labels in the scheme. It is 1 for a label with an average share and stays
    finite for one that gold lacks (the "balanced" weight of King & Zeng, "Logistic Regression in
    Rare Events Data", 2001, with one span added to each label). An article's score is the sum
    over its suggested spans, divided by its words (pieces between white space) and times 100,
    because words are what an annotator's time goes into.
    """
    counts = Counter(span.label for record in gold for span in record.spans)
    rarity = label_rarity(counts, labels)
    suggestions, _ = suggest_spans(suggester, articles, labels, track)
    picks = []
    for article, suggestion in zip(articles, suggestions, strict=True):
        found = Counter(span.label for span in suggestion.spans)
        words = len(require_text(article, article.id).split())
        total = sum(rarity[label] * number for label, number in found.items())
        reason = _reason(found, rarity, counts)
        picks.append(Pick(article.id, round(100 * total / max(words, 1), 6), reason))
    return sorted(picks, key=lambda pick: (-(pick.score or 0), pick.article))


def label_rarity(counts: Mapping[str, int], labels: LabelScheme) -> dict[str, float]:
    """Turn the number of gold spans of each label into its rarity; see `rank_by_rarity`."""
    kinds = len(labels.names)
    total = sum(counts.get(name, 0) for name in labels.names)
    return {name: (total + kinds) / (kinds * (counts.get(name, 0) + 1)) for name in labels.names}


def _reason(
    found: Mapping[str, int], rarity: Mapping[str, float], counts: Mapping[str, int]
) -> str:
    if not found:
        return "no suggested span"
    label = max(sorted(found), key=lambda name: found[name] * rarity[name])
    share = counts.get(label, 0) / (sum(counts.values()) or 1)
    spans = "span" if found[label] == 1 else "spans"
    known = f"is {share:.1%} of gold".replace("%", " %") if share else "gold does not have yet"
    return f"{found[label]} suggested {spans} of {label}, which {known}"
