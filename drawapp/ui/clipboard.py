"""The clipboard: answers and drawings from one program to another.

SDL knows text only. For images each system has a tool of its own, and where it is missing the user is told. Asking for
an image may mean asking another program, which may take its time, so none of this is done in the loop of the window.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from shutil import which

import pygame
from PIL import Image, ImageGrab

from drawapp.session.language import gettext as _
from nn_scratch.errors import UserError

PATIENCE = 5  # seconds for a tool of the system


def copy_text(words: str) -> None:
    """Put `words` on the clipboard. Raises UserError where there is none."""
    try:
        pygame.scrap.put_text(words)
    except pygame.error as error:
        raise UserError(_("There is no clipboard to copy to ({error}).").format(error=error)) from error


def copy_image(path: Path) -> None:
    """Put the PNG file `path` on the clipboard, as an image. Raises UserError where the system has no way."""
    command = copying(path)
    if command is None:
        raise UserError(_("This system cannot copy images (install wl-copy or xclip). Save the drawing instead."))
    try:
        subprocess.run(command, check=True, timeout=PATIENCE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    except (OSError, subprocess.SubprocessError) as error:
        words = _("The drawing could not be copied ({error}). Save it instead.")
        raise UserError(words.format(error=error)) from error


def copying(path: Path) -> list[str] | None:
    """The command that copies the image in `path` on this system; None where there is none."""
    if sys.platform == "darwin":
        script = f'set the clipboard to (read (POSIX file "{path}") as «class PNGf»)'
        return ["osascript", "-e", script]
    if sys.platform == "win32":
        script = (
            "Add-Type -AssemblyName System.Windows.Forms, System.Drawing;"
            f"[Windows.Forms.Clipboard]::SetImage([Drawing.Image]::FromFile('{path}'))"
        )
        return ["powershell", "-NoProfile", "-STA", "-Command", script]
    if which("wl-copy"):
        return ["sh", "-c", 'wl-copy --type image/png < "$0"', str(path)]
    return ["xclip", "-selection", "clipboard", "-t", "image/png", "-i", str(path)] if which("xclip") else None


def pasted_image(folder: Path) -> Path:
    """The image on the clipboard, in a file: one in `folder`, or one that was copied. Raises UserError without one."""
    try:
        found = ImageGrab.grabclipboard()
    except (OSError, NotImplementedError, subprocess.SubprocessError):
        found = None
    if isinstance(found, Image.Image):
        path = folder / "pasted.png"
        found.convert("RGBA").save(path)
        return path
    names = found if isinstance(found, list) else []
    if names:
        return Path(names[0])
    raise UserError(_("There is no image on the clipboard. Copy one first, or drop an image file on the window."))
