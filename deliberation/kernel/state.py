"""The state of a congress after a given number of entries: an immutable value, the fold of its events."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from deliberation.kernel.ids import Instant
from deliberation.kernel.territory import Territory
from deliberation.kernel.vocabulary import (
    RULES,
    AgendaItem,
    Aim,
    BeleniosElection,
    Channel,
    Choice,
    Clause,
    ClauseEdit,
    CongressIdentity,
    Draft,
    Elected,
    ElectionRule,
    Elector,
    Hands,
    Node,
    Outcome,
    OutsideCount,
    OutsideFile,
    PassagePlace,
    Phase,
    Piece,
    PollRule,
    Purpose,
    Role,
    ScreenMode,
    Span,
    Speaker,
    SpeakingRule,
    Tally,
    Terms,
    Way,
    Window,
    rectified,
)


@dataclass(frozen=True)
class Settings:
    """What the organisers configured for the congress."""

    slug: str
    title: str
    description: str
    place: str
    origin: str
    timezone: str
    fictional: bool
    visitors_may_testify: bool
    rule: PollRule
    created: Instant
    cosignatures: int = 0
    presence_asked: bool = False
    speaking: SpeakingRule = field(default_factory=SpeakingRule)
    identity: CongressIdentity = field(default_factory=CongressIdentity)


@dataclass(frozen=True)
class Person:
    """`name` is "" once erased. `entries` are the indices of the entries that bound a name to this pseudonym."""

    id: str
    name: str
    role: Role
    mandate: str
    collectivity: str
    code: str
    since: Instant
    entries: tuple[int, ...] = ()
    revoked: bool = False
    revoked_reason: str = ""
    territory: Territory | None = None


@dataclass(frozen=True)
class Testimony:
    """`status`: pending, published, set_aside, hidden, redacted or withdrawn. `entry` is the index of the entry that
    says what it says now: its submission or, since its author `revised` it, the last restatement.

    `reason` explains the present status where one is due. `author` is the person or `visiteur` who sent it.
    """

    number: int
    author: str
    sent: Instant
    title: str
    text: str
    video: str
    channel: Channel
    speaker: Speaker
    theme: str
    entry: int
    status: str = "pending"
    reason: str = ""
    decided: Instant = ""
    revised: Instant = ""


@dataclass(frozen=True)
class Excerpt:
    """`medium` is "text" (characters [start, end)) or "video" (seconds [start, end)). `quote` is "" once erased.

    `outdated`: the testimony says this no more since its author corrected it; the place is where it was said.
    """

    number: int
    testimony: int
    medium: str
    start: int
    end: int
    quote: str
    author: str
    time: Instant
    entry: int
    outdated: bool = False


@dataclass(frozen=True)
class MindMap:
    """`nodes` by id; a node's parent is another id or ""."""

    number: int
    title: str
    author: str
    created: Instant
    nodes: Mapping[str, Node] = field(default_factory=dict)
    changed: Instant = ""


@dataclass(frozen=True)
class Frozen:
    """A frozen version; `entry` is the index of its `text.frozen`, `rules` the version by which it is amended.

    `divided_by` is the poll that ended a vote part by part, of which this version holds what was adopted; `renumbers`
    the adopted version that this one only numbers anew, 0 for any other.
    """

    version: int
    title: str
    clauses: tuple[Clause, ...]
    hash: str
    base: int
    adopted: tuple[int, ...]
    time: Instant
    entry: int
    rules: int = RULES
    divided_by: int = 0
    renumbers: int = 0


@dataclass(frozen=True)
class Motion:
    """`status`: drafting, frozen, adopted or rejected. `draft` and `order` follow the bursts of writing.

    `frozen[i]` is version i + 1; `writers` maps a clause id to the people who wrote in it, in order of first touch.
    `source` says whose text it was when it was brought in whole, `taken_up_by` which élu made it theirs since (M16).
    `rapporteur` is the élu who gives the opinion on amendments to it, or "".
    """

    number: int
    title: str
    author: str
    created: Instant
    status: str = "drafting"
    draft: Mapping[str, Draft] = field(default_factory=dict)
    order: tuple[str, ...] = ()
    writers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    frozen: tuple[Frozen, ...] = ()
    changed: Instant = ""
    decided_by: int | None = None
    rapporteur: str = ""
    source: str = ""
    taken_up_by: str = ""

    @property
    def is_proposed(self) -> bool:
        """Whether it was brought in whole and no élu has taken it up."""
        return bool(self.source) and not self.taken_up_by

    @property
    def text(self) -> Frozen | None:
        """The latest frozen version."""
        return self.frozen[-1] if self.frozen else None


