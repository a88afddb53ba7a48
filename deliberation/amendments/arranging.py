"""The chair puts many amendments in order at once, such as by subject, giving one reason (S24)."""

from __future__ import annotations

from dataclasses import replace

from deliberation.amendments import chairing, lifecycle
from deliberation.amendments.order import PlaceInOrder
from deliberation.congress.congress import refuse_reason
from deliberation.kernel import commands as c
from deliberation.kernel import events as e
from deliberation.kernel.errors import Refused
from deliberation.kernel.rules import Decision, Folds, Rules
from deliberation.kernel.state import Amendment, State
from deliberation.kernel.vocabulary import Aim

MOST_ARRANGED = 500


def arrange(state: State, request: c.Request, command: c.ArrangeOrder, now: str) -> Decision:
    numbers = command.amendments
    if not 2 <= len(set(numbers)) == len(numbers) <= MOST_ARRANGED:
        return Refused("order.too_few", "Rangez au moins deux amendements, chacun une fois.", "amendments")
    found = [state.amendments[n] for n in numbers if n in state.amendments]
    if len(found) < len(numbers) or len({a.motion for a in found}) > 1:
        return replace(lifecycle.not_found(), field="amendments")
    refused = next((why for a in found if (why := _refuse(a))), None) or refuse_reason(command.reason)
    return refused or (e.OrderArranged(found[0].motion, numbers, command.reason.strip()),)


def _refuse(amendment: Amendment) -> Refused | None:
    if amendment.outcome is not None:
        return Refused("amendment.settled", "Le sort de cet amendement est déjà fixé.", "amendments")
    if amendment.parent is not None:
        return Refused("order.sub", "Un sous-amendement suit son amendement : rangez celui-ci.", "amendments")
    return None


def insertions(places: tuple[PlaceInOrder, ...]) -> tuple[tuple[PlaceInOrder, ...], ...]:
    """Groups of two or more amendments that insert something after the same clause, each group in the order of call."""
    groups: dict[str, list[PlaceInOrder]] = {}
    for place in places:
        if place.amendment.aim is Aim.INSERT and place.amendment.parent is None:
            groups.setdefault(place.amendment.clause, []).append(place)
    return tuple(tuple(group) for group in groups.values() if len(group) > 1)


def on_arranged(state: State, r: e.Recorded, event: e.OrderArranged) -> State:
    act = chairing.recorded(state, r, event.amendments, event.reason)
    return chairing.with_act(state, replace(act, was=""))


DECIDE: Rules = {c.ArrangeOrder: arrange}
EVOLVE: Folds = {e.OrderArranged: on_arranged}
