"""Voters in a process of their own: each has a live channel open, votes once at a moment by chance, retries until told.

Run as `python -m tests.bench.load.voters`: a `Task` as JSON on standard input, a `Seen` as JSON on standard output.
"""

from __future__ import annotations

import asyncio
import dataclasses
import json
import random
import re
import sys
import time
from dataclasses import dataclass, field
from typing import Any

CHOICES = ("pour", "contre", "abstention")
PAUSE = 0.25
"""Seconds between two tries, as when the server is away."""
CONTENT_LENGTH = re.compile(rb"(?i)\r\ncontent-length: *(\d+)")
"""A server that is killed while it answers may have sent the head alone."""


@dataclass(frozen=True)
class Task:
    """Ballots spread over `seconds`; a share of `doubled` presses twice at once. `live`: with a channel each.

    `papers` says how many sorts of secret papers there are, 0 for a roll-call.
    """

    port: int
    slug: str
    poll: int
    sessions: tuple[str, ...]
    seconds: float
    doubled: float = 0.05
    live: bool = True
    seed: int = 1
    papers: int = 0


@dataclass
class Seen:
    """`latencies` run from the moment a voter meant to vote to the confirmation read, in seconds.

    `confirmed` maps the rank of a voter to (choice, entry). `refused` are answers that said no. `late` is how far
    behind its own plan the generator ran, `load` the share of a core that it used.
    """

    latencies: list[float] = field(default_factory=list)
    confirmed: dict[int, tuple[str, int]] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    late: list[float] = field(default_factory=list)
    tries: int = 0
    took: float = 0.0
    load: float = 0.0


class Voter:
    """One browser: cookie, command id, connection."""

    def __init__(self, task: Task, rank: int, seen: Seen) -> None:
        self.task, self.rank, self.seen = task, rank, seen
        self.choice = str(rank % task.papers) if task.papers else CHOICES[rank % 3]
        self._head = f"Host: 127.0.0.1:{task.port}\r\nCookie: pleniere={task.sessions[rank]}\r\n"

    async def listen(self) -> None:
        """Holds a live channel open, and reads what comes."""
        topics = f"vote,scrutin-{self.task.poll}"
        asked = f"GET /c/{self.task.slug}/direct?sujets={topics}&depuis=999999999 HTTP/1.1\r\n{self._head}\r\n"
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.task.port)
            writer.write(asked.encode())
            while await reader.read(65_536):
                pass
        except OSError:
            pass

    async def vote(self, due: float) -> None:
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        self.seen.late.append(time.monotonic() - due)
        presses = 2 if random.random() < self.task.doubled else 1
        answers = await asyncio.gather(*(self._until_told() for _ in range(presses)))
        self.seen.latencies.append(time.monotonic() - due)
        for status, body in answers:
            if status == 200:
                self.seen.confirmed[self.rank] = (self.choice, body["entries"][0][0])
            else:
                self.seen.refused.append(f"{status} {body.get('code', '')}")

    async def _until_told(self) -> tuple[int, dict[str, Any]]:
        """Sends the same command until the server has answered, whatever happens to it meanwhile."""
        while True:
            self.seen.tries += 1
            try:
                status, body = await self._ask()
            except (OSError, EOFError, ValueError):
                await asyncio.sleep(PAUSE)
                continue
            if status < 500:
                return status, json.loads(body)
            await asyncio.sleep(PAUSE)

    async def _ask(self) -> tuple[int, bytes]:
        said = ("ballot.cast_secret", "paper", int(self.choice)) if self.task.papers else None
        name, field_, value = said or ("ballot.cast", "choice", self.choice)
        data = {"poll": self.task.poll, field_: value}
        body = json.dumps({"id": f"ballot-{self.rank}", "name": name, "data": data}).encode()
        asked = (
            f"POST /api/v1/c/{self.task.slug}/commandes HTTP/1.1\r\n{self._head}"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        )
        reader, writer = await asyncio.open_connection("127.0.0.1", self.task.port)
        try:
            writer.write(asked.encode() + body)
            answer = await reader.read(-1)
        finally:
            writer.close()
        head, ended, told = answer.partition(b"\r\n\r\n")
        length = CONTENT_LENGTH.search(head)
        if not ended or (length and len(told) < int(length[1])):
            raise EOFError
        return int(head.split()[1]), told


async def run(task: Task) -> Seen:
    seen = Seen()
    voters = [Voter(task, rank, seen) for rank in range(len(task.sessions))]
    channels = [asyncio.create_task(voter.listen()) for voter in voters] if task.live else []
    await asyncio.sleep(len(channels) / 1000)
    chance = random.Random(task.seed)
    began, busy = time.monotonic() + 0.2, time.process_time()
    print("ready", file=sys.stderr, flush=True)
    await asyncio.gather(*(voter.vote(began + chance.uniform(0, task.seconds)) for voter in voters))
    seen.took = time.monotonic() - began
    seen.load = (time.process_time() - busy) / max(seen.took, 0.001)
    for channel in channels:
        channel.cancel()
    await asyncio.gather(*channels, return_exceptions=True)
    return seen


def main() -> None:
    task = Task(**json.load(sys.stdin))
    print(json.dumps(dataclasses.asdict(asyncio.run(run(task)))))


if __name__ == "__main__":
    main()
