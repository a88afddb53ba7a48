"""What a closed poll shows: the result in words, the hemicycle, the figures that lead to it, who voted what."""

from __future__ import annotations

from typing import Any

from deliberation import elections, explained, votes
from deliberation.explained import Figure
from deliberation.order import Why
from deliberation.state import Poll, State
from deliberation.vocabulary import Choice, Tally
from exports.hemicycle import ORDER, drawn
from server.pages import labels, naming
from server.translations import Words


def result(state: State, words: Words, poll: Poll, tally: Tally) -> dict[str, Any]:
    """The view of a poll that has a tally; the same for every way of voting."""
    voices, absolute = explained.voices(tally), elections.asked_absolute(state, poll)
    return {
        "tally": tally,
        "sentence": "" if poll.candidates else " ".join(said(words, why) for why in explained.sentences(poll, tally)),
        "account": [
            _figure(words, figure) for figure in explained.account(poll, tally, elections.asked_absolute(state, poll))
        ],
        "drawing": drawn(voices),
        "absent": voices[explained.ABSENT],
        "weighted": poll.rule.weights != "personne",
        "second_call": votes.second_call_opens(poll) if votes.may_be_called_again(state, poll) else "",
        "absolute": absolute,
    }


def _figure(words: Words, figure: Figure) -> dict[str, Any]:
    why = said(words, figure.why) if figure.why else ""
    return {"name": figure.name, "label": said(words, figure.label), "value": figure.value, "why": why}


def said(words: Words, why: Why) -> str:
    """The sentence in one language, its numbers set as that language does."""
    params = {name: words.number(value) if isinstance(value, int) else value for name, value in why.params}
    return words(why.message, **params)


def roll(state: State, words: Words, poll: Poll) -> list[dict[str, Any]]:
    """Who voted what, with which voices, by whom, and the entry that holds the ballot; grouped by answer."""
    rows = [_row(state, words, poll, person, poll.ballots.get(person)) for person in poll.electorate]
    return sorted(rows, key=lambda row: (ORDER.index(row["mark"]), row["name"]))


def _row(state: State, words: Words, poll: Poll, person: str, choice: Choice | None) -> dict[str, Any]:
    known = state.people.get(person)
    return {
        "person": person,
        "name": naming.name_of(state, words, person),
        "collectivity": known.collectivity if known else "",
        "mark": choice.value if choice else explained.ABSENT,
        "said": words(labels.CHOICES[choice]) if choice else words("N’a pas voté"),
        "voices": poll.voices(person),
        "bearer": poll.by_proxy.get(person, ""),
        "entry": poll.cast.get(person),
    }
