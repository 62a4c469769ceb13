"""The learning curve of trainings that are made up, and of one that is real."""

import json
import math
import random
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import pytest
from msgspec.structs import replace
from typer.testing import CliRunner

from balise.cli.main import app
from balise.errors import UsageError
from balise.jsonl import read_json
from balise.model.curve import measure_curve
from balise.model.curve_figures import Curve
from balise.model.reference import Sources, load_reference
from balise.model.trials import Found, Runner, Setup, Trial
from scored_project import TINY, lay_out, snapshot, split

TOWNS = ("Gao", "Kidal", "Goma", "Alep", "Mossoul")
TRAIN = {f"t-{number:03}": "[Gao](LOCATION)." for number in range(80)}
DEV = {
    f"d-{number:02}": " ".join(f"[{town}](LOCATION) est là." for town in TOWNS)
    for number in range(20)
}


@pytest.fixture
def setup(tmp_path: Path) -> Setup:
    lay_out(tmp_path, TRAIN | DEV)
    split(tmp_path, train=tuple(TRAIN), dev=tuple(DEV))
    sources = Sources(
        tmp_path / "annotations/gold.jsonl",
        tmp_path / "corpus",
        tmp_path / "corpus/splits.json",
        tmp_path / "annotations/labels.toml",
        "dev",
    )
    return Setup(sources, "1")


def share_right(articles: int) -> float:
    """What a made-up training finds: F1 is 2r / (1 + r) for a recall r without a wrong span."""
    f1 = 0.9 - 1.2 * articles**-0.6
    return f1 / (2 - f1)


def pretend(setup: Setup, trials: Sequence[Trial], jobs: int) -> Iterable[Found]:
    """Find each gold span with the chance that the number of training articles gives."""
    reference = load_reference(setup.sources)
    for trial in trials:
        chance = random.Random(trial.name)
        right = share_right(len(trial.trains))
        spans = [e for e in sorted(reference.entities) if chance.random() < right]
        yield Found(trial, tuple(spans), {})


def never(setup: Setup, trials: Sequence[Trial], jobs: int) -> Iterable[Found]:
    """Stand where no training may begin."""
    raise AssertionError("a training began")


def test_the_forecast_holds_what_more_articles_would_give(setup: Setup, tmp_path: Path) -> None:
    held = 0
    for seed in range(20):
        out = tmp_path / "curve.json"
        found = measure_curve(setup, out, seed=100 * seed, run=pretend, resamples=200)
        bounds = found.forecast.f1.interval
        assert bounds is not None
        held += bounds.low <= 0.9 - 1.2 * 180**-0.6 <= bounds.high
    # A 95 % interval; 15 of 20 leaves room for the form being fitted and for chance.
    assert held >= 15


def steep(articles: int) -> float:
    """A law without noise, by which a hundred articles more than 80 add much."""
    return 0.95 - 2 * articles**-0.5


def finding(f1_of: Callable[[Trial], float]) -> Runner:
    """Make trainings whose F1 is as said, as nearly as whole spans allow."""

    def run(setup: Setup, trials: Sequence[Trial], jobs: int) -> Iterable[Found]:
        # Every article's first spans before any article's second ones, so that all are alike.
        spans = sorted(load_reference(setup.sources).entities, key=lambda e: (e.start, e.article))
        for trial in trials:
            f1 = f1_of(trial)
            yield Found(trial, tuple(spans[: round(len(spans) * f1 / (2 - f1))]), {})

    return run


def test_the_gain_is_what_the_law_adds_over_the_articles_that_there_are(
    setup: Setup, tmp_path: Path
) -> None:
    run = finding(lambda trial: steep(len(trial.trains)))
    found = measure_curve(setup, tmp_path / "c.json", run=run, resamples=50)
    assert found.forecast.f1.value == pytest.approx(steep(180), abs=0.01)
    assert found.forecast.gain.value == pytest.approx(steep(180) - steep(80), abs=0.01)


def test_the_backtest_forecasts_the_largest_size_from_the_smaller_ones_alone(
    setup: Setup, tmp_path: Path
) -> None:
    run = finding(lambda trial: steep(len(trial.trains)) - 0.2 * (len(trial.trains) == 80))
    found = measure_curve(setup, tmp_path / "c.json", run=run, resamples=50)
    assert found.points[-1].f1.value == pytest.approx(steep(80) - 0.2, abs=0.01)
    assert found.backtest is not None
    assert found.backtest.value == pytest.approx(steep(80), abs=0.01)


def test_trainings_that_differ_widen_the_interval_where_articles_are_alike(
    setup: Setup, tmp_path: Path
) -> None:
    # Of five spans in each article three, four or five are found.
    differing = finding(lambda trial: (3 / 4, 8 / 9, 1)[trial.seed])
    found = measure_curve(setup, tmp_path / "c.json", run=differing)
    for point in found.points:
        assert point.f1.value == pytest.approx((3 / 4 + 8 / 9 + 1) / 3)
        assert point.f1.interval is not None
        bounds = point.f1.interval.low, point.f1.interval.high
        assert bounds == pytest.approx((3 / 4, 1))
    alike = finding(lambda _trial: 8 / 9)
    for point in measure_curve(setup, tmp_path / "c.json", run=alike).points:
        assert point.f1.interval is not None
        bounds = point.f1.interval.low, point.f1.interval.high
        assert bounds == pytest.approx((8 / 9, 8 / 9))


