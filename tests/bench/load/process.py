"""A crowd in a process of its own, told what to do over a pipe."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Sequence
from multiprocessing.connection import Connection as Pipe
from typing import Any

from tests.bench.load.connection import Target
from tests.bench.load.crowd import Crowd, Seen


class CrowdProcess:
    """Runs on `core`, where there are several."""

    def __init__(
        self,
        core: int | None,
        writers: Sequence[Target],
        readers: Sequence[Target],
        cursors: bool,
        pausing: int = 0,
    ) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, other = context.Pipe()
        crowd = writers, readers, cursors, pausing
        self._process = context.Process(target=_run, args=(other, core, crowd), daemon=True)
        self._process.start()
        other.close()

    def grow(self, count: int) -> float:
        return float(self._ask("grow", count))

    def type(self, seconds: float) -> Seen:
        seen = self._ask("type", seconds)
        assert isinstance(seen, Seen)
        return seen

    def close(self) -> None:
        self._process.kill()
        self._process.join()

    def _ask(self, what: str, value: float) -> Any:
        self._pipe.send((what, value))
        answer = self._pipe.recv()
        if isinstance(answer, BaseException):
            raise answer
        return answer


def _run(pipe: Pipe, core: int | None, members: tuple[Sequence[Target], Sequence[Target], bool, int]) -> None:
    if core is not None:
        os.sched_setaffinity(0, {core})
    crowd = Crowd(*members)
    while True:
        what, value = pipe.recv()
        try:
            pipe.send(crowd.grow(value) if what == "grow" else crowd.type(value))
        except Exception as error:
            pipe.send(error)
