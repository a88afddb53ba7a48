"""A congress in memory: it takes commands, gives the state after each, and at the end checks that replaying its record
gives the same states.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from deliberation.decide import decide
from deliberation.evolve import evolve, replay
from deliberation.kernel import codec, ids
from deliberation.kernel import commands as c
from deliberation.kernel import events as e
from deliberation.kernel.errors import Refused
from deliberation.kernel.state import Poll, State
from deliberation.kernel.vocabulary import Aim, Choice, ClauseChange, ClauseKind, Draft, Phase, PollRule, Role, Tally
from deliberation.record.replay import Replay
from deliberation.record.report import Findings
from deliberation.session.in_camera import public_state
from deliberation.visibility import remains
from deliberation.visibility.views import public_view
from deliberation.votes.polls import tally_of

ORGANISER, SECOND, ELU, OTHER, THIRD, SCRIBE = "p1", "p2", "p3", "p4", "p5", "p6"
VISITOR, CONGRESS = ids.VISITOR, ids.CONGRESS
PEOPLE = (
    ("Odile Bureau", Role.ORGANISER),
    ("Octave Bureau", Role.ORGANISER),
    ("Élise Maire", Role.ELU),
    ("Émile Maire", Role.ELU),
    ("Ève Maire", Role.ELU),
    ("Sami Note", Role.SCRIBE),
)
CREATION = c.CreateCongress("essai", "Essai", "exemple.fr/c/essai/registre", fictional=True)
FOR, AGAINST, ABSTAIN = Choice.FOR, Choice.AGAINST, Choice.ABSTAIN
START = "2026-11-01T00:00:00.000Z"


def moment(number: int) -> str:
    """The instant for a number: one per second, within one month."""
    minutes, seconds = divmod(number, 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    return f"2026-11-{days + 1:02}T{hours:02}:{minutes:02}:{seconds:02}.000Z"


def tallied(poll: Poll) -> Tally:
    """The tally of the votes that the poll holds now."""
    tally = tally_of(poll)
    assert isinstance(tally, Tally), tally
    return tally


class Congress:
    """A congress in which each act happens one second after the one before. `states[n]` is the state after n
    entries.
    """

    def __init__(self) -> None:
        self.record: list[e.Recorded] = []
        self.states = [State()]
        self.seconds = 0

    @property
    def state(self) -> State:
        return self.states[-1]

    @property
    def now(self) -> str:
        return moment(self.seconds)

    def ask(self, actor: str, command: c.Command) -> tuple[e.Event, ...] | Refused:
        """Decides a command without recording the events; returns them, or the refusal."""
        return decide(self.state, c.Request("", "essai", actor, command), self.now)

    def do(self, actor: str, command: c.Command) -> State:
        """Records the events of a command, which must not be refused; returns the state after them."""
        decided = self.ask(actor, command)
        assert not isinstance(decided, Refused), decided
        return self.keep(actor, decided)

    def keep(self, actor: str, events: tuple[e.Event, ...]) -> State:
        for event in events:
            index = len(self.record)
            recorded = e.Recorded(index, self.now, actor, event.kind, event.document, event)
            self.record.append(recorded)
            self.states.append(evolve(self.state, recorded))
        self.seconds += 1
        return self.state

    def refused(self, actor: str, command: c.Command) -> str:
        """Checks that the command is refused with a readable sentence; returns the code of the refusal."""
        decided = self.ask(actor, command)
        assert isinstance(decided, Refused), decided
        assert str(decided)
        assert "{" not in str(decided)
        return decided.code

    # What tests need often

    def open(self, *phases: Phase) -> None:
        for phase in phases or Phase:
            self.do(ORGANISER, c.SetPhase(phase, START, None))

    def close(self, phase: Phase) -> None:
        """Sets the dates of the phase such that it has just ended."""
        self.do(ORGANISER, c.SetPhase(phase, START, self.now))

    def say(self, text: str = "La fibre s’arrête au bourg.", actor: str = ELU) -> int:
        """Submits and publishes a testimony; returns its number."""
        self.do(actor, c.SubmitTestimony("Fibre", text))
        number = len(self.state.testimonies)
        self.do(ORGANISER, c.PublishTestimony(number))
        return number

    def write(self, motion: int, actor: str = ELU, title: str | None = None, **texts: str) -> State:
        """Writes clauses of the draft, given by id; new ones come last, and "" deletes one. Returns the state."""
        draft = self.state.motions[motion].draft
        changes = tuple(
            ClauseChange(id_, draft.get(id_), Draft(ClauseKind.DEMANDE, text) if text else None)
            for id_, text in texts.items()
        )
        order = dict.fromkeys((*self.state.motions[motion].order, *texts))
        kept = tuple(id_ for id_ in order if texts.get(id_, "-"))
        return self.do(actor, c.WriteText(motion, "AAA=", (7,), changes, title, kept))

    def frozen(self, *texts: str) -> int:
        """Writes and freezes a motion with these clauses, whose ids are `c1`, `c2`…; returns its number."""
        self.do(ELU, c.CreateMotion("Le numérique pour tous"))
        number = len(self.state.motions)
        self.write(number, **{f"c{n}": text for n, text in enumerate(texts or ("Demande la fibre.",), 1)})
        self.do(ORGANISER, c.FreezeMotion(number))
        return number

    def table(self, text: str = "", clause: str = "c1", aim: Aim = Aim.REWRITE, kind: str = "") -> int:
        """Tables an amendment to the last motion; returns its number."""
        self.do(ELU, c.TableAmendment(len(self.state.motions), aim, clause, text, "Parce que.", kind))
        return len(self.state.amendments)

    def poll(self, subject: str, rule: PollRule | None = None) -> int:
        """Opens a poll; returns its number."""
        self.do(ORGANISER, c.OpenPoll(subject, rule=rule))
        return len(self.state.polls)

    def vote(self, subject: str, *choices: Choice, rule: PollRule | None = None) -> State:
        """Holds a poll in which the élus, in the order in which they were invited, give these answers; returns the
        state after it.
        """
        number = self.poll(subject, rule)
        for voter, choice in zip((ELU, OTHER, THIRD), choices, strict=False):
            self.do(voter, c.CastBallot(number, choice))
        return self.do(ORGANISER, c.ClosePoll(number))

    def erase(self, target: str) -> State:
        """Erases content by a redaction that one organiser proposes and the other decides; returns the state after
        it.
        """
        self.do(ORGANISER, c.ProposeRedaction(target, "RGPD, article 17", "Une personne privée y est nommée."))
        return self.do(SECOND, c.DecideRedaction(len(self.state.redactions), True))

    # What must always hold

    def verify(self) -> None:
        """S8, T6, V4: checks that replays give the same states, with and without content that may be absent, and that
        exactly what must be withheld is withheld.
        """
        self._replay_whole()
        self._replay_erased()
        self._replay_public()
        self._replay_beside()
        behind_doors: set[int] = set()
        for recorded, before, state in zip([None, *self.record], [State(), *self.states], self.states, strict=False):
            behind_doors = written_behind_doors(behind_doors, recorded, before)
            assert dict(state.withheld) == withheld(state) | dict.fromkeys(behind_doors, "huis_clos")
            assert not state.withheld.keys() & state.redacted.keys()

    def _replay_whole(self) -> None:
        """Checks that no state was changed afterwards, and that a replay of events read from JSON gives the same
        states.
        """
        state = State()
        for recorded, after in zip(self.record, self.states[1:], strict=True):
            assert recorded.event is not None
            again = e.decode(recorded.kind, codec.encode(recorded.event))
            assert again == recorded.event
            state = replay([replace(recorded, event=again)], state)
            assert state == after

    def _replay_erased(self) -> None:
        assert replay(without(self.record, self.state.redacted)) == self.state

    def _replay_public(self) -> None:
        """Checks that a replay of the public record gives the same states except for withheld content."""
        public = replay(without(self.record, {**self.state.redacted, **self.state.withheld}))
        assert without_content(public) == without_content(self.state)

    def _replay_beside(self) -> None:
        """S51: at each moment of a sitting in camera, a replay of what is public then gives the public's state."""
        for n, state in enumerate(self.states):
            if state.in_camera is not None:
                shown = public_state(state)
                told = replay(without(self.record[:n], {**shown.redacted, **shown.withheld}))
                assert without_content(public_state(told)) == without_content(shown)


