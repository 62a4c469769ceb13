"""Stand-off articles get their texts back from local files, where the hash is the right one."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path, PurePath, PurePosixPath

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
    """Articles whose texts came back now, those that had them, refused files, and the missing.

    `unreadable` holds what is wrong with files that are not UTF-8 text; they are passed over.
    """

    texts: str
    written: tuple[str, ...]
    already: tuple[str, ...]
    refused: tuple[Refusal, ...]
    missing: tuple[str, ...]
    unreadable: tuple[str, ...]


def rehydrate(corpus: Path, sources: Path, texts: Path, track: Track = iter) -> Rehydrated:
    r"""Find the texts of stand-off articles among the files below `sources`; keep them in `texts`.

    Every `.txt` file (links to folders are not followed) is read as UTF-8, brought to NFC with
    `\n` line ends, and hashed: whatever its name, the text with an article's hash is the
    article's. A file that stands at an article's recorded `path` and has another hash is refused:
    offsets belong to one text only. Texts go to `<texts>/<id>.txt`, all together, in place of
    damaged ones; the corpus's own files stay as they are.

    Raises:
        BaliseError: there is no such folder or no `.txt` file in it, the corpus is broken, or it
            holds no stand-off article.
    """
    files = sorted(
        path for path in sources.rglob("*") if path.suffix.lower() == ".txt" and path.is_file()
    )
    if not files:
        raise BaliseError(
            sources, "no .txt file here", "name the folder that holds the articles' text files"
        )
    bare = {a.id: a for a in load_articles(corpus).values() if a.text is None}
    if not bare:
        raise BaliseError(corpus, "every article has its text here", "there is nothing to do")
    already = {id_ for id_, article in bare.items() if _is_here(text_path(texts, id_), article)}
    by_hash: dict[str, list[Article]] = defaultdict(list)
    for article in bare.values():
        by_hash[article.sha256].append(article)
    found: dict[str, str] = {}
    refused: dict[str, Refusal] = {}
    unreadable: list[str] = []
    for file in track(files):
        try:
            text = normalise(read_text(file))
        except BaliseError as error:
            unreadable.append(str(error))
            continue
        digest = sha256(text)
        found |= {article.id: text for article in by_hash.get(digest, ())}
        if digest not in by_hash:
            for article in bare.values():
                if _stands_for(file.relative_to(sources), article):
                    refused[article.id] = Refusal(article.id, str(file), digest, article.sha256)
    new = found.keys() - already
    write_files({text_path(texts, id_): found[id_] for id_ in sorted(new)})
    lost = refused.keys() - found.keys() - already
    return Rehydrated(
        str(texts),
        tuple(sorted(new)),
        tuple(sorted(already)),
        tuple(refused[id_] for id_ in sorted(lost)),
        tuple(sorted(bare.keys() - found.keys() - already - lost)),
        tuple(unreadable),
    )


def _is_here(path: Path, article: Article) -> bool:
    try:
        return path.is_file() and sha256(read_text(path)) == article.sha256
    except BaliseError:
        return False


def _stands_for(relative: PurePath, article: Article) -> bool:
    """Tell whether a file's path below the folder is an article's recorded path, or its end.

    Its end, because the folder may be one of those that the path names.
    """
    recorded = PurePosixPath(article.path).parts if article.path else ()
    return bool(recorded) and recorded[-len(relative.parts) :] == relative.parts
