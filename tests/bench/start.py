"""How long a start takes once everything is set up."""

from __future__ import annotations

import time
from collections.abc import Iterator

from tests.bench.figures import Figure
from tests.server_process import Server


def measure(server: Server) -> Iterator[Figure]:
    server.stop()
    began = time.monotonic()
    server.start()
    yield Figure("warm start with the demonstration", time.monotonic() - began, "s", 3)
