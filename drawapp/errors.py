"""Errors: what the user is told when something goes wrong.

A wrong file or option gets a sentence. A crash gets a log file and a message that names it, and the drawing is kept.
A program with a window may have no terminal (on Windows `sys.stderr` is None then), so its messages go to a box.
"""

from __future__ import annotations

import sys
import traceback
from datetime import datetime
from pathlib import Path

import platformdirs
from PIL import Image

from drawapp import __version__
from drawapp.drawing.canvas import Canvas
from drawapp.session.language import gettext as _
from nn_scratch.errors import UserError, shown

NAME = "drawapp"


def sentence_of(error: Exception) -> str:
    """What the user is told where work beside the window has failed: never nothing."""
    if isinstance(error, UserError):
        return str(error)
    return _("Something went wrong ({error}).").format(error=shown(repr(error)))


def tell(sentence: str, in_a_box: bool = False) -> None:
    """Print `sentence` on the terminal; show it in a message box if there is none, or if `in_a_box` asks for it."""
    if sys.stderr is not None:
        print(f"{NAME}: {sentence}", file=sys.stderr, flush=True)
    if in_a_box or sys.stderr is None:
        show_message(sentence)


def show_message(sentence: str) -> bool:
    """Show `sentence` in a box on the screen and wait for the user. Returns whether that was possible."""
    import pygame  # here, because most sentences need no window

    if pygame.display.get_init() and pygame.display.get_driver() in ("dummy", "offscreen"):
        return False  # nobody would see it, nor ever close it
    try:
        pygame.display.message_box(NAME, sentence, message_type="error")
    except pygame.error:
        return False
    return True


def keep_crash(error: BaseException, canvas: Canvas, folder: Path | None = None) -> str:
    """Write a log of `error`, and the drawing beside it, into `folder` (the user's log folder).

    Returns a sentence for the user that says where they are.
    """
    folder = folder or Path(platformdirs.user_log_dir(NAME, appauthor=False))
    name = datetime.now().strftime("crash-%Y%m%d-%H%M%S")
    log, drawing = folder / f"{name}.txt", folder / f"{name}.png"
    lines = [f"{NAME} {__version__}, Python {sys.version}, {sys.platform}\n", *traceback.format_exception(error)]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        log.write_text("".join(lines), encoding="utf-8")
        Image.fromarray((canvas.ink * 255).astype("uint8")).save(drawing)
    except OSError as trouble:
        return f"Something went wrong ({error!r}), and the log could not be written ({trouble})."
    return (
        f"Something went wrong ({error!r}). The details are in {log}, and your drawing is in {drawing}. "
        "It comes back at the next start. If that fails, start with --new."
    )
