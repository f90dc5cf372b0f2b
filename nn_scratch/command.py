"""How a command runs: on one thread, and with a sentence in place of a traceback.

Where its output goes is not in its hands: a console may not know a character, and `| head -1` stops reading. Neither is
an error of the command.

BLAS, the library behind NumPy's matrix products, splits a product among all cores by default. The matrices of this
library are so small that a second thread costs more than it brings. Only commands set the limit, while they run: a
program that imports nn_scratch keeps its threads.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

from nn_scratch.errors import UserError

CLOSED_PIPE = 141  # the exit status of a command that SIGPIPE ends, 128 + 13
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

    def with_sentences() -> int:
        try:
            with one_blas_thread():
                return command()
        except UserError as error:
            print(f"{name}: {error}", file=sys.stderr)
            return error.exit_status
        except KeyboardInterrupt:
            print(f"{name}: stopped.", file=sys.stderr)
            return 130

    return end_quietly(with_sentences)


def end_quietly(command: Callable[[], int]) -> int:
    """Run `command` and return its exit status, whatever becomes of what it prints.

    A character that the console does not know is printed as Python writes it, such as \\xb7. Where nobody reads the
    output to its end (`| head -1`), the status is 141, as a shell has it.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a windowed program has none
            stream.reconfigure(errors="backslashreplace")
    try:
        try:
            return command()
        finally:
            if sys.stdout is not None:
                sys.stdout.flush()  # here, because an error would be printed when the interpreter does it
    except BrokenPipeError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())  # for what is left of the output when the interpreter ends
        return CLOSED_PIPE
