"""What has happened, as facts: the payloads of the record.

Each event is a frozen dataclass with a `kind`, and a `document` that it is about. An event never holds an e-mail
address, a password or anything else that may not be published. A new field needs a default; a changed meaning needs
a new kind.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from deliberation.kernel import codec, ids
from deliberation.kernel.territory import Territory
from deliberation.kernel.vocabulary import (
    AgendaItem,
    Aim,
    BeleniosElection,
    Channel,
    Choice,
    Clause,
    ClauseChange,
    ClauseEdit,
    CongressIdentity,
    ElectionRule,
    Elector,
    Hands,
    KeptRun,
    NodeChange,
    Outcome,
    OutsideCount,
    OutsideFile,
    PassagePlace,
    Phase,
    PollRule,
    Purpose,
    Revision,
    Role,
    ScreenMode,
    Span,
    Speaker,
    SpeakingRule,
    Tally,
    Terms,
)


class Event:
    """A fact about one document; `about` is its name, with the event as `{0}`."""

    kind: ClassVar[str]
    about: ClassVar[str]

    @property
    def document(self) -> str:
        return self.about.format(self)


@dataclass(frozen=True)
class CongressCreated(Event):
    kind: ClassVar[str] = "congress.created"
    about: ClassVar[str] = "congres"
    slug: str
    title: str
    description: str
    place: str
    origin: str
    timezone: str = "Europe/Paris"
    fictional: bool = False
    visitors_may_testify: bool = True
    rule: PollRule = field(default_factory=PollRule)
    cosignatures: int = 0


@dataclass(frozen=True)
class CongressChanged(Event):
    kind: ClassVar[str] = "congress.changed"
    about: ClassVar[str] = "congres"
    title: str
    description: str
    place: str
    visitors_may_testify: bool
    rule: PollRule = field(default_factory=PollRule)
    cosignatures: int = 0
    presence_asked: bool = False


@dataclass(frozen=True)
class CongressIdentified(Event):
    """Who holds the congress and answers for its site, from now on."""

    kind: ClassVar[str] = "congress.identified"
    about: ClassVar[str] = "congres"
    identity: CongressIdentity


@dataclass(frozen=True)
class PhaseSet(Event):
    kind: ClassVar[str] = "phase.set"
    about: ClassVar[str] = "phase-{0.phase}"
    phase: Phase
    opens: str | None
    closes: str | None


@dataclass(frozen=True)
class PersonAdmitted(Event):
    """A pseudonym enters the congress with a role; its name is a separate fact, so that it alone can be erased."""

    kind: ClassVar[str] = "person.admitted"
    about: ClassVar[str] = "personne-{0.person}"
    person: str
    role: Role


@dataclass(frozen=True)
class ActorBound(Event):
    """A pseudonym gets a name; erasing this payload leaves a person without a name."""

    kind: ClassVar[str] = "actor.bind"
    about: ClassVar[str] = "personne-{0.person}"
    person: str
    name: str
    mandate: str = ""
    collectivity: str = ""
    code: str = ""
    territory: Territory | None = None


@dataclass(frozen=True)
class PersonRevoked(Event):
    kind: ClassVar[str] = "person.revoked"
    about: ClassVar[str] = "personne-{0.person}"
    person: str
    reason: str


@dataclass(frozen=True)
class TestimonySubmitted(Event):
    kind: ClassVar[str] = "testimony.submitted"
    about: ClassVar[str] = "temoignage-{0.testimony}"
    testimony: int
    title: str
    text: str
    video: str
    channel: Channel
    speaker: Speaker
    theme: str = ""


@dataclass(frozen=True)
class TestimonyPublished(Event):
    """`entries` are the indices whose payloads become public by it; for the three events below, those concerned."""

    kind: ClassVar[str] = "testimony.published"
    about: ClassVar[str] = "temoignage-{0.testimony}"
    testimony: int
    entries: tuple[int, ...] = ()


@dataclass(frozen=True)
class TestimonySetAside(Event):
    kind: ClassVar[str] = "testimony.set_aside"
    about: ClassVar[str] = "temoignage-{0.testimony}"
    testimony: int
    reason: str
    entries: tuple[int, ...] = ()


@dataclass(frozen=True)
class TestimonyHidden(Event):
    kind: ClassVar[str] = "testimony.hidden"
    about: ClassVar[str] = "temoignage-{0.testimony}"
    testimony: int
    reason: str
    entries: tuple[int, ...] = ()


@dataclass(frozen=True)
class TestimonyRestored(Event):
    kind: ClassVar[str] = "testimony.restored"
    about: ClassVar[str] = "temoignage-{0.testimony}"
    testimony: int
    reason: str
    entries: tuple[int, ...] = ()


@dataclass(frozen=True)
class TestimonyRevised(Event):
    """Its author changed how they are named, corrected it, or withdrew it. The payloads of `targets` (indices of
    entries) are erased; what the testimony says from then on follows in `TestimonyRestated`. `waits`: it awaits
    moderation again, with the excerpts whose entries are `entries`. `outdated` are the excerpts that it no longer says.
    """

    kind: ClassVar[str] = "testimony.revised"
    about: ClassVar[str] = "temoignage-{0.testimony}"
    testimony: int
    act: Revision
    targets: tuple[int, ...]
    waits: bool = False
    entries: tuple[int, ...] = ()
    outdated: tuple[int, ...] = ()
    reason: str = ""


@dataclass(frozen=True)
class TestimonyRestated(Event):
    """What a testimony says, and as whose words, since its author revised it in the entry before."""

    kind: ClassVar[str] = "testimony.restated"
    about: ClassVar[str] = "temoignage-{0.testimony}"
    testimony: int
    title: str
    text: str
    video: str
    channel: Channel
    speaker: Speaker
    theme: str = ""


@dataclass(frozen=True)
class ExcerptQuoted(Event):
    """A passage of a testimony: characters [start, end) of its text, or seconds [start, end) of its video."""

    kind: ClassVar[str] = "excerpt.quoted"
    about: ClassVar[str] = "extrait-{0.excerpt}"
    excerpt: int
    testimony: int
    medium: str
    start: int
    end: int
    quote: str


@dataclass(frozen=True)
class MapCreated(Event):
    kind: ClassVar[str] = "map.created"
    about: ClassVar[str] = "carte-{0.map}"
    map: int
    title: str


@dataclass(frozen=True)
class MapDrawn(Event):
    """One person's burst of work on a map: the merged Yjs update, and what changed in words.

    `canonical`: the words are canonical (M35); in records of earlier versions they are as they were typed.
    """

    kind: ClassVar[str] = "map.drawn"
    about: ClassVar[str] = "carte-{0.map}"
    map: int
    update: str
    clients: tuple[int, ...]
    changes: tuple[NodeChange, ...]
    started: str = ""
    canonical: bool = False


@dataclass(frozen=True)
class MotionCreated(Event):
    """`source`: whose text it is, in words, when it was brought in whole and is only proposed (M16)."""

    kind: ClassVar[str] = "motion.created"
    about: ClassVar[str] = "motion-{0.motion}"
    motion: int
    title: str
    source: str = ""


@dataclass(frozen=True)
class MotionTakenUp(Event):
    """An élu made the proposed text the élus' own."""

    kind: ClassVar[str] = "motion.taken_up"
    about: ClassVar[str] = "motion-{0.motion}"
    motion: int


