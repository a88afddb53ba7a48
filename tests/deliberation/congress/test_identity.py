"""Who holds the congress, its colour and its logo (S27, S28)."""

from __future__ import annotations

import base64
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliberation.congress import identity as rules
from deliberation.kernel import codec
from deliberation.kernel import commands as c
from deliberation.kernel import events as e
from deliberation.kernel.state import Settings
from deliberation.kernel.vocabulary import CongressIdentity
from tests.deliberation.congresses import ELU, ORGANISER, Congress

COLOURS = st.integers(0, 0xFFFFFF).map(lambda n: f"#{n:06x}")
FULL = CongressIdentity("AMF 22", "a@b.example", "Éditeur : AMF 22.", "DPO : c@d.example", "Audit de mai.", "partielle")


def png(width: int = 8, height: int = 8, more: int = 0) -> str:
    """The beginning of a PNG file of that size in base64; the rules read nothing else of it."""
    head = rules.SIGNATURE + (13).to_bytes(4, "big") + b"IHDR" + width.to_bytes(4, "big") + height.to_bytes(4, "big")
    return base64.b64encode(head + b"\0" * more).decode()


def of(congress: Congress) -> CongressIdentity:
    settings = congress.state.settings
    assert settings is not None
    return settings.identity


def test_an_organiser_says_who_answers(congress: Congress) -> None:
    """S27"""
    assert of(congress) == CongressIdentity()
    congress.do(ORGANISER, c.IdentifyCongress(replace(FULL, organisation="  AMF 22\n", colour="#23408E")))
    assert of(congress) == replace(FULL, colour="#23408e")
    assert congress.refused(ORGANISER, c.IdentifyCongress(replace(FULL, colour="#23408e"))) == "identity.unchanged"
    assert congress.refused(ELU, c.IdentifyCongress(FULL)) == "role.not_allowed"
    title = congress.state.settings.title if congress.state.settings else ""
    congress.do(ORGANISER, c.ChangeCongress(title, "", "", True))
    assert of(congress) == replace(FULL, colour="#23408e"), "the other settings leave it as it is"


def test_a_record_that_says_nothing_of_it_replays(congress: Congress) -> None:
    """S8: what is not said is blank, and a field that an event lacks is too."""
    assert Settings.__dataclass_fields__["identity"].default_factory is CongressIdentity
    event = e.decode("congress.identified", {"identity": {"contact": "x"}})
    assert event == e.CongressIdentified(CongressIdentity(contact="x"))
    assert codec.encode(event)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"organisation": "x" * 301}, "text.too_long"),
        ({"legal": "x" * 20_001}, "text.too_long"),
        ({"conformity": "presque"}, "identity.conformity"),
        ({"colour": "bleu"}, "identity.colour"),
        ({"colour": "#23408"}, "identity.colour"),
        ({"colour": "#ffcc00"}, "identity.contrast"),
        ({"colour": "#808080"}, "identity.contrast"),
        ({"logo": "pas du base64 !"}, "identity.logo"),
        ({"logo": base64.b64encode(b"GIF89a").decode()}, "identity.logo"),
        ({"logo": png(1025)}, "identity.logo_large"),
        ({"logo": png(8, 1025)}, "identity.logo_large"),
        ({"logo": png(more=30_000)}, "identity.logo_large"),
        ({"logo": png(0, 0)}, "identity.logo"),
    ],
)
def test_what_cannot_be_shown_is_refused(congress: Congress, change: dict[str, str], code: str) -> None:
    """S27, S28"""
    assert congress.refused(ORGANISER, c.IdentifyCongress(replace(FULL, **change))) == code
    assert of(congress) == CongressIdentity()


def test_a_logo_within_the_limits_stands(congress: Congress) -> None:
    """S28"""
    congress.do(ORGANISER, c.IdentifyCongress(replace(FULL, logo=png(1024, 512))))
    assert of(congress).logo == png(1024, 512)


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#ffffff", "#ffffff", 1.0),
        ("#777777", "#ffffff", 4.478),
        ("#23408e", "#faf8f3", 9.0),
    ],
)
def test_contrast_is_that_of_the_wcag(one: str, other: str, ratio: float) -> None:
    """S28"""
    assert rules.contrast(one, other) == pytest.approx(ratio, abs=0.1)
    assert rules.contrast(one, other) == rules.contrast(other, one)


@given(COLOURS)
def test_every_colour_that_is_taken_can_be_read_by_day_and_by_night(colour: str) -> None:
    """S28"""
    assert rules.contrast(rules.at_night(colour), rules.DARK) >= rules.LEAST_CONTRAST
    if rules.refuse_colour(colour) is None:
        assert rules.contrast(colour, rules.LIGHT) >= rules.LEAST_CONTRAST
        assert rules.contrast(colour, "#ffffff") >= rules.LEAST_CONTRAST, "white letters on a button"
