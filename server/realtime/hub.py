"""The rooms of this process: opened when somebody comes, closed when idle; their members are told of what changes."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Coroutine, Iterable, Iterator
from functools import partial
from time import thread_time
from typing import Protocol

from deliberation.kernel.errors import Refused
from server.realtime import protocol
from server.realtime.keepalive import KeepAlive
from server.realtime.member import Member
from server.realtime.presence import AwarenessEntry
from server.realtime.room import Room
from server.realtime.session import Close, KeepUpdate, SendMissing, SendPresence, Session, ShowPresence
from server.realtime.shares import LoopShares
from server.realtime.storage import Permission, Storage
from server.realtime.wire import Wire
from server.store.journal_follower import RemoteUpdate
from server.texts.replica import Missing, Unfit

logger = logging.getLogger("pleniere.realtime")

SWEEP_EVERY = 0.5
RECHECK_EVERY = 4.0
"""Seconds between two checks of rights, which change when a deadline passes."""

IDLE_FOR = 20.0

CHECK_EVERY = 20.0
"""Seconds between two pings to a peer: one that vanished is dropped within twice as long."""

CHECKED_AT_ONCE = 512
"""Connections pinged in one sweep, so that thousands that came together do not block the event loop."""

AFTER_FAILURE = 5.0
"""Seconds before a recording that failed is tried again."""

LAST_SECONDS = 10.0
"""Seconds that the journal may take to finish when the server stops."""

LEAST_REST = 0.005
"""Seconds of rest that are worth the while: a key that was dear does not hold back the next one."""

SIGN_OF_LIFE_EVERY = 20.0
"""Seconds between empty frames: the package y-websocket drops a connection that is silent for 30 s."""

Place = tuple[str, str]

READ_ONLY = Refused("write.refused", "Vous pouvez lire ce document, non l’écrire.")


class PresenceBus(Protocol):
    """Tells other processes of the presence of people in the rooms of this one."""

    def shown(self, slug: str, document: str, entry: AwarenessEntry) -> None:
        """Somebody's presence changed."""

    def opened(self, slug: str, document: str) -> None:
        """A room was opened, which is to show who is in it elsewhere."""


