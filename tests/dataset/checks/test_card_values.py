"""A card that the Hub, or a reader, would not understand."""

import pytest
from huggingface_hub import DatasetCard
from msgspec.structs import replace

from balise.dataset.checks.card_values import size_holds
from balise.dataset.checks.hub_lists import load_hub_lists
from dataset.damage import edit_card, find
from dataset.project import Project, pairs


def test_a_fresh_card_has_no_problem(built: Project) -> None:
    assert find(built, "card") == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("license: cc-by-4.0", "license: foo-bar", "license: 'foo-bar' is none of the Hub's"),
        ("license: cc-by-4.0", "license: CC-BY-4.0", "did you mean cc-by-4.0"),
        ("license: cc-by-4.0", "license: unknown", "license: unknown leaves nobody any right"),
        ("license: cc-by-4.0", "license: other", "license: other needs license_name"),
        ("license: cc-by-4.0", "license: [mit, cc-by-4.0]", "license: 2 values"),
        ("license: cc-by-4.0\n", "", "license is missing"),
        ("license: cc-by-4.0\n", "licence: cc-by-4.0\n", "no key 'licence'; did you mean license"),
        ("license: cc-by-4.0\n", "license: mit\nlicense: cc-by-4.0\n", "the key license stands"),
        ("- fr\n", "- french\n", "language: 'french' is none of the Hub's"),
        ("- fr\n", "- no\n", "language: False is no text"),
        ("- fr\n", "- fr\n- fr\n", "language: fr stands twice"),
        ("- fr\n", "- fr\n- nl\n", "multilinguality: monolingual, with 2 languages"),
        ("- n<1K", "- 1K<n<10K", "size_categories: 1K<n<10K does not hold 4 articles"),
        ("- n<1K", "- {n: 1}", "size_categories: {'n': 1} is no text"),
        ("- n<1K", "- small", "size_categories: 'small' is none of the Hub's"),
        ("- token-classification", "- tagging", "task_categories: 'tagging' is none"),
        ("task_ids:\n- named-entity-recognition", "task_ids:\n- ner", "task_ids: 'ner' is none"),
        (
            "task_ids:\n- named-entity-recognition",
            "task_ids:\n- extractive-qa",
            "task_ids: extractive-qa belongs to none of the task_categories",
        ),
        (
            "annotations_creators:\n- machine-generated",
            "annotations_creators:\n- model",
            "annotations_creators: 'model' is none",
        ),
        (
            "language_creators:\n- machine-generated",
            "language_creators:\n- no-annotation",
            "language_creators: 'no-annotation' is none",
        ),
        ("- monolingual", "- unilingual", "'unilingual' is none of the Hub's; did you mean"),
        ("- original", "- 'https://fr.wikinews.org'", "is no data set; write original"),
        (
            "    num_examples: 2\n",
            "    num_examples: 2\n    num_examples: 2\n",
            "num_examples stands",
        ),
        ("---\n", "", "README.md: has no front matter"),
        ("license: cc-by-4.0", "license: [cc-by", "README.md: cannot be read as YAML"),
    ],
)
def test_what_the_hub_does_not_know_is_found(
    copy_of_built: Project, old: str, new: str, said: str
) -> None:
    edit_card(copy_of_built, old, new)
    found = find(copy_of_built, "card")
    assert any(said in problem for problem in found), found
    assert all(problem.startswith("README.md: ") for problem in found)


def test_the_hubs_own_client_accepts_what_is_found_here(copy_of_built: Project) -> None:
    edit_card(copy_of_built, "license: cc-by-4.0", "license: foo-bar")
    edit_card(copy_of_built, "- fr\n", "- french\n")
    card = DatasetCard.load(copy_of_built.out / "README.md").data
    assert (card.license, card.language) == ("foo-bar", ["french"])
    assert find(copy_of_built, "card") == [
        "README.md: license: 'foo-bar' is none of the Hub's; its documentation lists them",
        "README.md: language: 'french' is none of the Hub's; write its ISO 639 code",
    ]


def test_a_language_of_the_rows_must_be_named(project: Project) -> None:

    project.write((replace(article, language="nl"), record) for article, record in pairs())
    project.build()
    assert find(project, "card") == [
        "README.md: language: rows are in 'nl', which is not named; add it"
    ]


@pytest.mark.parametrize(
    ("category", "rows", "holds"),
    [
        ("n<1K", 0, True),
        ("n<1K", 999, True),
        ("n<1K", 1000, False),
        ("1K<n<10K", 999, False),
        ("1K<n<10K", 1000, True),
        ("1M<n<10M", 10**7, False),
        ("n>1T", 10**12, True),
        ("n>1T", 5, False),
        ("unknown", 5, False),
    ],
)
def test_a_size_category_has_its_bounds(category: str, rows: int, holds: bool) -> None:
    assert size_holds(category, rows) is holds


def test_the_lists_hold_what_is_well_known_and_sizes_cover_every_number() -> None:
    lists = load_hub_lists()
    assert {"cc-by-4.0", "cc-by-2.5", "etalab-2.0", "other"} <= lists.values["license"]
    assert "fr" in lists.values["language"]
    assert not {"french", "fra", ""} & lists.values["language"]
    assert "named-entity-recognition" in lists.tasks["token-classification"]
    assert set(lists.required) <= lists.keys
    for rows in (0, 999, 1000, 10**6, 10**9, 10**13):
        assert sum(size_holds(name, rows) for name in lists.values["size_categories"]) == 1
