"""Comments and suggestions on a draft, beside the words they are about (K1–K5)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from deliberation import seen
from deliberation.congress.congress import refuse_phase
from deliberation.kernel import commands as c
from deliberation.kernel import ids
from deliberation.kernel.errors import Refused
from deliberation.kernel.state import Motion, Remark, State
from deliberation.kernel.vocabulary import Clause, Phase
from deliberation.motions import addressing, remarks
from deliberation.motions.motions import draft_clauses, refuse_writing
from deliberation.text.three_way import merge
from deliberation.text.words import diff_words
from exports import comparison, naming
from server.pages.shell import forms
from server.pages.shell.rendering import confirmed, kept_copy, refusal_text, render, status_of, submit
from server.pages.shell.visit import Visit, again, arrive, number
from server.realtime import form_writing
from server.texts import markdown, prosemirror
from server.texts.blocks import plain_words
from server.texts.markdown import read as blocks_of
from server.texts.motion import MotionText

CHANGED = Refused(
    "remark.changed_meanwhile",
    "Ces mots ont changé depuis la suggestion : récrivez le passage vous-même, ou écartez-la.",
)
GONE = Refused("remark.no_clause", "Ce passage n’est plus dans le texte.")
MOVED_ON = Refused(
    "remark.changed_meanwhile",
    "Quelqu’un vient de changer ces mots : relisez le passage, puis suggérez à nouveau.",
    "proposal",
)
SUGGESTED_ANEW = Refused(
    seen.CODE, "Depuis que cette page a été affichée, les suggestions de cette personne ont changé. Relisez-les."
)
REPEATED = "remark.settled"
MARGIN = "marge"
"""Query parameter by which the editor asks for the threads alone."""


@dataclass(frozen=True)
class RemarkThread:
    """`pieces` is what a suggestion changes in the current words; None if others changed the same words."""

    first: Remark
    replies: tuple[Remark, ...]
    pieces: comparison.Pieces | None
    stale: bool

    @property
    def words(self) -> list[tuple[str, str]]:
        """The same without Markdown, as the editor shows it in its text; [] for a comment."""
        before, after = (self._side(op) for op in ("insert", "delete"))
        return diff_words(before, after) if before != after else []

    def _side(self, without: str) -> str:
        """The letters of one side of the change, without pieces of the kind `without`."""
        text = "".join(piece.text for piece in self.pieces or () if piece.op != without)
        return plain_words(blocks_of(text), "\n")


@dataclass(frozen=True)
class RemarkPassage:
    """`clause` is None for remarks on the whole, and on a passage that was deleted."""

    id: str
    clause: Clause | None
    label: str
    open: tuple[RemarkThread, ...]
    settled: tuple[RemarkThread, ...]


async def page(request: Request) -> Response:
    visit = await arrive(request)
    found = _found(visit)
    return _margin(visit, found) if MARGIN in request.query_params else _page(visit, found, forms.Form())


def _margin(visit: Visit, motion: Motion) -> Response:
    """The threads alone, for everybody who may read the draft; those who only read get the same cached copy."""
    if copy := kept_copy(visit):
        return copy
    return render(visit, "fragments/margin.html", _context(visit, motion, forms.Form()))


def _found(visit: Visit) -> Motion:
    found = visit.state.motions.get(number(visit.request))
    if found is None:
        raise HTTPException(404)
    return found


async def act(request: Request) -> Response:
    visit = await arrive(request)
    found, form = _found(visit), await forms.read(request)
    outcome = await _ACTS[form.get("acte")](visit, found, form) if form.get("acte") in _ACTS else _MALFORMED
    if MARGIN in request.query_params:
        return await _told(request, outcome)
    if isinstance(outcome, Refused):
        return _page(visit, found, form.answered(outcome), status_of(outcome))
    return confirmed(outcome, visit.url(f"motions/{found.number}/remarques#remarque-{_landed(form, outcome)}"))


async def _told(request: Request, outcome: object) -> Response:
    """The margin after an act; or the refusal, which the editor shows at its place."""
    visit = await arrive(request)
    if not isinstance(outcome, Refused):
        return _margin(visit, _found(visit))
    said = {"code": outcome.code, "message": refusal_text(outcome, visit.words, visit.timezone)}
    return JSONResponse(said, status_of(outcome), {"Cache-Control": "no-store"})


_MALFORMED = Refused("form.malformed", forms.MALFORMED, "acte")


def _landed(form: forms.Form, outcome: object) -> int:
    """The thread to show afterwards."""
    known = form.integer("remark") or form.integer("reply_to")
    return known or ids.split(getattr(outcome, "document", f"{ids.REMARK}-0"))[1]


async def _make(visit: Visit, motion: Motion, form: forms.Form) -> object:
    await _caught_up(visit, motion)
    fields = {name: form.get(name) for name in ("clause", "text", "quote", "anchor")}
    reply_to = form.integer("reply_to")
    return await submit(visit, form, form.command(c.MakeRemark, motion=motion.number, reply_to=reply_to, **fields))


async def _suggest(visit: Visit, motion: Motion, form: forms.Form) -> object:
    await _caught_up(visit, motion)
    proposal = await _proposal(visit, motion, form)
    if isinstance(proposal, Refused):
        return proposal
    fields = {name: form.get(name) for name in ("clause", "text", "quote", "anchor")}
    return await submit(visit, form, form.command(c.MakeRemark, motion=motion.number, proposal=proposal, **fields))


async def _caught_up(visit: Visit, motion: Motion) -> None:
    """Records what was typed so far: a remark may be about words typed just now."""
    await visit.services.hub.flush(visit.slug, ids.document(ids.MOTION, motion.number))


async def _proposal(visit: Visit, motion: Motion, form: forms.Form) -> str | Refused:
    """The words suggested: typed as Markdown, or sent by the editor with those that the person had before them."""
    if not form.get("contenu"):
        return form.get("proposal")
    try:
        base, wanted = (markdown.write(prosemirror.read(form.get(name))) for name in ("vu", "contenu"))
    except prosemirror.MalformedDocument:
        return _MALFORMED
    draft = (await again(visit)).state.motions[motion.number].draft.get(form.get("clause"))
    return merge(base, wanted, draft.markdown if draft else base) or MOVED_ON


async def _settle(visit: Visit, motion: Motion, form: forms.Form) -> object:
    remark, status = form.integer("remark") or 0, form.get("status")
    return await submit(visit, form, form.command(c.SettleRemark, remark=remark, status=status))


async def _accept(visit: Visit, motion: Motion, form: forms.Form) -> object:
    return await _accepted(visit, motion, form, form.integer("remark") or 0)


async def _accept_all(visit: Visit, motion: Motion, form: forms.Form) -> object:
    """Every open suggestion of one author, in the order of their making; stops at the first that does not fit."""
    suggested = _suggested_by(visit, motion, form)
    if isinstance(suggested, Refused):
        return suggested
    outcome: object = remarks.not_found()
    for remark in suggested:
        outcome = await _accepted(visit, motion, form, remark.number)
        if isinstance(outcome, Refused):
            return outcome
    return outcome


async def _decline_all(visit: Visit, motion: Motion, form: forms.Form) -> object:
    """Every open suggestion of one author is declined, or taken back by who made it."""
    suggested = _suggested_by(visit, motion, form)
    if isinstance(suggested, Refused):
        return suggested
    outcome: object = remarks.not_found()
    for remark in suggested:
        fields = forms.Form({**form.values, "commande": f"{form.commande}-{remark.number}"})
        command = fields.command(c.SettleRemark, remark=remark.number, status=remarks.DECLINED)
        outcome = await submit(visit, fields, command)
        if isinstance(outcome, Refused):
            return outcome
    return outcome


def _suggestions(state: State, motion: Motion) -> list[Remark]:
    """The open suggestions, in the order of their making."""
    return [x for x in remarks.threads(state, motion.number) if x.is_suggestion and x.status == remarks.OPEN]


def _suggested_by(visit: Visit, motion: Motion, form: forms.Form) -> list[Remark] | Refused:
    """The open suggestions of one author, where they are those that the page showed."""
    own = [x for x in _suggestions(visit.state, motion) if x.author == form.get("author")]
    shown = form.get(forms.SEEN)
    documents = (ids.document(ids.REMARK, x.number) for x in own)
    return own if shown in ("", seen.named_marks(visit.state, *documents)) else SUGGESTED_ANEW


async def _accepted(visit: Visit, motion: Motion, form: forms.Form, remark: int) -> object:
    """Writes the words, then records the acceptance; if that is cut in between and sent again, it is completed."""
    suggestion, client = visit.state.remarks.get(remark), form_writing.new_client()
    if suggestion is None or suggestion.motion != motion.number or not suggestion.is_suggestion:
        return remarks.not_found()
    command = c.AcceptRemark(remark, client)
    if stale := seen.refuse(visit.state, c.Request("", visit.slug, visit.actor, command, form.get(forms.SEEN))):
        return stale
    if suggestion.status == remarks.OPEN:
        document = ids.document(ids.MOTION, motion.number)
        hub = visit.services.hub
        await _caught_up(visit, motion)  # what the person typed before is recorded apart
        written = await form_writing.write(
            hub, visit.slug, document, visit.actor, lambda text: accepted(suggestion, text), client
        )
        if isinstance(written, Refused):
            return written
    fields = forms.Form({**form.values, "commande": f"{form.commande}-{remark}", forms.SEEN: ""})
    return await submit(visit, fields, command)  # what was seen is compared before the words are written


def accepted(suggestion: Remark, text: MotionText) -> MotionText | Refused:
    """The text with the words of a suggestion merged into others' changes of the clause (K4)."""
    assert suggestion.proposal is not None
    draft = dict(text.clauses).get(suggestion.clause)
    if draft is None:
        return GONE
    words = merge(suggestion.base, suggestion.proposal, draft.markdown)
    if words is None:
        return CHANGED
    reworded = replace(draft, markdown=words)
    return replace(text, clauses=tuple((id_, reworded if id_ == suggestion.clause else x) for id_, x in text.clauses))


