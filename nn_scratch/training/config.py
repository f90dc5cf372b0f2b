"""The training configuration: how to train, in numbers and names.

Somebody who reads a model file, or compares two runs, asks what was different. So all that can be chosen without a
program is in one value that can be checked before any work begins, written down as JSON, and made again.
"""

from __future__ import annotations

import inspect
from dataclasses import asdict, dataclass, fields
from typing import Any

from nn_scratch.checks import COUNT, FRACTION, NOT_NEGATIVE, POSITIVE, Range
from nn_scratch.data.crops import Crops
from nn_scratch.losses import LOSSES
from nn_scratch.optimizers import OPTIMIZERS
from nn_scratch.schedules import SCHEDULES

LIMITS = {  # of the numbers in a `TrainConfig`
    "epochs": Range(1, 10**9, whole=True),
    "batch_size": COUNT,
    "learning_rate": POSITIVE,
    "weight_decay": NOT_NEGATIVE,
    "label_smoothing": FRACTION,
    "clip_norm": POSITIVE,
    "l2": NOT_NEGATIVE,
    "views": COUNT,
    "temperature": Range(0.01, 100),  # beyond these, float32 cannot tell the probabilities apart
    "momentum": FRACTION,
    "epsilon": POSITIVE,
    "crop": Range(0, 1000, whole=True),
}


@dataclass(frozen=True)
class TrainConfig:
    """How to train; the defaults were chosen on validation examples of MNIST.

    Raises:
        ValueError: a number is beyond its `LIMITS`, there is no loss, optimizer or schedule of that name, or two
            choices do not go together.
    """

    epochs: int = 10
    batch_size: int = 128
    optimizer: str = "adam"
    learning_rate: float = 0.008
    weight_decay: float = 0.1  # of all parameters, biases too, as in PyTorch's optimizers
    schedule: str = "one-cycle"
    augment: bool = False
    label_smoothing: float = 0.0
    clip_norm: float | None = None
    l2: float = 0.0  # strength of the penalty |w|^2 / 2 of all parameters, biases too; reported losses leave it out
    views: int | None = None  # of each image that teachers are asked about, once; None: a new one in each epoch
    temperature: float = 2.0  # that softens the teachers' probabilities and the student's
    loss: str = "cross-entropy"
    class_weights: tuple[float, ...] | None = None  # how much an example of each class counts; None: all the same
    momentum: float | None = None  # for sgd and nesterov; None: that of the optimizer, as for the next two
    betas: tuple[float, float] | None = None  # for adam
    epsilon: float | None = None  # for adam
    crop: int = 0  # pixels by which images are moved at random, at most
    flip: bool = False  # whether images are mirrored at random

    def __post_init__(self) -> None:
        for name, limits in LIMITS.items():
            value = getattr(self, name)
            if value is not None or getattr(TrainConfig, name) is not None:  # None only where it is the default
                limits.check(name, value)
        for kind, known in (("optimizer", OPTIMIZERS), ("schedule", SCHEDULES), ("loss", LOSSES)):
            if getattr(self, kind) not in known:
                raise ValueError(f"There is no {kind} {getattr(self, kind)!r}; choose one of {', '.join(known)}.")
        for weight in self.class_weights or ():
            NOT_NEGATIVE.check("class_weights", weight)
        unknown = set(self.optimizer_arguments) - set(inspect.signature(OPTIMIZERS[self.optimizer]).parameters)
        if unknown:
            raise ValueError(f"The optimizer {self.optimizer} has no {' and no '.join(sorted(unknown))}.")
        if self.loss != "cross-entropy" and (self.label_smoothing or self.class_weights):
            raise ValueError(f"Label smoothing and class weights are for the loss cross-entropy, not for {self.loss}.")
        if self.augment and self.variation is not True:
            raise ValueError("Images are either moved as handwriting (augment), or cropped and flipped; choose one.")

    @property
    def optimizer_arguments(self) -> dict[str, Any]:
        """The arguments of the optimizer that were chosen, beside the weight decay."""
        chosen = {"momentum": self.momentum, "betas": self.betas, "epsilon": self.epsilon}
        return {name: value for name, value in chosen.items() if value is not None}

    @property
    def variation(self) -> bool | Crops:
        """How images are varied at random: cropped and flipped; moved as handwriting (True); or not at all (False)."""
        return Crops(self.crop, self.flip) if self.crop or self.flip else self.augment

    def as_metadata(self) -> dict[str, Any]:
        """What a model file tells of it. Choices from `loss` on are told only where they were made."""
        names = [field.name for field in fields(self)]
        optional = names[names.index("loss") :]
        told = asdict(self).items()
        return {name: value for name, value in told if name not in optional or value != getattr(TrainConfig, name)}
