"""Sources refer to columns by attributes of the table classes, not by strings."""

from __future__ import annotations

from typing import Any, cast

import pytest
from sqlmodel import SQLModel

from deliberation.kernel.state import Poll
from server.identity.tables import LinkRow
from server.store.columns import column, field_name, row
from server.store.mirror import MIRRORS
from server.store.tables import EntryRow, JournalRow


def test_an_attribute_stands_for_the_column_of_its_table() -> None:
    journal = SQLModel.metadata.tables["journal"]
    assert column(JournalRow.update) is journal.c["update"]
    assert str(column(EntryRow.index) >= 3) == "entry.index >= :index_1"


def test_a_field_is_named_by_reading_it() -> None:
    assert field_name(Poll, lambda poll: poll.closes) == "closes"
    assert str(MIRRORS["polls"].column(Poll, lambda poll: poll.number)) == "poll.number"


def test_a_row_is_made_of_attributes_and_values() -> None:
    assert row((LinkRow.token, "t"), (LinkRow.congress, "essai")) == {"token": "t", "congress": "essai"}


def test_a_name_that_is_no_column_is_an_error() -> None:
    with pytest.raises(AttributeError):
        column(cast("Any", EntryRow).number)
