"""From what was counted to a result, by the rule of the poll (V5–V7, V10): one arithmetic for every way of voting."""

from __future__ import annotations

from dataclasses import dataclass

from deliberation.kernel.state import Poll
from deliberation.kernel.vocabulary import Choice, Hands, PollRule, Tally

FOR, AGAINST, BLANK = 0, 1, 2
"""The sorts of papers in the box of a secret poll that is no election."""


@dataclass(frozen=True)
class Counts:
    """What was counted. `in_favour`, `against`, `abstain` and `entitled` are voices.

    `attending` of `members` take part in person, in persons or in voices as the rule counts its quorum. `chair` is
    what the chair cast in person, where it is known.
    """

    in_favour: int
    against: int
    abstain: int
    entitled: int
    attending: int
    members: int
    chair: Choice | None = None


def result(rule: PollRule, counts: Counts) -> Tally:
    """The tally of these counts by that rule (CGCT L2121-17, L2121-20 are presets of the rule)."""
    cast = counts.in_favour + counts.against
    base = {"exprimes": cast, "presents": cast + counts.abstain, "inscrits": counts.entitled}[rule.base]
    needed = max(least(base, rule.majority_n, rule.majority_d, rule.strict), 1)
    quorum_needed = least(counts.members, rule.quorum_n, rule.quorum_d, rule.quorum_strict) if rule.quorum_n else 0
    quorum_met = counts.attending >= quorum_needed
    return Tally(
        in_favour=counts.in_favour,
        against=counts.against,
        abstain=counts.abstain,
        entitled=counts.entitled,
        base=base,
        needed=needed,
        quorum_needed=quorum_needed,
        quorum_met=quorum_met,
        carried=quorum_met and (counts.in_favour >= needed or _chair_decides(rule, counts)),
    )


def least(base: int, n: int, d: int, strict: bool) -> int:
    """The smallest whole number that is more than n/d of the base, or at least n/d of it."""
    share, left = divmod(base * n, d)
    return share + 1 if strict or left else share


def _chair_decides(rule: PollRule, counts: Counts) -> bool:
    """A tie falls to the chair's own vote where the rule says so."""
    simple = rule.base == "exprimes" and rule.majority_n * 2 == rule.majority_d
    tied = counts.in_favour == counts.against > 0
    return rule.tie == "chair" and simple and tied and counts.chair is Choice.FOR


def by_roll(poll: Poll) -> Counts:
    """The counts of a roll-call: the last ballot of each voter, in their voices."""
    voices = dict.fromkeys(Choice, 0)
    for voter, choice in poll.ballots.items():
        voices[choice] += poll.voices(voter)
    in_person = attending(poll)
    chair = poll.rule.chair
    return Counts(
        in_favour=voices[Choice.FOR],
        against=voices[Choice.AGAINST],
        abstain=voices[Choice.ABSTAIN],
        entitled=voices_of(poll, poll.electorate),
        attending=_of_quorum(poll, in_person),
        members=_of_quorum(poll, poll.electorate),
        chair=None if chair in poll.by_proxy else poll.ballots.get(chair),
    )


def by_box(poll: Poll) -> Counts:
    """The counts of a secret poll: the papers of its box, and who signed. Nobody knows what the chair cast (V6)."""
    sorts = poll.papers.count(FOR), poll.papers.count(AGAINST), poll.papers.count(BLANK)
    return Counts(*sorts, len(poll.electorate), len(attending(poll)), len(poll.electorate))


def by_hands(poll: Poll, shown: Hands) -> Counts:
    """The counts of a show of hands, and who was in the hall."""
    chair = Choice(shown.chair) if shown.chair else None
    said = shown.in_favour, shown.against, shown.abstain
    return Counts(*said, len(poll.electorate), shown.present, len(poll.electorate), chair)


def attending(poll: Poll) -> frozenset[str]:
    """Who takes part in person: who voted themselves, and who voted for another. A proxy brings nobody here (V7)."""
    voted = poll.ballots.keys() | poll.signed.keys()
    return frozenset(voted - poll.bearers.keys()) | frozenset(poll.bearers.values())


def voices_of(poll: Poll, people: tuple[str, ...] | frozenset[str]) -> int:
    """The sum of the voices of these people."""
    return len(people) + sum(poll.weights.get(person, 1) - 1 for person in people) if poll.weights else len(people)


def _of_quorum(poll: Poll, people: tuple[str, ...] | frozenset[str]) -> int:
    return voices_of(poll, people) if poll.rule.quorum_base == "voix" else len(people)
