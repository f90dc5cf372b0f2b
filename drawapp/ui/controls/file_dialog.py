"""The file dialog: the system's own, in which the user chooses a model, an image, corrections, data or a run.

Everybody knows how to use the dialog of their desktop, also with the keyboard alone. `crossfiledialog` opens it; where
the desktop has none, the user is told what to do instead.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Literal

from drawapp.session.language import gettext as _
from drawapp.session.language import marked
from drawapp.ui.errand import Errand
from drawapp.ui.intents import Intent, OpenImage, OpenModel, Redraw, Tell
from drawapp.ui.learn_intents import ImportCorrections, OpenData, OpenRun

Kind = Literal["model", "image", "corrections", "data", "run"]

TITLES: dict[Kind, str] = {
    "model": marked("Choose a model"),
    "image": marked("Choose an image"),
    "corrections": marked("Choose a file of corrections"),
    "data": marked("Choose data to train with"),
    "run": marked("Choose the folder of a run, or of several"),
}
MEANINGS: dict[Kind, Callable[[Path], Intent]] = {
    "model": OpenModel,
    "image": OpenImage,
    "corrections": ImportCorrections,
    "data": OpenData,
    "run": OpenRun,
}
PATTERNS: dict[Kind, list[str]] = {
    "model": ["*.npy"],
    "image": ["*.png", "*.jpg", "*.jpeg", "*.gif", "*.bmp", "*.webp"],
    "corrections": ["*.npz"],
    "data": ["*.npz"],
}


def ask_for_file(kind: Kind, folder: Path) -> Errand[Intent]:
    """Open the dialog, beginning in `folder`. The result is what to do with the file; Redraw where none was chosen."""
    return Errand(lambda: chosen(kind, folder), lambda error: no_dialog())


def chosen(kind: Kind, folder: Path) -> Intent:
    """What the user means in the dialog. Returns when it is closed; raises an error where there is none."""
    import crossfiledialog  # here, because it looks for the system's dialog when it is imported

    title, start = _(TITLES[kind]), str(folder.resolve())
    if kind == "run":
        path = crossfiledialog.choose_folder(title=title, start_dir=start)
    else:
        path = crossfiledialog.open_file(title=title, start_dir=start, filter=PATTERNS[kind])
    return MEANINGS[kind](Path(path)) if path else Redraw()


def no_dialog() -> Intent:
    """What the user is told where the system has no file dialog."""
    return Tell(_("This system has no file dialog (zenity or kdialog). Drop the file on the window instead."))