@dataclass(frozen=True)
class TextWritten(Event):
    """One person's burst of writing: the merged Yjs update, and what changed in words.

    `update` is base64 of Yjs update v1; `clients` are the Yjs client ids that this update adds structs under;
    `title` is the new title when it changed; `order` the ids of all clauses when their sequence changed.
    `title_kept`: the characters of the new title that were in the old one; None in records that do not say.
    `canonical`: the words are canonical, and so are those that characters are kept of (M35); in records of earlier
    versions they are as they were typed.
    """

    kind: ClassVar[str] = "text.written"
    about: ClassVar[str] = "motion-{0.motion}"
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
class RemarkMade(Event):
    """A comment on a draft or, with `proposal`, a suggestion of other words than `base`, those of the clause then.

    `reply_to` is the number of the first remark of the thread, 0 for a first one. `addressed` are the people whom the
    text names, as `@{id}` (M30).
    """

    kind: ClassVar[str] = "remark.made"
    about: ClassVar[str] = "remarque-{0.remark}"
    remark: int
    motion: int
    clause: str
    text: str
    quote: str = ""
    anchor: str = ""
    reply_to: int = 0
    base: str = ""
    proposal: str | None = None
    addressed: tuple[str, ...] = ()


@dataclass(frozen=True)
class RemarkSettled(Event):
    """`status`: open again, resolved, accepted or declined.

    `client`: the Yjs client id under which alone the words of an accepted suggestion were written; 0 if unknown.
    """

    kind: ClassVar[str] = "remark.settled"
    about: ClassVar[str] = "remarque-{0.remark}"
    remark: int
    status: str
    client: int = 0


@dataclass(frozen=True)
class DraftingSecluded(Event):
    """Huis clos: what is written from here on is withheld until the instant `until`, announced here."""

    kind: ClassVar[str] = "drafting.secluded"
    about: ClassVar[str] = "congres"
    until: str
    reason: str


