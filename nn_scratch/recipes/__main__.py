"""The command that converts the original UNIPEN files: python -m nn_scratch.recipes --help.

The original distribution is thousands of text files in a format of its own. They are converted once; everything else
reads the small files that this command writes.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from nn_scratch.command import run_command
from nn_scratch.files import check_writable
from nn_scratch.recipes.convert import CHARACTERS, LEFT_OUT, SYMBOLS, convert, find_recordings, save_pen_data

ORIGINAL = """\
FOLDER is the unpacked UNIPEN distribution train_r01_v07, with its folders data and include:
https://doi.org/10.5281/zenodo.1195803, published under CC BY 4.0. The notice on its original CD-ROM asks that the data
serve research and not be sold."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Convert as the arguments say; returns the exit status."""
    parser = argparse.ArgumentParser(
        "python -m nn_scratch.recipes",
        description="Make pen.npz, the single letters and digits of UNIPEN as pen strokes, or symbols.npz.",
        epilog=ORIGINAL,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="the original distribution")
    parser.add_argument("out", type=Path, metavar="OUT.npz", help="the file to write, pen/pen.npz of the data folder")
    parser.add_argument("--symbols", action="store_true", help="convert symbols in place of letters and digits")
    args = parser.parse_args(arguments)
    kind = SYMBOLS if args.symbols else CHARACTERS
    recordings = find_recordings(args.folder, kind)
    check_writable(args.out)
    pen, tally = convert(recordings, args.folder, kind)
    save_pen_data(pen, args.out)
    print(
        f"{args.out}: {len(pen.labels):,} characters of {len(np.unique(pen.writers)):,} writers; skipped "
        f"{tally.malformed:,} malformed segments, {tally.other_labels:,} with other labels, "
        f"{tally.left_out:,} recordings of {', '.join(sorted(LEFT_OUT))} and {tally.missing_files:,} missing files."
    )
    return 0


if __name__ == "__main__":
    sys.exit(run_command("nn_scratch.recipes", main))
