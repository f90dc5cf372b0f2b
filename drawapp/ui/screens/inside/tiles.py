"""The places of the network: where each stage and each of its units lies.

A network has any number of layers and units, and a card has one size. The places are computed from both, once, for the
hand that draws them and for the mouse that asks what it is on.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from drawapp.drawing.geometry import Box, Point
from drawapp.reading.explanation import SIDE, Explanation, Stage

WIDE_GAP, NARROW_GAP = 0.48, 0.16  # between columns, in widths of a column: with and without connections
BARS = 1.1  # width of the bars, in widths of a column
LEAST_MAP, LEAST_TILE = 22, 4  # pixels: smaller ones show nothing
SQUARE = 25  # units up to this number stand five in a row as well


class Place(NamedTuple):
    """Where a stage lies: its caption at the top of `box`, and below it a tile for each unit or map that fits."""

    stage: int
    box: Box
    tiles: tuple[Box, ...]
    sides: tuple[int, int]  # where the tiles begin and end, from left to right: there connections end and begin

    def port(self, tile: Box) -> int:
        """The height at which the connections of a `tile` leave the stage: its own for each tile of a row."""
        left, right = self.sides
        return tile.top + round(tile.height * (tile.centre[0] - left) / max(right - left, 1))


def places_of(explanation: Explanation, box: Box, caption: int, least_bars: int) -> list[Place]:
    """The places of all stages in `box`, with room for captions `caption` pixels high; bars need `least_bars`.

    The images stand above each other in the first column, and every other stage has a column of its own.
    """
    stages = explanation.stages
    images = [number for number, stage in enumerate(stages) if stage.kind == "image"]
    columns = [images, *([number] for number in range(len(stages)) if number not in images)]
    gaps = [
        WIDE_GAP if explanation.between_units(numbers[0]) is not None else NARROW_GAP for numbers in columns[1:]
    ]  # in front of each column but the first
    share = len(columns) - 1 + sum(gaps)
    width = box.width / (share + BARS)
    if width * BARS < least_bars:
        width = (box.width - least_bars) / share
    places, left = [], float(box.left)
    for index, numbers in enumerate(columns):
        is_last = index == len(columns) - 1
        column = Box(round(left), box.top, box.right - round(left) if is_last else int(width), box.height)
        places += stacked_in(column, numbers, stages, caption, len(explanation.shown))
        left += width * (1 + (gaps[index] if not is_last else 0))
    return places


def stacked_in(column: Box, numbers: Sequence[int], stages: Sequence[Stage], caption: int, rows: int) -> list[Place]:
    """The places of the stages in one column, from top to bottom."""
    places, height = [], column.height // len(numbers)
    for row, number in enumerate(numbers):
        box = Box(column.left, column.top + row * height, column.width, height)
        tiles = tuple(tiles_of(stages[number], box.without_top(caption), rows))
        sides = min(tile.left for tile in tiles), max(tile.right for tile in tiles)
        places.append(Place(number, box, tiles, sides))
    return places


def pixel_in(tile: Box, at: tuple[int, int], shape: tuple[int, int]) -> Box:
    """Where the pixel at a row and a column of an image of that shape lies in its `tile`."""
    (row, column), (rows, columns) = at, shape
    left, right = (round(k * tile.width / columns) for k in (column, column + 1))
    top, bottom = (round(k * tile.height / rows) for k in (row, row + 1))
    return Box(tile.left + left, tile.top + top, right - left, bottom - top)


def pixel_at(tile: Box, at: Point) -> int:
    """The number of the pixel at a place in the `tile` of an image."""
    column, row = (int((value - start) * SIDE / tile.width) for value, start in zip(at, tile[:2], strict=True))
    return min(max(row, 0), SIDE - 1) * SIDE + min(max(column, 0), SIDE - 1)


def tile_number(explanation: Explanation, stage: int, number: int) -> int:
    """Which tile of its stage has the value at `number`; one that is not shown is beyond the last."""
    shown = explanation.stages[stage]
    if shown.kind == "answer":
        return explanation.shown.index(number) if number in explanation.shown else len(explanation.shown)
    if shown.kind == "maps":
        return number % int(shown.values.shape[2])
    return 0 if shown.kind == "image" else number


def number_of(explanation: Explanation, stage: int, tile: int) -> int:
    """The value that stands for a tile: its unit or class, or where its map or image is most active."""
    shown = explanation.stages[stage]
    if shown.kind == "answer":
        return explanation.shown[tile]
    if shown.kind == "maps":
        return int(shown.values[:, :, tile].argmax()) * int(shown.values.shape[2]) + tile
    return int(shown.values.argmax()) if shown.kind == "image" else tile


def tiles_of(stage: Stage, box: Box, rows: int) -> list[Box]:
    """The tiles of one stage in `box`."""
    if stage.kind == "image":
        side = min(box.width, box.height - 6)
        return [Box(box.left + (box.width - side) // 2, box.top, side, side)]
    if stage.kind == "answer":
        pitch = box.height / max(rows, 1)
        return [Box(box.left, round(box.top + k * pitch), box.width - 6, int(pitch)) for k in range(rows)]
    if stage.kind == "maps":
        return grid_of(stage.values.shape[2], box, LEAST_MAP)
    return grid_of(stage.values.shape[0], box, LEAST_TILE)


def grid_of(count: int, box: Box, least: int) -> list[Box]:
    """`count` equal squares in `box`, as large as possible, in the middle of its height.

    There are fewer where they would be too small. Up to fifty stand five in a row, so that one sees how many there are.
    """
    across = 5 if count <= 2 * SQUARE and least < LEAST_MAP else 1
    while across < count and min(box.width / across, box.height / math.ceil(count / across)) < box.width / across:
        across += 1  # the height decides: more in a row
    pitch = max(min(box.width / across, box.height / math.ceil(count / across)), least)
    across = max(1, min(across, int(box.width / pitch)))
    down = min(math.ceil(count / across), max(1, int(box.height / pitch)))
    gap = max(1, round(pitch * 0.12))
    left = box.left + (box.width - across * pitch) / 2
    top = box.top + (box.height - down * pitch) / 2
    return [
        Box(round(left + k % across * pitch), round(top + k // across * pitch), int(pitch) - gap, int(pitch) - gap)
        for k in range(min(count, across * down))
    ]
