"""The state of the place Inside: what the user looks at inside of the network.

The drawing and the network are what they are. Which unit is open, how far the steps have gone and whether the ink is
explained is a choice of the user, and it changes by intents alone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from drawapp.ui import intents

PACE = 1.6  # seconds per stage while the steps play: time to read a sentence


@dataclass(frozen=True)
class InsideState:
    """`unit` is the one whose card is open: the numbers of its stage and its own. `step` is the stage that the steps
    have come to, None where all is shown; `plays` whether they go on by themselves, and `why` whether the ink is
    explained. `against` is a class that the answer might have been: then the ink is explained by why it is not."""

    unit: tuple[int, int] | None = None
    step: int | None = None
    plays: bool = False
    why: bool = False
    against: int | None = None

    @property
    def explains(self) -> bool:
        """Whether the ink is explained."""
        return self.why or self.against is not None

    def following(
        self, intent: intents.LookAt | intents.Walk | intents.Play | intents.AskWhy, stages: int
    ) -> InsideState:
        """The state after `intent`, for a network of so many stages."""
        match intent:
            case intents.LookAt(unit, against):
                is_same = unit == self.unit
                return replace(self, unit=None if is_same else unit, against=None if is_same else against)
            case intents.Walk(steps):
                first = 0 if steps > 0 else stages - 2
                step = first if self.step is None else self.step + steps
                return replace(self, step=step if 0 <= step < stages else None, plays=False)
            case intents.Play():
                return replace(self, step=None if self.plays else 0, plays=not self.plays)
            case intents.AskWhy(None):
                return replace(self, why=not self.explains, against=None)
            case intents.AskWhy(against):
                return replace(self, against=None if against == self.against else against)

    def after_a_while(self, stages: int) -> InsideState:
        """The next stage; after the last one all is shown."""
        step = None if self.step is None or self.step + 1 >= stages else self.step + 1
        return replace(self, step=step, plays=step is not None)

    def at_rest(self) -> InsideState:
        """No unit and no step; what was asked of the ink stays asked."""
        return InsideState(why=self.why)
