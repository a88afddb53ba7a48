"""Amendments: the list with its filters, in order of call; each with its difference in words and what became of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from deliberation import offers
from deliberation.amendments import lifecycle, rectifying, subamendments, transcribed
from deliberation.amendments.amendments import sub_amendable
from deliberation.amendments.order import call_order
from deliberation.congress.congress import refuse_phase
from deliberation.kernel import commands as c
from deliberation.kernel import ids
from deliberation.kernel.errors import Refused
from deliberation.kernel.state import Amendment, Motion, State
from deliberation.kernel.vocabulary import Aim, Clause, Outcome, Phase
from exports import labels, naming
from exports.wordings import earlier
from server.pages.amendments.amendment_changes import amendment_view, as_it_would_read, meeting_view
from server.pages.amendments.consequences import BrokenReference, broken_references
from server.pages.amendments.rebasing import contested, followers, today
from server.pages.amendments.signatories import progress, supporters
from server.pages.record import entries
from server.pages.shell import forms
from server.pages.shell.paging import Page, page_of
from server.pages.shell.rendering import confirmed, kept_copy, render, status_of, submit
from server.pages.shell.thread_lines import follow_amendment
from server.pages.shell.visit import Visit, arrive, number

PER_PAGE = 100
WAITING = "attente"


@dataclass(frozen=True)
class AmendmentFilters:
    """The filters of the list; empty values do not filter. `status` is "attente" or a status of amendments."""

    motion: int = 0
    place: str = ""
    status: str = ""
    author: str = ""


@dataclass(frozen=True)
class AmendmentRow:
    """`rank` is the position in the order of call, from 1; 0 if it has its outcome.

    `support` says how many have signed it, where some did or must; `said` what adopted amendments did to it.
    """

    amendment: Amendment
    aim: str
    rank: int
    support: str
    said: str


async def amendments(request: Request) -> Response:
    visit = await arrive(request)
    if copy := kept_copy(visit):
        return copy
    everything = _ranked(visit.state)
    asked = _asked(visit)
    found = [pair for pair in everything if _fits(pair[0], asked)]
    whole = request.query_params.get("tout") == "1"
    page = page_of(found, request.query_params, max(1, len(found)) if whole else PER_PAGE)
    context = {
        "page": page,
        "groups": list(_groups(visit, page)),
        "filters": asked,
        "query": _query(asked),
        "counts": Counter(_status(a) for a, _ in everything if _fits(a, AmendmentFilters(asked.motion, asked.place))),
        "places": _places(visit, asked.motion),
        "authors": _authors(visit, everything),
        "frozen": [motion for motion in visit.state.motions.values() if motion.frozen],
        "may_table": visit.may(c.TableAmendment),
        "papers": sum(x.status == transcribed.WAITING for x in visit.state.transcriptions.values()),
        "reports": any(motion.rapporteur == visit.actor for motion in visit.state.motions.values()),
    }
    return render(visit, "amendments.html", context)


def _ranked(state: State) -> list[tuple[Amendment, int]]:
    """Motion by motion, the pending ones in order of call with their rank, then those with an outcome, latest first."""
    found: list[tuple[Amendment, int]] = []
    for motion in state.motions:
        found += [(a, rank) for rank, a in enumerate(call_order(state, motion), 1)]
        settled = (a for a in state.amendments.values() if a.motion == motion and a.outcome is not None)
        found += [(a, 0) for a in sorted(settled, key=lambda a: a.settled, reverse=True)]
    return found


def _asked(visit: Visit) -> AmendmentFilters:
    given = visit.request.query_params
    motion = forms.Form(given).integer("motion") or 0
    return AmendmentFilters(
        motion if motion in visit.state.motions else 0,
        given.get("passage", "")[:64] if motion in visit.state.motions else "",
        given.get("etat", "") if given.get("etat", "") in (WAITING, *labels.AMENDMENT_STATUSES) else "",
        given.get("auteur", "") if given.get("auteur", "") in visit.state.people else "",
    )


def _query(asked: AmendmentFilters) -> dict[str, str]:
    """The filters as query parameters."""
    pairs = {"motion": str(asked.motion or ""), "passage": asked.place, "etat": asked.status, "auteur": asked.author}
    return {name: value for name, value in pairs.items() if value}


def _fits(amendment: Amendment, asked: AmendmentFilters) -> bool:
    return (
        asked.motion in (0, amendment.motion)
        and asked.place in ("", *naming.places_of(amendment))
        and asked.status in ("", _status(amendment), amendment.status)
        and asked.author in ("", amendment.author)
    )


def _status(amendment: Amendment) -> str:
    return WAITING if amendment.outcome is None else amendment.status


def _groups(visit: Visit, page: Page) -> Iterable[tuple[Motion, list[AmendmentRow]]]:
    for motion, pairs in groupby(page.items, key=lambda pair: pair[0].motion):
        yield visit.state.motions[motion], [_row(visit, a, rank) for a, rank in pairs]


def _row(visit: Visit, amendment: Amendment, rank: int) -> AmendmentRow:
    aim = naming.amendment_aim(visit.state, visit.words, amendment)
    have, needed = len(amendment.signatures), visit.settings.cosignatures
    support = progress(visit.words, have, needed) if have or (needed and amendment.outcome is None) else ""
    return AmendmentRow(amendment, aim, rank, support, contested(visit, amendment))


def _places(visit: Visit, motion: int) -> list[tuple[str, str]]:
    """The passages of that motion that have amendments, in the order of the text; those of earlier texts come last."""
    if not motion:
        return []
    aimed = {place for a in visit.state.amendments.values() if a.motion == motion for place in naming.places_of(a)}
    texts = reversed(visit.state.motions[motion].frozen)
    order = dict.fromkeys([naming.TITLE, naming.BEGINNING, *(x.id for text in texts for x in text.clauses)])
    return [(place, _place_label(visit, motion, place)) for place in order if place in aimed]


def _place_label(visit: Visit, motion: int, place: str) -> str:
    return naming.place_label(visit.words, naming.find_clause(visit.state.motions[motion], place), place)


def _authors(visit: Visit, everything: Sequence[tuple[Amendment, int]]) -> list[tuple[str, str]]:
    names = {a.author: naming.name_of(visit.state, visit.words, a.author) for a, _ in everything}
    return sorted(names.items(), key=lambda pair: pair[1].casefold())


async def amendment(request: Request) -> Response:
    visit = await arrive(request)
    return await _page(visit, _found(visit), forms.Form())


async def _page(visit: Visit, found: Amendment, form: forms.Form, status: int = 200) -> Response:
    state = visit.state
    offered = offers.on_amendment(state, visit.actor, found, visit.now)
    context: dict[str, Any] = {
        **amendment_view(state, visit.words, found),
        **meeting_view(state, visit.words, found),
        **_author_acts(visit, found),
        "name": naming.amendment_name(visit.words, found),
        "readings": as_it_would_read(state, found),
        "today": today(visit, found),
        "followers": followers(visit, found),
        "broken": _broken(visit, found),
        "supporters": supporters(visit, found),
        "earlier": earlier(state, visit.words, found),
        "spot_of": lambda after: naming.spot_label(visit.words, _clause_aimed(state, found, after)),
        "shows_reading": any(edit.aim not in (Aim.DELETE, Aim.MOVE) for edit in found.edits),
        "subs": [amendment_view(state, visit.words, sub) for sub in subamendments.of(state, found.number)],
        "sub_places": _sub_places(visit, found),
        "may_settle": c.SettleAmendment in offered.acts,
        "polls": [p for p in state.polls.values() if p.subject == ids.document(ids.AMENDMENT, found.number)],
        "followed": follow_amendment(visit, found.number),
        "record": await entries.about(visit, f"amendement-{found.number}"),
        "form": form,
        "may_withdraw": c.WithdrawAmendment in offered.acts,
        "may_advise": offers.advice(state, visit.actor, found, visit.now),
        "may_say": offers.accepts(state, visit.actor, c.TakePosition, found, visit.now),
        "may_take_over": offers.accepts(state, visit.actor, c.TakeOverAmendment, found, visit.now),
        "opinions": [(key, visit.words(label)) for key, label in labels.OPINIONS.items()],
    }
    return render(visit, "amendment.html", context, status)


def _broken(visit: Visit, found: Amendment) -> list[BrokenReference]:
    """What refers to clauses that it deletes, or has deleted while the text is debated."""
    if found.outcome not in (None, Outcome.ADOPTED) or visit.state.motions[found.motion].status != "frozen":
        return []
    deleted = [edit.clause for edit in found.edits if edit.aim is Aim.DELETE]
    links = broken_references(visit, found.motion, deleted, found.number)
    return links if visit.may(c.TableAmendment) else [replace(one, amend_path="") for one in links]


def _clause_aimed(state: State, found: Amendment, clause: str) -> Clause | None:
    return naming.find_clause(state.motions[found.motion], clause, found.base)


def _author_acts(visit: Visit, found: Amendment) -> dict[str, Any]:
    """What the author may still do to its words, or why not: `words_act` is rectifier, rediger or ""."""
    if found.author != visit.actor or isinstance(lifecycle.in_hand(visit.state, found.number), Refused):
        return {"words_act": "", "words_refused": None}
    if refused := refuse_phase(visit.state, visit.now, Phase.AMENDMENTS, Phase.VOTE):
        return {"words_act": "", "words_refused": refused}
    if not found.is_worded:
        return {"words_act": "rediger", "words_refused": None}
    refused = rectifying.refuse_rectifying(visit.state, found)
    return {"words_act": "" if refused else "rectifier", "words_refused": refused}


def _sub_places(visit: Visit, found: Amendment) -> list[tuple[int, str]]:
    """The edits at which somebody who may table amendments can aim one, with their passages."""
    ranks = sub_amendable(visit.state, found, visit.now) if visit.may(c.TableAmendment) else ()
    return [(rank, naming.edit_label(visit.state, visit.words, found.edit_at(rank))) for rank in ranks]


async def act(request: Request) -> Response:
    """Withdrawing, signing, the chair's decisions and opinions."""
    visit = await arrive(request)
    found = _found(visit)
    form = await forms.read(request)
    outcome = await submit(visit, form, _command(form, found.number))
    if isinstance(outcome, Refused):
        return await _page(visit, found, form.answered(outcome), status_of(outcome))
    return confirmed(outcome, visit.url(f"amendements/{found.number}"))


