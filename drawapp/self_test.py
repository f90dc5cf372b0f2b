"""The self-test: known digits are drawn on a canvas that nobody sees, and must be read for what they are."""

from __future__ import annotations

from drawapp.drawing import sample_digits as sample_digits
from drawapp.drawing.canvas import Canvas
from drawapp.reading.recognizer import Recognizer


def run(recognizer: Recognizer) -> int:
    """Draw and read every known digit, printing a line for each. Returns the exit status: 0 where all are right."""
    wrong = 0
    for digit in sample_digits.STROKES:
        canvas = Canvas()
        sample_digits.draw(digit, canvas)
        prediction = recognizer.read(canvas)
        right = prediction.label == digit
        wrong += not right
        answer = prediction.label or f"nothing known, nearest {prediction.best}"
        print(f"{digit} read as {answer}, {prediction.probability:.1%}: {'right' if right else 'WRONG'}")
    print(f"self-test {'failed' if wrong else 'passed'}: {len(sample_digits.STROKES) - wrong} of 10 digits read right")
    return 1 if wrong else 0
