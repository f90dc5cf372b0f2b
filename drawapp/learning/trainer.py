"""The trainer: takes the steps of a training in a thread of its own, while the window goes on.

NumPy lets go of Python's lock while it calculates, so one thread trains and the other draws. They share no lock of
their own: after a step the trainer replaces one value, `progress`, by a new one that nobody changes any more, and the
window looks at whichever is there. So the pen never waits for the network.
"""

from __future__ import annotations

import copy
import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from drawapp.errors import sentence_of
from drawapp.learning.start import Start
from nn_scratch.arrays import Array
from nn_scratch.explain.layers import gradient_sizes
from nn_scratch.metrics import evaluate
from nn_scratch.network import Network
from nn_scratch.training import EpochReport, StepReport

Pace = Literal["slow", "steady", "full"]
State = Literal["preparing", "running", "paused", "done", "failed"]
SLOW = 0.5  # seconds from step to step in slow motion
STEADY = 1.0  # seconds per epoch at a steady pace, at least: quicker than that, nobody sees anything
TELL = 1 / 20  # seconds between two values of `progress` while it runs
CHECKED = 500  # examples of validation that are read after each step in slow motion
MOMENT = 0.5  # seconds over which the speed is measured


@dataclass(frozen=True, eq=False)
class Progress:
    """What a training has come to. Nothing in it changes.

    Attributes:
        step, steps: how many steps were taken, and how many there are in all; 0 while it prepares.
        losses: (step,) the loss of each.
        reports: of the epochs that have ended.
        confusion: (K, K) of validation, row the right class; None before it was first counted.
        parameters, layer_state: the numbers of the network as it is.
        gradients: the size of the last gradient in each layer, by name; only in slow motion and step by step.
        speed: images per second.
        trouble: a sentence, where it has failed.
    """

    state: State = "preparing"
    step: int = 0
    steps: int = 0
    losses: Array | None = None
    reports: tuple[EpochReport, ...] = ()
    confusion: NDArray[np.int64] | None = None
    parameters: Array | None = None
    layer_state: Array | None = None
    gradients: dict[str, float] | None = None
    speed: float = 0.0
    seconds_left: float | None = None
    trouble: str = ""

    @property
    def is_over(self) -> bool:
        """Whether no step will follow."""
        return self.state in ("done", "failed")


