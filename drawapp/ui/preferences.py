"""The preferences: how the user wants the window to look and to behave.

They are values without behaviour, so that they can be kept from one start to the next and handed to whatever draws.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from drawapp.ui.intents import ChangeTheme, ChangeTypeSize, SettingIntent, Toggle
from drawapp.ui.theme import DARK, LIGHT, THEMES, Theme

TYPE_SCALES = (1.0, 1.25, 1.5)  # the largest is for a projector


@dataclass(frozen=True)
class Preferences:
    """What the user has chosen.

    `theme` is the name of a theme, `type_scale` one of `TYPE_SCALES`. `live`: the drawing is read while the pen moves.
    `fine_ink`: the sheet shows the fine ink in place of the cells.
    """

    theme: str = DARK.name
    type_scale: float = 1.0
    left_handed: bool = False
    live: bool = False
    fine_ink: bool = False
    full_screen: bool = False

    @property
    def colours(self) -> Theme:
        """The theme that is meant; the dark one where the name is unknown."""
        return THEMES.get(self.theme, DARK)

    def after(self, intent: SettingIntent) -> Preferences:
        """The preferences once `intent` is done."""
        match intent:
            case Toggle("live"):
                return replace(self, live=not self.live)
            case Toggle("fine_ink"):
                return replace(self, fine_ink=not self.fine_ink)
            case Toggle("left_handed"):
                return replace(self, left_handed=not self.left_handed)
            case Toggle("full_screen"):
                return replace(self, full_screen=not self.full_screen)
            case ChangeTheme():
                return replace(self, theme=(LIGHT if self.colours is DARK else DARK).name)
            case ChangeTypeSize(steps):
                return replace(self, type_scale=next_scale(self.type_scale, steps))
        return self


def next_scale(scale: float, steps: int) -> float:
    """The size of type that lies `steps` further; 0 steps give the usual size."""
    if steps == 0:
        return TYPE_SCALES[0]
    number = min(range(len(TYPE_SCALES)), key=lambda n: abs(TYPE_SCALES[n] - scale)) + steps
    return TYPE_SCALES[min(max(number, 0), len(TYPE_SCALES) - 1)]
