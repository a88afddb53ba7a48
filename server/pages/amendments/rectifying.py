"""An author's changes to their amendment: another wording under the same number, or the exact words of an
instruction.
"""

from __future__ import annotations

from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from deliberation.amendments import rectifying as rules
from deliberation.amendments.dispositif import reading
from deliberation.kernel import commands as c
from deliberation.kernel import events as e
from deliberation.kernel.errors import Refused
from deliberation.kernel.state import Amendment, State
from deliberation.kernel.vocabulary import Aim
from exports import naming
from exports.comparison import clause_in
from exports.dispositifs import dispositif
from server.pages.amendments import composing
from server.pages.amendments.amendment_changes import base_text
from server.pages.amendments.tabling import (
    SENTENCE,
    AmendmentDraft,
    carried_view,
    edit_of,
    proposed,
    seen,
    words_there,
    writing,
)
from server.pages.shell import forms
from server.pages.shell.rendering import confirmed, render, status_of, submit
from server.pages.shell.visit import Visit, arrive, number


async def rectify(request: Request) -> Response:
    visit = await arrive(request)
    amendment = _own(visit)
    given = {"rationale": amendment.rationale, "after": amendment.after or naming.BEGINNING}
    form = forms.Form({**given, "new_kind": amendment.new_kind})
    if amendment.further:
        form = composing.at(form, amendment.edits[0], amendment.further)
    if amendment.is_worded:
        return _page(visit, amendment, form)
    words = _instructed(visit.state, amendment)
    if isinstance(words, Refused):
        return _page(visit, amendment, form, unread=words)
    return _page(visit, amendment, forms.Form({**form.values, "text": words}))


def _instructed(state: State, amendment: Amendment) -> str | Refused:
    """The exact words that follow from the instruction of the amendment; Refused if it gives none."""
    amendments = {amendment.parent: state.amendments[amendment.parent]} if amendment.parent else {}
    edit = reading.read(amendment.instruction, base_text(state, amendment), amendments)
    if isinstance(edit, Refused):
        return edit
    aimed = amendment.aim, amendment.clause, amendment.parent, amendment.edit_rank
    if edit.further or (edit.aim, edit.clause, edit.parent, edit.edit_rank) != aimed:
        return Refused("dispositif.elsewhere", "Cette consigne change un autre passage que celui de l’amendement.")
    return edit.text


async def rectified(request: Request) -> Response:
    visit = await arrive(request)
    amendment = _own(visit)
    form = await forms.read(request)
    proposal = _proposal(visit.state, amendment, form)
    if isinstance(proposal, Refused):
        return _page(visit, amendment, form.answered(proposal), status=status_of(proposal))
    if (composed := _composed(visit, amendment, form, proposal)) is not None:
        return composed
    if form.get("etape") == SENTENCE:
        previewed = _state_if_sent(visit, amendment, form, proposal)
        return PlainTextResponse(
            "" if isinstance(previewed, Refused) else dispositif(previewed, previewed.amendments[amendment.number])
        )
    if form.get("etape") == "relire":
        return _page(visit, amendment, form, preview=True)
    if form.get("etape") == "corriger":
        return _page(visit, amendment, form)
    outcome = await submit(visit, form, _command(form, amendment, proposal))
    if isinstance(outcome, Refused):
        return _page(visit, amendment, form.answered(outcome), status=status_of(outcome))
    return confirmed(outcome, visit.url(f"amendements/{amendment.number}"))


def _composed(visit: Visit, amendment: Amendment, form: forms.Form, proposal: AmendmentDraft) -> Response | None:
    """The answer to a step from one of its passages to another (A43); None where the form asks for something else."""
    if dropped := composing.step(form, composing.DROP):
        return _page(visit, amendment, composing.without(form, dropped))
    resumed = composing.step(form, composing.RESUME)
    if resumed is None:
        return None
    previewed = _state_if_sent(visit, amendment, form, proposal)
    if isinstance(previewed, Refused) and previewed.code != "amendment.unchanged":
        return _page(visit, amendment, form.answered(previewed), status=status_of(previewed))
    return _page(visit, amendment, composing.gathered(form, edit_of(form, proposal), resumed))


def _own(visit: Visit) -> Amendment:
    """The amendment in the address; it must be pending and the visitor's own."""
    found = visit.state.amendments.get(number(visit.request))
    if found is None or found.outcome is not None:
        raise HTTPException(404)
    if found.author != visit.actor:
        raise HTTPException(403)
    return found


