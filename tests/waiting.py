"""Waiting in tests: for conditions, not for a time. This is the only module of the tests that sleeps on a real clock.

A condition is checked repeatedly and may take as long as a busy machine needs; no test's result depends on how long it
took.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

WITHIN = 180.0
"""Seconds after which tests give up waiting for anything: a condition, a process, an answer, the content of a page. It
is the only such limit, and long enough for any machine, since waiting ends as soon as the condition holds.
"""
BETWEEN = 0.02
"""Seconds between two checks of a condition."""


def until(condition: Callable[[], object], said: Callable[[], object] = str, within: float = WITHIN) -> None:
    """Returns once the condition holds. Raises AssertionError, with the text of `said()`, if it does not hold within
    that many seconds.
    """
    end = time.monotonic() + within
    while not condition():
        assert time.monotonic() < end, said() or "it never came true"
        time.sleep(BETWEEN)


async def until_soon(condition: Callable[[], object], said: Callable[[], object] = str, within: float = WITHIN) -> None:
    """The same as `until` in a coroutine, without blocking the event loop."""
    end = time.monotonic() + within
    while not condition():
        assert time.monotonic() < end, said() or "it never came true"
        await asyncio.sleep(BETWEEN)


async def pace(seconds: float) -> None:
    """Waits between the actions of simulated people who put a server under load; no test's result depends on it."""
    await asyncio.sleep(seconds)


def at_any_moment(seconds: float) -> None:
    """Waits before a process is killed; the test must pass for any length of this time."""
    time.sleep(seconds)
