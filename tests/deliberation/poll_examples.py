"""Generates polls with their results by the rules, with which the browser's recount is tested: `python -m
tests.deliberation.poll_examples`.
"""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

from deliberation.kernel import codec
from deliberation.kernel.state import Poll
from deliberation.kernel.vocabulary import COUNTING, Choice, Hands, PollRule, Tally, Terms, Way
from deliberation.votes import explanation, secret, tallies
from deliberation.votes.elections import count as count_round
from deliberation.votes.explanation import counted

FILE = Path(__file__).resolve().parents[2] / "client" / "tests" / "polls.fixture.json"
PEOPLE = tuple(f"p{n}" for n in range(1, 13))
RULES = (
    PollRule(),
    PollRule(tie="chair", chair="p1"),
    PollRule(majority_n=2, majority_d=3, strict=False, base="presents", quorum_n=1, quorum_d=2),
    PollRule(majority_n=3, majority_d=5, strict=False, quorum_n=1, quorum_d=4, quorum_strict=False),
    PollRule(base="inscrits", weights="collectivite", quorum_n=1, quorum_d=3, quorum_base="voix", proxies=2),
)


def examples() -> list[dict[str, Any]]:
    rng = random.Random(11)
    polls = [closed_poll(rng, rule, way) for way in Way for rule in RULES for _ in range(3)]
    polls += [seen(rng, closed_poll(rng, rule, way)) for way in Way for rule in RULES for _ in range(4)]
    rounds = [(election(rng, seats), absolute) for seats in (1, 1, 2, 3) for absolute in (True, False)]
    return [example(poll, True) for poll in polls] + [example(poll, absolute) for poll, absolute in rounds]


def closed_poll(rng: random.Random, rule: PollRule, way: Way) -> Poll:
    """A random closed poll: who votes, for whom, with how many votes."""
    poll = Poll(1, "motion-1", "?", rule, PEOPLE, "", "p0", terms=Terms(way))
    voters = rng.sample(PEOPLE, rng.randrange(len(PEOPLE) + 1))
    bearers = {giver: rng.choice(PEOPLE[:3]) for giver in voters if giver not in PEOPLE[:3] and rng.random() < 0.2}
    if way is Way.HANDS:
        said = rng.randrange(5), rng.randrange(5), rng.randrange(3)
        shown = Hands(*said, rng.randrange(sum(said), 13), rng.choice(("pour", "")))
        return replace(poll, counts={"p0": shown}, hands=replace(shown, against=0) if rng.random() < 0.3 else None)
    if way is Way.SECRET:
        papers = tuple(sorted(rng.randrange(3) for _ in voters))
        return replace(poll, signed=dict.fromkeys(voters, 9), borne=bearers, papers=papers)
    weights = {person: rng.randrange(2, 10**12) for person in PEOPLE[::2]} if rule.weights != "personne" else {}
    ballots = {voter: rng.choice((*Choice, Choice.FOR)) for voter in voters}
    return replace(poll, ballots=ballots, by_proxy=bearers, weights=weights)


def seen(rng: random.Random, poll: Poll) -> Poll:
    """The same poll under the current counting rules: with a list of those present, their number, or neither; in a show
    of hands also with votes by proxy.
    """
    listed = tuple(person for person in PEOPLE if rng.random() < 0.7)
    present, stated = rng.choice(((listed, None), (None, len(listed)), (None, None)))
    yes, no, none = rng.randrange(3), rng.randrange(2), rng.randrange(2)
    counts = {
        teller: replace(shown, proxies_for=yes, proxies_against=no, proxies_abstain=none)
        for teller, shown in poll.counts.items()
    }
    if poll.rule.weights != "personne":
        stated = None
    return replace(poll, counting=COUNTING, present=present, stated=stated, counts=counts)


def election(rng: random.Random, seats: int) -> Poll:
    rule = PollRule(quorum_n=1, quorum_d=2)
    poll = Poll(
        1, "election-1", "?", rule, PEOPLE, "", "p0", terms=Terms(Way.SECRET), candidates=PEOPLE[:4], seats=seats
    )
    voters = rng.sample(PEOPLE, rng.randrange(4, 12))
    return replace(poll, signed=dict.fromkeys(voters, 9), papers=marks(rng, poll, len(voters)))


def marks(rng: random.Random, poll: Poll, papers: int) -> tuple[int, ...]:
    """The marks in the box: each paper names some candidates, or is entirely blank."""
    found: list[int] = []
    blank = len(poll.candidates)
    for _ in range(papers):
        names = rng.sample(range(blank), rng.randrange(poll.seats + 1))
        left = poll.seats - len(names)
        found += [*names, *[blank + 1] * left] if names else [blank] * poll.seats
    return tuple(sorted(found))


def example(poll: Poll, absolute: bool) -> dict[str, Any]:
    tally = of_round(poll, absolute) if poll.candidates else tallies.result(poll.rule, counted(poll))
    figures = {figure.name: str(figure.value) for figure in explanation.account(poll, tally, absolute)}
    votes = {f"candidate-{place}": str(poll.papers.count(place)) for place in range(len(poll.candidates))}
    shown = {**figures, **votes, "carried": str(int(tally.carried))}
    published = json.loads(json.dumps(codec.encode(poll)))
    return {"poll": published, "absolute": absolute, "figures": shown}


def of_round(poll: Poll, absolute: bool) -> Tally:
    found = count_round(poll, absolute)
    counts = counted(poll)
    quorum = tallies.least(counts.members, 1, 2, strict=True)
    met = counts.attending >= quorum
    return Tally(0, 0, secret.blanks(poll), 12, found.cast, found.needed, quorum, met, met and bool(found.elected))


if __name__ == "__main__":
    FILE.write_text(json.dumps(examples(), ensure_ascii=False) + "\n")
