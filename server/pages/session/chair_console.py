"""The chair's console: acts offered according to the table of the life cycle, and the commands that they send."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from starlette.responses import Response

from deliberation import offers, seen
from deliberation.amendments import alike, chairing, lifecycle
from deliberation.amendments.order import PlaceInOrder
from deliberation.amendments.proposals import ProposedOutcome
from deliberation.kernel import commands as c
from deliberation.kernel import ids
from deliberation.kernel.errors import Refused
from deliberation.kernel.plain_text import is_blank, number_in
from deliberation.kernel.state import Amendment, Person, Poll, State
from deliberation.kernel.vocabulary import Outcome, Role
from deliberation.session.attendance import keeps_list
from deliberation.visibility.views import progress
from deliberation.votes import hands, slips
from deliberation.votes.secret import GROUNDS
from deliberation.votes.ways import may_count
from deliberation.votes.ways import of as way_of
from exports import labels, naming
from exports.translations import N_, Translator
from server.pages.amendments.amendment_changes import amendment_view
from server.pages.organisation.poll_opening import attending, clocks, open_command
from server.pages.session import agenda, screen, speakers
from server.pages.shell import forms, local_times
from server.pages.shell.rendering import confirmed, status_of, submit
from server.pages.shell.visit import Visit
from server.pages.votes.polls import hands_of
from server.pages.votes.ways import choices

PROPOSED_ANEW = N_(
    "Depuis que cette page a été affichée, les sorts proposés ont changé. Ceux d’à présent sont montrés : rien n’est "
    "encore constaté."
)
REVERTIBLE_SHOWN = 8
PROPOSALS_SHOWN = 5
MOST_LISTED = 40
"""Number of choices beyond which a number or a name is typed: a longer list is slow on a phone, and heavy."""


def conducts(visit: Visit) -> bool:
    """Whether the visitor conducts the sitting: an organiser, or the élu who presides."""
    return visit.may(c.CallSubject)


def bar(visit: Visit, form: forms.Form) -> dict[str, Any]:
    """The context of the console: all acts that are possible now, and proposals."""
    state, words = visit.state, visit.words
    debates = agenda.debates(state)
    places = [place for debate in debates.values() for place in debate.places]
    proposals = [x for debate in debates.values() for x in debate.proposals if _accepts(visit, _confirmation(x))]
    joinable = (group for debate in debates.values() for group in debate.joinable)
    chosen = _chosen(visit, form)
    deputy = state.sitting.deputy if state.sitting else ""
    following = next((x for x in agenda.following(state, words, MOST_LISTED) if _may_call(visit, x.a)), None)
    return {
        "speakers": speakers.chair_view(visit) if state.sitting else None,
        "next": following,
        "next_discussion": _discussion(visit, following) if following else 0,
        "floor": [_item(visit, state.amendments[n], form) for n in _at_hand(state, chosen)],
        "chosen": chosen,
        "motion": _motion(visit),
        "polls": [_poll(visit, poll, form) for poll in _conducted(state)],
        "proposals": [_proposal(state, words, x, form) for x in proposals[:PROPOSALS_SHOWN]],
        "alike": [x for n in debates for x in alike.proposals(state, n) if _accepts(visit, c.DeclareIdentical(x))],
        "proposed": [_proposal_token(x) for x in proposals],
        "proposed_documents": [ids.document(ids.AMENDMENT, x.amendment) for x in proposals],
        "joinable": [x for x in joinable if _accepts(visit, c.JoinDiscussion(x))][:PROPOSALS_SHOWN],
        "callable": [] if len(places) > MOST_LISTED else _choices(words, _callable(visit, places)),
        "pending": _listed(_choices(words, (x.amendment for x in places))),
        "pending_documents": [ids.document(ids.AMENDMENT, x.amendment.number) for x in places],
        "waiting": len(places),
        "revertible": _revertible(visit, form),
        "elus": _people(state, words, Role.ELU) if visit.may(c.NameDeputy) else [],
        "deputies": [each for each in _people(state, words, Role.ELU) if each[0] not in (state.chair, deputy)],
        "deputy_form": _own(form, "suppleer"),
        "tellers": _people(state, words),
        "ways": choices(words),
        "clocks": clocks(words),
        "grounds": [("", "—"), *((key, words(labels.GROUNDS_OF_SECRECY[key])) for key in GROUNDS)],
        "opinions": [(key, words(label)) for key, label in labels.OPINIONS.items()],
        "call_form": _own(form, "appeler"),
        "order_form": _own(form, "ordre"),
        "join_form": _own(form, "reunir"),
        "screen": screen.choices(visit),
        "screen_form": _own(form, "ecran"),
        "pause_form": _own(form, "seance-suspendre"),
        "camera_form": _own(form, "huis-clos", "publier-seance"),
        "sitting_form": _own(form, "presider", "seance-ouvrir"),
        "opening_form": _own(form, "ouvrir"),
        "lists": _counts_present(visit),
        "asks_present": _counts_present(visit) and not keeps_list(state),
    }


def _discussion(visit: Visit, line: agenda.AgendaLine) -> int:
    """The joint discussion that may be called instead of the amendment alone; 0 for none."""
    subject = ids.document(ids.DISCUSSION, line.discussion)
    return line.discussion if line.discussion and _accepts(visit, c.CallSubject(subject)) else 0


def _counts_present(visit: Visit) -> bool:
    """Whether the congress's rule counts those present, for a quorum or a majority."""
    rule = visit.settings.rule
    return bool(rule.quorum_n) or rule.base == "presents"


