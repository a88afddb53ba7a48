"""Computes a result from counts by the rule of the poll (V5–V7, V10); the arithmetic is the same for every way of
voting.
"""

from __future__ import annotations

from dataclasses import dataclass

from deliberation.kernel.state import Poll
from deliberation.kernel.vocabulary import Choice, Hands, PollRule, Tally

FOR, AGAINST, BLANK = 0, 1, 2
"""The sorts of papers in the box of a secret poll that is not an election."""
ON_PRESENCE = 2
"""The version of the rules since which "présents" means those present, not those who voted (V20)."""


@dataclass(frozen=True)
class Counts:
    """What was counted. `in_favour`, `against`, `abstain` and `entitled` are votes.

    `attending` of `members` are there in person, counted in people or in votes as the rule counts its quorum. `present`
    are the votes of those present and of those who voted by proxy. `chair` is what the chair cast in person, if known.
    """

    in_favour: int
    against: int
    abstain: int
    entitled: int
    attending: int
    members: int
    present: int
    chair: Choice | None = None


def result(rule: PollRule, counts: Counts) -> Tally:
    """The tally of these counts by that rule. The law on municipal councils (CGCT L2121-17, L2121-20) is a preset of
    the rule.
    """
    cast = counts.in_favour + counts.against
    base = {"exprimes": cast, "presents": counts.present, "inscrits": counts.entitled}[rule.base]
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
    """The smallest integer greater than n/d of the base if `strict`, else at least n/d of it."""
    share, left = divmod(base * n, d)
    return share + 1 if strict or left else share


def _chair_decides(rule: PollRule, counts: Counts) -> bool:
    """Whether the rule breaks this tie by the chair's own vote."""
    simple = rule.base == "exprimes" and rule.majority_n * 2 == rule.majority_d
    tied = counts.in_favour == counts.against > 0
    return rule.tie == "chair" and simple and tied and counts.chair is Choice.FOR


def by_roll(poll: Poll) -> Counts:
    """The counts of a roll-call: each voter's last ballot, multiplied by their weight."""
    voices = dict.fromkeys(Choice, 0)
    for voter, choice in poll.ballots.items():
        voices[choice] += poll.voices(voter)
    chair = poll.rule.chair
    return Counts(
        in_favour=voices[Choice.FOR],
        against=voices[Choice.AGAINST],
        abstain=voices[Choice.ABSTAIN],
        entitled=voices_of(poll, poll.electorate),
        attending=attending(poll),
        members=_of_quorum(poll, poll.electorate),
        present=present(poll),
        chair=None if chair in poll.by_proxy else poll.ballots.get(chair),
    )


def by_box(poll: Poll) -> Counts:
    """The counts of a secret poll: the papers in its box, and who signed. The chair's own vote is unknown (V6)."""
    sorts = poll.papers.count(FOR), poll.papers.count(AGAINST), poll.papers.count(BLANK)
    members = len(poll.electorate)
    return Counts(*sorts, members, attending(poll), members, present(poll))


def by_hands(poll: Poll, shown: Hands) -> Counts:
    """The counts of a show of hands; who was in the hall is known from the opening of the poll, else from the
    tellers.
    """
    chair = Choice(shown.chair) if shown.chair else None
    said = (
        shown.in_favour + shown.proxies_for,
        shown.against + shown.proxies_against,
        shown.abstain + shown.proxies_abstain,
    )
    members, known = len(poll.electorate), present_at_opening(poll)
    there = shown.present if known is None else known
    base = sum(said) if poll.counting < ON_PRESENCE else max(there, shown.raised) + shown.by_proxy
    return Counts(*said, members, there, members, base, chair)


def present_at_opening(poll: Poll) -> int | None:
    """How many people were present when the poll opened, by the list or as stated; None if unknown (V20)."""
    return poll.stated if poll.present is None else len(poll.present)


def attending(poll: Poll) -> int:
    """Those who count for the quorum, in people or in votes: those present when the poll opened, or if that is unknown
    those who take part in person (V7, V20).
    """
    if poll.present is not None:
        return _of_quorum(poll, poll.present)
    return _of_quorum(poll, in_person(poll)) if poll.stated is None else poll.stated


def present(poll: Poll) -> int:
    """The base "présents" of a poll by ballots: the votes of those present when it opened, of those who came since and
    took part, and of those who voted by proxy (V20); by the first version of the rules, of those who voted.
    """
    voted = poll.ballots.keys() | poll.signed.keys()
    if poll.counting < ON_PRESENCE:
        return voices_of(poll, frozenset(voted))
    there = in_person(poll)
    if poll.stated is not None:
        return max(poll.stated, len(there)) + len(poll.bearers.keys() - there)
    return voices_of(poll, there | voted | frozenset(poll.present or ()))


def in_person(poll: Poll) -> frozenset[str]:
    """Those who take part in person: they voted for themselves or for another. A proxy does not make its giver present
    (V7).
    """
    voted = poll.ballots.keys() | poll.signed.keys()
    return frozenset(voted - poll.bearers.keys()) | frozenset(poll.bearers.values())


def voices_of(poll: Poll, people: tuple[str, ...] | frozenset[str]) -> int:
    """The sum of the votes of these people."""
    return len(people) + sum(poll.weights.get(person, 1) - 1 for person in people) if poll.weights else len(people)


def _of_quorum(poll: Poll, people: tuple[str, ...] | frozenset[str]) -> int:
    return voices_of(poll, people) if poll.rule.quorum_base == "voix" else len(people)
