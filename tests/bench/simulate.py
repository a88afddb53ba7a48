"""Thousands of lives of one text in two processes, in virtual time; see `tests.simulation.two_nodes`."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator

from tests.bench.figures import Figure
from tests.bench.options import Options
from tests.simulation.two_nodes import play

TENS = 10


def measure(options: Options) -> Iterator[Figure]:
    lives = options.rounds * TENS
    first = options.seed * 1_000_000
    logging.disable(logging.CRITICAL)  # what goes wrong on purpose is no news
    began = time.perf_counter()
    failed = sum(not _goes_well(seed) for seed in range(first, first + lives))
    logging.disable(logging.NOTSET)
    yield Figure("lives of a text in two processes", lives, "")
    yield Figure("in which something was lost or differed", failed, "", 0)
    yield Figure("lives per second", lives / (time.perf_counter() - began), "")


def _goes_well(seed: int) -> bool:
    try:
        play([seed])
    except Exception as error:
        print(f"seed {seed}: {type(error).__name__} {error}", flush=True)
        return False
    return True
