"""`balise dataset push`, `pull` and `diff`: the dataset on the Hub, and what differs from it."""

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from balise.cli.common import (
    ANNOTATIONS,
    BUILD,
    CORPUS,
    DATASET,
    GOLD,
    LABELS,
    SPLITS,
    AnnotationsDir,
    AsJson,
    CorpusDir,
    GoldFile,
    LabelsFile,
    SplitsFile,
    command,
    print_table,
    progress,
    summarise,
)
from balise.dataset.hub.diff import Count, Diff, Names, diff_contents
from balise.dataset.hub.published import read_side
from balise.dataset.hub.pull import pull_dataset
from balise.dataset.hub.push import Access, Pushed, push_dataset
from balise.dataset.release import Inputs

Repo = Annotated[str, typer.Argument(metavar="ORG/NAME", help="Dataset repository on the Hub.")]
Side = "A dataset's folder, ORG/NAME or ORG/NAME@X.Y.Z."


def register(app: typer.Typer) -> None:
    """Add `push`, `pull` and `diff` to the group `balise dataset`."""
    command(app, "push", "balise dataset push ORG/balise-ner --gated")(push)
    command(app, "pull", "balise dataset pull ORG/balise-ner --version 0.1.0")(pull)
    command(app, "diff", "balise dataset diff ORG/balise-ner@0.1.0 build/dataset")(diff)


def push(
    repo: Repo,
    folder: Annotated[Path, typer.Option(help="The dataset's folder.")] = DATASET,
    yes: Annotated[
        bool, typer.Option("--yes", help="Publish; without it nothing is sent.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Publish a smaller gold or an older version too.")
    ] = False,
    private: Annotated[bool, typer.Option("--private", help="Only its members see it.")] = False,
    gated: Annotated[
        bool, typer.Option("--gated", help="Who wants to read it asks, and you decide.")
    ] = False,
    corpus: CorpusDir = CORPUS,
    annotations: AnnotationsDir = ANNOTATIONS,
    gold: GoldFile = GOLD,
    splits: SplitsFile = SPLITS,
    labels: LabelsFile = LABELS,
    as_json: AsJson = False,
) -> None:
    """Show what publishing the folder would change on the Hub; with --yes publish it.

    One commit, read back and tagged with the version. Corpus and annotations must be what the
    dataset was built from, and committed in git where it holds them. The token is HF_TOKEN or what
    `hf auth login` keeps.
    """
    done = push_dataset(
        folder,
        repo,
        Inputs(gold, corpus, splits, labels, annotations=annotations),
        Access(private, gated),
        yes=yes,
        force=force,
        track=_downloading,
        say=_say,
    )
    if not as_json:
        _show(done.diff, repo, str(folder))
    summarise(as_json, msgspec.to_builtins(done), *_ending(done))
    if done.refusals:
        raise typer.Exit(1)


def pull(
    repo: Repo,
    version: Annotated[
        str | None, typer.Option(help="The version, X.Y.Z; otherwise what is newest.")
    ] = None,
    out: Annotated[Path, typer.Option(help="The folder; an older one is replaced.")] = BUILD
    / "published",
    as_json: AsJson = False,
) -> None:
    """Bring a published version down and hold it against its manifest."""
    done = pull_dataset(repo, out, version, _downloading)
    summarise(
        as_json,
        msgspec.to_builtins(done),
        f"version {done.version} of {repo}, commit {done.commit[:12]}: {done.files} files are "
        f"what its manifest says → {done.out}",
    )


def diff(
    old: Annotated[str, typer.Argument(metavar="OLD", help=Side)],
    new: Annotated[str, typer.Argument(metavar="NEW", help=Side)],
    as_json: AsJson = False,
) -> None:
    """Compare two datasets: rows by id, labels, licences, files."""
    found = diff_contents(read_side(old, _downloading), read_side(new, _downloading))
    if as_json:
        summarise(as_json, msgspec.to_builtins(found))
    else:
        _show(found, old, new)


def _downloading(paths: Sequence[str]) -> Iterable[str]:
    return progress(paths, "Bringing files down")


def _say(step: str) -> None:
    if sys.stderr.isatty():
        print(f"{step}…", file=sys.stderr)


def _ending(done: Pushed) -> list[str]:
    opened = [name for name, asked in msgspec.structs.asdict(done.access).items() if asked]
    state = f"{' and '.join(opened)}, " if opened else ""
    if not done.dry:
        made = f"commit {str(done.commit)[:12]}" + ("" if done.made else " was there already")
        return [f"{done.url}: {state}{made}, {done.files} files compared, tagged {done.tag}"]
    lines = [f"would be refused: {each}" for each in done.refusals]
    if not done.there:
        lines.append(f"{done.repo} is not on the Hub, or not to be seen with this token")
    if done.refusals:
        return [*lines, "nothing was sent"]
    return [*lines, f"nothing was sent; with --yes it becomes {state}{done.tag} at {done.url}"]


def _show(found: Diff, old: str, new: str) -> None:
    """Print what differs, and only that, as tables and lists."""
    print_table(
        f"{_named(old, found.old)} → {_named(new, found.new)}",
        ("config/split", "rows before", "now", "added", "changed", "removed", "moved here"),
        (
            (
                f"{each.config}/{each.split}",
                each.rows.old,
                each.rows.new,
                *map(len, (each.added, each.changed, each.removed, each.moved)),
            )
            for each in found.rows
        ),
    )
    gold = {"articles": found.articles, "spans": found.spans}
    licences = {f"licence {name}": count for name, count in found.licences.items()}
    counts = gold | licences
    print_table("Gold", ("", "before → now"), ((n, _count(c)) for n, c in counts.items()))
    names = sorted({label for labels in found.labels.values() for label in labels})
    print_table(
        "Spans by label",
        ("label", *found.labels),
        (
            (name, *(_count(labels.get(name, Count(0, 0))) for labels in found.labels.values()))
            for name in names
        ),
    )
    lines = [
        f"{config}: column {line}"
        for config, names in found.columns.items()
        for line in _list(names)
    ]
    lines += _list(found.files) or ["all files are the same"]
    summarise(False, {}, *lines)


def _named(where: str, version: str | None) -> str:
    return f"{where} ({'nothing of balise' if version is None else version})"


def _count(count: Count) -> str:
    return str(count.new) if count.old == count.new else f"{count.old} → {count.new}"


def _list(names: Names) -> list[str]:
    return [
        *(f"+ {name}" for name in names.added),
        *(f"~ {name}" for name in names.changed),
        *(f"- {name}" for name in names.removed),
    ]
