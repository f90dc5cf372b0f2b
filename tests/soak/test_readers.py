"""Thousands of broken files for every reader: each gives a result or a sentence, and memory stays bounded.

`python -m pytest -m soak` runs them; a few are among the quick tests.
"""

from __future__ import annotations

import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.helpers.readers import IMAGES, READERS, try_one_broken

FILES = 3000  # of each kind
MOST_MEMORY = 2**30  # bytes that reading may add to what the process had at its peak

pytestmark = pytest.mark.soak


def peak_memory() -> int:
    """The most bytes that this process has had in memory; 0 where the system does not tell."""
    if sys.platform == "win32":
        return 0
    import resource

    kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return kilobytes if sys.platform == "darwin" else kilobytes * 1024


@pytest.mark.parametrize("name", READERS | IMAGES)
def test_broken_files_give_a_result_or_a_sentence(name: str) -> None:
    before = peak_memory()

    @settings(max_examples=FILES, derandomize=False)  # other files in every run
    @given(data=st.data())
    def try_many(data: st.DataObject) -> None:
        try_one_broken((READERS | IMAGES)[name], data.draw)

    try_many()
    assert peak_memory() - before < MOST_MEMORY
