"""What is particular to each way of voting: its words, its result, and who may do what on its page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from deliberation.congress.people import may
from deliberation.kernel import commands as c
from deliberation.kernel import ids
from deliberation.kernel.state import Division, Election, Poll, State
from deliberation.kernel.vocabulary import Hands, Way
from deliberation.visibility.views import progress
from deliberation.votes import elections, explanation, hands
from deliberation.votes.terms import together
from deliberation.votes.ways import USUAL, WAYS, may_count
from deliberation.votes.ways import of as way_of
from exports import ballots, labels, naming
from exports.changes import of_part
from exports.translations import N_, Translator
from exports.voting_rules import rule_sentence
from server.pages.shell.visit import Visit, now
from server.pages.votes.put_to_vote import put_to_vote

BELENIOS = Markup('<a href="https://www.belenios.org/fr/" rel="external">Belenios</a>')


@dataclass(frozen=True)
class BallotOnPages:
    """The form in which each person votes: the words above, on and under it, and the name of the field of the answer.

    `hint` is "" where the rule of the poll says whether a vote may be changed.
    """

    legend: str = N_("Mon vote")
    button: str = N_("Confirmer mon vote")
    hint: str = ""
    field: str = "choix"


@dataclass(frozen=True)
class WayOnPages:
    """What pages say of a way of voting. `ballot` is None where nobody fills in a form of their own."""

    meaning: str
    abstention: str = N_("Abstention")
    ballot: BallotOnPages | None = BallotOnPages()


ON_PAGES: Mapping[Way, WayOnPages] = {
    Way.PUBLIC: WayOnPages(N_("Chacun vote sur son téléphone ; qui a voté quoi est publié à la clôture.")),
    Way.HANDS: WayOnPages(N_("Des scrutateurs comptent les mains et entrent les comptes."), ballot=None),
    Way.SECRET: WayOnPages(
        N_("Chacun vote sur son téléphone ; qui a pris part est publié, jamais ce que chacun a répondu."),
        abstention=N_("Blancs"),
        ballot=BallotOnPages(
            legend=N_("Votre bulletin secret"),
            button=N_("Mettre dans l’urne"),
            hint=N_("Un bulletin secret ne se reprend pas : personne ne saurait lequel retirer."),
            field="bulletin",
        ),
    ),
}
"""Beside the table of the rules, `deliberation/votes/ways.py`, and under the same keys."""


def choices(words: Translator) -> list[tuple[str, str, str]]:
    """The ways in which a poll may be opened: value, name, meaning; the usual one first."""
    return [(way.value, words(row.name.message), words(ON_PAGES[way].meaning)) for way, row in WAYS.items()]


def terms_view(state: State, words: Translator, poll: Poll) -> dict[str, Any]:
    """How the poll is held: its way, its clock, its part, what is answered together with it."""
    return {
        "way": words(way_of(poll).name.message),
        "unusual": poll.way is not USUAL,
        "now": now(),
        "part": _part(state, words, poll),
        "items": [_item(state, words, item) for item in together(state, poll)] if poll.sheet else [],
        "names": [naming.name_of(state, words, person) for person in poll.candidates],
        "ground": words(labels.GROUNDS_OF_SECRECY[poll.terms.ground]) if poll.terms.ground else "",
        "elected": _elected(state, words, poll),
    }


def _part(state: State, words: Translator, poll: Poll) -> dict[str, Any] | None:
    """The part of a divided text that is voted, with its words."""
    if not poll.part:
        return None
    whole = state.divisions[poll.subject]
    return {"number": poll.part, "of": len(whole.parts), **reading(state, words, whole, whole.parts[poll.part - 1])}


def reading(state: State, words: Translator, whole: Division, places: Iterable[int]) -> dict[str, Any]:
    """The words of a part: of an amendment as changes of the text, of a motion its clauses."""
    found = [whole.pieces[place] for place in places]
    if changed := of_part(state, words, whole, found):
        return {"changes": changed, "clauses": []}
    return {"changes": None, "clauses": [piece.before or piece.after for piece in found]}


def _item(state: State, words: Translator, poll: Poll) -> dict[str, Any]:
    return {
        "poll": poll,
        "subject": naming.subject_title(state, words, poll.subject),
        "path": naming.path(state, poll.subject),
        "words": put_to_vote(state, words, poll),
    }


def _elected(state: State, words: Translator, poll: Poll) -> list[str]:
    """The names of those whom this round elected."""
    if not poll.candidates:
        return []
    elected = state.elections[ids.split(poll.subject)[1]].elected
    return [naming.name_of(state, words, each.person) for each in elected if each.poll == poll.number]


def next_round(visit: Visit, election: Election) -> dict[str, Any]:
    """Who is tied when a round is over, and whether the visitor may go on from there."""
    over = election.vacant > 0 and not visit.state.polls[election.rounds[-1]].is_open
    tied = elections.tied_people(visit.state, election) if over else ()
    return {
        "tied": naming.several(visit.words, [naming.name_of(visit.state, visit.words, person) for person in tied]),
        "goes_on": over and may(visit.state, visit.actor, c.OpenRound),
    }


def winners(state: State, words: Translator, election: Election) -> list[str]:
    """The names of those elected so far."""
    return [naming.name_of(state, words, person) for person in election.people]


def result(state: State, words: Translator, poll: Poll) -> dict[str, Any]:
    """What is particular to the result of a poll of which nobody's own vote is known."""
    return {
        "shown": explanation.standing_hands(poll),
        "tellers": [(naming.name_of(state, words, teller), counted) for teller, counted in poll.counts.items()],
        "signed": [(person, entry) for person, entry in poll.signed.items()],
        "standings": _standings(state, words, poll),
        "round": _round(state, words, poll) if poll.candidates else None,
    }


