"""Audit: what became of suggestions, counted by hand, and what cannot be audited."""

import json
from collections.abc import Callable

import pytest

from annotations.audited import values
from annotations.small_project import Project
from balise.batches import Batch, Share, SuggesterName, TaskMeta
from balise.jsonl import read_jsonl, write_json, write_jsonl
from balise.labels import LabelScheme
from balise.records import Annotation
from balise.text import sha256
from markup import annotated, article, markup

# ---- a case that is counted by hand

TIYAS = (
    "[Daech](ARMED_GROUP) [attaque](EVENT) la base de [Tiyas](FACILITY) près de [Homs](FACILITY) "
    "lundi, dit l'[ONU](GOVERNMENT)."
)
GAZA = "Le [Hamas](ARMED_GROUP) et l'[ONU](GOVERNMENT) à Gaza."
RIEN = "Rien à signaler."
SUGGESTED = {"a-tiyas": TIYAS, "b-gaza": GAZA, "c-rien": RIEN}
# Daech accepted, attaque rejected, Tiyas with another boundary, Homs of another type, ONU both;
# lundi added.
ANNE_TIYAS = (
    "[Daech](ARMED_GROUP) attaque la [base de Tiyas](FACILITY) près de [Homs](LOCATION) "
    "[lundi](DATE), dit [l'ONU](ORGANIZATION)."
)
# Without seeing them: Daech and ONU as suggested.
BRUNO_TIYAS = (
    "[Daech](ARMED_GROUP) attaque la [base de Tiyas](FACILITY) près de [Homs](LOCATION) "
    "lundi, dit l'[ONU](GOVERNMENT)."
)
ANNE_GAZA = "Le [Hamas](ARMED_GROUP) et l'[ONU](GOVERNMENT) à [Gaza](LOCATION)."


def lay_out(
    project: Project,
    suggested: dict[str, str],
    blind: dict[str, tuple[str, ...]],
    *,
    suggester: bool = True,
) -> None:
    """Write articles and batch b1, whose annotators are the keys of `blind` and read all."""
    pairs = [
        annotated(id_, marked, "lexicon", confirmed=False) for id_, marked in suggested.items()
    ]
    project.add_articles(*(each for each, _ in pairs))
    folder = project.root / "build" / "tasks" / "b1"
    batch = Batch(
        batch="b1",
        annotators={name: Share((), tuple(suggested), hidden) for name, hidden in blind.items()},
        suggester=SuggesterName("lexicon", "1.2.3") if suggester else None,
        labels="1.0.0",
        overlap=len(blind),
        seed=0,
        articles=tuple(TaskMeta(each.id, each.sha256) for each, _ in pairs),
    )
    write_json(folder / "batch.json", batch)
    if suggester:
        write_jsonl(folder / "suggestions.jsonl", [suggestion for _, suggestion in pairs])


@pytest.fixture
def counted(empty: Project) -> Project:
    """Return the project that is counted by hand."""
    lay_out(empty, SUGGESTED, {"anne": (), "bruno": ("a-tiyas",)})
    path = empty.add_reading("b1", "anne", {"a-tiyas": ANNE_TIYAS, "b-gaza": ANNE_GAZA})
    unread = annotated("c-rien", RIEN, "anne", confirmed=False)[1]
    write_jsonl(path, [*read_jsonl(path, Annotation), unread])
    empty.add_reading("b1", "bruno", {"a-tiyas": BRUNO_TIYAS, "b-gaza": GAZA})
    return empty


COUNTS = ("suggested", "accepted", "boundary", "type", "boundary_and_type", "rejected", "added")


def test_each_suggestion_is_accepted_changed_or_rejected_under_its_own_label(
    counted: Project,
) -> None:
    made = counted.json("audit", "b1")
    rows = {row["label"]: row for row in (*made["labels"], made["overall"])}
    assert {
        label: values(row, *COUNTS) for label, row in rows.items() if any(values(row, *COUNTS))
    } == {
        "ARMED_GROUP": [3, 3, 0, 0, 0, 0, 0],
        "GOVERNMENT": [3, 2, 0, 0, 1, 0, 0],
        "LOCATION": [0, 0, 0, 0, 0, 0, 1],
        "FACILITY": [2, 0, 1, 1, 0, 0, 0],
        "EVENT": [1, 0, 0, 0, 0, 1, 0],
        "DATE": [0, 0, 0, 0, 0, 0, 1],
        "overall": [9, 5, 1, 1, 1, 1, 2],
    }
    overall = rows["overall"]
    assert values(overall, "changed", "marked") == [3, 10]
    assert values(overall, "acceptance", "change", "rejection", "addition") == pytest.approx(
        [5 / 9, 3 / 9, 1 / 9, 2 / 10]
    )
    assert rows["LOCATION"]["acceptance"] == {"value": None, "interval": None}


