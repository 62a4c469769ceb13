"""Disagreements go to an adjudicator in a real Doccano, and the decisions come back into gold."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from balise.batches import Batch, Share, encode_row
from balise.cli.main import app
from balise.doccano.client import Server
from balise.doccano.credentials import Logins
from balise.doccano.push import push
from balise.doccano.wire import ServerExample, ServerProject
from balise.jsonl import read_jsonl, write_json, write_jsonl
from balise.labels import LabelScheme
from balise.offsets import OffsetMap
from balise.records import Annotation, Gold
from conftest import ROOT
from markup import markup
from small_batch import MARKED, SmallBatch

pytestmark = pytest.mark.doccano
Make = Callable[..., SmallBatch]

GOMA, KIEV, MALI = sorted(MARKED)
# What one reader makes of two articles, and the adjudicator of the first.
BRUNO = {
    GOMA: "😀 Tirs à [Goma](LOCATION) : le M23 a tué "
    "[dix](CASUALTIES) civils.\nL’[ONU](ORGANIZATION) condamne.",
    KIEV: "🇫🇷 [Kiev](LOCATION) : [des «\u00a0drones Shahed](WEAPON)\u00a0» "
    "[mardi](DATE) contre l’[aéroport de Jouliany](FACILITY).",
}
DECIDED = (
    "😀 [Tirs](EVENT) à [Goma](LOCATION) : le [M23](ARMED_GROUP) a tué "
    "[dix civils](CASUALTIES).\nL’[ONU](ORGANIZATION) condamne."
)
SHAHED = (
    "🇫🇷 [Kiev](LOCATION) : des «\u00a0drones [Shahed](WEAPON)\u00a0» mardi contre "
    "l’[aéroport de Jouliany](FACILITY)."
)
CHLOE = {
    GOMA: "😀 Tirs à [Goma](LOCATION) : le [M23](ARMED_GROUP) a [tué dix civils](CASUALTIES)."
    "\nL’[ONU](ORGANIZATION) condamne.",
    KIEV: MARKED[KIEV].replace("[mardi](DATE)", "mardi"),
}
LABELS = str(ROOT / "annotations" / "labels.toml")


class Team:
    """A batch that several annotators read, as the current folder."""

    def __init__(self, batch: SmallBatch, home: Path, server: Server) -> None:
        self.batch, self.home, self.server = batch, home, server
        self.folder = batch.annotations / batch.name
        self.folder.mkdir(parents=True)
        (batch.annotations / "guidelines.fr.md").write_text("# Consignes", encoding="utf-8")

    def write(self, annotator: str, **marked: str) -> list[Annotation]:
        """Keep a reading of every article: the recorded one, or as marked up."""
        own = {id_: markup(text)[1] for id_, text in {**MARKED, **marked}.items()}
        readings = [
            Annotation(id_, one.sha256, annotator, True, own[id_])
            for id_, one in sorted(self.batch.articles.items())
        ]
        write_jsonl(self.folder / f"{annotator}.jsonl", readings)
        return readings

    def have_been_pulled(self, readers: dict[str, dict[str, str]]) -> None:
        """Keep the readings as a pull leaves them, without the annotators' projects."""
        for annotator, marked in readers.items():
            self.write(annotator, **marked)
        # Nobody is waited for in Doccano, which saves the tests that do not look there time.
        nobody = {annotator: Share((), ()) for annotator in readers}
        batch = Batch(self.batch.name, nobody, None, "1", len(readers), 0, ())
        write_json(self.batch.folder / "batch.json", batch)

    def read_in_doccano(self, readers: dict[str, dict[str, str]], labels: LabelScheme) -> None:
        """Push the batch, with what each annotator will confirm as suggestions, and confirm."""
        self.batch.make()
        for annotator, marked in readers.items():
            rows = [
                encode_row(one.article, self.batch.articles[one.article].text or "", one.spans)
                for one in self.write(annotator, **marked)
            ]
            (self.batch.folder / f"{annotator}-001.jsonl").write_bytes(b"".join(rows))
            (self.folder / f"{annotator}.jsonl").unlink()
        push(self.batch.folder, self.server, Logins(self.home), labels)
        for annotator in readers:
            project = self.server.require_project(f"{self.batch.name}.{annotator}")
            for one in self.server.examples(project):
                self.server.confirm(project, one)

    @property
    def project(self) -> ServerProject:
        """The adjudicator's project."""
        return self.server.require_project(f"{self.batch.name}.adjudication")

    def documents(self) -> dict[str, ServerExample]:
        """List the adjudicator's documents by article."""
        found = self.server.examples(self.project)
        assert len({one.row_meta["article"] for one in found}) == len(found)
        return {one.row_meta["article"]: one for one in found}

    def decide(self, id_: str, marked: str, why: str) -> None:
        """Bring a document to the given spans, comment and confirm it, as the adjudicator."""
        url, password = self.server.url, Logins(self.home).password("adjudication")
        session, project = Server(url, "adjudication", password), self.project
        one = self.documents()[id_]
        labels = {name: label for label, name in session.label_types(project).items()}
        offsets = OffsetMap(one.text, "utf16")
        wanted = {
            (offsets.to_unit(span.start), offsets.to_unit(span.end), labels[span.label])
            for span in markup(marked)[1]
        }
        there = {
            (span.start_offset, span.end_offset, span.label): span.id
            for span in session.spans(project, one.id)
        }
        for span in there.keys() - wanted:
            session.delete_span(project, one.id, there[span])
        for span in wanted - there.keys():
            session.add_span(project, one.id, span)
        session.comment(project, one.id, why)
        session.confirm(project, one)

    def call(self, group: str, command: str, *more: str) -> Result:
        folders = ("--tasks", "tasks", "--home", str(self.home))
        words = [group, command, self.batch.name, *folders, "--labels", LABELS, *more]
        result = CliRunner().invoke(app, words)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    def run(self, group: str, command: str, *more: str) -> dict[str, Any]:
        result = self.call(group, command, *more, "--json")
        assert result.exit_code == 0, result.output
        found: dict[str, Any] = json.loads(result.stdout)
        return found

    def gold(self) -> dict[str, Gold]:
        return {one.article: one for one in read_jsonl(Path("annotations/gold.jsonl"), Gold)}

    def decisions(self) -> list[Annotation]:
        return read_jsonl(self.folder / "adjudication.jsonl", Annotation)

    def files(self) -> dict[str, bytes]:
        return {str(path): path.read_bytes() for path in Path().rglob("*") if path.is_file()}


