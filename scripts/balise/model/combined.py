"""A pipeline made of several trainings says so in its meta.json, with figures of its own."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from balise.jsonl import read_json, write_json
from balise.model.lineage import EARLIER, SEEN

_OWN = {
    "lang", "name", "version", "spacy_version", "spacy_git_version", "vectors",
    "labels", "pipeline", "components", "disabled",
}  # fmt: skip
_EACH = {"seed": "seeds", "step": "steps"}


def describe_combined(
    folder: Path, how: str, trainings: Sequence[Path], dev_f1: float | None
) -> None:
    """Rewrite a pipeline's meta.json: what it is made of, and its own strict micro-F1 on dev.

    Without a score on dev it claims none. What spaCy reads off the pipeline stays, and its name. Of
    the rest only what all trainings say alike is kept; the origin (`balise`) names the seed and the
    best step of each, and the parts and articles that any of them saw.

    Raises:
        BaliseError: a meta.json cannot be read or written.
    """
    metas = [read_json(each / "meta.json", dict[str, Any]) for each in trainings]
    own = read_json(folder / "meta.json", dict[str, Any])
    meta = {key: value for key, value in own.items() if key in _OWN}
    meta |= {key: value for key, value in _alike(metas).items() if key not in meta}
    origin = _origin(metas, how)
    group = origin.get("group")
    key = "ents_f" if group is None else f"spans_{group}_f"
    performance = {} if dev_f1 is None else {key: dev_f1}
    meta |= {"performance": performance, "balise": origin}
    write_json(folder / "meta.json", meta)


def _origin(metas: Sequence[Mapping[str, Any]], how: str) -> dict[str, Any]:
    origins: list[Mapping[str, Any]] = [meta.get("balise") or {} for meta in metas]
    combined = {"combined": how, "of": len(metas)}
    if not all(origins):
        return combined
    parts = dict.fromkeys(part for each in origins for part in each.get("parts", ()))
    found = _alike(origins) | combined | {"parts": list(parts)}
    for one, many in _EACH.items():
        found[many] = [value for each in origins for value in each.get(many, [each.get(one)])]
        found.pop(one, None)
    for key in (*SEEN, *EARLIER.values()):
        seen = {one for each in origins for one in each.get(key, ())}
        # A union that lacks one training's articles would pass for all that was seen.
        if all(key in each for each in origins) if key in SEEN else seen:
            found[key] = sorted(seen)
    return found


def _alike(values: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    first, *others = values
    return {
        key: value
        for key, value in first.items()
        if all(key in other and other[key] == value for other in others)
    }
