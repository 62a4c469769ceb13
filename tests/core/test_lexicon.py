"""The lexicon is read strictly, and the project's own is valid."""

from collections import Counter
from pathlib import Path

import pytest

from balise.errors import BaliseError
from balise.lexicon import COLUMNS, FILES, OPERATION, Entry, load_lexicon

OWN = Path(__file__).parents[2] / "corpus" / "lexicon"
LINES = {
    "armed_groups.tsv": "Boko Haram\t\tNG|NE\tjihadist\t2002-\t",
    "forces.tsv": "Barkhane\tforce Barkhane\tFR\toperation\t2014-2022\t",
    "institutions.tsv": "Kremlin\t\tRU\tpresidency\t\t",
    "weapons.tsv": "obus\t\t\tshell\t\t",
}


def write_lexicon(folder: Path, **lines: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name in FILES:
        line = lines.get(name.removesuffix(".tsv"), LINES[name])
        (folder / name).write_text("\t".join(COLUMNS) + f"\n{line}\n", encoding="utf-8")
    return folder


def entry(name: str, *aliases: str, kind: str = "jihadist") -> Entry:
    return Entry("x:2", "ARMED_GROUP", name, aliases, (), kind, "", "")


def test_the_project_s_lexicon_is_valid_and_large_enough() -> None:
    entries = load_lexicon(OWN).entries
    counts = Counter(each.label for each in entries)
    assert counts["ARMED_GROUP"] >= 400
    assert counts["MILITARY"] >= 200
    assert counts["GOVERNMENT"] >= 150
    assert counts["WEAPON"] >= 250


def test_the_project_s_lexicon_holds_names_and_no_passage_of_a_text() -> None:
    for each in load_lexicon(OWN).entries:
        for cell in (each.name, *each.aliases, each.note):
            assert len(cell) <= 110, each.place


def test_no_form_of_the_project_s_lexicon_stands_under_two_labels() -> None:
    labels: dict[str, set[str]] = {}
    for item in load_lexicon(OWN).entries:
        for form, label in item.forms():
            labels.setdefault(form.casefold(), set()).add(label)
    assert {form: found for form, found in labels.items() if len(found) > 1} == {}


def test_the_actors_with_two_faces_stand_where_the_label_scheme_puts_them() -> None:
    labels = {form: label for e in load_lexicon(OWN).entries for form, label in e.forms()}
    for form in (
        *("Hamas", "Hezbollah", "talibans", "houthis", "FSR", "Hachd al-Chaabi", "FARC"),
        *("Wagner", "peshmergas", "FDS"),
    ):
        assert labels[form] == "ARMED_GROUP"
    for form in ("Pasdaran", "Gardiens de la révolution", "Africa Corps", "Tsahal", "Minusma"):
        assert labels[form] == "MILITARY"


def test_a_name_is_spelled_with_both_apostrophes_and_with_bare_capitals() -> None:
    forms = {form for form, _ in entry("État d'Égée").forms()}
    assert forms == {form for form, _ in entry("État d’Égée").forms()}
    assert forms == {"État d'Égée", "État d’Égée", "Etat d'Egée", "Etat d’Egée"}


def test_an_operation_names_its_force_and_with_the_noun_an_event() -> None:
    forms = dict(entry("Serval", "force Serval", kind=OPERATION).forms())
    assert forms == {
        "Serval": "ARMED_GROUP",
        "force Serval": "ARMED_GROUP",
        "opération Serval": "EVENT",
    }


def test_the_version_changes_with_the_content(tmp_path: Path) -> None:
    before = load_lexicon(write_lexicon(tmp_path)).version
    assert load_lexicon(write_lexicon(tmp_path)).version == before
    assert load_lexicon(write_lexicon(tmp_path, weapons="char\t\t\tarmour\t\t")).version != before


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("obus\t\t\tshell\t", "weapons.tsv:2: 5 cells"),
        ("", "weapons.tsv:2: 1 cells"),
        ("\t\t\tshell\t\t", "''"),
        ("obus \t\t\tshell\t\t", "'obus '"),
        ("obus\tobus,\t\tshell\t\t", "'obus,'"),
        ("obus\ta||b\t\tshell\t\t", "''"),
        ("e\u0301pe\u0301e\t\t\tblade\t\t", "NFC"),
        ("obus\tobus\t\tshell\t\t", "stands twice"),
        ("obus\t\tFrance\tshell\t\t", "'France'"),
        ("obus\t\tFR\t\t\t", "kind"),
        ("obus\t\tFR\tshell\tdepuis 1999\t", "'depuis 1999'"),
        ("obus\t\tFR\tshell\t-\t", "'-'"),
        ("obus\t\tFR\tshell\t2016-2013\t", "'2016-2013'"),
        ("boko haram\t\t\tshell\t\t", "armed_groups.tsv:2"),
        ("opération Barkhane\t\t\tshell\t\t", "EVENT"),
    ],
)
def test_a_broken_line_is_named_with_its_place(line: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(BaliseError) as caught:
        load_lexicon(write_lexicon(tmp_path, weapons=line))
    assert "weapons.tsv:2" in str(caught.value)
    assert message in str(caught.value)


def test_another_header_or_a_missing_file_is_an_error(tmp_path: Path) -> None:
    write_lexicon(tmp_path)
    (tmp_path / "forces.tsv").write_text("nom\talias\n", encoding="utf-8")
    with pytest.raises(BaliseError, match=r"forces\.tsv:1: the header"):
        load_lexicon(tmp_path)
    (tmp_path / "forces.tsv").unlink()
    with pytest.raises(BaliseError, match=r"forces\.tsv: cannot be read"):
        load_lexicon(tmp_path)
