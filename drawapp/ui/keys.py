"""The keys: what each of them means, in one table.

The same table is what the keyboard is translated by and what the help shows, so the help cannot be wrong. A key with
other modifiers than those named here means nothing: whoever misses `Ctrl+E` must not lose a drawing.
"""

from __future__ import annotations

import string
import sys
import unicodedata
from typing import NamedTuple

import pygame

from drawapp.session.language import gettext, marked
from drawapp.ui import intents
from drawapp.ui.intents import Intent
from drawapp.ui.learn_intents import AskForLabel

ALT_GR = pygame.KMOD_LCTRL | pygame.KMOD_RALT  # as Windows tells it; others have KMOD_MODE
CONTROL = "Cmd" if sys.platform == "darwin" else "Ctrl"
LETTERS, DIGITS = (
    {getattr(pygame, f"KSCAN_{name.upper()}"): ord(name) for name in names}
    for names in (string.ascii_lowercase, string.digits)
)
BRACKETS = {pygame.KSCAN_LEFTBRACKET: pygame.K_LEFTBRACKET, pygame.KSCAN_RIGHTBRACKET: pygame.K_RIGHTBRACKET}


class KeyStroke(NamedTuple):
    """A key that was pressed: its code, what it writes, and which modifiers were down.

    `control` is Ctrl or Cmd, `alt` also AltGr, which Windows tells as Ctrl and the right Alt: it is no Ctrl. `place` is
    the key that an English keyboard has there, where this one writes with other letters; else 0.
    """

    key: int
    text: str = ""
    control: bool = False
    shift: bool = False
    alt: bool = False
    place: int = 0

    @classmethod
    def of(cls, event: pygame.Event) -> KeyStroke:
        """The stroke of a KEYDOWN or KEYUP event."""
        modifiers = event.dict.get("mod", 0)
        is_alt_gr = modifiers & pygame.KMOD_MODE or modifiers & ALT_GR == ALT_GR
        return cls(
            event.key,
            event.dict.get("unicode", ""),
            bool(modifiers & (pygame.KMOD_CTRL | pygame.KMOD_META)) and not is_alt_gr,
            bool(modifiers & pygame.KMOD_SHIFT),
            bool(modifiers & (pygame.KMOD_ALT | pygame.KMOD_MODE)),
            place_of(event.key, event.dict.get("scancode", 0)),
        )

    def by_place(self) -> KeyStroke:
        """The same stroke on an English keyboard."""
        return self._replace(key=self.place, text="")


class Shortcut(NamedTuple):
    """A key of the table: `words` are how the help calls it, `meaning` what it does.

    A shortcut without `meaning` is another way to the one above it, which the help does not show. `text` is what the
    key writes, for signs that keyboards have in different places.
    """

    words: str
    meaning: str
    intent: Intent
    key: int = 0
    control: bool = False
    shift: bool = False
    text: str = ""

    def matches(self, stroke: KeyStroke) -> bool:
        """Whether `stroke` is this key, with these modifiers and no others."""
        if self.text and not self.control:
            return stroke.text == self.text and not stroke.control
        return stroke[:1] == (self.key,) and stroke[2:5] == (self.control, self.shift, False)


