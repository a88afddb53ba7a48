"""What people ask for: the one way in. Each command is a frozen dataclass with a `name`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from deliberation.kernel import codec
from deliberation.kernel.territory import Naming, Territory
from deliberation.kernel.vocabulary import (
    AgendaItem,
    Aim,
    Channel,
    Choice,
    ClauseChange,
    ClauseEdit,
    CongressIdentity,
    ElectionRule,
    Elector,
    Hands,
    KeptRun,
    NodeChange,
    Outcome,
    PassagePlace,
    Phase,
    PhaseDates,
    PollRule,
    Purpose,
    Role,
    ScreenMode,
    Span,
    Speaker,
    SpeakingRule,
    Terms,
)


class Command:
    """`public` commands may come from programs and forms; the others only from the server's own parts."""

    name: ClassVar[str]
    public: ClassVar[bool] = True


@dataclass(frozen=True)
class CreateCongress(Command):
    name: ClassVar[str] = "congress.create"
    public: ClassVar[bool] = False
    slug: str
    title: str
    origin: str
    description: str = ""
    place: str = ""
    timezone: str = "Europe/Paris"
    fictional: bool = False
    visitors_may_testify: bool = True
    rule: PollRule = field(default_factory=PollRule)
    cosignatures: int = 0


@dataclass(frozen=True)
class ChangeCongress(Command):
    """`cosignatures`: how many élus must support an amendment beside its author; 0 asks for none.

    `presence_asked`: who testifies without an account gives the code that the screen of the hall shows.
    """

    name: ClassVar[str] = "congress.change"
    title: str
    description: str
    place: str
    visitors_may_testify: bool
    rule: PollRule = field(default_factory=PollRule)
    cosignatures: int = 0
    presence_asked: bool = False


@dataclass(frozen=True)
class IdentifyCongress(Command):
    """Says who holds the congress and answers for its site; what is not given is taken away."""

    name: ClassVar[str] = "congress.identify"
    identity: CongressIdentity


@dataclass(frozen=True)
class SetPhase(Command):
    """`opens` and `closes` are instants in UTC; None leaves that end open."""

    name: ClassVar[str] = "phase.set"
    phase: Phase
    opens: str | None = None
    closes: str | None = None


@dataclass(frozen=True)
class SetPhases(Command):
    """Sets several phases at once: all of them or, if one cannot be set, none."""

    name: ClassVar[str] = "phases.set"
    dates: tuple[PhaseDates, ...]


@dataclass(frozen=True)
class InvitePerson(Command):
    """`unless_known` has it refused where somebody of that name, role and collectivity is there already (P8).

    `territory`, here and below, is never the sender's: the server puts there what the official list says of `code`.
    """

    name: ClassVar[str] = "person.invite"
    person_name: str
    role: Role
    mandate: str = ""
    collectivity: str = ""
    code: str = ""
    unless_known: bool = False
    territory: Territory | None = None


@dataclass(frozen=True)
class CorrectPerson(Command):
    name: ClassVar[str] = "person.correct"
    person: str
    person_name: str
    mandate: str = ""
    collectivity: str = ""
    code: str = ""
    territory: Territory | None = None


@dataclass(frozen=True)
class RevokePerson(Command):
    name: ClassVar[str] = "person.revoke"
    person: str
    reason: str


@dataclass(frozen=True)
class SubmitTestimony(Command):
    """`speaker` is for a scribe or organiser who writes down what another said, and for a visitor's own name.

    `consent`: the speaker agrees that it is published with that name. `naming` says more precisely how they agree to be
    named (T20), and then counts instead.
    """

    name: ClassVar[str] = "testimony.submit"
    title: str = ""
    text: str = ""
    video: str = ""
    channel: Channel = Channel.WEB
    speaker: Speaker = field(default_factory=Speaker)
    theme: str = ""
    consent: bool = False
    naming: Naming | None = None


@dataclass(frozen=True)
class ChangeNaming(Command):
    """Changes how whoever speaks in a testimony is named (T22). What `speaker` leaves empty is as it is recorded."""

    name: ClassVar[str] = "testimony.change_naming"
    testimony: int
    naming: Naming
    speaker: Speaker = field(default_factory=Speaker)


