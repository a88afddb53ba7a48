"""Every refusal by the rules of sittings, votes and amendments names its rule, and the article of the CGCT if there is
one.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from deliberation.grounds import CITES, FAMILIES, GROUNDS, LegalGround, ground_of
from deliberation.kernel.errors import Refused
from deliberation.votes.imported import WHY

RULES = Path(__file__).parents[2] / "deliberation"
ROOMS = ("session", "votes", "amendments")
NUMBERS = frozenset(re.findall(r"^\*\*([A-Z]\d+)\.\*\*", (RULES / "README.md").read_text("utf-8"), re.MULTILINE))


def refusals() -> Iterator[tuple[str, Refused]]:
    """Each refusal in the sources of these rooms, with the place in the sources."""
    for path in sorted(path for room in ROOMS for path in (RULES / room).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Refused":
                code, message = (part.value if isinstance(part, ast.Constant) else "" for part in node.args[:2])
                if isinstance(code, str) and code and isinstance(message, str):
                    yield f"{path.relative_to(RULES)}:{node.lineno}", Refused(code, message)
    yield from ((f"votes/imported.py {code}", Refused(f"belenios.{code}", said)) for code, said in WHY.items())


@pytest.mark.parametrize(("place", "refused"), list(refusals()))
def test_a_refusal_says_its_rule(place: str, refused: Refused) -> None:
    """S7, V21: in its own words, or by the table."""
    found = ground_of(refused)
    assert found or CITES.search(refused.message), place
    assert found is None or found.rule in NUMBERS, place


def test_the_table_names_rules_that_there_are() -> None:
    """S7: and codes that some rule uses."""
    assert {ground.rule for ground in (*GROUNDS.values(), *FAMILIES.values())} <= NUMBERS
    used = {refused.code for _, refused in refusals()} | {"motion.vote_open", "motion.not_found", "role.elus_only"}
    assert GROUNDS.keys() <= used | {"poll.weighed"}


def test_the_article_stands_beside_the_rule_where_the_law_has_one() -> None:
    """V12, W5, V15, S10, W25"""
    assert ground_of(Refused("proxy.to_self", "")) == LegalGround("V12", "L2121-20")
    assert ground_of(Refused("poll.third", "")) == LegalGround("W5", "L2121-21")
    assert ground_of(Refused("poll.second_call_early", "")) == LegalGround("V15", "L2121-17")
    assert ground_of(Refused("sitting.chair", "")) == LegalGround("S10", "L2121-14")
    assert ground_of(Refused("election.not_tied", "")) == LegalGround("W16", "L2122-7")
    assert ground_of(Refused("testimony.empty", "")) is None
    assert ground_of(Refused("proxy.too_many", "Déjà un (règle V12 ; article L2121-20 du CGCT).")) is None
