"""Who holds the congress and answers for its site: name, contact, legal statements, logo, and a legible colour (S27,
S28).
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import fields, replace

from deliberation.congress.congress import LONG, SHORT, too_long
from deliberation.kernel import commands as c
from deliberation.kernel import events as e
from deliberation.kernel.errors import Refused
from deliberation.kernel.plain_text import one_line
from deliberation.kernel.rules import Decision, Folds, Rules
from deliberation.kernel.state import State
from deliberation.kernel.vocabulary import CongressIdentity

COLOUR = re.compile("#[0-9a-f]{6}")
LEAST_CONTRAST = 4.5
"""The least contrast ratio between text and its background by WCAG 2.2, criterion 1.4.3."""
LIGHT, DARK = "#faf8f3", "#11141b"
"""Background colours of the interface's light and dark themes."""
MOST_LOGO_BYTES = 30_000
MOST_LOGO_SIDE = 1_024
SIGNATURE = b"\x89PNG\r\n\x1a\n"
LEVELS = frozenset({"", "totale", "partielle", "non"})
"""Levels of conformity to the RGAA (the French accessibility standard) that the site may declare; "" if it declares
none.
"""


def identify(state: State, request: c.Request, command: c.IdentifyCongress, now: str) -> Decision:
    identity = tidied(command.identity)
    if refused := _refuse_words(identity) or refuse_colour(identity.colour) or refuse_logo(identity.logo):
        return refused
    if identity.conformity not in LEVELS:
        return Refused("identity.conformity", "Ce niveau de conformité n’existe pas.", "conformity")
    assert state.settings is not None
    if identity == state.settings.identity:
        return Refused("identity.unchanged", "C’est déjà l’identité du congrès.", "organisation")
    return (e.CongressIdentified(identity),)


def tidied(identity: CongressIdentity) -> CongressIdentity:
    """The identity with surrounding spaces removed, the organisation's name on one line, and the colour in lower
    case.
    """
    found = {each.name: str(getattr(identity, each.name)).strip() for each in fields(identity)}
    return CongressIdentity(
        **found | {"organisation": one_line(identity.organisation), "colour": found["colour"].lower()}
    )


def _refuse_words(identity: CongressIdentity) -> Refused | None:
    limits = {"organisation": SHORT, "contact": LONG, "legal": LONG, "privacy": LONG, "accessibility": LONG}
    found = (too_long(getattr(identity, name), name, limit) for name, limit in limits.items())
    return next(filter(None, found), None)


def refuse_colour(colour: str) -> Refused | None:
    """The refusal of a malformed colour, or of one too pale for text on the light background; None if it is usable or
    "".
    """
    if not colour:
        return None
    if not COLOUR.fullmatch(colour):
        return Refused("identity.colour", "Donnez une couleur comme #23408e.", "colour")
    ratio = contrast(colour, LIGHT)
    if ratio >= LEAST_CONTRAST:
        return None
    told: dict[str, str | int] = {"ratio": f"{int(ratio * 10) / 10}".replace(".", ",")}
    return Refused(
        "identity.contrast",
        "Cette couleur est trop pâle pour qu’on lise : son contraste est de {ratio}, il en faut 4,5.",
        "colour",
        told,
    )


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours such as `#23408e`, from 1 to 21 (WCAG 2.2)."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def at_night(colour: str) -> str:
    """The colour mixed with just enough white, in steps of 5 %, to be legible on the dark background."""
    for share in range(0, 101, 5):
        mixed = _mixed(colour, share)
        if contrast(mixed, DARK) >= LEAST_CONTRAST:
            return mixed
    return "#ffffff"


def _mixed(colour: str, share: int) -> str:
    """The colour mixed with `share` percent of white."""
    parts = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return "#" + "".join(f"{part + (255 - part) * share // 100:02x}" for part in parts)


def refuse_logo(logo: str) -> Refused | None:
    """The refusal of a logo that is not a PNG in base64, or is too large; None if it is usable or ""."""
    if not logo:
        return None
    data = logo_bytes(logo)
    side = max(_size(data)) if data.startswith(SIGNATURE) and data[12:16] == b"IHDR" and len(data) >= 24 else 0
    if not side:
        return Refused("identity.logo", "Le logo doit être une image PNG.", "logo")
    if len(data) > MOST_LOGO_BYTES or side > MOST_LOGO_SIDE:
        limits: dict[str, str | int] = {"bytes": MOST_LOGO_BYTES // 1000, "side": MOST_LOGO_SIDE}
        return Refused("identity.logo_large", "Le logo dépasse {bytes} ko ou {side} pixels de côté.", "logo", limits)
    return None


def logo_bytes(logo: str) -> bytes:
    """The bytes of the image; b"" if the base64 is invalid."""
    try:
        return base64.b64decode(logo, validate=True)
    except (binascii.Error, ValueError):
        return b""


def _size(data: bytes) -> tuple[int, int]:
    return int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")


def on_identified(state: State, r: e.Recorded, event: e.CongressIdentified) -> State:
    assert state.settings is not None
    return replace(state, settings=replace(state.settings, identity=event.identity))


DECIDE: Rules = {c.IdentifyCongress: identify}
EVOLVE: Folds = {e.CongressIdentified: on_identified}
