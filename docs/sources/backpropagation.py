"""Runs the code on docs/backpropagation.md and writes what it prints below it: python docs/sources/backpropagation.py.

So every number on the page is real, and a test says when one no longer is.
"""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path
from typing import Any

import numpy as np

PAGE = Path(__file__).parent.parent / "backpropagation.md"
BLOCK = re.compile(r"(```python\n(.*?)```\n)(?:\n```\n.*?```\n)?", re.DOTALL)  # code, and what it printed before


def render(page: str) -> str:
    """`page` with what each block of its code prints below it."""
    names: dict[str, Any] = {}

    def with_output(block: re.Match[str]) -> str:
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed), np.printoptions(precision=4, suppress=True):
            exec(compile(block[2], PAGE.name, "exec"), names)
        return f"{block[1]}\n```\n{printed.getvalue()}```\n"

    return BLOCK.sub(with_output, page)


if __name__ == "__main__":
    PAGE.write_text(render(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
