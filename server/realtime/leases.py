"""Who may write under which Yjs client id. Pure.

A client id belongs for good to the person who first wrote under it and, while a connection writes under it, to that
connection: two connections that share one would diverge silently. The same person's newer connection takes over from
one that has been silent since, as after a lost network.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from deliberation.kernel.errors import Refused

TAKEN = Refused("client.taken", "Cet identifiant d’édition appartient à une autre personne. Rechargez la page.")
SHARED = Refused("client.shared", "Cette page est ouverte deux fois sous le même identifiant. Rechargez-la.")
TOO_MANY = Refused("client.too_many", "Trop d’identifiants d’édition sur une connexion. Rechargez la page.")

MAX_OWNED = 2_000
"""Client ids that one person may own in a document: each page view in which they write takes one."""

MAX_CLIENTS = 256
"""Client ids new to the server that one update may bring: after working offline, a device brings those of earlier
visits.
"""


class Holder(Protocol):
    """A connection that may hold a client id. `opened` and `heard` are times: when it came, when it last sent
    anything.
    """

    opened: float
    heard: float

    @property
    def person(self) -> str | None: ...
    @property
    def client(self) -> int | None: ...
    @client.setter
    def client(self, value: int) -> None: ...


@dataclass(frozen=True, slots=True)
class Claim:
    """The client ids under which an update adds structs; `answer`: it came in a sync step 2, not as it was typed."""

    clients: tuple[int, ...]
    answer: bool


class Leases:
    """`owners` maps each client id known to the record or the journal to its person."""

    def __init__(self, owners: Mapping[int, str]) -> None:
        self.owners = dict(owners)
        self._holders: dict[int, Holder] = {}

    def refuse(self, holder: Holder, claim: Claim) -> Refused | None:
        """Why the connection may not write under these ids, or None. Changes nothing."""
        new = sum(client not in self.owners for client in claim.clients)
        if new > MAX_CLIENTS or (new and new + sum(1 for _ in self.owned_by(holder.person or "")) > MAX_OWNED):
            return TOO_MANY
        for client in claim.clients:
            if refused := self._refuse(holder, client, claim.answer):
                return refused
        return None

    def grant(self, holder: Holder, claim: Claim) -> None:
        """Notes a claim that was not refused."""
        assert holder.person is not None
        self.owners.update(dict.fromkeys(claim.clients, holder.person))
        if claim.answer:
            return
        if holder.client is None and claim.clients:
            holder.client = claim.clients[0]
        if holder.client in claim.clients:
            self._holders[holder.client] = holder

    def show(self, holder: Holder, client: int) -> bool:
        """Whether this connection may show presence under that id; the connection gets the id if nobody holds it.

        Otherwise somebody could show a cursor under another person's id before its first letter, which would then look
        like theirs.
        """
        other = self._holders.get(client)
        owner = self.owners.get(client, holder.person)
        is_free = other is None or other is holder or (other.person == holder.person and _is_silent(other, holder))
        if owner != holder.person or not is_free:
            return False
        self._holders.setdefault(client, holder)
        return True

    def held_by(self, client: int) -> Holder | None:
        """The connection that writes or is shown under this id."""
        return self._holders.get(client)

    def release(self, holder: Holder) -> None:
        """Gives back the ids of a connection that ended."""
        if holder.client is not None and self._holders.get(holder.client) is holder:
            del self._holders[holder.client]

    def owned_by(self, person: str) -> Iterable[int]:
        """The client ids that belong to that person."""
        return (client for client, owner in self.owners.items() if owner == person)

    def _refuse(self, holder: Holder, client: int, answer: bool) -> Refused | None:
        if self.owners.get(client, holder.person) != holder.person:
            return TAKEN
        other = self._holders.get(client)
        if other is not None and other.person != holder.person:
            return TAKEN
        if answer or other is None or other is holder or holder.client not in (None, client):
            return None
        return None if _is_silent(other, holder) else SHARED


def _is_silent(other: Holder, since: Holder) -> bool:
    return other.heard <= since.opened