class Hub:
    """Must be made and used within one event loop. `timer` is a clock of processor time, in seconds."""

    def __init__(self, storage: Storage, timer: Callable[[], float] = thread_time) -> None:
        self._storage = storage
        self._timer = timer
        self._shares = LoopShares()
        self._rooms: dict[Place, Room] = {}
        self._opening: dict[Place, asyncio.Task[Room]] = {}
        self._of: dict[Member, Room] = {}
        self._idle_since: dict[Place, float] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._recording: set[Place] = set()
        self._late: set[Place] = set()
        self._reloading: dict[Place, asyncio.Task[None]] = {}
        self._buses: list[PresenceBus] = []
        self._sweeper: asyncio.Task[None] | None = None
        self._rechecked = 0.0
        self._keep_alive: KeepAlive[Member] = KeepAlive(CHECK_EVERY)

    def subscribe(self, bus: PresenceBus) -> None:
        """Has the bus told of the presence of people in the rooms of this process from now on."""
        self._buses.append(bus)

    # Connections

    async def permission(self, slug: str, document: str, person: str | None) -> Permission:
        return await self._storage.permission(slug, document, person)

    async def join(
        self, slug: str, document: str, person: str | None, permission: Permission, wire: Wire, acknowledges: bool
    ) -> Member:
        """Brings a connection into a room. `permission` must allow reading."""
        if person is not None and (rest := self._shares.owed((slug, person), self._now())) > LEAST_REST:
            await asyncio.sleep(rest)
        await self._storage.catch_up(slug)
        if reloading := self._reloading.get((slug, document)):
            await asyncio.shield(reloading)
        room = await self._open(slug, document)
        refusal = None if permission.write else permission.refusal or READ_ONLY
        member = Member(Session(person, refusal), wire, acknowledges, self._now(), permission.name)
        self._of[member] = room
        room.enter(member)
        self._keep_alive.add(member, member.opened)
        return member

    def received(self, member: Member, frame: bytes) -> bool:
        """Handles a frame from a connection; returns whether more may be read now. If not, its wire is resumed
        later.
        """
        room = self._of.get(member)
        if room is None:
            return True
        began, now = self._timer(), self._now()
        self._handle(room, member, frame, now)
        who = (room.slug, member.person) if member.person else id(member)
        rest = self._shares.rest(who, self._timer() - began, now)
        if rest > LEAST_REST and not member.left:
            member.rests_until = now + rest
            asyncio.get_running_loop().call_later(rest, self._rested, member)
            return False
        return room.takes_more(member)

    def _rested(self, member: Member) -> None:
        room = self._of.get(member)
        if room is not None and room.takes_more(member):
            member.wire.resume()

    def _handle(self, room: Room, member: Member, frame: bytes, now: float) -> None:
        member.heard = now
        effect = member.session.receive(frame, now)
        if isinstance(effect, KeepUpdate):
            if reason := room.offer(member, effect, now):
                self.close_member(member, protocol.MALFORMED, reason)
        elif isinstance(effect, SendMissing):
            room.answer(member, effect.clocks)
        elif isinstance(effect, ShowPresence):
            room.show(member, effect)
        elif isinstance(effect, SendPresence):
            room.show_all(member)
        elif isinstance(effect, Close):
            self.close_member(member, effect.code, effect.reason)

    async def ready(self, member: Member) -> None:
        """Returns when more may be read from the connection."""
        if (rest := member.rests_until - self._now()) > 0:
            await asyncio.sleep(rest)
        if room := self._of.get(member):
            await room.ready()

    def leave(self, member: Member) -> None:
        """Removes a connection that ended."""
        room = self._of.pop(member, None)
        if room is not None:
            room.leave(member)

    def close_member(self, member: Member, code: int, reason: str) -> None:
        """Closes a connection with that code and reason, and removes it."""
        self.leave(member)
        member.wire.close(code, reason)

    # Notices from the write path

    async def apply_recorded(self, slug: str, document: str, update: bytes) -> None:
        """Applies and relays an update that is already durable: written by the server itself, or through another
        process.
        """
        room = await self._present(slug, document)
        if room is None:
            return
        try:
            room.apply_recorded(update)
        except Missing:
            await room.reload()

    def take_elsewhere(self, slug: str, written: Iterable[RemoteUpdate]) -> None:
        """Applies and relays updates that other processes stored, in their order."""
        for piece in written:
            place = (slug, piece.document)
            if not piece.document:
                self._late |= {each for each in (*self._opening, *self._rooms) if each[0] == slug}
            elif place in self._opening:
                self._late.add(place)
            elif room := self._rooms.get(place):
                self._take_piece(place, room, piece)
        self._reload_late()

    def shown(self) -> Iterator[tuple[Place, list[AwarenessEntry]]]:
        """Who is shown in each room through this process."""
        return ((place, room.faces()) for place, room in self._rooms.items())

    def show_elsewhere(self, slug: str, document: str, entries: Iterable[AwarenessEntry]) -> None:
        """Notes the presence, or absence, of people connected to another process."""
        if room := self._rooms.get((slug, document)):
            room.show_elsewhere(entries)

    async def flush(self, slug: str, document: str) -> None:
        """Records everything written so far, before a moment at which the recorded text matters."""
        room = await self._present(slug, document)
        if room is None:
            await self._storage.record_bursts(slug, document)
        else:
            await room.record(self._now())

    async def revoke(self, slug: str, person: str) -> None:
        """Closes the person's connections for good."""
        for member, room in list(self._of.items()):
            if room.slug == slug and member.person == person:
                self.close_member(member, protocol.REVOKED, "access was revoked")

    def call_in(self, slug: str, person: str) -> None:
        """Closes the person's connections; each may reconnect as the person whom its cookie or token signs in by
        then.
        """
        for member, room in list(self._of.items()):
            if room.slug == slug and member.person == person:
                self.close_member(member, protocol.GOING_AWAY, "come in again")

    def people(self) -> dict[str, set[str]]:
        """The people who are connected by name, by congress."""
        found: dict[str, set[str]] = {}
        for member, room in self._of.items():
            if member.person is not None:
                found.setdefault(room.slug, set()).add(member.person)
        return found

    def writers(self, slug: str, document: str) -> list[str]:
        """Who has that document open in this process and may write in it, each once, in order of arrival."""
        room = self._rooms.get((slug, document))
        members = room.members if room else ()
        return list(dict.fromkeys(each.person for each in members if each.person and each.session.refusal is None))

    async def permissions_changed(self, slug: str) -> None:
        """Checks again what everybody in the congress's rooms may do."""
        for room in [room for room in self._rooms.values() if room.slug == slug]:
            await self._recheck(room)

    async def begin_again(self, slug: str) -> None:
        """Closes the rooms of a congress whose record was rewritten by a redaction; their members reconnect to new
        ones.
        """
        for place in [each for each in self._opening if each[0] == slug]:
            await asyncio.gather(self._opening[place], return_exceptions=True)
        for room in [room for room in self._rooms.values() if room.slug == slug]:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LAST_SECONDS):
                    await room.durable()
            self._drop(room, protocol.RESTARTING, "the text was made anew")

    async def close(self) -> None:
        """Closes every connection, and waits for the journal for `LAST_SECONDS`."""
        if self._sweeper is not None:
            self._sweeper.cancel()
        for room in list(self._rooms.values()):
            with contextlib.suppress(TimeoutError):  # what is not kept by then was confirmed to nobody
                async with asyncio.timeout(LAST_SECONDS):
                    await room.durable()
            self._drop(room, protocol.RESTARTING, "the server restarts")
        for task in list(self._tasks):
            await asyncio.gather(task, return_exceptions=True)

    # Rooms

    async def _open(self, slug: str, document: str) -> Room:
        place = (slug, document)
        if self._sweeper is None or self._sweeper.done():
            self._sweeper = asyncio.create_task(self._sweep_for_ever(), name="rooms")
        self._idle_since.pop(place, None)
        if room := self._rooms.get(place):
            return room
        if place not in self._opening:
            self._opening[place] = asyncio.create_task(self._load(place))
        return await asyncio.shield(self._opening[place])

    def _take_piece(self, place: Place, room: Room, piece: RemoteUpdate) -> None:
        try:
            superseded = room.take_elsewhere(piece.number, piece.person, piece.update, piece.clients)
        except (Missing, Unfit, ValueError):
            self._late.add(place)
            return
        for member in superseded:  # it was left for another process without a word, or writes twice under one id
            self.close_member(member, protocol.GOING_AWAY, "continued elsewhere")

    def _reload_late(self) -> None:
        for place in self._late & self._rooms.keys():
            self._late.discard(place)
            self._reloading[place] = self._start(self._reload(self._rooms[place]))

    async def _reload(self, room: Room) -> None:
        try:
            await room.reload()
        except Exception:
            logger.exception("reading %s %s again failed", room.slug, room.document)
            self._drop(room, protocol.INTERNAL, "storage failed")
        finally:
            self._reloading.pop((room.slug, room.document), None)

    async def _load(self, place: Place) -> Room:
        try:
            self._late.discard(place)
            room = Room(
                *place,
                self._storage,
                on_broken=lambda: self._drop(room, protocol.INTERNAL, "storage failed"),
                on_shown=partial(self._shown, *place),
            )
            await room.open(self._now())
            while place in self._late:  # something came from elsewhere meanwhile
                self._late.discard(place)
                await room.reload()
            self._rooms[place] = room
            for bus in self._buses:
                bus.opened(*place)
            return room
        finally:
            del self._opening[place]

    def _shown(self, slug: str, document: str, entry: AwarenessEntry) -> None:
        for bus in self._buses:
            bus.shown(slug, document, entry)

    async def _present(self, slug: str, document: str) -> Room | None:
        place = (slug, document)
        if place in self._opening:
            return await asyncio.shield(self._opening[place])
        return self._rooms.get(place)

    def _drop(self, room: Room, code: int, reason: str) -> None:
        place = (room.slug, room.document)
        if self._rooms.get(place) is room:
            del self._rooms[place]
        for member in room.members:
            self._of.pop(member, None)
        room.close(code, reason)

    # Time

    async def _sweep_for_ever(self) -> None:
        while self._rooms or self._opening:
            await asyncio.sleep(SWEEP_EVERY)
            try:
                await self._sweep(self._now())
            except Exception:
                logger.exception("looking after the rooms failed")

    async def _sweep(self, now: float) -> None:
        recheck = now - self._rechecked >= RECHECK_EVERY
        for place, room in list(self._rooms.items()):
            room.sweep(now)
            room.sign_of_life(now - SIGN_OF_LIFE_EVERY)
            if recheck:
                await self._recheck(room)
            if room.pace.is_due(now) and place not in self._recording:
                self._start(self._record(place, room))
            self._let_go(place, room, now)
        if recheck:
            self._rechecked = now
        self._check_peers(now)

    def _check_peers(self, now: float) -> None:
        for member in self._keep_alive.due(now, CHECKED_AT_ONCE):
            if not member.left:
                member.wire.check()
                self._keep_alive.add(member, now)

    def _let_go(self, place: Place, room: Room, now: float) -> None:
        if not room.is_idle or place in self._recording:
            self._idle_since.pop(place, None)
        elif now - self._idle_since.setdefault(place, now) >= IDLE_FOR:
            del self._idle_since[place]
            self._drop(room, protocol.GOING_AWAY, "idle")

    async def _record(self, place: Place, room: Room) -> None:
        self._recording.add(place)
        try:
            await room.record(self._now())
        except Exception:
            logger.exception("recording what was written in %s %s failed", *place)
            await asyncio.sleep(AFTER_FAILURE)
        finally:
            self._recording.discard(place)

    async def _recheck(self, room: Room) -> None:
        people = _by_person(room.members)
        for person, members in people.items():
            permission = await self._storage.permission(room.slug, room.document, person)
            for member in members:
                self._permit(room, member, permission)

    def _permit(self, room: Room, member: Member, permission: Permission) -> None:
        if not permission.read:
            self.close_member(member, protocol.FORBIDDEN, "no longer open to you")
            return
        member.name = permission.name
        before = member.session.refusal
        member.session.refusal = refusal = None if permission.write else permission.refusal or READ_ONLY
        if (before is None) != (refusal is None):
            room.permit(member)
        if before is not None and refusal is None:
            room.ask(member)
        elif before is None and refusal is not None:
            member.deny(refusal, self._now())  # at once: who types on would type in vain

    def _start(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def _now(self) -> float:
        return asyncio.get_running_loop().time()


def _by_person(members: Iterable[Member]) -> dict[str | None, list[Member]]:
    people: dict[str | None, list[Member]] = {}
    for member in members:
        people.setdefault(member.person, []).append(member)
    return people
