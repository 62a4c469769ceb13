"""What people do to a project by hand is seen and named, and nothing of the work is lost."""

from collections.abc import Callable
from pathlib import Path

import pytest

from balise.batches import load_batch
from balise.doccano.client import Server
from balise.doccano.credentials import Logins
from balise.doccano.findings import Finding
from balise.doccano.mark import read_mark
from balise.doccano.progress import Watch
from balise.doccano.pull import Pulled, pull
from balise.doccano.push import push
from balise.doccano.reading import SetAside
from balise.doccano.replay import replay
from balise.doccano.wire import ServerProject
from balise.errors import BaliseError
from balise.files import locked
from balise.jsonl import read_jsonl
from balise.labels import LabelScheme
from balise.records import Annotation
from small_batch import SmallBatch

pytestmark = pytest.mark.doccano
Make = Callable[..., SmallBatch]


class Team:
    """A batch of one annotator that was pushed, read and pulled once."""

    def __init__(
        self, batch: SmallBatch, server: Server, logins: Logins, labels: LabelScheme
    ) -> None:
        self.batch, self.server, self.logins, self.labels = batch, server, logins, labels
        push(batch.make(), server, logins, labels)
        self.project = server.require_project(f"{batch.name}.anne")
        self.aside = batch.annotations.parent / "aside"

    def read_all(self) -> None:
        """Enter the recorded readings, as the annotator would."""
        replay(self.server, self.project, self.batch.readings)

    def pull(self) -> Pulled:
        batch = self.batch
        [pulled] = pull(
            load_batch(batch.folder),
            self.server,
            batch.articles,
            self.labels,
            batch.annotations,
            self.aside,
        )
        return pulled

    def push(self) -> tuple[int, tuple[Finding, ...]]:
        [done] = push(self.batch.folder, self.server, self.logins, self.labels)
        return done.added, done.findings

    def files(self) -> dict[Path, bytes]:
        return {path: path.read_bytes() for path in self.batch.annotations.rglob("*.json*")}

    def readings(self) -> list[Annotation]:
        return read_jsonl(self.batch.annotations / self.batch.name / "anne.jsonl", Annotation)

    def patch(self, **fields: object) -> None:
        body = {"resourcetype": "SequenceLabelingProject", **fields}
        self.server.call("PATCH", f"projects/{self.project.id}", "patch", json=body)

    def clone(self) -> ServerProject:
        made = self.server.call("POST", f"projects/{self.project.id}/clone", "clone")
        return self.server.project(made["id"])


@pytest.fixture
def team(
    make: Make,
    server: Server,
    logins: Logins,
    labels: LabelScheme,
    request: pytest.FixtureRequest,
) -> Team:
    name = request.node.name.removeprefix("test_").replace("_", "-")[:40]
    return Team(make(name), server, logins, labels)


def levels(findings: tuple[Finding, ...]) -> list[str]:
    return [finding.level for finding in findings]


def test_text_altered_in_doccano_is_set_aside_and_the_rest_is_pulled(team: Team) -> None:
    team.read_all()
    first, *others = team.server.examples(team.project)
    path = f"projects/{team.project.id}/examples/{first.id}"
    altered = {"text": "Un tout autre texte", "meta": first.meta}
    team.server.call("PUT", path, "alter", json=altered)
    pulled = team.pull()
    [finding] = pulled.findings
    assert finding.level == "fault"
    assert finding.problem == "the text changed under its spans"
    assert f"document {first.id}" in finding.place
    article = first.row_meta["article"]
    assert pulled.set_aside == (article,)
    assert (pulled.confirmed, pulled.unconfirmed) == (2, 0)
    assert [one.article for one in team.readings()] == sorted(
        one.row_meta["article"] for one in others
    )
    [kept] = read_jsonl(team.aside / team.batch.name / "anne.jsonl", SetAside)
    assert (kept.article, kept.document, kept.text) == (article, first.id, "Un tout autre texte")
    assert kept.label
    with pytest.raises(BaliseError, match="the text changed under its spans"):
        team.push()
    team.server.call("PUT", path, "restore", json={"text": first.text, "meta": first.meta})
    assert team.pull().findings == ()
    assert [one.spans for one in team.readings()] == [one.spans for one in team.batch.readings]


def test_a_reading_that_was_pulled_stays_when_its_text_is_altered_later(team: Team) -> None:
    team.read_all()
    team.pull()
    before = team.files()
    first = team.server.examples(team.project)[0]
    path = f"projects/{team.project.id}/examples/{first.id}"
    team.server.call("PUT", path, "alter", json={"text": "Autre", "meta": first.meta})
    pulled = team.pull()
    assert (pulled.changed, pulled.withdrawn) == (0, ())
    assert pulled.set_aside == (first.row_meta["article"],)
    assert team.files() == before


