"""The place Inside, driven as a user drives it: what it shows agrees with a forward pass made by hand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pygame
import pytest

import nn_scratch
from drawapp.__main__ import main
from drawapp.drawing import sample_digits
from drawapp.drawing.canvas import Canvas
from drawapp.reading.arithmetic import exponentials, sum_of
from drawapp.reading.catalog import Catalog, Model
from drawapp.reading.explanation import think
from drawapp.reading.recognizer import Recognizer
from drawapp.session.settings import Preferences
from drawapp.ui.layout import MINIMUM, layout_for
from drawapp.ui.places import SCREENS
from drawapp.ui.screens.inside.screen import InsideScreen
from drawapp.ui.screens.inside.wording import line_of, sentence_of
from drawapp.ui.theme import DARK
from drawapp.ui.view import View
from nn_scratch.convolution import Conv2D, MaxPool2D
from nn_scratch.layers import Dense, Dropout, Flatten, ReLU
from nn_scratch.network import DIGITS, Network
from tests.helpers.inside import Visitor, by_hand, inside
from tests.helpers.user import CountingNetwork


@pytest.fixture
def user(bundled: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Visitor]:
    """A visitor with the bundled network."""
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    with inside(Catalog([Model("Digits", bundled)])) as user:
        yield user


def test_keys_and_clicks_lead_from_place_to_place_and_the_drawing_stays(user: Visitor) -> None:
    drawn = user.app.canvas.grid()
    assert user.view.place == "inside"
    user.click_on("draw")
    assert user.view.place == "draw"
    user.click_on("inside")
    assert user.view.place == "inside"
    user.key(pygame.K_1, unicode="1")
    assert user.view.place == "draw"
    np.testing.assert_array_equal(user.app.canvas.grid(), drawn)


def test_tiles_are_as_bright_as_an_independent_forward_pass(user: Visitor, bundled: Path) -> None:
    values, pixels = by_hand(user, bundled), user.seen().astype(int)
    for place in user.inside.network.places:
        if user.explanation.stages[place.stage].kind == "units":
            activations = values[place.stage - 1]
            for value, tile in zip(activations, place.tiles, strict=True):
                levels = value / activations.max()
                expected = np.array(DARK.paper) * (1 - levels) + np.array(DARK.ink) * levels
                assert np.abs(pixels[tile.centre] - expected).max() <= 1.5


def test_a_click_on_a_unit_prints_its_sum(user: Visitor, bundled: Path) -> None:
    x, first, second, scores = by_hand(user, bundled)
    arrays = nn_scratch.load(bundled).arrays
    for stage, name, before, after in ((2, "dense_1", x, first), (3, "dense_2", first, second)):
        unit = int(after.argmax())
        tile = user.inside.network.tile_of(user.explanation, stage, unit)
        assert tile is not None
        user.click(*tile.centre)
        assert user.state.unit == (stage, unit)
        found = sum_of(user.explanation, stage, unit)
        assert found is not None
        weights, bias = arrays[name]["W"][:, unit], arrays[name]["b"][unit]
        assert found.total == pytest.approx(float(before @ weights), abs=0.01)
        assert found.z == pytest.approx(float(before @ weights + bias), abs=0.01)
        assert line_of(found).endswith(f"max(0, {found.z:.2f}) = {after[unit]:.2f}")
        assert [term.value for term in found.largest] == pytest.approx(
            sorted(before * weights, key=abs, reverse=True)[:5], abs=1e-4
        )
        user.key(pygame.K_ESCAPE)
        assert user.state.unit is None
    powers = np.exp(scores.astype(float))
    assert [each.value for each in exponentials(user.explanation)] == pytest.approx(powers, rel=1e-3)
    assert user.explanation.probabilities == pytest.approx(powers / powers.sum(), abs=1e-4)


def test_the_network_follows_the_pen(user: Visitor) -> None:
    user.key(pygame.K_r)
    user.wait(0.1)
    assert user.explanation.at_rest
    user.press(*user.pixel((8, 8)))
    user.move(*user.pixel((20, 8)))
    user.wait(0.2)
    before = user.explanation
    user.move(*user.pixel((12, 22)))
    user.wait(0.2)
    assert not before.at_rest
    assert user.explanation is not before
    user.release(*user.pixel((12, 22)))


def test_space_plays_and_the_arrows_step(user: Visitor) -> None:
    sentences = set()
    for _ in range(5):
        user.key(pygame.K_RIGHT)
        sentences.add(sentence_of(user.view))
    assert len(sentences) == 5
    assert user.state.step == 4
    user.key(pygame.K_LEFT)
    assert user.state.step == 3
    user.key(pygame.K_SPACE, unicode=" ")
    assert user.state.plays
    user.wait(10)
    assert user.state.step is None


def drawn(network: Network | CountingNetwork, size: tuple[int, int], digit: str = "4") -> InsideScreen:
    """The screen that shows what `network` makes of `digit`."""
    pygame.font.init()
    canvas, recognizer = Canvas(), Recognizer(network)
    sample_digits.draw(digit, canvas)
    prediction = recognizer.read(canvas)
    found = think(network, prediction.characters[0])
    view = View(canvas, network.classes, prediction, explanation=found, place="inside", preferences=Preferences())
    screen = SCREENS["inside"](layout_for(size), view)
    screen.draw(pygame.Surface(size))
    assert isinstance(screen, InsideScreen)
    return screen


@pytest.mark.parametrize("size", [MINIMUM, (800, 540), (1100, 720), (900, 1000)])
def test_every_network_fits(size: tuple[int, int]) -> None:
    rng = np.random.default_rng(0)
    layers = [Conv2D(8), ReLU(), MaxPool2D(), Flatten(), Dense(40), ReLU(), Dropout(0.5), Dense(10)]
    classes = tuple("0123456789ABCDEFGHIJ")
    for network in (
        Network(layers, (28, 28, 1), DIGITS).initialize(rng),
        nn_scratch.mlp((300, 128), classes).initialize(rng),
    ):
        screen = drawn(network, size)
        for place in screen.network.places:
            assert place.tiles
            for tile in place.tiles:
                assert screen.network.box.contains(tile.left, tile.top)
                assert screen.network.box.contains(tile.right - 1, tile.bottom - 1)


def test_a_network_without_layers_says_why_it_is_not_shown() -> None:
    assert drawn(CountingNetwork(), (1100, 720)).view.explanation is None


def test_the_command_saves_a_screenshot_of_the_place(bundled: Path, tmp_path: Path) -> None:
    for place in SCREENS:
        path = tmp_path / f"{place}.png"
        assert main(["--model", str(bundled), "--screenshot", str(path), "--place", place]) == 0
    assert (tmp_path / "inside.png").read_bytes() != (tmp_path / "draw.png").read_bytes()
