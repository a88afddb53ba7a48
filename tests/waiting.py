"""Waiting in tests: for a condition, never for a time. The only place of the tests that sleeps on a real clock.

A condition is looked at again and again, and may take as long as a starved machine needs; nothing is decided by how
long it took.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

WITHIN = 180.0
"""Seconds after which anything is given up (a condition, a process, an answer, what a page is to show): it will never
come, whatever the machine. The only such limit of the tests; waiting for what comes costs nothing.
"""
BETWEEN = 0.02
"""Seconds between two looks."""


def until(condition: Callable[[], object], said: Callable[[], object] = str, within: float = WITHIN) -> None:
    """Returns once the condition holds; AssertionError with what `said()` tells when it never does."""
    end = time.monotonic() + within
    while not condition():
        assert time.monotonic() < end, said() or "it never came true"
        time.sleep(BETWEEN)


async def until_soon(condition: Callable[[], object], said: Callable[[], object] = str, within: float = WITHIN) -> None:
    """The same on an event loop, which goes on meanwhile."""
    end = time.monotonic() + within
    while not condition():
        assert time.monotonic() < end, said() or "it never came true"
        await asyncio.sleep(BETWEEN)


async def pace(seconds: float) -> None:
    """The rhythm of people who put a server under load; no verdict depends on it."""
    await asyncio.sleep(seconds)


def at_any_moment(seconds: float) -> None:
    """Lets so much time go by before a process is killed: any moment is as good."""
    time.sleep(seconds)
