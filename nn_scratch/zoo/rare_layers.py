"""Layers that only some networks have; `Layer` says what each of them must do."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from nn_scratch.arrays import Array, Shape
from nn_scratch.convolution import Conv2D, image_shape
from nn_scratch.initializers import Initializer, check_initializer, fill
from nn_scratch.layers import Activation, Layer, measure_each, names_of
from nn_scratch.normalization import features_of


class LeakyReLU(Activation):
    """a = z where z > 0, else `slope` z, so that a unit below 0 can still learn (Maas, Hannun and Ng 2013)."""

    kind = "leaky_relu"
    slope: float = 0.01

    def __post_init__(self) -> None:
        if not 0 < self.slope < 1:
            raise ValueError(f"The slope of a leaky ReLU is between 0 and 1, not {self.slope}.")

    def f(self, x: Array) -> Array:
        return np.maximum(x, self.slope * x)

    def backward(self, dy: Array) -> Array:
        """da/dz is 1 where z > 0, and `slope` elsewhere; a has the sign of z."""
        return np.where(self.a > 0.0, dy, self.slope * dy)


class GELU(Activation):
    """a = z Phi(z), where Phi(z) is the probability that a normal number is below z: ReLU with a soft bend.

    Phi is computed as in the paper, (1 + tanh u) / 2 with u = c (z + 0.044715 z^3) and c = sqrt(2 / pi), which differs
    by less than 0.0005. Source: Hendrycks and Gimpel, "Gaussian Error Linear Units" (2016).
    """

    kind = "gelu"
    c, cubic = math.sqrt(2 / math.pi), 0.044715

    def forward(self, x: Array, training: bool = False) -> Array:
        if training:
            self.x = x  # a alone does not tell, because the function falls and rises
        return self.f(x)

    def f(self, x: Array) -> Array:
        return 0.5 * x * (1.0 + np.tanh(self.c * (x + self.cubic * x**3)))

    def backward(self, dy: Array) -> Array:
        """With t = tanh u, dt/du = 1 - t^2 and du/dz = c (1 + 3 . 0.044715 z^2), the product rule gives

        da/dz = (1 + t) / 2 + z / 2 (1 - t^2) du/dz.
        """
        z = self.x
        t = np.tanh(self.c * (z + self.cubic * z**3))
        return dy * 0.5 * (1.0 + t + z * (1.0 - t * t) * self.c * (1.0 + 3.0 * self.cubic * z * z))


class Maxout(Layer):
    """The largest of each `size` neighbours along the last axis, (..., C) -> (..., C / size): pooling across features.

    After a dense layer or a convolution, it is an activation that is learned: the largest of a few linear functions.
    Source: Goodfellow, Warde-Farley, Mirza, Courville and Bengio, "Maxout Networks" (2013).
    """

    kind = "maxout"
    size: int = 2

    def __post_init__(self) -> None:
        if self.size < 1:
            raise ValueError(f"A maxout layer chooses from at least one number, not {self.size}.")

    def build(self, input_shape: Shape) -> Shape:
        if not input_shape or input_shape[-1] % self.size:
            raise ValueError(f"Features of shape {input_shape} cannot be taken {self.size} at a time.")
        return (*input_shape[:-1], input_shape[-1] // self.size)

    def forward(self, x: Array, training: bool = False) -> Array:
        groups = x.reshape(*x.shape[:-1], -1, self.size)  # (..., C / size, size)
        if training:
            self.largest = groups.argmax(axis=-1)[..., None] == np.arange(self.size)
        return groups.max(axis=-1)

    def backward(self, dy: Array) -> Array:
        """dy/dx is 1 at the largest number of a group, or the first of them, and 0 at the others."""
        dx = dy[..., None] * self.largest  # (..., C / size, size)
        return dx.reshape(*dy.shape[:-1], -1)


class Reshape(Layer):
    """(B, *input_shape) -> (B, *shape): the same numbers in the same order."""

    kind = "reshape"
    shape: Shape

    def __post_init__(self) -> None:
        self.shape = tuple(self.shape)

    def build(self, input_shape: Shape) -> Shape:
        if math.prod(input_shape) != math.prod(self.shape) or min(self.shape, default=1) < 0:
            raise ValueError(f"Numbers of shape {input_shape} cannot be laid out as {self.shape}.")
        return self.shape

    def forward(self, x: Array, training: bool = False) -> Array:
        if training:
            self.x = x
        return x.reshape(len(x), *self.shape)

    def backward(self, dy: Array) -> Array:
        """Each number is copied to one place, and its gradient is copied back."""
        return dy.reshape(self.x.shape)


class Standardize(Layer):
    """y = (x - mean) / deviation, channel by channel of images (B, H, W, C), or number by number of rows (B, n).

    Mean and deviation are state: training measures them on its training set before the first step, and no gradient
    changes them. So they are in the model file, and nobody can forget them or use others. Until then, y = x.
    """

    kind = "standardize"

    def build(self, input_shape: Shape) -> Shape:
        features = features_of(input_shape, self.kind)
        self.state_shapes = {"mean": (features,), "deviation": (features,)}
        self.mean: Array
        self.deviation: Array
        return input_shape

    def initialize(self, rng: np.random.Generator) -> None:
        self.mean[...], self.deviation[...] = 0.0, 1.0

    def measure(self, batches: Callable[[], Iterable[Array]]) -> None:
        """Measure all of `batches()` (B, *input_shape), unless that was done before: Var(x) = E[x^2] - E[x]^2.

        A number that is the same everywhere is only shifted: its deviation counts as 1.
        """
        if self.mean.any() or (self.deviation != 1).any():
            return
        count, sums = 0, np.zeros((2, *self.mean.shape))  # of x and of x^2
        for x in batches():
            rows = x.reshape(-1, *self.mean.shape).astype(np.float64)
            sums += rows.sum(axis=0), (rows * rows).sum(axis=0)
            count += len(rows)
        mean, square = sums / count
        variance = np.maximum(square - mean * mean, 0)
        self.mean[...] = mean
        self.deviation[...] = np.where(variance > 1e-12, np.sqrt(variance), 1.0)

    def forward(self, x: Array, training: bool = False) -> Array:
        return (x - self.mean) / self.deviation

    def backward(self, dy: Array) -> Array:
        """dy/dx = 1 / deviation, because neither number changes with x."""
        return dy / self.deviation


class DensePerChannel(Layer):
    """z_c = x_c W_c + b_c for each channel c: images (B, H, W, C) -> (B, outputs, 1, C), an image of one column.

    A dense layer over all H W C numbers has C times as many weights. Here channels that mean different things, such as
    the maps of different detectors, are summarized apart.
    """

    kind = "dense_per_channel"
    outputs: int
    initializer: Initializer = "he"

    def __post_init__(self) -> None:
        if self.outputs < 1:
            raise ValueError(f"A dense_per_channel layer needs at least one output, not {self.outputs}.")
        check_initializer(self.initializer)

    def build(self, input_shape: Shape) -> Shape:
        height, width, channels = self.input_shape = image_shape(input_shape, self.kind)
        self.parameter_shapes = {"W": (channels, height * width, self.outputs), "b": (channels, self.outputs)}
        return (self.outputs, 1, channels)

    def initialize(self, rng: np.random.Generator) -> None:
        fill(self.W, self.initializer, (self.input_shape[0] * self.input_shape[1], self.outputs), rng)
        self.b[...] = 0.0

    def forward(self, x: Array, training: bool = False) -> Array:
        by_channel = np.ascontiguousarray(x.reshape(len(x), -1, x.shape[3]).transpose(2, 0, 1))  # (C, B, H W)
        if training:
            self.x = by_channel
        z = by_channel @ self.W + self.b[:, None, :]  # (C, B, H W) @ (C, H W, outputs) -> (C, B, outputs)
        return z.transpose(1, 2, 0)[:, :, None, :]  # (B, outputs, 1, C)

    def backward(self, dy: Array) -> Array:
        """That of C dense layers side by side: dL/dW_c = x_c^T dz_c, dL/db_c = sum_n dz_nc and dL/dx_c = dz_c W_c^T."""
        dz = dy[:, :, 0, :].transpose(2, 0, 1)  # (C, B, outputs)
        np.matmul(self.x.transpose(0, 2, 1), dz, out=self.dW)  # (C, H W, B) @ (C, B, outputs)
        np.sum(dz, axis=1, out=self.db)
        if not self.needs_dx:
            return dy
        dx = dz @ self.W.transpose(0, 2, 1)  # (C, B, outputs) @ (C, outputs, H W) -> (C, B, H W)
        return dx.transpose(1, 2, 0).reshape(len(dy), *self.input_shape)


class GlobalMeanPool2D(Layer):
    """The mean of each channel over the whole image, (B, H, W, C) -> (B, C).

    How much of each feature there is, wherever it is. It takes the place of the large dense layer behind the last
    convolution, and suits images of any size. Source: Lin, Chen and Yan, "Network in Network" (2014).
    """

    kind = "global_mean_pool"

    def build(self, input_shape: Shape) -> Shape:
        self.input_shape = image_shape(input_shape, self.kind)
        return (self.input_shape[2],)

    def forward(self, x: Array, training: bool = False) -> Array:
        return x.mean(axis=(1, 2))

    def backward(self, dy: Array) -> Array:
        """Each of the H W pixels of a channel enters y with the factor 1 / (H W)."""
        height, width, _ = self.input_shape
        dx = np.empty((len(dy), *self.input_shape), dy.dtype)
        dx[...] = (dy / (height * width))[:, None, None, :]
        return dx


class UntiedConv2D(Conv2D):
    """A convolution with a bias for each place and channel: b is (H', W', channels)."""

    kind = "untied_conv"

    def bias_shape(self) -> Shape:
        return self.output_shape


class Residual(Layer):
    """y = x + f(x), where f is the sequence of `layers`; its output has the shape of x.

    In a deep network each layer may shrink the gradient on its way back. Through a residual layer it also has a second
    way, the plain sum, on which it arrives whole; and a layer that has nothing to change only has to add nothing. The
    arrays of the layers are those of this one, named after both: conv_1.W.
    Source: He, Zhang, Ren and Sun, "Deep Residual Learning for Image Recognition" (2016).
    """

    kind = "residual"
    layers: Sequence[Layer]

    def __post_init__(self) -> None:
        self.names = names_of(self.layers)
        self.shapes: list[Shape] = []  # of each layer's output
        for layer in self.layers:
            if layer.in_network:
                raise ValueError(f"The layer {layer} already belongs to a network or to another residual layer.")
            layer.in_network = True

    def build(self, input_shape: Shape) -> Shape:
        shape, self.shapes = input_shape, []
        for layer in self.layers:
            shape = layer.build(shape)
            self.shapes.append(shape)
        if shape != input_shape:
            raise ValueError(f"The layers of a residual layer turn shape {input_shape} into {shape}; it must stay.")
        pairs = list(zip(self.names, self.layers, strict=True))
        self.parameter_shapes = {f"{n}.{name}": s for n, each in pairs for name, s in each.parameter_shapes.items()}
        self.state_shapes = {f"{n}.{name}": s for n, each in pairs for name, s in each.state_shapes.items()}
        return shape

    def bind(self, arrays: Mapping[str, Array], gradients: Mapping[str, Array]) -> None:
        for name, layer in zip(self.names, self.layers, strict=True):
            start = f"{name}."
            layer.bind(
                *(
                    {key.removeprefix(start): array for key, array in named.items() if key.startswith(start)}
                    for named in (arrays, gradients)
                )
            )

    def initialize(self, rng: np.random.Generator) -> None:
        for layer in self.layers:
            layer.initialize(rng)

    def measure(self, batches: Callable[[], Iterable[Array]]) -> None:
        measure_each(self.layers, batches)

    def reseed(self, rng: np.random.Generator) -> None:
        for layer in self.layers:
            layer.reseed(rng)

    def forward(self, x: Array, training: bool = False) -> Array:
        f = x
        for layer in self.layers:
            f = layer.forward(f, training)
        return x + f

    def trace(self, x: Array) -> Array:
        f = x
        for layer in self.layers:
            f = layer.trace(f)
        return x + f

    def backward(self, dy: Array) -> Array:
        """x reaches y directly and through f: dL/dx = dL/dy + dL/dy df/dx, the latter by the chain rule."""
        df = dy
        for layer in reversed(self.layers):
            df = layer.backward(df)
        return dy + df

    def described(self) -> dict[str, Any]:
        return {"layers": [{"kind": layer.kind, **layer.described()} for layer in self.layers]}

    def fresh(self) -> Residual:
        return Residual([layer.fresh() for layer in self.layers])