_ACTS = {
    "commenter": _make,
    "suggerer": _suggest,
    "suite": _settle,
    "accepter": _accept,
    "accepter-tout": _accept_all,
    "ecarter-tout": _decline_all,
}


def _page(visit: Visit, motion: Motion, form: forms.Form, status: int = 200) -> Response:
    context = _context(visit, motion, form)
    return render(visit, "remarks.html", context, status, keep=not context["may_remark"])


def may_remark(visit: Visit, motion: Motion) -> bool:
    """Whether the visitor may comment on that text now (K1)."""
    drafting = motion.status == "drafting" and refuse_phase(visit.state, visit.now, Phase.DRAFTING) is None
    return drafting and visit.may(c.MakeRemark)


def _context(visit: Visit, motion: Motion, form: forms.Form) -> dict[str, Any]:
    passages = list(_passages(visit, motion))
    suggesting: dict[str, list[str]] = {}
    for remark in _suggestions(visit.state, motion):
        suggesting.setdefault(remark.author, []).append(ids.document(ids.REMARK, remark.number))
    return {
        "motion": motion,
        "form": form,
        "passages": passages,
        "may_remark": may_remark(visit, motion),
        "may_write": refuse_writing(visit.state, visit.actor, motion.number, visit.now) is None,
        "suggesting": suggesting,
        "said": lambda remark: addressing.shown(remark, partial(naming.name_of, visit.state, visit.words)),
        "count": sum(len(passage.open) for passage in passages),
        "asked": visit.request.query_params.get("passage", "")[:80],
    }


