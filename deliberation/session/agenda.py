"""The agenda of a congress: its items with their planned times, the present item, and the delay (S44, S45)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Any

from deliberation.amendments import lifecycle
from deliberation.congress import people
from deliberation.congress.congress import is_instant, refuse_title
from deliberation.kernel import commands as c
from deliberation.kernel import events as e
from deliberation.kernel import ids, instants
from deliberation.kernel.errors import Refused
from deliberation.kernel.ids import Instant
from deliberation.kernel.rules import Decision, Folds, Rules
from deliberation.kernel.state import Agenda, State
from deliberation.kernel.vocabulary import AgendaItem

MOST_ITEMS = 100
LONGEST = 24 * 60
"""The most minutes that an item may be planned to last."""


def set_agenda(state: State, request: c.Request, command: c.SetAgenda, now: Instant) -> Decision:
    if not is_instant(command.starts):
        return Refused("time.malformed", "Cette date n’est pas lisible.", "starts")
    if not 0 < len(command.items) <= MOST_ITEMS:
        return Refused("agenda.items", "Donnez de un à cent points.", "items")
    if len({item.id for item in command.items}) < len(command.items) or any(x.id < 1 for x in command.items):
        return Refused("agenda.ids", "Chaque point a son propre numéro.", "items")
    for item in command.items:
        if refused := refuse_title(item.title) or _refuse_minutes(item):
            return replace(refused, field="items")
    items = tuple(replace(item, title=item.title.strip()) for item in command.items)
    if state.agenda and (state.agenda.starts, state.agenda.items) == (command.starts, items):
        return Refused("agenda.unchanged", "C’est déjà l’ordre du jour.", "items")
    return (e.AgendaSet(command.starts, items),)


def _refuse_minutes(item: AgendaItem) -> Refused | None:
    if 0 <= item.minutes <= LONGEST:
        return None
    return Refused("agenda.minutes", "Donnez une durée en minutes, d’un jour au plus.", "items")


def begin(state: State, request: c.Request, command: c.BeginItem, now: Instant) -> Decision:
    item = next((x for x in state.agenda.items if x.id == command.item), None) if state.agenda else None
    if item is None:
        return Refused("agenda.unknown", "Ce point n’est pas à l’ordre du jour.", "item")
    if item.id == present(state.agenda):
        return Refused("agenda.present", "C’est déjà le point où en est la séance.", "item")
    return (e.AgendaItemBegun(item.id, item.title),)


def present(agenda: Agenda | None) -> int:
    """The id of the item that began last; 0 before the first."""
    if agenda is None or not agenda.began:
        return 0
    return max(agenda.began, key=lambda id_: (agenda.began[id_], id_))


@dataclass(frozen=True)
class PlannedItem:
    """An item with when it is planned to begin and to end, and when it began ("" before)."""

    item: AgendaItem
    begins: Instant
    ends: Instant
    began: Instant
    is_present: bool


def planned(agenda: Agenda) -> list[PlannedItem]:
    """The items in order, with their times."""
    ends = list(accumulate(item.minutes for item in agenda.items))
    now_at = present(agenda)
    return [
        PlannedItem(
            item,
            instants.later(agenda.starts, 60 * (end - item.minutes)),
            instants.later(agenda.starts, 60 * end),
            agenda.began.get(item.id, ""),
            item.id == now_at,
        )
        for item, end in zip(agenda.items, ends, strict=True)
    ]


def minutes_late(agenda: Agenda, now: Instant) -> int:
    """By how many minutes the congress is late, negative if it is early; 0 before the first item begins."""
    found = next((x for x in planned(agenda) if x.is_present), None)
    if found is None:
        return 0
    late = instants.minutes_late(found.begins, found.began)
    return max(late, instants.minutes_late(found.ends, now)) if now > found.ends else late


def reached(state: State, r: e.Recorded) -> State:
    """The state in which the item about the subject just called has begun, if it had not begun before (S45)."""
    if state.agenda is None:
        return state
    about = {state.floor, *_motions(state)}
    item = next((x for x in state.agenda.items if x.subject in about and x.id not in state.agenda.began), None)
    if item is None or _is_about(state.agenda, present(state.agenda), about):
        return state
    return _with_begun(state, item.id, r.time)


def _is_about(agenda: Agenda, id_: int, about: set[str]) -> bool:
    return any(item.id == id_ and item.subject in about for item in agenda.items)


def _motions(state: State) -> set[str]:
    """The motions of the amendments that are under discussion."""
    return {ids.document(ids.MOTION, state.amendments[n].motion) for n in lifecycle.on_floor(state)}


def _with_begun(state: State, item: int, at: Instant) -> State:
    assert state.agenda is not None
    return replace(state, agenda=replace(state.agenda, began={**state.agenda.began, item: at}))


COMMANDS: Mapping[type[e.Event], Any] = {
    e.AgendaSet: lambda x: c.SetAgenda(x.starts, x.items),
    e.AgendaItemBegun: lambda x: c.BeginItem(x.item),
}


def follows(state: State, r: e.Recorded, event: e.Event) -> bool:
    """Whether the rule, applied again to the state before the entry, gives exactly this event."""
    command = COMMANDS[type(event)](event)
    if not people.may(state, r.actor, type(command)):
        return False
    return bool(DECIDE[type(command)](state, c.Request("", "", r.actor, command), command, r.time) == (event,))


def on_set(state: State, r: e.Recorded, event: e.AgendaSet) -> State:
    kept = {item.id for item in event.items}
    began = {id_: at for id_, at in state.agenda.began.items() if id_ in kept} if state.agenda else {}
    return replace(state, agenda=Agenda(event.starts, event.items, began))


def on_begun(state: State, r: e.Recorded, event: e.AgendaItemBegun) -> State:
    return _with_begun(state, event.item, r.time)


DECIDE: Rules = {c.SetAgenda: set_agenda, c.BeginItem: begin}
EVOLVE: Folds = {e.AgendaSet: on_set, e.AgendaItemBegun: on_begun}
