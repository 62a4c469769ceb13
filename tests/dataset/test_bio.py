"""Tags over tokens, with spaCy's own converter as the oracle."""

from typing import cast

import pytest

from balise.dataset.bio import Tagger, tag_names
from balise.dataset.release import Item
from balise.docbin import blank_french
from balise.labels import LabelScheme
from dataset.project import FULL
from markup import gold

SENTENCES = [
    "L’[armée malienne](MILITARY) a repris [Kidal](LOCATION) aux ex-[Seleka](ARMED_GROUP).",
    "[70\u00a0000 déplacés](CASUALTIES) ont fui 🙂 [Bamako](LOCATION)\n\npro-[Assad](PERSON)",
    "[MISRATA](LOCATION) [Syrte](LOCATION), [mardi](DATE) : le [M23](ARMED_GROUP).[Le Monde]"
    "(ORGANIZATION)",
    "Rien.",
]


def item(marked: str) -> Item:
    return Item(*gold("neuf-x", marked, **FULL), "train", ())


@pytest.mark.parametrize("marked", SENTENCES)
def test_tags_are_those_of_spacys_converter_without_its_white_space(
    marked: str, labels: LabelScheme
) -> None:
    from spacy.training import biluo_to_iob, offsets_to_biluo_tags

    tagger = Tagger(labels)
    row, ledger = tagger.row(item(marked)), tagger.ledger()
    text = cast("str", item(marked).text)
    doc = blank_french().make_doc(text)
    spans = [(span.start, span.end, span.label) for span in item(marked).gold.spans]
    expected = biluo_to_iob(offsets_to_biluo_tags(doc, spans))
    kept = [(token.text, tag) for token, tag in zip(doc, expected, strict=True)]
    names = tag_names(labels)
    assert list(zip(row.tokens, (names[tag] for tag in row.ner_tags), strict=True)) == [
        (token, tag) for token, tag in kept if token.strip()
    ]
    assert (ledger.kept, ledger.snapped, ledger.dropped) == (len(spans), 0, 0)


def test_the_second_of_two_spans_in_one_token_is_dropped_and_the_ledger_says_so(
    labels: LabelScheme,
) -> None:
    tagger = Tagger(labels)
    row, ledger = tagger.row(item("[Kiev](LOCATION)[gate](EVENT) explose")), tagger.ledger()
    assert row.tokens == ("Kievgate", "explose")
    assert [tag_names(labels)[tag] for tag in row.ner_tags] == ["B-LOCATION", "O"]
    assert (ledger.spans_in, ledger.spans_out) == (2, 1)
    assert [entry.outcome for entry in ledger.entries] == ["snapped", "dropped"]
