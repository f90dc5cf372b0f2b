"""Where data sets are kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from nn_scratch.data.download import data_folder


def test_the_data_folder_can_be_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NN_SCRATCH_DATA", raising=False)
    assert "nn_scratch" in str(data_folder())
    monkeypatch.setenv("NN_SCRATCH_DATA", "/somewhere")
    assert data_folder() == Path("/somewhere")
