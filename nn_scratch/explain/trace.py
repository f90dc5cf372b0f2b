"""The trace of an image: what every layer made of it, and how a score changes with everything on the way.

Training needs dL/d(parameters) and never asks how a score changes with the image. Inspection asks just that, of a
network that is used and not trained: dropout leaves nothing out, and batch normalization keeps its running averages.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nn_scratch.arrays import Array, Images
from nn_scratch.layers import Deslant, Layer
from nn_scratch.losses import softmax
from nn_scratch.network import Network


@dataclass(frozen=True)
class Trace:
    """What a forward pass of B images made.

    Attributes:
        names: of the layers, in order.
        inputs: (B, *input_shape), what the first layer read.
        activations: the output of each layer, (B, *shape); the last are the logits (B, K).
    """

    names: tuple[str, ...]
    inputs: Array
    activations: tuple[Array, ...]

    @property
    def logits(self) -> Array:
        """(B, K) scores before the softmax."""
        return self.activations[-1]

    @property
    def probabilities(self) -> Array:
        """(B, K)."""
        return softmax(self.logits)

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
    return Trace(tuple(network.names), inputs, tuple(activations))


def gradients(network: Network, dz: Array, hold_slant: bool = False) -> list[Array]:
    """How the score sum_k dz_k z_k of each image last traced changes with its inputs and with every activation.

    Returns d(score)/d(inputs) (B, *input_shape) first, then d(score)/d(activation) for each layer, the last being `dz`.

    Args:
        dz: (B, K), such as 1 at one class, or 1 at one and -1 at another.
        hold_slant: take the slant that deslanting measured as given, as if a pixel had no say in it. Deslanting only
            moves ink then, and what is true of the upright image is true, moved back, of the image as it was drawn.
    """
    found = [dz]
    for layer in reversed(network.layers):
        found.append(backward(layer, found[-1], hold_slant))
    return found[::-1]


def backward(layer: Layer, dy: Array, hold_slant: bool) -> Array:
    """dL/dx of one traced layer."""
    if hold_slant and isinstance(layer, Deslant):
        return layer.moved_back(dy)
    return layer.backward(dy)


def direction(network: Network, labels: Sequence[int], against: Sequence[int] | None = None) -> Array:
    """dz (B, K) for the score of `labels` (B,): its logit, or how far it leads the logit of `against` (B,)."""
    dz = np.zeros((len(labels), len(network.classes)), network.parameters.dtype)
    rows = np.arange(len(labels))
    dz[rows, list(labels)] = 1.0
    if against is not None:
        dz[rows, list(against)] -= 1.0
    return dz
