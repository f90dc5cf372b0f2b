"""The strip: a few labels side by side, of which one is chosen, or none.

A label is a single character, and whoever has the keyboard at hand types it.
"""

from __future__ import annotations

from drawapp.ui.controls.choice import STEPS, Choice
from drawapp.ui.intents import Intent
from drawapp.ui.keys import KeyStroke


class Strip(Choice):
    """A choice of labels, each of which can be typed."""

    MARGINS = 0

    def key(self, stroke: KeyStroke) -> Intent | None:
        """The arrows go to the label beside, and from the last one to the first; a label that is typed is chosen."""
        if stroke.key in STEPS and self.words:
            return self.intent_of(((self.chosen or 0) + STEPS[stroke.key]) % len(self.words))
        return self.intent_of(self.words.index(stroke.text)) if stroke.text in self.words else None
