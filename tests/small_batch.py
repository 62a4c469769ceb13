"""A small batch of articles with difficult characters, and how they were annotated."""

from collections.abc import Mapping
from pathlib import Path

from balise.jsonl import write_jsonl
from balise.records import Annotation, Article
from balise.tasks.make import make_batch
from markup import annotated

ROOT = Path(__file__).parents[1]

# Emoji outside the BMP, a flag, NFC accents, no-break spaces, a line end inside the text.
MARKED = {
    "essai-goma-00000001": "😀 Tirs à [Goma](LOCATION) : le [M23](ARMED_GROUP) a tué "
    "[dix civils](CASUALTIES).\nL’[ONU](ORGANIZATION) condamne.",
    "essai-kiev-00000002": "🇫🇷 [Kiev](LOCATION) : des «\u00a0[drones Shahed](WEAPON)\u00a0» "
    "[mardi](DATE) contre l’[aéroport de Jouliany](FACILITY).",
    "essai-mali-00000003": "À [Gao](LOCATION), l’[opération Barkhane](EVENT) s’achève.",
}


class SmallBatch:
    """A project's folders with one batch of three articles, and how they were annotated."""

    def __init__(
        self,
        root: Path,
        name: str,
        annotators: list[str],
        marked: Mapping[str, str] = MARKED,
        guideline: Path | None = None,
    ) -> None:
        self.name = name
        self.corpus = root / "corpus"
        self.annotations = root / "annotations"
        self.tasks = root / "tasks"
        self.annotators = annotators
        pairs = [annotated(id_, text) for id_, text in marked.items()]
        self.articles: dict[str, Article] = {one.id: one for one, _ in pairs}
        self.readings: list[Annotation] = [reading for _, reading in pairs]
        self._guideline = guideline or root / "guidelines.fr.md"
        if guideline is None:
            text = "# Consignes\n\nPERSON : un individu nommé."
            self._guideline.write_text(text, encoding="utf-8")
        write_jsonl(self.corpus / "essai.jsonl", self.articles.values())

    @property
    def folder(self) -> Path:
        """The batch's task folder."""
        return self.tasks / self.name

    def make(
        self,
        ids: list[str] | None = None,
        suggest: str = "none",
        overlap: int | None = None,
        blind: float = 0.0,
    ) -> Path:
        """Make the batch of all articles, or of the given ones."""
        ids_file = None
        if ids is not None:
            ids_file = self.corpus.parent / "ids.txt"
            ids_file.write_text("\n".join(ids), encoding="utf-8")
        make_batch(
            self.name,
            self.annotators,
            self.corpus,
            self.tasks,
            ROOT / "annotations" / "labels.toml",
            self._guideline,
            ids_file,
            suggest=suggest,
            lexicon=ROOT / "corpus" / "lexicon",
            overlap=overlap,
            blind=blind,
        )
        return self.folder
