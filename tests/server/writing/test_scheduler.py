"""What a congress does automatically at an announced instant: once, by one process, also after the server was down."""

from __future__ import annotations

import asyncio
import secrets
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from deliberation.kernel import commands as c
from deliberation.kernel import events as e
from deliberation.kernel import ids
from deliberation.kernel.errors import Refused
from deliberation.kernel.instants import later
from deliberation.kernel.state import State
from deliberation.kernel.vocabulary import Choice, ClauseKind, Draft, Phase, Role, Terms, Way
from deliberation.votes import secret
from server.imports.importing import import_command
from server.services import Services, open_services
from server.settings import ServerSettings
from server.store.clock import ScriptedClock
from server.writing.receipts import Receipt
from tests.waiting import until_soon

SLUG, START = "essai", "2026-01-01T00:00:00.000Z"
ELU, ORGANISER = "p1", "p4"


@asynccontextmanager
async def opened(folder: Path, at: str, database: str = "") -> AsyncIterator[Services]:
    """The services of one process, whose clock stays at that instant until it is set."""
    async with open_services(ServerSettings(data=folder, database=database), clock=ScriptedClock(at)) as services:
        yield services


async def do(services: Services, actor: str, command: c.Command) -> Receipt:
    answer = await services.write_queue.submit(c.Request(secrets.token_hex(8), SLUG, actor, command))
    assert isinstance(answer, Receipt), answer
    return answer


async def found(services: Services) -> None:
    """Creates a congress with three élus, an organiser, all phases open, a frozen motion and a draft."""
    await do(services, ids.CONGRESS, c.CreateCongress(SLUG, "Essai", "localhost/c/essai/registre"))
    for name, role in (("Ana", Role.ELU), ("Bo", Role.ELU), ("Cid", Role.ELU), ("Dea", Role.ORGANISER)):
        await do(services, ids.CONGRESS, c.InvitePerson(name, role))
    for phase in Phase:
        await do(services, ORGANISER, c.SetPhase(phase, START))
    for text in ("Demande la fibre.", "Demande un délai."):
        await do(services, ids.CONGRESS, import_command("Motion", [Draft(ClauseKind.DEMANDE, text)]))
    await do(services, ORGANISER, c.FreezeMotion(1))


async def state_of(services: Services) -> State:
    state = await services.write_queue.state(SLUG)
    assert state is not None
    return state


def in_secret(seconds: int) -> Terms:
    """The terms of a secret ballot that closes that many seconds after the start."""
    return Terms(Way.SECRET, later(START, seconds), "reglement")


async def until_done(services: Services) -> None:
    """Waits until no drafting is in camera and no poll is open."""
    found = [await state_of(services)]

    def is_done() -> bool:
        found[:] = [services.write_queue.peek(SLUG) or found[0]]
        return found[0].seclusion is None and not any(poll.is_open for poll in found[0].polls.values())

    await until_soon(is_done)


def set_to(services: Services, at: str) -> None:
    assert isinstance(services.clock, ScriptedClock)
    services.clock.set(at)


def acts(services: Services) -> Counter[str]:
    """How many entries of each kind were recorded in the congress's own name."""
    return Counter(r.kind for r in services.store.recorded(SLUG) if r.actor == ids.CONGRESS)


