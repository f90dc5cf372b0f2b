"""Convolution and max pooling as courses teach them, with fewer and fewer loops.

They are easy to check by eye, so benchmarks/layers.py compares the layers of nn_scratch with them: the results and the
time. The steps are those of many courses: a loop for each index, then whole vectors, then whole batches, and im2col
with index arrays, whose backward adds up with np.add.at.

Images are (B, H, W, C), already padded; W is (kh, kw, C, O); the stride is 1. Each function returns z, dx, dW and db,
or y and dx.
"""

from __future__ import annotations

import numpy as np

from nn_scratch.arrays import Array

Gradients = tuple[Array, Array, Array, Array]  # z, dx, dW, db


def allocate(x: Array, W: Array) -> Gradients:
    """Arrays for z, dx, dW and db; the gradients are 0."""
    (B, H, width, _), (kh, kw, _, channels) = x.shape, W.shape
    z = np.empty((B, H - kh + 1, width - kw + 1, channels), x.dtype)
    return z, np.zeros_like(x), np.zeros_like(W), np.zeros(channels, x.dtype)


def conv_four_loops(x: Array, W: Array, b: Array, dz: Array) -> Gradients:
    """Over images, rows, columns and channels."""
    z, dx, dW, db = allocate(x, W)
    kh, kw = W.shape[:2]
    for n, i, j, k in np.ndindex(z.shape):
        z[n, i, j, k] = (x[n, i : i + kh, j : j + kw] * W[..., k]).sum() + b[k]
    for n, i, j, k in np.ndindex(z.shape):
        dx[n, i : i + kh, j : j + kw] += W[..., k] * dz[n, i, j, k]
        dW[..., k] += x[n, i : i + kh, j : j + kw] * dz[n, i, j, k]
        db[k] += dz[n, i, j, k]
    return z, dx, dW, db


def conv_three_loops(x: Array, W: Array, b: Array, dz: Array) -> Gradients:
    """Over images, rows and columns."""
    z, dx, dW, db = allocate(x, W)
    kh, kw = W.shape[:2]
    for n, i, j in np.ndindex(z.shape[:3]):
        z[n, i, j] = np.tensordot(x[n, i : i + kh, j : j + kw], W, 3) + b
    for n, i, j in np.ndindex(z.shape[:3]):
        dx[n, i : i + kh, j : j + kw] += W @ dz[n, i, j]
        dW += x[n, i : i + kh, j : j + kw, :, None] * dz[n, i, j]
        db += dz[n, i, j]
    return z, dx, dW, db


def conv_two_loops(x: Array, W: Array, b: Array, dz: Array) -> Gradients:
    """Over rows and columns."""
    z, dx, dW, db = allocate(x, W)
    kh, kw = W.shape[:2]
    for i, j in np.ndindex(z.shape[1:3]):
        z[:, i, j] = np.tensordot(x[:, i : i + kh, j : j + kw], W, 3) + b
    for i, j in np.ndindex(z.shape[1:3]):
        dx[:, i : i + kh, j : j + kw] += np.tensordot(dz[:, i, j], W, ((1,), (3,)))
        dW += np.tensordot(x[:, i : i + kh, j : j + kw], dz[:, i, j], ((0,), (0,)))
        db += dz[:, i, j].sum(axis=0)
    return z, dx, dW, db


def conv_im2col(x: Array, W: Array, b: Array, dz: Array) -> Gradients:
    """No loop: index arrays gather the columns, and np.add.at adds their gradients up."""
    z, dx, _, _ = allocate(x, W)
    kh, kw, depth, channels = W.shape
    down, across = z.shape[1:3]
    rows = np.arange(down)[:, None, None, None] + np.arange(kh)[:, None]  # (H', 1, kh, 1)
    columns = np.arange(across)[:, None, None] + np.arange(kw)  # (W', 1, kw)
    patches = x[:, rows, columns].reshape(-1, kh * kw * depth)  # (B H' W', kh kw C)
    z = (patches @ W.reshape(-1, channels) + b).reshape(z.shape)
    flat = dz.reshape(-1, channels)
    back = (flat @ W.reshape(-1, channels).T).reshape(len(x), down, across, kh, kw, depth)
    np.add.at(dx, (slice(None), rows, columns), back)  # type: ignore[arg-type]  # NumPy's stub does not allow slices here
    return z, dx, (patches.T @ flat).reshape(W.shape), flat.sum(axis=0)


def pool_four_loops(x: Array, dy: Array) -> tuple[Array, Array]:
    """The largest of each 2x2, over images, rows, columns and channels."""
    y, dx = np.empty_like(dy), np.zeros_like(x)
    for n, i, j, k in np.ndindex(y.shape):
        y[n, i, j, k] = x[n, 2 * i : 2 * i + 2, 2 * j : 2 * j + 2, k].max()
    for n, i, j, k in np.ndindex(y.shape):
        row, column = divmod(int(x[n, 2 * i : 2 * i + 2, 2 * j : 2 * j + 2, k].argmax()), 2)
        dx[n, 2 * i + row, 2 * j + column, k] += dy[n, i, j, k]
    return y, dx


def pool_two_loops(x: Array, dy: Array) -> tuple[Array, Array]:
    """The same over rows and columns."""
    y, dx = np.empty_like(dy), np.zeros_like(x)
    n, k = np.arange(len(x))[:, None], np.arange(x.shape[3])
    for i, j in np.ndindex(y.shape[1:3]):
        block = x[:, 2 * i : 2 * i + 2, 2 * j : 2 * j + 2].reshape(len(x), 4, -1)  # (B, 4, C)
        y[:, i, j] = block.max(axis=1)
        row, column = np.divmod(block.argmax(axis=1), 2)  # (B, C)
        dx[n, 2 * i + row, 2 * j + column, k] = dy[:, i, j]
    return y, dx
