"""The recently used models: which files of their own users last drew for, kept from one start to the next."""

from __future__ import annotations

import json
import os
from pathlib import Path

import platformdirs

from nn_scratch.errors import UserError
from nn_scratch.files import atomic_write

MOST = 5


def recent() -> list[Path]:
    """The model files used last, the latest first, as far as they are still there.

    A list that is missing or damaged is an empty one: nothing in it is worth stopping for.
    """
    try:
        names = json.loads(_file().read_bytes())
    except (OSError, ValueError, RecursionError):
        return []
    paths = [Path(name) for name in names if isinstance(name, str)] if isinstance(names, list) else []
    return [path for path in dict.fromkeys(paths) if os.path.isfile(path)][:MOST]


def remember(path: Path) -> None:
    """Put the model file `path` first in the list. Where that cannot be written, it is for this time only."""
    paths = [path.resolve(), *(known for known in recent() if known != path.resolve())][:MOST]
    try:
        _file().parent.mkdir(parents=True, exist_ok=True)
        with atomic_write(_file()) as file:
            file.write(json.dumps([str(known) for known in paths], indent=1).encode())
    except (OSError, UserError):
        return


def folder() -> Path:
    """The folder in which to look for a model first: that of the one used last, else the current one if it has any.

    Else the home folder: a program that is double-clicked starts in folders that mean nothing to the user.
    """
    last = recent()[:1]
    if last:
        return last[0].parent
    has_models = os.path.isdir("models") or any(Path().glob("*.npy"))
    return Path() if has_models else home()


def home() -> Path:
    """The user's home folder."""
    return Path(os.path.expanduser("~"))  # Path.home() fails where there is none


def _file() -> Path:
    return Path(platformdirs.user_config_dir("drawapp", appauthor=False)) / "models.json"
