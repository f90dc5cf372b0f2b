"""Rows: the numbers of the characters, line of writing by line of writing.

Characters are counted through all lines, but what is written below another line has to be shown below it.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from drawapp.reading.prediction import Character


def rows_of(characters: Sequence[Character]) -> list[list[int]]:
    """The numbers of the `characters` in each line, from the top."""
    numbers = range(len(characters))
    return [list(line) for _, line in groupby(numbers, key=lambda number: characters[number].line)]
