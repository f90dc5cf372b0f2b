"""Inside shows the truth: a forward pass made here, from the numbers of the file alone, has the same colours.

Nothing of the library takes part in the pass. `numpy.load` opens the model, and the slant, the sums and the bends are
computed as docs/mathematics.md has them, in double precision.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pygame
import pytest
from numpy.typing import NDArray

import nn_scratch
from drawapp.drawing import sample_digits
from drawapp.reading.catalog import Catalog, Model
from drawapp.session.report import Reporter
from drawapp.session.session import Session
from drawapp.ui.screens.inside.screen import InsideScreen
from drawapp.ui.theme import DARK
from nn_scratch.explain.images import dream
from tests.helpers.user import User, opened

Values = NDArray[np.float64]


@pytest.fixture
def user(bundled: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[User]:
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    with opened(User(Catalog([Model("Digits", bundled)]))) as user:
        yield user


def upright(image: Values) -> Values:
    """`image` (28, 28) without its slant, pixel by pixel."""
    rows, columns = np.mgrid[:28, :28].astype(float)
    mass = image.sum() or 1.0
    x, y = (image * columns).sum() / mass, (image * rows).sum() / mass
    slope = (image * (columns - x) * (rows - y)).sum() / ((image * (rows - y) ** 2).sum() + 1)
    found = np.zeros((28, 28))
    for i in range(28):
        moved = slope * (i - y)
        for j in range(28):
            k = j + int(np.floor(moved))
            t = moved - np.floor(moved)
            for column, weight in ((k, 1 - t), (k + 1, t)):
                if 0 <= column < 28:
                    found[i, j] += weight * image[i, column]
    return found


def forward(file: Path, image: Values) -> tuple[Values, Values, Values]:
    """The activations of the two hidden layers and the probabilities, for an `image` (28, 28) from 0 to 1."""
    model: Any = np.load(file, allow_pickle=False)
    kinds = [layer["kind"] for layer in json.loads(bytes(model["about"]))["layers"]]
    assert kinds == ["deslant", "flatten", "dense", "relu", "dense", "relu", "dense"]
    W, b = ([model[f"dense_{k}"][name].astype(float) for k in (1, 2, 3)] for name in ("W", "b"))
    first = np.maximum(upright(image).reshape(784) @ W[0] + b[0], 0)
    second = np.maximum(first @ W[1] + b[1], 0)
    powers = np.exp(second @ W[2] + b[2])
    return first, second, powers / powers.sum()


def draw(user: User, digit: str) -> None:
    """Draw by presses and moves of the mouse."""
    for stroke in sample_digits.STROKES[digit]:
        user.drag(*stroke)
    user.wait(0.2)


@pytest.mark.parametrize("digit", ["4", "8"])
def test_the_tiles_have_the_colours_of_a_pass_made_elsewhere(user: User, bundled: Path, digit: str) -> None:
    draw(user, digit)
    user.key(pygame.K_2, unicode="2")
    screen, prediction = user.app.screen, user.app.prediction
    assert isinstance(screen, InsideScreen)
    assert prediction is not None
    first, second, p = forward(bundled, prediction.characters[0].cut_out / 255)
    pixels, compared = user.seen().astype(float), 0
    for place in screen.network.places:
        activations = {50: first, 25: second}.get(len(place.tiles))
        if activations is None:
            continue
        for value, tile in zip(activations / activations.max(), place.tiles, strict=True):
            expected = np.round(np.array(DARK.paper) * (1 - value) + np.array(DARK.ink) * value)
            assert np.abs(pixels[tile.centre] - expected).max() <= 1, "one level of 255"
            compared += 1
    assert compared == 50 + 25
    assert list(prediction.probabilities.values()) == pytest.approx(list(p), abs=1e-5)
    assert prediction.label == digit == str(p.argmax())


@pytest.mark.parametrize("label", range(10))
def test_a_dream_of_nothing_is_read_as_what_it_is_of(bundled: Path, label: int) -> None:
    *_, image = dream(nn_scratch.load(bundled), label)
    _first, _second, p = forward(bundled, image.reshape(28, 28).astype(float))
    assert p[label] >= 0.99


def test_the_report_tells_the_place(bundled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    path = tmp_path / "report.jsonl"
    user = User(Catalog([Model("Digits", bundled)]))
    user.app.session = Session(reporter=Reporter(path))
    with opened(user):
        for key in (pygame.K_2, pygame.K_2, pygame.K_1):
            user.key(key)
            user.wait(0.1)
    user.app.session.reporter.close()
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    layouts = [line for line in lines if "place" in line]
    assert [line["place"] for line in layouts] == ["draw", "inside", "draw"]
    assert layouts[1]["grid"] != layouts[0]["grid"] == layouts[2]["grid"]
    assert "network" in layouts[1]["controls"]
    assert {"draw", "inside"} <= layouts[0]["controls"].keys()
