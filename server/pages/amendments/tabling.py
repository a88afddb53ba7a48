"""Writing an amendment: the address says what to change and how, a form takes the words; then preview and tabling.

The form works without JavaScript. Where the browser can, an editor replaces its field.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from deliberation.amendments import amendments as rules
from deliberation.amendments import subamendments, versions
from deliberation.amendments.dispositif import reading
from deliberation.amendments.dispositif.forms import ReadEdit
from deliberation.congress.congress import refuse_phase
from deliberation.kernel import commands as c
from deliberation.kernel import events as e
from deliberation.kernel import ids
from deliberation.kernel.errors import Refused
from deliberation.kernel.plain_text import number_in
from deliberation.kernel.state import Amendment, Frozen, Motion, State
from deliberation.kernel.vocabulary import Aim, Clause, ClauseEdit, ClauseKind, Phase
from exports import labels, naming
from exports.comparison import clause_in, of_proposal
from exports.dispositifs import dispositif
from exports.markdown import plain
from server.pages.amendments import composing
from server.pages.amendments.adopted_words import AdoptedWords, adopted_words
from server.pages.amendments.amendment_changes import amendment_view, as_it_would_read, meeting_view
from server.pages.amendments.consequences import BrokenReference, broken_references
from server.pages.amendments.present_text import present_text
from server.pages.shell import forms
from server.pages.shell.rendering import confirmed, render, status_of, submit
from server.pages.shell.visit import Visit, arrive
from server.texts.prosemirror import MalformedDocument
from server.texts.rewording import content, reworded

SENTENCE = "dispositif"
"""The step of the form that answers with the dispositif of what is being written, as plain text."""


@dataclass(frozen=True)
class AmendmentDraft:
    """An amendment that is being written: its aim, the present words and the proposed ones."""

    motion: Motion
    base: Frozen
    aim: Aim
    clause: Clause | None
    before: str
    text: str
    parent: Amendment | None = None

    @property
    def has_words(self) -> bool:
        return self.aim in subamendments.WITH_WORDS


async def new(request: Request) -> Response:
    """First a choice of what to change, then the form; the address holds the choice."""
    visit = await arrive(request)
    asked = visit.request.query_params
    chosen = {"motion": asked.get("motion", ""), "cible": asked.get("cible", "")}
    if because := number_in(asked.get("consequence", "")):
        chosen["rationale"] = visit.words("En conséquence de l’amendement n° {n}.", n=because)
    return _form(visit, forms.Form(chosen))


async def table(request: Request) -> Response:
    visit = await arrive(request)
    form = _written_now(await forms.read(request))
    if form.get("etape") == "lire":
        return _read(visit, form)
    if form.get(composing.TOWARDS):
        return _form(visit, composing.towards(form, form.get(composing.TOWARDS)))
    proposal = _proposal(visit, form)
    if form.get("etape") == SENTENCE:
        return PlainTextResponse(_sentence(visit, form, proposal))
    if (composed := _composed(visit, form, proposal)) is not None:
        return composed
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


def _written_now(form: forms.Form) -> forms.Form:
    """The form as it was sent; where no passage is chosen and others are carried, the last of these is written now."""
    beside = composing.others(form)
    if form.get("cible") or not beside or form.get("etape") not in ("relire", "deposer"):
        return form
    chosen = composing.at(form, beside[-1], beside[:-1])
    return forms.Form({**chosen.values, "etape": form.get("etape")})


def _composed(visit: Visit, form: forms.Form, proposal: AmendmentDraft | Refused | None) -> Response | None:
    """The answer to a step from one passage of the amendment to another; None where the form asks for something else.

    Before another passage is chosen, what is written here must be an amendment by itself.
    """
    if dropped := composing.step(form, composing.DROP):
        return _form(visit, composing.without(form, dropped))
    resumed = composing.step(form, composing.RESUME)
    if form.get("etape") != composing.ADD and resumed is None:
        return None
    if isinstance(proposal, Refused):
        return _form(visit, form.answered(proposal), status=status_of(proposal))
    if proposal is None or is_untouched(proposal):
        return _form(visit, composing.gathered(form, None, resumed))
    command = _command(form, proposal)
    drafted = rules.draft(visit.state, command) if isinstance(command, c.TableAmendment) else command
    if isinstance(drafted, Refused):
        return _form(visit, form.answered(drafted), status=status_of(drafted))
    return _form(visit, composing.gathered(form, edit_of(form, proposal), resumed))


def is_untouched(proposal: AmendmentDraft) -> bool:
    """Whether nothing was written at the passage yet."""
    return proposal.has_words and proposal.text.strip() == proposal.before.strip()


def edit_of(form: forms.Form, proposal: AmendmentDraft) -> ClauseEdit:
    """What is written now, as one of the edits of an amendment."""
    target = composing.target_of(form.get("cible"))
    aim, clause = (target.aim, target.clause) if target else (proposal.aim, "")
    after = composing.place_of(form.get("after")) if aim is Aim.MOVE else ""
    new_kind = form.get("new_kind") if aim is Aim.INSERT else ""
    return ClauseEdit(aim, clause, proposal.text, (), after, new_kind)


def _read(visit: Visit, form: forms.Form) -> Response:
    """Reads a dispositif and shows it as it would be tabled; what is unclear is shown beside it."""
    motion = _motion(visit, form)
    base = _text(visit.state, form, motion) if motion else None
    if motion is None or base is None:
        return _form(visit, form)
    amendments = {n: a for n, a in visit.state.amendments.items() if a.motion == motion.number and a.outcome is None}
    edit = reading.read(form.get("dispositif"), base, amendments)
    if isinstance(edit, Refused):
        return _form(visit, form.answered(edit), status=status_of(edit))
    said = {
        "cible": _choice(edit),
        "text": edit.text,
        "new_kind": edit.new_kind,
        "after": edit.after or naming.BEGINNING,
        **composing.carried(edit.further),
    }
    return _form(visit, forms.Form({**form.values, **said}), preview=True)


def _choice(edit: ReadEdit) -> str:
    """What an edit changes, in the form that `target_of` reads."""
    if edit.parent is None:
        return composing.choice_of(ClauseEdit(edit.aim, edit.clause))
    act = composing.COMPLETE if edit.aim is Aim.INSERT else composing.SUB
    return f"{act}:{edit.parent}:{edit.edit_rank}" if edit.edit_rank else f"{act}:{edit.parent}"


def _sentence(visit: Visit, form: forms.Form, proposal: AmendmentDraft | Refused | None) -> str:
    """The dispositif of what is being written; "" while it is no valid amendment."""
    previewed = _tabled(visit, form, proposal) if isinstance(proposal, AmendmentDraft) else None
    return dispositif(previewed[0], previewed[0].amendments[previewed[1]]) if isinstance(previewed, tuple) else ""


def _command(form: forms.Form, proposal: AmendmentDraft | None) -> c.TableAmendment | Refused:
    target = composing.target_of(form.get("cible"))
    further = () if target and target.parent is not None else composing.others(form)
    return form.command(
        c.TableAmendment,
        motion=form.integer("motion") or 0,
        aim=target.aim.value if target else form.get("cible"),
        clause=target.clause if target else "",
        text=_said(form, proposal) if proposal else form.get("text"),
        rationale=form.get("rationale"),
        new_kind=form.get("new_kind"),
        late_reason=form.get("late_reason"),
        after=composing.place_of(form.get("after")),
        parent=target.parent if target else None,
        instruction=form.get("instruction"),
        further=[forms.plain(edit) for edit in further],
        edit_rank=target.edit_rank if target else 0,
        version=(form.integer("version") or 0) if proposal is None else proposal.base.version,
    )


def _said(form: forms.Form, proposal: AmendmentDraft) -> str:
    """The proposed words; none if there is an instruction and the present words are unchanged."""
    untouched = proposal.text.strip() == proposal.before.strip()
    return "" if untouched and form.get("instruction").strip() else proposal.text


def _proposal(visit: Visit, form: forms.Form) -> AmendmentDraft | Refused | None:
    """None while nothing is chosen to be changed; Refused if the editor sent something malformed."""
    motion = _motion(visit, form)
    base = _text(visit.state, form, motion) if motion else None
    target = composing.target_of(form.get("cible"))
    if motion is None or base is None or target is None:
        return None
    if target.parent is not None:
        return _sub(visit.state, form, motion, base, target)
    clause = clause_in(base, target.clause)
    if clause is None and (target.aim in (Aim.REWRITE, Aim.DELETE, Aim.MOVE) or target.clause):
        return None
    before = words_there(base, target.aim, clause)
    return proposed(form, AmendmentDraft(motion, base, target.aim, clause, before, before))


def words_there(base: Frozen, aim: Aim, clause: Clause | None) -> str:
    """The present words to start from, for an amendment with that aim; "" for an insertion."""
    if aim is Aim.TITLE:
        return base.title
    return clause.markdown if clause and aim is not Aim.INSERT else ""


def _sub(
    state: State, form: forms.Form, motion: Motion, base: Frozen, target: composing.Target
) -> AmendmentDraft | Refused | None:
    """The draft of a sub-amendment."""
    parent = state.amendments.get(target.parent or 0)
    if parent is None or parent.motion != motion.number or target.edit_rank >= len(parent.edits):
        return None
    parent = parent.edit_at(target.edit_rank)
    aim = Aim.TITLE if parent.aim is Aim.TITLE and target.aim is not Aim.INSERT else target.aim
    before = "" if aim is Aim.INSERT else parent.wording.text
    base = motion.frozen[parent.aimed - 1]
    return proposed(form, AmendmentDraft(motion, base, aim, clause_in(base, parent.clause), before, before, parent))


def proposed(form: forms.Form, proposal: AmendmentDraft) -> AmendmentDraft | Refused:
    """The proposal with the words of the form: those of the editor if it was used, else of the plain field."""
    if not proposal.has_words:
        return replace(proposal, text="")
    if "text" in form.values or not form.get("contenu"):
        return replace(proposal, text=form.get("text", proposal.text))
    try:
        return replace(proposal, text=reworded(proposal.before, form.get("contenu")))
    except MalformedDocument:
        return Refused("form.malformed", forms.MALFORMED, "text")


def _motion(visit: Visit, form: forms.Form) -> Motion | None:
    frozen = [m for m in visit.state.motions.values() if m.status == "frozen"]
    chosen = form.integer("motion")
    if chosen is None:
        return frozen[0] if len(frozen) == 1 else None
    found = visit.state.motions.get(chosen)
    return found if found and found.status == "frozen" else None


def _text(state: State, form: forms.Form, motion: Motion) -> Frozen | None:
    """The version that is amended: the one that the form was opened on, else the latest."""
    meant = versions.meant(state, motion.number, form.integer("version") or 0) if form.get("version") else None
    return meant if isinstance(meant, Frozen) else versions.latest(motion)


def _form(visit: Visit, form: forms.Form, preview: bool = False, status: int = 200) -> Response:
    motion = _motion(visit, form)
    base = _text(visit.state, form, motion) if motion else None
    proposal = _proposal(visit, form)
    shown: dict[str, Any] = {"proposal": None, "preview": None, **carried_view(visit, form, motion)}
    if isinstance(proposal, AmendmentDraft):
        seen = _preview(visit, form, proposal) if preview else None
        if isinstance(seen, Refused):
            form, status, seen = form.answered(seen), status_of(seen), None
        shown |= {**writing(visit, form, proposal), **_places_of(visit, form, proposal), "preview": seen}
    context: dict[str, Any] = {
        "form": form,
        "motion": motion,
        "base": base,
        "motions": [m for m in visit.state.motions.values() if m.status == "frozen"],
        "present": present_text(visit, motion, base) if motion and base else [],
        "aimed": naming.version_label(visit.words, base) if base else "",
        "allowed": visit.may(c.TableAmendment),
        "closed": refuse_phase(visit.state, visit.now, Phase.AMENDMENTS, Phase.VOTE),
        **shown,
    }
    return render(visit, "amendment_form.html", context, status, keep=False)


def _places_of(visit: Visit, form: forms.Form, proposal: AmendmentDraft) -> dict[str, Any]:
    """What the form for a new amendment shows about its position."""
    clause, parent = proposal.clause, proposal.parent
    place = naming.TITLE if proposal.aim is Aim.TITLE else clause.id if clause else naming.BEGINNING
    choices = _sub_choices(parent) if parent else _choices(place)
    about = f"{proposal.motion.number} {_standing_since(visit.state, form, proposal)}"
    act = naming.sub_label(visit.words, proposal.aim, parent.number) if parent else ""
    return {
        "place": naming.place_label(visit.words, clause, place),
        "passage": naming.passage_path(proposal.motion.number, place, proposal.base.version),
        "choices": choices,
        "act": act or naming.act_label(visit.words, proposal.aim, clause),
        "address": visit.url("amendements"),
        "draft": f"{about} {form.get('cible')}",
        "drafts": composing.drafts(form, about),
        "may_add": parent is None,
        "late": not parent and _late(visit.state, visit.now),
        "broken": _broken(visit, form, proposal),
        "may_instruct": proposal.has_words,
    }


def _standing_since(state: State, form: forms.Form, proposal: AmendmentDraft) -> int:
    """The version since which the passage reads as it does: what a browser kept for it is still of use."""
    if proposal.parent is not None:
        return proposal.base.version
    edit = replace(edit_of(form, proposal), aim=Aim.REWRITE if proposal.aim is Aim.MOVE else proposal.aim)
    return versions.earliest(state, proposal.motion, proposal.base, [edit]) or proposal.base.base


def _broken(visit: Visit, form: forms.Form, proposal: AmendmentDraft) -> list[BrokenReference]:
    """What refers to clauses that would be deleted: without links to amend it where they would drop other passages."""
    if proposal.parent is not None:
        return []
    beside = composing.others(form)
    deleted = [edit.clause for edit in (edit_of(form, proposal), *beside) if edit.aim is Aim.DELETE]
    found = broken_references(visit, proposal.motion.number, deleted)
    return [replace(each, amend_path="") for each in found] if beside else found


def carried_view(visit: Visit, form: forms.Form, motion: Motion | None) -> dict[str, Any]:
    """What the form shows of the other passages that the amendment changes."""
    base = _text(visit.state, form, motion) if motion else None
    beside = composing.others(form) if base else ()
    return {
        "carried": composing.carried(beside),
        "others": [_other(visit, base, edit) for edit in beside if base],
        "taken": composing.taken(beside),
        "drafts": "",
        "may_add": False,
    }


def _other(visit: Visit, base: Frozen, edit: ClauseEdit) -> dict[str, Any]:
    clause = clause_in(base, edit.clause)
    return {
        "act": naming.act_label(visit.words, edit.aim, clause),
        "place": naming.place_label(visit.words, clause, naming.TITLE if edit.aim is Aim.TITLE else edit.clause),
        "pieces": of_proposal(base, edit.aim, edit.clause, edit.text),
    }


def _late(state: State, now: ids.Instant) -> bool:
    """Whether the deadline has passed and tabling during a sitting is still possible."""
    return refuse_phase(state, now, Phase.AMENDMENTS) is not None and refuse_phase(state, now, Phase.VOTE) is None


def _choices(place: str) -> list[tuple[str, str]]:
    """What can be done at a place, as in addresses, with its name."""
    if place == naming.TITLE:
        return [(naming.TITLE, labels.AIMS["title"])]
    if place == naming.BEGINNING:
        return [(f"insert:{place}", labels.AIMS["insert"])]
    verbs = (
        ("rewrite", labels.AIMS["rewrite"]),
        ("delete", labels.AIMS["delete"]),
        ("insert", labels.INSERT_AFTER),
        ("move", labels.AIMS["move"]),
    )
    return [(f"{aim}:{place}", label) for aim, label in verbs]


def _sub_choices(parent: Amendment) -> list[tuple[str, str]]:
    aimed = f"{parent.number}:{parent.edit_rank}" if parent.edit_rank else f"{parent.number}"
    verbs = [(f"{composing.SUB}:{aimed}", labels.SUB_AMEND)]
    return verbs if parent.aim is Aim.TITLE else [*verbs, (f"{composing.COMPLETE}:{aimed}", labels.COMPLETE)]


def writing(visit: Visit, form: forms.Form, proposal: AmendmentDraft) -> dict[str, Any]:
    """The context of every form for the words of an amendment."""
    clause = proposal.clause
    return {
        "proposal": proposal,
        "base": proposal.base,
        "aim": proposal.aim.value,
        "clause": clause,
        "kinds": [(kind.value, visit.words(labels.CLAUSES[kind])) for kind in ClauseKind],
        "new_kind": form.get("new_kind") or (clause.kind.value if clause else "visa"),
        "positions": _positions(visit, proposal) if proposal.aim is Aim.MOVE else [],
        "editor": _editor(proposal),
        "adopted_here": _adopted_here(visit, proposal),
    }


def _adopted_here(visit: Visit, proposal: AmendmentDraft) -> AdoptedWords | None:
    """What was adopted so far in the passage that is rewritten."""
    if proposal.parent is not None or proposal.aim not in (Aim.REWRITE, Aim.TITLE):
        return None
    place = proposal.clause.id if proposal.clause else ""
    return adopted_words(visit, proposal.motion, proposal.base, place)


def _positions(visit: Visit, proposal: AmendmentDraft) -> list[tuple[str, str]]:
    """Positions to which a clause can be moved."""
    clauses = proposal.base.clauses
    at = next(n for n, clause in enumerate(clauses) if clause == proposal.clause)
    spots = [(naming.BEGINNING, naming.spot_label(visit.words, None))] if at else []
    for n, clause in enumerate(clauses):
        if n not in (at, at - 1):
            spots.append((clause.id, f"{naming.spot_label(visit.words, clause)} — {plain(clause.markdown, 60)}"))
    return spots


def _editor(proposal: AmendmentDraft) -> dict[str, str]:
    """The initial values of the editor: the present words, and those already written."""
    if proposal.aim not in (Aim.REWRITE, Aim.INSERT):
        return {"before": proposal.before, "now": proposal.text}
    before, now = (_json(content(text)) for text in (proposal.before, proposal.text))
    return {"before": before, "now": now}


def _json(value: object) -> str:
    """JSON as the browser writes it, so that values kept there and sent from here can be compared as text."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _preview(visit: Visit, form: forms.Form, proposal: AmendmentDraft) -> dict[str, Any] | Refused:
    """The amendment as if it were tabled, or the refusal."""
    previewed = _tabled(visit, form, proposal)
    return previewed if isinstance(previewed, Refused) else seen(visit, *previewed)


