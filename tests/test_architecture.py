"""The house keeps its shape: which rooms there are, which way imports run, and what a batch enters as it runs.

Everything is read from the code itself. The floors below are the plan of docs/architecture.md.
"""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path
from types import FrameType
from typing import NamedTuple

import numpy as np
import pytest

from nn_scratch import Dataset, mlp, steps
from tests.helpers import ROOT

# The rooms of each package, from the ground up. A room imports from lower floors only; a room is a file or a folder.
FLOORS = {
    "nn_scratch": (
        ("arrays", "errors"),
        ("checks",),
        ("files", "initializers", "limits"),
        ("dataset", "layers", "losses", "optimizers"),
        ("convolution", "gradcheck", "network", "normalization"),
        ("metrics", "model_file"),
        ("training",),
        ("autograd", "ink", "zoo"),
        ("calibration", "command", "engines", "explain", "export", "rate_finder", "runs"),
        ("data",),
        ("parallel", "plots", "sklearn", "transfer"),
        ("recipes",),
        ("evaluate", "gradients", "report", "rounding", "train"),
        ("__init__",),
    ),
    "drawapp": (
        ("__init__",),
        ("console", "drawing"),
        ("session",),
        ("errors", "reading"),
        ("desktop_entry", "headless", "learning", "licenses"),
        ("ui",),
        ("app", "screenshot"),
        ("__main__",),
    ),
}
NEIGHBOURS = {"data", "recipes"}  # a data set has a name, and what a recipe makes of pen strokes may be one
GROUND = {"arrays", "checks", "errors", "files", "initializers", "limits"}
CORE = {"layers", "convolution", "normalization", "losses", "optimizers", "network", "training", "metrics"}
CORE |= {"model_file", "dataset", "gradcheck"}
COMMANDS = {"command", "evaluate", "gradients", "report", "rounding", "train"}
COMMANDS |= {"data.gallery", "data.folder", "recipes.sample", "recipes.convert", "recipes.making"}
LONGEST_FUNCTION = 50  # lines, so that it fits on a screen
CODE = sorted(path for folder in ("nn_scratch", "drawapp") for path in (ROOT / folder).rglob("*.py"))
ALL_CODE = [*CODE, *sorted(p for folder in ("tests", "benchmarks", "examples") for p in (ROOT / folder).rglob("*.py"))]


class Import(NamedTuple):
    """`importer` imports `imported`, both dotted names of modules."""

    importer: str
    imported: str


def name_of(path: Path) -> str:
    """The dotted name of the module in `path`; a package is called by its folder."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {name_of(path): path for path in CODE}


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(tree(path)))


def imports_of(path: Path) -> Iterator[str]:
    """The names of all that is imported in `path`, also inside functions and for types alone."""
    for node in nodes(path):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.module is not None, f"{path}: absolute imports only; a frozen program has no other"
            assert node.level == 0, f"{path}: absolute imports only; a frozen program has no other"
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield whole if whole in MODULES else node.module


IMPORTS = [Import(name, imported) for name, path in MODULES.items() for imported in imports_of(path)]
INSIDE = [each for each in IMPORTS if each.imported in MODULES and each.importer != each.imported]


def room_of(module: str) -> str:
    """The room of a package that `module` lies in: its file or folder in the root of the package."""
    return (module.split(".")[1:] or ["__init__"])[0]


@pytest.mark.parametrize("package", FLOORS)
def test_the_root_of_a_package_holds_only_the_rooms_of_the_plan(package: str) -> None:
    found = {path.stem for path in (ROOT / package).glob("*.py")}
    found |= {path.parent.name for path in (ROOT / package).glob("*/__init__.py")}
    assert found == {room for floor in FLOORS[package] for room in floor}


@pytest.mark.parametrize("package", FLOORS)
def test_imports_between_rooms_run_downwards(package: str) -> None:
    floor_of = {room: number for number, floor in enumerate(FLOORS[package]) for room in floor}
    for importer, imported in INSIDE:
        if importer.split(".")[0] == imported.split(".")[0] == package:
            one, other = room_of(importer), room_of(imported)
            neighbours = package == "nn_scratch" and {one, other} == NEIGHBOURS
            assert one == other or neighbours or floor_of[one] > floor_of[other], f"{importer} imports {imported}"


def test_no_module_imports_itself_by_a_detour() -> None:
    graph: dict[str, set[str]] = {}
    for importer, imported in INSIDE:
        graph.setdefault(importer, set()).add(imported)
    list(TopologicalSorter(graph).static_order())  # raises CycleError, which names the circle


def test_the_library_knows_nothing_of_the_app() -> None:
    foreign = ("drawapp", "pygame")
    assert not [e for e in IMPORTS if e.importer.startswith("nn_scratch") and e.imported.split(".")[0] in foreign]


def test_drawing_reading_and_the_session_need_no_window() -> None:
    rooms = ("drawapp.drawing", "drawapp.learning", "drawapp.reading", "drawapp.session")
    assert not [e for e in IMPORTS if e.importer.startswith(rooms) and e.imported.startswith("pygame")]
    headless = [name for name in MODULES if name.startswith((*rooms, "drawapp.headless", "drawapp.errors"))]
    code = f"import sys, {', '.join(headless)}\nassert not [n for n in sys.modules if n.startswith('pygame')]"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


def test_the_app_needs_no_library_that_the_executable_leaves_out() -> None:
    names = [name for name in MODULES if name.startswith("drawapp") and not name.endswith("__main__")]
    absent = ["matplotlib", "onnx", "pooch", "requests", "rich", "safetensors", "scipy", "sklearn", "torch"]
    absent += ["threadpoolctl"]
    code = f"""
