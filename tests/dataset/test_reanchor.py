"""Spans are put on a text that changed by their hashes alone, or refused with a reason."""

from collections import Counter
from itertools import combinations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balise.dataset.anchors import hash_words, make_anchors
from balise.dataset.rehydration.places import Common, Place, common_tokens
from balise.dataset.rehydration.placing import Placed, RefusedSpan, choose_places, place_spans
from balise.dataset.rehydration.reanchor import Reanchored, reanchor
from balise.dataset.rows import AnchoredSpan
from balise.errors import BaliseError
from balise.records import Span
from balise.stores import load_articles, load_gold
from dataset.project import LABELS
from markup import markup
from text_edits import EDITS, edit_in_all_ways, follow, unedited

ROOT = LABELS.parents[1]
SALT = "0123456789abcdef"
OLD = (
    "Mali : une attaque à [Ménaka](LOCATION)\n\nDes hommes du [JNIM](ARMED_GROUP) ont tué "
    "[neuf soldats](CASUALTIES) près de [Ménaka](LOCATION), a dit l’[armée](MILITARY) mardi. "
    "Le général [Diarra](PERSON) s’est rendu à [Ménaka](LOCATION) dans la soirée."
)


def anchored(marked: str) -> tuple[str, tuple[AnchoredSpan, ...]]:
    text, spans = markup(marked)
    return text, anchor(text, spans)


def anchor(text: str, spans: tuple[Span, ...]) -> tuple[AnchoredSpan, ...]:
    return tuple(
        AnchoredSpan(span.start, span.end, span.label, at.surface, at.before, at.after)
        for span, at in zip(spans, make_anchors(text, spans, SALT), strict=True)
    )


def moved(old: str, new: str) -> Reanchored:
    _, spans = anchored(old)
    return reanchor("a-1", "page", "0" * 64, SALT, spans, new)


def shown(found: Reanchored) -> list[str]:
    return [found.text[span.start : span.end] for span in found.spans]


def test_on_its_own_text_every_span_is_kept() -> None:
    found = moved(OLD, markup(OLD)[0])
    assert (found.kept, found.moved, found.refused) == (7, 0, ())
    assert {span.score for span in found.spans} == {1.0}


def test_a_sentence_before_moves_every_span_and_none_to_another_mention() -> None:
    text, spans = markup(OLD)
    found = moved(OLD, "À Ménaka, on attend.\n" + text)
    assert (found.kept, found.moved, len(found.refused)) == (0, 7, 0)
    assert [span.start - 21 for span in found.spans] == [span.start for span in spans]


def test_quotes_spaces_apostrophes_and_capitals_do_not_matter() -> None:
    new = markup(OLD)[0].replace("’", "'").replace(" :", "\u00a0:").upper()
    assert shown(moved(OLD, new))[-2:] == ["DIARRA", "MÉNAKA"]


def test_a_corrected_name_is_refused_and_its_neighbours_are_not() -> None:
    found = moved(OLD, markup(OLD)[0].replace("Diarra", "Diarrah"))
    [refused] = found.refused
    assert (refused.label, refused.reason, refused.score) == ("PERSON", "not found", None)
    assert len(found.spans) == 6


def test_a_name_in_other_company_is_refused() -> None:
    found = moved("Le chef [Diarra](PERSON) parle.", "Hier encore, Diarra dormait chez lui.")
    assert [each.reason for each in found.refused] == ["weak context"]


@pytest.mark.parametrize(
    ("old", "shown_again"),
    [
        ("[Diarra](PERSON) parle", []),
        ("Le [Mali](LOCATION) de", []),
        ("Près de [Gao](LOCATION).", []),
        ("Tout près de [Gao](LOCATION).", ["Gao"]),
    ],
)
def test_the_context_must_be_of_four_tokens_however_few_the_text_has(
    old: str, shown_again: list[str]
) -> None:
    found = moved(old, f"Hier encore, on le disait.\n{markup(old)[0]}")
    assert shown(found) == shown_again
    assert {each.reason for each in found.refused} <= {"weak context"}


