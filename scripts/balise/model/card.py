"""The model card: what a pipeline is, what it scores and where it comes from, for the Hub."""

from collections.abc import Mapping, Sequence
from typing import Any

from balise.model.lineage import LICENCE, SOURCE
from balise.model.markdown import render_labels, render_systems
from balise.model.results import Evaluation

_LIMITS = (
    "The data statement of the corpus says who, or which model, wrote and annotated its articles. "
    "Outside news of armed conflict the figures do not hold. What the model says of a person or a "
    "group is a guess and no evidence."
)


def render_card(
    meta: Mapping[str, Any],
    evaluations: Sequence[Evaluation],
    name: str,
    version: str,
    repo: str | None = None,
) -> str:
    """Turn a pipeline's meta.json and its evaluations into README.md, with the Hub's front matter.

    Figures are the evaluations' own; without one the card says that nothing was measured. With
    `repo`, the card says how to load the model from there.
    """
    front = _front_matter(meta, evaluations, name)
    return f"---\n{front}\n---\n\n{_body(meta, evaluations, name, version, repo)}"


def _front_matter(meta: Mapping[str, Any], evaluations: Sequence[Evaluation], name: str) -> str:
    from huggingface_hub import EvalResult, ModelCardData

    results = [
        EvalResult(
            task_type="token-classification",
            task_name="Named entity recognition",
            dataset_type="balise",
            dataset_name="balise: named entities in French conflict news",
            dataset_split=evaluation.part,
            metric_type=metric,
            metric_name=f"strict {metric}",
            metric_value=round(value, 4),
        )
        for evaluation in evaluations
        for metric in ("f1", "precision", "recall")
        if (value := getattr(evaluation.model.all_labels.overall.strict, metric).value) is not None
    ]
    return str(
        ModelCardData(
            language="fr",
            license=str(meta.get("license") or "unknown").lower(),
            library_name="spacy",
            tags=["spacy", "token-classification", "named-entity-recognition", "armed-conflict"],
            model_name=f"fr_{name}",
            eval_results=results or None,
        )
    )


def _body(
    meta: Mapping[str, Any],
    evaluations: Sequence[Evaluation],
    name: str,
    version: str,
    repo: str | None,
) -> str:
    names = dict.fromkeys(label for each in meta.get("labels", {}).values() for label in each)
    labels = ", ".join(f"`{label}`" for label in names)
    made_from = meta.get("balise") or {}
    return (
        "\n\n".join(
            (
                f"# fr_{name} {version}",
                f"{meta.get('description', 'A spaCy pipeline')}. Labels: {labels}.",
                "## Use",
                _use(name, version, repo, made_from.get("group")),
                "## Figures",
                *(_figures(evaluations)),
                "## Where it comes from",
                _training(made_from),
                _licence(meta),
                "## Limits",
                _LIMITS,
            )
        )
        + "\n"
    )


def _use(name: str, version: str, repo: str | None, group: str | None) -> str:
    wheel = f"fr_{name}-{version}-py3-none-any.whl"
    install = f"pip install {wheel}"
    found = "ents" if group is None else f'spans["{group}"]'
    if repo:
        install = f"pip install https://huggingface.co/{repo}/resolve/main/{wheel}"
    return (
        f"```\n{install}\n```\n\n"
        f'```python\nimport spacy\n\nnlp = spacy.load("fr_{name}")\n'
        f'for entity in nlp("Les FARDC ont repris Bunagana au M23 mardi.").{found}:\n'
        "    print(entity.text, entity.label_, entity.start_char, entity.end_char)\n```"
    )


def _figures(evaluations: Sequence[Evaluation]) -> Sequence[str]:
    if not evaluations:
        return ["Nothing was measured for this card."]
    said = [
        "Strict F1: a span is right only where both edges and the label are. Intervals are 95 %, "
        "over resampled articles."
    ]
    for evaluation in evaluations:
        said += [
            f"### On {evaluation.part}: {evaluation.articles} articles, {evaluation.spans} spans",
            render_systems(evaluation),
            render_labels(evaluation),
        ]
    return said


def _training(made_from: Mapping[str, Any]) -> str:
    how = _made_by(made_from)
    if not made_from.get("parts"):
        return f"{how}It does not say what it was trained on."

    def say(key: str) -> str:
        return str(made_from.get(key, "not the same for all"))

    named = made_from.get("libraries", {}).items()
    libraries = "".join(f", {key} {value}" for key, value in named)
    written = made_from.get("synthetic")
    share = "" if written is None else f"; a language model wrote {written} of these articles"
    seeds = made_from.get("seeds")
    seed = f"seed {say('seed')}" if seeds is None else f"seeds {_listed(seeds)}"
    return (
        f"{how}Trained by balise on the parts {', '.join(made_from['parts'])} of its corpus (gold "
        f"`sha256 {say('corpus')}`, labels {say('labels')}), {seed}, "
        f"Python {say('python')}{libraries}{share}.{_refitted(made_from)}"
    )


def _refitted(made_from: Mapping[str, Any]) -> str:
    if not made_from.get("refit"):
        return ""
    steps = made_from.get("steps", [made_from.get("step")])
    return f" The part dev trained too, for {_listed(steps)} steps, and chose nothing."


def _listed(numbers: Sequence[int]) -> str:
    return ", ".join(map(str, numbers))


def _made_by(made_from: Mapping[str, Any]) -> str:
    if "combined" not in made_from:
        return ""
    return f"It is the {made_from['combined']} of {made_from['of']} trainings. "


def _licence(meta: Mapping[str, Any]) -> str:
    if meta.get("license") != LICENCE:
        return f"Its licence: {meta.get('license') or 'not said'}."
    return (
        f"It starts from {SOURCE} 3.8.0 by Explosion and contains its word vectors (Explosion "
        f"fastText vectors, from OSCAR Common Crawl and Wikipedia). {SOURCE} is under {LICENCE}, "
        "and so is this model."
    )
