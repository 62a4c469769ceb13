"""Under which labels predictions are scored: the scheme's own, or those of another scheme.

One model can so be held against several schemes: with all its labels, rolled up to the PER, LOC
and ORG that general French pipelines know, under the names of re3d or ACE, or by a mapping of
one's own.
"""

import tomllib
from collections import defaultdict
from collections.abc import Mapping, Sequence, Set
from pathlib import Path
from typing import get_args

import msgspec

from balise.errors import BaliseError, UsageError
from balise.files import read_text
from balise.labels import LabelScheme, Rollup
from balise.pairing import Entity

_FROM_CONLL = {"PER": "PERSON", "LOC": "LOCATION", "ORG": "ORGANIZATION"}
_CONLL = (*_FROM_CONLL, "MISC")


class View(msgspec.Struct, frozen=True):
    """Which labels are scored, and what each gold and each predicted label counts as."""

    name: str
    labels: tuple[str, ...]
    gold: dict[str, str]
    predicted: dict[str, str]


def all_labels(scheme: LabelScheme) -> View:
    """View every label of the scheme; a general pipeline's PER, LOC and ORG count as ours."""
    own = {name: name for name in scheme.names}
    foreign = {name: target for name, target in _FROM_CONLL.items() if target in own}
    return View("all labels", scheme.names, own, foreign | own)


def conll(scheme: LabelScheme) -> View:
    """View PER, LOC and ORG; labels with no counterpart there are left out on both sides."""
    rolled = scheme.rollup("conll")
    own = {name: name for name in _FROM_CONLL}
    return View("PER/LOC/ORG", tuple(_FROM_CONLL), rolled, own | rolled)


def load_view(name: str, scheme: LabelScheme) -> View:
    """View the labels of another scheme: `conll`, `ace`, `re3d`, or those of a mapping file.

    The file is TOML and holds a table `[labels]` of our names and theirs. A general pipeline's
    PER, LOC and ORG count as what all our labels of this CoNLL name count as, if that is one.

    Raises:
        BaliseError: there is no such scheme or file, or the file maps a label that is not ours.
    """
    if name == "conll":
        return conll(scheme)
    known: tuple[Rollup, ...] = get_args(Rollup)
    for rollup in known:
        if name == rollup:
            return _rolled_up(name, scheme.rollup(rollup), scheme)
    path = Path(name)
    if not path.is_file():
        raise BaliseError(
            "--rollup",
            f"no scheme and no file {name!r}",
            f"choose one of {', '.join(known)}, or give a TOML file with a table [labels]",
        )
    return _rolled_up(path.stem, _load_mapping(path, scheme), scheme)


def load_views(names: Sequence[str], scheme: LabelScheme) -> list[View]:
    """View the labels of several other schemes; see `load_view`.

    Raises:
        UsageError: two of them would stand under one name in a report.
        BaliseError: as for `load_view`.
    """
    views: dict[str, View] = {}
    for name in names:
        view = load_view(name, scheme)
        if view.name in views:
            raise UsageError(
                "--rollup",
                f"{name!r} goes by the name {view.name!r}, as another roll-up does",
                "name it once, or rename the file",
            )
        views[view.name] = view
    return list(views.values())


class _Mapping(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    labels: dict[str, str]


def _load_mapping(path: Path, scheme: LabelScheme) -> dict[str, str]:
    try:
        mapping = msgspec.convert(tomllib.loads(read_text(path)), _Mapping).labels
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise BaliseError(
            path,
            f"no mapping of labels ({error})",
            'write a table [labels] with lines such as ARMED_GROUP = "ORG"',
        ) from error
    for label in mapping:
        scheme.require(label, path)
    if not mapping:
        raise BaliseError(path, "maps no label", "give at least one label a name")
    return mapping


def _rolled_up(name: str, mapping: Mapping[str, str], scheme: LabelScheme) -> View:
    targets = tuple(dict.fromkeys(mapping[label] for label in scheme.names if label in mapping))
    counterparts: dict[str, set[str | None]] = defaultdict(set)
    for label, general in scheme.rollup("conll").items():
        counterparts[general].add(mapping.get(label))
    foreign = {
        general: target
        for general, found in counterparts.items()
        if len(found) == 1 and (target := next(iter(found)))
    }
    # A name of ours is no other scheme's name, though a mapping may use it.
    own = {target: target for target in targets if target not in scheme.names}
    return View(name, targets, dict(mapping), foreign | own | dict(mapping))


def relabel(entities: Set[Entity], names: Mapping[str, str]) -> set[Entity]:
    """Give entities the labels of a view and leave out those that have none there."""
    return {
        entity._replace(label=names[entity.label]) for entity in entities if entity.label in names
    }


def require_known(predicted: Set[Entity], scheme: LabelScheme, pipeline: str) -> None:
    """Accept predictions with labels of the scheme, or of CoNLL (MISC included).

    Raises:
        BaliseError: the pipeline has labels of its own.
    """
    foreign = sorted({entity.label for entity in predicted} - {*scheme.names, *_CONLL})
    if foreign:
        raise BaliseError(
            pipeline,
            f"predicts {', '.join(foreign)}, which neither the label scheme "
            f"({', '.join(scheme.names)}) nor CoNLL ({', '.join(_CONLL)}) knows",
            "give a pipeline trained on this scheme, or name its scheme with --labels",
        )
