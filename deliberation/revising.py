"""What authors do to their testimonies after sending them: change how they are named, correct, withdraw (T22–T26).

An author is known by their account, or as a visitor with the secret link of the receipt, which the server checks.
"""

from __future__ import annotations

from dataclasses import replace

from deliberation.congress.congress import SHORT, too_long
from deliberation.congress.people import role_of
from deliberation.kernel import commands as c
from deliberation.kernel import events as e
from deliberation.kernel import ids
from deliberation.kernel.errors import Refused
from deliberation.kernel.plain_text import one_line
from deliberation.kernel.rules import Decision, Folds, Rules
from deliberation.kernel.state import Excerpt, State, Testimony
from deliberation.kernel.territory import Naming
from deliberation.kernel.vocabulary import Channel, Phase, Revision, Role, Speaker, Window
from deliberation.testimonies.testimonies import as_agreed, not_found, refuse_content
from deliberation.visibility.remains import absence, erased

GONE = frozenset({"redacted", "withdrawn"})
"""Statuses in which nothing of a testimony's content is left."""


def naming_of(speaker: Speaker) -> Naming:
    """How whoever speaks agreed to be named, as the recorded speaker shows it."""
    if speaker.name:
        return Naming.NAME
    if speaker.mandate or speaker.collectivity or speaker.code:
        return Naming.OFFICE
    return Naming.KIND if speaker.territory else Naming.ANONYMOUS


def refuse(state: State, actor: str, number: int, now: str) -> Refused | None:
    """Why that person may not revise that testimony now, or None. A visitor is whoever has the secret link."""
    testimony = state.testimonies.get(number)
    if testimony is None:
        return not_found()
    if actor not in (testimony.author, ids.VISITOR):
        return Refused("testimony.not_yours", "Seul l’auteur de ce témoignage peut le modifier ou le retirer.")
    if testimony.status in GONE:
        return Refused("testimony.gone", "Il ne reste rien à modifier : ce témoignage a été effacé.")
    if state.awaits_erasing(testimony.entry):
        return Refused("redaction.pending", "Un caviardage est proposé ici : attendez qu’il soit décidé.")
    closes = state.phases.get(Phase.RESTITUTION, Window()).closes
    if closes is not None and closes <= now:
        return Refused(
            "testimony.too_late",
            "La restitution est close depuis le {at} : demandez un caviardage aux organisateurs.",
            params={"at": closes},
        )
    return None


def speaks_as_elu(state: State, testimony: Testimony) -> bool:
    """Whether an élu testified in their own name, by their account (T3)."""
    return role_of(state, testimony.author) == Role.ELU


def change_naming(state: State, request: c.Request, command: c.ChangeNaming, now: str) -> Decision:
    if refused := refuse(state, request.actor, command.testimony, now):
        return refused
    testimony = state.testimonies[command.testimony]
    if speaks_as_elu(state, testimony):
        return Refused("testimony.own_name", "Un élu témoigne en son nom : il peut corriger ou retirer ses mots.")
    known = testimony.speaker
    if refused := _refuse_speaker(command.speaker):
        return refused
    speaker = as_agreed(_completed(command.speaker, known), command.naming)
    if speaker == known:
        return Refused("testimony.same_naming", "C’est ainsi que ces mots sont signés déjà.", "naming")
    waits = testimony.status == "published" and _says_more(speaker, known)
    outdated = tuple(x.number for x in _excerpts(state, testimony.number) if x.outdated)
    return _restated(state, Revision.NAMING, replace(testimony, speaker=speaker), waits, outdated)


def _refuse_speaker(said: Speaker) -> Refused | None:
    parts = {"name": said.name, "mandate": said.mandate, "collectivity": said.collectivity, "code": said.code}
    found = (refused for part, value in parts.items() if (refused := too_long(value, f"speaker_{part}", SHORT)))
    return next(found, None)


def _completed(said: Speaker, known: Speaker) -> Speaker:
    """What was said of the speaker, and for what was not, what is recorded. A place is taken or kept as a whole."""
    place = said if said.collectivity.strip() or said.code.strip() else known
    return Speaker(
        said.name if said.name.strip() else known.name,
        said.mandate if said.mandate.strip() else known.mandate,
        place.collectivity,
        place.code,
        place.territory,
    )


def _says_more(speaker: Speaker, known: Speaker) -> bool:
    """Whether words are in it that nobody has moderated yet."""
    words = {speaker.name, speaker.mandate, speaker.collectivity, speaker.code, ""}
    return words > {""} and not words <= {known.name, known.mandate, known.collectivity, known.code, ""}


