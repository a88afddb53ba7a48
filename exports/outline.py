"""A map as an outline: every node once, parents before children, siblings in their order.

Concurrent edits may leave a node with a missing parent, or a cycle of nodes. The editor and the server resolve these in
the same way: an orphan becomes a main branch, and so does the node with the smallest id in a cycle.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from deliberation.kernel.vocabulary import Node


@dataclass(frozen=True)
class OutlineRow:
    """A node with its position: `depth` 0 is a main branch, `branch` the index of its main branch, from 0."""

    id: str
    parent: str
    depth: int
    branch: int
    node: Node


def rows(nodes: Mapping[str, Node]) -> tuple[OutlineRow, ...]:
    """The whole map in reading order; works at any depth without recursion."""
    below = _below(nodes)
    found: list[OutlineRow] = []
    branches = -1
    waiting = [("", id_) for id_ in reversed(below.get("", []))]
    depths = {"": -1}
    while waiting:
        parent, id_ = waiting.pop()
        depths[id_] = depths[parent] + 1
        branches += parent == ""
        found.append(OutlineRow(id_, parent, depths[id_], branches, nodes[id_]))
        waiting.extend((id_, child) for child in reversed(below.get(id_, [])))
    return tuple(found)


def _below(nodes: Mapping[str, Node]) -> Mapping[str, list[str]]:
    parents = {id_: node.parent if node.parent in nodes else "" for id_, node in nodes.items()}
    for id_ in _cycle_breaks(parents):
        parents[id_] = ""
    below: dict[str, list[str]] = {}
    for id_ in sorted(nodes, key=lambda id_: (nodes[id_].order, id_)):
        below.setdefault(parents[id_], []).append(id_)
    return below


def _cycle_breaks(parents: Mapping[str, str]) -> Iterator[str]:
    """The smallest id in each cycle."""
    settled = {""}
    for start in parents:
        path: dict[str, None] = {}
        id_ = start
        while id_ not in settled and id_ not in path:
            path[id_] = None
            id_ = parents[id_]
        if id_ in path:
            steps = list(path)
            yield min(steps[steps.index(id_) :])
        settled.update(path)
