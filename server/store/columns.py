"""Columns named by the attributes of a table class, so that the type checker notices a name that is not there."""

from __future__ import annotations

from typing import Any, TypeVar, cast

from sqlalchemy import Column

T = TypeVar("T")


def column(attribute: T) -> Column[T]:
    """The column behind an attribute of a table class, for queries: `column(EntryRow.index)`."""
    return cast("Column[T]", cast("Any", attribute).property.columns[0])


def row(*values: tuple[object, object]) -> dict[str, Any]:
    """A row to insert, from pairs of attribute and value: `row((TileRow.level, 0), (TileRow.number, 3))`."""
    return {column(attribute).key: value for attribute, value in values}