@dataclass(frozen=True)
class CorrectTestimony(Command):
    """Its author's correction of a testimony: all of what it says from now on (T24)."""

    name: ClassVar[str] = "testimony.correct"
    testimony: int
    title: str = ""
    text: str = ""
    video: str = ""
    theme: str = ""


@dataclass(frozen=True)
class WithdrawTestimony(Command):
    """Its author takes a testimony back, for good; a reason is public and may be left out (T25)."""

    name: ClassVar[str] = "testimony.withdraw"
    testimony: int
    reason: str = ""


@dataclass(frozen=True)
class PublishTestimony(Command):
    name: ClassVar[str] = "testimony.publish"
    testimony: int


@dataclass(frozen=True)
class SetAsideTestimony(Command):
    name: ClassVar[str] = "testimony.set_aside"
    testimony: int
    reason: str


@dataclass(frozen=True)
class HideTestimony(Command):
    name: ClassVar[str] = "testimony.hide"
    testimony: int
    reason: str


@dataclass(frozen=True)
class RestoreTestimony(Command):
    name: ClassVar[str] = "testimony.restore"
    testimony: int
    reason: str


@dataclass(frozen=True)
class QuoteExcerpt(Command):
    """`medium` "text": `quote` must be characters [start, end) of the testimony's text; with start = end = 0 the
    first place where the quote stands is taken. `medium` "video": seconds, and `quote` what is said there.
    """

    name: ClassVar[str] = "excerpt.quote"
    testimony: int
    quote: str
    medium: str = "text"
    start: int = 0
    end: int = 0


@dataclass(frozen=True)
class CreateMap(Command):
    name: ClassVar[str] = "map.create"
    title: str


@dataclass(frozen=True)
class DrawMap(Command):
    name: ClassVar[str] = "map.draw"
    public: ClassVar[bool] = False
    map: int
    update: str
    clients: tuple[int, ...]
    changes: tuple[NodeChange, ...]
    started: str = ""
    canonical: bool = False


@dataclass(frozen=True)
class CreateMotion(Command):
    name: ClassVar[str] = "motion.create"
    title: str


@dataclass(frozen=True)
class ImportMotion(Command):
    """A motion that begins from a text written elsewhere: once, and never into an existing motion (M7).

    `source` says whose text it is, in words: an élu takes up what has one before it is frozen (M16).
    """

    name: ClassVar[str] = "motion.import"
    public: ClassVar[bool] = False
    title: str
    update: str
    clients: tuple[int, ...]
    changes: tuple[ClauseChange, ...]
    order: tuple[str, ...]
    source: str = ""


@dataclass(frozen=True)
class TakeUpMotion(Command):
    """An élu makes a proposed text the élus' own (M16)."""

    name: ClassVar[str] = "motion.take_up"
    motion: int


@dataclass(frozen=True)
class WriteText(Command):
    name: ClassVar[str] = "motion.write"
    public: ClassVar[bool] = False
    motion: int
    update: str
    clients: tuple[int, ...]
    changes: tuple[ClauseChange, ...]
    title: str | None = None
    order: tuple[str, ...] | None = None
    started: str = ""
    title_kept: tuple[KeptRun, ...] | None = None
    canonical: bool = False


@dataclass(frozen=True)
class MakeRemark(Command):
    """A comment on a clause of a draft, on words quoted from it, or on the whole (clause ""); an answer to another.

    With `proposal`, a suggestion: the words (Markdown) that the clause should have. `anchor` (400 characters) is the
    editor's own matter: where the quoted words are found again when the text moves.
    """

    name: ClassVar[str] = "remark.make"
    motion: int
    clause: str = ""
    text: str = ""
    quote: str = ""
    anchor: str = ""
    reply_to: int | None = None
    proposal: str | None = None


@dataclass(frozen=True)
class SettleRemark(Command):
    """`status`: resolved or open for a comment, declined for a suggestion."""

    name: ClassVar[str] = "remark.settle"
    remark: int
    status: str


@dataclass(frozen=True)
class AcceptRemark(Command):
    """The words of that suggestion are in the text now, written under a Yjs `client` id of their own; 0 if unknown."""

    name: ClassVar[str] = "remark.accept"
    public: ClassVar[bool] = False
    remark: int
    client: int = 0


@dataclass(frozen=True)
class SecludeDrafting(Command):
    """Huis clos: what is written from now on is public from the instant `until`."""

    name: ClassVar[str] = "drafting.seclude"
    until: str
    reason: str


