"""Commands that are called in the process of the tests."""

from __future__ import annotations

import runpy
from collections.abc import Callable, Sequence


def evaluate_command(arguments: Sequence[str]) -> int:
    """`python -m nn_scratch.evaluate` with these arguments; returns the exit status.

    Nothing imports that module, because `nn_scratch.evaluate` would then be the module and not the function.
    """
    main: Callable[[Sequence[str]], int] = runpy.run_module("nn_scratch.evaluate")["main"]
    return main(arguments)
