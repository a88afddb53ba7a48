"""Maps as pictures: their content, and that typed text cannot inject anything into them."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deliberation.kernel.state import Excerpt, MindMap
from deliberation.kernel.vocabulary import Node
from exports import graph, layout
from exports.graph import anchor, render_map
from exports.outline import rows

SVG = "{http://www.w3.org/2000/svg}"
ELEMENTS = {"svg", "title", "desc", "style", "path", "g", "rect", "text", "circle", "a"}
ATTRIBUTES = {
    *("class", "role", "lang", "aria-labelledby", "aria-hidden", "viewBox", "width", "height", "id", "href", "d"),
    *("fill", "stroke", "stroke-width", "stroke-opacity", "x", "y", "rx", "cx", "cy", "r"),
    *("font-size", "font-weight", "text-anchor"),
}


def quoted(number: int) -> Excerpt:
    return Excerpt(number, 1, "text", 0, 1, "mots", "p1", "", 0)


def a_map(nodes: dict[str, Node], title: str = "Réseaux") -> MindMap:
    return MindMap(1, title, "p1", "", nodes)


NETWORKS = a_map(
    {
        "b": Node("", "b", "Écoles"),
        "a": Node("", "a", "Fibre & cuivre", (1, 2, 9)),
        "c": Node("a", "a", "Zones « blanches »", (2,)),
    }
)
EXCERPTS = {1: quoted(1), 2: quoted(2)}


def parsed(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)  # noqa: S314


def labels(svg: str) -> list[str]:
    return [title.text or "" for title in parsed(svg).iter(f"{SVG}title")]


def test_it_names_itself_and_says_how_much_it_holds() -> None:
    root = parsed(render_map(NETWORKS, EXCERPTS))
    names = {element.get("id"): element.text for element in root.iter() if element.get("id")}
    assert [names[name] for name in root.get("aria-labelledby", "").split()] == ["Carte mentale : Réseaux", "3 idées"]


def test_it_speaks_english_when_asked() -> None:
    assert labels(render_map(NETWORKS, EXCERPTS, "en"))[0] == "Mind map: Réseaux"


def test_nodes_come_in_reading_order_and_count_only_the_excerpts_given() -> None:
    assert labels(render_map(NETWORKS, EXCERPTS))[1:] == [
        "Réseaux",
        "Fibre & cuivre — repose sur 2 extraits",
        "Zones « blanches » — repose sur 1 extrait",
        "Écoles",
    ]


def test_links_lead_to_the_outline_around_it_and_can_be_left_out() -> None:
    links = [a.get("href") for a in parsed(render_map(NETWORKS, EXCERPTS)).iter(f"{SVG}a")]
    assert links == ["#carte-1-noeud-a", "#carte-1-noeud-c", "#carte-1-noeud-b"]
    alone = parsed(render_map(NETWORKS, EXCERPTS, links=False))
    assert alone.get("role") == "img"
    assert not list(alone.iter(f"{SVG}a"))


def test_an_odd_node_id_becomes_a_safe_fragment() -> None:
    assert anchor(3, "a1_b-C") == "carte-3-noeud-a1_b-C"
    assert anchor(3, '"><script>').removeprefix("carte-3-noeud-").isalnum()


def test_two_pictures_of_one_map_are_the_same_bytes() -> None:
    layout.plain.cache_clear()
    first = render_map(NETWORKS, EXCERPTS)
    layout.plain.cache_clear()
    assert render_map(NETWORKS, EXCERPTS) == first


def test_a_file_of_its_own_carries_a_style_and_an_inlined_one_none() -> None:
    assert "<style>" in render_map(NETWORKS, EXCERPTS, standalone=True)
    assert "style" not in render_map(NETWORKS, EXCERPTS)


def test_an_empty_map_is_drawn_too() -> None:
    assert labels(render_map(a_map({}), {})) == ["Carte mentale : Réseaux", "Réseaux"]


def test_without_an_engine_the_map_is_still_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(dot: str) -> str:
        raise layout.LayoutFailed("no engine")

    monkeypatch.setattr(layout, "plain", absent)
    assert len(labels(render_map(NETWORKS, EXCERPTS))) == 5


def test_a_huge_map_is_drawn_without_graphviz() -> None:
    nodes = {f"n{i}": Node(f"n{i - 1}" if i % 7 else "", f"{i:05}", f"Idée {i}") for i in range(graph.LARGEST + 1)}
    assert len(labels(render_map(a_map(nodes), {}))) == graph.LARGEST + 3


def test_boxes_do_not_overlap() -> None:
    nodes = {f"n{i}": Node(f"n{i // 3}" if i > 2 else "", f"{i:03}", "mot " * (i % 9 + 1)) for i in range(60)}
    rects = [
        [float(rect.get(name, "0")) for name in ("x", "y", "width", "height")]
        for rect in parsed(render_map(a_map(nodes), {})).iter(f"{SVG}rect")
    ]
    for i, (x, y, width, height) in enumerate(rects):
        for x2, y2, width2, height2 in rects[i + 1 :]:
            assert x + width <= x2 or x2 + width2 <= x or y + height <= y2 or y2 + height2 <= y


HOSTILE = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        [
            '"];n0[URL="javascript:alert(1)"]',
            "</text><script>alert(1)</script>",
            '" onload="x',
            "]]>",
            "<b>",
            "\x00\x0b",
        ]
    ),
)
IDS = st.sampled_from(["a", "b", "c", "d", '"x', ""])


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(IDS.filter(bool), st.builds(Node, IDS, HOSTILE, HOSTILE, st.tuples(st.integers(1, 3)))), HOSTILE)
def test_whatever_people_type_only_known_elements_and_attributes_stand_in_it(
    nodes: dict[str, Node], title: str
) -> None:
    root = parsed(render_map(a_map(nodes, title), EXCERPTS))
    for element in root.iter():
        assert element.tag.removeprefix(SVG) in ELEMENTS
        assert set(element.attrib) <= ATTRIBUTES
        assert element.get("href", "#").startswith("#carte-1-noeud-") or element.get("href") is None
    assert len(list(root.iter(f"{SVG}rect"))) == len(nodes) + 1


@given(st.dictionaries(IDS.filter(bool), st.builds(Node, IDS, st.text(max_size=2), st.text(max_size=3))))
def test_the_outline_holds_every_node_once_below_its_parent(nodes: dict[str, Node]) -> None:
    outline = rows(nodes)
    assert sorted(row.id for row in outline) == sorted(nodes)
    seen = {"": -1}
    for row in outline:
        assert row.depth == seen[row.parent] + 1
        seen[row.id] = row.depth


def test_a_cycle_is_broken_at_its_smallest_id_and_an_orphan_becomes_a_branch() -> None:
    nodes = {"c": Node("b", "", ""), "b": Node("c", "", ""), "z": Node("gone", "", ""), "y": Node("c", "", "")}
    assert [(row.id, row.parent, row.branch) for row in rows(nodes)] == [
        ("b", "", 0),
        ("c", "b", 0),
        ("y", "c", 0),
        ("z", "", 1),
    ]


def test_a_chain_of_nodes_needs_no_deep_stack() -> None:
    nodes = {f"{i}": Node(f"{i - 1}" if i else "", "", "") for i in range(20_000)}
    assert rows(nodes)[-1].depth == 19_999