@dataclass(frozen=True)
class Wording:
    """How an amendment read since `time`; `after` is the place of a clause that is moved.

    `edits` are all of them where it had several, the first one again among them.
    """

    text: str
    spans: tuple[Span, ...]
    rationale: str
    after: str
    new_kind: str
    time: Instant
    edits: tuple[ClauseEdit, ...] = ()

    @property
    def by_edit(self) -> tuple[Wording, ...]:
        """The words of each edit, as those of an amendment that has it alone."""
        if not self.edits:
            return (self,)
        plain = replace(self, edits=())
        return tuple(replace(plain, text=x.text, spans=x.spans, after=x.after, new_kind=x.new_kind) for x in self.edits)


@dataclass(frozen=True)
class Opinion:
    """What somebody said of an amendment, and when: the rapporteur's opinion, or another's position."""

    by: str
    opinion: str
    comment: str
    time: Instant


@dataclass(frozen=True)
class Amendment:
    """`status`: tabled, admitted, reserved, or an outcome; `adopte_rectifie` says that its author rectified it before.

    `base` is the frozen version that it aims at, `parent` the amendment that a sub-amendment aims at. `text` and
    `spans` are the words as they are put to the vote, `own` those of its author where adopted sub-amendments
    (`amended_by`) changed them since. `earlier` are the wordings before each rectification, oldest first. `instruction`
    says in words what to change; while `text` does not follow, it cannot be voted. `spans` lead from the words aimed at
    to `text`; older records have none.
    `undivided` is its wording before a vote part by part left `text` of it.
    `opinion` and its comment are the last of `opinions`; `positions` are what others say of it, each their last word.
    `before` is its status when it had its outcome; `taken_from` are its earlier authors, who withdrew it.
    `presented` is when it was first called; `declared` the first of those that it is declared identical with, or 0.
    `aim`, `clause`, `text`, `spans`, `after` and `new_kind` are its first edit, `further` the others in the order of
    the text (A40). `edit_rank` counts edits from 0: that of its parent at which a sub-amendment aims, and in
    `single_edits` the one that each of these is. `version` is the one at whose words it aims where adopted amendments
    brought some of them, 0 for the base; `upon` are the amendments merged in that version (A59).
    """

    number: int
    motion: int
    base: int
    aim: Aim
    clause: str
    text: str
    rationale: str
    new_kind: str
    author: str
    tabled: Instant
    late_reason: str = ""
    status: str = "tabled"
    outcome: Outcome | None = None
    reason: str = ""
    poll: int | None = None
    because_of: int | None = None
    settled: Instant = ""
    settled_by: str = ""
    opinion: str = ""
    opinion_comment: str = ""
    undivided: str = ""
    spans: tuple[Span, ...] = ()
    after: str = ""
    parent: int | None = None
    instruction: str = ""
    signatures: tuple[str, ...] = ()
    earlier: tuple[Wording, ...] = ()
    worded: Instant = ""
    own: Wording | None = None
    amended_by: tuple[int, ...] = ()
    opinions: tuple[Opinion, ...] = ()
    positions: tuple[Opinion, ...] = ()
    before: str = ""
    taken_from: tuple[str, ...] = ()
    presented: Instant = ""
    declared: int = 0
    further: tuple[ClauseEdit, ...] = ()
    edit_rank: int = 0
    version: int = 0
    upon: tuple[int, ...] = ()

    @property
    def aimed(self) -> int:
        """The version at whose words it aims."""
        return self.version or self.base

    @property
    def on_its_text(self) -> Amendment:
        """It as an amendment to the version at which it aims, as if that one were the base."""
        return replace(self, base=self.aimed, version=0, upon=()) if self.version else self

    @property
    def edits(self) -> tuple[ClauseEdit, ...]:
        """What it does at each place, in the order of the text."""
        first = ClauseEdit(self.aim, self.clause, self.text, self.spans, self.after, self.new_kind)
        return (first, *self.further)

    @property
    def single_edits(self) -> tuple[Amendment, ...]:
        """It as one amendment for each of its edits, all under its number and with its author's words there."""
        if not self.further:
            return (self,)
        own = (None,) * (len(self.further) + 1) if self.own is None else self.own.by_edit
        return tuple(
            replace(
                self,
                aim=edit.aim,
                clause=edit.clause,
                text=edit.text,
                spans=edit.spans,
                after=edit.after,
                new_kind=edit.new_kind,
                own=words,
                further=(),
                edit_rank=rank,
            )
            for rank, (edit, words) in enumerate(zip(self.edits, own, strict=True))
        )

    def edit_at(self, rank: int) -> Amendment:
        """It with that edit alone; with its last one where it has fewer since."""
        singles = self.single_edits
        return singles[min(rank, len(singles) - 1)]

    @property
    def rectified(self) -> int:
        """How often its author rectified it: 1 for *rect.*, 2 for *rect. bis*…"""
        return len(self.earlier)

    @property
    def called(self) -> str:
        """Its number as it is called: `12 rect. bis`, `12 repris`."""
        marks = (str(self.number), rectified(self.rectified), "repris" if self.taken_from else "")
        return " ".join(filter(None, marks))

    @property
    def is_worded(self) -> bool:
        """Whether it says exactly what the text would become; an instruction alone does not."""
        return bool(self.text) or self.aim in {Aim.DELETE, Aim.MOVE}

    @property
    def wording(self) -> Wording:
        """Its author's words, without sub-amendments."""
        since = self.worded or self.tabled
        said = (self.text, self.spans, self.rationale, self.after, self.new_kind, since)
        return self.own or Wording(*said, self.edits if self.further else ())


