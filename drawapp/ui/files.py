"""Files: what leaves the window and what comes in, as files and by the clipboard.

Whatever may take its time is a job, so the window goes on meanwhile. What comes of it is an intent, like that of a
key: the app need not know where an image came from.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import numpy as np
import pygame
from PIL import Image

from drawapp.drawing.canvas import Canvas
from drawapp.reading import wording
from drawapp.reading.recognizer import Recognizer
from drawapp.session.language import gettext as _
from drawapp.ui.controls.file_dialog import ask_for_file
from drawapp.ui.intents import AskForFile, Copy, FileIntent, Intent, OpenImage, Paste, Redraw, Save, Tell
from drawapp.ui.job import Job
from drawapp.ui.saving import saved
from drawapp.ui.view import View
from nn_scratch.errors import UserError

ENLARGED = 4  # times the fine cells of the canvas: a saved drawing is 896 pixels wide


class Files:
    """What leaves and comes in: one job at a time, and one film at a time; `poll` in every turn of the loop."""

    def __init__(self) -> None:
        self._job: Job[Intent] | None = None
        self._filming: Iterator[Intent | None] | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    @property
    def is_busy(self) -> bool:
        """Whether a dialog is open, or the clipboard is asked."""
        return self._job is not None

    def close(self) -> None:
        """Remove the images that were only on their way from or to the clipboard."""
        if self._folder:
            self._folder.cleanup()
            self._folder = None

    def is_passing(self, path: Path) -> bool:
        """Whether `path` is an image from the clipboard: nobody wants to see its folder."""
        return self._folder is not None and path.parent == Path(self._folder.name)

    def poll(self) -> Intent | None:
        """Draw the next frame of a film. Returns what has come of the film or the job, once it is done."""
        news = next(self._filming) if self._filming else None
        if news is not None:
            self._filming = None
            return news
        if self._job is None or not self._job.is_done:
            return None
        intent, self._job = self._job.result, None
        return intent

    def wait(self, seconds: float) -> None:
        """Wait for the job, at most so long."""
        if self._job:
            self._job.wait(seconds)

    def follow(self, intent: FileIntent, view: View, window: pygame.Surface, recognizer: Recognizer) -> Intent | None:
        """Copy, paste or save what the user means, of what the `view` shows. Returns what to tell, if anything."""
        match intent:
            case Paste():
                self.paste()
            case Copy("answer"):
                return self.copy_answer(view.prediction.written if view.prediction else None)
            case Copy("drawing"):
                self.copy_drawing(view.canvas)
            case Save(what):
                return self.save(what, view, window, recognizer)
        return None

    def ask(self, wish: AskForFile, folder: Path) -> None:
        """Open the file dialog in `folder`, unless one is open."""
        if not self.is_busy:
            self._job = ask_for_file(wish.kind, folder)

    def place(self, path: Path, canvas: Canvas) -> Intent:
        """Put the image in the file `path` on `canvas`, as ink. Returns what to tell the user, if anything.

        Raises:
            UserError: it cannot be read.
        """
        from nn_scratch.ink import files as image_files  # here and below: what the first frame does not need

        page = image_files.read_page(path)
        canvas.place_image(page.writing)
        if page.left_out:
            return Tell(f"{wording.left_out(page.left_out)}.")
        return Redraw() if page.ink.any() else Tell(_("There is no ink in {path}.").format(path=path))

    def paste(self) -> None:
        """Fetch the image on the clipboard."""
        from drawapp.ui import clipboard

        if not self.is_busy:
            self._job = Job(lambda: OpenImage(clipboard.pasted_image(self._passing())), Tell)

    def copy_answer(self, answer: str | None) -> Intent:
        """Put the answer on the clipboard. Returns what to tell the user."""
        from drawapp.ui import clipboard

        if not answer:
            return Tell(_("There is no answer to copy yet."))
        try:
            clipboard.copy_text(answer)
        except UserError as error:
            return Tell(str(error))
        return Tell(_("Copied the answer: {answer}").format(answer=answer))

    def copy_drawing(self, canvas: Canvas) -> None:
        """Put the drawing on the clipboard as an image."""
        from drawapp.ui import clipboard

        if self.is_busy:
            return
        image = image_of(canvas)

        def work() -> Intent:
            path = self._passing() / "drawing.png"
            image.save(path)
            clipboard.copy_image(path)
            return Tell(_("Copied the drawing."))

        self._job = Job(work, Tell)

    def save(
        self, what: Literal["shown", "window", "film"], view: View, window: pygame.Surface, recognizer: Recognizer
    ) -> Intent:
        """Save what `view` or `window` shows, or begin to film it. Returns what to tell the user."""
        if what == "film":
            return self._begin_film(view, recognizer)
        if what == "shown" and view.place == "draw":
            return saved("drawing", ".png", lambda file: image_of(view.canvas).save(file, "PNG"))
        image = Image.frombytes("RGB", window.get_size(), pygame.image.tobytes(window, "RGB"))
        return saved("window", ".png", lambda file: image.save(file, "PNG"))

    def _passing(self) -> Path:
        """The folder of what comes from the clipboard and goes to it: nobody else can read or replace it."""
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="drawapp-", ignore_cleanup_errors=True)
        return Path(self._folder.name)

    def _begin_film(self, view: View, recognizer: Recognizer) -> Intent:
        """Begin to film, unless a film is being made. From here on `poll` draws a frame per turn of the loop."""
        if view.canvas.is_empty:
            return Tell(_("There is no drawing to animate yet."))
        if self._filming is None:
            self._filming = filming(view, recognizer)
        return Tell(_("The animation is being made."))


def image_of(canvas: Canvas) -> Image.Image:
    """The drawing, dark on light as it would be on paper."""
    paper = Image.fromarray((255 - canvas.ink * 255).astype(np.uint8))
    return paper.resize((paper.width * ENLARGED, paper.height * ENLARGED), Image.Resampling.BICUBIC)


def filming(view: View, recognizer: Recognizer) -> Iterator[Intent | None]:
    """Draw a frame at a time, and write the file beside the window. At the end comes what to tell the user."""
    from drawapp.ui import film

    frames = []
    for frame in film.frames(view, recognizer):
        frames.append(frame)
        yield None

    def work() -> Intent:
        return saved("film", ".gif", lambda file: film.encode(frames, file))

    job = Job(work, Tell)
    while not job.is_done:
        yield None
    yield job.result
