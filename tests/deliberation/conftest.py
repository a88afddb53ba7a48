"""A new congress for each test; after the test its record must replay to the same state."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.deliberation.congresses import Congress, opened


@pytest.fixture
def empty() -> Iterator[Congress]:
    """Nothing exists yet."""
    congress = Congress()
    yield congress
    congress.verify()


@pytest.fixture
def congress(empty: Congress) -> Congress:
    """Two organisers, three élus and a scribe; every phase is open."""
    return opened(empty)
