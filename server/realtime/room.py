"""One document in memory: an update is checked, stored in the journal, and only then acknowledged and relayed.

The replica in memory is ahead of the journal by what is being stored. An answer to somebody who joins meanwhile waits
until that is durable, so that nobody ever holds more than what is durable.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import pycrdt

from deliberation.kernel import ids
from deliberation.kernel.errors import Refused
from deliberation.kernel.ids import CONGRESS
from server.realtime import protocol
from server.realtime.burst_timer import BurstTimer
from server.realtime.fanout import Fanout
from server.realtime.journal import Journal, Step
from server.realtime.leases import Claim, Leases
from server.realtime.member import Member
from server.realtime.presence import GONE, AwarenessEntry, Presence, bearer, borne_by, encode
from server.realtime.session import KeepUpdate, ShowPresence
from server.realtime.storage import BEHIND, Storage
from server.realtime.wire import Frame
from server.texts.editing import congress_client
from server.texts.guard import Summary
from server.texts.places import Schema
from server.texts.replica import Foreign, Missing, Replica, Unfit
from server.texts.schemas import schema_of

logger = logging.getLogger("pleniere.realtime")

MAX_DOCUMENT = 16 << 20
"""Bytes of a document, beyond which it takes no more updates."""

MAX_PARTS = 120_000
"""Yjs structs of a document, beyond which it takes no more updates: about half a million keystrokes, 50 MB of
memory.
"""

LARGE = 50_000
"""Bytes of a document, from which it is read in a thread of its own: at most 1 µs a byte."""

FULL = Refused("document.full", "Ce document a atteint sa taille maximale.")
FOREIGN = Refused(
    "document.foreign", "Cette page a envoyé ce que ce document ne peut pas contenir. Rechargez-la pour continuer."
)
SILENCE = Frame(protocol.aware(encode([])))
PUBLIC = Refused("write.public", "Connectez-vous pour écrire.")


@dataclass(frozen=True, slots=True, eq=False)
class RoomStep(Step):
    """A journal step of a member (None: of the room itself), with what to do once it is durable.

    `count`: how many updates of the member are acknowledged then. If they brought nothing new, `known` is what they
    contained, in case something was taken back since `epoch`. `then` is called at the end.
    """

    member: Member | None = None
    count: int = 0
    epoch: int = 0
    known: Summary | None = None
    then: Callable[[], None] | None = None


class Room:
    """The replica of one document, its members and its journal.

    `on_broken` is called when the journal failed: memory may be ahead of what is durable. `on_shown` is called with
    each change of presence of the people connected here.
    """

    def __init__(
        self,
        slug: str,
        document: str,
        storage: Storage,
        on_broken: Callable[[], None],
        on_shown: Callable[[AwarenessEntry], None],
    ) -> None:
        self.slug, self.document = slug, document
        self.replica = Replica()
        self.pace = BurstTimer()
        self._storage = storage
        self._on_broken = on_broken
        self._on_shown = on_shown
        self._leases = Leases({})
        self._presence = Presence()
        self._here: set[int] = set()
        self._fanout = Fanout(self._catch_up)
        self._journal: Journal[RoomStep] = Journal(self, f"{slug} {document}")
        self._behind: dict[Member, None] = {}
        """Members to be asked again after this round: the room was behind what was written elsewhere."""
        self._taken_back = 0
        self._heard = 0
        self._size = 0
        self._full: tuple[int, Frame] | None = None
        self._owed: dict[Member, list[bytes]] = {}
        """What came from elsewhere after the first answer of a member was made, which still waits its turn."""

    @property
    def members(self) -> Sequence[Member]:
        return list(self._fanout.members)

    @property
    def is_idle(self) -> bool:
        return not self._fanout.members and self._journal.is_idle and not self.pace.is_waiting

    async def open(self, now: float) -> None:
        """Loads the document; what the journal holds waits to be recorded."""
        self._heard = self._storage.number(self.slug)
        recorded, waiting = await self._storage.load(self.slug, self.document)
        owners = dict(await self._storage.owners(self.slug, self.document))
        known = [*([recorded] if recorded else []), *(update for _, update in waiting)]
        self.replica = await _read(known, schema_of(self.document))
        self._size = len(self.replica.full())
        self._leases = Leases({**owners, congress_client(self.document): CONGRESS})
        for person, _ in waiting:
            self.pace.wrote(person, now)

    # Connections

    def enter(self, member: Member) -> None:
        """Greets a new member with what the server has; presence follows with the first answer."""
        self._fanout.seat(member)
        self.ask(member)

    def permit(self, member: Member) -> None:
        """The member's rights have changed."""
        self._fanout.seat(member)

    def leave(self, member: Member) -> None:
        """Removes a member, and its presence."""
        if member.left:
            return
        member.left = True
        self._owed.pop(member, None)
        self._fanout.leave(member)
        self._leases.release(member)
        if member.client in self._here:
            self._here.discard(member.client)
            if entry := self._presence.leave(member.client):
                self._fanout.show(entry)
                self._on_shown(entry)
        if member.person and all(other.person != member.person for other in self._fanout.members):
            self.pace.left(member.person)

    def answer(self, member: Member, clocks: Mapping[int, int]) -> None:
        """Sends what a replica with these clocks lacks, once all of it is durable.

        Nothing is sent to a member that has not read the last answers: its connection would hold one document after
        another.
        """
        if member.wire.full:
            return
        known = any(client in self.replica.clocks for client in clocks)
        frame = Frame(protocol.answer(self.replica.since(clocks))) if known else self._full_frame()
        taken_back = self._taken_back
        if not member.synced:
            self._owed.setdefault(member, [])

        def send() -> None:
            if self._taken_back != taken_back:
                self.answer(member, clocks)
                return
            member.send_frame(frame)
            for effect in self._owed.pop(member, ()):
                member.send(protocol.update(effect))
            if not member.synced:
                member.synced = True
                self.show_all(member)

        self._journal.when_durable(RoomStep(_person(member), member=member, then=send))

    def show(self, member: Member, shown: ShowPresence) -> None:
        """Relays the member's presence, if it may show itself under that client id."""
        client = shown.entry.client
        if member.person is None or not self._leases.show(member, client):
            return
        entry = shown.entry._replace(state=borne_by(member.person, member.name, shown.entry.state))
        if self._presence.take(entry):
            self._here.add(client)
            self._fanout.show(entry)
            self._on_shown(entry)
        elif entry in self._presence.here():  # it was shown through another process until now
            self._here.add(client)

    def show_elsewhere(self, entries: Iterable[AwarenessEntry]) -> None:
        """The presence of people who are connected to other processes.

        Who came from there to here has not left; other processes, which may have heard so, are told again.
        """
        for entry in entries:
            if entry.state == GONE and entry.client in self._here:
                self._tell_again(entry.client)
                continue
            holder = self._leases.held_by(entry.client)
            if entry.state != GONE and holder is not None and holder.person != bearer(entry.state):
                continue
            if self._presence.take(entry):
                self._here.discard(entry.client)
                self._fanout.show(entry)
            if entry.state == GONE:
                self._presence.leave(entry.client)  # it may come in again as it was

    def _tell_again(self, client: int) -> None:
        for entry in self.faces():
            if entry.client == client:
                self._on_shown(entry)

    def faces(self) -> list[AwarenessEntry]:
        """The presence of those connected to this process."""
        return [entry for entry in self._presence.here() if entry.client in self._here]

    def show_all(self, member: Member) -> None:
        """Sends the member everybody's presence."""
        if not member.wire.full and (here := self._presence.here()):
            member.send(protocol.aware(encode(here)))

    # Writing

    def offer(self, member: Member, offer: KeepUpdate, now: float) -> str | None:
        """Checks an update and queues it for the journal; a reason if the connection must be closed instead."""
        summary = offer.summary
        if self.replica.knows(summary):
            self._acknowledge(member, member.session.fitting(offer.answer), summary)
            return None
        if member.session.refusal is not None and self.replica.tidies(summary):
            self._acknowledge(member, 1, summary)
            return None
        clients = tuple(dict.fromkeys(run.client for run in self.replica.fresh(summary)))
        claim = Claim(clients, offer.answer)
        if refused := self._refuse(member, claim):
            member.session.refused()
            member.deny(refused, now)
            return None
        try:
            effect = self.replica.apply(offer.update, summary, loose=True)
        except Missing:
            return self._ask_again(member)
        except Foreign as error:
            member.deny(FOREIGN, now)
            logger.warning("refused what is foreign, of %s in %s: %s", member.person, self.document, error)
            return str(error)
        except Unfit as error:
            logger.warning("refused an update of %s in %s: %s", member.person, self.document, error)
            return str(error)
        self._leases.grant(member, claim)
        count = member.session.fitting(offer.answer)
        self._take(RoomStep(_person(member), effect, clients, self._heard, member, count), now)
        return None

    def apply_recorded(self, update: bytes) -> bool:
        """Applies and relays an update that is durable already; whether it was new. Missing when it depends on unknown
        ones.
        """
        if effect := self.replica.apply(update):
            self._size += len(effect)
            self._fanout.relay(effect)
            for owed in self._owed.values():
                owed.append(effect)
        return bool(effect)

    def take_elsewhere(self, number: int, person: str, update: bytes, clients: Sequence[int]) -> list[Member]:
        """Applies and relays an update stored by another process; returns the connections here that lose a client id by
        it.

        Missing when it depends on unknown ones.
        """
        news = self.apply_recorded(update)
        self._heard = number
        self._leases.owners.update(dict.fromkeys(clients, person))
        return [member for member in self.members if member.client in clients] if news else []

    async def reload(self) -> None:
        """Applies and relays what others stored meanwhile."""
        heard = self._storage.number(self.slug)
        recorded, waiting = await self._storage.load(self.slug, self.document)
        self._leases.owners.update(await self._storage.owners(self.slug, self.document))
        for update in (*([recorded] if recorded else ()), *(update for _, update in waiting)):
            self.apply_recorded(update)
        self._heard = max(heard, self._heard)

    async def record(self, now: float) -> None:
        """Turns what is journalled into entries of the record."""
        await self.durable()
        waiting = self.pace.recording(now)
        try:
            await self._storage.record_bursts(self.slug, self.document)
        except BaseException:
            self.pace.failed(waiting)
            raise

    async def durable(self) -> None:
        """Returns when all that came so far is journalled, or the journal failed."""
        await self._journal.durable()

    async def ready(self) -> None:
        """Returns when the journal has caught up enough to read more."""
        await self._journal.ready()

    def takes_more(self, member: Member) -> bool:
        """Whether the journal has caught up enough to read more; if not, the member's wire is resumed later."""
        return self._journal.takes_more(member.wire.resume)

    def sweep(self, now: float) -> None:
        """Work done every few seconds: slow members are caught up or dropped."""
        self._fanout.sweep(now)

    def sign_of_life(self, since: float) -> None:
        """Sends an empty frame to those to whom nothing was sent since that time."""
        self._fanout.sign_of_life(since, SILENCE)

    def ask(self, member: Member) -> None:
        """Asks the member for updates that the server does not have."""
        member.send(protocol.ask(self.replica.state_vector()))

    def close(self, code: int, reason: str) -> None:
        """Closes all connections with that code and reason."""
        for member in self.members:
            self.leave(member)
            member.wire.close(code, reason)
        self._fanout.close()
        self._journal.close()

    def _refuse(self, member: Member, claim: Claim) -> Refused | None:
        if member.session.refusal is not None or member.person is None:
            return member.session.refusal or PUBLIC
        is_full = self._size > MAX_DOCUMENT or self.replica.parts > MAX_PARTS
        return FULL if is_full else self._leases.refuse(member, claim)

    def _ask_again(self, member: Member) -> str | None:
        closing = member.session.stray()
        if closing is not None:
            return closing.reason
        if member.session.strays == 1:
            self.ask(member)
        return None

    def _take(self, step: RoomStep, now: float) -> None:
        self._size += len(step.effect)
        self.pace.wrote(step.person, now)
        self._journal.add(step)

    # Calls from the journal (`JournalOwner`)

    async def keep(self, run: Sequence[RoomStep]) -> int | Refused:
        """Stores updates of one person."""
        effects = [step.effect for step in run]
        update = effects[0] if len(effects) == 1 else pycrdt.merge_updates(*effects)
        clients = tuple(dict.fromkeys(client for step in run for client in step.clients))
        return await self._storage.journal(self.slug, self.document, run[0].person, update, clients, run[0].heard)

    def take_back(self, refused: Collection[bytes]) -> Collection[bytes]:
        """Removes from the replica what the write path refused, and what depends on it."""
        self.replica, fallen = self.replica.without(refused)
        self._taken_back += 1
        self._full = None
        return fallen

    async def withdrawn(self, steps: Sequence[tuple[RoomStep, Refused]]) -> None:
        """Tells the writers. A refused update may have been stored by a first attempt whose answer was lost."""
        now = asyncio.get_running_loop().time()
        for step, reason in steps:
            self._size -= len(step.effect)
            if step.member is not None:
                self._deny(step.member, step.count, reason, now)
        await self.reload()

    def done(self, step: RoomStep) -> None:
        """Relays and acknowledges what is durable."""
        if step.effect:
            self.replica.settle()
            self._fanout.relay(step.effect, step.member)
        if step.count and step.member is not None:
            self._settle(step, step.member)
        if step.then is not None:
            step.then()

    def ended(self) -> None:
        """Asks again for the updates that were refused because this room had not seen another process's."""
        behind, self._behind = self._behind, {}
        for member in behind:
            self.ask(member)

    def broke(self) -> None:
        """The journal failed: closes the room, for memory may be ahead of what is durable."""
        self._on_broken()

    def _deny(self, member: Member, count: int, reason: Refused, now: float) -> None:
        member.session.refused(count)
        if reason == BEHIND:
            self._behind[member] = None
        else:
            member.session.refusal = reason
            member.deny(reason, now)

    def _acknowledge(self, member: Member, count: int, known: Summary) -> None:
        """Acknowledges updates that brought nothing new, once what they contain is durable."""
        step = RoomStep(_person(member), member=member, count=count, epoch=self._taken_back, known=known)
        self._journal.when_durable(step)

    def _settle(self, step: RoomStep, member: Member) -> None:
        if step.known is None or step.epoch == self._taken_back:
            member.settle(step.count)
        elif self.replica.knows(step.known):
            self._acknowledge(member, step.count, step.known)
        else:
            member.session.refused(step.count)

    # Whole documents

    def _full_frame(self) -> Frame:
        """The whole document as an answer, built once per version."""
        if self._full is None or self._full[0] != self.replica.version:
            self._full = (self.replica.version, Frame(protocol.answer(self.replica.full())))
        return self._full[1]

    def _catch_up(self, member: Member) -> None:
        self.answer(member, {})


async def _read(updates: Sequence[bytes], schema: Schema) -> Replica:
    """The document of these updates: a large one is read beside the event loop, which it would hold for a second."""
    if sum(map(len, updates)) < LARGE:
        return Replica(*updates, schema=schema)
    return await asyncio.to_thread(partial(Replica, *updates, schema=schema))


def _person(member: Member) -> str:
    return member.person or CONGRESS


def is_shared(document: str) -> bool:
    """Whether a document of that name can be edited together."""
    try:
        kind, _ = ids.split(document)
    except ValueError:
        return False
    return kind in (ids.MOTION, ids.MAP)
