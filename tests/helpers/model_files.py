"""Model files that `save` would not write: the same arrays with other metadata, or other fields."""

from __future__ import annotations

import io
import json
from pathlib import Path

import numpy as np


def rewritten(path: Path, **changes: object) -> Path:
    """`path` with `changes` in its metadata and the same arrays."""
    record = np.load(path)
    metadata = json.loads(bytes(record["about"])) | changes
    text = json.dumps(metadata).encode()
    fields = [("about", f"S{len(text)}"), *record.dtype.descr[1:]]
    other = np.zeros((), fields)
    for name in record.dtype.names or ():
        other[name] = record[name]
    other["about"] = text
    content = io.BytesIO()
    np.save(content, other)
    path.write_bytes(content.getvalue())
    return path


def with_layers(path: Path, **changes: dict[str, object]) -> Path:
    """`path` with other arguments for the first layer of each kind that is a key of `changes`."""
    layers = json.loads(bytes(np.load(path)["about"]))["layers"]
    for kind, arguments in changes.items():
        next(spec for spec in layers if spec["kind"] == kind).update(arguments)
    return rewritten(path, layers=layers)
