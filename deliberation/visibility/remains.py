"""What is left to see of a thing that is withheld or erased, by type: its number, whose it is, when, and its fate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from deliberation.kernel.state import Excerpt, Motion, Person, Poll, Remark, State, Testimony
from deliberation.visibility.published import PUBLIC, Fields, fields

WITHHELD: Mapping[type, Fields] = {
    Testimony: fields("number author sent channel entry status reason decided"),
    Excerpt: fields("number testimony medium author time entry"),
    Remark: fields("number author time entry status settled_by settled"),
    Motion: fields("number title author created rapporteur status frozen changed decided_by source taken_up_by"),
    Poll: fields(
        "number subject question rule electorate opened opened_by weights college second_call_of identical terms "
        "closes paused pause_reason hands decision counted part sheet block candidates seats present stated counting"
    ),
}
"""What stays in view while a testimony waits, is set aside or hidden, a remark or a text is written in camera, and a
poll is open."""

PARTICIPATION = fields("entries signed borne")
"""What an open poll also shows where its rule lets the public know who takes part (V17)."""

ERASED: Mapping[type, Fields] = {
    Testimony: fields("number author sent entry status reason decided"),
    Excerpt: fields("number author time entry"),
    Remark: fields("number author time entry status settled_by settled"),
    Person: fields("id role since entries revoked revoked_reason"),
}
"""What a redaction leaves."""


def absence(state: State, index: int) -> str:
    """Why the content of an entry is not public: "redacted", a reason of `State.withheld`, or ""."""
    return "redacted" if index in state.redacted else state.withheld.get(index, "")


def testimony(of: Testimony) -> Testimony:
    return PUBLIC.made(of, WITHHELD[Testimony])


def excerpt(of: Excerpt) -> Excerpt:
    return PUBLIC.made(of, WITHHELD[Excerpt])


def remark(of: Remark) -> Remark:
    return PUBLIC.made(of, WITHHELD[Remark])


def motion(state: State, of: Motion) -> Motion:
    """A text written in camera. A title that was changed there is not public either, nor whose text was brought in."""
    left = PUBLIC.made(of, WITHHELD[Motion])
    if state.seclusion is None:
        return left
    since = state.seclusion.since <= of.created
    known = state.seclusion.titles.get(str(of.number), "")
    return replace(left, title=known or left.title, source="" if since else left.source)


def poll(of: Poll) -> Poll:
    """An open poll: no ballots and no counts."""
    return PUBLIC.made(of, WITHHELD[Poll] | PARTICIPATION if of.rule.participation else WITHHELD[Poll])


def is_in_camera(state: State, of: Motion) -> bool:
    return state.seclusion is not None and of.status == "drafting"


def is_public(state: State, of: Testimony) -> bool:
    return of.status == "published" and not absence(state, of.entry)


def is_quoted_in_public(state: State, of: Excerpt) -> bool:
    """Whether its words may be read: it was not erased, and its testimony is public."""
    said = state.testimonies.get(of.testimony)
    return said is not None and is_public(state, said) and not absence(state, of.entry)


def erased(state: State, index: int) -> State:
    """The state once the content of the entry `index` is erased: a thing made anew of what a redaction leaves."""
    for said in state.testimonies.values():
        if said.entry == index:
            left = replace(PUBLIC.made(said, ERASED[Testimony]), status="redacted")
            return replace(state, testimonies={**state.testimonies, said.number: left})
    for quoted in state.excerpts.values():
        if quoted.entry == index:
            return replace(state, excerpts={**state.excerpts, quoted.number: PUBLIC.made(quoted, ERASED[Excerpt])})
    for made in state.remarks.values():
        if made.entry == index:
            return replace(state, remarks={**state.remarks, made.number: PUBLIC.made(made, ERASED[Remark])})
    for person in state.people.values():
        if index in person.entries:
            return _unnamed(state, person, index)
    return state


def _unnamed(state: State, person: Person, entry: int) -> State:
    """The person without a name, when it is that entry that bound the present one."""
    if entry != person.entries[-1]:
        return state
    return replace(state, people={**state.people, person.id: PUBLIC.made(person, ERASED[Person])})
