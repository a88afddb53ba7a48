"""The PDF of a single motion, on one page if it fits."""

from __future__ import annotations

from deliberation.kernel.state import Motion
from exports import labels, motion_text
from exports.dossier import Dossier
from exports.papers import content
from exports.papers.compiling import compiled
from exports.papers.content import Json
from exports.translations import Translator
from exports.typography import french


def as_pdf(dossier: Dossier, words: Translator, motion: Motion) -> bytes:
    """The PDF, with headings and labels in the translator's language; the text of the motion is French."""
    return compiled("motion", _data(dossier, words, motion), content.time_of(dossier))


def _data(dossier: Dossier, words: Translator, motion: Motion) -> Json:
    title = motion_text.standing(motion)[0]
    return content.head(dossier, words, french(title)) | {
        "status": words(labels.MOTION_STATUSES[motion.status]),
        "decision": decision(dossier, words, motion),
        "source": french(motion_text.proposal(dossier.state, words, motion)) if motion.source else "",
        "sections": content.clauses(dossier, words, motion),
        "notes": content.notes(dossier, words, motion),
        "notes_heading": words("Paroles citées"),
    }


def decision(dossier: Dossier, words: Translator, motion: Motion) -> str:
    """How and when the motion was decided, in words; "" before it is."""
    poll = dossier.state.polls.get(motion.decided_by or 0)
    if poll is None or poll.tally is None:
        return ""
    figures = words(
        "{yes} pour, {no} contre, {rest}",
        yes=words.number(poll.tally.in_favour),
        no=words.number(poll.tally.against),
        rest=words.many("{n} abstention", "{n} abstentions", poll.tally.abstain),
    )
    day = content.day(dossier, words)(poll.closed)
    return words("{day}, scrutin n° {n} : {figures}", day=day, n=poll.number, figures=figures)
