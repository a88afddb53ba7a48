"""An event loop in which waiting takes no time: the clock jumps to whatever comes next."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class _Jumping(selectors.DefaultSelector):
    """A selector that moves the loop's clock instead of sleeping."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            raise RuntimeError("nothing will ever happen again")
        self.now += max(timeout, 0.0)
        return super().select(0)


class VirtualLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._jumping = _Jumping()
        self.latency: Callable[[], float] = float
        super().__init__(self._jumping)

    def time(self) -> float:
        return self._jumping.now

    def run_in_executor(self, executor: Any, work: Callable[..., T], *given: Any) -> asyncio.Future[T]:  # type: ignore[override]
        """What is meant for a thread is done within the loop after `latency()` seconds, and answered as much later."""
        answer: asyncio.Future[T] = self.create_future()

        def do() -> None:
            try:
                self.call_later(self.latency(), _answer, answer, answer.set_result, work(*given))
            except Exception as error:
                self.call_later(self.latency(), _answer, answer, answer.set_exception, error)

        self.call_later(self.latency(), do)
        return answer


def _answer(answer: asyncio.Future[Any], say: Callable[[Any], None], value: Any) -> None:
    if not answer.done():
        say(value)


def run(work: Coroutine[Any, Any, T]) -> T:
    """`asyncio.run` in virtual time."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(work)


async def pass_time(seconds: float) -> None:
    """Lets that time go by on a scripted clock, at once; it may not be called on a real one."""
    assert isinstance(asyncio.get_running_loop(), VirtualLoop)
    await asyncio.sleep(seconds)
