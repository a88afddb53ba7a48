"""Polls: the list, each poll's page with its result, voting and conducting."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from deliberation.congress.congress import refuse_phase
from deliberation.kernel import commands as c
from deliberation.kernel import ids
from deliberation.kernel.errors import Refused
from deliberation.kernel.plain_text import number_in
from deliberation.kernel.state import Poll, State
from deliberation.kernel.vocabulary import Phase
from deliberation.visibility.views import progress
from deliberation.votes import elections as rules
from deliberation.votes.ways import of as way_of
from exports import ballots as ballot_figures
from exports import naming
from exports.breakdowns import electorate_tables
from exports.translations import N_, Translator
from server.pages.amendments.amendment_changes import amendment_view
from server.pages.organisation.organisers_only import conductor
from server.pages.record import entries
from server.pages.shell import forms
from server.pages.shell.rendering import confirmed, render, status_of, submit
from server.pages.shell.visit import Visit, arrive, number
from server.pages.votes import results, ways
from server.pages.votes.voter_screen import ballots, desk

ANSWERS = ("choix", "bulletin", "blanc", "nom-")
"""Names, or beginnings of names, of the fields with a ballot's answers."""

NOTHING_CHOSEN = Refused("ballot.no_choice", N_("Choisissez d’abord une réponse, puis confirmez."))

MOST_ACTS = 1_000
"""Entries about one poll that its page shows, besides ballots and signatures."""


async def polls(request: Request) -> Response:
    visit = await arrive(request)
    asked = number_in(request.query_params.get("motion", "")) or 0
    about = asked if asked in visit.state.motions else 0
    found_polls = [poll for poll in visit.state.polls.values() if not about or _motion_of(visit.state, poll) == about]
    listed = [_line(visit.state, visit.words, poll) for poll in reversed(found_polls)]
    opened = [view for view in listed if view["poll"].is_open]
    closed = [view for view in listed if not view["poll"].is_open]
    elections = [(x, ways.winners(visit.state, visit.words, x)) for x in visit.state.elections.values()]
    elsewhere = {} if about else {"elections": elections, "results": visit.state.results}
    shown = {"opened": opened, "closed": closed, "motion": visit.state.motions.get(about)}
    return render(visit, "polls.html", {"elections": (), "results": {}} | shown | elsewhere)


def _motion_of(state: State, poll: Poll) -> int:
    """The motion that a poll is about, by itself or by an amendment to it; 0 if none."""
    kind, number = naming.split(poll.subject)
    if kind == ids.AMENDMENT:
        return state.amendments[number].motion if number in state.amendments else 0
    return number if kind == ids.MOTION else 0


async def election(request: Request) -> Response:
    visit = await arrive(request)
    found = visit.state.elections.get(number(request))
    if found is None:
        raise HTTPException(404)
    rounds = [poll_view(visit.state, visit.words, visit.state.polls[n]) for n in found.rounds]
    rule = ballot_figures.election_rule(visit.words, found)
    record = await entries.about(visit, ids.document(ids.ELECTION, found.number))
    winners = ways.winners(visit.state, visit.words, found)
    shown = {"election": found, "rounds": rounds, "rule": rule, "record": record, "winners": winners}
    shown["stood"] = rules.stood(visit.state, found)
    shown |= ways.next_round(visit, found)
    return render(visit, "election.html", shown)


async def poll(request: Request) -> Response:
    visit = await arrive(request)
    return await _page(visit, _found(visit), forms.Form())


async def vote(request: Request) -> Response:
    """Takes a ballot of a roll-call, a secret paper, a count of raised hands, or several answers."""
    visit = await arrive(request)
    found = _found(visit)
    form = await forms.read(request)
    command = _command(found, form)
    outcome = await submit(visit, form, command)
    if not isinstance(outcome, Refused) and outcome.repeated and isinstance(command, c.CastBallot | c.CastSheet):
        outcome = await _again_if_changed(visit, command, outcome)
    if isinstance(outcome, Refused):
        return await _page(visit, found, form.answered(outcome), status_of(outcome))
    return confirmed(outcome, _back(visit, form, found.sheet or found.number))


def _back(visit: Visit, form: forms.Form, poll: int) -> str:
    """Where to go after voting: the voter's screen, or the poll's own page."""
    return visit.url("voter" if form.get("retour") == "voter" else f"scrutins/{poll}")


