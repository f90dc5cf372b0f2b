"""Writes docs/api.md, the list of all public names, from the code: python docs/sources/api.py.

A list that is kept by hand is soon wrong. Here only the groups are chosen; a test says when the page is out of date.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, get_args

PAGE = Path(__file__).parent.parent / "api.md"
GROUPS = {  # the names of `nn_scratch`
    "Networks": "Network mlp preset PRESETS upright",
    "Layers": "Layer Dense DensePerChannel Conv2D UntiedConv2D MaxPool2D MeanPool2D GlobalMeanPool2D Maxout "
    "BatchNorm LayerNorm Dropout Residual Flatten Reshape Standardize Deslant ReLU LeakyReLU GELU Sigmoid Tanh "
    "Softmax Identity",
    "Losses": "Loss SoftmaxCrossEntropy BinaryCrossEntropy QuadraticLoss SoftmaxQuadratic Summed softmax",
    "Optimizers and schedules": "Optimizer SGD Adam constant cosine one_cycle stairs",
    "Training": "fit steps EpochReport StepReport find_learning_rate evaluate Score calibrate",
    "Data": "Dataset load_data load_test_set Augment Crop",
    "Learning from other networks": "Teachers adapt",
    "Model files": "save load",
    "Checks": "check_layer",
    "Types": "Array Images Labels Shape UserError",
    "Modules": "autograd export gradcheck __version__",
}
MODULES = {  # other public modules; without names, all of their `__all__`
    "nn_scratch.gradcheck": "check_gradients numerical_gradient GradientError",
    "nn_scratch.export": "",
    "nn_scratch.sklearn": "NNClassifier NNRegressor",
    "nn_scratch.autograd": "",
    "nn_scratch.autograd.scalar_nn": "Module Neuron Linear MLP Conv2D cross_entropy",
    "nn_scratch.explain.trace": "Trace trace gradients contributions is_exact direction connections",
    "nn_scratch.explain.images": "dream Fooled fool",
    "nn_scratch.explain.layers": "features nearest gradient_sizes first_weights",
    "nn_scratch.transfer.adapting": "AdaptReport compare variations",
    "nn_scratch.calibration": "reliability balanced_class_weights restore_frequencies accept",
}
VALUES = {  # what has no docstring
    "PRESETS": "The names that `preset` knows.",
    "Array": "An array of floats: float32 in use, float64 in gradient checks.",
    "Images": "An array of bytes (N, 28, 28), ink is high.",
    "Labels": "An array of class numbers (N,).",
    "Shape": "A tuple of whole numbers: the shape of one example, without the batch.",
    "NODES": "What each class of layers does in ONNX, as a function (layer, graph, name of x) -> name of y.",
    "__version__": "The version of the library.",
}
INTRODUCTION = """# The public names

What a program imports: `from nn_scratch import Dense, Network, fit`. What stands here goes only with a new major
version. Everything else may be imported, but may change. The docstrings say more: `help(name)`, or the pages that
`.ci/step docs` makes of them in `build/docs/`.

`import nn_scratch` needs NumPy and nothing else. `autograd`, `export`, `gradcheck` and the data loaders are imported
when they are first used. Written by `docs/sources/api.py`.
"""


def names_of(module: str) -> list[str]:
    """The public names of one of `MODULES`."""
    return MODULES[module].split() or sorted(import_module(module).__all__, key=str.lower)


def call_of(name: str, value: Any) -> str:
    """How `name` is called, such as Dense(outputs, initializer='he'); the name alone where it is not called."""
    if not (inspect.isclass(value) or inspect.isroutine(value)) or inspect.isabstract(value) or get_args(value):
        return name
    try:
        signature = inspect.signature(value)
    except ValueError:
        return name
    words = []
    for parameter in signature.parameters.values():
        default = parameter.default
        plain = (
            default is None or isinstance(default, int | float | str) or (type(default) is tuple and len(default) < 4)
        )
        optional = "" if default is parameter.empty else f"={default!r}" if plain else "=…"
        words.append(
            {"VAR_POSITIONAL": "*", "VAR_KEYWORD": "**"}.get(parameter.kind.name, "") + parameter.name + optional
        )
    return f"{name}({', '.join(words)})"


def summary_of(name: str, value: Any) -> str:
    """The first sentence of the docstring of `value`."""
    if name in VALUES:
        return VALUES[name]
    first = " ".join((inspect.getdoc(value) or "").partition("\n\n")[0].split())
    return re.split(r"(?<=\.) (?=[A-Z`])", first)[0]


def escaped(text: str) -> str:
    """`text` for a cell of a table: a star or a bar outside of code is only itself."""
    code = re.split(r"(`[^`]*`)", text)
    return "".join(words if number % 2 else re.sub(r"([*|])", r"\\\1", words) for number, words in enumerate(code))


def rows(module: str, names: list[str]) -> Iterator[str]:
    """The table of `names` of `module`."""
    yield from ("", "| name | what it is |", "| --- | --- |")
    for name in names:
        value = inspect.unwrap(getattr(import_module(module), name))
        call, summary = call_of(name, value), summary_of(name, value)
        yield f"| `{call}` | {escaped(summary)} |"


def render() -> str:
    """The whole page.

    Raises:
        ValueError: a public name of `nn_scratch` is in no group, or in two, or a group has a name that is not public.
    """
    grouped = [name for names in GROUPS.values() for name in names.split()]
    public = import_module("nn_scratch").__all__
    if sorted(grouped) != sorted(public):
        raise ValueError(f"GROUPS and nn_scratch.__all__ differ in {sorted(set(grouped) ^ set(public))}.")
    lines = [INTRODUCTION.rstrip()]
    for title, names in GROUPS.items():
        lines += ["", f"## {title}", *rows("nn_scratch", names.split())]
    for module in MODULES:
        lines += ["", f"## `{module}`", *rows(module, names_of(module))]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(render(), encoding="utf-8")
