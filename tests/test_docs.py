"""The documentation tells the truth: its code is the real code, it runs, and what it names exists."""

from __future__ import annotations

import os
import re
import runpy
import subprocess
import sys
import textwrap
import tomllib
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

import nn_scratch
from nn_scratch.dataset import Dataset
from nn_scratch.recipes.digits import TEACHERS
from nn_scratch.recipes.making import command_for
from tests.helpers import ROOT

PAGES = {
    path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
    for path in (*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md")))
}
README, MATHEMATICS, MODELS, ARCHITECTURE = (
    PAGES[name] for name in ("README.md", "docs/mathematics.md", "docs/models.md", "docs/architecture.md")
)
LINKS = sorted({(page, link) for page, text in PAGES.items() for link in re.findall(r"\]\(([^)\s]+)\)", text)})
FOREIGN = {"--check", "--help", "--hypothesis-profile"}  # options of ruff, of every command, of pytest


def blocks(language: str, text: str) -> list[str]:
    """The fenced blocks of `language` in the page `text`."""
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


def anchors(text: str) -> set[str]:
    """What GitHub calls the headings of the page `text`."""
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def source(*folders: str) -> list[str]:
    """The text of every Python file in `folders`."""
    return [path.read_text(encoding="utf-8") for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]


def test_the_readme_is_short() -> None:
    assert len(README.splitlines()) <= 130


@pytest.mark.parametrize(("page", "link"), [(page, link) for page, link in LINKS if "://" not in link])
def test_links_lead_somewhere(page: str, link: str) -> None:
    name, _, anchor = link.partition("#")
    target = (ROOT / page).parent / name if name else ROOT / page
    assert target.exists()
    assert not anchor or anchor in anchors(target.read_text(encoding="utf-8"))


def test_the_options_that_are_named_exist() -> None:
    code = "".join(source("drawapp", "nn_scratch", "benchmarks"))
    for page, text in PAGES.items():
        for option in set(re.findall(r"(?<![\w-])--[a-z][a-z0-9-]*", text)) - FOREIGN:
            assert f'"{option}"' in code, f"{page}: {option}"


def test_the_commands_that_are_named_exist() -> None:
    for page, text in PAGES.items():
        for module in re.findall(r"python3? -m ((?:nn_scratch|drawapp)[\w.]*\w)", text):
            assert find_spec(module), f"{page}: {module}"


def test_the_test_command_of_the_readme_is_a_line_of_shell() -> None:
    (line,) = re.findall(r"^.*venv .*pytest.*$", README, re.MULTILINE)  # .ci/run runs it as it stands there
    assert any(block.strip() == line for block in blocks("sh", README))


def test_every_library_that_is_installed_is_explained() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    groups = (project["dependencies"], *project["optional-dependencies"].values())
    explained = README.partition("## Libraries")[2]
    for requirement in (requirement for group in groups for requirement in group):
        library = re.split(r"[>=<]", requirement)[0]
        assert re.search(rf"^\| (?:[\w-]+, )*{library}\b.*\|", explained, re.MULTILINE), library


def test_the_code_of_the_readme_runs(small_digits: tuple[Dataset, Dataset], tmp_path: Path) -> None:
    (code,) = blocks("python", README)
    assert '"mnist"' in code
    np.savez(tmp_path / "small.npz", images=small_digits[0].images, labels=small_digits[0].labels)
    result = subprocess.run(
        [sys.executable, "-c", code.replace('"mnist"', '"small.npz"')],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    *epochs, answers = result.stdout.splitlines()
    assert [line.split()[0] for line in epochs] == [str(epoch) for epoch in range(1, 11)]
    assert answers.count("[") == 2
    assert nn_scratch.load(tmp_path / "mine.npy").parameters.size == 40_785


def test_the_walk_through_is_what_its_code_prints() -> None:
    render = runpy.run_path(str(ROOT / "docs" / "sources" / "backpropagation.py"))["render"]
    page = PAGES["docs/backpropagation.md"]
    assert render(page) == page, "run: python docs/sources/backpropagation.py"
    slopes = re.findall(r"^the slope of W1\[1, 0\].*", page, re.MULTILINE)
    assert len({number for line in slopes for number in re.findall(r"\d+\.\d{6}", line)}) == 1  # found in three ways


def test_the_code_of_the_mathematics_is_the_real_code() -> None:
    files = source("nn_scratch")
    found = blocks("python", MATHEMATICS)
    assert len(found) >= 6
    for block in found:
        indented = [textwrap.indent(block, " " * depth) for depth in range(0, 20, 4)]
        assert any(code in file for code in indented for file in files), block


def tree() -> Iterator[str]:
    """The folders and modules that the tree of the architecture names, as paths."""
    (block,) = blocks("", ARCHITECTURE.partition("## Dependencies")[0])
    path: list[str] = []
    for line in filter(None, block.splitlines()):
        depth = (len(line) - len(line.lstrip())) // 2
        path[depth:] = [line.split()[0].rstrip("/")]
        yield "/".join(path)


def test_the_tree_of_the_architecture_is_the_real_tree() -> None:
    named = list(tree())
    modules = [path for package in ("nn_scratch", "drawapp") for path in sorted((ROOT / package).rglob("*.py"))]
    rooms = {path.parent if path.name == "__init__.py" else path for path in modules}
    real = {room.relative_to(ROOT).as_posix() for room in rooms}
    assert len(named) == len(set(named))
    assert {name for name in named if name not in real} == set(), "these are named, but do not exist"
    assert {name for name in real if name not in named} == set(), "these exist, but are not named"


def test_every_folder_and_file_beside_the_packages_exists() -> None:
    named = re.findall(
        r"^\| `([\w./]+)` \|", ARCHITECTURE.partition("Beside them:")[2].partition("##")[0], re.MULTILINE
    )
    assert {"models/", "docs/", "examples/", "benchmarks/", "tests/"} <= set(named)
    assert all((ROOT / name).exists() for name in named)


@pytest.mark.parametrize(("journey", "most"), [("stroke", 16), ("gradient", 8)])
def test_the_journeys_are_short(journey: str, most: int) -> None:
    section = ARCHITECTURE.partition(f"## The journey of a {journey}\n")[2].partition("\n## ")[0]
    files = re.findall(r"^\d+\. \[`[\w./]+`\]\(([\w./]+)\)", section, re.MULTILINE)
    assert 5 <= len(files) <= most
    assert len(files) == len(set(files)), "no file is entered twice"


def test_the_model_card_describes_the_bundled_models() -> None:
    models = sorted((ROOT / "models").glob("*.npy"))
    for path in models:
        row = next(line for line in MODELS.splitlines() if line.startswith(f"| `{path.name}` |"))
        assert row.endswith(f"| {nn_scratch.load(path).parameters.size:,} |")
    section = MODELS.partition("## Training\n")[2].partition("\n## ")[0]
    made = re.findall(r"^\| `([\w-]+\.npy)`.*?\| `(python -m nn_scratch\.recipes\.\w+)` \|", section, re.MULTILINE)
    assert {name for name, _ in made} == {path.name for path in models} | {Path(path).name for path in TEACHERS}
    assert all(command == command_for(name) for name, command in made)
    order = [name for name, _ in made]
    for student, teachers in (("digits.npy", TEACHERS), ("letters.npy", ["models/letters-convnet.npy"])):
        assert all(order.index(Path(teacher).name) < order.index(student) for teacher in teachers)


@pytest.mark.parametrize("page", ["docs/models.md", "docs/benchmarks.md"])
def test_every_number_has_a_cell_of_its_own(page: str) -> None:
    for line in PAGES[page].splitlines():
        if line.startswith("|"):
            cells = line.strip("|").split("|")[1:]
            assert not any(re.search(r"[\d%][,;:·] +\d", cell) for cell in cells), line
