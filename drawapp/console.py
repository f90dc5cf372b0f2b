"""The console of Windows: where a windowed program prints, if it was started from one.

Windows gives a program with a window no console, also when somebody types its name in one: `drawapp --help` would print
nothing. Such a program may take the console of its parent. Started by a double click it has none, and stays silent.
"""

from __future__ import annotations

import sys
from contextlib import suppress

PARENT = -1  # ATTACH_PARENT_PROCESS


def attach() -> None:
    """Print on the console that the program was started from, where there is one and the program has no streams."""
    if sys.platform != "win32" or (sys.stdout is not None and sys.stderr is not None):
        return
    import ctypes

    if ctypes.windll.kernel32.AttachConsole(PARENT):  # type: ignore[attr-defined,unused-ignore]
        with suppress(OSError):
            sys.stdout = sys.stdout or open("CONOUT$", "w", encoding="utf-8", errors="replace")  # noqa: SIM115
            sys.stderr = sys.stderr or open("CONOUT$", "w", encoding="utf-8", errors="replace")  # noqa: SIM115
