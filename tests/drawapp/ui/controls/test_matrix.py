"""The confusion matrix: each cell has its place, its colour says how common it is, and keys reach all of them."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pygame
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drawapp.drawing.geometry import Box
from drawapp.learning.scored import Scored
from drawapp.ui.keys import KeyStroke
from drawapp.ui.learn_intents import ChooseCell
from drawapp.ui.painter import Painter
from drawapp.ui.screens.learn.calibration import FEWEST, joined
from drawapp.ui.screens.learn.matrix import draw_matrix, luminance, places_in, readable_on, shown_labels
from drawapp.ui.screens.learn.matrix_control import Matrix, Table
from drawapp.ui.theme import DARK, LIGHT, Theme
from nn_scratch.calibration import reliability
from nn_scratch.dataset import Dataset

LETTERS = tuple("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabdefghnqrt")


def scored(labels: list[int], read: list[int], classes: tuple[str, ...] = ("a", "b", "c")) -> Scored:
    """Examples with these labels, read as these classes."""
    logits = 5 * np.eye(len(classes), dtype=np.float32)[read]
    return Scored(Dataset(np.zeros((len(labels), 28, 28), np.uint8), np.array(labels), classes), logits)


@given(rows=st.integers(1, 47), more=st.integers(0, 37), width=st.integers(150, 500), height=st.integers(150, 500))
def test_every_cell_has_a_place_of_its_own_within_the_box(rows: int, more: int, width: int, height: int) -> None:
    box = Box(7, 9, width, height)
    places = places_in(box, (rows, rows + more), 20, 20)
    assert (places.grid.left, places.grid.top) == (27, 29)
    assert places.grid.right <= box.right
    assert places.grid.bottom <= box.bottom
    for row in range(rows):
        for column in range(rows + more):
            cell = places.box((row, column))
            assert cell.width >= 1
            assert cell.height >= 1
            assert places.at((cell.left + cell.width / 2, cell.top + cell.height / 2)) == (row, column)
    assert places.at((26, 40)) is None
    assert places.at((places.grid.right, places.grid.bottom)) is None


@pytest.mark.parametrize("theme", [DARK, LIGHT])
@pytest.mark.parametrize("classes", [LETTERS[:10], LETTERS])
def test_mistakes_are_orange_and_what_is_right_is_a_calm_blue(theme: Theme, classes: tuple[str, ...]) -> None:
    pygame.font.init()
    surface = pygame.Surface((330, 330))
    confusion = np.diag(np.full(len(classes), 100))
    confusion[3, 5], confusion[4, 5], confusion[6, 2] = 1, 30, 100
    places = draw_matrix(Painter(surface, theme), Box(0, 0, 330, 330), confusion, classes)

    def colour(row: int, column: int) -> pygame.Color:
        cell = places.box((row, column))
        return surface.get_at((cell.left + 1, cell.top + 1))

    for mistake in ((3, 5), (4, 5), (6, 2)):
        assert colour(*mistake).r > colour(*mistake).b
    assert colour(0, 0).b > colour(0, 0).r
    assert tuple(colour(0, 1))[:3] == theme.paper
    distance = [abs(sum(colour(*cell)[:3]) - sum(theme.paper)) for cell in ((3, 5), (4, 5), (6, 2))]
    assert distance == sorted(distance)  # the more common, the stronger
    assert distance[0] > 20  # seen even where it happened once


@given(count=st.integers(1, 50), pitch=st.floats(1, 40), needs=st.floats(5, 30), lit=st.none() | st.integers(0, 49))
def test_labels_keep_their_distance_and_the_one_that_is_asked_for_is_there(
    count: int, pitch: float, needs: float, lit: int | None
) -> None:
    lit = None if lit is None else lit % count
    numbers = sorted(shown_labels(count, pitch, needs, lit))
    assert all((other - one) * pitch >= needs - 1e-9 for one, other in pairwise(numbers))
    assert lit is None or lit in numbers
    if pitch >= needs:
        assert numbers == list(range(count))


@given(colour=st.tuples(*[st.integers(0, 255)] * 3))
def test_counts_can_be_read_on_any_ground(colour: tuple[int, int, int]) -> None:
    for theme in (DARK, LIGHT):
        assert abs(luminance(readable_on(colour, theme)) - luminance(colour)) > 0.3


def test_only_rows_with_examples_and_columns_with_answers_are_shown() -> None:
    table = Table(scored([1, 1, 1, 3], [1, 2, 2, 3], ("a", "b", "c", "d", "e")))
    assert (table.rows, table.columns) == (("b", "d"), ("b", "c", "d"))
    assert table.counts.tolist() == [[1, 2, 0], [0, 0, 1]]
    assert table.right.tolist() == [[True, False, False], [False, False, True]]
    assert table.accuracies == pytest.approx([1 / 3, 1])
    assert table.classes((0, 1)) == (1, 2)
    assert table.cell_of((1, 2)) == (0, 1)


def test_arrows_go_through_the_matrix_and_enter_chooses() -> None:
    matrix = Matrix("matrix")
    matrix.show(Table(scored([0, 1, 2], [0, 2, 2])), None)
    matrix.arrange(Box(0, 0, 200, 200), 20, 20)
    assert matrix.key(KeyStroke(pygame.K_RETURN)) is None
    matrix.key(KeyStroke(pygame.K_DOWN))
    assert matrix.cursor == (0, 0)
    for key in (pygame.K_DOWN, pygame.K_RIGHT, pygame.K_RIGHT, pygame.K_UP, pygame.K_UP, pygame.K_DOWN):
        matrix.key(KeyStroke(key))
    assert matrix.lit(None) == (1, 2)
    assert matrix.key(KeyStroke(pygame.K_RETURN)) == ChooseCell((1, 2))
    matrix.key(KeyStroke(pygame.K_LEFT))
    assert matrix.key(KeyStroke(pygame.K_RETURN)) is None  # nothing was read so
    assert matrix.release(matrix.places.box((0, 2)).centre) is None
    assert matrix.release(matrix.places.box((0, 0)).centre) == ChooseCell((0, 0))
    matrix.show(Table(scored([0], [0])), None)
    assert matrix.cursor is None


def test_a_bar_stands_for_what_is_right_in_its_row() -> None:
    matrix = Matrix("matrix")
    matrix.show(Table(scored([0, 1, 2], [0, 2, 2])), None)
    matrix.arrange(Box(0, 0, 200, 100), 20, 40)
    row = matrix.places.box((2, 0)).centre[1]
    assert matrix.lit((matrix.places.grid.right + 10, row)) == (2, 2)
    assert matrix.lit((matrix.places.grid.right + 10, 0)) is None


def test_a_point_of_the_curve_stands_for_enough_examples(rng: np.random.Generator) -> None:
    p = rng.dirichlet([0.3, 0.3, 0.3], 200)
    curve = reliability(p, rng.integers(0, 3, 200))
    dots = joined(curve)
    assert sum(dot.examples for dot in dots) == 200
    assert all(dot.examples >= FEWEST for dot in dots[:-1])
    assert sum(dot.examples * dot.confidence for dot in dots) / 200 == pytest.approx(p.max(axis=1).mean())
    assert [dot.confidence for dot in dots] == sorted(dot.confidence for dot in dots)
