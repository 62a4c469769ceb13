"""Real articles stand in parts of their own, the later ones for testing."""

from pathlib import Path

import msgspec
import pytest
from typer.testing import CliRunner, Result

from balise.cli.main import app
from balise.errors import BaliseError, UsageError
from balise.jsonl import write_json, write_jsonl
from balise.model.real import split_real
from balise.model.split import split
from balise.records import Article, Gold, Span
from balise.splits import REAL_PARTS, RealRule, Splits, load_splits
from markup import article, gold

RULE = RealRule(("wiki",), "2017-01-01")


def real(number: int, published: str | None, event: str | None = None) -> Article:
    text = f"Texte {number}"
    made = article(f"wiki-{number:02}", text, source="wiki", published=published, event=event)
    return msgspec.structs.replace(made, text=None)


def test_later_articles_test_and_a_fifth_of_the_earlier_tunes() -> None:
    articles = [real(n, "2016-05-01") for n in range(10)] + [
        real(n, "2017-01-01") for n in (10, 11)
    ]
    apart = split_real(articles, RULE, seed=0)
    assert {part: len(ids) for part, ids in apart.parts.items()} == {
        "train_real": 8,
        "dev_real": 2,
        "test_real": 2,
    }
    assert apart.parts["test_real"] == ("wiki-10", "wiki-11")
    assert apart.reasons["wiki-10"] == "real, from 2017-01-01 on, alone"


@pytest.mark.parametrize("seed", range(5))
def test_an_event_is_never_parted_and_goes_with_its_latest_article(seed: int) -> None:
    articles = [
        *(real(n, "2016-02-01", f"event-{n // 3}") for n in range(9)),
        real(9, "2016-12-31", "straddling"),
        real(10, "2017-01-02", "straddling"),
    ]
    apart = split_real(articles, RULE, seed)
    assert apart.parts["test_real"] == ("wiki-09", "wiki-10")
    events = {one.id: one.event for one in articles}
    found = [{events[id_] for id_ in apart.parts[part]} for part in REAL_PARTS]
    assert sum(len(each) for each in found) == len(set.union(*found))


def test_an_article_without_a_day_is_named() -> None:
    with pytest.raises(BaliseError, match="wiki-01: is real and does not say when"):
        split_real([real(1, None)], RULE, 0)


def test_real_articles_need_no_text_and_leave_the_other_parts_as_they_were() -> None:
    own = [article(f"own-{n}", f"Texte numéro {n} à Homs", event=f"e{n}") for n in range(10)]
    others = [real(n, f"201{6 + n % 2}-03-01") for n in range(6)]

    def records(articles: list[Article]) -> list[Gold]:
        span = (Span(0, 5, "DATE"),)
        return [Gold(a.id, a.sha256, ("x",), "single", None, span) for a in articles]

    known = {a.id: a for a in own + others}
    alone = split(records(own), known, seed=0)
    both = split(records(own + others), known, seed=0, real=RULE)
    assert [both.train, both.dev, both.test] == [alone.train, alone.dev, alone.test]
    assert len(both.test_real) == 3
    assert both.real == RULE
    assert both.groups.keys() == known.keys()


def test_an_event_that_real_articles_tell_too_never_trains_and_tests() -> None:
    pairs = [
        gold(f"own-{n:02}", f"À [Ville{n}](LOCATION) le jour {n}", event=f"e{n}") for n in range(30)
    ]
    pairs += [
        gold(f"wiki-{n}", f"À [Bourg{n}](LOCATION)", source="wiki", published=day, event=f"e{n}")
        for n, day in ((0, "2016-01-01"), (1, "2016-02-01"), (2, "2017-03-01"))
    ]
    known = {one.id: one for one, _ in pairs}
    for seed in range(10):
        made = split([record for _, record in pairs], known, seed, RULE)
        assert {"own-00", "own-01"} <= set(made.train)
        assert "own-02" in made.test
        assert (made.train_real, made.dev_real) == (("wiki-0", "wiki-1"), ())
        assert made.test_real == ("wiki-2",)


