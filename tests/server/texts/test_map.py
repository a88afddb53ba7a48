"""Converting maps between Yjs documents and nodes."""

from __future__ import annotations

import random
from itertools import islice, pairwise
from typing import Any

import pycrdt
from hypothesis import given, settings
from hypothesis import strategies as st

from deliberation.kernel.vocabulary import Node
from server.texts import map as maps
from server.texts.editing import congress_client
from server.texts.map import Branch
from server.texts.replica import NOTHING, Replica

DOCUMENT = "carte-1"
IDS = st.sampled_from(["a", "b", "c", "d", "e"])
NODES = st.dictionaries(
    IDS,
    st.builds(
        Node,
        st.one_of(st.just(""), IDS),
        st.sampled_from(["", "a0", "a1"]),
        st.sampled_from(["", "été 😀", "x"]),
        st.lists(st.integers(1, 999), unique=True, max_size=3).map(lambda found: tuple(sorted(found))),
    ),
)


def drawn(nodes: dict[str, Node]) -> Replica:
    return Replica(maps.rewrite(DOCUMENT, b"", nodes))


@settings(max_examples=150)
@given(NODES, NODES)
def test_a_map_can_be_made_to_hold_anything(first: dict[str, Node], second: dict[str, Node]) -> None:
    first, second = maps.rooted(first), maps.rooted(second)
    replica = drawn(first)
    assert maps.read(replica.doc) == first
    replica.apply(maps.rewrite(DOCUMENT, replica.full(), second))
    assert maps.read(replica.doc) == second
    assert maps.rewrite(DOCUMENT, replica.full(), second) == NOTHING
    assert set(replica.clocks) <= {congress_client(DOCUMENT)}


@given(NODES)
def test_every_node_hangs_below_a_main_branch(nodes: dict[str, Node]) -> None:
    rooted = maps.rooted(nodes)
    assert rooted.keys() == nodes.keys()
    for id_ in rooted:
        seen = set[str]()
        current = id_
        while current:
            assert current not in seen
            seen.add(current)
            current = rooted[current].parent
    assert maps.rooted(rooted) == rooted
    assert all(rooted[id_] in (node, Node("", node.order, node.text, node.excerpts)) for id_, node in nodes.items())


def test_a_cycle_is_cut_at_its_smallest_id() -> None:
    nodes = {id_: Node(parent, "", "") for id_, parent in {"c": "b", "b": "d", "d": "c", "a": "b", "x": "gone"}.items()}
    rooted = maps.rooted(nodes)
    assert {id_: node.parent for id_, node in rooted.items()} == {"c": "b", "b": "", "d": "c", "a": "b", "x": ""}


def test_opposed_moves_read_the_same_everywhere() -> None:
    base = maps.rewrite(DOCUMENT, b"", {id_: Node("", "a0", id_) for id_ in "abc"})
    updates = []
    for client, (id_, parent) in enumerate((("a", "b"), ("b", "c"), ("c", "a")), start=1):
        doc: pycrdt.Doc[Any] = pycrdt.Doc(client_id=client)
        doc.apply_update(base)
        doc.get("nodes", type=pycrdt.Map)[id_]["parent"] = parent
        updates.append(doc.get_update())
    reads = []
    for seed in range(4):
        random.Random(seed).shuffle(updates)
        reads.append(maps.read(Replica(*updates).doc))
    assert all(read == reads[0] for read in reads)
    assert {id_: node.parent for id_, node in reads[0].items()} == {"a": "", "b": "c", "c": "a"}


def test_reading_is_lenient() -> None:
    doc: pycrdt.Doc[Any] = pycrdt.Doc()
    nodes = doc.get("nodes", type=pycrdt.Map)
    nodes["plain"] = {"text": "a value"}
    nodes["number"] = 3
    nodes["x" * 99] = pycrdt.Map({"text": "too long an id"})
    nodes[""] = pycrdt.Map({"text": "no id"})
    nodes["a"] = pycrdt.Map({"parent": 3, "order": None, "text": 4, "excerpts": [1]})
    excerpts = pycrdt.Map({"7": True, "3": True, "x": True, "0": True, "-1": True, "5": False, "03": True})
    nodes["b"] = pycrdt.Map({"parent": "a", "order": "a0", "text": pycrdt.Text(" été\x00\n2 "), "excerpts": excerpts})
    assert maps.read(doc) == {"a": Node("", "", ""), "b": Node("a", "a0", "été 2", (3, 7))}


def test_an_outline_grows_behind_what_is_there() -> None:
    outline = (Branch("un", (Branch("un-un", excerpts=(3, 1, 3)), Branch("un-deux"))), Branch("deux"))
    nodes = maps.grown(DOCUMENT, {}, outline)
    assert _tree(nodes) == ["un", "un/un-un", "un/un-deux", "deux"]
    assert {node.excerpts for node in nodes.values()} == {(), (1, 3)}
    more = maps.grown(DOCUMENT, nodes, [Branch("trois")])
    assert _tree(more) == [*_tree(nodes), "trois"]
    assert maps.read(drawn(more).doc) == more
    below = maps.grown(DOCUMENT, more, [Branch("enfin")], parent=next(iter(nodes)))
    assert "un/enfin" in _tree(below)


def test_order_keys_follow_each_other() -> None:
    keys = list(islice(maps.orders(), 5_000))
    assert keys[:2] == ["a0", "a1"]
    assert all(before < after for before, after in pairwise(keys))
    for last in ("", "a0", "az", "bzz", "a0V", "zz", "~", "é"):
        following = list(islice(maps.orders(last), 300))
        assert last < following[0]
        assert all(before < after for before, after in pairwise(following))


def _tree(nodes: dict[str, Node], parent: str = "", path: str = "") -> list[str]:
    found = []
    for id_, node in sorted(nodes.items(), key=lambda item: (item[1].order, item[0])):
        if node.parent == parent:
            found += [path + node.text, *_tree(nodes, id_, f"{path}{node.text}/")]
    return found