def _command(found: Poll, form: forms.Form) -> c.Command | Refused:
    if found.is_open and way_of(found).takes is not c.EnterHands and not _is_answered(form):
        return NOTHING_CHOSEN
    if found.sheet and found.is_open:
        return form.command(c.CastSheet, sheet=found.sheet, choices=_answers(form), voter=form.get("voter"))
    act = way_of(found).takes
    return form.command(act, poll=found.number, **GIVEN[act](found, form))


def _is_answered(form: forms.Form) -> bool:
    return any(value and name.startswith(ANSWERS) for name, value in form.values.items())


def _paper(found: Poll, form: forms.Form) -> dict[str, Any]:
    """The answer of a secret ballot; for several seats the names that were ticked."""
    paper = form.integer("blanc" if found.seats > 1 else "bulletin")
    names = sorted(
        name.removeprefix("nom-") for name, ticked in form.values.items() if ticked and name.startswith("nom-")
    )
    places = [number for place in names if (number := number_in(place, 3)) is not None]
    return {"paper": -1 if paper is None else paper, "names": places}


RAISED = ("in_favour", "against", "abstain")
MAY_LACK = ("proxies_for", "proxies_against", "proxies_abstain")


def hands_of(form: forms.Form) -> dict[str, Any]:
    """The counts typed; invalid numbers become -1, which is refused. Votes by proxy may be left empty."""
    typed = {name: form.integer(name) for name in (*RAISED, *(name for name in MAY_LACK if form.get(name).strip()))}
    if "present" in form.values:
        typed["present"] = form.integer("present")
    return {name: -1 if number is None else number for name, number in typed.items()} | {"chair": form.get("chair")}


def _answers(form: forms.Form) -> dict[str, str]:
    """Answers by poll; one that serves all is in `choix`, with the polls in `scrutins`."""
    if form.get("choix"):
        return dict.fromkeys(form.get("scrutins").split(), form.get("choix"))
    fields = ((name.partition("-"), value) for name, value in form.values.items())
    return {number: value for (kind, _, number), value in fields if kind == "choix" and number.isdecimal()}


def _choice(found: Poll, form: forms.Form) -> dict[str, Any]:
    return {"choice": form.get("choix"), "voter": form.get("voter")}


def _secret(found: Poll, form: forms.Form) -> dict[str, Any]:
    return {"voter": form.get("voter"), **_paper(found, form)}


def _hands(found: Poll, form: forms.Form) -> dict[str, Any]:
    return {"hands": hands_of(form)}


GIVEN: Mapping[type[c.Command], Callable[[Poll, forms.Form], dict[str, Any]]] = {
    c.CastBallot: _choice,
    c.CastSecret: _secret,
    c.EnterHands: _hands,
}
"""For each command that gives a vote: a function from the poll and the form to its data."""


async def conduct(request: Request) -> Response:
    """Pausing, resuming, closing, cancelling; recounting, and settling a difference between tellers."""
    visit = await conductor(request)
    found = _found(visit)
    form = await forms.read(request)
    command = _act(found, form)
    outcome = await submit(visit, form, command)
    if isinstance(outcome, Refused):
        return await _page(visit, found, form.answered(outcome), status_of(outcome))
    return confirmed(outcome, visit.url(f"scrutins/{found.number}"))


def _act(found: Poll, form: forms.Form) -> c.Command | Refused:
    commands: dict[str, tuple[type[c.Command], dict[str, Any]]] = {
        "suspendre": (c.PausePoll, {"reason": form.get("reason")}),
        "reprendre": (c.ResumePoll, {}),
        "clore": (c.ClosePoll, {}),
        "annuler": (c.CancelPoll, {"reason": form.get("reason")}),
        "recompter": (c.RecountHands, {}),
        "trancher": (c.DecideHands, {"hands": _retained(found, form), "reason": form.get("reason")}),
    }
    if form.get("acte") not in commands:
        return Refused("form.malformed", forms.MALFORMED, "acte")
    kind, data = commands[form.get("acte")]
    return form.command(kind, poll=found.number, **data)


