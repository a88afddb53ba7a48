"""Plays the demonstration: every act of the story as a command, through the one way in."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Protocol

from deliberation import ids
from deliberation.commands import Request
from deliberation.errors import Refused
from server.clock import ScriptedClock
from server.demo import content as contents
from server.demo import debate, opening, voices, writing
from server.demo.acts import Act, Names
from server.demo.desk import Desk
from server.demo.timeline import Timeline

SLUG = "demo"
TIMEZONE = "Europe/Paris"


class Given(Protocol):
    """What a command led to."""

    @property
    def document(self) -> str: ...


class Intake(Protocol):
    async def submit(self, request: Request) -> Given | Refused: ...


@dataclass(frozen=True)
class Played:
    """`sign_in` names the person to enter the demonstration as, for each role."""

    slug: str
    sign_in: Mapping[str, str]


class Stuck(RuntimeError):
    """A rule refused an act of the story: the story and the rules no longer agree."""


async def build(intake: Intake, clock: ScriptedClock, now: ids.Instant, *, slug: str = SLUG, origin: str) -> Played:
    """Plays the whole story up to `now`. Played again after an interruption, it goes on where it was.

    `clock` is the one that `intake` reads; it follows the story and ends at `now`. Stuck when a rule refuses an act.
    """
    content = contents.load()
    timeline = Timeline(now, TIMEZONE)
    names = Names()
    for at, acts in groupby(_story(content, timeline, slug, origin), key=lambda act: act.at):
        clock.set(at)
        await _play(intake, names, slug, list(acts))
    clock.set(now)
    return Played(slug, {role: names.person(key) for role, key in content.congress["sign_in"].items()})


def _story(content: contents.Content, timeline: Timeline, slug: str, origin: str) -> list[Act]:
    """Every act in the order of its instant; acts of one instant do not depend on each other."""
    told: list[Iterable[Act]] = [
        opening.acts(content, timeline, slug, origin),
        voices.acts(content, timeline),
        writing.acts(content, timeline, Desk()),
        debate.acts(content, timeline),
    ]
    return sorted((act for acts in told for act in acts), key=lambda act: act.at)


async def _play(intake: Intake, names: Names, slug: str, acts: list[Act]) -> None:
    """Acts of one instant go in together and share a commit."""
    requests = [Request(f"demo-{act.id}", slug, names.person(act.actor), act.make(names)) for act in acts]
    answers = await asyncio.gather(*map(intake.submit, requests))
    for act, answer in zip(acts, answers, strict=True):
        if isinstance(answer, Refused):
            raise Stuck(f"{act.id} at {act.at}: {answer.code}: {answer}")
        if act.gives:
            names.keep(act.gives, answer.document)
