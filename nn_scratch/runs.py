"""Run folders: what a training leaves behind, while it runs."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from nn_scratch.errors import UserError
from nn_scratch.network import Network
from nn_scratch.training import EpochReport


def new_run_folder(runs: Path) -> Path:
    """A new folder in `runs`, named after the time.

    Raises:
        UserError: it cannot be made.
    """
    name = datetime.now().strftime("%Y-%m-%d-%H%M%S")
    for attempt in range(1000):
        folder = runs / (f"{name}-{attempt}" if attempt else name)
        try:
            folder.mkdir(parents=True)
        except FileExistsError:
            continue
        except OSError as error:
            why = error.strerror or error
            raise UserError(f"Cannot make the run folder {folder}: {why}; choose another with --runs.") from error
        return folder
    raise UserError(f"There are too many runs of this second in {runs}; choose another folder with --runs.")


def keep_best(
    network: Network, reports: Iterator[EpochReport], run: Path, console: Console
) -> tuple[EpochReport | None, bool]:
    """Follow a training, print and log each report, and leave in `network` the parameters of its best epoch.

    Best is the highest validation accuracy, the lowest loss among equals. Returns that epoch's report and whether the
    training ran to its end; Ctrl-C ends it early.
    """
    best, parameters, finished = None, network.parameters.copy(), True
    try:
        with (run / "report.jsonl").open("w", encoding="utf-8") as log:
            for report in reports:
                if best is None or quality(report) > quality(best):
                    best = report
                    parameters[...] = network.parameters
                    network.save(run / "model.npy")
                print(json.dumps(asdict(report)), file=log, flush=True)
                console.print(
                    f"epoch {report.epoch:3d}  train loss {report.train_loss:.4f}  validation loss "
                    f"{report.validation_loss:.4f}  accuracy {report.validation_accuracy:7.2%}  "
                    f"{report.seconds:6.2f} s  {report.images_per_second:9,.0f} images/s"
                )
    except KeyboardInterrupt:
        finished = False
    network.parameters[...] = parameters
    return best, finished


def quality(report: EpochReport) -> tuple[float, float]:
    """What makes an epoch better than another."""
    return report.validation_accuracy, -report.validation_loss


@contextmanager
def progress_bar(console: Console, total: int) -> Iterator[Callable[[int], None]]:
    """A bar with the time left, while the block runs; yields the function that moves it on."""
    columns = (TextColumn("training"), BarColumn(), MofNCompleteColumn(), TextColumn("left:"), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("", total=total)
        yield lambda count: progress.advance(task, count)
