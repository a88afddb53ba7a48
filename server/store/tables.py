"""The tables of the record and of what waits to enter it. The tables of the state are in `mirror`."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, BigInteger, Column, DateTime, Index, Integer, func
from sqlmodel import Field, SQLModel

ROW_ID = BigInteger().with_variant(Integer, "sqlite")


class EntryRow(SQLModel, table=True):
    """An entry of the record, verbatim, the hash of its leaf, and the document that it is about."""

    __tablename__ = "entry"
    __table_args__ = (Index("entry_document", "congress", "document", "index"),)
    congress: str = Field(primary_key=True)
    index: int = Field(sa_column=Column("index", BigInteger, primary_key=True, autoincrement=False))
    document: str
    data: bytes
    leaf: bytes


class PayloadRow(SQLModel, table=True):
    """What an entry commits to, with its salt; gone once erased."""

    __tablename__ = "payload"
    congress: str = Field(primary_key=True)
    index: int = Field(sa_column=Column("index", BigInteger, primary_key=True, autoincrement=False))
    salt: bytes
    data: bytes


class TileRow(SQLModel, table=True):
    """A full tile of the tree: 256 hashes of level `level`."""

    __tablename__ = "tile"
    congress: str = Field(primary_key=True)
    level: int = Field(primary_key=True)
    number: int = Field(sa_column=Column("number", BigInteger, primary_key=True, autoincrement=False))
    data: bytes


class CheckpointRow(SQLModel, table=True):
    """A signed checkpoint; the key forbids two roots for one size."""

    __tablename__ = "checkpoint"
    congress: str = Field(primary_key=True)
    size: int = Field(sa_column=Column("size", BigInteger, primary_key=True, autoincrement=False))
    root: bytes
    note: str
    time: str


class KeyRow(SQLModel, table=True):
    """The public key of a congress, so that no process that lacks the private one makes another."""

    __tablename__ = "signing_key"
    congress: str = Field(primary_key=True)
    vkey: str


class CosignatureRow(SQLModel, table=True):
    """The line of signature of a witness under the checkpoint of that size; `witness` is its key."""

    __tablename__ = "cosignature"
    congress: str = Field(primary_key=True)
    size: int = Field(sa_column=Column("size", BigInteger, primary_key=True, autoincrement=False))
    witness: str = Field(primary_key=True)
    line: str


class ReceiptRow(SQLModel, table=True):
    """What a command led to, so that the same command sent again gets the same answer."""

    __tablename__ = "receipt"
    congress: str = Field(primary_key=True)
    actor: str = Field(primary_key=True)
    command: str = Field(primary_key=True)
    entries: list[list[int | str]] = Field(sa_column=Column("entries", JSON, nullable=False))
    time: str


class BallotBoxRow(SQLModel, table=True):
    """The box of an open secret poll: how many papers of each sort, sealed (see `urn`)."""

    __tablename__ = "sealed_urn"
    congress: str = Field(primary_key=True)
    poll: int = Field(sa_column=Column("poll", BigInteger, primary_key=True, autoincrement=False))
    sealed: bytes


class JournalRow(SQLModel, table=True):
    """A confirmed keystroke that is not yet part of a burst in the record."""

    __tablename__ = "journal"
    __table_args__ = (Index("journal_document", "congress", "document"), {"sqlite_autoincrement": True})
    id: int | None = Field(default=None, sa_column=Column("id", ROW_ID, primary_key=True, autoincrement=True))
    congress: str
    document: str
    person: str
    update: bytes
    clients: list[int] = Field(sa_column=Column("clients", JSON, nullable=False))
    time: str


class PassedRow(SQLModel, table=True):
    """A keystroke that became part of a burst a moment ago, for processes that have not read it in the journal."""

    __tablename__ = "passed"
    __table_args__ = (Index("passed_id", "congress", "id"), Index("passed_at", "at"))
    id: int = Field(sa_column=Column("id", BigInteger, primary_key=True, autoincrement=False))
    congress: str
    document: str
    person: str
    update: bytes
    clients: list[int] = Field(sa_column=Column("clients", JSON, nullable=False))
    at: datetime | None = Field(
        default=None, sa_column=Column("at", DateTime(timezone=True), nullable=False, server_default=func.now())
    )


class DocumentRow(SQLModel, table=True):
    """A Yjs document with every recorded burst, as one update: a cache of the record."""

    __tablename__ = "document"
    congress: str = Field(primary_key=True)
    document: str = Field(primary_key=True)
    update: bytes
