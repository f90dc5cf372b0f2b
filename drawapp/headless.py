"""Headless: reading without a window, image files (`--image`) and sample digits (`--self-test`).

Scripts have no screen and nobody who draws, and neither has the machine that checks a freshly built executable. They
read through the same recognizer as the window and get their answers as text.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from drawapp.drawing import sample_digits
from drawapp.drawing.canvas import Canvas
from drawapp.errors import tell
from drawapp.reading import wording
from drawapp.reading.charset import Charset
from drawapp.reading.prediction import Character, Prediction
from drawapp.reading.recognizer import Recognizer
from nn_scratch.errors import UserError, escaped
from nn_scratch.ink import files as image_files


def read_files(recognizer: Recognizer, files: Iterable[str], as_json: bool, charset: Charset = Charset.ALL) -> int:
    """Read the image `files` and print one line per file, with answers from `charset`.

    A bad file gets an error message, and the others are still read. Returns the exit status: 0, or that of the last bad
    file.
    """
    status = 0
    for file in files:
        try:
            page = image_files.read_page(Path(file))
            prediction = recognizer.read_raster(page.writing, charset)
        except UserError as error:
            tell(str(error))
            status = error.exit_status
            continue
        if as_json:
            print(json_line(file, prediction, page.left_out), flush=True)
        else:
            said = [sentence(prediction), *([wording.left_out(page.left_out)] if page.left_out else [])]
            print(f"{escaped(file)}: {'; '.join(said)}", flush=True)
    return status


def self_test(recognizer: Recognizer) -> int:
    """Draw and read every sample digit, and print one line per digit. Returns the exit status: 0 if all are right."""
    wrong = 0
    for digit in sample_digits.STROKES:
        canvas = Canvas()
        sample_digits.draw(digit, canvas)
        prediction = recognizer.read(canvas)
        is_right = prediction.label == digit
        wrong += not is_right
        print(f"{digit} -> {sentence(prediction)}: {'right' if is_right else 'WRONG'}")
    count = len(sample_digits.STROKES)
    print(f"Self-test {'failed' if wrong else 'passed'}: {count - wrong} of {count} digits were read correctly.")
    return 1 if wrong else 0


def json_line(file: str, prediction: Prediction, left_out: int = 0) -> str:
    """`prediction` of `file`, without `left_out` other lines of writing, as one JSON object on one line."""
    answer = as_dict(prediction)
    answer["lines"] = [Prediction(line, prediction.classes).label for line in prediction.lines]
    answer["left_out"] = left_out
    if len(prediction.characters) > 1:
        answer["characters"] = [as_dict(character) for character in prediction.characters]
    return json.dumps({"file": file, **answer}, allow_nan=False)


def as_dict(read: Prediction | Character) -> dict[str, Any]:
    """What was read, as a JSON object has it; probabilities have six decimals."""
    return {
        "label": read.label,
        "best": read.best,
        "written": read.written,
        "probability": round(read.probability, 6),
        "sure": read.is_sure,
        "probabilities": {label: round(value, 6) for label, value in read.probabilities.items()},
    }


def sentence(prediction: Prediction) -> str:
    """`prediction` for people, such as "3 (60.0%), or 8 (35.0%)", "maybe 6 or 4 (45.0%)", "a dot"."""
    words = [sentence_without_hint(prediction), *filter(None, [prediction.hint])]
    return "; ".join(words)


def sentence_without_hint(prediction: Prediction) -> str:
    """`prediction` for people, without what they could do about it."""
    if prediction.best is None:
        return "no ink"
    if prediction.shape and prediction.remark:
        return prediction.remark
    best = wording.on_one_line(prediction.written or "")
    if prediction.label is None:
        return f"{prediction.remark} (nearest {best}, {prediction.probability:.1%})"
    if prediction.remark:
        return f"{prediction.remark} ({prediction.probability:.1%})"
    says = prediction.characters[0].says if len(prediction.characters) == 1 else best
    other = prediction.runner_up
    runner_up = f", or {wording.on_one_line(other[0])} ({other[1]:.1%})" if other else ""
    return f"{says} ({prediction.probability:.1%}){runner_up}"