@dataclass(frozen=True)
class DraftingPublished(Event):
    """Everything that was written behind closed doors is public, from its first keystroke."""

    kind: ClassVar[str] = "drafting.published"
    about: ClassVar[str] = "congres"
    reason: str


@dataclass(frozen=True)
class SittingInCamera(Event):
    """What is done in that sitting from here on is withheld from the public until the instant `until`."""

    kind: ClassVar[str] = "sitting.in_camera"
    about: ClassVar[str] = "seance"
    sitting: int
    until: str
    reason: str


@dataclass(frozen=True)
class SittingPublished(Event):
    """Everything that was done in camera is public; `reason` is "" when the announced instant has come."""

    kind: ClassVar[str] = "sitting.published"
    about: ClassVar[str] = "seance"
    reason: str


@dataclass(frozen=True)
class TextFrozen(Event):
    """A version of the motion that rules, amendments and votes refer to.

    `base` is the version that pending amendments aim at; `adopted` names the amendments merged since it.
    `divided_by` is the poll that ended a vote part by part, of which this version holds the parts adopted.
    `rules` is the version of the rules by which amendments to it are read and merged: 1 in records that do not say.
    """

    kind: ClassVar[str] = "text.frozen"
    about: ClassVar[str] = "motion-{0.motion}"
    motion: int
    version: int
    title: str
    clauses: tuple[Clause, ...]
    hash: str
    base: int
    adopted: tuple[int, ...] = ()
    divided_by: int = 0
    rules: int = 1


@dataclass(frozen=True)
class TextRenumbered(Event):
    """The adopted version `renumbers` with clauses numbered anew, and references that follow them (M20, M23)."""

    kind: ClassVar[str] = "text.renumbered"
    about: ClassVar[str] = "motion-{0.motion}"
    motion: int
    version: int
    renumbers: int
    clauses: tuple[Clause, ...]
    hash: str


@dataclass(frozen=True)
class MotionReopened(Event):
    kind: ClassVar[str] = "motion.reopened"
    about: ClassVar[str] = "motion-{0.motion}"
    motion: int
    reason: str


@dataclass(frozen=True)
class MotionDecided(Event):
    """The vote on the whole: `adopted` or not, by poll, of a frozen version."""

    kind: ClassVar[str] = "motion.decided"
    about: ClassVar[str] = "motion-{0.motion}"
    motion: int
    adopted: bool
    poll: int
    version: int


@dataclass(frozen=True)
class AmendmentTabled(Event):
    """`aim` on `clause` of the frozen version `base`, or of what amendment `parent` proposes there.

    For an insertion, `clause` is the one it follows ("" for the beginning) and `new_kind` the kind of the new clause;
    a clause that is moved comes `after` another ("" for the beginning). `spans` are the words that the author touched,
    as whole words. With an `instruction` the exact `text` may come later. `author` is the élu whose paper was
    transcribed; "" where the actor of the entry is the author. `further` are its edits at other places, in the order
    of the text (A40); `edit_rank` is the edit of `parent`, from 0, at which a sub-amendment aims. `version` is the one
    at whose words it aims where adopted amendments to `base` brought some of them (A59), 0 for those of `base`.
    """

    kind: ClassVar[str] = "amendment.tabled"
    about: ClassVar[str] = "amendement-{0.amendment}"
    amendment: int
    motion: int
    base: int
    aim: Aim
    clause: str
    text: str
    rationale: str
    new_kind: str = ""
    late_reason: str = ""
    spans: tuple[Span, ...] = ()
    after: str = ""
    parent: int | None = None
    instruction: str = ""
    author: str = ""
    further: tuple[ClauseEdit, ...] = ()
    edit_rank: int = 0
    version: int = 0


@dataclass(frozen=True)
class AmendmentTranscribed(Event):
    """An amendment on paper, entered at the desk by its dispositif on version `base`, or on the later `version` of the
    text under debate that the desk had before it: tabled once confirmed (A56).
    """

    kind: ClassVar[str] = "amendment.transcribed"
    about: ClassVar[str] = "transcription-{0.transcription}"
    transcription: int
    motion: int
    base: int
    author: str
    sentence: str
    rationale: str = ""
    late_reason: str = ""
    version: int = 0


@dataclass(frozen=True)
class TranscriptionConfirmed(Event):
    """By its author, or by a second person at the desk who has the signed paper; the amendment follows at once."""

    kind: ClassVar[str] = "transcription.confirmed"
    about: ClassVar[str] = "transcription-{0.transcription}"
    transcription: int
    amendment: int


@dataclass(frozen=True)
class TranscriptionRefused(Event):
    kind: ClassVar[str] = "transcription.refused"
    about: ClassVar[str] = "transcription-{0.transcription}"
    transcription: int
    reason: str


