"""NNClassifier: a network as scikit-learn expects a classifier.

Whoever uses scikit-learn has data in tables, and tools that compare, search and combine models. With its manners
(`fit`, `predict`, `score`, arguments that can be searched) a network of this library takes part in all of that.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

try:
    from sklearn.base import BaseEstimator, ClassifierMixin
    from sklearn.utils import check_random_state
    from sklearn.utils.multiclass import check_classification_targets
    from sklearn.utils.validation import check_is_fitted, validate_data
except ImportError as error:
    raise ImportError(
        'nn_scratch.sklearn needs scikit-learn 1.6 or newer: pip install "nn-scratch[sklearn]"'
    ) from error

from nn_scratch.arrays import Array, Labels
from nn_scratch.losses import SoftmaxCrossEntropy, softmax
from nn_scratch.network import CHUNK, mlp
from nn_scratch.schedules import SCHEDULES
from nn_scratch.training.batches import Batches, LabelledExamples
from nn_scratch.training.config import TrainConfig
from nn_scratch.training.fit import Descent, epoch_steps, optimizer_for
from nn_scratch.training.reports import Tally

KINDS = [np.float64, np.float32]  # of numbers; others become the first


class NNClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # checked as if it were not installed
    """A multilayer perceptron with ReLU units, trained by Adam with a one-cycle learning rate.

    It learns from all rows for a fixed number of epochs. As for scikit-learn's own networks, features should be of
    about the same size, such as a `StandardScaler` makes them; they need not be from 0 to 1. It computes in float32 if
    `X` is float32, which is faster, and otherwise in float64.

    Args:
        hidden: the numbers of units of the hidden layers.
        epochs: how often every row is shown.
        batch_size: rows per step.
        learning_rate: the highest of the one-cycle.
        weight_decay: how strongly the parameters are kept small.
        random_state: a number for the same result each time, or a `RandomState`, or None.

    Attributes:
        classes_: (K,) the labels.
        network_: the trained `Network`; its classes are the labels as text.
        loss_curve_: the mean loss of each epoch.
        n_features_in_: the number of features.
    """

    def __init__(
        self,
        hidden: Sequence[int] = (50, 25),
        epochs: int = 100,
        batch_size: int = 32,
        learning_rate: float = 0.008,
        weight_decay: float = 0.1,
        random_state: Any = None,
    ) -> None:
        self.hidden = hidden
        self.epochs = epochs
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.weight_decay = weight_decay
        self.random_state = random_state

    def fit(self, X: ArrayLike, y: ArrayLike) -> NNClassifier:
        """Learn the classes `y` (N,) of the rows `X` (N, n); returns the classifier itself.

        Raises:
            ValueError: the arrays or an argument are not what they should be.
            DivergedError: the loss is no longer finite; choose a smaller learning rate, or scale the features.
        """
        rows, targets = validate_data(self, X, y, dtype=KINDS)
        check_classification_targets(targets)
        self.classes_, labels = np.unique(targets, return_inverse=True)
        config = TrainConfig(
            epochs=self.epochs,
            batch_size=self.batch_size,
            learning_rate=self.learning_rate,
            weight_decay=self.weight_decay,
        )
        rng = np.random.default_rng(check_random_state(self.random_state).randint(2**31))
        classes = [str(label) for label in self.classes_]
        self.network_ = mlp(self.hidden, classes, rows.dtype, inputs=rows.shape[1]).initialize(rng)
        self._learn(rows, labels, config, rng)
        return self

    def _learn(self, rows: Array, labels: Labels, config: TrainConfig, rng: np.random.Generator) -> None:
        """Take all steps of the training; as `nn_scratch.fit`, but without validation, and for any numbers."""
        optimizer = optimizer_for(self.network_, config)
        descent = Descent(SoftmaxCrossEntropy(), optimizer, config, SCHEDULES[config.schedule])
        buffer = np.empty((min(config.batch_size, len(rows)), rows.shape[1]), rows.dtype)
        examples = LabelledExamples(rows.__getitem__, labels)
        self.loss_curve_ = []
        for epoch in range(config.epochs):
            batches, tally = Batches(examples, epoch, rng.permutation(len(rows)), buffer), Tally()
            for _ in epoch_steps(self.network_, batches, descent, tally):
                pass
            self.loss_curve_.append(tally.loss / tally.seen)

    def predict_proba(self, X: ArrayLike) -> Array:
        """The probability of each class, (N, K), of the rows `X` (N, n)."""
        check_is_fitted(self)
        rows = validate_data(self, X, dtype=KINDS, reset=False)
        chunks = [self.network_.forward(rows[first : first + CHUNK]) for first in range(0, len(rows), CHUNK)]
        return softmax(np.concatenate(chunks))

    def predict(self, X: ArrayLike) -> NDArray[Any]:
        """The likeliest class, (N,), of the rows `X` (N, n)."""
        p = self.predict_proba(X)
        labels: NDArray[Any] = self.classes_[p.argmax(axis=1)]
        return labels
