"""The file dialog: the system's own, in which the user chooses a model, an image, corrections, data or a run.

Everybody knows how to use the dialog of their desktop, also with the keyboard alone. `crossfiledialog` opens it; where
it cannot, the user is told why, and what to do instead.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Literal

from drawapp.session.language import gettext as _
from drawapp.session.language import marked
from drawapp.ui.intents import Intent, OpenImage, OpenModel, Redraw, Tell
from drawapp.ui.job import Job
from drawapp.ui.learn_intents import ImportCorrections, OpenData, OpenRun
from nn_scratch.errors import UserError, shown

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
NO_DIALOG = "NoImplementationFoundException"  # of crossfiledialog, which cannot be imported where it raises it
CANCELLED = "(-128)"  # what macOS reports as an error where the user chooses nothing
PATTERNS: dict[Kind, list[str]] = {
    "model": ["*.npy"],
    "image": ["*.png", "*.jpg", "*.jpeg", "*.gif", "*.bmp", "*.webp"],
    "corrections": ["*.npz"],
    "data": ["*.npz"],
}


def ask_for_file(kind: Kind, folder: Path) -> Job[Intent]:
    """Open the dialog, beginning in `folder`. The result is what to do with the file; Redraw where none was chosen."""
    return Job(lambda: chosen(kind, folder), Tell)


def chosen(kind: Kind, folder: Path) -> Intent:
    """What the user means in the dialog. Returns when it is closed; raises UserError where it cannot be opened."""
    title, start = _(TITLES[kind]), str(folder.resolve())
    try:
        import crossfiledialog  # here, because it looks for the system's dialog when it is imported

        if kind == "run":
            path = crossfiledialog.choose_folder(title=title, start_dir=start)
        else:
            path = crossfiledialog.open_file(title=title, start_dir=start, filter=PATTERNS[kind])
    except Exception as error:
        if CANCELLED in str(error):
            return Redraw()
        raise UserError(why_none(error)) from error
    return MEANINGS[kind](Path(path)) if path else Redraw()


def why_none(error: Exception) -> str:
    """What the user is told where no dialog opens: the system has none, or it has another reason."""
    if isinstance(error, ImportError) or type(error).__name__ == NO_DIALOG:
        return _("This system has no file dialog (zenity or kdialog). Drop the file on the window instead.")
    words = _("The file dialog cannot be opened ({error}). Drop the file on the window instead.")
    return words.format(error=shown(error) or type(error).__name__)
