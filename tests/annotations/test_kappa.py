"""Token κ against scikit-learn on the labels of every token, one after the other."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray
from sklearn.metrics import cohen_kappa_score

from annotations.pairs import LABELS
from balise.annotations.kappa import (
    count_tokens,
    kappa,
    kappa_of_marginals,
    label_tokens,
    marginals,
)
from balise.readers import Pair, Readers, make_pairs
from balise.records import Article
from markup import annotated

FIRST = {
    "a0": "Tirs sur l'[armée](PERSON) de [Gao](LOCATION).",
    "a1": "L'[attaque de Gao](EVENT) fait [deux](PERSON) morts.",
    "a2": "Rien à [Gao](LOCATION).",
}
SECOND = {
    "a0": "Tirs sur l'[armée de Gao](PERSON).",
    "a1": "L'[attaque](EVENT) de [Gao](LOCATION) fait deux morts.",
    "a2": "Rien à [Gao](LOCATION).",
}


def read(*sides: dict[str, str]) -> tuple[Readers, dict[str, Article], Pair]:
    readers: Readers = {}
    articles = {}
    for number, side in enumerate(sides):
        for id_, marked in side.items():
            articles[id_], reading = annotated(id_, marked, f"lm-{number}")
            readers.setdefault(f"lm-{number}", {})[id_] = reading
    return readers, articles, make_pairs(readers)[0]


def test_tokens_have_the_label_of_the_span_over_them() -> None:
    readers, articles, pair = read(FIRST, SECOND)
    tokens = label_tokens(readers, articles, LABELS)
    # Tirs sur l' armée de Gao . – 3 is no label.
    assert tokens["lm-0"]["a0"].tolist() == [3, 3, 3, 0, 3, 1, 3]
    assert tokens["lm-1"]["a0"].tolist() == [3, 3, 3, 0, 0, 0, 3]
    counts = count_tokens(tokens, pair, LABELS)
    assert counts.shape == (3, 4, 4)
    assert counts[0].tolist() == [[1, 0, 0, 0], [1, 0, 0, 0], [0, 0, 0, 0], [1, 0, 0, 4]]


def test_kappa_is_that_of_scikit_learn_on_the_tokens_themselves() -> None:
    readers, articles, pair = read(FIRST, SECOND)
    tokens = label_tokens(readers, articles, LABELS)
    counts = count_tokens(tokens, pair, LABELS).sum(axis=0)
    flat = [np.concatenate([tokens[name][id_] for id_ in FIRST]) for name in ("lm-0", "lm-1")]
    assert kappa(counts) == pytest.approx(cohen_kappa_score(*flat))


def test_a_span_that_ends_inside_a_token_counts_for_it() -> None:
    inside = {"a0": "Le [porte](PERSON)-parole à [Gao](LOCATION)"}
    readers, articles, _ = read(inside, {"a0": "Le [porte-parole](PERSON) à [Gao](LOCATION)"})
    tokens = label_tokens(readers, articles, LABELS)
    assert tokens["lm-0"]["a0"].tolist() == tokens["lm-1"]["a0"].tolist()


def test_articles_without_text_or_without_a_second_reader_have_no_tokens() -> None:
    readers, articles, pair = read(FIRST, {id_: SECOND[id_] for id_ in ("a0", "a1")})
    del articles["a1"]
    tokens = label_tokens(readers, articles, LABELS)
    assert list(tokens["lm-0"]) == list(tokens["lm-1"]) == ["a0"]
    counts = count_tokens(tokens, pair, LABELS)
    assert counts.sum(axis=(1, 2)).tolist() == [7, 0]


tables = arrays(int, (3, 4, 4), elements=st.integers(0, 6))


@settings(max_examples=100)
@given(tables)
def test_kappa_of_marginals_is_kappa_of_the_tokens(counts: NDArray[np.int64]) -> None:
    """Where all tokens have one label scikit-learn says NaN and warns."""
    table = counts.sum(axis=0)
    first, second = np.indices(table.shape).reshape(2, -1).repeat(table.ravel(), axis=1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected = cohen_kappa_score(first, second) if len(first) else float("nan")
    found = kappa_of_marginals(marginals(counts.astype(float)).sum(axis=0))
    assert float(found) == pytest.approx(expected, nan_ok=True)
    value = kappa(table.astype(float))
    assert value == (None if np.isnan(expected) else pytest.approx(expected))