@dataclass(frozen=True)
class AmendmentWorded(Event):
    """Its author writes out what the instruction means, word for word."""

    kind: ClassVar[str] = "amendment.worded"
    about: ClassVar[str] = "amendement-{0.amendment}"
    amendment: int
    text: str
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True)
class AmendmentRectified(Event):
    """Its author's new wording: the `rectification`-th, from 1.

    `edits` are all of them where it had several, the first one again among them; those that are left out were given up.
    """

    kind: ClassVar[str] = "amendment.rectified"
    about: ClassVar[str] = "amendement-{0.amendment}"
    amendment: int
    rectification: int
    text: str
    rationale: str
    spans: tuple[Span, ...] = ()
    after: str = ""
    new_kind: str = ""
    edits: tuple[ClauseEdit, ...] = ()


@dataclass(frozen=True)
class AmendmentSigned(Event):
    """The actor supports an amendment that another tabled."""

    kind: ClassVar[str] = "amendment.signed"
    about: ClassVar[str] = "amendement-{0.amendment}"
    amendment: int


@dataclass(frozen=True)
class AmendmentUnsigned(Event):
    kind: ClassVar[str] = "amendment.unsigned"
    about: ClassVar[str] = "amendement-{0.amendment}"
    amendment: int


@dataclass(frozen=True)
class AmendmentAmended(Event):
    """How a pending amendment reads with all its `adopted` sub-amendments; `spans` lead from the frozen text to it.

    `further` are its other edits, as they then read.
    """

    kind: ClassVar[str] = "amendment.amended"
    about: ClassVar[str] = "amendement-{0.amendment}"
    amendment: int
    adopted: tuple[int, ...]
    text: str
    spans: tuple[Span, ...] = ()
    further: tuple[ClauseEdit, ...] = ()


@dataclass(frozen=True)
class AmendmentWithdrawn(Event):
    kind: ClassVar[str] = "amendment.withdrawn"
    about: ClassVar[str] = "amendement-{0.amendment}"
    amendment: int
    reason: str


@dataclass(frozen=True)
class AmendmentAdmitted(Event):
    kind: ClassVar[str] = "amendment.admitted"
    about: ClassVar[str] = "amendement-{0.amendment}"
    amendment: int


@dataclass(frozen=True)
class AmendmentSettled(Event):
    """The outcome, with its public reason, the poll or the amendment that it follows from."""

    kind: ClassVar[str] = "amendment.settled"
    about: ClassVar[str] = "amendement-{0.amendment}"
    amendment: int
    outcome: Outcome
    reason: str
    poll: int | None = None
    because_of: int | None = None


@dataclass(frozen=True)
class OpinionGiven(Event):
    kind: ClassVar[str] = "opinion.given"
    about: ClassVar[str] = "amendement-{0.amendment}"
    amendment: int
    opinion: str
    comment: str


@dataclass(frozen=True)
class RapporteurNamed(Event):
    """From now on `person` alone gives the opinion on amendments to that motion; "" for nobody."""

    kind: ClassVar[str] = "rapporteur.named"
    about: ClassVar[str] = "motion-{0.motion}"
    motion: int
    person: str


@dataclass(frozen=True)
class PositionTaken(Event):
    """What an élu who is not the rapporteur says of an amendment: "favorable" or "defavorable"."""

    kind: ClassVar[str] = "position.taken"
    about: ClassVar[str] = "amendement-{0.amendment}"
    amendment: int
    position: str
    comment: str = ""


@dataclass(frozen=True)
class AmendmentTakenOver(Event):
    """A withdrawn amendment is proposed again, in the same words, by the actor, its author from now on."""

    kind: ClassVar[str] = "amendment.taken_over"
    about: ClassVar[str] = "amendement-{0.amendment}"
    amendment: int


@dataclass(frozen=True)
class PollOpened(Event):
    """`electorate` names every person entitled to vote, fixed before the poll opens; `terms` say how it is held.

    `weights` are the voices of those who have another number than one. `college` is the list asked, 0 for all élus.
    `identical` are amendments that propose the same as its subject: the vote settles them all.
    `part` of a divided subject, from 1. `sheet` is the first of the polls that are answered together, by one answer
    if `block`. `candidates` are those of a round of an election for `seats` seats.
    `present` are those of the electorate who were present, by the list of the sitting; None without a list. Then
    `stated` is how many were, None when nobody said. `counting` is the version of the rules by which it is counted.
    """

    kind: ClassVar[str] = "poll.opened"
    about: ClassVar[str] = "scrutin-{0.poll}"
    poll: int
    subject: str
    question: str
    rule: PollRule
    electorate: tuple[str, ...]
    weights: Mapping[str, int] = field(default_factory=dict)
    college: int = 0
    second_call_of: int = 0
    identical: tuple[int, ...] = ()
    terms: Terms = field(default_factory=Terms)
    part: int = 0
    sheet: int = 0
    block: bool = False
    candidates: tuple[str, ...] = ()
    seats: int = 1
    present: tuple[str, ...] | None = None
    stated: int | None = None
    counting: int = 1


