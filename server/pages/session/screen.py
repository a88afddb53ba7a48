"""The screen of the hall: the debate as it goes, or what whoever conducts chose; QR codes to testify and to sign in."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Any

import segno
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from deliberation.kernel.plain_text import number_in
from deliberation.kernel.state import MindMap, State
from deliberation.kernel.vocabulary import Clause, ScreenMode
from deliberation.motions import motions
from deliberation.session.screen import NUMBERED, is_showable, things
from exports import labels, naming
from exports.outline import rows
from exports.translations import Translator
from server.pages.session import agenda, planning, sitting, speakers
from server.pages.shell import forms
from server.pages.shell.rendering import render
from server.pages.shell.visit import Visit, arrive
from server.pages.votes.polls import poll_view

CODE_SECONDS = 60
"""Seconds between two reloads of the code that proves presence."""
NEXT_SPEAKERS = 6
NEXT_CALLED = 7
IDEAS = 24
"""Ideas of a map that can still be read from the last row of a hall."""
LETTERS = 900
"""Letters of a text that can still be read from the last row of a hall."""
MOST_OF_A_KIND = 20
"""Things of one kind that the chair may choose from."""
QR_TARGETS = {ScreenMode.TESTIFY.value: "temoignages/nouveau", ScreenMode.SIGN.value: "seance/presence"}


async def show(request: Request) -> Response:
    visit = await arrive(request)
    code = visit.services.admission.presence_code(visit.state)
    context = {**screen_view(visit.state, visit.words), "code": code, "code_seconds": CODE_SECONDS}
    return render(visit, "screen.html", context, keep=not code)


async def code(request: Request) -> Response:
    """The code of the hall alone, which the screen asks for again and again."""
    visit = await arrive(request)
    context = {"code": visit.services.admission.presence_code(visit.state)}
    return render(visit, "fragments/hall_code.html", context, keep=False)


async def qr(request: Request) -> Response:
    """The QR code of the address where people testify, or sign their presence."""
    visit = await arrive(request)
    target = QR_TARGETS.get(str(request.path_params["target"]))
    if target is None:
        raise HTTPException(404)
    return Response(qr_svg(f"{visit.services.settings.public_origin}{visit.url(target)}"), media_type="image/svg+xml")


def qr_svg(address: str) -> bytes:
    """The QR code of an address, as an SVG that scales."""
    drawn: str = segno.make(address, error="m", micro=False).svg_inline(border=2, omitsize=True, light="white")
    return drawn.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1).encode()


def screen_view(state: State, words: Translator) -> dict[str, Any]:
    """What the debate is at, and what is shown instead if something was chosen: `mode` and its context."""
    found = {**sitting.sitting_view(state, words), **speakers.speakers_view(state, words), "mode": "", "code": ""}
    found["waiting_speakers"] = found["waiting_speakers"][:NEXT_SPEAKERS]
    vote, chosen = found["vote"], state.screen
    found["adoption"] = found["result"] and sitting.adopts(vote["poll"]) and not vote["poll"].is_open
    if chosen is None or (vote and vote["poll"].is_open) or not is_showable(state, chosen.mode, chosen.number):
        return found
    if vote and vote["poll"].closed >= chosen.since and found["result"]:
        return found
    return found | {"mode": chosen.mode.value, **_chosen(state, words, chosen.mode, chosen.number)}


def _chosen(state: State, words: Translator, mode: ScreenMode, number: int) -> dict[str, Any]:
    """The context of what was chosen."""
    if mode is ScreenMode.RESULT:
        view = poll_view(state, words, state.polls[number])
        voted = sitting.voted(state, words, state.polls[number])
        return {
            "mode": "",
            "result": True,
            "vote": view,
            "voted": voted,
            "adoption": sitting.adopts(state.polls[number]),
        }
    if mode is ScreenMode.AGENDA:
        return {"called_next": agenda.following(state, words, NEXT_CALLED), **_agenda(state, words)}
    if mode is ScreenMode.TEXT:
        return _text(state, number)
    if mode is ScreenMode.MAP:
        return {"map": state.maps[number], "ideas": _ideas(state.maps[number])}
    if mode is ScreenMode.TESTIMONY:
        testimony = state.testimonies[number]
        return {"testimony": testimony, "said": naming.said_by(state, words, testimony)}
    return {}


def _agenda(state: State, words: Translator) -> dict[str, Any]:
    """The items around the present one, as many as can be read in a hall."""
    found = planning.agenda_view(state, words, state.agenda.starts if state.agenda else "")
    first = max(0, found["agenda_at"] - 1)
    return {"agenda_items": found["agenda_items"][first : first + NEXT_CALLED]}


def _text(state: State, number: int) -> dict[str, Any]:
    """The text of a motion: the last clauses while it is being written, else the first ones of the frozen text; as many
    as can be read in a hall.
    """
    motion = state.motions[number]
    written = [clause for clause in motions.draft_clauses(motion) if clause.markdown.strip()]
    if motion.text is not None and motion.status != "drafting":
        return {"shown_motion": motion, "clauses": _readable(motion.text.clauses), "is_draft": False}
    return {"shown_motion": motion, "clauses": _readable(written[::-1])[::-1], "is_draft": True}


def _readable(clauses: Sequence[Clause]) -> list[Clause]:
    """The first clauses, at least one, that have no more letters together than can be read."""
    ends = accumulate(len(clause.markdown) for clause in clauses)
    return [clause for n, (clause, end) in enumerate(zip(clauses, ends, strict=True)) if n == 0 or end <= LETTERS]


def _ideas(shown: MindMap) -> list[dict[str, Any]]:
    """The ideas of a map in the order of its outline, with their depth: as many as can be read in a hall."""
    found = rows(shown.nodes)
    return [{"text": row.node.text, "depth": row.depth} for row in found[:IDEAS]]


def live(slug: str, state: State, words: Translator) -> dict[str, Any]:
    """The context of the public fragment of the screen."""
    return screen_view(state, words)


def choices(visit: Visit) -> dict[str, Any]:
    """What whoever conducts may show: what needs no number, by one press; and the kinds of things that have one."""
    state, words = visit.state, visit.words
    now = state.screen.mode if state.screen else ScreenMode.FOLLOW
    named = {mode: words(label) for mode, label in labels.SCREEN_MODES.items()}
    able = [mode for mode in ScreenMode if mode not in NUMBERED and mode is not now]
    return {
        "now": named[now],
        "quick": [(mode.value, named[mode], 0) for mode in able],
        "things": _things(visit, named),
    }


def _things(visit: Visit, named: dict[ScreenMode, str]) -> list[tuple[str, str]]:
    """The latest things of each kind that the public may see and that the screen does not show now."""
    shown = visit.state.screen
    return [
        (f"{mode.value}:{number}", visit.words("{what} n° {n}", what=named[mode], n=number))
        for mode in ScreenMode
        if mode in NUMBERED
        for number in sorted(things(visit.state, mode), reverse=True)[:MOST_OF_A_KIND]
        if is_showable(visit.state, mode, number) and (shown is None or (shown.mode, shown.number) != (mode, number))
    ]


def asked(form: forms.Form) -> dict[str, Any]:
    """What a form asks to be shown: `mode`, or `thing`, such as `carte:2`."""
    mode, _, number = form.get("thing").partition(":")
    return {"mode": mode or form.get("mode"), "number": number_in(number) or form.integer("number") or 0}


routes = [
    Route("/c/{slug}/ecran", show, name="screen"),
    Route("/c/{slug}/ecran/code", code, name="screen_code"),
    Route("/c/{slug}/ecran/qr/{target}.svg", qr, name="screen_qr"),
]
