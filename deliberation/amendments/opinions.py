"""Opinions of the rapporteur, positions of other people, and taking over withdrawn amendments (A8, A34–A36)."""

from __future__ import annotations

from dataclasses import replace

from deliberation.amendments import lifecycle
from deliberation.amendments.amendments import TEXT_LIMIT, with_amendment
from deliberation.congress.congress import refuse_phase, too_long
from deliberation.kernel import commands as c
from deliberation.kernel import events as e
from deliberation.kernel.errors import Refused
from deliberation.kernel.plain_text import is_blank
from deliberation.kernel.rules import Decision, Folds, Rules
from deliberation.kernel.state import Amendment, Opinion, State
from deliberation.kernel.vocabulary import Outcome, Phase, Role
from deliberation.motions import motions

OPINIONS = ("favorable", "defavorable", "sagesse", "retrait", "satisfait", "reserve")
POSITIONS = ("favorable", "defavorable")
MOST_AT_ONCE = 500
"""Number of amendments on which one command can give an opinion."""


def name_rapporteur(state: State, request: c.Request, command: c.NameRapporteur, now: str) -> Decision:
    motion = state.motions.get(command.motion)
    if motion is None:
        return Refused("motion.not_found", "Cette motion n’existe pas.", "motion")
    person = state.people.get(command.person)
    if command.person and (person is None or person.role is not Role.ELU or person.revoked):
        return Refused("rapporteur.not_elu", "Le rapporteur est un élu du congrès.", "person")
    if command.person == motion.rapporteur:
        return Refused("rapporteur.unchanged", "C’est déjà le rapporteur de cette motion.", "person")
    return (e.RapporteurNamed(motion.number, command.person),)


def give_one(state: State, request: c.Request, command: c.GiveOpinion, now: str) -> Decision:
    return _given(state, request.actor, (command.amendment,), command.opinion, command.comment)


def give_several(state: State, request: c.Request, command: c.GiveOpinions, now: str) -> Decision:
    numbers = tuple(dict.fromkeys(command.amendments))
    if not 0 < len(numbers) <= MOST_AT_ONCE:
        return Refused("opinion.none", "Choisissez les amendements sur lesquels porte l’avis.", "amendments")
    return _given(state, request.actor, numbers, command.opinion, command.comment)


def _given(state: State, actor: str, numbers: tuple[int, ...], opinion: str, comment: str) -> Decision:
    for number in numbers:
        if refused := _refuse_opinion(state, actor, number):
            return refused
    if opinion not in OPINIONS:
        return Refused("opinion.unknown", "Choisissez un avis.", "opinion")
    if opinion == "reserve" and is_blank(comment):
        return Refused("opinion.no_condition", "Un avis sous réserve dit laquelle.", "comment")
    if refused := too_long(comment, "comment", TEXT_LIMIT):
        return refused
    return tuple(e.OpinionGiven(number, opinion, comment.strip()) for number in numbers)


def _refuse_opinion(state: State, actor: str, number: int) -> Refused | None:
    """Why the actor may not give the opinion on that amendment before its vote; None if they may (A8, A34)."""
    amendment = _pending(state, number)
    if isinstance(amendment, Refused):
        return amendment
    rapporteur = state.motions[amendment.motion].rapporteur
    if not rapporteur:
        return Refused(
            "rapporteur.none", "Cette motion n’a pas de rapporteur : l’organisation en nomme un, qui seul donne l’avis."
        )
    if actor == rapporteur:
        return None
    return Refused("rapporteur.only", "Seul le rapporteur donne l’avis. Dites plutôt ce que vous en pensez.", "opinion")


def _pending(state: State, number: int) -> Amendment | Refused:
    amendment = state.amendments.get(number)
    if amendment is None:
        return lifecycle.not_found()
    settled = Refused("amendment.settled", "Le sort de cet amendement est déjà fixé.")
    return settled if amendment.outcome is not None else amendment


def take_position(state: State, request: c.Request, command: c.TakePosition, now: str) -> Decision:
    amendment = _pending(state, command.amendment)
    if isinstance(amendment, Refused):
        return amendment
    if command.position not in POSITIONS:
        return Refused("position.unknown", "Dites favorable ou défavorable.", "position")
    if request.actor == state.motions[amendment.motion].rapporteur:
        return Refused("position.rapporteur", "Vous êtes le rapporteur : donnez l’avis.", "position")
    if refused := too_long(command.comment, "comment", TEXT_LIMIT):
        return refused
    return (e.PositionTaken(amendment.number, command.position, command.comment.strip()),)