@dataclass(frozen=True)
class Transcription:
    """An amendment on paper, entered at the desk. `status`: waiting, confirmed as `amendment`, or refused.

    `version` is the one on which its dispositif is read, 0 for `base`.
    """

    number: int
    motion: int
    base: int
    author: str
    sentence: str
    rationale: str
    late_reason: str
    transcribed_by: str
    transcribed: Instant
    status: str = "waiting"
    settled_by: str = ""
    settled: Instant = ""
    reason: str = ""
    amendment: int = 0
    version: int = 0


@dataclass(frozen=True)
class Poll:
    """`ballots` maps a voter to the last choice; `tally` is None while the poll is open, and when it was cancelled.

    `cast` maps a voter to the entry of that ballot, and `entries` names all entries of ballots, changed ones too.
    `by_proxy` maps those for whom somebody else voted to that bearer. `weights` names the voices of whoever has
    another number than one. `college` is 0 when all élus were asked, `second_call_of` the poll that failed its quorum.
    `identical` are further amendments that the same vote settles.
    `closes` is where its clock stands ("" without one), `paused` since when and `pause_reason` why no vote is taken
    (both "" when votes are).
    Of a show of hands: `counts` by teller (`counted` are the entries of those not yet public), and `hands` that the
    chair decided where they differ, for the reason that `decision` says.
    Of a secret poll: `signed` maps a voter to the entry of their signature, `borne` one for whom a proxy signed to
    its bearer; `papers` are those of the box once opened.
    `part`, `sheet`, `block`, `candidates`, `seats`, `present`, `stated`, `counting`: see `events.PollOpened`; `votes`
    are those of each candidate, once counted.
    """

    number: int
    subject: str
    question: str
    rule: PollRule
    electorate: tuple[str, ...]
    opened: Instant
    opened_by: str
    ballots: Mapping[str, Choice] = field(default_factory=dict)
    entries: tuple[int, ...] = ()
    tally: Tally | None = None
    closed: Instant = ""
    cast: Mapping[str, int] = field(default_factory=dict)
    by_proxy: Mapping[str, str] = field(default_factory=dict)
    weights: Mapping[str, int] = field(default_factory=dict)
    college: int = 0
    second_call_of: int = 0
    identical: tuple[int, ...] = ()
    terms: Terms = field(default_factory=Terms)
    closes: Instant = ""
    paused: Instant = ""
    pause_reason: str = ""
    cancelled: str = ""
    counts: Mapping[str, Hands] = field(default_factory=dict)
    hands: Hands | None = None
    decision: str = ""
    counted: tuple[int, ...] = ()
    signed: Mapping[str, int] = field(default_factory=dict)
    borne: Mapping[str, str] = field(default_factory=dict)
    papers: tuple[int, ...] = ()
    part: int = 0
    sheet: int = 0
    block: bool = False
    candidates: tuple[str, ...] = ()
    votes: tuple[int, ...] = ()
    seats: int = 1
    present: tuple[str, ...] | None = None
    stated: int | None = None
    counting: int = 1

    @property
    def is_open(self) -> bool:
        """Whether votes can still be given."""
        return not self.closed

    @property
    def way(self) -> Way:
        """How votes are given in it."""
        return self.terms.way

    @property
    def bearers(self) -> Mapping[str, str]:
        """Those for whom somebody else took part by proxy, each with that person."""
        return {**self.by_proxy, **self.borne}

    def voices(self, person: str) -> int:
        """How many votes that person has."""
        return self.weights.get(person, 1)


