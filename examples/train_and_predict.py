"""Train a small network, save it, load it again, and show what it reads: python examples/train_and_predict.py [DATA]

DATA is grey images, named as for `python -m nn_scratch.train --data`: `mnist` (the default), a folder, an .npz file.
"""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from nn_scratch import fit, load, load_data, preset, save

rng = np.random.default_rng(0)  # the same seed gives the same network
training, test = load_data(sys.argv[1] if len(sys.argv) > 1 else "mnist")
training, validation = training.split(len(training) // 12, rng)

network = preset("mlp", training.images.shape[1:], training.classes).initialize(rng)
print(network.summary())
for report in fit(network, training, validation, rng, epochs=3):
    print(f"epoch {report.epoch}: validation accuracy {report.validation_accuracy:.2%}")

with TemporaryDirectory() as folder:
    save(network, Path(folder) / "mine.npy")  # the app opens such a file, too
    network = load(Path(folder) / "mine.npy")

accuracy = (network.predict(test.images) == test.labels).mean()
print(f"test accuracy {accuracy:.2%}")

probabilities = network.predict_proba(test.images[:1])[0]  # (K,)
for row in test.images[0][::2]:  # every second row, because characters are higher than wide
    print("".join(" .:*#"[level // 52] for level in row))
for label, probability in zip(network.classes, probabilities, strict=True):
    print(f"{label:>12} {probability:6.1%} {'#' * round(40 * float(probability))}")
