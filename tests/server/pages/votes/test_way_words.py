"""Pages have words and actions for every way of voting in the table of the rules."""

from __future__ import annotations

import pytest

from deliberation.kernel.vocabulary import Way
from deliberation.votes import ways
from exports.translations import words_for
from server.pages.votes.polls import GIVEN
from server.pages.votes.ways import ON_PAGES, choices


def test_every_way_is_told_and_taken_on_pages() -> None:
    """W1"""
    assert list(ON_PAGES) == list(ways.WAYS)
    assert {row.takes for row in ways.WAYS.values()} == set(GIVEN)
    for way, row in ways.WAYS.items():
        assert (ON_PAGES[way].ballot is None) == row.by_tellers


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_usual_way_is_offered_first(lang: str) -> None:
    found = choices(words_for(lang))
    assert [value for value, _, _ in found] == [way.value for way in Way]
    assert found[0][0] == ways.USUAL
    assert all(name and meaning for _, name, meaning in found)
