"""Columns referred to by class attributes, so that the type checker finds a name that does not exist."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from sqlalchemy import Column

T = TypeVar("T")


def column(attribute: T) -> Column[T]:
    """The column behind an attribute of a table class, for queries: `column(EntryRow.index)`."""
    return cast("Column[T]", cast("Any", attribute).property.columns[0])


class _FieldNames:
    """Every attribute returns its own name."""

    def __getattr__(self, name: str) -> str:
        return name


def field_name(of: type[T], read: Callable[[T], object]) -> str:
    """The name of the field that `read` reads: `field_name(Poll, lambda poll: poll.closes)` is "closes".

    For the tables of the state, whose columns have the names of the dataclasses' fields.
    """
    return str(read(cast("T", _FieldNames())))


def row(*values: tuple[object, object]) -> dict[str, Any]:
    """A row to insert, from pairs of attribute and value: `row((TileRow.level, 0), (TileRow.number, 3))`."""
    return {column(attribute).key: value for attribute, value in values}
