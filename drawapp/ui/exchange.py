"""The exchange: what leaves the window and what comes in, as files and by the clipboard.

Whatever may take its time is an errand, so the window goes on meanwhile. What comes of it is an intent, like that of a
key: the app need not know where an image came from.
"""

from __future__ import annotations

import tempfile
from datetime import datetime
from pathlib import Path

import numpy as np
import platformdirs
import pygame
from PIL import Image

from drawapp.drawing.canvas import Canvas
from drawapp.session.language import gettext as _
from drawapp.ui.controls.file_dialog import ask_for_file
from drawapp.ui.errand import Errand
from drawapp.ui.intents import AskForFile, Copy, FileIntent, Intent, OpenImage, Paste, Redraw, Save, Tell
from nn_scratch.errors import UserError

ENLARGED = 4  # times the fine cells of the canvas: a saved drawing is 896 pixels wide


class Exchange:
    """Does one errand at a time; `poll` in every turn of the loop."""

    def __init__(self) -> None:
        self._errand: Errand[Intent] | None = None

    @property
    def is_busy(self) -> bool:
        """Whether a dialog is open, or the clipboard is asked."""
        return self._errand is not None

    def poll(self) -> Intent | None:
        """What has come of the errand, once it is done."""
        if self._errand is None or not self._errand.is_done:
            return None
        intent, self._errand = self._errand.result, None
        return intent

    def wait(self, seconds: float) -> None:
        """Wait for the errand, at most so long."""
        if self._errand:
            self._errand.wait(seconds)

    def follow(self, intent: FileIntent, canvas: Canvas, answer: str | None, surface: pygame.Surface) -> Intent | None:
        """Copy or save what the user means. Returns what to tell, if anything."""
        match intent:
            case Paste():
                self.paste()
            case Copy("answer"):
                return self.copy_answer(answer)
            case Copy("drawing"):
                self.copy_drawing(canvas)
            case Save("drawing"):
                return self.save_drawing(canvas)
            case Save("window"):
                return self.save_window(surface)
        return None

    def ask(self, wish: AskForFile, folder: Path) -> None:
        """Open the file dialog in `folder`, unless one is open."""
        if not self.is_busy:
            self._errand = ask_for_file(wish.kind, folder)

    def place(self, path: Path, canvas: Canvas) -> Intent:
        """Put the image in the file `path` on `canvas`, as ink. Returns what to tell the user, if anything."""
        from nn_scratch.images import files as image_files  # here and below: what the first frame does not need

        try:
            ink = image_files.read(path)
        except UserError as error:
            return Tell(str(error))
        canvas.place_image(ink)
        return Redraw() if ink.any() else Tell(_("There is no ink in {path}.").format(path=path))

    def paste(self) -> None:
        """Fetch the image on the clipboard."""
        from drawapp.ui import clipboard

        if not self.is_busy:
            self._errand = Errand(lambda: OpenImage(clipboard.pasted_image()), lambda error: Tell(str(error)))

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
        path = Path(tempfile.gettempdir()) / "drawing.png"
        image = image_of(canvas)

        def work() -> Intent:
            image.save(path)
            clipboard.copy_image(path)
            return Tell(_("Copied the drawing."))

        self._errand = Errand(work, lambda error: Tell(str(error)))

    def save_drawing(self, canvas: Canvas) -> Intent:
        """Save the drawing as a PNG file. Returns what to tell the user."""
        return saved(image_of(canvas), "drawing")

    def save_window(self, surface: pygame.Surface) -> Intent:
        """Save what the window shows as a PNG file. Returns what to tell the user."""
        pixels = pygame.image.tobytes(surface, "RGB")
        return saved(Image.frombytes("RGB", surface.get_size(), pixels), "window")


def image_of(canvas: Canvas) -> Image.Image:
    """The drawing, dark on light as it would be on paper."""
    paper = Image.fromarray((255 - canvas.ink * 255).astype(np.uint8))
    return paper.resize((paper.width * ENLARGED, paper.height * ENLARGED), Image.Resampling.BICUBIC)


def saved(image: Image.Image, name: str) -> Intent:
    """Save `image` in the user's folder of pictures, under a name with the time. Returns what to tell the user."""
    folder = Path(platformdirs.user_pictures_dir())
    path = unused(folder / datetime.now().strftime(f"{name}-%Y%m%d-%H%M%S.png"))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        image.save(path)
    except OSError as error:
        return Tell(_("The image could not be saved as {path} ({error}).").format(path=path, error=error))
    return Tell(_("Saved as {path}").format(path=path))


def unused(path: Path) -> Path:
    """`path`, or the same with a number where it exists: two drawings of one second are both kept."""
    number, free = 2, path
    while free.exists():
        free, number = path.with_stem(f"{path.stem}-{number}"), number + 1
    return free