def test_deleted_documents_are_named_and_a_push_sends_them_again(team: Team) -> None:
    team.read_all()
    team.pull()
    before = team.files()
    gone = team.server.examples(team.project)[1]
    team.server.delete_examples(team.project, [gone.id])
    pulled = team.pull()
    [finding] = pulled.findings
    assert finding.level == "missing"
    assert "1 documents were deleted in Doccano" in finding.problem
    assert gone.row_meta["article"] in finding.problem
    assert pulled.withdrawn == (gone.row_meta["article"],)
    assert team.files() == before
    added, findings = team.push()
    assert (added, levels(findings)) == (1, ["missing"])
    assert team.push() == (0, ())
    assert team.pull().findings == ()
    assert team.files() == before
    assert len(team.server.examples(team.project)) == 3


def test_a_deleted_label_type_takes_its_spans_along_and_stops_the_pull(team: Team) -> None:
    team.read_all()
    team.pull()
    before = team.files()
    types = {name: id_ for id_, name in team.server.label_types(team.project).items()}
    path = f"projects/{team.project.id}/span-types"
    team.server.call("DELETE", f"{path}/{types['LOCATION']}", "delete")
    pulled = team.pull()
    [finding] = pulled.findings
    assert finding.level == "fault"
    assert "1 label types were deleted, and their spans with them (LOCATION)" in finding.problem
    assert (pulled.confirmed, pulled.changed, pulled.withdrawn) == (0, 0, ())
    assert team.files() == before
    # Made again by hand, the label is another one: its spans did not come back.
    team.server.call("POST", path, "make", json={"text": "LOCATION", "suffix_key": "l"})
    assert [finding.level for finding in team.pull().findings] == ["fault"]
    assert team.files() == before
    with pytest.raises(BaliseError, match="label types were deleted"):
        team.push()


def test_a_renamed_label_type_is_named(team: Team) -> None:
    team.read_all()
    types = {name: id_ for id_, name in team.server.label_types(team.project).items()}
    path = f"projects/{team.project.id}/span-types/{types['LOCATION']}"
    team.server.call("PATCH", path, "rename", json={"text": "LIEU"})
    [finding] = team.pull().findings
    assert "label LOCATION is named 'LIEU' now" in finding.problem
    assert not team.files()
    team.server.call("PATCH", path, "rename", json={"text": "LOCATION"})
    assert team.pull().findings == ()


def test_a_label_type_added_by_hand_is_named_and_its_document_is_set_aside(team: Team) -> None:
    team.read_all()
    path = f"projects/{team.project.id}/span-types"
    team.server.call("POST", path, "add", json={"text": "LIEU", "suffix_key": "z"})
    pulled = team.pull()
    assert levels(pulled.findings) == ["notice"]
    assert "label types were added by hand (LIEU)" in pulled.findings[0].problem
    assert pulled.confirmed == 3
    types = {name: id_ for id_, name in team.server.label_types(team.project).items()}
    example = team.server.examples(team.project)[0]
    team.server.add_span(team.project, example.id, (0, 2, types["LIEU"]))
    pulled = team.pull()
    assert levels(pulled.findings) == ["notice", "fault"]
    assert "label 'LIEU' is not in the label scheme" in pulled.findings[1].problem
    assert pulled.set_aside == (example.row_meta["article"],)
    assert len(team.readings()) == 3


def test_a_removed_member_is_named_and_let_in_again_by_a_push(team: Team) -> None:
    team.read_all()
    members = team.server.call("GET", f"projects/{team.project.id}/members", "members")
    [anne] = [one["id"] for one in members if one["username"] == "anne"]
    path = f"projects/{team.project.id}/members"
    team.server.call("DELETE", path, "remove", json={"ids": [anne]})
    pulled = team.pull()
    assert levels(pulled.findings) == ["missing"]
    assert "anne is no member of it" in pulled.findings[0].problem
    assert pulled.confirmed == 3
    added, findings = team.push()
    assert (added, levels(findings)) == (0, ["missing"])
    assert "anne" in [one.username for one in team.server.members(team.project)]
    assert team.push() == (0, ())


def test_a_second_annotator_in_a_project_is_named(team: Team) -> None:
    name = f"intrus-{team.project.id}"
    team.server.create_user(name, team.logins.create(name))
    team.server.add_annotator(team.project, name)
    [finding] = team.pull().findings
    assert finding.level == "notice"
    assert f"{name} can annotate in it too" in finding.problem


def test_a_renamed_project_is_followed_by_its_mark(team: Team) -> None:
    team.read_all()
    team.patch(name="un autre nom")
    pulled = team.pull()
    assert levels(pulled.findings) == ["notice"]
    assert f"was '{team.batch.name}.anne' when it was made" in pulled.findings[0].problem
    assert pulled.confirmed == 3
    assert team.push()[0] == 0
    assert team.server.find_project(f"{team.batch.name}.anne") is None
    assert team.readings()[0].origin == f"doccano:{team.batch.name}.anne"


def test_a_clone_is_named_and_the_original_is_pulled(team: Team) -> None:
    team.read_all()
    copy = team.clone()
    pulled = team.pull()
    assert levels(pulled.findings) == ["notice"]
    assert f"project {copy.id} ({copy.name}) is a copy of it" in pulled.findings[0].problem
    assert pulled.confirmed == 3
    assert team.push()[0] == 0
    assert len(team.server.examples(copy)) == 3


