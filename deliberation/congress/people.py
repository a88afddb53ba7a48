"""The people of a congress, and one table of what each role may do, which rules and pages both use (P1–P5)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from unicodedata import normalize

from deliberation.congress.congress import SHORT, refuse_reason, too_long
from deliberation.kernel import commands as c
from deliberation.kernel import events as e
from deliberation.kernel.errors import Refused
from deliberation.kernel.ids import CONGRESS, VISITOR, person_id
from deliberation.kernel.plain_text import is_blank, one_line
from deliberation.kernel.rules import Decision, Folds, Rules
from deliberation.kernel.state import Person, State
from deliberation.kernel.vocabulary import Role

KNOWN = "person.known"
"""The code of the refusal to invite somebody twice; its parameter `person` says who it is."""
ELU, ORGANISER, SCRIBE = Role.ELU, Role.ORGANISER, Role.SCRIBE
SERVER = "server"
"""The role of the congress acting by itself; never a person's."""
ANYONE = "visitor"
"""The role of people without an account."""
CHAIR = "chair"
"""The role of the élu who presides over the open sitting: everything that an élu may do, and the conduct of the
sitting.
"""

MAY: dict[type[c.Command], frozenset[str]] = {
    c.CreateCongress: frozenset({SERVER}),
    c.DeclareGap: frozenset({SERVER}),
    c.CorrectClock: frozenset({ORGANISER, SERVER}),
    c.ChangeCongress: frozenset({ORGANISER}),
    c.IdentifyCongress: frozenset({ORGANISER}),
    c.SetPhase: frozenset({ORGANISER}),
    c.SetPhases: frozenset({ORGANISER}),
    c.InvitePerson: frozenset({ORGANISER, SERVER}),
    c.CorrectPerson: frozenset({ORGANISER}),
    c.RevokePerson: frozenset({ORGANISER}),
    c.SubmitTestimony: frozenset({ELU, ORGANISER, SCRIBE, ANYONE}),
    c.ChangeNaming: frozenset({ELU, ORGANISER, SCRIBE, ANYONE}),
    c.CorrectTestimony: frozenset({ELU, ORGANISER, SCRIBE, ANYONE}),
    c.WithdrawTestimony: frozenset({ELU, ORGANISER, SCRIBE, ANYONE}),
    c.PublishTestimony: frozenset({ORGANISER}),
    c.SetAsideTestimony: frozenset({ORGANISER}),
    c.HideTestimony: frozenset({ORGANISER}),
    c.RestoreTestimony: frozenset({ORGANISER}),
    c.QuoteExcerpt: frozenset({ELU, ORGANISER, SCRIBE}),
    c.CreateMap: frozenset({ELU, ORGANISER, SCRIBE}),
    c.DrawMap: frozenset({ELU, ORGANISER, SCRIBE}),
    c.CreateMotion: frozenset({ELU, ORGANISER}),
    c.ImportMotion: frozenset({ELU, ORGANISER}),
    c.TakeUpMotion: frozenset({ELU}),
    c.WriteText: frozenset({ELU, SERVER}),
    c.MakeRemark: frozenset({ELU, ORGANISER, SCRIBE}),
    c.SettleRemark: frozenset({ELU, ORGANISER, SCRIBE}),
    c.AcceptRemark: frozenset({ELU}),
    c.SecludeDrafting: frozenset({ORGANISER}),
    c.PublishDrafting: frozenset({ORGANISER}),
    c.EndSeclusion: frozenset({SERVER}),
    c.MeetInCamera: frozenset({ORGANISER, CHAIR}),
    c.PublishSitting: frozenset({ORGANISER, CHAIR}),
    c.EndInCamera: frozenset({SERVER}),
    c.FreezeMotion: frozenset({ORGANISER}),
    c.ReopenMotion: frozenset({ORGANISER}),
    c.RenumberMotion: frozenset({ORGANISER}),
    c.TableAmendment: frozenset({ELU}),
    c.TranscribeAmendment: frozenset({ORGANISER, SCRIBE}),
    c.ConfirmTranscription: frozenset({ELU, ORGANISER, SCRIBE}),
    c.RefuseTranscription: frozenset({ELU, ORGANISER, SCRIBE}),
    c.WordAmendment: frozenset({ELU}),
    c.RectifyAmendment: frozenset({ELU}),
    c.SignAmendment: frozenset({ELU}),
    c.UnsignAmendment: frozenset({ELU}),
    c.WithdrawAmendment: frozenset({ELU}),
    c.AdmitAmendment: frozenset({ORGANISER, CHAIR}),
    c.SettleAmendment: frozenset({ORGANISER, CHAIR}),
    c.NameRapporteur: frozenset({ORGANISER}),
    c.GiveOpinion: frozenset({ELU}),
    c.GiveOpinions: frozenset({ELU}),
    c.TakePosition: frozenset({ELU}),
    c.TakeOverAmendment: frozenset({ELU}),
    c.OpenPoll: frozenset({ORGANISER, CHAIR}),
    c.CastBallot: frozenset({ELU}),
    c.EnterSlip: frozenset({ORGANISER, SCRIBE}),
    c.ConfirmSlip: frozenset({ORGANISER, SCRIBE}),
    c.RefuseSlip: frozenset({ORGANISER, SCRIBE}),
    c.RegisterElectors: frozenset({ORGANISER}),
    c.SetCollege: frozenset({ORGANISER}),
    c.GiveProxy: frozenset({ELU}),
    c.RevokeProxy: frozenset({ELU}),
    c.ClosePoll: frozenset({ORGANISER, CHAIR, SERVER}),
    c.OpenSitting: frozenset({ORGANISER}),
    c.CloseSitting: frozenset({ORGANISER, CHAIR}),
    c.SuspendSitting: frozenset({ORGANISER, CHAIR}),
    c.ResumeSitting: frozenset({ORGANISER, CHAIR}),
    c.DesignateChair: frozenset({ORGANISER}),
    c.NameDeputy: frozenset({ORGANISER, CHAIR}),
    c.TakeChair: frozenset({ELU}),
    c.SignIn: frozenset({ELU, ORGANISER}),
    c.SignOut: frozenset({ELU, ORGANISER}),
    c.CallOver: frozenset({ORGANISER, CHAIR}),
    c.AskFloor: frozenset({ELU, ORGANISER}),
    c.WithdrawTurn: frozenset({ELU, ORGANISER}),
    c.GiveFloor: frozenset({ORGANISER, CHAIR}),
    c.EndTurn: frozenset({ELU, ORGANISER}),
    c.MoveTurn: frozenset({ORGANISER, CHAIR}),
    c.CloseSpeakers: frozenset({ORGANISER, CHAIR}),
    c.ReopenSpeakers: frozenset({ORGANISER, CHAIR}),
    c.SetAgenda: frozenset({ORGANISER, CHAIR}),
    c.BeginItem: frozenset({ORGANISER, CHAIR}),
    c.ShowOnScreen: frozenset({ORGANISER, CHAIR}),
    c.SetSpeakingRule: frozenset({ORGANISER}),
    c.CallSubject: frozenset({ORGANISER, CHAIR}),
    c.ReserveAmendment: frozenset({ORGANISER, CHAIR}),
    c.KeepAmendment: frozenset({ORGANISER, CHAIR}),
    c.ChangeOrder: frozenset({ORGANISER, CHAIR}),
    c.ArrangeOrder: frozenset({ORGANISER, CHAIR}),
    c.DeclareIdentical: frozenset({ORGANISER, CHAIR}),
    c.JoinDiscussion: frozenset({ORGANISER, CHAIR}),
    c.RevertAct: frozenset({ORGANISER, CHAIR}),
    c.PausePoll: frozenset({ORGANISER, CHAIR}),
    c.ResumePoll: frozenset({ORGANISER, CHAIR}),
    c.CancelPoll: frozenset({ORGANISER, CHAIR}),
    c.EnterHands: frozenset({ELU, ORGANISER, SCRIBE}),
    c.RecountHands: frozenset({ORGANISER, CHAIR}),
    c.DecideHands: frozenset({ORGANISER, CHAIR}),
    c.CastSecret: frozenset({ELU}),
    c.CountBox: frozenset({ORGANISER, CHAIR, SERVER}),
    c.DivideSubject: frozenset({ORGANISER, CHAIR}),
    c.OpenSheet: frozenset({ORGANISER, CHAIR}),
    c.CastSheet: frozenset({ELU}),
    c.OpenElection: frozenset({ORGANISER, CHAIR}),
    c.OpenRound: frozenset({ORGANISER, CHAIR}),
    c.BreakTie: frozenset({ORGANISER, CHAIR}),
    c.ImportBelenios: frozenset({ORGANISER}),
    c.RecordBeleniosCheck: frozenset({SERVER}),
    c.ProposeRedaction: frozenset({ORGANISER}),
    c.DecideRedaction: frozenset({ORGANISER}),
    c.ProposeMasking: frozenset({ORGANISER}),
    c.ApplyMasking: frozenset({ORGANISER}),
}

