"""NNClassifier and NNRegressor have the manners that scikit-learn checks, and take part in its tools."""

from __future__ import annotations

import pickle
import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from nn_scratch import Sigmoid
from nn_scratch.training import DivergedError
from tests.helpers import ROOT

sklearn = pytest.importorskip("sklearn", minversion="1.6", reason="scikit-learn 1.6 is not installed")

from sklearn.base import clone
from sklearn.datasets import load_diabetes, load_digits, load_iris
from sklearn.model_selection import GridSearchCV, cross_val_score, train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import check_estimator

from nn_scratch.sklearn import NNClassifier, NNRegressor


@pytest.mark.slow
@pytest.mark.parametrize("estimator", [NNClassifier(), NNRegressor()], ids=lambda each: type(each).__name__)
def test_scikit_learn_finds_no_fault(estimator: NNClassifier | NNRegressor) -> None:
    """Among others, that a whole sample weight is the same as so many copies of the row."""
    results = check_estimator(estimator, on_skip=None)
    assert len(results) > 40
    assert {each["status"] for each in results} <= {"passed", "skipped"}


def test_a_pipeline_reads_digits() -> None:
    X, y = load_digits(return_X_y=True)
    X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)
    model = make_pipeline(StandardScaler(), NNClassifier(random_state=0)).fit(X_train, y_train)
    assert model.score(X_test, y_test) > 0.96
    classifier = model[-1]
    assert classifier.network_.classes == tuple("0123456789")
    assert len(classifier.loss_curve_) == 100
    assert classifier.loss_curve_[-1] < 0.05 < classifier.loss_curve_[0]


def test_a_grid_search_chooses_arguments() -> None:
    X, y = load_iris(return_X_y=True)
    grid = {"nnclassifier__hidden": [(2,), (20,)], "nnclassifier__epochs": [1, 100]}
    search = GridSearchCV(make_pipeline(StandardScaler(), NNClassifier(random_state=0)), grid, cv=3).fit(X, y)
    assert search.best_params_ == {"nnclassifier__hidden": (20,), "nnclassifier__epochs": 100}
    assert search.best_score_ > 0.93


def test_labels_may_be_words() -> None:
    X, y = load_iris(return_X_y=True)
    names = np.array(["setosa", "versicolor", "virginica"])[y]
    model = NNClassifier(random_state=0).fit(X, names)
    assert set(model.predict(X)) == set(names)
    assert cross_val_score(NNClassifier(random_state=0), X, names, cv=3).mean() > 0.9


def test_a_regressor_predicts_numbers_of_any_size() -> None:
    X, y = load_diabetes(return_X_y=True)
    model = make_pipeline(StandardScaler(), NNRegressor(hidden=10, epochs=30, random_state=0))
    assert cross_val_score(model, X, y, cv=3).mean() > 0.4
    both = NNRegressor(random_state=0).fit(X, np.stack([y, -y], axis=1)).predict(X)
    assert both.shape == (len(X), 2)
    np.testing.assert_allclose(both[:, 0], -both[:, 1], atol=40)


def test_weights_of_rows_and_classes_say_what_counts(rng: np.random.Generator) -> None:
    """Of two overlapping classes, more is read as the one that counts more."""
    X = np.concatenate([rng.normal(0, 1, (200, 1)), rng.normal(1, 1, (200, 1))])
    y = np.repeat(["a", "b"], 200)

    def share_of_a(class_weight: Any, sample_weight: Any = None, rows: Any = slice(None)) -> float:
        model = NNClassifier(hidden=(), epochs=20, random_state=0, class_weight=class_weight)
        return float((model.fit(X[rows], y[rows], sample_weight).predict(X) == "a").mean())

    plain, more_b = share_of_a(None), share_of_a({"b": 5})
    copied, scaled = (share_of_a(None, np.where(y == "a", *each)) for each in ((5, 1), (2.5, 0.5)))
    assert more_b < plain - 0.2 < plain + 0.2 < min(share_of_a({"a": 5}), copied, scaled)
    assert share_of_a("balanced", rows=slice(220)) == pytest.approx(plain, abs=0.15)
    with pytest.raises(ValueError, match="zero"):
        NNClassifier().fit(X, y, sample_weight=np.zeros(400))


def test_it_learns_in_parts_and_goes_on_after_a_copy() -> None:
    X, y = load_iris(return_X_y=True)
    X = StandardScaler().fit_transform(X)
    one = NNClassifier(hidden=20, random_state=0)
    with pytest.raises(ValueError, match="needs all classes"):
        one.partial_fit(X, y)
    for _ in range(15):
        one.partial_fit(X[:75], y[:75], classes=[0, 1, 2])
        one.partial_fit(X[75:], y[75:])
    assert one.score(X, y) > 0.9
    assert one.n_iter_ == len(one.loss_curve_) == 30
    again = pickle.loads(pickle.dumps(one))
    for each in (one, again):
        each.partial_fit(X, y)  # with the optimizer as it was
    np.testing.assert_array_equal(one.predict_log_proba(X), again.predict_log_proba(X))
    np.testing.assert_allclose(np.exp(one.predict_log_proba(X)), one.predict_proba(X), atol=1e-12)
    with pytest.raises(ValueError, match=r"The classes are \[0 1 2\], but there are also \[7\]"):
        one.partial_fit(X[:1], [7])
    with pytest.raises(ValueError, match="give class_weight as a dict"):
        NNClassifier(class_weight="balanced").partial_fit(X, y, classes=[0, 1, 2])


def test_it_stops_early_and_goes_on_from_what_it_knows() -> None:
    X, y = load_digits(return_X_y=True)
    X = X / 16
    stopped = NNClassifier(early_stopping=True, n_iter_no_change=3, epochs=60, random_state=0).fit(X, y)
    assert stopped.n_iter_ < 60
    assert stopped.score(X, y) > 0.95
    warm = NNClassifier(hidden=30, activation="logistic", epochs=3, warm_start=True, random_state=0).fit(X, y)
    network, first = warm.network_, warm.score(X, y)
    assert isinstance(network.layers[1], Sigmoid)
    assert warm.fit(X, y).network_ is network
    assert warm.score(X, y) > first


def test_the_same_seed_gives_the_same_network() -> None:
    X, y = load_iris(return_X_y=True)
    one = NNClassifier(epochs=2, random_state=3).fit(X, y)
    again, other = clone(one).fit(X, y), NNClassifier(epochs=2, random_state=4).fit(X, y)
    np.testing.assert_array_equal(one.network_.parameters, again.network_.parameters)
    assert (one.network_.parameters != other.network_.parameters).any()
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(one)).predict_proba(X), one.predict_proba(X))


@pytest.mark.parametrize(
    ("argument", "value"),
    [("epochs", 0), ("learning_rate", -1.0), ("batch_size", 0.5), ("hidden", (5, 0)), ("activation", "swish")],
)
def test_an_argument_beyond_its_limits_is_one_sentence(argument: str, value: object) -> None:
    with pytest.raises(ValueError, match=argument):
        NNClassifier().set_params(**{argument: value}).fit([[0.0], [1.0]], [0, 1])


def test_a_training_that_diverges_is_one_sentence() -> None:
    X, y = load_iris(return_X_y=True)
    with pytest.raises(DivergedError, match="Choose a learning rate well below"):
        NNClassifier(learning_rate=1e200, random_state=0).fit(X, y)


def test_without_scikit_learn_a_sentence_says_what_to_install() -> None:
    code = "import sys; sys.modules['sklearn'] = None; import nn_scratch.sklearn"
    result = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert 'pip install "nn-scratch[sklearn]"' in result.stderr.splitlines()[-1]
