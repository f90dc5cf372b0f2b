"""The user's own models: networks that have learned in this app, kept in the user's folder for data.

Whoever has taught a network wants it in the list of models at the next start, under the name that it was given: the
name is that of its file. The bundled files belong to the app and never change.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import platformdirs

from nn_scratch import model_file
from nn_scratch.errors import UserError
from nn_scratch.files import cannot_write
from nn_scratch.network import Network

LONGEST_NAME = 40  # characters
NOT_IN_NAMES = frozenset('/\\:*?"<>|')  # some system does not allow them in the name of a file
MOST = 50  # models that are listed


def folder() -> Path:
    """The folder of the user's own models."""
    return Path(platformdirs.user_data_dir("drawapp", appauthor=False)) / "models"


def files() -> list[Path]:
    """The files of the user's own models, in alphabetical order."""
    return sorted(path for path in folder().glob("*.npy") if not path.name.startswith("."))[:MOST]


def has(path: Path) -> bool:
    """Whether the file `path` is one of the user's own models."""
    return os.path.realpath(path.parent) == os.path.realpath(folder())


def unused_name(wanted: str, taken: Iterable[str] = ()) -> str:
    """`wanted`, or the same with a number where a model of the user's, or one of `taken`, is called so."""
    names = {name.casefold() for name in (*(path.stem for path in files()), *taken)}
    number, free = 2, wanted
    while free.casefold() in names:
        free, number = f"{wanted} {number}", number + 1
    return free


def as_name(text: str) -> str:
    """`text` as the name of a model: without what no file may be called, and not too long. It may be empty."""
    kept = "".join(character for character in text if character.isprintable() and character not in NOT_IN_NAMES)
    return kept.strip(" .")[:LONGEST_NAME].strip(" .")


def save(network: Network, name: str) -> Path:
    """Write `network` as the model called `name`, whole or not at all; returns its file. Raises UserError."""
    path = folder() / f"{name}.npy"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise cannot_write(path, error) from error
    model_file.save(network, path)
    return path


def rename(path: Path, name: str) -> Path:
    """Call the model in the file `path` by another `name`; returns its file. Raises UserError if that is taken."""
    new = path.with_name(f"{name}.npy")
    if new.exists() and not new.samefile(path):
        raise UserError(f"There is a model called {name} already; choose another name.")
    try:
        return path.rename(new)
    except OSError as error:
        raise cannot_write(new, error) from error


def delete(path: Path) -> None:
    """Delete the model in the file `path`. Raises UserError where that is not possible."""
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise cannot_write(path, error) from error
