"""Extras: libraries that one format needs, and nobody else."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from nn_scratch.errors import UserError


def extra(module: str) -> Any:
    """The module `module` of a library that is an extra of the same name.

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
