"""Remarks on a draft: comments, and suggestions of other words for a passage (K1–K6)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from deliberation.congress.congress import LONG, refuse_phase, too_long
from deliberation.congress.people import role_of
from deliberation.kernel import commands as c
from deliberation.kernel import events as e
from deliberation.kernel import ids
from deliberation.kernel.errors import Refused
from deliberation.kernel.plain_text import is_blank
from deliberation.kernel.rules import Decision, Folds, Rules
from deliberation.kernel.state import Motion, Remark, State
from deliberation.kernel.vocabulary import Phase, Role
from deliberation.motions import addressing, seclusion

OPEN, RESOLVED, ACCEPTED, DECLINED = "open", "resolved", "accepted", "declined"
SETTLING = {False: (OPEN, RESOLVED), True: (DECLINED,)}
"""The statuses that `SettleRemark` may give to a comment (False) and to a suggestion (True). A suggestion is accepted
by `AcceptRemark`.
"""
ANCHOR = 400


def make(state: State, request: c.Request, command: c.MakeRemark, now: str) -> Decision:
    motion = state.motions.get(command.motion)
    refused = _refuse_motion(motion) or refuse_phase(state, now, Phase.DRAFTING) or _refuse_words(command)
    if refused or motion is None:
        return refused or _no_motion()
    thread = _thread(state, command)
    if isinstance(thread, Refused):
        return thread
    clause, reply_to = thread
    if clause and clause not in motion.draft:
        return Refused("remark.no_clause", "Ce passage n’est plus dans le texte.", "clause")
    base = motion.draft[clause].markdown if clause else ""
    if command.proposal is not None:
        refused = _refuse_proposal(state, request, command, base)
    words = addressing.address(state, command.text.strip())
    if refused := _refuse_addressed(words) or refused:
        return refused
    event = e.RemarkMade(
        remark=len(state.remarks) + 1,
        motion=motion.number,
        clause=clause,
        text=words.text,
        quote=command.quote.strip(),
        anchor=command.anchor,
        reply_to=reply_to,
        base=base if command.proposal is not None else "",
        proposal=None if command.proposal is None else command.proposal.strip(),
        addressed=words.people,
    )
    return (event,)


def _refuse_motion(motion: Motion | None) -> Refused | None:
    if motion is None:
        return _no_motion()
    if motion.status != "drafting":
        return Refused("motion.frozen", "Le texte est gelé : on le change par amendement.")
    return None


def _no_motion() -> Refused:
    return Refused("motion.not_found", "Cette motion n’existe pas.", "motion")


def _refuse_words(command: c.MakeRemark) -> Refused | None:
    if is_blank(command.text) and command.proposal is None:
        return Refused("remark.empty", "Écrivez votre commentaire.", "text")
    return (
        too_long(command.text, "text", LONG)
        or too_long(command.quote, "quote", LONG)
        or too_long(command.anchor, "anchor", ANCHOR)
    )


def _refuse_addressed(words: addressing.AddressedText) -> Refused | None:
    if len(words.people) > addressing.MOST_PEOPLE:
        return Refused("remark.too_many_people", "Une remarque nomme au plus vingt personnes.", "text")
    return too_long(words.text, "text", LONG)


def _thread(state: State, command: c.MakeRemark) -> tuple[str, int] | Refused:
    """The clause of a new remark, and the number of the first remark of its thread: 0 if it starts one. Threads are
    flat: an answer to an answer joins the same thread.
    """
    if command.reply_to is None:
        return command.clause, 0
    first = state.remarks.get(command.reply_to)
    if first is None or first.motion != command.motion or command.proposal is not None:
        return not_found()
    return first.clause, first.reply_to or first.number


def _refuse_proposal(state: State, request: c.Request, command: c.MakeRemark, base: str) -> Refused | None:
    assert command.proposal is not None
    if role_of(state, request.actor) != Role.ELU:
        return Refused("role.elus_only", "Seuls les élus écrivent, amendent et votent la motion.")
    if not command.clause:
        return Refused("remark.no_clause", "Une suggestion porte sur un passage du texte.", "clause")
    if is_blank(command.proposal):
        return Refused("remark.no_proposal", "Écrivez les mots que vous suggérez.", "proposal")
    if command.proposal.strip() == base.strip():
        return Refused("remark.unchanged", "Ce sont déjà les mots du texte.", "proposal")
    return too_long(command.proposal, "proposal", LONG)


def settle(state: State, request: c.Request, command: c.SettleRemark, now: str) -> Decision:
    """Resolves or reopens a thread of comments; declines a suggestion, or withdraws the actor's own."""
    found = _open_in(state, command.remark)
    if isinstance(found, Refused):
        return found
    if command.status not in SETTLING[found.is_suggestion] or command.status == found.status:
        return Refused("remark.unchanged", "Cette remarque en est déjà là.", "status")
    if found.is_suggestion and role_of(state, request.actor) != Role.ELU:
        return Refused("role.elus_only", "Seuls les élus écrivent, amendent et votent la motion.")
    return (e.RemarkSettled(found.number, command.status),)


