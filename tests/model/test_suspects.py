"""Planted errors are found again, by models that are made up and by models that are real."""

import json
import random
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec
import pytest
from typer.testing import CliRunner

from balise.cli.main import app
from balise.errors import BaliseError, UsageError
from balise.jsonl import read_jsonl, write_jsonl
from balise.model.recipe import Profile, Recipe
from balise.model.reference import Sources
from balise.model.suspects import Suspect, find_suspects
from balise.model.trials import Found, Setup, Trial
from balise.pairing import Entity
from balise.records import Gold, Span
from scored_project import TINY, lay_out, snapshot, split

TOWNS = ("Gao", "Kidal", "Goma", "Alep", "Mossoul", "Idlib", "Bamako", "Kaboul")
PEOPLE = ("Goïta", "Traoré", "Déby", "Haftar")


def sentence(chance: random.Random) -> str:
    town, person = chance.choice(TOWNS), chance.choice(PEOPLE)
    return f"Le général [{person}](PERSON) est arrivé à [{town}](LOCATION)."


def marked(number: int) -> str:
    chance = random.Random(number)
    return " ".join(sentence(chance) for _ in range(6))


def project(root: Path, articles: int, **fields: object) -> Setup:
    texts = {f"a-{number:02}": marked(number) for number in range(articles)}
    lay_out(root, texts, **fields)
    split(root, train=tuple(texts))
    return setup_of(root)


def setup_of(root: Path) -> Setup:
    sources = Sources(
        root / "annotations/gold.jsonl",
        root / "corpus",
        root / "corpus/splits.json",
        root / "annotations/labels.toml",
        "gold",
    )
    return Setup(sources, "1", Recipe(config=TINY))


def plant(setup: Setup) -> set[tuple[str, int]]:
    """Put an error of each kind into gold, an article each; give the places of the spans."""
    path = setup.sources.gold
    records = read_jsonl(path, Gold)
    planted = set()
    for number, record in enumerate(records[:8]):
        spans = list(record.spans)
        victim = spans.pop(number % len(spans))
        other = "PERSON" if victim.label == "LOCATION" else "LOCATION"
        if number % 4 == 0:  # missed by the annotator
            pass
        elif number % 4 == 1:
            spans.append(Span(victim.start, victim.end, other))
        elif number % 4 == 2:
            spans.append(Span(victim.start - 2, victim.end, victim.label))
        else:  # one too many beside it
            spans += [victim, Span(victim.start - 8, victim.start - 6, "WEAPON")]
        planted.add((record.article, victim.start))
        records[number] = Gold(
            record.article, record.sha256, ("a1",), "single", None, tuple(sorted(spans))
        )
    write_jsonl(path, records)
    return planted


def near(suspect: Suspect, planted: set[tuple[str, int]]) -> set[tuple[str, int]]:
    spans = [span for span in (suspect.gold, suspect.predicted) if span is not None]
    return {
        (article, start)
        for article, start in planted
        if article == suspect.article
        and any(span.start - 2 <= start <= span.end + 8 for span in spans)
    }


def test_a_real_model_finds_the_errors_first(tmp_path: Path) -> None:
    setup = project(tmp_path, 24)
    planted = plant(setup)
    found = find_suspects(setup, tmp_path / "s.jsonl", folds=3)
    first = set().union(*(near(each, planted) for each in found[:10]))
    assert len(first) >= 7
    assert read_jsonl(tmp_path / "s.jsonl", Suspect) == found
    assert [each.rank for each in found] == list(range(1, len(found) + 1))
    assert [each.probability for each in found] == sorted(each.probability for each in found)
    ids = (tmp_path / "s.txt").read_text().split()
    assert ids == list(dict.fromkeys(each.article for each in found))


def pretend(setup: Setup, trials: Sequence[Trial], jobs: int) -> Iterable[Found]:
    """Read « Gao » as a PERSON, with doubts by the length of the token."""
    for trial in trials:
        spans, doubts = [], {}
        for record in read_jsonl(setup.sources.gold, Gold):
            if record.article in trial.reads:
                spans += [
                    Entity(record.article, each.start, each.end, "PERSON")
                    for each in record.spans
                    if each.label == "LOCATION"
                ]
                doubts[record.article] = tuple(
                    (each.start, each.end, 1 / (each.end - each.start)) for each in record.spans
                )
        yield Found(trial, tuple(spans), doubts)


