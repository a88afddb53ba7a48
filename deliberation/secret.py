"""The secret poll: who took part is public, what anybody answered is known to nobody (W5, W6).

A vote is two things that never meet again: a signature in the record, under the voter's name, and papers in a box
that holds nothing but how many papers of each sort there are. The box is kept beside the record and opened once.
"""

from __future__ import annotations

from dataclasses import replace

from deliberation import events as e
from deliberation import tallies
from deliberation.errors import Refused
from deliberation.rules import Folds
from deliberation.state import Poll, State
from deliberation.vocabulary import Way


def refuse_signing(poll: Poll, voter: str) -> Refused | None:
    """Nobody signs twice, and a paper that is in the box cannot be taken out again (W6)."""
    if poll.way is not Way.SECRET:
        return not_secret()
    if voter not in poll.signed:
        return None
    return Refused(
        "ballot.already_signed",
        "Cette voix est déjà dans l’urne : un bulletin secret ne se reprend pas, le premier compte.",
    )


def not_secret() -> Refused:
    return Refused("ballot.not_secret", "Ce scrutin n’est pas secret.")


def refuse_paper(poll: Poll, paper: int) -> Refused | None:
    if 0 <= paper < sorts(poll):
        return None
    return Refused("ballot.no_choice", "Choisissez l’une des réponses proposées.", "paper")


def sorts(poll: Poll) -> int:
    """How many sorts of papers there are: one of them is blank."""
    return len(poll.candidates) + 1 if poll.candidates else tallies.BLANK + 1


def refuse_box(poll: Poll, papers: tuple[int, ...]) -> Refused | None:
    """A box that is not the one of this poll: it was lost, or comes from another copy of the database."""
    sound = list(papers) == sorted(papers) and all(0 <= paper < sorts(poll) for paper in papers)
    if sound and len(papers) == len(poll.signed):
        return None
    return Refused(
        "box.differs",
        "L’urne contient {papers} bulletins pour {signed} émargements : ce scrutin ne peut qu’être annulé.",
        params={"papers": len(papers), "signed": len(poll.signed)},
    )


def on_signed(state: State, r: e.Recorded, event: e.BallotSigned) -> State:
    poll = state.polls[event.poll]
    borne = poll.borne if event.voter == r.actor else {**poll.borne, event.voter: r.actor}
    return _with(state, replace(poll, signed={**poll.signed, event.voter: r.index}, borne=borne))


def on_box(state: State, r: e.Recorded, event: e.BoxOpened) -> State:
    return _with(state, replace(state.polls[event.poll], papers=event.papers))


def _with(state: State, poll: Poll) -> State:
    return replace(state, polls={**state.polls, poll.number: poll})


EVOLVE: Folds = {e.BallotSigned: on_signed, e.BoxOpened: on_box}
