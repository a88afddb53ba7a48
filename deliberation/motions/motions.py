"""The motion: written by élus only, frozen, amended, decided (M1–M8, M16)."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from deliberation.congress.congress import SHORT, refuse_phase, refuse_reason, refuse_title, too_long
from deliberation.congress.people import refuse_role, role_of
from deliberation.kernel import commands as c
from deliberation.kernel import events as e
from deliberation.kernel.errors import Refused
from deliberation.kernel.ids import CONGRESS, MOTION, document, split
from deliberation.kernel.plain_text import cleaned, one_line
from deliberation.kernel.rules import Decision, Folds, Rules
from deliberation.kernel.state import Frozen, Motion, State
from deliberation.kernel.vocabulary import RULES, Clause, Draft, Phase, Role
from deliberation.motions import division, seclusion
from deliberation.text import merge, numbering
from deliberation.text.canonical_words import CANONICAL, canonical, canonical_markdown

Written = TypeVar("Written", Clause, Draft)
OPEN_STATUSES = frozenset({"tabled", "admitted", "reserved"})


def create(state: State, request: c.Request, command: c.CreateMotion, now: str) -> Decision:
    closed = None if request.actor == CONGRESS else refuse_phase(state, now, Phase.DRAFTING)
    title = one_line(cleaned(command.title))
    return closed or refuse_title(title) or (e.MotionCreated(len(state.motions) + 1, title),)


def import_text(state: State, request: c.Request, command: c.ImportMotion, now: str) -> Decision:
    """Creates a motion with a text from elsewhere. An élu who imports it becomes its author; anybody else must name the
    source that proposes it (M16).
    """
    created = create(state, request, c.CreateMotion(command.title), now)
    if isinstance(created, Refused):
        return created
    source = one_line(cleaned(command.source))
    by_elu = role_of(state, request.actor) == Role.ELU
    if refused := _refuse_source(source, required=not by_elu and request.actor != CONGRESS):
        return refused
    number = len(state.motions) + 1
    opened = e.MotionCreated(number, one_line(cleaned(command.title)), source)
    written = e.TextWritten(number, command.update, command.clients, command.changes, None, command.order, now)
    return (opened, written, e.MotionTakenUp(number)) if source and by_elu else (opened, written)


def _refuse_source(source: str, required: bool) -> Refused | None:
    if required and not source:
        return Refused("motion.source_missing", "Dites de qui vient ce texte.", "source")
    return too_long(source, "source", SHORT)


def take_up(state: State, request: c.Request, command: c.TakeUpMotion, now: str) -> Decision:
    motion = state.motions.get(command.motion)
    if motion is None:
        return not_found()
    if not motion.is_proposed:
        return Refused("motion.not_proposed", "Ce texte n’attend pas d’être repris.")
    return (e.MotionTakenUp(motion.number),)


def write(state: State, request: c.Request, command: c.WriteText, now: str) -> Decision:
    """Records a burst of writing, even if the phase has closed since: the editor has already shown it as saved (M3)."""
    if command.motion not in state.motions:
        return not_found()
    written = e.TextWritten(
        command.motion,
        command.update,
        command.clients,
        command.changes,
        command.title,
        command.order,
        command.started,
        command.title_kept,
        command.canonical,
    )
    return (written,)


def refuse_writing(state: State, actor: str, number: int, now: str) -> Refused | None:
    """Why this person may not write in that motion now; None if they may. The live editor asks before every update
    (M2).
    """
    motion = state.motions.get(number)
    if motion is None:
        return not_found()
    if refused := refuse_role(state, actor, c.WriteText):
        return refused
    if motion.status != "drafting":
        return Refused("motion.frozen", "Le texte est gelé : on le change par amendement.")
    return refuse_phase(state, now, Phase.DRAFTING)


def draft_clauses(motion: Motion) -> tuple[Clause, ...]:
    """The clauses as drafted so far, numbered."""
    drafted = ((id_, motion.draft[id_]) for id_ in motion.order if id_ in motion.draft)
    return merge.number(Clause(id_, d.kind, 0, d.markdown, d.addressee) for id_, d in drafted)


def frozen_draft(motion: Motion, rules: int) -> tuple[str, tuple[Clause, ...]]:
    """The title and the clauses that a text gets if the draft is frozen by that version of the rules: without empty
    clauses, and from `CANONICAL` on in canonical words (M28).
    """
    title, clauses = motion.title, draft_clauses(motion)
    if rules >= CANONICAL:
        title = canonical(title)
        clauses = tuple(map(canonical_draft, clauses))
    return title, merge.number(clause for clause in clauses if clause.markdown.strip())


def canonical_draft(written: Written) -> Written:
    """A clause, or the draft of one, in canonical words."""
    return replace(written, markdown=canonical_markdown(written.markdown), addressee=canonical(written.addressee))


def freeze(state: State, request: c.Request, command: c.FreezeMotion, now: str) -> Decision:
    motion = state.motions.get(command.motion)
    if motion is None:
        return not_found()
    if motion.status != "drafting":
        return Refused("motion.already_frozen", "Le texte est déjà gelé.")
    if refused := seclusion.refuse_freezing(state) or _refuse_proposed(motion):
        return refused
    title, clauses = frozen_draft(motion, RULES)
    if not clauses:
        return Refused("motion.empty", "On ne gèle pas un texte vide.")
    version = len(motion.frozen) + 1
    hash_ = merge.text_hash(title, clauses)
    return (e.TextFrozen(motion.number, version, title, clauses, hash_, base=version, rules=RULES),)


def _refuse_proposed(motion: Motion) -> Refused | None:
    if not motion.is_proposed:
        return None
    return Refused(
        "motion.not_taken_up",
        "Ce texte est seulement proposé ({source}) : une élue ou un élu le reprend avant qu’il soit gelé.",
        params={"source": motion.source},
    )


def reopen(state: State, request: c.Request, command: c.ReopenMotion, now: str) -> Decision:
    motion = state.motions.get(command.motion)
    if motion is None:
        return not_found()
    if motion.status != "frozen":
        return Refused("motion.not_frozen", "Ce texte n’est pas gelé.")
    if refused := refuse_reason(command.reason):
        return refused
    pending = [a.number for a in state.amendments.values() if a.motion == motion.number and a.status in OPEN_STATUSES]
    if pending:
        return Refused(
            "motion.amendments_pending",
            "Des amendements attendent encore leur sort : {numbers}.",
            params={"numbers": ", ".join(map(str, pending))},
        )
    if refused := refuse_vote_open(state, motion.number):
        return refused
    return (e.MotionReopened(motion.number, command.reason.strip()),)


def refuse_vote_open(state: State, number: int) -> Refused | None:
    """The refusal to change a motion while it is being voted on, as a whole or in parts; None otherwise."""
    parts = division.standing(state, document(MOTION, number))
    if (parts and parts.results) or any(
        poll.is_open and poll.subject == document(MOTION, number) for poll in state.polls.values()
    ):
        return Refused("motion.vote_open", "Un scrutin est ouvert sur cette motion.")
    return None


def base_of(motion: Motion) -> Frozen | None:
    """The frozen version that pending amendments change; None before the first one."""
    return motion.frozen[motion.frozen[-1].base - 1] if motion.frozen else None


def consolidate(state: State, motion: Motion, adopted: tuple[int, ...]) -> e.TextFrozen | tuple[merge.Collision, ...]:
    """The event that freezes the next version, with all amendments `adopted` merged into the base; or the collisions
    between them.
    """
    base = base_of(motion)
    assert base is not None
    consolidation = merge.consolidate(base, [state.amendments[n] for n in adopted], numbers(motion))
    if consolidation.collisions:
        return consolidation.collisions
    hash_ = merge.text_hash(consolidation.title, consolidation.clauses)
    version = len(motion.frozen) + 1
    return e.TextFrozen(
        motion.number,
        version,
        consolidation.title,
        consolidation.clauses,
        hash_,
        base.version,
        adopted,
        rules=base.rules,
    )


def numbers(motion: Motion) -> merge.Numbers:
    """By clause id, the numbers that clauses of the text under debate bear, including deleted clauses (A45)."""
    debated = motion.frozen[motion.frozen[-1].base - 1 :] if motion.frozen else ()
    return {clause.id: numbering.number_of(clause) for text in debated if not text.renumbers for clause in text.clauses}


def not_found() -> Refused:
    return Refused("motion.not_found", "Cette motion n’existe pas.", "motion")


def on_created(state: State, r: e.Recorded, event: e.MotionCreated | None) -> State:
    """Adds the motion. `event` is None where its content is withheld: the public then knows only the motion's number
    (H2).
    """
    number = split(r.document)[1]
    state = seclusion.withheld(seclusion.without_title(state, number), r.index)
    unknown = f"Motion n° {number}" if state.in_camera else ""
    title, source = (event.title, event.source) if event else (unknown, "")
    return _with(state, Motion(number, title, r.actor, r.time, changed=r.time, source=source))


def on_taken_up(state: State, r: e.Recorded, event: e.MotionTakenUp) -> State:
    return _with(state, replace(state.motions[event.motion], taken_up_by=r.actor, changed=r.time))


def on_written(state: State, r: e.Recorded, event: e.TextWritten | None) -> State:
    """Applies a burst of writing. `event` is None where its content is withheld: then it is only known that the motion
    was changed.
    """
    motion = state.motions[split(r.document)[1]]
    if motion.status == "drafting":
        state = seclusion.withheld(state, r.index)
    if event is None:
        return _with(state, replace(motion, changed=r.time))
    draft, writers = dict(motion.draft), dict(motion.writers)
    author = state.people.get(r.actor)
    by_elu = author is not None and author.role is Role.ELU
    for change in event.changes:
        if change.after is None:
            draft.pop(change.id, None)
            continue
        draft[change.id] = change.after
        known = writers.get(change.id, ())
        if by_elu and r.actor not in known:
            writers[change.id] = (*known, r.actor)
    owners = {**state.writing.get(r.document, {}), **dict.fromkeys(event.clients, r.actor)}
    state = replace(state, writing={**state.writing, r.document: owners})
    return _with(
        state,
        replace(
            motion,
            title=event.title if event.title else motion.title,
            draft=draft,
            order=motion.order if event.order is None else event.order,
            writers=writers,
            changed=r.time,
        ),
    )


def on_frozen(state: State, r: e.Recorded, event: e.TextFrozen) -> State:
    motion = state.motions[event.motion]
    frozen = (*motion.frozen, frozen_of(event, r))
    return _with(state, replace(motion, status="frozen", title=event.title, frozen=frozen, changed=r.time))


def frozen_of(event: e.TextFrozen, r: e.Recorded) -> Frozen:
    """The frozen version that this event states; time and index come from its entry."""
    said = event.version, event.title, event.clauses, event.hash, event.base, event.adopted
    return Frozen(*said, r.time, r.index, event.rules, event.divided_by)


def on_reopened(state: State, r: e.Recorded, event: e.MotionReopened) -> State:
    return _with(state, replace(state.motions[event.motion], status="drafting", changed=r.time))


def on_decided(state: State, r: e.Recorded, event: e.MotionDecided) -> State:
    status = "adopted" if event.adopted else "rejected"
    return _with(state, replace(state.motions[event.motion], status=status, decided_by=event.poll, changed=r.time))


def _with(state: State, motion: Motion) -> State:
    return replace(state, motions={**state.motions, motion.number: motion})


DECIDE: Rules = {
    c.CreateMotion: create,
    c.ImportMotion: import_text,
    c.TakeUpMotion: take_up,
    c.WriteText: write,
    c.FreezeMotion: freeze,
    c.ReopenMotion: reopen,
}
EVOLVE: Folds = {
    e.MotionCreated: on_created,
    e.MotionTakenUp: on_taken_up,
    e.TextWritten: on_written,
    e.TextFrozen: on_frozen,
    e.MotionReopened: on_reopened,
    e.MotionDecided: on_decided,
}