import sys
for name in {absent}:
    sys.modules[name] = None  # importing it fails
import {", ".join(names)}
"""
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


def test_the_core_needs_numpy_and_the_ground_floor_alone() -> None:
    """What one reads in an evening leads nowhere else."""
    for importer, imported in IMPORTS:
        if room_of(importer) in CORE and importer.startswith("nn_scratch."):
            inside = imported.startswith("nn_scratch") and room_of(imported) in CORE | GROUND
            standard = imported.split(".")[0] in {*sys.stdlib_module_names, "numpy"}
            assert inside or standard, f"{importer} imports {imported}"


def test_one_step_of_training_enters_few_files() -> None:
    """The batch, the network and its layers, the loss, the optimizer: measured as it runs."""
    rng = np.random.default_rng(0)
    data = Dataset(rng.integers(0, 256, (40, 28, 28), dtype=np.uint8), np.arange(40) % 10)
    reports = steps(mlp((5,)).initialize(rng), data, None, rng, batch_size=10)
    next(reports)  # the first one prepares
    entered: set[str] = set()

    def note(frame: FrameType, event: str, argument: object) -> None:
        path = Path(frame.f_code.co_filename)
        if event == "call" and path.is_relative_to(ROOT / "nn_scratch"):
            entered.add(path.stem)

    sys.setprofile(note)
    next(reports)
    sys.setprofile(None)
    assert entered - GROUND - {"metrics"} == {"training", "network", "layers", "losses", "optimizers"}


def test_the_engines_know_nothing_of_the_derivations() -> None:
    allowed = ("arrays", "autograd", "errors", "files")
    known = {e.imported for e in INSIDE if e.importer.startswith("nn_scratch.autograd")}
    assert all(imported.removeprefix("nn_scratch.").startswith(allowed) for imported in known)


def test_only_commands_of_the_library_print() -> None:
    for name, path in MODULES.items():
        if name.startswith("nn_scratch.") and name.removeprefix("nn_scratch.") not in COMMANDS:
            calls = [node.func for node in nodes(path) if isinstance(node, ast.Call)]
            assert not [f for f in calls if isinstance(f, ast.Name) and f.id == "print"], name


def test_every_module_opens_by_saying_why_it_exists() -> None:
    assert not [name for name, path in MODULES.items() if not ast.get_docstring(tree(path))]


def test_functions_fit_on_a_screen() -> None:
    for path in ALL_CODE:
        for node in nodes(path):
            if isinstance(node, ast.FunctionDef):
                told = len((ast.get_docstring(node, clean=False) or "").splitlines())
                assert (node.end_lineno or 0) - node.lineno - told <= LONGEST_FUNCTION, f"{path}: {node.name}"


def defined_names(module: ast.Module) -> Iterator[str]:
    """The names that a module defines at its top level."""
    for node in module.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        yield from (target.id for target in targets if isinstance(target, ast.Name))


def test_an_underscore_marks_what_only_its_class_touches() -> None:
    for path in CODE:
        names = defined_names(tree(path))
        assert not [name for name in names if name.startswith("_") and not name.startswith("__")], path
        for node in nodes(path):
            if isinstance(node, ast.Attribute) and node.attr.startswith("_") and not node.attr.startswith("__"):
                assert isinstance(node.value, ast.Name), f"{path}: {node.attr}"
                assert node.value.id in ("self", "cls", "sys"), f"{path}: {node.attr}"  # sys._MEIPASS of PyInstaller


def test_the_installed_packages_are_the_rooms() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
    folders = {name for name, path in MODULES.items() if path.name == "__init__.py"}
    assert set(settings["packages"]) == folders | set(settings["package-dir"])
