"""A server of data files that can misbehave."""

from __future__ import annotations

import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np


def idx_bytes(array: np.ndarray) -> bytes:
    """`array` (uint8) as an IDX file."""
    return struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *array.shape) + array.tobytes()


def parameter_id(value: object) -> str | None:
    """For `ids` of `parametrize`: compressed bytes contain the time, which must not be in the name of a test."""
    return "bytes" if isinstance(value, bytes) else None


class Server(ThreadingHTTPServer):
    """Serves `files` by name at "/mirror/"; "/broken/" damages them, "/cut/" hangs up halfway, "/down/" has none."""

    files: dict[str, bytes]
    requests: list[str]  # the mirror of each

    def address(self, mirror: str) -> str:
        return f"http://127.0.0.1:{self.server_port}/{mirror}/"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        _, mirror, name = self.path.split("/", 2)
        self.server.requests.append(mirror)
        content = self.server.files.get(name)
        if content is None or mirror == "down":
            self.send_error(503)
            return
        if mirror == "broken":
            content = content[:-4] + b"oops"
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content[: len(content) // 2] if mirror == "cut" else content)

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def serving(files: dict[str, bytes]) -> Iterator[Server]:
    """A server of `files` that runs as long as the block."""
    with Server(("127.0.0.1", 0), Handler) as server:
        server.files = files
        server.requests = []
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()
