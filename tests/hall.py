"""A hall of signed-in élus with one open poll, created directly through the write queue."""

from __future__ import annotations

import asyncio
import secrets
from pathlib import Path

from deliberation.kernel import commands as c
from deliberation.kernel import ids
from deliberation.kernel.state import State
from deliberation.kernel.vocabulary import ClauseKind, Draft, Phase, Role
from server.imports.importing import import_command
from server.services import Services, open_services
from server.settings import ServerSettings
from server.writing.receipts import Receipt

SLUG = "salle"
OPENED = "2020-01-01T00:00:00.000Z"
ORGANISER = "p1"


ON_THE_MOTION = c.OpenPoll("motion-1")


def found(data: Path, elus: int, opening: c.Command = ON_THE_MOTION, database: str = "") -> list[str]:
    """Creates a congress with an open poll 1, the organiser p1, and that many élus (p2 and so on); returns the élus'
    session tokens.
    """
    return asyncio.run(_found(ServerSettings(data=data, database=database), elus, opening))


async def _found(settings: ServerSettings, elus: int, opening: c.Command) -> list[str]:
    async with open_services(settings) as services:
        await do(services, c.CreateCongress(SLUG, "Une salle", "localhost/c/salle/registre", fictional=True))
        await do(services, c.InvitePerson("Olga Orsini", Role.ORGANISER))
        for phase in Phase:
            await do(services, c.SetPhase(phase, OPENED))
        await asyncio.gather(*(do(services, c.InvitePerson(f"Élue {n}", Role.ELU, "maire")) for n in range(elus)))
        await do(services, import_command("Motion", [Draft(ClauseKind.DEMANDE, "Demande la fibre pour tous.")]))
        await do(services, c.FreezeMotion(1), ORGANISER)
        await do(services, opening, ORGANISER)
        everybody = [ids.person_id(n) for n in range(2, elus + 2)]
        return [await asyncio.to_thread(services.identity.open_session, None, SLUG, p) for p in everybody]


async def do(services: Services, command: c.Command, actor: str = ids.CONGRESS) -> Receipt:
    receipt = await services.write_queue.submit(c.Request(secrets.token_hex(8), SLUG, actor, command))
    assert isinstance(receipt, Receipt), receipt
    return receipt


def closed(data: Path, database: str = "") -> State:
    """Closes poll 1 as the organiser and returns the state after it."""

    async def close() -> State:
        async with open_services(ServerSettings(data=data, database=database)) as services:
            await do(services, c.ClosePoll(1), ORGANISER)
            state = await services.write_queue.state(SLUG)
            assert state is not None
            return state

    return asyncio.run(close())
