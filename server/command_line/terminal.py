"""Input and output of the commands, and their access to a congress."""

from __future__ import annotations

import asyncio
import json
import secrets
import sys
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from deliberation.kernel import commands as c
from deliberation.kernel import ids
from deliberation.kernel.errors import Refused
from deliberation.kernel.state import State
from server.services import Services, open_services
from server.settings import ServerSettings
from server.writing.receipts import Receipt

T = TypeVar("T")


class Stop(Exception):
    """The command cannot be done: a sentence for the person, exit status 1."""


def run(settings: ServerSettings, work: Callable[[Services], Awaitable[int]]) -> int:
    """Opens the services, does the work, closes them; returns the exit status."""

    async def within() -> int:
        async with open_services(settings) as services:
            return await work(services)

    try:
        return asyncio.run(within())
    except Stop as stop:
        print(f"pleniere : {stop}", file=sys.stderr)
        return 1


async def state_of(services: Services, slug: str) -> State:
    """The state of the congress; Stop if there is none of that name."""
    state = await services.write_queue.state(slug)
    if state is None:
        raise Stop(f"aucun congrès ne porte l’adresse « {slug} »")
    return state


async def submit(services: Services, slug: str, command: c.Command, actor: str = ids.CONGRESS) -> Receipt:
    """Sends a command in the congress's name; Stop if it is refused."""
    answer = await services.write_queue.submit(c.Request(secrets.token_urlsafe(16), slug, actor, command))
    if isinstance(answer, Refused):
        raise Stop(str(answer))
    return answer


def say(text: str) -> None:
    """Prints a line."""
    print(text, flush=True)


def say_json(value: Any) -> None:
    """Prints a value as JSON."""
    print(json.dumps(value, ensure_ascii=False, indent=2), flush=True)


class Progress:
    """A counter on one line of the terminal; nothing if the output goes elsewhere."""

    def __init__(self, what: str, total: int) -> None:
        self.what = what
        self.total = total
        self.visible = sys.stderr.isatty()

    def at(self, done: int) -> None:
        if self.visible:
            end = "\n" if done == self.total else "\r"
            print(f"{self.what} : {done}/{self.total}", end=end, file=sys.stderr, flush=True)
