"""The values that commands, events and state share, in the congress's own words.

Members of an enumeration keep the word that stands in the record; the interface translates it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from deliberation.kernel.territory import Territory


class Role(StrEnum):
    """What a person may do depends on this; it never changes (P1)."""

    ELU = "elu"
    ORGANISER = "organiser"
    SCRIBE = "scribe"


class Phase(StrEnum):
    """The phases of a congress, in their usual order; they may overlap."""

    COLLECT = "collecte"
    MAPS = "cartes"
    DRAFTING = "redaction"
    AMENDMENTS = "amendements"
    VOTE = "vote"
    RESTITUTION = "restitution"


class Channel(StrEnum):
    """How a testimony came in."""

    WEB = "web"
    VIDEO = "video"
    PHONE = "telephone"
    PAPER = "papier"
    WORKSHOP = "atelier"
    FLOOR = "tribune"


class Revision(StrEnum):
    """What an author did to their testimony after sending it (T22–T25)."""

    NAMING = "nom"
    CORRECTION = "correction"
    WITHDRAWAL = "retrait"


class ClauseKind(StrEnum):
    """What a unit of a motion is. Headings and notes are units like the others (M10)."""

    VISA = "visa"
    CONSIDERANT = "considerant"
    DEMANDE = "demande"
    HEADING = "intertitre"
    NOTE = "note"


RULES = 4
"""The current version of the rules by which a text is frozen, and amendments to it are interpreted and merged (A27).

Since 3, numbers stand still (A45); since 4, a draft is frozen in canonical words (M28)."""


COUNTING = 2
"""The current version of the rules for counting polls: since version 2, on those present (V20)."""


class Aim(StrEnum):
    """What an amendment does to the frozen text."""

    DELETE = "delete"
    REWRITE = "rewrite"
    INSERT = "insert"
    TITLE = "title"
    MOVE = "move"


class Outcome(StrEnum):
    """How the examination of an amendment ended."""

    ADOPTED = "adopte"
    REJECTED = "rejete"
    WITHDRAWN = "retire"
    NOT_MOVED = "non_soutenu"
    FALLEN = "tombe"
    SATISFIED = "satisfait"
    MOOT = "sans_objet"
    INADMISSIBLE = "irrecevable"


RECTIFIED = ("", "rect.", "rect. bis", "rect. ter", "rect. quater", "rect. quinquies", "rect. sexies", "rect. septies")
"""The suffix of an amendment's number after each rectification."""


def rectified(times: int) -> str:
    """The suffix of an amendment rectified that many times: `rect. bis` for 2; after the usual Latin ones, `rect.
    (8)`.
    """
    return RECTIFIED[times] if times < len(RECTIFIED) else f"rect. ({times})"


class Choice(StrEnum):
    """An answer in a poll."""

    FOR = "pour"
    AGAINST = "contre"
    ABSTAIN = "abstention"


@dataclass(frozen=True)
class Speaker:
    """Who said it, as they wish to be named; all fields may be empty. `territory` is None where it is free text or not
    said.
    """

    name: str = ""
    mandate: str = ""
    collectivity: str = ""
    code: str = ""
    territory: Territory | None = None


@dataclass(frozen=True)
class Clause:
    """A numbered unit of a motion. `number` counts within its kind, from 1; `markdown` cites excerpts as `[^12]`.

    `suffix` follows the number of what was inserted while the text is debated, such as `bis` (A46).
    """

    id: str
    kind: ClauseKind
    number: int
    markdown: str
    addressee: str = ""
    suffix: str = ""

    @property
    def called(self) -> str:
        """Its number as it is said: `2`, `2 bis`, `1 A`."""
        return f"{self.number} {self.suffix}" if self.suffix else str(self.number)


@dataclass(frozen=True)
class Draft:
    """A clause while it is being written: its number follows from its place."""

    kind: ClauseKind
    markdown: str
    addressee: str = ""


