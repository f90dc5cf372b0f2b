"""What a layer is: a function with parameters, and the chain rule for it.

If each layer can turn the gradient of its output into the gradients of its input and of its parameters, then any
sequence of layers can be trained, and each layer can be derived, tested and read without knowing the others.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from nn_scratch.arrays import Array, Shape


class Layer(ABC):
    """A function y = f(x) of a batch that can tell how a loss L changes with x and with its own parameters.

    A layer is simple on purpose: it knows nothing of losses, optimizers or other layers. Its parameters and their
    gradients are views into two vectors that the network owns. `bind` hands them over, and `backward_parameters`
    overwrites the gradients of the last batch: each parameter belongs to one layer, which runs once per batch, so there
    is nothing to add up. A layer can have the views of one network only, so it cannot belong to two.
    """

    kind: ClassVar[str]  # the name in model files and summaries
    optional: ClassVar[Mapping[str, Any]] = {}  # arguments that are left out of model files where they are these
    in_network = False  # set by the network that the layer belongs to

    def __repr__(self) -> str:
        """The call that makes the same layer again: Dense(outputs=50, initializer='he')."""
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in self.described().items())})"

    @abstractmethod
    def build(self, input_shape: Shape) -> Shape:
        """Learn the shape of one input and return that of one output; raise ValueError if the input does not fit."""

    def parameter_shapes(self) -> dict[str, Shape]:
        """Names and shapes of the parameters, known after `build`; most layers have none."""
        return {}

    def bind(self, parameters: dict[str, Array], gradients: dict[str, Array]) -> None:  # noqa: B027
        """Take the views of the parameters and of their gradients, named and shaped as `parameter_shapes` says."""

    def initialize(self, rng: np.random.Generator) -> None:  # noqa: B027
        """Fill the parameters and the state with the numbers that training starts from."""

    def state_shapes(self) -> dict[str, Shape]:
        """Names and shapes of what is saved with the parameters but not trained, such as running means."""
        return {}

    def bind_state(self, state: dict[str, Array]) -> None:  # noqa: B027
        """Take the views of the state, named and shaped as `state_shapes` says."""

    def reseed(self, rng: np.random.Generator) -> None:  # noqa: B027
        """Keep the generator for random decisions in training; few layers make any."""

    @abstractmethod
    def forward(self, x: Array, training: bool = False) -> Array:
        """y = f(x) for a batch (B, *input_shape) -> (B, *output_shape); if `training`, keep what `backward` needs."""

    def trace(self, x: Array) -> Array:
        """The same y as outside training, but keep what `backward` needs to ask how y changes with x.

        Most layers do the same in training; a layer that does not must say what it does here.
        """
        return self.forward(x, training=True)

    @abstractmethod
    def backward(self, dy: Array) -> Array:
        """dL/dx from `dy` = dL/dy of the last training batch: (B, *output_shape) -> (B, *input_shape)."""

    def backward_parameters(self, dy: Array) -> None:  # noqa: B027
        """Write dL/d(parameters) from `dy` = dL/dy of the last training batch into the bound gradients."""

    def spec(self) -> dict[str, Any]:
        """The arguments that make the same layer again, as JSON values."""
        return {}

    def described(self) -> dict[str, Any]:
        """The arguments as a model file has them: without those that are as `optional` says.

        So a file that needs nothing newer can be read by older versions, too.
        """
        return {
            name: value
            for name, value in self.spec().items()
            if name not in self.optional or value != self.optional[name]
        }

    def fresh(self) -> Layer:
        """A new layer with the same arguments, which belongs to no network."""
        return type(self)(**self.spec())


def names_of(layers: Sequence[Layer]) -> list[str]:
    """A unique name for each of `layers`: dense_1, relu_1, dense_2."""
    seen = Counter[str]()
    names = []
    for layer in layers:
        seen[layer.kind] += 1
        names.append(f"{layer.kind}_{seen[layer.kind]}")
    return names
