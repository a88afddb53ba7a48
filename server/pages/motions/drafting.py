"""Drafting a motion by forms, one passage at a time: without JavaScript, or with a keyboard that the editor cannot
handle.

What is sent goes through the same path as every keystroke. Each form says which wording the person had before them:
others' changes in the meantime are kept, and if both changed the same words nothing is written and both versions are
shown (M13).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from deliberation.congress.congress import LONG, SHORT, too_long
from deliberation.kernel.errors import Refused
from deliberation.kernel.plain_text import cleaned, one_line
from deliberation.kernel.state import Motion
from deliberation.kernel.vocabulary import ClauseKind, Draft
from deliberation.motions.motions import refuse_writing
from deliberation.text.three_way import merge
from exports import comparison, labels
from server.pages.shell import forms
from server.pages.shell.rendering import render, status_of
from server.pages.shell.visit import Visit, arrive, number
from server.realtime import form_writing
from server.texts.motion import MotionText, derived_id

TITLE = "titre"
ADDED = "nouveau"
KEPT = "garde"
"""Query parameter after a passage was saved: its draft on the device can be deleted."""

GONE = Refused("text.clause_gone", "Quelqu’un vient de supprimer ce passage. Vos mots restent ci-dessous.", "text")
UNSEEN = Refused("text.changed_meanwhile", "Ce passage vient de changer : relisez-le avant de le supprimer.", "text")
CHANGED = Refused(
    "text.changed_meanwhile",
    "Quelqu’un a changé les mêmes mots pendant que vous écriviez. Comparez, puis enregistrez.",
    "text",
)
EMPTY = Refused("text.empty", "Écrivez quelques mots, ou supprimez le passage.", "text")


async def show(request: Request) -> Response:
    visit, found = await _arrive(request)
    if refuse_writing(visit.state, visit.actor, found.number, visit.now):
        return RedirectResponse(visit.url(f"motions/{found.number}/edition"), 303)
    text = await form_writing.read(visit.services.hub, visit.slug, _document(found), visit.actor)
    if isinstance(text, Refused):
        raise HTTPException(503)
    return _page(visit, found, text, _opened(text, request.query_params.get("clause", ""), request))


async def send(request: Request) -> Response:
    visit, found = await _arrive(request)
    form = await forms.read(request)
    edit = _Edit(form)
    if refused := refuse_writing(visit.state, visit.actor, found.number, visit.now) or edit.refuse():
        return await _again(visit, found, form, refused)
    written = await form_writing.write(visit.services.hub, visit.slug, _document(found), visit.actor, edit)
    if isinstance(written, Refused):
        return await _again(visit, found, form, written)
    place = f"#clause-{edit.landed}" if edit.landed else ""
    return RedirectResponse(visit.url(f"motions/{found.number}/edition?formulaires&{KEPT}{place}"), 303)


async def _arrive(request: Request) -> tuple[Visit, Motion]:
    visit = await arrive(request)
    found = visit.state.motions.get(number(request))
    if found is None:
        raise HTTPException(404)
    return visit, found


def _document(found: Motion) -> str:
    return f"motion-{found.number}"


class _Edit:
    """An act of a form on the current text. `landed` is the id of the clause to show afterwards."""

    def __init__(self, form: forms.Form) -> None:
        self._form = form
        self._clause = form.get("clause")
        self._text = cleaned(form.get("text")).strip()
        self.landed = "" if self._clause == TITLE else self._clause

    def refuse(self) -> Refused | None:
        if self._form.get("acte") not in _ACTS:
            return Refused("form.malformed", forms.MALFORMED, "acte")
        if self._form.get("acte") != "enregistrer":
            return None
        refused = too_long(self._text, "text", SHORT if self._clause == TITLE else LONG)
        return refused or (None if self._text else EMPTY)

    def __call__(self, text: MotionText) -> MotionText | Refused:
        return _ACTS[self._form.get("acte")](self, text)

    def save(self, text: MotionText) -> MotionText | Refused:
        if self._clause == TITLE:
            title = merge(self._form.get("base"), one_line(self._text), text.title)
            return CHANGED if title is None else replace(text, title=title)
        if self._clause == ADDED:
            return self._add(text)
        return self._change(text, self._rewritten)

    def delete(self, text: MotionText) -> MotionText | Refused:
        """Deletes the passage unless it changed since the person saw it."""
        draft = dict(text.clauses).get(self._clause)
        if draft is not None and draft.markdown != self._form.get("base"):
            return UNSEEN
        self.landed = ""
        return replace(text, clauses=tuple(each for each in text.clauses if each[0] != self._clause))

    def up(self, text: MotionText) -> MotionText | Refused:
        return self._move(text, -1)

    def down(self, text: MotionText) -> MotionText | Refused:
        return self._move(text, 1)

    def _move(self, text: MotionText, step: int) -> MotionText | Refused:
        if self._clause not in text.order:
            return GONE
        clauses = list(text.clauses)
        at = text.order.index(self._clause)
        to = min(max(at + step, 0), len(clauses) - 1)
        clauses[at], clauses[to] = clauses[to], clauses[at]
        return replace(text, clauses=tuple(clauses))

    def _add(self, text: MotionText) -> MotionText | Refused:
        """Adds a clause. Its id is derived from the form's, so that it is added once even if sent twice."""
        self.landed = id_ = derived_id(self._form.commande, 0)
        if id_ in text.order:
            return text
        after = self._form.get("apres")
        at = text.order.index(after) + 1 if after in text.order else (0 if after == "debut" else len(text.clauses))
        added = (id_, Draft(self._kind(ClauseKind.DEMANDE), self._text, self._addressee("")))
        return replace(text, clauses=(*text.clauses[:at], added, *text.clauses[at:]))

    def _change(self, text: MotionText, change: Callable[[Draft], Draft | Refused]) -> MotionText | Refused:
        clauses = []
        changed: Draft | Refused = GONE
        for id_, draft in text.clauses:
            if id_ == self._clause:
                changed = change(draft)
                draft = draft if isinstance(changed, Refused) else changed
            clauses.append((id_, draft))
        return changed if isinstance(changed, Refused) else replace(text, clauses=tuple(clauses))

    def _rewritten(self, draft: Draft) -> Draft | Refused:
        """The clause with the person's changes merged into others' changes."""
        words = merge(self._form.get("base"), self._text, draft.markdown)
        if words is None:
            return CHANGED
        kind = draft.kind if self._form.get("kind") == self._form.get("base_kind") else self._kind(draft.kind)
        unsaid = self._form.get("addressee") == self._form.get("base_addressee")
        return Draft(kind, words, draft.addressee if unsaid else self._addressee(draft.addressee))

    def _kind(self, fallback: ClauseKind) -> ClauseKind:
        return next((kind for kind in ClauseKind if kind.value == self._form.get("kind")), fallback)

    def _addressee(self, fallback: str) -> str:
        said = one_line(cleaned(self._form.get("addressee", fallback))).strip()
        return said[:SHORT]