IMPORTED: frozenset[type[c.Command]] = frozenset(
    {
        c.ChangeCongress,
        c.IdentifyCongress,
        c.SetPhase,
        c.SetPhases,
        c.RegisterElectors,
        c.SubmitTestimony,
        c.CreateMap,
        c.DrawMap,
        c.CreateMotion,
        c.ImportMotion,
        c.WriteText,
    }
)
"""Commands that the operator's command line sends in the congress's name, to create or fill a congress."""


ELUS_ALONE: frozenset[type[c.Command]] = frozenset(
    {
        c.TakeUpMotion,
        c.WriteText,
        c.TableAmendment,
        c.WordAmendment,
        c.RectifyAmendment,
        c.SignAmendment,
        c.UnsignAmendment,
        c.WithdrawAmendment,
        c.CastBallot,
        c.CastSecret,
        c.CastSheet,
        c.GiveProxy,
        c.RevokeProxy,
    }
)
"""Commands reserved to élus; the refusal says so to everybody else (P3)."""


def role_of(state: State, actor: str) -> str:
    """The actor's role in `MAY`; "" for somebody unknown or revoked."""
    if actor == CONGRESS:
        return SERVER
    if actor == VISITOR:
        return ANYONE
    person = state.people.get(actor)
    return person.role.value if person and not person.revoked else ""


