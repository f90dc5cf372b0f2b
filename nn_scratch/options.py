"""Values of command-line options: functions that argparse calls to read them.

By itself, argparse takes `--epochs -3` and `--learning-rate nan`, and the mistake shows only hours later. Each function
here returns the value, or raises an error that says what the value must be.
"""

from __future__ import annotations

import argparse
import math
import re
from collections.abc import Callable

from nn_scratch.checks import NOT_NEGATIVE, Range

LONGEST_SIDE = 1024  # pixels of an image


def number(limits: Range) -> Callable[[str], float]:
    """A function that reads the numbers in `limits`."""

    def read(text: str) -> float:
        try:
            value = int(text) if limits.whole else float(text)
        except ValueError:
            value = math.nan
        if value not in limits:
            raise argparse.ArgumentTypeError(f"{text} is not {limits}")
        return value

    return read


def image_size(text: str) -> tuple[int, int]:
    """The size of an image, written WIDTHxHEIGHT: 32x32. No side is longer than `LONGEST_SIDE`."""
    sides = re.fullmatch("([0-9]{1,4})x([0-9]{1,4})", text)
    width, height = map(int, sides.groups()) if sides else (0, 0)
    if not (0 < width <= LONGEST_SIDE and 0 < height <= LONGEST_SIDE):
        raise argparse.ArgumentTypeError(
            f"{text} is not a size of at most {LONGEST_SIDE}x{LONGEST_SIDE}, such as 32x32"
        )
    return width, height


def class_weight(text: str) -> float | str:
    """The weight of a class, a number of at least 0; or the word balanced."""
    return text if text == "balanced" else number(NOT_NEGATIVE)(text)


def class_fraction(text: str) -> tuple[str, float]:
    """A class and a fraction between 0 and 1, written CLASS=FRACTION: digit=0.98."""
    label, _, digits = text.rpartition("=")
    try:
        value = float(digits)
    except ValueError:
        value = math.nan
    if not label or not 0 < value < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a class and a fraction, such as digit=0.98")
    return label, value
