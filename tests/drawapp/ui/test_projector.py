"""On a projector: with the largest type, all of Inside can be read from ten metres, and nothing is cut.

Eyes of 20/40, half as sharp as normal ones and what most countries ask of drivers, read a capital that appears 10
arcminutes high. The picture of a projector is a sixth of the greatest distance high where text is to be read: 1.67 m
for 10 m. A capital then has to be 10 m * tan(10') = 29 mm high, which is 19 of 1,080 pixels.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pygame
import pytest

from drawapp.drawing import sample_digits
from drawapp.drawing.canvas import Canvas
from drawapp.drawing.geometry import Box, Point
from drawapp.reading import experiments
from drawapp.reading.catalog import Catalog, bundled_models
from drawapp.reading.explanation import think
from drawapp.session import language
from drawapp.session.settings import TYPE_SIZES
from drawapp.ui import typography
from drawapp.ui.inside import known
from drawapp.ui.inside_state import InsideState
from drawapp.ui.layout import Look, layout_for
from drawapp.ui.painter import Anchor, Painter
from drawapp.ui.places import SCREENS
from drawapp.ui.theme import Colour
from drawapp.ui.view import View

SCREEN = (1920, 1080)
PICTURE = 1 / 6  # of the distance: how high the picture on the wall is
LEAST = math.tan(math.radians(10 / 60)) / PICTURE * SCREEN[1]  # pixels of a capital


@pytest.fixture
def in_language(request: pytest.FixtureRequest) -> Iterator[None]:
    before = language.current.name
    language.current.use(request.param)
    yield
    language.current.use(before)


def views(number: int) -> Iterator[View]:
    """All that Inside shows of a 4: at rest, its steps, a unit of each stage and the experiments."""
    models, canvas = Catalog(bundled_models()), Canvas()
    models.choose(number)
    sample_digits.draw("4", canvas)
    recognizer = models.recognizer
    empty = View(Canvas(), recognizer.classes, models=models.names, chosen=number, place="inside")
    yield replace(empty, explanation=think(recognizer.network, None))
    view = replace(empty, canvas=canvas, prediction=recognizer.read(canvas))
    explanation = think(recognizer.network, view.character)
    assert explanation is not None
    view = replace(view, explanation=explanation)
    yield view
    for step, stage in enumerate(explanation.stages):
        yield replace(view, inside=InsideState(step=step))
        if stage.kind in ("units", "answer"):
            yield replace(view, inside=InsideState(unit=(step, int(np.argmax(stage.values)))))
    *_, dream = experiments.dreaming(explanation, 8)
    yield replace(view, experiment=dream)
    yield replace(view, experiment=experiments.fooling(explanation.network, explanation).at(1.0))
    if number == 0:
        found = known(explanation.network)
        assert found is not None
        yield replace(view, experiment=experiments.alike(explanation, found[1], found[0]))


@pytest.mark.parametrize(
    "number", [pytest.param(0, id="digits"), pytest.param(3, id="letters-convnet", marks=pytest.mark.slow)]
)
@pytest.mark.parametrize("in_language", ["en", "es"], indirect=True)
def test_inside_is_read_from_ten_metres(
    bundled: Path, number: int, in_language: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    pygame.font.init()
    written: list[tuple[str, int]] = []
    places: list[Box] = []
    text, put = typography.text, Painter.put

    def text_seen(words: str, size: int, colour: Colour, bold: bool = False) -> pygame.Surface:
        written.append((words, text("H", size, colour, bold).get_bounding_rect().height))
        return text(words, size, colour, bold)

    def put_seen(painter: Painter, image: pygame.Surface, anchor: Anchor, at: Point) -> Box:
        places.append(put(painter, image, anchor, at))
        return places[-1]

    monkeypatch.setattr(typography, "text", text_seen)
    monkeypatch.setattr(Painter, "put", put_seen)
    layout = layout_for(SCREEN, Look(type_scale=TYPE_SIZES[-1] / 100))
    for view in views(number):
        screen = SCREENS["inside"](layout, view)
        screen.draw(pygame.Surface(SCREEN))
        assert written
        assert not [words for words, _ in written if "\N{HORIZONTAL ELLIPSIS}" in words], "nothing is shortened"
        assert not [(words, height) for words, height in written if height < LEAST]
        whole = pygame.Rect(0, 0, *SCREEN)
        assert all(whole.contains(pygame.Rect(place)) for place in places), "nothing is cut at an edge"
        written.clear()
        places.clear()