def may(state: State, actor: str, command: type[c.Command]) -> bool:
    """Whether the actor's role allows the command, whatever the phase."""
    role = role_of(state, actor)
    if CHAIR in MAY[command] and role == ELU and actor == state.chair:
        return True
    return role in MAY[command] or (role == SERVER and command in IMPORTED)


def refuse_role(state: State, actor: str, command: type[c.Command]) -> Refused | None:
    """The refusal of a command that the actor's role does not allow; None if it does."""
    if may(state, actor, command):
        return None
    if role_of(state, actor) == "":
        return Refused("person.unknown", "Votre accès à ce congrès n’est plus valable. Demandez un nouveau lien.")
    if role_of(state, actor) == ANYONE:
        return Refused("person.anonymous", "Connectez-vous avec votre lien personnel pour faire cela.")
    if command in ELUS_ALONE:
        return Refused("role.elus_only", "Seuls les élus écrivent, amendent et votent la motion.")
    return Refused("role.not_allowed", "Votre rôle dans ce congrès ne permet pas cela.")


def electorate(people: Iterable[Person]) -> tuple[str, ...]:
    """The ids of all élus whose access was not withdrawn, in the order in which they were invited."""
    return tuple(p.id for p in people if p.role is ELU and not p.revoked)


def invite(state: State, request: c.Request, command: c.InvitePerson, now: str) -> Decision:
    if refused := refuse_name(command):
        return refused
    known = known_as(state, command) if command.unless_known else None
    if known:
        who: dict[str, str | int] = {"who": known.name, "person": known.id}
        return Refused(KNOWN, "« {who} » est déjà dans ce congrès, avec ce rôle.", "person_name", who)
    id_ = person_id(len(state.people) + 1)
    return (
        e.PersonAdmitted(id_, command.role),
        _bind(id_, command),
    )