def _retained(found: Poll, form: forms.Form) -> dict[str, Any]:
    """The count of the teller whom the chair believes, or the one that was typed."""
    shown = found.counts.get(form.get("retenir"))
    return forms.plain(shown) if shown else hands_of(form)


async def _again_if_changed(visit: Visit, command: c.CastBallot | c.CastSheet, receipt: Any) -> Any:
    """An old page can send an earlier choice again, with its old command id, after another one: it is then sent under a
    new id.
    """
    state = await visit.services.write_queue.state(visit.slug)
    voter = command.voter or visit.actor
    meant = {command.poll: command.choice} if isinstance(command, c.CastBallot) else command.choices
    if all(state.polls[number].ballots.get(voter) is choice for number, choice in meant.items()):
        return receipt
    return await submit(visit, forms.Form(), command)


async def _page(visit: Visit, found: Poll, form: forms.Form, status: int = 200) -> Response:
    context = {
        **poll_view(visit.state, visit.words, found),
        "form": form,
        "amendment": _amendment(visit, found),
        "entitled": visit.actor in found.electorate,
        "desk": desk(visit.state, visit.words, found),
        "ballots": ballots(visit.state, visit.words, found, visit.actor) if found.is_open else [],
        "closed_phase": refuse_phase(visit.state, visit.now, Phase.VOTE),
        **ways.booth(visit, found),
        "represented": () if found.is_open else electorate_tables(visit.words, visit.state, found),
        "roll": results.roll(visit, found) if found.tally and way_of(found).by_name else "",
        "record": await _record(visit, found),
    }
    return render(visit, _template(found), context, status, keep=not found.is_open)


def _template(found: Poll) -> str:
    if found.is_open and found.sheet:
        return "poll_sheet.html"
    return "poll.html" if way_of(found).by_name and not found.cancelled else "poll_otherwise.html"


def _amendment(visit: Visit, found: Poll) -> dict[str, Any] | None:
    """The amendment that the vote is about, for display; None for others."""
    kind, number_ = naming.split(found.subject)
    if kind != ids.AMENDMENT:
        return None
    return amendment_view(visit.state, visit.words, visit.state.amendments[number_])


async def _record(visit: Visit, found: Poll) -> list[entries.EntryLine]:
    """The entries about the poll, without its ballots, which are listed as who voted what."""
    ballots = frozenset(progress(visit.state, found).entries)
    return await entries.about(visit, f"scrutin-{found.number}", limit=MOST_ACTS, apart=ballots)


def _found(visit: Visit) -> Poll:
    found = visit.state.polls.get(number(visit.request))
    if found is None:
        raise HTTPException(404)
    return found


def _line(state: State, words: Translator, poll: Poll) -> dict[str, Any]:
    """A poll in the list."""
    return {
        "poll": poll,
        "subject": naming.subject_title(state, words, poll.subject),
        "tally": poll.tally,
        **ways.terms_view(state, words, poll),
    }


def _tells(poll: Poll) -> bool:
    """Whether the public is told how many have voted (V17); those who conduct always are."""
    return poll.rule.participation or not poll.is_open


def poll_view(state: State, words: Translator, poll: Poll) -> dict[str, Any]:
    """What the public sees of a poll; there are no partial results until it closes."""
    far = progress(state, poll)
    view: dict[str, Any] = {
        "poll": poll,
        "subject": naming.subject_title(state, words, poll.subject),
        "subject_path": naming.path(state, poll.subject),
        "voted": far.voted if _tells(poll) else None,
        "counted": len(far.counted),
        "entitled_count": len(poll.electorate),
        "rule": ways.rule_of(state, words, poll),
        **ways.terms_view(state, words, poll),
    }
    if poll.tally is not None:
        view |= results.result(state, words, poll, poll.tally)
        view |= {} if way_of(poll).by_name else ways.result(state, words, poll)
    return view


routes = [
    Route("/c/{slug}/scrutins", polls, name="polls"),
    Route("/c/{slug}/scrutins/elections/{n:int}", election, name="election"),
    Route("/c/{slug}/scrutins/{n:int}", poll, methods=["GET"], name="poll"),
    Route("/c/{slug}/scrutins/{n:int}", vote, methods=["POST"], name="vote"),
    Route("/organisation/{slug}/scrutins/{n:int}", conduct, methods=["POST"], name="poll_conduct"),
]
