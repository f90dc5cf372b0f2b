"""The licenses: what the program contains, and the terms that each of its parts is under.

Whoever passes the program on must pass them on, too. A frozen program has all texts in a folder, gathered when it was
built. Run from source, it finds them where pip has put them.
"""

from __future__ import annotations

import re
import sys
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from drawapp import __version__
from drawapp.reading.resources import resource

GATHERED = "licenses"  # the folder with all texts in a frozen program
NOTICE = "assets/licenses/NOTICE.txt"
IS_LICENSE = re.compile(r"(^|/)(licen[cs]es?|copying|lgpl|notice)[^/]*$", re.IGNORECASE)
LONGEST = 1 << 20  # characters of one text


@dataclass(frozen=True)
class Component:
    """Something that the program contains, with its license by its SPDX name, and `package`, which pip knows it by."""

    name: str
    license: str
    package: str = ""


COMPONENTS = (
    Component("drawapp and nn_scratch", "MIT"),
    Component("Python", "PSF-2.0"),
    Component("NumPy", "BSD-3-Clause", "numpy"),
    Component("pygame-ce", "LGPL-2.1-or-later", "pygame-ce"),
    Component("SDL", "Zlib"),
    Component("Pillow", "MIT-CMU", "pillow"),
    Component("platformdirs", "MIT", "platformdirs"),
    Component("crossfiledialog", "LGPL-3.0-or-later", "crossfiledialog"),
    Component("Source Sans", "OFL-1.1", "font-source-sans-pro"),
    Component("PyInstaller's bootloader", "GPL-2.0-or-later WITH Bootloader-exception", "pyinstaller"),
    Component("training examples", "CC-BY-SA-3.0 AND CC-BY-4.0"),
)


def version_of(component: Component) -> str:
    """The version of a component; empty where nobody says."""
    if component.package:
        try:
            return distribution(component.package).version
        except PackageNotFoundError:
            return ""
    return {"Python": sys.version.split()[0], COMPONENTS[0].name: __version__}.get(component.name, "")


def texts() -> Iterator[tuple[str, str]]:
    """The titles and texts of all licenses, beginning with what the program is and contains."""
    folder = resource(GATHERED)
    if folder.is_dir():
        yield from ((path.stem, read(path)) for path in sorted(folder.glob("*.txt")))
    else:
        yield from found_texts()


def found_texts() -> Iterator[tuple[str, str]]:
    """The texts where pip, Python and this project have put them. One that is not installed is missing."""
    yield "00 notice", read(resource(NOTICE))
    for number, component in enumerate(COMPONENTS, 1):
        found = [read(path) for path in files_of(component) if path.is_file()]
        if found:
            yield f"{number:02} {component.name}", "\n\n".join(found)


def files_of(component: Component) -> list[Path]:
    """The files with the license of one component."""
    if component.package:
        return packaged(component.package)
    standard = Path(sysconfig.get_path("stdlib"))
    places = {
        COMPONENTS[0].name: [resource("LICENSE")],
        "Python": [standard / "LICENSE.txt", Path(sys.base_prefix) / "LICENSE.txt"],
        "SDL": [resource("assets/licenses/SDL.txt")],
        "training examples": [resource("models/SAMPLE.md")],
    }
    return next(([path] for path in places[component.name] if path.is_file()), [])


def packaged(package: str) -> list[Path]:
    """The license files that pip has installed with `package`."""
    try:
        installed = distribution(package).files or []
    except PackageNotFoundError:
        return []
    return [Path(str(file.locate())) for file in installed if IS_LICENSE.search(file.as_posix()) and is_text(file.name)]


def is_text(name: str) -> bool:
    """Whether a file of that name is to be read by people."""
    return Path(name).suffix.lower() in ("", ".txt", ".md", ".rst")


def read(path: Path) -> str:
    """The text in the file `path`; what is no UTF-8 is replaced."""
    return path.read_text(encoding="utf-8", errors="replace")[:LONGEST].strip()


def print_all() -> int:
    """Print all texts. Returns the exit status."""
    for title, text in texts():
        print(f"{'=' * 80}\n{title[3:]}\n{'=' * 80}\n\n{text}\n")
    return 0
