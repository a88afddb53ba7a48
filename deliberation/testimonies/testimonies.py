"""Testimonies: submitting, moderating, and quoting excerpts (T1–T8)."""

from __future__ import annotations

import re
from dataclasses import replace

from deliberation.congress.congress import LONG, SHORT, refuse_phase, refuse_reason, too_long
from deliberation.congress.people import ANYONE, role_of
from deliberation.kernel import commands as c
from deliberation.kernel import events as e
from deliberation.kernel import ids
from deliberation.kernel.errors import Refused
from deliberation.kernel.plain_text import cleaned, is_blank, one_line, readable
from deliberation.kernel.rules import Decision, Folds, Rules
from deliberation.kernel.state import Excerpt, State, Testimony
from deliberation.kernel.territory import Naming, kind_alone
from deliberation.kernel.vocabulary import Channel, Phase, Role, Speaker

URL = re.compile(r"https?://[^\s<>\"'`\\]{3,2000}")

TRANSITIONS: dict[type[c.Command], tuple[frozenset[str], str]] = {
    c.PublishTestimony: (frozenset({"pending", "set_aside"}), "published"),
    c.SetAsideTestimony: (frozenset({"pending", "published"}), "set_aside"),
    c.HideTestimony: (frozenset({"published"}), "hidden"),
    c.RestoreTestimony: (frozenset({"hidden"}), "published"),
}
"""For each act of moderation: the statuses from which it is allowed, and the one that it leads to. Pages draw their
buttons from it.
"""

MODERATED: dict[type[c.Command], type[e.TestimonySetAside | e.TestimonyHidden | e.TestimonyRestored]] = {
    c.SetAsideTestimony: e.TestimonySetAside,
    c.HideTestimony: e.TestimonyHidden,
    c.RestoreTestimony: e.TestimonyRestored,
}


def submit(state: State, request: c.Request, command: c.SubmitTestimony, now: str) -> Decision:
    assert state.settings is not None
    role = role_of(state, request.actor)
    if role == ANYONE and not state.settings.visitors_may_testify:
        return Refused("testimony.members_only", "Ici, seuls les membres du congrès témoignent : connectez-vous.")
    closed = None if request.actor == ids.CONGRESS else refuse_phase(state, now, Phase.COLLECT)
    refused = closed or refuse_content(command, command.speaker)
    if refused:
        return refused
    submitted = e.TestimonySubmitted(
        testimony=len(state.testimonies) + 1,
        title=one_line(command.title),
        text=command.text.strip(),
        video=command.video.strip(),
        channel=Channel.WEB if role == ANYONE else command.channel,
        speaker=_speaker(role, command),
        theme=one_line(command.theme),
    )
    return (submitted,)


def _speaker(role: str, command: c.SubmitTestimony) -> Speaker:
    """The speaker to record with a testimony: empty for an élu, who testifies as the author; of anybody else, as much
    as they agreed to (T3, T20).
    """
    naming = command.naming or (Naming.NAME if command.consent else Naming.KIND)
    return Speaker() if role == Role.ELU else as_agreed(command.speaker, naming)


def as_agreed(said: Speaker, naming: Naming) -> Speaker:
    """As much of what was said of a speaker as they agreed to (T20)."""
    if naming is Naming.ANONYMOUS:
        return Speaker()
    if naming is Naming.KIND:
        return Speaker(territory=kind_alone(said.territory)) if said.territory else Speaker()
    name, mandate, collectivity, code = map(one_line, (said.name, said.mandate, said.collectivity, said.code))
    return Speaker(name if naming is Naming.NAME else "", mandate, collectivity, code, said.territory)


def refuse_content(command: c.SubmitTestimony | c.CorrectTestimony, said: Speaker) -> Refused | None:
    """Why that cannot be what a testimony says, as the words of that speaker; or None (T2)."""
    if is_blank(command.text) and not command.video.strip():
        return Refused("testimony.empty", "Écrivez un témoignage ou donnez le lien d’une vidéo.", "text")
    if command.video.strip() and not URL.fullmatch(command.video.strip()):
        return Refused("testimony.bad_video", "Le lien de la vidéo doit commencer par https:// ou http://.", "video")
    short = (
        ("title", command.title),
        ("theme", command.theme),
        ("speaker_name", said.name),
        ("speaker_mandate", said.mandate),
        ("speaker_collectivity", said.collectivity),
        ("speaker_code", said.code),
    )
    found = (refused for field, value in short if (refused := too_long(value, field, SHORT)))
    return next(found, None) or too_long(command.text, "text", LONG)


def moderate(state: State, request: c.Request, command: c.Command, now: str) -> Decision:
    """Publishes, sets aside, hides or restores a testimony; all but publishing need a public reason (T4, T5)."""
    assert isinstance(command, tuple(TRANSITIONS))
    number: int = command.testimony  # type: ignore[attr-defined]
    testimony = state.testimonies.get(number)
    if testimony is None:
        return not_found()
    sources, _ = TRANSITIONS[type(command)]
    if testimony.status not in sources:
        return Refused("testimony.wrong_status", "Ce témoignage a changé d’état entre-temps : relisez-le.")
    entries = (testimony.entry, *(x.entry for x in state.excerpts.values() if x.testimony == number))
    if isinstance(command, c.PublishTestimony):
        return (e.TestimonyPublished(number, entries),)
    reason: str = command.reason  # type: ignore[attr-defined]
    if refused := refuse_reason(reason):
        return refused
    return (MODERATED[type(command)](number, reason.strip(), entries),)


