"""Random but plausible debates, derived from a seed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from random import Random
from typing import TypeVar

from deliberation.amendments.amendments import WITHOUT_VOTE
from deliberation.amendments.discussion import are_alike
from deliberation.kernel import commands as c
from deliberation.kernel.state import Amendment, Frozen, State
from deliberation.kernel.territory import Naming
from deliberation.kernel.vocabulary import (
    AgendaItem,
    AgendaKind,
    Aim,
    Choice,
    ClauseChange,
    ClauseEdit,
    ClauseKind,
    Draft,
    ElectionRule,
    Elector,
    Hands,
    Node,
    NodeChange,
    Outcome,
    PassagePlace,
    Phase,
    PollRule,
    Precedence,
    Purpose,
    Role,
    ScreenMode,
    Span,
    Speaker,
    SpeakingRule,
    Terms,
    Way,
)
from deliberation.motions.division import pieces, standing
from deliberation.votes.secret import sorts
from tests.bel_archives import importing
from tests.deliberation.congresses import CONGRESS, ELU, FOR, ORGANISER, OTHER, SCRIBE, SECOND, THIRD, VISITOR, moment

QUORUM = PollRule(quorum_n=1, quorum_d=2)
STANDS = PollRule(changeable=False, participation=False)

T = TypeVar("T")
Asked = tuple[str, c.Command]


class Debate:
    """Chooses plausible next commands at random from a seed; they refer to existing objects in every status."""

    def __init__(self, seed: int) -> None:
        self.rng = Random(seed)
        self.beside = Random(f"beside {seed}")
        self.revisions = Random(f"revisions {seed}")
        self.versions = Random(f"versions {seed}")
        self.speaking = Random(f"speaking {seed}")

    def one(self, things: Iterable[T], *otherwise: T) -> T:
        """A random one of `things`, or of `otherwise` if there are none."""
        return self.rng.choice(list(things) or list(otherwise))

    def words(self) -> str:
        return " ".join(self.rng.choice(["la", "fibre", "l’élu", "pour", "tous", "."]) for _ in range(6))

    def next(self, state: State) -> Asked:
        if self.beside.random() < 0.04 and (rare := self.rarely(state)):
            return rare
        if self.speaking.random() < 0.04:
            return self.speakers(state)
        asked = self.rng.choice(
            [
                self.speech,
                self.moderation,
                self.writing,
                self.amendment,
                self.wording,
                self.vote,
                self.vote,
                self.session,
                self.conduct,
                self.way,
                self.way,
            ]
        )
        actor, command = asked(state)
        return (self.one(state.people) if self.rng.random() < 0.05 else actor), command

    def speech(self, state: State) -> Asked:
        said = self.one(state.testimonies, 1)
        if self.revisions.random() < 0.08:
            return self.revision(said)
        return self.one([ELU, SCRIBE, ORGANISER]), self.one(
            [
                c.SubmitTestimony(text=self.words(), speaker=Speaker("Anne"), consent=True),
                c.PublishTestimony(said),
                c.PublishTestimony(said),
                c.QuoteExcerpt(said, self.rng.choice(["la", "fibre", "pour tous"])),
                c.CreateMap(self.words()),
                c.DrawMap(1, "AAA=", (1,), (NodeChange("n1", None, Node("", "a", self.words(), (1,))),)),
            ]
        )

    def revision(self, said: int) -> Asked:
        return self.revisions.choice([VISITOR, ELU, SCRIBE]), self.revisions.choice(
            [
                c.ChangeNaming(said, self.revisions.choice(list(Naming)), Speaker(self.revisions.choice(["", "Zoé"]))),
                c.CorrectTestimony(said, text=self.revisions.choice(["la fibre pour tous", "un car"])),
                c.WithdrawTestimony(said, self.revisions.choice(["", "Erreur"])),
            ]
        )

    def moderation(self, state: State) -> Asked:
        said, name = self.one(state.testimonies, 1), f"personne-{self.one(state.people)}"
        remark = f"remarque-{self.one(state.remarks, 1)}"
        target = self.one([f"temoignage-{said}", f"extrait-{self.one(state.excerpts, 1)}", remark, name])
        redaction = self.one([x.number for x in state.redactions.values() if x.status == "proposed"], 1)
        return self.one([ORGANISER, SECOND]), self.one(
            [
                c.SetAsideTestimony(said, "Hors sujet"),
                c.HideTestimony(said, "À vérifier"),
                c.RestoreTestimony(said, "Vérifié"),
                c.ProposeRedaction(target, "RGPD", "Un nom"),
                c.ProposeMasking(PassagePlace(0, "title", 0, 5), ("congres",), (0,), "RGPD", "Un nom"),
                c.ApplyMasking(redaction, (0,), ("ab" * 32,)),
                c.DecideRedaction(redaction, self.rng.random() < 0.7, "Rien de privé"),
                c.CorrectPerson(self.one(state.people), self.words()),
            ]
        )

    def writing(self, state: State) -> Asked:
        motion = self.one(state.motions, 1)
        clause = self.one(["c1", "c2", "c3"])
        order = tuple(dict.fromkeys((*state.motions[motion].order, clause))) if motion in state.motions else ()
        change = ClauseChange(clause, None, Draft(self.one(ClauseKind), self.words()))
        return self.one(
            [
                (ELU, c.WriteText(motion, "AAA=", (1,), (change,), None, order)),
                (OTHER, c.WriteText(motion, "AAA=", (2,), (), self.words())),
                (ORGANISER, c.FreezeMotion(motion)),
                (ORGANISER, c.FreezeMotion(motion)),
                (ORGANISER, c.ReopenMotion(motion, "Encore")),
                (
                    self.one([ELU, ORGANISER]),
                    c.ImportMotion(self.words(), "AAA=", (3,), (change,), (clause,), self.one(["", "Un collectif"])),
                ),
                (ELU, c.TakeUpMotion(motion)),
                (ELU, c.CreateMotion(self.words())),
                *self._remarks(state, motion, clause),
                *(self._behind_doors() if self.rng.random() < 0.2 else []),
            ]
        )

    def _remarks(self, state: State, motion: int, clause: str) -> list[Asked]:
        first = self.one(state.remarks, 1)
        return [
            (self.one([ELU, OTHER, SCRIBE]), c.MakeRemark(motion, self.one([clause, ""]), self.words(), self.words())),
            (self.one([ELU, OTHER]), c.MakeRemark(motion, clause, "", proposal=self.words())),
            (ELU, c.MakeRemark(motion, text=self.words(), reply_to=first)),
            (self.one([ELU, ORGANISER]), c.SettleRemark(first, self.one(["resolved", "open", "declined"]))),
            (OTHER, c.AcceptRemark(first)),
        ]

    def _behind_doors(self) -> list[Asked]:
        return [
            (ORGANISER, c.SecludeDrafting(self.one([moment(0), moment(400), moment(4000)]), "Sérénité")),
            (ORGANISER, c.PublishDrafting("Fini")),
            (ORGANISER, c.PublishDrafting("Fini")),
            (CONGRESS, c.EndSeclusion()),
        ]

    def amendment(self, state: State) -> Asked:
        motion, number = self.one(state.motions, 1), self.one(state.amendments, 1)
        text = state.motions[motion].text if motion in state.motions else None
        clause = self.one([x.id for x in text.clauses] if text else (), "c1")
        adopted = self.one([x.number for x in state.amendments.values() if x.outcome is Outcome.ADOPTED], 1)
        tabled = c.TableAmendment(motion, self.one(Aim), clause, self.words(), "", self.one(ClauseKind).value)
        if text and self.versions.random() < 0.5:
            tabled = replace(tabled, version=text.version)
        return self.one(
            [
                (self.one([ELU, OTHER]), tabled),
                (self.one([ELU, OTHER]), replace(tabled, further=self.edits(text))),
                (ELU, c.WithdrawAmendment(number)),
                (ORGANISER, c.AdmitAmendment(number)),
                (ORGANISER, c.SettleAmendment(number, self.one(sorted(WITHOUT_VOTE)), "Voilà", adopted)),
                (ORGANISER, c.NameRapporteur(1, self.one([ELU, OTHER]))),
                (
                    self.one([ELU, OTHER]),
                    self.one([c.GiveOpinion(number, "sagesse"), c.GiveOpinions((number,), "sagesse")]),
                ),
                (self.one([ELU, OTHER]), c.TakePosition(number, "favorable")),
                (self.one([ELU, OTHER]), c.TakeOverAmendment(number)),
            ]
        )

    def rarely(self, state: State) -> Asked | None:
        """Commands that would be chosen too rarely by chance: an amendment that differs from another by typography,
        declaring such amendments identical, arranging the order.
        """
        waiting = [x for x in state.amendments.values() if x.outcome is None]
        worded = [x for x in waiting if x.text and x.parent is None and x.aim in (Aim.REWRITE, Aim.INSERT)]
        proposed = [x.number for x in state.motions.values() if x.is_proposed]
        if state.seclusion or proposed:
            return (ELU, c.TakeUpMotion(proposed[0])) if proposed else (ORGANISER, c.PublishDrafting("Fini"))
        if not worded:
            return None
        one = self.beside.choice(worded)
        again = c.TableAmendment(one.motion, one.aim, one.clause, f"{one.text.strip('. ')} .", "", one.new_kind)
        same = tuple(x.number for x in worded if are_alike(x, one))
        others = tuple(x.number for x in waiting if x.motion == one.motion and x != one)
        brought = ClauseChange("z", None, Draft(ClauseKind.DEMANDE, "La fibre."))
        acts: list[Asked] = [
            (OTHER, again),
            *([(ORGANISER, c.DeclareIdentical(same))] * 4 if len(same) > 1 else [(OTHER, again)]),
            (ORGANISER, c.ImportMotion("Un texte", "AAA=", (3,), (brought,), ("z",), source="Un comité")),
        ]
        if others:
            acts.append((ORGANISER, c.ArrangeOrder((one.number, self.beside.choice(others)), "Par sujet")))
        return self.beside.choice(acts)

    def speakers(self, state: State) -> Asked:
        """A command about the list of speakers, by somebody who asks for the floor or who conducts."""
        one = self.speaking.choice
        waiting = [turn.number for turn in state.turns.values() if turn.waits] or [1]
        turn, now = one(waiting), state.speaking_turn
        conduct: list[c.Command] = [
            c.GiveFloor(turn, one([None, None, 90])),
            c.MoveTurn(turn, "Elle part", one([None, one(waiting)])),
            c.EndTurn(now.number if now else turn),
            c.WithdrawTurn(turn),
            c.AskFloor(one(list(Purpose)), one([ELU, OTHER, THIRD])),
            one([c.CloseSpeakers(state.floor), c.ReopenSpeakers(state.floor)]),
            c.SetSpeakingRule(
                SpeakingRule(precedence=(one(list(Precedence)),), turn=one([0, 60]), person=one([0, 90]))
            ),
        ]
        chair = state.sitting.deputy if state.sitting else ""
        items = (
            AgendaItem(1, AgendaKind.TEXT, "La fibre", one([5, 9]), "motion-1"),
            AgendaItem(2, AgendaKind.PAUSE, "Café", 5),
        )
        conduct += [
            c.SetAgenda(moment(0), items),
            c.BeginItem(one([1, 2])),
            c.ShowOnScreen(one(list(ScreenMode)), one([0, 0, 1])),
            c.NameDeputy(one([ELU, OTHER, THIRD])),
        ]
        if chair and self.speaking.random() < 0.5:
            return chair, c.TakeChair()
        if self.speaking.random() < 0.4:
            return one([ELU, OTHER, THIRD]), one(
                [c.AskFloor(one(list(Purpose))), c.WithdrawTurn(turn), c.EndTurn(turn)]
            )
        return ORGANISER, one(conduct)

    def edits(self, text: Frozen | None) -> tuple[ClauseEdit, ...]:
        """Edits with which an amendment changes further passages."""
        clauses = [x.id for x in text.clauses] if text else ["c1"]
        kind = self.one(ClauseKind).value
        return tuple(
            ClauseEdit(self.one(Aim), clause, self.words(), new_kind=kind)
            for clause in self.rng.sample(clauses, self.rng.randint(0, min(3, len(clauses))))
        )

    def conduct(self, state: State) -> Asked:
        """An act of the chair on amendments to one motion, or its reversal."""
        waiting = [x for x in state.amendments.values() if x.outcome is None]
        beside = [(x.number, y.number) for x in waiting for y in waiting if x.motion == y.motion and x != y]
        (number, mate), other = self.one(beside, (1, 2)), self.one([None, self.one(beside, (1, 2))[1]])
        adopted = [x for x in state.amendments.values() if x.outcome is Outcome.ADOPTED]
        fallen = [(x.number, y.number) for x in waiting for y in adopted if x.motion == y.motion]
        undone = self.one([act.entry for act in state.acts.values() if act.stands], 1)
        return self.one([ORGANISER, state.chair or ELU]), self.one(
            [
                c.ReserveAmendment(number, "Plus tard", other),
                c.ChangeOrder(number, "Son auteur part", other),
                c.JoinDiscussion((number, mate), "Même objet"),
                *([c.KeepAmendment(*self.one(fallen), "À rectifier")] * 6 if fallen else []),
                c.RevertAct(undone, "Erreur"),
            ]
        )

    def wording(self, state: State) -> Asked:
        """A sub-amendment, a signature, or a rectification by the author."""
        pending = [x for x in state.amendments.values() if x.outcome is None]
        if not pending:
            return self.amendment(state)
        parent = self.one(pending)
        rank = self.rng.randrange(len(parent.edits))
        aimed = parent.edits[rank].text
        number, words = parent.number, f"{aimed} {self.words()}".strip()
        aim = self.one([Aim.REWRITE, Aim.REWRITE, Aim.INSERT, Aim.TITLE, Aim.DELETE])
        sub = c.TableAmendment(
            parent.motion,
            aim,
            "",
            words,
            "",
            self.one(ClauseKind).value,
            "",
            self.spans(aimed),
            "",
            number,
            edit_rank=rank,
        )
        told = c.TableAmendment(parent.motion, Aim.REWRITE, "c1", instruction=self.words())
        moved = c.TableAmendment(parent.motion, Aim.MOVE, "c1", after=self.one(["", "c2", "c3"]))
        return self.one(
            [
                (self.one([ELU, OTHER]), sub),
                (self.one([ELU, OTHER]), replace(sub, spans=())),
                (self.one([ELU, OTHER]), replace(sub, spans=())),
                (ELU, told),
                (ELU, moved),
                (parent.author, c.WordAmendment(number, self.words())),
                (parent.author, self.rectification(parent)),
                (self.one([ELU, OTHER, THIRD]), c.SignAmendment(number)),
                *[(x.signatures[-1], c.UnsignAmendment(x.number)) for x in pending if x.signatures][:2],
                (parent.author, c.WithdrawAmendment(number)),
                (ORGANISER, c.SettleAmendment(number, Outcome.NOT_MOVED, "Personne ne le présente")),
            ]
        )

    def rectification(self, amendment: Amendment) -> c.RectifyAmendment:
        """A rectification with other words; if the amendment changes several passages, not always in all of them."""
        command = c.RectifyAmendment(amendment.number, self.words(), after=self.one(["", "c2"]))
        if not amendment.further:
            return command
        kept = self.rng.sample(amendment.edits, self.rng.randint(1, len(amendment.edits)))
        return replace(command, edits=tuple(replace(x, text=self.words(), spans=()) if x.text else x for x in kept))

    def spans(self, text: str) -> tuple[Span, ...]:
        start = self.rng.randrange(len(text) + 1)
        return (Span(start, text[start : start + self.rng.randrange(9)], self.words()),)

    def vote(self, state: State) -> Asked:
        pending = [f"amendement-{x.number}" for x in state.amendments.values() if x.outcome is None]
        subs = [f"amendement-{x.number}" for x in state.amendments.values() if x.outcome is None and x.parent]
        subject = self.one([*pending, *subs * 4, *(f"motion-{n}" for n in state.motions)])
        poll = self.one([x.number for x in state.polls.values() if x.is_open], 1)
        rule = self.one(
            [None, None, QUORUM, PollRule(tie="chair", chair=ELU), PollRule(weights="collectivite"), STANDS]
        )
        college, failed = self.one([0, *state.colleges]), self.one([0, *(n for n in state.polls)])
        voter, choice = self.one([ELU, OTHER, THIRD]), self.one([FOR, FOR, *Choice])
        held = self.one([x.giver for x in state.proxies.values() if x.bearer == voter], ELU)
        ballot = (voter, c.CastBallot(poll, choice))
        return self.one(
            [
                (ORGANISER, c.OpenPoll(subject, rule=rule, college=college)),
                (ORGANISER, c.OpenPoll(subject, rule=rule, second_call_of=failed)),
                ballot,
                ballot,
                (voter, c.CastBallot(poll, choice, held)),
                self.electing(state, voter),
                (ORGANISER, c.ClosePoll(poll)),
                (ORGANISER, c.ClosePoll(poll)),
            ]
        )

    def electing(self, state: State, voter: str) -> Asked:
        """A command about colleges, numbers of votes, or proxies."""
        voices = tuple(Elector(person, self.rng.randrange(1, 9)) for person in (ELU, OTHER, THIRD))
        return self.one(
            [
                (voter, c.GiveProxy(self.one([ELU, OTHER, THIRD]))),
                (voter, c.GiveProxy(self.one([ELU, OTHER, THIRD]))),
                (voter, c.RevokeProxy(self.one([x.number for x in state.proxies.values() if x.giver == voter], 1))),
                (ORGANISER, c.RegisterElectors(voices)),
                (ORGANISER, c.SetCollege(self.words(), (voter, self.one([ELU, OTHER])))),
            ]
        )

    def way(self, state: State) -> Asked:
        return self.one(
            [self.holding, self.secret, self.hands, self.division, self.division, self.division, self.election]
        )(state)

    def holding(self, state: State) -> Asked:
        poll = self.one([x.number for x in state.polls.values() if x.is_open], 1)
        pending = [f"amendement-{x.number}" for x in state.amendments.values() if x.outcome is None]
        sheet = self.one([x.number for x in state.polls.values() if x.is_open and x.sheet == x.number], 1)
        choices = {x.number: self.one([FOR, *Choice]) for x in state.polls.values() if x.sheet == sheet}
        outside = importing(comment=self.words())
        return self.one(
            [
                (ORGANISER, c.PausePoll(poll, "Le réseau manque")),
                (ORGANISER, c.ResumePoll(poll)),
                (ORGANISER, c.ResumePoll(poll)),
                (ORGANISER, self.one([c.CancelPoll(poll, "Mauvais texte"), c.ResumePoll(poll)])),
                (
                    ORGANISER,
                    c.OpenSheet(tuple(self.rng.sample(pending, min(2, len(pending)))), self.rng.random() < 0.3),
                ),
                (self.one([ELU, OTHER, THIRD]), c.CastSheet(sheet, choices)),
                (ORGANISER, outside),
            ]
        )

    def secret(self, state: State) -> Asked:
        pending = [f"amendement-{x.number}" for x in state.amendments.values() if x.outcome is None]
        poll = self.one([x for x in state.polls.values() if x.is_open and x.way is Way.SECRET], None)
        if poll is None:
            terms = Terms(Way.SECRET, self.one(["", moment(20_000)]), "reglement")
            return ORGANISER, c.OpenPoll(self.one(pending, "motion-1"), terms=terms)
        unsigned = [voter for voter in (ELU, OTHER, THIRD) if voter not in poll.signed]
        voter = self.one([*unsigned, *unsigned, ELU, OTHER, THIRD])
        if poll.seats > 1:  # one name on each paper, and a place left empty
            named = [self.rng.randrange(len(poll.candidates)) for _ in poll.signed]
            papers = tuple(sorted([*named, *(len(poll.candidates) + 1 for _ in named)]))
            cast = voter, c.CastSecret(poll.number, names=(self.rng.randrange(2),))
            return self.one([cast, cast, (ORGANISER, c.CountBox(poll.number, papers))])
        papers = tuple(sorted(self.rng.randrange(sorts(poll)) for _ in poll.signed))
        cast = voter, c.CastSecret(poll.number, self.rng.randrange(3), self.one(["", "", ELU]))
        return self.one([cast, cast, (ORGANISER, c.CountBox(poll.number, papers))])

    def hands(self, state: State) -> Asked:
        pending = [f"amendement-{x.number}" for x in state.amendments.values() if x.outcome is None]
        poll = self.one([x.number for x in state.polls.values() if x.is_open and x.way is Way.HANDS], None)
        if poll is None:
            return ORGANISER, c.OpenPoll(self.one(pending, "motion-1"), terms=Terms(Way.HANDS, tellers=(SCRIBE,)))
        counted = Hands(self.rng.randrange(3), 1, 0, 3 if state.polls[poll].present is None else 0)
        return self.one(
            [
                (self.one([SCRIBE, ORGANISER]), c.EnterHands(poll, counted)),
                (self.one([SCRIBE, ORGANISER]), c.EnterHands(poll, counted)),
                (ORGANISER, self.one([c.RecountHands(poll), c.ClosePoll(poll)])),
                (ORGANISER, c.DecideHands(poll, counted, "Recompté sur la vidéo")),
                (ORGANISER, c.ClosePoll(poll)),
            ]
        )

    def division(self, state: State) -> Asked:
        """A division of a subject into two parts, or a poll on one of them."""
        begun = [x for x in state.divisions.values() if standing(state, x.subject) and self.rng.random() < 0.8]
        if not begun:
            subjects = [f"amendement-{x.number}" for x in state.amendments.values() if x.outcome is None]
            subjects += 4 * [subject for subject in subjects if len(pieces(state, subject)) > 1]
            subject = self.one([*subjects, *(f"motion-{n}" for n in state.motions)], "motion-1")
            known = subject in subjects or state.motions
            found = range(len(pieces(state, subject))) if known else range(2)
            return ORGANISER, c.DivideSubject(subject, (tuple(found)[:1], tuple(found)[1:]), ELU)
        subject, part = self.one(begun).subject, self.rng.randrange(1, 3)
        polls = [x.number for x in state.polls.values() if x.is_open and x.part]
        ballots = [(self.one([ELU, OTHER]), c.CastBallot(n, self.one([FOR, FOR, *Choice]))) for n in polls]
        opening = ORGANISER, c.OpenPoll(subject, part=part)
        return self.one([opening, *ballots, *((ORGANISER, c.ClosePoll(n)) for n in polls)])

    def election(self, state: State) -> Asked:
        election = self.one([x for x in state.elections.values() if x.vacant], None)
        if election is None:
            by = ElectionRule(self.one([0, 1]), self.one(["again", "chair", "chair"]), seats=self.one([1, 1, 2]))
            return ORGANISER, c.OpenElection("Présidence", self.one([(ELU, OTHER), (ELU, OTHER, THIRD)]), by)
        person = self.one(election.candidates)
        return ORGANISER, self.one([c.OpenRound(election.number), c.BreakTie(election.number, person, "Doyen d’âge")])

    def session(self, state: State) -> Asked:
        phase = self.one(Phase)
        return self.one(
            [
                (ORGANISER, c.CallSubject(f"motion-{self.one(state.motions, 1)}")),
                (ORGANISER, c.CallSubject(f"amendement-{self.one(state.amendments, 1)}")),
                (ORGANISER, c.OpenSitting(self.one([ELU, OTHER, ""]))),
                (ORGANISER, c.OpenSitting(self.one([ELU, OTHER, ""]), attendance=True)),
                (self.one([ELU, OTHER]), self.one([c.SignIn(), c.SignOut()])),
                (ORGANISER, self.one([c.SignIn(OTHER), c.SignOut(ELU), c.CallOver((ELU,))])),
                (ORGANISER, c.DesignateChair(self.one([ELU, OTHER, ""]))),
                (ORGANISER, c.CloseSitting(len(state.sittings))),
                (ORGANISER, c.SuspendSitting(len(state.sittings), "Un quart d’heure")),
                *[(ORGANISER, c.ResumeSitting(len(state.sittings)))] * (3 if state.sitting else 1),
                (ORGANISER, c.SetPhase(phase, moment(0), self.one([None, None, moment(30)]))),
                (ORGANISER, c.SetPhase(phase, moment(0))),
                (ORGANISER, c.InvitePerson(self.words(), self.one(Role))),
                (ORGANISER, c.RevokePerson(self.one(list(state.people)[6:], "p7"), "Fin de mandat")),
                (ORGANISER, c.ChangeCongress(self.words(), "", "", True, cosignatures=self.one([0, 0, 1]))),
                (CONGRESS, c.DeclareGap(state.size + 1, "Disque perdu"))
                if state.size % 2
                else (ORGANISER, c.CorrectClock(moment(10**6), "Horloge déréglée")),
                (VISITOR, c.SubmitTestimony(text=self.words())),
            ]
        )
