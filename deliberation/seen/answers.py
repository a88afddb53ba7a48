"""Which objects each command acts on, and whose marks are therefore compared before it is accepted (S20)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from deliberation.kernel import commands as c
from deliberation.kernel import ids
from deliberation.seen.marks import (
    AGENDA,
    COUNTS,
    ELECTORS,
    FLOOR,
    IN_CAMERA,
    ORDER,
    PRESENCE,
    RAPPORTEUR,
    SECLUSION,
    SETTINGS,
)

Subjects = Callable[[Any], "tuple[str, ...]"]


def _numbered(kind: str, field: str) -> Subjects:
    return lambda command: (ids.document(kind, getattr(command, field)),)


def _always(subject: str) -> Subjects:
    return lambda command: (subject,)


def _amendments(command: c.GiveOpinions | c.JoinDiscussion | c.DeclareIdentical) -> tuple[str, ...]:
    return tuple(ids.document(ids.AMENDMENT, number) for number in command.amendments)


def _moved(command: c.ChangeOrder) -> tuple[str, ...]:
    """The order of call, the amendment that is moved, and the one before which it is put."""
    numbers = (command.amendment, *(() if command.before is None else (command.before,)))
    return (ORDER, *(ids.document(ids.AMENDMENT, number) for number in numbers))


OBJECTS: dict[type[c.Command], Subjects] = {
    c.ChangeNaming: _numbered(ids.TESTIMONY, "testimony"),
    c.CorrectTestimony: _numbered(ids.TESTIMONY, "testimony"),
    c.WithdrawTestimony: _numbered(ids.TESTIMONY, "testimony"),
    c.PublishTestimony: _numbered(ids.TESTIMONY, "testimony"),
    c.SetAsideTestimony: _numbered(ids.TESTIMONY, "testimony"),
    c.HideTestimony: _numbered(ids.TESTIMONY, "testimony"),
    c.RestoreTestimony: _numbered(ids.TESTIMONY, "testimony"),
    c.DecideRedaction: _numbered(ids.REDACTION, "redaction"),
    c.ChangeCongress: _always(SETTINGS),
    c.IdentifyCongress: _always(SETTINGS),
    c.SetPhase: lambda command: (ids.document(ids.PHASE, command.phase.value),),
    c.SetPhases: lambda command: tuple(ids.document(ids.PHASE, each.phase.value) for each in command.dates),
    c.SecludeDrafting: _always(SECLUSION),
    c.PublishDrafting: _always(SECLUSION),
    c.MeetInCamera: _always(IN_CAMERA),
    c.PublishSitting: _always(IN_CAMERA),
    c.CorrectPerson: _numbered(ids.PERSON, "person"),
    c.RevokePerson: _numbered(ids.PERSON, "person"),
    c.SetCollege: _numbered(ids.COLLEGE, "college"),
    c.FreezeMotion: _numbered(ids.MOTION, "motion"),
    c.ReopenMotion: _numbered(ids.MOTION, "motion"),
    c.RenumberMotion: _numbered(ids.MOTION, "motion"),
    c.AdmitAmendment: _numbered(ids.AMENDMENT, "amendment"),
    c.SettleAmendment: _numbered(ids.AMENDMENT, "amendment"),
    c.ReserveAmendment: _numbered(ids.AMENDMENT, "amendment"),
    c.KeepAmendment: _numbered(ids.AMENDMENT, "amendment"),
    c.GiveOpinion: _numbered(ids.AMENDMENT, "amendment"),
    c.TakePosition: _numbered(ids.AMENDMENT, "amendment"),
    c.OpenPoll: lambda command: (command.subject,),
    c.ClosePoll: _numbered(ids.POLL, "poll"),
    c.PausePoll: _numbered(ids.POLL, "poll"),
    c.ResumePoll: _numbered(ids.POLL, "poll"),
    c.CancelPoll: _numbered(ids.POLL, "poll"),
    c.CallSubject: _always(FLOOR),
    c.OpenSitting: _always(ids.SESSION),
    c.CloseSitting: _always(ids.SESSION),
    c.SuspendSitting: _always(ids.SESSION),
    c.ResumeSitting: _always(ids.SESSION),
    c.DesignateChair: _always(ids.SESSION),
    c.NameDeputy: _always(ids.SESSION),
    c.CallOver: _always(PRESENCE),
    c.SetAgenda: _always(AGENDA),
    c.SetSpeakingRule: _always(SETTINGS),
    c.TakeUpMotion: _numbered(ids.MOTION, "motion"),
    c.NameRapporteur: _numbered(RAPPORTEUR, "motion"),
    c.SettleRemark: _numbered(ids.REMARK, "remark"),
    c.AcceptRemark: _numbered(ids.REMARK, "remark"),
    c.SignAmendment: _numbered(ids.AMENDMENT, "amendment"),
    c.TakeOverAmendment: _numbered(ids.AMENDMENT, "amendment"),
    c.WithdrawAmendment: _numbered(ids.AMENDMENT, "amendment"),
    c.GiveOpinions: _amendments,
    c.ChangeOrder: _moved,
    c.ArrangeOrder: _always(ORDER),
    c.DeclareIdentical: lambda command: (ORDER, *_amendments(command)),
    c.JoinDiscussion: lambda command: (ORDER, *_amendments(command)),
    c.DivideSubject: lambda command: (command.subject,),
    c.OpenSheet: lambda command: command.subjects,
    c.OpenRound: _numbered(ids.ELECTION, "election"),
    c.BreakTie: _numbered(ids.ELECTION, "election"),
    c.RecountHands: _numbered(COUNTS, "poll"),
    c.DecideHands: _numbered(COUNTS, "poll"),
    c.RegisterElectors: _always(ELECTORS),
}
"""For each kind of command that is compared: the function from a command to the names of its objects."""

NOTHING: dict[type[c.Command], str] = {
    **dict.fromkeys(
        (
            c.CreateCongress,
            c.InvitePerson,
            c.SubmitTestimony,
            c.CreateMap,
            c.CreateMotion,
            c.ImportMotion,
            c.MakeRemark,
            c.OpenElection,
            c.ImportBelenios,
            c.EnterSlip,
            c.TranscribeAmendment,
            c.ProposeRedaction,
            c.UnsignAmendment,
        ),
        "adds something, or takes back what its sender gave",
    ),
    **dict.fromkeys((c.GiveProxy, c.RevokeProxy, c.SignIn, c.SignOut, c.EnterHands), "says what its sender did or saw"),
    c.TakeChair: "the deputy's, whoever presides meanwhile",
    c.BeginItem: "names the item that was reached",
    c.ShowOnScreen: "says what the screen shows, whatever it showed before",
    **dict.fromkeys(
        (c.AskFloor, c.WithdrawTurn, c.GiveFloor, c.EndTurn, c.MoveTurn, c.CloseSpeakers, c.ReopenSpeakers),
        "names the turn or the subject that its sender means, and is refused once that is past",
    ),
    **dict.fromkeys((c.CastBallot, c.CastSecret, c.CastSheet), "a vote: what is asked does not change once it is open"),
    **dict.fromkeys((c.WriteText, c.DrawMap), "keystrokes, which merge with what others write"),
    **dict.fromkeys(
        (c.ConfirmSlip, c.RefuseSlip, c.ConfirmTranscription, c.RefuseTranscription),
        "names what was entered once and does not change",
    ),
    **dict.fromkeys((c.QuoteExcerpt, c.RevertAct, c.ProposeMasking, c.CorrectClock), "names in its data what it saw"),
    **dict.fromkeys(
        (c.TableAmendment, c.WordAmendment, c.RectifyAmendment), "its page shows the words again before it is sent"
    ),
    **dict.fromkeys(
        (c.EndSeclusion, c.EndInCamera, c.CountBox, c.ApplyMasking, c.DeclareGap, c.RecordBeleniosCheck),
        "the server's or the operator's",
    ),
}
"""Every other kind of command, each with the reason why nothing is compared before it is accepted."""
