"""The screenshot: what a user who has drawn a digit would see, saved without a window.

The README shows what the app looks like; its image is made by a command, so that it can be made anew after a change.
"""

from __future__ import annotations

import math
from pathlib import Path

import pygame

from drawapp.drawing import sample_digits
from drawapp.drawing.canvas import Canvas
from drawapp.reading.charset import Charset, offers_charsets
from drawapp.reading.recognizer import Recognizer
from drawapp.ui import layout
from drawapp.ui.pen import Brush
from drawapp.ui.screens.draw.header import Choices
from drawapp.ui.screens.draw.screen import DrawScreen
from nn_scratch.errors import UserError

DIGIT = "2"


def save(recognizer: Recognizer, model: str, path: Path, size: tuple[int, int] = layout.DEFAULT) -> None:
    """Save the screen, `size` in pixels, as an image in the format that the end of `path` names.

    `model` is the name of the recognizer's model. Raises UserError where the file cannot be saved.
    """
    pygame.font.init()
    canvas = Canvas()
    sample_digits.draw(DIGIT, canvas)
    prediction = recognizer.read(canvas)
    choices = Choices((model,), charset=Charset.ALL if offers_charsets(recognizer.classes) else None)
    screen = DrawScreen(layout.layout_for(size), recognizer.classes, choices)
    screen.glide(prediction, math.inf)
    surface = pygame.Surface(screen.layout.window)
    screen.draw(surface, canvas, prediction, Brush())
    try:
        pygame.image.save(surface, path)
    except (pygame.error, OSError) as error:
        raise UserError(
            f"Cannot save the screenshot {path} ({error}); name a .png file in a folder that you can write to."
        ) from error