def known_as(state: State, command: c.InvitePerson) -> Person | None:
    """The person who seems to be invited already: same role, same name apart from case, accents and punctuation, and
    not of a different collectivity. None if there is nobody; people whose access was withdrawn are not considered.
    """
    name, place = folded(command.person_name), folded(command.collectivity)
    for person in state.people.values():
        if person.role is not command.role or person.revoked or folded(person.name) != name:
            continue
        own = folded(person.collectivity)
        if not own or not place or own == place or (command.code and command.code == person.code):
            return person
    return None


def folded(text: str) -> str:
    """The letters and digits of a text in lower case, without accents."""
    return "".join(x for x in normalize("NFKD", text.casefold()) if x.isalnum())


def _bind(id_: str, command: c.InvitePerson | c.CorrectPerson) -> e.ActorBound:
    said = (command.person_name, command.mandate, command.collectivity, command.code)
    name, mandate, collectivity, code = map(one_line, said)
    return e.ActorBound(id_, name, mandate, collectivity, code, command.territory)


def correct(state: State, request: c.Request, command: c.CorrectPerson, now: str) -> Decision:
    person = state.people.get(command.person)
    if person is None:
        return unknown_person()
    if refused := refuse_name(command):
        return refused
    if any(state.awaits_erasing(entry) for entry in person.entries):
        return Refused("redaction.pending", "Un caviardage est proposé ici : attendez qu’il soit décidé.")
    return (_bind(person.id, command),)


def revoke(state: State, request: c.Request, command: c.RevokePerson, now: str) -> Decision:
    person = state.people.get(command.person)
    if person is None:
        return unknown_person()
    if person.revoked:
        return Refused("person.already_revoked", "L’accès de cette personne est déjà retiré.")
    if person.id == request.actor:
        return Refused("person.revokes_self", "Un organisateur ne peut pas retirer son propre accès.")
    if refused := refuse_reason(command.reason):
        return refused
    return (e.PersonRevoked(person.id, command.reason.strip()),)


def unknown_person() -> Refused:
    """The refusal of a person's id that does not exist."""
    return Refused("person.not_found", "Cette personne n’est pas dans ce congrès.", field="person")


def refuse_name(command: c.InvitePerson | c.CorrectPerson) -> Refused | None:
    """The refusal of a missing name, or of a name, mandate or collectivity that is too long; None if all are
    acceptable.
    """
    if is_blank(command.person_name):
        return Refused("person.name_missing", "Donnez le nom de la personne.", field="person_name")
    said = (
        ("person_name", command.person_name),
        ("mandate", command.mandate),
        ("collectivity", command.collectivity),
        ("code", command.code),
    )
    return next((refused for field, value in said if (refused := too_long(value, field, SHORT))), None)


def on_admitted(state: State, r: e.Recorded, event: e.PersonAdmitted) -> State:
    person = Person(event.person, "", event.role, "", "", "", r.time)
    return _with(state, person)


def on_bound(state: State, r: e.Recorded, event: e.ActorBound | None) -> State:
    person = state.people[_id(r)]
    entries = (*person.entries, r.index)
    if event is None:
        return _with(state, replace(person, entries=entries))
    return _with(
        state,
        replace(
            person,
            name=event.name,
            mandate=event.mandate,
            collectivity=event.collectivity,
            code=event.code,
            entries=entries,
            territory=event.territory,
        ),
    )


def on_revoked(state: State, r: e.Recorded, event: e.PersonRevoked | None) -> State:
    reason = event.reason if event else ""
    return _with(state, replace(state.people[_id(r)], revoked=True, revoked_reason=reason))


def _id(r: e.Recorded) -> str:
    return r.document.removeprefix("personne-")


def _with(state: State, person: Person) -> State:
    return replace(state, people={**state.people, person.id: person})


DECIDE: Rules = {c.InvitePerson: invite, c.CorrectPerson: correct, c.RevokePerson: revoke}
EVOLVE: Folds = {e.PersonAdmitted: on_admitted, e.ActorBound: on_bound, e.PersonRevoked: on_revoked}
