"""The settings of a training: what is to be learned, by which network, and in which steps.

There is nothing to type in. Whoever knows nothing of learning rates presses Play, and sees a network learn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from drawapp.drawing.geometry import Box
from drawapp.learning.start import Choices
from drawapp.session.language import gettext as _
from drawapp.session.language import marked
from drawapp.ui.controls.choice import Choice
from drawapp.ui.controls.control import Control
from drawapp.ui.controls.stepped_slider import SteppedSlider
from drawapp.ui.intents import AskForFile, Intent
from drawapp.ui.layout import TARGET, Layout
from drawapp.ui.learn_intents import ChangeTraining
from drawapp.ui.learning.training import TrainingView
from drawapp.ui.painter import Painter
from drawapp.ui.theme import BODY

NETWORKS = {"mlp": "50 \N{MIDDLE DOT} 25", "mlp-wide": "256 \N{MIDDLE DOT} 128", "lenet": "LeNet", "convnet": "convnet"}
RATES = (0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.004, 0.008, 0.016, 0.03, 0.06, 0.1, 0.3, 1.0)
BATCHES = (8, 16, 32, 64, 128, 256, 512)
EPOCHS = (1, 2, 3, 5, 10, 20, 30, 50, 100)
SEEDS = tuple(range(10))
FILE = marked("File\N{HORIZONTAL ELLIPSIS}")
LABEL = 24  # pixels of the words above a choice, in a window of the default size
WIDEST = 620  # pixels of all settings, the same
ROWS = 4


class TrainSettings:
    """The controls for the choices of the next training."""

    def __init__(self) -> None:
        self.choices = Choices()
        self._sources = TrainingView().sources
        self.network = Choice("network", "", self._network_at)
        self.data = Choice("data", _("An .npz file can also be dropped on the window"), self._data_at)
        self.sliders = {
            "learning_rate": self._slider("learning_rate", _("Learning rate"), RATES),
            "batch_size": self._slider("batch_size", _("Batch size"), BATCHES),
            "epochs": self._slider("epochs", _("Epochs"), EPOCHS),
            "seed": self._slider("seed", _("Seed"), SEEDS),
        }
        self.network.words = list(NETWORKS.values())
        self._card = self.network.box
        self._label = LABEL

    @property
    def controls(self) -> Sequence[Control]:
        """In the order of Tab."""
        return (self.network, self.data, *self.sliders.values())

    def arrange(self, layout: Layout, box: Box) -> None:
        """Lay them out in `box`: four rows, the sliders in pairs."""
        self._card, self._label = box, round(layout.pixels(LABEL) * layout.look.type_scale)
        inset = min(layout.inset, layout.pixels(18))
        width = min(box.width - 2 * inset, layout.pixels(WIDEST))
        inner = Box(box.left + (box.width - width) // 2, box.top + inset, width, box.height - 2 * inset)
        target = layout.pixels(TARGET)
        low = self._label + layout.pixels(30)  # the height of a slider with its words
        pitch = min((inner.height - low) // (ROWS - 1), round(1.7 * target + self._label))
        top = inner.top + (inner.height - low - (ROWS - 1) * pitch) // 2
        for number, choice in enumerate((self.network, self.data)):
            row = top + number * pitch + self._label
            choice.box = Box(inner.left, row, inner.width, min(target, pitch - self._label - layout.pixels(8)))
        gap = layout.pixels(36)
        half = (inner.width - gap) // 2
        for number, slider in enumerate(self.sliders.values()):
            row, column = 2 + number // 2, number % 2
            slider.box = Box(inner.left + column * (half + gap), top + row * pitch, half, min(low, pitch - 2))

    def update(self, view: TrainingView) -> None:
        """Show the choices of `view` from here on."""
        self.choices, self._sources = view.choices, view.sources
        self.network.chosen = list(NETWORKS).index(view.choices.network)
        self.data.words = [*(_(source.words) for source in view.sources), _(FILE)]
        names = [source.name for source in view.sources]
        self.data.chosen = names.index(view.choices.source.name) if view.choices.source.name in names else 0
        for name, slider in self.sliders.items():
            slider.show(getattr(view.choices, name))

    def draw(self, painter: Painter) -> None:
        """Draw the card below the controls, and the words above the choices."""
        painter.card(self._card)
        for choice, words in ((self.network, _("Network")), (self.data, _("Data"))):
            at = (choice.box.left, choice.box.top - self._label)
            painter.write(words, BODY, painter.theme.muted, "topleft", at, room=choice.box.width)

    def _slider(self, name: str, words: str, values: Sequence[float]) -> SteppedSlider:
        is_whole = all(isinstance(value, int) for value in values)

        def changed(value: float) -> Intent:
            number: Any = int(value) if is_whole else value
            return ChangeTraining(replace(self.choices, **{name: number}))

        return SteppedSlider(name, words, values, changed)

    def _network_at(self, number: int) -> Intent:
        return ChangeTraining(replace(self.choices, network=list(NETWORKS)[number]))

    def _data_at(self, number: int) -> Intent:
        if number >= len(self._sources):
            return AskForFile("data")
        return ChangeTraining(replace(self.choices, source=self._sources[number]))