def test_sizes_are_shares_of_the_train_part_and_nested(setup: Setup, tmp_path: Path) -> None:
    seen: list[Trial] = []

    def watch_and_pretend(setup: Setup, trials: Sequence[Trial], jobs: int) -> Iterable[Found]:
        seen.extend(trials)
        return pretend(setup, trials, jobs)

    found = measure_curve(
        setup, tmp_path / "c.json", shares=(0.25, 0.5, 1), seeds=2, run=watch_and_pretend
    )
    assert [point.articles for point in found.points] == [20, 40, 80]
    assert [len(point.runs) for point in found.points] == [2, 2, 2]
    assert found.backtest is None
    by_seed = {seed: [set(t.trains) for t in seen if t.seed == seed] for seed in (0, 1)}
    for small, middle, whole in by_seed.values():
        assert small < middle < whole == set(TRAIN)
    assert by_seed[0][0] != by_seed[1][0]
    assert {trial.reads for trial in seen} == {tuple(sorted(DEV))}


def test_figures_and_page_are_written_together(setup: Setup, tmp_path: Path) -> None:
    out = tmp_path / "curve.json"
    found = measure_curve(setup, out, run=pretend)
    assert read_json(out, Curve) == found
    html = out.with_suffix(".html").read_text("utf-8")
    assert "100 articles more would add" in html
    assert html.count("<circle") == 5 + 15 + 1  # means, runs, forecast
    assert found.backtest is not None
    assert "https:" not in html


def test_a_draw_of_articles_without_a_span_is_left_out_and_no_zero(
    setup: Setup, tmp_path: Path
) -> None:
    # A draw of four articles is without a span in a third of the cases.
    few = {name: DEV["d-00"] if name == "d-00" else "Rien." for name in list(DEV)[:4]}
    lay_out(tmp_path, TRAIN | few)
    split(tmp_path, train=tuple(TRAIN), dev=tuple(few))

    four_of_five = finding(lambda _trial: 8 / 9)
    found = measure_curve(setup, tmp_path / "c.json", run=four_of_five, resamples=200)
    assert found.backtest is not None
    for estimate in (*(point.f1 for point in found.points), found.forecast.f1, found.backtest):
        assert estimate.interval is not None
        assert 100 < estimate.interval.resamples < 180
        assert (estimate.interval.low, estimate.interval.high) == pytest.approx((8 / 9, 8 / 9))


def test_a_curve_without_an_error_has_a_page_too(setup: Setup, tmp_path: Path) -> None:
    run = finding(lambda _trial: 1.0)
    found = measure_curve(setup, tmp_path / "c.json", run=run, resamples=50)
    assert found.forecast.f1.value == 1
    html = (tmp_path / "c.html").read_text("utf-8")
    assert all(f">{tick}</text>" in html for tick in ("0.90", "1.00"))


@pytest.mark.parametrize(
    "shares",
    [
        (0.5, 1.0),
        (0.5, 0.5, 0.501),
        (0.0, 0.5, 1.0),
        (0.5, 1.0, 1.5),
        (0.25, 0.5, 1.0, math.nan),
        (0.25, 0.5, 1.0, math.inf),
    ],
)
def test_sizes_that_make_no_curve_are_refused(
    setup: Setup, tmp_path: Path, shares: tuple[float, ...]
) -> None:
    with pytest.raises(UsageError, match="--share"):
        measure_curve(setup, tmp_path / "c.json", shares=shares, run=never)
    assert not (tmp_path / "c.json").exists()


def test_a_part_that_trains_is_not_scored(setup: Setup, tmp_path: Path) -> None:
    trains = replace(setup, sources=replace(setup.sources, part="train"))
    with pytest.raises(UsageError, match=r"--split.*would be scored as if they were new"):
        measure_curve(trains, tmp_path / "c.json", run=never)


@pytest.mark.parametrize(
    ("out", "problem"),
    [
        ("c.html", "beside it"),
        ("corpus", "is a folder"),
        ("annotations/gold.jsonl", "read here"),
        ("annotations/labels.toml", "read here"),
        ("corpus/splits.json", "read here"),
        ("corpus/../corpus/afp.jsonl", "read here"),
    ],
)
def test_figures_never_take_the_place_of_their_page_or_of_what_is_read(
    setup: Setup, tmp_path: Path, out: str, problem: str
) -> None:
    before = snapshot(tmp_path)
    with pytest.raises(UsageError, match=f"--out.*{out}.*{problem}"):
        measure_curve(setup, tmp_path / out, run=never)
    assert snapshot(tmp_path) == before


def test_a_real_curve_from_the_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay_out(tmp_path, dict(list(TRAIN.items())[:3]) | dict(list(DEV.items())[:2]))
    split(tmp_path, train=tuple(TRAIN)[:3], dev=tuple(DEV)[:2])
    monkeypatch.chdir(tmp_path)
    call = ["model", "curve", "--seeds", "1", "--config", str(TINY), "--more", "5", "--json"]
    call += ["--jobs", "2"]
    for share in ("0.34", "0.67", "1"):
        call += ["--share", share]
    result = CliRunner().invoke(app, call)
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert [point["articles"] for point in found["points"]] == [1, 2, 3]
    assert found["forecast"]["more"] == 5
    assert all(isinstance(point["f1"]["value"], float) for point in found["points"])
