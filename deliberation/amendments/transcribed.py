"""Amendments on paper: the desk transcribes their dispositif, and they are tabled once the transcription is confirmed
(A56–A58).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from deliberation.amendments import amendments, versions
from deliberation.amendments.dispositif import reading
from deliberation.congress import people
from deliberation.congress.congress import refuse_phase, refuse_reason, too_long
from deliberation.kernel import commands as c
from deliberation.kernel import events as e
from deliberation.kernel import ids
from deliberation.kernel.errors import Refused
from deliberation.kernel.rules import Decision, Folds, Rules
from deliberation.kernel.state import Amendment, State, Transcription
from deliberation.kernel.vocabulary import Aim, Phase
from deliberation.motions import motions

WAITING, CONFIRMED, REFUSED = "waiting", "confirmed", "refused"
DESK = (people.ORGANISER, people.SCRIBE)
"""The roles of those who work at the desk."""


def transcribe(state: State, request: c.Request, command: c.TranscribeAmendment, now: str) -> Decision:
    if people.role_of(state, command.author) != people.ELU:
        return Refused(
            "transcription.no_author", "Dites quel élu ou quelle élue a signé cet amendement (règle A56).", "author"
        )
    motion = state.motions.get(command.motion)
    if motion is None:
        return motions.not_found()
    tabling = c.TableAmendment(command.motion, aim=Aim.TITLE, late_reason=command.late_reason)
    refused = amendments.refuse_tabling(state, tabling, now) or too_long(
        command.sentence, "dispositif", amendments.TEXT_LIMIT
    )
    if refused:
        return refused
    base, text = motions.base_of(motion), versions.latest(motion)
    assert base is not None
    assert text is not None
    in_time = refuse_phase(state, now, Phase.AMENDMENTS) is None
    transcribed = e.AmendmentTranscribed(
        len(state.transcriptions) + 1,
        motion.number,
        base.version,
        command.author,
        command.sentence.strip(),
        command.rationale.strip(),
        "" if in_time else command.late_reason.strip(),
        text.version if text.version != base.version else 0,
    )
    made = read(state, on_transcribed(state, _at(request, transcribed, now), transcribed), transcribed.transcription)
    return made if isinstance(made, Refused) else (transcribed,)


def _at(request: c.Request, event: e.Event, now: str) -> e.Recorded:
    return e.Recorded(0, now, request.actor, event.kind, event.document, event)


def read(state: State, with_it: State, number: int) -> e.AmendmentTabled | Refused:
    """The event that tables a transcribed amendment to the text as it is now, in its author's name; a refusal if the
    text changed since or the sentence cannot be read (A31, A56).

    `with_it` is a state that holds the transcription; `state` has the text and the amendments that a sub-amendment may
    aim at.
    """
    found = with_it.transcriptions[number]
    motion = state.motions[found.motion]
    base = motions.base_of(motion)
    if base is None or base.version != found.base:
        return Refused(
            "transcription.other_text",
            "Le texte a changé depuis cette transcription : refusez-la et transcrivez de nouveau (règle A58).",
        )
    text = versions.meant(state, motion.number, found.version)
    if isinstance(text, Refused):
        return text
    edit = reading.read(found.sentence, text, pending(state, motion.number))
    if isinstance(edit, Refused):
        return edit
    made = amendments.draft(
        state,
        c.TableAmendment(
            motion.number,
            edit.aim,
            edit.clause,
            edit.text,
            found.rationale,
            edit.new_kind,
            found.late_reason,
            edit.spans,
            edit.after,
            edit.parent,
            further=edit.further,
            edit_rank=edit.edit_rank,
            version=found.version,
        ),
    )
    return made if isinstance(made, Refused) else replace(made, author=found.author)


def pending(state: State, motion: int) -> Mapping[int, Amendment]:
    """The amendments to a motion that a sub-amendment may aim at."""
    return {n: a for n, a in state.amendments.items() if a.motion == motion and a.outcome is None}


def confirm(state: State, request: c.Request, command: c.ConfirmTranscription, now: str) -> Decision:
    found = _waiting(state, command.transcription)
    if isinstance(found, Refused):
        return found
    if refused := refuse_confirming(state, found, request.actor) or _refuse_time(state, found, now):
        return refused
    made = read(state, state, found.number)
    if isinstance(made, Refused):
        return made
    return e.TranscriptionConfirmed(found.number, made.amendment), made


def refuse_confirming(state: State, found: Transcription, actor: str) -> Refused | None:
    """Why that person may not confirm the transcription; None for its author, and for a second person at the desk
    (A57).
    """
    if actor == found.author:
        return None
    if people.role_of(state, actor) not in DESK:
        return Refused(
            "transcription.not_author", "Seuls l’auteur et le bureau répondent de cette transcription (règle A57)."
        )
    if actor == found.transcribed_by:
        return Refused(
            "transcription.same_person",
            "Vous avez transcrit cet amendement : son auteur, ou une autre personne du bureau, le confirme "
            "(règle A57).",
        )
    return None


def _refuse_time(state: State, found: Transcription, now: str) -> Refused | None:
    """Why the amendment can no longer be tabled, or None. One that was transcribed before the deadline is in time, even
    if it is confirmed later (A2, A58).
    """
    command = c.TableAmendment(found.motion, Aim.TITLE, late_reason=found.late_reason or found.sentence)
    return amendments.refuse_tabling(state, command, now)


def refuse(state: State, request: c.Request, command: c.RefuseTranscription, now: str) -> Decision:
    """Rejects a transcription that is not what the paper or its author says: it is never tabled, and another one may be
    made.
    """
    found = _waiting(state, command.transcription)
    if isinstance(found, Refused):
        return found
    if request.actor != found.author and people.role_of(state, request.actor) not in DESK:
        return Refused(
            "transcription.not_author", "Seuls l’auteur et le bureau répondent de cette transcription (règle A57)."
        )
    return refuse_reason(command.reason) or (e.TranscriptionRefused(found.number, command.reason.strip()),)


def _waiting(state: State, number: int) -> Transcription | Refused:
    found = state.transcriptions.get(number)
    if found is None:
        return Refused("transcription.not_found", "Cette transcription n’existe pas.", "transcription")
    if found.status != WAITING:
        return Refused(
            "transcription.settled", "Cette transcription est déjà confirmée ou refusée (règle A57).", "transcription"
        )
    return found


def confirmed(state: State, event: e.AmendmentTabled) -> Transcription | None:
    """The confirmed transcription from which that amendment of that author was tabled; None if there is none."""
    made = (x for x in state.transcriptions.values() if x.amendment == event.amendment and x.status == CONFIRMED)
    return next((x for x in made if x.author == event.author), None)


def on_transcribed(state: State, r: e.Recorded, event: e.AmendmentTranscribed) -> State:
    found = Transcription(
        event.transcription,
        event.motion,
        event.base,
        event.author,
        event.sentence,
        event.rationale,
        event.late_reason,
        r.actor,
        r.time,
        version=event.version,
    )
    return replace(state, transcriptions={**state.transcriptions, found.number: found})


def on_confirmed(state: State, r: e.Recorded, event: e.TranscriptionConfirmed) -> State:
    return _settled(state, r, event.transcription, CONFIRMED, amendment=event.amendment)


def on_refused(state: State, r: e.Recorded, event: e.TranscriptionRefused) -> State:
    return _settled(state, r, event.transcription, REFUSED, reason=event.reason)


def _settled(state: State, r: e.Recorded, number: int, status: str, reason: str = "", amendment: int = 0) -> State:
    found = replace(
        state.transcriptions[number],
        status=status,
        settled_by=r.actor,
        settled=r.time,
        reason=reason,
        amendment=amendment,
    )
    return replace(state, transcriptions={**state.transcriptions, ids.split(r.document)[1]: found})


DECIDE: Rules = {
    c.TranscribeAmendment: transcribe,
    c.ConfirmTranscription: confirm,
    c.RefuseTranscription: refuse,
}
EVOLVE: Folds = {
    e.AmendmentTranscribed: on_transcribed,
    e.TranscriptionConfirmed: on_confirmed,
    e.TranscriptionRefused: on_refused,
}
