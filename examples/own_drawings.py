"""Read drawings of your own: python examples/own_drawings.py FILE...

A FILE is a photograph, a scan or a screenshot of one digit, dark on light or light on dark; files need pillow. Without
files, two digits are drawn here, as strokes: where the pen went, in any unit.
"""

import sys
from pathlib import Path

import numpy as np

from nn_scratch import ink, load

MODELS = Path(__file__).parent.parent / "models"
STROKES = {
    "a seven with a bar": [[(10, 10), (60, 12), (30, 90)], [(20, 50), (55, 50)]],
    "a zero": [[(40 + 25 * np.cos(t), 60 + 40 * np.sin(t)) for t in np.linspace(0, 2 * np.pi, 30)]],
}

drawings = {}
if sys.argv[1:]:
    from nn_scratch.ink import files

    drawings = {name: ink.normalize(files.read(name)) for name in sys.argv[1:]}
else:
    for name, strokes in STROKES.items():
        drawings[name] = ink.render([np.array(stroke, np.float32) for stroke in strokes])

network, rejector = load(MODELS / "digits.npy"), load(MODELS / "doubt.npy")
for name, image in drawings.items():  # (28, 28) as MNIST has them: cut out, resized, centred
    if image is None:
        print(f"{name}: nothing is drawn there")
        continue
    for row in image[4:24:2]:
        print("".join(" .:*#"[level // 52] for level in row))
    p = network.predict_proba(image[None])[0]
    known = rejector.predict_proba(image[None])[0][rejector.classes.index("digit")]
    print(f"{name}: {network.classes[p.argmax()]} ({p.max():.1%}); a digit at all: {known:.1%}\n")
