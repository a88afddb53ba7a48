"""The explanation of a result: figures, sentence, and the browser's recount."""

from __future__ import annotations

import json

import pytest

from deliberation.kernel.state import Poll
from deliberation.kernel.vocabulary import Choice, PollRule
from deliberation.votes import explanation, tallies
from tests.deliberation import poll_examples
from tests.deliberation.poll_examples import PEOPLE

CHAIR = PollRule(tie="chair", chair="p1")
QUORUM = PollRule(quorum_n=1, quorum_d=2)


def poll(rule: PollRule, in_favour: int, against: int, abstain: int = 0) -> Poll:
    choices = [Choice.FOR] * in_favour + [Choice.AGAINST] * against + [Choice.ABSTAIN] * abstain
    ballots = dict(zip(PEOPLE, choices, strict=False))
    return Poll(1, "motion-1", "?", rule, PEOPLE, "", "p0", ballots=ballots)


CAST_BY_CHAIR = (
    "Sur 6 suffrages exprimés, il fallait 4 voix pour. "
    "Égalité, 3 pour et 3 contre : la voix de la présidence l’emporte. C’est adopté."
)


@pytest.mark.parametrize(
    ("held", "said"),
    [
        (poll(PollRule(), 5, 3, 1), "Sur 8 suffrages exprimés, il fallait 5 voix pour. Il y en a 5. C’est adopté."),
        (
            poll(PollRule(majority_n=2, majority_d=3, strict=False), 5, 3),
            "Sur 8 suffrages exprimés, il fallait 6 voix pour. Il y en a 5, il en manque 1. C’est rejeté.",
        ),
        (
            poll(PollRule(), 3, 3),
            "Sur 6 suffrages exprimés, il fallait 4 voix pour. Égalité, 3 pour et 3 contre. C’est rejeté.",
        ),
        (poll(CHAIR, 3, 3), CAST_BY_CHAIR),
        (poll(PollRule(), 0, 0, 4), "Personne n’a voté pour ni contre : rien n’est adopté."),
        (
            poll(QUORUM, 5, 0),
            "Quorum non atteint : 5 votants en personne sur 12 inscrits, il en fallait 7.",
        ),
    ],
)
def test_a_sentence_says_why_it_was_carried_or_not(held: Poll, said: str) -> None:
    """V5, V6, V7, V9"""
    tally = tallies.result(held.rule, explanation.counted(held))
    assert " ".join(map(str, explanation.sentences(held, tally))) == said


def test_the_account_names_what_the_rule_counts() -> None:
    """V7, V10: weights and quorum have their lines where the rule has them."""
    plain = poll(PollRule(), 2, 1)
    figures = explanation.account(plain, tallies.result(plain.rule, explanation.counted(plain)))
    names = ["people", "voters", "in_favour", "against", "abstain", "base", "needed"]
    assert [figure.name for figure in figures] == names
    strict = poll(QUORUM, 2, 1)
    asked = explanation.account(strict, tallies.result(strict.rule, explanation.counted(strict)))
    assert [figure.name for figure in asked] == [*names, "attending", "quorum_needed"]
    assert str(asked[-1].why) == "plus de la moitié de 12"


def test_the_browser_is_tested_with_what_the_rules_count() -> None:
    """V9: anybody can count again. The vitest suite compares its own count with this file."""
    assert json.loads(poll_examples.FILE.read_text()) == json.loads(json.dumps(poll_examples.examples()))
