"""The app: events become intents, intents change the model, the screen shows it.

The loop is three verbs: listen, think, show. Time comes from a clock that is handed in, and the window is opened by
`open`, so that a test drives the same app turn by turn.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import pygame

from drawapp.drawing import canvas
from drawapp.drawing.canvas import CELLS, Canvas
from drawapp.drawing.geometry import Point
from drawapp.reading import recent
from drawapp.reading.cadence import Cadence
from drawapp.reading.catalog import Catalog
from drawapp.reading.charset import Charset, offers_charsets
from drawapp.reading.prediction import Prediction
from drawapp.ui import intents
from drawapp.ui.intents import Intent
from drawapp.ui.layout import layout_for
from drawapp.ui.screens.draw.header import Choices
from drawapp.ui.screens.draw.screen import Brush, DrawScreen
from drawapp.ui.window import open_window
from nn_scratch.errors import UserError

if TYPE_CHECKING:
    from drawapp.ui.controls.file_dialog import FileDialog

INTERVAL = 1.0  # seconds between readings while there is ink
FRAMES_PER_SECOND = 60
LONGEST_STEP = 1 / 30  # seconds that the bars move on in one frame at most: after a rest they glide too
PASSING = (intents.PenMove, intents.PenUp, intents.PenGone, intents.Redraw)  # a message outlasts these
NARROWEST, WIDEST, BRUSH_STEP = 1.0, 4.0, 0.5  # cells


class App:
    """The window, what is drawn in it and what was read. `clock` gives seconds."""

    def __init__(
        self, models: Catalog, interval: float = INTERVAL, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.canvas = Canvas()
        self.prediction: Prediction | None = None
        self.brush_width = canvas.BRUSH
        self.running = True
        self.models = models
        self._charset = Charset.ALL
        self._message = ""
        self._cadence = Cadence(interval)
        self._clock = clock
        self._drag: intents.PenDown | None = None
        self._mouse: Point | None = None  # in cells
        self._shown_at = clock()
        self._stale = True
        self._gliding = False
        self._dialog: FileDialog | None = None

    def open(self) -> None:
        """Open the window. Raises UserError where there is no display."""
        self.window = open_window()
        self.screen = self._screen_for_window()

    def run(self) -> None:
        """Run until the user closes the window."""
        frames = pygame.time.Clock()
        while self.running:
            self.listen()
            self.think()
            self.show()
            frames.tick(FRAMES_PER_SECOND)
        self.close()

    def close(self) -> None:
        """Close the window."""
        self.window.destroy()
        pygame.display.quit()

    def listen(self) -> None:
        """Take in every event since the last turn."""
        for event in pygame.event.get():
            ask = self._dialog.intent_of if self._dialog else intents.intent_of
            intent = ask(event, self.screen.layout.viewport)
            if intent is not None:
                self.follow(intent)

    def follow(self, intent: Intent) -> None:
        """Do what the user means."""
        self._stale = True
        if not isinstance(intent, PASSING):
            self._message = ""
        match intent:
            case intents.PenDown() if self._drag is None:
                self._drag = intent
                self.screen.close_list()
                self.canvas.pen_down(intent.point, self.brush_width, intent.erase)
            case intents.Press(at) if self._drag is None:
                meant = self.screen.press(*at)
                if meant is not None:
                    self.follow(meant)
            case intents.PickModel():
                self._open_dialog()
            case intents.ChooseModel() | intents.NextModel() | intents.OpenModel():
                self._change_model(intent)
            case intents.Restrict(charset) if offers_charsets(self.models.recognizer.classes):
                self._charset = charset or self._charset.next()
                self._read_anew()
            case intents.PenMove(point):
                self._mouse = point
                self.canvas.pen_move(point)
            case intents.PenUp(erase) if self._drag is not None and self._drag.erase == erase:
                self._lift()
            case intents.PenGone():
                self._mouse = None if self._drag is None else self._mouse
            case intents.ChangeBrush(steps):
                self.brush_width = min(max(self.brush_width + steps * BRUSH_STEP, NARROWEST), WIDEST)
            case intents.Undo():
                self.canvas.undo()
                self._cadence.ask(self._clock())
            case intents.Reset():
                self.canvas.clear()
            case intents.Escape() if self._dialog is not None:
                self._dialog = None
            case intents.Escape() if self.screen.close_list():
                pass
            case intents.Escape() | intents.Close():
                self.running = False

    def think(self) -> None:
        """Read the drawing when that is due; an empty canvas has no prediction."""
        has_ink = not self.canvas.is_empty
        before = self.prediction
        if self._cadence.is_due(self._clock(), has_ink):
            self.prediction = self.models.recognizer.read(self.canvas, self._charset)
        elif not has_ink:
            self.prediction = None
        self._stale = self._stale or self.prediction != before

    def show(self) -> bool:
        """Draw the screen where it is not what it should be. Returns whether that was so."""
        now = self._clock()
        surface = self.window.get_surface()
        if surface.get_size() != self.screen.layout.window:
            self.screen = self._screen_for_window()
            self._stale = True
        if not (self._stale or self._gliding or self._dialog):
            return False
        passed = min(now - self._shown_at, LONGEST_STEP)
        self._gliding = self.screen.glide(self.prediction, passed)
        pygame.mouse.set_visible(not self._is_over_grid())
        self.screen.message = self._message
        self.screen.mouse = self._mouse and self.screen.layout.viewport.to_screen(*self._mouse)
        self.screen.draw(surface, self.canvas, self.prediction, self._brush())
        if self._dialog:
            self._dialog.draw(surface, passed)
        self.window.flip()
        self._stale, self._shown_at = False, now
        return True

    def _lift(self) -> None:
        self._drag = None
        self.canvas.pen_up()
        self._cadence.ask(self._clock())

    def _open_dialog(self) -> None:
        self._mouse = None
        try:
            from drawapp.ui.controls.file_dialog import (
                FileDialog,  # here, because it would lengthen the start by a quarter
            )

            self._dialog = FileDialog(self.screen.layout.window, recent.folder())
        except (ImportError, OSError, ValueError) as error:
            self._message = f"The file dialog cannot be opened ({error}); drop the file on the window instead."

    def _change_model(self, choice: intents.ChooseModel | intents.NextModel | intents.OpenModel) -> None:
        """Read with another model. One that cannot be read is told of, and the old one stays."""
        self._dialog = None
        try:
            match choice:
                case intents.ChooseModel(number):
                    self.models.choose(number)
                case intents.NextModel(steps):
                    self.models.choose(self.models.number + steps)
                case intents.OpenModel(path):
                    self.models.open(path)
        except UserError as error:
            self._message = str(error)
        self._read_anew()

    def _read_anew(self) -> None:
        """Read what is drawn once more at once: what may be answered has changed."""
        self.prediction = None
        self.screen = self._screen_for_window()
        self._cadence.ask(self._clock())

    def _screen_for_window(self) -> DrawScreen:
        classes = self.models.recognizer.classes
        choices = Choices(self.models.names, self.models.number, self._charset if offers_charsets(classes) else None)
        screen = DrawScreen(layout_for(self.window.get_surface().get_size()), classes, choices)
        screen.glide(self.prediction, math.inf)
        self.window.title = f"Draw a {screen.noun}"
        return screen

    def _is_over_grid(self) -> bool:
        return self._mouse is not None and all(0 <= value < CELLS for value in self._mouse)

    def _brush(self) -> Brush:
        if self._mouse is None or not (self._is_over_grid() or self._drag is not None):
            return Brush(self.brush_width)
        at = self.screen.layout.viewport.to_screen(*self._mouse)
        return Brush(self.brush_width, at, self._drag is not None and self._drag.erase)
