"""What the writer can be asked to do for a congress, beside the commands of the rules."""

from __future__ import annotations

from dataclasses import dataclass

from deliberation.kernel.commands import Request
from deliberation.kernel.events import Recorded
from server.writing.masking import PreparedMasking


@dataclass(frozen=True)
class Keystroke:
    """An update of a shared text to keep in the journal.

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
    """Make entries of what waits in the journal of that document, up to row `until`; 0 for all that waits now.

    A transaction makes some of them (`FlushedPiece`), so that keystrokes are kept in between.
    """

    document: str
    until: int = 0


@dataclass(frozen=True)
class FlushedPiece:
    """Entries that a transaction made of what waits up to row `until`; whether nothing of it waits any more."""

    entries: tuple[Recorded, ...]
    until: int
    is_done: bool


@dataclass(frozen=True)
class Sign:
    """A signed checkpoint, which covers the entry of that index if one is given."""

    covering: int | None


@dataclass(frozen=True)
class CatchUp:
    """Learn what other processes kept until now."""


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
