"""`balise model package` and `balise model push`."""

from pathlib import Path
from typing import Annotated

import msgspec
import typer

from balise.cli.common import BUILD, AsJson, command, summarise
from balise.jsonl import read_json
from balise.model.package import package as build_package
from balise.model.push import push as push_model
from balise.model.results import Evaluation

Model = Annotated[Path, typer.Argument(metavar="MODEL", help="A trained pipeline's folder.")]
Name = Annotated[str, typer.Option(help="Name after fr_.")]
Version = Annotated[str, typer.Option(help="Version of the package.")]
Reports = Annotated[
    list[Path],
    typer.Option(
        "--report",
        help="A report.json of `model evaluate` whose figures the card shows; repeatable.",
    ),
]


def register(app: typer.Typer) -> None:
    """Add `package` and `push` to the group `balise model`."""
    command(app, "package", "balise model package build/model/conflict_news/model-best")(package)
    command(
        app,
        "push",
        "balise model push build/model/conflict_news/model-best OWNER/fr_conflict_news "
        "--report build/model/reports/conflict_news/report.json",
    )(push)


def package(
    model: Model,
    out: Annotated[Path, typer.Option(help="Folder of the wheel.")] = BUILD / "model" / "dist",
    name: Name = "conflict_news",
    version: Version = "0.1.0",
    report: Reports = [],  # noqa: B006  # typer copies it
    as_json: AsJson = False,
) -> None:
    """Build a wheel of a pipeline, with the tokenizer and a model card inside."""
    evaluations = [read_json(each, Evaluation) for each in report]
    wheel = build_package(model, out, name, version, evaluations)
    module = f"fr_{name}"
    summarise(
        as_json,
        {"wheel": str(wheel), "module": module},
        f"{wheel} ({wheel.stat().st_size / 1e6:.1f} MB)",
        f"Install it with `pip install {wheel}` and load it with spacy.load({module!r})",
    )


def push(
    model: Model,
    repo: Annotated[str, typer.Argument(metavar="OWNER/NAME", help="Repository on the Hub.")],
    name: Name = "conflict_news",
    version: Version = "0.1.0",
    report: Reports = [],  # noqa: B006  # typer copies it
    private: Annotated[bool, typer.Option("--private", help="Only you see a new one.")] = False,
    tag: Annotated[str | None, typer.Option(help="A tag for this version, as v0.1.0.")] = None,
    as_json: AsJson = False,
) -> None:
    """Publish a pipeline, its wheel and its card on the Hub; read back what is there."""
    done = push_model(model, repo, report, name=name, version=version, private=private, tag=tag)
    summarise(
        as_json,
        msgspec.to_builtins(done),
        f"{done.url}: {done.files} files compared at commit {done.commit[:12]}"
        + (f", tagged {done.tag}" if done.tag else ""),
    )
