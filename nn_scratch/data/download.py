"""Files from the network: downloaded once, verified, kept in the user's cache folder.

Data sets are too large to be part of the project. What a server sends may be damaged, cut short or another file, so a
file gets its place in the folder only after it is verified: what is there can be relied on.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from nn_scratch.command import Bar
from nn_scratch.errors import UserError
from nn_scratch.files import open_file

FOLDER_VARIABLE = "NN_SCRATCH_DATA"
TIMEOUT = 30  # seconds without a byte
CHUNK = 2**16  # bytes
LARGEST_ARCHIVE = 2**31  # bytes; EMNIST's has half a gigabyte


def data_folder() -> Path:
    """The folder of all data sets: `NN_SCRATCH_DATA` if it is set, else the user's cache folder of this system."""
    if folder := os.environ.get(FOLDER_VARIABLE):
        return Path(folder).expanduser()
    try:  # here, because the library needs nothing but NumPy where it is told its folder
        import platformdirs
    except ImportError as error:
        raise UserError(
            f"Nobody knows where data is kept: set {FOLDER_VARIABLE} to a folder, or: pip install platformdirs"
        ) from error
    return platformdirs.user_cache_path("nn_scratch", appauthor=False)


def fetch_missing(mirrors: Sequence[str], paths: Sequence[Path], verify: Callable[[Path], object]) -> None:
    """Download those of `paths`, files of one folder, that are missing; UserError where no mirror has the right file.

    `mirrors` are addresses that end with a slash, where files of the same names are; they are tried in turn. `verify`
    raises UserError for a file that is not the right one.
    """
    missing = [path for path in paths if not path.exists()]
    for path in missing:
        failures = [why for mirror in mirrors if (why := download(mirror, path, verify))]
        if not path.exists():  # the other files would fail the same way
            raise UserError(
                f"The data files {', '.join(each.name for each in missing)} are not in {path.parent} and could not be "
                f"downloaded ({'; '.join(dict.fromkeys(failures))}). Go online and try again, or put the files there, "
                f"or set {FOLDER_VARIABLE} to a folder that has them in {path.parent.name}/."
            )


def download(mirror: str, path: Path, verify: Callable[[Path], object]) -> str:
    """Download the file of `path`'s name, unless it is there; returns why that failed, and then nothing is there."""
    try:  # here, because data that is there is also read where nothing can be downloaded: in the executable
        import pooch

        bar = Bar(path.name)
    except ImportError:
        return "downloading needs pooch and rich, which are not installed"
    if path.exists():
        return ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=path.parent) as folder, bar:
            copy = Path(folder) / path.name
            downloader = pooch.HTTPDownloader(progressbar=bar, chunk_size=CHUNK, timeout=TIMEOUT)
            downloader(mirror + path.name, str(copy), None)
            verify(copy)
            os.replace(copy, path)
    except UserError:
        return f"the copy from {mirror} was damaged"
    except OSError as error:  # which includes every error of a connection
        return f"{mirror} gave {type(error).__name__}"
    return ""


def fetch_archive(mirrors: Sequence[str], path: Path, md5: str) -> None:
    """Download the archive `path` if it is missing, and verify it.

    MD5 is what its publishers give: it detects a damaged file, not a forged one, so no reader of an archive trusts a
    size or a name in it, and none unpacks it to disk. UserError where it cannot be had, or is another file.
    """

    def verify(copy: Path) -> None:
        with open_file(copy, LARGEST_ARCHIVE, "data file") as file:
            digest = hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False))
        if digest.hexdigest() != md5:
            raise broken_file_error(copy, f"it is not the published {path.name} (its MD5 differs)")

    if path.exists():
        verify(path)
    else:
        fetch_missing(mirrors, [path], verify)


def broken_file_error(path: Path, why: str) -> UserError:
    """The error for the data file `path`, which cannot be used; `why` is a clause that says what is wrong with it."""
    return UserError(
        f"The data file {path} cannot be used: {why}. Delete it to have it downloaded again, or replace it."
    )
