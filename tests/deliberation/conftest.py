"""A new congress for each test; after the test its record must replay to the same state."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.deliberation.congresses import Congress, opened


@pytest.fixture
def empty() -> Iterator[Congress]:
    """A congress that has not been created yet."""
    congress = Congress()
    yield congress
    congress.verify()


@pytest.fixture
def congress(empty: Congress) -> Congress:
    """A congress with two organisers, three élus and a scribe, and every phase open."""
    return opened(empty)
