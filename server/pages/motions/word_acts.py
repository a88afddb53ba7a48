"""Why a motion says its words: each word of its text, or words that are looked for, with the acts behind them (R52)."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from deliberation.amendments.accounts import TITLE, Texts, texts_of
from deliberation.amendments.dispositif.quoting import Stretch
from deliberation.kernel.plain_text import number_in
from deliberation.kernel.state import Motion, State
from deliberation.motions.motions import draft_clauses
from deliberation.thread.word_acts import StandingWords, WordAct, places_of
from deliberation.visibility.views import public_view
from exports import adoptions
from server.pages.motions.motion_text import version_asked
from server.pages.shell.rendering import render
from server.pages.shell.visit import Visit, arrive, number
from server.texts import word_acts

LONGEST = 300
"""Characters of the words that are looked for."""
AROUND = 60
"""Characters shown on each side of words that were found."""


_UNSEEN = re.compile(r"\[\^\d+\]|(?<=\])\([^)\s]*\)")
"""What a page shows as the number of a note, or not at all: the target of a link."""


@dataclass(frozen=True)
class ToldAct:
    """An act, and the sentence that tells it."""

    act: WordAct
    sentence: str


@dataclass(frozen=True)
class FoundWords:
    """Words of the present text between what stands around them, in a passage; the acts behind them."""

    clause: str
    label: str
    before: str
    words: str
    after: str
    acts: tuple[ToldAct, ...]


async def page(request: Request) -> Response:
    """`mots` are looked for in the whole text; or `mot` is one word of the passage `passage`, the `fois`-th there."""
    visit = await arrive(request)
    motion = visit.state.motions.get(number(request))
    if motion is None:
        raise HTTPException(404)
    query = request.query_params
    sought, word = query.get("mots", "").strip()[:LONGEST], query.get("mot", "").strip()[:LONGEST]
    found: tuple[FoundWords, ...] = ()
    gone: tuple[ToldAct, ...] = ()
    if word:
        found = await _pressed(visit, motion, query.get("passage", ""), word, query.get("fois", "1"))
    elif sought:
        found, gone = await _sought(visit, motion, sought)
    context = {"motion": motion, "sought": sought, "word": word, "found": found, "gone": gone}
    return render(visit, "motion_words.html", context, keep=False)


async def _public(visit: Visit) -> State:
    """What everybody may see, whoever asks: the answer is read from public words alone."""
    return public_view(await visit.services.write_queue.state(visit.slug))


async def _sought(visit: Visit, motion: Motion, sought: str) -> tuple[tuple[FoundWords, ...], tuple[ToldAct, ...]]:
    state = await _public(visit)
    answer = await asyncio.to_thread(word_acts.answer, visit.services.store, visit.slug, state, motion.number, sought)
    shown = state.motions[motion.number]
    texts = _texts(shown, answer.version)
    found = tuple(_found(visit, shown, standing, texts.get(standing.clause, "")) for standing in answer.standing)
    return found, tuple(_told(visit, act) for act in answer.gone)


async def _pressed(visit: Visit, motion: Motion, clause: str, word: str, nth: str) -> tuple[FoundWords, ...]:
    """One word of the text as the page shows it; the passage is "titre" or the id of a clause."""
    state = await _public(visit)
    shown = state.motions[motion.number]
    version = _version(visit, shown)
    clause = TITLE if clause == "titre" else clause
    text = _texts(shown, version).get(clause, "")
    at = _place(text, word, nth)
    if at is None:
        return ()
    place = visit.services.store, visit.slug, state, motion.number, version, clause, at
    standing = await asyncio.to_thread(word_acts.standing, *place)
    return (_found(visit, shown, standing, text),)


def _version(visit: Visit, motion: Motion) -> int:
    """The version asked for, else the text as it stands; 0 is the draft."""
    standard = 0 if motion.status == "drafting" else len(motion.frozen)
    return version_asked(motion, visit.request.query_params.get("version", ""), standard)


def _place(text: str, word: str, nth: str) -> Stretch | None:
    """Where the word stands for that time in the words of a passage."""
    found = places_of(_UNSEEN.sub(lambda match: " " * len(match[0]), text), word)
    n = number_in(nth, 5)
    n = 1 if n is None else n
    return found[n - 1] if 1 <= n <= len(found) else None


def _texts(motion: Motion, version: int) -> Texts:
    if version:
        return texts_of(motion.frozen[version - 1])
    return {TITLE: motion.title, **{clause.id: clause.markdown for clause in draft_clauses(motion)}}


def _found(visit: Visit, motion: Motion, standing: StandingWords, text: str) -> FoundWords:
    return FoundWords(
        standing.clause,
        adoptions.passage(visit.state, visit.words, motion, standing.clause),
        _end(text[: standing.start]),
        text[standing.start : standing.end],
        _beginning(text[standing.end :]),
        tuple(_told(visit, act) for act in standing.acts),
    )


def _end(text: str) -> str:
    """The last words of what stands before."""
    return text if len(text) <= AROUND else f"… {text[-AROUND:].partition(' ')[2]}"


def _beginning(text: str) -> str:
    """The first words of what stands behind."""
    return text if len(text) <= AROUND else f"{text[:AROUND].rpartition(' ')[0]}…"


def _told(visit: Visit, act: WordAct) -> ToldAct:
    return ToldAct(act, adoptions.told(visit.state, visit.words, act))


routes = [Route("/c/{slug}/motions/{n:int}/pourquoi", page, name="motion_words")]
