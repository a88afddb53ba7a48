"""Co-signatories: élus who support an amendment that another tabled (A24)."""

from __future__ import annotations

from dataclasses import replace

from deliberation.amendments import lifecycle
from deliberation.kernel import commands as c
from deliberation.kernel import events as e
from deliberation.kernel.errors import Refused
from deliberation.kernel.rules import Decision, Folds, Rules
from deliberation.kernel.state import Amendment, State


def missing(state: State, amendment: Amendment) -> int:
    """How many signatures an amendment still needs; its author's does not count."""
    needed = state.settings.cosignatures if state.settings else 0
    return max(needed - len(amendment.signatures), 0)


def refuse_unsupported(state: State, amendment: Amendment) -> Refused | None:
    """The refusal to examine an amendment that has too few signatures; None if it has enough."""
    lacking = missing(state, amendment)
    if not lacking:
        return None
    return Refused(
        "amendment.unsupported",
        "Il manque des cosignataires à l’amendement n° {number} : {have} sur {needed}.",
        params={
            "number": amendment.number,
            "have": len(amendment.signatures),
            "needed": len(amendment.signatures) + lacking,
        },
    )


def sign(state: State, request: c.Request, command: c.SignAmendment, now: str) -> Decision:
    amendment = lifecycle.in_hand(state, command.amendment)
    if isinstance(amendment, Refused):
        return amendment
    if request.actor == amendment.author:
        return Refused("signature.author", "Vous en êtes l’auteur : votre nom y est déjà.")
    if request.actor in amendment.signatures:
        return Refused("signature.given", "Vous l’avez déjà cosigné.")
    return (e.AmendmentSigned(amendment.number),)


def unsign(state: State, request: c.Request, command: c.UnsignAmendment, now: str) -> Decision:
    amendment = lifecycle.in_hand(state, command.amendment)
    if isinstance(amendment, Refused):
        return amendment
    if request.actor not in amendment.signatures:
        return Refused("signature.none", "Vous ne l’avez pas cosigné.")
    return (e.AmendmentUnsigned(amendment.number),)


def on_signed(state: State, r: e.Recorded, event: e.AmendmentSigned) -> State:
    amendment = state.amendments[event.amendment]
    return _with(state, replace(amendment, signatures=(*amendment.signatures, r.actor)))


def on_unsigned(state: State, r: e.Recorded, event: e.AmendmentUnsigned) -> State:
    amendment = state.amendments[event.amendment]
    return _with(state, replace(amendment, signatures=tuple(x for x in amendment.signatures if x != r.actor)))


def _with(state: State, amendment: Amendment) -> State:
    return replace(state, amendments={**state.amendments, amendment.number: amendment})


DECIDE: Rules = {c.SignAmendment: sign, c.UnsignAmendment: unsign}
EVOLVE: Folds = {e.AmendmentSigned: on_signed, e.AmendmentUnsigned: on_unsigned}
