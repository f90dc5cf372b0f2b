"""Every kind of layer as PyTorch has it: the referee of the tests that check all of them."""

from __future__ import annotations

from typing import Any

import pytest

from nn_scratch.layers import (
    BatchNorm,
    Conv2D,
    DensePerChannel,
    Deslant,
    Dropout,
    Layer,
    LayerNorm,
    Maxout,
    MaxPool2D,
    MeanPool2D,
    Residual,
    Standardize,
)


def channels_first(x: Any) -> Any:
    return x.movedim(-1, 1)


def channels_last(y: Any) -> Any:
    return y.movedim(1, -1)


def deslanted_by_pytorch(torch: Any, x: Any) -> Any:
    """Each pixel of the result is a weighted sum of its row; the weights are a triangle around its source."""
    rows, columns = (torch.arange(side, dtype=x.dtype) for side in x.shape[1:3])
    ink = x.sum(3)
    mass = ink.sum((1, 2))
    down = rows - (ink.sum(2) @ rows / mass)[:, None]
    across = columns - (ink.sum(1) @ columns / mass)[:, None]
    slope = torch.einsum("bij,bi,bj->b", ink, down, across) / (torch.einsum("bij,bi->b", ink, down**2) + 1)
    source = columns + (slope[:, None] * down)[:, :, None]
    return torch.einsum("bijk,bikc->bijc", (1 - (source[..., None] - columns).abs()).relu(), x)


def through_window(layer: Conv2D | MaxPool2D | MeanPool2D, x: Any, parameters: dict[str, Any]) -> Any:
    """The output of a convolution or of pooling."""
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    functional, window = torch.nn.functional, (layer.window.size, layer.window.stride, layer.padding)
    match layer:
        case Conv2D():
            kernel = parameters["W"].reshape(*layer.window.size, x.shape[-1], layer.channels).permute(3, 2, 0, 1)
            z = functional.conv2d(channels_first(x), kernel, None, layer.window.stride, layer.padding)
            return channels_last(z) + parameters.get("b", 0)
        case MaxPool2D():
            return channels_last(functional.max_pool2d(channels_first(x), *window))
    return channels_last(functional.avg_pool2d(channels_first(x), *window))


def one_after_the_other(layer: Residual, x: Any, parameters: dict[str, Any]) -> Any:
    """The output of the layers in a residual layer."""
    for name, inner in zip(layer.names, layer.layers, strict=True):
        own = {key.removeprefix(f"{name}."): value for key, value in parameters.items() if name in key}
        x = by_pytorch(inner, x, own)
    return x


def by_pytorch(layer: Layer, x: Any, parameters: dict[str, Any]) -> Any:
    """The output of the same layer in PyTorch for the batch `x`, in training."""
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    functional = torch.nn.functional
    match layer:
        case Conv2D() | MaxPool2D() | MeanPool2D():
            return through_window(layer, x, parameters)
        case Maxout():
            return x.unflatten(-1, (-1, layer.size)).max(-1).values
        case DensePerChannel():
            z = torch.einsum("bnc,cno->boc", x.flatten(1, 2), parameters["W"]) + parameters["b"].T
            return z[:, :, None]
        case LayerNorm():
            return functional.layer_norm(x, x.shape[-1:], parameters["gamma"], parameters["beta"], layer.epsilon)
        case Standardize():
            return (x - torch.tensor(layer.mean)) / torch.tensor(layer.deviation)
        case Residual():
            return x + one_after_the_other(layer, x, parameters)
        case BatchNorm():
            gamma, beta = parameters["gamma"], parameters["beta"]
            rows = x.reshape(-1, x.shape[-1])
            return functional.batch_norm(rows, None, None, gamma, beta, True, 0.1, layer.epsilon).reshape(x.shape)
        case Deslant():
            return deslanted_by_pytorch(torch, x)
        case Dropout():
            return x * torch.tensor(layer.m)
    return {
        "dense": lambda: x @ parameters["W"] + parameters.get("b", 0),
        "flatten": lambda: x.flatten(1),
        "reshape": lambda: x.reshape(len(x), *getattr(layer, "shape", ())),
        "identity": lambda: x * 1,
        "relu": x.relu,
        "gelu": lambda: functional.gelu(x, approximate="tanh"),
        "global_mean_pool": lambda: x.mean((1, 2)),
        "leaky_relu": lambda: functional.leaky_relu(x, getattr(layer, "slope", 0)),
        "sigmoid": x.sigmoid,
        "tanh": x.tanh,
        "softmax": lambda: x.softmax(-1),
    }[layer.kind]()
