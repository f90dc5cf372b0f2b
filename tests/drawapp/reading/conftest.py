"""What several tests of reading need: the recognizer with the bundled model for digits."""

from __future__ import annotations

from pathlib import Path

import pytest

import nn_scratch
from drawapp.reading.recognizer import Recognizer


@pytest.fixture
def digits_recognizer(bundled: Path) -> Recognizer:
    """Without a rejector: these tests are about what is read, not about what is rejected."""
    return Recognizer(nn_scratch.load(bundled))