def _command(form: forms.Form, amendment: int) -> c.Command | Refused:
    reason, because_of = form.get("reason"), form.integer("because_of")
    commands: dict[str, tuple[type[c.Command], dict[str, Any]]] = {
        "retirer": (c.WithdrawAmendment, {"reason": reason}),
        "cosigner": (c.SignAmendment, {}),
        "ne-plus-cosigner": (c.UnsignAmendment, {}),
        "fixer": (
            c.SettleAmendment,
            {"outcome": form.get("outcome"), "reason": reason, "because_of": because_of},
        ),
        "maintenir": (c.KeepAmendment, {"because_of": because_of or 0, "reason": reason}),
        "avis": (c.GiveOpinion, {"opinion": form.get("opinion"), "comment": form.get("comment")}),
        "position": (c.TakePosition, {"position": form.get("position"), "comment": form.get("comment")}),
        "reprendre": (c.TakeOverAmendment, {}),
    }
    if form.get("acte") not in commands:
        return Refused("form.malformed", forms.MALFORMED, "acte")
    kind, data = commands[form.get("acte")]
    return form.command(kind, amendment=amendment, **data)


def _found(visit: Visit) -> Amendment:
    found = visit.state.amendments.get(number(visit.request))
    if found is None:
        raise HTTPException(404)
    return found


routes = [
    Route("/c/{slug}/amendements", amendments, methods=["GET"], name="amendments"),
    Route("/c/{slug}/amendements/{n:int}", amendment, methods=["GET"], name="amendment"),
    Route("/c/{slug}/amendements/{n:int}", act, methods=["POST"], name="amendment_act"),
]
