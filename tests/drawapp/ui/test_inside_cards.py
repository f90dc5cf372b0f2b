"""The cards of Inside: a pixel of the image and a pixel of a feature map, followed by clicks and keys."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pygame
import pytest

from drawapp.reading.arithmetic import sum_of
from drawapp.reading.catalog import Catalog, Model
from drawapp.reading.pixel import pixel_of
from drawapp.ui.screens.inside.pixel_card import sentence_of
from drawapp.ui.screens.inside.tiles import pixel_in
from drawapp.ui.screens.inside.wording import line_of
from drawapp.ui.theme import DARK
from tests.helpers.inside import Visitor, inside

CONVNET = Path(__file__).parents[3] / "models" / "digits-convnet.npy"


@pytest.fixture
def catalog(bundled: Path) -> Catalog:
    return Catalog([Model("Digits", bundled), Model("Digits (convnet)", CONVNET)])


@pytest.fixture
def user(catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> Iterator[Visitor]:
    """A user who has drawn a 4 by the mouse and gone to Inside."""
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    with inside(catalog) as user:
        yield user


@pytest.fixture
def convnet(user: Visitor) -> Visitor:
    """The same user, with the convolutional network."""
    if not CONVNET.is_file():
        pytest.skip("models/digits-convnet.npy is missing")
    user.key(pygame.K_m)
    user.wait(0.2)
    return user


def inked(user: Visitor, stage: int) -> int:
    """A pixel of an image stage with ink in it."""
    return int(user.explanation.stages[stage].values.argmax())


def test_a_click_on_a_pixel_shows_where_it_goes(user: Visitor) -> None:
    number = inked(user, 1)
    before = user.seen()
    user.click_on_value(1, number)
    assert user.looked_at == (1, number)
    assert (user.seen() != before).any()
    layer = user.explanation.network.arrays["dense_1"]["W"]
    ink = float(user.explanation.stages[1].values.ravel()[number])
    found = pixel_of(user.explanation, 1, number).largest(5)
    expected = sorted(ink * layer[number], key=abs, reverse=True)[:5]
    assert [term.value for term in found] == pytest.approx(expected, abs=1e-5)
    user.key(pygame.K_ESCAPE)
    assert user.state.unit is None


def test_a_pixel_of_what_is_seen_goes_to_its_upright_neighbours(user: Visitor) -> None:
    number = inked(user, 0)
    user.click_on_value(0, number)
    assert user.looked_at == (0, number)
    pixel = pixel_of(user.explanation, 0, number)
    assert sum(fraction for _, fraction in pixel.blended) == pytest.approx(1, abs=1e-5)
    assert f"to column {pixel.blended[0][0] % 28 + 1}" in sentence_of(pixel)
    user.click_on_value(0, 0)
    assert "no ink" in sentence_of(pixel_of(user.explanation, 0, 0))


def test_the_mouse_over_a_pixel_lights_its_connections(user: Visitor) -> None:
    tile = user.inside.network.tile_of(user.explanation, 1, inked(user, 1))
    assert tile is not None
    place = next(place for place in user.inside.network.places if place.stage == 1)
    user.move(*tile.centre)
    gap = user.seen()[place.sides[1] + 2 : place.sides[1] + 8, place.box.top : place.box.bottom].astype(int)
    assert (np.abs(gap - np.array(DARK.panel)).max(axis=2) > 40).any()
    user.move(2, 2)
    gap = user.seen()[place.sides[1] + 2 : place.sides[1] + 8, place.box.top : place.box.bottom].astype(int)
    assert (np.abs(gap - np.array(DARK.panel)).max(axis=2) < 40).all()


def test_the_enlarged_image_leads_from_pixel_to_pixel(user: Visitor) -> None:
    user.click_on_value(1, inked(user, 1))
    enlarged = user.inside.enlarged
    assert enlarged.shown
    user.click(*pixel_in(enlarged.box, (10, 11), (28, 28)).centre)
    assert user.looked_at == (1, 10 * 28 + 11)
    user.tab_to("enlarged")
    user.key(pygame.K_RIGHT)
    user.key(pygame.K_DOWN)
    assert user.looked_at == (1, 11 * 28 + 12)


@pytest.mark.parametrize("stage", [1, 2, 3])
def test_a_click_on_a_map_shows_its_kernels_and_a_pixel_its_sum(convnet: Visitor, stage: int) -> None:
    shown = convnet.explanation.stages[stage]
    height, width, channels = shown.values.shape
    convnet.click_on_value(stage, 3)
    first = convnet.looked_at
    assert first[0] == stage
    assert first[1] % channels == 3
    assert shown.values.ravel()[first[1]] == shown.values[:, :, 3].max()  # where it is most active
    place = int(height) - 1, 1
    convnet.click(*pixel_in(convnet.inside.enlarged.box, place, (int(height), int(width))).centre)
    assert convnet.looked_at == (stage, (place[0] * width + place[1]) * channels + 3)
    found = sum_of(convnet.explanation, *convnet.looked_at)
    assert found is not None
    assert line_of(found).endswith(f"largest of 2\N{MULTIPLICATION SIGN}2 = {found.value:.2f}")
    assert found.value == pytest.approx(float(shown.values[place[0], place[1], 3]), abs=0.01)


def test_the_window_of_a_pixel_is_outlined_before_it(convnet: Visitor) -> None:
    convnet.click_on_value(1, 4)
    convnet.move(2, 2)
    place = next(place for place in convnet.inside.network.places if place.stage == 0)
    tile = place.tiles[0]
    pixels = convnet.seen()[tile.left : tile.right, tile.top : tile.bottom].astype(int)
    assert (np.abs(pixels - np.array(DARK.focus)).max(axis=2) < 30).sum() >= 20


@pytest.mark.parametrize("size", [(640, 480), (800, 540), (1100, 720), (900, 1000)])
def test_every_card_can_be_drawn_in_every_window(convnet: Visitor, size: tuple[int, int]) -> None:
    convnet.app.window.size = size
    convnet.turn()
    for stage in range(len(convnet.explanation.stages)):
        convnet.click_on_value(stage, 5)
        assert convnet.looked_at[0] == stage
        card = convnet.inside.enlarged.box if convnet.inside.enlarged.shown else convnet.inside.network.box
        assert 0 <= card.left < card.right <= size[0]
        assert 0 <= card.top < card.bottom <= size[1]
        convnet.key(pygame.K_ESCAPE)


def test_the_arrows_lead_through_the_network(user: Visitor) -> None:
    user.tab_to("network")
    user.key(pygame.K_UP)
    last = len(user.explanation.stages) - 1
    assert user.looked_at == (last, 4)  # the answer first
    user.key(pygame.K_DOWN)
    assert user.looked_at == (last, 5)
    assert user.view.against == 5
    user.key(pygame.K_LEFT)
    assert user.looked_at == (last - 1, 5)
    for _ in range(last):
        user.key(pygame.K_LEFT)
    assert user.looked_at[0] == 0
    assert user.inside.enlarged.shown
    user.key(pygame.K_ESCAPE)
    assert user.state.unit is None