@dataclass(frozen=True)
class BallotCast(Event):
    """The voter's choice, cast by themselves or by the bearer of their proxy: the actor of the entry."""

    kind: ClassVar[str] = "ballot.cast"
    about: ClassVar[str] = "scrutin-{0.poll}"
    poll: int
    voter: str
    choice: Choice


@dataclass(frozen=True)
class SlipEntered(Event):
    """What a signed slip says, as somebody at the desk entered it: it counts once another person confirmed it (W30)."""

    kind: ClassVar[str] = "slip.entered"
    about: ClassVar[str] = "scrutin-{0.poll}"
    slip: int
    poll: int
    signer: str
    voter: str
    choice: Choice


@dataclass(frozen=True)
class SlipConfirmed(Event):
    kind: ClassVar[str] = "slip.confirmed"
    about: ClassVar[str] = "scrutin-{0.poll}"
    slip: int
    poll: int


@dataclass(frozen=True)
class SlipRefused(Event):
    kind: ClassVar[str] = "slip.refused"
    about: ClassVar[str] = "scrutin-{0.poll}"
    slip: int
    poll: int
    reason: str


@dataclass(frozen=True)
class PollClosed(Event):
    """`votes` are those of each candidate of an election, whose tally has those of the first as votes in favour, those
    of all others as votes against, and blanks as abstentions.
    """

    kind: ClassVar[str] = "poll.closed"
    about: ClassVar[str] = "scrutin-{0.poll}"
    poll: int
    tally: Tally
    votes: tuple[int, ...] = ()


@dataclass(frozen=True)
class PollPaused(Event):
    kind: ClassVar[str] = "poll.paused"
    about: ClassVar[str] = "scrutin-{0.poll}"
    poll: int
    reason: str


@dataclass(frozen=True)
class PollResumed(Event):
    """`closes` is where the clock stands now: the pause does not count."""

    kind: ClassVar[str] = "poll.resumed"
    about: ClassVar[str] = "scrutin-{0.poll}"
    poll: int
    closes: str = ""


@dataclass(frozen=True)
class PollCancelled(Event):
    kind: ClassVar[str] = "poll.cancelled"
    about: ClassVar[str] = "scrutin-{0.poll}"
    poll: int
    reason: str


@dataclass(frozen=True)
class HandsCounted(Event):
    """One teller's count of a show of hands."""

    kind: ClassVar[str] = "hands.counted"
    about: ClassVar[str] = "scrutin-{0.poll}"
    poll: int
    teller: str
    hands: Hands


@dataclass(frozen=True)
class HandsRecounted(Event):
    """The counts so far no longer hold: the hands are counted again."""

    kind: ClassVar[str] = "hands.recounted"
    about: ClassVar[str] = "scrutin-{0.poll}"
    poll: int


@dataclass(frozen=True)
class HandsDecided(Event):
    """The chair's decision where tellers differ."""

    kind: ClassVar[str] = "hands.decided"
    about: ClassVar[str] = "scrutin-{0.poll}"
    poll: int
    hands: Hands
    reason: str


@dataclass(frozen=True)
class BallotSigned(Event):
    """A voter took part in a secret poll, and one paper went into the box: this says who, never what."""

    kind: ClassVar[str] = "ballot.signed"
    about: ClassVar[str] = "scrutin-{0.poll}"
    poll: int
    voter: str


@dataclass(frozen=True)
class BoxOpened(Event):
    """The papers found in the box of a secret poll when it closed, sorted, so that no order says anything.

    In an election for several seats these are the marks on them (see `deliberation.secret`).
    """

    kind: ClassVar[str] = "box.opened"
    about: ClassVar[str] = "scrutin-{0.poll}"
    poll: int
    papers: tuple[int, ...]


@dataclass(frozen=True)
class SubjectDivided(Event):
    """The subject is voted part by part, as the élu `asked_by` demanded; each part lists the places of its pieces."""

    kind: ClassVar[str] = "subject.divided"
    about: ClassVar[str] = "{0.subject}"
    subject: str
    parts: tuple[tuple[int, ...], ...]
    asked_by: str


