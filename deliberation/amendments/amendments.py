"""Amendments to a frozen text or to another amendment: tabled, admitted, settled (A1–A6, A8, A14–A17, A20, S11)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from deliberation.amendments import chairing, lifecycle, several, signatures, subamendments, versions
from deliberation.congress.congress import SHORT, refuse_phase, refuse_reason, too_long
from deliberation.kernel import commands as c
from deliberation.kernel import events as e
from deliberation.kernel import ids
from deliberation.kernel.errors import Refused
from deliberation.kernel.plain_text import is_blank, one_line
from deliberation.kernel.rules import Decision, Folds, Rules
from deliberation.kernel.state import Amendment, Frozen, Poll, State
from deliberation.kernel.vocabulary import Aim, ClauseEdit, ClauseKind, Outcome, Phase, Span
from deliberation.motions import division, motions
from deliberation.text import composition_rules, merge
from deliberation.text.composition_rules import CompositionRules
from deliberation.text.spans import Misplaced, applied, changed_pieces

TEXT_LIMIT = 10_000
"""The most characters of a text, a rationale or a reason."""

WITHOUT_VOTE = lifecycle.WITHOUT_VOTE
ADOPTED_RECTIFIED = "adopte_rectifie"
"""The status of an adopted amendment that its author had rectified."""
NAMES_ANOTHER = frozenset({Outcome.FALLEN})
"""Outcomes for which the chair must name the adopted amendment that is their cause."""


def table(state: State, request: c.Request, command: c.TableAmendment, now: str) -> Decision:
    if refused := refuse_tabling(state, command, now):
        return refused
    made = draft(state, command)
    if isinstance(made, Refused):
        return made
    in_time = refuse_phase(state, now, Phase.AMENDMENTS) is None
    return (replace(made, late_reason="") if in_time or made.parent else made,)


def refuse_tabling(state: State, command: c.TableAmendment, now: str) -> Refused | None:
    """Why no amendment to that motion can be tabled now, whatever it says; None if one can."""
    motion = state.motions.get(command.motion)
    if motion is None:
        return motions.not_found()
    if motion.status != "frozen":
        return Refused("motion.not_frozen", "On amende un texte gelé ; celui-ci ne l’est pas.")
    return motions.refuse_vote_open(state, motion.number) or _refuse_time(state, command, now)


def sub_amendable(state: State, parent: Amendment, now: str) -> tuple[int, ...]:
    """The edits of an amendment, counted from 0, to which a sub-amendment can be tabled now (A16, A17, A43)."""
    command = c.TableAmendment(parent.motion, Aim.REWRITE, parent=parent.number)
    if refuse_tabling(state, command, now):
        return ()
    found = ((rank, _parent(state, replace(command, edit_rank=rank))) for rank in range(len(parent.edits)))
    return tuple(rank for rank, meant in found if isinstance(meant, Amendment))


def draft(state: State, command: c.TableAmendment) -> e.AmendmentTabled | Refused:
    """The event that tables an amendment with this content, or the refusal of the content. The author and the deadline
    are checked elsewhere.
    """
    motion = state.motions[command.motion]
    base = motions.base_of(motion)
    assert base is not None
    if refused := several.refuse_form(command):
        return refused
    parent = _parent(state, command) if command.parent is not None else None
    if isinstance(parent, Refused):
        return parent
    text = versions.meant(state, command.motion, parent.aimed if parent else command.version)
    if isinstance(text, Refused):
        return text
    edits = _edits(command, text, parent)
    if isinstance(edits, Refused):
        return edits
    first, *further = edits
    return e.AmendmentTabled(
        amendment=len(state.amendments) + 1,
        motion=command.motion,
        base=base.version,
        aim=first.aim,
        clause=first.clause,
        text=first.text,
        rationale=command.rationale.strip(),
        new_kind=first.new_kind,
        late_reason=command.late_reason.strip(),
        spans=first.spans,
        after=first.after,
        parent=command.parent,
        instruction=command.instruction.strip() if first.aim in subamendments.WITH_WORDS else "",
        further=tuple(further),
        edit_rank=command.edit_rank if parent else 0,
        version=parent.version if parent else versions.earliest(state, motion, text, edits),
    )


def _edits(command: c.TableAmendment, base: Frozen, parent: Amendment | None) -> tuple[ClauseEdit, ...] | Refused:
    """The edits that the command makes, in the order of the text; a refusal names the field of the edit concerned
    (A40).
    """
    made: list[ClauseEdit] = []
    for rank, single in enumerate(several.commands(command)):
        edit = _edit(_aimed_at_parent(single, parent) if parent else single, base, parent)
        if isinstance(edit, Refused):
            return several.at_edit(edit, rank)
        made.append(edit)
    return several.refuse_together(made) or several.in_order(base, made)


def _edit(command: c.TableAmendment, base: Frozen, parent: Amendment | None) -> ClauseEdit | Refused:
    """One edit of the text or, for a sub-amendment, of the words of `parent`, which holds only the edit that is aimed
    at.
    """
    old = parent.wording.text if parent and command.aim is not Aim.INSERT else _present(command, base)
    worded = _words(command, old, composition_rules.of(base.rules))
    if isinstance(worded, Refused):
        return worded
    text, spans = worded
    refused = (parent is None and _refuse_aim(command, base)) or _refuse_text(command, text, old)
    if not refused and parent and command.aim is not Aim.INSERT:
        refused = subamendments.refuse_words(parent, text, spans, base)
    return refused or ClauseEdit(
        command.aim,
        "" if command.aim is Aim.TITLE else command.clause,
        text,
        spans,
        command.after if command.aim is Aim.MOVE else "",
        command.new_kind if command.aim is Aim.INSERT else "",
    )


def _parent(state: State, command: c.TableAmendment) -> Amendment | Refused:
    """The pending amendment that a sub-amendment aims at, holding only the edit that is aimed at (A43)."""
    parent = state.amendments.get(command.parent or 0)
    if parent is None or parent.motion != command.motion:
        return Refused("amendment.not_found", "Cet amendement n’existe pas.", "parent")
    if parent.outcome is not None:
        return Refused("amendment.settled", "Le sort de cet amendement est déjà fixé.", "parent")
    if lifecycle.open_poll(state, parent.number):
        return Refused("amendment.vote_open", "Un scrutin est ouvert sur cet amendement.", "parent")
    if not 0 <= command.edit_rank < len(parent.edits):
        return Refused("amendment.no_clause", "Cet amendement ne touche pas ce passage.", "edit_rank")
    meant = parent.edit_at(command.edit_rank)
    return subamendments.refuse_parent(meant, command.aim) or division.refuse_begun(state, parent.number) or meant


def _aimed_at_parent(command: c.TableAmendment, parent: Amendment) -> c.TableAmendment:
    """The command with the aim and the clause that follow from the parent of the sub-amendment."""
    if command.aim is Aim.INSERT:
        return replace(command, clause=parent.clause)
    aim = Aim.TITLE if parent.aim is Aim.TITLE else Aim.REWRITE
    return replace(command, aim=aim, clause=parent.clause)


def _refuse_time(state: State, command: c.TableAmendment, now: str) -> Refused | None:
    """Why no amendment can be tabled at this time, or None.

    After the deadline amendments are accepted while votes are possible, marked as late and with a reason (A2). The
    deadline does not apply to sub-amendments: the amendment that they change may itself be as recent (A16).
    """
    closed = refuse_phase(state, now, Phase.AMENDMENTS)
    if closed is None or refuse_phase(state, now, Phase.VOTE):
        return closed
    if command.parent is None and is_blank(command.late_reason):
        return Refused(
            "amendment.late_reason_missing",
            "Le délai de dépôt est passé : dites pourquoi vous déposez en séance.",
            "late_reason",
        )
    return None


def _words(
    command: c.TableAmendment, old: str | None, composer: CompositionRules
) -> tuple[str, tuple[Span, ...]] | Refused:
    """The words proposed, and the spans that lead to them from `old`, the words that they replace. Both are empty for a
    deletion or a move; a title is one line (A15).
    """
    if command.aim not in subamendments.WITH_WORDS:
        return "", ()
    text = _set(command.aim, command.text)
    limit = SHORT if command.aim is Aim.TITLE else TEXT_LIMIT
    if refused := too_long(text, "text", limit) or too_long("".join(x.new for x in command.spans), "text", limit):
        return refused
    if old is None:
        return text, ()
    if not command.spans:
        return text, composer.spans_of(old, text, ()) if text else ()
    try:
        made = applied(old, command.spans)
    except Misplaced:
        return _misplaced()
    if text and text != _set(command.aim, made):
        return _misplaced()
    text = _set(command.aim, made)
    return text, composer.spans_of(old, text, command.spans if text == made else ())


def _misplaced() -> Refused:
    return Refused("amendment.spans", "Les mots changés ne sont pas ceux du texte visé.", "text")


def _set(aim: Aim, text: str) -> str:
    return one_line(text) if aim is Aim.TITLE else text.strip()


def _refuse_aim(command: c.TableAmendment, base: Frozen) -> Refused | None:
    known = [clause.id for clause in base.clauses if versions.can_be_named(clause.id, base)]
    places = {"", *known}
    aims_at_clause = command.aim not in {Aim.TITLE, Aim.INSERT}
    if command.aim is not Aim.TITLE and command.clause not in (known if aims_at_clause else places):
        return Refused("amendment.no_clause", "Cette partie n’est pas dans le texte gelé.", "clause")
    if command.aim is Aim.INSERT and command.new_kind not in {kind.value for kind in ClauseKind}:
        return Refused("amendment.no_kind", "Dites si vous ajoutez un visa, un considérant ou une demande.", "new_kind")
    if command.aim is Aim.MOVE and command.after not in places:
        return Refused("amendment.no_place", "Dites où placer ce passage.", "after")
    if command.aim is Aim.MOVE and command.after in {command.clause, *known[: known.index(command.clause)][-1:]}:
        return _unchanged_place()
    if command.aim is Aim.MOVE and command.clause == known[0] and not command.after:
        return _unchanged_place()
    return None


def _unchanged_place() -> Refused:
    return Refused("amendment.unchanged", "Ce passage est déjà à cet endroit.", "after")


def _refuse_text(command: c.TableAmendment, text: str, old: str | None) -> Refused | None:
    if command.aim in subamendments.WITH_WORDS and is_blank(text) and (text or is_blank(command.instruction)):
        return Refused("amendment.empty", "Écrivez le texte que vous proposez.", "text")
    if old is not None and text == old.strip():
        return Refused("amendment.unchanged", "Le texte proposé est celui qui existe déjà.", "text")
    if command.parent is not None and command.aim is Aim.INSERT and command.new_kind not in list(ClauseKind):
        return Refused("amendment.no_kind", "Dites si vous ajoutez un visa, un considérant ou une demande.", "new_kind")
    return (
        too_long(text, "text", SHORT if command.aim is Aim.TITLE else TEXT_LIMIT)  # with the words that spans leave
        or too_long(command.rationale, "rationale", TEXT_LIMIT)
        or too_long(command.late_reason, "late_reason", TEXT_LIMIT)
        or too_long(command.instruction, "instruction", TEXT_LIMIT)
    )


def _present(command: c.TableAmendment, base: Frozen) -> str | None:
    """The words of the text that would be replaced; None if nothing is replaced."""
    if command.aim is Aim.TITLE:
        return base.title
    rewritten = command.clause if command.aim is Aim.REWRITE else None
    return next((clause.markdown for clause in base.clauses if clause.id == rewritten), None)


def refuse_unready(state: State, amendment: Amendment) -> Refused | None:
    """Why no vote can open on an amendment yet: missing signatures, exact words or votes on sub-amendments (A19, A21,
    A24).
    """
    if refused := signatures.refuse_unsupported(state, amendment):
        return refused
    if not amendment.is_worded:
        return Refused(
            "amendment.unworded", "Son auteur n’a pas encore écrit les mots exacts : on ne vote pas une consigne."
        )
    if waiting := subamendments.pending(state, amendment.number):
        return Refused(
            "amendment.subs_pending",
            "Des sous-amendements passent avant lui : {numbers}.",
            params={"numbers": ", ".join(map(str, waiting))},
        )
    return None


def withdraw(state: State, request: c.Request, command: c.WithdrawAmendment, now: str) -> Decision:
    amendment = lifecycle.found(state, command.amendment, c.WithdrawAmendment)
    if isinstance(amendment, Refused):
        return amendment
    if amendment.author != request.actor:
        return Refused("amendment.not_author", "Seul l’auteur retire son amendement.")
    if refused := too_long(command.reason, "reason", TEXT_LIMIT):
        return refused
    withdrawn = e.AmendmentWithdrawn(amendment.number, command.reason.strip() or "Retiré par son auteur.")
    return withdrawn, *subamendments.moot(state, amendment)


def admit(state: State, request: c.Request, command: c.AdmitAmendment, now: str) -> Decision:
    amendment = lifecycle.found(state, command.amendment, c.AdmitAmendment)
    if isinstance(amendment, Refused):
        return amendment
    return signatures.refuse_unsupported(state, amendment) or (e.AmendmentAdmitted(amendment.number),)


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
    if command.outcome is Outcome.WITHDRAWN and state.sitting is None:
        return Refused("sitting.none", "Un retrait se dit en séance : aucune n’est ouverte.", "outcome")
    other = state.amendments.get(command.because_of) if command.because_of is not None else None
    if command.because_of is not None and (other is None or other.motion != amendment.motion or other == amendment):
        return Refused("amendment.not_found", "Cet amendement n’existe pas.", "because_of")
    if command.outcome in NAMES_ANOTHER and (other is None or other.outcome is not Outcome.ADOPTED):
        return Refused("amendment.needs_cause", "Nommez l’amendement adopté qui le fait tomber.", "because_of")
    settled = e.AmendmentSettled(
        amendment.number, command.outcome, command.reason.strip(), because_of=command.because_of
    )
    return settled, *subamendments.moot(state, amendment)


def adopted(state: State, motion: int) -> tuple[int, ...]:
    """Numbers of the amendments merged into the present text since its base."""
    text = state.motions[motion].text
    return text.adopted if text else ()


def standing(state: State, motion: int) -> tuple[int, ...]:
    """Amendments that another may not contradict: those adopted, and those being voted on."""
    voting = (n for poll in state.polls.values() if poll.is_open for n in voted(poll))
    return (*adopted(state, motion), *(n for n in voting if state.amendments[n].motion == motion))


def voted(poll: Poll) -> tuple[int, ...]:
    """The amendments that a poll settles: its subject, and identical ones; () for a motion."""
    kind, number = ids.split(poll.subject)
    return (number, *poll.identical) if kind == ids.AMENDMENT else ()


def collisions_with(state: State, amendment: Amendment, others: Iterable[int]) -> tuple[merge.Collision, ...]:
    """The collisions of an amendment with `others`, in the base text or, for a sub-amendment, in its parent's words."""
    if amendment.parent is not None:
        parent = state.amendments[amendment.parent]
        named = [state.amendments[n] for n in others if state.amendments[n].parent == parent.number]
        rivals = {a.number: a for a in (*subamendments.adopted(state, parent.number), *named, amendment)}
        collisions = merge.between_subs(parent, rivals.values(), _base(state, parent).rules)
    else:
        base = motions.base_of(state.motions[amendment.motion])
        assert base is not None
        rivals = {n: state.amendments[n] for n in (*others, *amendment.amended_by, amendment.number)}
        collisions = merge.collisions(base, rivals.values())
    return tuple(x for x in collisions if amendment.number in (x.first, x.second))


