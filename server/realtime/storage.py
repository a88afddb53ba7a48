"""What rooms need from the side that keeps things. The write path implements it; tests do so in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from deliberation.errors import Refused


@dataclass(frozen=True)
class Permission:
    """`refusal` says why reading or writing is refused; its code ends in `not_found` for an unknown document."""

    read: bool
    write: bool
    refusal: Refused | None = None


class Storage(Protocol):
    """Documents are named as in addresses, `motion-1`; people by pseudonym, None for the public."""

    async def load(self, slug: str, document: str) -> tuple[bytes | None, Sequence[tuple[str, bytes]]]:
        """Everything recorded as one update, and the (person, update) journalled since, in order."""

    async def journal(
        self, slug: str, document: str, person: str, update: bytes, clients: tuple[int, ...]
    ) -> int | Refused:
        """Keeps an update durably, in the order of calls; returns after the commit."""

    async def record_bursts(self, slug: str, document: str) -> object:
        """Turns everything journalled for the document into entries of the record."""

    async def permission(self, slug: str, document: str, person: str | None) -> Permission:
        """What the person may do now."""

    async def owners(self, slug: str, document: str) -> Mapping[int, str]:
        """The person of each Yjs client id that wrote in the document, journalled ones included."""
