"""Differences in their sentences."""

import pytest

from annotations.pairs import LABELS, marked_pair
from balise.annotations.excerpts import Excerpt, make_excerpts
from balise.annotations.matches import match_spans
from balise.readers import Pair
from markup import article, markup


def excerpts(*articles: tuple[str, str], most: int = 100) -> list[Excerpt]:
    pair = marked_pair(*articles)
    texts = {
        id_: article(id_, markup(first)[0])
        for id_, (first, _) in zip(pair.articles, articles, strict=True)
    }
    return make_excerpts([(pair, match_spans(pair, LABELS).differences)], texts, most)


def lines(excerpt: Excerpt) -> list[str]:
    """Write both sides down: spans in brackets, the one that the excerpt is about in two."""

    def piece(text: str, label: str | None, differs: bool) -> str:
        if label is None:
            return text
        return f"[[{text}]]" if differs else f"[{text}]"

    return [
        "".join(piece(one.text, one.label, one.differs) for one in reading.pieces)
        for reading in excerpt.readings
    ]


def test_a_difference_is_shown_in_its_sentence_as_each_annotator_reads_it() -> None:
    [found] = excerpts(
        (
            "Rien ici. Tirs sur [Gao](LOCATION), dit [Goïta](PERSON). Rien là.",
            "Rien ici. Tirs sur [Gao](EVENT), dit [Goïta](PERSON). Rien là.",
        )
    )
    assert (found.kind, found.labels, found.article) == ("type", ("LOCATION", "EVENT"), "a0")
    assert lines(found) == ["Tirs sur [[Gao]], dit [Goïta]."] * 2
    assert [reading.annotator for reading in found.readings] == ["anne", "bruno"]


@pytest.mark.parametrize(
    ("first", "second", "kind"),
    [
        ("[Gao](LOCATION) [nord](LOCATION)", "[Gao nord](LOCATION)", "boundary"),
        ("[Gao](LOCATION)", "[Gao](PERSON)", "type"),
        ("[Gao](LOCATION) nord", "[Gao nord](PERSON)", "both"),
        ("[Gao](LOCATION)", "Gao", "missed"),
        ("Gao", "[Gao](LOCATION)", "missed"),
    ],
)
def test_each_difference_has_its_kind(first: str, second: str, kind: str) -> None:
    assert kind in {found.kind for found in excerpts((first, second))}


def test_two_differences_of_a_sentence_are_shown_one_by_one() -> None:
    found = excerpts(("[Gao](LOCATION) et [Goïta](PERSON).", "Gao et Goïta."))
    assert [lines(each) for each in found] == [
        ["[[Gao]] et [Goïta].", "Gao et Goïta."],
        ["[Gao] et [[Goïta]].", "Gao et Goïta."],
    ]


def test_no_sentence_is_cut_inside_a_span_of_either_annotator() -> None:
    [found] = excerpts(
        (
            "Il lit. [La Voix. Le Jour](EVENT) paraît à Gao. Fin.",
            "Il lit. [La Voix. Le Jour](EVENT) paraît à [Gao](LOCATION). Fin.",
        )
    )
    assert lines(found)[1] == "[La Voix. Le Jour] paraît à [[Gao]]."


def test_a_difference_over_two_sentences_is_shown_in_both() -> None:
    [found] = excerpts(
        ("Un. [La Voix. Le Jour](EVENT) dit. Fin.", "Un. La Voix. [Le Jour](EVENT) dit. Fin.")
    )
    assert lines(found) == ["[[La Voix. Le Jour]] dit.", "La Voix. [[Le Jour]] dit."]


def test_a_difference_in_the_title_is_shown_in_the_title() -> None:
    [found] = excerpts(("😀 [Gao](LOCATION)\n\nLe corps.", "😀 Gao\n\nLe corps."))
    assert lines(found) == ["😀 [[Gao]]", "😀 Gao"]


def test_an_article_without_text_has_its_spans_alone() -> None:
    pair = marked_pair(("[Gao](LOCATION)", "Gao"))
    [found] = make_excerpts([(pair, match_spans(pair, LABELS).differences)], {}, 10)
    assert not found.has_text
    assert [reading.pieces for reading in found.readings] == [(), ()]
    assert [reading.span is None for reading in found.readings] == [False, True]


def test_only_so_many_are_made_in_the_order_of_pairs_and_articles() -> None:
    found = excerpts(*(("[Gao](LOCATION)", "Gao") for _ in range(5)), most=3)
    assert [each.article for each in found] == ["a0", "a1", "a2"]


def test_excerpts_know_their_pair() -> None:
    pairs: list[Pair] = [marked_pair(("[x](EVENT)", "x")), marked_pair(("y", "[y](EVENT)"))]
    each = [(pair, match_spans(pair, LABELS).differences) for pair in pairs]
    assert [one.pair for one in make_excerpts(each, {}, 10)] == [0, 1]
