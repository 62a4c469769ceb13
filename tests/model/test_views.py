"""Labels under the names of other schemes, and of mapping files."""

from pathlib import Path

import pytest

from balise.errors import BaliseError
from balise.labels import LabelScheme
from balise.model.views import all_labels, conll, load_view, relabel
from readings import entities


def names(view_labels: dict[str, str], marked: str) -> list[str]:
    return sorted(entity.label for entity in relabel(entities(marked), view_labels))


def test_all_labels_count_a_general_pipeline_s_as_the_nearest_of_ours(labels: LabelScheme) -> None:
    view = all_labels(labels)
    assert view.labels == labels.names
    assert names(view.predicted, "[a](ORG) [b](MISC) [c](WEAPON)") == ["ORGANIZATION", "WEAPON"]


def test_conll_is_a_scheme_like_any_other(labels: LabelScheme) -> None:
    assert load_view("conll", labels) == conll(labels)


def test_re3d_takes_a_general_pipeline_s_labels_by_their_counterparts(labels: LabelScheme) -> None:
    view = load_view("re3d", labels)
    assert {view.gold["ARMED_GROUP"], view.gold["MILITARY"]} == {"Organisation"}
    assert view.predicted["ORG"] == "Organisation"
    assert view.predicted["PER"] == "Person"
    assert view.predicted["Person"] == "Person"
    assert set(view.labels) == set(view.gold.values())


def test_a_mapping_file_is_a_scheme(tmp_path: Path, labels: LabelScheme) -> None:
    file = tmp_path / "sides.toml"
    file.write_text('[labels]\nMILITARY = "STATE"\nGOVERNMENT = "STATE"\nARMED_GROUP = "GROUP"\n')
    view = load_view(str(file), labels)
    assert (view.name, view.labels) == ("sides", ("GROUP", "STATE"))
    assert names(view.gold, "[a](MILITARY) [b](GOVERNMENT) [c](PERSON)") == ["STATE", "STATE"]
    # ORG might be a state, a group or neither, so it counts as none of them.
    assert "ORG" not in view.predicted
    assert view.predicted["STATE"] == "STATE"


def test_a_name_of_ours_that_is_not_mapped_stays_out(tmp_path: Path, labels: LabelScheme) -> None:
    file = tmp_path / "m.toml"
    file.write_text('[labels]\nARMED_GROUP = "ORGANIZATION"\n')
    view = load_view(str(file), labels)
    assert names(view.predicted, "[a](ARMED_GROUP) [b](ORGANIZATION)") == ["ORGANIZATION"]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ('[labels]\nLIEU = "X"\n', "label 'LIEU' is not in the label scheme"),
        ("[labels]\n", "maps no label"),
        ("labels = 3\n", "no mapping of labels"),
        ("[labels\n", "no mapping of labels"),
    ],
)
def test_a_broken_mapping_is_refused(
    tmp_path: Path, labels: LabelScheme, content: str, problem: str
) -> None:
    (tmp_path / "m.toml").write_text(content)
    with pytest.raises(BaliseError, match=problem):
        load_view(str(tmp_path / "m.toml"), labels)


def test_an_unknown_scheme_names_the_known_ones(labels: LabelScheme) -> None:
    with pytest.raises(BaliseError, match=r"no scheme and no file 'muc'; .*conll, ace, re3d"):
        load_view("muc", labels)
