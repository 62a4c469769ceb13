"""A pipeline is published as a model repository on the Hugging Face Hub, and read back."""

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from balise.hub import MAY_WRITE, Repository
from balise.jsonl import read_json
from balise.model.card import render_card
from balise.model.licences import write_licences
from balise.model.package import package
from balise.model.results import Evaluation
from balise.scratch import scratch_folder


class Pushed(msgspec.Struct, frozen=True):
    """Where a model was published: repository, commit, tag, and how many files were compared."""

    repo: str
    url: str
    commit: str
    tag: str | None
    files: int


def push(
    model: Path,
    repo: str,
    reports: Sequence[Path] = (),
    *,
    name: str = "conflict_news",
    version: str = "0.1.0",
    private: bool = False,
    tag: str | None = None,
) -> Pushed:
    """Publish a pipeline's folder, its wheel and its card as one commit, and compare what is there.

    The repository is made where it is not there yet. The token is the Hub client's own: the
    variable HF_TOKEN, or what `hf auth login` keeps. Files of an earlier push that are not sent
    again go. A push of what is there already makes no commit.

    Raises:
        UsageError: the repository's name is none.
        BaliseError: there is no pipeline at `model`, a report is broken or measured another
            pipeline, the temporary folder cannot be written, the Hub refuses or cannot be reached,
            something else than what was sent is there afterwards, or the tag stands on another
            commit. What fails after the commit says that it is published.
    """
    hub = Repository(repo, "model")
    evaluations = [read_json(report, Evaluation) for report in reports]
    with scratch_folder() as scratch:
        folder = _lay_out(scratch, model, evaluations, name, version, repo)
        with hub.asking("the Hub did not take it", MAY_WRITE):
            url = hub.api.create_repo(repo, private=private, exist_ok=True)
        commit, number = hub.publish(folder, f"fr_{name} {version}")
        if tag is not None:
            hub.tag(
                tag,
                commit,
                "push again with another --tag, or delete that one on the Hub before",
            )
    return Pushed(repo, str(url), commit, tag, number)


def _lay_out(
    scratch: Path,
    model: Path,
    evaluations: Sequence[Evaluation],
    name: str,
    version: str,
    repo: str,
) -> Path:
    folder = scratch / "repository"
    wheel = package(model, scratch / "dist", name, version, evaluations)
    shutil.copytree(model, folder)
    shutil.copy(wheel, folder)
    meta = read_json(model / "meta.json", dict[str, Any])
    write_licences(folder, meta)
    card = render_card(meta, evaluations, name, version, repo)
    (folder / "README.md").write_text(card, encoding="utf-8", newline="\n")
    return folder
