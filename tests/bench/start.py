"""How long a start takes once everything is set up: the launcher, from its first line to the first page."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator

import httpx

from tests.bench.figures import Figure
from tests.product_process import ROOT
from tests.server_process import Server, environment, free_port

ROUNDS = 3


def measure(server: Server) -> Iterator[Figure]:
    server.stop()
    yield Figure("warm start with the demonstration", min(_start(server) for _ in range(ROUNDS)), "s", 3)
    server.start()


def _start(server: Server) -> float:
    """Seconds until the congress answers."""
    port = free_port()
    began = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, str(ROOT / "run.py")],
        env=environment(server.data, PORT=str(port)),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    try:
        while not _answers(f"http://127.0.0.1:{port}/c/demo/"):
            if process.poll() is not None or time.monotonic() - began > 60:
                raise RuntimeError("the start failed")
            time.sleep(0.02)
        return time.monotonic() - began
    finally:
        process.terminate()
        process.wait()


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=5, trust_env=False).status_code == 200
    except httpx.TransportError:
        return False
