"""NNClassifier and NNRegressor: networks as scikit-learn expects a classifier and a regressor.

Whoever uses scikit-learn has data in tables, and tools that compare, search and combine models. With its manners
(`fit`, `predict`, `score`, arguments that can be searched) a network of this library takes part in all of that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

try:
    from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
    from sklearn.model_selection import train_test_split
    from sklearn.utils import check_random_state
    from sklearn.utils.class_weight import compute_class_weight
    from sklearn.utils.multiclass import check_classification_targets
    from sklearn.utils.validation import _check_sample_weight, check_is_fitted, column_or_1d, validate_data
except ImportError as error:
    raise ImportError(
        'nn_scratch.sklearn needs scikit-learn 1.6 or newer: pip install "nn-scratch[sklearn]"'
    ) from error

from nn_scratch.arrays import Array
from nn_scratch.checks import COUNT
from nn_scratch.dataset import Dataset
from nn_scratch.layers import Dense, Identity, Layer, ReLU, Sigmoid, Tanh
from nn_scratch.losses import Loss, QuadraticLoss, SoftmaxCrossEntropy, log_softmax
from nn_scratch.network import Network
from nn_scratch.optimizers import Adam
from nn_scratch.training import EpochReport, fit, steps
from nn_scratch.zoo.rare_layers import GELU, LeakyReLU

KINDS = [np.float64, np.float32]  # of numbers; others become the first
ACTIVATIONS: dict[str, tuple[type[Layer], str]] = {  # and the initializer that suits each
    "relu": (ReLU, "he"),
    "leaky_relu": (LeakyReLU, "he"),
    "gelu": (GELU, "he"),
    "tanh": (Tanh, "xavier"),
    "logistic": (Sigmoid, "xavier"),
    "identity": (Identity, "xavier"),
}


@dataclass(eq=False, repr=False)
class NNEstimator(BaseEstimator):  # type: ignore[misc]  # checked as if it were not installed
    """A multilayer perceptron, trained by Adam with a one-cycle learning rate.

    As for scikit-learn's own networks, features should be of about the same size, such as a `StandardScaler` makes
    them; they need not be from 0 to 1. It computes in float32 if `X` is float32, which is faster, and otherwise in
    float64.

    Args:
        hidden: the number of units of the hidden layer, or those of several.
        epochs: how often every row is shown.
        batch_size: rows per step.
        learning_rate: the highest of the one-cycle; `partial_fit` uses it as it is.
        weight_decay: how strongly the parameters are kept small.
        random_state: a number for the same result each time, or a `RandomState`, or None.
        activation: relu, leaky_relu, gelu, tanh, logistic or identity.
        warm_start: whether `fit` goes on from the network that there is.
        early_stopping: whether to stop after `n_iter_no_change` epochs without a better score on a
            `validation_fraction` of the rows, which are not learned, and to keep the best epoch.

    Attributes:
        network_: the trained `Network`.
        loss_curve_: the mean loss of each epoch; `n_iter_`: how many there were.
        n_features_in_: the number of features.
    """

    hidden: int | Sequence[int] = (50, 25)
    epochs: int = 100
    batch_size: int = 32
    learning_rate: float = 0.008
    weight_decay: float = 0.1
    random_state: Any = None
    activation: str = "relu"
    warm_start: bool = False
    early_stopping: bool = False
    validation_fraction: float = 0.1
    n_iter_no_change: int = 10

    def fit(self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None) -> Self:
        """Learn the targets `y` of the rows `X` (N, n); returns the estimator itself.

        A whole `sample_weight` (N,) is how often the row counts, as if it were there so many times. Others are scaled
        to the mean 1, and a row is shown as often as that on average.

        Raises:
            ValueError: the arrays or an argument are not what they should be.
            DivergedError: the loss is no longer finite; choose a smaller learning rate, or scale the features.
        """
        data = self._data(X, y, sample_weight, begins=not (self.warm_start and hasattr(self, "network_")))
        validation, patience = None, None
        if self.early_stopping:
            held_out = train_test_split(
                np.arange(len(data)),
                test_size=self.validation_fraction,
                random_state=int(self._rng.integers(2**31)),
                stratify=data.labels if data.has_classes else None,
            )
            (data, validation), patience = (data[rows] for rows in held_out), self.n_iter_no_change
        reports = fit(self.network_, data, validation, self._rng, epochs=self.epochs, patience=patience, **self._how())
        self._memory: Any = None
        return self._tell([report.train_loss for report in reports])

    def _partial_fit(self, data: Dataset) -> Self:
        """One epoch at the full learning rate, with the optimizer as the last call left it."""
        how, network = self._how(), self.network_
        optimizer = how["optimizer"].attach(network.parameters, network.gradients)
        optimizer.state, optimizer.steps = getattr(self, "_memory", None) or (optimizer.state, 0)
        reports = list(steps(network, data, None, self._rng, epochs=2, epochs_done=1, schedule="constant", **how))
        self._memory = optimizer.state, optimizer.steps
        losses = [report.train_loss for report in reports if isinstance(report, EpochReport)]
        return self._tell(getattr(self, "loss_curve_", []) + losses)

    def _tell(self, losses: list[float]) -> Self:
        self.loss_curve_, self.n_iter_ = losses, len(losses)
        return self

    def _how(self) -> dict[str, Any]:
        """The settings of a training."""
        optimizer = Adam(self.learning_rate, weight_decay=self.weight_decay)
        return {"batch_size": self.batch_size, "optimizer": optimizer, "loss": self._loss()}

    def _data(self, X: Any, y: Any, sample_weight: Any, begins: bool, **more: Any) -> Dataset:
        """The rows with what is to be learned; if the training `begins`, there is a new network for them."""
        data = self._read(X, y, sample_weight, begins, **more)
        if begins:
            self._rng = np.random.default_rng(check_random_state(self.random_state).randint(2**31))
            self.network_ = self._new(data).initialize(self._rng)
        return data

    def _new(self, data: Dataset) -> Network:
        """The network that the arguments describe, for such data."""
        if self.activation not in ACTIVATIONS:
            raise ValueError(f"There is no activation {self.activation!r}; choose one of {', '.join(ACTIVATIONS)}.")
        kind, initializer = ACTIVATIONS[self.activation]
        layers: list[Layer] = []
        for units in np.atleast_1d(self.hidden):
            COUNT.check("hidden", units)
            layers += [Dense(int(units), initializer), kind()]
        layers.append(Dense(len(data.classes), initializer))
        return Network(layers, data.images.shape[1:], data.classes, data.images.dtype)

    def _answers(self, X: ArrayLike) -> Array:
        """What the network says, (N, K), to the rows `X` (N, n), before the loss reads it."""
        check_is_fitted(self)
        return self.network_.logits(validate_data(self, X, dtype=KINDS, reset=False))


@dataclass(eq=False, repr=False)
class NNClassifier(ClassifierMixin, NNEstimator):  # type: ignore[misc]
    __doc__ = f"""{NNEstimator.__doc__}
    Besides, a classifier has the argument `class_weight`: how much each class counts, as a dict, or "balanced", so that
    all count the same; and the attribute `classes_` (K,), the labels, which the network has as text.
    """

    class_weight: dict[Any, float] | str | None = None

    def partial_fit(
        self, X: ArrayLike, y: ArrayLike, classes: ArrayLike | None = None, sample_weight: ArrayLike | None = None
    ) -> Self:
        """Show the rows `X` (N, n) once, and learn their classes `y` (N,); the first call needs all `classes`.

        Raises:
            ValueError, DivergedError: as for `fit`.
        """
        begins = not hasattr(self, "network_")
        if begins and classes is None:
            raise ValueError("The first call of partial_fit needs all classes: partial_fit(X, y, classes=[...]).")
        if not begins and classes is not None and not np.array_equal(np.unique(classes), self.classes_):
            raise ValueError(f"The classes are {self.classes_}, as in the first call, and not {np.unique(classes)}.")
        if self.class_weight == "balanced":
            raise ValueError("What is balanced is not known from a part of the rows; give class_weight as a dict.")
        return self._partial_fit(self._data(X, y, sample_weight, begins, classes=classes))

    def _read(self, X: Any, y: Any, sample_weight: Any, begins: bool, classes: Any = None) -> Dataset:
        rows, targets = validate_data(self, X, y, dtype=KINDS, reset=begins)
        check_classification_targets(targets)
        if begins:
            self.classes_ = np.unique(targets if classes is None else classes)
        unknown = np.setdiff1d(targets, self.classes_)
        if len(unknown):
            raise ValueError(f"The classes are {self.classes_}, but there are also {unknown}.")
        self._class_weights = None
        if self.class_weight is not None:
            self._class_weights = compute_class_weight(self.class_weight, classes=self.classes_, y=targets)
        names = tuple(str(label) for label in self.classes_)
        return Dataset(rows, np.searchsorted(self.classes_, targets), names, weights=times_shown(sample_weight, rows))

    def _loss(self) -> Loss:
        return SoftmaxCrossEntropy(class_weights=self._class_weights)

    def predict_proba(self, X: ArrayLike) -> Array:
        """The probability of each class, (N, K), of the rows `X` (N, n)."""
        return SoftmaxCrossEntropy().probabilities(self._answers(X))

    def predict_log_proba(self, X: ArrayLike) -> Array:
        """The logarithms of the probabilities, (N, K), which are finite also where these are too small for a float."""
        return log_softmax(self._answers(X))

    def predict(self, X: ArrayLike) -> NDArray[Any]:
        """The likeliest class, (N,), of the rows `X` (N, n)."""
        numbers = self._answers(X).argmax(axis=1)
        return self.classes_[numbers]


@dataclass(eq=False, repr=False)
class NNRegressor(RegressorMixin, NNEstimator):  # type: ignore[misc]
    __doc__ = f"""{NNEstimator.__doc__}
    A regressor learns numbers `y` (N,) or (N, K). The network learns them with the mean 0 and the deviation 1; what
    makes them so is in `y_mean_` and `y_deviation_` (K,).
    """

    def partial_fit(self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None) -> Self:
        """Show the rows `X` (N, n) once, and learn their numbers `y`, as `fit`; the first call measures their mean."""
        return self._partial_fit(self._data(X, y, sample_weight, begins=not hasattr(self, "network_")))

    def _read(self, X: Any, y: Any, sample_weight: Any, begins: bool) -> Dataset:
        rows, targets = validate_data(self, X, y, dtype=KINDS, multi_output=True, y_numeric=True, reset=begins)
        if targets.ndim == 2 and targets.shape[1] == 1:
            targets = column_or_1d(targets, warn=True)
        columns, times = targets.reshape(len(rows), -1).astype(rows.dtype), times_shown(sample_weight, rows)  # (N, K)
        if begins:
            self._is_row = targets.ndim == 1
            self.y_mean_ = np.average(columns, axis=0, weights=times)
            deviation = np.sqrt(np.average((columns - self.y_mean_) ** 2, axis=0, weights=times))
            self.y_deviation_ = np.where(deviation > 0, deviation, 1)
        names = tuple(f"y{number}" for number in range(columns.shape[1]))
        return Dataset(rows, (columns - self.y_mean_) / self.y_deviation_, names, weights=times)

    def _loss(self) -> Loss:
        return QuadraticLoss()

    def predict(self, X: ArrayLike) -> Array:
        """The numbers, (N,) or (N, K) as they were learned, of the rows `X` (N, n)."""
        numbers = self._answers(X) * self.y_deviation_ + self.y_mean_
        return numbers[:, 0] if self._is_row else numbers

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.target_tags.multi_output = True
        return tags


def times_shown(sample_weight: ArrayLike | None, rows: Array) -> NDArray[np.float32] | None:
    """How often an epoch shows each of `rows` (N, n), on average; None for once."""
    if sample_weight is None:
        return None
    weights = _check_sample_weight(sample_weight, rows, ensure_non_negative=True)
    if not weights.any():
        raise ValueError("All sample weights are zero, so that there is nothing to learn; give one above zero.")
    if (weights == weights[0]).all():
        return None
    return (weights / weights.mean() if (weights % 1).any() else weights).astype(np.float32)
