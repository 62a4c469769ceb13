import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from balise.errors import BaliseError
from balise.labels import LabelScheme
from balise.ledger import Ledger
from balise.records import Span
from balise.spans import accept_spans, check_spans, require_hash, require_text
from balise.text import sha256, trim
from markup import article, markup


def test_trimmed_flat_known_spans_are_accepted(labels: LabelScheme) -> None:
    text, spans = markup("L’[ONU](ORGANIZATION) quitte [Gao](LOCATION)[mardi](DATE).")
    check_spans(text, spans, labels, "here")


@pytest.mark.parametrize(
    ("spans", "problem"),
    [
        ([Span(2, 5, "ONG")], "label 'ONG'"),
        ([Span(13, 18, "LOCATION")], "LOCATION 13-18 ends outside its text of 17 characters"),
        ([Span(13, 17, "LOCATION")], "'Gao.' (LOCATION 13-17) begins or ends"),
        ([Span(5, 12, "EVENT")], "' quitte' (EVENT 5-12) begins or ends"),
        ([Span(2, 12, "EVENT"), Span(6, 16, "LOCATION")], "'ONU quitte' (EVENT 2-12) overlaps"),
        ([Span(2, 5, "EVENT"), Span(2, 5, "DATE")], "overlaps"),
        ([Span(2, 5, "DATE"), Span(2, 5, "DATE")], "overlaps"),
    ],
)
def test_a_span_that_breaks_a_rule_is_named_by_its_surface(
    labels: LabelScheme, spans: list[Span], problem: str
) -> None:
    with pytest.raises(BaliseError) as caught:
        check_spans("L’ONU quitte Gao.", spans, labels, "here")
    assert str(caught.value).startswith("here: ")
    assert problem in str(caught.value)


def test_foreign_spans_come_out_trimmed_single_and_sorted(labels: LabelScheme) -> None:
    ledger = Ledger()
    found = [
        Span(12, 17, "LOCATION"),  # « Gao. » with the space before it
        Span(2, 5, "ORGANIZATION"),
        Span(13, 16, "LOCATION"),
        Span(5, 6, "DATE"),  # a space
    ]
    accepted = accept_spans("a", "L’ONU quitte Gao.", found, labels, ledger, "here")
    assert accepted == (Span(2, 5, "ORGANIZATION"), Span(13, 16, "LOCATION"))
    closed = ledger.close(4, 2)
    assert (closed.kept, closed.trimmed) == (1, 1)
    assert sorted(entry.reason for entry in closed.entries if entry.outcome == "dropped") == [
        "duplicate",
        "only space or punctuation",
    ]


@pytest.mark.parametrize(
    ("span", "problem"),
    [
        (Span(0, 3, "LIEU"), "label 'LIEU'"),
        (Span(13, 30, "LOCATION"), "ends outside"),
        (Span(4, 8, "LOCATION"), "overlaps"),
    ],
)
def test_a_foreign_span_that_cannot_be_ours_is_refused(
    labels: LabelScheme, span: Span, problem: str
) -> None:
    found = [Span(2, 5, "ORGANIZATION"), span]
    with pytest.raises(BaliseError, match=problem):
        accept_spans("a", "L’ONU quitte Gao.", found, labels, Ledger(), "here")


@given(
    text=st.text(
        st.sampled_from(["a", "É", "😀", " ", "\u00a0", "«", "»", ",", ".", "\n"]), min_size=1
    ),
    edges=st.lists(st.integers(0, 40), max_size=12),
    copies=st.integers(1, 3),
)
def test_the_ledger_balances_over_any_flat_spans(
    labels: LabelScheme, text: str, edges: list[int], copies: int
) -> None:
    points = sorted({min(edge, len(text)) for edge in edges})
    found = [
        Span(start, end, "DATE") for start, end in zip(points[::2], points[1::2], strict=False)
    ] * copies
    ledger = Ledger()
    accepted = accept_spans("a", text, found, labels, ledger, "here")
    closed = ledger.close(len(found), len(accepted))
    assert closed.kept + closed.trimmed + closed.dropped == len(found)
    for span in accepted:
        assert trim(text, span.start, span.end) == (span.start, span.end)
    check_spans(text, accepted, labels, "here")


def test_a_text_with_another_hash_is_refused() -> None:
    require_hash("Gao", sha256("Gao"), "here")
    with pytest.raises(BaliseError, match="here: the text changed under its spans"):
        require_hash("Gao ", sha256("Gao"), "here")


def test_an_article_without_text_is_refused() -> None:
    whole = article("a", "Gao")
    assert require_text(whole, "here") == "Gao"
    with pytest.raises(BaliseError, match="article a is stand-off"):
        require_text(replace(whole, text=None), "here")


def test_spans_may_overlap_where_the_scheme_says_so_and_nowhere_else(
    labels: LabelScheme, nesting: LabelScheme
) -> None:
    text, spans = markup("l’[aéroport de [Bagdad](LOCATION)](FACILITY)")
    crossing = (*spans, Span(14, 19, "EVENT"))
    check_spans(text, crossing, nesting, "here")
    assert accept_spans("a", text, crossing, nesting, Ledger(), "here") == tuple(sorted(crossing))
    with pytest.raises(BaliseError, match=r"overlaps 'Bagdad'.*`overlapping = true`"):
        check_spans(text, spans, labels, "here")


def test_no_scheme_takes_a_span_twice(nesting: LabelScheme) -> None:
    twice = [Span(2, 5, "DATE"), Span(2, 5, "DATE")]
    with pytest.raises(BaliseError, match=r"'ONU' \(DATE 2-5\) stands there twice; keep it once"):
        check_spans("L’ONU quitte Gao.", twice, nesting, "here")
    ledger = Ledger()
    spans = [*twice, Span(2, 6, "DATE"), Span(2, 5, "EVENT")]
    accepted = accept_spans("a", "L’ONU quitte Gao.", spans, nesting, ledger, "here")
    assert accepted == (Span(2, 5, "DATE"), Span(2, 5, "EVENT"))
    assert ledger.close(4, 2).dropped == 2
