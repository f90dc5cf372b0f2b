"""The recently used models: which custom model files were opened last, kept from one start to the next.

Whoever has trained a model wants it in the list of models the next time, too, without looking for its file.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import platformdirs

from nn_scratch.errors import UserError
from nn_scratch.files import atomic_write, read_file

MOST = 5  # model files
LARGEST = 2**16  # bytes of the list


def recent() -> list[Path]:
    """The model files opened last, the latest first, as far as they still exist.

    A list that is missing or damaged counts as an empty one: nothing in it is worth an error.
    """
    try:
        names = json.loads(read_file(list_file(), LARGEST, "list of models"))
    except (UserError, ValueError, RecursionError):
        return []
    paths = [Path(name) for name in names if isinstance(name, str)] if isinstance(names, list) else []
    return [path for path in dict.fromkeys(paths) if os.path.isfile(path)][:MOST]


def remember(path: Path) -> None:
    """Put the model file `path` first in the list. A list that cannot be written is left as it is."""
    path = Path(os.path.realpath(path))
    paths = [path, *(known for known in recent() if known != path)][:MOST]
    try:
        list_file().parent.mkdir(parents=True, exist_ok=True)
        with atomic_write(list_file()) as file:
            file.write(json.dumps([str(known) for known in paths], indent=1).encode())
    except (OSError, UserError):
        return


def folder() -> Path:
    """The folder in which to look for a model first.

    It is the folder of the model opened last, else the current folder if it has models, else the home folder: a program
    that is double-clicked starts in a folder that means nothing to the user.
    """
    last = recent()[:1]
    if last:
        return last[0].parent
    has_models = os.path.isdir("models") or any(Path().glob("*.npy"))
    return Path() if has_models else home()


def home() -> Path:
    """The user's home folder."""
    return Path(os.path.expanduser("~"))  # Path.home() fails where there is none


def list_file() -> Path:
    """The file that holds the list, JSON, in the user's folder for configuration."""
    return Path(platformdirs.user_config_dir("drawapp", appauthor=False)) / "models.json"