def without(record: list[e.Recorded], absent: Mapping[int, object]) -> list[e.Recorded]:
    """The record without the content of these entries."""
    return [replace(r, event=None) if r.index in absent else r for r in record]


def withheld(state: State) -> dict[int, str]:
    """The entries that must be withheld in a state, with the reason: unpublished testimonies with their excerpts, and
    ballots of open polls.
    """
    shown = {"published", "redacted"}
    why = {x.number: x.status for x in state.testimonies.values() if x.status not in shown}
    contents = {x.entry: why.get(x.number) for x in state.testimonies.values()}
    contents |= {x.entry: why.get(x.testimony) for x in state.excerpts.values()}
    held = ((*poll.entries, *poll.counted) for poll in state.polls.values() if poll.is_open)
    ballots = {entry: "open_poll" for entries in held for entry in entries}
    kept = {entry: reason for entry, reason in contents.items() if reason and entry not in state.redacted}
    return kept | ballots


def written_behind_doors(known: set[int], recorded: e.Recorded | None, before: State) -> set[int]:
    """H2, H4: the entries that created or changed a draft in camera and must be withheld; none once it was
    published.
    """
    if recorded is None or isinstance(recorded.event, e.DraftingPublished):
        return set()
    if before.seclusion and isinstance(recorded.event, e.MotionCreated):
        return known | {recorded.index}
    written = recorded.event if isinstance(recorded.event, (e.TextWritten, e.RemarkMade)) else None
    opened = isinstance(recorded.event, e.MotionCreated)
    drafting = opened or (written is not None and before.motions[written.motion].status == "drafting")
    return known | {recorded.index} if drafting and before.seclusion else known


