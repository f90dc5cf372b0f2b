"""The README tells the truth: the lines of code it shows are the real ones, and what it names exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_its_code_is_the_real_code() -> None:
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "nn_scratch").rglob("*.py")]
    blocks = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    assert len(blocks) >= 6
    for block in blocks:
        assert any(block in source for source in sources), block


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\(([^)#:]+)\)", README))))
def test_its_links_lead_somewhere(link: str) -> None:
    assert (ROOT / link).exists()


def test_the_options_it_names_are_there() -> None:
    commands = {"drawapp": ROOT / "drawapp" / "__main__.py", "train": ROOT / "nn_scratch" / "train.py"}
    code = "".join(path.read_text(encoding="utf-8") for path in commands.values())
    for option in set(re.findall(r"`(--[a-z-]+)", README)) - {"--help"}:
        assert f'"{option}"' in code, option
