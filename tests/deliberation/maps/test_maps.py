"""Maps: themes and ideas, which may cite excerpts (C1–C4)."""

from __future__ import annotations

import pytest

from deliberation.kernel import commands as c
from deliberation.kernel.vocabulary import Node, NodeChange, Phase
from deliberation.maps.maps import children, refuse_drawing
from tests.deliberation.congresses import CONGRESS, ELU, ORGANISER, OTHER, SCRIBE, VISITOR, Congress

BRANCH = Node("", "a", "Réseaux", (1, 2))
IDEA = Node("n1", "b", "Fibre")


def drawn(*changes: NodeChange, client: int = 7) -> c.DrawMap:
    return c.DrawMap(1, "AAA=", (client,), changes)


@pytest.mark.parametrize("actor", [ELU, ORGANISER, SCRIBE])
def test_who_draws(congress: Congress, actor: str) -> None:
    """C1"""
    state = congress.do(actor, c.CreateMap(" Réseaux\n et débit "))
    assert (state.maps[1].title, state.maps[1].author) == ("Réseaux et débit", actor)
    assert refuse_drawing(state, actor, 1, congress.now) is None
    assert congress.refused(VISITOR, c.CreateMap("Réseaux")) == "person.anonymous"


def test_maps_are_drawn_in_their_phase(congress: Congress) -> None:
    """C1, S4"""
    congress.do(SCRIBE, c.CreateMap("Réseaux"))
    congress.close(Phase.MAPS)
    refused = refuse_drawing(congress.state, SCRIBE, 1, congress.now)
    assert refused is not None
    assert refused.code == "phase.over"
    assert congress.refused(SCRIBE, c.CreateMap("Réseaux")) == "phase.over"


@pytest.mark.parametrize(
    ("title", "code"), [("", "title.missing"), ("\u200b", "title.missing"), ("x" * 301, "text.too_long")]
)
def test_a_map_has_a_title(congress: Congress, title: str, code: str) -> None:
    """S5"""
    assert congress.refused(SCRIBE, c.CreateMap(title)) == code


def test_the_live_editor_asks_before_each_change(congress: Congress) -> None:
    """C1, P2"""
    congress.do(SCRIBE, c.CreateMap("Réseaux"))
    for actor, number, code in (
        (VISITOR, 1, "person.anonymous"),
        ("p99", 1, "person.unknown"),
        (ELU, 2, "map.not_found"),
    ):
        refused = refuse_drawing(congress.state, actor, number, congress.now)
        assert refused is not None
        assert refused.code == code


def test_nodes_are_added_moved_and_removed(congress: Congress) -> None:
    """C2"""
    congress.do(CONGRESS, c.CreateMap("Réseaux"))
    congress.do(ELU, drawn(NodeChange("n1", None, BRANCH), NodeChange("n2", None, IDEA)))
    moved = Node("", "c", "Fibre", (3,))
    state = congress.do(SCRIBE, drawn(NodeChange("n2", IDEA, moved), NodeChange("n9", IDEA, None)))
    assert state.maps[1].nodes == {"n1": BRANCH, "n2": moved}
    state = congress.do(SCRIBE, drawn(NodeChange("n1", BRANCH, None)))
    assert state.maps[1].nodes == {"n2": moved}


def test_siblings_stand_by_order_then_id() -> None:
    """C2"""
    nodes = {"z": Node("", "a", ""), "b": Node("", "b", ""), "a": Node("", "b", ""), "x": Node("z", "a", "")}
    assert [id_ for id_, _ in children(nodes, "")] == ["z", "a", "b"]
    assert [id_ for id_, _ in children(nodes, "z")] == ["x"]


def test_what_was_confirmed_is_recorded(congress: Congress) -> None:
    """C3"""
    congress.do(SCRIBE, c.CreateMap("Réseaux"))
    congress.close(Phase.MAPS)
    assert congress.do(SCRIBE, drawn(NodeChange("n1", None, BRANCH))).maps[1].nodes == {"n1": BRANCH}
    assert congress.refused(SCRIBE, c.DrawMap(2, "AAA=", (), ())) == "map.not_found"


def test_client_ids_belong_to_who_wrote_under_them(congress: Congress) -> None:
    """C4"""
    congress.do(SCRIBE, c.CreateMap("Réseaux"))
    congress.do(SCRIBE, drawn(client=7))
    state = congress.do(OTHER, drawn(client=8))
    assert state.writing == {"carte-1": {7: SCRIBE, 8: OTHER}}