SHORTCUTS = (
    Shortcut(f"{CONTROL} Z", marked("undo"), intents.Undo(), pygame.K_z, control=True),
    Shortcut(f"{CONTROL} Y", marked("redo"), intents.Redo(), pygame.K_y, control=True),
    Shortcut("", "", intents.Redo(), pygame.K_z, control=True, shift=True),
    Shortcut("R", marked("clear the sheet"), intents.Clear(), pygame.K_r),
    Shortcut("[  ]", marked("thinner, thicker brush"), intents.ChangeBrush(-1), text="["),
    Shortcut("", "", intents.ChangeBrush(1), text="]"),
    Shortcut("", "", intents.ChangeBrush(-1), pygame.K_LEFTBRACKET),
    Shortcut("", "", intents.ChangeBrush(1), pygame.K_RIGHTBRACKET),
    Shortcut("1  2  3", marked("the places: Draw, Inside, Learn"), intents.ChoosePlace("draw"), pygame.K_1),
    Shortcut("", "", intents.ChoosePlace("inside"), pygame.K_2),
    Shortcut("", "", intents.ChoosePlace("learn"), pygame.K_3),
    Shortcut(
        marked("Enter"), marked("the answer is wrong: it is \N{HORIZONTAL ELLIPSIS}"), AskForLabel(), pygame.K_RETURN
    ),
    Shortcut("", "", AskForLabel(), pygame.K_KP_ENTER),
    Shortcut("W", marked("why: the ink for and against"), intents.AskWhy(), pygame.K_w),
    Shortcut("D  F  N", marked("dream, fool, nearest images"), intents.Try("dream"), pygame.K_d),
    Shortcut("", "", intents.Try("fool"), pygame.K_f),
    Shortcut("", "", intents.Try("alike"), pygame.K_n),
    Shortcut("M", marked("next model (Shift: back)"), intents.NextModel(1), pygame.K_m),
    Shortcut("", "", intents.NextModel(-1), pygame.K_m, shift=True),
    Shortcut("H", marked("all, letters or digits"), intents.ChangeCharset(), pygame.K_h),
    Shortcut(f"{CONTROL} O", marked("open an image"), intents.AskForFile("image"), pygame.K_o, control=True),
    Shortcut(f"{CONTROL} V", marked("paste an image"), intents.Paste(), pygame.K_v, control=True),
    Shortcut(f"{CONTROL} C", marked("copy the answer (Shift: drawing)"), intents.Copy(), pygame.K_c, control=True),
    Shortcut("", "", intents.Copy("drawing"), pygame.K_c, control=True, shift=True),
    Shortcut(f"{CONTROL} S", marked("save an image (Shift: animation)"), intents.Save(), pygame.K_s, control=True),
    Shortcut("", "", intents.Save("film"), pygame.K_s, control=True, shift=True),
    Shortcut("G", marked("cells or fine ink"), intents.Toggle("fine_ink"), pygame.K_g),
    Shortcut("L", marked("read while you draw"), intents.Toggle("live"), pygame.K_l),
    Shortcut("T", marked("dark or light"), intents.ChangeTheme(), pygame.K_t),
    Shortcut(
        f"{CONTROL} +  \N{MINUS SIGN}  0",
        marked("size of type"),
        intents.ChangeTypeSize(1),
        pygame.K_PLUS,
        control=True,
    ),
    Shortcut("", "", intents.ChangeTypeSize(1), pygame.K_PLUS, control=True, shift=True),
    Shortcut("", "", intents.ChangeTypeSize(1), pygame.K_EQUALS, control=True),
    Shortcut("", "", intents.ChangeTypeSize(1), pygame.K_EQUALS, control=True, shift=True),
    Shortcut("", "", intents.ChangeTypeSize(1), pygame.K_KP_PLUS, control=True),
    Shortcut("", "", intents.ChangeTypeSize(-1), pygame.K_MINUS, control=True),
    Shortcut("", "", intents.ChangeTypeSize(-1), pygame.K_KP_MINUS, control=True),
    Shortcut("", "", intents.ChangeTypeSize(0), pygame.K_0, control=True),
    Shortcut("", "", intents.ChangeTypeSize(0), pygame.K_KP0, control=True),
    Shortcut("F11", marked("full screen"), intents.ToggleFullScreen(), pygame.K_F11),
    Shortcut("F12", marked("save the whole window"), intents.Save("window"), pygame.K_F12),
    Shortcut("?  F1", marked("these keys"), intents.ShowHelp(), text="?"),
    Shortcut("", "", intents.ShowHelp(), pygame.K_F1),
    Shortcut("Esc", marked("close what is open"), intents.Escape(), pygame.K_ESCAPE),
    Shortcut(f"{CONTROL} Q", marked("close the window"), intents.Close(), pygame.K_q, control=True),
)
REPEATING = (intents.Undo, intents.Redo, intents.ChangeBrush)  # what goes on while its key is held down
HANDS = (  # what the sheet and the other controls do by themselves
    (marked("Left button"), marked("draw; so does a finger")),
    (marked("Right button"), marked("erase; so do two fingers")),
    (marked("Tab"), marked("next control (Shift: back)")),
    (marked("Arrows"), marked("move the pen (Shift: finer)")),
    (marked("Space"), marked("draw while it is down")),
    (marked("Backspace"), marked("erase while it is down")),
)


def intent_of(stroke: KeyStroke, repeats: bool = False) -> Intent | None:
    """What `stroke` means everywhere in the window, or None where it means nothing.

    A key that is held down `repeats`, but nothing is saved or switched more than once by it.
    """
    ways = (stroke, stroke.by_place())
    found = next((shortcut.intent for way in ways for shortcut in SHORTCUTS if shortcut.matches(way)), None)
    return found if not repeats or isinstance(found, REPEATING) else None


def place_of(key: int, scancode: int) -> int:
    """The key that an English keyboard has in the place `scancode`, or 0 where `key` has a meaning of its own.

    Keyboards for Russian, Greek or Hebrew have no Latin letters at all, and French ones no digits without Shift. What
    has a Latin letter, with an accent or without, is known by it, wherever it is: Z on a German keyboard.
    """
    symbol = chr(key) if 0 < key <= sys.maxunicode else ""
    if scancode in DIGITS:
        return 0 if symbol in string.digits + string.ascii_lowercase else DIGITS[scancode]
    is_other = symbol and unicodedata.category(symbol)[0] in "LM" and "LATIN" not in unicodedata.name(symbol, "")
    return (LETTERS | BRACKETS).get(scancode, 0) if is_other else 0


def help_lines() -> list[tuple[str, str]]:
    """All keys and what they do, for the help, in the language in use."""
    lines = [*HANDS, *((shortcut.words, shortcut.meaning) for shortcut in SHORTCUTS if shortcut.meaning)]
    return [(gettext(words), gettext(meaning)) for words, meaning in lines]
