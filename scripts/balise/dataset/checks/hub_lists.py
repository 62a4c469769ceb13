"""The Hub's lists and limits: `hub_lists.toml`, and those that `datasets` is installed with."""

import json
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec


class Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """From where on the Hub or its viewer refuses or gives up."""

    files: int
    files_in_a_folder: int
    files_in_a_commit: int
    bytes_of_a_file: int
    bytes_of_the_viewer: int
    bytes_of_a_row_group: int


class HubLists(msgspec.Struct, frozen=True):
    """What may stand in a card: its keys, and the values of those that have a list.

    `values` maps a key to what it may hold; `tasks` maps a task category to its task ids.
    """

    keys: frozenset[str]
    required: tuple[str, ...]
    values: dict[str, frozenset[str]]
    tasks: dict[str, tuple[str, ...]]
    limits: Limits


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    keys: frozenset[str]
    required: tuple[str, ...]
    licenses: frozenset[str]
    licenses_since: frozenset[str]
    limits: Limits
    tasks: dict[str, tuple[str, ...]]


@cache
def load_hub_lists() -> HubLists:
    """Read the lists; their sources are named in the file."""
    path = files("balise.dataset.checks") / "hub_lists.toml"
    own = msgspec.toml.decode(path.read_bytes(), type=_File)
    creators = _resource("creators.json")
    return HubLists(
        keys=own.keys,
        required=own.required,
        values={
            "license": own.licenses | own.licenses_since,
            "language": frozenset(_resource("languages.json")),
            "annotations_creators": frozenset(creators["annotations"]),
            "language_creators": frozenset(creators["language"]),
            "multilinguality": frozenset(_resource("multilingualities.json")),
            "size_categories": frozenset(_resource("size_categories.json")),
            "task_categories": frozenset(own.tasks),
            "task_ids": frozenset(name for names in own.tasks.values() for name in names),
        },
        tasks=own.tasks,
        limits=own.limits,
    )


def _resource(name: str) -> Any:  # noqa: ANN401  # lists and objects of another's making
    return json.loads((files("datasets.utils.resources") / name).read_bytes())
