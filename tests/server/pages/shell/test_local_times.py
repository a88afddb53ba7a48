"""Instants in words and in form fields, across a change to or from summer time."""

from __future__ import annotations

import pytest

from exports import moments
from server.pages.shell import local_times

PARIS = "Europe/Paris"


def test_said_in_two_languages() -> None:
    assert moments.moment("2026-11-23T08:05:00.000Z", PARIS, "fr") == "23\u00a0novembre\u00a02026 à 9\u00a0h\u00a005"
    assert moments.moment("2026-11-23T08:00:00.000Z", PARIS, "fr") == "23\u00a0novembre\u00a02026 à 9\u00a0h"
    assert moments.moment("2026-11-23T08:05:00.000Z", PARIS, "en") == "23\u00a0November\u00a02026 at 09:05"
    assert moments.moment("", PARIS, "fr") == ""


@pytest.mark.parametrize("instant", ["2026-01-15T09:30:00.000Z", "2026-07-15T09:30:00.000Z"])
def test_fields_round_trip(instant: str) -> None:
    assert local_times.from_field(local_times.to_field(instant, PARIS), PARIS) == instant


def test_an_empty_field_is_no_date() -> None:
    assert local_times.from_field("  ", PARIS) is None
    assert local_times.to_field(None, PARIS) == ""


@pytest.mark.parametrize(
    "typed", ["demain", "2026-13-01T00:00", "2026-01-01T00:00Z", "0001-01-01T00:00", "9999-12-31T23:59"]
)
def test_what_is_no_date_is_said_to_be_none(typed: str) -> None:
    with pytest.raises(local_times.UnreadableDate):
        local_times.from_field(typed, PARIS)


def test_an_unknown_zone_is_read_as_paris() -> None:
    assert str(moments.zone("Mars/Olympus")) == PARIS
