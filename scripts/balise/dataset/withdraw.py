"""Articles are taken back: listed for good, and the dataset is built again without them."""

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

import msgspec

from balise.dataset.build import BuildResult, build_dataset
from balise.dataset.manifest import MANIFEST, read_manifest
from balise.dataset.release import Inputs
from balise.dataset.versions import require_version
from balise.dataset.writing import Watch, unwatched
from balise.errors import BaliseError, UsageError
from balise.files import locked
from balise.records import Article
from balise.stores import load_articles
from balise.text import is_one_line
from balise.withdrawn import (
    WITHDRAWN,
    Withdrawal,
    is_address,
    load_withdrawn,
    write_withdrawn,
)

PURGE = """\
from huggingface_hub import HfApi

api, repo = HfApi(), "{repo}"
api.super_squash_history(repo, repo_type="dataset")
tree = api.list_repo_tree(repo, recursive=True, repo_type="dataset")
kept = {{file.lfs.sha256 for file in tree if getattr(file, "lfs", None)}}
old = [file for file in api.list_lfs_files(repo, repo_type="dataset") if file.file_oid not in kept]
api.permanently_delete_lfs_files(repo, old, repo_type="dataset")
"""
"""What removes from a dataset's repository every file that is not in its last commit."""


class Withdrawn(msgspec.Struct, frozen=True):
    """What was taken back now, what had been before, and the dataset without both.

    `unmet` are the addresses among them that no article of the corpus has. `before` is the version
    that stood in the folder, if one did.
    """

    now: tuple[str, ...]
    already: tuple[str, ...]
    unmet: tuple[str, ...]
    before: str | None
    build: BuildResult


def withdraw(
    inputs: Inputs,
    names: Sequence[str],
    reason: str,
    out: Path,
    version: str | None = None,
    day: date | None = None,
    watch: Watch = unwatched,
) -> Withdrawn:
    """List articles, by id or address, in `corpus/withdrawn.tsv`, and build `out` without them.

    Without a version the next after that of `out` is taken (1.2.3 becomes 1.2.4). An address may
    be one that no article of the corpus has: it is kept out from now on.

    Raises:
        UsageError: a name is no article's, the reason is empty or not one line, or the version is
            not later than that of `out`.
        BaliseError: the input is at fault, another withdrawal is writing, or `out` cannot be
            written. What was listed stays listed: the next build leaves it out.
    """
    if not reason.strip() or not is_one_line(reason):
        raise UsageError("--reason", f"{reason!r} is no line of text", "say why, in one line")
    articles = load_articles(inputs.corpus).values()
    _require_known(names, articles)
    before = read_manifest(out).version if (out / MANIFEST).is_file() else None
    new_version = _later(version, before, out)
    today = (day or date.today()).isoformat()
    with locked(inputs.corpus):
        known = {one.article: one for one in load_withdrawn(inputs.corpus)}
        now = tuple(name for name in dict.fromkeys(names) if name not in known)
        added = tuple(Withdrawal(name, today, reason) for name in now)
        write_withdrawn(inputs.corpus, (*known.values(), *added))
    try:
        built = build_dataset(inputs, out, new_version, watch)
    except BaliseError as error:
        error.add_note(
            f"{inputs.corpus / WITHDRAWN} has the articles, so that the next build leaves them out"
        )
        raise
    already = tuple(name for name in dict.fromkeys(names) if name in known)
    listed = [one for one in (*known.values(), *added) if one.article in names]
    unmet = tuple(one.article for one in listed if not any(map(one.names, articles)))
    return Withdrawn(now, already, unmet, before, built)


def _require_known(names: Iterable[str], articles: Iterable[Article]) -> None:
    known = {article.id for article in articles}
    for name in names:
        if not is_one_line(name) or any(map(str.isspace, name)):
            raise UsageError(
                repr(name), "is no id and no address", "write it without white space or controls"
            )
        if name not in known and not is_address(name):
            raise UsageError(
                name, "is no article of the corpus", "give an id, or the address of its page"
            )


def _later(version: str | None, before: str | None, out: Path) -> str:
    """Give the version to build: the one asked for, or the next."""
    if before is None:
        return version or "0.1.0"
    *first, last = require_version(before, f"{out / MANIFEST}")
    if version is None:
        return ".".join(map(str, (*first, last + 1)))
    if require_version(version) <= (*first, last):
        raise UsageError(
            "--version", f"{version} is not later than {before}", "leave it out, or raise it"
        )
    return version
