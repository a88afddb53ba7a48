"""Values of the state are saved in rows and can be read back from them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given, settings

from deliberation.kernel.state import State
from server.store import mirror
from server.store.database import Database
from tests.deliberation.values import instances

ONE_EACH = ("settings", "seclusion", "screen", "agenda")


def _numbered() -> dict[str, Any]:
    """The fields of the state that map numbers to values, each of which is stored in one row."""
    found: dict[str, Any] = {}
    for name, hint in get_type_hints(State).items():
        kinds = get_args(hint)
        if get_origin(hint) is Mapping and kinds[0] is int and dataclasses.is_dataclass(kinds[1]):
            found[name] = kinds[1]
    return {name: kind for name, kind in found.items() if not mirror.MIRRORS[name].without}


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    empty = Database(f"sqlite:///{tmp_path_factory.mktemp('mirror') / 'pleniere.sqlite'}")
    empty.create_tables()
    yield empty
    empty.close()


@pytest.mark.parametrize("name", sorted(_numbered()))
def test_whatever_is_saved_is_read_back(name: str, database: Database) -> None:
    """Slips of the desk and amendments on paper were once written and never read."""
    (key,) = mirror.MIRRORS[name].keys

    @settings(max_examples=10)
    @given(instances(_numbered()[name]))
    def stays(thing: Any) -> None:
        _stays(database, _holding(name, {getattr(thing, key): thing}))

    stays()


@pytest.mark.parametrize("name", ONE_EACH)
def test_a_single_thing_is_read_back(name: str, database: Database) -> None:
    kind = next(kind for kind in get_args(get_type_hints(State)[name]) if kind is not type(None))

    @settings(max_examples=10)
    @given(instances(kind))
    def stays(thing: Any) -> None:
        _stays(database, _holding(name, thing))

    stays()


def _holding(name: str, value: Any) -> State:
    """A state in which only that field is not empty."""
    fields: dict[str, Any] = {name: value}
    return State(**fields)


def _stays(database: Database, state: State) -> None:
    with database.engine.connect() as connection:
        mirror.save(connection, "essai", State(), state)
        assert mirror.load(connection, "essai") == state
        connection.rollback()
