"""Resources: where the bundled files lie, the models and the assets.

The same program runs from the source tree, from an installed package and as one executable, and each keeps its files in
another place. Only this module knows which.
"""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent


def resource(name: str) -> Path:
    """The path of the bundled file `name`, such as "models/digits.npy".

    An executable unpacks its files into `sys._MEIPASS`; an installed package carries them inside itself; the source
    tree has them beside the package. Where there is no such file, the path in the source tree, for a message to name.
    """
    frozen = getattr(sys, "_MEIPASS", None)
    roots = [Path(frozen)] if frozen else [PACKAGE, PACKAGE.parent]
    return next((root / name for root in roots if (root / name).exists()), roots[-1] / name)


def icon() -> Path:
    """The icon of the window, a PNG."""
    return resource("assets/icon.png")


def font(bold: bool) -> Path | None:
    """A Noto Sans font file, or None where it is not installed: pygame's own font has to do then.

    The files come with pygame_gui, in an executable too. Finding a package does not import it, which would take a
    tenth of a second.
    """
    name = "NotoSans-Bold.ttf" if bold else "NotoSans-Regular.ttf"
    package = find_spec("pygame_gui")
    places = package.submodule_search_locations if package else None
    candidates = [Path(place, "data", name) for place in places or []]
    return next((path for path in candidates if path.is_file()), None)
