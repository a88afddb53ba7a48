"""What organisers are told about the record: why it is read-only, and whether the clocks are right."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from deliberation.kernel.errors import Refused
from deliberation.kernel.ids import Instant
from server.pages.shell.visit import Visit
from server.store.clock import JUMP_SECONDS, moment


@dataclass(frozen=True)
class Safekeeping:
    """`refused` says why nothing is recorded. `lead`: minutes by which the machine's clock jumped ahead and is not
    followed. `ahead`: the time of the last entry, if that is in the future; "" otherwise.
    """

    refused: Refused | None
    lead: int
    ahead: Instant

    @property
    def is_sound(self) -> bool:
        return not (self.refused or self.lead or self.ahead)


async def safekeeping(visit: Visit) -> Safekeeping:
    refused = await asyncio.to_thread(visit.services.read_only, visit.slug)
    last = await asyncio.to_thread(visit.services.store.last_time, visit.slug)
    clock = visit.services.clock
    early = (moment(last) - moment(clock.now())).total_seconds() if last else 0.0
    return Safekeeping(refused, round(clock.lead() / 60), last if early > JUMP_SECONDS else "")
