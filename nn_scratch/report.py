"""The command that draws trainings: python -m nn_scratch.report --help.

Whether a training learned, when it stopped getting better, and what it still confuses is seen at a glance in curves and
images, and hardly in numbers. The report puts one training or several into one page or image that needs no other file.
"""

from __future__ import annotations

import argparse
import base64
import html
import io
import sys
from collections.abc import Sequence
from pathlib import Path

from nn_scratch.command import run_command
from nn_scratch.errors import UserError
from nn_scratch.files import atomic_write, check_writable
from nn_scratch.runs import RunRecord, read_run

MOST_TESTS = 50  # test sets on one page: matplotlib draws no image higher than 65,536 pixels
PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Training report</title>
<style>body {{ font: 16px/1.5 sans-serif; margin: 2em auto; max-width: 75em; padding: 0 1em }}
img {{ max-width: 100% }} td, th {{ padding: .2em 1em; text-align: right }} td:first-child {{ text-align: left }}
</style>
<h1>Training report</h1>
<table><tr><th>run<th>epochs<th>best epoch<th>validation accuracy<th>test accuracy<th>seconds per epoch</tr>
{rows}
</table>
<img alt="Loss, accuracy and seconds by epoch; confusion and worst mistakes" src="data:image/png;base64,{image}">
</html>
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Draw the runs that the arguments name; returns the exit status."""
    parser = argparse.ArgumentParser("python -m nn_scratch.report", description="Draw one training or several.")
    parser.add_argument("runs", type=Path, nargs="+", metavar="RUN", help="a run folder of nn_scratch.train")
    parser.add_argument("--out", type=Path, default=Path("report.html"), help=".html or .png (default: %(default)s)")
    args = parser.parse_args(arguments)
    if args.out.suffix not in (".html", ".png"):
        raise UserError(f"Cannot write {args.out}: a report is an .html or a .png file.")
    runs = [read_run(folder) for folder in args.runs]
    tests = sum(len(run.tests) for run in runs)
    if tests > MOST_TESTS:
        raise UserError(f"These runs have {tests} test sets, and at most {MOST_TESTS} fit on a page; name fewer runs.")
    check_writable(args.out)
    image = draw(runs)
    with atomic_write(args.out) as file:
        file.write(image if args.out.suffix == ".png" else page(runs, image).encode())
    print(f"Report: {args.out}")
    return 0


def draw(runs: Sequence[RunRecord]) -> bytes:
    """All runs in one image, PNG.

    Raises:
        UserError: matplotlib is not installed.
    """
    try:
        import matplotlib

        from nn_scratch.plots import draw_all
    except ImportError as error:
        need = "A report is drawn by matplotlib, which is not installed"
        raise UserError(f'{need}: pip install "nn-scratch[plots]".') from error
    content = io.BytesIO()
    with matplotlib.rc_context({"text.parse_math": False}):  # a class may be called $
        draw_all(runs).savefig(content, format="png", dpi=100)
    return content.getvalue()


def page(runs: Sequence[RunRecord], image: bytes) -> str:
    """One HTML file that needs no other: a table of `runs`, and their `image`."""
    rows = []
    for run in runs:
        best = run.best
        seconds = sum(epoch.seconds for epoch in run.epochs) / len(run.epochs)
        cells = [html.escape(run.name), str(len(run.epochs)), str(best.epoch), f"{best.validation_accuracy:.2%}"]
        tests = [html.escape(f"{test.data} {test.accuracy:.2%}".strip()) for test in run.tests]
        cells += ["<br>".join(tests) or "not tested", f"{seconds:.2f}"]
        rows.append("<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>")
    return PAGE.format(rows="\n".join(rows), image=base64.b64encode(image).decode())


if __name__ == "__main__":
    sys.exit(run_command("nn_scratch.report", main))