def run(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(work())


def test_a_poll_closes_at_its_hour_and_a_pause_moves_it(tmp_path: Path) -> None:
    """W2, W3: a vote is refused by the instant, whether anybody looked or not."""

    async def work() -> None:
        async with opened(tmp_path, START) as services:
            await found(services)
            await do(services, ids.CONGRESS, c.InvitePerson("Eve Cinq", Role.ELU))
            await do(services, ORGANISER, c.OpenPoll("motion-1", terms=in_secret(60)))
            for voter in ("p1", "p2", "p3"):
                await do(services, voter, c.CastSecret(1, 0))
            set_to(services, later(START, 30))
            await do(services, ORGANISER, c.PausePoll(1, "Le réseau est tombé."))
            set_to(services, later(START, 100))
            assert await services.scheduler.do_what_is_due() > 1
            assert (await state_of(services)).polls[1].is_open
            await do(services, ORGANISER, c.ResumePoll(1))
            set_to(services, later(START, 129))
            await services.scheduler.do_what_is_due()
            assert (await state_of(services)).polls[1].is_open
            set_to(services, later(START, 130))
            late = await services.write_queue.submit(c.Request("late", SLUG, "p5", c.CastSecret(1, 1)))
            assert isinstance(late, Refused)
            assert late.code == "poll.over"
            await services.scheduler.do_what_is_due()
            await services.scheduler.do_what_is_due()
            poll = (await state_of(services)).polls[1]
            assert (poll.papers, poll.closed) == ((0, 0, 0), later(START, 130))
            assert acts(services)[e.PollClosed.kind] == 1

    run(work)


def test_the_clock_opens_no_box_below_three_papers(tmp_path: Path) -> None:
    """W3, W21: the poll is cancelled at its hour, and its key is destroyed."""

    async def work() -> None:
        async with opened(tmp_path, START) as services:
            await found(services)
            await do(services, ORGANISER, c.OpenPoll("motion-1", terms=in_secret(60)))
            for voter in ("p1", "p2"):
                await do(services, voter, c.CastSecret(1, 0))
            set_to(services, later(START, 60))
            await services.scheduler.do_what_is_due()
            poll = (await state_of(services)).polls[1]
            assert (poll.papers, poll.tally, poll.cancelled) == ((), None, secret.TOO_FEW)
            assert acts(services)[e.PollCancelled.kind] == 1
            assert acts(services)[e.BoxOpened.kind] == acts(services)[e.PollClosed.kind] == 0
            assert list(services.keys.urns(SLUG)) == []

    run(work)


def test_a_new_clock_is_noticed_at_once(tmp_path: Path) -> None:
    """W3, H4: nobody waits for the next look."""

    async def work() -> None:
        async with opened(tmp_path, START) as services:
            await found(services)
            await do(services, ORGANISER, c.SecludeDrafting(later(START, 10), "Sérénité"))
            await do(services, ORGANISER, c.OpenPoll("motion-1", terms=Terms(closes=later(START, 10))))
            set_to(services, later(START, 10))
            services.scheduler.look()
            await until_done(services)

    run(work)


def test_what_fell_due_while_the_server_was_down_happens_once(tmp_path: Path) -> None:
    """W3, H4: the sheet closes as one, and the doors open, at the next start; never before."""

    async def work() -> None:
        async with opened(tmp_path, START) as services:
            await found(services)
            await do(services, ELU, c.CreateMotion("À écrire"))
            await do(services, ORGANISER, c.FreezeMotion(2))
            await do(services, ORGANISER, c.OpenSheet(("motion-1", "motion-2"), closes=later(START, 20)))
            await do(services, ELU, c.CastSheet(1, {1: Choice.FOR, 2: Choice.AGAINST}))
            await do(services, ORGANISER, c.SecludeDrafting(later(START, 10), "Sérénité"))
        async with opened(tmp_path, later(START, 5)) as services:
            await services.scheduler.do_what_is_due()
            assert (await state_of(services)).seclusion is not None
        for seconds in (3_600, 3_700):
            async with opened(tmp_path, later(START, seconds)) as services:
                await services.scheduler.do_what_is_due()
                state = await state_of(services)
                assert state.seclusion is None
                assert [x.status for x in state.motions.values()] == ["adopted", "rejected", "drafting"]
                assert acts(services)[e.DraftingPublished.kind] == 1
                assert acts(services)[e.PollClosed.kind] == 2

    run(work)


def test_two_processes_do_it_once(tmp_path: Path, postgres_url: str) -> None:
    """W3, W6, H4: whoever comes second is told that it is done."""

    async def work() -> None:
        async with opened(tmp_path, START, postgres_url) as one, opened(tmp_path, START, postgres_url) as other:
            await found(one)
            await do(one, ORGANISER, c.OpenPoll("motion-1", terms=in_secret(10)))
            await do(one, ORGANISER, c.SecludeDrafting(later(START, 10), "Sérénité"))
            for services, voter, paper in ((one, "p1", 0), (other, "p2", 1), (other, "p3", 0)):
                await do(services, voter, c.CastSecret(1, paper))
            for services in (one, other):
                set_to(services, later(START, 11))
            await asyncio.gather(*(services.scheduler.do_what_is_due() for services in (one, other, one, other)))
            for services in (one, other):
                state = await state_of(services)
                assert state.seclusion is None
                assert state.polls[1].papers == (0, 0, 1)
            assert acts(one)[e.PollClosed.kind] == acts(one)[e.DraftingPublished.kind] == 1

    run(work)
