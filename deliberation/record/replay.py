"""Replaying a record: recomputes what it states, frozen texts, merges, tallies and outcomes (R7–R16, R26)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from deliberation.amendments import accounts, amendments, chairing, discussion, opinions, subamendments, transcribed
from deliberation.congress import people
from deliberation.evolve import ERASABLE, evolve
from deliberation.kernel import commands as c
from deliberation.kernel import events as e
from deliberation.kernel import ids
from deliberation.kernel.plain_text import is_blank
from deliberation.kernel.state import Amendment, Motion, Poll, State
from deliberation.kernel.vocabulary import COUNTING, Outcome, Role
from deliberation.motions import division, motions, renumbering
from deliberation.record import amendment_checks
from deliberation.record.report import Finding, Findings
from deliberation.record.result_checks import ResultChecks
from deliberation.record.revision_checks import CONTENT, RevisionChecks
from deliberation.record.writing_checks import WritingChecks
from deliberation.redactions import MASKABLE
from deliberation.session import agenda, attendance, floor
from deliberation.text import composition_rules, merge
from deliberation.votes import (
    elections,
    electorate,
    hands,
    outcomes,
    polls,
    proxies,
    secret,
    slips,
    tallies,
    terms,
    ways,
)

REDACTABLE = ERASABLE - {
    e.BallotCast.kind,
    e.SlipEntered.kind,
    e.HandsCounted.kind,
    e.MotionCreated.kind,
    e.TextWritten.kind,
}
"""Kinds of entries whose payload a redaction may erase: words and names of people; never a vote, an act or the text of
a motion.
"""

CONDUCT: dict[str, type[c.Command]] = {
    e.AmendmentReserved.kind: c.ReserveAmendment,
    e.AmendmentKept.kind: c.KeepAmendment,
    e.OrderChanged.kind: c.ChangeOrder,
    e.OrderArranged.kind: c.ArrangeOrder,
    e.IdenticalDeclared.kind: c.DeclareIdentical,
    e.DiscussionJoined.kind: c.JoinDiscussion,
    e.ActReverted.kind: c.RevertAct,
    e.SittingSuspended.kind: c.SuspendSitting,
}
"""For each kind of entry about the conduct of a sitting, the command that produces it: its permissions say who may do
it.
"""

BY_POLL = {Outcome.ADOPTED: True, Outcome.REJECTED: False}


class Replay:
    """Folds a record entry by entry and compares what entries state with what follows from those before.

    `redacted` maps each index erased by a valid redaction to that redaction's number; `masked` maps each index with
    masked words to the new commitment of its payload; `counts` says how many of each thing was recomputed.
    """

    def __init__(self, findings: Findings) -> None:
        self.state = State()
        self.redacted: dict[int, int] = {}
        self.masked: dict[int, str] = {}
        self.counts = dict.fromkeys(("bursts", "texts", "merges", "polls", "outcomes", "redactions"), 0)
        self.stopped = False
        self._findings = findings
        self._kinds: list[str] = []
        self._documents: list[str] = []
        self._names: dict[str, str] = {}
        self._unmerged: set[int] = set()
        self._unsettled: set[int] = set()
        self._due: list[tuple[int, e.Event]] = []
        self._time = ""
        self._was_due = False
        self._writing = WritingChecks()
        self._results = ResultChecks()
        self._revisions = RevisionChecks()

    def take(self, recorded: e.Recorded) -> None:
        """Takes the next entry; after one that cannot be folded, nothing more is recomputed."""
        self._kinds.append(self._names.setdefault(recorded.kind, recorded.kind))
        self._documents.append(self._names.setdefault(recorded.document, recorded.document))
        if self.stopped:
            return
        check = CHECKS.get(recorded.kind)
        try:
            self._meet(recorded)
            self._writing.note(self.state, recorded)
            self._results.note(self.state, recorded)
            if why := self._revisions.note(recorded):
                self._wrong(recorded, "revise.invalid", why=why)
            if check and recorded.event is not None:
                check(self, recorded, recorded.event)
            self.state = evolve(self.state, recorded)
            self._time = recorded.time
        except Exception as error:  # whatever a hostile payload makes a rule raise is a finding
            self.stopped = True
            self._wrong(recorded, "replay.stopped", why=f"{type(error).__name__}: {error}")

    def stop(self) -> None:
        """Stops the replay because an entry could not be read, so that the state after it is unknown."""
        self.stopped = True

    def finish(self) -> None:
        """At the end of the record: reports consequences that should have followed and did not."""
        if self.stopped:
            return
        for number in sorted(self._unmerged):
            self._findings.add("outcome.not_merged", document=f"{ids.AMENDMENT}-{number}")
        for number in sorted(self._unsettled | {poll for poll, _ in self._due}):
            self._findings.add("poll.no_consequence", document=f"{ids.POLL}-{number}")
        if self._revisions.is_awaited:
            self._findings.add("revise.invalid", why="restatement")
        for finding in self._results.findings(self.masked):
            self._findings.take(finding)

    def _meet(self, recorded: e.Recorded) -> None:
        """Notes whether this entry is an expected consequence of a poll on a part or in an election; these must follow
        the poll's closing immediately.
        """
        self._was_due = False
        if self._due:
            number, event = self._due.pop(0)
            self._was_due = event == _unsaid(recorded.event)
            if not self._was_due:
                self._due.clear()
                self._wrong(recorded, "outcome.differs", document=f"{ids.POLL}-{number}")

    def _wrong(self, recorded: e.Recorded, code: str, **params: str | int) -> None:
        self._findings.take(Finding(code, entry=recorded.index, params=params))

    def created(self, r: e.Recorded, event: e.CongressCreated) -> None:
        if r.index:
            self._wrong(r, "congress.again")

    def written(self, r: e.Recorded, event: Any) -> None:
        """R44: a burst is by somebody who might write there when it began."""
        self.counts["bursts"] += 1
        if why := self._writing.why_wrong(self.state, r, event):
            self._wrong(r, "writing.not_allowed", person=r.actor, document=r.document, why=why)

    def gap(self, r: e.Recorded, event: e.GapDeclared) -> None:
        if event.from_size != r.index:
            self._wrong(r, "gap.differs")

    def clock(self, r: e.Recorded, event: e.ClockCorrected) -> None:
        """R45: it names the time of the entry before, which is later than its own."""
        if event.ahead != self._time or not r.time < event.ahead or is_blank(event.reason):
            self._wrong(r, "clock.differs", stated=event.ahead, found=self._time)
        if r.actor != ids.CONGRESS and r.actor not in self._organisers():
            self._wrong(r, "act.not_entitled", person=r.actor)

    def frozen(self, r: e.Recorded, event: e.TextFrozen) -> None:
        motion = self.state.motions[event.motion]
        if event.version != len(motion.frozen) + 1:
            self._wrong(r, "text.version", stated=event.version, found=len(motion.frozen) + 1)
        if event.hash != merge.text_hash(event.title, event.clauses):
            self._wrong(r, "text.hash")
        if event.rules not in composition_rules.VERSIONS or event.rules < max(
            (x.rules for x in motion.frozen), default=0
        ):
            self._wrong(r, "text.rules", rules=event.rules)
        if event.divided_by:
            if not self._was_due:
                self._wrong(r, "text.division")
            self._accounted(r, event, motion)
        elif event.adopted:
            self._check_consolidation(r, event, motion)
        elif self.state.seclusion is not None:
            self._wrong(r, "seclusion.frozen")
        else:
            self._check_draft(r, event, motion)

    def _check_draft(self, r: e.Recorded, event: e.TextFrozen, motion: Motion) -> None:
        self.counts["texts"] += 1
        title, clauses = motions.frozen_draft(motion, event.rules)
        if (event.title, event.clauses, event.base) != (title, clauses, event.version):
            self._wrong(r, "text.draft")

    def _check_consolidation(self, r: e.Recorded, event: e.TextFrozen, motion: Motion) -> None:
        self.counts["merges"] += 1
        self._unmerged.difference_update(event.adopted)
        strangers = [n for n in event.adopted if not _is_adopted(self.state.amendments.get(n), motion.number)]
        if strangers:
            self._wrong(r, "text.not_adopted", amendments=", ".join(map(str, strangers)))
            return
        due = set(amendments.adopted(self.state, motion.number))
        due.update(sub for n in event.adopted for sub in self.state.amendments[n].amended_by)
        forgotten = due - set(event.adopted)
        if forgotten or motions.consolidate(self.state, motion, event.adopted) != event:
            self._wrong(r, "text.merge")
        self._accounted(r, event, motion)

    def _accounted(self, r: e.Recorded, event: e.TextFrozen, motion: Motion) -> None:
        """R51: the text before, with what the spans of the adopted amendments declare, is the text after."""
        if event.version != len(motion.frozen) + 1 or not motion.frozen:
            return
        before, after = motion.frozen[-1], motions.frozen_of(event, r)
        made = accounts.account(self.state, motion.number, after)
        for clause in accounts.unaccounted(made, before, after):
            self._wrong(r, "text.unaccounted", where=accounts.passage_name(clause, before, after))

    def renumbered(self, r: e.Recorded, event: e.TextRenumbered) -> None:
        """M20, M23: by an organiser, once, after the vote on the whole; as the rules number and refer."""
        self.counts["texts"] += 1
        if not people.may(self.state, r.actor, c.RenumberMotion):
            self._wrong(r, "act.not_entitled", person=r.actor)
        request = c.Request("", "", r.actor, c.RenumberMotion(event.motion))
        if renumbering.renumber(self.state, request, c.RenumberMotion(event.motion), r.time) != (event,):
            self._wrong(r, "text.renumbered")

    def opened(self, r: e.Recorded, event: e.PollOpened) -> None:
        self._goes_on(r)
        entitled = set(electorate.entitled(self.state, event.college))
        same = discussion.identical_to(self.state, event.subject) if event.identical else ()
        if not set(event.identical) <= set(same):
            self._wrong(r, "poll.identical", poll=event.poll)
        if event.poll in self.state.polls or len(set(event.electorate)) != len(event.electorate):
            self._wrong(r, "poll.opening")
        if event.second_call_of and not polls.is_second_call(self.state, event, r.time):
            self._wrong(r, "poll.second_call", poll=event.poll)
        for person in event.electorate:
            if person not in entitled:
                self._wrong(r, "poll.electorate", person=person)
        if event.weights != electorate.weights(self.state, event.rule, event.electorate):
            self._wrong(r, "poll.weights", poll=event.poll)
        self._attended(r, event)
        self._held(r, event)

    def _attended(self, r: e.Recorded, event: e.PollOpened) -> None:
        """V20: who was present at the opening, by the list or as stated; counted by no older rules than before."""
        before = max((poll.counting for poll in self.state.polls.values()), default=1)
        if not before <= event.counting <= COUNTING:
            self._wrong(r, "poll.counting", poll=event.poll)
        if event.counting < tallies.ON_PRESENCE:
            known = event.present is None and event.stated is None
        else:
            known = event.present == attendance.at_opening(
                self.state, event.electorate
            ) and not attendance.refuse_stated(self.state, event.rule, event.electorate, event.stated)
        if not known:
            self._wrong(r, "poll.present", poll=event.poll)

    def _held(self, r: e.Recorded, event: e.PollOpened) -> None:
        """W1, W4, W11, W15: it may be held that way, on the part or among the candidates that were left."""
        refused = terms.refuse_terms(self.state, event.terms, event.electorate, r.time)
        if refused or polls.refuse_weighing(event.terms, event.weights):
            self._wrong(r, "poll.terms", poll=event.poll)
        if event.candidates:
            election = self.state.elections[ids.split(event.subject)[1]]
            standing = election.candidates
            if election.rounds:
                joins = elections.refuse_joining(self.state, election, event.candidates) is None
                standing = event.candidates if joins else elections.who_stays(self.state, election)
            seats = elections.seats_of_round(election, event.candidates)
            if event.seats != seats or not seats or not set(event.candidates) <= set(standing):
                self._wrong(r, "poll.opening")
        elif division.refuse_part(self.state, event.subject, event.part):
            self._wrong(r, "poll.part", poll=event.poll)

    def cast(self, r: e.Recorded, event: e.BallotCast) -> None:
        poll = self.state.polls[event.poll]
        if self._refuse(poll, c.CastBallot, r, event.voter):
            self._wrong(r, "ballot.refused", person=r.actor, poll=poll.number)

    def slip_entered(self, r: e.Recorded, event: e.SlipEntered) -> None:
        """W30: at the desk, as the slip of an élu who may vote so."""
        poll = self.state.polls[event.poll]
        refused = slips.refuse_entering(self.state, poll, event.signer, event.voter, r.time)
        known = event.slip == len(self.state.slips) + 1 and people.may(self.state, r.actor, c.EnterSlip)
        if refused or not known:
            self._wrong(r, "slip.refused", person=r.actor, poll=poll.number)

    def slip_confirmed(self, r: e.Recorded, event: e.SlipConfirmed) -> None:
        """W30: by another person of the desk, while it waits."""
        slip = self.state.slips[event.slip]
        refused = slips.refuse_confirming(self.state, slip, r.actor, r.time)
        may = people.may(self.state, r.actor, c.ConfirmSlip)
        if refused or not may or slip.poll != event.poll or slip.status != slips.WAITING:
            self._wrong(r, "slip.refused", person=r.actor, poll=event.poll)

    def slip_refused(self, r: e.Recorded, event: e.SlipRefused) -> None:
        slip = self.state.slips[event.slip]
        sound = people.may(self.state, r.actor, c.RefuseSlip) and slip.poll == event.poll
        if not sound or slip.status != slips.WAITING or not self.state.polls[event.poll].is_open:
            self._wrong(r, "slip.refused", person=r.actor, poll=event.poll)

    def _refuse(self, poll: Poll, act: type[c.Command], r: e.Recorded, voter: str) -> bool:
        """W1–W3: whether that poll takes no vote by that act, for that voter, or at that time."""
        way = ways.of(poll)
        refused = terms.refuse_vote(poll, r.time) or way.refuse_voter(self.state, poll, r.actor, voter)
        return way.takes is not act or refused is not None

    def signed(self, r: e.Recorded, event: e.BallotSigned) -> None:
        poll = self.state.polls[event.poll]
        if secret.refuse_signing(poll, event.voter) or self._refuse(poll, c.CastSecret, r, event.voter):
            self._wrong(r, "ballot.refused", person=r.actor, poll=poll.number)

    def box(self, r: e.Recorded, event: e.BoxOpened) -> None:
        """W6, W21: as many papers as signatures and enough, of the sorts asked for, in their own order; opened once."""
        poll = self.state.polls[event.poll]
        closed = not poll.is_open or not ways.of(poll).in_box or bool(poll.papers)
        if closed or secret.has_too_few(poll) or secret.refuse_box(poll, event.papers):
            self._wrong(r, "box.differs", poll=poll.number)

    def counted(self, r: e.Recorded, event: e.HandsCounted) -> None:
        poll = self.state.polls[event.poll]
        if self._refuse(poll, c.EnterHands, r, event.teller) or hands.refuse_hands(self.state, poll, event.hands):
            self._wrong(r, "hands.refused", person=r.actor, poll=poll.number)

    def ruled(self, r: e.Recorded, event: e.HandsDecided) -> None:
        poll = self.state.polls[event.poll]
        if not hands.differ(poll) or hands.refuse_hands(self.state, poll, event.hands) or not event.reason.strip():
            self._wrong(r, "hands.refused", person=r.actor, poll=poll.number)

    def resumed(self, r: e.Recorded, event: e.PollResumed) -> None:
        poll = self.state.polls[event.poll]
        if not poll.paused or event.closes != terms.after_pause(poll, r.time):
            self._wrong(r, "poll.clock", poll=poll.number)

    def cancelled(self, r: e.Recorded, event: e.PollCancelled) -> None:
        if not self.state.polls[event.poll].is_open:
            self._wrong(r, "poll.opening")

    def divided(self, r: e.Recorded, event: e.SubjectDivided) -> None:
        pieces = range(len(division.pieces(self.state, event.subject)))
        if (
            sorted(piece for part in event.parts for piece in part) != list(pieces)
            or len(event.parts) < 2
            or not all(event.parts)
        ):
            self._wrong(r, "division.differs", document=event.subject)

    def reduced(self, r: e.Recorded, event: e.AmendmentReduced) -> None:
        if not self._was_due:
            self._wrong(r, "outcome.differs", document=r.document)

    def elected(self, r: e.Recorded, event: e.PersonElected) -> None:
        """W14, W16, W20: by the votes of the round that just closed, or by the chair among those whom it left tied."""
        election = self.state.elections[event.election]
        self.counts["outcomes"] += 1
        chosen = election.rule.tie in elections.NAMED and event.person in elections.tied_people(self.state, election)
        seated = not election.vacant or event.person in election.people
        stated = chosen and event.reason.strip() and people.may(self.state, r.actor, c.BreakTie)
        if seated or not (self._was_due or stated):
            self._wrong(r, "outcome.differs", document=r.document)

    def closed(self, r: e.Recorded, event: e.PollClosed) -> None:
        poll = self.state.polls[event.poll]
        self.counts["polls"] += 1
        tally: tuple[Any, tuple[int, ...]] = (polls.tally_of(poll), ())
        if poll.candidates:
            tally = elections.tally_of(self.state, poll)
        if terms.refuse_closing(poll, r.actor, r.time) or tally != (event.tally, event.votes):
            self._wrong(r, "poll.tally", poll=poll.number)
        if not secret.is_whole(poll):
            self._wrong(r, "box.differs", poll=poll.number)
        if poll.part or poll.candidates:
            due = outcomes.consequences(self.state, poll, event.tally)
            self._due = [(poll.number, event) for event in due]
        elif event.tally.quorum_met:
            self._unsettled.add(poll.number)

    def proxy(self, r: e.Recorded, event: e.ProxyGiven) -> None:
        if event.giver != r.actor or event.proxy in self.state.proxies or proxies.given_by(self.state, event.giver):
            self._wrong(r, "proxy.refused", person=r.actor)

    def unproxy(self, r: e.Recorded, event: e.ProxyRevoked) -> None:
        if self.state.proxies[event.proxy].giver != r.actor:
            self._wrong(r, "proxy.refused", person=r.actor)

    def proposed(self, r: e.Recorded, event: Any) -> None:
        """R27: what an author proposes, and who supports it."""
        if why := amendment_checks.why_wrong(self.state, r.actor, event):
            self._wrong(r, "amendment.refused", document=r.document, why=why)

    def transcribed(self, r: e.Recorded, event: e.AmendmentTranscribed) -> None:
        """A56: at the desk, for an élu."""
        person = self.state.people.get(event.author)
        known = person is not None and person.role is Role.ELU and not person.revoked
        number = len(self.state.transcriptions) + 1
        if not known or event.transcription != number or not people.may(self.state, r.actor, c.TranscribeAmendment):
            self._wrong(r, "act.not_entitled", person=r.actor)

    def transcription_confirmed(self, r: e.Recorded, event: e.TranscriptionConfirmed) -> None:
        """A57: by its author or another person at the desk, while it waits, as the amendment of the next number."""
        found = self.state.transcriptions[event.transcription]
        sound = found.status == transcribed.WAITING and event.amendment == len(self.state.amendments) + 1
        if not sound or transcribed.refuse_confirming(self.state, found, r.actor):
            self._wrong(r, "act.not_entitled", person=r.actor)

    def transcription_refused(self, r: e.Recorded, event: e.TranscriptionRefused) -> None:
        found = self.state.transcriptions[event.transcription]
        desk = people.role_of(self.state, r.actor) in transcribed.DESK
        if found.status != transcribed.WAITING or not (desk or r.actor == found.author):
            self._wrong(r, "act.not_entitled", person=r.actor)

    def rapporteur(self, r: e.Recorded, event: e.RapporteurNamed) -> None:
        """A34: an organiser names an élu."""
        person = self.state.people.get(event.person)
        sound = not event.person or (person is not None and person.role is Role.ELU and not person.revoked)
        if not sound or not people.may(self.state, r.actor, c.NameRapporteur):
            self._wrong(r, "act.not_entitled", person=r.actor)

    def opinion(self, r: e.Recorded, event: e.OpinionGiven) -> None:
        """A34: the rapporteur's own; where none is named, as records of earlier versions hold them."""
        amendment = self.state.amendments[event.amendment]
        rapporteur = self.state.motions[amendment.motion].rapporteur
        if rapporteur and r.actor != rapporteur:
            self._wrong(r, "opinion.refused", document=r.document)

    def position(self, r: e.Recorded, event: e.PositionTaken) -> None:
        if not people.may(self.state, r.actor, c.TakePosition):
            self._wrong(r, "act.not_entitled", person=r.actor)

    def taken_over(self, r: e.Recorded, event: e.AmendmentTakenOver) -> None:
        """A36: another élu, of what was withdrawn from a text that is still debated."""
        amendment = self.state.amendments[event.amendment]
        refused = opinions.refuse_taking_over(self.state, r.actor, amendment)
        if refused or not people.may(self.state, r.actor, c.TakeOverAmendment):
            self._wrong(r, "amendment.refused", document=r.document, why=refused.code if refused else "actor")

    def amended(self, r: e.Recorded, event: e.AmendmentAmended) -> None:
        """R28: an amendment with its adopted sub-amendments."""
        self.counts["merges"] += 1
        self._unmerged.difference_update(event.adopted)
        parent = self.state.amendments[event.amendment]
        subs = subamendments.adopted(self.state, parent.number)
        base = self.state.motions[parent.motion].frozen[parent.aimed - 1]
        if parent.outcome is not None or event != subamendments.amended(parent, subs, base):
            self._wrong(r, "amendment.amended", document=r.document)

    def settled(self, r: e.Recorded, event: e.AmendmentSettled) -> None:
        amendment = self.state.amendments[event.amendment]
        self.counts["outcomes"] += 1
        carried = BY_POLL.get(event.outcome)
        subject = ids.document(ids.AMENDMENT, amendment.number)
        follows = self._was_due or self._follows(event.poll, subject, carried)
        unsaid = event.outcome is Outcome.WITHDRAWN and self.state.sitting is None  # S19: said in the hall
        if amendment.outcome is not None or not follows or unsaid:
            self._wrong(r, "outcome.differs", document=subject)
        if event.outcome is Outcome.ADOPTED:
            self._unmerged.add(amendment.number)

    def decided(self, r: e.Recorded, event: e.MotionDecided) -> None:
        motion = self.state.motions[event.motion]
        self.counts["outcomes"] += 1
        subject = ids.document(ids.MOTION, motion.number)
        text = motion.text
        follows = self._was_due or self._follows(event.poll, subject, event.adopted)
        if not follows or text is None or text.version != event.version:
            self._wrong(r, "outcome.differs", document=subject)

    def _follows(self, number: int | None, subject: str, carried: bool | None) -> bool:
        """Whether a closed poll on the subject had that result; without a poll number, whether none was required."""
        if number is None or carried is None:
            return number is None and carried is None
        self._unsettled.discard(number)
        poll: Poll | None = self.state.polls.get(number)
        if poll is None or poll.tally is None or subject not in _settled_by(poll) or poll.part:
            return False
        return poll.tally.quorum_met and poll.tally.carried is carried

    def sitting(self, r: e.Recorded, event: e.SittingOpened) -> None:
        if self.state.sitting or event.sitting != len(self.state.sittings) + 1:
            self._wrong(r, "sitting.differs")
        self._chaired(r, event.chair)

    def chaired(self, r: e.Recorded, event: e.ChairDesignated) -> None:
        self._presided(r, event.sitting)
        self._chaired(r, event.chair)

    def deputy(self, r: e.Recorded, event: e.DeputyNamed) -> None:
        """S46: an élu, named by whoever conducts."""
        self._presided(r, event.sitting)
        self._chaired(r, event.deputy)
        if not people.may(self.state, r.actor, c.NameDeputy):
            self._wrong(r, "act.not_entitled", person=r.actor)

    def taken(self, r: e.Recorded, event: e.ChairTaken) -> None:
        """S46: by the deputy alone."""
        self._presided(r, event.sitting)
        sitting = self.state.sitting
        if sitting is None or (sitting.deputy, sitting.chair) != (r.actor, event.before):
            self._wrong(r, "sitting.chair", person=r.actor)

    def adjourned(self, r: e.Recorded, event: e.SittingClosed) -> None:
        self._presided(r, event.sitting)

    def _presided(self, r: e.Recorded, number: int) -> None:
        """The sitting that the entry names is the open one."""
        if self.state.sitting is None or self.state.sitting.number != number:
            self._wrong(r, "sitting.differs")

    def _chaired(self, r: e.Recorded, chair: str) -> None:
        person = self.state.people.get(chair)
        if chair and (person is None or person.role is not Role.ELU or person.revoked):
            self._wrong(r, "sitting.chair", person=chair)

    def arrived(self, r: e.Recorded, event: e.AttendanceSignedIn) -> None:
        """S21: each for themselves, or by an organiser; nobody twice."""
        self._presided(r, event.sitting)
        self._entered(r, event.person, event.person not in attendance.now_present(self.state))

    def left(self, r: e.Recorded, event: e.AttendanceLeft) -> None:
        self._presided(r, event.sitting)
        self._entered(r, event.person, event.person in attendance.now_present(self.state))

    def _entered(self, r: e.Recorded, person: str, sound: bool) -> None:
        if not sound or not attendance.keeps_list(self.state) or attendance.refuse_entry(self.state, r.actor, person):
            self._wrong(r, "attendance.refused", person=person)

    def called_over(self, r: e.Recorded, event: e.AttendanceCalledOver) -> None:
        """S22: by whoever conducts, of élus, each once."""
        self._presided(r, event.sitting)
        if not people.may(self.state, r.actor, c.CallOver):
            self._wrong(r, "act.not_entitled", person=r.actor)
        strangers = attendance.strangers(self.state, event.present)
        if strangers or len(set(event.present)) != len(event.present):
            self._wrong(r, "attendance.refused", person=", ".join(strangers))

    def spoke(self, r: e.Recorded, event: Any) -> None:
        """S41: the list of speakers and the times given are those that the rule answers with."""
        if isinstance(event, e.SpeakerCalled):
            self._goes_on(r)
        if not floor.follows(self.state, r, event):
            self._wrong(r, "speakers.refused", person=r.actor)

    def screened(self, r: e.Recorded, event: e.ScreenShown) -> None:
        """S42: the screen is controlled by somebody who may do so."""
        if not people.may(self.state, r.actor, c.ShowOnScreen):
            self._wrong(r, "act.not_entitled", person=r.actor)

    def planned(self, r: e.Recorded, event: Any) -> None:
        """S44, S45: the agenda is changed as the rules allow."""
        if not agenda.follows(self.state, r, event):
            self._wrong(r, "agenda.refused", person=r.actor)

    def conducted(self, r: e.Recorded, event: Any) -> None:
        """An act of conduct is an organiser's, or of whoever presides then (S10)."""
        if not people.may(self.state, r.actor, CONDUCT[r.kind]):
            self._wrong(r, "act.not_entitled", person=r.actor)
        self._goes_on(r)

    def declared(self, r: e.Recorded, event: e.IdenticalDeclared) -> None:
        """A53: they differ by typography alone, or were identical to one of them already."""
        self.conducted(r, event)
        given = [self.state.amendments[n] for n in event.amendments]
        if len({discussion.alike(amendment) for amendment in given}) > 1:
            self._wrong(r, "amendment.refused", document=r.document, why="identical.differs")

    def _goes_on(self, r: e.Recorded) -> None:
        """S18: the sitting is not suspended."""
        if self.state.sitting and self.state.sitting.suspended:
            self._wrong(r, "sitting.suspended")

    def called(self, r: e.Recorded, event: e.SubjectCalled) -> None:
        if event.subject:
            self._goes_on(r)

    def suspended(self, r: e.Recorded, event: e.SittingSuspended) -> None:
        self._presided(r, event.sitting)
        self.conducted(r, event)

    def resumed_sitting(self, r: e.Recorded, event: e.SittingResumed) -> None:
        self._presided(r, event.sitting)
        if not people.may(self.state, r.actor, c.ResumeSitting):
            self._wrong(r, "act.not_entitled", person=r.actor)
        if self.state.sitting is None or not self.state.sitting.suspended:
            self._wrong(r, "sitting.differs")

    def reverted(self, r: e.Recorded, event: e.ActReverted) -> None:
        """S14: what is taken back is what the act did, and it still could be."""
        self.conducted(r, event)
        act = self.state.acts.get(event.entry)
        stated = (event.subject, event.amendments)
        if act is None or act.kind not in chairing.REVERTIBLE or chairing.refuse_reverting(self.state, act):
            self._wrong(r, "act.irreversible", target=event.entry)
        elif stated != (chairing.subject(act), chairing.taken_back(self.state, act)):
            self._wrong(r, "act.taken_back", target=event.entry)

    def secluded(self, r: e.Recorded, event: e.DraftingSecluded) -> None:
        """H1: the moment of publication is announced before it comes, and is not put off."""
        if self.state.seclusion is not None or not r.time < event.until or r.actor not in self._organisers():
            self._wrong(r, "seclusion.invalid", until=event.until)

    def met_in_camera(self, r: e.Recorded, event: e.SittingInCamera) -> None:
        """S50: during a sitting, with the moment of publication announced before it comes, and not put off."""
        self._presided(r, event.sitting)
        entitled = people.may(self.state, r.actor, c.MeetInCamera)
        voting = any(poll.is_open for poll in self.state.polls.values())
        if self.state.in_camera is not None or not r.time < event.until or not entitled or voting:
            self._wrong(r, "in_camera.invalid", until=event.until)

    def published_sitting(self, r: e.Recorded, event: e.SittingPublished) -> None:
        """S54: the congress publishes at the announced moment, whoever conducts before it, with a reason."""
        ongoing = self.state.in_camera
        due = ongoing is not None and ongoing.until <= r.time
        by_congress = r.actor == ids.CONGRESS and due and not event.reason
        by_person = people.may(self.state, r.actor, c.PublishSitting) and not is_blank(event.reason)
        if ongoing is None or not (by_congress or by_person):
            self._wrong(r, "in_camera.publication", by=r.actor)

    def published(self, r: e.Recorded, event: e.DraftingPublished) -> None:
        """H4, H5: the congress publishes at the announced moment, an organiser before it."""
        ongoing = self.state.seclusion
        due = ongoing is not None and ongoing.until <= r.time
        if ongoing is None or not (r.actor in self._organisers() or (due and r.actor == ids.CONGRESS)):
            self._wrong(r, "seclusion.publication", by=r.actor)

    def redact(self, r: e.Recorded, event: e.Redacted) -> None:
        self.counts["redactions"] += 1
        why = self._why_invalid(r, event)
        if why:
            self._wrong(r, "redact.invalid", why=why)
        else:
            self.redacted.update(dict.fromkeys(event.targets, event.redaction))

    def redact_words(self, r: e.Recorded, event: e.WordsRedacted) -> None:
        """R30: masked words were proposed by one organiser and decided by another; never in a vote."""
        self.counts["redactions"] += 1
        proposal = self.state.redactions.get(event.redaction)
        why = self._why_unfounded(r, event)
        if not why and (proposal is None or proposal.place is None or len(event.targets) != len(event.commitments)):
            why = "proposal"
        if not why and not all(0 <= n < r.index and self._kinds[n] in MASKABLE for n in event.targets):
            why = "targets"
        if why:
            self._wrong(r, "redact.invalid", why=why)
        else:
            self.masked.update(zip(event.targets, event.commitments, strict=True))

    def _why_invalid(self, r: e.Recorded, event: e.Redacted) -> str:
        """R7, R8: why this redaction does not justify an absence, or ""."""
        proposal = self.state.redactions.get(event.redaction)
        if proposal is None or proposal.place is not None or proposal.targets != event.targets:
            return "proposal"
        if why := self._why_unfounded(r, event):
            return why
        if not event.targets or not all(0 <= n < r.index and self._kinds[n] in REDACTABLE for n in event.targets):
            return "targets"
        return ""

    def _why_unfounded(self, r: e.Recorded, event: e.Redacted | e.WordsRedacted) -> str:
        """R8: why the redaction has no basis (nobody proposed it, the wrong people, no reasons), or ""."""
        proposal = self.state.redactions.get(event.redaction)
        if proposal is None or proposal.status != "proposed":
            return "proposal"
        if (proposal.proposed_by, r.actor) != (event.proposed_by, event.decided_by):
            return "people"
        if event.proposed_by == event.decided_by or not {event.proposed_by, event.decided_by} <= self._organisers():
            return "people"
        if not (event.ground.strip() and event.statement.strip() and event.appeal.strip()):
            return "reasons"
        return ""

    def _organisers(self) -> set[str]:
        return {person.id for person in self.state.people.values() if person.role is Role.ORGANISER}

    def revised(self, r: e.Recorded, event: e.TestimonyRevised) -> None:
        if why := self._revisions.why_invalid(self.state, r, event):
            self._wrong(r, "revise.invalid", why=why)
        else:
            self.redacted.update(dict.fromkeys(event.targets, 0))

    def moderated(self, r: e.Recorded, event: Any) -> None:
        """R12: an act on a testimony may withhold only that testimony's entries."""
        for n in event.entries:
            kind, document = (self._kinds[n], self._documents[n]) if 0 <= n < r.index else ("", "")
            own = kind in CONTENT and document == r.document
            if not own and not (kind == e.ExcerptQuoted.kind and self._quotes(document, event.testimony)):
                self._wrong(r, "withhold.stranger", target=n)

    def _quotes(self, document: str, testimony: int) -> bool:
        """Whether an excerpt is of that testimony, as far as its payload is present."""
        excerpt = self.state.excerpts.get(ids.split(document)[1])
        return excerpt is not None and excerpt.testimony in (0, testimony)


