"""Polls: the voting screen, the result that anybody can recount, the list."""

from __future__ import annotations

from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from deliberation import commands as c
from deliberation import ids
from deliberation.congress import refuse_phase
from deliberation.errors import Refused
from deliberation.events import BallotCast
from deliberation.state import Poll, State
from deliberation.vocabulary import Choice, Phase, PollRule, Tally
from server.pages import entries, forms, labels, naming
from server.pages.amending import amendment_view
from server.pages.hemicycle import HEIGHT, WIDTH, seats
from server.pages.rendering import confirmed, render, status_of, submit
from server.pages.visit import Visit, arrive, number
from server.translations import N_, Words

HALF = "1/2"


async def polls(request: Request) -> Response:
    visit = await arrive(request)
    listed = [poll_view(visit.state, visit.words, poll) for poll in reversed(list(visit.state.polls.values()))]
    opened = [view for view in listed if view["poll"].is_open]
    closed = [view for view in listed if not view["poll"].is_open]
    return render(visit, "polls.html", {"opened": opened, "closed": closed})


async def poll(request: Request) -> Response:
    visit = await arrive(request)
    return await _page(visit, _found(visit), forms.Form())


async def vote(request: Request) -> Response:
    visit = await arrive(request)
    found = _found(visit)
    form = await forms.read(request)
    command = form.command(c.CastBallot, poll=found.number, choice=form.get("choix"))
    outcome = await submit(visit, form, command)
    if not isinstance(outcome, Refused) and outcome.repeated and isinstance(command, c.CastBallot):
        outcome = await _again_if_changed(visit, command, outcome)
    if isinstance(outcome, Refused):
        return await _page(visit, found, form.answered(outcome), status_of(outcome))
    return confirmed(outcome, visit.url(f"scrutins/{found.number}"))


async def _again_if_changed(visit: Visit, command: c.CastBallot, receipt: Any) -> Any:
    """A page kept by the browser may send an old choice again after another one: the person means it now."""
    state = await visit.services.intake.state(visit.slug)
    if state.polls[command.poll].ballots.get(visit.actor) is command.choice:
        return receipt
    return await submit(visit, forms.Form(), command)


async def _page(visit: Visit, found: Poll, form: forms.Form, status: int = 200) -> Response:
    context = {
        **poll_view(visit.state, visit.words, found),
        "form": form,
        "amendment": _amendment(visit, found),
        "entitled": visit.actor in found.electorate,
        "mine": found.ballots.get(visit.actor),
        "closed_phase": refuse_phase(visit.state, visit.now, Phase.VOTE),
        **await _record(visit, found),
    }
    return render(visit, "poll.html", context, status, keep=not found.is_open)


def _amendment(visit: Visit, found: Poll) -> dict[str, Any] | None:
    """The words that the vote is on."""
    kind, number_ = naming.split(found.subject)
    if kind != ids.AMENDMENT:
        return None
    return amendment_view(visit.state, visit.words, visit.state.amendments[number_])


async def _record(visit: Visit, found: Poll) -> dict[str, Any]:
    """The acts of the poll, and for each voter the entry of the ballot that counts."""
    lines = await entries.about(visit, f"scrutin-{found.number}", limit=100_000)
    ballots = {line.actor: line.index for line in lines if line.kind == BallotCast.kind}
    return {"record": [line for line in lines if line.kind != BallotCast.kind], "ballot_entries": ballots}


def _found(visit: Visit) -> Poll:
    found = visit.state.polls.get(number(visit.request))
    if found is None:
        raise HTTPException(404)
    return found


def poll_view(state: State, words: Words, poll: Poll) -> dict[str, Any]:
    """What the public sees of a poll: partial results stay hidden until it closes."""
    view: dict[str, Any] = {
        "poll": poll,
        "subject": naming.subject_title(state, words, poll.subject),
        "subject_path": naming.path(state, poll.subject),
        "voted": len(poll.ballots),
        "entitled_count": len(poll.electorate),
        "rule": rule_sentence(state, words, poll.rule),
    }
    if poll.tally is not None:
        view |= _result(state, words, poll, poll.tally)
    return view


