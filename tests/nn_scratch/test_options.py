"""Option values: what is read, and what is refused with which words."""

from __future__ import annotations

from argparse import ArgumentTypeError
from collections.abc import Callable

import pytest

from nn_scratch.options import class_fraction, fraction, image_size, number


def test_numbers_and_fractions_are_read() -> None:
    assert number(int, 1)("1") == 1
    assert number(float, 0)("0") == 0
    assert number(float, 0, open_end=True)("1e-3") == 0.001
    assert fraction("0.25") == 0.25
    assert image_size("32x24") == (32, 24)
    assert class_fraction("a=b=0.5") == ("a=b", 0.5)


@pytest.mark.parametrize(
    ("read", "text", "message"),
    [
        (number(int, 1), "0", "0 is not a whole number of at least 1"),
        (number(int, 1), "1.5", "1.5 is not a whole number of at least 1"),
        (number(float, 0), "nan", "nan is not a number of at least 0"),
        (number(float, 0), "inf", "inf is not a number of at least 0"),
        (number(float, 0, open_end=True), "0", "0 is not a number above 0"),
        (fraction, "-0.1", "-0.1 is not a number of at least 0"),
        (fraction, "1", "1 is not below 1"),
        (class_fraction, "0.5", "0.5 is not a class and a fraction"),
        (class_fraction, "=0.5", "=0.5 is not a class and a fraction"),
        (class_fraction, "digit=1", "digit=1 is not a class and a fraction"),
        *((image_size, text, f"{text} is not a size") for text in ("32", "0x5", "5x2000", "-1x5", "5 x 5")),
        (class_fraction, "digit=most", "digit=most is not a class and a fraction"),
    ],
)
def test_other_values_are_refused(read: Callable[[str], object], text: str, message: str) -> None:
    with pytest.raises(ArgumentTypeError, match=f"^{message}"):
        read(text)
