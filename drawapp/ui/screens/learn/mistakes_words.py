"""The wording of Mistakes: what was measured, on what, and how far one may believe it.

A figure without its origin deceives: 99 % on digits that a model has learned from says little about a stranger's hand.
"""

from __future__ import annotations

from drawapp.learning.examples import ExamplesName
from drawapp.learning.scored import Cell, Scored
from drawapp.session.language import gettext as _
from drawapp.session.language import marked
from drawapp.ui.learning.mistakes import MistakesView

NAMES: dict[ExamplesName, str] = {
    "sample": marked("Sample"),
    "mnist": "MNIST",
    "corrections": marked("Corrections"),
}
ABSENT: dict[ExamplesName, str] = {
    "sample": marked("The sample is missing."),
    "mnist": marked(
        "MNIST is not on this computer. This command downloads it: python -m nn_scratch.train --data mnist"
    ),
    "corrections": marked("Nothing corrected yet. What you correct on Draw is counted here."),
}
ORIGINS: dict[ExamplesName, str] = {
    "sample": marked("The bundled models for digits have learned from these: others are read less well."),
    "mnist": marked("The bundled models have never seen these digits."),
    "corrections": marked("You have corrected these: they were misread before."),
}
ARROW, NO_BREAK = "\N{RIGHTWARDS ARROW}", "\N{NO-BREAK SPACE}"


def obstacle_of(view: MistakesView) -> str:
    """Why there is nothing to see; empty where there is, or will be soon."""
    return view.trouble or (_(ABSENT[view.examples]) if view.is_absent else "")


def percent(fraction: float, digits: int = 1) -> str:
    """A measured fraction, rounded. It is 100 % only where it is all of them."""
    most = 100 if fraction == 1 else 100 - 10**-digits
    return f"{min(100 * fraction, most):.{digits}f}{NO_BREAK}%"


def accuracy_of(scored: Scored) -> str:
    """The overall accuracy."""
    return _("{percent} right").format(percent=percent(scored.score.accuracy, 2))


def counts_of(scored: Scored) -> list[str]:
    """How many were read wrong, in many words and in few."""
    whole = _("{wrong:,} of {count:,} wrong").format(wrong=scored.wrong, count=len(scored.data))
    return [whole, _("{wrong:,} wrong").format(wrong=scored.wrong), ""]


def cell_of(scored: Scored, cell: Cell) -> str:
    """What a cell of the matrix counts."""
    confusion, (meant, read) = scored.score.confusion, cell
    words = _("{count:,} of {total:,}").format(count=confusion[cell], total=confusion[meant].sum())
    return f"{arrow_of(scored, meant, read)}: {words}, {percent(confusion[cell] / confusion[meant].sum())}"


def arrow_of(scored: Scored, meant: int, read: int) -> str:
    """What was meant, and what was read."""
    return f"{scored.score.classes[meant]} {ARROW} {scored.score.classes[read]}"


def example_of(scored: Scored, number: int) -> str:
    """One example: what was meant, what was read, and how sure the network was of it."""
    sure = f"{min(int(100 * scored.confidence[number]), 99)}{NO_BREAK}%"  # no network is certain
    return f"{arrow_of(scored, int(scored.data.labels[number]), int(scored.read[number]))}  {sure}"


def titles_of(scored: Scored, cell: Cell | None) -> list[str]:
    """What the images are that are shown, in many words and in few."""
    if cell is None:
        return [_("Most certain mistakes"), _("Mistakes")] if scored.wrong else [_("No mistakes")]
    order = _("least certain first") if cell[0] == cell[1] else _("most certain first")
    return [f"{arrow_of(scored, *cell)}, {order}", arrow_of(scored, *cell)]


def calibration_of(scored: Scored) -> str:
    """How far the probabilities are off, on average."""
    error = f"{100 * scored.score.calibration_error:.1f}{NO_BREAK}%"
    return _("Calibration error {error}").format(error=error)


def notes_of(view: MistakesView, scored: Scored) -> list[str]:
    """What one should know to judge the figures, the most important first."""
    notes = [_(ORIGINS[view.examples])]
    if scored.left_out:
        notes.insert(
            0, _("Left out: {count:,} of classes that this model does not know.").format(count=scored.left_out)
        )
    elif len(scored.meant) < len(scored.score.classes):
        words = _("Only {count} of the {classes} classes have examples here.")
        notes.append(words.format(count=len(scored.meant), classes=len(scored.score.classes)))
    notes.append(_("On the line, 80\N{NO-BREAK SPACE}% sure is right 8 times of 10."))
    return notes
