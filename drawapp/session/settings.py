"""The settings: what the user has chosen in the window, kept from one start to the next.

Whoever needs large type or the left-handed layout needs it every day, and should ask for it once. All settings are in
one small JSON file. Two windows may be open at the same time: each writes only what was changed in it, into what the
file holds then. A file that is damaged counts as an empty one, and so does each value in it: none is worth an error.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import platformdirs

from drawapp.drawing.canvas import BRUSH
from drawapp.drawing.geometry import Box
from nn_scratch.files import atomic_write, cannot_write

THEMES = ("dark", "light")
TYPE_SIZES = (100, 125, 150)  # percent
NARROWEST, WIDEST = 1.0, 4.0  # of the brush, in cells
FARTHEST = 1 << 15  # pixels: no screen reaches farther
LONGEST_NAME = 4096  # characters of a path
LARGEST_FILE = 1 << 16  # bytes


@dataclass(frozen=True)
class Preferences:
    """The values of all settings. Where the user has chosen nothing, they are these."""

    window: Box | None = None  # where it lies and how large it is, in the units of the desktop
    theme: str = "dark"
    type_size: int = 100
    live: bool = False  # whether to read while the pen moves
    brush: float = BRUSH
    language: str | None = None  # None: that of the system
    left_handed: bool = False
    fine_ink: bool = False  # whether the sheet shows the fine ink in place of the cells
    image_folder: str | None = None  # where an image was opened or saved last


class Settings:
    """The settings in the file `path`; without one they last as long as the window.

    `values` has them all. An option of the command line changes them with `set_aside`, which is for this window only.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._changed: dict[str, Any] = {}
        self.values = preferences_of(read(path)) if path else Preferences()

    def change(self, **values: Any) -> None:
        """Change settings by their names. `save` writes them. Raises TypeError for a name that does not exist."""
        new = {name: value for name, value in values.items() if getattr(self.values, name, None) != value}
        self.values = replace(self.values, **values)
        self._changed.update({name: asdict(self.values)[name] for name in new})

    def set_aside(self, **values: Any) -> None:
        """Use other values in this window, without keeping them."""
        self.values = replace(self.values, **values)

    def save(self) -> None:
        """Write what was changed into the file, beside what it holds otherwise.

        Raises UserError where it cannot be written.
        """
        if self._path is None or not self._changed:
            return
        merged = {**read(self._path), **self._changed}
        make_folder(self._path)
        with atomic_write(self._path) as file:
            file.write(json.dumps(merged, indent=1).encode())
        self._changed = {}


def default_path() -> Path:
    """The file of the settings, in the user's folder for configuration."""
    return Path(platformdirs.user_config_dir("drawapp", appauthor=False)) / "settings.json"


def make_folder(path: Path) -> None:
    """Make the folder that the file `path` is to lie in. Raises UserError where that is not possible."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise cannot_write(path, error) from error


def read(path: Path) -> dict[str, Any]:
    """What the file holds, unchecked. Empty where it is missing, damaged or too large."""
    try:
        with path.open("rb") as file:
            content = json.loads(file.read(LARGEST_FILE))  # what is longer is cut off, and no JSON any more
    except (OSError, ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}


def preferences_of(content: Mapping[str, Any]) -> Preferences:
    """The settings in `content`; what is missing or makes no sense is as if nothing were chosen."""
    sane = {name: content[name] for name, is_sane in CHECKS.items() if name in content and is_sane(content[name])}
    if sane.get("window"):
        sane["window"] = Box(*sane["window"])
    return Preferences(**sane)


def is_place(value: Any) -> bool:
    """Whether `value` is null or four whole numbers that a window can have."""
    if not isinstance(value, list) or len(value) != 4 or not all(type(number) is int for number in value):
        return value is None
    return all(abs(number) <= FARTHEST for number in value) and min(value[2:]) > 0


def is_name(value: Any) -> bool:
    """Whether `value` is null or text of a sensible length."""
    return value is None or (isinstance(value, str) and 0 < len(value) <= LONGEST_NAME)


CHECKS: dict[str, Callable[[Any], bool]] = {
    "window": is_place,
    "theme": lambda value: value in THEMES,
    "type_size": lambda value: type(value) is int and value in TYPE_SIZES,
    "live": lambda value: isinstance(value, bool),
    "brush": lambda value: type(value) in (int, float) and NARROWEST <= value <= WIDEST,
    "language": is_name,
    "left_handed": lambda value: isinstance(value, bool),
    "fine_ink": lambda value: isinstance(value, bool),
    "image_folder": is_name,
}
