"""The wording of Inside: what each stage is called, and one short sentence on what happens in it.

The words are those of docs/mathematics.md, so that whoever wants the derivation finds it by them.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from drawapp.reading.arithmetic import Step, Sum
from drawapp.reading.explanation import Explanation, Stage
from drawapp.reading.wording import percent
from drawapp.session.language import gettext as _
from drawapp.session.language import marked
from drawapp.ui.painter import Painter
from drawapp.ui.theme import BODY
from drawapp.ui.view import View
from nn_scratch.explain.trace import is_exact
from nn_scratch.layers import ReLU

AT_REST = {
    "digit": marked("Draw a digit, and the network follows the pen."),
    "letter": marked("Draw a letter, and the network follows the pen."),
    "character": marked("Draw a character, and the network follows the pen."),
}
LARGEST = 1e6  # a larger number is written with its power of ten
ARROW, TIMES = "\N{RIGHTWARDS ARROW}", "\N{MULTIPLICATION SIGN}"


def caption_of(explanation: Explanation, stage: int, tiles: int) -> str:
    """What stands above a stage. `tiles` is how many of its units or maps are shown."""
    shown = explanation.stages[stage]
    if shown.kind == "image":
        return _("sees") if stage == 0 else _("upright")
    if shown.kind == "answer":
        return _("answer")
    count = shown.values.shape[-1]
    if tiles < count:
        return _("{tiles} of {count}").format(tiles=tiles, count=count)
    return (_("{count} maps") if shown.kind == "maps" else _("{count} units")).format(count=count)


def sentence_of(view: View) -> str:
    """What happens in the stage that the steps have come to; without steps, what there is to do here."""
    explanation, step = view.explanation, view.inside.step
    if explanation is None:
        return ""
    if explanation.at_rest:
        return _(AT_REST[view.noun])
    if step is not None and step < len(explanation.stages):
        return of_stage(explanation, step)
    if view.inside.explains:
        return of_ink(explanation, view.against)
    return _("Click anything to see its sum. Space plays the steps.")


def of_ink(explanation: Explanation, against: int | None) -> str:
    """What the ink adds to the score of the answer, or to its lead over another class, and what is left."""
    logits, classes = explanation.traced.logits[0], explanation.network.classes
    score = float(logits[explanation.label]) - (0.0 if against is None else float(logits[against]))
    ink = float(explanation.contributions(against).sum())
    words = _("{best} scores {score}: {ink} from the ink, {rest} from the biases.")
    if against is not None:
        words = _("{best} leads {other} by {score}: {ink} from the ink, {rest} from the biases.")
    if not is_exact(explanation.network):
        words = _("By gradient \N{MULTIPLICATION SIGN} input, the ink adds about {ink} to {score}.")
    other = "" if against is None else classes[against]
    values = {"score": number(score), "ink": number(ink), "rest": number(score - ink)}
    return words.format(best=classes[explanation.label], other=other, **values)


def of_stage(explanation: Explanation, step: int) -> str:
    """What happens in one stage."""
    stage, count = explanation.stages[step], explanation.stages[step].values.shape[-1]
    if stage.kind == "image":
        if step == 0:
            return _("The ink, scaled and centred, is 784 numbers from 0 to 1.")
        return _("Each row moves sideways until the strokes stand upright.")
    if stage.kind == "answer":
        words = _("Softmax turns {count} scores into probabilities: {best} gets {percent}.")
        best = explanation.network.classes[explanation.label]
        return words.format(
            count=count, best=best, percent=percent(float(explanation.probabilities[explanation.label]))
        )
    if stage.kind == "maps":
        return _("Each map slides a kernel over all that is before it.")
    bends = explanation.network.layers[(stage.source or 0) : stage.last + 1]
    of_pixels = explanation.stages[step - 1].kind == "image"
    if any(isinstance(layer, ReLU) for layer in bends):
        words = _("Each unit weighs all {before} pixels; below 0 becomes 0.")
        others = _("Each unit weighs all {before} numbers; below 0 becomes 0.")
    else:
        words, others = _("Each unit weighs all {before} pixels."), _("Each unit weighs all {before} numbers.")
    words = words if of_pixels else others
    return words.format(before=explanation.input_of(step).size)


def obstacle_of(view: View) -> str:
    """Why the network cannot be shown."""
    return _("{model} cannot be shown: its layers are not known.").format(model=view.models[view.chosen])


def wrapped(painter: Painter, words: str | Sequence[str], room: int, size: float = BODY) -> list[str]:
    """`words` as lines of type of that `size` that are at most `room` pixels wide; a no-break space stays."""
    lines = [""]
    for word in words.split(" ") if isinstance(words, str) else words:
        longer = f"{lines[-1]} {word}".strip()
        if painter.width(longer, size) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def line_of(found: Sum) -> str:
    """The sum in numbers, such as "Σ w·x = 2.31, + b 0.12 = 2.43 → max(0, 2.43) = 2.43"."""
    return " ".join(pieces_of(found))


def pieces_of(found: Sum) -> list[str]:
    """The line of a sum in the pieces between which it may be broken."""
    sign = "+" if found.bias >= 0 else "\N{MINUS SIGN}"
    words = (
        f"\N{GREEK CAPITAL LETTER SIGMA} w\N{MIDDLE DOT}x = {number(found.total)}, {sign} b {abs(found.bias):.2f}"
        f" = {number(found.z)}"
    )
    return [words, *(f"{ARROW} {made_by(step)} = {number(step.value)}" for step in found.steps)]


def made_by(step: Step) -> str:
    """What a layer makes of a number, as a formula where there is a short one."""
    before, sign = number(step.before), "+" if step.shift >= 0 else "\N{MINUS SIGN}"
    down, across = step.window
    formulas = {
        "relu": f"max(0, {before})",
        "sigmoid": f"\N{GREEK SMALL LETTER SIGMA}({before})",
        "tanh": f"tanh({before})",
        "batch_norm": f"{number(step.scale)} \N{MIDDLE DOT} {before} {sign} {number(abs(step.shift))}",
        "max_pool": _("largest of {down}\N{MULTIPLICATION SIGN}{across}").format(down=down, across=across),
        "mean_pool": _("mean of {down}\N{MULTIPLICATION SIGN}{across}").format(down=down, across=across),
    }
    return formulas.get(step.kind, step.kind)


def place_in(stage: Stage, size: int, source: int, is_short: bool) -> str:
    """What the input at `source` of `size` inputs is called, where they are the values of `stage`."""
    if stage.values.size != size:
        return _("input {number}:").format(number=source + 1)
    if stage.kind == "units":
        return _("unit {number}:").format(number=source + 1)
    row, column, channel = np.unravel_index(source, (*stage.values.shape, 1)[:3])
    words = _("{row}, {column}:") if is_short else _("row {row}, column {column}:")
    words = words.format(row=row + 1, column=column + 1)
    return words if stage.kind == "image" else _("map {number},").format(number=channel + 1) + " " + words


def number(value: float) -> str:
    """A number to two decimals, with a real minus."""
    if abs(value) >= LARGEST:
        return f"{value:.2e}"
    return f"{value:,.2f}".replace("-", "\N{MINUS SIGN}") if round(value, 2) else "0.00"
