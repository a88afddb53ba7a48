"""In-memory storage of rooms, which fulfils the same contract as the write path."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from deliberation.evolve import evolve
from deliberation.kernel import commands, events, ids
from deliberation.kernel.errors import Refused
from deliberation.kernel.state import State
from server.realtime.storage import Permission, Unavailable
from server.texts import guard
from server.texts.bursts import Recorder, WaitingUpdate

NOW = "2026-11-23T02:45:26.123Z"
REFUSED = Refused("motion.frozen", "Le texte est gelé : on le change par amendement.")

Keystroke = tuple[str, str, bytes, tuple[int, ...], "asyncio.Future[int | Refused]"]


@dataclass
class Kept:
    """A stored document: its recorded state, and the (person, update, clients) journalled since.

    `clocks` is the number of structs ever stored by Yjs client.
    """

    recorded: bytes | None = None
    journal: list[tuple[str, bytes, tuple[int, ...]]] = field(default_factory=list)
    clocks: dict[int, int] = field(default_factory=dict)

    def keep(self, person: str, update: bytes) -> None:
        runs = guard.inspect(update).runs
        self.journal.append((person, update, tuple(dict.fromkeys(run.client for run in runs))))
        self.clocks.update({run.client: max(run.end, self.clocks.get(run.client, 0)) for run in runs})


@dataclass
class MemoryStorage:
    """Storage in which `writers` may write. A commit takes `delay` seconds. While `broken`, the journal fails
    permanently; while `unavailable`, temporarily.

    What was journalled is durable: it survives the end of the hub.
    """

    writers: set[str] = field(default_factory=lambda: {"p1", "p2"})
    delay: float = 0.0
    broken: bool = False
    unavailable: bool = False
    refusing: bool = False
    readable: bool = True
    entries: list[events.Recorded] = field(default_factory=list)
    documents: dict[str, Kept] = field(default_factory=dict)
    commits: int = 0
    _queue: list[Keystroke] = field(default_factory=list)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def load(self, slug: str, document: str) -> tuple[bytes | None, Sequence[tuple[str, bytes]]]:
        await asyncio.sleep(0)
        kept = self.kept(document)
        return kept.recorded, [(person, update) for person, update, _ in kept.journal]

    async def journal(
        self, slug: str, document: str, person: str, update: bytes, clients: tuple[int, ...], heard: int = 0
    ) -> int | Refused:
        answer: asyncio.Future[int | Refused] = asyncio.get_running_loop().create_future()
        self._queue.append((document, person, update, clients, answer))
        if len(self._queue) == 1:
            self._tasks.add(task := asyncio.create_task(self._commit()))
            task.add_done_callback(self._tasks.discard)
        return await answer

    async def _commit(self) -> None:
        """Commits what was collected meanwhile, in the order of calls."""
        await asyncio.sleep(self.delay)
        waiting, self._queue = self._queue, []
        self.commits += 1
        for document, person, update, clients, answer in waiting:
            if answer.done():
                continue
            if self.unavailable:
                answer.set_exception(Unavailable("the disk is full"))
            elif self.broken:
                answer.set_exception(OSError("the disk is full"))
            elif self.refusing or person not in self.writers:
                answer.set_result(REFUSED)
            else:
                kept = self.kept(document)
                kept.keep(person, update)
                assert set(clients) == set(kept.journal[-1][2])
                answer.set_result(len(kept.journal))

    def number(self, slug: str) -> int:
        return 0

    async def catch_up(self, slug: str) -> None:
        """Does nothing, since there is no other process."""

    async def record_bursts(self, slug: str, document: str) -> None:
        await asyncio.sleep(0)
        self.record(document)

    async def permission(self, slug: str, document: str, person: str | None) -> Permission:
        if not document.endswith("-1"):
            return Permission(read=False, write=False, refusal=Refused("document.not_found", "Inconnu."))
        if not self.readable:
            return Permission(read=False, write=False, refusal=Refused("document.closed", "Huis clos."))
        write = person in self.writers and not self.refusing
        return Permission(read=True, write=write, refusal=None if write else REFUSED, name=f"Nom de {person}")

    async def owners(self, slug: str, document: str) -> Mapping[int, str]:
        owners = {client: person for person, _, clients in self.kept(document).journal for client in clients}
        return {**self.state().writing.get(document, {}), **owners}

    def record(self, document: str) -> None:
        """Turns the journal into entries, as the write path does."""
        kept = self.kept(document)
        people: dict[str, list[bytes]] = {}
        for person, update, _ in kept.journal:
            people.setdefault(person, []).append(update)
        recorder = Recorder(document, *([kept.recorded] if kept.recorded else []))
        for burst in recorder.flush([WaitingUpdate(person, tuple(updates), NOW) for person, updates in people.items()]):
            self._append(burst.person, burst.command)
        kept.recorded, kept.journal = recorder.state, []

    def state(self) -> State:
        """The state after the entries, starting with an empty motion and an empty map."""
        state = State()
        for entry in (*CREATED, *self.entries):
            state = evolve(state, entry)
        return state

    def _append(self, person: str, command: commands.WriteText | commands.DrawMap) -> None:
        event: events.Event
        if isinstance(command, commands.WriteText):
            event = events.TextWritten(
                command.motion,
                command.update,
                command.clients,
                command.changes,
                command.title,
                command.order,
                command.started,
                command.title_kept,
                command.canonical,
            )
        else:
            event = events.MapDrawn(
                command.map, command.update, command.clients, command.changes, command.started, command.canonical
            )
        index = len(CREATED) + len(self.entries)
        self.entries.append(events.Recorded(index, NOW, person, event.kind, event.document, event))

    def kept(self, document: str) -> Kept:
        return self.documents.setdefault(document, Kept())


def _created(index: int, event: events.Event) -> events.Recorded:
    return events.Recorded(index, NOW, ids.CONGRESS, event.kind, event.document, event)


CREATED = (_created(0, events.MotionCreated(1, "Motion")), _created(1, events.MapCreated(1, "Carte")))
