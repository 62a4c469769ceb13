"""Errors are cut out in whole sentences."""

from hypothesis import given
from hypothesis import strategies as st

from balise.labels import LabelScheme
from balise.model.examples import Example, Piece, make_examples
from balise.model.reference import Reference
from balise.pairing import Entity, pair_spans
from balise.records import Gold, Span
from balise.span_errors import find_errors
from markup import article, markup

NO_LABELS = LabelScheme("0", ())


def read(gold: str, predicted: str) -> list[Example]:
    """Show the errors between two marked-up readings of one text."""
    text, spans = markup(gold)
    return show(text, spans, markup(predicted)[1])


def show(text: str, gold: tuple[Span, ...], predicted: tuple[Span, ...]) -> list[Example]:
    item = article("a", text)
    record = Gold("a", item.sha256, ("a1",), "single", None, gold)
    reference = Reference("test", (item,), (record,), NO_LABELS)
    found = {Entity("a", span.start, span.end, span.label) for span in predicted}
    return make_examples(reference, found, find_errors(pair_spans(reference.entities, found)))


def test_only_the_sentence_with_the_error_is_shown_with_its_right_spans_too() -> None:
    assert read(
        "[Gao](LOCATION) est calme. [Wagner](ARMED_GROUP) quitte [Gao](LOCATION). Fin.",
        "[Gao](LOCATION) est calme. [Wagner](PERSON) quitte [Gao](LOCATION). Fin.",
    ) == [
        Example(
            "a",
            {"type": 1},
            (
                Piece("Wagner", "ARMED_GROUP", "type"),
                Piece(" quitte "),
                Piece("Gao", "LOCATION"),
                Piece("."),
            ),
            (
                Piece("Wagner", "PERSON", "type"),
                Piece(" quitte "),
                Piece("Gao", "LOCATION"),
                Piece("."),
            ),
        )
    ]


def test_a_title_is_a_sentence_of_its_own() -> None:
    (example,) = read("Attaque à [Gao](LOCATION)\n\nDes morts.", "Attaque à Gao\n\nDes morts.")
    assert example.predicted == (Piece("Attaque à Gao"),)


def test_an_initial_does_not_end_a_sentence() -> None:
    (example,) = read("M. [Goïta](PERSON) parle. Fin.", "M. Goïta parle. Fin.")
    assert example.predicted == (Piece("M. Goïta parle."),)


def test_a_sentence_does_not_end_inside_a_span() -> None:
    (example,) = read("Le [Dr. Ali](PERSON) parle ici.", "Le Dr. [Ali](PERSON) parle ici.")
    assert example.kinds == {"boundary": 1}
    assert "".join(piece.text for piece in example.gold) == "Le Dr. Ali parle ici."


def test_two_errors_in_a_sentence_are_one_example() -> None:
    (example,) = read("[Gao](LOCATION) et [Kidal](LOCATION)", "Gao et Kidal")
    assert example.kinds == {"missed": 2}


def test_without_errors_there_is_nothing_to_show() -> None:
    assert read("[Gao](LOCATION).", "[Gao](LOCATION).") == []


texts = st.text(st.sampled_from("Ab. \n!«É🚀"), min_size=1, max_size=40)


@st.composite
def flat_spans(draw: st.DrawFn, length: int) -> tuple[Span, ...]:
    edges = sorted(draw(st.sets(st.integers(0, length), max_size=10)))
    pairs = zip(edges[::2], edges[1::2], strict=False)
    return tuple(Span(start, end, draw(st.sampled_from("XY"))) for start, end in pairs)


@given(st.data())
def test_every_error_is_in_one_example_and_no_text_is_changed(data: st.DataObject) -> None:
    text = data.draw(texts)
    gold, predicted = data.draw(flat_spans(len(text))), data.draw(flat_spans(len(text)))
    examples = show(text, gold, predicted)
    sides = [{Entity("a", s.start, s.end, s.label) for s in side} for side in (gold, predicted)]
    errors = find_errors(pair_spans(sides[0], sides[1]))
    assert sum(sum(example.kinds.values()) for example in examples) == len(errors)
    for example in examples:
        gold_line = "".join(piece.text for piece in example.gold)
        predicted_line = "".join(piece.text for piece in example.predicted)
        assert gold_line.rstrip() == predicted_line.rstrip()
        assert gold_line in text
    for side, pieces in ((0, "gold"), (1, "predicted")):
        wrong = [p for e in examples for p in getattr(e, pieces) if p.kind]
        shown = sorted((piece.text, piece.label) for piece in wrong)
        expected = sides[side] - sides[1 - side]
        assert shown == sorted((text[e.start : e.end], e.label) for e in expected)


def test_spans_in_spans_stand_in_them_and_a_crossing_one_is_cut_where_it_crosses() -> None:
    text, gold = markup("l’[aéroport de [Gao](LOCATION)](FACILITY) fermé")
    (example,) = show(text, gold, (gold[0], Span(5, 23, "EVENT")))
    outer = ("aéroport de Gao", "FACILITY", None)
    assert example.gold == (
        Piece("l’"),
        Piece(*outer, inner=(Piece("aéroport de "), Piece("Gao", "LOCATION", "both"))),
        Piece(" fermé"),
    )
    assert example.predicted == (
        Piece("l’"),
        Piece(*outer, inner=(Piece("aér"), Piece("oport de Gao", "EVENT", "both"))),
        Piece(" fermé", "EVENT", "both", continues=True),
    )
