"""What the tests of data sets need: a data folder of their own, and a server to download from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.helpers.server import Server, serving


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A server without files; the data folder is `tmp_path`."""
    monkeypatch.setenv("NN_SCRATCH_DATA", str(tmp_path))
    with serving({}) as server:
        yield server
