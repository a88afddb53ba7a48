"""The chair declares amendments identical that differ only by typography; one vote then settles all of them (A53)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from deliberation.amendments import chairing, discussion, lifecycle
from deliberation.amendments.discussion import Group
from deliberation.congress.congress import too_long
from deliberation.kernel import commands as c
from deliberation.kernel import events as e
from deliberation.kernel.errors import Refused
from deliberation.kernel.rules import Decision, Folds, Rules
from deliberation.kernel.state import Amendment, State

MOST_ALIKE = 100


def declare(state: State, request: c.Request, command: c.DeclareIdentical, now: str) -> Decision:
    found = _found(state, command.amendments)
    if isinstance(found, Refused):
        return found
    group = _with_known(state, found)
    known = discussion.identical(group)
    if known.get(found[0].number, ()) == tuple(a.number for a in group):
        return Refused(
            "identical.known", "Ces amendements sont déjà identiques : un seul vote les règle.", "amendments"
        )
    refused = too_long(command.reason, "reason", chairing.REASON_LIMIT)
    numbers = tuple(amendment.number for amendment in group)
    return refused or (e.IdenticalDeclared(found[0].motion, numbers, command.reason.strip()),)


def _found(state: State, numbers: Iterable[int]) -> list[Amendment] | Refused:
    """These amendments, if all are pending and differ only by typography."""
    wanted = sorted(set(numbers))
    if not 2 <= len(wanted) <= MOST_ALIKE:
        return Refused("identical.too_few", "Nommez au moins deux amendements.", "amendments")
    found = [state.amendments[n] for n in wanted if n in state.amendments]
    if len(found) < len(wanted):
        return replace(lifecycle.not_found(), field="amendments")
    for amendment in found:
        if amendment.outcome is not None:
            return Refused("amendment.settled", "Le sort de cet amendement est déjà fixé.", "amendments")
        if lifecycle.open_poll(state, amendment.number):
            return Refused("amendment.vote_open", "Un scrutin est ouvert sur cet amendement.", "amendments")
        if not discussion.are_alike(found[0], amendment):
            return Refused(
                "identical.differs",
                "L’amendement n° {n} diffère de l’amendement n° {first} par autre chose que la typographie.",
                "amendments",
                {"n": amendment.number, "first": found[0].number},
            )
    return found


def _with_known(state: State, found: list[Amendment]) -> list[Amendment]:
    """These amendments together with all that are already identical to one of them."""
    waiting = discussion.pending(state, found[0].motion)
    known = discussion.identical(waiting)
    numbers = {n for amendment in found for n in (amendment.number, *known.get(amendment.number, ()))}
    return [amendment for amendment in waiting if amendment.number in numbers]


def proposals(state: State, motion: int) -> tuple[Group, ...]:
    """Groups of pending amendments that differ only by typography and have not been declared identical."""
    waiting = discussion.pending(state, motion)
    groups: dict[tuple[object, ...], list[int]] = {}
    for amendment in waiting:
        groups.setdefault(discussion.alike(amendment), []).append(amendment.number)
    known = discussion.identical(waiting)
    found = (tuple(sorted(group)) for group in groups.values() if len(group) > 1)
    voting = {a.number for a in waiting if lifecycle.open_poll(state, a.number)}
    return tuple(group for group in found if known.get(group[0], ()) != group and voting.isdisjoint(group))


def on_declared(state: State, r: e.Recorded, event: e.IdenticalDeclared) -> State:
    act = chairing.recorded(state, r, event.amendments, event.reason)
    return chairing.with_declared(chairing.with_act(state, replace(act, was="")), event.amendments)


DECIDE: Rules = {c.DeclareIdentical: declare}
EVOLVE: Folds = {e.IdenticalDeclared: on_declared}