def _settled_by(poll: Poll) -> tuple[str, ...]:
    """The documents whose outcome the poll decides."""
    return (poll.subject, *(ids.document(ids.AMENDMENT, n) for n in poll.identical))


def _is_adopted(amendment: Amendment | None, motion: int) -> bool:
    return amendment is not None and amendment.motion == motion and amendment.outcome is Outcome.ADOPTED


CHECKS: dict[str, Callable[[Replay, e.Recorded, Any], None]] = {
    e.CongressCreated.kind: Replay.created,
    e.GapDeclared.kind: Replay.gap,
    e.ClockCorrected.kind: Replay.clock,
    e.TextWritten.kind: Replay.written,
    e.MapDrawn.kind: Replay.written,
    e.TextFrozen.kind: Replay.frozen,
    e.TextRenumbered.kind: Replay.renumbered,
    e.PollOpened.kind: Replay.opened,
    e.BallotCast.kind: Replay.cast,
    e.SlipEntered.kind: Replay.slip_entered,
    e.SlipConfirmed.kind: Replay.slip_confirmed,
    e.SlipRefused.kind: Replay.slip_refused,
    e.PollClosed.kind: Replay.closed,
    e.ProxyGiven.kind: Replay.proxy,
    e.ProxyRevoked.kind: Replay.unproxy,
    e.PollResumed.kind: Replay.resumed,
    e.PollCancelled.kind: Replay.cancelled,
    e.BallotSigned.kind: Replay.signed,
    e.BoxOpened.kind: Replay.box,
    e.HandsCounted.kind: Replay.counted,
    e.HandsDecided.kind: Replay.ruled,
    e.SubjectDivided.kind: Replay.divided,
    e.AmendmentReduced.kind: Replay.reduced,
    e.PersonElected.kind: Replay.elected,
    e.AmendmentTabled.kind: Replay.proposed,
    e.AmendmentTranscribed.kind: Replay.transcribed,
    e.TranscriptionConfirmed.kind: Replay.transcription_confirmed,
    e.TranscriptionRefused.kind: Replay.transcription_refused,
    e.AmendmentWorded.kind: Replay.proposed,
    e.AmendmentRectified.kind: Replay.proposed,
    e.AmendmentSigned.kind: Replay.proposed,
    e.AmendmentUnsigned.kind: Replay.proposed,
    e.AmendmentWithdrawn.kind: Replay.proposed,
    e.AmendmentAmended.kind: Replay.amended,
    e.RapporteurNamed.kind: Replay.rapporteur,
    e.OpinionGiven.kind: Replay.opinion,
    e.PositionTaken.kind: Replay.position,
    e.AmendmentTakenOver.kind: Replay.taken_over,
    e.AmendmentSettled.kind: Replay.settled,
    e.MotionDecided.kind: Replay.decided,
    e.SittingOpened.kind: Replay.sitting,
    e.SittingClosed.kind: Replay.adjourned,
    e.ChairDesignated.kind: Replay.chaired,
    e.SittingSuspended.kind: Replay.suspended,
    e.SittingResumed.kind: Replay.resumed_sitting,
    e.AttendanceSignedIn.kind: Replay.arrived,
    e.AttendanceLeft.kind: Replay.left,
    e.AttendanceCalledOver.kind: Replay.called_over,
    **{event.kind: Replay.spoke for event in floor.COMMANDS},
    e.DeputyNamed.kind: Replay.deputy,
    e.ChairTaken.kind: Replay.taken,
    e.ScreenShown.kind: Replay.screened,
    e.AgendaSet.kind: Replay.planned,
    e.AgendaItemBegun.kind: Replay.planned,
    e.SubjectCalled.kind: Replay.called,
    e.AmendmentReserved.kind: Replay.conducted,
    e.AmendmentKept.kind: Replay.conducted,
    e.OrderChanged.kind: Replay.conducted,
    e.OrderArranged.kind: Replay.conducted,
    e.IdenticalDeclared.kind: Replay.declared,
    e.DiscussionJoined.kind: Replay.conducted,
    e.ActReverted.kind: Replay.reverted,
    e.DraftingSecluded.kind: Replay.secluded,
    e.DraftingPublished.kind: Replay.published,
    e.SittingInCamera.kind: Replay.met_in_camera,
    e.SittingPublished.kind: Replay.published_sitting,
    e.Redacted.kind: Replay.redact,
    e.WordsRedacted.kind: Replay.redact_words,
    e.TestimonyRevised.kind: Replay.revised,
    e.TestimonyPublished.kind: Replay.moderated,
    e.TestimonySetAside.kind: Replay.moderated,
    e.TestimonyHidden.kind: Replay.moderated,
    e.TestimonyRestored.kind: Replay.moderated,
}


def _unsaid(event: e.Event | None) -> e.Event | None:
    """An outcome by vote without its reason: records of earlier versions hold the reason, newer ones compute it."""
    return replace(event, reason="") if isinstance(event, e.AmendmentSettled) and event.poll is not None else event
