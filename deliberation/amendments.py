"""Amendments to a frozen text: tabled, admitted, settled (A1–A6, A8, A14, S11)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from deliberation import chairing, ids, lifecycle, merge, motions
from deliberation import commands as c
from deliberation import events as e
from deliberation.congress import SHORT, refuse_phase, refuse_reason, too_long
from deliberation.errors import Refused
from deliberation.plain import is_blank, one_line
from deliberation.rules import Decision, Folds, Rules
from deliberation.state import Amendment, Frozen, Poll, State
from deliberation.vocabulary import Aim, ClauseKind, Outcome, Phase

TEXT_LIMIT = 10_000
OPINIONS = ("favorable", "defavorable", "sagesse", "retrait", "satisfait", "reserve")

WITHOUT_VOTE = lifecycle.WITHOUT_VOTE
NAMES_ANOTHER = frozenset({Outcome.FALLEN})


def table(state: State, request: c.Request, command: c.TableAmendment, now: str) -> Decision:
    motion = state.motions.get(command.motion)
    if motion is None:
        return motions.not_found()
    if motion.status != "frozen":
        return Refused("motion.not_frozen", "On amende un texte gelé ; celui-ci ne l’est pas.")
    base = motions.base_of(motion)
    assert base is not None
    text = _text(command)
    refused = (
        motions.refuse_vote_open(state, motion.number)
        or _refuse_time(state, command, now)
        or _refuse_aim(command, base)
        or _refuse_text(command, text, base)
    )
    if refused:
        return refused
    tabled = e.AmendmentTabled(
        amendment=len(state.amendments) + 1,
        motion=motion.number,
        base=base.version,
        aim=command.aim,
        clause="" if command.aim is Aim.TITLE else command.clause,
        text=text,
        rationale=command.rationale.strip(),
        new_kind=command.new_kind if command.aim is Aim.INSERT else "",
        late_reason=command.late_reason.strip() if refuse_phase(state, now, Phase.AMENDMENTS) else "",
    )
    return (tabled,)


def _refuse_time(state: State, command: c.TableAmendment, now: str) -> Refused | None:
    """After the deadline an amendment can still be tabled in session, marked as such, with the reason (A2)."""
    closed = refuse_phase(state, now, Phase.AMENDMENTS)
    if closed is None or refuse_phase(state, now, Phase.VOTE):
        return closed
    if is_blank(command.late_reason):
        return Refused(
            "amendment.late_reason_missing",
            "Le délai de dépôt est passé : dites pourquoi vous déposez en séance.",
            "late_reason",
        )
    return None


def _text(command: c.TableAmendment) -> str:
    """The words proposed: none for a deletion, one line for a title."""
    if command.aim is Aim.DELETE:
        return ""
    return one_line(command.text) if command.aim is Aim.TITLE else command.text.strip()


def _refuse_aim(command: c.TableAmendment, base: Frozen) -> Refused | None:
    aims_at_clause = command.aim in {Aim.DELETE, Aim.REWRITE} or (command.aim is Aim.INSERT and command.clause)
    if aims_at_clause and command.clause not in {clause.id for clause in base.clauses}:
        return Refused("amendment.no_clause", "Cette partie n’est pas dans le texte gelé.", "clause")
    if command.aim is Aim.INSERT and command.new_kind not in {kind.value for kind in ClauseKind}:
        return Refused("amendment.no_kind", "Dites si vous ajoutez un visa, un considérant ou une demande.", "new_kind")
    return None


def _refuse_text(command: c.TableAmendment, text: str, base: Frozen) -> Refused | None:
    if command.aim is not Aim.DELETE and is_blank(text):
        return Refused("amendment.empty", "Écrivez le texte que vous proposez.", "text")
    if text == _present(command, base):
        return Refused("amendment.unchanged", "Le texte proposé est celui qui existe déjà.", "text")
    return (
        too_long(text, "text", SHORT if command.aim is Aim.TITLE else TEXT_LIMIT)
        or too_long(command.rationale, "rationale", TEXT_LIMIT)
        or too_long(command.late_reason, "late_reason", TEXT_LIMIT)
    )


def _present(command: c.TableAmendment, base: Frozen) -> str | None:
    """The words that would be replaced."""
    if command.aim is Aim.TITLE:
        return base.title
    rewritten = command.clause if command.aim is Aim.REWRITE else None
    return next((clause.markdown.strip() for clause in base.clauses if clause.id == rewritten), None)


def withdraw(state: State, request: c.Request, command: c.WithdrawAmendment, now: str) -> Decision:
    amendment = lifecycle.found(state, command.amendment, c.WithdrawAmendment)
    if isinstance(amendment, Refused):
        return amendment
    if amendment.author != request.actor:
        return Refused("amendment.not_author", "Seul l’auteur retire son amendement.")
    if refused := too_long(command.reason, "reason", TEXT_LIMIT):
        return refused
    return (e.AmendmentWithdrawn(amendment.number, command.reason.strip() or "Retiré par son auteur."),)


def admit(state: State, request: c.Request, command: c.AdmitAmendment, now: str) -> Decision:
    amendment = lifecycle.found(state, command.amendment, c.AdmitAmendment)
    return amendment if isinstance(amendment, Refused) else (e.AmendmentAdmitted(amendment.number),)


def settle(state: State, request: c.Request, command: c.SettleAmendment, now: str) -> Decision:
    amendment = lifecycle.found(state, command.amendment, c.SettleAmendment)
    if isinstance(amendment, Refused):
        return amendment
    if command.outcome not in WITHOUT_VOTE:
        return Refused("amendment.needs_vote", "Ce sort-là suit d’un scrutin ou de l’auteur.", "outcome")
    if command.outcome.value not in lifecycle.LIFE[lifecycle.stage(state, amendment)][c.SettleAmendment]:
        return Refused("amendment.not_called", "« Non soutenu » se constate à l’appel : appelez-le d’abord.", "outcome")
    if refused := refuse_reason(command.reason):
        return refused
    other = state.amendments.get(command.because_of) if command.because_of is not None else None
    if command.because_of is not None and (other is None or other.motion != amendment.motion or other == amendment):
        return Refused("amendment.not_found", "Cet amendement n’existe pas.", "because_of")
    if command.outcome in NAMES_ANOTHER and (other is None or other.outcome is not Outcome.ADOPTED):
        return Refused("amendment.needs_cause", "Nommez l’amendement adopté qui le fait tomber.", "because_of")
    settled = e.AmendmentSettled(
        amendment.number, command.outcome, command.reason.strip(), because_of=command.because_of
    )
    return (settled,)


def give_opinion(state: State, request: c.Request, command: c.GiveOpinion, now: str) -> Decision:
    """Advice before the vote (A8)."""
    amendment = state.amendments.get(command.amendment)
    if amendment is None:
        return lifecycle.not_found()
    if amendment.outcome is not None:
        return Refused("amendment.settled", "Le sort de cet amendement est déjà fixé.")
    if command.opinion not in OPINIONS:
        return Refused("opinion.unknown", "Choisissez un avis.", "opinion")
    if command.opinion == "reserve" and is_blank(command.comment):
        return Refused("opinion.no_condition", "Un avis sous réserve dit laquelle.", "comment")
    if refused := too_long(command.comment, "comment", TEXT_LIMIT):
        return refused
    return (e.OpinionGiven(amendment.number, command.opinion, command.comment.strip()),)


def adopted(state: State, motion: int) -> tuple[int, ...]:
    """Numbers of the amendments merged into the present text since its base."""
    text = state.motions[motion].text
    return text.adopted if text else ()


def standing(state: State, motion: int) -> tuple[int, ...]:
    """Amendments that another may not contradict: those adopted, and those being voted."""
    voting = (n for poll in state.polls.values() if poll.is_open for n in voted(poll))
    return (*adopted(state, motion), *(n for n in voting if state.amendments[n].motion == motion))


def voted(poll: Poll) -> tuple[int, ...]:
    """The amendments that a poll settles: its subject, and what proposes the same; none for a motion."""
    kind, number = ids.split(poll.subject)
    return (number, *poll.identical) if kind == ids.AMENDMENT else ()


def collisions_with(state: State, amendment: Amendment, others: Iterable[int]) -> tuple[merge.Collision, ...]:
    """What this amendment and those others would both change, in the base text."""
    base = motions.base_of(state.motions[amendment.motion])
    assert base is not None
    given = [state.amendments[n] for n in others if n != amendment.number]
    merged = merge.merge(base, [*given, amendment])
    return tuple(x for x in merged.collisions if amendment.number in (x.first, x.second))


def on_tabled(state: State, r: e.Recorded, event: e.AmendmentTabled) -> State:
    amendment = Amendment(
        event.amendment,
        event.motion,
        event.base,
        event.aim,
        event.clause,
        event.text,
        event.rationale,
        event.new_kind,
        r.actor,
        r.time,
        event.late_reason,
    )
    return _with(state, amendment)


def on_admitted(state: State, r: e.Recorded, event: e.AmendmentAdmitted) -> State:
    act = chairing.recorded(state, r, (event.amendment,), "")
    return chairing.with_act(_with(state, replace(state.amendments[event.amendment], status="admitted")), act)


def on_withdrawn(state: State, r: e.Recorded, event: e.AmendmentWithdrawn) -> State:
    return _settled(state, r, e.AmendmentSettled(event.amendment, Outcome.WITHDRAWN, event.reason))


def on_settled(state: State, r: e.Recorded, event: e.AmendmentSettled) -> State:
    if event.poll is not None:
        return _settled(state, r, event)
    act = chairing.recorded(state, r, (event.amendment,), event.reason, event.because_of)
    return chairing.with_act(_settled(state, r, event), act)


def _settled(state: State, r: e.Recorded, event: e.AmendmentSettled) -> State:
    settled = replace(
        state.amendments[event.amendment],
        status=event.outcome.value,
        outcome=event.outcome,
        reason=event.reason,
        poll=event.poll,
        because_of=event.because_of,
        settled=r.time,
        settled_by=r.actor,
    )
    return _with(state, settled)


def on_opinion(state: State, r: e.Recorded, event: e.OpinionGiven) -> State:
    given = replace(state.amendments[event.amendment], opinion=event.opinion, opinion_comment=event.comment)
    return _with(state, given)


def _with(state: State, amendment: Amendment) -> State:
    return replace(state, amendments={**state.amendments, amendment.number: amendment})


DECIDE: Rules = {
    c.TableAmendment: table,
    c.WithdrawAmendment: withdraw,
    c.AdmitAmendment: admit,
    c.SettleAmendment: settle,
    c.GiveOpinion: give_opinion,
}
EVOLVE: Folds = {
    e.AmendmentTabled: on_tabled,
    e.AmendmentAdmitted: on_admitted,
    e.AmendmentWithdrawn: on_withdrawn,
    e.AmendmentSettled: on_settled,
    e.OpinionGiven: on_opinion,
}
