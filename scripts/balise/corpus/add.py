"""Files become articles of the corpus; what may not enter becomes a reject with its reason."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Literal

import msgspec

from balise.corpus.articles import make_article
from balise.corpus.inputs import Draft, Row, read_drafts, require_utf8
from balise.corpus.language import detect_language
from balise.corpus.problems import is_source_name
from balise.errors import BaliseError, UsageError
from balise.files import read_text, write_files
from balise.jsonl import Record, encode_jsonl, read_jsonl
from balise.records import Article
from balise.stores import load_articles

LANGUAGE = "fr"

Reason = Literal["duplicate", "language"]


class Reject(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A text that did not enter the corpus, where it came from, and why."""

    id: str
    reason: Reason
    detail: str
    place: str
    article: Article


class Added(msgspec.Struct, frozen=True):
    """What became of every draft, by article id, and the files that hold the results.

    `differing` are those already there whose other fields are not what this call says; the
    corpus keeps its own. `rejected` counts every reject of this call, known before or not.
    """

    added: tuple[str, ...]
    already: tuple[str, ...]
    differing: tuple[str, ...]
    rejected: tuple[Reject, ...]
    articles_file: Path
    rejects_file: Path


class _Intake:
    """Sort articles into added, already there and rejected, against the corpus as it stands."""

    def __init__(self, corpus: dict[str, Article]) -> None:
        self.corpus = corpus
        self.ids_by_hash = {article.sha256: id_ for id_, article in corpus.items()}
        self.places_by_hash: dict[str, str] = {}
        self.added: dict[str, Article] = {}
        self.already: dict[str, Article] = {}
        self.rejected: list[Reject] = []

    def take(self, article: Article, place: str) -> None:
        known = self.corpus.get(article.id) or self.added.get(article.id)
        if known is not None and known.sha256 != article.sha256:
            raise BaliseError(
                place, f"another text has the id {article.id}", "state another id for this one"
            )
        first = self.places_by_hash.setdefault(article.sha256, place)
        if first != place:
            self._reject(article, place, "duplicate", f"same text as {first}")
        elif article.id in self.corpus:
            self.already[article.id] = article
        elif article.sha256 in self.ids_by_hash:
            twin = self.ids_by_hash[article.sha256]
            self._reject(article, place, "duplicate", f"same text as {twin}")
        elif (language := _language(article)) != LANGUAGE:
            self._reject(article, place, "language", f"language {language!r}, not {LANGUAGE!r}")
        else:
            self.added[article.id] = msgspec.structs.replace(article, language=LANGUAGE)

    def _reject(self, article: Article, place: str, reason: Reason, detail: str) -> None:
        self.rejected.append(Reject(article.id, reason, detail, place, article))

    def differing(self) -> list[str]:
        """List the articles already there that the corpus describes otherwise.

        Text and path do not count: a stand-off copy, or a file that moved, is the same article.
        """
        return [
            id_
            for id_, article in self.already.items()
            if msgspec.structs.replace(
                article,
                text=self.corpus[id_].text,
                path=self.corpus[id_].path,
                language=article.language or LANGUAGE,
            )
            != self.corpus[id_]
        ]


def _language(article: Article) -> str:
    if article.language not in (None, LANGUAGE):
        return str(article.language)
    # A stand-off article has no text to detect the language of.
    return LANGUAGE if article.text is None else detect_language(article.text)


def _as_it_is(drafts: Iterable[Draft]) -> Iterable[Draft]:
    return drafts


def add_files(
    files: Sequence[Path],
    source: str,
    corpus: Path,
    rejects: Path,
    options: Row,
    track: Callable[[Iterable[Draft]], Iterable[Draft]] = _as_it_is,
) -> Added:
    """Turn files into articles and merge them into `<corpus>/<source>.jsonl`, sorted by id.

    An article whose id is in the corpus is already there and stays as it is. A text that the
    corpus or an earlier draft has under another id, a second copy within the files, and a text
    that is not French go to `<rejects>/<source>.jsonl`, each once. `options` holds descriptive
    fields for drafts that do not state their own; `track` wraps the drafts to show progress.

    Raises:
        UsageError: the source's name or a file's kind is not one we know, a file's name or an
            option is not UTF-8, or the two folders are one.
        BaliseError: a file or a draft is broken; nothing was written.
    """
    if not is_source_name(source):
        raise UsageError(
            "--source", f"{source!r} is not a name", "use lower-case letters, digits and hyphens"
        )
    if corpus.resolve() == rejects.resolve():
        raise UsageError("--rejects", "is the corpus's own folder", "name another folder")
    articles_file, rejects_file = corpus / f"{source}.jsonl", rejects / f"{source}.jsonl"
    for field, value in msgspec.structs.asdict(options).items():
        if isinstance(value, str):
            require_utf8(value, f"--{field.replace('_', '-')}", "write it in a UTF-8 terminal")
    drafts = [draft for path in files for draft in read_drafts(path)]
    intake = _Intake(_load_existing(corpus))
    for draft in track(drafts):
        intake.take(make_article(draft, source, options), draft.place)
    contents: dict[Path, bytes | str] = {}
    if intake.added:
        merged: list[Article] = [*_read_if_there(articles_file, Article), *intake.added.values()]
        merged.sort(key=lambda article: article.id)
        contents[articles_file] = encode_jsonl(merged)
    known_rejects = _read_if_there(rejects_file, Reject)
    rejects_by_key = {(reject.id, reject.reason): reject for reject in intake.rejected}
    rejects_by_key |= {(reject.id, reject.reason): reject for reject in known_rejects}
    if len(rejects_by_key) > len(known_rejects):
        contents[rejects_file] = encode_jsonl(rejects_by_key[key] for key in sorted(rejects_by_key))
    write_files(contents)
    return Added(
        added=tuple(sorted(intake.added)),
        already=tuple(sorted(intake.already)),
        differing=tuple(sorted(intake.differing())),
        rejected=tuple(intake.rejected),
        articles_file=articles_file,
        rejects_file=rejects_file,
    )


def _load_existing(corpus: Path) -> dict[str, Article]:
    """Read the corpus, which may still be empty."""
    holds_some = any(read_text(path).strip() for path in corpus.glob("*.jsonl"))
    return load_articles(corpus) if holds_some else {}


def _read_if_there(path: Path, type_: type[Record]) -> list[Record]:
    return read_jsonl(path, type_) if path.exists() else []
