"""The dispositif of an amendment (the sentence that says what it changes, A30), and a short form of it for titles."""

from __future__ import annotations

import re
from dataclasses import replace

from deliberation.amendments.dispositif import naming, writing
from deliberation.amendments.dispositif.forms import SENTENCE, EditAct, InstructionStep
from deliberation.kernel import events as e
from deliberation.kernel.state import Amendment, Frozen, State
from deliberation.thread.thread import CITATION
from exports.shortening import shorten
from exports.translations import Translator

LIMIT = 48
"""The most characters shown of each of the two wordings in a short form."""
_FIGURE = re.compile(
    r"\d[\d\u00a0\u202f.,]*|un|une|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|quinze|vingt|trente|cent|mille"
)
_NEXT_WORD = re.compile(r"[ \u00a0\u202f](\w+)")
_SIGNS = re.compile(r"\*+|\\(?=[^\w\s])")


def dispositif(state: State, amendment: Amendment) -> str:
    """The sentence that says what an amendment changes; "" if its author gave an instruction without exact words."""
    return writing.written(amendment, _base(state, amendment), state.amendments.get(amendment.parent or 0))


def _steps(state: State, amendment: Amendment) -> tuple[InstructionStep, ...]:
    return writing.steps_of(amendment, _base(state, amendment), state.amendments.get(amendment.parent or 0))


def _base(state: State, amendment: Amendment) -> Frozen:
    return state.motions[amendment.motion].frozen[amendment.aimed - 1]


def as_written(state: State, event: e.AmendmentTabled | e.AmendmentWorded | e.AmendmentRectified) -> str:
    """The dispositif for the words that an entry gives an amendment, which may have been changed since; "" if the
    amendment is unknown.
    """
    known = state.amendments.get(event.amendment)
    if known is None:
        return ""
    given = replace(known, text=event.text, spans=event.spans, own=None, amended_by=())
    if isinstance(event, e.AmendmentTabled):
        given = replace(given, aim=event.aim, clause=event.clause, further=event.further)
    if not isinstance(event, e.AmendmentWorded):
        given = replace(given, after=event.after, new_kind=event.new_kind)
    if isinstance(event, e.AmendmentRectified) and event.edits:
        first, *further = event.edits
        given = replace(given, aim=first.aim, clause=first.clause, further=tuple(further))
    return dispositif(state, given)


def in_short(state: State, words: Translator, amendment: Amendment) -> str:
    """The changed words, such as « trois → quatre jours »; "" for an amendment to a passage as a whole."""
    steps = _steps(state, amendment)
    if not steps or steps[0].act in (EditAct.MOVE,) or steps[0].unit in naming.KINDS:
        return ""
    greatest = max(steps, key=lambda step: len(step.words) + len(step.new))
    said = _step(words, greatest, _old(state, amendment))
    if len(steps) == 1:
        return said
    others = len(steps) - 1
    return words.many("{change} (et {n} autre changement)", "{change} (et {n} autres changements)", others, change=said)


def _old(state: State, amendment: Amendment) -> str:
    """The text that an amendment with one edit modifies."""
    parent = state.amendments.get(amendment.parent or 0)
    if parent is not None:
        return parent.edit_at(amendment.edit_rank).wording.text
    base = _base(state, amendment)
    return next((x.markdown for x in base.clauses if x.id == amendment.clause), base.title)


def _step(words: Translator, step: InstructionStep, old: str) -> str:
    gone, come = _brief(step.words), _brief(step.new)
    if step.act is EditAct.REPLACE:
        counted = _counted(step, old)
        return f"{gone} → {come} {counted}" if counted else f"{gone} → {come}"
    if step.act is EditAct.STRIKE:
        return words("supprimer « {words} »", words=gone)
    if step.act in (EditAct.INSERT, EditAct.COMPLETE, EditAct.BEGIN, EditAct.ADD):
        return words("ajouter « {words} »", words=come)
    if step.act is EditAct.DELETE:
        return words("supprimer une phrase") if step.place.unit == SENTENCE else words("supprimer un alinéa")
    return words("nouvelle rédaction")


def _brief(said: str) -> str:
    """The words without Markdown, citations and surrounding punctuation, cut to `LIMIT`."""
    words = " ".join(_SIGNS.sub("", CITATION.sub("", said)).split())
    return shorten(words.strip(" ,;.") or words, LIMIT)


def _counted(step: InstructionStep, old: str) -> str:
    """The word after a number that is replaced by another one, such as « jours » in « trois → quatre jours »; "" for
    other changes.
    """
    if not (_FIGURE.fullmatch(step.words) and _FIGURE.fullmatch(step.new)):
        return ""
    found = _NEXT_WORD.match(old, old.find(step.words) + len(step.words))
    return found[1] if found else ""