def take_over(state: State, request: c.Request, command: c.TakeOverAmendment, now: str) -> Decision:
    amendment = state.amendments.get(command.amendment)
    if amendment is None:
        return lifecycle.not_found()
    if refused := refuse_phase(state, now, Phase.AMENDMENTS, Phase.VOTE):
        return refused
    refused = refuse_taking_over(state, request.actor, amendment) or motions.refuse_vote_open(state, amendment.motion)
    return refused or (e.AmendmentTakenOver(amendment.number),)


def refuse_taking_over(state: State, actor: str, amendment: Amendment) -> Refused | None:
    """Why the actor may not become the author of a withdrawn amendment; None if they may (A36)."""
    if amendment.outcome is not Outcome.WITHDRAWN:
        return Refused("amendment.not_withdrawn", "Seul un amendement retiré se reprend.")
    if amendment.author == actor:
        return Refused("amendment.own", "Vous avez retiré cet amendement : un autre élu peut le reprendre.")
    motion = state.motions[amendment.motion]
    base = motions.base_of(motion)
    if motion.status != "frozen" or base is None or base.version != amendment.base:
        return Refused("amendment.base_gone", "Le texte que visait cet amendement n’est plus en débat.")
    parent = state.amendments.get(amendment.parent or 0)
    if parent is not None and parent.outcome is not None:
        return Refused("amendment.settled", "Le sort de cet amendement est déjà fixé.")
    if parent is not None and not _touches_still(parent, amendment):
        return Refused("amendment.no_clause", "Cet amendement ne touche pas ce passage.")
    return None


def _touches_still(parent: Amendment, sub: Amendment) -> bool:
    """Whether the parent still has the edit that a sub-amendment changes; a rectification may have removed it."""
    return sub.edit_rank < len(parent.edits) and parent.edits[sub.edit_rank].clause == sub.clause


def on_named(state: State, r: e.Recorded, event: e.RapporteurNamed) -> State:
    motion = replace(state.motions[event.motion], rapporteur=event.person)
    return replace(state, motions={**state.motions, motion.number: motion})


def on_opinion(state: State, r: e.Recorded, event: e.OpinionGiven) -> State:
    """Sets the opinion; earlier ones are kept as history."""
    amendment = state.amendments[event.amendment]
    said = Opinion(r.actor, event.opinion, event.comment, r.time)
    opinions = (*amendment.opinions, said)
    given = replace(amendment, opinion=event.opinion, opinion_comment=event.comment, opinions=opinions)
    return with_amendment(state, given)


def on_position(state: State, r: e.Recorded, event: e.PositionTaken) -> State:
    amendment = state.amendments[event.amendment]
    others = (each for each in amendment.positions if each.by != r.actor)
    positions = (*others, Opinion(r.actor, event.position, event.comment, r.time))
    return with_amendment(state, replace(amendment, positions=positions))


def on_taken_over(state: State, r: e.Recorded, event: e.AmendmentTakenOver) -> State:
    """Makes the amendment pending again under its new author, with the same words and in the same place."""
    amendment = state.amendments[event.amendment]
    mine = replace(
        amendment,
        author=r.actor,
        taken_from=(*amendment.taken_from, amendment.author),
        signatures=tuple(person for person in amendment.signatures if person != r.actor),
        status="tabled" if amendment.before == "tabled" else "admitted",
        outcome=None,
        reason="",
        because_of=None,
        settled="",
        settled_by="",
    )
    return with_amendment(state, mine)


DECIDE: Rules = {
    c.NameRapporteur: name_rapporteur,
    c.GiveOpinion: give_one,
    c.GiveOpinions: give_several,
    c.TakePosition: take_position,
    c.TakeOverAmendment: take_over,
}
EVOLVE: Folds = {
    e.RapporteurNamed: on_named,
    e.OpinionGiven: on_opinion,
    e.PositionTaken: on_position,
    e.AmendmentTakenOver: on_taken_over,
}
