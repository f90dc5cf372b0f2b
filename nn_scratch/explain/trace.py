"""The trace of an image: what every layer made of it, how a score changes with that, and what each pixel adds to it.

Training asks how the loss changes with the parameters; an explanation asks how a score changes with the image, in a
network that is used and not trained: dropout leaves nothing out, and batch normalization keeps its running averages.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from nn_scratch.arrays import Array, Images
from nn_scratch.convolution import Conv2D, MaxPool2D, MeanPool2D
from nn_scratch.layers import Dense, Dropout, Flatten, Identity, Layer, ReLU
from nn_scratch.losses import Loss
from nn_scratch.network import Network
from nn_scratch.normalization import BatchNorm
from nn_scratch.zoo import rare_layers as rare
from nn_scratch.zoo.deslant import Deslant

LINEAR = {  # layers that are linear in use, at least between their bends
    *(Dense, Conv2D, MaxPool2D, MeanPool2D, BatchNorm, ReLU, Identity, Dropout, Flatten, rare.DensePerChannel),
    *(rare.UntiedConv2D, rare.GlobalMeanPool2D, rare.Maxout, rare.LeakyReLU, rare.Reshape, rare.Standardize),
}


@dataclass(frozen=True)
class Trace:
    """What a forward pass of B images made.

    Attributes:
        names: of the layers, in order.
        inputs: (B, *input_shape), what the first layer read.
        activations: the output of each layer, (B, *shape); the last are the logits (B, K).
        loss: that of the network, which says how outputs are read.
    """

    names: tuple[str, ...]
    inputs: Array
    activations: tuple[Array, ...]
    loss: Loss

    @property
    def logits(self) -> Array:
        """(B, K) the outputs as the last layer gives them."""
        return self.activations[-1]

    @property
    def probabilities(self) -> Array:
        """(B, K) what the outputs say, as `Network.predict_proba` does."""
        return self.loss.probabilities(self.logits)

    def input_of(self, layer: int) -> Array:
        """What the layer of that number read."""
        return self.activations[layer - 1] if layer else self.inputs


def trace(network: Network, images: Images | Array) -> Trace:
    """Send `images` (B, H, W) or (B, *input_shape) through `network`, and keep what every layer made of them.

    The layers keep what `gradients` needs until the next forward pass.

    Raises:
        ValueError: the images do not fit the network.
    """
    x = inputs = network.inputs(images)
    activations = []
    for layer in network.layers:
        x = layer.trace(x)
        activations.append(x)
    return Trace(tuple(network.names), inputs, tuple(activations), network.loss)


def gradients(network: Network, dz: Array, hold_slant: bool = False) -> list[Array]:
    """How the score sum_k dz_k z_k of each image last traced changes with its inputs and with every activation.

    Returns d(score)/d(inputs) (B, *input_shape) first, then d(score)/d(activation) for each layer, the last being `dz`.
    What `network.gradients` had is overwritten.

    Args:
        dz: (B, K), such as 1 at one class, or 1 at one and -1 at another.
        hold_slant: take the slant that deslanting measured as given, as if a pixel had no say in it. Deslanting only
            moves ink then, and what is true of the upright image is true, moved back, of the image as it was drawn.
    """
    found = [dz]
    for layer in reversed(network.layers):
        layer.needs_dx = True
        back = layer.moved_back if hold_slant and isinstance(layer, Deslant) else layer.backward
        found.append(back(found[-1]))
    return found[::-1]


def direction(network: Network, labels: Sequence[int], against: Sequence[int] | None = None) -> Array:
    """dz (B, K) for the score of `labels` (B,): its logit, or how far it leads the logit of `against` (B,)."""
    one = np.eye(len(network.classes), dtype=network.parameters.dtype)
    return one[list(labels)] - (0 if against is None else one[list(against)])


def contributions(network: Network, images: Images | Array, label: int, against: int | None = None) -> Array:
    """What each pixel adds to the logit of class `label`, or to its lead over class `against`: (B, *input_shape).

    Between its bends a network of ReLUs is linear: a logit is a sum over pixels of x_i dz/dx_i, plus a rest that comes
    from the biases alone. So gradient times input is not an estimate here but the very terms of that sum (Shrikumar,
    Greenside and Kundaje, "Learning Important Features Through Propagating Activation Differences", 2017). Sigmoids
    and tanh bend everywhere, and for them it is a first-order estimate; `is_exact` tells. A slant that the network
    takes out is held still, so that the terms can be shown on the image as it was drawn.
    """
    traced = trace(network, images)
    dz = direction(network, [label], None if against is None else [against]).repeat(len(traced.inputs), axis=0)
    return traced.inputs * gradients(network, dz, hold_slant=True)[0]


def is_exact(network: Network) -> bool:
    """Whether contributions are the very terms of a sum, and not an estimate."""
    return are_linear([layer for layer in network.layers if type(layer) is not Deslant])  # its slant is held


def are_linear(layers: Sequence[Layer]) -> bool:
    """Whether all `layers` are known to be linear between their bends; of an unknown class, nobody can say."""
    return all(are_linear(each.layers) if type(each) is rare.Residual else type(each) in LINEAR for each in layers)


class Connection(NamedTuple):
    """From unit `source` of what a dense layer reads to its unit `target`, and what it adds to the score."""

    source: int
    target: int
    value: float


def connections(layer: Dense, x: Array, dy: Array, count: int) -> list[Connection]:
    """The `count` connections of `layer` that matter most, for one input x (inputs,), the largest first.

    A connection carries x_i W_ij to its target; `dy` (outputs,) says how the score changes with the target, so
    x_i W_ij dy_j is what it adds to the score: above 0 it speaks for the answer, below 0 against it.
    """
    terms = x[:, None] * layer.W * dy  # (inputs, outputs)
    largest = np.argsort(-np.abs(terms), axis=None, kind="stable")[:count]
    places = zip(*np.unravel_index(largest, terms.shape), strict=True)
    return [Connection(int(i), int(j), float(terms[i, j])) for i, j in places if terms[i, j]]
