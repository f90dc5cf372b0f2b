"""Option values: what is read, and what is refused with which words."""

from __future__ import annotations

from argparse import ArgumentTypeError
from collections.abc import Callable

import pytest

from nn_scratch.checks import COUNT, FRACTION, NOT_NEGATIVE, POSITIVE
from nn_scratch.command import image_size, number


def test_numbers_and_fractions_are_read() -> None:
    assert number(COUNT)("1") == 1
    assert number(NOT_NEGATIVE)("0") == 0
    assert number(POSITIVE)("1e-3") == 0.001
    assert number(FRACTION)("0.25") == 0.25
    assert image_size("32x24") == (32, 24)


@pytest.mark.parametrize(
    ("read", "text", "message"),
    [
        (number(COUNT), "0", "0 is not a whole number of at least 1"),
        (number(COUNT), "1.5", "1.5 is not a whole number of at least 1"),
        (number(COUNT), "9" * 5000, "999"),  # Python reads no number of so many digits
        (number(NOT_NEGATIVE), "nan", "nan is not a number of at least 0"),
        (number(NOT_NEGATIVE), "inf", "inf is not a number of at least 0"),
        (number(POSITIVE), "0", "0 is not a number above 0"),
        (number(FRACTION), "1", "1 is not a number of at least 0 and below 1"),
        *((image_size, text, f"{text} is not a size") for text in ("32", "0x5", "5x2000", "-1x5", "5 x 5")),
    ],
)
def test_other_values_are_refused(read: Callable[[str], object], text: str, message: str) -> None:
    with pytest.raises(ArgumentTypeError, match=f"^{message}"):
        read(text)
