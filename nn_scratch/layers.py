"""Layers: functions that learn, and the chain rule for each of them.

A layer turns a batch x into y = f(x). On the way back it turns dL/dy, how a loss L changes with its output, into dL/dx,
and writes how L changes with its own parameters. If each layer can do that, any sequence of layers can be trained, and
each can be derived, tested and read without knowing the others.

A layer is a dataclass: its fields are its arguments, so it can be printed, saved and made again. `build` names the
shapes of what it learns; the network that it joins then gives it a view `W` for the shape named "W", and `dW` for the
gradient. A new layer is one class with a `kind`, fields, `build`, `forward` and `backward`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import partial
from typing import Any, ClassVar, dataclass_transform

import numpy as np

from nn_scratch.arrays import Array, Shape
from nn_scratch.initializers import Bias, Initializer, check_initializer, fill

LAYERS: dict[str, type[Layer]] = {}  # by kind: a model file names its layers, and has no code


def later(*, default: Any) -> Any:
    """The default of an argument that model files leave out where it has it, so that older versions can read them."""
    return field(default=default, metadata={"later": True})


@dataclass_transform(eq_default=False, field_specifiers=(later,))
class Layer:
    """A function y = f(x) of a batch that can tell how a loss L changes with x and with its own parameters.

    Attributes:
        kind: the name in model files and summaries; a class that has one can be saved and loaded.
        parameter_shapes, state_shapes: the names and shapes of what is learned, and of what is saved with it but not
            learned, such as running means. `build` sets them; the network then sets an attribute for each.
        needs_dx: whether whoever calls `backward` uses what it returns. The first layer that learns is not asked for
            dL/dx, and may leave out that product, which is a third of a step.
        in_network: whether the layer belongs to a network; it can belong to one only.
    """

    kind: ClassVar[str] = ""
    parameter_shapes: Mapping[str, Shape] = {}
    state_shapes: Mapping[str, Shape] = {}
    needs_dx = True
    in_network = False

    W: Array
    b: Array
    dW: Array  # noqa: N815  # the name that the mathematics has
    db: Array
    x: Array  # of the last training batch: the input,
    a: Array  # or the output, as far as `backward` needs it

    def __init_subclass__(cls) -> None:
        """Make the class a dataclass, and known to model files if it has a kind of its own."""
        if "__init__" in vars(cls):
            raise TypeError(
                f"{cls.__name__} needs no __init__: its arguments are fields, such as `units: int`, which model files "
                "keep; check them in __post_init__."
            )
        dataclass(eq=False, repr=False)(cls)
        if "kind" not in vars(cls):
            return
        if not re.fullmatch("[a-z][a-z0-9_]{0,39}", cls.kind):
            raise ValueError(f"The kind of {cls.__name__} has at most 40 small letters, digits and underscores.")
        known = LAYERS.get(cls.kind, cls)  # the same class may be defined again, as in a notebook
        if (known.__module__, known.__qualname__) != (cls.__module__, cls.__qualname__):
            raise ValueError(f"The kind {cls.kind!r} belongs to {known.__name__}; give {cls.__name__} another.")
        LAYERS[cls.kind] = cls

    def described(self) -> dict[str, Any]:
        """The arguments that make the same layer again, without those that are `later` and have their default."""
        each = [(field, getattr(self, field.name)) for field in fields(self)]  # type: ignore[arg-type]  # a dataclass
        return {field.name: value for field, value in each if not field.metadata or value != field.default}

    def __repr__(self) -> str:
        """The call that makes the same layer again: Dense(outputs=50, initializer='he')."""
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in self.described().items())})"

    def fresh(self) -> Layer:
        """A new layer with the same arguments, which belongs to no network."""
        return type(self)(**self.described())

    def build(self, input_shape: Shape) -> Shape:
        """Learn the shape of one input and return that of one output; raise ValueError if the input does not fit."""
        return input_shape

    def bind(self, arrays: Mapping[str, Array], gradients: Mapping[str, Array]) -> None:
        """Take the views of parameters and state, each by its name: `W`; and those of the gradients: `dW`."""
        vars(self).update(arrays)
        vars(self).update({f"d{name}": gradient for name, gradient in gradients.items()})

    def initialize(self, rng: np.random.Generator) -> None:
        """Fill the parameters and the state with the numbers that training starts from."""

    def measure(self, batches: Callable[[], Iterable[Array]]) -> None:
        """Look at what the layer will read of the training set, before the first step; few layers need to."""

    def reseed(self, rng: np.random.Generator) -> None:
        """Keep the generator for random decisions in training; few layers make any."""

    def forward(self, x: Array, training: bool = False) -> Array:
        """y = f(x) for a batch (B, *input_shape) -> (B, *output_shape); if `training`, keep what `backward` needs."""
        raise NotImplementedError(f"{type(self).__name__} needs a method forward(x, training=False).")

    def trace(self, x: Array) -> Array:
        """The same y as outside of training, but keep what `backward` needs.

        Most layers do the same in training; a layer that does not must say what it does here.
        """
        return self.forward(x, training=True)

    def backward(self, dy: Array) -> Array:
        """From `dy` = dL/dy (B, *output_shape) of the last training batch: write dL/d(parameters), return dL/dx.

        The gradients are overwritten: a parameter belongs to one layer, which runs once per batch.
        """
        raise NotImplementedError(f"{type(self).__name__} needs a method backward(dy).")


def names_of(layers: Sequence[Layer]) -> list[str]:
    """A unique name for each of `layers`: dense_1, relu_1, dense_2."""
    kinds = [layer.kind for layer in layers]
    return [f"{kind}_{kinds[: number + 1].count(kind)}" for number, kind in enumerate(kinds)]


def measure_each(layers: Sequence[Layer], batches: Callable[[], Iterable[Array]]) -> None:
    """Let each of `layers` look at what it will read; the first one reads `batches()`."""
    for layer in layers:
        layer.measure(batches)
        batches = partial(outputs_for, layer, batches)


def outputs_for(layer: Layer, batches: Callable[[], Iterable[Array]]) -> Iterable[Array]:
    """What `layer` makes of each of `batches()`."""
    return map(layer.forward, batches())


class Dense(Layer):
    """z = x W + b: every output is a weighted sum of all inputs. `bias` is the initializer of b, or False for none."""

    kind = "dense"
    outputs: int
    initializer: Initializer = "he"
    bias: Bias = later(default="zeros")

    def __post_init__(self) -> None:
        if self.outputs < 1:
            raise ValueError(f"A dense layer needs at least one output, not {self.outputs}.")
        check_initializer(self.initializer)
        check_initializer(self.bias)

    def build(self, input_shape: Shape) -> Shape:
        if len(input_shape) != 1:
            raise ValueError(f"A dense layer takes rows of numbers, not shape {input_shape}; put a flatten before it.")
        self.inputs = input_shape[0]
        self.parameter_shapes = {"W": (self.inputs, self.outputs), "b": (self.outputs,)}
        if self.bias is False:
            self.parameter_shapes = {"W": (self.inputs, self.outputs)}
        return (self.outputs,)

    def initialize(self, rng: np.random.Generator) -> None:
        fill(self.W, self.initializer, (self.inputs, self.outputs), rng)
        if self.bias is not False:
            fill(self.b, self.bias, (self.inputs, self.outputs), rng)

    def forward(self, x: Array, training: bool = False) -> Array:
        if training:
            self.x = x
        z = x @ self.W  # (B, inputs) @ (inputs, outputs) -> (B, outputs)
        if self.bias is not False:
            z += self.b
        return z

    def backward(self, dy: Array) -> Array:
        """W_ij enters only z_j, with dz_j/dW_ij = x_i, and b_j only z_j, with dz_j/db_j = 1. Over the batch:

            dL/dW_ij = sum_n x_ni dz_nj, which is (x^T dz)_ij, and dL/db_j = sum_n dz_nj.

        x_i reaches the loss through every z_j, with dz_j/dx_i = W_ij:

            dL/dx_i = sum_j dL/dz_j W_ij, which is row i of dz W^T.

        The sum over the batch is computed as a product with ones, which is three times as fast as np.sum.
        """
        np.matmul(self.x.T, dy, out=self.dW)  # (inputs, B) @ (B, outputs) -> (inputs, outputs)
        if self.bias is not False:
            np.matmul(np.ones(len(dy), dy.dtype), dy, out=self.db)  # (B,) @ (B, outputs) -> (outputs,)
        return dy @ self.W.T if self.needs_dx else dy  # (B, outputs) @ (outputs, inputs) -> (B, inputs)


class Activation(Layer):
    """a = f(z), element by element: without it, a stack of linear layers would be no more than one linear layer.

    For most f here, da/dz follows from a itself, so only a is kept.
    """

    def forward(self, x: Array, training: bool = False) -> Array:
        a = self.f(x)
        if training:
            self.a = a
        return a

    def f(self, x: Array) -> Array:
        """The function itself."""
        raise NotImplementedError


class Identity(Activation):
    """a = z: linear units, where an activation is asked for by name."""

    kind = "identity"

    def f(self, x: Array) -> Array:
        return x

    def backward(self, dy: Array) -> Array:
        """da/dz = 1."""
        return dy


class ReLU(Activation):
    """a = max(z, 0), element by element (Nair and Hinton 2010)."""

    kind = "relu"

    def f(self, x: Array) -> Array:
        return np.maximum(x, 0.0)

    def backward(self, dy: Array) -> Array:
        """da/dz is 1 where z > 0 and 0 where z < 0; at the kink, where no derivative exists, we take 0.

        z > 0 exactly where a > 0, so only the output needs to be kept: dL/dz = dL/da [a > 0].
        """
        active = (self.a > 0.0).astype(dy.dtype)  # a product of floats and bools takes up to four times as long
        return np.multiply(dy, active, out=active)


class Sigmoid(Activation):
    """a = 1 / (1 + exp(-z)), from 0 to 1."""

    kind = "sigmoid"

    def f(self, x: Array) -> Array:
        """With tanh, which never overflows: 1 / (1 + exp(-z)) = (1 + tanh(z / 2)) / 2."""
        return 0.5 * np.tanh(0.5 * x) + 0.5

    def backward(self, dy: Array) -> Array:
        """With e = exp(-z), da/dz = e / (1 + e)^2 = 1 / (1 + e) . e / (1 + e) = a (1 - a)."""
        return dy * self.a * (1.0 - self.a)


class Tanh(Activation):
    """a = tanh z, from -1 to 1."""

    kind = "tanh"

    def f(self, x: Array) -> Array:
        return np.tanh(x)

    def backward(self, dy: Array) -> Array:
        """tanh = sinh / cosh, so da/dz = (cosh^2 - sinh^2) / cosh^2 = 1 - a^2."""
        return dy * (1.0 - self.a * self.a)


class Softmax(Activation):
    """a_k = exp z_k / sum_j exp z_j along the last axis: probabilities.

    For the last layer of a network with the quadratic loss. `SoftmaxCrossEntropy` contains a softmax and takes logits.
    """

    kind = "softmax"

    def f(self, x: Array) -> Array:
        a = np.exp(x - x.max(axis=-1, keepdims=True))  # without the largest, nothing overflows
        a /= a.sum(axis=-1, keepdims=True)
        return a

    def backward(self, dy: Array) -> Array:
        """From d log a_k / dz_i = [k = i] - a_i follows da_k / dz_i = a_k ([k = i] - a_i), and

        dL/dz_i = sum_k dL/da_k a_k ([k = i] - a_i) = a_i (dL/da_i - sum_k dL/da_k a_k).
        """
        weighted = dy * self.a
        return weighted - self.a * weighted.sum(axis=-1, keepdims=True)


class Dropout(Layer):
    """y = x m, where m is 0 with probability `rate` and else 1 / (1 - rate); outside of training, y = x.

    So no unit can rely on a single other unit. The factor keeps the mean, E[m] = (1 - rate) / (1 - rate) = 1, so that
    nothing needs to be changed outside of training.
    Source: Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov (2014).
    """

    kind = "dropout"
    rate: float = 0.5

    def __post_init__(self) -> None:
        if not 0 <= self.rate < 1:
            raise ValueError(f"A dropout rate is at least 0 and below 1, not {self.rate}.")
        self.rng = np.random.default_rng(0)  # until `reseed` replaces it

    def reseed(self, rng: np.random.Generator) -> None:
        self.rng = rng

    def forward(self, x: Array, training: bool = False) -> Array:
        if not training:
            return x
        kept = self.rng.random(x.shape, np.float32) >= self.rate
        self.m: Array = kept * x.dtype.type(1 / (1 - self.rate))
        return x * self.m

    def trace(self, x: Array) -> Array:
        """Nothing is left out: y = x, so m = 1."""
        self.m = np.ones_like(x)
        return x

    def backward(self, dy: Array) -> Array:
        """y = x m, where m is random and not learned: dL/dx = dL/dy m."""
        return dy * self.m


class Flatten(Layer):
    """(B, *input_shape) -> (B, n): images as rows for a dense layer."""

    kind = "flatten"

    def build(self, input_shape: Shape) -> Shape:
        return (math.prod(input_shape),)

    def forward(self, x: Array, training: bool = False) -> Array:
        if training:
            self.x = x
        return x.reshape(len(x), -1)

    def backward(self, dy: Array) -> Array:
        """Each number is copied to one place, and its gradient is copied back."""
        return dy.reshape(self.x.shape)
