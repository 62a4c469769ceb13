"""The data that the recipe is measured on: this project's corpus, and WiNER-fr as a project."""

import random
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from balise.jsonl import read_jsonl, write_json
from balise.model.silver import load_unlabelled
from balise.records import Gold
from balise.splits import ALL_PARTS, Splits, load_splits
from balise.stores import load_articles

_LABELS = {
    "Person": "PER",
    "Location": "LOC",
    "Organization": "ORG",
    "Date": None,
    "Hour": None,
    "Event": None,
    "Product": None,
}
_DEV_SHARE = 0.15


class Data(NamedTuple):
    """A project's folder, how it is trained on and tested, and a folder of unlabelled texts."""

    name: str
    place: Path
    options: tuple[str, ...]
    test: str
    unlabelled: Path | None = None


def own(root: Path, unlabelled: Path | None) -> Data:
    """Take this project, with its real articles: their texts must be here (see rehydrate)."""
    return Data("own", root, ("--real",), "test", unlabelled)


def raw_texts(data: Data) -> list[str]:
    """Read every text that may be learned from: those that train, and the unlabelled ones.

    Unlabelled texts near to one of dev or test are left out.
    """
    if data.unlabelled is None:
        sys.exit("Pretraining needs --from FOLDER of texts.")
    corpus, splits = data.place / "corpus", load_splits(data.place / "corpus" / "splits.json")
    articles = load_articles(corpus, data.place / "build" / "texts")
    train = {id_ for part in ("train", "train_real") for id_ in splits.part(part)}
    apart = {id_ for part in ALL_PARTS for id_ in splits.part(part)} - train
    unlabelled = load_unlabelled(data.unlabelled, [articles[id_] for id_ in sorted(apart)])
    known = [articles[id_].text for id_ in sorted(train)]
    return [*(text for text in known if text is not None), *unlabelled.texts.values()]


def winer(folder: Path, build: Path) -> Data:
    """Make a project of WiNER-fr: 2016 trains, a seeded seventh of it tunes, 2017 tests."""
    place = build / "winer-project"
    if not (place / "corpus" / "splits.json").exists():
        place.mkdir(parents=True, exist_ok=True)
        _write_labels(place / "annotations" / "labels.toml")
        for year in ("2016", "2017"):
            flat = build / f"winer-{year}"
            flat.mkdir(exist_ok=True)
            for annotated in sorted((folder / year).glob("**/*.ann")):
                for file in (annotated, annotated.with_suffix(".txt")):
                    shutil.copy(file, flat)
            _balise(place, "corpus", "add", *sorted(flat.glob("*.txt")), "--source", "winer")
            _balise(
                place, "annotations", "import", "--format", "brat", flat,
                "--batch", f"y{year}", "--annotator", "dupont",
            )  # fmt: skip
        _balise(place, "annotations", "gold")
        _split(place)
    return Data("winer", place, (), "test")


def _balise(place: Path, *words: object) -> None:
    call = [sys.executable, "-m", "balise", *map(str, words)]
    subprocess.run(call, cwd=place, check=True)


def _write_labels(path: Path) -> None:
    lines = ['version = "winer"']
    for number, (name, conll) in enumerate(_LABELS.items()):
        lines += [
            "[[labels]]",
            f'name = "{name}"',
            f'colour = "#0000{number:02x}"',
            f'hotkey = "{number}"',
            'fr = "WiNER"',
            'en = "WiNER"',
            *([f'conll = "{conll}"'] if conll else []),
        ]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _split(place: Path) -> None:
    ids = [record.article for record in read_jsonl(place / "annotations" / "gold.jsonl", Gold)]
    sources = {year: sorted(id_ for id_ in ids if _year(id_) == year) for year in ("2016", "2017")}
    early = sources["2016"]
    random.Random(0).shuffle(early)
    dev = round(_DEV_SHARE * len(early))
    write_json(
        place / "corpus" / "splits.json",
        Splits(
            seed=0,
            train=tuple(sorted(early[dev:])),
            dev=tuple(sorted(early[:dev])),
            test=tuple(sources["2017"]),
            groups={},
        ),
    )


def _year(id_: str) -> str:
    return "2016" if "2016" in id_ else "2017"