def _base(state: State, amendment: Amendment) -> Frozen:
    """The version whose words the amendment changes."""
    return state.motions[amendment.motion].frozen[amendment.aimed - 1]


def pieces(state: State, amendment: Amendment) -> list[tuple[str, str]]:
    """What the amendment changes in the words that it aims at: ("equal" | "delete" | "insert", text) for each run of
    words.

    An amendment that has several edits is given as one of its `single_edits`.
    """
    if amendment.aim is Aim.INSERT:
        return [("insert", amendment.text)] if amendment.text else []
    base = _base(state, amendment)
    aimed = next((clause.markdown for clause in base.clauses if clause.id == amendment.clause), "")
    if amendment.parent is not None:
        aimed = state.amendments[amendment.parent].edit_at(amendment.edit_rank).wording.text
    elif amendment.aim is Aim.TITLE:
        aimed = base.title
    if amendment.aim is Aim.DELETE:
        return [("delete", aimed)]
    return changed_pieces(aimed, amendment.text, amendment.spans) if amendment.text else [("equal", aimed)]


def with_its_own(amendment: Amendment) -> tuple[int, ...]:
    """The numbers to merge when an amendment is adopted: the adopted sub-amendments contained in it, then its own."""
    return (*amendment.amended_by, amendment.number)


