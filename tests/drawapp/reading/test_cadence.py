"""The cadence: readings are as far apart as the interval says, or at once when asked for."""

from __future__ import annotations

from drawapp.reading.cadence import Cadence


def test_the_cadence_reads_once_per_interval_and_at_once_when_asked() -> None:
    cadence = Cadence(1.0)
    assert not cadence.is_due(0.0, has_ink=False)
    readings = [tick for tick in range(1, 36) if cadence.is_due(tick / 10, has_ink=True)]
    assert readings == [11, 21, 31]
    cadence.ask(3.6)
    assert cadence.is_due(3.6, has_ink=True)
    assert not cadence.is_due(3.7, has_ink=False)
    assert not cadence.is_due(3.8, has_ink=True)
    assert cadence.is_due(4.8, has_ink=True)
