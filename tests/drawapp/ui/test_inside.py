"""The place Inside, driven as a user drives it: what it shows agrees with a forward pass made by hand."""

from __future__ import annotations

import time
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
from drawapp.reading.experiments import Experiment
from drawapp.reading.recognizer import Recognizer
from drawapp.reading.thought import Thought, think
from drawapp.session.settings import Preferences
from drawapp.ui.attention import Attention
from drawapp.ui.layout import MINIMUM, layout_for
from drawapp.ui.places import SCREENS
from drawapp.ui.screens.inside.screen import InsideScreen
from drawapp.ui.screens.inside.wording import line_of, sentence_of
from drawapp.ui.screens.why import legend_of
from drawapp.ui.theme import DARK
from drawapp.ui.view import View
from nn_scratch.arrays import Array
from nn_scratch.nn.layers import Conv2D, Dense, Dropout, Flatten, MaxPool2D, ReLU
from nn_scratch.nn.network import DIGITS, Network
from tests.helpers.user import CountingNetwork, User, opened


@pytest.fixture
def user(bundled: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[User]:
    """A user of the bundled network, who has drawn a 4 by the mouse and gone to Inside."""
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    with opened(User(Catalog([Model("Digits", bundled)]))) as user:
        for stroke in sample_digits.STROKES["4"]:
            user.drag(*stroke)
        user.wait(0.2)
        user.key(pygame.K_2, unicode="2")
        yield user


def inside(user: User) -> InsideScreen:
    assert isinstance(user.app.screen, InsideScreen)
    return user.app.screen


def thought(user: User) -> Thought:
    found = user.app.screen.view.thought
    assert found is not None
    return found


def by_hand(user: User, bundled: Path) -> list[Array]:
    """The image and the outputs of the two hidden layers and the scores, computed from the numbers of the file."""
    assert user.app.prediction is not None
    network = nn_scratch.load(bundled)
    x = network.layers[0].forward(network.inputs(user.app.prediction.characters[0].cut_out[None])).reshape(784)
    values = [x]
    for name in ("dense_1", "dense_2", "dense_3"):
        z = values[-1] @ network.arrays[name]["W"] + network.arrays[name]["b"]
        values.append(z if name == "dense_3" else np.maximum(z, 0))
    return values


def test_keys_and_clicks_lead_from_place_to_place_and_the_drawing_stays(user: User) -> None:
    drawn = user.app.canvas.grid()
    assert user.app.screen.view.place == "inside"
    user.click_on("draw")
    assert user.app.screen.view.place == "draw"
    user.click_on("inside")
    assert user.app.screen.view.place == "inside"
    user.key(pygame.K_1, unicode="1")
    assert user.app.screen.view.place == "draw"
    np.testing.assert_array_equal(user.app.canvas.grid(), drawn)


def test_tiles_are_as_bright_as_an_independent_forward_pass(user: User, bundled: Path) -> None:
    values, pixels = by_hand(user, bundled), user.seen().astype(int)
    for place in inside(user).network.places:
        if thought(user).stages[place.stage].kind == "units":
            activations = values[place.stage - 1]
            for value, tile in zip(activations, place.tiles, strict=True):
                levels = value / activations.max()
                expected = np.array(DARK.paper) * (1 - levels) + np.array(DARK.ink) * levels
                assert np.abs(pixels[tile.centre] - expected).max() <= 1.5


def test_a_click_on_a_unit_prints_its_sum(user: User, bundled: Path) -> None:
    x, first, second, scores = by_hand(user, bundled)
    arrays = nn_scratch.load(bundled).arrays
    for stage, name, before, after in ((2, "dense_1", x, first), (3, "dense_2", first, second)):
        unit = int(after.argmax())
        tile = inside(user).network.tile_of(thought(user), stage, unit)
        assert tile is not None
        user.click(*tile.centre)
        assert user.app.screen.view.attention.unit == (stage, unit)
        found = sum_of(thought(user), stage, unit)
        assert found is not None
        weights, bias = arrays[name]["W"][:, unit], arrays[name]["b"][unit]
        assert found.total == pytest.approx(float(before @ weights), abs=0.01)
        assert found.z == pytest.approx(float(before @ weights + bias), abs=0.01)
        assert line_of(found).endswith(f"max(0, {found.z:.2f}) = {after[unit]:.2f}")
        assert [term.value for term in found.largest] == pytest.approx(
            sorted(before * weights, key=abs, reverse=True)[:5], abs=1e-4
        )
        user.key(pygame.K_ESCAPE)
        assert user.app.screen.view.attention.unit is None
    powers = np.exp(scores.astype(float))
    assert [each.value for each in exponentials(thought(user))] == pytest.approx(powers, rel=1e-3)
    assert thought(user).probabilities == pytest.approx(powers / powers.sum(), abs=1e-4)


def test_the_network_follows_the_pen(user: User) -> None:
    user.key(pygame.K_r)
    user.wait(0.1)
    assert thought(user).at_rest
    user.press(*user.pixel((8, 8)))
    user.move(*user.pixel((20, 8)))
    user.wait(0.2)
    before = thought(user)
    user.move(*user.pixel((12, 22)))
    user.wait(0.2)
    assert not before.at_rest
    assert thought(user) is not before
    user.release(*user.pixel((12, 22)))


@pytest.mark.parametrize("place", [pygame.K_1, pygame.K_2])
def test_w_shows_blue_on_the_strokes(user: User, place: int) -> None:
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


def lead(user: User, bundled: Path, other: int) -> tuple[float, Array]:
    """How far the answer leads the class `other`, and what each pixel adds to that, computed from the file."""
    assert user.app.prediction is not None
    network = nn_scratch.load(bundled)
    x, first, second, scores = by_hand(user, bundled)
    best, arrays = int(scores.argmax()), network.arrays
    slope = arrays["dense_3"]["W"][:, best] - arrays["dense_3"]["W"][:, other]
    for name, after in (("dense_2", second), ("dense_1", first)):
        slope = arrays[name]["W"] @ (slope * (after > 0))
    return float(scores[best] - scores[other]), x * slope


def click_on_unit(user: User, stage: int, unit: int) -> None:
    tile = inside(user).network.tile_of(thought(user), stage, unit)
    assert tile is not None
    user.click(*tile.centre)


def test_a_click_on_another_bar_asks_why_not_that_class(user: User, bundled: Path) -> None:
    last = len(thought(user).stages) - 1
    click_on_unit(user, last, 9)
    view = user.app.screen.view
    assert (view.attention.unit, view.against) == ((last, 9), 9)  # its card, and the question over the sheet
    ahead, terms = lead(user, bundled, 9)
    assert float(thought(user).contributions(9).sum()) == pytest.approx(float(terms.sum()), abs=0.01)
    assert f"4 leads 9 by {ahead:.2f}" in sentence_of(view)
    assert legend_of(thought(user), 9) == ("for 4 rather than 9", "for 9 rather than 4")
    explained = user.seen()
    click_on_unit(user, last, 9)
    assert user.app.screen.view.attention == Attention()
    assert (user.seen() != explained).any()
    click_on_unit(user, last, 9)
    user.key(pygame.K_ESCAPE)
    assert user.app.screen.view.attention == Attention()
    click_on_unit(user, last, thought(user).label)
    assert user.app.screen.view.against is None
    assert not user.app.screen.view.attention.explains


def test_w_and_a_click_on_a_bar_ask_why_not_while_drawing(user: User) -> None:
    user.key(pygame.K_1)
    bars = user.draw_screen.bars
    nine = bars.box.left + 40, bars.box.bottom - 30
    user.click(*nine)
    assert not user.app.screen.view.attention.explains  # nothing is explained yet
    user.key(pygame.K_w)
    user.click(*nine)
    assert user.app.screen.view.against == 9
    user.click(*nine)
    assert user.app.screen.view.attention == Attention(why=True)
    user.tab_to("bars")
    user.key(pygame.K_UP)
    assert user.app.screen.view.against == 3
    user.key(pygame.K_DOWN)
    assert user.app.screen.view.against is None  # it is the answer
    user.key(pygame.K_UP)
    user.key(pygame.K_w)
    assert user.app.screen.view.attention == Attention()


def test_contributions_and_biases_are_the_score(user: User) -> None:
    found = thought(user)
    best = found.strongest(len(found.stages) - 1, 25)
    layer = found.network.layers[-1]
    assert isinstance(layer, Dense)
    score = sum(each.value for each in best) + float(layer.b[found.label])
    assert score == pytest.approx(float(found.traced.logits[0, found.label]), abs=1e-3)


def test_space_plays_and_the_arrows_step(user: User) -> None:
    sentences = set()
    for _ in range(5):
        user.key(pygame.K_RIGHT)
        sentences.add(sentence_of(user.app.screen.view))
    assert len(sentences) == 5
    assert user.app.screen.view.attention.step == 4
    user.key(pygame.K_LEFT)
    assert user.app.screen.view.attention.step == 3
    user.key(pygame.K_SPACE, unicode=" ")
    assert user.app.screen.view.attention.plays
    user.wait(10)
    assert user.app.screen.view.attention.step is None


def drawn(network: Network | CountingNetwork, size: tuple[int, int], digit: str = "4") -> InsideScreen:
    """The screen that shows what `network` makes of `digit`."""
    pygame.font.init()
    canvas, recognizer = Canvas(), Recognizer(network)
    sample_digits.draw(digit, canvas)
    prediction = recognizer.read(canvas)
    found = think(network, prediction.characters[0])
    view = View(canvas, network.classes, prediction, thought=found, place="inside", preferences=Preferences())
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
    assert drawn(CountingNetwork(), (1100, 720)).view.thought is None


def test_a_dream_of_nothing_is_read_as_what_it_is_of(user: User) -> None:
    user.key(pygame.K_r)
    user.wait(0.1)
    for _ in range(9):  # the first dream is of 0, each further one of the next digit
        user.key(pygame.K_d)
    user.wait(2)
    shown = user.app.screen.view.experiment
    assert shown is not None
    assert "8" in shown.title
    network = thought(user).network
    assert float(network.predict_proba(shown.frames[1].image[None].astype(np.float32))[0, 8]) >= 0.99
    user.key(pygame.K_ESCAPE)
    assert user.app.screen.view.experiment is None


def until_shown(user: User) -> Experiment:
    """What the experiment comes to, which is done in a thread."""
    for _ in range(600):
        if user.app.screen.view.experiment:
            return user.app.screen.view.experiment
        time.sleep(0.05)
        user.wait(0.02)
    raise AssertionError("the experiment comes to nothing")


def test_a_small_change_fools_it(user: User) -> None:
    user.click_on("fool")
    shown = until_shown(user)
    found = thought(user).network.predict(shown.frames[2].image[None].astype(np.float32))[0]
    assert int(found) != thought(user).label
    user.drag((3, 3), (5, 3))
    assert user.app.screen.view.experiment is None  # it was of another drawing


def test_the_nearest_training_images_are_fours(user: User) -> None:
    user.click_on("alike")
    captions = [frame.caption for frame in until_shown(user).frames]
    assert len(captions) == 5
    assert captions.count("4") >= 3


def test_the_command_saves_a_screenshot_of_the_place(bundled: Path, tmp_path: Path) -> None:
    for place in SCREENS:
        path = tmp_path / f"{place}.png"
        assert main(["--model", str(bundled), "--screenshot", str(path), "--place", place]) == 0
    assert (tmp_path / "inside.png").read_bytes() != (tmp_path / "draw.png").read_bytes()
