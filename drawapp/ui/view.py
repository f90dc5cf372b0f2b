"""The view: all that a screen shows, as values.

The app knows what is drawn, what was read and what the user has chosen. It hands them over in one piece, so that a
screen needs no app and a screenshot needs no window.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from drawapp.drawing.canvas import Canvas
from drawapp.reading.charset import Charset, knows_only_digits
from drawapp.reading.experiments import Experiment
from drawapp.reading.explanation import Explanation
from drawapp.reading.prediction import SURE, Character, Prediction
from drawapp.session.language import gettext as _
from drawapp.session.language import marked
from drawapp.session.settings import Preferences
from drawapp.ui.inside_state import InsideState
from drawapp.ui.learning.learning import LearnView
from drawapp.ui.pen import Brush

TITLES = {  # of the window
    "digit": marked("Draw a digit"),
    "letter": marked("Draw a letter"),
    "character": marked("Draw a character"),
}


@dataclass(frozen=True)
class View:
    """What is shown.

    `classes` are the network's; `models` the names in the list, `chosen` the number of the one that reads. `charset` is
    None where there is no choice. `selected` is the character whose bars the user wants to see. `message` is a sentence
    that the user should read. `places` are the names of the places of the window, of which `place` is shown.
    `explanation` is what the network makes of the character whose bars are shown, None where that is not asked for or
    cannot be shown, `inside` is what of it the user looks at, `experiment` what is being tried, and `learn` what
    goes on in the place Learn.
    """

    canvas: Canvas
    classes: tuple[str, ...]
    prediction: Prediction | None = None
    models: tuple[str, ...] = ("Digits",)
    chosen: int = 0
    charset: Charset | None = None
    selected: int | None = None
    brush: Brush = field(default_factory=Brush)
    preferences: Preferences = field(default_factory=Preferences)
    is_full_screen: bool = False
    message: str = ""
    places: tuple[str, ...] = ("draw", "inside", "learn")
    place: str = "draw"
    explanation: Explanation | None = None
    inside: InsideState = field(default_factory=InsideState)
    experiment: Experiment | None = None
    learn: LearnView = field(default_factory=LearnView)

    @property
    def noun(self) -> str:
        """What there is to draw: a digit, a letter, or any character."""
        if knows_only_digits(self.classes) or self.charset is Charset.DIGITS:
            return "digit"
        return "letter" if self.charset is Charset.LETTERS else "character"

    @property
    def title(self) -> str:
        """The title of the window."""
        return _(TITLES[self.noun])

    @property
    def characters(self) -> tuple[Character, ...]:
        """The characters that were read, none without a prediction."""
        return self.prediction.characters if self.prediction else ()

    @property
    def number(self) -> int | None:
        """The number of the character whose bars are shown: the selected one, or the least sure."""
        return self.prediction.number_shown(self.selected) if self.prediction else None

    @property
    def character(self) -> Character | None:
        """The character whose bars are shown."""
        return None if self.number is None else self.characters[self.number]

    @property
    def against(self) -> int | None:
        """The number of the class that the user asks about: why is the answer not this one?"""
        asked = self.inside.against
        return None if self.explanation is None or asked == self.explanation.label else asked

    @property
    def is_sure(self) -> bool:
        """Whether the whole answer is one: all of it is accepted, and together it is at least as probable as not."""
        found = self.prediction
        return found is not None and found.is_sure and found.probability >= SURE

    @property
    def offer(self) -> int | None:
        """The number of another model that reads this drawing much better, if there is one."""
        name = self.prediction.offer if self.prediction else None
        return self.models.index(name) if name in self.models else None