def on_tabled(state: State, r: e.Recorded, event: e.AmendmentTabled) -> State:
    upon = state.motions[event.motion].frozen[event.version - 1].adopted if event.version else ()
    amendment = Amendment(
        event.amendment,
        event.motion,
        event.base,
        event.aim,
        event.clause,
        event.text,
        event.rationale,
        event.new_kind,
        event.author or r.actor,
        r.time,
        event.late_reason,
        spans=event.spans,
        after=event.after,
        parent=event.parent,
        instruction=event.instruction,
        further=event.further,
        edit_rank=event.edit_rank,
        version=event.version,
        upon=upon,
    )
    return with_amendment(state, amendment)


def on_admitted(state: State, r: e.Recorded, event: e.AmendmentAdmitted) -> State:
    act = chairing.recorded(state, r, (event.amendment,), "")
    return chairing.with_act(with_amendment(state, replace(state.amendments[event.amendment], status="admitted")), act)


def on_withdrawn(state: State, r: e.Recorded, event: e.AmendmentWithdrawn) -> State:
    return _settled(state, r, e.AmendmentSettled(event.amendment, Outcome.WITHDRAWN, event.reason))


def on_settled(state: State, r: e.Recorded, event: e.AmendmentSettled) -> State:
    if event.poll is not None:
        return _settled(state, r, event)
    act = chairing.recorded(state, r, (event.amendment,), event.reason, event.because_of)
    return chairing.with_act(_settled(state, r, event), act)