def test_each_annotator_has_a_row_and_what_they_do_unaided(counted: Project) -> None:
    anne, bruno = counted.json("audit", "b1")["annotators"]
    assert anne["readings"] == {"annotator": "anne", "shown": 2, "blind": 0, "unconfirmed": 1}
    assert bruno["readings"] == {"annotator": "bruno", "shown": 1, "blind": 1, "unconfirmed": 1}
    assert values(anne, "kept_whole", "with_suggestions", "unaided", "difference") == [
        1,
        2,
        None,
        None,
    ]
    assert values(anne["outcomes"], "accepted", "suggested", "added") == [3, 7, 2]
    assert values(bruno, "kept_whole", "with_suggestions") == [1, 1]
    assert values(bruno, "unaided", "difference") == pytest.approx([2 / 5, 1 - 2 / 5])


def test_the_suggester_is_scored_by_blind_readers_alone(counted: Project) -> None:
    suggester = counted.json("audit", "b1")["suggester"]
    assert (suggester["name"], suggester["version"]) == ("lexicon", "1.2.3")
    overall = suggester["overall"]
    assert values(overall, "suggested", "marked", "both") == [5, 4, 2]
    assert values(overall, "precision", "recall", "f1") == pytest.approx([2 / 5, 2 / 4, 4 / 9])
    [facility] = (row for row in suggester["labels"] if row["label"] == "FACILITY")
    assert values(facility, "suggested", "marked", "both", "precision", "recall") == [2, 1, 0, 0, 0]


def test_suggested_articles_stand_beside_blind_ones(counted: Project) -> None:
    made = counted.json("audit", "b1")["anchoring"]
    long, short = (len(markup(marked)[0]) for marked in (TIYAS, GAZA))
    names = ("readings", "articles", "characters", "spans", "suggested", "standing")
    assert values(made["shown"], *names) == [3, 2, long + 2 * short, 10, 9, 5]
    assert values(made["blind"], *names) == [1, 1, long, 4, 5, 2]
    measures = ("per_article", "per_1000", "share")
    shown = [10 / 3, 1000 * 10 / (long + 2 * short), 5 / 9]
    blind = [4, 1000 * 4 / long, 2 / 5]
    assert values(made["shown"], *measures) == pytest.approx(shown)
    assert values(made["blind"], *measures) == pytest.approx(blind)
    assert values(made["difference"], *measures) == pytest.approx(
        [one - other for one, other in zip(shown, blind, strict=True)]
    )
    # One blind article says nothing of how articles differ; no label has ten suggestions.
    assert made["difference"]["share"]["interval"] is None
    assert made["labels"] == []


def test_two_readers_of_one_text_are_held_against_the_suggestions_and_each_other(
    counted: Project,
) -> None:
    made = counted.json("audit", "b1")
    paired = made["paired"]
    assert (paired["articles"], paired["pairs"]) == (1, 1)
    figures = ("shown", "blind", "difference")
    assert values(paired["f1"], *figures) == pytest.approx([2 / 10, 4 / 9, 2 / 10 - 4 / 9])
    assert values(paired["share"], *figures) == pytest.approx([1 / 5, 2 / 5, -1 / 5])
    agreement = made["agreement"]
    # Of Gaza both have two of three and two; of Tiyas three of five and four.
    assert values(agreement["both_shown"], "articles", "pairs", "f1") == [
        1,
        1,
        pytest.approx(4 / 5),
    ]
    assert values(agreement["one_blind"], "articles", "pairs", "f1") == [1, 1, pytest.approx(6 / 9)]
    assert values(agreement["both_blind"], "pairs", "f1") == [0, None]
    assert agreement["difference"]["value"] == pytest.approx(4 / 5 - 6 / 9)


def test_what_is_not_confirmed_not_assigned_or_adjudicated_counts_nowhere(counted: Project) -> None:
    before = counted.json("audit", "b1")
    counted.add_reading("b1", "adjudication", {"a-tiyas": ANNE_TIYAS})
    counted.add_reading("b1", "zoe", {"a-tiyas": ANNE_TIYAS, "b-gaza": ANNE_GAZA})
    counted.add_reading("b2", "anne", {"b-gaza": GAZA})
    after = counted.json("audit", "b1")
    assert (before["unconfirmed"], before["unassigned"]) == (2, 0)
    assert (after.pop("unassigned"), before.pop("unassigned")) == (2, 0)
    assert after == before


def test_the_figures_are_written_with_their_origin_and_come_out_the_same(
    counted: Project, labels: LabelScheme
) -> None:
    made = counted.json("audit", "b1", "--seed", "7", "--resamples", "100")
    path = counted.root / "build" / "annotations" / "audit.json"
    first = path.read_bytes()
    assert json.loads(first) == made
    assert (made["batch"], made["resamples"], made["articles"]) == ("b1", 100, 2)
    assert (made["origin"]["labels"], made["origin"]["seed"]) == (labels.version, 7)
    assert counted.run("audit", "b1", "--seed", "7", "--resamples", "100").exit_code == 0
    assert path.read_bytes() == first
    counted.add_reading("b1", "bruno", {"a-tiyas": BRUNO_TIYAS, "b-gaza": ANNE_GAZA})
    assert counted.json("audit", "b1")["origin"]["corpus"] != made["origin"]["corpus"]


