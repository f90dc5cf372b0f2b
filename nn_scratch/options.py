"""Readers of option values for argparse: each returns the value or says in a sentence what it should have been."""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable


def number(kind: type[float], least: float, open_end: bool = False) -> Callable[[str], float]:
    """A reader of finite numbers of `kind`, at least `least` or, with `open_end`, above it."""

    def read(text: str) -> float:
        try:
            value = kind(text)
        except ValueError:
            value = math.nan
        if not least <= value < math.inf or (open_end and value == least):
            name = "whole number" if kind is int else "number"
            raise argparse.ArgumentTypeError(f"{text} is no {name} {'above' if open_end else 'of at least'} {least}")
        return value

    return read


def part(text: str) -> float:
    """A reader of parts: from 0 to below 1."""
    value = number(float, 0)(text)
    if value >= 1:
        raise argparse.ArgumentTypeError(f"{text} is not below 1")
    return value


def class_part(text: str) -> tuple[str, float]:
    """A reader of CLASS=PART, such as digit=0.98: a class and a part of 1."""
    name, _, digits = text.rpartition("=")
    try:
        value = float(digits)
    except ValueError:
        value = math.nan
    if not name or not 0 < value < 1:
        raise argparse.ArgumentTypeError(f"{text} is no class and part of 1, such as digit=0.98")
    return name, value
