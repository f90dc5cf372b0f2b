"""The help: all keys, and the settings that have no other place, on a card over the window.

The drawing screen stays calm because nothing of this is on it. Everything that a key does here can be done with a mouse
or a finger, too.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from drawapp import __version__
from drawapp.drawing.geometry import Box, Point
from drawapp.licenses import COMPONENTS
from drawapp.session import language
from drawapp.session.language import gettext as _
from drawapp.session.language import marked
from drawapp.session.settings import TYPE_SIZES
from drawapp.ui import intents, keys
from drawapp.ui.controls.button import Button
from drawapp.ui.controls.control import Control, State
from drawapp.ui.intents import Intent
from drawapp.ui.layout import TARGET, Layout
from drawapp.ui.painter import Painter
from drawapp.ui.preferences import colours_of
from drawapp.ui.theme import BODY, STRONG
from drawapp.ui.view import View

WIDTH, LINE = 780, 25  # pixels of a window of the default size
COLUMNS = 2
LANGUAGES = {"en": "English", "es": "Espa\N{LATIN SMALL LETTER N WITH TILDE}ol"}  # as they call themselves
SWITCHES = (
    ("light", marked("Light theme"), intents.ChangeTheme()),
    ("larger", marked("Larger type"), intents.ChangeTypeSize(1)),
    ("left_handed", marked("Left-handed"), intents.Toggle("left_handed")),
    ("live", marked("Read live"), intents.Toggle("live")),
    ("fine_ink", marked("Fine ink"), intents.Toggle("fine_ink")),
    ("full_screen", marked("Full screen"), intents.ToggleFullScreen()),
)


class Help(Control):
    """The card. It covers the whole window, and a press beside it closes it."""

    def __init__(self) -> None:
        super().__init__("help card")
        self.shown = self.takes_keys = False
        self.inset = 0
        self.page: Literal["keys", "about"] = "keys"
        self._about = Button("about", "", _("About"), intents.ShowHelp("about"))
        self._close = Button("close help", "", "close", intents.ShowHelp())
        self._switches = [Button(name, "", _(words), intent, framed=True) for name, words, intent in SWITCHES]
        following = language.following()
        if following != language.current.name:
            name = LANGUAGES.get(following, following)
            self._switches.append(Button("language", "", name, intents.ChangeLanguage(), framed=True))

    @property
    def controls(self) -> list[Control]:
        """What can be used while the card is shown, in the order of Tab; the card itself takes all other presses."""
        return [self, *self._switches, self._about, self._close]

    def contains(self, at: Point) -> bool:
        """Everywhere: nothing below the card can be pressed."""
        return True

    def release(self, at: Point) -> Intent | None:
        """A press beside the card closes it."""
        return intents.ShowHelp(self.page) if self.shown and not self.box.contains(*at) else None

    def arrange(self, layout: Layout) -> None:
        """Put the card in the middle of the window."""
        width, height = layout.window
        inset, target, gap = layout.inset, layout.pixels(TARGET), layout.pixels(8)
        count = len(self._switches)
        per_row = count if width >= layout.pixels(WIDTH) * 1.1 and layout.look.type_scale == 1 else -(-count // 2)
        rows = -(-count // per_row)
        lines = -(-len(keys.help_lines()) // COLUMNS)
        wanted = (
            round(lines * layout.pixels(LINE) * layout.look.type_scale)
            + rows * (target + gap)
            + target
            + 2 * inset
            + gap
        )
        size = (
            min(round(layout.pixels(WIDTH) * layout.look.type_scale), width - 2 * gap),
            min(wanted, height - 2 * gap),
        )
        self.box = Box((width - size[0]) // 2, (height - size[1]) // 2, *size)
        self.inset = inset
        inner = self.box.shrunk(inset)
        self._close.box = Box(self.box.right - target - gap // 2, self.box.top + gap // 2, target, target)
        wide = layout.pixels(2 * TARGET)
        self._about.box = Box(self._close.box.left - wide - gap, self._close.box.top, wide, target)
        top = inner.bottom - rows * target - (rows - 1) * gap
        step = (inner.width + gap) / per_row
        for number, switch in enumerate(self._switches):
            left, right = (inner.left + round(step * (number % per_row + end)) for end in (0, 1))
            switch.box = Box(left, top + number // per_row * (target + gap), right - left - gap, target)

    def toggle(self, page: Literal["keys", "about"]) -> None:
        """Show a page, or hide the card where it is shown already."""
        self.shown = page != self.page or not self.shown
        self.page = page if self.shown else "keys"

    def update(self, view: View) -> None:
        """Show this view."""
        is_about = self.page == "about"
        self._about.is_on, self._close.intent = is_about, intents.ShowHelp(self.page)
        self._about.intent = intents.ShowHelp("keys" if is_about else "about")
        chosen = view.preferences
        states = {
            "light": not colours_of(chosen).is_dark,
            "larger": chosen.type_size > TYPE_SIZES[0],
            "left_handed": chosen.left_handed,
            "live": chosen.live,
            "fine_ink": chosen.fine_ink,
            "full_screen": view.is_full_screen,
        }
        for switch in self._switches:
            switch.is_on = states.get(switch.name, False)
            if switch.name == "larger":  # after the largest size comes the usual one
                switch.intent = intents.ChangeTypeSize(0 if chosen.type_size == TYPE_SIZES[-1] else 1)

    def draw(self, painter: Painter, state: State) -> None:
        """Draw the card with one of its pages."""
        theme, inner = painter.theme, self.box.shrunk(self.inset)
        painter.veil()
        painter.card(self.box, theme.panel, theme.edge)
        title = f"{_('Draw a digit')} {__version__}" if self.page == "about" else _("Keys")
        painter.write(title, STRONG, theme.text, "topleft", (inner.left, inner.top), bold=True)
        top, bottom = self._close.box.bottom, self._switches[0].box.top - painter.pixels(8)
        page = Box(inner.left, top, inner.width, bottom - top)
        if self.page == "about":
            draw_about(painter, page)
        else:
            draw_rows(painter, page, keys.help_lines())


def draw_rows(painter: Painter, box: Box, lines: Sequence[tuple[str, str]]) -> None:
    """Draw pairs of words in two columns, as large as they fit: the first of a pair in bold."""
    theme = painter.theme
    per_column = -(-len(lines) // COLUMNS)
    pitch = box.height / per_column
    size = min(BODY, BODY * pitch / painter.line_height(BODY) * 1.1)
    gap = painter.pixels(16)
    column_width = (box.width - gap) // COLUMNS
    for column in range(COLUMNS):
        rows = lines[column * per_column : (column + 1) * per_column]
        left = box.left + column * (column_width + gap)
        names = min(max(painter.width(words, size, True) for words, _ in rows), round(column_width * 0.45))
        for number, (words, meaning) in enumerate(rows):
            y = box.top + (number + 0.5) * pitch
            painter.write(words, size, theme.text, "midleft", (left, y), bold=True, room=names)
            meaning_left = left + names + painter.pixels(12)
            room = left + column_width - meaning_left
            painter.write(meaning, size, theme.muted, "midleft", (meaning_left, y), room=room)


def draw_about(painter: Painter, box: Box) -> None:
    """Draw what the program is, and what it contains under which license."""
    theme, line = painter.theme, painter.line_height(BODY)
    words = [
        _("A network in NumPy reads what you draw. Nothing leaves this computer."),
        _("It contains the following works. drawapp --licenses prints the terms of all of them."),
    ]
    for number, sentence in enumerate(words):
        at = (box.left, box.top + number * line)
        painter.write(sentence, BODY, theme.text, "topleft", at, room=box.width)
    rest = box.without_top(len(words) * line + painter.pixels(8))
    rows = [(component.name, component.license) for component in COMPONENTS]
    height = min(rest.height, -(-len(rows) // COLUMNS) * line)
    draw_rows(painter, Box(rest.left, rest.top, rest.width, height), rows)
