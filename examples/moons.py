"""The scalar engine learns to tell two moons apart: back-propagation with plain Python numbers, and no array."""

import math
import random

from nn_scratch.autograd.scalar_nn import MLP, cross_entropy

POINTS, EPOCHS, LEARNING_RATE = 60, 40, 0.2
rng = random.Random(0)


def moon(label: int) -> tuple[float, float]:
    """A random point of the upper moon (0) or of the lower one (1); the moons reach into each other."""
    angle = rng.uniform(0, math.pi)
    x, y = math.cos(angle), math.sin(angle)
    x, y = (x, y) if label == 0 else (1 - x, 0.5 - y)
    return x + rng.gauss(0, 0.08), y + rng.gauss(0, 0.08)


def answer(point: tuple[float, float]) -> int:
    """The moon that the network sees at a point."""
    logits = network(point)
    return int(logits[1].data > logits[0].data)


examples = [(moon(number % 2), number % 2) for number in range(POINTS)]
network = MLP([2, 8, 2], rng)  # two numbers, eight ReLU units, a logit for each moon
print(network)

for epoch in range(1, EPOCHS + 1):
    rng.shuffle(examples)
    for point, label in examples:
        network.zero_grad()
        cross_entropy(network(point), label).backward()  # dL/d(parameter) for each of them
        for parameter in network.parameters():
            parameter.data -= LEARNING_RATE * parameter.grad
    if epoch % 10 == 0:
        right = sum(answer(point) == label for point, label in examples)
        print(f"epoch {epoch}: {right} of {POINTS} points right")

unseen = [(moon(number % 2), number % 2) for number in range(400)]
print(f"new points: {sum(answer(point) == label for point, label in unseen)} of {len(unseen)} right")
for y in range(11, -7, -1):  # the plane, and which moon the network sees at each place
    print("".join(".#"[answer((x / 16, y / 9))] for x in range(-18, 34)))
