"""The databases that the contract tests run on are real and new for each test."""

from __future__ import annotations

import pytest
import sqlalchemy


def rows(url: str) -> int:
    engine = sqlalchemy.create_engine(url)
    try:
        with engine.begin() as connection:
            connection.execute(sqlalchemy.text("create table probe (number integer)"))
            connection.execute(sqlalchemy.text("insert into probe values (1)"))
            count: int = connection.execute(sqlalchemy.text("select count(*) from probe")).scalar_one()
            return count
    finally:
        engine.dispose()


@pytest.mark.contract
@pytest.mark.parametrize("turn", ["first", "second"])
def test_a_database_is_new_for_each_test(database_url: str, turn: str) -> None:
    assert rows(database_url) == 1
