"""The paired permutation test against every exchange there is, in plain Python."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from balise.bootstrap import divide
from balise.permutation import permutation_test

Document = tuple[tuple[int, int], tuple[int, int]]
"""Right spans and all spans, of the first system and of the second."""

results = st.tuples(st.integers(0, 4), st.integers(0, 3)).map(lambda pair: (pair[0], sum(pair)))


def ratio(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Turn counts (…, 1, 2) into ratios (…, 1)."""
    return divide(counts[..., 0], counts[..., 1])


def p_value(documents: list[Document], seed: int = 0, rounds: int = 4000) -> float:
    first, second = (
        np.array([[document[side]] for document in documents], dtype=float) for side in (0, 1)
    )
    return float(permutation_test(first, second, ratio, seed, rounds)[0])


def exact_p(documents: list[Document]) -> float:
    """Try all exchanges; one without a score counts as one that differs as much."""

    def difference(exchanged: tuple[bool, ...]) -> float | None:
        sides = [
            document[::-1] if turned else document
            for document, turned in zip(documents, exchanged, strict=True)
        ]
        scores = []
        for side in (0, 1):
            right = sum(document[side][0] for document in sides)
            spans = sum(document[side][1] for document in sides)
            if not spans:
                return None
            scores.append(right / spans)
        return abs(scores[1] - scores[0])

    observed = difference((False,) * len(documents))
    assert observed is not None
    found = [difference(each) for each in product((False, True), repeat=len(documents))]
    return sum(each is None or each >= observed - 1e-12 for each in found) / len(found)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(results, results), min_size=1, max_size=7), st.integers(0, 3))
def test_the_p_value_nears_that_of_all_exchanges(documents: list[Document], seed: int) -> None:
    if any(not sum(document[side][1] for document in documents) for side in (0, 1)):
        assert np.isnan(p_value(documents, seed))
        return
    # Four standard errors of a share that 4,000 rounds estimate are at most 0.032.
    assert p_value(documents, seed) == pytest.approx(exact_p(documents), abs=0.035)


def test_a_system_does_not_differ_from_itself() -> None:
    assert p_value([((3, 4), (3, 4)), ((1, 5), (1, 5))]) == 1.0


def test_ten_documents_that_all_speak_for_one_system_decide() -> None:
    # Two of 2^10 exchanges differ as much: none and all.
    assert p_value([((1, 4), (3, 4))] * 10) == pytest.approx(2 / 1024, abs=0.003)


def test_one_document_decides_nothing() -> None:
    assert p_value([((0, 9), (9, 9))]) == 1.0


def test_a_p_value_is_never_nought() -> None:
    assert p_value([((0, 9), (9, 9))] * 60, rounds=999) == pytest.approx(1 / 1000)


def test_a_seed_decides() -> None:
    documents: list[Document] = [((1, 3), (2, 3)), ((2, 5), (1, 4)), ((0, 2), (2, 2))] * 4
    assert p_value(documents, 1) == p_value(documents, 1)
    assert p_value(documents, 1) != p_value(documents, 2)
