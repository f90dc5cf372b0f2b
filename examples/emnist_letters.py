"""Letters: a network learns the alphabet, and shows what it confuses: python examples/emnist_letters.py [DATA] [EPOCHS]

EMNIST is a download of half a gigabyte. DATA may be other grey images, such as `pen-letters` or an .npz file.
"""

import sys

import numpy as np

from nn_scratch import EpochReport, UserError, evaluate, fit, load_data, preset

rng = np.random.default_rng(0)
try:
    training, test = load_data(sys.argv[1] if sys.argv[1:] else "emnist-letters")
except UserError as error:
    sys.exit(f"There is nothing to learn from. {error}")
training, validation = training.split(len(training) // 10, rng)
network = preset("letters", training.images.shape[1:], training.classes).initialize(rng)


def show(report: EpochReport) -> None:
    print(f"epoch {report.epoch}: validation accuracy {report.validation_accuracy:.2%}")


fit(network, training, validation, rng, epochs=int(sys.argv[2]) if sys.argv[2:] else 10, on_epoch=show)

score = evaluate(network, test)
print(f"test accuracy {score.accuracy:.2%}; what is confused most often:")
wrong = score.confusion - np.diag(np.diag(score.confusion))  # (K, K): row the right class, column the answer
for place in wrong.ravel().argsort()[::-1][:8]:
    right, answer = np.unravel_index(place, wrong.shape)
    print(f"{score.classes[right]} read as {score.classes[answer]}: {wrong[right, answer]} times")
