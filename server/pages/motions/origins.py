"""The origin of each word of a frozen text: its author, or the amendment that brought it (A26)."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from deliberation.kernel.state import Frozen
from deliberation.kernel.vocabulary import Clause
from deliberation.motions import origins
from deliberation.motions.origins import OriginRun
from exports.comparison import DiffPiece, Pieces
from server.pages.motions.motion_text import version_asked
from server.pages.shell.rendering import kept_copy, render
from server.pages.shell.visit import arrive, number
from server.texts.origins import runs_of

COLOURS = 8

Key = tuple[str, int, str]
"""A person, an amendment of theirs (0 for none), and who accepted their suggestion ("" for none)."""


@dataclass(frozen=True)
class WordSource:
    """An origin of words. `mark` counts people from 1, 0 for amendments; `share` is the percentage of letters."""

    person: str
    amendment: int
    mark: int
    colour: int
    share: float
    accepted_by: str = ""


@dataclass(frozen=True)
class OriginPassage:
    """A clause, or the title (None), and its words; `by` of a piece is the index of its origin among the sources."""

    clause: Clause | None
    pieces: Pieces


async def page(request: Request) -> Response:
    visit = await arrive(request)
    if copy := kept_copy(visit):
        return copy
    motion = visit.state.motions.get(number(request))
    if motion is None or not motion.frozen:
        raise HTTPException(404)
    text = motion.frozen[version_asked(motion, request.query_params.get("version", ""), len(motion.frozen)) - 1]
    runs = await asyncio.to_thread(runs_of, visit.services.store, visit.slug, visit.state, motion.number, text.version)
    found = sources(runs)
    context: dict[str, Any] = {
        "motion": motion,
        "text": text,
        "passages": list(_passages(text, runs, found)),
        "sources": found,
        "people": [source for source in found if not source.amendment],
        "amendments": [source for source in found if source.amendment],
    }
    return render(visit, "motion_origins.html", context)


def sources(runs: Iterable[OriginRun]) -> tuple[WordSource, ...]:
    """People by the amount they wrote, then amendments by number."""
    letters: Counter[Key] = Counter()
    for run in runs:
        letters[run.person, run.amendment, run.accepted_by] += len(run.text)
    total = letters.total() or 1
    people = [(key, count) for key, count in letters.most_common() if not key[1]]
    brought = sorted(((key, count) for key, count in letters.items() if key[1]), key=lambda pair: pair[0][1])
    return (
        *(
            WordSource(person, 0, mark, (mark - 1) % COLOURS + 1, 100 * count / total, accepted)
            for mark, ((person, _, accepted), count) in enumerate(people, start=1)
        ),
        *(WordSource(person, amendment, 0, 0, 100 * count / total) for (person, amendment, _), count in brought),
    )


def _passages(text: Frozen, runs: Sequence[OriginRun], found: Sequence[WordSource]) -> Iterator[OriginPassage]:
    places = {(source.person, source.amendment, source.accepted_by): place for place, source in enumerate(found)}
    by_clause: dict[str, list[DiffPiece]] = {}
    for run in runs:
        piece = DiffPiece("equal", run.text, (places[run.person, run.amendment, run.accepted_by],))
        by_clause.setdefault(run.clause, []).append(piece)
    yield OriginPassage(None, tuple(by_clause.get(origins.TITLE, ())))
    for clause in text.clauses:
        yield OriginPassage(clause, tuple(by_clause.get(clause.id, ())))


routes = [Route("/c/{slug}/motions/{n:int}/origines", page, name="motion_origins")]