@dataclass(frozen=True)
class AmendmentReduced(Event):
    """What is left of an amendment that was voted part by part: the pieces `kept`, and its wording with them alone."""

    kind: ClassVar[str] = "amendment.reduced"
    about: ClassVar[str] = "amendement-{0.amendment}"
    amendment: int
    kept: tuple[int, ...]
    text: str


@dataclass(frozen=True)
class ElectionOpened(Event):
    kind: ClassVar[str] = "election.opened"
    about: ClassVar[str] = "election-{0.election}"
    election: int
    office: str
    candidates: tuple[str, ...]
    rule: ElectionRule


@dataclass(frozen=True)
class PersonElected(Event):
    """By the votes of that round, or where it left a tie by the chair, for a public reason."""

    kind: ClassVar[str] = "person.elected"
    about: ClassVar[str] = "election-{0.election}"
    election: int
    person: str
    poll: int
    reason: str = ""


@dataclass(frozen=True)
class ResultImported(Event):
    """The result of a poll held elsewhere, as an organiser states it: nothing of it is recounted here."""

    kind: ClassVar[str] = "result.imported"
    about: ClassVar[str] = "resultat-{0.result}"
    result: int
    title: str
    url: str
    uuid: str
    voters: int
    counts: tuple[OutsideCount, ...]
    files: tuple[OutsideFile, ...]
    comment: str


@dataclass(frozen=True)
class BeleniosImported(Event):
    """The result of a Belenios election as its archive says it, of that SHA-256 and of so many bytes (V30)."""

    kind: ClassVar[str] = "belenios.imported"
    about: ClassVar[str] = "resultat-{0.result}"
    result: int
    url: str
    comment: str
    election: BeleniosElection
    sha256: str
    size: int


@dataclass(frozen=True)
class ResultArchived(Event):
    """The archive from which a result was read, in base64: an entry of its own, so that it can be erased alone."""

    kind: ClassVar[str] = "result.archived"
    about: ClassVar[str] = "resultat-{0.result}"
    result: int
    archive: str


@dataclass(frozen=True)
class BeleniosChecked(Event):
    """Whether `belenios-tool` verified that archive on the server: verified, refused, unfinished or absent (V32)."""

    kind: ClassVar[str] = "belenios.checked"
    about: ClassVar[str] = "resultat-{0.result}"
    result: int
    outcome: str
    tool: str = ""


@dataclass(frozen=True)
class ElectorsRegistered(Event):
    """What people stand for in polls with weights, from now on."""

    kind: ClassVar[str] = "electors.registered"
    about: ClassVar[str] = "electeurs"
    electors: tuple[Elector, ...]


@dataclass(frozen=True)
class CollegeSet(Event):
    kind: ClassVar[str] = "college.set"
    about: ClassVar[str] = "college-{0.college}"
    college: int
    title: str
    members: tuple[str, ...]


@dataclass(frozen=True)
class ProxyGiven(Event):
    """A written mandate to vote in the giver's name."""

    kind: ClassVar[str] = "proxy.given"
    about: ClassVar[str] = "pouvoir-{0.proxy}"
    proxy: int
    giver: str
    bearer: str


@dataclass(frozen=True)
class ProxyRevoked(Event):
    """Ends at once: what the bearer cast by it in polls that are open counts no more."""

    kind: ClassVar[str] = "proxy.revoked"
    about: ClassVar[str] = "pouvoir-{0.proxy}"
    proxy: int


@dataclass(frozen=True)
class SubjectCalled(Event):
    """What the session discusses now: a document such as `amendement-3`, or "" for nothing."""

    kind: ClassVar[str] = "session.called"
    about: ClassVar[str] = "seance"
    subject: str
    reason: str = ""


@dataclass(frozen=True)
class SittingOpened(Event):
    """`chair` is the élu who presides, or "". `attendance`: whether those present sign in."""

    kind: ClassVar[str] = "sitting.opened"
    about: ClassVar[str] = "seance"
    sitting: int
    chair: str = ""
    attendance: bool = False


@dataclass(frozen=True)
class SittingClosed(Event):
    """Acts of the chair before it can no longer be reverted."""

    kind: ClassVar[str] = "sitting.closed"
    about: ClassVar[str] = "seance"
    sitting: int


@dataclass(frozen=True)
class SittingSuspended(Event):
    kind: ClassVar[str] = "sitting.suspended"
    about: ClassVar[str] = "seance"
    sitting: int
    reason: str


@dataclass(frozen=True)
class SittingResumed(Event):
    kind: ClassVar[str] = "sitting.resumed"
    about: ClassVar[str] = "seance"
    sitting: int


@dataclass(frozen=True)
class ChairDesignated(Event):
    kind: ClassVar[str] = "sitting.chaired"
    about: ClassVar[str] = "seance"
    sitting: int
    chair: str


