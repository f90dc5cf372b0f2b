"""The desktop entry: the program in the menu of a Linux desktop, and out of it again.

A program that was downloaded as one file is in no menu. `--install-desktop` puts it there for this user, with its icon,
and `--uninstall-desktop` takes it out. Nothing needs the rights of an administrator.
"""

from __future__ import annotations

import os
import re
import shlex
import sys
from collections.abc import Mapping
from pathlib import Path

from drawapp.reading.resources import resource
from nn_scratch.errors import UserError
from nn_scratch.files import atomic_write, cannot_write

ID = "io.github.nn_scratch.drawapp"
ENTRY = f"assets/linux/{ID}.desktop"
ICON = f"icons/hicolor/256x256/apps/{ID}.png"


def install() -> str:
    """Put the program into the menu. Returns a sentence on it. Raises UserError where that is not possible."""
    check_system()
    template = resource(ENTRY).read_text(encoding="utf-8")
    entry, icon = targets(os.environ)
    write(icon, resource("assets/icon.png").read_bytes())
    write(entry, with_command(template, command()).encode())
    return f"The program is in the menu of your desktop: {entry}"


def uninstall() -> str:
    """Take the program out of the menu. Returns a sentence on it."""
    check_system()
    found = [path for path in targets(os.environ) if path.is_file()]
    for path in found:
        try:
            path.unlink()
        except OSError as error:
            raise UserError(f"Cannot remove {path} ({error.strerror or error}).") from error
    return "The program is no longer in the menu." if found else "The program was not in the menu."


def check_system() -> None:
    """UserError on a system whose menus work in another way."""
    if sys.platform in ("win32", "darwin"):
        raise UserError("Desktop entries are for Linux; on this system, put the program where you keep your programs.")


def targets(environment: Mapping[str, str]) -> tuple[Path, Path]:
    """Where the entry and the icon belong, for this user."""
    home = environment.get("XDG_DATA_HOME") or ""
    data = Path(home) if Path(home).is_absolute() else Path.home() / ".local" / "share"
    return data / "applications" / f"{ID}.desktop", data / ICON


def command() -> list[str]:
    """How this program was started: the frozen file, or Python with the package."""
    is_frozen = getattr(sys, "frozen", False)
    return [sys.executable] if is_frozen else [sys.executable, "-m", "drawapp"]


def with_command(entry: str, words: list[str]) -> str:
    """The `entry` with another command: quoted as the Desktop Entry Specification (freedesktop.org, 1.5) asks."""
    return re.sub("^Exec=.*$", lambda _: "Exec=" + " ".join(map(quoted, words)), entry, flags=re.MULTILINE)


def quoted(word: str) -> str:
    """One word of a command. A percent sign is doubled, for it begins a field code."""
    word = word.replace("%", "%%")
    if shlex.quote(word) == word:
        return word
    return '"' + re.sub(r'(["`$\\])', r"\\\1", word).replace("\\", "\\\\") + '"'


def write(path: Path, content: bytes) -> None:
    """Write a file whole, and its folder. Raises UserError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise cannot_write(path, error) from error
    with atomic_write(path) as file:
        file.write(content)