def _round(state: State, words: Translator, poll: Poll) -> dict[str, Any]:
    """What decided a round, and the tie that it left while seats are vacant."""
    election = state.elections[ids.split(poll.subject)[1]]
    found = elections.standing(state, poll)
    is_last = election.rounds[-1] == poll.number and bool(elections.tied_people(state, election))
    tied = [poll.candidates[place] for place in found.tied] if is_last else []
    return {
        "absolute": elections.is_absolute(state, election, poll),
        "seats": poll.seats,
        "tied": naming.several(words, [naming.name_of(state, words, person) for person in tied]),
        "tied_votes": found.votes[found.tied[0]] if found.tied else 0,
        "vacant": election.vacant,
        "tie_rule": ballots.tie_rule(words, election.rule),
    }


def _standings(state: State, words: Translator, poll: Poll) -> list[dict[str, Any]]:
    """Candidates of a round with their votes, most first; the share is of the papers that name anybody."""
    cast = poll.tally.base if poll.tally else 0
    elected = state.elections[ids.split(poll.subject)[1]].elected if poll.candidates else ()
    won = {each.person for each in elected if each.poll == poll.number}
    rows = [
        {
            "person": person,
            "place": place,
            "name": naming.name_of(state, words, person),
            "votes": votes,
            "elected": person in won,
            "share": round(100 * votes / cast) if cast else 0,
        }
        for place, (person, votes) in enumerate(zip(poll.candidates, poll.votes, strict=False))
    ]
    return sorted(rows, key=lambda row: (-row["votes"], row["name"]))


def booth(visit: Visit, poll: Poll) -> dict[str, Any]:
    """What the visitor of a poll's page may do, and what they have done."""
    state, actor = visit.state, visit.actor
    counted = progress(state, poll).counted
    return {
        "has_signed": actor in poll.signed,
        "may_count": poll.is_open and may_count(state, poll, actor),
        "own_count": poll.counts.get(actor),
        "counts": _counts(visit, poll),
        "counted": len(counted),
        "awaited": [naming.name_of(state, visit.words, x) for x in poll.terms.tellers if x not in counted],
        "differ": hands.differ(poll),
        "differing": _differing(poll),
        "rulings": [(t, naming.name_of(state, visit.words, t), shown) for t, shown in poll.counts.items()],
        "is_teller": actor in poll.terms.tellers,
        "standing": explanation.standing_hands(poll),
        "conducts": poll.is_open and may(state, actor, c.PausePoll),
        "belenios": BELENIOS,
        "chair_counts": poll.rule.tie == "chair",
    }


def _counts(visit: Visit, poll: Poll) -> list[tuple[str, Hands]]:
    """What the others counted: for whoever has counted too, or conducts without counting once two have."""
    conducts = may(visit.state, visit.actor, c.DecideHands) and len(poll.counts) > 1
    if visit.actor not in poll.counts and not conducts:
        return []
    return [(naming.name_of(visit.state, visit.words, teller), shown) for teller, shown in poll.counts.items()]


def _differing(poll: Poll) -> tuple[str, ...]:
    """The counts on which tellers do not agree, by the name of their field."""
    names = ("in_favour", "against", "abstain", "present", "proxies_for", "proxies_against", "proxies_abstain")
    return tuple(name for name in names if len({getattr(shown, name) for shown in poll.counts.values()}) > 1)


def rule_of(state: State, words: Translator, poll: Poll) -> str:
    """The rule read back; an election has its own."""
    if not poll.candidates:
        return rule_sentence(state, words, poll.rule, poll.counting)
    return ballots.election_rule(words, state.elections[ids.split(poll.subject)[1]])
