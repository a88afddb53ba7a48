"""The shape of a table: what must be the same for a version to use the table as another one left it.

It is a text over the columns (name, type by our own word for it, nullable, place in the key) and the indexes, and for
a table of the state over the fields of what its columns hold. How a library renders a table or a type is no part of it,
nor are names of classes: to upgrade a library, or to rename a class, changes no shape.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Mapping, Sequence
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Connection,
    DateTime,
    Dialect,
    Integer,
    LargeBinary,
    String,
    Table,
    TypeDecorator,
    inspect,
)
from sqlalchemy.types import TypeEngine

MARK = "1:"
"""Begins the shapes that are written so. Versions before noted 16 hexadecimal digits of a rendering by SQLAlchemy."""

WORDS: Sequence[tuple[type[TypeEngine[Any]], str]] = (
    (BigInteger, "bigint"),
    (Integer, "integer"),
    (Boolean, "boolean"),
    (JSON, "json"),
    (LargeBinary, "bytes"),
    (DateTime, "time"),
    (String, "text"),
)
"""Our words for types of columns; the first that fits is meant."""

PLAIN: Mapping[Any, str] = {
    int: "int",
    str: "str",
    bool: "bool",
    float: "float",
    bytes: "bytes",
    NoneType: "none",
    Any: "any",  # of a field that is in no column
}


@dataclasses.dataclass(frozen=True, order=True)
class ColumnShape:
    """One column; `key` is its place in the primary key, from 1, or 0."""

    name: str
    type: str
    nullable: bool
    key: int

    def __str__(self) -> str:
        key = f" key {self.key}" if self.key else ""
        return f"{self.name} {self.type}{' null' if self.nullable else ''}{key}"


@dataclasses.dataclass(frozen=True)
class TableShape:
    """Columns in the order of their names, and indexes as (name, names of columns)."""

    columns: tuple[ColumnShape, ...]
    indexes: tuple[tuple[str, tuple[str, ...]], ...]

    def has(self, declared: TableShape) -> bool:
        """Whether it has these columns and no others, and these indexes at least."""
        return self.columns == declared.columns and set(self.indexes) >= set(declared.indexes)

    def __str__(self) -> str:
        indexes = (f"index {name}({', '.join(columns)})" for name, columns in self.indexes)
        return "\n".join([*map(str, self.columns), *indexes])


def digest(shape: TableShape, *more: str) -> str:
    """What is noted of a shape."""
    return MARK + hashlib.sha256("\n".join([str(shape), *more]).encode()).hexdigest()[:16]


def is_former(noted: str) -> bool:
    """Whether a version before this way of writing shapes noted it: it cannot be compared with a shape of today."""
    return not noted.startswith(MARK)


def of_table(table: Table, dialect: Dialect | None = None) -> TableShape:
    """The shape that a table is declared to have; with `dialect`, as that database reports it."""
    keys = [column.name for column in table.primary_key.columns]
    columns = (
        ColumnShape(each.name, _word(each.type, dialect), bool(each.nullable), _place(each.name, keys))
        for each in table.columns
    )
    indexes = ((str(index.name), tuple(column.name for column in index.columns)) for index in table.indexes)
    return TableShape(tuple(sorted(columns)), tuple(sorted(indexes)))


def of_kept(connection: Connection, name: str) -> TableShape:
    """The shape of a table as it is in the database."""
    kept = inspect(connection)
    keys = kept.get_pk_constraint(name)["constrained_columns"]
    columns = (
        ColumnShape(each["name"], _word(each["type"], None), each["nullable"], _place(each["name"], keys))
        for each in kept.get_columns(name)
    )
    indexes = (
        (str(each["name"]), tuple(str(column) for column in each["column_names"])) for each in kept.get_indexes(name)
    )
    return TableShape(tuple(sorted(columns)), tuple(sorted(indexes)))


def _place(name: str, keys: Sequence[str]) -> int:
    return keys.index(name) + 1 if name in keys else 0


def _word(given: TypeEngine[Any], dialect: Dialect | None) -> str:
    """TypeError for a type that has no word here: give it one."""
    known = given.impl_instance if isinstance(given, TypeDecorator) else given
    if dialect is not None:
        known = known.dialect_impl(dialect)
    for type_, word in WORDS:
        if isinstance(known, type_):
            return word
    raise TypeError(f"no word for the column type {given!r}")


def of_value(given: Any, within: tuple[Any, ...] = ()) -> str:
    """What a column of the state holds, in words: a dataclass by its fields, wherever it stands."""
    if given in PLAIN:
        return PLAIN[given]
    if given in within:
        return f"^{len(within) - within.index(given)}"
    if dataclasses.is_dataclass(given):
        hints = get_type_hints(given)
        sorted_fields = sorted(dataclasses.fields(given), key=lambda each: each.name)
        fields = (f"{each.name}: {of_value(hints[each.name], (*within, given))}" for each in sorted_fields)
        return f"{{{', '.join(fields)}}}"
    if isinstance(given, type) and issubclass(given, Enum):
        return "word"
    return _of_generic(given, within)


def _of_generic(given: Any, within: tuple[Any, ...]) -> str:
    origin, args = get_origin(given), get_args(given)
    if origin in (Union, UnionType):
        return " | ".join(sorted(of_value(arg, within) for arg in args))
    inner = ", ".join("..." if arg is Ellipsis else of_value(arg, within) for arg in args)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return f"map[{inner}]"
    if isinstance(origin, type) and issubclass(origin, (tuple, list, set, frozenset, Sequence)):
        return f"list[{inner}]"
    raise TypeError(f"no word for values of type {given!r}")
