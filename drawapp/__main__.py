"""The command line of the app: python -m drawapp --help.

The window is one way to use the recognizer; scripts read image files, and whoever builds or installs the app tests it.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from drawapp import __version__, console
from drawapp.reading.charset import Charset
from drawapp.session import language, settings
from nn_scratch.command import end_quietly

if TYPE_CHECKING:
    from drawapp.session.session import Session


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the app with `arguments` (those of the process by default). Returns the exit status."""
    console.attach()
    return end_quietly(lambda: answer(arguments))


def answer(arguments: Sequence[str] | None) -> int:
    """Do what `arguments` ask for, and tell what is wrong. Returns the exit status."""
    parser = build_parser()
    args = parser.parse_args(arguments)
    if args.json and not args.image:
        parser.error("--json says how the answers for image files are printed; name the files with --image")
    if args.place and not args.screenshot:
        parser.error("--place says what the screenshot shows; name its file with --screenshot")
    if args.charset and not args.image:
        parser.error("--charset says what the image files show; name them with --image (in the window, press H)")

    # Imported here, so that --help and --version answer at once.
    from drawapp.errors import tell
    from nn_scratch.errors import UserError

    try:
        return run(args)
    except UserError as error:
        tell(str(error))
        return error.exit_status
    except KeyboardInterrupt:
        return 130


def build_parser() -> argparse.ArgumentParser:
    """The options of the command line."""
    parser = argparse.ArgumentParser(
        prog="drawapp", description="Draw a digit on a 28x28 grid and watch a NumPy network read it."
    )
    parser.add_argument(
        "--model", type=Path, metavar="PATH", help="the model file to read with (default: the bundled one for digits)"
    )
    parser.add_argument(
        "--interval", type=positive_seconds, default=1.0, metavar="SECONDS", help="time between readings (default: 1)"
    )
    parser.add_argument("--image", nargs="+", metavar="FILE", help="read image files instead of opening a window")
    parser.add_argument(
        "--charset",
        "--only",  # its earlier name
        choices=[Charset.DIGITS.value, Charset.LETTERS.value],
        help="with --image: the answers have only digits, or only letters",
    )
    parser.add_argument("--json", action="store_true", help="with --image: print one JSON object per line")
    parser.add_argument("--self-test", action="store_true", help="draw and read sample digits; exit status 0 or 1")
    parser.add_argument(
        "--screenshot", type=Path, metavar="FILE", help="draw a digit and save an image of what the window shows"
    )
    parser.add_argument(
        "--place", choices=["draw", "inside", "learn"], help="with --screenshot: which place it shows (default: draw)"
    )
    parser.add_argument("--theme", choices=settings.THEMES, help="the colours of the window (default: as chosen last)")
    parser.add_argument(
        "--language", choices=language.available(), help="the language of the window (default: the system's)"
    )
    parser.add_argument("--new", action="store_true", help="begin with an empty sheet, not with the last drawing")
    parser.add_argument(
        "--report", type=Path, metavar="FILE", help="append what happens in the window to a file, as JSON lines"
    )
    parser.add_argument("--install-desktop", action="store_true", help="put the program into the menu (Linux)")
    parser.add_argument("--uninstall-desktop", action="store_true", help="take it out of the menu again")
    parser.add_argument("--licenses", action="store_true", help="print the licenses of all that the program contains")
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    return parser


def positive_seconds(text: str) -> float:
    """The number that `text` holds, for argparse: a finite number of seconds above 0."""
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not (math.isfinite(seconds) and seconds > 0):
        raise argparse.ArgumentTypeError(f"{text!r} is not a positive number of seconds, such as 0.5")
    return seconds


def run(args: argparse.Namespace) -> int:
    """Do what `args` ask for. Returns the exit status."""
    if args.licenses:
        from drawapp import licenses

        return licenses.print_all()
    if args.install_desktop or args.uninstall_desktop:
        from drawapp import desktop_entry

        print(desktop_entry.install() if args.install_desktop else desktop_entry.uninstall())
        return 0
    if not (args.image or args.self_test or args.screenshot):
        return open_app(args)

    from drawapp import headless
    from drawapp.reading import catalog

    path = args.model or catalog.default_model().path
    recognizer = catalog.load_recognizer(path)
    if args.image:
        return headless.read_files(recognizer, args.image, args.json, Charset(args.charset or "all"))
    if args.self_test:
        return headless.self_test(recognizer)

    from drawapp import screenshot  # here, because reading image files needs no pygame

    language.choose([args.language])  # not as the user has chosen: the same command makes the same image anywhere
    looks = settings.Preferences(theme=args.theme or "dark")
    screenshot.save(recognizer, catalog.model_at(path).name, args.screenshot, looks, place=args.place or "draw")
    return 0


def begin_session(args: argparse.Namespace) -> Session:
    """The settings, the language, the kept drawing and the report that the window begins with."""
    from drawapp.session.session import user_session
    from drawapp.ui.window import system_languages

    session = user_session(args.report, args.new)
    if args.theme:
        session.settings.set_aside(theme=args.theme)
    language.choose([args.language, session.settings.values.language, *system_languages()])
    return session


def open_app(args: argparse.Namespace) -> int:
    """Open the window and run the app until the user closes it. Returns the exit status, 1 after a crash."""
    from drawapp import errors
    from drawapp.app import App
    from drawapp.reading.catalog import Catalog, offered
    from drawapp.session import leftovers
    from nn_scratch.errors import UserError

    leftovers.tidy()
    models = Catalog(offered())
    if args.model:
        models.open(args.model)
    else:
        models.choose(0)
    session = begin_session(args)
    app = App(models, args.interval, session=session)
    try:
        app.open()
        app.run()
    except UserError:
        raise
    except Exception as error:
        errors.tell(errors.keep_crash(error, app.canvas), in_a_box=True)
        return 1
    finally:
        session.reporter.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
