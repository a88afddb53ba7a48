"""One engine for SQLite or PostgreSQL, with the durability that the record promises set explicitly."""

from __future__ import annotations

import hashlib
import json
import logging
import secrets
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as Overcrowded
from sqlmodel import SQLModel

WRITE = "pleniere_write"
CHANNEL = "pleniere"
"""Name of the LISTEN/NOTIFY channel that the processes share."""

LOCK_MILLISECONDS = 3_000
"""How long to wait for the lock of a table that is to be rewritten."""
BUSY_MILLISECONDS = 30_000
"""How long SQLite waits for another writer."""

CONNECTING = {
    "connect_timeout": 5,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
    "application_name": "pleniere",
}
"""Connection settings: a dead PostgreSQL server is detected within about ten seconds."""

CONNECTED = """
SET tcp_keepalives_idle = 5; SET tcp_keepalives_interval = 2; SET tcp_keepalives_count = 3;
SET tcp_user_timeout = 10000;
SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'
"""
"""Session settings: the server detects a dead client within the same time, and acknowledges a commit only once it is on
disk.
"""

LOCKING = "SELECT set_config('idle_in_transaction_session_timeout', '60s', true), pg_advisory_xact_lock(:key)"
"""Takes the congress's lock for this transaction; PostgreSQL ends the transaction of a client that does nothing for a
minute while holding it.
"""


PASSING = frozenset(
    (
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PROTOCOL,
    )
)
READ_ONLY_TRANSACTION = "25006"
"""PostgreSQL's error code on a standby server."""

CLOSING_SECONDS = 10.0
"""How long `close` waits for connections in use; the longest reads take less than a second."""

logger = logging.getLogger("pleniere.database")


class DatabaseClosed(RuntimeError):
    """A connection was asked for after `Database.close`."""


class Database:
    """`read()` and `write()` give a connection inside one transaction; a write commits when its block ends."""

    def __init__(self, url: str) -> None:
        self.engine = _engine(url)
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        self.node = secrets.token_hex(4)
        """This process, among those that share the database."""
        self._out = 0
        self._closing = False
        self._returned = threading.Condition()

    def create_tables(self) -> None:
        """Creates the tables that do not exist."""
        SQLModel.metadata.create_all(self.engine)

    @contextmanager
    def _connection(self) -> Iterator[Connection]:
        """A connection of the pool, for which `close` waits; DatabaseClosed once closing has begun."""
        with self._returned:
            if self._closing:
                raise DatabaseClosed
            self._out += 1
        try:
            with self.engine.connect() as connection:
                yield connection
        finally:
            with self._returned:
                self._out -= 1
                self._returned.notify_all()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection with a consistent snapshot."""
        with self._connection() as connection:
            if not self.is_sqlite:
                connection = connection.execution_options(isolation_level="REPEATABLE READ")
            with connection.begin():
                yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A connection with one transaction; on SQLite it holds the write lock from its start."""
        with self._connection() as connection:
            connection = connection.execution_options(**{WRITE: True})
            with connection.begin():
                yield connection

    def lock(self, connection: Connection, name: str) -> None:
        """Makes writers of one congress take turns until the transaction ends (SQLite has one writer anyway)."""
        if not self.is_sqlite:
            key = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
            connection.execute(text(LOCKING), {"key": key})

    def phrase(self, *words: str) -> str:
        """The text of a notification from this process."""
        return json.dumps([self.node, *words], ensure_ascii=False)

    def tell(self, connection: Connection, *words: str) -> None:
        """Notifies the other processes, once the transaction is durable."""
        if not self.is_sqlite:
            saying = {"channel": CHANNEL, "words": self.phrase(*words)}
            connection.execute(text("SELECT pg_notify(:channel, :words)"), saying)

    def address(self) -> dict[str, Any]:
        """The arguments to connect to PostgreSQL outside the pool."""
        _, given = self.engine.dialect.create_connect_args(self.engine.url)
        return {**given, **CONNECTING}

    def forget_deleted(self) -> bool:
        """Empties the write-ahead log, so that erased content does not stay in it (see `secure_delete`).

        False if somebody reads an older snapshot: try again later. Nobody is made to wait meanwhile.
        """
        if not self.is_sqlite:
            return True  # see `forget_dead_rows`
        with self._connection() as connection:
            raw: Any = connection.connection.driver_connection
            raw.execute("PRAGMA busy_timeout=100")
            try:
                busy, _, _ = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            finally:
                raw.execute(f"PRAGMA busy_timeout={BUSY_MILLISECONDS}")
        return not busy

    def forget_dead_rows(self, tables: Iterable[str]) -> bool:
        """Rewrites these tables, so that no deleted or changed row is left in their files.

        SQLite does not need it (`secure_delete`). False if a table is locked: try again later. PostgreSQL's own
        write-ahead log is up to its operator; it is overwritten as the server goes on.
        """
        if self.is_sqlite:
            return True
        try:
            with self._connection() as connection:
                connection = connection.execution_options(isolation_level="AUTOCOMMIT")
                connection.detach()  # closed at the end, whatever became of the pool meanwhile
                connection.exec_driver_sql(f"SET lock_timeout = '{LOCK_MILLISECONDS}ms'")
                for table in tables:
                    connection.exec_driver_sql(f'VACUUM FULL "{table}"')
        except DBAPIError:
            logger.warning("tables could not be written anew; they will be", exc_info=True)
            return False
        return True

    def close(self) -> None:
        """Closes all connections, once those in use have been returned.

        When a visitor goes away, the thread that reads for the request goes on; a connection returned to a closed pool
        would stay open until the process ends.
        """
        with self._returned:
            self._closing = True
            if not self._returned.wait_for(lambda: self._out == 0, CLOSING_SECONDS):
                logger.warning("%d connections to the database are still in use", self._out)
        self.engine.dispose()


def is_passing(error: BaseException) -> bool:
    """Whether the failure may go away by itself: a full disk, a lock, a broken connection, too many connections."""
    if isinstance(error, (Overcrowded, OSError)):
        return True
    if not isinstance(error, DBAPIError):
        return False
    if isinstance(error.orig, sqlite3.Error):
        return getattr(error.orig, "sqlite_errorcode", 0) & 0xFF in PASSING
    is_read_only = getattr(error.orig, "sqlstate", None) == READ_ONLY_TRANSACTION
    return error.connection_invalidated or isinstance(error, OperationalError) or is_read_only


def _engine(url: str) -> Engine:
    if url.startswith(("postgres://", "postgresql://")):
        url = "postgresql+psycopg://" + url.split("://", 1)[1]
    quiet = {"hide_parameters": True}  # what people said has no place in the log of an error
    if not url.startswith("sqlite"):
        engine = create_engine(url, connect_args=CONNECTING, pool_size=8, max_overflow=8, pool_pre_ping=True, **quiet)
        event.listen(engine, "connect", _configure_postgres)
        return engine
    alone = {"timeout": 30, "check_same_thread": False}
    engine = create_engine(url, connect_args=alone, pool_size=8, max_overflow=16, **quiet)
    event.listen(engine, "connect", _configure_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _configure_sqlite(raw: Any, _record: Any) -> None:
    raw.isolation_level = None  # the driver begins no transactions of its own
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON", "foreign_keys=ON"):
        raw.execute(f"PRAGMA {pragma}")
    raw.execute(f"PRAGMA busy_timeout={BUSY_MILLISECONDS}")


def _configure_postgres(raw: Any, _record: Any) -> None:
    with raw.cursor() as cursor:
        cursor.execute(CONNECTED)
    raw.commit()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(WRITE)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