@dataclass(frozen=True)
class PublishDrafting(Command):
    """Ends the huis clos before the announced moment."""

    name: ClassVar[str] = "drafting.publish"
    reason: str


@dataclass(frozen=True)
class EndSeclusion(Command):
    """The announced moment of the huis clos has come."""

    name: ClassVar[str] = "drafting.end_seclusion"
    public: ClassVar[bool] = False


@dataclass(frozen=True)
class MeetInCamera(Command):
    """The open sitting goes on in camera: what is done in it is public from the instant `until`."""

    name: ClassVar[str] = "sitting.meet_in_camera"
    sitting: int
    until: str
    reason: str


@dataclass(frozen=True)
class PublishSitting(Command):
    """Publishes what was done in camera before the announced instant."""

    name: ClassVar[str] = "sitting.publish"
    reason: str


@dataclass(frozen=True)
class EndInCamera(Command):
    """The announced instant of a sitting in camera has come."""

    name: ClassVar[str] = "sitting.end_in_camera"
    public: ClassVar[bool] = False


@dataclass(frozen=True)
class FreezeMotion(Command):
    name: ClassVar[str] = "motion.freeze"
    motion: int


@dataclass(frozen=True)
class ReopenMotion(Command):
    name: ClassVar[str] = "motion.reopen"
    motion: int
    reason: str


@dataclass(frozen=True)
class RenumberMotion(Command):
    """Gives the clauses of an adopted text numbers that follow each other (M20)."""

    name: ClassVar[str] = "motion.renumber"
    motion: int


@dataclass(frozen=True)
class TableAmendment(Command):
    """`clause` is what it aims at: for an insertion, the clause before ("" for the beginning). `after` is the new place
    of a clause that is moved. `parent` is the pending amendment that a sub-amendment aims at; `text` is then how that
    one would read. `spans` say which words the author touched; without them `text` is compared. An `instruction` says
    the change in words, and `text` may then follow later. `further` are its edits at other places of the text, in any
    order; `edit_rank` is the edit of the parent, from 0, at which a sub-amendment aims. `version` is the version whose
    words and clauses are meant, 0 for the text as it was frozen.
    """

    name: ClassVar[str] = "amendment.table"
    motion: int
    aim: Aim
    clause: str = ""
    text: str = ""
    rationale: str = ""
    new_kind: str = ""
    late_reason: str = ""
    spans: tuple[Span, ...] = ()
    after: str = ""
    parent: int | None = None
    instruction: str = ""
    further: tuple[ClauseEdit, ...] = ()
    edit_rank: int = 0
    version: int = 0


@dataclass(frozen=True)
class TranscribeAmendment(Command):
    """An amendment on paper, signed by the élu `author`; `sentence` is its dispositif."""

    name: ClassVar[str] = "amendment.transcribe"
    motion: int
    author: str
    sentence: str
    rationale: str = ""
    late_reason: str = ""


@dataclass(frozen=True)
class ConfirmTranscription(Command):
    name: ClassVar[str] = "transcription.confirm"
    transcription: int


@dataclass(frozen=True)
class RefuseTranscription(Command):
    """`reason` is public."""

    name: ClassVar[str] = "transcription.refuse"
    transcription: int
    reason: str = ""


@dataclass(frozen=True)
class WordAmendment(Command):
    """The exact words of an amendment that was tabled as an instruction."""

    name: ClassVar[str] = "amendment.word"
    amendment: int
    text: str
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True)
class RectifyAmendment(Command):
    """Another wording by the author, whole: what is not given is empty.

    Of an amendment that has several, `edits` are all those that it keeps, and stand for `text`, `spans`, `after` and
    `new_kind`.
    """

    name: ClassVar[str] = "amendment.rectify"
    amendment: int
    text: str = ""
    rationale: str = ""
    spans: tuple[Span, ...] = ()
    after: str = ""
    new_kind: str = ""
    edits: tuple[ClauseEdit, ...] = ()


@dataclass(frozen=True)
class SignAmendment(Command):
    name: ClassVar[str] = "amendment.sign"
    amendment: int


@dataclass(frozen=True)
class UnsignAmendment(Command):
    name: ClassVar[str] = "amendment.unsign"
    amendment: int


