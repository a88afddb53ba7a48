"""How the congress begins: its settings, its phases, the people who are invited, corrected, revoked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from deliberation.kernel import codec, ids
from deliberation.kernel import commands as c
from deliberation.kernel.vocabulary import Phase, PollRule, Role
from server.demo.acts import Names, StoryAct, act
from server.demo.content import Content, Data
from server.demo.timeline import Timeline

BIRTH = "J-36 09:00"


def acts(content: Content, timeline: Timeline, slug: str, origin: str) -> Iterator[StoryAct]:
    yield act(timeline.at(BIRTH), "congress", ids.CONGRESS, _creation(content.congress, timeline, slug, origin))
    yield from _invitations(content.congress["people"], timeline)
    for phase in content.congress["phases"]:
        yield act(timeline.at("J-36 16:30"), f"phase-{phase['phase']}", "helene", _phase(phase, timeline))
    for person in content.congress["people"]:
        if "corrected" in person:
            yield _correction(person, timeline)
    for left in content.congress["revoked"]:
        yield _revocation(left, timeline)


def _creation(data: Data, timeline: Timeline, slug: str, origin: str) -> c.CreateCongress:
    return c.CreateCongress(
        slug=slug,
        title=data["title"].format(year=timeline.year),
        origin=origin,
        description=data["description"],
        place=data["place"],
        fictional=True,
        rule=codec.decode(PollRule, data["rule"]),
    )


def _invitations(people: list[Data], timeline: Timeline) -> Iterator[StoryAct]:
    """The organisers come with the congress; they invite the others as a list."""
    for data in people:
        organiser = data["role"] == Role.ORGANISER
        at = timeline.at("J-36 09:05" if organiser else "J-36 14:20")
        invited = act(at, f"invite-{data['key']}", ids.CONGRESS if organiser else "helene", _invitation(data))
        yield replace(invited, gives=f"{ids.PERSON}/{data['key']}")


def _invitation(data: Data) -> c.InvitePerson:
    return c.InvitePerson(data["name"], Role(data["role"]), data["mandate"], data["collectivity"])


def _phase(data: Data, timeline: Timeline) -> c.SetPhase:
    closes = timeline.at(data["closes"]) if data["closes"] else None
    return c.SetPhase(Phase(data["phase"]), timeline.at(data["opens"]), closes)


def _correction(data: Data, timeline: Timeline) -> StoryAct:
    def make(names: Names) -> c.Command:
        mandate = data["corrected"]["mandate"]
        return c.CorrectPerson(names.person(data["key"]), data["name"], mandate, data["collectivity"])

    return StoryAct(timeline.at(data["corrected"]["at"]), f"correct-{data['key']}", "helene", make)


def _revocation(data: Data, timeline: Timeline) -> StoryAct:
    def make(names: Names) -> c.Command:
        return c.RevokePerson(names.person(data["person"]), data["reason"])

    return StoryAct(timeline.at(data["at"]), f"revoke-{data['person']}", data["by"], make)
