"""The secret poll: who took part is public, who answered what is known to nobody (W5, W6).

A vote is stored as two things without a link between them: a signature in the record, under the voter's name, and a
paper in a box that holds nothing but the number of papers of each sort. The box is kept beside the record and opened
once.

A sort is an answer: for, against or blank; in an election the place of a candidate, or the length of the list for
blank. A paper for several seats is split into one mark for each seat: a name, a place left empty (one more than blank),
or blank on all of them.
"""

from __future__ import annotations

from dataclasses import replace

from deliberation.kernel import commands as c
from deliberation.kernel.errors import Refused
from deliberation.kernel.state import Poll
from deliberation.kernel.vocabulary import Terms
from deliberation.votes import tallies

GROUNDS = ("reglement", "nomination", "tiers")
"""Why a poll may be secret: the congress's own rules, an appointment, a third of those present (CGCT L2121-21)."""
LEAST_PEOPLE = 3
"""With fewer people entitled, the result would reveal answers."""
LEAST_PAPERS = 3
"""With fewer papers in the box, the result would reveal answers of those who signed."""
TOO_FEW = "Moins de trois bulletins : l’urne n’est pas ouverte et le scrutin est annulé, comme sa règle l’annonçait."
"""The public reason with which a poll with too few papers is cancelled (W21), as the record holds it."""


def refuse_terms(terms: Terms, electorate: tuple[str, ...]) -> Refused | None:
    """The refusal of a secret poll among too few people or on an unknown ground (W5); None if it may be held."""
    if refused := refuse_least(terms):
        return refused
    if len(electorate) < LEAST_PEOPLE:
        return Refused("poll.few", "À moins de trois inscrits, aucun scrutin n’est secret.", "way")
    if terms.ground not in GROUNDS:
        return Refused("poll.ground", "Dites pourquoi ce scrutin est secret.", "ground")
    asked = terms.requested, terms.present
    if terms.ground != "tiers":
        return None if asked == (0, 0) else Refused("poll.ground", "Personne n’avait à le demander.", "requested")
    if not 0 < terms.requested <= terms.present <= len(electorate) or 3 * terms.requested < terms.present:
        return Refused(
            "poll.third", "Le scrutin secret se demande à un tiers des présents, inscrits eux-mêmes.", "requested"
        )
    return None


def announced(terms: Terms) -> Terms:
    """The terms of a secret poll as its opening records them: with the minimal number of papers (W21)."""
    return replace(terms, least=LEAST_PAPERS)


def refuse_least(terms: Terms) -> Refused | None:
    """The refusal of another minimum number of papers than the rules fix; None if it is right. Older records have 0."""
    if terms.least in (0, LEAST_PAPERS):
        return None
    return Refused("poll.least", "Le nombre de bulletins exigé ne se choisit pas.", "least")


def has_too_few(poll: Poll) -> bool:
    """Whether too few people signed for the box to be opened (W21). Counts signatures only, never papers."""
    return len(poll.signed) < poll.terms.least


def refuse_signing(poll: Poll, voter: str) -> Refused | None:
    """The refusal of a second signature, because a paper in the box cannot be taken out again (W6); None for the
    first.
    """
    if voter not in poll.signed:
        return None
    return Refused(
        "ballot.already_signed",
        "Cette voix est déjà dans l’urne : un bulletin secret ne se reprend pas, le premier compte.",
    )


def marks(poll: Poll, command: c.CastSecret) -> tuple[int, ...] | Refused:
    """What goes into the box: the sort of the paper; in an election for several seats one mark for each seat, so that
    no paper can be recognised by its combination of names.
    """
    if poll.seats == 1:
        sound = 0 <= command.paper < sorts(poll) and not command.names
        no_choice = Refused("ballot.no_choice", "Choisissez l’une des réponses proposées.", "paper")
        return (command.paper,) if sound else no_choice
    blank, empty = len(poll.candidates), len(poll.candidates) + 1
    if command.paper == blank and not command.names:
        return (blank,) * poll.seats
    if len(command.names) > poll.seats:
        most = {"n": poll.seats}
        return Refused("ballot.too_many", "Votre bulletin porte plus de {n} noms.", "names", most)
    known = all(0 <= place < blank for place in command.names)
    if command.paper != -1 or not command.names or not known or len(set(command.names)) != len(command.names):
        return Refused("ballot.no_choice", "Choisissez un nom au moins, ou le bulletin blanc.", "names")
    return (*sorted(command.names), *(empty,) * (poll.seats - len(command.names)))


def sorts(poll: Poll) -> int:
    """The number of sorts of marks in the box: one is blank, and with several seats one is a place left empty."""
    if not poll.candidates:
        return tallies.BLANK + 1
    return len(poll.candidates) + (1 if poll.seats == 1 else 2)


def blanks(poll: Poll) -> int:
    """The number of papers of an election that name nobody."""
    return poll.papers.count(len(poll.candidates)) // poll.seats


def is_whole(poll: Poll) -> bool:
    """Whether the box holds as many papers as there are signatures."""
    return len(poll.papers) == poll.seats * len(poll.signed)


def refuse_box(poll: Poll, papers: tuple[int, ...]) -> Refused | None:
    """The refusal of a box that cannot be the one of this poll, because it was lost or comes from another copy of the
    database; None if it can.
    """
    opened = replace(poll, papers=papers)
    in_order = list(papers) == sorted(papers) and all(0 <= paper < sorts(poll) for paper in papers)
    if in_order and is_whole(opened) and (poll.seats == 1 or _are_papers(opened)):
        return None
    return Refused(
        "box.differs",
        "L’urne contient {papers} bulletins pour {signed} émargements : ce scrutin ne peut qu’être annulé.",
        params={"papers": -(-len(papers) // poll.seats), "signed": len(poll.signed)},
    )


def _are_papers(poll: Poll) -> bool:
    """Whether that many papers can consist of these marks: a name at most once on each, and nothing beside blank."""
    blank, empty = len(poll.candidates), len(poll.candidates) + 1
    named = len(poll.signed) - blanks(poll)
    most = max((poll.papers.count(place) for place in range(blank)), default=0)
    wholly_blank = poll.papers.count(blank) % poll.seats == 0
    return wholly_blank and most <= named and poll.papers.count(empty) <= (poll.seats - 1) * named