def test_a_sentence_that_was_said_again_leaves_a_doubt() -> None:
    old = "Il a vu [Ménaka](LOCATION) ce matin."
    text, _ = markup(old)
    found = moved(old, f"{text} {text}")
    assert [each.reason for each in found.refused] == ["several places"]


def test_order_decides_between_places_as_good() -> None:
    line = "Les [obus](WEAPON) sont tombés sur la ville cette nuit encore.\n"
    old = f"{line}Le maire de [Sloviansk](LOCATION) appelle ses habitants à partir.\n{line}"
    text, spans = markup(old)
    found = moved(old, text)
    assert [(span.start, span.end) for span in found.spans] == [
        (span.start, span.end) for span in spans
    ]


def test_a_place_that_two_spans_claim_goes_to_neither_where_they_are_equal() -> None:
    old = "On dit : [ici](LOCATION) rien.\n\nOn dit : [ici](LOCATION) rien."
    found = moved(old, "On dit : ici rien.")
    assert found.spans == ()
    assert {each.reason for each in found.refused} <= {"place taken", "weak context"}


def test_spans_that_lay_apart_are_not_put_on_places_that_overlap() -> None:
    line = "Hier soir, le chef de l’{} a quitté la ville de Gao.\n"
    marked = line.format("[armée malienne](MILITARY)"), line.format("armée [malienne](LOCATION)")
    text, _ = markup(marked[0])
    found = moved("".join(marked), text)
    assert (found.spans, {each.reason for each in found.refused}) == ((), {"place taken"})


def test_of_places_that_overlap_the_much_better_one_is_taken() -> None:
    line = "Hier soir, le chef de l’{} a quitté la ville de Gao.\n"
    other = "Une base de l’armée [malienne](LOCATION) a quitté le camp.\n"
    text, _ = markup(line.format("[armée malienne](MILITARY)"))
    found = moved(line.format("[armée malienne](MILITARY)") + other, text)
    assert (shown(found), [each.label for each in found.refused]) == (
        ["armée malienne"],
        ["LOCATION"],
    )


def test_spans_in_each_other_and_two_labels_on_one_range_go_together() -> None:
    text, _ = markup("Le ministre [[turc](LOCATION) de la défense](PERSON) a parlé hier soir.")
    spans = (Span(12, 16, "LOCATION"), Span(12, 30, "GROUP"), Span(12, 30, "PERSON"))
    placed = place_spans(anchor(text, spans), "Enfin. " + text, SALT)
    assert [(each.start, each.end) for each in placed] == [(19, 23), (19, 37), (19, 37)]


@pytest.mark.parametrize(
    ("other", "score", "placed"),
    [
        ((40, 50), 0.9, []),
        ((40, 50), 0.7, [(10, 20)]),
        ((40, 50), 1.0, []),
        ((15, 25), 0.9, [(10, 20), (15, 25)]),
    ],
)
def test_places_overlap_only_where_their_spans_did(
    other: tuple[int, int], score: float, placed: list[tuple[int, int]]
) -> None:
    spans = [AnchoredSpan(*edges, "DATE", "0", (), ()) for edges in ((10, 20), other)]
    places = [
        [Place(score=1.0, start=10, end=20, before=1.0, after=1.0, tokens=9)],
        [Place(score=score, start=15, end=25, before=1.0, after=1.0, tokens=9)],
    ]
    found = choose_places(spans, places)
    assert [(each.start, each.end) for each in found if isinstance(each, Placed)] == placed
    refused = [each.reason for each in found if isinstance(each, RefusedSpan)]
    assert refused == ["place taken"] * (2 - len(placed))


def test_spans_without_hashes_are_refused_with_that_reason() -> None:
    bare = AnchoredSpan(0, 4, "DATE", None, (), ())
    assert place_spans([bare], "hier", SALT) == [RefusedSpan(0, 4, "DATE", "no hashes", None)]


def test_a_place_inside_a_word_is_none() -> None:
    found = moved("Un [obus](WEAPON) est tombé.", "Un obusier est tombé. Un xobus est tombé.")
    assert [each.reason for each in found.refused] == ["not found"]


