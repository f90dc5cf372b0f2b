"""What a layer is: a function with parameters, and the chain rule for it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar

import numpy as np

from nn_scratch.arrays import Array, Shape


class Layer(ABC):
    """A function y = f(x) of a batch, that can tell how a loss L changes with x and with its own parameters.

    A layer is dumb on purpose: it knows nothing of losses, optimizers or its neighbours. Its parameters and their
    gradients are views into two vectors that the network owns; `bind` hands them over once, and `backward_parameters`
    writes its gradients there, over the ones of the last batch: each parameter belongs to one layer that runs once a
    batch, so there is nothing to add up.
    """

    kind: ClassVar[str]  # the name in model files and summaries

    @abstractmethod
    def build(self, input_shape: Shape) -> Shape:
        """Learn the shape of one input, return that of one output; raise ValueError where they do not fit."""

    def parameter_shapes(self) -> dict[str, Shape]:
        """Names and shapes of the parameters, known after `build`; none for most layers."""
        return {}

    def bind(self, parameters: dict[str, Array], gradients: dict[str, Array]) -> None:  # noqa: B027
        """Take the views of the parameters and of their gradients, named and shaped as `parameter_shapes` says."""

    def initialize(self, rng: np.random.Generator) -> None:  # noqa: B027
        """Fill the parameters with the numbers that training starts from."""

    def state_shapes(self) -> dict[str, Shape]:
        """Names and shapes of what is saved with the parameters but not trained, such as running means."""
        return {}

    def bind_state(self, state: dict[str, Array]) -> None:  # noqa: B027
        """Take the views of that state, named and shaped as `state_shapes` says; fill them before training starts."""

    def reseed(self, rng: np.random.Generator) -> None:  # noqa: B027
        """Keep the generator that random decisions during training come from; few layers make any."""

    @abstractmethod
    def forward(self, x: Array, training: bool = False) -> Array:
        """y = f(x) for a batch (B, *input_shape) -> (B, *output_shape); keeps what `backward` needs if `training`."""

    @abstractmethod
    def backward(self, dy: Array) -> Array:
        """dL/dx from `dy` = dL/dy of the last training batch: (B, *output_shape) -> (B, *input_shape)."""

    def backward_parameters(self, dy: Array) -> None:  # noqa: B027
        """Write dL/d(parameters) from `dy` = dL/dy of the last training batch into the bound gradients."""

    def spec(self) -> dict[str, Any]:
        """The arguments that make this layer anew, as JSON values."""
        return {}
