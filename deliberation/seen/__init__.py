"""Refuses an act whose object changed after its sender's page was drawn (S20).

A *mark* describes the state of an object in one line, such as `pending` or `published 2026-11-23T02:45:26.123Z`. A page
sends it along in a hidden field of each form, the form returns it as `Request.seen`, and it is compared with the mark
of the object as it is now. Marks are not recorded.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliberation.kernel import commands as c
from deliberation.kernel.errors import Refused
from deliberation.kernel.state import State
from deliberation.seen.answers import NOTHING, OBJECTS
from deliberation.seen.marks import BETWEEN, IS, MARKS, SETTINGS, mark, named_marks, settings_mark
from deliberation.seen.sentences import CODE, ELSE, TOLD, refuse_settings


def refuse(state: State, request: c.Request) -> Refused | None:
    """The refusal of a request if one of the objects that it acts on has changed since its sender saw it, else None.

    The message says what has changed.
    """
    about = OBJECTS.get(type(request.command))
    if not request.seen or about is None:
        return None
    refusals = (_refuse(state, *each) for each in shown(request.seen, about(request.command)))
    return next(filter(None, refusals), None)


def shown(seen: str, subjects: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Pairs (object, its mark in `seen`). `seen` is either one mark, which is that of the first object, or a list of
    named marks as `named_marks` writes it; objects that it does not name are left out.
    """
    if IS not in seen:
        yield from ((subject, seen) for subject in subjects[:1])
        return
    named = dict(each.partition(IS)[::2] for each in seen.split(BETWEEN))
    yield from ((subject, named[subject]) for subject in dict.fromkeys(subjects) if subject in named)


def _refuse(state: State, subject: str, seen: str) -> Refused | None:
    kind, _, name = subject.partition("-")
    if kind == SETTINGS:
        return refuse_settings(state.settings, seen)
    if kind not in MARKS or seen == mark(state, subject):
        return None
    return TOLD[kind](state, name, seen) or Refused(CODE, ELSE)


__all__ = ["CODE", "MARKS", "NOTHING", "OBJECTS", "SETTINGS", "TOLD", "mark", "named_marks", "refuse", "settings_mark"]
