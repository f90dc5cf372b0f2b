"""The screenshot: what a user who has drawn a digit would see, saved without a window.

The README shows what the app looks like; its image is made by a command, so that it can be made anew after a change.
"""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pygame

from drawapp.drawing import sample_digits
from drawapp.drawing.canvas import Canvas
from drawapp.reading.charset import Charset, offers_charsets
from drawapp.reading.explanation import think
from drawapp.reading.recognizer import Recognizer
from drawapp.session.settings import Preferences
from drawapp.ui import layout
from drawapp.ui.places import SCREENS
from drawapp.ui.view import View
from nn_scratch.errors import UserError

DIGIT = "2"


def save(
    recognizer: Recognizer,
    model: str,
    path: Path,
    looks: Preferences = Preferences(),  # noqa: B008 - it is frozen
    size: tuple[int, int] = layout.DEFAULT,
    place: str = "draw",
) -> None:
    """Save the screen of `place`, `size` in pixels, as an image in the format that the end of `path` names.

    `model` is the name of the recognizer's model, and `looks` has the theme. Raises UserError where the file cannot be
    saved.
    """
    pygame.font.init()
    canvas = Canvas()
    sample_digits.draw(DIGIT, canvas)
    charset = Charset.ALL if offers_charsets(recognizer.classes) else None
    read = recognizer.read(canvas)
    view = View(canvas, recognizer.classes, read, (model,), charset=charset, preferences=looks, place=place)
    if place == "inside":
        view = replace(view, explanation=think(recognizer.network, view.character))
    screen = SCREENS[place](layout.layout_for(size), view)
    screen.glide(math.inf)
    surface = pygame.Surface(screen.layout.window)
    screen.draw(surface)
    try:
        pygame.image.save(surface, path)
    except (pygame.error, OSError) as error:
        raise UserError(
            f"Cannot save the screenshot {path} ({error}); name a .png file in a folder that you can write to."
        ) from error
