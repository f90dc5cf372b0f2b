"""The reader: which model reads the drawing, when, and which answers it may give.

The window shows what was read and need not know how that came about: it asks once per turn of its loop.
"""

from __future__ import annotations

from collections.abc import Callable

from drawapp.drawing.canvas import Canvas
from drawapp.reading.cadence import Cadence
from drawapp.reading.catalog import Catalog
from drawapp.reading.charset import Charset, offers_charsets
from drawapp.reading.explanation import Explanation, think
from drawapp.reading.prediction import Character, Prediction

LIVE = 1 / 20  # seconds between readings while the pen moves, where the user wants to read live


class Reader:
    """Reads `canvas` with the chosen one of `models`, once per `interval`. `clock` gives seconds.

    `prediction` is what was read last, None where there is no ink. `selected` is the character that the user looks at.
    """

    def __init__(self, models: Catalog, canvas: Canvas, interval: float, clock: Callable[[], float]) -> None:
        self.models = models
        self.prediction: Prediction | None = None
        self.selected: int | None = None
        self._canvas = canvas
        self._clock = clock
        self._cadence = Cadence(interval)
        self._charset = Charset.ALL
        self._read_at = clock()
        self._read_revision = canvas.revision
        self._explanation: tuple[object, Character | None, Explanation | None] | None = None
        self._thinks_later = False

    @property
    def classes(self) -> tuple[str, ...]:
        """The classes of the model that reads."""
        return self.models.recognizer.classes

    @property
    def character(self) -> Character | None:
        """The character that the user looks at: the selected one, or the one that the network is least sure of."""
        number = self.prediction.number_shown(self.selected) if self.prediction else None
        return self.prediction.characters[number] if self.prediction and number is not None else None

    @property
    def charset(self) -> Charset | None:
        """Which answers are allowed; None where the model leaves no choice."""
        return self._charset if offers_charsets(self.classes) else None

    def explanation_of(self, character: Character | None) -> Explanation | None:
        """What the network makes of a character it has read, or of nothing; None where it cannot be shown.

        While the pen moves, that is found out one turn after the reading: both in one turn would be seen in the stroke.
        """
        network, kept = self.models.recognizer.network, self._explanation
        if kept is not None and kept[0] is network and self._thinks_later:
            return kept[2]
        if kept is None or kept[0] is not network or kept[1] is not character:
            kept = self._explanation = (network, character, think(network, character))
        return kept[2]

    def ask(self) -> None:
        """Read at the next turn."""
        self._cadence.ask(self._clock())

    def read_if_due(self, is_live: bool) -> bool:
        """Read the drawing if that is due; where `is_live`, also soon after it has changed.

        Returns whether the prediction has changed, or what the network makes of it is still to be found out.
        """
        now, has_ink, before = self._clock(), not self._canvas.is_empty, self.prediction
        was_later, self._thinks_later = self._thinks_later, False
        if is_live and self._canvas.revision != self._read_revision and now - self._read_at >= LIVE:
            self._cadence.ask(now)
        if self._cadence.is_due(now, has_ink):
            self.prediction = self.models.read(self._canvas, self._charset)
            self._read_at, self._read_revision = now, self._canvas.revision
            self._thinks_later = self._canvas.is_drawing
        elif not has_ink:
            self.prediction = None
        if self.prediction == before:
            return was_later
        if before is None or self.prediction is None or len(before.characters) != len(self.prediction.characters):
            self.selected = None
        return True

    def allow(self, charset: Charset | None) -> None:
        """Allow only the answers in `charset`, or in the next one where it is None, if the model leaves a choice."""
        if offers_charsets(self.classes):
            self._charset = charset or self._charset.next()
            self.start_over()

    def start_over(self) -> None:
        """Read the same drawing again at the next turn: the allowed characters have changed."""
        self.prediction = self.selected = None
        self.ask()
