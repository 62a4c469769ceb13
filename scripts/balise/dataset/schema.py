"""The columns of each config and their types, as `datasets` names them."""

from typing import TYPE_CHECKING

from balise.dataset.bio import tag_names
from balise.dataset.rows import ANNOTATORS, BIO, ROWS, SPANS, STANDOFF
from balise.labels import LabelScheme

if TYPE_CHECKING:
    from datasets import Features


def config_features(labels: LabelScheme) -> dict[str, "Features"]:
    """Make the `datasets.Features` of each config."""
    from datasets import ClassLabel, Features, List, Value

    string, number, boolean = Value("string"), Value("int32"), Value("bool")
    strings, edges = List(string), {"start": number, "end": number, "label": string}
    provenance = {
        "source": string,
        "url": string,
        "published": string,
        "country": string,
        "event": string,
        "register": string,
        "synthetic": boolean,
        "license": string,
        "attribution": string,
        "decision": string,
        "annotators": strings,
    }
    shown = List({**edges, "text": string})
    columns = {
        SPANS: {
            "id": string,
            "text": string,
            "sha256": string,
            "length": number,
            "title": string,
            **provenance,
            "spans": shown,
        },
        BIO: {
            "id": string,
            "tokens": strings,
            "ner_tags": List(ClassLabel(names=tag_names(labels))),
            "token_starts": List(number),
            "token_ends": List(number),
            "tokenizer": string,
            "synthetic": boolean,
            "license": string,
            "attribution": string,
        },
        ANNOTATORS: {
            "id": string,
            "article": string,
            "batch": string,
            "annotator": string,
            "sha256": string,
            "synthetic": boolean,
            "license": string,
            "publishable": string,
            "spans": shown,
        },
        STANDOFF: {
            "id": string,
            "path": string,
            "sha256": string,
            "length": number,
            "normalisation": string,
            "language": string,
            **provenance,
            "license_url": string,
            "rights_holder": string,
            "publishable": string,
            "salt": string,
            "spans": List({**edges, "surface": string, "before": strings, "after": strings}),
        },
    }
    # In the rows' order, which is the Parquet files'.
    return {
        name: Features({field: columns[name][field] for field in row.__struct_fields__})
        for name, row in ROWS.items()
    }
