"""A small congress with objects of every kind, created by commands, for tests of what is published."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from deliberation.decide import decide
from deliberation.evolve import evolve
from deliberation.kernel import commands as c
from deliberation.kernel import events as e
from deliberation.kernel.errors import Refused
from deliberation.kernel.ids import CONGRESS, VISITOR
from deliberation.kernel.state import State
from deliberation.kernel.vocabulary import (
    Aim,
    Channel,
    Choice,
    ClauseChange,
    ClauseKind,
    Draft,
    ElectionRule,
    Hands,
    Node,
    NodeChange,
    Outcome,
    Phase,
    Role,
    Speaker,
    Terms,
    Way,
)
from deliberation.motions import division
from tests.bel_archives import importing

SECRET = "Phrase à ne jamais publier"
FORMULA = "=HYPERLINK(1)"
ELU, OTHER, ORGANISER, SECOND = "p1", "p2", "p3", "p4"


@dataclass
class Congress:
    """Takes commands and collects entries; each act happens one second after the one before."""

    state: State = field(default_factory=State)
    record: list[e.Recorded] = field(default_factory=list)

    def act(self, actor: str, command: c.Command) -> tuple[e.Event, ...]:
        now = f"2026-03-02T10:{len(self.record) // 60:02}:{len(self.record) % 60:02}.000Z"
        decided = decide(self.state, c.Request(f"c{len(self.record)}", "essai", actor, command), now)
        assert not isinstance(decided, Refused), f"{command}: {decided}"
        for event in decided:
            recorded = e.Recorded(len(self.record), now, actor, event.kind, event.document, event)
            self.record.append(recorded)
            self.state = evolve(self.state, recorded)
        return decided

    def acts(self, actor: str, commands: Iterable[c.Command]) -> None:
        for command in commands:
            self.act(actor, command)


def open_congress() -> Congress:
    """A congress with two élus and two organisers, all its phases open."""
    congress = Congress()
    creation = c.CreateCongress(
        "essai", "Congrès d’essai", "localhost:8000/c/essai/registre", "Deux jours.", "Aurillac", fictional=True
    )
    people = [
        ("Awa Diallo", Role.ELU, "Maire", "Saint-Flour"),
        ("Jean Petit", Role.ELU, "Conseiller", "Murat"),
        ("Nora Blanc", Role.ORGANISER, "", ""),
        ("Luc Vert", Role.ORGANISER, "", ""),
    ]
    congress.act(CONGRESS, creation)
    congress.acts(CONGRESS, (c.InvitePerson(*person) for person in people))
    congress.acts(ORGANISER, (c.SetPhase(phase, "2026-01-01T00:00:00.000Z") for phase in Phase))
    return congress


def speak(congress: Congress) -> None:
    """Adds seven testimonies: three published, then one each pending, set aside, hidden, redacted."""
    named = c.SubmitTestimony(
        "Fibre", "La fibre s’arrête au bourg. Rien après.", speaker=Speaker("Léa Roc"), consent=True
    )
    congress.act(VISITOR, named)
    texts = ["L’école ferme <b>tôt</b> & le car aussi.", FORMULA, *[f"{SECRET} {n}" for n in range(4)]]
    congress.acts(ELU, (c.SubmitTestimony(f"Titre {i}", text) for i, text in enumerate(texts, 2)))
    congress.acts(ORGANISER, (c.PublishTestimony(n) for n in (1, 2, 3, 6, 7)))
    congress.acts(
        ORGANISER,
        [
            c.QuoteExcerpt(1, "La fibre s’arrête au bourg."),
            c.QuoteExcerpt(2, "L’école ferme"),
            c.QuoteExcerpt(6, f"{SECRET} 2"),
            c.SetAsideTestimony(5, "Hors du sujet."),
            c.HideTestimony(6, "Une personne s’y reconnaît."),
            c.ProposeRedaction("temoignage-7", "Vie privée", "Une adresse y figurait."),
        ],
    )
    congress.act(SECOND, c.DecideRedaction(1, agree=True))


def draw(congress: Congress) -> None:
    nodes = {"a": Node("", "a", "Réseaux", (1,)), "b": Node("a", "a", "<script>Fibre</script>", (1, 3))}
    congress.act(ORGANISER, c.CreateMap("Ce qui manque"))
    congress.act(CONGRESS, c.DrawMap(1, "", (7,), tuple(NodeChange(id_, None, node) for id_, node in nodes.items())))


def write(congress: Congress) -> None:
    """Adds a motion with one clause of each kind, and freezes it."""
    drafts = {
        "aaaaaaaaaa": Draft(ClauseKind.VISA, "Vu la loi du 7 octobre 2016 ;"),
        "bbbbbbbbbb": Draft(ClauseKind.CONSIDERANT, "Considérant que la fibre s’arrête au bourg[^1] ;"),
        "cccccccccc": Draft(ClauseKind.DEMANDE, "Demande que la fibre aille *partout*[^1]."),
    }
    changes = tuple(ClauseChange(id_, None, draft) for id_, draft in drafts.items())
    congress.act(ELU, c.CreateMotion("Pour un numérique de tous"))
    congress.act(CONGRESS, c.WriteText(1, "", (9,), changes, order=tuple(drafts)))
    congress.act(ORGANISER, c.FreezeMotion(1))


def amend(congress: Congress) -> None:
    """Adds four amendments: adopted, rejected, withdrawn, inadmissible."""
    tabled = [
        c.TableAmendment(
            1, Aim.REWRITE, "cccccccccc", "Demande que la fibre aille *partout*[^1] avant 2028.", "Une date."
        ),
        c.TableAmendment(1, Aim.DELETE, "aaaaaaaaaa", "", "Visa inutile."),
        c.TableAmendment(1, Aim.INSERT, "cccccccccc", "Demande des cars[^2].", "Les cars.", "demande"),
        c.TableAmendment(1, Aim.TITLE, "", "Pour des réseaux", "Plus court."),
    ]
    congress.acts(ELU, tabled)
    congress.act(ORGANISER, c.NameRapporteur(1, ELU))
    congress.act(ELU, c.GiveOpinion(1, "favorable", "Un calendrier aide."))
    congress.act(ELU, c.WithdrawAmendment(3, "Repris ailleurs."))
    congress.act(ORGANISER, c.SettleAmendment(4, Outcome.INADMISSIBLE, "Hors délai."))


def vote(congress: Congress) -> None:
    """Holds three polls, and adopts the motion."""
    for poll, (subject, choices) in enumerate(
        [
            ("amendement-1", (Choice.FOR, Choice.FOR)),
            ("amendement-2", (Choice.AGAINST, Choice.ABSTAIN)),
            ("motion-1", (Choice.FOR, Choice.ABSTAIN)),
        ],
        1,
    ):
        congress.act(ORGANISER, c.OpenPoll(subject))
        for voter, choice in zip((ELU, OTHER), choices, strict=True):
            congress.act(voter, c.CastBallot(poll, choice))
        congress.act(ORGANISER, c.ClosePoll(poll))


def whole() -> Congress:
    """A congress with all of these, up to the adoption of the motion."""
    congress = open_congress()
    for part in (speak, draw, write, amend, vote):
        part(congress)
    congress.act(VISITOR, c.SubmitTestimony(text=f"{SECRET} en attente", channel=Channel.WEB))
    return congress


def every_kind(said: str) -> Congress:
    """A congress with amendments of every kind: moving, sub-amended, given as an instruction, signed, rectified; `said`
    is the text that people type wherever they may.
    """
    congress = open_congress()
    speak(congress)
    write(congress)
    proposed = f"Demande que la fibre aille *partout*[^1] avant 2028. {said}"
    congress.act(ELU, c.TableAmendment(1, Aim.REWRITE, "cccccccccc", proposed.replace("2028", "2030"), said))
    congress.act(ELU, c.RectifyAmendment(1, proposed, f"Mieux. {said}"))
    sub = proposed.replace("avant 2028", "avant l’été 2028")
    congress.act(OTHER, c.TableAmendment(1, Aim.REWRITE, text=sub, rationale=said, parent=1))
    congress.act(OTHER, c.TableAmendment(1, Aim.MOVE, "bbbbbbbbbb", rationale=said))
    congress.act(ELU, c.TableAmendment(1, Aim.REWRITE, "aaaaaaaaaa", rationale=said, instruction=f"Plus court. {said}"))
    congress.acts(OTHER, (c.SignAmendment(n) for n in (1, 4)))
    for poll, subject in enumerate(("amendement-2", "amendement-1", "amendement-3"), 1):
        congress.act(ORGANISER, c.OpenPoll(subject))
        congress.act(ELU, c.CastBallot(poll, Choice.FOR))
        congress.act(ORGANISER, c.ClosePoll(poll))
    return congress


THIRD = "p5"
IN_SECRET = Terms(Way.SECRET, ground="tiers", requested=1, present=3)


def voted_otherwise() -> Congress:
    """A congress with votes of three élus in every way: by hands, in secret, by division, grouped, elections, and a
    result from elsewhere.
    """
    congress = open_congress()
    congress.act(CONGRESS, c.InvitePerson("Léa Roc", Role.ELU, "Maire", "Allanche"))
    speak(congress)
    write(congress)
    texts = ("Demande que le cuivre aille *ici*[^1] en 2028.", "Demande des cars.", "Demande des trains.")
    congress.act(ELU, c.TableAmendment(1, Aim.REWRITE, "cccccccccc", texts[0], "Tout autre."))
    congress.acts(ELU, (c.TableAmendment(1, Aim.INSERT, "", text, "Aussi.", "demande") for text in texts[1:]))
    for part in (by_division, in_one_go, by_hands, in_secret, elect, elsewhere):
        part(congress)
    return congress


def by_division(congress: Congress) -> None:
    pieces = range(len(division.pieces(congress.state, "amendement-1")))
    congress.act(ORGANISER, c.DivideSubject("amendement-1", (tuple(pieces[:1]), tuple(pieces[1:])), THIRD))
    for part, choice in ((1, Choice.FOR), (2, Choice.AGAINST)):
        congress.act(ORGANISER, c.OpenPoll("amendement-1", part=part))
        congress.act(ELU, c.CastBallot(len(congress.state.polls), choice))
        congress.act(ORGANISER, c.ClosePoll(len(congress.state.polls)))


def in_one_go(congress: Congress) -> None:
    congress.act(ORGANISER, c.OpenSheet(("amendement-2", "amendement-3")))
    congress.act(ELU, c.CastSheet(3, {3: Choice.FOR, 4: Choice.AGAINST}))
    congress.act(ORGANISER, c.ClosePoll(3))


def by_hands(congress: Congress) -> None:
    """Holds two shows of hands, both cancelled: in the first the tellers differ and the chair decides, in the second
    they agree.
    """
    for cancelled in (True, False):
        congress.act(ORGANISER, c.OpenPoll("motion-1", terms=Terms(Way.HANDS, tellers=(OTHER, THIRD))))
        poll = len(congress.state.polls)
        congress.act(OTHER, c.EnterHands(poll, Hands(1, 1, 1, 3)))
        congress.act(THIRD, c.EnterHands(poll, Hands(1, 2, 0, 3) if cancelled else Hands(1, 1, 1, 3)))
        if cancelled:
            congress.act(ORGANISER, c.DecideHands(poll, Hands(1, 2, 0, 3), "La photo de la salle le montre."))
            congress.act(ORGANISER, c.CancelPoll(poll, "La question était mal posée."))
    congress.act(ORGANISER, c.CancelPoll(len(congress.state.polls), "Un tiers demande le secret."))


def in_secret(congress: Congress) -> None:
    congress.act(ORGANISER, c.OpenPoll("motion-1", terms=IN_SECRET))
    put(congress, (c.CastSecret(0, 0), c.CastSecret(0, 1), c.CastSecret(0, 0)), (0, 0, 1))


def put(congress: Congress, papers: Iterable[c.CastSecret], box: tuple[int, ...]) -> None:
    """Has the three élus cast these papers in the last poll, and closes it with the content `box`."""
    poll = len(congress.state.polls)
    for voter, paper in zip((ELU, OTHER, THIRD), papers, strict=True):
        congress.act(voter, replace(paper, poll=poll))
    congress.act(ORGANISER, c.CountBox(poll, box))


def elect(congress: Congress) -> None:
    """Holds an election for two seats: one is filled in the first round, the other by the chair after a tie."""
    rule = ElectionRule(absolute=1, tie="chair", seats=2)
    congress.act(ORGANISER, c.OpenElection("Bureau", (ELU, OTHER, THIRD), rule))
    put(congress, (c.CastSecret(0, names=(0, 1)), c.CastSecret(0, names=(0,)), c.CastSecret(0, 3)), (0, 0, 1, 3, 3, 4))
    congress.act(ORGANISER, c.OpenRound(1))
    put(congress, (c.CastSecret(0, 0), c.CastSecret(0, 1), c.CastSecret(0, 2)), (0, 1, 2))
    congress.act(ORGANISER, c.BreakTie(1, THIRD, "Doyenne d’âge."))


def elsewhere(congress: Congress) -> None:
    congress.act(ORGANISER, importing(comment="Voté avec Belenios."))
    congress.act(CONGRESS, c.RecordBeleniosCheck(len(congress.state.results), "absent"))