@pytest.fixture
def team(
    make: Make, home: Path, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Team]:
    """Make a batch of annotators who read in the current folder."""
    monkeypatch.chdir(tmp_path)
    return lambda name, *readers: Team(make(name, list(readers)), home, server)


def test_two_annotators_differ_and_what_the_adjudicator_decides_becomes_gold(
    team: Callable[..., Team], labels: LabelScheme
) -> None:
    one = team("arbitrage", "anne", "bruno")
    one.read_in_doccano({"anne": {}, "bruno": BRUNO}, labels)
    assert one.run("doccano", "pull")["gold"] is None
    made = one.run("annotations", "adjudicate")
    assert made["undecided"] == made["added"] == [GOMA, KIEV]
    assert made["pushed"]["added"] == 2

    documents = one.documents()
    assert sorted(documents) == [GOMA, KIEV]
    surfaces = {
        id_: sorted(
            each.text.encode("utf-16-le")[2 * s.start_offset : 2 * s.end_offset].decode("utf-16-le")
            for s in one.server.spans(one.project, each.id)
        )
        for id_, each in documents.items()
    }
    assert surfaces == {GOMA: ["Goma", "ONU"], KIEV: ["Kiev", "aéroport de Jouliany", "mardi"]}
    talk = one.server.comments(one.project)
    assert {each.text for each in talk if each.example == documents[GOMA].id} == {
        "anne : « M23 » ARMED_GROUP 19–22 ; « dix civils » CASUALTIES 29–39",
        "bruno : « dix » CASUALTIES 29–32",
    }
    assert documents[KIEV].row_meta["readings"] == {
        "anne": ["« drones Shahed » WEAPON 16–29"],
        "bruno": ["« des « drones Shahed » WEAPON 10–29"],
    }

    one.decide(GOMA, DECIDED, "« Tirs » : acte de violence.")
    [anne, bruno, own] = one.run("doccano", "progress")["progress"]
    assert [each["annotator"] for each in (anne, bruno, own)] == ["anne", "bruno", "adjudication"]
    assert (own["assigned"], own["documents"], own["confirmed"]) == (2, 2, 1)

    pulled = one.run("doccano", "pull")
    assert pulled["gold"]["made"]["decisions"] == {"adjudicated": 1, "agreed": 1}
    assert pulled["findings"] == []
    gold = one.gold()
    assert sorted(gold) == [GOMA, MALI]
    assert gold[GOMA].spans == markup(DECIDED)[1]
    assert gold[GOMA].decision == "adjudicated"
    assert gold[GOMA].reason == "« Tirs » : acte de violence."
    assert (gold[GOMA].annotators, gold[MALI].decision) == (("anne", "bruno"), "agreed")

    before, talk = one.files(), one.server.comments(one.project)
    said = one.call("annotations", "adjudicate").stdout
    assert "undecided articles: 1 (0 new)" in said
    assert "arbitrage.adjudication: 0 documents added" in said
    assert "gold.jsonl" not in one.call("doccano", "pull").stdout
    assert one.files() == before
    assert one.server.comments(one.project) == talk
    assert one.documents().keys() == documents.keys()


