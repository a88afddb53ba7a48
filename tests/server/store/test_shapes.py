"""The shape of a table depends only on its columns, and not on any library's rendering."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, make_dataclass
from enum import Enum

import pytest
from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
)
from sqlalchemy.types import TypeEngine
from sqlmodel import AutoString

from server.store.schema import OURS
from server.store.shapes import MARK, digest, is_former, of_kept, of_table, of_value


class Colour(Enum):
    RED = "red"


@dataclass(frozen=True)
class Leaf:
    name: str
    colour: Colour | None


@dataclass(frozen=True)
class Branch:
    leaves: tuple[Leaf, ...]
    by_number: Mapping[int, Leaf]
    above: Branch | None = None


def table(*more: Column[object], name: str = "things", text: TypeEngine[str] | None = None) -> Table:
    columns = (
        Column("number", BigInteger, primary_key=True, autoincrement=False),
        Column("title", text or Text(), nullable=False),
        Column("held", JSON(none_as_null=True)),
    )
    return Table(name, MetaData(), *columns, *more, Index("by_title", "title", "number"))


def test_a_shape_is_read_as_words() -> None:
    assert str(of_table(table())).splitlines() == [
        "held json null",
        "number bigint key 1",
        "title text",
        "index by_title(title, number)",
    ]


def test_what_is_noted_of_a_shape_never_changes() -> None:
    """A difference here makes every data folder look like that of another version."""
    assert digest(of_table(table()), "1", of_value(Branch)) == "1:8e58ff6febdd89eb"
    assert not is_former(digest(of_table(table())))
    assert is_former("6779fb560085a045")
    assert MARK == "1:"


@pytest.mark.parametrize("text", [Text(), String(), String(80), AutoString()], ids=repr)
def test_how_a_library_writes_a_type_does_not_count(text: TypeEngine[str]) -> None:
    assert of_table(table(text=text)) == of_table(table())


@pytest.mark.parametrize(
    "more",
    [
        Column("added", Integer),
        Column("added", LargeBinary, nullable=False),
    ],
    ids=lambda column: str(column.type),
)
def test_another_column_is_another_shape(more: Column[object]) -> None:
    assert digest(of_table(table(more))) != digest(of_table(table()))


def test_a_type_without_a_word_is_an_error() -> None:
    with pytest.raises(TypeError, match="column type"):
        of_table(table(Column("share", Float)))
    with pytest.raises(TypeError, match="values of type"):
        of_value(complex)


def test_values_are_told_by_their_fields_and_not_by_names_of_classes() -> None:
    leaf = "{colour: none | word, name: str}"
    assert of_value(Leaf) == leaf
    assert of_value(Branch) == f"{{above: ^1 | none, by_number: map[int, {leaf}], leaves: list[{leaf}, ...]}}"
    renamed = make_dataclass("Petiole", [("colour", Colour | None), ("name", str)])
    assert of_value(renamed) == leaf
    assert of_value(make_dataclass("Leaf", [("colour", Colour), ("name", str)])) != leaf


@pytest.mark.parametrize("name", sorted(OURS.tables))
def test_a_new_table_has_its_shape(name: str) -> None:
    engine = create_engine("sqlite://")
    OURS.tables[name].create(engine)
    with engine.connect() as connection:
        assert of_kept(connection, name).has(of_table(OURS.tables[name], engine.dialect))
    engine.dispose()
