"""The command line that makes pen.npz from the original UNIPEN files: python -m nn_scratch.data.unipen --help."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from nn_scratch.command import run_command
from nn_scratch.data.unipen.convert import LEFT_OUT, convert, find_recordings, write
from nn_scratch.files import check_writable

ORIGINAL = """\
FOLDER is the unpacked UNIPEN distribution train_r01_v07, with its folders data and include:
https://doi.org/10.5281/zenodo.1195803, published under CC BY 4.0. The notice on its original CD-ROM asks that the data
serve research and not be sold."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Convert as the options say; returns the exit status."""
    options = argparse.ArgumentParser(
        "python -m nn_scratch.data.unipen",
        description="Make pen.npz, the single letters and digits of UNIPEN as pen strokes.",
        epilog=ORIGINAL,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    options.add_argument("folder", type=Path, metavar="FOLDER", help="the original distribution")
    options.add_argument("out", type=Path, metavar="OUT.npz", help="the file to write, pen/pen.npz of the data folder")
    chosen = options.parse_args(arguments)
    recordings = find_recordings(chosen.folder)
    check_writable(chosen.out)
    pen, tally = convert(recordings, chosen.folder)
    write(pen, chosen.out)
    print(
        f"{chosen.out}: {len(pen.labels):,} characters of {len(np.unique(pen.writers)):,} writers; skipped "
        f"{tally.malformed:,} malformed segments, {tally.other_labels:,} that are no letter or digit, "
        f"{tally.left_out:,} recordings of {', '.join(sorted(LEFT_OUT))} and {tally.lost_files:,} missing files."
    )
    return 0


if __name__ == "__main__":
    sys.exit(run_command("nn_scratch.data.unipen", main))