def test_the_least_probable_gold_comes_first_with_its_words(tmp_path: Path) -> None:
    found = find_suspects(project(tmp_path, 6), tmp_path / "s.jsonl", folds=2, run=pretend)
    types = [each for each in found if each.kind == "type"]
    assert len(types) == 36
    first = types[0]
    assert first.surfaces == ("Mossoul", "Mossoul")
    assert first.probability == pytest.approx(1 / 7)
    assert first.sentence.startswith("Le général ")
    assert first.sentence.endswith("est arrivé à Mossoul.")


def test_the_rank_is_that_of_the_least_probable_token_of_either_span(tmp_path: Path) -> None:
    texts = {
        "a-0": "[Le port](LOCATION) de Gao brûle.",
        "a-1": "Le port [de Gao](LOCATION) brûle.",
        "a-2": "[Le port](LOCATION) de Gao brûle.",
        "a-3": "Le port de Gao brûle.",
        "a-4": "Le [port de Gao](LOCATION) brûle.",
    }
    read = {"a-0": (0, 10), "a-1": (3, 10), "a-3": (8, 14), "a-4": (8, 14)}
    # « Le », « port », « de », « Gao »; what follows belongs to no span and is surely wrong.
    tokens = ((0, 2), (3, 7), (8, 10), (11, 14), (15, 20), (20, 21))
    sure = {
        "a-0": (0.9, 0.8, 0.5, 0.01),  # only the model has « de », of which gold is least sure
        "a-1": (0.01, 0.9, 0.8, 0.3),  # only gold has « Gao »
        "a-2": (0.7, 0.6, 0.01, 0.01),  # only gold has a span
        "a-3": (0.01, 0.01, 0.2, 0.4),  # only the model has one
        "a-4": (0.01, 0.9, 0.1, 0.8),  # both have « de »
    }

    def doubt(setup: Setup, trials: Sequence[Trial], jobs: int) -> Iterable[Found]:
        for trial in trials:
            spans = [Entity(id_, *read[id_], "LOCATION") for id_ in trial.reads if id_ in read]
            doubts = {
                id_: tuple(
                    (*token, p) for token, p in zip(tokens, (*sure[id_], 0.0, 0.0), strict=True)
                )
                for id_ in trial.reads
            }
            yield Found(trial, tuple(spans), doubts)

    lay_out(tmp_path, texts)
    found = find_suspects(setup_of(tmp_path), tmp_path / "s.jsonl", folds=2, run=doubt)
    assert [(each.article, each.probability, each.kind) for each in found] == [
        ("a-4", 0.1, "boundary"),
        ("a-3", 0.2, "spurious"),
        ("a-1", 0.3, "boundary"),
        ("a-0", 0.5, "boundary"),
        ("a-2", 0.6, "missed"),
    ]


def test_no_model_reads_an_article_or_an_event_that_it_saw(tmp_path: Path) -> None:
    seen: list[Trial] = []

    def watch_and_pretend(setup: Setup, trials: Sequence[Trial], jobs: int) -> Iterable[Found]:
        seen.extend(trials)
        return pretend(setup, trials, jobs)

    setup = project(tmp_path, 9)
    path = tmp_path / "corpus" / "afp.jsonl"
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    for number, line in enumerate(lines):
        line["event"] = f"e-{number % 4}"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    find_suspects(setup, tmp_path / "s.jsonl", folds=4, run=watch_and_pretend)
    events = {line["id"]: line["event"] for line in lines}
    assert sorted(id_ for trial in seen for id_ in trial.reads) == sorted(events)
    for trial in seen:
        assert trial.chooses is not None
        other = {events[id_] for id_ in (*trial.trains, *trial.chooses)}
        assert not other & {events[id_] for id_ in trial.reads}
        assert not set(trial.trains) & set(trial.chooses)


