"""Why did the network answer that? Activations, contributions, a dream and a fooling image, without the app."""

from __future__ import annotations

from pathlib import Path

from nn_scratch import Array, load
from nn_scratch.explain.images import dream, fool
from nn_scratch.explain.trace import contributions, trace

SHADES = " .:-=+*#%@"


def show(image: Array) -> None:
    """Print the middle of an image of 28x28, 0 to 1, as text."""
    for row in image.reshape(28, 28)[3:25, 3:25]:
        print("".join(2 * SHADES[int(9.99 * ink)] for ink in row))


network = load(Path(__file__).parent.parent / "models" / "digits.npy")
*_, image = dream(network, 8, steps=40)
traced = trace(network, image[None])
print(f"A dream of 8, read as {network.classes[int(traced.logits.argmax())]}, {traced.probabilities.max():.1%}:")
show(image)
for name, activation in zip(traced.names, traced.activations, strict=True):
    print(f"{name:10} {activation.size:4} numbers, {(activation > 0).mean():4.0%} of them above 0")
terms = contributions(network, image[None], 8)[0]
print(f"Its pixels add {terms[terms > 0].sum():.1f} to the logit of 8 and take {-terms[terms < 0].sum():.1f} from it.")
fooled = fool(network, image)
print(f"A change of length {fooled.distance:.2f} turns it into a {network.classes[fooled.label]}:")
show(fooled.image)
