"""BLAS, the library behind NumPy's matrix products, and how many threads it may use.

BLAS splits a product among all cores by default. The matrices of this library are so small that a second thread costs
more than it brings. Only commands set the limit, while they run: a program that imports nn_scratch keeps its threads.
"""

from __future__ import annotations

import os
from contextlib import AbstractContextManager, nullcontext

THREAD_VARIABLES = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


def one_blas_thread() -> AbstractContextManager[object]:
    """A context in which BLAS uses one thread, unless the user has set one of `THREAD_VARIABLES`."""
    if any(variable in os.environ for variable in THREAD_VARIABLES):
        return nullcontext()
    from threadpoolctl import threadpool_limits  # here, because the app never needs it: it sets the variable

    limits: AbstractContextManager[object] = threadpool_limits(1, user_api="blas")
    return limits