def correct(state: State, request: c.Request, command: c.CorrectTestimony, now: str) -> Decision:
    refused = refuse(state, request.actor, command.testimony, now) or refuse_content(command, Speaker())
    if refused:
        return refused
    testimony = state.testimonies[command.testimony]
    corrected = replace(
        testimony,
        title=one_line(command.title),
        text=command.text.strip(),
        video=command.video.strip(),
        theme=one_line(command.theme),
    )
    if corrected == testimony:
        return Refused("testimony.same_words", "C’est ce que dit déjà ce témoignage.", "text")
    outdated = tuple(x.number for x in _excerpts(state, testimony.number) if _is_outdated(x, testimony, corrected))
    return _restated(state, Revision.CORRECTION, corrected, testimony.status != "pending", outdated)


def _is_outdated(excerpt: Excerpt, before: Testimony, after: Testimony) -> bool:
    """Whether the corrected testimony no longer says the words of the excerpt, or is another video."""
    if excerpt.medium == "text":
        return excerpt.quote not in after.text
    return excerpt.outdated or before.video != after.video


def _restated(state: State, act: Revision, said: Testimony, waits: bool, outdated: tuple[int, ...]) -> Decision:
    quotes = tuple(x.entry for x in _excerpts(state, said.number) if not _is_gone(state, x)) if waits else ()
    return (
        e.TestimonyRevised(said.number, act, (said.entry,), waits, quotes, outdated),
        e.TestimonyRestated(said.number, said.title, said.text, said.video, said.channel, said.speaker, said.theme),
    )


def withdraw(state: State, request: c.Request, command: c.WithdrawTestimony, now: str) -> Decision:
    refused = refuse(state, request.actor, command.testimony, now) or too_long(command.reason, "reason", SHORT)
    if refused:
        return refused
    testimony = state.testimonies[command.testimony]
    targets = (testimony.entry, *(x.entry for x in _excerpts(state, testimony.number) if not _is_gone(state, x)))
    return (
        e.TestimonyRevised(
            testimony.number, Revision.WITHDRAWAL, tuple(sorted(targets)), reason=one_line(command.reason)
        ),
    )


def _excerpts(state: State, testimony: int) -> list[Excerpt]:
    return [excerpt for excerpt in state.excerpts.values() if excerpt.testimony == testimony]


def _is_gone(state: State, excerpt: Excerpt) -> bool:
    return absence(state, excerpt.entry) == "redacted"


def on_revised(state: State, r: e.Recorded, event: e.TestimonyRevised) -> State:
    """The content is gone; unless the testimony was withdrawn, the next entry says it anew."""
    before = state.testimonies[event.testimony]
    withheld = {index: why for index, why in state.withheld.items() if index not in event.targets}
    withheld |= dict.fromkeys(event.entries, "pending")
    state = replace(state, withheld=withheld, redacted={**state.redacted, **dict.fromkeys(event.targets, 0)})
    aged = {x.number: replace(x, outdated=x.number in event.outdated) for x in _excerpts(state, before.number)}
    state = replace(state, excerpts={**state.excerpts, **aged})
    for index in event.targets:
        state = erased(state, index)
    status = "withdrawn" if event.act is Revision.WITHDRAWAL else "pending" if event.waits else before.status
    reason = event.reason if event.act is Revision.WITHDRAWAL else "" if event.waits else before.reason
    decided = "" if event.waits else before.decided
    left = replace(state.testimonies[before.number], status=status, reason=reason, decided=decided, revised=r.time)
    return replace(state, testimonies={**state.testimonies, before.number: left})


def on_restated(state: State, r: e.Recorded, event: e.TestimonyRestated | None) -> State:
    """`event` is None where its content is withheld, or erased since."""
    number = ids.split(r.document)[1]
    said = event or e.TestimonyRestated(number, "", "", "", Channel.WEB, Speaker())
    testimony = replace(
        state.testimonies[number],
        title=said.title,
        text=said.text,
        video=said.video,
        channel=said.channel,
        speaker=said.speaker,
        theme=said.theme,
        entry=r.index,
    )
    withheld = state.withheld
    if testimony.status != "published":
        withheld = {**withheld, r.index: testimony.status}
    quotes = {x.number: _placed_anew(x, said) for x in _excerpts(state, number)} if event else {}
    return replace(
        state,
        testimonies={**state.testimonies, number: testimony},
        excerpts={**state.excerpts, **quotes},
        withheld=withheld,
    )


def _placed_anew(excerpt: Excerpt, said: e.TestimonyRestated) -> Excerpt:
    """The excerpt at the place where the testimony says it now (T24)."""
    if excerpt.outdated or excerpt.medium != "text" or not excerpt.quote:
        return excerpt
    if said.text[excerpt.start : excerpt.end] == excerpt.quote:
        return excerpt
    start = max(0, said.text.find(excerpt.quote))
    return replace(excerpt, start=start, end=start + len(excerpt.quote))


DECIDE: Rules = {
    c.ChangeNaming: change_naming,
    c.CorrectTestimony: correct,
    c.WithdrawTestimony: withdraw,
}
EVOLVE: Folds = {
    e.TestimonyRevised: on_revised,
    e.TestimonyRestated: on_restated,
}
