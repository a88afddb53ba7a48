"""Moments for people: in words and in fields, across a change of hour."""

from __future__ import annotations

import pytest

from server.pages.shell import dates

PARIS = "Europe/Paris"


def test_said_in_two_languages() -> None:
    assert dates.show("2026-11-23T08:05:00.000Z", PARIS, "fr") == "23 novembre 2026 à 9\u00a0h\u00a005"
    assert dates.show("2026-11-23T08:00:00.000Z", PARIS, "fr") == "23 novembre 2026 à 9\u00a0h"
    assert dates.show("2026-11-23T08:05:00.000Z", PARIS, "en") == "23 November 2026 at 09:05"
    assert dates.show("", PARIS, "fr") == ""


@pytest.mark.parametrize("instant", ["2026-01-15T09:30:00.000Z", "2026-07-15T09:30:00.000Z"])
def test_fields_round_trip(instant: str) -> None:
    assert dates.from_field(dates.to_field(instant, PARIS), PARIS) == instant


def test_an_empty_field_is_no_date() -> None:
    assert dates.from_field("  ", PARIS) is None
    assert dates.to_field(None, PARIS) == ""


@pytest.mark.parametrize(
    "typed", ["demain", "2026-13-01T00:00", "2026-01-01T00:00Z", "0001-01-01T00:00", "9999-12-31T23:59"]
)
def test_what_is_no_date_is_said_to_be_none(typed: str) -> None:
    with pytest.raises(dates.UnreadableDate):
        dates.from_field(typed, PARIS)


def test_an_unknown_zone_is_read_as_paris() -> None:
    assert dates.zone("Mars/Olympus").key == PARIS
