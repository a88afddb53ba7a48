"""Writing an amendment: the passage and what to do with it are in the address, the words in a form; read again, tabled.

The form is plain. Where the browser can, an editor stands in its place and sends the clause as the editor has it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from deliberation import commands as c
from deliberation import ids
from deliberation.congress import refuse_phase
from deliberation.errors import Refused
from deliberation.motions import base_of
from deliberation.state import Amendment, Frozen, Motion, State
from deliberation.vocabulary import Aim, Clause, ClauseKind, Phase
from exports.comparison import clause_in, of_proposal
from server.pages import forms, labels, naming
from server.pages.amending import as_it_would_read, meeting_view
from server.pages.rendering import confirmed, render, status_of, submit
from server.pages.visit import Visit, arrive
from server.texts.prosemirror import Malformed
from server.texts.rewording import content, reworded


@dataclass(frozen=True)
class Proposal:
    """What somebody is writing: where, what it does there, the frozen words and theirs."""

    motion: Motion
    base: Frozen
    aim: Aim
    clause: Clause | None
    before: str
    text: str


async def new(request: Request) -> Response:
    """First choose what to change, then write: the address holds the choice."""
    visit = await arrive(request)
    asked = visit.request.query_params
    return _form(visit, forms.Form({"motion": asked.get("motion", ""), "cible": asked.get("cible", "")}))


async def table(request: Request) -> Response:
    visit = await arrive(request)
    form = await forms.read(request)
    proposal = _proposal(visit, form)
    if isinstance(proposal, Refused):
        return _form(visit, form.answered(proposal), status=status_of(proposal))
    if form.get("etape") == "relire":
        return _form(visit, form, preview=True)
    if form.get("etape") == "corriger":
        return _form(visit, form)
    outcome = await submit(visit, form, _command(form, proposal))
    if isinstance(outcome, Refused):
        return _form(visit, form.answered(outcome), status=status_of(outcome))
    return confirmed(outcome, visit.url(f"amendements/{ids.split(outcome.document)[1]}"))


def _command(form: forms.Form, proposal: Proposal | None) -> c.TableAmendment | Refused:
    aim, clause = target(form.get("cible"))
    return form.command(
        c.TableAmendment,
        motion=form.integer("motion") or 0,
        aim=aim,
        clause=clause,
        text=proposal.text if proposal else form.get("text"),
        rationale=form.get("rationale"),
        new_kind=form.get("new_kind"),
        late_reason=form.get("late_reason"),
    )


def target(choice: str) -> tuple[str, str]:
    """The aim and the clause of a choice such as `rewrite:k3f…`, `titre` or `insert:debut`."""
    if choice == naming.TITLE:
        return Aim.TITLE.value, ""
    aim, _, clause = choice.partition(":")
    return aim, "" if clause == naming.BEGINNING else clause


def _proposal(visit: Visit, form: forms.Form) -> Proposal | Refused | None:
    """None while it is not said what to change; Refused when what the editor sent is no text."""
    motion = _motion(visit, form)
    base = base_of(motion) if motion else None
    aim, clause_id = target(form.get("cible"))
    if motion is None or base is None or aim not in {a.value for a in Aim}:
        return None
    clause = clause_in(base, clause_id)
    if clause is None and (aim in ("rewrite", "delete") or clause_id):
        return None
    before = base.title if aim == "title" else clause.markdown if clause and aim != "insert" else ""
    text = _words(form, before) if aim != "delete" else ""
    return text if isinstance(text, Refused) else Proposal(motion, base, Aim(aim), clause, before, text)


def _words(form: forms.Form, before: str) -> str | Refused:
    """The words proposed: the editor's where it was used, else those typed into the plain field."""
    if not form.get("contenu"):
        return form.get("text", before)
    try:
        return reworded(before, form.get("contenu"))
    except Malformed:
        return Refused("form.malformed", forms.MALFORMED, "text")


def _motion(visit: Visit, form: forms.Form) -> Motion | None:
    frozen = [m for m in visit.state.motions.values() if m.status == "frozen"]
    chosen = form.integer("motion")
    if chosen is None:
        return frozen[0] if len(frozen) == 1 else None
    found = visit.state.motions.get(chosen)
    return found if found and found.status == "frozen" else None


