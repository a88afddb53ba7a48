"""What rooms need from storage. The write path implements it; tests do so in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from deliberation.kernel.errors import Refused

BEHIND = Refused("write.behind", "Ce texte vient d’être modifié ailleurs sous le même identifiant d’édition.")
"""Somebody wrote through another process under one of the same client ids: the room asks again, once it has read
that.
"""


class Unavailable(Exception):
    """Nothing can be stored now, as on a full disk; the same call may be repeated."""


@dataclass(frozen=True)
class Permission:
    """`refusal` says why reading or writing is refused; its code ends in `not_found` for an unknown document.

    `name` is the person's, as others see it; "" for the public.
    """

    read: bool
    write: bool
    refusal: Refused | None = None
    name: str = ""


class Storage(Protocol):
    """Documents are named as in addresses, `motion-1`; people by pseudonym, None for the public."""

    async def load(self, slug: str, document: str) -> tuple[bytes | None, Sequence[tuple[str, bytes]]]:
        """Everything recorded as one update, and the (person, update) journalled since, in order."""

    async def journal(
        self, slug: str, document: str, person: str, update: bytes, clients: tuple[int, ...], heard: int
    ) -> int | Refused:
        """Stores an update durably, in the order of calls; returns after the commit. Unavailable: nothing was stored.

        `heard` is the number of the last update from another process that the room had applied when this one came;
        `BEHIND` when one of those since was written under the same client id.
        """

    def number(self, slug: str) -> int:
        """The number of the last update from another process that the rooms of this congress were told of."""

    async def catch_up(self, slug: str) -> None:
        """Has the rooms told of all that other processes stored until now."""

    async def record_bursts(self, slug: str, document: str) -> object:
        """Turns everything journalled for the document into entries of the record."""

    async def permission(self, slug: str, document: str, person: str | None) -> Permission:
        """What the person may do now."""

    async def owners(self, slug: str, document: str) -> Mapping[int, str]:
        """The person of each Yjs client id that wrote in the document, journalled ones included."""
