"""Delay compensation: what a gradient would be at parameters that have moved on since it was taken.

An asynchronous rank takes its gradient g(w) at parameters w. When it comes to step, the others have moved them to w'.
Its gradient is stale: what is wanted is g(w'). By Taylor's theorem, with the Hessian H of the loss at w,

    g(w') = g(w) + H (w' - w) + O(|w' - w|^2),

and asynchronous descent as such keeps the first term only. H has P^2 numbers, but for a loss -log p there is a way to
its size. With s = d(-log p)/dw for one example, whose class is drawn from p itself,

    E[s] = -sum_k p_k (dp_k/dw) / p_k = -d(sum_k p_k)/dw = 0,
    H_1 = d^2(-log p)/dw^2 = (dp/dw)(dp/dw)^T / p^2 - (d^2 p/dw^2) / p = s s^T - (d^2 p/dw^2) / p,

and the last term is 0 in the mean, because sum_k d^2 p_k/dw^2 = d^2(1)/dw^2 = 0. So E[H_1] = E[s s^T]: the gradients
themselves tell the Hessian (it is Fisher's information). Of s s^T only the diagonal is kept, s * s element by element,
and the gradient of the batch takes the place of s. Both are crude, so the term gets a strength lambda:

    g(w') ~ g + lambda g * g * (w' - w).

A batch's g is the mean of B of the s. Where these point all ways, g * g is about B times smaller than the mean of
s * s, so the right lambda grows with the batch and, as g shrinks, over the training. The adaptive rule sets it for each
parameter by the recent size of the gradient:

    q <- m q + (1 - m) g * g,    lambda = lambda_0 / sqrt(q + epsilon).

Source: Zheng, Meng, Wang, Chen, Yu, Ma and Liu, "Asynchronous Stochastic Gradient Descent with Delay Compensation"
(2017), the algorithm DC-ASGD-a. lambda_0 = 2 and m = 0.95 are their values for CIFAR-10. On MNIST 2 removes 0.4 % of
the error that staleness makes in a gradient, 20 about 3 %, and 100 adds to it (docs/scaling.md), so 20 is ours.
"""

from __future__ import annotations

import numpy as np

from nn_scratch.arrays import Array
from nn_scratch.checks import NOT_NEGATIVE

STRENGTH = 20.0  # lambda_0
MEMORY = 0.95  # m
EPSILON = 1e-7


class DelayCompensation:
    """Corrects the gradients (P,) of one rank for the way that the parameters have moved; 0 leaves them as they are."""

    def __init__(self, strength: float, like: Array) -> None:
        NOT_NEGATIVE.check("strength", strength)
        self.strength = strength
        self.mean_square = np.zeros_like(like)  # q

    def correct(self, gradients: Array, moved: Array) -> None:
        """Turn g(w) (P,) in place into about g(w + `moved`); `moved` (P,) becomes scratch memory."""
        if not self.strength:
            return
        square = np.square(gradients)
        self.mean_square *= MEMORY
        self.mean_square += (1 - MEMORY) * square
        moved *= square
        moved /= np.sqrt(self.mean_square + EPSILON)
        moved *= self.strength
        gradients += moved
