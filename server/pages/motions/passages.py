"""One passage of a frozen text with all its amendments side by side: which words each touches, where they collide."""

from __future__ import annotations

from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from deliberation.amendments.order import call_order
from deliberation.kernel import commands as c
from deliberation.kernel.state import Amendment, Frozen, Motion
from deliberation.kernel.vocabulary import Clause
from deliberation.motions import layout
from deliberation.text import merge
from deliberation.thread.thread import citations
from exports import comparison, naming
from server.pages.amendments import collisions
from server.pages.amendments.amendment_changes import amendment_view
from server.pages.motions.motion_text import version_asked
from server.pages.shell.rendering import kept_copy, render
from server.pages.shell.thread_lines import quoted
from server.pages.shell.visit import Visit, arrive, number


async def passage(request: Request) -> Response:
    visit = await arrive(request)
    if copy := kept_copy(visit):
        return copy
    motion = visit.state.motions.get(number(request))
    if motion is None or motion.text is None:
        raise HTTPException(404)
    place = str(request.path_params["place"])
    asked = _asked(visit, motion)
    text = _knowing(motion, asked, place)
    if text is None:
        if (nearest := _nearest(motion, asked, place)) is None:
            raise HTTPException(404)
        return RedirectResponse(visit.url(naming.passage_path(motion.number, place, nearest)), 303)
    clause = comparison.clause_in(text, place)
    return render(visit, "passage.html", _context(visit, motion, text, clause, place))


def _asked(visit: Visit, motion: Motion) -> int:
    """The version in the address; else the one at which amendments aim now."""
    return version_asked(motion, visit.request.query_params.get("version", ""), motion.frozen[-1].base)


def _knowing(motion: Motion, version: int, place: str) -> Frozen | None:
    """The text to show: the one at which amendments aimed then, else that version itself, if only it has the passage.
    None if neither has it.
    """
    text = motion.frozen[version - 1]
    return next((each for each in (motion.frozen[text.base - 1], text) if _has(each, place)), None)


def _nearest(motion: Motion, version: int, place: str) -> int | None:
    """The nearest version with the passage; of two equally near ones the later."""
    knowing = (each.version for each in motion.frozen if _has(each, place))
    return min(knowing, key=lambda other: (abs(other - version), -other), default=None)


def _has(text: Frozen, place: str) -> bool:
    return place in (naming.TITLE, naming.BEGINNING) or comparison.clause_in(text, place) is not None


def _context(visit: Visit, motion: Motion, text: Frozen, clause: Clause | None, place: str) -> dict[str, Any]:
    state, words = visit.state, visit.words
    found = _bringing(visit, text, place) + collisions.on_passage(state, motion.number, text.base, place)
    contending = [a for a in found if collisions.contends(a)]
    aiming = [a for a in contending if a.aimed == text.version]
    heard = comparison.TITLE if place == naming.TITLE else place
    before, after = _neighbours(text, place)
    is_current = motion.text is not None and motion.text.base == text.base
    gone = layout.deleted_in(state, motion, motion.frozen[-1] if is_current else text, place)
    return {
        "motion": motion,
        "version": text,
        "clause": clause,
        "place": place,
        "label": naming.laid_label(words, gone) if gone else naming.place_label(words, clause, place),
        "gone": gone,
        "current": is_current,
        "called": naming.version_label(words, text),
        "touched": comparison.touched(text, heard, aiming) if place != naming.BEGINNING else (),
        "views": [amendment_view(state, words, a) for a in _in_order(visit, motion, found)],
        "alike": collisions.alike(found),
        "collisions": collisions.collisions(text, place, found),
        "may_amend": visit.may(c.TableAmendment) and motion.status == "frozen" and is_current,
        "before": before and (before, naming.place_label(words, comparison.clause_in(text, before), before)),
        "after": after and (after, naming.place_label(words, comparison.clause_in(text, after), after)),
        "now": _now(motion, text, place),
        "sources": [q for n in citations(clause.markdown) if (q := quoted(state, words, n))] if clause else [],
    }


def _in_order(visit: Visit, motion: Motion, found: tuple[Amendment, ...]) -> list[Amendment]:
    """The pending ones in their order of call, then those with an outcome."""
    called = {a.number: place for place, a in enumerate(call_order(visit.state, motion.number))}
    return sorted(found, key=lambda a: (a.number not in called, called.get(a.number, 0), a.number))


def _bringing(visit: Visit, text: Frozen, place: str) -> tuple[Amendment, ...]:
    """The adopted amendment that inserted the passage into a version, if there is one."""
    adopted = (visit.state.amendments[n] for n in text.adopted)
    return tuple(a for a in adopted if any(merge.id_of_inserted(x) == place for x in a.single_edits))


def _neighbours(text: Frozen, place: str) -> tuple[str, str]:
    """The passages before and after this one; "" at the ends."""
    places = [naming.TITLE, naming.BEGINNING, *(clause.id for clause in text.clauses)]
    at = places.index(place)
    return places[at - 1] if at else "", places[at + 1] if at + 1 < len(places) else ""


def _now(motion: Motion, text: Frozen, place: str) -> comparison.Pieces:
    """The passage with everything adopted so far, if that differs."""
    latest = motion.text
    if latest is None or latest.base != text.version or latest.version == text.version:
        return ()
    old, new = comparison.clause_in(text, place), comparison.clause_in(latest, place)
    if place == naming.TITLE:
        found = comparison.pieces(text.title, latest.title)
    else:
        found = comparison.pieces(old.markdown if old else "", new.markdown if new else "")
    return found if any(piece.op != "equal" for piece in found) else ()


routes = [Route("/c/{slug}/motions/{n:int}/passages/{place:path}", passage, name="passage")]
