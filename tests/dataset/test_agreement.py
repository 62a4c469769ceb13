"""The agreement that the card states, against `balise annotations agree`."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from balise.annotations.agree import agree
from balise.annotations.agreement import Agreement
from balise.bootstrap import Estimate
from balise.dataset.card.agreement import measure_agreement
from balise.dataset.load import load_release
from balise.dataset.release import Item, Reading, Release
from balise.errors import BaliseError
from balise.jsonl import read_jsonl, write_jsonl
from balise.labels import LabelScheme
from balise.origin import origin
from balise.records import Annotation, Article, Gold, Span
from balise.splits import Splits
from dataset.project import Project
from markup import article

LENGTH = 20


def test_each_figure_is_that_of_annotations_agree(
    telling: Project, labels: LabelScheme, tmp_path: Path
) -> None:
    found = measure_agreement(load_release(telling.inputs))
    assert found is not None
    oracle = agree(telling.readings, labels, tmp_path / "agreement.json", kappa=False)
    assert found.pairs == (("p1", "p2"),)
    assert (
        (found.articles, found.equal) == (oracle.overall.articles, oracle.overall.equal) == (3, 1)
    )
    compare(found.rows[0].f1, found.labels, oracle)
    # dupont has five spans there and martin six; four are the same.
    assert found.rows[0].f1.value == pytest.approx(2 * 4 / 11)


def test_synthetic_and_real_articles_are_told_apart(telling: Project) -> None:
    found = measure_agreement(load_release(telling.inputs))
    assert found is not None
    rows = {row.name: (row.articles, row.f1.value) for row in found.rows}
    assert rows["synthetic articles"] == (2, pytest.approx(2 * 3 / 7))
    assert rows["real articles"] == (1, pytest.approx(2 * 1 / 4))
    assert found.rows[2].f1.interval is None


def compare(overall: Estimate, labels: tuple[object, ...], oracle: Agreement) -> None:
    rows = [oracle.overall.overall, *oracle.overall.labels]
    for ours, theirs in zip([overall, *(row.f1 for row in labels)], rows, strict=True):  # type: ignore[attr-defined]
        assert ours.value == pytest.approx(theirs.f1)
        assert (ours.interval is None) == (theirs.interval is None)
        if ours.interval and theirs.interval:
            assert ours.interval.low == pytest.approx(theirs.interval.low)
            assert ours.interval.high == pytest.approx(theirs.interval.high)


@st.composite
def flat(draw: st.DrawFn) -> tuple[Span, ...]:
    edges = sorted(draw(st.sets(st.integers(0, LENGTH), max_size=8)))
    names = st.sampled_from(("PERSON", "LOCATION", "DATE"))
    return tuple(
        Span(start, end, draw(names)) for start, end in zip(edges[::2], edges[1::2], strict=False)
    )


READINGS = st.dictionaries(
    st.tuples(st.sampled_from("abcd"), st.sampled_from(("anne", "bruno", "chloe"))),
    flat(),
    min_size=1,
)


@given(READINGS)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_readings_of_three_annotators_have_the_figures_of_annotations_agree(
    tmp_path: Path, labels: LabelScheme, readings: dict[tuple[str, str], tuple[Span, ...]]
) -> None:
    found = measure_agreement(release(readings, labels))
    folder = tmp_path / "readings"
    for path in folder.glob("*/*"):
        path.unlink()
    for name in {name for _, name in readings}:
        own = [
            Annotation(id_, text(id_).sha256, name, True, spans)
            for (id_, reader), spans in sorted(readings.items())
            if reader == name
        ]
        write_jsonl(folder / "lot" / f"{name}.jsonl", own)
    if found is None:
        with pytest.raises(BaliseError, match="no article was confirmed by two annotators"):
            agree(folder, labels, tmp_path / "agreement.json", kappa=False)
        return
    oracle = agree(folder, labels, tmp_path / "agreement.json", kappa=False)
    assert (found.articles, found.equal) == (oracle.overall.articles, oracle.overall.equal)
    compare(found.rows[0].f1, found.labels, oracle)


def text(id_: str) -> Article:
    return article(id_, "x" * LENGTH, synthetic=True)


def release(readings: dict[tuple[str, str], tuple[Span, ...]], labels: LabelScheme) -> Release:
    items = {
        id_: Item(text(id_), Gold(id_, text(id_).sha256, ("a",), "single", None, ()), "train", ())
        for id_ in sorted({id_ for id_, _ in readings})
    }
    read: dict[str, list[Reading]] = {id_: [] for id_ in items}
    for (id_, name), spans in readings.items():
        read[id_].append(Reading(id_, text(id_).sha256, "lot", name, spans))
    return Release(
        {"train": tuple(items.values())},
        read,
        labels,
        Splits(0, (), (), (), {}),
        0,
        (),
        origin([item.gold for item in items.values()], labels.version, 0),
    )


def test_an_annotator_who_confirmed_an_article_twice_stops_the_build(telling: Project) -> None:
    path = telling.readings / "lot" / "martin.jsonl"
    [first, *_] = read_jsonl(path, Annotation)
    write_jsonl(telling.readings / "encore" / "martin.jsonl", [first])
    with pytest.raises(BaliseError, match=r"p2 confirmed neuf-a twice, first in encore/p2"):
        telling.build()


def test_one_reader_and_an_adjudicator_are_no_agreement(telling: Project) -> None:
    (telling.readings / "lot" / "martin.jsonl").unlink()
    made = load_release(telling.inputs)
    assert {reading.annotator for reading in made.each_reading()} == {"p1", "adjudication"}
    assert measure_agreement(made) is None
    telling.build()
    body = (telling.out / "README.md").read_text(encoding="utf-8")
    assert "agreement was not measured" in body
    assert "Strict F1 of" not in body
