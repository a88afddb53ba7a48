"""A place whose name is masked in an entry leaves neither its code nor its population in that entry (R58)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from deliberation.kernel import codec
from deliberation.kernel.territory import SIZES, Territory, kind_alone

Fill = Callable[[str], str]


def masked_together(before: dict[str, Any], after: dict[str, Any], fill: Fill) -> dict[str, Any]:
    """An object of a payload after words in it were masked by `fill`, with all that would still tell the place whose
    name, code or official name was masked; as it is where none was.
    """
    if "collectivity" not in before or "code" not in before:
        return after
    if all(before.get(field) == after.get(field) for field in ("collectivity", "code", "territory")):
        return after
    hidden = {**after, "code": fill(after["code"])}
    if before.get("territory") is not None:
        hidden["territory"] = codec.encode(_untold(codec.decode(Territory, before["territory"])))
        if hidden["collectivity"] == before["collectivity"]:  # typed otherwise than the list spells it
            hidden["collectivity"] = fill(before["collectivity"])
    return hidden


def _untold(territory: Territory) -> Territory:
    """What may be known of it by its kind alone (T20), and as its population the least of its class of sizes, so that
    the list of speakers follows as it did (S35, S41).
    """
    least = max((size for size in (1, *SIZES) if size <= territory.population), default=0)
    return replace(kind_alone(territory), population=least)