class Trainer:
    """Trains what `prepare` gives; both happen in the thread. It begins paused: `play` or `take_step` sets it going.

    Attributes:
        progress: what it has come to, replaced again and again.
        start: what it began with, once that is prepared.
        reader: a copy of its network, for others to read with; None before it is prepared.
    """

    def __init__(self, prepare: Callable[[], Start], pace: Pace = "steady") -> None:
        self.progress = Progress()
        self.start: Start | None = None
        self.reader: Network | None = None
        self.pace: Pace = pace
        self._prepare = prepare
        self._now = Progress()  # what it has come to, which is told from time to time
        self._allowed = 0.0  # steps that may still be taken
        self._stopped = False
        self._changed = threading.Condition()
        self._clock = Clock()
        self._told_at = 0.0
        self._thread = threading.Thread(target=self._run, name="trainer", daemon=True)
        self._thread.start()

    def play(self) -> None:
        """Take steps until `pause`."""
        self._allow(math.inf)

    def pause(self) -> None:
        """Take no more steps after the present one."""
        self._allow(0)

    def take_step(self) -> None:
        """Take one step, and then pause."""
        self._allow(1)

    def stop(self) -> None:
        """End after the present step; what was learned stays."""
        with self._changed:
            self._stopped = True
            self._changed.notify()

    def set_pace(self, pace: Pace) -> None:
        """Go on at another pace."""
        with self._changed:
            self.pace = pace
            self._changed.notify()

    def wait(self, seconds: float) -> bool:
        """Wait for the end of the thread, at most so long. Returns whether it has ended."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _allow(self, count: float) -> None:
        with self._changed:
            self._allowed = count
            self._changed.notify()

    def _run(self) -> None:
        try:
            self._train(self._prepare())
        except Exception as error:  # whatever it is, the window goes on, and the user is told
            self._now = replace(self._now, trouble=sentence_of(error))
            self._tell("failed")

    def _train(self, start: Start) -> None:
        self.start, self.reader = start, copy.deepcopy(start.network)
        count = start.steps_per_epoch * start.choices.epochs
        losses = np.zeros(count, np.float32)
        self._now = Progress(steps=count, losses=losses[:0])
        results = start.reports()
        while self._now.step < count and self._may_go_on():
            began = time.perf_counter()
            result = next(results)
            assert isinstance(result, StepReport), "an epoch ends with its last step, below"
            step = self._now.step
            losses[step] = result.loss
            self._now = replace(self._now, step=step + 1, losses=losses[: step + 1], gradients=None)
            self._clock.count(result.examples)
            if (step + 1) % start.steps_per_epoch == 0:
                self._end_epoch(next(results))
            if self.pace == "slow" or not self._allowed:
                self._look_closer(start)
            if time.perf_counter() - self._told_at >= TELL:
                self._tell("running")
            self._keep_pace(began + pause_of(self.pace, start))
        self._tell("done")

    def _may_go_on(self) -> bool:
        """Wait until a step is allowed. Returns whether one is: False where the training was stopped."""
        with self._changed:
            if not self._allowed and not self._stopped:
                self._tell("paused")
                self._changed.wait_for(lambda: self._allowed > 0 or self._stopped)
                self._clock.begin()
            self._allowed = max(0, self._allowed - 1)
            return not self._stopped

    def _end_epoch(self, report: StepReport | EpochReport) -> None:
        assert isinstance(report, EpochReport), "the last step of an epoch is followed by its end"
        confusion = report.score.confusion if report.score else None
        self._now = replace(self._now, reports=(*self._now.reports, report), confusion=confusion)

    def _look_closer(self, start: Start) -> None:
        """In slow motion there is time for the gradients, and for some examples of validation."""
        some = start.validation.take(np.arange(min(CHECKED, len(start.validation))))
        confusion = evaluate(start.network, some).confusion
        self._now = replace(self._now, gradients=gradient_sizes(start.network), confusion=confusion)

    def _tell(self, state: State) -> None:
        """Let `progress` be what the training has come to, with the numbers of the network as it is."""
        now, clock = replace(self._now, state=state, speed=self._clock.speed), self._clock
        if now.step:
            now = replace(now, seconds_left=(now.steps - now.step) * clock.seconds_per_step)
        if self.start is not None:
            network = self.start.network
            now = replace(now, parameters=network.parameters.copy(), layer_state=network.state.copy())
        self.progress, self._told_at = now, time.perf_counter()

    def _keep_pace(self, due: float) -> None:
        """Wait until the next step is due, unless another pace, a pause or the end is wanted meanwhile."""
        with self._changed:
            wanted = (self.pace, self._allowed, self._stopped)
            left = due - time.perf_counter()
            if left <= 0 or not self._allowed or self._stopped:
                return
            if self.pace == "slow":
                self._tell("running")
            self._changed.wait_for(lambda: (self.pace, self._allowed, self._stopped) != wanted, left)


def pause_of(pace: Pace, start: Start) -> float:
    """The seconds from one step to the next, at least."""
    return {"slow": SLOW, "steady": STEADY / start.steps_per_epoch, "full": 0.0}[pace]


class Clock:
    """How fast it goes, measured over the last moment."""

    def __init__(self) -> None:
        self.speed = 0.0
        self.seconds_per_step = 0.0
        self.begin()

    def begin(self) -> None:
        """Measure from here on: what was before was a pause."""
        self._since, self._images, self._steps = time.perf_counter(), 0, 0

    def count(self, images: int) -> None:
        """Count a step."""
        self._images += images
        self._steps += 1
        passed = time.perf_counter() - self._since
        if passed >= MOMENT or not self.speed:
            self.speed, self.seconds_per_step = self._images / passed, passed / self._steps
        if passed >= MOMENT:
            self.begin()