def accept(state: State, request: c.Request, command: c.AcceptRemark, now: str) -> Decision:
    """Records that the actor accepted a suggestion, whose words the editor has written into the text."""
    found = _open_in(state, command.remark)
    if isinstance(found, Refused):
        return found
    if not found.is_suggestion:
        return Refused("remark.no_suggestion", "Ce commentaire ne suggère pas d’autres mots.")
    document = ids.document(ids.MOTION, found.motion)
    owner = state.writing.get(document, {}).get(command.client)
    return (e.RemarkSettled(found.number, ACCEPTED, command.client if owner == request.actor else 0),)


def suggested(state: State, motion: int) -> Mapping[int, int]:
    """The accepted suggestions about that motion, by the Yjs client id under which their words were written (K6)."""
    found = (x for x in state.remarks.values() if x.motion == motion and x.status == ACCEPTED and x.client)
    return {x.client: x.number for x in found}


def _open_in(state: State, number: int) -> Remark | Refused:
    """The remark, if it may still change: it is the first of its thread, the motion is being drafted, and a suggestion
    is undecided. Otherwise why not.
    """
    found = state.remarks.get(number)
    if found is None or found.reply_to or found.motion not in state.motions:
        return not_found()
    if found.is_suggestion and found.status != OPEN:
        return Refused("remark.settled", "Cette suggestion a déjà reçu sa réponse.")
    return _refuse_motion(state.motions[found.motion]) or found


def not_found() -> Refused:
    return Refused("remark.not_found", "Cette remarque n’existe pas.", "remark")


def threads(state: State, motion: int, clause: str | None = None) -> tuple[Remark, ...]:
    """The first remarks of the threads on a motion, or on one clause of it, oldest first."""
    return tuple(
        x for x in state.remarks.values() if x.motion == motion and not x.reply_to and clause in (None, x.clause)
    )


def replies(state: State, remark: int) -> tuple[Remark, ...]:
    return tuple(x for x in state.remarks.values() if x.reply_to == remark)


def on_made(state: State, r: e.Recorded, event: e.RemarkMade | None) -> State:
    """Adds the remark. `event` is None where its content is withheld or erased: then it is only known that a remark
    exists.
    """
    number = ids.split(r.document)[1]
    said = event or e.RemarkMade(number, 0, "", "")
    remark = Remark(
        number,
        said.motion,
        said.clause,
        said.text,
        r.actor,
        r.time,
        r.index,
        said.quote,
        said.anchor,
        said.reply_to,
        said.base,
        said.proposal,
        addressed=said.addressed,
    )
    return seclusion.withheld(_with(state, remark), r.index)


def on_settled(state: State, r: e.Recorded, event: e.RemarkSettled) -> State:
    remark = replace(state.remarks[event.remark], status=event.status, settled_by=r.actor, settled=r.time)
    remark = replace(remark, client=event.client)
    return _with(state, remark)


def _with(state: State, remark: Remark) -> State:
    return replace(state, remarks={**state.remarks, remark.number: remark})


DECIDE: Rules = {c.MakeRemark: make, c.SettleRemark: settle, c.AcceptRemark: accept}
EVOLVE: Folds = {e.RemarkMade: on_made, e.RemarkSettled: on_settled}
