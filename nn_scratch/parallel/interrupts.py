"""Ctrl-C where several processes train together: a wish that they agree on, in place of an exception.

`mpiexec` sends Ctrl-C to all ranks, and each gets it at another moment. If each stopped at once, one might wait for a
sum to which another no longer adds. So the signal only raises a flag. The flags are added up with the numbers of each
step, and all ranks stop after the same one.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def noticed_interrupts() -> Iterator[Callable[[], bool]]:
    """While the block runs, Ctrl-C raises no exception; yields what tells whether it was pressed."""
    if threading.current_thread() is not threading.main_thread():
        yield lambda: False  # Python tells only the main thread of signals
        return
    pressed = threading.Event()
    before = signal.signal(signal.SIGINT, lambda number, frame: pressed.set())
    try:
        yield pressed.is_set
    finally:
        signal.signal(signal.SIGINT, before)