@dataclass(frozen=True)
class WithdrawAmendment(Command):
    name: ClassVar[str] = "amendment.withdraw"
    amendment: int
    reason: str = ""


@dataclass(frozen=True)
class AdmitAmendment(Command):
    name: ClassVar[str] = "amendment.admit"
    amendment: int


@dataclass(frozen=True)
class SettleAmendment(Command):
    """An outcome without a vote: not moved, fallen, satisfied, moot, inadmissible, or withdrawn by word of mouth."""

    name: ClassVar[str] = "amendment.settle"
    amendment: int
    outcome: Outcome
    reason: str
    because_of: int | None = None


@dataclass(frozen=True)
class GiveOpinion(Command):
    name: ClassVar[str] = "opinion.give"
    amendment: int
    opinion: str
    comment: str = ""


@dataclass(frozen=True)
class NameRapporteur(Command):
    """The élu who gives the opinion on the amendments to a motion; "" for nobody any more."""

    name: ClassVar[str] = "rapporteur.name"
    motion: int
    person: str


@dataclass(frozen=True)
class GiveOpinions(Command):
    """The rapporteur's same opinion on several amendments."""

    name: ClassVar[str] = "opinions.give"
    amendments: tuple[int, ...]
    opinion: str
    comment: str = ""


@dataclass(frozen=True)
class TakePosition(Command):
    """An élu says "favorable" or "defavorable" of an amendment: a remark of their own, which counts for nothing."""

    name: ClassVar[str] = "position.take"
    amendment: int
    position: str
    comment: str = ""


@dataclass(frozen=True)
class TakeOverAmendment(Command):
    """An élu makes an amendment that its author withdrew their own."""

    name: ClassVar[str] = "amendment.take_over"
    amendment: int


@dataclass(frozen=True)
class OpenPoll(Command):
    """`subject` is `amendement-3` or `motion-1`; without `rule` the congress's own applies.

    `college` is the number of the list entitled to vote, 0 for all élus. `second_call_of` is a poll that failed its
    quorum: the same is asked again of the same list, under its rule without a quorum.
    `terms` say how it is held; `part` which part of a subject that is divided, from 1. `attending` is how many of them
    are present, where the sitting keeps no list; None leaves it unsaid.
    """

    name: ClassVar[str] = "poll.open"
    subject: str
    question: str = ""
    rule: PollRule | None = None
    college: int = 0
    second_call_of: int = 0
    terms: Terms = field(default_factory=Terms)
    part: int = 0
    attending: int | None = None


@dataclass(frozen=True)
class CastBallot(Command):
    """`voter` is whoever gave the actor a proxy; "" for the actor's own vote."""

    name: ClassVar[str] = "ballot.cast"
    poll: int
    choice: Choice
    voter: str = ""


@dataclass(frozen=True)
class EnterSlip(Command):
    """The vote on a slip that the élu `signer` signed; `voter` is whoever gave them a proxy, "" for their own vote."""

    name: ClassVar[str] = "slip.enter"
    poll: int
    signer: str
    choice: Choice
    voter: str = ""


@dataclass(frozen=True)
class ConfirmSlip(Command):
    name: ClassVar[str] = "slip.confirm"
    slip: int


@dataclass(frozen=True)
class RefuseSlip(Command):
    """`reason` is public: what was entered is not what the slip says."""

    name: ClassVar[str] = "slip.refuse"
    slip: int
    reason: str = ""


@dataclass(frozen=True)
class ClosePoll(Command):
    name: ClassVar[str] = "poll.close"
    poll: int


@dataclass(frozen=True)
class RegisterElectors(Command):
    """What these people stand for in polls with weights; the last word on each counts."""

    name: ClassVar[str] = "electors.register"
    electors: tuple[Elector, ...]


@dataclass(frozen=True)
class SetCollege(Command):
    """A list of people who may be asked alone; `college` is 0 for a new one."""

    name: ClassVar[str] = "college.set"
    title: str
    members: tuple[str, ...]
    college: int = 0


@dataclass(frozen=True)
class GiveProxy(Command):
    """The actor's written mandate to vote in their name; it takes the place of an earlier one."""

    name: ClassVar[str] = "proxy.give"
    bearer: str


@dataclass(frozen=True)
class RevokeProxy(Command):
    name: ClassVar[str] = "proxy.revoke"
    proxy: int


