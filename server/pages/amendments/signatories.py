"""Who signs an amendment beside its author, and whether they are enough (A24)."""

from __future__ import annotations

from dataclasses import dataclass

from deliberation.amendments import lifecycle, signatures
from deliberation.kernel import commands as c
from deliberation.kernel.errors import Refused
from deliberation.kernel.state import Amendment, State
from exports.translations import Translator
from server.pages.shell.visit import Visit


@dataclass(frozen=True)
class Supporters:
    """`needed` is 0 if the congress requires no signatures; `act` is what the visitor may do: sign, unsign or "".

    `progress` and `lacking` are sentences; the latter is "" if there are enough.
    """

    signed: tuple[str, ...]
    needed: int
    progress: str
    lacking: str
    act: str


def supporters(visit: Visit, amendment: Amendment) -> Supporters:
    state, words = visit.state, visit.words
    needed = visit.settings.cosignatures
    return Supporters(
        amendment.signatures,
        needed,
        progress(words, len(amendment.signatures), needed),
        lacking(state, words, amendment),
        _act(visit, amendment),
    )


def progress(words: Translator, have: int, needed: int) -> str:
    """Such as « 3 sur 5 cosignataires »."""
    if needed:
        return words.many("{have} sur {n} cosignataire", "{have} sur {n} cosignataires", needed, have=have)
    return words.many("{n} cosignataire", "{n} cosignataires", have)


def lacking(state: State, words: Translator, amendment: Amendment) -> str:
    """Why it cannot be examined for lack of signatures; "" if there are enough or it has its outcome."""
    lacks = signatures.missing(state, amendment) if amendment.outcome is None else 0
    if not lacks:
        return ""
    return words.many(
        "Il manque {n} cosignataire : il n’est pas encore recevable, et ne peut être ni appelé ni mis aux voix.",
        "Il manque {n} cosignataires : il n’est pas encore recevable, et ne peut être ni appelé ni mis aux voix.",
        lacks,
    )


def _act(visit: Visit, amendment: Amendment) -> str:
    if not visit.may(c.SignAmendment) or amendment.author == visit.actor:
        return ""
    if isinstance(lifecycle.in_hand(visit.state, amendment.number), Refused):
        return ""
    return "unsign" if visit.actor in amendment.signatures else "sign"
