"""Saving: files that the user gets, whole or not at all, under a name that no other file has.

Whatever leaves the window as a file is named after the time, so that nobody has to think of a name in the middle of a
drawing.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

import platformdirs

from drawapp.session.language import gettext as _
from drawapp.ui.intents import Intent, Tell
from nn_scratch.errors import UserError
from nn_scratch.files import atomic_write


def saved(name: str, suffix: str, write: Callable[[BinaryIO], None]) -> Intent:
    """Let `write` fill a file in the user's folder of pictures, under a name with the time; it is there whole or not.

    Returns what to tell the user.
    """
    folder, content = Path(platformdirs.user_pictures_dir()), io.BytesIO()
    path = unused(folder / datetime.now().strftime(f"{name}-%Y%m%d-%H%M%S{suffix}"))
    write(content)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with atomic_write(path) as file:
            file.write(content.getbuffer())
    except UserError as error:
        return Tell(str(error))
    except OSError as error:
        return Tell(_("The image could not be saved as {path} ({error}).").format(path=path, error=error))
    return Tell(_("Saved as {path}").format(path=path))


def unused(path: Path) -> Path:
    """`path`, or the same with a number where it exists: two drawings of one second are both kept."""
    number, free = 2, path
    while free.exists():
        free, number = path.with_stem(f"{path.stem}-{number}"), number + 1
    return free
