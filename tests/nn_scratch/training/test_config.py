"""The training configuration: what goes together, what becomes of its choices, and what is told of it."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from nn_scratch.data.crops import Crops
from nn_scratch.dataset import Dataset
from nn_scratch.losses import BinaryCrossEntropy, SoftmaxCrossEntropy
from nn_scratch.network import mlp
from nn_scratch.optimizers import SGD, Adam
from nn_scratch.training.config import TrainConfig
from nn_scratch.training.fit import balanced_class_weights, loss_for, optimizer_for


def test_choices_reach_the_optimizer_and_the_loss() -> None:
    descent = optimizer_for(mlp(), TrainConfig(optimizer="nesterov", momentum=0.5))
    assert isinstance(descent, SGD)
    assert (descent.momentum, descent.nesterov) == (0.5, True)
    adam = optimizer_for(mlp(), TrainConfig(betas=(0.8, 0.9), epsilon=1e-3))
    assert isinstance(adam, Adam)
    assert (adam.beta1, adam.beta2, adam.epsilon) == (0.8, 0.9, 1e-3)
    assert isinstance(loss_for(TrainConfig(loss="binary")), BinaryCrossEntropy)
    loss = loss_for(TrainConfig(class_weights=(1.0, 2.0)))
    assert isinstance(loss, SoftmaxCrossEntropy)
    assert loss.class_weights is not None
    assert loss.class_weights.tolist() == [1, 2]


@pytest.mark.parametrize(
    ("choices", "sentence"),
    [
        ({"momentum": 0.5}, "The optimizer adam has no momentum"),
        ({"optimizer": "sgd", "betas": (0.9, 0.9), "epsilon": 1e-3}, "sgd has no betas and no epsilon"),
        ({"loss": "hinge"}, "no loss 'hinge'; choose one of cross-entropy, binary, quadratic"),
        ({"loss": "binary", "label_smoothing": 0.1}, "are for the loss cross-entropy, not for binary"),
        ({"loss": "quadratic", "class_weights": (1.0, 2.0)}, "not for quadratic"),
        ({"class_weights": (1.0, -1.0)}, "class_weights is -1.0"),
        ({"augment": True, "flip": True}, "cropped and flipped; choose one"),
        ({"crop": -1}, "crop is -1"),
    ],
)
def test_choices_that_do_not_go_together_are_one_sentence(choices: dict[str, object], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        replace(TrainConfig(), **choices)  # type: ignore[arg-type]


def test_images_vary_as_they_were_asked_to() -> None:
    assert TrainConfig().variation is False
    assert TrainConfig(augment=True).variation is True
    assert TrainConfig(crop=2).variation == Crops(2)
    assert TrainConfig(flip=True).variation == Crops(0, True)


def test_a_model_file_is_told_what_was_chosen() -> None:
    told = TrainConfig(momentum=0.5, optimizer="sgd").as_metadata()
    assert told == TrainConfig(optimizer="sgd").as_metadata() | {"momentum": 0.5}
    assert "loss" not in told
    assert TrainConfig(**json.loads(json.dumps(told))) == TrainConfig(optimizer="sgd", momentum=0.5)


def test_balanced_weights_let_all_classes_count_the_same() -> None:
    labels = np.array([0, 0, 0, 1, 2, 2])
    data = Dataset(np.zeros((6, 2, 2), np.uint8), labels, ("a", "b", "c", "none"))
    weights = np.array(balanced_class_weights(data))
    assert np.bincount(labels, weights[labels]).tolist() == pytest.approx([1.5, 1.5, 1.5])
    assert weights[3] == 1