def _settled(state: State, r: e.Recorded, event: e.AmendmentSettled) -> State:
    amendment = state.amendments[event.amendment]
    settled = replace(
        amendment,
        status=ADOPTED_RECTIFIED if event.outcome is Outcome.ADOPTED and amendment.rectified else event.outcome.value,
        outcome=event.outcome,
        reason=event.reason,
        poll=event.poll,
        because_of=event.because_of,
        settled=r.time,
        settled_by=r.actor,
        before=amendment.status,
    )
    return with_amendment(state, settled)


def on_amended(state: State, r: e.Recorded, event: e.AmendmentAmended) -> State:
    parent = state.amendments[event.amendment]
    said = replace(parent, text=event.text, spans=event.spans, further=event.further)
    return with_amendment(state, replace(said, own=parent.wording, amended_by=event.adopted))


def with_amendment(state: State, amendment: Amendment) -> State:
    return replace(state, amendments={**state.amendments, amendment.number: amendment})


DECIDE: Rules = {
    c.TableAmendment: table,
    c.WithdrawAmendment: withdraw,
    c.AdmitAmendment: admit,
    c.SettleAmendment: settle,
}
EVOLVE: Folds = {
    e.AmendmentTabled: on_tabled,
    e.AmendmentAdmitted: on_admitted,
    e.AmendmentWithdrawn: on_withdrawn,
    e.AmendmentSettled: on_settled,
    e.AmendmentAmended: on_amended,
}