@dataclass(frozen=True)
class KeptRun:
    """Characters [at, at + length) of a new text were there before: from character `start` of the old one on.

    `clause` names the clause that they stood in; "" for the same clause, or for the title.
    """

    at: int
    length: int
    start: int
    clause: str = ""


@dataclass(frozen=True)
class ClauseChange:
    """`before` is None for a new clause, `after` is None for a deleted one.

    `kept`: the characters of `after` that were not inserted by this change, in order, as the Yjs items say; None in
    records that do not say, where authors follow from a comparison (M12).
    """

    id: str
    before: Draft | None
    after: Draft | None
    kept: tuple[KeptRun, ...] | None = None


@dataclass(frozen=True)
class Span:
    """A change of words: at character `start` of the text aimed at, `old` gives way to `new`; either may be ""."""

    start: int
    old: str
    new: str


@dataclass(frozen=True)
class ClauseEdit:
    """What an amendment does at one place of the text (A40), in the fields that the whole amendment has too.

    For an insertion, `clause` is the one it follows ("" for the beginning) and `new_kind` the kind of the new clause; a
    clause that is moved comes `after` another. `spans` lead from the words aimed at to `text`.
    """

    aim: Aim
    clause: str = ""
    text: str = ""
    spans: tuple[Span, ...] = ()
    after: str = ""
    new_kind: str = ""


@dataclass(frozen=True)
class Node:
    """A theme or idea of a map. `parent` is "" for a main branch; siblings sort by (`order`, id)."""

    parent: str
    order: str
    text: str
    excerpts: tuple[int, ...] = ()


@dataclass(frozen=True)
class NodeChange:
    """`before` is None for a new node, `after` is None for a deleted one."""

    id: str
    before: Node | None
    after: Node | None


@dataclass(frozen=True)
class Bracket:
    """From that population on, an elector has that many votes, up to the next bracket."""

    population: int
    voices: int


@dataclass(frozen=True)
class Elector:
    """What somebody stands for where votes are weighted: `voices` of their collectivity, or its `population`."""

    person: str
    voices: int = 0
    population: int = 0


@dataclass(frozen=True)
class PollRule:
    """How a poll is decided. A majority of n/d of the base must be for: more than it when `strict`, else at least it.

    base: "exprimes" (for + against), "presents" (those present, with those who voted by proxy; V20) or "inscrits" (all
    entitled).
    tie: "rejected" or "chair" (the ballot that `chair`, a person's id, cast in person prevails; CGCT L2121-20).
    quorum: more than n/d (at least n/d unless `quorum_strict`) must be present in person; 0/1 asks for none
    (CGCT L2121-17: more than 1/2). quorum_base: "personnes" or "voix", what is counted for it.
    second_call: after a failed quorum, a second poll may sit without one, `second_call_hours` later at the earliest.
    weights: "personne" (one voice each), "collectivite" (the voices registered for each elector) or "population"
    (those of the bracket of the registered population).
    proxies: how many one voter may bear; 0 for none. participation: whether the public is shown, while it is open, how
    many have voted. changeable: whether a vote may be changed until it closes.
    """

    majority_n: int = 1
    majority_d: int = 2
    strict: bool = True
    base: str = "exprimes"
    tie: str = "rejected"
    chair: str = ""
    quorum_n: int = 0
    quorum_d: int = 1
    quorum_strict: bool = True
    quorum_base: str = "personnes"
    second_call: bool = True
    second_call_hours: int = 0
    weights: str = "personne"
    brackets: tuple[Bracket, ...] = ()
    proxies: int = 1
    participation: bool = True
    changeable: bool = True


class ScreenMode(StrEnum):
    """What the screen of the hall shows: the debate as it goes, or something that was chosen."""

    FOLLOW = "suivre"
    SPEAKERS = "orateurs"
    AGENDA = "deroule"
    RESULT = "resultat"
    TEXT = "texte"
    MAP = "carte"
    TESTIMONY = "temoignage"
    TESTIFY = "temoigner"
    SIGN = "signer"


