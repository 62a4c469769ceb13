"""balise corpus: articles from files and web pages."""

import sys
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from balise.cli.common import (
    BUILD,
    CORPUS,
    TEXTS,
    AsJson,
    CorpusDir,
    TextsDir,
    command,
    print_table,
    progress,
    summarise,
)
from balise.corpus.add import add_files
from balise.corpus.check import check_corpus
from balise.corpus.inputs import Row
from balise.corpus.stats import corpus_stats
from balise.near import SENTENCE_RESEMBLANCE
from balise.records import Publishable

app = typer.Typer(
    name="corpus", help="Files and web pages become articles in corpus/.", no_args_is_help=True
)

FIELDS = "Fields of every article whose file does not state them"


@command(app, "add", "balise corpus add seeds/*.txt --source seed --publishable standoff")
def add(
    files: Annotated[list[Path], typer.Argument(help="Files: .txt, .jsonl, .csv or .html.")],
    source: Annotated[str, typer.Option(help="The source's name; its file is <name>.jsonl.")],
    corpus: CorpusDir = CORPUS,
    rejects: Annotated[Path, typer.Option(help="Folder of the rejects.")] = BUILD / "rejects",
    url: Annotated[
        str | None, typer.Option(help="Where it was published.", rich_help_panel=FIELDS)
    ] = None,
    published: Annotated[
        str | None, typer.Option(help="Day of publication, ISO 8601.", rich_help_panel=FIELDS)
    ] = None,
    retrieved_at: Annotated[
        str | None, typer.Option(help="When it was fetched, ISO 8601.", rich_help_panel=FIELDS)
    ] = None,
    language: Annotated[
        str | None, typer.Option(help="ISO 639-1; only fr may enter.", rich_help_panel=FIELDS)
    ] = None,
    country: Annotated[
        str | None,
        typer.Option(help="ISO 3166 alpha-2 code of the main scene.", rich_help_panel=FIELDS),
    ] = None,
    event: Annotated[
        str | None,
        typer.Option(
            help="The conflict event, one name for all its articles.", rich_help_panel=FIELDS
        ),
    ] = None,
    register: Annotated[
        str | None,
        typer.Option(help="Kind of text: dispatch, analysis, court…", rich_help_panel=FIELDS),
    ] = None,
    synthetic: Annotated[
        bool | None,
        typer.Option(
            "--synthetic/--not-synthetic",
            help="Whether it was written for the corpus.",
            rich_help_panel=FIELDS,
        ),
    ] = None,
    license_: Annotated[
        str | None,
        typer.Option("--license", help="Licence, by its SPDX identifier.", rich_help_panel=FIELDS),
    ] = None,
    license_url: Annotated[
        str | None, typer.Option(help="Where the licence stands.", rich_help_panel=FIELDS)
    ] = None,
    rights_holder: Annotated[
        str | None, typer.Option(help="Who holds the rights.", rich_help_panel=FIELDS)
    ] = None,
    attribution: Annotated[
        str | None, typer.Option(help="The words that name the author.", rich_help_panel=FIELDS)
    ] = None,
    tdm_optout: Annotated[
        bool | None,
        typer.Option(
            "--tdm-optout/--no-tdm-optout",
            help="Whether its publisher reserves text and data mining.",
            rich_help_panel=FIELDS,
        ),
    ] = None,
    publishable: Annotated[
        Publishable | None,
        typer.Option(help="What a release may hold (else standoff).", rich_help_panel=FIELDS),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Turn files into articles: NFC and plain line ends, no other change to the text."""
    options = Row(
        url=url,
        published=published,
        retrieved_at=retrieved_at,
        language=language,
        country=country,
        event=event,
        register=register,
        synthetic=synthetic,
        license=license_,
        license_url=license_url,
        rights_holder=rights_holder,
        attribution=attribution,
        tdm_optout=tdm_optout,
        publishable=publishable,
    )
    result = add_files(
        files, source, corpus, rejects, options, lambda drafts: progress(drafts, "Adding articles")
    )
    lines = [
        f"{len(result.added)} added, {len(result.already)} already there, "
        f"{len(result.rejected)} rejected → {result.articles_file}"
    ]
    if result.differing:
        lines.append(
            f"{len(result.differing)} of those already there have other fields in the corpus, "
            f"which keeps its own: {', '.join(result.differing)}"
        )
    lines += [f"rejected {r.place}: {r.reason}, {r.detail}" for r in result.rejected]
    if result.rejected:
        lines.append(f"rejects: {result.rejects_file}")
    values = {
        "added": result.added,
        "already_there": result.already,
        "differing": result.differing,
        "rejected": [
            {"id": r.id, "place": r.place, "reason": r.reason, "detail": r.detail}
            for r in result.rejected
        ],
        "articles_file": str(result.articles_file),
        "rejects_file": str(result.rejects_file),
    }
    summarise(as_json, values, *lines)


@command(app, "check", "balise corpus check")
def check(corpus: CorpusDir = CORPUS, as_json: AsJson = False) -> None:
    """List everything that is wrong in the corpus: hashes, ids, duplicates, text, licences."""
    result = check_corpus(corpus)
    count = len(result.problems)
    summarise(
        as_json,
        msgspec.to_builtins(result),
        *(f"{p.place}: {p.problem}; {p.remedy}" for p in result.problems),
        f"{result.articles} articles, {count} problem{'' if count == 1 else 's'}",
    )
    if result.problems:
        raise typer.Exit(1)


@command(app, "stats", "balise corpus stats --json")
def stats(corpus: CorpusDir = CORPUS, texts: TextsDir = TEXTS, as_json: AsJson = False) -> None:
    """Count articles, words, conflicts, countries and days, by source."""
    result = corpus_stats(corpus, texts)
    if as_json:
        sys.stdout.write(msgspec.json.encode(result).decode() + "\n")
        return
    rows = (*result.sources, result.total)
    print_table(
        f"Corpus {corpus}",
        ("source", "articles", "words", "characters", "full", "stand-off", "none"),
        [(r.source, r.articles, r.words, r.characters, r.full, r.standoff, r.none) for r in rows],
    )
    print_table(
        "What they cover",
        ("source", "conflicts", "countries", "first day", "last day"),
        [(r.source, r.events, r.countries, r.first or "–", r.last or "–") for r in rows],
    )
    print_table("By country", ("country", "articles"), result.by_country.items())
    print_table("By register", ("register", "articles"), result.by_register.items())
    shared = result.shared
    lines = [
        f"{shared.sentences} sentences; {shared.resembling} "
        f"({shared.resembling / max(shared.sentences, 1):.2%}) resemble one of another article "
        f"(Jaccard of word trigrams at least {SENTENCE_RESEMBLANCE})"
    ]
    lines += [f"  {pair.left} / {pair.right}: {pair.left_sentence}" for pair in shared.pairs]
    if result.total.without_text:
        lines.append(f"{result.total.without_text} articles have no text here (stand-off)")
    summarise(False, {}, *lines)
