"""Opening a vote: on what, in which way, by which rule, until when; several at once; in parts; on people.

And bringing in the archive of an election held elsewhere.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from deliberation.amendments.order import call_order
from deliberation.congress.people import electorate
from deliberation.kernel import codec, ids
from deliberation.kernel import commands as c
from deliberation.kernel.errors import Refused
from deliberation.kernel.instants import later
from deliberation.kernel.plain_text import number_in
from deliberation.kernel.state import Division, Election, State
from deliberation.kernel.vocabulary import ElectionRule, Piece
from deliberation.motions import division
from deliberation.votes import elections
from deliberation.votes.secret import GROUNDS
from deliberation.votes.ways import USUAL, called
from exports import labels, naming
from exports.translations import N_, Translator
from exports.voting_rules import rule_sentence
from server.pages.organisation.organisers_only import entitled
from server.pages.organisation.presets import ELECTION_NAMES, ELECTIONS, NAMES, PRESETS
from server.pages.shell import forms
from server.pages.shell.rendering import confirmed, render, status_of, submit
from server.pages.shell.visit import Visit
from server.pages.votes import ways

CLOCKS = (1, 2, 3, 5, 10, 15, 30, 60)
"""Choices of minutes after which a poll closes by itself."""
NO_CLOCK = N_("Quand la présidence le décide")
MOST_MINUTES = 60 * 24 * 30
Make = Callable[[Visit, forms.Form], "c.Command | Refused"]


def _page(name: str, act: type[c.Command], make: Make, lands: str) -> list[Route]:
    """The routes of a form at `scrutins/{name}` for those who may do that act; a refusal shows it again with what was
    typed.
    """

    async def show(request: Request) -> Response:
        return _form(await entitled(request, act), name, forms.Form())

    async def send(request: Request) -> Response:
        visit = await entitled(request, act)
        form = await forms.read(request, forms.UPLOAD_LIMIT if name == "ailleurs" else forms.LIMIT)
        outcome = await submit(visit, form, make(visit, form))
        if isinstance(outcome, Refused):
            return _form(visit, name, form.answered(outcome), status_of(outcome))
        return confirmed(outcome, _landing(visit, lands, outcome))

    address = f"/organisation/{{slug}}/scrutins/{name}"
    return [
        Route(address, show, methods=["GET"], name=f"opening_{name}"),
        Route(address, send, methods=["POST"], name=f"opening_{name}_act"),
    ]


def _landing(visit: Visit, lands: str, outcome: Any) -> str:
    """The page of what was opened."""
    if lands == "division":
        return f"/organisation/{visit.slug}/scrutins/ouvrir?sujet={outcome.document}"
    polls = [document for _, _, document in outcome.entries if document.startswith(f"{ids.POLL}-")]
    if polls:
        return visit.url(f"scrutins/{ids.split(polls[0])[1]}")
    kind, number = ids.split(outcome.document)
    return visit.url(f"scrutins/{'elections' if kind == ids.ELECTION else 'ailleurs'}/{number}")


def _form(visit: Visit, name: str, form: forms.Form, status: int = 200) -> Response:
    asked = visit.request.query_params.get("sujet", "")
    context = {"form": form, "asked": asked, "page": name, **common(visit), **_own(visit, name, form, asked)}
    return render(visit, f"organisation/opening_{name}.html", context, status, keep=False)


def common(visit: Visit) -> dict[str, Any]:
    words = visit.words
    people = visit.state.people.values()
    standing = [(p.id, naming.name_of(visit.state, words, p.id)) for p in people if not p.revoked]
    return {
        "rule": rule_sentence(visit.state, words, visit.settings.rule),
        "presets": [("", words("La règle du congrès")), *((key, words(said)) for key, said in NAMES.items())],
        "colleges": [("0", words("Tous les élus")), *((str(x.number), x.title) for x in visit.state.colleges.values())],
        "ways": ways.choices(words),
        "clocks": clocks(words),
        "grounds": [("", "—"), *((key, words(labels.GROUNDS_OF_SECRECY[key])) for key in GROUNDS)],
        "elus": [(p, naming.name_of(visit.state, words, p)) for p in electorate(people)],
        "standing": [("", words("Personne")), *standing],
    }


def clocks(words: Translator) -> list[tuple[str, str]]:
    """The choices of when a poll closes by itself."""
    return [("", words(NO_CLOCK)), *((str(n), _minutes(words, n)) for n in CLOCKS)]


def _minutes(words: Translator, number: int) -> str:
    return words.many("{n} minute après l’ouverture", "{n} minutes après l’ouverture", number)


def _own(visit: Visit, name: str, form: forms.Form, asked: str) -> dict[str, Any]:
    """The context that only one of the pages needs."""
    if name == "ouvrir":
        subjects = votable(visit.state, visit.words)
        return {"subjects": [("", "—"), *subjects], "shown": [subject.partition("/")[0] for subject, _ in subjects]}
    if name == "groupe":
        waiting = pending(visit.state, visit.words)
        return {"subjects": waiting, "shown": [subject for subject, _ in waiting]}
    if name == "division":
        subject = form.get("subject", asked)
        return {
            "subjects": [("", "—"), *divisible(visit.state, visit.words)],
            "passages": passages_of(visit.state, visit.words, subject),
        }
    if name == "election":
        model = visit.request.query_params.get("modele", "")
        rule = ELECTIONS.get(model, ElectionRule(newcomers=True))
        return {
            "models": [(key, visit.words(said)) for key, said in ELECTION_NAMES.items()],
            "model": model,
            "base": rule,
        }
    if name == "tour":
        return {"elections": [_going_on(visit, x) for x in visit.state.elections.values() if x.vacant]}
    return {}


def pending(state: State, words: Translator) -> list[tuple[str, str]]:
    """The amendments that can be voted on, in the order of call."""
    waiting = [a for motion in state.motions for a in call_order(state, motion)]
    named = ((ids.document(ids.AMENDMENT, a.number)) for a in waiting if state.motions[a.motion].status == "frozen")
    return [(document, naming.subject_title(state, words, document)) for document in named]


def divisible(state: State, words: Translator) -> list[tuple[str, str]]:
    motions = [ids.document(ids.MOTION, m.number) for m in state.motions.values() if m.status == "frozen"]
    found = [
        *pending(state, words),
        *((document, naming.subject_title(state, words, document)) for document in motions),
    ]
    return [(document, said) for document, said in found if len(division.pieces(state, document)) > 1]


def votable(state: State, words: Translator) -> list[tuple[str, str]]:
    """Amendments and motions; each divided one as its parts: `amendement-3/2` is the second part of amendment 3."""
    motions = [ids.document(ids.MOTION, m.number) for m in state.motions.values() if m.status == "frozen"]
    found = [
        *pending(state, words),
        *((document, naming.subject_title(state, words, document)) for document in motions),
    ]
    return [choice for document, said in found for choice in _parts(state, words, document, said)]


def _parts(state: State, words: Translator, document: str, said: str) -> list[tuple[str, str]]:
    whole = division.standing(state, document)
    if whole is None:
        return [(document, said)]
    left = [part for part in range(1, len(whole.parts) + 1) if part not in whole.results]
    return [
        (f"{document}/{part}", words("{subject}, partie {n} sur {total}", subject=said, n=part, total=len(whole.parts)))
        for part in left
    ]


def pieces_of(state: State, subject: str) -> list[Piece]:
    kind, number = naming.split(subject)
    known = state.amendments if kind == ids.AMENDMENT else state.motions if kind == ids.MOTION else {}
    return list(division.pieces(state, subject)) if number in known else []


def passages_of(state: State, words: Translator, subject: str) -> list[dict[str, Any]]:
    """Each piece as it would be voted separately."""
    pieces = tuple(pieces_of(state, subject))
    if not pieces:
        return []
    whole = Division(subject, (), "", "", "", pieces, division.words_aimed_at(state, subject))
    return [ways.reading(state, words, whole, (place,)) for place in range(len(pieces))]


def _going_on(visit: Visit, election: Election) -> dict[str, Any]:
    state = visit.state
    is_open = state.polls[election.rounds[-1]].is_open
    stays = () if is_open else elections.who_stays(state, election)
    tied = () if is_open else elections.tied_people(state, election)

    def named(people: tuple[str, ...]) -> list[tuple[str, str]]:
        return [(p, naming.name_of(state, visit.words, p)) for p in people]

    others = [p for p in electorate(state.people.values()) if p not in (*stays, *election.people)]
    joining = others if election.rule.newcomers and not tied and not is_open else []
    return {
        "election": election,
        "open": is_open,
        "stays": named(stays),
        "tied": named(tied),
        "joining": named(tuple(joining)),
    }


def closing(visit: Visit, form: forms.Form) -> str:
    """The closing instant: that many minutes from now; "" for none."""
    minutes = form.integer("minutes") or 0
    return later(visit.services.clock.now(), 60 * min(minutes, MOST_MINUTES)) if minutes else ""


def rule_asked(visit: Visit, form: forms.Form) -> Any:
    preset = PRESETS.get(form.get("preset"))
    return codec.encode(replace(preset, chair=visit.settings.rule.chair)) if preset else None


def open_command(visit: Visit, form: forms.Form) -> c.Command | Refused:
    subject, _, part = form.get("subject").partition("/")
    return form.command(
        c.OpenPoll,
        subject=subject,
        part=number_in(part, 5) or 0,
        question=form.get("question"),
        rule=rule_asked(visit, form),
        college=form.integer("college") or 0,
        terms=terms_asked(visit, form),
        attending=attending(form),
    )


def attending(form: forms.Form) -> int | None:
    """The number of people present, as typed; None for nothing, -1 for no valid number."""
    typed = form.get("attending").strip()
    number = form.integer("attending")
    return number if number is not None or not typed else -1


def terms_asked(visit: Visit, form: forms.Form) -> dict[str, Any]:
    """The terms of the poll; fields that belong to another way of voting are ignored."""
    way = form.get("way", USUAL.value)
    row, tellers = called(way), (form.get("teller1"), form.get("teller2"))
    typed = {
        "ground": form.get("ground"),
        "requested": form.integer("requested") or 0,
        "present": form.integer("present") or 0,
        "tellers": [teller for teller in tellers if teller],
    }
    own = {name: value for name, value in typed.items() if row and name in row.fields}
    return {"way": way, "closes": closing(visit, form), **own}


def ticked(form: forms.Form, name: str) -> list[str]:
    """The values of ticked boxes named `{name}:{value}`."""
    return [key.removeprefix(f"{name}:") for key in form.values if key.startswith(f"{name}:")]


def _open_sheet(visit: Visit, form: forms.Form) -> c.Command | Refused:
    order = [document for document, _ in pending(visit.state, visit.words)]
    chosen = sorted(ticked(form, "subject"), key=lambda x: order.index(x) if x in order else len(order))
    return form.command(
        c.OpenSheet,
        subjects=chosen,
        block=form.get("block") == "oui",
        rule=rule_asked(visit, form),
        closes=closing(visit, form),
        attending=attending(form),
    )


def _divide(visit: Visit, form: forms.Form) -> c.Command | Refused:
    """The passages ticked become parts, separately or together; all others are one part."""
    pieces = range(len(pieces_of(visit.state, form.get("subject"))))
    apart = [place for place in pieces if form.get(f"apart:{place}")]
    ticked_parts = [apart] if form.get("how") == "ensemble" else [[place] for place in apart]
    rest = [place for place in pieces if place not in apart]
    parts = [part for part in (*ticked_parts, rest) if part]
    asked = {"subject": form.get("subject"), "asked_by": form.get("asked_by")}
    return form.command(c.DivideSubject, **asked, parts=parts)


def _open_election(visit: Visit, form: forms.Form) -> c.Command | Refused:
    quorum = {"quorum_n": 1, "quorum_d": 2} if form.get("quorum") == "oui" else {}
    rule = {
        "absolute": forms.whole_number(form, "absolute", 2),
        "tie": form.get("tie", "again"),
        "seats": forms.whole_number(form, "seats", 1),
        "newcomers": form.get("newcomers") == "oui",
        **quorum,
    }
    return form.command(
        c.OpenElection,
        office=form.get("office"),
        candidates=ticked(form, "candidate"),
        rule=rule,
        closes=closing(visit, form),
        attending=attending(form),
    )


def _next_round(visit: Visit, form: forms.Form) -> c.Command | Refused:
    election = form.integer("election") or 0
    if form.get("acte") == "departager":
        person, reason = form.get("person"), form.get("reason")
        checked = form.get("checked") == "oui"
        return form.command(c.BreakTie, election=election, person=person, reason=reason, checked=checked)
    return form.command(
        c.OpenRound,
        election=election,
        withdrawn=ticked(form, "withdrawn"),
        closes=closing(visit, form),
        attending=attending(form),
        joining=ticked(form, "joining"),
    )


def _import(visit: Visit, form: forms.Form) -> c.Command | Refused:
    archive = form.files.get("archive", b"")
    if not archive:
        return Refused(
            "result.no_archive", "Choisissez l’archive du scrutin (.bel) : un résultat ne se déclare pas.", "archive"
        )
    return form.command(
        c.ImportBelenios,
        url=form.get("url").strip(),
        archive=base64.b64encode(archive).decode(),
        comment=form.get("comment"),
    )


routes = [
    *_page("ouvrir", c.OpenPoll, open_command, "scrutin"),
    *_page("groupe", c.OpenSheet, _open_sheet, "scrutin"),
    *_page("division", c.DivideSubject, _divide, "division"),
    *_page("election", c.OpenElection, _open_election, "scrutin"),
    *_page("tour", c.OpenRound, _next_round, "scrutin"),
    *_page("ailleurs", c.ImportBelenios, _import, "ailleurs"),
]