@dataclass(frozen=True)
class Division:
    """How an amendment or a motion is voted part by part. `of` are the words divided (see `division.words_of`),
    `pieces` what they were made of, `old` the words that an amendment would change.

    `results` says of each part voted whether it was carried.
    """

    subject: str
    parts: tuple[tuple[int, ...], ...]
    asked_by: str
    time: Instant
    of: str
    pieces: tuple[Piece, ...] = ()
    old: str = ""
    results: Mapping[int, bool] = field(default_factory=dict)
    ended: bool = False


@dataclass(frozen=True)
class Election:
    """`rounds` are its polls, in order; `elected` grows until all seats are filled."""

    number: int
    office: str
    candidates: tuple[str, ...]
    rule: ElectionRule
    opened: Instant
    rounds: tuple[int, ...] = ()
    elected: tuple[Elected, ...] = ()

    @property
    def people(self) -> tuple[str, ...]:
        """The pseudonyms of those elected so far."""
        return tuple(each.person for each in self.elected)

    @property
    def vacant(self) -> int:
        """How many seats are not filled yet."""
        return self.rule.seats - len(self.elected)


@dataclass(frozen=True)
class OutsideResult:
    """The result of a poll held elsewhere.

    `election` is what its archive says, None for one that was stated without an archive; `archived` is the entry that
    holds the archive, None once that is erased. `checked` is what `belenios-tool` said of it, in that version.
    """

    number: int
    title: str
    url: str
    uuid: str
    voters: int
    counts: tuple[OutsideCount, ...]
    files: tuple[OutsideFile, ...]
    comment: str
    recorded: Instant
    recorded_by: str
    election: BeleniosElection | None = None
    archived: int | None = None
    checked: str = ""
    tool: str = ""


@dataclass(frozen=True)
class Slip:
    """A signed slip in a roll call. `status`: waiting, counted or refused; `settled_by` confirmed or refused it.

    `signer` is the élu who signed it, for themselves or for the `voter` who gave them a proxy; "" while that is not
    public. `entry` is that in which it was entered.
    """

    number: int
    poll: int
    entered_by: str
    entered: Instant
    entry: int
    signer: str = ""
    voter: str = ""
    choice: Choice | None = None
    status: str = "waiting"
    settled_by: str = ""
    settled: Instant = ""
    reason: str = ""


@dataclass(frozen=True)
class Proxy:
    """A written mandate; `ended` is "" while it stands."""

    number: int
    giver: str
    bearer: str
    given: Instant
    ended: Instant = ""


@dataclass(frozen=True)
class College:
    """A list of people who can vote alone on a question."""

    number: int
    title: str
    members: tuple[str, ...]
    changed: Instant


@dataclass(frozen=True)
class Remark:
    """A comment, or a suggestion of other words (`proposal`). `status`: open, resolved, accepted or declined.

    `motion` is 0 while nobody may see what it is about, and once it is erased. `entry` is the index of its making.
    `client` is the Yjs client id under which alone its words were written when it was accepted; 0 if unknown.
    `addressed` are the ids of the people whom `text` names, as `@{id}` (M30).
    """

    number: int
    motion: int
    clause: str
    text: str
    author: str
    time: Instant
    entry: int
    quote: str = ""
    anchor: str = ""
    reply_to: int = 0
    base: str = ""
    proposal: str | None = None
    status: str = "open"
    settled_by: str = ""
    settled: Instant = ""
    client: int = 0
    addressed: tuple[str, ...] = ()

    @property
    def is_suggestion(self) -> bool:
        """Whether it proposes other words, so that it can be accepted."""
        return self.proposal is not None


