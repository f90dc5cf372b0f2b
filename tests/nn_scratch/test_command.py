"""What commands share: sentences in place of tracebacks, one BLAS thread, options that are in range, bars.

Importing the library changes nothing in a program.
"""

from __future__ import annotations

import os
import subprocess
import sys
from argparse import ArgumentTypeError
from collections.abc import Callable
from pathlib import Path

import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from nn_scratch.checks import COUNT, FRACTION, NOT_NEGATIVE, POSITIVE
from nn_scratch.command import CLOSED_PIPE, THREAD_VARIABLES, Bar, image_size, number, run_command
from nn_scratch.errors import UserError
from tests.helpers import ROOT


def run_python(code: str) -> None:
    """Run `code` in a new process that has none of the thread variables."""
    environment = {name: value for name, value in os.environ.items() if name not in THREAD_VARIABLES}
    environment["PYTHONPATH"] = str(ROOT)
    subprocess.run([sys.executable, "-c", code], env=environment, timeout=60, check=True)


def blas_threads() -> list[int]:
    """The number of threads of each BLAS library in this process."""
    return [library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"]


def threads_of_a_command() -> list[int]:
    """What `blas_threads` says while a command runs."""
    seen = []

    def command() -> int:
        seen.extend(blas_threads())
        return 0

    assert run_command("test", command) == 0
    return seen


@pytest.mark.parametrize(
    ("error", "status", "printed"),
    [
        (UserError("The file is missing."), 2, "test: The file is missing.\n"),
        (UserError("It was stopped.", exit_status=130), 130, "test: It was stopped.\n"),
        (KeyboardInterrupt(), 130, "test: stopped.\n"),
    ],
)
def test_errors_end_a_command_with_a_sentence(
    error: BaseException, status: int, printed: str, capsys: pytest.CaptureFixture[str]
) -> None:
    def raising() -> int:
        raise error

    assert run_command("test", raising) == status
    assert capsys.readouterr().err == printed


def test_importing_the_library_leaves_the_environment_alone() -> None:
    run_python("import os; before = dict(os.environ); import nn_scratch, nn_scratch.train; assert os.environ == before")


def test_the_app_asks_for_one_thread_before_numpy_starts() -> None:
    run_python(
        "import drawapp; from threadpoolctl import threadpool_info\n"
        "assert all(library['num_threads'] == 1 for library in threadpool_info() if library['user_api'] == 'blas')"
    )


def test_a_command_uses_one_thread_and_puts_the_limit_back(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in THREAD_VARIABLES:
        monkeypatch.delenv(variable, raising=False)
    with threadpool_limits(2, user_api="blas"):
        before = blas_threads()
        assert threads_of_a_command() == [1] * len(before)
        assert blas_threads() == before


@pytest.mark.parametrize("variable", THREAD_VARIABLES)
def test_a_number_of_threads_that_the_user_set_stands(variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(variable, "2")
    with threadpool_limits(2, user_api="blas"):
        assert threads_of_a_command() == blas_threads()


def piped(code: str, lines: int, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `code` as a command whose output is read for so many lines and then no more; then its input ends."""
    script = f"import sys\nfrom nn_scratch.command import run_command\nsys.exit(run_command('test', {code}))"
    process = subprocess.Popen(
        [sys.executable, "-c", script],
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "", **environment},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stderr is not None
    read = "".join(process.stdout.readline() for _ in range(lines))
    process.stdout.close()
    process.stdin.close()
    errors = process.stderr.read()
    process.stderr.close()
    return subprocess.CompletedProcess(script, process.wait(60), read, errors)


MUCH = "lambda: [print(number) for number in range(10 ** 6)] and 0"
WAIT = "sys.stdin.read()"  # until nobody reads any more; it returns no text
LITTLE = f"lambda: {WAIT} or print('one line') or 0"  # it is written when the command ends
HELP = f"lambda: {WAIT} or __import__('nn_scratch.evaluate').evaluate.main(['--help'])"


@pytest.mark.skipif(os.name == "nt", reason="pipes break in another way on Windows")
@pytest.mark.parametrize(("code", "lines"), [(MUCH, 1), (LITTLE, 0), (HELP, 0)])
def test_a_reader_that_stops_reading_ends_a_command_quietly(code: str, lines: int) -> None:
    result = piped(code, lines)
    assert result.stderr == ""
    assert result.stdout == "0\n" * lines
    assert result.returncode == CLOSED_PIPE


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
def test_what_the_console_does_not_know_is_escaped(encoding: str) -> None:
    result = piped("lambda: print('\\u0416 \\udcff') or 0", 1, PYTHONIOENCODING=encoding)
    assert result.stderr == ""
    assert result.returncode == 0
    assert result.stdout == ("\u0416" if encoding == "utf-8" else r"\u0416") + r" \udcff" + "\n"


def test_a_sentence_that_the_console_does_not_know_is_escaped(tmp_path: Path) -> None:
    script = (
        "import sys; from nn_scratch.evaluate import main; from nn_scratch.command import run_command; "
        "sys.exit(run_command('test', main))"
    )
    name = os.fsdecode(b"caf\xe9.npy") if os.name != "nt" else "\u0416.npy"
    result = subprocess.run(
        [sys.executable, "-c", script, name],
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "ascii"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert result.returncode == 2
    assert result.stderr.startswith("test: There is no model file ")
    assert len(result.stderr.splitlines()) == 1


def test_numbers_and_fractions_are_read() -> None:
    assert number(COUNT)("1") == 1
    assert number(NOT_NEGATIVE)("0") == 0
    assert number(POSITIVE)("1e-3") == 0.001
    assert number(FRACTION)("0.25") == 0.25
    assert image_size("32x24") == (32, 24)


@pytest.mark.parametrize(
    ("read", "text", "message"),
    [
        (number(COUNT), "0", "0 is not a whole number of at least 1"),
        (number(COUNT), "1.5", "1.5 is not a whole number of at least 1"),
        (number(COUNT), "9" * 5000, "999"),  # Python reads no number of so many digits
        (number(NOT_NEGATIVE), "nan", "nan is not a number of at least 0"),
        (number(NOT_NEGATIVE), "inf", "inf is not a number of at least 0"),
        (number(POSITIVE), "0", "0 is not a number above 0"),
        (number(FRACTION), "1", "1 is not a number of at least 0 and below 1"),
        *((image_size, text, f"{text} is not a size") for text in ("32", "0x5", "5x2000", "-1x5", "5 x 5")),
    ],
)
def test_other_values_are_refused(read: Callable[[str], object], text: str, message: str) -> None:
    with pytest.raises(ArgumentTypeError, match=f"^{message}"):
        read(text)


def test_a_bar_is_silent_where_nobody_looks(capsys: pytest.CaptureFixture[str]) -> None:
    with Bar() as bar:
        bar.advance(1, 2)
        bar.note("Skipped 1 of 2 images in [mine\x1b].")
    assert capsys.readouterr() == ("", "Skipped 1 of 2 images in [mine\\x1b].\n")


@pytest.mark.parametrize("total", [2048, 0])  # 0 where the server does not tell it
def test_a_bar_shows_on_a_terminal_how_far_it_is(
    total: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")  # rich takes what is captured for a terminal
    monkeypatch.setenv("COLUMNS", "120")
    with Bar() as bar:
        bar.advance(1, 2)
    printed = capsys.readouterr().err
    assert "reading images" in printed
    assert "1/2" in printed
    with Bar() as bar:
        bar.note("Nothing was read.")
    assert capsys.readouterr().err == "Nothing was read.\n"
    with Bar("digits.gz") as bar:
        bar.total = total
        bar.update(1024)
    printed = capsys.readouterr().err
    assert "digits.gz" in printed
    assert ("1.0/2.0 kB" if total else "1.0/? kB") in printed
