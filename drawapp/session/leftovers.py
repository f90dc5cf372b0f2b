"""Leftovers: what a one-file program that was killed has left in the temporary folder.

Such a program unpacks itself into a new folder at every start and removes it at its end. One that is killed cannot, and
128 MB stay each time. So each start marks its folder with the number of its process, and removes marked folders whose
process is gone. A folder without the mark is of another program, or of one that is just starting: it stays.
"""

from __future__ import annotations

import os
import shutil
import sys
from contextlib import suppress
from pathlib import Path

MARK = "drawapp.pid"  # a file in the folder, with the number of the process that uses it
PREFIX = "_MEI"  # of PyInstaller's folders


def tidy() -> None:
    """Mark the folder of this program and remove those of ended ones. Does nothing where nothing was unpacked."""
    own = Path(getattr(sys, "_MEIPASS", ""))
    if own.name.startswith(PREFIX):
        with suppress(OSError):  # tidying must never keep anybody from drawing
            (own / MARK).write_text(str(os.getpid()), encoding="ascii")
            remove_ended(own.parent, own)


def remove_ended(folder: Path, own: Path) -> None:
    """Remove the marked folders in `folder` whose process has ended, but not `own`."""
    for mark in folder.glob(f"{PREFIX}*/{MARK}"):
        if mark.parent != own and not is_running(process_in(mark)):
            shutil.rmtree(mark.parent, ignore_errors=True)


def process_in(mark: Path) -> int | None:
    """The number in the file `mark`; None where there is none, for instance of another user."""
    try:
        return int(mark.read_text(encoding="ascii")[:20])
    except (OSError, ValueError):
        return None


def is_running(process: int | None) -> bool:
    """Whether there is a process of that number; True where nobody can tell."""
    if process is None or process <= 0:
        return True
    if sys.platform == "win32":
        return is_running_on_windows(process)
    try:
        os.kill(process, 0)  # sends nothing: it only asks
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def is_running_on_windows(process: int) -> bool:
    """The same on Windows, where a process is opened to ask."""
    import ctypes

    may_wait, ended = 0x00100000, 0  # SYNCHRONIZE, WAIT_OBJECT_0
    kernel = ctypes.windll.kernel32  # type: ignore[attr-defined,unused-ignore]
    handle = kernel.OpenProcess(may_wait, False, process)
    if not handle:
        return False
    is_ended = kernel.WaitForSingleObject(handle, 0) == ended
    kernel.CloseHandle(handle)
    return not is_ended
