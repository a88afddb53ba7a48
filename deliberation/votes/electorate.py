"""Who may vote in a poll, with how many votes, and for whom else (V2, V10, V11, V13, V16)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from deliberation.congress import people
from deliberation.congress.congress import MOST_VOICES, refuse_title
from deliberation.kernel import commands as c
from deliberation.kernel import events as e
from deliberation.kernel.errors import Refused
from deliberation.kernel.plain_text import one_line
from deliberation.kernel.rules import Decision, Folds, Rules
from deliberation.kernel.state import College, Poll, State
from deliberation.kernel.vocabulary import Elector, PollRule, Role
from deliberation.votes import proxies

MOST_PEOPLE = 1_000_000_000
"""The largest population for which an elector may be registered."""


def entitled(state: State, college: int = 0) -> tuple[str, ...]:
    """The ids of the élus whose access was not withdrawn, all of them (0) or those of a college, in the order in which
    they were invited.
    """
    everybody = people.electorate(state.people.values())
    if not college:
        return everybody
    members = set(state.colleges[college].members)
    return tuple(person for person in everybody if person in members)


def weights(state: State, rule: PollRule, electorate: Iterable[str]) -> dict[str, int] | Refused:
    """The number of votes of each elector who does not have exactly one. Refused, with the number of people concerned,
    if the figure that the rule needs is not registered for everybody.
    """
    if rule.weights == "personne":
        return {}
    voices = {person: _voices(rule, state.electors.get(person, Elector(person))) for person in electorate}
    unknown = [person for person, number in voices.items() if not number]
    if unknown:
        return Refused(
            "poll.weight_missing",
            "Ce scrutin est pondéré, et il manque le nombre de voix ou la population de {count} inscrits, "
            "dont {first}. Complétez la liste électorale.",
            params={"count": len(unknown), "first": state.people[unknown[0]].name or unknown[0]},
        )
    return {person: number for person, number in voices.items() if number != 1}


def _voices(rule: PollRule, elector: Elector) -> int:
    """The number of votes of an elector by that rule; 0 if the figure that it needs is not registered."""
    if rule.weights == "collectivite":
        return elector.voices
    reached = [x.voices for x in rule.brackets if x.population <= elector.population]
    return reached[-1] if elector.population else 0


def refuse_voter(state: State, poll: Poll, actor: str, voter: str) -> Refused | None:
    """Why the actor may not vote in this poll for `voter`, themselves or another person; None if they may."""
    if actor not in poll.electorate:
        return Refused("ballot.not_entitled", "Vous n’étiez pas inscrit à l’ouverture de ce scrutin.")
    if refused := refuse_change(poll, actor, voter):
        return refused
    if voter == actor:
        return None
    if voter not in poll.electorate:
        return Refused(
            "ballot.giver_not_entitled", "Cette personne n’était pas inscrite à l’ouverture de ce scrutin.", "voter"
        )
    return proxies.refuse_vote(state, poll, actor, voter)


def refuse_change(poll: Poll, actor: str, voter: str) -> Refused | None:
    """Why a vote that was cast cannot be changed, if the rule of the poll forbids it (V16); None if it can. A person's
    own vote may always replace the one cast by their proxy.
    """
    if poll.rule.changeable or voter not in poll.ballots or (voter == actor and voter in poll.by_proxy):
        return None
    return Refused(
        "ballot.already_cast",
        "Cette voix est donnée : la règle de ce scrutin n’admet pas d’en changer, le premier vote compte.",
    )


def register(state: State, request: c.Request, command: c.RegisterElectors, now: str) -> Decision:
    changed = [x for x in command.electors if state.electors.get(x.person) != x]
    for elector in command.electors:
        if not _is_elu(state, elector.person):
            return Refused("elector.not_elu", "Seul un élu ou une élue de ce congrès a des voix.", "electors")
        if not (0 <= elector.voices <= MOST_VOICES and 0 <= elector.population <= MOST_PEOPLE):
            return Refused("elector.out_of_range", "Ce nombre de voix ou d’habitants n’est pas plausible.", "electors")
    if not changed:
        return Refused("elector.unchanged", "La liste électorale dit déjà cela.", "electors")
    return (e.ElectorsRegistered(tuple(changed)),)


def set_college(state: State, request: c.Request, command: c.SetCollege, now: str) -> Decision:
    if refused := refuse_title(command.title):
        return refused
    if command.college and command.college not in state.colleges:
        return unknown_college()
    members = tuple(dict.fromkeys(command.members))
    if not members:
        return Refused("college.empty", "Choisissez au moins une personne.", "members")
    if not all(_is_elu(state, person) for person in members):
        return Refused("college.not_elu", "Un collège électoral ne compte que des élus de ce congrès.", "members")
    number = command.college or len(state.colleges) + 1
    return (e.CollegeSet(number, one_line(command.title), members),)


def unknown_college() -> Refused:
    """The refusal of a college that does not exist."""
    return Refused("college.not_found", "Ce collège électoral n’existe pas.", "college")


def _is_elu(state: State, person: str) -> bool:
    found = state.people.get(person)
    return found is not None and found.role is Role.ELU


def on_registered(state: State, r: e.Recorded, event: e.ElectorsRegistered) -> State:
    return replace(state, electors={**state.electors, **{x.person: x for x in event.electors}})


def on_college(state: State, r: e.Recorded, event: e.CollegeSet) -> State:
    college = College(event.college, event.title, event.members, r.time)
    return replace(state, colleges={**state.colleges, college.number: college})


DECIDE: Rules = {c.RegisterElectors: register, c.SetCollege: set_college}
EVOLVE: Folds = {e.ElectorsRegistered: on_registered, e.CollegeSet: on_college}
