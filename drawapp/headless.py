"""Reading image files: `--image`, without a window."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from drawapp.errors import tell
from drawapp.reading.charset import Charset
from drawapp.reading.prediction import Character, Prediction
from drawapp.reading.recognizer import Recognizer
from nn_scratch.errors import UserError
from nn_scratch.images import files as image_files


def read_files(recognizer: Recognizer, files: Iterable[str], as_json: bool, charset: Charset = Charset.ALL) -> int:
    """Read the image `files` and print a line for each. A bad one is told of and the others are still read.
    `only` restricts the answers.

    Returns the exit status: 0, or that of the last bad file.
    """
    status = 0
    for file in files:
        try:
            prediction = recognizer.read_raster(image_files.read(Path(file)), charset)
        except UserError as error:
            tell(str(error))
            status = error.exit_status
            continue
        print(json_line(file, prediction) if as_json else sentence(file, prediction), flush=True)
    return status


def json_line(file: str, prediction: Prediction) -> str:
    """`prediction` of `file` as one JSON object on one line."""
    answer = _answer(prediction)
    if len(prediction.characters) > 1:
        answer["characters"] = [_answer(character) for character in prediction.characters]
    return json.dumps({"file": file, **answer}, allow_nan=False)


def _answer(read: Prediction | Character) -> dict[str, Any]:
    """What was read, as JSON has it."""
    return {
        "label": read.label,
        "best": read.best,
        "probability": round(read.probability, 6),
        "probabilities": {label: round(value, 6) for label, value in read.probabilities.items()},
    }


def sentence(file: str, prediction: Prediction) -> str:
    """`prediction` of `file` for people."""
    if not prediction.has_ink:
        return f"{file}: no ink"
    if prediction.label is None:
        return f"{file}: nothing known (nearest {prediction.best}, {prediction.probability:.1%})"
    other = f", or {prediction.runner_up[0]} ({prediction.runner_up[1]:.1%})" if prediction.runner_up else ""
    return f"{file}: {prediction.label} ({prediction.probability:.1%}){other}"
