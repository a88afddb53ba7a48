"""Plays the demonstration: every act as a command through the write queue, at its own time."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable
from itertools import groupby
from typing import Protocol

from deliberation.kernel import ids
from deliberation.kernel.commands import Request
from deliberation.kernel.errors import Refused
from server.demo import content as contents
from server.demo import debate, opening, sittings, voices, ways, writing
from server.demo.acts import Names, StoryAct
from server.demo.desk import StoryDocuments
from server.demo.timeline import Timeline
from server.store.clock import ScriptedClock

TIMEZONE = "Europe/Paris"


class Given(Protocol):
    """The receipt of a command; `repeated` if it was carried out before."""

    @property
    def document(self) -> str: ...

    @property
    def index(self) -> int: ...

    @property
    def entries(self) -> tuple[tuple[int, str, str], ...]: ...

    @property
    def repeated(self) -> bool: ...


class CommandSink(Protocol):
    """Where commands are sent, such as the write queue."""

    async def submit(self, request: Request) -> Given | Refused: ...


class Stuck(RuntimeError):
    """A rule refused an act: the demonstration and the rules no longer agree."""


async def build(write_queue: CommandSink, clock: ScriptedClock, now: ids.Instant, slug: str, origin: str) -> None:
    """Plays the demonstration up to `now`. Called again it continues where it was interrupted; a complete one is not
    changed.

    `clock` must be the one that `write_queue` reads: it follows the acts and ends at `now`. Stuck if a rule refuses an
    act.
    """
    content = contents.load()
    story = _story(content, Timeline(now, TIMEZONE), slug, origin)
    if not await _is_played(write_queue, clock, slug, story):
        names = Names()
        for at, acts in groupby(story, key=lambda act: act.at):
            clock.set(at)
            await _play(write_queue, names, slug, list(acts))
    clock.set(now)


async def _is_played(write_queue: CommandSink, clock: ScriptedClock, slug: str, story: list[StoryAct]) -> bool:
    """Whether the last act was carried out. Sending it too early is harmless: it is refused."""
    clock.set(story[-1].at)
    names = _foreseen(story)
    answer = await write_queue.submit(_request(story[-1], names, slug))
    return not isinstance(answer, Refused) and answer.repeated


def _foreseen(story: list[StoryAct]) -> Names:
    """The names that things will have: documents of a kind are numbered in order."""
    names, counts = Names(), Counter[str]()
    for name in (name for act in story for name in (act.gives, act.opens) if name):
        kind = name.partition("/")[0]
        counts[kind] += 1
        names.keep(name, ids.document(kind, f"{'p' if kind == ids.PERSON else ''}{counts[kind]}"))
    return names


def _story(content: contents.Content, timeline: Timeline, slug: str, origin: str) -> list[StoryAct]:
    """All acts in the order of their instants; acts of one instant must not depend on each other."""
    told: list[Iterable[StoryAct]] = [
        opening.acts(content, timeline, slug, origin),
        voices.acts(content, timeline),
        writing.acts(content, timeline, StoryDocuments()),
        debate.acts(content, timeline),
        sittings.acts(content, timeline),
        ways.acts(content, timeline),
    ]
    return sorted((act for acts in told for act in acts), key=lambda act: act.at)


async def _play(write_queue: CommandSink, names: Names, slug: str, acts: list[StoryAct]) -> None:
    """Sends acts of one instant together, so that they share a commit."""
    requests = [_request(act, names, slug) for act in acts]
    answers = await asyncio.gather(*map(write_queue.submit, requests))
    for act, answer in zip(acts, answers, strict=True):
        if isinstance(answer, Refused):
            raise Stuck(f"{act.id} at {act.at}: {answer.code}: {answer}")
        if act.gives:
            names.keep(act.gives, answer.document, answer.index)
        if act.opens:
            names.keep(act.opens, next(about for _, _, about in answer.entries if about.startswith(f"{ids.POLL}-")))


def _request(act: StoryAct, names: Names, slug: str) -> Request:
    return Request(f"demo-{act.id}", slug, names.person(act.actor), act.make(names))
