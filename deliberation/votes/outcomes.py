"""The automatic consequences of a poll's result for amendments, motions, their parts, and people (V9, W12, W13)."""

from __future__ import annotations

from deliberation.amendments import amendments, subamendments
from deliberation.amendments.order import Why
from deliberation.kernel import events as e
from deliberation.kernel import ids
from deliberation.kernel.state import Amendment, Division, Poll, State
from deliberation.kernel.vocabulary import Outcome, Tally
from deliberation.motions import division, motions
from deliberation.votes import elections


def consequences(state: State, poll: Poll, tally: Tally) -> tuple[e.Event, ...]:
    """The events that follow from the result; none without a quorum, so that a second call can be made.

    `state` is the one before the poll closes; `poll` holds the papers of its box if it is secret.
    """
    if not tally.quorum_met:
        return ()
    kind, number = ids.split(poll.subject)
    if kind == ids.ELECTION:
        return elections.consequences(state, poll, tally)
    if poll.part:
        return _of_part(state, poll, tally)
    if kind == ids.MOTION:
        return (_decided(state, number, poll.number, tally.carried),)
    return _of_amendment(state, state.amendments[number], poll, tally)


def _decided(state: State, number: int, poll: int, adopted: bool) -> e.MotionDecided:
    text = state.motions[number].text
    assert text is not None
    return e.MotionDecided(number, adopted, poll, text.version)


def _of_amendment(state: State, amendment: Amendment, poll: Poll, tally: Tally) -> tuple[e.Event, ...]:
    """The outcome of the amendment and of those identical to it; if they are adopted, also the text that results."""
    outcome = Outcome.ADOPTED if tally.carried else Outcome.REJECTED
    numbers = amendments.voted(poll)
    settled = tuple(e.AmendmentSettled(n, outcome, "", poll=poll.number) for n in numbers)
    return (*settled, _text_after_adoption(state, amendment, numbers)) if tally.carried else settled


def _text_after_adoption(
    state: State, amendment: Amendment, numbers: tuple[int, ...]
) -> e.TextFrozen | e.AmendmentAmended:
    """The event that merges these adopted amendments into their motion as its next version, or into the amendment that
    they change.
    """
    if amendment.parent is not None:
        return subamendments.after_adoption(state, [state.amendments[n] for n in numbers])
    motion = state.motions[amendment.motion]
    newly = (n for number in numbers for n in amendments.with_its_own(state.amendments[number]))
    adopted = (*amendments.adopted(state, motion.number), *newly)
    text = motions.consolidate(state, motion, adopted)
    assert isinstance(text, e.TextFrozen), "a poll never opens on an amendment that collides"
    return text


def _of_part(state: State, poll: Poll, tally: Tally) -> tuple[e.Event, ...]:
    """The consequences of all parts of a divided subject, once each part has its result; none before."""
    voted = division.after_vote(state, poll.subject, poll.part, tally.carried)
    whole = voted.divisions[poll.subject]
    if not whole.ended:
        return ()
    kind, number = ids.split(poll.subject)
    if kind == ids.MOTION:
        return _of_divided_motion(state, number, whole, poll.number)
    return _of_divided_amendment(state, state.amendments[number], whole, poll.number)


def _of_divided_motion(state: State, number: int, whole: Division, poll: int) -> tuple[e.Event, ...]:
    """If no clause was adopted, the motion is rejected. If all were, nothing happens: the vote on the whole comes next.
    If some were, they become its next version.
    """
    left, motion = division.kept(whole), state.motions[number]
    if not left:
        return (_decided(state, number, poll, adopted=False),)
    text = motion.text
    assert text is not None
    return () if len(left) == len(text.clauses) else (division.next_text(motion, left, poll),)


def _of_divided_amendment(state: State, amendment: Amendment, whole: Division, poll: int) -> tuple[e.Event, ...]:
    left = division.kept(whole)
    if not left:
        return (e.AmendmentSettled(amendment.number, Outcome.REJECTED, "", poll=poll),)
    settled = e.AmendmentSettled(amendment.number, Outcome.ADOPTED, "", poll=poll)
    if len(left) == len(division.pieces(state, whole.subject)):
        return settled, _text_after_adoption(state, amendment, (amendment.number,))
    smaller = e.AmendmentReduced(amendment.number, left, division.reduced(state, amendment, left))
    reduced = division.with_reduced(state, smaller)
    return smaller, settled, _text_after_adoption(reduced, amendment, (amendment.number,))


def reason(state: State, poll: Poll) -> Why:
    """The public reason of an outcome by vote: the figures of the poll, or of the parts of a divided text.

    It is computed here and not stored in the record, so that it can be translated; entries of earlier versions contain
    it in French.
    """
    if poll.part and poll.subject in state.divisions:
        return _reason_of_parts(state.divisions[poll.subject])
    assert poll.tally is not None
    figures = {
        "poll": poll.number,
        "yes": poll.tally.in_favour,
        "no": poll.tally.against,
        "abstain": poll.tally.abstain,
    }
    one = Why("Scrutin n° {poll} : {yes} pour, {no} contre, {abstain} abstention.", tuple(figures.items()))
    many = Why("Scrutin n° {poll} : {yes} pour, {no} contre, {abstain} abstentions.", tuple(figures.items()))
    return many if poll.tally.abstain > 1 else one


def _reason_of_parts(whole: Division) -> Why:
    adopted = [str(part) for part, carried in sorted(whole.results.items()) if carried]
    total = len(whole.parts)
    if not adopted:
        return Why("Vote par division : aucune des {total} parties n’est adoptée.", (("total", total),))
    if len(adopted) == total:
        return Why("Vote par division : les {total} parties sont adoptées.", (("total", total),))
    named = (("parts", ", ".join(adopted)), ("total", total))
    if len(adopted) == 1:
        return Why("Vote par division : partie adoptée {parts} sur {total}.", named)
    return Why("Vote par division : parties adoptées {parts} sur {total}.", named)


def question(state: State, poll: Poll) -> Why:
    """The question of a poll for which nobody wrote one: it follows from its subject (V1)."""
    kind, number = ids.split(poll.subject)
    amendment = state.amendments.get(number) if kind == ids.AMENDMENT else None
    if amendment is None:
        return Why("Adoptez-vous l’ensemble de la motion ?")
    if amendment.parent is not None:
        named = (("number", amendment.number), ("parent", amendment.parent))
        return Why("Adoptez-vous le sous-amendement n° {number} à l’amendement n° {parent} ?", named)
    return Why("Adoptez-vous l’amendement n° {number} ?", (("number", amendment.number),))
