"""Mind maps: themes and ideas, which may cite excerpts (C1–C4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from deliberation.congress.congress import refuse_phase, refuse_title
from deliberation.congress.people import refuse_role
from deliberation.kernel import commands as c
from deliberation.kernel import events as e
from deliberation.kernel.errors import Refused
from deliberation.kernel.ids import CONGRESS
from deliberation.kernel.plain_text import one_line
from deliberation.kernel.rules import Decision, Folds, Rules
from deliberation.kernel.state import MindMap, State
from deliberation.kernel.vocabulary import Node, Phase


def create(state: State, request: c.Request, command: c.CreateMap, now: str) -> Decision:
    if refused := _refuse_closed(state, request, now):
        return refused
    return refuse_title(command.title) or (e.MapCreated(len(state.maps) + 1, one_line(command.title)),)


def draw(state: State, request: c.Request, command: c.DrawMap, now: str) -> Decision:
    """Records a burst of changes, even if the phase has closed since: the editor has already shown it as saved (C3)."""
    if command.map not in state.maps:
        return not_found()
    drawn = e.MapDrawn(
        command.map, command.update, command.clients, command.changes, command.started, command.canonical
    )
    return (drawn,)


def refuse_drawing(state: State, actor: str, number: int, now: str) -> Refused | None:
    """Why this person may not change that map now; None if they may. The live editor asks before every update."""
    if number not in state.maps:
        return not_found()
    return refuse_role(state, actor, c.DrawMap) or refuse_phase(state, now, Phase.MAPS)


def _refuse_closed(state: State, request: c.Request, now: str) -> Refused | None:
    return None if request.actor == CONGRESS else refuse_phase(state, now, Phase.MAPS)


def not_found() -> Refused:
    return Refused("map.not_found", "Cette carte n’existe pas.", "map")


def children(nodes: Mapping[str, Node], parent: str) -> list[tuple[str, Node]]:
    """The direct children of `parent` as (id, node), in the order in which the map shows them."""
    below = ((id_, node) for id_, node in nodes.items() if node.parent == parent)
    return sorted(below, key=lambda item: (item[1].order, item[0]))


def on_created(state: State, r: e.Recorded, event: e.MapCreated) -> State:
    return _with(state, MindMap(event.map, event.title, r.actor, r.time, changed=r.time))


def on_drawn(state: State, r: e.Recorded, event: e.MapDrawn) -> State:
    mindmap = state.maps[event.map]
    nodes = dict(mindmap.nodes)
    for change in event.changes:
        if change.after is None:
            nodes.pop(change.id, None)
        else:
            nodes[change.id] = change.after
    owners = {**state.writing.get(r.document, {}), **dict.fromkeys(event.clients, r.actor)}
    state = replace(state, writing={**state.writing, r.document: owners})
    return _with(state, replace(mindmap, nodes=nodes, changed=r.time))


def _with(state: State, mindmap: MindMap) -> State:
    return replace(state, maps={**state.maps, mindmap.number: mindmap})


DECIDE: Rules = {c.CreateMap: create, c.DrawMap: draw}
EVOLVE: Folds = {e.MapCreated: on_created, e.MapDrawn: on_drawn}
