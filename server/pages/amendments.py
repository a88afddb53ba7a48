"""Amendments: the list in order of call, each with its difference in words, and the form to table one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from deliberation import commands as c
from deliberation import ids
from deliberation.congress import refuse_phase
from deliberation.errors import Refused
from deliberation.motions import base_of
from deliberation.order import call_order
from deliberation.state import Amendment, Frozen, Motion, State
from deliberation.vocabulary import Aim, ClauseKind, Phase
from server.pages import entries, forms, labels, naming
from server.pages.amending import amendment_view, clause_in, pieces
from server.pages.following import follow_amendment
from server.pages.rendering import confirmed, render, status_of, submit
from server.pages.visit import Visit, arrive, number

TITLE = "titre"
BEGINNING = "debut"


async def amendments(request: Request) -> Response:
    visit = await arrive(request)
    groups = [(motion, *_sorted(visit.state, motion)) for motion in visit.state.motions.values() if motion.frozen]
    context = {
        "groups": groups,
        "aim_of": lambda a: naming.amendment_aim(visit.state, visit.words, a),
        "may_table": visit.may(c.TableAmendment),
    }
    return render(visit, "amendments.html", context)


def _sorted(state: State, motion: Motion) -> tuple[Sequence[Amendment], list[Amendment]]:
    """Those that wait, in order of call; those whose outcome is fixed, latest first."""
    settled = [a for a in state.amendments.values() if a.motion == motion.number and a.outcome is not None]
    return call_order(state, motion.number), sorted(settled, key=lambda a: a.settled, reverse=True)


async def amendment(request: Request) -> Response:
    visit = await arrive(request)
    return await _page(visit, _found(visit), forms.Form())


async def _page(visit: Visit, found: Amendment, form: forms.Form, status: int = 200) -> Response:
    state = visit.state
    context = {
        **amendment_view(state, visit.words, found),
        "polls": [p for p in state.polls.values() if p.subject == ids.document(ids.AMENDMENT, found.number)],
        "followed": follow_amendment(visit, found.number),
        "record": await entries.about(visit, f"amendement-{found.number}"),
        "form": form,
        "may_withdraw": found.author == visit.actor and found.outcome is None,
        "may_advise": visit.may(c.GiveOpinion) and found.outcome is None,
        "opinions": [(key, visit.words(label)) for key, label in labels.OPINIONS.items()],
    }
    return render(visit, "amendment.html", context, status)


async def act(request: Request) -> Response:
    """Its author withdraws it, or somebody entitled gives an opinion on it."""
    visit = await arrive(request)
    found = _found(visit)
    form = await forms.read(request)
    outcome = await submit(visit, form, _command(form, found.number))
    if isinstance(outcome, Refused):
        return await _page(visit, found, form.answered(outcome), status_of(outcome))
    return confirmed(outcome, visit.url(f"amendements/{found.number}"))


def _command(form: forms.Form, amendment: int) -> c.Command | Refused:
    if form.get("acte") == "retirer":
        return form.command(c.WithdrawAmendment, amendment=amendment, reason=form.get("reason"))
    return form.command(c.GiveOpinion, amendment=amendment, opinion=form.get("opinion"), comment=form.get("comment"))


def _found(visit: Visit) -> Amendment:
    found = visit.state.amendments.get(number(visit.request))
    if found is None:
        raise HTTPException(404)
    return found


async def new(request: Request) -> Response:
    """First choose what to change, then write: the address holds the choice."""
    visit = await arrive(request)
    asked = visit.request.query_params
    return _form(visit, forms.Form({"motion": asked.get("motion", ""), "cible": asked.get("cible", "")}))


async def table(request: Request) -> Response:
    visit = await arrive(request)
    form = await forms.read(request)
    if form.get("etape") == "relire":
        return _form(visit, form, preview=True)
    if form.get("etape") == "corriger":
        return _form(visit, form)
    outcome = await submit(visit, form, _table(form))
    if isinstance(outcome, Refused):
        return _form(visit, form.answered(outcome), status=status_of(outcome))
    return confirmed(outcome, visit.url(f"amendements/{ids.split(outcome.document)[1]}"))


def _table(form: forms.Form) -> c.TableAmendment | Refused:
    aim, clause = target(form.get("cible"))
    return form.command(
        c.TableAmendment,
        motion=form.integer("motion") or 0,
        aim=aim,
        clause=clause,
        text=form.get("text"),
        rationale=form.get("rationale"),
        new_kind=form.get("new_kind"),
        late_reason=form.get("late_reason"),
    )


def target(choice: str) -> tuple[str, str]:
    """The aim and the clause of a choice such as `rewrite:k3f…`, `titre` or `insert:debut`."""
    if choice == TITLE:
        return Aim.TITLE.value, ""
    aim, _, clause = choice.partition(":")
    return aim, "" if clause == BEGINNING else clause


def _form(visit: Visit, form: forms.Form, preview: bool = False, status: int = 200) -> Response:
    motion = _motion(visit, form)
    base = base_of(motion) if motion else None
    context: dict[str, Any] = {
        "form": form,
        "motion": motion,
        "base": base,
        "motions": [m for m in visit.state.motions.values() if m.status == "frozen"],
        "choices": _choices(visit, base) if base else [],
        "allowed": visit.may(c.TableAmendment),
        "late": _late(visit),
        "closed": refuse_phase(visit.state, visit.now, Phase.AMENDMENTS, Phase.VOTE),
        "kinds": [(kind.value, visit.words(labels.CLAUSES[kind])) for kind in ClauseKind],
        "preview": None,
        "aim": "",
    }
    if base and form.get("cible"):
        context |= _writing(form, base, preview)
    return render(visit, "amendment_form.html", context, status, keep=False)


def _late(visit: Visit) -> bool:
    """Past the deadline, but tabling in session is still possible."""
    state, now = visit.state, visit.now
    return refuse_phase(state, now, Phase.AMENDMENTS) is not None and refuse_phase(state, now, Phase.VOTE) is None


def _motion(visit: Visit, form: forms.Form) -> Motion | None:
    frozen = [m for m in visit.state.motions.values() if m.status == "frozen"]
    chosen = form.integer("motion")
    if chosen is None:
        return frozen[0] if len(frozen) == 1 else None
    found = visit.state.motions.get(chosen)
    return found if found and found.status == "frozen" else None


def _choices(visit: Visit, base: Frozen) -> list[dict[str, Any]]:
    """Every place of the text with what may be done there."""
    return [{"clause": x, "label": naming.clause_label(visit.words, x)} for x in base.clauses]


def _writing(form: forms.Form, base: Frozen, preview: bool) -> dict[str, Any]:
    aim, clause_id = target(form.get("cible"))
    if aim not in {a.value for a in Aim}:
        return {}
    clause = clause_in(base, clause_id)
    if clause is None and (aim in ("rewrite", "delete") or clause_id):
        return {}
    before = base.title if aim == "title" else clause.markdown if clause and aim != "insert" else ""
    proposed = form.get("text", before) if aim != "delete" else ""
    shown = pieces(base, Aim(aim), clause_id, proposed.strip()) if preview else None
    return {"aim": aim, "clause": clause, "before": before, "proposed": proposed, "preview": shown}


routes = [
    Route("/c/{slug}/amendements", amendments, methods=["GET"], name="amendments"),
    Route("/c/{slug}/amendements", table, methods=["POST"], name="amendment_table"),
    Route("/c/{slug}/amendements/nouveau", new, name="amendment_form"),
    Route("/c/{slug}/amendements/{n:int}", amendment, methods=["GET"], name="amendment"),
    Route("/c/{slug}/amendements/{n:int}", act, methods=["POST"], name="amendment_act"),
]
