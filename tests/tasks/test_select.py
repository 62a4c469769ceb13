"""The next articles are chosen among those that nobody has, with a reason for each."""

import errno
import json
import os
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from balise.cli.tasks import app
from balise.jsonl import read_jsonl, write_jsonl
from balise.records import Article
from balise.tasks.candidates import Pick
from balise.tasks.select import STRATEGIES, take_turns
from balise.tasks.selection import Selected
from conftest import ROOT
from known_recogniser import SURE, UNSURE, contradicted
from markup import annotated, article, gold, markup

OUT = Path("build/tasks/b2.txt")
RECORDS = Path("build/tasks/b2.selection.jsonl")
FREE = {
    "fil-3": markup(SURE)[0],
    "fil-4": "Des roquettes tombent sur le marché.",
    "fil-5": markup(UNSURE.format(label="X"))[0],
    "fil-6": "Le Hamas, le Hezbollah et Daech nient.",
    "fil-7": "Le parlement vote la loi de finances.",
    "web-1": "La récolte de mil est bonne cette année.",
}


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return contradicted(tmp_path_factory.mktemp("pipeline") / "modele")


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make six free articles, and one each that is in gold, in a reading and without a text."""
    monkeypatch.chdir(tmp_path)
    in_gold, record = gold("fil-0", "Le [M23](ARMED_GROUP) à [Goma](LOCATION).", source="fil")
    read, reading = annotated("fil-1", "[Kiev](LOCATION)", confirmed=False, source="fil")
    bare = Article("fil-2", None, "0" * 64, 3, "nfc-lf", source="fil")
    free = [article(id_, text, source=id_.split("-")[0]) for id_, text in FREE.items()]
    write_jsonl(Path("corpus/fil.jsonl"), [*free, bare, read, in_gold])
    write_jsonl(Path("annotations/gold.jsonl"), [record])
    write_jsonl(Path("annotations/lot0/anne.jsonl"), [reading])
    Path("annotations/labels.toml").symlink_to(ROOT / "annotations" / "labels.toml")
    Path("corpus/lexicon").symlink_to(ROOT / "corpus" / "lexicon")
    return tmp_path


def call(*words: object) -> tuple[int, str]:
    result = CliRunner().invoke(app, [str(word) for word in words])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output


def select(*options: object, count: int = 2, out: Path | str = OUT) -> tuple[int, str]:
    return call("select", "--count", count, "--out", out, *options)


def chosen() -> list[str]:
    return OUT.read_text(encoding="utf-8").splitlines()


def reasons() -> list[Selected]:
    return read_jsonl(RECORDS, Selected)


def made() -> dict[str, bytes]:
    return {str(p): p.read_bytes() for p in Path("build").rglob("*") if p.is_file()}


def test_what_is_in_gold_in_a_reading_in_a_batch_or_without_a_text_is_not_chosen() -> None:
    Path("ids.txt").write_text("fil-6\n", encoding="utf-8")
    assert call("make", "--batch", "lot1", "--annotators", "a", "--articles", "ids.txt")[0] == 0
    code, output = select("--by", "random", count=9)
    assert code == 0, output
    assert sorted(chosen()) == sorted(FREE.keys() - {"fil-6"})
    assert "chosen: 5 of 5 candidates (random 5)" in output
    assert "fewer than the 9 asked for" in output


def test_the_list_is_what_make_reads_and_a_batch_of_it_is_not_chosen_again() -> None:
    assert select("--by", "diversity,random", count=4)[0] == 0
    first = set(chosen())
    options = ("--batch", "b2", "--annotators", "anne", "--articles", OUT)
    assert call("make", *options)[0] == 0
    assert select("--by", "random", count=4, out="build/tasks/b3.txt")[0] == 0
    second = set(Path("build/tasks/b3.txt").read_text(encoding="utf-8").split())
    assert len(first) == 4
    assert second == FREE.keys() - first


def test_a_rehydrated_text_makes_its_article_a_candidate() -> None:
    whole = article("fil-2", "Brève", source="fil")
    line = read_jsonl(Path("corpus/fil.jsonl"), Article)
    bare = Article("fil-2", None, whole.sha256, whole.length, "nfc-lf", source="fil")
    write_jsonl(Path("corpus/fil.jsonl"), [bare if e.id == "fil-2" else e for e in line])
    Path("build/texts").mkdir(parents=True)
    Path("build/texts/fil-2.txt").write_text("Brève", encoding="utf-8")
    assert select("--by", "random", count=9)[0] == 0
    assert set(chosen()) == {*FREE, "fil-2"}


def test_a_source_limits_the_choice() -> None:
    assert select("--by", "random", "--source", "web", count=1)[0] == 0
    assert chosen() == ["web-1"]


def test_each_choice_is_recorded_with_its_rank_strategy_reason_and_seed(model: Path) -> None:
    code, output = select("--model", model, "--seed", 3, count=6)
    assert code == 0, output
    found = reasons()
    assert [each.article for each in found] == chosen()
    assert [each.rank for each in found] == [1, 2, 3, 4, 5, 6]
    assert {each.seed for each in found} == {3}
    assert {each.strategy for each in found} == set(STRATEGIES)
    for each in found:
        assert each.reason
        assert (each.score is None) == (each.strategy == "random")
        named = each.strategy in ("uncertainty", "rarity")
        assert (each.origin or "").startswith("fr_contredit ") == named
    assert found[0].strategy == "uncertainty"
    assert found[0].reason in output


def test_uncertainty_chooses_what_the_model_was_taught_in_two_ways(model: Path) -> None:
    options = ("--by", "uncertainty", "--model", model, "--source", "fil")
    assert select(*options, count=5)[0] == 0
    assert "'Alpha'" in {each.article: each.reason for each in reasons()}["fil-5"]
    assert chosen().index("fil-5") < chosen().index("fil-3")


def test_rarity_takes_the_lexicon_s_suggestions_or_the_model_s(model: Path) -> None:
    assert select("--by", "rarity")[0] == 0
    # Two gold spans, eleven labels: 3 · 13/22 over seven words, and 13/11 over six.
    assert chosen() == ["fil-6", "fil-4"]
    assert [each.reason for each in reasons()] == [
        "3 suggested spans of ARMED_GROUP, which is 50.0 % of gold",
        "1 suggested span of WEAPON, which gold does not have yet",
    ]
    assert select("--by", "rarity", "--model", model, count=6)[0] == 0
    assert "LOCATION, which is 50.0 % of gold" in {e.article: e.reason for e in reasons()}["fil-3"]


def test_several_strategies_take_turns() -> None:
    assert select("--by", "rarity,random", count=5)[0] == 0
    assert [e.strategy for e in reasons()] == ["rarity", "random"] * 2 + ["rarity"]
    assert len(set(chosen())) == 5


def test_a_mix_without_a_model_or_gold_says_what_it_does_not_use() -> None:
    Path("annotations/gold.jsonl").unlink()
    code, output = select(count=4)
    assert code == 0, output
    assert "not used: uncertainty, no --model" in output
    assert "not used: rarity, no gold in annotations/gold.jsonl" in output
    assert [each.strategy for each in reasons()] == ["diversity", "random"] * 2


def test_a_mix_without_a_lexicon_does_without_rarity() -> None:
    code, output = select("--lexicon", "rien", count=2)
    assert code == 0, output
    assert "not used: rarity, neither --model nor a lexicon in rien" in output
    assert [each.strategy for each in reasons()] == ["diversity", "random"]


@pytest.mark.parametrize("by", [*STRATEGIES, "mix", "diversity,random"])
def test_the_same_call_gives_the_same_bytes(by: str, model: Path) -> None:
    options = ["--by", by, "--seed", 0]
    if by in ("uncertainty", "rarity", "mix"):
        options += ["--model", model]
    assert select(*options, count=3)[0] == 0
    before = made()
    shutil.rmtree("build")
    lines = Path("corpus/fil.jsonl").read_text(encoding="utf-8").splitlines()
    Path("corpus/fil.jsonl").write_text("\n".join(reversed(lines)), encoding="utf-8")
    assert select(*options, count=3)[0] == 0
    assert select(*options, count=3)[0] == 0
    assert made() == before


def test_seeds_draw_differently_and_0_is_a_seed() -> None:
    drawn = []
    for seed in (0, 1, 2):
        assert select("--by", "random", "--seed", seed, count=6)[0] == 0
        drawn.append(tuple(chosen()))
    assert len(set(drawn)) == 3
    assert select("--by", "random", count=6)[0] == 0
    assert tuple(chosen()) == drawn[0]


def test_the_summary_for_machines_holds_the_records() -> None:
    code, output = select("--by", "random", "--json", count=9)
    summary = json.loads(output)
    assert code == 0
    assert (summary["articles"], summary["records"]) == (str(OUT), str(RECORDS))
    assert (summary["asked"], summary["candidates"], len(summary["chosen"])) == (9, 6, 6)
    assert summary["chosen"][0]["reason"] == "drawn from 6 candidates by chance"


@pytest.mark.parametrize(
    ("options", "code", "message"),
    [
        (("--by", "chance"), 2, "'chance' is no choice of strategies; give mix, or some of"),
        (("--by", "random,random"), 2, "--by"),
        (("--by", "mix,random"), 2, "--by"),
        (("--by", ""), 2, "--by"),
        (("--by", "uncertainty"), 2, "--by uncertainty: no pipeline is named; name one with"),
        (("--by", "random", "--model", "m"), 2, "--model: is not used by random"),
        (("--by", "uncertainty", "--model", "rien"), 2, "--model rien: neither a suggester"),
        (("--by", "uncertainty", "--model", "none"), 2, "--model: 'none' is no pipeline"),
        (("--by", "uncertainty", "--model", "lexicon"), 1, "has 0 components `ner`"),
        (("--by", "uncertainty", "--model", "typer"), 2, "--model typer: neither"),
        (
            ("--by", "rarity", "--gold", "rien.jsonl"),
            1,
            "there is no gold in rien.jsonl; make gold",
        ),
        (("--by", "rarity", "--lexicon", "rien"), 1, "neither --model nor a lexicon in rien"),
        (("--by", "random", "--source", "afp"), 1, "no article of source 'afp'; its sources are"),
        (("--by", "random", "--out", "."), 2, "--out: '.' is no name for a file"),
        (("--by", "random", "--out", "corpus/b2.txt"), 2, "is among articles or readings"),
        (("--by", "random", "--out", "annotations/x/b2"), 2, "is among articles or readings"),
        (("--by", "random", "--out", "mine.txt"), 1, "mine.txt: is no selection"),
        (("--by", "random", "--corpus", "annotations/lot0"), 1, "not a valid Article"),
        (("--by", "random", "--labels", "rien.toml"), 1, "rien.toml"),
        (("--by", "random", "--count", "0"), 2, "0"),
    ],
)
def test_a_wrong_call_or_input_writes_nothing(
    options: tuple[str, ...], code: int, message: str
) -> None:
    Path("mine.txt").write_text("fil-3\n", encoding="utf-8")
    before = {str(p): p.read_bytes() for p in Path().rglob("*") if p.is_file()}
    found, output = select(*options)
    assert (found, message in " ".join(output.split())) == (code, True), output
    assert {str(p): p.read_bytes() for p in Path().rglob("*") if p.is_file()} == before


def test_where_nobody_is_free_the_error_counts_why() -> None:
    readings = [annotated(id_, text)[1] for id_, text in FREE.items()]
    write_jsonl(Path("annotations/lot1/anne.jsonl"), readings)
    code, output = select("--by", "random")
    assert code == 1
    assert "of 9, 8 are annotated or in a batch and 1 have no text here; add articles" in output


def test_the_reasons_of_a_batch_are_not_overwritten() -> None:
    assert select("--by", "random")[0] == 0
    assert select("--by", "random", "--seed", 1)[0] == 0
    assert call("make", "--batch", "b2", "--annotators", "anne", "--articles", OUT)[0] == 0
    before = made()
    code, output = select("--by", "random", "--seed", 2)
    assert (code, made()) == (1, before)
    assert "says why 2 articles were chosen that are now annotated or in a batch" in output


def test_a_full_disk_leaves_neither_file(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[int] = []

    def fill(handle: int) -> None:
        written.append(handle)
        if len(written) == 2:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", fill)
    code, output = select("--by", "random")
    assert (code, made()) == (1, {})
    assert "No space left" in output


ids = st.lists(st.sampled_from("abcdefgh"), unique=True)


@given(st.dictionaries(st.sampled_from(STRATEGIES), ids), st.integers(0, 10))
def test_strategies_take_turns_and_nobody_is_chosen_twice(
    orders: dict[str, list[str]], count: int
) -> None:
    rankings = {
        name: [Pick(id_, None, f"{name} {id_}") for id_ in order] for name, order in orders.items()
    }
    found = take_turns(rankings, count)
    articles = [pick.article for _, pick in found]
    everyone = {id_ for order in orders.values() for id_ in order}
    assert len(articles) == len(set(articles)) == min(count, len(everyone))
    for place, (name, pick) in enumerate(found):
        assert pick.reason == f"{name} {pick.article}"
        before = set(articles[:place])
        assert next(id_ for id_ in orders[name] if id_ not in before) == pick.article
    # A list as long as the count cannot run out of articles that no other has taken.
    if count <= min(map(len, orders.values()), default=0) and count <= len(orders):
        assert [name for name, _ in found] == list(orders)[: len(found)]
