"""Drops a file on a window of X11, as a file manager does: `python -m tests.helpers.drop WINDOW FILE`.

No tool for tests can do that: what is dropped is asked for after the mouse was released, so the source must be a
program that answers. The protocol is XDND 5 (J. Lindal, "Drag-and-drop protocol for the X Window System").
"""

from __future__ import annotations

import ctypes
import sys
from ctypes import POINTER, Structure, byref, c_char_p, c_int, c_long, c_ulong, c_void_p, cast
from pathlib import Path
from typing import Any

SELECTION_REQUEST, SELECTION_NOTIFY, CLIENT_MESSAGE = 30, 31, 33
VERSION = 5 << 24
NAMES = ("Enter", "Position", "Drop", "Finished", "Selection", "ActionCopy")

EVENT = (("type", c_int), ("serial", c_ulong), ("sent", c_int), ("display", c_void_p), ("window", c_ulong))


class ClientMessage(Structure):
    """`XClientMessageEvent`."""

    _fields_ = (*EVENT, ("kind", c_ulong), ("format", c_int), ("data", c_long * 5))


class SelectionRequest(Structure):
    """`XSelectionRequestEvent`: `window` is the owner's."""

    _fields_ = (*EVENT, *((name, c_ulong) for name in ("requestor", "selection", "target", "property", "time")))


class SelectionNotify(Structure):
    """`XSelectionEvent`: `window` is the one that asked."""

    _fields_ = (*EVENT, *((name, c_ulong) for name in ("selection", "target", "property", "time")))


def x11() -> Any:
    """libX11; a display is a pointer, which would be cut to an int."""
    library = ctypes.CDLL("libX11.so.6")
    library.XOpenDisplay.restype = c_void_p
    library.XCreateSimpleWindow.restype = library.XDefaultRootWindow.restype = library.XInternAtom.restype = c_ulong
    return library


def drop(path: Path, window: int) -> None:
    """Drop the file `path` on `window` and wait until its program has taken it."""
    x = x11()
    display = c_void_p(x.XOpenDisplay(None))
    own = x.XCreateSimpleWindow(display, c_ulong(x.XDefaultRootWindow(display)), 0, 0, 1, 1, 0, c_ulong(0), c_ulong(0))
    atom = {name: x.XInternAtom(display, f"Xdnd{name}".encode(), 0) for name in NAMES}
    files = x.XInternAtom(display, b"text/uri-list", 0)

    def tell(kind: str, *data: int) -> None:
        message = ClientMessage(CLIENT_MESSAGE, 0, 1, display, window, atom[kind], 32, (c_long * 5)(own, *data))
        x.XSendEvent(display, c_ulong(window), 0, c_long(0), byref(message))

    x.XSetSelectionOwner(display, c_ulong(atom["Selection"]), c_ulong(own), c_ulong(0))
    tell("Enter", VERSION, files)
    tell("Position", 0, 300 << 16 | 300, 0, atom["ActionCopy"])
    tell("Drop", 0, 0)
    event = (c_long * 24)()  # as large as the largest event
    while True:
        x.XNextEvent(display, byref(event))
        message = cast(event, POINTER(ClientMessage))[0]
        if message.type == SELECTION_REQUEST:
            answer(x, display, cast(event, POINTER(SelectionRequest))[0], f"{path.as_uri()}\r\n".encode())
        elif message.type == CLIENT_MESSAGE and message.kind == atom["Finished"]:
            return


def answer(x: Any, display: c_void_p, asked: SelectionRequest, data: bytes) -> None:
    """Give the program that has `asked` for it the `data`."""
    requestor, place = c_ulong(asked.requestor), c_ulong(asked.property)
    x.XChangeProperty(display, requestor, place, c_ulong(asked.target), 8, 0, c_char_p(data), len(data))
    told = (asked.requestor, asked.selection, asked.target, asked.property, asked.time)
    x.XSendEvent(display, requestor, 0, c_long(0), byref(SelectionNotify(SELECTION_NOTIFY, 0, 1, display, *told)))


if __name__ == "__main__":
    drop(Path(sys.argv[2]).resolve(), int(sys.argv[1]))
