"""Text from outside is escaped and cut before it is shown."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from nn_scratch.errors import LONGEST_TEXT, UserError, escaped, shown


@given(text=st.text(st.characters(exclude_categories=()), max_size=300))
def test_anything_is_shown_on_one_short_line(text: str) -> None:
    words = shown(text)
    assert words.isprintable()
    assert len(words) <= LONGEST_TEXT
    words.encode()
    assert str(UserError(f"The file {text} is damaged.")).isprintable()


def test_what_is_short_and_printable_stays_as_it_is() -> None:
    for text in ("", "dense", "a path/with a name.npy", "Größe", "\N{CJK UNIFIED IDEOGRAPH-6570}" * LONGEST_TEXT):
        assert shown(text) == text
        assert escaped(text) == text


def test_what_would_act_on_a_terminal_is_written_out() -> None:
    assert escaped("a\x1b[2Jb\r\n\u202ec\udcff") == r"a\x1b[2Jb\r\n\u202ec\udcff"


def test_both_ends_of_a_long_text_are_shown() -> None:
    assert shown("a" * 50_000 + "b" * 50_000) == "a" * 39 + "…" + "b" * 40
    assert shown("abcdefgh", 5) == "ab…gh"