def test_a_near_duplicate_that_links_two_events_keeps_both_on_one_side() -> None:
    text = "Le convoi de vivres a quitté la ville avant l'aube, sous la pluie, vers le nord."
    pairs = [
        gold(f"own-{n:02}", f"À [Ville{n}](LOCATION) le jour {n}", event=f"e{n}") for n in range(9)
    ]
    pairs += [
        gold(f"own-2{n}", f"[Gao](LOCATION). {text}{'!' * n}", event=event)
        for n, event in enumerate(("early", "late"))
    ]
    pairs += [
        gold(f"wiki-{event}", "[Kidal](LOCATION)", source="wiki", published=day, event=event)
        for event, day in (("early", "2016-05-01"), ("late", "2017-05-01"))
    ]
    made = split([record for _, record in pairs], {one.id: one for one, _ in pairs}, 0, RULE)
    assert {"own-20", "own-21"} <= set(made.test)
    assert (made.train_real, made.test_real) == ((), ("wiki-early", "wiki-late"))


@pytest.mark.parametrize(
    ("published", "part"),
    [("2016-12-31", "train_real"), ("2016", "train_real"), ("2017", "test_real"),
     ("2017-01", "test_real"), ("2016-12", "train_real"), ("2017-01-01T08:00:00Z", "test_real")],
)  # fmt: skip
def test_a_day_that_is_known_by_its_year_or_month_is_late_where_it_may_be(
    published: str, part: str
) -> None:
    apart = split_real([real(1, published)], RULE, 0)
    assert apart.parts[part] == ("wiki-01",)


@pytest.mark.parametrize("own", [3, 4])
def test_events_that_real_articles_tell_leave_too_few_free_ones(own: int) -> None:
    pairs = [
        gold(f"own-{n}", f"À [Ville{n}](LOCATION) le jour {n}", event=f"e{n}") for n in range(own)
    ]
    pairs += [
        gold(
            f"wiki-{n}",
            f"[Bourg{n}](LOCATION)",
            source="wiki",
            published="2016-01-01",
            event=f"e{n}",
        )
        for n in range(2)
    ]
    with pytest.raises(BaliseError, match=rf"make {own - 2} independent groups"):
        split([record for _, record in pairs], {one.id: one for one, _ in pairs}, 0, RULE)


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        (RealRule(("wiki",), "demain"), "'demain' is no day"),
        (RealRule(("wiki",), "01/01/2017"), "is no day"),
        (RealRule(("wiki",), "2017"), "is no day"),
        (RealRule(("wiki", "wikii"), "2017-01-01"), "no gold article of source 'wikii'"),
    ],
)
def test_a_rule_that_cannot_be_meant_is_a_wrong_call(rule: RealRule, message: str) -> None:
    one, record = gold("wiki-1", "[Gao](LOCATION)", source="wiki", published="2017-05-01")
    with pytest.raises(UsageError, match=message):
        split([record], {one.id: one}, 0, rule)


def test_an_article_in_two_real_parts_is_named(tmp_path: Path) -> None:
    path = tmp_path / "splits.json"
    write_json(path, Splits(0, ("a",), (), (), {}, train_real=("r",), test_real=("r",)))
    with pytest.raises(BaliseError, match="article r stands twice"):
        load_splits(path)


def call(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["model", "split", *arguments])


def test_the_rule_is_given_once_and_kept_in_the_split(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pairs = [
        gold(f"own-{n}", f"À [Ville{n}](LOCATION) le jour {n}", event=f"e{n}") for n in range(8)
    ]
    pairs += [gold("wiki-1", "[Gao](LOCATION)", source="wiki", published="2017-05-01")]
    write_jsonl(tmp_path / "corpus" / "x.jsonl", [one for one, _ in pairs])
    write_jsonl(tmp_path / "annotations" / "gold.jsonl", [record for _, record in pairs])
    monkeypatch.chdir(tmp_path)
    assert "only one of the two" in call("--real", "wiki").stderr
    assert call("--real", "wiki", "--test-from", "2017-01-01").exit_code == 0
    written = Path("corpus/splits.json").read_bytes()
    made = load_splits(Path("corpus/splits.json"))
    assert (made.test_real, made.real) == (("wiki-1",), RULE)
    again = call()
    assert again.exit_code == 0
    assert "1 articles in test_real" in again.output
    assert Path("corpus/splits.json").read_bytes() == written
    assert call("--out", "other.json").exit_code == 0
    assert load_splits(Path("other.json")).real == RULE
    for read in ("annotations/gold.jsonl", "corpus/x.jsonl"):
        assert "is read here" in call("--out", read).stderr
    Path("corpus/splits.json").write_text("{")
    broken = call()
    assert broken.exit_code == 1
    assert "delete it, or give --real and --test-from" in broken.stderr
    assert call("--real", "wiki", "--test-from", "2017-01-01").exit_code == 0
