"""A window in which one draws a digit and watches a NumPy network read it."""

import os

os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")  # pygame's greeting would stand among the answers

# The app starts sooner with one BLAS thread, and its matrices are too small for a second one to help. OpenBLAS reads
# the variable when NumPy is first imported, so it is set before that; what the user has set stands.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from nn_scratch import __version__

__all__ = ["__version__"]
