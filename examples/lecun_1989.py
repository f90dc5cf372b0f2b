"""The first network that learned to read digits by itself, with plain numbers: LeCun et al., "Backpropagation Applied
to Handwritten Zip Code Recognition" (1989).

Theirs read 16x16 pixels with 12 and 12 feature maps, 30 units and 9,760 parameters; it learned 7,291 digits in three
days and misread 5.0 % of the others. Here every product and every sum is a Python object, so all is smaller: 14x14
pixels, 3 and 4 maps, no dense layer between, and 300 digits. The ideas are the same: shared weights that slide over the
image by more than a pixel, maps of maps, tanh, one example per step. (Their loss was the squared error.)
"""

import random

from nn_scratch import Dataset, load_data
from nn_scratch.autograd import Value
from nn_scratch.autograd.scalar import flatten
from nn_scratch.autograd.scalar_nn import Conv2D, Linear, cross_entropy

DIGITS, EPOCHS, LEARNING_RATE = 300, 3, 0.05
Image = list[list[float]]
rng = random.Random(0)

H1 = Conv2D(1, 3, kernel=5, rng=rng, stride=3)  # 14x14 -> 3 maps of 4x4: edges and corners
H2 = Conv2D(3, 4, kernel=3, rng=rng)  # -> 4 maps of 2x2: where which of these are together
OUTPUT = Linear(16, 10, rng)
parameters = [*H1.parameters(), *H2.parameters(), *OUTPUT.parameters()]


def shrunk(data: Dataset) -> list[Image]:
    """The images of `data`, 28x28, as 14x14 numbers from -1 to 1: means of two by two pixels."""
    images: list[Image] = (data.images.reshape(-1, 14, 2, 14, 2).mean(axis=(2, 4)) / 127.5 - 1).tolist()
    return images


def logits(image: Image) -> list[Value]:
    """What the network says of an image: ten numbers, the largest for its answer."""
    return OUTPUT(flatten(H2(H1([image]))))


def answer(image: Image) -> int:
    """The digit that the network reads."""
    scores = [logit.data for logit in logits(image)]
    return scores.index(max(scores))


training, test = load_data("sample")
examples = list(zip(shrunk(training)[:DIGITS], training.labels.tolist(), strict=False))
unseen = list(zip(shrunk(test)[:100], test.labels.tolist(), strict=False))
print(f"{len(parameters)} parameters, {DIGITS} digits")
for epoch in range(1, EPOCHS + 1):
    rng.shuffle(examples)
    total = 0.0
    for image, label in examples:
        loss = cross_entropy(logits(image), label)
        loss.backward()
        for parameter in parameters:
            parameter.data -= LEARNING_RATE * parameter.grad
            parameter.grad = 0.0
        total += loss.data
    print(f"epoch {epoch}: loss {total / DIGITS:.3f}")

print(f"{sum(answer(image) == label for image, label in unseen)} of 100 digits that it has never seen are right")
