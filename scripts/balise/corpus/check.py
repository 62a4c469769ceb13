"""The corpus is read line by line, and every fault in it is listed."""

from collections.abc import Iterator
from pathlib import Path

import msgspec

from balise.corpus.problems import Problem, article_problems
from balise.errors import BaliseError
from balise.files import read_text
from balise.jsonl import decode
from balise.records import Article
from balise.stores import article_files


class CorpusCheck(msgspec.Struct, frozen=True):
    """How many articles were read and everything that is wrong with them."""

    articles: int
    problems: tuple[Problem, ...]


def check_corpus(corpus: Path) -> CorpusCheck:
    """List every fault of a corpus: broken lines, hashes, ids, duplicates, text, licence.

    Raises:
        BaliseError: the folder holds no article at all.
    """
    problems: list[Problem] = []
    places_by_id: dict[str, str] = {}
    ids_by_hash: dict[str, str] = {}
    articles = 0
    for path in article_files(corpus):
        for place, article in _read_lines(path, problems):
            articles += 1
            problems += article_problems(article)
            if article.source != path.stem:
                problem = f"source {article.source!r} does not stand in {path.name}"
                problems.append(Problem(place, problem, "move the line to its source's file"))
            if (first := places_by_id.setdefault(article.id, place)) != place:
                problem = f"id {article.id} is used before, at {first}"
                problems.append(Problem(place, problem, "keep one of the two lines"))
            elif (twin := ids_by_hash.setdefault(article.sha256, article.id)) != article.id:
                problem = f"has the same text as {twin}"
                problems.append(Problem(article.id, problem, "keep one of the two articles"))
    if not articles and not problems:
        raise BaliseError(
            corpus, "its files hold no article", "add some with `balise corpus add FILE`"
        )
    return CorpusCheck(articles, tuple(problems))


def _read_lines(path: Path, problems: list[Problem]) -> Iterator[tuple[str, Article]]:
    """Yield the articles of a file with their places; what cannot be read becomes a problem."""
    try:
        lines = read_text(path).split("\n")
    except BaliseError as error:
        problems.append(Problem(error.place, error.problem, error.remedy))
        return
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            yield f"{path}:{number}", decode(line, Article, f"{path}:{number}")
        except BaliseError as error:
            problems.append(Problem(error.place, error.problem, error.remedy))
