"""The app: events become intents, intents change what is drawn and what reads it, the screen shows it.

The drawing knows nothing of its reader, and both know nothing of the window: this module connects them. The loop is
three verbs: listen, think, show. Time comes from a clock that is handed in, and the window is opened by `open`, so that
a test drives the same app turn by turn.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import pygame

from drawapp.drawing.canvas import Canvas
from drawapp.reading import recent
from drawapp.reading.cadence import Cadence
from drawapp.reading.catalog import Catalog
from drawapp.reading.charset import Charset, offers_charsets
from drawapp.reading.prediction import Prediction
from drawapp.ui import intents
from drawapp.ui.intents import Intent
from drawapp.ui.layout import layout_for
from drawapp.ui.pen import Pen
from drawapp.ui.screens.draw.header import Choices
from drawapp.ui.screens.draw.screen import DrawScreen
from drawapp.ui.window import open_window
from nn_scratch.errors import UserError

if TYPE_CHECKING:
    from drawapp.ui.controls.file_dialog import FileDialog

INTERVAL = 1.0  # seconds between readings while there is ink
FRAMES_PER_SECOND = 60
LONGEST_STEP = 1 / 30  # seconds that the bars move on in one frame at most: after a rest they glide too
PASSING = (intents.PenMove, intents.PenUp, intents.PenGone, intents.Redraw)  # a message outlasts these


class App:
    """The window, what is drawn in it and what was read. `clock` gives seconds."""

    def __init__(
        self, models: Catalog, interval: float = INTERVAL, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.models = models
        self.canvas = Canvas()
        self.pen = Pen(self.canvas)
        self.prediction: Prediction | None = None
        self.running = True
        self._charset = Charset.ALL
        self._message = ""
        self._dialog: FileDialog | None = None
        self._cadence = Cadence(interval)
        self._clock = clock
        self._shown_at = clock()
        self._stale = True
        self._gliding = False

    @property
    def dialog(self) -> FileDialog | None:
        """The file dialog while it is open."""
        return self._dialog

    def open(self) -> None:
        """Open the window. Raises UserError where there is no display."""
        self.window = open_window()
        self._build_screen()

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
            intent = self._intent_of(event)
            if intent is not None:
                self.follow(intent)

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
        """Draw the window where it is out of date. Returns whether it was."""
        surface = self.window.get_surface()
        if surface.get_size() != self.screen.layout.window:
            self._build_screen()
        if not (self._stale or self._gliding or self._dialog):
            return False
        now, viewport = self._clock(), self.screen.layout.viewport
        passed = min(now - self._shown_at, LONGEST_STEP)
        pygame.mouse.set_visible(not self.pen.is_over_grid)
        self._gliding = self.screen.glide(self.prediction, passed)
        self.screen.message = self._message
        self.screen.mouse = self.pen.at and viewport.to_screen(*self.pen.at)
        self.screen.draw(surface, self.canvas, self.prediction, self.pen.brush(viewport))
        if self._dialog:
            self._dialog.draw(surface, passed)
        self.window.flip()
        self._stale, self._shown_at = False, now
        return True

    def follow(self, intent: Intent) -> None:
        """Do what the user means."""
        self._stale = True
        if not isinstance(intent, PASSING):
            self._message = ""
        match intent:
            case intents.PenDown() | intents.PenMove() | intents.PenUp() | intents.PenGone() | intents.ChangeBrush():
                self._move_pen(intent)
            case intents.ChooseModel() | intents.NextModel() | intents.OpenModel():
                self._change_model(intent)
            case intents.ChangeCharset(charset):
                self._change_charset(charset)
            case intents.OpenList():
                self.screen.open_list()
            case intents.OpenDialog():
                self._open_dialog()
            case intents.Dismiss():
                self.screen.close_list()
            case intents.Undo():
                self.canvas.undo()
                self._cadence.ask(self._clock())
            case intents.Reset():
                self.canvas.clear()
            case intents.Escape():
                self._leave()
            case intents.Close():
                self.running = False

    def _intent_of(self, event: pygame.Event) -> Intent | None:
        """What `event` means. While the pen is down, pressing another button means nothing, wherever it is."""
        if self._dialog:
            return self._dialog.intent_of(event, self.screen)
        if self.pen.is_down and event.type == pygame.MOUSEBUTTONDOWN:
            return None
        return intents.intent_of(event, self.screen)

    def _move_pen(self, intent: intents.PenIntent) -> None:
        """Draw or erase, with the list closed. When the pen lifts, the drawing is read at once."""
        was_down = self.pen.is_down
        self.pen.follow(intent)
        if self.pen.is_down:
            self.screen.close_list()
        elif was_down:
            self._cadence.ask(self._clock())

    def _change_model(self, choice: intents.ModelIntent) -> None:
        """Read with another model. If its file cannot be read, the user is told and the old model stays."""
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

    def _change_charset(self, charset: Charset | None) -> None:
        """Allow only the answers in `charset`, or in the next one, where the model leaves a choice."""
        if offers_charsets(self.models.recognizer.classes):
            self._charset = charset or self._charset.next()
            self._read_anew()

    def _read_anew(self) -> None:
        """Read the same drawing again at once: what may be answered has changed."""
        self.prediction = None
        self._build_screen()
        self._cadence.ask(self._clock())

    def _open_dialog(self) -> None:
        """Open the file dialog over the screen. Its libraries would lengthen the start by a quarter, so they wait."""
        self.screen.close_list()
        self.pen.follow(intents.PenGone())
        try:
            from drawapp.ui.controls.file_dialog import FileDialog

            self._dialog = FileDialog(self.screen.layout.window, recent.folder())
        except (ImportError, OSError, ValueError) as error:
            self._message = f"The file dialog cannot be opened ({error}). Drop the model file on the window instead."

    def _leave(self) -> None:
        """Leave what is open: the file dialog, the list, or else the window."""
        if self._dialog:
            self._dialog = None
        elif not self.screen.close_list():
            self.running = False

    def _build_screen(self) -> None:
        """Make the screen anew, for the size of the window and the model that reads."""
        classes = self.models.recognizer.classes
        choices = Choices(self.models.names, self.models.number, self._charset if offers_charsets(classes) else None)
        self.screen = DrawScreen(layout_for(self.window.get_surface().get_size()), classes, choices)
        self.screen.glide(self.prediction, math.inf)
        self.window.title = f"Draw a {self.screen.noun}"
        self._stale = True
