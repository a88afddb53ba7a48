"""Comparing two frozen versions of a motion, with the amendments behind each change where they are known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from deliberation.kernel.state import Frozen, Motion, State
from exports import comparison, naming
from exports.comparison import ComparedPassage
from exports.translations import Translator
from server.pages.motions.motion_text import version_asked
from server.pages.shell.rendering import kept_copy, render
from server.pages.shell.visit import Visit, arrive, number


@dataclass(frozen=True)
class Fold:
    """Consecutive unchanged passages, which are shown on demand."""

    passages: tuple[ComparedPassage, ...]


async def compare(request: Request) -> Response:
    visit = await arrive(request)
    if copy := kept_copy(visit):
        return copy
    motion = visit.state.motions.get(number(request))
    if motion is None or not motion.frozen:
        raise HTTPException(404)
    before, after = _versions(motion, request.query_params)
    passages = passages_of(visit.state, motion, before, after)
    context = {
        "motion": motion,
        "before": before,
        "after": after,
        "rows": list(_rows(passages, whole=request.query_params.get("tout") == "1")),
        "whole": request.query_params.get("tout") == "1",
        "said": list(_said(visit.words, Counter(passage.change for passage in passages))),
        "consolidated": is_consolidated(before, after),
        "label_of": lambda passage: _label(visit, passage),
    }
    return render(visit, "comparison.html", context)


def passages_of(state: State, motion: Motion, before: Frozen, after: Frozen) -> tuple[ComparedPassage, ...]:
    """The comparison, with the amendments behind each change if `after` is `before` with amendments merged."""
    if is_consolidated(before, after):
        return comparison.consolidated(before, after, (state.amendments[n] for n in after.adopted))
    return comparison.between(before, after)


def is_consolidated(before: Frozen, after: Frozen) -> bool:
    """Whether `after` is `before` with amendments merged."""
    return after.base == before.version != after.version


def _versions(motion: Motion, query: Mapping[str, str]) -> tuple[Frozen, Frozen]:
    """Those in the address; else the current text and the one that its amendments aimed at, or the version before."""
    after = _version(motion, query.get("a", ""), len(motion.frozen))
    standard = after.base if after.base != after.version else max(1, after.version - 1)
    return _version(motion, query.get("de", ""), standard), after


def _version(motion: Motion, asked: str, standard: int) -> Frozen:
    return motion.frozen[version_asked(motion, asked, standard) - 1]


def _rows(passages: Sequence[ComparedPassage], whole: bool) -> Iterator[ComparedPassage | Fold]:
    same: list[ComparedPassage] = []
    for passage in passages:
        if not whole and passage.change == "same":
            same.append(passage)
            continue
        if same:
            yield Fold(tuple(same))
            same = []
        yield passage
    if same:
        yield Fold(tuple(same))


def _said(words: Translator, counts: Mapping[str, int]) -> Iterator[str]:
    """How many passages changed, in words."""
    forms = {
        "changed": words.many("{n} passage modifié", "{n} passages modifiés", counts["changed"]),
        "added": words.many("{n} passage ajouté", "{n} passages ajoutés", counts["added"]),
        "removed": words.many("{n} passage supprimé", "{n} passages supprimés", counts["removed"]),
        "moved": words.many("{n} passage déplacé", "{n} passages déplacés", counts["moved"]),
    }
    return (said for change, said in forms.items() if counts[change])


def _label(visit: Visit, passage: ComparedPassage) -> str:
    return naming.clause_label(visit.words, passage.clause) if passage.clause else visit.words("Titre")


routes = [Route("/c/{slug}/motions/{n:int}/comparaison", compare, name="comparison")]
