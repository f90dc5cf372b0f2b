"""The app: events become intents, intents change what is drawn and what reads it, the screen shows it.

The drawing knows nothing of its reader, and both know nothing of the window: this module connects them. The loop is
three verbs: listen, think, show. Time comes from a clock that is handed in, and the window is opened by `open`, so that
a test drives the same app turn by turn.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from pathlib import Path

import pygame

from drawapp.drawing.canvas import Canvas
from drawapp.reading.cadence import Cadence
from drawapp.reading.catalog import Catalog
from drawapp.reading.charset import Charset, offers_charsets
from drawapp.reading.prediction import Prediction
from drawapp.ui import intents
from drawapp.ui.exchange import Exchange
from drawapp.ui.intents import Intent
from drawapp.ui.layout import Layout, Look, layout_for
from drawapp.ui.listener import Listener
from drawapp.ui.pen import Pen
from drawapp.ui.preferences import Preferences
from drawapp.ui.screens.draw.screen import DrawScreen
from drawapp.ui.view import View
from drawapp.ui.window import open_window, screen_density
from nn_scratch.errors import UserError
from nn_scratch.images import files as image_files

INTERVAL = 1.0  # seconds between readings while there is ink
LIVE = 1 / 20  # the same while the pen moves, where the user wants to read live
FRAMES_PER_SECOND = 60
LONGEST_STEP = 1 / 30  # seconds that the bars move on in one frame at most: after a rest they glide too
KEY_DELAY, KEY_PACE = 280, 33  # milliseconds until a key that is held down repeats, and between repetitions
PLACES = ("draw",)


class App:
    """The window, what is drawn in it and what was read. `clock` gives seconds."""

    def __init__(
        self, models: Catalog, interval: float = INTERVAL, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.models = models
        self.canvas = Canvas()
        self.pen = Pen(self.canvas)
        self.prediction: Prediction | None = None
        self.preferences = Preferences()
        self.exchange = Exchange()
        self.running = True
        self._listener = Listener()
        self._charset = Charset.ALL
        self._message = ""
        self._selected: int | None = None
        self._cadence = Cadence(interval)
        self._clock = clock
        self._shown_at = self._read_at = clock()
        self._read_revision = self.canvas.revision
        self._stale = True
        self._gliding = False

    def open(self) -> None:
        """Open the window. Raises UserError where there is no display."""
        self.window = open_window()
        pygame.key.set_repeat(KEY_DELAY, KEY_PACE)
        self.screen = DrawScreen(self._layout(), self._view())
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
        """Take in every event since the last turn, and what has come of an errand."""
        for event in pygame.event.get():
            for intent in self._listener.intents_of(event, self.screen):
                self.follow(intent)
        news = self.exchange.poll()
        if news is not None:
            self.follow(news)

    def think(self) -> None:
        """Read the drawing when that is due; an empty canvas has no prediction."""
        now, has_ink, before = self._clock(), not self.canvas.is_empty, self.prediction
        if self.preferences.live and self.canvas.revision != self._read_revision and now - self._read_at >= LIVE:
            self._cadence.ask(now)
        if self._cadence.is_due(now, has_ink):
            self.prediction = self.models.recognizer.read(self.canvas, self._charset)
            self._read_at, self._read_revision = now, self.canvas.revision
        elif not has_ink:
            self.prediction = None
        if self.prediction != before:
            self._stale = True
            if before is None or self.prediction is None or len(before.characters) != len(self.prediction.characters):
                self._selected = None

    def show(self) -> bool:
        """Draw the window where it is out of date. Returns whether it was."""
        surface = self.window.get_surface()
        if surface.get_size() != self.screen.layout.window:
            self._build_screen()
        now = self._clock()
        self._stale = self.screen.tip(now) or self._stale
        if not (self._stale or self._gliding):
            return False
        pygame.mouse.set_visible(self.pen.brush.at is None or self.screen.shows_help)
        self.screen.update(self._view())
        self._gliding = self.screen.glide(min(now - self._shown_at, LONGEST_STEP))
        self.screen.draw(surface)
        self.window.flip()
        self._stale, self._shown_at = False, now
        return True

    def follow(self, intent: Intent) -> None:
        """Do what the user means."""
        self._stale = True
        if self._message and not isinstance(intent, intents.PASSING):
            self._message = ""
            if isinstance(intent, intents.Escape):
                return
        if isinstance(intent, intents.PenIntent):
            self._move_pen(intent)
        elif isinstance(intent, intents.CanvasIntent):
            self._change_canvas(intent)
        elif isinstance(intent, intents.ModelIntent):
            self._change_model(intent)
        elif isinstance(intent, intents.FileIntent):
            self._exchange(intent)
        elif isinstance(intent, intents.SettingIntent):
            self._set(intent)
        else:
            self._do(intent)
        self.screen.update(self._view())

    def _do(self, intent: Intent) -> None:
        """Do what needs nothing but a line."""
        match intent:
            case intents.ChangeCharset(charset):
                self._change_charset(charset)
            case intents.ChooseCharacter(number):
                self._selected = number
            case intents.ShowHelp():
                self.screen.toggle_help()
            case intents.Escape():
                self.screen.close_open()
            case intents.Tell(sentence):
                self._message = sentence
            case intents.Close():
                self.running = False

    def _move_pen(self, intent: intents.PenIntent) -> None:
        """Draw or erase. When the pen lifts, the drawing is read at once."""
        was_down = self.pen.is_down
        self.pen.follow(intent)
        if was_down and not self.pen.is_down:
            self._cadence.ask(self._clock())

    def _change_canvas(self, intent: intents.CanvasIntent) -> None:
        """Take back, bring back or clear, and read what is there then."""
        match intent:
            case intents.Undo():
                self.canvas.undo()
            case intents.Redo():
                self.canvas.redo()
            case intents.Clear():
                self.canvas.clear()
        self._cadence.ask(self._clock())

    def _change_model(self, choice: intents.ModelIntent) -> None:
        """Read with another model. If its file cannot be read, the user is told and the old model stays."""
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
        self.prediction = self._selected = None
        self._build_screen()
        self._cadence.ask(self._clock())

    def _exchange(self, intent: intents.FileIntent) -> None:
        """Open, paste, copy or save."""
        match intent:
            case intents.AskForFile():
                self.exchange.ask(intent)
            case intents.Paste():
                self.exchange.paste()
            case intents.OpenImage(path):
                self._open_image(path)
            case intents.Copy("answer"):
                self.follow(self.exchange.copy_answer(self.prediction.best if self.prediction else None))
            case intents.Copy("drawing"):
                self.exchange.copy_drawing(self.canvas)
            case intents.Save("drawing"):
                self.follow(self.exchange.save_drawing(self.canvas))
            case intents.Save("window"):
                self.follow(self.exchange.save_window(self.window.get_surface()))

    def _open_image(self, path: Path) -> None:
        """Put the image on the sheet as ink, and read it at once."""
        try:
            self.canvas.place_image(image_files.read(path))
        except UserError as error:
            self._message = str(error)
        self._cadence.ask(self._clock())

    def _set(self, intent: intents.SettingIntent) -> None:
        """Change how the window looks or behaves."""
        before, self.preferences = self.preferences, self.preferences.after(intent)
        if before.full_screen != self.preferences.full_screen:
            if self.preferences.full_screen:
                self.window.set_fullscreen(desktop=True)
            else:
                self.window.set_windowed()
        self._build_screen()

    def _view(self) -> View:
        """All that is to be shown now."""
        classes = self.models.recognizer.classes
        return View(
            canvas=self.canvas,
            classes=classes,
            prediction=self.prediction,
            models=self.models.names,
            chosen=self.models.number,
            charset=self._charset if offers_charsets(classes) else None,
            selected=self._selected,
            brush=self.pen.brush,
            preferences=self.preferences,
            message=self._message,
            places=PLACES,
        )

    def _layout(self) -> Layout:
        """Where everything lies in the window as it is."""
        look = Look(screen_density(), self.preferences.type_scale, self.preferences.left_handed)
        return layout_for(self.window.get_surface().get_size(), look)

    def _build_screen(self) -> None:
        """Lay the screen out anew, for the size of the window and the model that reads."""
        self.screen.update(self._view())
        self.screen.arrange(self._layout())
        self.screen.glide(math.inf)
        self.window.title = f"Draw a {self.screen.view.noun}"
        self._stale = True
