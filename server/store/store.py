"""Reading what is kept: each call is one consistent snapshot. Blocking: call it from a thread."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from sqlalchemy import select

from deliberation.kernel import events
from deliberation.kernel.state import InCamera, Poll, Seclusion, State
from deliberation.record import checkpoint, note, tiles, tree
from deliberation.record.payloads import Payload
from server.store import cosignatures, log, mirror
from server.store.columns import column
from server.store.cosignatures import Cosignatures
from server.store.database import Database
from server.store.tables import DocumentRow, JournalRow


class Store:
    def __init__(self, database: Database) -> None:
        self.database = database
        self.cosignatures = Cosignatures(database)

    def congresses(self) -> list[str]:
        with self.database.read() as connection:
            return mirror.congresses(connection)

    def size(self, slug: str) -> int:
        with self.database.read() as connection:
            return log.size(connection, slug)

    def sizes(self, slugs: Collection[str]) -> dict[str, int]:
        """How many entries the record of each of these congresses holds."""
        with self.database.read() as connection:
            return {slug: log.size(connection, slug) for slug in slugs}

    def last_time(self, slug: str) -> str:
        """When the last entry was made; "" without one."""
        with self.database.read() as connection:
            return log.last_time(connection, slug, log.size(connection, slug))

    def root(self, slug: str) -> tuple[int, bytes]:
        """The size of the tree and its root, as its tiles say; ValueError where one is damaged."""
        size = self.size(slug)
        return size, tree.root_at(size, self.nodes(slug, size))

    def state(self, slug: str) -> State:
        """What the tables hold."""
        with self.database.read() as connection:
            return log.state_of(connection, slug)

    def entries(self, slug: str, start: int, stop: int) -> list[bytes]:
        """Entries [start, stop), verbatim."""
        with self.database.read() as connection:
            return log.entries(connection, slug, start, stop)

    def payloads(self, slug: str, start: int, stop: int) -> list[Payload | None]:
        """Payloads of the entries [start, stop) that exist, withheld ones included; None where erased."""
        with self.database.read() as connection:
            return log.payloads(connection, slug, start, stop)

    def recorded(self, slug: str, start: int = 0, stop: int = 2**62) -> Iterator[events.Recorded]:
        """Entries [start, stop) with their events, withheld ones included."""
        with self.database.read() as connection:
            yield from log.read(connection, slug, start, stop)

    def about(
        self, slug: str, documents: Iterable[str], stop: int, limit: int, apart: Collection[int] = ()
    ) -> list[events.Recorded]:
        """The last `limit` entries before `stop` about these documents, oldest first, withheld ones included, without
        those whose indices are `apart`.
        """
        with self.database.read() as connection:
            if apart:
                return log.others(connection, slug, documents, stop, limit, apart)
            return log.about(connection, slug, documents, stop, limit)

    def tile(self, slug: str, path: str) -> bytes | None:
        """The bytes of a tile or entry bundle; None when the record has none at that path."""
        with self.database.read() as connection:
            return log.tile(connection, slug, path)

    def checkpoints(self, slug: str) -> list[tuple[int, str]]:
        """Every signed checkpoint as (size, note), smallest first, with what witnesses said of it."""
        with self.database.read() as connection:
            return cosignatures.beneath(connection, slug, log.checkpoints(connection, slug))

    def last_signed(self, slug: str) -> str | None:
        """The newest signed checkpoint as the congress signed it; None when there is none."""
        with self.database.read() as connection:
            signed = log.checkpoints(connection, slug)
        return signed[-1][1] if signed else None

    def cosigned(self, slug: str, signed: str) -> str:
        """That signed checkpoint with what witnesses have said of it by now."""
        size = checkpoint.parse(note.parse(signed.encode()).text).size
        return signed + "".join(self.cosignatures.of(slug, size).values())

    def nodes(self, slug: str, size: int) -> tree.Nodes:
        """The nodes of the tree of that size, for proofs."""
        return tiles.nodes(size, lambda path: self.tile(slug, path))

    def document(self, slug: str, document: str) -> tuple[bytes | None, list[tuple[str, bytes]]]:
        """A Yjs document: every recorded burst as one update, and the journal's (person, update) since."""
        update = column(DocumentRow.update)
        journal = select(column(JournalRow.person), column(JournalRow.update)).where(
            column(JournalRow.congress) == slug, column(JournalRow.document) == document
        )
        with self.database.read() as connection:
            snapshot = connection.execute(
                select(update).where(column(DocumentRow.congress) == slug, column(DocumentRow.document) == document)
            ).scalar()
            rows = connection.execute(journal.order_by(column(JournalRow.id))).all()
        return None if snapshot is None else bytes(snapshot), [(str(person), bytes(data)) for person, data in rows]

    def journal_owners(self, slug: str, document: str) -> dict[int, str]:
        """The person of each Yjs client id in the journal of a document."""
        query = select(column(JournalRow.person), column(JournalRow.clients)).where(
            column(JournalRow.congress) == slug, column(JournalRow.document) == document
        )
        with self.database.read() as connection:
            return {int(client): str(person) for person, clients in connection.execute(query) for client in clients}

    def clocks(self) -> list[tuple[str, int, str]]:
        """(slug, poll, instant) of every open poll whose clock runs."""
        polls = mirror.MIRRORS["polls"]
        closes = polls.column(Poll, lambda poll: poll.closes)
        paused, closed = polls.column(Poll, lambda poll: poll.paused), polls.column(Poll, lambda poll: poll.closed)
        number = polls.column(Poll, lambda poll: poll.number)
        query = select(polls.congress, number, closes).where(closed == "", paused == "", closes != "")
        with self.database.read() as connection:
            return [(str(slug), int(poll), str(closes)) for slug, poll, closes in connection.execute(query)]

    def seclusions(self) -> list[tuple[str, str]]:
        """(slug, instant) of every huis clos in force."""
        seclusion = mirror.MIRRORS["seclusion"]
        query = select(seclusion.congress, seclusion.column(Seclusion, lambda each: each.until))
        with self.database.read() as connection:
            return [(str(slug), str(until)) for slug, until in connection.execute(query)]

    def sittings_in_camera(self) -> list[tuple[str, str]]:
        """(slug, instant) of every sitting in camera."""
        ongoing = mirror.MIRRORS["in_camera"]
        query = select(ongoing.congress, ongoing.column(InCamera, lambda each: each.until))
        with self.database.read() as connection:
            return [(str(slug), str(until)) for slug, until in connection.execute(query)]

    def journalled(self, before: str = "~") -> list[tuple[str, str]]:
        """(slug, document) of everything that waits in the journal, written before that moment."""
        query = select(column(JournalRow.congress), column(JournalRow.document)).distinct()
        with self.database.read() as connection:
            found = connection.execute(query.where(column(JournalRow.time) < before))
            return [(str(slug), str(document)) for slug, document in found]