def test_readings_that_changed_since_are_named_until_the_article_is_sent_anew(
    team: Callable[..., Team],
) -> None:
    one = team("change", "anne", "bruno")
    one.have_been_pulled({"anne": {}, "bruno": {KIEV: BRUNO[KIEV]}})
    one.run("annotations", "adjudicate")
    one.decide(KIEV, MARKED[KIEV], "Sans le déterminant.")
    one.write("bruno", **{KIEV: SHAHED})

    [finding] = one.run("doccano", "pull")["findings"]
    assert finding["level"] == "notice"
    assert "changed since the adjudicator decided (anne, bruno)" in finding["problem"]
    assert one.run("annotations", "adjudicate")["findings"] == [finding]

    one.server.delete_examples(one.project, [one.documents()[KIEV].id])
    sent = one.run("annotations", "adjudicate")
    assert (sent["pushed"]["added"], sent["findings"]) == (1, [])
    pulled = one.run("doccano", "pull")
    assert pulled["findings"] == []
    assert pulled["pulled"][-1]["withdrawn"] == [KIEV]
    assert one.gold()[KIEV].spans == markup(MARKED[KIEV])[1]


def test_where_gold_cannot_be_made_the_decisions_are_safe_and_gold_follows_later(
    team: Callable[..., Team],
) -> None:
    one = team("panne", "anne", "bruno")
    one.have_been_pulled({"anne": {}, "bruno": {KIEV: BRUNO[KIEV]}})
    one.run("annotations", "adjudicate", "--no-push")
    assert [each["level"] for each in one.run("doccano", "pull")["findings"]] == ["missing"]
    assert one.run("doccano", "progress")["progress"] == []
    one.run("annotations", "adjudicate")
    one.decide(KIEV, MARKED[KIEV], "Sans article.")
    broken = Path("annotations/autre/chloe.jsonl")
    broken.parent.mkdir()
    broken.write_text("{}\n", encoding="utf-8")
    result = one.call("doccano", "pull", "--json")
    assert result.exit_code == 1
    assert "chloe.jsonl:1: not a valid Annotation" in json.loads(result.stdout)["gold"]["problem"]
    [decision] = one.decisions()
    assert (decision.spans, decision.comments) == (markup(MARKED[KIEV])[1], ("Sans article.",))
    assert not Path("annotations/gold.jsonl").exists()
    broken.unlink()
    assert one.run("doccano", "pull", "--no-gold")["gold"] is None
    assert not Path("annotations/gold.jsonl").exists()
    assert one.run("doccano", "pull")["gold"]["problem"] is None
    assert one.gold()[KIEV].reason == "Sans article."


def test_votes_of_three_decide_until_a_person_does(team: Callable[..., Team]) -> None:
    one = team("vote", "anne", "bruno", "chloe")
    one.have_been_pulled({"anne": {}, "bruno": BRUNO, "chloe": CHLOE})
    assert one.run("annotations", "adjudicate")["undecided"] == [GOMA, KIEV]
    made = one.run("annotations", "adjudicate", "--auto", "majority")
    assert (made["majority"]["changed"], made["undecided"]) == ([KIEV], [GOMA])
    before = one.files()
    one.run("annotations", "adjudicate", "--auto", "majority", "--no-push")
    assert one.files() == before
    [adjudication] = one.run("doccano", "pull")["pulled"]
    assert (adjudication["confirmed"], adjudication["withdrawn"]) == (0, [])
    assert CliRunner().invoke(app, ["annotations", "gold", "--labels", LABELS]).exit_code == 0
    voted = one.gold()[KIEV]
    assert (voted.decision, voted.spans) == ("majority", markup(MARKED[KIEV])[1])
    assert "kept 'drones Shahed' WEAPON 16–29: 2 of 3 (anne, chloe)" in str(voted.reason)

    one.decide(KIEV, SHAHED, "La marque seule.")
    one.run("doccano", "pull")
    decided = one.gold()[KIEV]
    assert (decided.decision, decided.reason) == ("adjudicated", "La marque seule.")
    assert decided.spans == markup(SHAHED)[1]
    one.run("annotations", "adjudicate", "--auto", "majority", "--no-push")
    assert [reading.spans for reading in one.decisions()] == [decided.spans]
