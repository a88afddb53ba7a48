"""What the API returns about each way of voting."""

from __future__ import annotations

import base64
import json
from hashlib import sha256
from typing import Any

from deliberation.visibility.views import public_view
from server.api.reading import RESOURCES
from tests.bel_archives import URL, importing
from tests.exports.sample import ELU, OTHER, THIRD, voted_otherwise


def shown() -> dict[str, list[Any]]:
    """Every list of the API for a congress with votes in every way."""
    state = public_view(voted_otherwise().state)
    found = {x.name: [x.show(state, thing) for thing in x.things(state).values()] for x in RESOURCES}
    lists: dict[str, list[Any]] = json.loads(json.dumps(found))
    return lists


def test_elections_divisions_and_results_from_elsewhere_are_listed() -> None:
    """V30, W10, W14, W16, W20"""
    found = shown()
    (election,) = found["scrutins/elections"]
    assert [(each["person"], each["poll"]) for each in election["elected"]] == [(ELU, 8), (THIRD, 9)]
    assert (election["vacant"], election["rule"]["seats"]) == (0, 2)
    first, second = election["standings"]
    assert (first["needed"], first["blank"], first["cast"], first["seats"]) == (2, 1, 2, 2)
    assert [(each["person"], each["votes"]) for each in first["candidates"]] == [(ELU, 2), (OTHER, 1), (THIRD, 0)]
    assert len(second["tied"]) == 2
    (division,) = found["scrutins/divisions"]
    assert [(part["poll"], bool(part["pieces"])) for part in division["words"]] == [(1, True), (2, True)]
    (result,) = found["scrutins/ailleurs"]
    assert (result["url"], result["files"][0]["sha256"]) == (
        URL,
        sha256(base64.b64decode(importing().archive)).hexdigest(),
    )
    assert (result["election"]["credentials"], result["checked"]) == (7, "absent")


def test_polls_say_how_they_were_held_and_what_was_counted() -> None:
    """W6, W7, W8, W17"""
    polls = {poll["number"]: poll for poll in shown()["scrutins"]}
    assert (polls[3]["sheet"], polls[4]["sheet"]) == (3, 3)
    assert len(polls[5]["counts"]) == 2
    assert (polls[5]["hands"]["against"], polls[5]["decision"]) == (2, "La photo de la salle le montre.")
    assert (polls[7]["papers"], sorted(polls[7]["signed"]), polls[7]["ballots"]) == ([0, 0, 1], [ELU, OTHER, THIRD], {})
