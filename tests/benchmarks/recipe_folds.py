"""Which step of a training is the one to keep, by cross-validation: more articles than dev has.

    python tests/benchmarks/recipe_folds.py own                  # this project, with --real
    python tests/benchmarks/recipe_folds.py winer --from FOLDER  # WiNER-fr, 2016 alone

The articles of train and dev are dealt to five folds, those on one event to the same. A recipe
trains on four folds without choosing anything, and is scored on the fifth every fifty steps; the
test part has no share in it. build/recipe/NAME-folds/ keeps each training's scores, and a fold
whose scores are there is not trained again.
"""

import argparse
import json
import shutil
import statistics
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import recipe_data
from recipe import BUILD, ROOT, balise, write_config
from recipe_steps import STEPS
from spacy.util import load_config

from balise.jsonl import write_json
from balise.model.folds import deal_folds
from balise.splits import Splits, load_splits
from balise.stores import load_articles

FOLDS = 5


def score_steps(data: recipe_data.Data, config: Path, steps: int, number: int) -> dict[int, float]:
    """Train without one fold, and give the strict F1 on it after every fifty steps."""
    folder = BUILD / f"{data.name}-folds"
    scores = folder / f"{config.stem}-{number}-{steps}.jsonl"
    if not scores.exists():
        known = load_splits(data.place / "corpus" / "splits.json")
        ids = (*known.train, *known.dev, *known.train_real, *known.dev_real)
        articles = load_articles(data.place / "corpus", data.place / "build" / "texts")
        fold = deal_folds([articles[each] for each in ids], FOLDS, 0)[number]
        splits = folder / f"splits-{number}.json"
        write_json(
            splits,
            Splits(0, tuple(each for each in ids if each not in fold), fold, (), {}),
        )
        settings = load_config(config, interpolate=False)
        working = scores.with_suffix(".new")
        working.unlink(missing_ok=True)
        settings["training"]["logger"] = {
            "@loggers": "spacy.ConsoleLogger.v3",
            "output_file": str(working),
        }
        own = folder / f"{scores.stem}.cfg"
        settings.to_disk(own, interpolate=False)
        out = folder / scores.stem
        balise(
            data.place, "model", "train", "--config", own, "--splits", splits, "--steps", steps,
            "--seed", number, "--out", out,
        )  # fmt: skip
        shutil.rmtree(out)
        working.replace(scores)
    lines = [json.loads(line) for line in scores.read_bytes().splitlines()]
    return {line["step"]: line["scores"]["ents_f"] / 100 for line in lines}


def main() -> None:
    """Do what the command line asks for, and print F1 by step: the mean, and each fold's."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", choices=("own", "winer"))
    parser.add_argument("--from", dest="folder", type=Path, help="WiNER-fr")
    parser.add_argument("--step", default="lexicon", choices=tuple(STEPS))
    parser.add_argument("--steps", type=int, default=2800)
    parser.add_argument("--at-once", type=int, default=2)
    asked = parser.parse_args()
    if asked.data == "own":
        data = recipe_data.own(ROOT, None)
    else:
        data = recipe_data.winer(asked.folder, BUILD)
    (BUILD / f"{data.name}-folds").mkdir(parents=True, exist_ok=True)
    config = BUILD / data.name / f"{asked.step}.cfg"
    write_config(data, asked.step, config)
    with ThreadPoolExecutor(asked.at_once) as pool:
        found = list(pool.map(lambda n: score_steps(data, config, asked.steps, n), range(FOLDS)))
    print("| steps | F1 | each fold |\n|--:|--:|---|")
    for step in found[0]:
        each = [scores[step] for scores in found]
        print(f"| {step} | {statistics.mean(each):.4f} | {' '.join(f'{f:.3f}' for f in each)} |")


if __name__ == "__main__":
    main()
