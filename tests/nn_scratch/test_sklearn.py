"""NNClassifier has the manners that scikit-learn checks, and takes part in its tools."""

from __future__ import annotations

import pickle
import subprocess
import sys

import numpy as np
import pytest
from nn_scratch.training.divergence import DivergedError

from tests.helpers import ROOT

sklearn = pytest.importorskip("sklearn", minversion="1.6", reason="scikit-learn 1.6 is not installed")

from sklearn.base import clone
from sklearn.datasets import load_digits, load_iris
from sklearn.model_selection import GridSearchCV, cross_val_score, train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import check_estimator

from nn_scratch.sklearn import NNClassifier


@pytest.mark.slow
def test_scikit_learn_finds_no_fault() -> None:
    results = check_estimator(NNClassifier(), on_skip=None)
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


def test_the_same_seed_gives_the_same_network() -> None:
    X, y = load_iris(return_X_y=True)
    one = NNClassifier(epochs=2, random_state=3).fit(X, y)
    again, other = clone(one).fit(X, y), NNClassifier(epochs=2, random_state=4).fit(X, y)
    np.testing.assert_array_equal(one.network_.parameters, again.network_.parameters)
    assert (one.network_.parameters != other.network_.parameters).any()
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(one)).predict_proba(X), one.predict_proba(X))


@pytest.mark.parametrize(("argument", "value"), [("epochs", 0), ("learning_rate", -1.0), ("batch_size", 0.5)])
def test_an_argument_beyond_its_limits_is_one_sentence(argument: str, value: float) -> None:
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
