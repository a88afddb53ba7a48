"""Changes by an amendment's author: the exact words of an instruction, and rectifications (A21, A25)."""

from __future__ import annotations

from dataclasses import replace

from deliberation.amendments import lifecycle, several, subamendments
from deliberation.amendments.amendments import draft, with_amendment
from deliberation.congress.congress import refuse_phase
from deliberation.kernel import commands as c
from deliberation.kernel import events as e
from deliberation.kernel.errors import Refused
from deliberation.kernel.rules import Decision, Folds, Rules
from deliberation.kernel.state import Amendment, State
from deliberation.kernel.vocabulary import Aim, ClauseEdit, Phase, Span
from deliberation.motions import division


def word(state: State, request: c.Request, command: c.WordAmendment, now: str) -> Decision:
    """The author writes the exact words of an amendment that was tabled as an instruction (A21)."""
    amendment = _own(state, request, command, now)
    if isinstance(amendment, Refused):
        return amendment
    made = worded(state, amendment, command.text, command.spans)
    return made if isinstance(made, Refused) else (made,)


def worded(state: State, amendment: Amendment, text: str, spans: tuple[Span, ...]) -> e.AmendmentWorded | Refused:
    """The event that gives an instruction these exact words, or why they are refused."""
    if amendment.is_worded:
        return Refused("amendment.worded", "Ses mots exacts sont déjà écrits : rectifiez-le pour en changer.")
    made = draft(state, replace(several.as_tabled(amendment), text=text, spans=spans))
    return made if isinstance(made, Refused) else e.AmendmentWorded(amendment.number, made.text, made.spans)


def rectify(state: State, request: c.Request, command: c.RectifyAmendment, now: str) -> Decision:
    """The author changes the wording of an amendment, which keeps its number (A25)."""
    amendment = _own(state, request, command, now)
    if isinstance(amendment, Refused):
        return amendment
    made = rectified(state, amendment, command)
    return made if isinstance(made, Refused) else (made,)


def rectified(state: State, amendment: Amendment, command: c.RectifyAmendment) -> e.AmendmentRectified | Refused:
    """The event that gives the amendment its new wording, or why it is refused."""
    if refused := refuse_rectifying(state, amendment):
        return refused
    wanted = _wanted(amendment, command)
    made = wanted if isinstance(wanted, Refused) else draft(state, wanted)
    if isinstance(made, Refused):
        return made
    if _said(made) == _said(amendment):
        return Refused("amendment.unchanged", "C’est déjà ce que dit votre amendement.", "text")
    said = made.text, made.rationale, made.spans, made.after, made.new_kind
    edits = (ClauseEdit(made.aim, made.clause, made.text, made.spans, made.after, made.new_kind), *made.further)
    return e.AmendmentRectified(amendment.number, amendment.rectified + 1, *said, edits if amendment.further else ())


def _wanted(amendment: Amendment, command: c.RectifyAmendment) -> c.TableAmendment | Refused:
    """The command that would table the amendment in its new wording."""
    tabled = replace(several.as_tabled(amendment), rationale=command.rationale)
    if command.edits or amendment.further:
        edits = command.edits or amendment.edits
        return several.refuse_kept(amendment, edits) or several.with_edits(tabled, edits)
    return replace(
        tabled,
        text=command.text,
        spans=command.spans,
        after=command.after,
        new_kind=command.new_kind or amendment.new_kind,
    )


def _said(amendment: Amendment | e.AmendmentTabled) -> tuple[object, ...]:
    """The fields in which two wordings can differ. Spans are left out: they record how the words were typed."""
    first = amendment.aim, amendment.clause, amendment.text, amendment.after, amendment.new_kind
    return *first, amendment.rationale, tuple(replace(edit, spans=()) for edit in amendment.further)


def _own(
    state: State, request: c.Request, command: c.WordAmendment | c.RectifyAmendment, now: str
) -> Amendment | Refused:
    amendment = lifecycle.in_hand(state, command.amendment)
    if isinstance(amendment, Refused):
        return amendment
    if amendment.author != request.actor:
        return Refused("amendment.not_author", "Seul l’auteur change les mots de son amendement.")
    return refuse_phase(state, now, Phase.AMENDMENTS, Phase.VOTE) or amendment


def refuse_rectifying(state: State, amendment: Amendment) -> Refused | None:
    """Why the author cannot change the wording now; None if they can (A25)."""
    if all(edit.aim is Aim.DELETE for edit in amendment.edits):
        return Refused(
            "amendment.nothing_to_rectify",
            "Une suppression ne propose pas de mots : retirez-la et déposez autre chose.",
        )
    if not amendment.is_worded:
        return Refused("amendment.unworded", "Écrivez d’abord ses mots exacts.")
    if amendment.amended_by:
        return Refused("amendment.amended", "Un sous-amendement adopté fait partie de ses mots : ils ne changent plus.")
    if refused := division.refuse_begun(state, amendment.number):
        return refused
    if waiting := subamendments.pending(state, amendment.number):
        return Refused(
            "amendment.subs_pending",
            "Des sous-amendements visent ses mots : {numbers}. Leur sort vient d’abord.",
            params={"numbers": ", ".join(map(str, waiting))},
        )
    return None


def on_worded(state: State, r: e.Recorded, event: e.AmendmentWorded) -> State:
    amendment = state.amendments[event.amendment]
    return with_amendment(state, replace(amendment, text=event.text, spans=event.spans, worded=r.time))


def on_rectified(state: State, r: e.Recorded, event: e.AmendmentRectified) -> State:
    amendment = state.amendments[event.amendment]
    rectified = replace(
        amendment,
        text=event.text,
        spans=event.spans,
        rationale=event.rationale,
        after=event.after,
        new_kind=event.new_kind,
        earlier=(*amendment.earlier, amendment.wording),
        worded=r.time,
    )
    if event.edits:
        first, *further = event.edits
        rectified = replace(rectified, aim=first.aim, clause=first.clause, further=tuple(further))
    return with_amendment(state, rectified)


DECIDE: Rules = {c.WordAmendment: word, c.RectifyAmendment: rectify}
EVOLVE: Folds = {e.AmendmentWorded: on_worded, e.AmendmentRectified: on_rectified}
