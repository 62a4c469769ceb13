"""What counts as a piece of a text that must stay behind."""

import pytest

from balise.dataset.leak import find_leaks
from markup import article

TEXT = "Les combats ont repris lundi au nord de la ville, selon plusieurs habitants joints."
HIDDEN = article("neuf-x", TEXT, title="Combats au nord")


@pytest.mark.parametrize(
    "string",
    [
        TEXT,
        f"On lit : {TEXT[20:65]} et la suite.",
        "« Combats au nord », un journal",
    ],
)
def test_forty_characters_of_the_text_or_a_whole_short_title_are_a_leak(string: str) -> None:
    assert list(find_leaks([HIDDEN], string)) == ["neuf-x"]


@pytest.mark.parametrize("string", ["", "au nord de la ville", TEXT[:39], "Combats"])
def test_names_and_common_turns_are_none(string: str) -> None:
    assert list(find_leaks([HIDDEN], string)) == []


def test_a_title_as_short_as_a_countrys_name_is_none() -> None:
    short = article("neuf-y", "Le texte de cet article est ici.", title="Mali")
    assert list(find_leaks([short], "Conflits : Mali, Niger")) == []