@dataclass(frozen=True)
class Seclusion:
    """Drafting in camera (huis clos), in force since the entry `entry`; `titles` are the motions' titles at that time,
    by number.
    """

    until: Instant
    reason: str
    since: Instant
    by: str
    entry: int
    titles: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class InCamera:
    """A sitting in camera, withheld from the public since the entry `entry` until the instant `until`.

    `public` is the `State` that follows from the entries that are public meanwhile (S51). It is None within that state
    itself, and in the views of readers.
    """

    sitting: int
    until: Instant
    reason: str
    since: Instant
    by: str
    entry: int
    public: Any = None


@dataclass(frozen=True)
class Sitting:
    """`chair` is the élu who presides, or "". `first` is the index of the entry that opened it, `last` of the one that
    closed it, -1 while it is open. `suspended` says since when and `why` (both "" while it goes on). `attendance` says
    whether a list of those present is kept. `lists_closed` are the subjects on which nobody may ask for the floor
    any more. `called` is when something was last called in it.
    `deputy` is the élu who may take the chair at any moment, or "".
    """

    number: int
    chair: str
    opened: Instant
    opened_by: str
    closed: Instant = ""
    closed_by: str = ""
    last: int = -1
    first: int = -1
    suspended: Instant = ""
    why: str = ""
    attendance: bool = False
    lists_closed: tuple[str, ...] = ()
    called: Instant = ""
    deputy: str = ""


@dataclass(frozen=True)
class Attendance:
    """From when until when somebody was present in a sitting; `left` is "" while they are, and until the sitting is
    closed. `how`: "code" (on their own device, with the code of the hall), "desk" or "call" (call-over). `by` and
    `left_by` are who signed them in and out.
    """

    number: int
    sitting: int
    person: str
    how: str
    since: Instant
    by: str
    left: Instant = ""
    left_by: str = ""


@dataclass(frozen=True)
class Agenda:
    """The agenda as it is planned: its items in order, the first of which is to begin at `starts`. `began` says since
    when each item that was reached was dealt with, by its id; the one that began last is the present one.
    """

    starts: Instant
    items: tuple[AgendaItem, ...]
    began: Mapping[int, Instant] = field(default_factory=dict)


@dataclass(frozen=True)
class Screen:
    """What whoever conducts chose for the screen of the hall, since when: the thing `number` of that kind, 0 for modes
    that show no numbered thing.
    """

    mode: ScreenMode
    number: int
    since: Instant


@dataclass(frozen=True)
class SpeakingTurn:
    """A turn in the list of speakers of a sitting, asked for on `subject` ("" when nothing was called).

    `by` asked for it: the person, or whoever entered it for them. `began` and `ended` are "" until then; `allowed` is
    its time in seconds, 0 for no limit. `withdrawn` is when it was taken back. The act of the chair of entry `moved`
    (-1 for none) placed it before the turn `before`, or last if 0, for that `reason`.
    """

    number: int
    sitting: int
    person: str
    purpose: Purpose
    subject: str
    asked: Instant
    by: str
    began: Instant = ""
    ended: Instant = ""
    allowed: int = 0
    withdrawn: Instant = ""
    before: int = 0
    moved: int = -1
    reason: str = ""

    @property
    def waits(self) -> bool:
        """Whether the person has neither spoken nor taken it back."""
        return not self.began and not self.withdrawn


@dataclass(frozen=True)
class Act:
    """An act of the chair, or the reversal of one (then `other` is the entry of that act).

    `was` is the status of its amendment before it. `other` is what the act names: the amendment after which one is
    reserved, before which one is called, because of which one was kept. `number` is that of a discussion.
    `reverted` is the entry that undid it, -1 while it stands.
    """

    entry: int
    kind: str
    motion: int
    amendments: tuple[int, ...]
    reason: str
    time: Instant
    actor: str
    was: str = ""
    other: int = -1
    number: int = 0
    reverted: int = -1

    @property
    def stands(self) -> bool:
        """Whether nobody reverted it."""
        return self.reverted < 0


