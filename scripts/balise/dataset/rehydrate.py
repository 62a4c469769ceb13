"""Stand-off articles get their texts back from local files, where the hash is the right one."""

from collections.abc import Callable, Iterable
from pathlib import Path, PurePosixPath

import msgspec

from balise.errors import BaliseError
from balise.files import read_text, write_files
from balise.records import Article
from balise.stores import load_articles, text_path
from balise.text import normalise, sha256

Track = Callable[[list[Path]], Iterable[Path]]


class Refusal(msgspec.Struct, frozen=True):
    """A file that stands where an article's text should be, and holds another text."""

    article: str
    file: str
    found: str
    expected: str


class Rehydrated(msgspec.Struct, frozen=True):
    """Articles whose texts came back now, those that had them, refused files, and the missing."""

    texts: str
    written: tuple[str, ...]
    already: tuple[str, ...]
    refused: tuple[Refusal, ...]
    missing: tuple[str, ...]


def rehydrate(corpus: Path, sources: Path, texts: Path, track: Track = iter) -> Rehydrated:
    r"""Find the texts of stand-off articles among the files below `sources`; keep them in `texts`.

    Every `.txt` file is read as UTF-8, brought to NFC with `\n` line ends, and hashed: whatever
    its name, the text with an article's hash is the article's. A file that has an article's
    recorded `path` and another hash is refused: offsets belong to one text only. Texts go to
    `<texts>/<id>.txt`, all together; the corpus's own files stay as they are.

    Raises:
        BaliseError: there is no such folder or no `.txt` file in it, the corpus is broken, or it
            holds no stand-off article.
    """
    files = sorted(sources.rglob("*.txt")) if sources.is_dir() else []
    if not files:
        raise BaliseError(
            sources, "no .txt file here", "name the folder that holds the articles' text files"
        )
    known = load_articles(corpus, texts)
    bare = {a.sha256: a for a in load_articles(corpus).values() if a.text is None}
    if not bare:
        raise BaliseError(corpus, "every article has its text here", "there is nothing to do")
    contents: dict[Path, bytes | str] = {}
    refused: dict[str, Refusal] = {}
    by_path = {a.path: a for a in bare.values() if a.path}
    for file in track(files):
        text = normalise(read_text(file))
        digest = sha256(text)
        if article := bare.get(digest):
            contents[text_path(texts, article.id)] = text
        elif article := _expected(file.relative_to(sources), by_path):
            refused[article.id] = Refusal(article.id, str(file), digest, article.sha256)
    already = {a.id for a in bare.values() if known[a.id].text is not None}
    found = {path.stem for path in contents}
    write_files({path: text for path, text in contents.items() if path.stem not in already})
    return Rehydrated(
        str(texts),
        tuple(sorted(found - already)),
        tuple(sorted(already)),
        tuple(refused[id_] for id_ in sorted(refused.keys() - found - already)),
        tuple(sorted({a.id for a in bare.values()} - found - already - refused.keys())),
    )


def _expected(relative: Path, by_path: dict[str, Article]) -> Article | None:
    """Find the article whose recorded path ends where this file's path does."""
    parts = relative.parts
    for path, article in by_path.items():
        recorded = PurePosixPath(path).parts
        length = min(len(parts), len(recorded))
        if parts[-length:] == recorded[-length:]:
            return article
    return None
