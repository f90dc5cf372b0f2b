"""Ranges: which numbers are in them, and how they are called in sentences."""

from __future__ import annotations

import math

import numpy as np
import pytest

from nn_scratch.checks import COUNT, FRACTION, NOT_NEGATIVE, POSITIVE, Range


@pytest.mark.parametrize(
    ("limits", "inside", "outside"),
    [
        (COUNT, [1, np.int64(7), 10**400], [0, -1, 1.0, "1", None, True, math.nan]),
        (POSITIVE, [1e-300, 3, np.float32(0.5)], [0, -1e-300, math.inf, math.nan, "1"]),
        (NOT_NEGATIVE, [0, 1e300], [-1e-300, math.inf, math.nan, None]),
        (FRACTION, [0, 0.999], [1, 1.0, -0.1, math.nan]),
        (Range(0.01, 100), [0.01, 100], [0.00999, 100.1, 1e-300]),
    ],
)
def test_a_range_has_the_numbers_that_it_says(limits: Range, inside: list[object], outside: list[object]) -> None:
    assert [value for value in inside if value not in limits] == []
    assert [value for value in outside if value in limits] == []


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        (COUNT, "a whole number of at least 1"),
        (POSITIVE, "a number above 0"),
        (FRACTION, "a number of at least 0 and below 1"),
        (Range(0, 1, above=True), "a number above 0 and at most 1"),
        (Range(1, 10**9, whole=True), "a whole number from 1 to 1,000,000,000"),
    ],
)
def test_a_range_says_which_numbers_it_has(limits: Range, words: str) -> None:
    assert str(limits) == words
    with pytest.raises(ValueError, match=f"^x is -5, but it must be {words}.$"):
        limits.check("x", -5)