@dataclass(frozen=True)
class Redaction:
    """`status`: proposed, refused or done. With a `place`, words are masked and nothing is erased (R30): `commitments`
    are then those of the masked payloads of `targets`, in the same order.
    """

    number: int
    targets: tuple[int, ...]
    ground: str
    statement: str
    proposed_by: str
    proposed: Instant
    status: str = "proposed"
    decided_by: str = ""
    decided: Instant = ""
    reason: str = ""
    entry: int = 0
    place: PassagePlace | None = None
    documents: tuple[str, ...] = ()
    commitments: tuple[str, ...] = ()


@dataclass(frozen=True)
class State:
    """`size` entries are folded. `withheld` maps the index of an entry whose payload is not public now to the reason:
    pending, set_aside, hidden, open_poll, huis_clos or seance. `redacted` maps the index of an erased entry to its
    redaction's number, 0 where the author of a testimony had it erased (T23). `writing` maps a document to the owner of
    each Yjs client id that wrote in it.
    """

    size: int = 0
    settings: Settings | None = None
    phases: Mapping[Phase, Window] = field(default_factory=dict)
    people: Mapping[str, Person] = field(default_factory=dict)
    testimonies: Mapping[int, Testimony] = field(default_factory=dict)
    excerpts: Mapping[int, Excerpt] = field(default_factory=dict)
    maps: Mapping[int, MindMap] = field(default_factory=dict)
    motions: Mapping[int, Motion] = field(default_factory=dict)
    amendments: Mapping[int, Amendment] = field(default_factory=dict)
    polls: Mapping[int, Poll] = field(default_factory=dict)
    proxies: Mapping[int, Proxy] = field(default_factory=dict)
    electors: Mapping[str, Elector] = field(default_factory=dict)
    colleges: Mapping[int, College] = field(default_factory=dict)
    redactions: Mapping[int, Redaction] = field(default_factory=dict)
    divisions: Mapping[str, Division] = field(default_factory=dict)
    elections: Mapping[int, Election] = field(default_factory=dict)
    results: Mapping[int, OutsideResult] = field(default_factory=dict)
    slips: Mapping[int, Slip] = field(default_factory=dict)
    transcriptions: Mapping[int, Transcription] = field(default_factory=dict)
    floor: str = ""
    sittings: Mapping[int, Sitting] = field(default_factory=dict)
    attendance: Mapping[int, Attendance] = field(default_factory=dict)
    turns: Mapping[int, SpeakingTurn] = field(default_factory=dict)
    screen: Screen | None = None
    agenda: Agenda | None = None
    acts: Mapping[int, Act] = field(default_factory=dict)
    remarks: Mapping[int, Remark] = field(default_factory=dict)
    seclusion: Seclusion | None = None
    in_camera: InCamera | None = None
    withheld: Mapping[int, str] = field(default_factory=dict)
    redacted: Mapping[int, int] = field(default_factory=dict)
    writing: Mapping[str, Mapping[int, str]] = field(default_factory=dict)

    @property
    def sitting(self) -> Sitting | None:
        """The open sitting, or None."""
        last = self.sittings.get(len(self.sittings))
        return last if last and last.last < 0 else None

    @property
    def chair(self) -> str:
        """The élu who presides over the open sitting, or ""."""
        return self.sitting.chair if self.sitting else ""

    @property
    def speaking_turn(self) -> SpeakingTurn | None:
        """The turn of whoever has the floor, or None."""
        return next((turn for turn in self.turns.values() if turn.began and not turn.ended), None)

    def masked_by(self, entry: int) -> Redaction | None:
        """The latest redaction that masked words in that entry, or None."""
        done = (x for x in self.redactions.values() if x.status == "done" and x.place and entry in x.targets)
        return max(done, key=lambda x: x.entry, default=None)

    def awaits_erasing(self, entry: int) -> bool:
        """Whether a redaction of that entry is proposed and undecided."""
        return any(x.status == "proposed" and x.place is None and entry in x.targets for x in self.redactions.values())