@pytest.mark.parametrize(
    ("out", "problem"),
    [
        ("s.txt", "beside it"),
        ("annotations/gold.jsonl", "read here"),
        ("corpus/afp.jsonl", "read here"),
        ("tiny.cfg", "read here"),
        ("texts/far.jsonl", "far.txt is read here"),
    ],
)
def test_the_list_never_takes_the_place_of_its_articles_or_of_what_is_read(
    tmp_path: Path, out: str, problem: str
) -> None:
    setup = project(tmp_path, 6)
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "far.txt").write_text("Un texte d'ailleurs.", "utf-8")
    (tmp_path / "tiny.cfg").write_bytes(TINY.read_bytes())
    setup = Setup(
        msgspec.structs.replace(setup.sources, texts=tmp_path / "texts"),
        "1",
        Recipe(config=tmp_path / "tiny.cfg"),
    )
    before = snapshot(tmp_path)
    with pytest.raises(UsageError, match=f"--out.*{problem}"):
        find_suspects(setup, tmp_path / out, folds=2, run=pretend)
    assert snapshot(tmp_path) == before


@pytest.mark.parametrize(
    ("changed", "problem"),
    [({"sha256": "0" * 64}, "text changed"), ({"spans": (Span(0, 9999, "LOCATION"),)}, "9999")],
)
def test_gold_that_does_not_fit_its_text_is_refused(
    tmp_path: Path, changed: dict[str, object], problem: str
) -> None:
    setup = project(tmp_path, 6)
    first, *others = read_jsonl(setup.sources.gold, Gold)
    write_jsonl(setup.sources.gold, [msgspec.structs.replace(first, **changed), *others])
    with pytest.raises(BaliseError, match=rf"gold\.jsonl, a-00.*{problem}"):
        find_suspects(setup, tmp_path / "s.jsonl", folds=2, run=pretend)


def test_more_folds_than_events_are_a_wrong_call(tmp_path: Path) -> None:
    setup = project(tmp_path, 3, event="one")
    with pytest.raises(UsageError, match="5 folds of 1 events"):
        find_suspects(setup, tmp_path / "s.jsonl", run=pretend)


@pytest.mark.parametrize(("profile", "found"), [("accurate", 3), ("spancat", 0)])
def test_a_recipe_without_one_recogniser_is_refused_before_it_trains(
    tmp_path: Path, profile: Profile, found: int
) -> None:
    setup = msgspec.structs.replace(project(tmp_path, 6), recipe=Recipe(profile))
    with pytest.raises(UsageError, match=f"trains {found} recognisers.*`--profile fast`"):
        find_suspects(setup, tmp_path / "s.jsonl", run=pretend)


def test_the_command_lists_them_and_tasks_take_gold_as_suggestions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project(tmp_path, 6)
    monkeypatch.chdir(tmp_path)
    call = ["model", "suspects", "--folds", "2", "--config", str(TINY), "--json"]
    result = CliRunner().invoke(app, call)
    assert result.exit_code == 0, result.output
    listed = json.loads(result.stdout)
    assert Path(listed["file"]).is_file()
    ids = Path("build/model/suspects.txt")
    ids.write_text("a-00\na-01\n")
    call = ["tasks", "make", "--batch", "relire", "--annotators", "anne"]
    call += ["--articles", str(ids), "--suggest", "annotations/gold.jsonl"]
    made = CliRunner().invoke(app, call)
    assert made.exit_code == 0, made.output
    [file] = Path("build/tasks/relire").glob("anne*.json*")
    rows = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    gold = {record.article: record for record in read_jsonl(Path("annotations/gold.jsonl"), Gold)}
    assert [len(row["label"]) for row in rows] == [len(gold["a-00"].spans), len(gold["a-01"].spans)]


def test_a_gold_file_that_is_none_is_refused_as_suggestions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project(tmp_path, 2)
    monkeypatch.chdir(tmp_path)
    call = ["tasks", "make", "--batch", "b", "--annotators", "anne", "--suggest", "no.jsonl"]
    result = CliRunner().invoke(app, call)
    assert result.exit_code == 1
    assert "no.jsonl" in result.stderr
    assert not Path("build/tasks").exists()


def test_an_error_travels_between_processes() -> None:
    import pickle

    error = pickle.loads(pickle.dumps(BaliseError("a", "b", "c")))
    assert (str(error), error.place, error.remedy) == ("a: b; c", "a", "c")