class AgendaKind(StrEnum):
    """What a congress does under an item of its agenda."""

    PRESENTATION = "presentation"
    DISCUSSION = "discussion"
    TEXT = "texte"
    ELECTION = "election"
    PAUSE = "pause"


@dataclass(frozen=True)
class AgendaItem:
    """An item of the agenda, planned to last so many minutes. `id` is its own while the agenda is changed around it;
    `subject` is the document that it is about, or "".
    """

    id: int
    kind: AgendaKind
    title: str
    minutes: int
    subject: str = ""


class Purpose(StrEnum):
    """What somebody asks for the floor for."""

    PRESENTATION = "presentation"
    FOR = "pour"
    AGAINST = "contre"
    ORDER = "ordre"
    ANSWER = "reponse"


class Precedence(StrEnum):
    """What counts before the order of asking in the list of speakers: another side than the last speaker's, having
    spoken less often, being of a kind and size of collectivity that was heard less often.
    """

    ALTERNATING = "alternance"
    UNHEARD = "moins_entendu"
    SIZE = "collectivite"


@dataclass(frozen=True)
class SpeakingRule:
    """How the list of speakers is ordered, and how long people speak. Times are in seconds, 0 for no limit.

    precedence: what counts before the order of asking, the most important first.
    sizes: the populations, ascending, from which a collectivity belongs to the next class of sizes.
    turn: one turn; presentation: one that presents; person, group, item: all turns together, in a sitting, of one
    person, of the members of one college, of everybody on one item.
    warning: how long before its end a turn is shown to be ending.
    """

    precedence: tuple[Precedence, ...] = (Precedence.ALTERNATING, Precedence.UNHEARD)
    sizes: tuple[int, ...] = (3500, 20000)
    turn: int = 120
    presentation: int = 180
    person: int = 0
    group: int = 0
    item: int = 0
    warning: int = 30


@dataclass(frozen=True)
class Tally:
    """Voices of a closed poll and what follows from them by its rule; without weights a voter has one voice.

    `quorum_needed` is in persons or in voices, as the rule counts its quorum.
    """

    in_favour: int
    against: int
    abstain: int
    entitled: int
    base: int
    needed: int
    quorum_needed: int
    quorum_met: bool
    carried: bool


class Way(StrEnum):
    """How votes are given in a poll; what differs between the ways is in the table `votes.ways`."""

    PUBLIC = "public"
    HANDS = "mains"
    SECRET = "secret"  # noqa: S105 - the name of a way of voting


@dataclass(frozen=True)
class Terms:
    """How a poll is held, fixed at its opening.

    closes: the instant announced at which it closes by itself; "" leaves it to the organisers.
    ground: why it is secret: "reglement", "nomination", or "tiers", on request of a third of those present (CGCT
    L2121-21): then `requested` of `present` asked for it.
    tellers: of a show of hands, the people whose counts are awaited, besides any that an organiser enters.
    least: of a secret poll, the number of papers below which its box is not opened (W21), which the rules fix: 0 in
    records that do not say.
    """

    way: Way = Way.PUBLIC
    closes: str = ""
    ground: str = ""
    requested: int = 0
    present: int = 0
    tellers: tuple[str, ...] = ()
    least: int = 0


@dataclass(frozen=True)
class Hands:
    """What a teller counted in a show of hands: hands, and the voices that bearers gave by proxy beside their own hand
    (`proxies_…`).

    `present` is who was in the hall; 0 where the poll knows it from its opening. `chair` is the vote of the chair,
    "pour", "contre" or "", which matters on a tie.
    """

    in_favour: int
    against: int
    abstain: int
    present: int = 0
    chair: str = ""
    proxies_for: int = 0
    proxies_against: int = 0
    proxies_abstain: int = 0

    @property
    def raised(self) -> int:
        """How many hands were raised."""
        return self.in_favour + self.against + self.abstain

    @property
    def by_proxy(self) -> int:
        """How many voices were given by proxy."""
        return self.proxies_for + self.proxies_against + self.proxies_abstain


