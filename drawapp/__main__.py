"""The command line of the app."""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Sequence
from pathlib import Path

from drawapp import __version__
from drawapp.reading.charset import Charset


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the app with `arguments` (those of the process by default). Returns the exit status."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.json and not options.image:
        parser.error("--json says how to print what --image read; name images with --image")
    if options.charset and not options.image:
        parser.error("--charset says what --image may read; in the window, the key H does")

    # Imported here, so that --help and --version are there at once.
    from drawapp.errors import tell
    from nn_scratch.errors import UserError

    try:
        return _run(options)
    except UserError as error:
        tell(str(error))
        return error.exit_status
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="drawapp", description="Draw a digit on a 28x28 grid and watch a NumPy network read it."
    )
    parser.add_argument(
        "--model", type=Path, metavar="PATH", help="the network to read with (default: the bundled one for digits)"
    )
    parser.add_argument(
        "--interval", type=_positive_seconds, default=1.0, metavar="SECONDS", help="time between readings (default: 1)"
    )
    parser.add_argument("--image", nargs="+", metavar="FILE", help="read images instead of opening a window")
    parser.add_argument(
        "--charset",
        "--only",  # its earlier name
        choices=["digits", "letters"],
        help="with --image: what the images show, of what the network knows",
    )
    parser.add_argument("--json", action="store_true", help="with --image: print one JSON object a line")
    parser.add_argument("--self-test", action="store_true", help="draw and read known digits; exit status 0 or 1")
    parser.add_argument("--screenshot", type=Path, metavar="FILE", help="draw a digit and save what one would see")
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    return parser


def _positive_seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not (math.isfinite(seconds) and seconds > 0):
        raise argparse.ArgumentTypeError(f"{text!r} is not a positive number of seconds, such as 0.5")
    return seconds


def _run(options: argparse.Namespace) -> int:
    from drawapp.reading import catalog as models
    from drawapp.reading import resources

    if not (options.image or options.self_test or options.screenshot):
        return _open_app(options)
    path = options.model or resources.default_model()
    recognizer = models.load(path)
    if options.image:
        from drawapp import headless as reading

        return reading.read_files(recognizer, options.image, options.json, Charset(options.charset or "all"))
    if options.self_test:
        from drawapp import self_test

        return self_test.run(recognizer)
    from drawapp import screenshot

    screenshot.save(recognizer, models.model_at(path).name, options.screenshot)
    return 0


def _open_app(options: argparse.Namespace) -> int:
    from drawapp import errors
    from drawapp.app import App
    from drawapp.reading.catalog import Models, offered

    models = Models(offered())
    if options.model:
        models.open(options.model)
    else:
        models.choose(0)
    app = App(models, options.interval)
    app.open()
    try:
        app.run()
    except Exception as error:
        errors.tell(errors.keep_crash(error, app.canvas), in_a_box=True)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
