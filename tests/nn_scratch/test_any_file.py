"""Whatever is in a file, it gives a result or a sentence. `python -m pytest -m soak` tries many more files."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.helpers.readers import IMAGES, READERS, try_one_broken


@pytest.mark.parametrize("name", READERS)
@settings(max_examples=25)
@given(data=st.data())
def test_a_broken_file_gives_a_result_or_a_sentence(name: str, data: st.DataObject) -> None:
    try_one_broken(READERS[name], data.draw)


@pytest.mark.parametrize("name", READERS | IMAGES)
def test_a_good_file_is_read(name: str, tmp_path: Path) -> None:
    reader = (READERS | IMAGES)[name]
    reader.read(reader.make(tmp_path))