@dataclass(frozen=True)
class ElectionRule:
    """In the first `absolute` rounds the majority of the votes cast for a candidate elects, afterwards the most votes
    (CGCT L2122-7: two). tie: "again", another round among those tied; "eldest", who is elected as the desk finds from
    dates of birth that it checked and that are kept nowhere (CGCT L2122-7); or "chair", who applies the congress's own
    rule, which no record can show. quorum: more than n/d of those entitled are present; 0/1 asks for none.
    seats: how many people are elected; a paper names as many at most. newcomers: whether somebody who did not stand
    before may stand in a later round.
    """

    absolute: int = 2
    tie: str = "again"
    quorum_n: int = 0
    quorum_d: int = 1
    seats: int = 1
    newcomers: bool = False


@dataclass(frozen=True)
class Piece:
    """The smallest thing that can be voted apart: a clause of a motion, or words that an amendment changes, at the
    place `at` of those that it aims at, in characters.
    """

    clause: str
    before: str
    after: str
    at: int = 0


@dataclass(frozen=True)
class Elected:
    """Who was elected by that round; where it left a tie, by the chair, for a public reason."""

    person: str
    poll: int
    reason: str = ""


@dataclass(frozen=True)
class OutsideCount:
    """An answer of a poll held elsewhere, and how many gave it."""

    label: str
    votes: int


@dataclass(frozen=True)
class OutsideFile:
    """A file about a poll held elsewhere: its name and digest; the content is not kept here."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class OutsideQuestion:
    """A question of a poll held elsewhere, with its counts."""

    question: str
    counts: tuple[OutsideCount, ...]


@dataclass(frozen=True)
class BeleniosTrustee:
    """Who holds a key of a Belenios election; `key` is the SHA-256 of the public key, in hexadecimal."""

    name: str
    key: str


@dataclass(frozen=True)
class BeleniosElection:
    """What the archive of a Belenios election says.

    `fingerprint` and `credentials_fingerprint` are as Belenios shows them: SHA-256 in base64, without padding.
    `threshold` is how many trustees are needed, 0 for all of them. `ballots` were accepted, of `voters` credentials.
    """

    uuid: str
    title: str
    version: int
    fingerprint: str
    credentials: int
    credentials_fingerprint: str
    trustees: tuple[BeleniosTrustee, ...]
    threshold: int
    ballots: int
    voters: int
    questions: tuple[OutsideQuestion, ...]


@dataclass(frozen=True)
class PassagePlace:
    """Where a passage is: characters [start, end) of a field of an entry's payload.

    `field` is a path, such as `changes.0.after.markdown`.
    """

    entry: int
    field: str
    start: int
    end: int


@dataclass(frozen=True)
class Window:
    """When a phase is open: from `opens` (None: not yet decided) until before `closes` (None: no end set)."""

    opens: str | None = None
    closes: str | None = None


@dataclass(frozen=True)
class CongressIdentity:
    """Who holds the congress and answers for its site. The statements are Markdown; each field is "" until it is given.

    `conformity` to the accessibility rules: `totale`, `partielle` or `non`. `colour` is such as `#23408e`, `logo` a PNG
    in base64.
    """

    organisation: str = ""
    contact: str = ""
    legal: str = ""
    privacy: str = ""
    accessibility: str = ""
    conformity: str = ""
    colour: str = ""
    logo: str = ""


@dataclass(frozen=True)
class PhaseDates:
    """The dates that a phase is given: instants in UTC; None leaves that end open."""

    phase: Phase
    opens: str | None = None
    closes: str | None = None