@dataclass(frozen=True)
class DeputyNamed(Event):
    """`deputy` is the élu who may take the chair, or ""."""

    kind: ClassVar[str] = "sitting.deputy_named"
    about: ClassVar[str] = "seance"
    sitting: int
    deputy: str


@dataclass(frozen=True)
class ChairTaken(Event):
    """The deputy presides from now on; `before`, who presided until then, or "", may take the chair back."""

    kind: ClassVar[str] = "sitting.chair_taken"
    about: ClassVar[str] = "seance"
    sitting: int
    before: str = ""


@dataclass(frozen=True)
class AttendanceSignedIn(Event):
    """From now on `person` is present: the actor, or whom the actor signed in at the desk."""

    kind: ClassVar[str] = "attendance.signed_in"
    about: ClassVar[str] = "seance"
    sitting: int
    person: str


@dataclass(frozen=True)
class AttendanceLeft(Event):
    """From now on `person` is no longer present: the actor, or whom the actor saw leave."""

    kind: ClassVar[str] = "attendance.left"
    about: ClassVar[str] = "seance"
    sitting: int
    person: str


@dataclass(frozen=True)
class AttendanceCalledOver(Event):
    """All were called by name: those `present` are, and nobody else."""

    kind: ClassVar[str] = "attendance.called_over"
    about: ClassVar[str] = "seance"
    sitting: int
    present: tuple[str, ...]


@dataclass(frozen=True)
class SpeakerAsked(Event):
    """`person` asks to speak on `subject`, by themselves or entered by the actor."""

    kind: ClassVar[str] = "speaker.asked"
    about: ClassVar[str] = "seance"
    turn: int
    sitting: int
    person: str
    purpose: Purpose
    subject: str


@dataclass(frozen=True)
class SpeakerWithdrawn(Event):
    kind: ClassVar[str] = "speaker.withdrawn"
    about: ClassVar[str] = "seance"
    turn: int
    person: str


@dataclass(frozen=True)
class SpeakerCalled(Event):
    """`person` has the floor from now on, for `seconds`, 0 for no limit; whoever had it has spoken."""

    kind: ClassVar[str] = "speaker.called"
    about: ClassVar[str] = "seance"
    turn: int
    person: str
    purpose: Purpose
    subject: str
    seconds: int = 0


@dataclass(frozen=True)
class SpeakerEnded(Event):
    kind: ClassVar[str] = "speaker.ended"
    about: ClassVar[str] = "seance"
    turn: int
    person: str


@dataclass(frozen=True)
class SpeakerMoved(Event):
    """Before the turn `before` in the list of speakers, or last if 0."""

    kind: ClassVar[str] = "speaker.moved"
    about: ClassVar[str] = "seance"
    turn: int
    person: str
    reason: str
    before: int = 0


@dataclass(frozen=True)
class SpeakersClosed(Event):
    """Nobody may ask for the floor on `subject` any more, except on a point of order."""

    kind: ClassVar[str] = "speakers.closed"
    about: ClassVar[str] = "seance"
    sitting: int
    subject: str


@dataclass(frozen=True)
class SpeakersReopened(Event):
    kind: ClassVar[str] = "speakers.reopened"
    about: ClassVar[str] = "seance"
    sitting: int
    subject: str


@dataclass(frozen=True)
class SpeakingRuleSet(Event):
    kind: ClassVar[str] = "speakers.rule_set"
    about: ClassVar[str] = "congres"
    speaking: SpeakingRule


@dataclass(frozen=True)
class ScreenShown(Event):
    """The screen of the hall shows that from now on: the poll, motion, map or testimony `number`, 0 for none."""

    kind: ClassVar[str] = "screen.shown"
    about: ClassVar[str] = "seance"
    mode: ScreenMode
    number: int = 0


@dataclass(frozen=True)
class AgendaSet(Event):
    """The whole agenda, as it is planned from now on."""

    kind: ClassVar[str] = "agenda.set"
    about: ClassVar[str] = "seance"
    starts: str
    items: tuple[AgendaItem, ...]


@dataclass(frozen=True)
class AgendaItemBegun(Event):
    kind: ClassVar[str] = "agenda.begun"
    about: ClassVar[str] = "seance"
    item: int
    title: str


@dataclass(frozen=True)
class AmendmentReserved(Event):
    """Put off until amendment `after` has its outcome, or to the end."""

    kind: ClassVar[str] = "amendment.reserved"
    about: ClassVar[str] = "amendement-{0.amendment}"
    amendment: int
    reason: str
    after: int | None = None


