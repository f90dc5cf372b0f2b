"""Errors that the user can mend.

A missing file or a wrong option is not a fault of the program, so a traceback would only confuse. Such an error is one
clear sentence: what is wrong, with which file, and what to do.
"""

from __future__ import annotations


class UserError(Exception):
    """Something outside the program is wrong (a file, a folder, an option), and the user can mend it.

    The message is one or two whole sentences. A command prints it without a traceback and ends with `exit_status`.
    """

    def __init__(self, message: str, exit_status: int = 2) -> None:
        super().__init__(message)
        self.exit_status = exit_status