def _result(state: State, words: Words, poll: Poll, tally: Tally) -> dict[str, Any]:
    rows = [_roll(state, words, person, poll.ballots.get(person)) for person in poll.electorate]
    order = {"pour": 0, "abstention": 1, "absent": 2, "contre": 3}
    marks = sorted(((row["mark"], row["name"]) for row in rows), key=lambda mark: order[mark[0]])
    return {
        "roll": sorted(rows, key=lambda row: (order[row["mark"]], row["name"])),
        "seats": seats(marks),
        "width": WIDTH,
        "height": HEIGHT,
        "tally": tally,
        "sentence": tally_sentence(words, poll.rule, tally),
        "absent": len(poll.electorate) - len(poll.ballots),
    }


def _roll(state: State, words: Words, person: str, choice: Choice | None) -> dict[str, Any]:
    said = words(labels.CHOICES[choice]) if choice else words("N’a pas voté")
    known = state.people.get(person)
    collectivity = known.collectivity if known else ""
    name = naming.name_of(state, words, person)
    mark = choice.value if choice else "absent"
    return {"person": person, "name": name, "collectivity": collectivity, "mark": mark, "said": said}


def rule_sentence(state: State, words: Words, rule: PollRule) -> str:
    """The rule in one or two sentences."""
    said = [words(_majority(rule), share=_share(rule), base=words(labels.BASES[rule.base]))]
    if rule.quorum_n:
        share = f"{rule.quorum_n}/{rule.quorum_d}"
        half = N_("Quorum : plus de la moitié des inscrits doit prendre part au vote.")
        other = N_("Quorum : plus de {share} des inscrits doivent prendre part au vote.")
        said.append(words(half if share == HALF else other, share=share))
    if rule.tie == "chair" and rule.chair:
        said.append(
            words("En cas d’égalité, la voix de {chair} l’emporte.", chair=naming.name_of(state, words, rule.chair))
        )
    return " ".join(said)


def _share(rule: PollRule) -> str:
    return f"{rule.majority_n}/{rule.majority_d}"


def _majority(rule: PollRule) -> str:
    """Usual majorities in words, others as a fraction."""
    if rule.strict:
        half = N_("Il faut plus de la moitié des {base}.")
        return half if _share(rule) == HALF else N_("Il faut plus de {share} des {base}.")
    usual = {
        "2/3": N_("Il faut au moins les deux tiers des {base}."),
        "3/5": N_("Il faut au moins les trois cinquièmes des {base}."),
    }
    return usual.get(_share(rule), N_("Il faut au moins {share} des {base}."))


def tally_sentence(words: Words, rule: PollRule, tally: Tally) -> str:
    """How the result follows from the counts."""
    n = words.number
    if not tally.quorum_met:
        return words(
            "Le quorum n’est pas atteint : {voted} votants sur {entitled} inscrits, il en fallait {needed}.",
            voted=n(tally.in_favour + tally.against + tally.abstain),
            entitled=n(tally.entitled),
            needed=n(tally.quorum_needed),
        )
    base = {"exprimes": words("suffrages exprimés"), "presents": words("présents"), "inscrits": words("inscrits")}
    figures = {"base": n(tally.base), "kind": base[rule.base], "needed": n(tally.needed), "yes": n(tally.in_favour)}
    if tally.carried and tally.in_favour < tally.needed:
        return words("{base} {kind}, égalité des voix : celle de la présidence l’emporte. C’est adopté.", **figures)
    if tally.carried:
        return words("{base} {kind}, il fallait {needed} voix pour ; il y en a {yes}. C’est adopté.", **figures)
    return words("{base} {kind}, il fallait {needed} voix pour ; il y en a {yes}. C’est rejeté.", **figures)


routes = [
    Route("/c/{slug}/scrutins", polls, name="polls"),
    Route("/c/{slug}/scrutins/{n:int}", poll, methods=["GET"], name="poll"),
    Route("/c/{slug}/scrutins/{n:int}", vote, methods=["POST"], name="vote"),
]