def _command(form: forms.Form, amendment: Amendment, proposal: AmendmentDraft) -> c.Command | Refused:
    if not amendment.is_worded:
        return form.command(c.WordAmendment, amendment=amendment.number, text=proposal.text)
    if amendment.further:
        edits = [edit_of(form, proposal), *composing.others(form)]
        return form.command(
            c.RectifyAmendment,
            amendment=amendment.number,
            rationale=form.get("rationale"),
            edits=[forms.plain(edit) for edit in edits],
        )
    return form.command(
        c.RectifyAmendment,
        amendment=amendment.number,
        text=proposal.text,
        rationale=form.get("rationale"),
        after="" if form.get("after") == naming.BEGINNING else form.get("after"),
        new_kind=form.get("new_kind"),
    )


def _written_now(amendment: Amendment, form: forms.Form) -> Amendment:
    """The amendment with the one edit at which the form writes."""
    singles = amendment.single_edits
    return next((x for x in singles if composing.choice_of(x) == form.get("cible")), singles[0])


def _proposal(state: State, amendment: Amendment, form: forms.Form) -> AmendmentDraft | Refused:
    base, amendment = base_text(state, amendment), _written_now(amendment, form)
    parent = state.amendments.get(amendment.parent or 0)
    parent = parent and parent.edit_at(amendment.edit_rank)
    clause = clause_in(base, amendment.clause)
    before = words_there(base, amendment.aim, clause)
    if parent and amendment.aim is not Aim.INSERT:
        before = parent.wording.text
    text = amendment.wording.text or before
    motion = state.motions[amendment.motion]
    return proposed(form, AmendmentDraft(motion, base, amendment.aim, clause, before, text, parent))


def _page(
    visit: Visit,
    amendment: Amendment,
    form: forms.Form,
    preview: bool = False,
    status: int = 200,
    unread: Refused | None = None,
) -> Response:
    """`unread` says why the instruction of the amendment gives no exact words."""
    proposal = _proposal(visit.state, amendment, form)
    if isinstance(proposal, Refused):  # what the editor sent is no text: the words as they were are shown again
        proposal = _proposal(visit.state, amendment, forms.Form())
        assert isinstance(proposal, AmendmentDraft)
    shown = _preview(visit, amendment, form, proposal) if preview else None
    if isinstance(shown, Refused):
        form, status, shown = form.answered(shown), status_of(shown), None
    now, about = _written_now(amendment, form), f"rectification {amendment.number} {amendment.rectified}"
    place = naming.place_of(now)
    context: dict[str, Any] = {
        **writing(visit, form, proposal),
        **carried_view(visit, form, proposal.motion),
        "form": form,
        "motion": proposal.motion,
        "motions": [proposal.motion],
        "amendment": amendment,
        "allowed": True,
        "closed": None,
        "preview": shown,
        "place": naming.place_label(visit.words, proposal.clause, place),
        "passage": naming.passage_path(amendment.motion, place, amendment.base),
        "choices": [],
        "act": _act(visit, amendment, now),
        "address": visit.url(f"amendements/{amendment.number}/rectification"),
        "draft": f"{about} {composing.choice_of(now)}" if amendment.further else about,
        "drafts": composing.drafts(form, about),
        "late": False,
        "may_instruct": False,
        "unread": unread,
    }
    return render(visit, "amendment_form.html", context, status, keep=False)


def _act(visit: Visit, amendment: Amendment, now: Amendment) -> str:
    """What the page is for; of an amendment to several passages, at which of them it writes."""
    name = naming.amendment_name(visit.words, amendment)
    if amendment.further:
        name = f"{name} — {naming.edit_label(visit.state, visit.words, now)}"
    if amendment.is_worded:
        return visit.words("Rectifier : {name}", name=name)
    return visit.words("Écrire les mots exacts : {name}", name=name)


def _preview(
    visit: Visit, amendment: Amendment, form: forms.Form, proposal: AmendmentDraft
) -> dict[str, Any] | Refused:
    """The amendment as it would be with these words, or the refusal."""
    previewed = _state_if_sent(visit, amendment, form, proposal)
    return previewed if isinstance(previewed, Refused) else seen(visit, previewed, amendment.number)


def _state_if_sent(visit: Visit, amendment: Amendment, form: forms.Form, proposal: AmendmentDraft) -> State | Refused:
    """The state as if these words were sent, or the refusal."""
    state, command = visit.state, _command(form, amendment, proposal)
    if isinstance(command, c.WordAmendment):
        worded = rules.worded(state, amendment, command.text, command.spans)
        event: e.Event | Refused = worded
    elif isinstance(command, c.RectifyAmendment):
        event = rules.rectified(state, amendment, command)
    else:
        assert isinstance(command, Refused)
        event = command
    if isinstance(event, Refused):
        return event
    recorded = e.Recorded(state.size, visit.now, visit.actor, event.kind, event.document, event)
    return rules.EVOLVE[type(event)](state, recorded, event)


routes = [
    Route("/c/{slug}/amendements/{n:int}/rectification", rectify, methods=["GET"], name="rectification"),
    Route("/c/{slug}/amendements/{n:int}/rectification", rectified, methods=["POST"], name="rectification_send"),
]
