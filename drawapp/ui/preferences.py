"""The preferences: which settings change when the user asks for another look or another way to behave.

The settings themselves are values that outlast the window. What a key or a switch means for them is decided here.
"""

from __future__ import annotations

from typing import Any

from drawapp.session.settings import TYPE_SIZES, Preferences
from drawapp.ui.intents import ChangeTheme, ChangeTypeSize, SettingIntent, Toggle
from drawapp.ui.theme import DARK, LIGHT, THEMES, Theme


def colours_of(preferences: Preferences) -> Theme:
    """The theme that is meant; the dark one where the name is unknown."""
    return THEMES.get(preferences.theme, DARK)


def changes(preferences: Preferences, intent: SettingIntent) -> dict[str, Any]:
    """The settings that `intent` changes, by their names, with their new values."""
    match intent:
        case Toggle(name):
            return {name: not getattr(preferences, name)}
        case ChangeTheme():
            return {"theme": (LIGHT if colours_of(preferences) is DARK else DARK).name}
        case ChangeTypeSize(steps):
            return {"type_size": next_size(preferences.type_size, steps)}


def next_size(size: int, steps: int) -> int:
    """The size of type, in percent, that lies `steps` further; 0 steps give the usual size."""
    if steps == 0:
        return TYPE_SIZES[0]
    number = min(range(len(TYPE_SIZES)), key=lambda n: abs(TYPE_SIZES[n] - size)) + steps
    return TYPE_SIZES[min(max(number, 0), len(TYPE_SIZES) - 1)]