def findings(record: Iterable[e.Recorded]) -> list[str]:
    """The codes of the verifier's findings in that record."""
    found = Findings()
    replay = Replay(found)
    for recorded in record:
        replay.take(recorded)
    replay.finish()
    return [finding.code for finding in found.kept]


def without_content(state: State) -> State:
    """The state without the content of withheld entries."""
    hidden = state.withheld
    testimonies = {
        n: x if x.entry not in hidden else (x.number, x.author, x.sent, x.status, x.reason, x.entry)
        for n, x in state.testimonies.items()
    }
    excerpts = {n: x if x.entry not in hidden else x.entry for n, x in state.excerpts.items()}
    polls = {
        n: replace(x, ballots={}, cast={}, by_proxy={}, counts={}) if x.is_open else x for n, x in state.polls.items()
    }
    remarks = {n: x if x.entry not in hidden else remains.remark(x) for n, x in state.remarks.items()}
    writing = {} if state.seclusion else state.writing
    motions = public_view(state).motions
    slips = {n: remains.slip(x) if state.polls[x.poll].is_open else x for n, x in state.slips.items()}
    shown = {
        "slips": slips,
        "testimonies": testimonies,
        "excerpts": excerpts,
        "polls": polls,
        "motions": motions,
        "remarks": remarks,
    }
    return replace(state, writing=writing, **shown)  # type: ignore[arg-type]


def opened(congress: Congress | None = None, creation: c.CreateCongress = CREATION) -> Congress:
    """Creates the congress with its people and opens every phase; returns it."""
    congress = congress or Congress()
    congress.do(CONGRESS, creation)
    for name, role in PEOPLE:
        congress.do(CONGRESS, c.InvitePerson(name, role, "maire" if role is Role.ELU else ""))
    congress.open()
    return congress
