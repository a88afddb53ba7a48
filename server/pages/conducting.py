"""Conducting a sitting: the chair's bar, drawn from the table of the life cycle, and the acts that it sends."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from deliberation import chairing, ids, lifecycle
from deliberation import commands as c
from deliberation.errors import Refused
from deliberation.proposals import Proposal
from deliberation.state import Amendment, State
from deliberation.vocabulary import Outcome, Role
from server.pages import agenda, forms, labels, naming
from server.pages.amending import amendment_view
from server.pages.rendering import confirmed, status_of, submit
from server.pages.visit import Visit
from server.translations import Words

REVERTIBLE_SHOWN = 20


def conducts(visit: Visit) -> bool:
    """Whether this person runs the sitting: an organiser, or the élu who presides."""
    return visit.may(c.CallSubject)


def bar(visit: Visit, form: forms.Form) -> dict[str, Any]:
    """All that may be done now, and what the software proposes."""
    state, words = visit.state, visit.words
    debates = agenda.debates(state)
    places = [place for debate in debates.values() for place in debate.places]
    following = agenda.following(state, words, 1)
    return {
        "next": following[0] if following else None,
        "floor": [_item(visit, state.amendments[n], form) for n in lifecycle.on_floor(state)],
        "motion": _motion(state),
        "polls": [poll for poll in state.polls.values() if poll.is_open],
        "proposals": [_proposal(state, words, x, form) for debate in debates.values() for x in debate.proposals],
        "joinable": [group for debate in debates.values() for group in debate.joinable],
        "pending": [(str(x.amendment.number), words("Amendement n° {n}", n=x.amendment.number)) for x in places],
        "revertible": _revertible(visit, form),
        "elus": _elus(state, words) if visit.may(c.OpenSitting) else [],
        "reserve_form": _own(form, "reserver"),
        "order_form": _own(form, "ordre"),
        "sitting_form": _own(form, "presider", "seance-ouvrir"),
        "settle_form": _own(form, "fixer"),
    }


def _own(form: forms.Form, *acts: str) -> forms.Form:
    """The form as typed if it was for one of these acts, else an empty one."""
    return form if form.get("acte") in acts else forms.Form()


def _item(visit: Visit, amendment: Amendment, form: forms.Form) -> dict[str, Any]:
    """An amendment on the floor with the acts that the table allows."""
    allowed = lifecycle.allowed(visit.state, visit.actor, amendment)
    outcomes = [(key, visit.words(labels.AMENDMENT_STATUSES[key])) for key in allowed.get(c.SettleAmendment, ())]
    return {
        "a": amendment,
        "document": ids.document(ids.AMENDMENT, amendment.number),
        "stage": lifecycle.stage(visit.state, amendment),
        "acts": {act.name for act in allowed},
        "outcomes": outcomes,
        "adopted": [("", visit.words("Aucun")), *_adopted(visit.state, visit.words, amendment)],
        "form": form if form.integer("amendment") == amendment.number else forms.Form(),
    }


def _adopted(state: State, words: Words, amendment: Amendment) -> list[tuple[str, str]]:
    """The amendments that another outcome may be due to."""
    found = (a for a in state.amendments.values() if a.motion == amendment.motion and a.outcome is not None)
    return [(str(a.number), words("Amendement n° {n}", n=a.number)) for a in found if a != amendment]


def _motion(state: State) -> dict[str, Any] | None:
    """The motion whose amendments all have their outcome, ready for the vote on the whole."""
    waiting = {a.motion for a in state.amendments.values() if a.outcome is None}
    voting = {poll.subject for poll in state.polls.values() if poll.is_open}
    for motion in state.motions.values():
        document = ids.document(ids.MOTION, motion.number)
        if motion.status == "frozen" and motion.number not in waiting and document not in voting:
            return {"motion": motion, "document": document, "called": state.floor == document}
    return None


def _proposal(state: State, words: Words, proposal: Proposal, form: forms.Form) -> dict[str, Any]:
    """A proposed outcome with what both amendments change; the reason can be edited before it is confirmed."""
    typed = form.integer("amendment") == proposal.amendment and form.get("acte") in ("fixer", "maintenir")
    return {
        "proposal": proposal,
        "mine": amendment_view(state, words, state.amendments[proposal.amendment]),
        "cause": amendment_view(state, words, state.amendments[proposal.because_of]),
        "outcome": words(labels.AMENDMENT_STATUSES[proposal.outcome.value]),
        "why": agenda.said(words, proposal.why),
        "reason": str(proposal.why),
        "form": form if typed else forms.Form(),
    }


def _revertible(visit: Visit, form: forms.Form) -> list[dict[str, Any]]:
    """The acts that can still be reverted, latest first."""
    state = visit.state
    found = [act for act in reversed(list(state.acts.values())) if act.kind in chairing.REVERTIBLE]
    standing = [act for act in found if chairing.refuse_reverting(state, act) is None]
    return [
        {
            "act": act,
            "name": visit.words(labels.CHAIR_ACTS[act.kind]),
            "about": ", ".join(visit.words("n° {n}", n=n) for n in act.amendments),
            "form": form if form.integer("entry") == act.entry else forms.Form(),
        }
        for act in standing[:REVERTIBLE_SHOWN]
    ]


def _elus(state: State, words: Words) -> list[tuple[str, str]]:
    found = [p for p in state.people.values() if p.role is Role.ELU and not p.revoked]
    return [
        ("", words("Personne : l’organisation conduit seule")),
        *((p.id, naming.name_of(state, words, p.id)) for p in found),
    ]


async def perform(visit: Visit, form: forms.Form) -> Response | tuple[Refused, int]:
    """Sends what the form asks for: back to the sitting with its receipt, or the refusal and its status."""
    done: Any = None
    for command in _commands(visit, form):
        outcome = await submit(visit, form, command)
        if isinstance(outcome, Refused):
            return outcome, status_of(outcome)
        done = outcome
    if done is None:
        refused = Refused("form.malformed", forms.MALFORMED, "acte")
        return refused, status_of(refused)
    return confirmed(done, visit.url("seance#conduite"))


def _commands(visit: Visit, form: forms.Form) -> list[c.Command | Refused]:
    """One command, or one for each proposal that is confirmed at once."""
    if form.get("acte") == "confirmer":
        asked = {(x.amendment, x) for debate in agenda.debates(visit.state).values() for x in debate.proposals}
        return [_confirmation(x) for n, x in sorted(asked, key=lambda pair: pair[0]) if form.get(f"tombe-{n}") == "oui"]
    made = _made(form)
    return [form.command(made[0], **made[1])] if made else []


def _confirmation(proposal: Proposal) -> c.SettleAmendment:
    return c.SettleAmendment(proposal.amendment, proposal.outcome, str(proposal.why), proposal.because_of)


def _made(form: forms.Form) -> tuple[type[c.Command], dict[str, Any]] | None:
    """The kind of command and its data."""
    amendment, reason = form.integer("amendment") or 0, form.get("reason")
    made: dict[str, tuple[type[c.Command], dict[str, Any]]] = {
        "appeler": (c.CallSubject, {"subject": form.get("subject")}),
        "ouvrir": (c.OpenPoll, {"subject": form.get("subject"), "question": ""}),
        "clore": (c.ClosePoll, {"poll": form.integer("poll") or 0}),
        "admettre": (c.AdmitAmendment, {"amendment": amendment}),
        "fixer": (
            c.SettleAmendment,
            {
                "amendment": amendment,
                "outcome": form.get("outcome", Outcome.FALLEN.value),
                "reason": reason,
                "because_of": form.integer("because_of"),
            },
        ),
        "reserver": (c.ReserveAmendment, {"amendment": amendment, "reason": reason, "after": form.integer("after")}),
        "maintenir": (
            c.KeepAmendment,
            {"amendment": amendment, "because_of": form.integer("because_of") or 0, "reason": reason},
        ),
        "ordre": (c.ChangeOrder, {"amendment": amendment, "reason": reason, "before": form.integer("before")}),
        "reunir": (c.JoinDiscussion, {"amendments": _numbers(form.get("amendments")), "reason": reason}),
        "rapporter": (
            c.RevertAct,
            {"entry": -1 if form.integer("entry") is None else form.integer("entry"), "reason": reason},
        ),
        "seance-ouvrir": (c.OpenSitting, {"chair": form.get("chair")}),
        "seance-lever": (c.CloseSitting, {"sitting": form.integer("sitting") or 0}),
        "presider": (c.DesignateChair, {"chair": form.get("chair")}),
    }
    return made.get(form.get("acte"))


def _numbers(typed: str) -> list[int]:
    """Numbers with commas between them."""
    return [int(x) for x in typed.split(",") if x.strip().isascii() and x.strip().isdecimal() and len(x) < 10]