def _listed(choices: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The choices; [] if there are too many for a list."""
    return choices if len(choices) <= MOST_LISTED else []


def _choices(words: Translator, amendments: Iterable[Amendment]) -> list[tuple[str, str]]:
    return [(str(a.number), _called(words, a)) for a in amendments]


def _callable(visit: Visit, places: Iterable[PlaceInOrder]) -> Iterator[Amendment]:
    return (place.amendment for place in places if _may_call(visit, place.amendment))


def _may_call(visit: Visit, amendment: Amendment) -> bool:
    return _accepts(visit, c.CallSubject(ids.document(ids.AMENDMENT, amendment.number)))


def _accepts(visit: Visit, command: c.Command) -> bool:
    """Whether the rules would accept that command now."""
    return visit.refuses(command) is None


def _called(words: Translator, amendment: Amendment) -> str:
    return words("Amendement n° {n}", n=amendment.called)


def _chosen(visit: Visit, form: forms.Form) -> int:
    """The pending amendment on which the visitor wants to act although it is not called; 0 for none."""
    typed = form.get("agir") or visit.request.query_params.get("agir", "")
    number = number_in(typed, 7) or 0
    found = visit.state.amendments.get(number)
    return number if found and found.outcome is None else 0


def _at_hand(state: State, chosen: int) -> tuple[int, ...]:
    """The amendments to act on: the chosen one, then those that are called."""
    called = lifecycle.on_floor(state)
    return called if chosen in (0, *called) else (chosen, *called)


def _conducted(state: State) -> list[Poll]:
    """The open polls, one for each sheet."""
    return [poll for poll in state.polls.values() if poll.is_open and poll.sheet in (0, poll.number)]


def _poll(visit: Visit, poll: Poll, form: forms.Form) -> dict[str, Any]:
    """An open poll, how far it is, and which tellers still have to count."""
    far = progress(visit.state, poll)
    return {
        "poll": poll,
        "subject": naming.subject_title(visit.state, visit.words, poll.subject),
        "way": visit.words(way_of(poll).name.message),
        "voted": far.voted,
        "slips": len(slips.waiting(visit.state, poll)),
        "of": len(poll.electorate),
        "may_count": may_count(visit.state, poll, visit.actor),
        "own": poll.counts.get(visit.actor),
        "counted": len(far.counted),
        "awaited": [naming.name_of(visit.state, visit.words, x) for x in poll.terms.tellers if x not in far.counted],
        "differ": hands.differ(poll),
        "closes": way_of(poll).in_box or _accepts(visit, c.ClosePoll(poll.number)),
        "pauses": _accepts(visit, c.PausePoll(poll.number, offers.REASON)),
        "recounts": _accepts(visit, c.RecountHands(poll.number)),
        "form": form if form.integer("poll") == poll.number else forms.Form(),
    }


def _own(form: forms.Form, *acts: str) -> forms.Form:
    """The form as typed if it was for one of these acts, else an empty one."""
    return form if form.get("acte") in acts else forms.Form()


def _item(visit: Visit, amendment: Amendment, form: forms.Form) -> dict[str, Any]:
    """An amendment with the acts to be offered."""
    document = ids.document(ids.AMENDMENT, amendment.number)
    found = offers.on_amendment(visit.state, visit.actor, amendment, visit.now)
    settled = {**labels.SETTLED_WITHOUT_VOTE, Outcome.WITHDRAWN.value: labels.SAID_WITHDRAWN}
    ways = [key for key in settled if key in found.acts.get(c.SettleAmendment, ())]
    return {
        "a": amendment,
        "document": document,
        "stage": lifecycle.stage(visit.state, amendment),
        "acts": {act.name for act in found.acts},
        **_vote(found),
        "outcomes": [(key, visit.words(settled[key])) for key in ways],
        "adopted": [("", visit.words("Aucun")), *_adopted(visit.state, visit.words, amendment)],
        "afters": _afters(visit, amendment) if c.ReserveAmendment in found.acts else [],
        "advises": offers.advice(visit.state, visit.actor, amendment, visit.now),
        "form": form if form.integer("amendment") == amendment.number else forms.Form(),
        "vote_form": form if form.get("subject") == document else forms.Form(),
    }


def _vote(found: offers.Offers) -> dict[str, Any]:
    """What can be voted: the whole, parts, or a second call; or why nothing can."""
    free = c.OpenPoll in found.acts
    return {
        "whole": free and not found.parts and found.unvoted is None,
        "parts": found.parts,
        "second": found.second,
        "unvoted": None if free else found.unvoted,
    }


def _afters(visit: Visit, amendment: Amendment) -> list[tuple[str, str]]:
    """Amendments until whose outcome this one can be reserved, if they are few enough for a list."""
    waiting = [a for a in visit.state.amendments.values() if a.motion == amendment.motion and a.outcome is None]
    if len(waiting) > MOST_LISTED:
        return []
    commands = ((a, c.ReserveAmendment(amendment.number, offers.REASON, a.number)) for a in waiting)
    return _choices(visit.words, (a for a, command in commands if _accepts(visit, command)))


def _adopted(state: State, words: Translator, amendment: Amendment) -> list[tuple[str, str]]:
    """The adopted amendments that can be the cause of another's outcome."""
    found = (a for a in state.amendments.values() if a.motion == amendment.motion and a.outcome is not None)
    return [(str(a.number), words("Amendement n° {n}", n=a.number)) for a in found if a != amendment]


def _motion(visit: Visit) -> dict[str, Any] | None:
    """The motion whose amendments all have their outcome, if it can be called or put to the vote."""
    waiting = {a.motion for a in visit.state.amendments.values() if a.outcome is None}
    for motion in visit.state.motions.values():
        document = ids.document(ids.MOTION, motion.number)
        if motion.status != "frozen" or motion.number in waiting:
            continue
        vote = _vote(offers.on_vote(visit.state, visit.actor, document, visit.now))
        calls = _accepts(visit, c.CallSubject(document))
        if vote["whole"] or vote["parts"] or vote["second"]:
            called = visit.state.floor == document
            return {"motion": motion, "document": document, "called": called, "calls": calls, **vote}
    return None


def _proposal(state: State, words: Translator, proposal: ProposedOutcome, form: forms.Form) -> dict[str, Any]:
    """A proposed outcome with what both amendments change; the reason can be edited before it is confirmed."""
    typed = form.integer("amendment") == proposal.amendment and form.get("acte") in ("fixer", "maintenir")
    return {
        "proposal": proposal,
        "called": state.amendments[proposal.amendment].called,
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


def _people(state: State, words: Translator, *roles: Role) -> list[tuple[str, str]]:
    """Those who can be designated, by id; [] if they are too many for a list."""
    found = [p for p in state.people.values() if not p.revoked and (not roles or p.role in roles)]
    return _listed([(p.id, naming.name_of(state, words, p.id)) for p in found])


def _person(visit: Visit, typed: str) -> str:
    """The id of the person chosen or exactly named; the text as typed if that is nobody or several."""
    known = [p for p in visit.state.people.values() if not p.revoked and _is_named(visit, p, typed)]
    return known[0].id if len(known) == 1 else typed


def _is_named(visit: Visit, person: Person, typed: str) -> bool:
    wanted = " ".join(typed.split()).casefold()
    return wanted in (person.id, naming.name_of(visit.state, visit.words, person.id).casefold())


async def perform(visit: Visit, form: forms.Form) -> Response | tuple[Refused, int]:
    """Sends what the form asks for: a redirect to the sitting, or the refusal and its status."""
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
    """One command, or one for each confirmed proposal."""
    if form.get("acte") == "confirmer":
        return _confirmations(visit, form.get("amendments").split(","))
    if form.get("acte") == "ouvrir" and "way" in form.values:
        named = {name: _person(visit, form.get(name)) for name in ("teller1", "teller2") if form.get(name)}
        return [open_command(visit, replace(form, values={**form.values, **named}))]
    if form.get("acte") == "appeler" and form.get("hors") and is_blank(form.get("reason")):
        return [Refused("reason.missing", "Donnez la raison : elle est publique.", "reason")]
    parts = _command_parts(visit, form)
    return [form.command(parts[0], **parts[1])] if parts else []


def _confirmations(visit: Visit, asked: list[str]) -> list[c.Command | Refused]:
    """What is stated at once, all of it as the page proposed it."""
    proposals = (x for debate in agenda.debates(visit.state).values() for x in debate.proposals)
    proposed = {_proposal_token(x): x for x in proposals}
    if any(token not in proposed for token in asked):
        return [Refused(seen.CODE, PROPOSED_ANEW)]
    return [_confirmation(proposed[token]) for token in dict.fromkeys(asked)]


def _proposal_token(proposal: ProposedOutcome) -> str:
    """A proposed outcome as a form brings it back, such as `3:tombe:1`."""
    return f"{proposal.amendment}:{proposal.outcome.value}:{proposal.because_of}"


def _confirmation(proposal: ProposedOutcome) -> c.SettleAmendment:
    return c.SettleAmendment(proposal.amendment, proposal.outcome, str(proposal.why), proposal.because_of)


CommandParts = tuple[type[c.Command], dict[str, Any]]
"""The type of a command and its data."""


def _command_parts(visit: Visit, form: forms.Form) -> CommandParts | None:
    """The command for the act of that form; None for an unknown act."""
    amendment, reason = form.integer("amendment") or 0, form.get("reason")
    called = f"{ids.AMENDMENT}-{amendment}" if amendment else ""
    parts: dict[str, CommandParts] = {
        **_of_poll(form),
        **_of_sitting(visit, form),
        "appeler": (c.CallSubject, {"subject": form.get("subject") or called, "reason": reason}),
        "ouvrir": (c.OpenPoll, _opening(form)),
        "avis": (
            c.GiveOpinion,
            {"amendment": amendment, "opinion": form.get("opinion"), "comment": form.get("comment")},
        ),
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
        "identiques": (
            c.DeclareIdentical,
            {"amendments": listed_numbers(form.get("amendments")), "reason": reason},
        ),
        "reunir": (c.JoinDiscussion, {"amendments": listed_numbers(form.get("amendments")), "reason": reason}),
        "rapporter": (
            c.RevertAct,
            {"entry": -1 if form.integer("entry") is None else form.integer("entry"), "reason": reason},
        ),
    }
    return parts.get(form.get("acte"))


def _opening(form: forms.Form) -> dict[str, Any]:
    """The data to open a poll in the usual way; for a part of a divided subject, or as a second call."""
    second, part = form.integer("second_call_of") or 0, form.integer("part") or 0
    return {
        "subject": form.get("subject"),
        "question": "",
        "second_call_of": second,
        "part": part,
        "attending": attending(form),
    }


def _of_poll(form: forms.Form) -> dict[str, CommandParts]:
    poll, reason = form.integer("poll") or 0, form.get("reason")
    return {
        "clore": (c.ClosePoll, {"poll": poll}),
        "suspendre": (c.PausePoll, {"poll": poll, "reason": reason}),
        "reprendre": (c.ResumePoll, {"poll": poll}),
        "annuler": (c.CancelPoll, {"poll": poll, "reason": reason}),
        "compter": (c.EnterHands, {"poll": poll, "hands": hands_of(form)}),
        "recompter": (c.RecountHands, {"poll": poll}),
    }


def _of_sitting(visit: Visit, form: forms.Form) -> dict[str, CommandParts]:
    sitting, chair = form.integer("sitting") or 0, _person(visit, form.get("chair"))
    return {
        "ecran": (c.ShowOnScreen, screen.asked(form)),
        "seance-ouvrir": (c.OpenSitting, {"chair": chair, "attendance": form.get("attendance") == "oui"}),
        "seance-suspendre": (c.SuspendSitting, {"sitting": sitting, "reason": form.get("reason")}),
        "seance-reprendre": (c.ResumeSitting, {"sitting": sitting}),
        "seance-lever": (c.CloseSitting, {"sitting": sitting}),
        "huis-clos": (c.MeetInCamera, {"sitting": sitting, "until": _until(visit, form), "reason": form.get("reason")}),
        "publier-seance": (c.PublishSitting, {"reason": form.get("reason")}),
        "presider": (c.DesignateChair, {"chair": chair}),
        "suppleer": (c.NameDeputy, {"deputy": _person(visit, form.get("deputy"))}),
        "prendre-presidence": (c.TakeChair, {}),
    }


def _until(visit: Visit, form: forms.Form) -> str:
    """The instant typed; "" for none, or for what is no date."""
    try:
        return local_times.from_field(form.get("until"), visit.timezone) or ""
    except local_times.UnreadableDate:
        return ""


def listed_numbers(typed: str) -> list[int]:
    """Numbers with commas or spaces between them."""
    return [number for each in typed.replace(",", " ").split() if (number := number_in(each)) is not None]
