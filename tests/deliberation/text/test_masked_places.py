"""A place whose name is masked leaves neither its code nor its population in that entry (R58)."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliberation.kernel import codec
from deliberation.kernel import events as e
from deliberation.kernel.territory import Territory, TerritoryKind, size_class
from deliberation.kernel.vocabulary import Channel, Speaker
from deliberation.text.masking import Passage

HERE = Territory(TerritoryKind.VILLAGE, "25529", "Sainte-Colombe", 354, 2025, "25", "Doubs", "R27", "Bourgogne")
LEFT = Territory(TerritoryKind.VILLAGE, population=1, year=2025, region="R27", region_name="Bourgogne")


def masked(words: str, typed: str = "Sainte-Colombe", here: Territory | None = HERE) -> Any:
    event = e.ActorBound("p1", "Anne Roy", "maire", typed, "25529", here)
    return e.decode(event.kind, Passage(words).mask_payload(codec.encode(event)))


@pytest.mark.parametrize(
    ("words", "typed", "left"),
    [
        ("Sainte-Colombe", "Sainte-Colombe", "xxxxxx-xxxxxxx"),
        ("sainte colombe", "Mairie de Sainte-Colombe", "Mairie de xxxxxx-xxxxxxx"),
        ("Sainte-Colombe", "Ste Colombe", "xxx xxxxxxx"),
        ("25529", "Sainte-Colombe", "xxxxxx-xxxxxxx"),
    ],
)
def test_name_code_and_population_are_masked_together(words: str, typed: str, left: str) -> None:
    """R58: whichever of them was asked for, however the place was typed."""
    assert masked(words, typed) == e.ActorBound("p1", "Anne Roy", "maire", left, "00000", LEFT)


def test_a_place_off_the_list_loses_its_code(words: str = "Colombe") -> None:
    """R58"""
    found = masked(words, here=None)
    assert (found.collectivity, found.code, found.territory) == ("Sainte-xxxxxxx", "00000", None)


def test_other_words_leave_the_place_as_it_is() -> None:
    """R30: nothing else is changed."""
    assert masked("Anne Roy") == e.ActorBound("p1", "xxxx xxx", "maire", "Sainte-Colombe", "25529", HERE)


def test_the_place_of_a_testimony_is_masked_where_its_text_names_it() -> None:
    """R58: the speaker stands within the payload."""
    speaker = Speaker("Anne", "maire", "Sainte-Colombe", "25529", HERE)
    event = e.TestimonySubmitted(1, "", "À Sainte-Colombe, rien.", "", Channel.WEB, speaker)
    found = e.decode(event.kind, Passage("Sainte-Colombe").mask_payload(codec.encode(event)))
    assert isinstance(found, e.TestimonySubmitted)
    assert found.text == "À xxxxxx-xxxxxxx, rien."
    assert found.speaker == Speaker("Anne", "maire", "xxxxxx-xxxxxxx", "00000", LEFT)


@given(st.integers(0, 5_000_000), st.sampled_from(TerritoryKind))
def test_the_class_of_sizes_stays(population: int, kind: TerritoryKind) -> None:
    """R58, S35: and so does the kind."""
    place = Territory(kind, "25529", "Sainte-Colombe", population, 2025, "25", "Doubs", "R27", "Bourgogne")
    found = masked("Sainte-Colombe", here=place).territory
    assert (found.kind, size_class(found)) == (kind, size_class(place))
    assert (found.code, found.name, found.department, found.department_name) == ("", "", "", "")
