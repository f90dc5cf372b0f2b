"""The wording of Inside: what each stage is called, and one short sentence on what happens in it.

The words are those of docs/mathematics.md, so that whoever wants the derivation finds it by them.
"""

from __future__ import annotations

from drawapp.reading.arithmetic import Sum
from drawapp.reading.thought import Thought
from drawapp.session.language import gettext as _
from drawapp.session.language import marked
from drawapp.ui.painter import Painter
from drawapp.ui.theme import BODY
from drawapp.ui.view import View, percent
from nn_scratch.nn.layers import ReLU

AT_REST = {
    "digit": marked("Draw a digit, and the network follows the pen."),
    "letter": marked("Draw a letter, and the network follows the pen."),
    "character": marked("Draw a character, and the network follows the pen."),
}
LARGEST = 1e6  # a larger number is written with its power of ten
BENDS = {"relu": "max(0, {z:.2f})", "sigmoid": "\N{GREEK SMALL LETTER SIGMA}({z:.2f})", "tanh": "tanh({z:.2f})"}


def caption_of(thought: Thought, stage: int, tiles: int) -> str:
    """What stands above a stage. `tiles` is how many of its units or maps are shown."""
    shown = thought.stages[stage]
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
    thought, step = view.thought, view.attention.step
    if thought is None:
        return ""
    if thought.at_rest:
        return _(AT_REST[view.noun])
    if step is None or step >= len(thought.stages):
        return _("Click a unit to see its sum. Space plays the steps.")
    return of_stage(thought, step)


def of_stage(thought: Thought, step: int) -> str:
    """What happens in one stage."""
    stage, count = thought.stages[step], thought.stages[step].values.shape[-1]
    if stage.kind == "image":
        if step == 0:
            return _("The ink, scaled and centred, is 784 numbers from 0 to 1.")
        return _("Each row moves sideways until the strokes stand upright.")
    if stage.kind == "answer":
        words = _("Softmax turns {count} scores into probabilities: {best} gets {percent}.")
        best = thought.network.classes[thought.label]
        return words.format(count=count, best=best, percent=percent(float(thought.probabilities[thought.label])))
    if stage.kind == "maps":
        return _("Each map slides a kernel over all that is before it.")
    bends = thought.network.layers[(stage.source or 0) : stage.last + 1]
    of_pixels = thought.stages[step - 1].kind == "image"
    if any(isinstance(layer, ReLU) for layer in bends):
        words = _("Each unit weighs all {before} pixels; below 0 becomes 0.")
        others = _("Each unit weighs all {before} numbers; below 0 becomes 0.")
    else:
        words, others = _("Each unit weighs all {before} pixels."), _("Each unit weighs all {before} numbers.")
    words = words if of_pixels else others
    return words.format(before=thought.input_of(step).size)


def obstacle_of(view: View) -> str:
    """Why the network cannot be shown."""
    return _("{model} cannot be shown: its layers are not known.").format(model=view.models[view.chosen])


def wrapped(painter: Painter, words: str, room: int, size: float = BODY) -> list[str]:
    """`words` as lines of type of that `size` that are at most `room` pixels wide."""
    lines = [""]
    for word in words.split(" "):  # a no-break space stays
        longer = f"{lines[-1]} {word}".strip()
        if painter.width(longer, size) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def line_of(found: Sum) -> str:
    """The sum in numbers, such as "Σ w·x = 2.31, + b 0.12 = 2.43 → max(0, 2.43) = 2.43"."""
    sign = "+" if found.bias >= 0 else "\N{MINUS SIGN}"
    words = (
        f"\N{GREEK CAPITAL LETTER SIGMA} w\N{MIDDLE DOT}x = {number(found.total)}, {sign} b {abs(found.bias):.2f}"
        f" = {number(found.z)}"
    )
    if not found.bends:
        return words
    if len(found.bends) > 1 or found.bends[0] not in BENDS:
        return f"{words} \N{RIGHTWARDS ARROW} {', '.join(found.bends)} = {number(found.value)}"
    bend = BENDS[found.bends[0]].format(z=found.z).replace("-", "\N{MINUS SIGN}")
    return f"{words} \N{RIGHTWARDS ARROW} {bend} = {number(found.value)}"


def number(value: float) -> str:
    """A number to two decimals, with a real minus."""
    if abs(value) >= LARGEST:
        return f"{value:.2e}"
    return f"{value:,.2f}".replace("-", "\N{MINUS SIGN}") if round(value, 2) else "0.00"
