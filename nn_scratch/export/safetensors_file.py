"""Safetensors: the file of plain arrays that PyTorch, JAX and other libraries exchange weights in.

Like a model file of this library it holds numbers and cannot run code. The arrays are laid out as PyTorch has them
(`torch_layout`), so a PyTorch model of the same layers loads them as they are. The file also tells the architecture, in
its metadata, so that `load_safetensors` makes the whole network again.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn_scratch.errors import UserError, shown
from nn_scratch.export.extras import extra
from nn_scratch.export.torch_layout import load_state_dict, state_dict
from nn_scratch.files import atomic_write, read_file
from nn_scratch.model_file import LONGEST_REASON, MAX_FILE_SIZE, check_numbers, describe, kept_metadata, network_for
from nn_scratch.network import Network

KEY = "nn_scratch"  # of the metadata: the same JSON as in a model file
LENGTH = 8  # bytes that tell how long the header is


def save_safetensors(network: Network, path: str | Path) -> None:
    """Write `network` to the safetensors file `path`, as a whole or not at all. The same network gives the same bytes.

    Raises:
        UserError: safetensors is not installed (the extra `safetensors`), or the file cannot be written.
        ValueError: as for `state_dict`, or `load_safetensors` could not make the same network again.
    """
    library = extra("safetensors.numpy")
    arrays = {name: np.ascontiguousarray(array, np.float32) for name, array in state_dict(network).items()}
    metadata, _ = describe(network)
    content = library.save(arrays, {KEY: metadata.decode()})
    with atomic_write(Path(path)) as file:
        file.write(content)


def load_safetensors(path: str | Path, network: Network | None = None) -> Network:
    """Read the safetensors file `path`: the network that was saved there or, if that is given, into `network`.

    A file that PyTorch wrote tells nothing of layers, so it needs a `network` to put the numbers into. Where they do
    not fit, `network` stays as it was.

    Raises:
        UserError: safetensors is not installed, or the file is missing or damaged, or does not fit the network.
    """
    library, path = extra("safetensors.numpy"), Path(path)
    content = read_file(path, MAX_FILE_SIZE, "safetensors file")
    try:
        arrays: dict[str, NDArray[Any]] = library.load(content)
        described = None if network else described_in(content)
        network = network or network_for(described, 4 * sum(array.size for array in arrays.values()))
        load_state_dict(network, arrays)
        if described:
            check_numbers(network)
            network.metadata = kept_metadata(described)
    except Exception as error:  # arbitrary bytes make the library fail in many ways
        raise UserError(f"{path} cannot be loaded: {shown(error, LONGEST_REASON).rstrip('.')}.") from error
    return network


def described_in(content: bytes) -> Any:
    """What the metadata of a safetensors file says of its network; ValueError where it says nothing."""
    length = int.from_bytes(content[:LENGTH], "little")
    header = json.loads(content[LENGTH : LENGTH + length])
    if KEY not in header.get("__metadata__", {}):
        raise ValueError("it does not tell the layers; give the network that the weights are for")
    return json.loads(header["__metadata__"][KEY])