_ACTS: dict[str, Callable[[_Edit, MotionText], MotionText | Refused]] = {
    "enregistrer": _Edit.save,
    "supprimer": _Edit.delete,
    "monter": _Edit.up,
    "descendre": _Edit.down,
}


def _opened(text: MotionText, clause: str, request: Request) -> forms.Form:
    """The form of a clause, the title or a new clause, from the current text; 404 for an unknown clause."""
    if clause == TITLE:
        return forms.Form({"clause": TITLE, "text": text.title, "base": text.title})
    if clause == ADDED:
        after = request.query_params.get("apres", "")
        before = dict(text.clauses).get(after)
        kind = before.kind.value if before else ClauseKind.VISA.value
        return forms.Form({"clause": ADDED, "apres": after, "kind": kind, "text": ""})
    draft = dict(text.clauses).get(clause)
    if draft is None:
        raise HTTPException(404)
    return forms.Form(_values(clause, draft))


def _values(clause: str, draft: Draft) -> dict[str, str]:
    values = {"text": draft.markdown, "kind": draft.kind.value, "addressee": draft.addressee}
    seen = {"base": draft.markdown, "base_kind": draft.kind.value, "base_addressee": draft.addressee}
    return {"clause": clause, **values, **seen}


async def _again(visit: Visit, found: Motion, form: forms.Form, refused: Refused) -> Response:
    """The same form with what was typed, on the current text: sent again, it refers to what the person has now seen."""
    text = await form_writing.read(visit.services.hub, visit.slug, _document(found), visit.actor)
    now = text if isinstance(text, MotionText) else MotionText()
    values, present = dict(form.values), dict(now.clauses).get(form.get("clause"))
    if refused.code == GONE.code:
        values |= {"clause": ADDED, "apres": ""}
    elif present and form.get("acte") != "enregistrer":
        values = _values(form.get("clause"), present)
    elif refused.code == CHANGED.code:
        values["base"] = now.title if form.get("clause") == TITLE else present.markdown if present else ""
    answered = forms.Form(values).answered(refused)
    standing = values["base"] if refused is CHANGED else None
    return _page(visit, found, now, answered, status_of(refused), standing)


def _page(
    visit: Visit, found: Motion, text: MotionText, form: forms.Form, status: int = 200, standing: str | None = None
) -> Response:
    """`standing`: the words that others wrote meanwhile, for comparison."""
    context: dict[str, Any] = {
        "motion": found,
        "form": form,
        "clause": form.get("clause"),
        "kinds": [(kind.value, visit.words(labels.CLAUSES[kind])) for kind in ClauseKind],
        "pieces": None if standing is None else comparison.pieces(standing, form.get("text")),
        "first": bool(text.order) and text.order[0] == form.get("clause"),
        "last": bool(text.order) and text.order[-1] == form.get("clause"),
    }
    return render(visit, "motion_passage.html", context, status, keep=False)


routes = [
    Route("/c/{slug}/motions/{n:int}/edition/passage", show, methods=["GET"], name="drafting"),
    Route("/c/{slug}/motions/{n:int}/edition/passage", send, methods=["POST"], name="drafting_send"),
]
