"""A message of any length is folded into few lines, and measured no more than it needs."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from drawapp.ui.controls.message import LINES, fitting, folded

ROOM = 30  # characters of a line


def within(room: int) -> Callable[[str], bool]:
    return lambda words: len(words) <= room


@given(sentence=st.text("ab ", max_size=200))
def test_what_is_too_long_is_cut_in_the_last_line(sentence: str) -> None:
    lines = folded(sentence, within(ROOM))
    assert len(lines) <= LINES
    assert all(len(line) <= ROOM for line in lines)
    if len(sentence) <= ROOM:
        assert lines == ([sentence] if sentence else [])


@given(text=st.text("ab ", min_size=2, max_size=200), room=st.integers(0, 199))
def test_as_much_is_taken_as_fits(text: str, room: int) -> None:
    fits = within(min(room, len(text) - 1))
    assert fitting(text, fits) == max((end for end in range(1, len(text)) if fits(text[:end])), default=1)


def test_a_word_without_an_end_is_cut() -> None:
    lines = folded("x" * 100_000, within(ROOM))
    assert lines[0] == "x" * ROOM
    assert lines[-1] == "x" * (ROOM - 1) + "\N{HORIZONTAL ELLIPSIS}"


def test_the_work_grows_no_faster_than_the_sentence() -> None:
    measured = 0

    def fits(words: str) -> bool:
        nonlocal measured
        measured += len(words)
        return len(words) <= ROOM

    for count in (1_000, 100_000):
        measured = 0
        folded("word " * count, fits)
        assert measured < LINES * (len("word ") * count + 20 * ROOM)
