"""The live channel: every committed change reaches its readers."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

from deliberation.kernel.state import State
from server.realtime.live import Live
from tests.simulation.virtual_time import pass_time, run


class Hall:
    """A congress whose fragments contain the size of its record when they were rendered, and for whom."""

    def __init__(self) -> None:
        self.state = State(size=7)
        self.live = Live(self.render)

    async def render(self, slug: str, topic: str, language: str, state: State, inside: bool) -> str | None:
        whom = " inside" if inside else ""
        return f"{topic} {state.size}{whom}" if topic in ("seance", "conduite") else None

    def commit(self) -> None:
        self.state = State(size=self.state.size + 1)
        self.live.announce("demo", self.state, ["scrutin-1"])

    def listen(self, since: int) -> AsyncIterator[bytes]:
        return self.live.listen("demo", "fr", ["conduite", "rien", "seance"], lambda: self.state, since)


async def told(stream: AsyncIterator[bytes]) -> tuple[list[str], str]:
    """The fragments in the next message, and the record size that the browser remembers from it."""
    events = (await anext(stream)).decode().split("\n\n")[:-1]
    ids = [line.removeprefix("id: ") for event in events for line in event.split("\n") if line.startswith("id: ")]
    found = [
        json.loads(line[6:])["html"] for event in events for line in event.split("\n") if line.startswith("data: ")
    ]
    assert len(ids) == 1, "a reader cut off between two fragments would miss the second"
    assert events[-1].startswith("id: ")
    return found, ids[0]


def test_a_commit_between_the_request_and_the_first_look_is_told() -> None:
    async def story() -> None:
        hall = Hall()
        stream = hall.listen(7)  # the page was made at seven entries
        hall.commit()  # before the answer begins
        await anext(stream)
        assert await told(stream) == (["conduite 8", "seance 8"], "8")

    run(story())


def test_who_has_seen_everything_is_told_what_comes_once() -> None:
    async def story() -> None:
        hall = Hall()
        stream = hall.listen(7)
        await anext(stream)
        coming = asyncio.ensure_future(told(stream))
        await pass_time(1)
        hall.commit()
        assert await coming == (["conduite 8", "seance 8"], "8")
        hall.live.announce("demo", hall.state, ["scrutin-1"])
        await pass_time(1)
        hall.commit()
        assert await told(stream) == (["conduite 9", "seance 9"], "9")
        hall.live.close()

    run(story())
