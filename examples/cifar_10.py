"""Photographs in colour: a convolutional network learns CIFAR-10: python examples/cifar_10.py [DATA] [EPOCHS]

CIFAR-10 is a download of 170 MB. DATA may be a folder of photographs or an .npz file in place of it, all of one size.
"""

import sys

import numpy as np

from nn_scratch import (
    Adam,
    BatchNorm,
    Conv2D,
    Dense,
    Dropout,
    EpochReport,
    Flatten,
    Layer,
    MaxPool2D,
    Network,
    ReLU,
    UserError,
    evaluate,
    fit,
    load_data,
)

rng = np.random.default_rng(0)
try:
    training, test = load_data(sys.argv[1] if sys.argv[1:] else "cifar-10")
except UserError as error:
    sys.exit(f"There is nothing to learn from. {error}")
training, validation = training.split(len(training) // 10, rng)

layers: list[Layer] = []
for channels in (32, 64):  # what is near together, seen by more and more detectors on a smaller and smaller image
    layers += [Conv2D(channels, 3, padding=1), BatchNorm(), ReLU(), MaxPool2D(2)]
layers += [Flatten(), Dropout(0.3), Dense(len(training.classes))]
network = Network(layers, training.images.shape[1:], training.classes).initialize(rng)
print(network.summary())


def show(report: EpochReport) -> None:
    print(f"epoch {report.epoch}: loss {report.train_loss:.3f}, validation accuracy {report.validation_accuracy:.2%}")


epochs, optimizer = int(sys.argv[2]) if sys.argv[2:] else 10, Adam(learning_rate=0.003, weight_decay=0.05)
fit(network, training, validation, rng, epochs=epochs, optimizer=optimizer, on_epoch=show)

score = evaluate(network, test)
print(f"test accuracy {score.accuracy:.2%}")
for label, accuracy in sorted(score.class_accuracy.items(), key=lambda each: -each[1]):
    print(f"{label:>12} {accuracy:6.1%} {'#' * round(40 * accuracy)}")
