"""Whether two builds of one commit have the same contents: `python .ci/same_builds.py A/dist B/dist`.

Who builds the program anew can then tell that a download is made of this source and of nothing else. Compared by their
hashes are the files of the folder build and what is packed within a program: in `drawapp`, and among that in its
archive of modules.
"""

import hashlib
import sys
from collections.abc import Iterator
from pathlib import Path

from PyInstaller.archive.readers import CArchiveReader, ZlibArchiveReader

PROGRAMS = ("drawapp", "drawapp.exe")


def contents(build: Path) -> dict[str, str]:
    """The hash of everything in the folder `build`, by its name."""
    found = {}
    for path in sorted(each for each in build.rglob("*") if each.is_file()):
        name = path.relative_to(build).as_posix()
        found[name] = hashed(path.read_bytes())
        found |= {f"{name}: {member}": hashed(data) for member, data in members(path)}
    return found


def members(path: Path) -> Iterator[tuple[str, bytes]]:
    """What is packed within the program `path`; nothing for other files."""
    if path.name not in PROGRAMS:
        return
    archive = CArchiveReader(str(path))
    for name, (*_, kind) in archive.toc.items():
        yield name, archive.extract(name)
        if kind == "z":
            modules = archive.open_embedded_archive(name)
            assert isinstance(modules, ZlibArchiveReader)
            for module in modules.toc:
                yield f"{name}: {module}", modules.extract(module, raw=True) or b""


def hashed(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


if __name__ == "__main__":
    one, other = (contents(Path(build)) for build in sys.argv[1:])
    different = sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))
    for name in different:
        print(f"{name}: {'differs' if name in one and name in other else 'is in one of them only'}")
    print(f"{len(one)} and {len(other)} parts, {len(different)} differ")
    sys.exit(bool(different) or not one)
