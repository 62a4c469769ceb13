"""Secrets and people's data in a folder, and findings that are accepted."""

from pathlib import Path

import pytest

from balise.dataset.check import ACCEPTABLE
from balise.dataset.checks.findings import ACCEPTED, load_accepted
from balise.errors import BaliseError
from dataset.damage import SPANS_TRAIN, edit, find
from dataset.project import FULL, Project, pairs
from markup import gold

TOKEN = "hf_" + "aB3" * 12
HOTLINE = "Joindre le 06 12 34 56 78 à [Kiev](LOCATION)."


def with_hotline(project: Project) -> None:
    project.write([*pairs(), gold("neuf-h", HOTLINE, event="train-h", **FULL)])
    project.build()


def test_a_fresh_build_has_no_problem(built: Project) -> None:
    assert find(built, "secrets") == find(built, "personal") == []


@pytest.mark.parametrize("name", [".env", "CHANGELOG.md", "notes/croissant.json"])
def test_a_token_is_found_in_any_text_file_and_is_not_quoted(
    copy_of_built: Project, name: str
) -> None:
    path = copy_of_built.out / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"HF_TOKEN={TOKEN}\n", encoding="utf-8")
    found = find(copy_of_built, "secrets")
    assert f"{name}, characters 9-48: Hugging Face token « hf… » (39 characters)" in found
    assert not [problem for problem in found if TOKEN[:8] in problem]
    assert find(copy_of_built, "personal") == []


def test_a_token_in_a_column_of_a_row_is_found(copy_of_built: Project) -> None:
    edit(copy_of_built.out / SPANS_TRAIN, lambda rows: rows[0].update(url=f"http://a/?k={TOKEN}"))
    (problem,) = find(copy_of_built, "secrets")
    assert problem.startswith("neuf-a, url 12-51: Hugging Face token")


def test_a_telephone_number_is_named_by_article_and_place_once(project: Project) -> None:
    with_hotline(project)
    (problem,) = find(project, "personal")
    assert problem == "neuf-h, text 11-25: telephone number « 06… » (14 characters)"


def test_an_accepted_number_is_no_problem_and_an_idle_line_is_told(project: Project) -> None:
    with_hotline(project)
    (problem,) = project.check().problems
    assert "accept it in accepted.tsv of the corpus with check personal, place neuf-h" in problem
    mark = problem.split("mark ")[1][:4]
    lines = (
        "check\tplace\tmark\treason",
        f"personal\tneuf-h\t{mark}\tligne publique de l'agence",
        "events\tsiege\ttest+train\tun seul siège",
    )
    (project.corpus / ACCEPTED).write_text("\n".join(lines) + "\n", encoding="utf-8")
    result = project.check()
    assert result.problems == ()
    assert [(one.place, one.reason) for one in result.accepted] == [
        ("neuf-h", "ligne publique de l'agence")
    ]
    assert [one.place for one in result.idle] == ["siege"]
    runs = {run.name: (run.findings, run.accepted) for run in result.checks}
    assert runs["personal"] == (0, 1)
    other = "1" if mark[0] != "1" else "2"
    text = "\n".join(lines).replace(f"\t{mark}\t", f"\t{other}{mark[1:]}\t")
    (project.corpus / ACCEPTED).write_text(text + "\n", encoding="utf-8")
    assert project.check().problems == (problem,)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("check\tplace\n", "the header is"),
        ("check\tplace\tmark\treason\npersonal\tneuf-h\t1234\t\n", "an empty cell"),
        ("check\tplace\tmark\treason\nlicences\tneuf-h\t1\toui\n", "'licences' cannot be accepted"),
        ("check\tplace\tmark\treason\nevents\ta\tb\tc\nevents\ta\tb\td\n", "is accepted twice"),
    ],
)
def test_a_broken_list_stops_and_names_its_line(tmp_path: Path, lines: str, said: str) -> None:
    (tmp_path / ACCEPTED).write_text(lines, encoding="utf-8")
    with pytest.raises(BaliseError, match=said) as error:
        load_accepted(tmp_path, sorted(ACCEPTABLE))
    assert f"{ACCEPTED}:" in str(error.value)


def test_no_list_accepts_nothing(tmp_path: Path) -> None:
    assert load_accepted(tmp_path, ACCEPTABLE) == ()