def test_work_done_in_a_clone_is_a_fault_that_no_pull_passes_over(team: Team) -> None:
    team.read_all()
    copy = team.clone()
    team.server.confirm(copy, team.server.examples(copy)[0])
    pulled = team.pull()
    assert levels(pulled.findings) == ["fault"]
    assert "1 documents were confirmed that no pull brings back" in pulled.findings[0].problem
    assert pulled.confirmed == 3
    with pytest.raises(BaliseError, match="is a copy of it"):
        team.push()


def test_a_project_whose_description_was_edited_is_named(team: Team) -> None:
    mark = team.server.project(team.project.id).description
    team.patch(description="Mon projet")
    for act in (team.pull, team.push):
        with pytest.raises(BaliseError, match=r"does not say that balise made it \('Mon projet'\)"):
            act()
    team.patch(description=mark)
    assert team.pull().findings == ()


def test_a_project_that_counts_graphemes_now_is_not_pulled(team: Team) -> None:
    team.read_all()
    team.patch(grapheme_mode=True)
    pulled = team.pull()
    assert levels(pulled.findings) == ["fault"]
    assert "counts graphemes now" in pulled.findings[0].problem
    assert not team.files()
    with pytest.raises(BaliseError, match="counts graphemes now"):
        team.push()


def test_a_project_that_is_not_collaborative_any_more_is_not_pulled(team: Team) -> None:
    team.patch(collaborative_annotation=False)
    assert "is not collaborative any more" in team.pull().findings[0].problem


def test_a_document_added_by_hand_is_named(team: Team) -> None:
    team.read_all()
    sent = team.server.send_file("x.jsonl", b'{"text": "Gaza", "label": [[0, 4, "LOCATION"]]}\n')
    team.server.import_file(team.project, "x.jsonl", sent)
    [added] = [one for one in team.server.examples(team.project) if not one.row_meta]
    pulled = team.pull()
    assert levels(pulled.findings) == ["notice"]
    assert f"document {added.id}" in pulled.findings[0].place
    assert pulled.confirmed == 3
    team.server.confirm(team.project, added)
    before = team.files()
    assert levels(team.pull().findings) == ["fault"]
    with pytest.raises(BaliseError, match="was added by hand"):
        team.push()
    assert team.files() == before
    assert added.id in [one.id for one in team.server.examples(team.project)]


def test_a_document_that_is_there_twice_is_set_aside(team: Team) -> None:
    team.read_all()
    first = team.server.examples(team.project)[0]
    body = {"text": first.text, "meta": first.meta}
    team.server.call("POST", f"projects/{team.project.id}/examples", "copy", json=body)
    pulled = team.pull()
    [finding] = pulled.findings
    assert (finding.level, finding.problem) == ("fault", "is there twice")
    assert pulled.set_aside == (first.row_meta["article"],)
    assert pulled.confirmed == 2
    with pytest.raises(BaliseError, match="is there twice"):
        team.push()


def test_a_span_beyond_its_text_is_named_with_its_article(team: Team) -> None:
    example = team.server.examples(team.project)[0]
    label = next(iter(team.server.label_types(team.project)))
    team.server.add_span(team.project, example.id, (0, 9999, label))
    team.server.confirm(team.project, example)
    [finding] = team.pull().findings
    assert example.row_meta["article"] in finding.place
    assert "0-9999 does not fit its text" in finding.problem
    assert finding.remedy.startswith("delete this span in Doccano")


def test_a_deleted_project_is_named_and_its_readings_stay(team: Team) -> None:
    team.read_all()
    team.pull()
    before = team.files()
    team.server.delete_project(team.project)
    pulled = team.pull()
    assert levels(pulled.findings) == ["fault"]
    assert f"no project '{team.batch.name}.anne'" in pulled.findings[0].problem
    assert (pulled.withdrawn, team.files()) == ((), before)


def test_progress_names_what_was_changed_too(team: Team) -> None:
    team.read_all()
    team.server.delete_examples(team.project, [team.server.examples(team.project)[0].id])
    [found] = Watch(load_batch(team.batch.folder), team.server, team.labels).look()
    assert (found.assigned, found.documents, found.confirmed) == (3, 2, 2)
    assert levels(found.findings) == ["missing"]


def test_two_pulls_at_once_do_not_write_over_each_other(team: Team) -> None:
    team.read_all()
    with (
        locked(team.batch.annotations),
        pytest.raises(BaliseError, match="another balise is writing here"),
    ):
        team.pull()
    assert team.pull().confirmed == 3


def test_the_mark_counts_what_is_there(team: Team) -> None:
    mark = read_mark(team.server.project(team.project.id).description)
    assert mark is not None
    assert (mark.project, mark.annotator) == (team.project.id, "anne")
    assert list(mark.pushes.values()) == [3]
    assert list(mark.labels) == list(team.server.label_types(team.project))
    assert read_mark(mark.text) == mark