@dataclass(frozen=True)
class AmendmentKept(Event):
    """It stays in discussion in spite of the adopted amendment `because_of`."""

    kind: ClassVar[str] = "amendment.kept"
    about: ClassVar[str] = "amendement-{0.amendment}"
    amendment: int
    because_of: int
    reason: str


@dataclass(frozen=True)
class OrderChanged(Event):
    """The amendment is called just before another one, or last."""

    kind: ClassVar[str] = "order.changed"
    about: ClassVar[str] = "amendement-{0.amendment}"
    amendment: int
    reason: str
    before: int | None = None


@dataclass(frozen=True)
class OrderArranged(Event):
    """These amendments are called one after another in this order, where the first of them stood."""

    kind: ClassVar[str] = "order.arranged"
    about: ClassVar[str] = "motion-{0.motion}"
    motion: int
    amendments: tuple[int, ...]
    reason: str


@dataclass(frozen=True)
class IdenticalDeclared(Event):
    """These amendments differ by typography alone; the first one's words are those that are merged."""

    kind: ClassVar[str] = "amendment.identical_declared"
    about: ClassVar[str] = "motion-{0.motion}"
    motion: int
    amendments: tuple[int, ...]
    reason: str = ""


@dataclass(frozen=True)
class DiscussionJoined(Event):
    """Competing amendments to one motion are debated together, each then voted."""

    kind: ClassVar[str] = "discussion.joined"
    about: ClassVar[str] = "discussion-{0.discussion}"
    discussion: int
    motion: int
    amendments: tuple[int, ...]
    reason: str = ""


@dataclass(frozen=True)
class ActReverted(Event):
    """The act of the chair at `entry`, about `subject`, is undone; the status of `amendments` comes back by it."""

    kind: ClassVar[str] = "act.reverted"
    about: ClassVar[str] = "{0.subject}"
    subject: str
    entry: int
    reason: str
    amendments: tuple[int, ...] = ()


@dataclass(frozen=True)
class RedactionProposed(Event):
    """With a `place`, only the words that stand there are to be masked, wherever they stand in the `documents`."""

    kind: ClassVar[str] = "redaction.proposed"
    about: ClassVar[str] = "caviardage-{0.redaction}"
    redaction: int
    targets: tuple[int, ...]
    ground: str
    statement: str
    place: PassagePlace | None = None
    documents: tuple[str, ...] = ()


@dataclass(frozen=True)
class RedactionRefused(Event):
    kind: ClassVar[str] = "redaction.refused"
    about: ClassVar[str] = "caviardage-{0.redaction}"
    redaction: int
    reason: str


@dataclass(frozen=True)
class Redacted(Event):
    """The payloads of `targets` (indices of entries) are erased: asked by one person, decided by another."""

    kind: ClassVar[str] = "redact"
    about: ClassVar[str] = "caviardage-{0.redaction}"
    redaction: int
    targets: tuple[int, ...]
    ground: str
    statement: str
    proposed_by: str
    decided_by: str
    appeal: str


@dataclass(frozen=True)
class WordsRedacted(Event):
    """Words are masked in the payloads of `targets`: each is now the one that its entry of `commitments` commits to.

    `commitments` are HMAC-SHA256 under new salts, hexadecimal, as in entries. Everything else as in `Redacted`.
    """

    kind: ClassVar[str] = "redact.words"
    about: ClassVar[str] = "caviardage-{0.redaction}"
    redaction: int
    targets: tuple[int, ...]
    commitments: tuple[str, ...]
    ground: str
    statement: str
    proposed_by: str
    decided_by: str
    appeal: str


@dataclass(frozen=True)
class GapDeclared(Event):
    """An operator states that entries up to `lost_size` were lost and that the record goes on from `from_size`."""

    kind: ClassVar[str] = "gap.declared"
    about: ClassVar[str] = "registre"
    lost_size: int
    from_size: int
    reason: str


@dataclass(frozen=True)
class ClockCorrected(Event):
    """The clock had jumped forward: the entry before is dated `ahead`, later than this one (R45)."""

    kind: ClassVar[str] = "clock.corrected"
    about: ClassVar[str] = "registre"
    ahead: str
    reason: str


KINDS: dict[str, type[Event]] = {cls.kind: cls for cls in Event.__subclasses__()}

ERASING = (Redacted, TestimonyRevised)
"""Events that erase the payloads of the entries that they name as `targets`."""


def decode(kind: str, data: Mapping[str, Any]) -> Event:
    """The event of that kind; KeyError for an unknown kind, codec.Malformed for other data."""
    return codec.decode(KINDS[kind], data)


@dataclass(frozen=True)
class Recorded:
    """An event as it stands in the record; `event` is None when its payload was erased or is withheld."""

    index: int
    time: ids.Instant
    actor: str
    kind: str
    document: str
    event: Event | None
