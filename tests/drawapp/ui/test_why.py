"""Why, and why not: what the ink says is the sum that the network computed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pygame
import pytest

import nn_scratch
from drawapp.reading.catalog import Catalog, Model
from drawapp.ui.inside_state import InsideState
from drawapp.ui.screens.inside.wording import sentence_of
from drawapp.ui.screens.why import legend_of
from nn_scratch.arrays import Array
from nn_scratch.layers import Dense
from tests.helpers.inside import Visitor, by_hand, inside


@pytest.fixture
def user(bundled: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Visitor]:
    """A visitor with the bundled network."""
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    with inside(Catalog([Model("Digits", bundled)])) as user:
        yield user


@pytest.mark.parametrize("place", [pygame.K_1, pygame.K_2])
def test_w_shows_blue_on_the_strokes(user: Visitor, place: int) -> None:
    user.key(place)
    grid = user.app.screen.layout.viewport.grid

    def blue() -> int:
        pixels = user.seen()[grid.left : grid.right, grid.top : grid.bottom].astype(int)
        return int((pixels[..., 2] > pixels[..., 0] + 60).sum())

    before = blue()
    user.key(pygame.K_w)
    assert blue() > before + 20 * user.app.screen.layout.viewport.cell**2
    user.key(pygame.K_w)
    assert blue() == before


def test_contributions_and_biases_are_the_score(user: Visitor) -> None:
    found = user.explanation
    best = found.strongest(len(found.stages) - 1, 25)
    layer = found.network.layers[-1]
    assert isinstance(layer, Dense)
    score = sum(each.value for each in best) + float(layer.b[found.label])
    assert score == pytest.approx(float(found.traced.logits[0, found.label]), abs=1e-3)


def lead(user: Visitor, bundled: Path, other: int) -> tuple[float, Array]:
    """How far the answer leads the class `other`, and what each pixel adds to that, computed from the file."""
    assert user.app.prediction is not None
    network = nn_scratch.load(bundled)
    x, first, second, scores = by_hand(user, bundled)
    best, arrays = int(scores.argmax()), network.arrays
    slope = arrays["dense_3"]["W"][:, best] - arrays["dense_3"]["W"][:, other]
    for name, after in (("dense_2", second), ("dense_1", first)):
        slope = arrays[name]["W"] @ (slope * (after > 0))
    return float(scores[best] - scores[other]), x * slope


def test_a_click_on_another_bar_asks_why_not_that_class(user: Visitor, bundled: Path) -> None:
    last = len(user.explanation.stages) - 1
    user.click_on_value(last, 9)
    view = user.view
    assert (view.inside.unit, view.against) == ((last, 9), 9)  # its card, and the question over the sheet
    ahead, terms = lead(user, bundled, 9)
    assert float(user.explanation.contributions(9).sum()) == pytest.approx(float(terms.sum()), abs=0.01)
    assert f"4 leads 9 by {ahead:.2f}" in sentence_of(view)
    assert legend_of(user.explanation, 9) == ("for 4 rather than 9", "for 9 rather than 4")
    explained = user.seen()
    user.click_on_value(last, 9)
    assert user.state == InsideState()
    assert (user.seen() != explained).any()
    user.click_on_value(last, 9)
    user.key(pygame.K_ESCAPE)
    assert user.state == InsideState()
    user.click_on_value(last, user.explanation.label)
    assert user.view.against is None
    assert not user.state.explains


def test_w_and_a_click_on_a_bar_ask_why_not_while_drawing(user: Visitor) -> None:
    user.key(pygame.K_1)
    bars = user.draw_screen.bars
    nine = bars.box.left + 40, bars.box.bottom - 30
    user.click(*nine)
    assert not user.state.explains  # nothing is explained yet
    user.key(pygame.K_w)
    user.click(*nine)
    assert user.view.against == 9
    user.click(*nine)
    assert user.state == InsideState(why=True)
    user.tab_to("bars")
    user.key(pygame.K_UP)
    assert user.view.against == 3
    user.key(pygame.K_DOWN)
    assert user.view.against is None  # it is the answer
    user.key(pygame.K_UP)
    user.key(pygame.K_w)
    assert user.state == InsideState()
