"""Errors that the user can mend, and how a command reports them.

A missing file or a wrong option is not a fault of the program, so a traceback would only confuse. Such an error is one
clear sentence: what is wrong, with which file, and what to do.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from nn_scratch.blas import one_blas_thread


class UserError(Exception):
    """Something outside the program is wrong (a file, a folder, an option), and the user can mend it.

    The message is one or two whole sentences. A command prints it without a traceback and ends with `exit_status`.
    """

    def __init__(self, message: str, exit_status: int = 2) -> None:
        super().__init__(message)
        self.exit_status = exit_status


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
