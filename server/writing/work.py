"""The kinds of work that the writer does for a congress, besides the commands of the rules."""

from __future__ import annotations

from dataclasses import dataclass

from deliberation.kernel.commands import Request
from deliberation.kernel.events import Recorded
from server.writing.masking import PreparedMasking


@dataclass(frozen=True)
class Keystroke:
    """An update of a shared text to store in the journal.

    `clients` are the Yjs client ids that wrote it; `heard` is the number of the last update from another process that
    it takes into account.
    """

    document: str
    person: str
    update: bytes
    clients: tuple[int, ...]
    heard: int


@dataclass(frozen=True)
class Flush:
    """Turns what waits in the journal of that document, up to row `until`, into entries; 0 means all that waits now.

    A transaction records only a part (`FlushedPiece`), so that keystrokes are stored in between.
    """

    document: str
    until: int = 0


@dataclass(frozen=True)
class FlushedPiece:
    """The entries that one transaction made of what waits up to row `until`; whether nothing of it is left."""

    entries: tuple[Recorded, ...]
    until: int
    is_done: bool


@dataclass(frozen=True)
class Sign:
    """Asks for a signed checkpoint; if `covering` is given, one that includes the entry of that index."""

    covering: int | None


@dataclass(frozen=True)
class CatchUp:
    """Asks to read what other processes stored until now."""


@dataclass(frozen=True)
class MaskWords:
    """A decision to mask words, with the record made again so far; None has all of it made within the transaction."""

    request: Request
    prepared: PreparedMasking | None


@dataclass(frozen=True)
class MaskingDue:
    """The answer to a decision that is sound: its record is to be made again beside the writer, then it comes again."""

    redaction: int


Work = Request | Keystroke | Flush | Sign | CatchUp | MaskWords
