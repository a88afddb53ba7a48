"""What a closed poll shows: the result in words, the hemicycle, the figures behind it, who voted what."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from deliberation.amendments.order import Why
from deliberation.kernel.state import Person, Poll, State
from deliberation.kernel.vocabulary import Choice, Tally
from deliberation.votes import elections, explanation, polls
from deliberation.votes.explanation import Figure
from exports import labels, naming
from exports.hemicycle import ORDER, drawn
from exports.translations import Translator
from server.pages.shell.rendering import render_text
from server.pages.shell.visit import Visit
from server.pages.votes import ways

MOST_ROLLS = 20
_rolls: OrderedDict[tuple[str, int, str], tuple[tuple[Poll, Mapping[str, Person]], Markup]] = OrderedDict()


def result(state: State, words: Translator, poll: Poll, tally: Tally) -> dict[str, Any]:
    """The view of a poll that has a tally; the same for every way of voting."""
    voices, absolute = explanation.voices(tally), elections.asked_absolute(state, poll)
    return {
        "tally": tally,
        "sentence": "" if poll.candidates else " ".join(said(words, why) for why in explanation.sentences(poll, tally)),
        "account": [
            _figure(words, figure) for figure in explanation.account(poll, tally, elections.asked_absolute(state, poll))
        ],
        "drawing": drawn(voices),
        "absent": voices[explanation.ABSENT],
        "abstention": words(ways.ON_PAGES[poll.way].abstention),
        "weighted": poll.rule.weights != "personne",
        "second_call": polls.second_call_opens(poll) if polls.may_be_called_again(state, poll) else "",
        "absolute": absolute,
    }


def _figure(words: Translator, figure: Figure) -> dict[str, Any]:
    why = said(words, figure.why) if figure.why else ""
    return {"name": figure.name, "label": said(words, figure.label), "value": figure.value, "why": why}


def said(words: Translator, why: Why) -> str:
    """The sentence in one language, with numbers in that language's format."""
    params = {name: words.number(value) if isinstance(value, int) else value for name, value in why.params}
    return words(why.message, **params)


def roll(visit: Visit, poll: Poll) -> Markup:
    """Who voted what, with how many votes, by whom, and the entry with the ballot; grouped by answer.

    The table of a large assembly is expensive and the same for everybody: the last ones are cached.
    """
    key, known = (visit.slug, poll.number, visit.words.lang), (poll, visit.state.people)
    kept = _rolls.pop(key, None)
    if kept is None or any(one is not other for one, other in zip(kept[0], known, strict=True)):
        html = render_text("fragments/roll.html", _roll(visit, poll), visit.words, visit.timezone)
        kept = known, Markup(html)  # noqa: S704 - a template, which escapes
    _rolls[key] = kept
    while len(_rolls) > MOST_ROLLS:
        _rolls.popitem(last=False)
    return kept[1]


def _roll(visit: Visit, poll: Poll) -> dict[str, Any]:
    state, words = visit.state, visit.words
    rows = [_row(state, words, poll, person, poll.ballots.get(person)) for person in poll.electorate]
    return {
        "rows": sorted(rows, key=lambda row: (ORDER.index(row["mark"]), row["name"])),
        "poll": poll,
        "state": state,
        "weighted": poll.rule.weights != "personne",
        "url": visit.url,
        "name_of": lambda person: naming.name_of(state, words, person),
    }


def _row(state: State, words: Translator, poll: Poll, person: str, choice: Choice | None) -> dict[str, Any]:
    known = state.people.get(person)
    return {
        "person": person,
        "name": naming.name_of(state, words, person),
        "collectivity": known.collectivity if known else "",
        "mark": choice.value if choice else explanation.ABSENT,
        "said": words(labels.CHOICES[choice]) if choice else words("N’a pas voté"),
        "voices": poll.voices(person),
        "bearer": poll.by_proxy.get(person, ""),
        "entry": poll.cast.get(person),
    }
