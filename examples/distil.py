"""A new network learns from a good one: what the teacher thinks of an image says more than its label.

There are only 500 digits to learn from. The same network learns them twice, once from their labels and once from what
the bundled network makes of them (Hinton, Vinyals and Dean, "Distilling the Knowledge in a Neural Network", 2015).
"""

from pathlib import Path

import numpy as np

from nn_scratch import Network, Teachers, evaluate, fit, load, load_data, mlp

rng = np.random.default_rng(0)
rest, test = load_data("sample")
rest, training = rest.split(500, rng)
rest, validation = rest.split(500, rng)
teacher = load(Path(__file__).parent.parent / "models" / "digits.npy")


def student_of(teachers: Teachers | None) -> Network:
    """A network that has learned from `teachers`, or from the labels where there are none."""
    network = mlp().initialize(np.random.default_rng(1))
    fit(network, training, validation, rng, epochs=60, batch_size=32, targets=teachers)
    return network


number = int(teacher.predict_proba(training.images).max(axis=1).argmin())  # what the teacher is least sure of
p = teacher.predict_proba(training.images[number : number + 1])[0]
thoughts = ", ".join(f"{teacher.classes[k]} {p[k]:.0%}" for k in p.argsort()[:-4:-1])
print(f"The label of an image says {training.classes[training.labels[number]]}. The teacher says: {thoughts}.")

softened = Teachers([teacher], temperature=4, views=1)  # so that the other classes show
for title, network in (("from labels", student_of(None)), ("from the teacher", student_of(softened))):
    score = evaluate(network, test)
    print(f"{title}: {score.accuracy:.2%} of the test digits are right, loss {score.loss:.3f}")
