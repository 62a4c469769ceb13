"""A batch as large as wanted: made-up articles of about 2 KB with twenty flat spans each."""

import random
from collections.abc import Iterator
from pathlib import Path

from balise.batches import encode_row
from balise.files import write_files
from balise.jsonl import write_jsonl
from balise.records import Annotation, Article
from balise.tasks.make import make_batch
from markup import annotated

ROOT = Path(__file__).parents[1]
LABELS = ROOT / "annotations" / "labels.toml"
ANNOTATOR = "anne"
SPANS = 20

_MENTIONS = (
    "[Valmère](LOCATION)",
    "[col de l’Ardène](LOCATION)",
    "[port de Santhiel](FACILITY)",
    "[Front du Delta](ARMED_GROUP)",
    "[4e bataillon côtier](MILITARY)",
    "[préfecture d’Orsène](GOVERNMENT)",
    "[Secours des Deux-Rives](ORGANIZATION)",
    "[Élodie Varenne](PERSON)",
    "[obusiers de 122\u00a0mm](WEAPON)",
    "[opération Brise-Lames](EVENT)",
    "[trente-deux blessés](CASUALTIES)",
    "[mardi 3\u00a0mars](DATE)",
)
_WORDS = """
à après aucun autour avant calme ce chemin colline convoi dans de depuis deux encore entre été
fleuve garder habitants hôpital il jusqu’au la le les loin marché matin ni nuit ou où par pendant
personne plusieurs pont près qui route sans sous sur toujours très vers village
"""
_WIDE = ("😀", "🇫🇷", "👨\u200d👩\u200d👧", "𝕏")


def marked_articles(count: int) -> Iterator[tuple[str, str]]:
    """Make articles of twenty sentences, the same for the same count, as ids and marked-up texts.

    Each sentence holds one mention; every fifth text holds characters outside the BMP.
    """
    chance = random.Random(0)
    fillers = _WORDS.split()
    for number in range(count):
        sentences = []
        for _ in range(SPANS):
            first, *words = chance.choices(fillers, k=14)
            words.insert(chance.randint(0, 13), chance.choice(_MENTIONS))
            sentences.append(" ".join([first.capitalize(), *words]))
        if number % 5 == 0:
            sentences[0] = f"{chance.choice(_WIDE)} {sentences[0]}"
        quoted = chance.randrange(SPANS)
        sentences[quoted] = f"«\u00a0{sentences[quoted]}\u00a0»"
        yield f"essai-{number:08}", ".\n".join(sentences) + "."


class LargeBatch:
    """A project's folders with one corpus of `count` articles, and batches of all of them."""

    def __init__(self, root: Path, count: int) -> None:
        self.corpus = root / "corpus"
        self.tasks = root / "tasks"
        self.annotations = root / "annotations"
        self._guideline = root / "guidelines.fr.md"
        self._guideline.write_text("# Consignes", encoding="utf-8")
        pairs = [annotated(*one, ANNOTATOR) for one in marked_articles(count)]
        self.articles: list[Article] = [article for article, _ in pairs]
        self.readings: list[Annotation] = [reading for _, reading in pairs]
        write_jsonl(self.corpus / "essai.jsonl", self.articles)

    def make(self, name: str) -> list[Path]:
        """Make a batch whose rows carry the spans as suggestions, and return its task files."""
        made = make_batch(name, [ANNOTATOR], self.corpus, self.tasks, LABELS, self._guideline)
        rows = iter(
            encode_row(article.id, article.text or "", reading.spans)
            for article, reading in zip(self.articles, self.readings, strict=True)
        )
        files = [made.folder / file for file in made.batch.annotators[ANNOTATOR].files]
        contents: dict[Path, bytes | str] = {}
        for file in files:
            lines = file.read_bytes().count(b"\n")
            contents[file] = b"".join(next(rows) for _ in range(lines))
        write_files(contents)
        return files
