"""Every suggestion and every span has one outcome, and nervaluate counts the same ones."""

from collections.abc import Iterable
from typing import Any, NamedTuple

import nervaluate
from hypothesis import given, settings
from hypothesis import strategies as st

from balise.annotations.audit_readings import BLIND, SHOWN, Material, Read
from balise.annotations.outcomes import FIELDS, count_outcomes
from balise.batches import SuggesterName
from balise.pairing import Entity
from balise.records import Span

LABELS = ("PERSON", "LOCATION", "EVENT")


def entities(id_: str, spans: Iterable[Span]) -> frozenset[Entity]:
    return frozenset(Entity(id_, span.start, span.end, span.label) for span in spans)


class Drawn(NamedTuple):
    """An article's suggestions, and what each of its readers marked, where shown or not."""

    suggested: list[Span]
    readings: list[tuple[int, list[Span]]]


def make_material(articles: list[Drawn]) -> Material:
    named = {f"a{number}": each for number, each in enumerate(articles)}
    return Material(
        suggester=SuggesterName("s", "1"),
        articles=tuple(named),
        lengths=dict.fromkeys(named, 100),
        suggested={id_: entities(id_, each.suggested) for id_, each in named.items()},
        reads=tuple(
            Read(f"r{number}", id_, condition, entities(id_, spans))
            for id_, each in named.items()
            for number, (condition, spans) in enumerate(each.readings)
        ),
        readers=(),
        unassigned=0,
        records=(),
    )


@st.composite
def flat_spans(draw_: st.DrawFn) -> list[Span]:
    cuts = sorted(draw_(st.sets(st.integers(0, 16), max_size=10)))
    labels = st.sampled_from(LABELS)
    return [
        Span(start, end, draw_(labels)) for start, end in zip(cuts[::2], cuts[1::2], strict=False)
    ]


drawn_articles = st.lists(
    st.builds(
        Drawn,
        flat_spans(),
        st.lists(st.tuples(st.sampled_from([SHOWN, BLIND]), flat_spans()), min_size=1, max_size=3),
    ),
    min_size=1,
    max_size=4,
)


@given(drawn_articles)
def test_every_suggestion_and_every_marked_span_is_in_exactly_one_place(
    articles: list[Drawn],
) -> None:
    material = make_material(articles)
    counts = count_outcomes(material, LABELS)
    of = {name: counts[..., column] for column, name in enumerate(FIELDS)}
    # In every reading and for every label, and for all labels together.
    assert (of["accepted"] + of["changed"] + of["rejected"] == of["suggested"]).all()
    overall = {name: values_[:, -1] for name, values_ in of.items()}
    assert (overall["accepted"] + overall["changed"] + overall["added"] == overall["marked"]).all()
    for name in ("suggested", "accepted", "changed", "rejected", "added", "marked"):
        assert (of[name][:, :-1].sum(axis=1) == overall[name]).all()
    assert list(overall["suggested"]) == [
        len(material.suggested[r.article]) for r in material.reads
    ]
    assert list(overall["marked"]) == [len(read.spans) for read in material.reads]


@st.composite
def slots(draw_: st.DrawFn) -> tuple[list[Span], list[Span]]:
    """Draw suggestions and a reading in which no span overlaps two of the other side.

    Where one does, nervaluate pairs by the order of the text and we by the largest overlap.
    """
    sides: tuple[list[Span], list[Span]] = ([], [])
    edges = st.tuples(st.integers(0, 3), st.integers(5, 8))
    for slot in range(draw_(st.integers(1, 6))):
        for side in sides:
            if draw_(st.booleans()):
                start, end = draw_(edges)
                side.append(
                    Span(10 * slot + start, 10 * slot + end, draw_(st.sampled_from(LABELS)))
                )
    return sides


@settings(max_examples=200)
@given(st.lists(slots(), min_size=1, max_size=4))
def test_nervaluate_counts_the_same_outcomes(pairs: list[tuple[list[Span], list[Span]]]) -> None:
    material = make_material([Drawn(suggested, [(SHOWN, read)]) for suggested, read in pairs])
    ours = dict(zip(FIELDS, count_outcomes(material, LABELS)[:, -1].sum(axis=0), strict=True))

    def dicts(spans: list[Span]) -> list[dict[str, Any]]:
        # Its ends are inclusive.
        return [{"label": s.label, "start": s.start, "end": s.end - 1} for s in spans]

    judge = nervaluate.Evaluator(
        [dicts(suggested) for suggested, _ in pairs],
        [dicts(read) for _, read in pairs],
        tags=list(LABELS),
        loader="dict",
    )
    theirs = judge.evaluate()["overall"]
    strict = theirs["strict"]
    assert (ours["accepted"], ours["changed"]) == (strict.correct, strict.incorrect)
    assert (ours["rejected"], ours["added"]) == (strict.missed, strict.spurious)
    assert (ours["suggested"], ours["marked"]) == (strict.possible, strict.actual)
    assert ours["accepted"] + ours["type"] == theirs["exact"].correct
    assert ours["accepted"] + ours["boundary"] == theirs["ent_type"].correct
