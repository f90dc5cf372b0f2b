"""Rows: which characters stand in one line of writing.

Characters are read row by row, each from left to right. What is written below another line has to be shown below it.
"""

from __future__ import annotations

from collections.abc import Sequence

from drawapp.reading.prediction import Character


def rows_of(characters: Sequence[Character]) -> list[list[int]]:
    """The numbers of the `characters`, row by row: a new row begins where one stands below and left of the last."""
    rows: list[list[int]] = []
    for number, character in enumerate(characters):
        last = characters[rows[-1][-1]] if rows else None
        if last is None or (character.bounds.top > last.bounds.bottom and character.bounds.left < last.bounds.right):
            rows.append([])
        rows[-1].append(number)
    return rows
