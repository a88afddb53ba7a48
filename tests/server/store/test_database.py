"""Closing the connections to the database."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import text

from server.store.database import Database, DatabaseClosed
from tests.waiting import until


def is_closed(database: Database) -> bool:
    try:
        with database.read():
            return False
    except DatabaseClosed:
        return True


@pytest.mark.contract
def test_closing_waits_for_what_still_reads(database_url: str) -> None:
    """A connection that came back to a closed pool stayed open; on PostgreSQL that was a warning now and then."""
    database = Database(database_url)
    closing = threading.Thread(target=database.close)
    with database.read() as connection:
        raw = connection.connection.driver_connection
        closing.start()
        until(lambda: is_closed(database))
        assert connection.execute(text("select 1")).scalar_one() == 1
        assert closing.is_alive()
    closing.join()
    assert raw is not None
    with pytest.raises(Exception, match="closed"):
        raw.execute("select 1")
