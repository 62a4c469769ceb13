"""balise dataset rehydrate: articles get their texts back, from files or from their addresses."""

from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from balise.cli.common import BUILD, CORPUS, TEXTS, AsJson, CorpusDir, command, progress, summarise
from balise.dataset.rehydration.bare import bare_of_corpus, bare_of_dataset
from balise.dataset.rehydration.download import Downloader, Limits
from balise.dataset.rehydration.harvest import Collect, Passed
from balise.dataset.rehydration.local_texts import collect_files
from balise.dataset.rehydration.page_cache import PageCache
from balise.dataset.rehydration.polite import PAUSE, Polite
from balise.dataset.rehydration.reanchor import Reanchored
from balise.dataset.rehydration.rehydrate import REANCHORED, Rehydrated
from balise.dataset.rehydration.rehydrate import rehydrate as rehydrate_texts
from balise.dataset.rehydration.web_texts import collect_pages
from balise.errors import UsageError
from balise.text import printable

PAGES = BUILD / "pages"


def register(app: typer.Typer) -> None:
    """Put the command into its group."""

    @command(app, "rehydrate", "balise dataset rehydrate --texts WiNER-fr/")
    def rehydrate(
        folder: Annotated[
            Path | None, typer.Argument(help="A dataset's folder; without it, the corpus.")
        ] = None,
        sources: Annotated[
            Path | None, typer.Option("--texts", help="Folder of the articles' text files.")
        ] = None,
        fetch: Annotated[
            bool, typer.Option("--fetch", help="Ask for the articles' pages on the web.")
        ] = False,
        reanchor: Annotated[
            bool,
            typer.Option("--reanchor", help="Put spans on texts that changed, where it is sure."),
        ] = False,
        refresh: Annotated[
            bool,
            typer.Option("--refresh", help="Ask anew for kept pages that lack the right text."),
        ] = False,
        contact: Annotated[
            str | None, typer.Option(help="Your address or page, named to servers.")
        ] = None,
        pause: Annotated[
            float, typer.Option(min=0, max=3600, help="Seconds between two requests to a host.")
        ] = PAUSE,
        pages: Annotated[Path, typer.Option(help="Folder of the fetched pages.")] = PAGES,
        corpus: CorpusDir = CORPUS,
        out: Annotated[Path, typer.Option(help="Folder of the rehydrated texts.")] = TEXTS,
        as_json: AsJson = False,
    ) -> None:
        """Give stand-off articles their texts back, from files or the web, where the hash is right.

        A text that is not the one that was annotated is refused: exit 1, as where a page cannot
        be had or nothing is found. With --reanchor its spans are put on it by their hashes.
        """
        if (sources is None) == (not fetch):
            raise UsageError(
                "--texts, --fetch", "one of the two says where texts are", "give one of them"
            )
        if reanchor and folder is None:
            raise UsageError(
                "--reanchor", "the corpus holds no hashes of spans", "name a dataset's folder"
            )
        rows = bare_of_corpus(corpus) if folder is None else bare_of_dataset(folder)
        collect: Collect
        if sources is not None:
            collect = partial(
                collect_files, sources=sources, track=lambda f: progress(f, "Reading texts")
            )
        else:
            collect = partial(
                collect_pages,
                polite=Polite(Downloader(_printable(contact), Limits()), pause),
                cache=PageCache(pages),
                refresh=refresh,
                track=lambda rows: progress(rows, "Fetching pages"),
            )
        done = rehydrate_texts(rows, out, collect, reanchoring=reanchor)
        summarise(as_json, msgspec.to_builtins(done), *_lines(done, sources, reanchor))
        moved = {each.article for each in done.reanchored if each.spans or not each.refused}
        refused = [each for each in done.refused if each.article not in moved]
        if refused or done.failed or not (done.written or done.already or moved):
            raise typer.Exit(1)


def _printable(contact: str | None) -> str | None:
    """Accept a contact that can stand in a header.

    Raises:
        UsageError: it cannot.
    """
    if contact is not None and not (contact.isascii() and contact.isprintable() and contact):
        raise UsageError(
            "--contact", f"{contact!r} cannot stand in a header", "write it in plain ASCII"
        )
    return contact


def _lines(done: Rehydrated, sources: Path | None, reanchoring: bool) -> Iterator[str]:
    yield from (f"passed over {each}" for each in done.unreadable)
    yield from (f"{url} is at another host now: {final}" for url, final in done.elsewhere)
    yield from _by_problem((*done.passed, *done.failed))
    moved = {each.article: each for each in done.reanchored}
    for refusal in done.refused:
        if refusal.article in moved:
            yield from _moved(moved[refusal.article])
        else:
            remedy = "look for the text as it was then"
            yield (
                f"refused {refusal.place}: sha256 {refusal.found[:12]}…, but {refusal.article} was "
                f"annotated on {refusal.expected[:12]}…; {remedy}"
            )
    if done.missing:
        yield f"{len(done.missing)} texts are not below {printable(sources)}:"
        yield from (f"  {id_}" for id_ in done.missing)
    counts = [
        f"{len(done.written)} texts came back",
        f"{len(done.already)} were here",
        f"{len(done.refused) - len(moved)} refused",
        f"{len(done.missing)} missing",
    ]
    if done.passed or done.failed:
        counts += [f"{len(done.passed)} passed over", f"{len(done.failed)} not to be had"]
    yield f"{', '.join(counts)} → {done.texts}"
    if reanchoring:
        placed = sum(len(each.spans) for each in done.reanchored)
        refused = sum(len(each.refused) for each in done.reanchored)
        yield (
            f"{len(moved)} changed texts: {placed} spans put on them, {refused} refused → "
            f"{Path(done.texts) / REANCHORED}"
        )


def _by_problem(passed: Iterable[Passed]) -> Iterator[str]:
    """Name each problem once, and below it the articles that have it."""
    groups: dict[str, list[Passed]] = {}
    for each in passed:
        groups.setdefault(f"{each.problem}; {each.remedy}", []).append(each)
    for problem, group in groups.items():
        yield f"{len(group)} × {problem}:"
        yield from (f"  {each.article} {each.place}".rstrip() for each in group)


def _moved(each: Reanchored) -> Iterator[str]:
    yield (
        f"{each.article}: another text at {each.place}; {each.kept} spans kept, {each.moved} "
        f"moved, {len(each.refused)} refused"
    )
    for span in each.refused:
        score = "" if span.score is None else f" (score {span.score:.2f})"
        yield f"  refused {span.start}-{span.end} {span.label}: {span.reason}{score}"
