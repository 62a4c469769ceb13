from pathlib import Path

import pytest

from balise.errors import BaliseError
from balise.labels import LabelScheme, load_labels

LABEL = '[[labels]]\nname = "{}"\ncolour = "#000000"\nhotkey = "{}"\nfr = "x"\nen = "x"\n'


def write(folder: Path, *labels: str) -> Path:
    path = folder / "labels.toml"
    path.write_text('version = "1"\n' + "".join(labels))
    return path


def test_the_scheme_has_the_eleven_labels_of_conflict_news(labels: LabelScheme) -> None:
    assert sorted(labels.names) == [
        "ARMED_GROUP",
        "CASUALTIES",
        "DATE",
        "EVENT",
        "FACILITY",
        "GOVERNMENT",
        "LOCATION",
        "MILITARY",
        "ORGANIZATION",
        "PERSON",
        "WEAPON",
    ]


def test_labels_roll_up_to_conll_and_what_it_lacks_is_left_out(labels: LabelScheme) -> None:
    assert labels.rollup("conll") == {
        "PERSON": "PER",
        "ARMED_GROUP": "ORG",
        "MILITARY": "ORG",
        "GOVERNMENT": "ORG",
        "ORGANIZATION": "ORG",
        "LOCATION": "LOC",
        "FACILITY": "LOC",
    }


def test_an_unknown_label_is_refused_with_the_known_ones(labels: LabelScheme) -> None:
    labels.require("DATE", "here")
    with pytest.raises(BaliseError, match=r"here: label 'LIEU' .*LOCATION.*--map") as caught:
        labels.require("LIEU", "here")
    assert caught.value.exit_code == 1


@pytest.mark.parametrize(
    ("labels_", "problem"),
    [
        ((LABEL.format("A", "a"), LABEL.format("A", "b")), "name 'A' is used twice"),
        ((LABEL.format("A", "a"), LABEL.format("B", "a")), "hotkey 'a' is used twice"),
        ((LABEL.format("A", "a") + 'color = "red"\n',), "unknown field `color`"),
        (("[[labels]]\nname = 3\n",), "Expected `str`"),
        ((LABEL.format("A", "a").replace("#000000", "red"),), "$.labels[0].colour"),
        (("labels = []\n",), "length >= 1"),
        (("[[labels",), "not a label scheme"),
    ],
)
def test_a_broken_scheme_is_refused(tmp_path: Path, labels_: tuple[str, ...], problem: str) -> None:
    path = write(tmp_path, *labels_)
    with pytest.raises(BaliseError, match=r"labels\.toml") as caught:
        load_labels(path)
    assert problem in str(caught.value)


def test_a_scheme_is_flat_unless_it_says_otherwise(tmp_path: Path) -> None:
    path = write(tmp_path, LABEL.format("A", "a"))
    assert not load_labels(path).overlapping
    path.write_text(f"overlapping = true\n{path.read_text()}")
    assert load_labels(path).overlapping
