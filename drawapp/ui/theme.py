"""The theme: the colours of every screen, dark or light, and the sizes of the type.

Colours are named by what they mean, so that the same meaning looks the same everywhere. Blue is the answer and orange
says unsure: a pair that colour-blind people can tell apart, and no colour is the only sign of anything. The contrasts
are those of WCAG 2: 4.5 to 1 for text, 3 to 1 for what has to be recognized, and a test computes all of them.
"""

from __future__ import annotations

from dataclasses import dataclass

Colour = tuple[int, int, int]

# Sizes of type, in pixels of a window of the default size.
SMALLEST, CAPTION, BODY, STRONG, TITLE, ANSWER_SIZE = 14, 16, 16, 18, 30, 128


@dataclass(frozen=True)
class Theme:
    """The colours by their meaning."""

    name: str
    background: Colour  # of the window
    panel: Colour  # of a card
    paper: Colour  # of the sheet
    lit: Colour  # below what is chosen, or under the mouse
    card_edge: Colour
    edge: Colour  # of a control
    focus: Colour  # the ring around the control that has the keyboard
    grid_line: Colour
    centre_mark: Colour
    track: Colour  # the way that a bar or a knob can go
    ink: Colour
    text: Colour
    muted: Colour  # text that is less important
    off: Colour  # a control that cannot be used now
    answer: Colour
    unsure: Colour
    other: Colour  # bars that are not the answer

    @property
    def is_dark(self) -> bool:
        """Whether ink is lighter than paper."""
        return sum(self.ink) > sum(self.paper)


DARK = Theme(
    name="dark",
    background=(15, 19, 28),
    panel=(23, 29, 41),
    paper=(10, 13, 20),
    lit=(38, 47, 65),
    card_edge=(52, 62, 82),
    edge=(112, 124, 148),
    focus=(255, 224, 130),
    grid_line=(41, 49, 65),
    centre_mark=(96, 110, 138),
    track=(48, 58, 78),
    ink=(250, 244, 230),
    text=(232, 236, 243),
    muted=(163, 173, 191),
    off=(74, 85, 106),
    answer=(92, 170, 255),
    unsure=(255, 166, 77),
    other=(134, 150, 180),
)
LIGHT = Theme(
    name="light",
    background=(233, 236, 242),
    panel=(252, 252, 254),
    paper=(255, 255, 255),
    lit=(222, 228, 238),
    card_edge=(196, 203, 214),
    edge=(118, 128, 146),
    focus=(122, 44, 160),
    grid_line=(207, 211, 218),
    centre_mark=(128, 138, 156),
    track=(208, 214, 224),
    ink=(24, 28, 42),
    text=(24, 30, 44),
    muted=(84, 93, 110),
    off=(170, 178, 192),
    answer=(0, 88, 190),
    unsure=(150, 72, 0),
    other=(98, 110, 133),
)
THEMES = {theme.name: theme for theme in (DARK, LIGHT)}