@dataclass(frozen=True)
class PausePoll(Command):
    """No vote is taken until the poll is resumed; a clock stands still meanwhile."""

    name: ClassVar[str] = "poll.pause"
    poll: int
    reason: str


@dataclass(frozen=True)
class ResumePoll(Command):
    name: ClassVar[str] = "poll.resume"
    poll: int


@dataclass(frozen=True)
class CancelPoll(Command):
    """The poll ends without a result; nothing follows from it."""

    name: ClassVar[str] = "poll.cancel"
    poll: int
    reason: str


@dataclass(frozen=True)
class EnterHands(Command):
    """What the sender counted in a show of hands; the last count of each teller holds."""

    name: ClassVar[str] = "hands.enter"
    poll: int
    hands: Hands


@dataclass(frozen=True)
class RecountHands(Command):
    """The hands are raised and counted again: the counts entered so far no longer hold."""

    name: ClassVar[str] = "hands.recount"
    poll: int


@dataclass(frozen=True)
class DecideHands(Command):
    """The chair's decision where the tellers differ, with its public reason."""

    name: ClassVar[str] = "hands.decide"
    poll: int
    hands: Hands
    reason: str


@dataclass(frozen=True)
class CastSecret(Command):
    """A paper into the box of a secret poll: 0 for, 1 against, 2 blank; in an election the place of a candidate in the
    list, from 0, or the length of the list for blank. `names` are the places of those chosen in an election for several
    seats, without `paper` then unless it is blank. `voter` is whoever gave the sender a proxy.
    """

    name: ClassVar[str] = "ballot.cast_secret"
    poll: int
    paper: int = field(default=-1, repr=False)
    voter: str = ""
    names: tuple[int, ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class CountBox(Command):
    """The closing of a secret poll, with what the server found in its box, sorted (see `deliberation.secret`)."""

    name: ClassVar[str] = "box.count"
    public: ClassVar[bool] = False
    poll: int
    papers: tuple[int, ...]


@dataclass(frozen=True)
class DivideSubject(Command):
    """An amendment or a motion is to be voted part by part, as the élu `asked_by` demands. Each part lists the places,
    from 0, of its pieces: clauses of the motion, or changes of words of the amendment.
    """

    name: ClassVar[str] = "subject.divide"
    subject: str
    parts: tuple[tuple[int, ...], ...]
    asked_by: str


@dataclass(frozen=True)
class OpenSheet(Command):
    """One poll on each of these subjects, opened, answered and closed together. With `block` one answer serves all."""

    name: ClassVar[str] = "sheet.open"
    subjects: tuple[str, ...]
    block: bool = False
    rule: PollRule | None = None
    closes: str = ""
    attending: int | None = None


@dataclass(frozen=True)
class CastSheet(Command):
    """Answers by poll number, in one go; what is left out is not voted on. `voter` gave the sender a proxy."""

    name: ClassVar[str] = "sheet.cast"
    sheet: int
    choices: Mapping[int, Choice]
    voter: str = ""


@dataclass(frozen=True)
class OpenElection(Command):
    """An office to fill by secret ballot; `candidates` are people of the congress. The first round opens at once."""

    name: ClassVar[str] = "election.open"
    office: str
    candidates: tuple[str, ...]
    rule: ElectionRule = field(default_factory=ElectionRule)
    closes: str = ""
    attending: int | None = None


@dataclass(frozen=True)
class OpenRound(Command):
    """The next round of an election without a result, among those who stay; `withdrawn` do not, `joining` come in."""

    name: ClassVar[str] = "election.round"
    election: int
    withdrawn: tuple[str, ...] = ()
    closes: str = ""
    attending: int | None = None
    joining: tuple[str, ...] = ()


@dataclass(frozen=True)
class BreakTie(Command):
    """Which of the tied candidates is elected by the rule of the congress, as the chair finds with a public reason; or
    who is the eldest of them, by dates of birth that the desk checked (`checked`): then no reason is asked for.
    """

    name: ClassVar[str] = "election.break_tie"
    election: int
    person: str
    reason: str = ""
    checked: bool = False


@dataclass(frozen=True)
class ImportBelenios(Command):
    """The result of an election held with Belenios: `archive` is its .bel file, in base64."""

    name: ClassVar[str] = "belenios.import"
    url: str
    archive: str
    comment: str = ""


@dataclass(frozen=True)
class RecordBeleniosCheck(Command):
    """What `belenios-tool` said of an archive on the server; `tool` is its version."""

    name: ClassVar[str] = "belenios.check"
    public: ClassVar[bool] = False
    result: int
    outcome: str
    tool: str = ""


@dataclass(frozen=True)
class CallSubject(Command):
    """`reason` is public, and due where the order of call says another one."""

    name: ClassVar[str] = "session.call"
    subject: str = ""
    reason: str = ""


@dataclass(frozen=True)
class OpenSitting(Command):
    """`chair` is the élu who presides, or "" when organisers conduct alone. `attendance`: whether people sign in."""

    name: ClassVar[str] = "sitting.open"
    chair: str = ""
    attendance: bool = False


@dataclass(frozen=True)
class CloseSitting(Command):
    name: ClassVar[str] = "sitting.close"
    sitting: int


@dataclass(frozen=True)
class SuspendSitting(Command):
    """Nothing is called or decided until the sitting is resumed."""

    name: ClassVar[str] = "sitting.suspend"
    sitting: int
    reason: str


@dataclass(frozen=True)
class ResumeSitting(Command):
    name: ClassVar[str] = "sitting.resume"
    sitting: int


@dataclass(frozen=True)
class DesignateChair(Command):
    """Another élu presides over the open sitting; "" for nobody."""

    name: ClassVar[str] = "sitting.chair"
    chair: str


@dataclass(frozen=True)
class NameDeputy(Command):
    """`deputy` is the élu who may take the chair of the open sitting, or "" for nobody."""

    name: ClassVar[str] = "sitting.name_deputy"
    deputy: str


@dataclass(frozen=True)
class TakeChair(Command):
    """The deputy presides from now on; who presided is the deputy."""

    name: ClassVar[str] = "sitting.take_chair"


@dataclass(frozen=True)
class SignIn(Command):
    """An élu is present: the sender, with the code that the hall shows, or `person`, whom an organiser signs in."""

    name: ClassVar[str] = "attendance.sign_in"
    person: str = ""


@dataclass(frozen=True)
class SignOut(Command):
    """An élu leaves: the sender, or `person`, whom an organiser saw leave."""

    name: ClassVar[str] = "attendance.sign_out"
    person: str = ""


@dataclass(frozen=True)
class CallOver(Command):
    """Those who answered when all were called by name; nobody else is present."""

    name: ClassVar[str] = "attendance.call_over"
    present: tuple[str, ...]


@dataclass(frozen=True)
class AskFloor(Command):
    """The sender asks to speak on what is under discussion, or enters that `person` asks."""

    name: ClassVar[str] = "speakers.ask"
    purpose: Purpose
    person: str = ""


@dataclass(frozen=True)
class WithdrawTurn(Command):
    """A turn that was asked for is taken back."""

    name: ClassVar[str] = "speakers.withdraw"
    turn: int


@dataclass(frozen=True)
class GiveFloor(Command):
    """Gives the floor; whoever has it ends. `seconds` is another time than that of the rule; 0 for no limit."""

    name: ClassVar[str] = "speakers.give"
    turn: int
    seconds: int | None = None


@dataclass(frozen=True)
class EndTurn(Command):
    """Whoever has the floor has spoken."""

    name: ClassVar[str] = "speakers.end"
    turn: int


@dataclass(frozen=True)
class MoveTurn(Command):
    """Before the turn `before` in the list, or last."""

    name: ClassVar[str] = "speakers.move"
    turn: int
    reason: str
    before: int | None = None


@dataclass(frozen=True)
class CloseSpeakers(Command):
    """Nobody may ask for the floor on `subject` any more, except on a point of order."""

    name: ClassVar[str] = "speakers.close"
    subject: str


@dataclass(frozen=True)
class ReopenSpeakers(Command):
    name: ClassVar[str] = "speakers.reopen"
    subject: str


@dataclass(frozen=True)
class SetSpeakingRule(Command):
    name: ClassVar[str] = "speakers.rule"
    speaking: SpeakingRule


@dataclass(frozen=True)
class ShowOnScreen(Command):
    """What the screen of the hall shows: `number` is that of the poll, motion, map or testimony."""

    name: ClassVar[str] = "screen.show"
    mode: ScreenMode
    number: int = 0


@dataclass(frozen=True)
class SetAgenda(Command):
    """The whole agenda; items that keep their id keep what was reached."""

    name: ClassVar[str] = "agenda.set"
    starts: str
    items: tuple[AgendaItem, ...]


@dataclass(frozen=True)
class BeginItem(Command):
    """The congress has come to the item of that id."""

    name: ClassVar[str] = "agenda.begin"
    item: int


@dataclass(frozen=True)
class ReserveAmendment(Command):
    """Put off until amendment `after` has its outcome, or to the end when it names none."""

    name: ClassVar[str] = "amendment.reserve"
    amendment: int
    reason: str
    after: int | None = None


@dataclass(frozen=True)
class KeepAmendment(Command):
    """The chair refuses a proposed outcome: the amendment stays in discussion in spite of that adopted one."""

    name: ClassVar[str] = "amendment.keep"
    amendment: int
    because_of: int
    reason: str


@dataclass(frozen=True)
class ChangeOrder(Command):
    """The amendment is called just before another one, or last when `before` names none."""

    name: ClassVar[str] = "order.change"
    amendment: int
    reason: str
    before: int | None = None


@dataclass(frozen=True)
class ArrangeOrder(Command):
    """These amendments are called one after another in the order given, where the first of them stands now."""

    name: ClassVar[str] = "order.arrange"
    amendments: tuple[int, ...]
    reason: str


@dataclass(frozen=True)
class DeclareIdentical(Command):
    """These amendments differ by typography alone: one vote settles them, and the first one's words are merged."""

    name: ClassVar[str] = "amendment.declare_identical"
    amendments: tuple[int, ...]
    reason: str = ""


@dataclass(frozen=True)
class JoinDiscussion(Command):
    """Competing amendments are debated together, then voted one after another."""

    name: ClassVar[str] = "discussion.join"
    amendments: tuple[int, ...]
    reason: str = ""


@dataclass(frozen=True)
class RevertAct(Command):
    """Undoes the act of the chair that stands at that entry of the record."""

    name: ClassVar[str] = "act.revert"
    entry: int
    reason: str


@dataclass(frozen=True)
class ProposeRedaction(Command):
    """`target` is a document such as `temoignage-12` or `personne-p3`: every entry with its content is named."""

    name: ClassVar[str] = "redaction.propose"
    target: str
    ground: str
    statement: str


@dataclass(frozen=True)
class ProposeMasking(Command):
    """The words at `place` are to be masked wherever they stand in these `documents`: at present in the entries
    `targets`. The words themselves are said nowhere.
    """

    name: ClassVar[str] = "redaction.propose_words"
    place: PassagePlace
    documents: tuple[str, ...]
    targets: tuple[int, ...]
    ground: str
    statement: str


@dataclass(frozen=True)
class ApplyMasking(Command):
    """The decision on a proposed masking, as the server carries it out: see `events.WordsRedacted`."""

    name: ClassVar[str] = "redaction.apply"
    public: ClassVar[bool] = False
    redaction: int
    targets: tuple[int, ...]
    commitments: tuple[str, ...]


@dataclass(frozen=True)
class DecideRedaction(Command):
    name: ClassVar[str] = "redaction.decide"
    redaction: int
    agree: bool
    reason: str = ""


@dataclass(frozen=True)
class DeclareGap(Command):
    name: ClassVar[str] = "gap.declare"
    public: ClassVar[bool] = False
    lost_size: int
    reason: str


@dataclass(frozen=True)
class CorrectClock(Command):
    """Sets the record's time back to the machine's; `ahead` is that of the last entry, as whoever asks saw it."""

    name: ClassVar[str] = "clock.correct"
    public: ClassVar[bool] = False
    ahead: str
    reason: str


NAMES: dict[str, type[Command]] = {cls.name: cls for cls in Command.__subclasses__()}


def decode(name: str, data: Mapping[str, Any]) -> Command:
    """The command of that name; KeyError for an unknown name, codec.Malformed for data of another shape."""
    return codec.decode(NAMES[name], data)


@dataclass(frozen=True)
class Request:
    """A command on its way in: `id` made by the sender, `actor` taken from the session, never from the message.

    `seen` is the mark of what its sender saw of the object that it acts on, or the named marks of several
    (`deliberation.seen`); "" to answer nothing.
    """

    id: str
    congress: str
    actor: str
    command: Command
    seen: str = ""
