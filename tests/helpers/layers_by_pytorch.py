"""Every kind of layer as PyTorch has it: the referee of the tests that check all of them."""

from __future__ import annotations

from typing import Any

import pytest


def by_pytorch(layer: Any, x: Any, p: dict[str, Any]) -> Any:
    """The output of the same layer in PyTorch for the batch `x`, in training, with the parameters `p`."""
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    functional = torch.nn.functional

    def through_window(f: Any, *kernel: Any) -> Any:
        """A function of images, channels first."""
        size = () if kernel else (layer.windows.size,)
        return f(x.movedim(-1, 1), *kernel, *size, stride=layer.stride, padding=layer.padding).movedim(1, -1)

    def convolution() -> Any:
        kernel = p["W"].reshape(*layer.windows.size, x.shape[-1], layer.channels).permute(3, 2, 0, 1)
        return through_window(functional.conv2d, kernel) + p.get("b", 0)

    def residual() -> Any:
        y = x
        for name, inner in zip(layer.names, layer.layers, strict=True):
            own = {key.removeprefix(f"{name}."): value for key, value in p.items() if key.startswith(f"{name}.")}
            y = by_pytorch(inner, y, own)
        return x + y

    def batch_norm() -> Any:
        rows = x.reshape(-1, x.shape[-1])
        return functional.batch_norm(rows, None, None, p["gamma"], p["beta"], True, 0.1, layer.epsilon).reshape(x.shape)

    by_kind: dict[str, Any] = {
        "dense": lambda: x @ p["W"] + p.get("b", 0),
        "dense_per_channel": lambda: (torch.einsum("bnc,cno->boc", x.flatten(1, 2), p["W"]) + p["b"].T)[:, :, None],
        "conv": convolution,
        "untied_conv": convolution,
        "max_pool": lambda: through_window(functional.max_pool2d),
        "mean_pool": lambda: through_window(functional.avg_pool2d),
        "global_mean_pool": lambda: x.mean((1, 2)),
        "maxout": lambda: x.unflatten(-1, (-1, layer.size)).max(-1).values,
        "deslant": lambda: deslanted(torch, x),
        "dropout": lambda: x * torch.tensor(layer.m),
        "batch_norm": batch_norm,
        "layer_norm": lambda: functional.layer_norm(x, x.shape[-1:], p["gamma"], p["beta"], layer.epsilon),
        "standardize": lambda: (x - torch.tensor(layer.mean)) / torch.tensor(layer.deviation),
        "residual": residual,
        "flatten": lambda: x.flatten(1),
        "reshape": lambda: x.reshape(len(x), *layer.shape),
        "identity": lambda: x * 1,
        "relu": lambda: x.relu(),
        "gelu": lambda: functional.gelu(x, approximate="tanh"),
        "leaky_relu": lambda: functional.leaky_relu(x, layer.slope),
        "sigmoid": lambda: x.sigmoid(),
        "tanh": lambda: x.tanh(),
        "softmax": lambda: x.softmax(-1),
    }
    return by_kind[layer.kind]()


def deslanted(torch: Any, x: Any) -> Any:
    """Each pixel of the result is a weighted sum of its row; the weights are a triangle around its source."""
    rows, columns = (torch.arange(side, dtype=x.dtype) for side in x.shape[1:3])
    ink = x.sum(3)
    mass = ink.sum((1, 2))
    down = rows - (ink.sum(2) @ rows / mass)[:, None]
    across = columns - (ink.sum(1) @ columns / mass)[:, None]
    slope = torch.einsum("bij,bi,bj->b", ink, down, across) / (torch.einsum("bij,bi->b", ink, down**2) + 1)
    source = columns + (slope[:, None] * down)[:, :, None]
    return torch.einsum("bijk,bikc->bijc", (1 - (source[..., None] - columns).abs()).relu(), x)