def _passages(visit: Visit, motion: Motion) -> Iterator[RemarkPassage]:
    """The whole, each clause in its order, and deleted passages with remarks."""
    clauses = {clause.id: clause for clause in draft_clauses(motion)}
    labels = {id_: naming.clause_label(visit.words, clause) for id_, clause in clauses.items()}
    gone = dict.fromkeys(x.clause for x in remarks.threads(visit.state, motion.number) if x.clause not in clauses)
    for id_ in ("", *clauses, *(id_ for id_ in gone if id_)):
        label = labels.get(id_, visit.words("Un passage qui n’est plus dans le texte") if id_ else "")
        threads = [_thread(visit, x, clauses.get(id_)) for x in remarks.threads(visit.state, motion.number, id_)]
        opened = tuple(x for x in threads if x.first.status == remarks.OPEN)
        settled = tuple(x for x in threads if x.first.status != remarks.OPEN)
        yield RemarkPassage(id_, clauses.get(id_), label or visit.words("L’ensemble du texte"), opened, settled)


def _thread(visit: Visit, first: Remark, clause: Clause | None) -> RemarkThread:
    pieces = None
    if first.proposal is not None:
        now = clause.markdown if clause and first.status == remarks.OPEN else first.base
        words = merge(first.base, first.proposal, now)
        pieces = None if words is None else comparison.pieces(now, words)
    quoted = first.quote and clause is not None and first.quote not in clause.markdown
    return RemarkThread(first, remarks.replies(visit.state, first.number), pieces, bool(quoted))


routes = [
    Route("/c/{slug}/motions/{n:int}/remarques", page, methods=["GET"], name="remarks"),
    Route("/c/{slug}/motions/{n:int}/remarques", act, methods=["POST"], name="remark_act"),
]
