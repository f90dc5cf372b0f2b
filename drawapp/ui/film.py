"""The film: the drawing and what the network makes of it, as an animated GIF.

A class that was not there, or a page without the app, sees the same: the strokes grow and the network follows, then the
forward pass goes step by step, and the answer stays. The frames are those of the place Inside, drawn off the screen, so
that the film shows whatever that place shows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import BinaryIO, NamedTuple

import numpy as np
import pygame
from PIL import Image

from drawapp.drawing.canvas import Canvas
from drawapp.drawing.replay import Replay
from drawapp.reading.charset import Charset
from drawapp.reading.explanation import think
from drawapp.reading.recognizer import Recognizer
from drawapp.ui.inside_state import PACE, InsideState
from drawapp.ui.layout import DEFAULT, Look, layout_for
from drawapp.ui.painter import mixed
from drawapp.ui.pen import Brush
from drawapp.ui.preferences import colours_of
from drawapp.ui.screens.film import FilmScreen
from drawapp.ui.theme import Colour, Theme
from drawapp.ui.view import View

MOST_STROKES = 40  # frames in which the strokes grow
GROWING, DRAWN, STEP, ANSWER = 70, 800, round(1000 * PACE), 2000  # milliseconds of a frame
SHADES = {"ink": 60, "text": 30, "muted": 24, "answer": 24, "unsure": 24, "edge": 12}  # of colours on their ground


class Shot(NamedTuple):
    """One frame of the plan: after how many points of the drawing, at which stage of the network, and for how long.

    `step` is None where the whole network is shown.
    """

    points: int
    step: int | None
    milliseconds: int


def planned(points: int, stages: int) -> list[Shot]:
    """The frames of a film of a drawing of so many points, and of a network of so many stages."""
    count = max(1, min(points, MOST_STROKES))
    strokes = [Shot(-(-points * k // count), None, GROWING if k < count else DRAWN) for k in range(1, count + 1)]
    steps = [Shot(points, step, STEP) for step in range(stages)]
    return [*strokes, *steps, Shot(points, None, ANSWER)]


class Frame(NamedTuple):
    """One frame: its image, of a palette, and how long it is shown."""

    image: Image.Image
    milliseconds: int


def frames(view: View, recognizer: Recognizer) -> Iterator[Frame]:
    """Draw the film of the drawing in `view`, a frame at a time. The drawing may change meanwhile: it is copied."""
    replay, canvas = Replay(view.canvas.snapshot()), Canvas()
    canvas.restore(replay.drawing)
    view = replace(view, canvas=canvas, place="inside", inside=InsideState(), experiment=None, message="")
    whole = read(view, recognizer)
    camera = Camera(whole)
    for shot in planned(len(replay.points), len(whole.explanation.stages) if whole.explanation else 0):
        shown = replace(whole, brush=Brush(), inside=InsideState(step=shot.step))
        if shot.points < len(replay.points):
            canvas.restore(replay.after(shot.points))
            shown = replace(read(view, recognizer), brush=Brush(view.brush.width, replay.pen(shot.points)))
        elif shot.milliseconds == DRAWN:
            canvas.restore(replay.drawing)
        yield Frame(camera.image_of(shown), shot.milliseconds)


class Camera:
    """Draws views of the film off the screen, all of one size and with one palette."""

    def __init__(self, view: View) -> None:
        looks = view.preferences
        look = Look(type_scale=looks.type_size / 100, left_handed=looks.left_handed)
        self._screen = FilmScreen(layout_for(DEFAULT, look), view)
        self._surface = pygame.Surface(DEFAULT)
        self._palette = palette_of(colours_of(looks))

    def image_of(self, view: View) -> Image.Image:
        """The image of `view`, in colours of the palette."""
        self._screen.update(view)
        self._screen.draw(self._surface)
        watched = self._surface.subsurface(self._screen.watched)
        image = Image.frombytes("RGB", watched.get_size(), pygame.image.tobytes(watched, "RGB"))
        return image.quantize(palette=self._palette, dither=Image.Dither.NONE)


def read(view: View, recognizer: Recognizer) -> View:
    """The `view` with what is read of its canvas."""
    prediction = None if view.canvas.is_empty else recognizer.read(view.canvas, view.charset or Charset.ALL)
    view = replace(view, prediction=prediction)
    return replace(view, explanation=think(recognizer.network, view.character))


def encode(film: Sequence[Frame], file: BinaryIO) -> None:
    """Write `film` into `file` as an animated GIF that begins again for ever."""
    images = [frame.image for frame in film]
    milliseconds = [frame.milliseconds for frame in film]
    images[0].save(file, "GIF", save_all=True, append_images=images[1:], duration=milliseconds, loop=0, optimize=False)


@lru_cache(maxsize=2)
def palette_of(theme: Theme) -> Image.Image:
    """An image with the palette of `theme`: all that is drawn on paper and panel, in as many shades as it needs.

    At most 255 colours: one stays free, so that the encoder can leave out what has not changed.
    """
    colours: dict[Colour, None] = dict.fromkeys(
        (theme.background, theme.panel, theme.paper, theme.lit, theme.card_edge, theme.grid_line, theme.track)
    )
    colours |= dict.fromkeys((theme.centre_mark, theme.off, theme.other, theme.focus))
    for name, count in SHADES.items():
        low = theme.paper if name == "ink" else theme.panel
        high: Colour = getattr(theme, name)
        colours |= dict.fromkeys(mixed(low, high, k / (count - 1)) for k in range(count))
    image = Image.new("P", (1, 1))
    image.putpalette(np.array(list(colours), np.uint8).tobytes())
    return image