def test_the_tables_say_what_the_file_says(counted: Project) -> None:
    shown = counted.run("audit", "b1").stdout
    assert "Suggestions by lexicon 1.2.3 in 3 readings that showed them" in shown
    [overall] = [
        line for line in shown.splitlines() if line.startswith("│ overall") and " 9 │" in line
    ]
    assert [cell.strip() for cell in overall.split("│")[2:-1]] == list("95111" + "12")
    assert "left out: 2 readings that are not confirmed" in shown
    assert "+0.156" in shown  # 5/9 - 2/5


def test_without_a_blind_reading_the_command_says_what_is_missing(counted: Project) -> None:
    lay_out(counted, SUGGESTED, {"anne": (), "bruno": ()})
    shown = counted.run("audit", "b1").stdout
    assert "No blind reading is confirmed" in shown
    made = counted.json("audit", "b1")
    assert made["anchoring"]["blind"]["readings"] == 0
    assert made["anchoring"]["difference"]["share"]["value"] is None
    assert made["suggester"]["overall"]["precision"]["value"] is None


# ---- what cannot be audited


def test_a_batch_that_is_no_longer_there_is_refused(counted: Project) -> None:
    (counted.root / "build" / "tasks" / "b1" / "batch.json").unlink()
    message = counted.refuses("audit", "b1")
    assert "what was suggested, and to whom, is not here" in message
    assert "it comes out the same" in message


def test_missing_suggestions_are_refused(counted: Project) -> None:
    path = counted.root / "build" / "tasks" / "b1" / "suggestions.jsonl"
    kept = read_jsonl(path, Annotation)
    write_jsonl(path, kept[1:])
    assert "holds nothing of article a-tiyas" in counted.refuses("audit", "b1")
    path.unlink()
    assert "the suggestions are not here" in counted.refuses("audit", "b1")


def test_a_batch_without_a_suggester_is_refused(counted: Project) -> None:
    lay_out(counted, SUGGESTED, {"anne": (), "bruno": ()}, suggester=False)
    assert "no suggester ran on this batch" in counted.refuses("audit", "b1")


def test_a_batch_without_a_confirmed_reading_is_refused(empty: Project) -> None:
    lay_out(empty, SUGGESTED, {"anne": ()})
    assert "no readings here" in empty.refuses("audit", "b1")
    empty.add_reading("b1", "anne", {"b-gaza": GAZA}, confirmed=False)
    assert "is confirmed; let annotators confirm" in empty.refuses("audit", "b1")
    empty.add_reading("b1", "zoe", {"b-gaza": GAZA})
    assert "1 are of articles that it gives to others" in empty.refuses("audit", "b1")


def change_reading(project: Project) -> None:
    project.add_reading("b1", "bruno", {"c-rien": RIEN + " !"})


def change_suggestions(project: Project) -> None:
    path = project.root / "build" / "tasks" / "b1" / "suggestions.jsonl"
    other = annotated("c-rien", RIEN + " !", "lexicon", confirmed=False)[1]
    write_jsonl(path, [*read_jsonl(path, Annotation)[:2], other])


def change_corpus(project: Project) -> None:
    texts = {id_: markup(marked)[0] for id_, marked in SUGGESTED.items()} | {"b-gaza": "Autre."}
    project.add_articles(*(article(id_, text) for id_, text in texts.items()))


@pytest.mark.parametrize(
    ("change", "named"),
    [(change_reading, "c-rien"), (change_suggestions, "c-rien"), (change_corpus, "b-gaza")],
)
def test_another_text_than_the_one_that_was_sent_is_refused(
    counted: Project, change: Callable[[Project], None], named: str
) -> None:
    change(counted)
    message = counted.refuses("audit", "b1")
    assert f"{named} is another text here than in the batch" in message
    assert sha256(markup(SUGGESTED[named])[0])[:12] in message


@pytest.mark.parametrize(
    "out",
    ["annotations/b1/anne.jsonl", "annotations/gold.jsonl", "build/tasks/b1/suggestions.jsonl"],
)
def test_what_is_read_is_never_overwritten(counted: Project, out: str) -> None:
    counted.write("annotations/gold.jsonl", "")
    assert "would be lost" in counted.refuses("audit", "b1", "--out", out, code=2)


def test_a_name_that_is_no_batch_is_refused(counted: Project) -> None:
    assert "cannot be a batch's name" in counted.refuses("audit", "../b1", code=2)
