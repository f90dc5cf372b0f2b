"""A small pen file for the tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np


def small_arrays(writers: int = 10, labels: str = "01478KX") -> dict[str, Any]:
    """The arrays of a small pen file: each writer draws each label once, a 4 in two strokes and the others in one."""
    rng = np.random.default_rng(0)
    per_character = np.tile([2 if label == "4" else 1 for label in labels], writers)
    strokes = int(per_character.sum())
    return {
        "points": rng.integers(0, 1001, (strokes * 5, 2)).astype(np.int16),
        "stroke_offsets": np.arange(0, strokes * 5 + 1, 5, dtype=np.int32),
        "character_offsets": np.concatenate([[0], np.cumsum(per_character)]).astype(np.int32),
        "labels": np.array(list(labels) * writers),
        "writers": np.repeat([f"abc/w{i}" for i in range(writers)], len(labels)),
    }


def save_small(folder: Path, **changes: Any) -> Path:
    """Write a small pen file into `folder`, with other arrays in place of some of its own; returns its path."""
    path = folder / "pen.npz"
    np.savez(path, **(small_arrays() | changes))
    return path
