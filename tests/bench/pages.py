"""What the public pages weigh and how fast they are answered."""

from __future__ import annotations

import gzip
import re
import time
from collections.abc import Iterator

import httpx

from tests.bench.figures import Figure, percentile
from tests.server_process import Server

PAGES = ("", "temoignages", "temoignages/1", "cartes/1", "motions/1", "amendements", "registre")
LOADED = re.compile(r"""(?:src|href)="(/static/[^"]+)\"""")
ROUNDS = 60


def measure(server: Server) -> Iterator[Figure]:
    with httpx.Client(base_url=server.url, timeout=30, trust_env=False) as client:
        for page in PAGES:
            yield from weigh(client, f"/c/demo/{page}")
        yield from hurry(client, "/c/demo/")


def weigh(client: httpx.Client, address: str) -> Iterator[Figure]:
    """The page with all that it loads, compressed, and the number of requests."""
    page = client.get(address).raise_for_status()
    loaded = sorted(set(LOADED.findall(page.text)))
    bodies = [page.content, *(client.get(path).raise_for_status().content for path in loaded)]
    yield Figure(f"{address} compressed", sum(len(gzip.compress(body)) for body in bodies) / 1000, "kB", 60)
    yield Figure(f"{address} requests", len(bodies), "", 8)


def hurry(client: httpx.Client, address: str) -> Iterator[Figure]:
    seconds = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        client.get(address).raise_for_status()
        seconds.append(time.perf_counter() - began)
    yield Figure(f"{address} median answer", percentile(seconds, 0.5) * 1000, "ms")
    yield Figure(f"{address} slowest of a hundred", percentile(seconds, 0.99) * 1000, "ms")