def _form(visit: Visit, form: forms.Form, preview: bool = False, status: int = 200) -> Response:
    motion = _motion(visit, form)
    base = base_of(motion) if motion else None
    proposal = _proposal(visit, form)
    context: dict[str, Any] = {
        "form": form,
        "motion": motion,
        "base": base,
        "motions": [m for m in visit.state.motions.values() if m.status == "frozen"],
        "label_of": lambda clause: naming.clause_label(visit.words, clause),
        "allowed": visit.may(c.TableAmendment),
        "late": _late(visit.state, visit.now),
        "closed": refuse_phase(visit.state, visit.now, Phase.AMENDMENTS, Phase.VOTE),
        "kinds": [(kind.value, visit.words(labels.CLAUSES[kind])) for kind in ClauseKind],
        "proposal": None,
        "preview": None,
    }
    if isinstance(proposal, Proposal):
        context |= _writing(visit, form, proposal)
        context["preview"] = _preview(visit, form, proposal) if preview else None
    return render(visit, "amendment_form.html", context, status, keep=False)


def _late(state: State, now: ids.Instant) -> bool:
    """Past the deadline, but tabling in session is still possible."""
    return refuse_phase(state, now, Phase.AMENDMENTS) is not None and refuse_phase(state, now, Phase.VOTE) is None


def _writing(visit: Visit, form: forms.Form, proposal: Proposal) -> dict[str, Any]:
    place = naming.TITLE if proposal.aim is Aim.TITLE else proposal.clause.id if proposal.clause else naming.BEGINNING
    return {
        "proposal": proposal,
        "aim": proposal.aim.value,
        "clause": proposal.clause,
        "label": naming.place_label(visit.words, proposal.clause, place),
        "act": naming.act_label(visit.words, proposal.aim, proposal.clause),
        "passage": naming.passage_path(proposal.motion.number, place),
        "choices": _choices(place),
        "new_kind": form.get("new_kind") or (proposal.clause.kind.value if proposal.clause else "visa"),
        "editor": _editor(proposal),
    }


def _choices(place: str) -> list[tuple[str, str]]:
    """What may be done at a place, as it stands in addresses, with its name."""
    if place == naming.TITLE:
        return [(naming.TITLE, labels.AIMS["title"])]
    if place == naming.BEGINNING:
        return [(f"insert:{place}", labels.AIMS["insert"])]
    verbs = (("rewrite", labels.AIMS["rewrite"]), ("delete", labels.AIMS["delete"]), ("insert", labels.INSERT_AFTER))
    return [(f"{aim}:{place}", label) for aim, label in verbs]


def _editor(proposal: Proposal) -> dict[str, str]:
    """What the editor begins with: the frozen words, and those already written."""
    if proposal.aim in (Aim.DELETE, Aim.TITLE):
        return {"before": proposal.before, "now": proposal.text}
    before, now = (_json(content(text)) for text in (proposal.before, proposal.text))
    return {"before": before, "now": now}


def _json(value: object) -> str:
    """As the browser writes it: what is kept there and what is sent from here can be told to be the same."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _preview(visit: Visit, form: forms.Form, proposal: Proposal) -> dict[str, Any]:
    """The amendment as if it were tabled: its changes, the passage as it would read, those that it meets there."""
    clause = proposal.clause.id if proposal.clause else ""
    draft = Amendment(
        number=max(visit.state.amendments, default=0) + 1,
        motion=proposal.motion.number,
        base=proposal.base.version,
        aim=proposal.aim,
        clause=clause,
        text=proposal.text.strip(),
        rationale="",
        new_kind=_kind(form) if proposal.aim is Aim.INSERT else "",
        author=visit.actor,
        tabled=visit.now,
    )
    state = _with(visit.state, draft)
    met = meeting_view(state, visit.words, draft)
    return {
        "pieces": of_proposal(proposal.base, proposal.aim, clause, draft.text),
        "reads": as_it_would_read(proposal.base, draft),
        "same": met["same"],
        "met": met["met"],
    }


def _kind(form: forms.Form) -> str:
    """The kind of clause chosen, when it is one."""
    return form.get("new_kind") if form.get("new_kind") in {kind.value for kind in ClauseKind} else ""


def _with(state: State, draft: Amendment) -> State:
    return replace(state, amendments={**state.amendments, draft.number: draft})


routes = [
    Route("/c/{slug}/amendements", table, methods=["POST"], name="amendment_table"),
    Route("/c/{slug}/amendements/nouveau", new, name="amendment_form"),
]