def _tabled(visit: Visit, form: forms.Form, proposal: AmendmentDraft) -> tuple[State, int] | Refused:
    """The state as if the amendment were tabled, and its number there."""
    command = _command(form, proposal)
    event = rules.draft(visit.state, command) if isinstance(command, c.TableAmendment) else command
    if isinstance(event, Refused):
        return event
    recorded = e.Recorded(visit.state.size, visit.now, visit.actor, event.kind, event.document, event)
    return rules.on_tabled(visit.state, recorded, event), event.amendment


def seen(visit: Visit, state: State, number: int) -> dict[str, Any]:
    """An amendment in a hypothetical state: its changes, how the passage would read, the others on it."""
    amendment = state.amendments[number]
    met = meeting_view(state, visit.words, amendment)
    return {
        "amendment": amendment,
        "aim": naming.amendment_aim(state, visit.words, amendment),
        "pieces": amendment_view(state, visit.words, amendment)["pieces"],
        "dispositif": dispositif(state, amendment),
        "readings": as_it_would_read(state, amendment),
        "same": met["same"],
        "met": met["met"],
    }


routes = [
    Route("/c/{slug}/amendements", table, methods=["POST"], name="amendment_table"),
    Route("/c/{slug}/amendements/nouveau", new, name="amendment_form"),
]
