"""How a command runs: on one thread, and with a sentence in place of a traceback.

BLAS, the library behind NumPy's matrix products, splits a product among all cores by default. The matrices of this
library are so small that a second thread costs more than it brings. Only commands set the limit, while they run: a
program that imports nn_scratch keeps its threads.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

from nn_scratch.errors import UserError

THREAD_VARIABLES = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


def one_blas_thread() -> AbstractContextManager[object]:
    """A context in which BLAS uses one thread, unless the user has set one of `THREAD_VARIABLES`."""
    if any(variable in os.environ for variable in THREAD_VARIABLES):
        return nullcontext()
    from threadpoolctl import threadpool_limits  # here, because the app never needs it: it sets the variable

    limits: AbstractContextManager[object] = threadpool_limits(1, user_api="blas")
    return limits


def run_command(name: str, command: Callable[[], int]) -> int:
    """Run `command` with one BLAS thread and return its exit status; print a `UserError` as `name: sentence`.

    The sentence goes to standard error. Ctrl-C ends the command with the exit status 130, as in a shell.
    """
    try:
        with one_blas_thread():
            return command()
    except UserError as error:
        print(f"{name}: {error}", file=sys.stderr)
        return error.exit_status
    except KeyboardInterrupt:
        print(f"{name}: stopped.", file=sys.stderr)
        return 130
