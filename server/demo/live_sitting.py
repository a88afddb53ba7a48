"""A short sitting that plays by itself: who asks for the floor, what is voted, what is adopted; as commands in order.

Everybody and everything in it is fictional.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from deliberation.kernel import commands as c
from deliberation.kernel.vocabulary import AgendaItem, AgendaKind, Aim, Choice, Phase, Purpose, Role, ScreenMode

TITLE = "Une séance qui se joue seule"
MOTION = "Pour des guichets ouverts"
CLAUSES = (
    "Demande que chaque commune garde un guichet ouvert deux jours par semaine.",
    "Demande que les horaires soient affichés à la porte.",
    "Demande que le téléphone réponde.",
)
PEOPLE = (
    ("Odile Rivoire", Role.ORGANISER, "", ""),
    ("Chantal Chevrier", Role.ELU, "maire", "Saint-Aubin"),
    ("Paul Perrin", Role.ELU, "adjoint", "Valmont"),
    ("Fatima Benali", Role.ELU, "conseillère", "Grandville"),
    ("Yann Le Gall", Role.ELU, "maire", "Port-Clos"),
    ("Léa Roche", Role.ELU, "maire", "Allanche-le-Haut"),
)
"""Those who take part, in the order of their pseudonyms: the first is p1."""
DESK, CHAIR, PAUL, FATIMA, YANN, LEA = "p1", "p2", "p3", "p4", "p5", "p6"
VOTERS = (CHAIR, PAUL, FATIMA, YANN, LEA)
LONG, SHORT = 3, 1
"""Paces that an act is left on the screen: what is to be read, and what only goes by."""


@dataclass(frozen=True)
class LiveAct:
    """A command of somebody, and for how many paces it is left to be looked at."""

    actor: str
    command: c.Command
    paces: int = SHORT


def before(now: str) -> Iterator[LiveAct]:
    """What comes before the sitting: the phases are open, and the motion is frozen."""
    for phase in (Phase.DRAFTING, Phase.AMENDMENTS, Phase.VOTE):
        yield LiveAct(DESK, c.SetPhase(phase, now))
    yield LiveAct(DESK, c.FreezeMotion(1))


def sitting(now: str, clauses: tuple[str, ...]) -> Iterator[LiveAct]:
    """The sitting on the motion with clauses of these ids."""
    first, second, _ = clauses
    yield LiveAct(
        FATIMA, c.TableAmendment(1, Aim.REWRITE, first, CLAUSES[0].replace("deux", "quatre"), "Deux ne suffisent pas.")
    )
    yield LiveAct(YANN, c.TableAmendment(1, Aim.DELETE, second, "", "C’est déjà la loi."))
    items = (
        AgendaItem(1, AgendaKind.PRESENTATION, "Ouverture", 5),
        AgendaItem(2, AgendaKind.TEXT, MOTION, 20, "motion-1"),
        AgendaItem(3, AgendaKind.PAUSE, "Café", 15),
    )
    yield LiveAct(DESK, c.SetAgenda(now, items))
    yield LiveAct(DESK, c.OpenSitting(CHAIR, attendance=True))
    yield LiveAct(CHAIR, c.CallOver(VOTERS))
    yield LiveAct(CHAIR, c.ShowOnScreen(ScreenMode.AGENDA), LONG)
    yield LiveAct(CHAIR, c.BeginItem(1))
    for number in (1, 2):
        yield LiveAct(CHAIR, c.AdmitAmendment(number))
    yield from _debate(1, (FATIMA, PAUL, LEA), 1)
    yield from _vote("amendement-1", 1, against=(PAUL,))
    yield from _debate(2, (YANN, CHAIR), 4)
    yield from _vote("amendement-2", 2, against=(CHAIR, FATIMA, LEA))
    yield LiveAct(CHAIR, c.CallSubject("motion-1"), LONG)
    yield LiveAct(LEA, c.AskFloor(Purpose.FOR))
    yield LiveAct(CHAIR, c.GiveFloor(6), LONG)
    yield LiveAct(LEA, c.EndTurn(6))
    yield from _vote("motion-1", 3, against=(YANN,))
    yield LiveAct(CHAIR, c.CloseSitting(1), LONG)


def _debate(amendment: int, speakers: tuple[str, ...], turn: int) -> Iterator[LiveAct]:
    """The amendment is called; they ask to present it, then against and for; each speaks. `turn` is the first's."""
    yield LiveAct(CHAIR, c.CallSubject(f"amendement-{amendment}"), LONG)
    for person, purpose in zip(speakers, (Purpose.PRESENTATION, Purpose.AGAINST, Purpose.FOR), strict=False):
        yield LiveAct(person, c.AskFloor(purpose))
    yield LiveAct(CHAIR, c.ShowOnScreen(ScreenMode.SPEAKERS), LONG)
    for rank in range(len(speakers)):
        yield LiveAct(CHAIR, c.GiveFloor(turn + rank), LONG)
    yield LiveAct(CHAIR, c.EndTurn(turn + len(speakers) - 1))


def _vote(subject: str, poll: int, against: tuple[str, ...]) -> Iterator[LiveAct]:
    """The vote is opened, everybody votes, it is closed, and the result is left to be read."""
    yield LiveAct(CHAIR, c.OpenPoll(subject))
    for person in VOTERS:
        yield LiveAct(person, c.CastBallot(poll, Choice.AGAINST if person in against else Choice.FOR))
    yield LiveAct(CHAIR, c.ClosePoll(poll), LONG)
