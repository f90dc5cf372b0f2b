"""Errors a person can act on: one sentence that says what was wrong, with which file, and what to do."""

from __future__ import annotations

import sys
from collections.abc import Callable


class UserError(Exception):
    """Something outside the program is wrong (a file, a folder, an option), and its user can mend it.

    The message is one whole sentence or two; a command line prints it without a traceback and ends with `exit_status`.
    """

    def __init__(self, message: str, exit_status: int = 2) -> None:
        super().__init__(message)
        self.exit_status = exit_status


def run_command(name: str, command: Callable[[], int]) -> int:
    """Run `command`, print a `UserError` as `name: sentence` on standard error, and return the exit status."""
    try:
        return command()
    except UserError as error:
        print(f"{name}: {error}", file=sys.stderr)
        return error.exit_status
    except KeyboardInterrupt:
        print(f"{name}: stopped.", file=sys.stderr)
        return 130