def quote(state: State, request: c.Request, command: c.QuoteExcerpt, now: str) -> Decision:
    """Quotes a passage of a published testimony word for word, or a section of its video, as an excerpt (T7, T8)."""
    testimony = state.testimonies.get(command.testimony)
    if testimony is None:
        return not_found()
    if testimony.status != "published":
        return Refused("excerpt.not_published", "On ne cite qu’un témoignage publié.")
    if refused := refuse_phase(state, now, Phase.MAPS, Phase.COLLECT, Phase.DRAFTING):
        return refused
    if state.awaits_erasing(testimony.entry):
        return Refused("redaction.pending", "Un caviardage est proposé ici : attendez qu’il soit décidé.")
    command = replace(command, quote=_as_recorded(testimony, command.quote))
    place = _place(testimony, command)
    if isinstance(place, Refused):
        return place
    start, end = place
    said = command.quote.strip() if command.medium == "video" else command.quote
    for known in state.excerpts.values():
        place_known = (known.testimony, known.medium, known.start, known.end)
        if place_known == (testimony.number, command.medium, start, end) and not known.outdated:
            return Refused(
                "excerpt.exists", "Ce passage est déjà cité : extrait {number}.", params={"number": known.number}
            )
    number = len(state.excerpts) + 1
    return (e.ExcerptQuoted(number, testimony.number, command.medium, start, end, said),)


def _as_recorded(testimony: Testimony, quote: str) -> str:
    """The quotation in the characters of the recorded testimony, which may contain some that are cleaned from texts
    today.
    """
    written = (cleaned(quote), readable(quote))
    return next((words for words in written if words in testimony.text), written[0])


def _place(testimony: Testimony, command: c.QuoteExcerpt) -> tuple[int, int] | Refused:
    if is_blank(command.quote):
        return Refused("excerpt.empty", "Choisissez le passage à citer.", "quote")
    if refused := too_long(command.quote, "quote", 2000):
        return refused
    if command.medium == "video":
        if not testimony.video or not 0 <= command.start < command.end <= 86_400:
            return Refused("excerpt.bad_range", "Ce passage de la vidéo n’existe pas.", "start")
        return command.start, command.end
    if command.medium != "text":
        return Refused("excerpt.bad_medium", "On cite un texte ou une vidéo.", "medium")
    anywhere = command.start == command.end == 0
    start = testimony.text.find(command.quote) if anywhere else command.start
    end = start + len(command.quote)
    if start < 0 or testimony.text[start:end] != command.quote or not (anywhere or command.end == end):
        return Refused("excerpt.not_verbatim", "Le passage doit être cité mot pour mot.", "quote")
    return start, end


def not_found() -> Refused:
    return Refused("testimony.not_found", "Ce témoignage n’existe pas.", "testimony")


def on_submitted(state: State, r: e.Recorded, event: e.TestimonySubmitted | None) -> State:
    number = ids.split(r.document)[1]
    said = event or e.TestimonySubmitted(number, "", "", "", Channel.WEB, Speaker())
    testimony = Testimony(
        number, r.actor, r.time, said.title, said.text, said.video, said.channel, said.speaker, said.theme, r.index
    )
    state = replace(state, withheld={**state.withheld, r.index: "pending"})
    return _with(state, testimony)


def on_published(state: State, r: e.Recorded, event: e.TestimonyPublished) -> State:
    return _moved(state, r, "published", "", event.entries)


def on_set_aside(state: State, r: e.Recorded, event: e.TestimonySetAside) -> State:
    return _moved(state, r, "set_aside", event.reason, event.entries)


def on_hidden(state: State, r: e.Recorded, event: e.TestimonyHidden) -> State:
    return _moved(state, r, "hidden", event.reason, event.entries)


def on_restored(state: State, r: e.Recorded, event: e.TestimonyRestored) -> State:
    return _moved(state, r, "published", event.reason, event.entries)


def _moved(state: State, r: e.Recorded, status: str, reason: str, entries: tuple[int, ...]) -> State:
    testimony = state.testimonies[ids.split(r.document)[1]]
    state = _with(state, replace(testimony, status=status, reason=reason, decided=r.time))
    withheld = {index: why for index, why in state.withheld.items() if index not in entries}
    if status != "published":
        withheld |= dict.fromkeys(entries, status)
    return replace(state, withheld=withheld)


def on_quoted(state: State, r: e.Recorded, event: e.ExcerptQuoted | None) -> State:
    number = ids.split(r.document)[1]
    said = event or e.ExcerptQuoted(number, 0, "", 0, 0, "")
    excerpt = Excerpt(number, said.testimony, said.medium, said.start, said.end, said.quote, r.actor, r.time, r.index)
    return replace(state, excerpts={**state.excerpts, number: excerpt})


def _with(state: State, testimony: Testimony) -> State:
    return replace(state, testimonies={**state.testimonies, testimony.number: testimony})


DECIDE: Rules = {
    c.SubmitTestimony: submit,
    c.PublishTestimony: moderate,
    c.SetAsideTestimony: moderate,
    c.HideTestimony: moderate,
    c.RestoreTestimony: moderate,
    c.QuoteExcerpt: quote,
}
EVOLVE: Folds = {
    e.TestimonySubmitted: on_submitted,
    e.TestimonyPublished: on_published,
    e.TestimonySetAside: on_set_aside,
    e.TestimonyHidden: on_hidden,
    e.TestimonyRestored: on_restored,
    e.ExcerptQuoted: on_quoted,
}
