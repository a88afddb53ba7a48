"""What remains visible of an object that is withheld or erased, by type: for instance its number, author, time and
status.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from deliberation.kernel.state import Excerpt, Motion, Person, Poll, Remark, Slip, State, Testimony
from deliberation.visibility.published import PUBLIC, Fields, fields

WITHHELD: Mapping[type, Fields] = {
    Testimony: fields("number author sent channel entry status reason decided revised"),
    Excerpt: fields("number testimony medium author time entry outdated"),
    Remark: fields("number author time entry status settled_by settled"),
    Motion: fields("number title author created rapporteur status frozen changed decided_by source taken_up_by"),
    Slip: fields("number poll entered_by entered entry status settled_by settled reason"),
    Poll: fields(
        "number subject question rule electorate opened opened_by weights college second_call_of identical terms "
        "closes paused pause_reason hands decision counted part sheet block candidates seats present stated counting"
    ),
}
"""Fields that stay visible while an object is withheld: a testimony that is pending, set aside or hidden, with its
excerpts; a remark or a text written in camera; an open poll, and the slips in it.
"""

PARTICIPATION = fields("entries signed borne")
"""Further fields that an open poll shows if its rule makes public who has voted (V17)."""

ERASED: Mapping[type, Fields] = {
    Testimony: fields("number author sent entry status reason decided revised"),
    Excerpt: fields("number author time entry"),
    Remark: fields("number author time entry status settled_by settled"),
    Person: fields("id role since entries revoked revoked_reason"),
}
"""Fields that stay visible after a redaction."""


def absence(state: State, index: int) -> str:
    """Why the content of an entry is not public: "redacted", a reason of `State.withheld`, or "" if it is public."""
    return "redacted" if index in state.redacted else state.withheld.get(index, "")


def testimony(of: Testimony) -> Testimony:
    """What remains of a testimony that is not published."""
    return PUBLIC.keep_only(of, WITHHELD[Testimony])


def excerpt(of: Excerpt) -> Excerpt:
    """What remains of an excerpt whose testimony is not published."""
    return PUBLIC.keep_only(of, WITHHELD[Excerpt])


def remark(of: Remark) -> Remark:
    """What remains of a remark made in camera."""
    return PUBLIC.keep_only(of, WITHHELD[Remark])


def motion(state: State, of: Motion) -> Motion:
    """What remains of a motion drafted in camera. A title or a source given in camera is not shown either."""
    left = PUBLIC.keep_only(of, WITHHELD[Motion])
    if state.seclusion is None:
        return left
    since = state.seclusion.since <= of.created
    known = state.seclusion.titles.get(str(of.number), "")
    return replace(left, title=known or left.title, source="" if since else left.source)


def poll(of: Poll) -> Poll:
    """What remains of an open poll: no ballots and no counts."""
    return PUBLIC.keep_only(of, WITHHELD[Poll] | PARTICIPATION if of.rule.participation else WITHHELD[Poll])


def slip(of: Slip) -> Slip:
    """What remains of a slip in an open poll: neither whose vote it is nor its choice."""
    return PUBLIC.keep_only(of, WITHHELD[Slip])


def is_in_camera(state: State, of: Motion) -> bool:
    """Whether the motion's draft is withheld from the public now."""
    return state.seclusion is not None and of.status == "drafting"


def is_public(state: State, of: Testimony) -> bool:
    """Whether the testimony is published."""
    return of.status == "published" and not absence(state, of.entry)


def is_quoted_in_public(state: State, of: Excerpt) -> bool:
    """Whether the words of an excerpt may be shown: it was not erased, and its testimony is public."""
    said = state.testimonies.get(of.testimony)
    return said is not None and is_public(state, said) and not absence(state, of.entry)


def erased(state: State, index: int) -> State:
    """The state after the content of entry `index` is erased: the object that it belongs to keeps only the fields of
    `ERASED`.
    """
    for said in state.testimonies.values():
        if said.entry == index:
            left = replace(PUBLIC.keep_only(said, ERASED[Testimony]), status="redacted")
            return replace(state, testimonies={**state.testimonies, said.number: left})
    for quoted in state.excerpts.values():
        if quoted.entry == index:
            return replace(state, excerpts={**state.excerpts, quoted.number: PUBLIC.keep_only(quoted, ERASED[Excerpt])})
    for remark in state.remarks.values():
        if remark.entry == index:
            return replace(state, remarks={**state.remarks, remark.number: PUBLIC.keep_only(remark, ERASED[Remark])})
    for person in state.people.values():
        if index in person.entries:
            return _unnamed(state, person, index)
    return _without_archive(state, index)


def _without_archive(state: State, entry: int) -> State:
    """The state in which the result that has its archive in that entry no longer has one."""
    left = {n: replace(x, archived=None) for n, x in state.results.items() if x.archived == entry}
    return replace(state, results={**state.results, **left}) if left else state


def _unnamed(state: State, person: Person, entry: int) -> State:
    """The state in which the person has no name, if that entry gave the present one."""
    if entry != person.entries[-1]:
        return state
    return replace(state, people={**state.people, person.id: PUBLIC.keep_only(person, ERASED[Person])})
