"""Signing the record: a checkpoint commits to every entry up to its size."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select

from deliberation.kernel.ids import Instant
from deliberation.kernel.state import Settings
from deliberation.record import checkpoint
from server.store import integrity
from server.store.clock import moment
from server.store.columns import column, row
from server.store.integrity import Damage
from server.store.keys import ForeignKey, Keys
from server.store.log import Log
from server.store.tables import CheckpointRow

CHECKPOINT_SECONDS = 30
"""Seconds during which a checkpoint may be served although entries were added since."""

logger = logging.getLogger("pleniere.checkpoints")


@dataclass(frozen=True)
class SignedCheckpoint:
    """A checkpoint as it is kept: the size of the tree, the signed note, and when it was signed."""

    size: int
    note: str
    time: Instant


class Damaged(Exception):
    """No checkpoint can be signed, because the rows in `damage` do not match their hashes. `last` is the last signed
    checkpoint, None without one.
    """

    def __init__(self, damage: list[Damage], last: str | None) -> None:
        super().__init__(str(damage[0]))
        self.damage = damage
        self.last = last


def sign(connection: Connection, log: Log, keys: Keys, covering: int | None, now: Instant) -> str | None:
    """A signed checkpoint of the record; with `covering`, one that includes the entry of that index.

    Returns the last checkpoint while it is fresh enough, else signs a new one and stores it in the caller's
    transaction. None for a congress without a record, and for one whose key only other processes have and that was
    never signed. Raises Damaged when the entries to be signed do not match their hashes.
    """
    settings = log.state.settings
    if settings is None:
        return None
    last = _last(connection, log.congress)
    if last and _serves(last, log, covering, now):
        return last.note
    if damage := integrity.before_signing(connection, log, last.size if last else 0):
        raise Damaged(damage, last.note if last else None)
    try:
        note = _sign(log, settings, keys)
    except ForeignKey:
        logger.error("the key that signs %s is not in the data folder of this process", log.congress)
        return last.note if last else None
    _keep(connection, log, note, now)
    return note


def _serves(last: SignedCheckpoint, log: Log, covering: int | None, now: Instant) -> bool:
    """Whether the last checkpoint can be returned: it covers the whole record, or it is fresh and covers the required
    index.
    """
    if last.size == log.growth.size:
        return True
    is_fresh = 0 <= (moment(now) - moment(last.time)).total_seconds() < CHECKPOINT_SECONDS
    return is_fresh and last.size > max(log.withdrawn, -1 if covering is None else covering)


def _sign(log: Log, settings: Settings, keys: Keys) -> str:
    signer = keys.signer(settings.slug, settings.origin)
    return checkpoint.sign(checkpoint.Checkpoint(settings.origin, log.growth.size, log.growth.root()), signer)


def _keep(connection: Connection, log: Log, note: str, now: Instant) -> None:
    kept = row(
        (CheckpointRow.congress, log.congress),
        (CheckpointRow.size, log.growth.size),
        (CheckpointRow.root, log.growth.root()),
        (CheckpointRow.note, note),
        (CheckpointRow.time, now),
    )
    connection.execute(insert(CheckpointRow), [kept])


def _last(connection: Connection, congress: str) -> SignedCheckpoint | None:
    query = (
        select(column(CheckpointRow.size), column(CheckpointRow.note), column(CheckpointRow.time))
        .where(column(CheckpointRow.congress) == congress)
        .order_by(column(CheckpointRow.size).desc())
        .limit(1)
    )
    found = connection.execute(query).first()
    return SignedCheckpoint(*found) if found else None