def test_the_heaviest_common_subsequence_is_weighed() -> None:
    weights = {"a": 1.0, "b": 5.0, "c": 1.0, "d": 1.5}
    assert common_tokens("abcd", "bacd", weights.__getitem__) == Common(7.5, 3)
    assert common_tokens("aa", "a", weights.__getitem__) == Common(1.0, 1)
    assert common_tokens("", "abc", weights.__getitem__) == Common(0.0, 0)


@given(
    st.text("abé ’'.\n«🙂", min_size=1, max_size=40),
    st.text("abé ’'.\n«🙂", max_size=60),
    st.randoms(use_true_random=False),
)
def test_every_span_is_placed_on_its_own_words_or_refused(
    old: str, new: str, chance: Random
) -> None:
    starts = sorted(chance.sample(range(len(old)), min(4, len(old))))
    spans = tuple(Span(at, chance.randint(at + 1, len(old)), "L") for at in starts)
    rows = anchor(old, spans)
    found = reanchor("a-1", "page", "0" * 64, SALT, rows, new)
    assert len(found.spans) + len(found.refused) == len(spans)
    assert found.kept + found.moved == len(found.spans)
    came = Counter((span.start, span.end) for span in spans)
    went = Counter((span.old_start, span.old_end) for span in found.spans)
    assert came == went + Counter((span.start, span.end) for span in found.refused)
    for span in found.spans:
        surfaces = new[span.start : span.end], old[span.old_start : span.old_end]
        assert hash_words(SALT, surfaces[0]) == hash_words(SALT, surfaces[1])
    for one, other in combinations(found.spans, 2):
        if one.start < other.end and other.start < one.end:
            assert one.old_start < other.old_end
            assert other.old_start < one.old_end


def test_a_ledger_that_does_not_balance_is_a_defect(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("balise.dataset.rehydration.reanchor.place_spans", lambda *_: [])
    with pytest.raises(BaliseError, match="7 spans in, but 0 placed and 0 refused"):
        moved(OLD, markup(OLD)[0])


@pytest.fixture(scope="module")
def texts() -> list[tuple[str, tuple[Span, ...]]]:
    """Take some of the project's own articles, which need no rehydration."""
    articles, golds = load_articles(ROOT / "corpus"), load_gold(ROOT / "annotations" / "gold.jsonl")
    own = [(articles[gold.article].text, tuple(sorted(gold.spans))) for gold in golds]
    return [(text, spans) for text, spans in own if text is not None and spans][::40]


@pytest.mark.parametrize("kind", [*EDITS, "all at once"])
def test_edited_articles_get_nearly_all_spans_back_and_none_wrong(
    texts: list[tuple[str, tuple[Span, ...]]], kind: str
) -> None:
    edit = EDITS.get(kind, edit_in_all_ways)
    counts: Counter[str] = Counter()
    for text, spans in texts:
        new, there = follow(edit(text, spans, Random(f"{text[:40]} {kind}")), spans)
        for truth, found in zip(there, place_spans(anchor(text, spans), new, SALT), strict=True):
            right = isinstance(found, Placed) and truth == (found.start, found.end)
            counts["right"] += right
            counts["wrong"] += isinstance(found, Placed) and not right
            counts["there"] += truth is not None
    assert counts["wrong"] <= 0.002 * counts["right"], counts
    assert counts["right"] >= (0.75 if kind == "all at once" else 0.9) * counts["there"], counts


def test_the_edits_follow_every_letter() -> None:
    text, spans = markup(OLD)
    assert follow(unedited(text), spans) == (text, [(span.start, span.end) for span in spans])
    for kind, edit in EDITS.items():
        new, places = follow(edit(text, spans, Random(0)), spans)
        assert new != text, kind
        for span, place in zip(spans, places, strict=True):
            if place is not None:
                same = hash_words(SALT, new[slice(*place)])
                assert same == hash_words(SALT, text[span.start : span.end]), kind
