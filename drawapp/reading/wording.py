"""Wording: what people are told of a reading, in words.

The window and `--image` say the same of a drawing: "maybe 6 or 4", "a dot". Every such sentence stands here once, and
is translated here.
"""

from __future__ import annotations

from collections.abc import Sequence

from drawapp.reading.shapes import Kind, Shape
from drawapp.session.language import gettext as _
from drawapp.session.language import ngettext


def either(labels: Sequence[str]) -> str:
    """One of `labels`, such as "6 or 4", or "l, I or 1"."""
    *others, last = map(on_one_line, labels)
    return _("{others} or {last}").format(others=", ".join(others), last=last) if others else last


def maybe(labels: Sequence[str]) -> str:
    """An answer that is not sure, such as "maybe 6 or 4"."""
    return _("maybe {labels}").format(labels=either(labels))


def on_one_line(label: str) -> str:
    """`label`, its lines side by side: "73 / 56"."""
    return " / ".join(label.splitlines())


def of_shape(shape: Shape) -> str:
    """What is known by its geometry: "a dot", "two lines"."""
    if shape.kind is Kind.DOT:
        return ngettext("a dot", "dots", shape.count)
    if shape.kind is Kind.UPRIGHT_BAR:
        return _("an upright line")
    return _("two lines") if shape.count == 2 else ngettext("a line", "lines", shape.count)


def not_recognized(are_digits: bool, several: bool) -> str:
    """What the network does not know, where it knows only digits or other characters, too."""
    if several:
        return _("not every digit is one I recognize") if are_digits else _("not every character is one I recognize")
    return _("not a digit I recognize") if are_digits else _("not a character I recognize")


def leave_space() -> str:
    """What to do where characters touch."""
    return _("leave a little space")


def try_letters() -> str:
    """What to offer where a model for letters reads better."""
    return _("Try letters")


def alone(label: str) -> str:
    """That a character of a word would be read as `label` without the others."""
    return _("alone, it would be {label}").format(label=label)


def percent(probability: float) -> str:
    """A probability for people, rounded down and never 100 %: no network is certain."""
    return f"{min(int(probability * 1000) / 10, 99.9):.1f} %"


def left_out(count: int) -> str:
    """That `count` lines of writing on a photograph are not read."""
    return ngettext("{count} other line is left out", "{count} other lines are left out", count).format(count=count)
