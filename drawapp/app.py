"""The app: events become intents, intents change what is drawn and what reads it, the screen shows it.

The drawing knows nothing of its reader, and both know nothing of the window: this module connects them. The loop is
three verbs: listen, think, show. Time comes from a clock that is handed in, and the window is opened by `open`, so that
a test drives the same app turn by turn.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pygame

from drawapp.drawing.canvas import Canvas
from drawapp.drawing.geometry import Point
from drawapp.errors import tell
from drawapp.reading import recent
from drawapp.reading.catalog import Catalog
from drawapp.reading.prediction import Prediction
from drawapp.reading.reader import Reader
from drawapp.session import language
from drawapp.session.session import Session
from drawapp.session.settings import Preferences
from drawapp.ui import intents
from drawapp.ui.files import Files
from drawapp.ui.inside import Inside
from drawapp.ui.intents import Intent
from drawapp.ui.learn_intents import AskForLabel, LearnIntent, PutOnSheet
from drawapp.ui.learning.learning import Learning
from drawapp.ui.learning.work import Desk
from drawapp.ui.listener import Listener
from drawapp.ui.pen import Pen, change
from drawapp.ui.preferences import changes
from drawapp.ui.screens.screen import Screen
from drawapp.ui.stage import Stage
from drawapp.ui.view import View
from drawapp.ui.window import open_window
from nn_scratch.errors import UserError

INTERVAL = 1.0  # seconds between readings while there is ink
FRAMES_PER_SECOND = 60
KEY_DELAY, KEY_PACE = 280, 33  # milliseconds until a key that is held down repeats, and between repetitions


class App:
    """The window, what is drawn in it and what was read. `clock` gives seconds."""

    def __init__(
        self,
        models: Catalog,
        interval: float = INTERVAL,
        clock: Callable[[], float] = time.monotonic,
        session: Session | None = None,
    ) -> None:
        self.models = models
        self.session = session or Session()
        self.canvas = Canvas()
        self.pen = Pen(self.canvas)
        self.reader = Reader(models, self.canvas, interval, clock)
        self.files = Files()
        self.inside = Inside(models)
        self.learning = Learning(Desk(self.canvas, self.reader, self.session))
        self.running = True
        self._listener = Listener()
        self._message = ""
        self._clock = clock
        self._place = "draw"

    @property
    def prediction(self) -> Prediction | None:
        """What was read last, None where there is no ink."""
        return self.reader.prediction

    @property
    def preferences(self) -> Preferences:
        """What the user has chosen."""
        return self.session.settings.values

    @property
    def screen(self) -> Screen:
        """What the window shows."""
        return self.stage.screen

    def open(self) -> None:
        """Open the window. Raises UserError where there is no display."""
        self.window = open_window(place=self.preferences.window)
        pygame.key.set_repeat(KEY_DELAY, KEY_PACE)
        self.pen.width = self.preferences.brush
        self._message = self.session.restore(self.canvas)
        self.stage = Stage(self.window, self._view(), self.session.reporter, self._clock())
        if not self.canvas.is_empty:
            self._finish_change()

    def run(self) -> None:
        """Run until the user closes the window. What was drawn and chosen is kept, also after a crash."""
        frames = pygame.time.Clock()
        try:
            while self.running:
                self.listen()
                self.think()
                self.show()
                frames.tick(FRAMES_PER_SECOND)
        finally:
            self.learning.close()
            self._keep()
        self.close()

    def close(self) -> None:
        """Close the window."""
        self.files.close()
        self.window.destroy()
        pygame.display.quit()

    def listen(self) -> None:
        """Take in every event since the last turn, and what has come of a job.

        A mouse may move many times in a turn. The pen goes through all the places, and the screen is told once.
        """
        passed: list[Point] = []
        for event in pygame.event.get():
            for intent in self._listener.intents_of(self.window.in_pixels(event), self.screen):
                if isinstance(intent, intents.PenMove):
                    passed.append(intent.point)
                else:
                    self._move_through(passed)
                    self.follow(intent)
        self._move_through(passed)
        news = self.files.poll()
        if news is not None:
            self.follow(news)

    def think(self) -> None:
        """Read the drawing when that is due; an empty canvas has no prediction."""
        now = self._clock()
        if self.reader.read_if_due(self.preferences.live or self._place != "draw"):
            self.stage.is_stale = True
        news = self.inside.turn(self.screen.view.explanation, now)
        self._follow_all([*([news] if news else []), *self.learning.turn(now)])
        trouble = self.session.keep_up(self.canvas, now)
        if trouble:
            self.follow(intents.Tell(trouble))

    def show(self) -> bool:
        """Draw the window where it is out of date. Returns whether it was."""
        now = self._clock()
        if self.stage.is_resized:
            self.stage.build(self._view())
        if not self.stage.is_due(now):
            return False
        self.stage.show(self._view(), now)
        shown = self.prediction or Prediction((), ())
        self.session.reporter.answer(shown.answer, shown.best, shown.probability)
        return True

    def follow(self, intent: Intent) -> None:
        """Do what the user means."""
        self.stage.is_stale = True
        if self._message and not isinstance(intent, intents.PASSING):
            self._message = ""
            if isinstance(intent, intents.Escape):
                return
        if isinstance(intent, intents.PenIntent):
            self._move_pen(intent)
        elif isinstance(intent, intents.CanvasIntent):
            change(self.canvas, intent)
            self._finish_change()
        elif isinstance(intent, intents.ModelIntent):
            self._change_model(intent)
        elif isinstance(intent, intents.FileIntent):
            self._handle_file(intent)
        elif isinstance(intent, LearnIntent):
            self._follow_all(self.learning.follow(intent))
        elif isinstance(intent, intents.InsideIntent):
            explanation = self.screen.view.explanation if self._place == "inside" else None
            news = self.inside.follow(intent, explanation, self._clock())
            if news is not None:
                self.follow(news)
        elif isinstance(intent, intents.SettingIntent):
            self.session.settings.change(**changes(self.preferences, intent))
            self.stage.build(self._view())
        else:
            self._do(intent)
        self.screen.update(self._view())

    def _follow_all(self, found: list[Intent]) -> None:
        for intent in found:
            self.follow(intent)

    def _do(self, intent: Intent) -> None:
        """Do what needs nothing but a line."""
        match intent:
            case intents.ChangeCharset(charset):
                self.reader.allow(charset)
                self.stage.build(self._view())
            case intents.ChooseCharacter(number):
                self.reader.selected = number
            case intents.ToggleFullScreen():
                self.window.toggle_full_screen()
            case intents.ChangeLanguage():
                language.current.use(language.following())
                self.session.settings.change(language=language.current.name)
                self.stage.make(self._view())
            case intents.ShowHelp(page):
                self.screen.toggle_help(page)
            case intents.Escape():
                if not self.screen.close_open():
                    self.inside.rest()
            case intents.ChoosePlace(name):
                self._place, self.learning.is_shown = name, name == "learn"
                self.stage.make(self._view())
            case AskForLabel():
                self.screen.ask_for_label()
            case PutOnSheet(image, strokes):
                self.canvas.replace(image / 255, strokes)
                self._finish_change()
            case intents.Tell(sentence):
                self._message = sentence
            case intents.Close():
                self.running = False

    def _move_through(self, passed: list[Point]) -> None:
        """Move the pen through the places that it has `passed`, and forget them."""
        if passed:
            *before, last = passed
            passed.clear()
            self.follow(intents.PenMove(last, tuple(before)))

    def _move_pen(self, intent: intents.PenIntent) -> None:
        """Draw or erase. When the pen lifts, the drawing is read at once."""
        was_down = self.pen.is_down
        self.pen.follow(intent)
        if was_down and not self.pen.is_down:
            self._finish_change()

    def _finish_change(self) -> None:
        """A stroke, an erasure or another change of the ink is done: it is read at once, and reported."""
        self.inside.stop()
        self.reader.ask()
        self.session.reporter.ink(self.canvas.inked)

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
        self.reader.start_over()
        self.inside.rest()
        self.stage.build(self._view())

    def _handle_file(self, intent: intents.FileIntent) -> None:
        """Open, paste, copy or save."""
        match intent:
            case intents.AskForFile(kind):
                folder = self.preferences.image_folder if kind == "image" else None
                self.files.ask(intent, Path(folder) if folder else recent.folder())
            case intents.OpenImage(path):
                self._open_image(path)
            case _:
                news = self.files.follow(intent, self._view(), self.window.get_surface(), self.models.recognizer)
                if news is not None:
                    self.follow(news)

    def _open_image(self, path: Path) -> None:
        """Put an image on the sheet. The dialog begins in its folder the next time, if it has one of the user's."""
        try:
            news = self.files.place(path, self.canvas)
        except UserError as error:
            self.follow(intents.Tell(str(error)))
            return
        if not self.files.is_passing(path):
            self.session.settings.change(image_folder=str(path.absolute().parent))
        self.follow(news)
        self._finish_change()

    def _view(self) -> View:
        """All that is to be shown now."""
        view = View(
            canvas=self.canvas,
            classes=self.reader.classes,
            prediction=self.prediction,
            models=self.models.names,
            chosen=self.models.number,
            charset=self.reader.charset,
            selected=self.reader.selected,
            brush=self.pen.brush,
            preferences=self.preferences,
            is_full_screen=self.window.is_full_screen,
            message=self._message,
            place=self._place,
            inside=self.inside.state,
            learn=self.learning.view,
            experiment=self.inside.experiment,
        )
        asks = self._place == "inside" or view.inside.explains
        return replace(view, explanation=self.reader.explanation_of(view.character)) if asks else view

    def _keep(self) -> None:
        """Keep the drawing and what the user has chosen. Where that is not possible, the user is told."""
        self.session.settings.change(window=self.window.place, brush=self.pen.width)
        trouble = self.session.keep(self.canvas)
        if trouble:
            tell(trouble)
