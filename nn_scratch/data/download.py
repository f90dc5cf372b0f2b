"""Files from the network: fetched once, verified, kept in the user's cache folder."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import platformdirs
import pooch

from nn_scratch.data.idx import broken
from nn_scratch.data.progress import DownloadBar
from nn_scratch.errors import UserError

VARIABLE = "NN_SCRATCH_DATA"
TIMEOUT = 30  # seconds without a byte
CHUNK = 2**16  # bytes


def data_folder() -> Path:
    """Where data sets lie: `NN_SCRATCH_DATA` if it is set, else the user's cache folder of this system."""
    chosen = os.environ.get(VARIABLE)
    return Path(chosen).expanduser() if chosen else platformdirs.user_cache_path("nn_scratch", appauthor=False)


def fetch(mirrors: Sequence[str], path: Path, verify: Callable[[Path], object]) -> list[str]:
    """Download the file of `path`'s name from the first mirror whose copy passes `verify`.

    `path` then holds all of the file; where every mirror failed it is as it was, and why each did is returned.

    Args:
        mirrors: addresses that end with a slash.
        verify: raises UserError for a file that is not the right one.
    """
    failures = []
    for mirror in mirrors:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=path.parent) as folder, DownloadBar(path.name) as bar:
                copy = Path(folder) / path.name
                download = pooch.HTTPDownloader(progressbar=bar, chunk_size=CHUNK, timeout=TIMEOUT)
                download(mirror + path.name, str(copy), None)
                verify(copy)
                os.replace(copy, path)
            return []
        except UserError:
            failures.append(f"what {mirror} gave was damaged")
        except OSError as error:  # which includes every error of a connection
            failures.append(f"{mirror} gave {type(error).__name__}")
    return failures


def archive(mirrors: Sequence[str], path: Path, md5: str) -> Path:
    """`path`, an archive that is downloaded if it is missing, and verified.

    MD5 is what its publishers give: it tells a damaged file, not a forged one, so readers trust no size or name in it.

    Raises:
        UserError: it is missing and cannot be downloaded, or is another file.
    """

    def verify(copy: Path) -> None:
        try:
            with copy.open("rb") as file:
                digest = hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False))
        except OSError as error:
            raise UserError(f"Cannot read {copy}: {error.strerror or error}.") from error
        if digest.hexdigest() != md5:
            raise broken(copy, f"it is not the published {path.name} (its MD5 differs)")

    if path.exists():
        verify(path)
    elif failures := fetch(mirrors, path, verify):
        raise unavailable([path.name], path.parent, failures)
    return path


def unavailable(names: Sequence[str], folder: Path, failures: Sequence[str]) -> UserError:
    """The sentence for data that is neither here nor to be had."""
    return UserError(
        f"The data files {', '.join(names)} are not in {folder} and could not be downloaded "
        f"({'; '.join(dict.fromkeys(failures))}); go online and try again, or put the files there, or set {VARIABLE} "
        f"to the folder that has them in {folder.name}/."
    )
