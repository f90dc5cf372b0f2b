"""Errors that the user can mend, and how text from outside is shown in them.

A missing file or a wrong option is not a fault of the program, so a traceback would only confuse. Such an error is one
clear sentence: what is wrong, with which file, and what to do. Names and contents of files come from anybody: they may
be endless, and their control characters may rewrite what a terminal shows. So no sentence contains them as they are.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

LONGEST_TEXT = 80  # characters of text from a file


class UserError(Exception):
    """Something outside the program is wrong (a file, a folder, an option), and the user can mend it.

    The message is one or two whole sentences on one line. A path in it may be of any length and of any characters: what
    cannot be printed is escaped here. A command prints the message without a traceback and ends with `exit_status`.
    """

    def __init__(self, message: str, exit_status: int = 2) -> None:
        super().__init__(escaped(message))
        self.exit_status = exit_status


def shown(text: object, longest: int = LONGEST_TEXT) -> str:
    """`text` from a file, for a sentence: escaped, and without its middle if it has more than `longest` characters."""
    words = escaped(str(text))
    if len(words) <= longest:
        return words
    end = longest // 2
    return words[: longest - end - 1] + "\N{HORIZONTAL ELLIPSIS}" + words[-end:]


def escaped(text: str) -> str:
    r"""`text` with what cannot be printed as Python writes it: \n, \x1b, and \udcff for a byte that is not UTF-8."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def extra(module: str) -> Any:
    """The module `module` of a library that one format needs, and nobody else; it is an extra of the same name.

    Raises:
        UserError: the library is not installed.
    """
    library = module.partition(".")[0]
    try:
        return import_module(module)
    except ImportError as error:
        raise UserError(
            f'This format needs {library}, which is not installed: pip install "nn-scratch[{library}]"'
        ) from error
