"""What a pipeline has seen in training: which articles, and their mentions by label."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Set
from typing import TYPE_CHECKING, Any

import msgspec

from balise.errors import BaliseError
from balise.model.lineage import EARLIER
from balise.model.reference import Reference, Sources
from balise.splits import ALL_PARTS, load_splits
from balise.stores import load_articles, load_gold

if TYPE_CHECKING:
    from spacy.language import Language

_PARTS = ("train",)


class Known(msgspec.Struct, frozen=True):
    """The surfaces of the training spans with their labels, and how many spans a label has.

    `without_text` counts training articles whose text is not here: their surfaces are not known.
    """

    parts: tuple[str, ...]
    labels: Mapping[str, Set[str]]
    spans: Mapping[str, int]
    without_text: int


def training_parts(nlp: "Language") -> tuple[str, ...]:
    """Tell which parts a pipeline says that it was trained on; `train` where it says nothing."""
    parts = _described(nlp).get("parts")
    named = [part for part in parts or () if part in ALL_PARTS and part.startswith("train")]
    return tuple(named) or _PARTS


def require_unseen(nlp: "Language", name: str, reference: Reference) -> None:
    """Accept articles to score a pipeline on that it has not learned from.

    Nor may it have been chosen on those of a test part, nor may a pipeline that it was made from.
    An article is known by its id or by its text. A train part may be scored on purpose, and a
    pipeline that does not say which articles it has seen on any.

    Raises:
        BaliseError: it has seen some of them.
    """
    if reference.part.startswith("train"):
        return
    uses = {"trained on": "train"}
    if reference.part.startswith("test"):
        uses["chosen on"] = "dev"
    for use, part in uses.items():
        ids, texts = (
            _recorded(nlp, key) | _recorded(nlp, EARLIER[key])
            for key in (f"{part}_ids", f"{part}_sha256")
        )
        seen = sorted(
            article.id
            for article in reference.articles
            if article.id in ids or article.sha256 in texts
        )
        if seen:
            raise BaliseError(
                name,
                f"was {use} {len(seen)} of the {len(reference.articles)} articles of part "
                f"{reference.part!r} ({_shorten(seen)}), so its score there would be too high",
                "train again on this split, give the split that it was trained on with --splits, "
                "or score what it trained on with `--split train`",
            )


def _shorten(ids: list[str]) -> str:
    return ", ".join(ids[:3]) + (", …" if len(ids) > 3 else "")


def _described(nlp: "Language") -> Mapping[str, Any]:
    described: Any = nlp.meta.get("balise")
    return described if isinstance(described, dict) else {}


def _recorded(nlp: "Language", key: str) -> frozenset[str]:
    ids: Iterable[str] = _described(nlp).get(key) or ()
    return frozenset(ids)


def load_known(sources: Sources, nlp: "Language") -> Known:
    """Read what the gold of the articles holds that a pipeline was trained on.

    These are the ones that it names, or those of its parts of the split where it names none.
    """
    parts = training_parts(nlp)
    splits = load_splits(sources.splits)
    ids = _recorded(nlp, "train_ids") or {id_ for part in parts for id_ in splits.part(part)}
    articles = load_articles(sources.corpus, sources.texts)
    labels: dict[str, set[str]] = defaultdict(set)
    spans: Counter[str] = Counter()
    without_text = 0
    for record in load_gold(sources.gold):
        if record.article in ids:
            spans.update(span.label for span in record.spans)
            text = articles[record.article].text if record.article in articles else None
            if text is None:
                without_text += 1
                continue
            for span in record.spans:
                labels[text[span.start : span.end]].add(span.label)
    return Known(parts, labels, spans, without_text)
