"""A window in which one draws a digit and watches a NumPy network read it."""

import os

from nn_scratch import __version__

os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")  # pygame's greeting would stand among the answers

__all__ = ["__version__"]
