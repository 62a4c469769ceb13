"""A release described for machines: `croissant.json`, with the keys of responsible AI.

Croissant 1.0 (MLCommons, <http://mlcommons.org/croissant/1.0>) is schema.org's `Dataset` with the
files by hash and the columns of the records; the `rai:` keys are those of its extension
Croissant RAI 1.0. Addresses are relative to the folder, so that the file holds wherever it lies.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from balise.dataset.card.citation import ABSTRACT, KEYWORDS, LICENCE_URL, PUBLISHER, TITLE, bibtex
from balise.dataset.card.columns import CONFIGS, Column, list_columns
from balise.dataset.card.figures import Figures
from balise.dataset.card.responsible import responsible_ai
from balise.dataset.parquet import Table, parquet_path
from balise.dataset.release import Release

if TYPE_CHECKING:
    from datasets import Features

CROISSANT = "croissant.json"

_CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
"""The terms of Croissant 1.0; readers ask for all of them, used or not."""

_TYPES = {
    "string": "sc:Text",
    "int32": "sc:Integer",
    "label": "sc:Integer",
    "bool": "sc:Boolean",
}
_PARQUET = "application/x-parquet"
_SPLIT_OF_A_PATH = r"^.*[/\\]([^/\\]+)-\d+-of-\d+\.parquet$"


def make_croissant(
    release: Release,
    figures: Figures,
    tables: Mapping[str, Mapping[str, Table]],
    features: Mapping[str, "Features"],
    version: str,
) -> dict[str, Any]:
    """Describe a release whose tables are encoded, as JSON-LD; without a day where it has none."""
    day = release.changelog.day(version)
    return {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": [
            "http://mlcommons.org/croissant/1.0",
            "http://mlcommons.org/croissant/RAI/1.0",
        ],
        "name": "balise",
        "alternateName": TITLE,
        "description": ABSTRACT,
        "version": version,
        **({"datePublished": day} if day else {}),
        "inLanguage": "fr",
        "license": LICENCE_URL,
        "keywords": list(KEYWORDS),
        "creator": {"@type": "sc:Organization", "name": PUBLISHER},
        "citeAs": bibtex(version, day),
        "isLiveDataset": False,
        **responsible_ai(release, figures),
        "distribution": [
            *(
                _file(config, split, table)
                for config, splits in tables.items()
                for split, table in splits.items()
            ),
            *(_file_set(config) for config in tables),
        ],
        "recordSet": [_record_set(config, features) for config in tables],
    }


def _file(config: str, split: str, table: Table) -> dict[str, Any]:
    path = parquet_path(config, split)
    return {
        "@type": "cr:FileObject",
        "@id": path,
        "name": path,
        "description": f"Config {config}, split {split}: {table.rows} rows.",
        "contentUrl": path,
        "contentSize": f"{table.size} B",
        "encodingFormat": _PARQUET,
        "sha256": table.sha256,
    }


def _file_set(config: str) -> dict[str, Any]:
    return {
        "@type": "cr:FileSet",
        "@id": _files(config),
        "name": _files(config),
        "description": f"The files of config {config}, one a split.",
        "encodingFormat": _PARQUET,
        "includes": f"{config}/*.parquet",
    }


def _files(config: str) -> str:
    return f"{config}-files"


def _record_set(config: str, features: Mapping[str, "Features"]) -> dict[str, Any]:
    columns = list_columns(features, config)
    fields = [_field(column, columns) for column in columns if "." not in column.name]
    split = {
        **_described(f"{config}/split", "split", "The split, from the file's name."),
        "dataType": "sc:Text",
        "source": {
            "fileSet": {"@id": _files(config)},
            "extract": {"fileProperty": "fullpath"},
            "transform": {"regex": _SPLIT_OF_A_PATH},
        },
    }
    return {
        "@type": "cr:RecordSet",
        "@id": config,
        "name": config,
        "description": CONFIGS[config],
        "key": {"@id": f"{config}/id"},
        "field": [*fields, split],
    }


def _field(column: Column, columns: list[Column]) -> dict[str, Any]:
    top, _, inside = column.name.partition(".")
    described = _described(
        f"{column.config}/{column.name.replace('.', '/')}", column.name, column.meaning
    )
    repeated = {"repeated": True} if column.depth else {}
    inner = [each for each in columns if each.name.startswith(f"{column.name}.")]
    if inner:
        return {**described, **repeated, "subField": [_field(each, columns) for each in inner]}
    source: dict[str, Any] = {
        "fileSet": {"@id": _files(column.config)},
        "extract": {"column": top},
    }
    if inside:
        source["transform"] = {"jsonPath": inside}
    return {**described, "dataType": _TYPES[column.kind], **repeated, "source": source}


def _described(id_: str, name: str, meaning: str) -> dict[str, Any]:
    return {"@type": "cr:Field", "@id": id_, "name": name, "description": meaning}
