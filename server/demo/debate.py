"""How the motions are amended and voted: tabled, admitted, called, voted, settled."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from deliberation.kernel import commands as c
from deliberation.kernel import ids
from deliberation.kernel.vocabulary import Aim, Choice, Outcome, Role
from server.demo.acts import Names, StoryAct, act
from server.demo.content import Content, Data
from server.demo.timeline import Timeline, scatter

CHAIR = "bastien"
RAPPORTEUR = "annesophie"
BREAKS = ("J-3 12:30", "J-2 12:30")
BETWEEN_BALLOTS = 17
"""Seconds from one ballot to the next in a public roll-call."""


def acts(content: Content, timeline: Timeline) -> Iterator[StoryAct]:
    elus = entitled(content)
    for data in content.amendments:
        yield _tabling(data, timeline)
        yield from _support(data, timeline)
        yield from _examination(data, timeline)
        yield from _outcome(data, timeline)
        if "poll" in data:
            yield from _poll(data["poll"], f"{ids.AMENDMENT}/{data['key']}", elus, timeline)
    for motion in content.motions:
        if "poll" in motion:
            yield from _poll(motion["poll"], f"{ids.MOTION}/{motion['key']}", elus, timeline)
    for rank, when in enumerate(BREAKS):
        yield act(timeline.at(when), f"break-{rank}", CHAIR, c.CallSubject())


def entitled(content: Content) -> tuple[str, ...]:
    """The élus who may vote."""
    left = {data["person"] for data in content.congress["revoked"]}
    people = content.congress["people"]
    return tuple(p["key"] for p in people if p["role"] == Role.ELU and p["key"] not in left)


def _tabling(data: Data, timeline: Timeline) -> StoryAct:
    def make(names: Names) -> c.Command:
        return c.TableAmendment(
            motion=names.number(f"{ids.MOTION}/{data['motion']}"),
            aim=Aim(data["aim"]),
            clause=data.get("clause", ""),
            text=names.cite(data.get("text", "")),
            rationale=data["rationale"],
            new_kind=data.get("new_kind", ""),
            after=data.get("after", ""),
            parent=names.number(f"{ids.AMENDMENT}/{data['parent']}") if "parent" in data else None,
            instruction=data.get("instruction", ""),
        )

    at = timeline.at(data["at"], scatter(data["key"], 60))
    return StoryAct(at, f"amendment-{data['key']}", data["by"], make, f"{ids.AMENDMENT}/{data['key']}")


def _support(data: Data, timeline: Timeline) -> Iterator[StoryAct]:
    """Other élus sign it; its author says it better."""
    name = f"{ids.AMENDMENT}/{data['key']}"
    for who, when in data.get("signed", {}).items():
        at = timeline.at(when, scatter(name + who, 60))
        yield StoryAct(at, f"sign-{data['key']}-{who}", who, lambda names: c.SignAmendment(names.number(name)))
    if "rectified" in data:
        said = data["rectified"]
        at = timeline.at(said["at"])
        yield StoryAct(at, f"rectify-{data['key']}", data["by"], lambda names: _rectification(said, names.number(name)))


def _rectification(said: Data, number: int) -> c.RectifyAmendment:
    return c.RectifyAmendment(number, said["text"], said["rationale"])


def _examination(data: Data, timeline: Timeline) -> Iterator[StoryAct]:
    """Admitted by the organisers; the rapporteur's opinion comes on the next morning."""
    name = f"{ids.AMENDMENT}/{data['key']}"
    if "admitted" in data:
        at = timeline.at(data["admitted"], scatter(name, 60))
        yield StoryAct(at, f"admit-{data['key']}", CHAIR, lambda names: c.AdmitAmendment(names.number(name)))
    if "opinion" in data:
        said = data["opinion"]
        at = timeline.next_day(data["admitted"], 8, scatter(name, 3500))
        yield StoryAct(
            at,
            f"opinion-{data['key']}",
            RAPPORTEUR,
            lambda names: c.GiveOpinion(names.number(name), said["opinion"], said["comment"]),
        )


def _outcome(data: Data, timeline: Timeline) -> Iterator[StoryAct]:
    name = f"{ids.AMENDMENT}/{data['key']}"
    if "withdrawn" in data:
        at, reason = timeline.at(data["withdrawn"]["at"]), data["withdrawn"]["reason"]
        yield _call(name, timeline.at(data["withdrawn"]["at"], -150))
        yield StoryAct(
            at, f"withdraw-{data['key']}", data["by"], lambda names: c.WithdrawAmendment(names.number(name), reason)
        )
    if "settled" in data:
        yield from _settling(data["settled"], name, timeline)


def _settling(data: Data, name: str, timeline: Timeline) -> Iterator[StoryAct]:
    def make(names: Names) -> c.Command:
        cause = data.get("because_of")
        because_of = names.number(f"{ids.AMENDMENT}/{cause}") if cause else None
        return c.SettleAmendment(names.number(name), Outcome(data["outcome"]), data["reason"], because_of)

    if data["outcome"] == Outcome.NOT_MOVED:
        yield _call(name, timeline.at(data["at"], -75))
    yield StoryAct(timeline.at(data["at"]), f"settle-{name}", data["by"], make)


def _call(name: str, at: ids.Instant) -> StoryAct:
    return StoryAct(at, f"call-{name}", CHAIR, lambda names: c.CallSubject(names.document(name)))


def _poll(data: Data, subject: str, elus: tuple[str, ...], timeline: Timeline) -> Iterator[StoryAct]:
    name = f"{ids.POLL}/{subject}"
    yield _call(subject, timeline.at(data["opened"], -190))
    yield StoryAct(
        timeline.at(data["opened"]),
        f"open-{subject}",
        CHAIR,
        lambda names: c.OpenPoll(names.document(subject)),
        name,
    )
    yield from ballots(data, name, elus, timeline)
    if "closed" in data:
        yield closing(name, CHAIR, timeline.at(data["closed"]))


def ballots(data: Data, poll: str, elus: tuple[str, ...], timeline: Timeline) -> Iterator[StoryAct]:
    """The ballots of a roll-call, from its opening on."""
    subject = poll.removeprefix(f"{ids.POLL}/")
    for rank, (voter, choice) in enumerate(_votes(data, subject, elus)):
        at = timeline.at(data["opened"], 20 + rank * BETWEEN_BALLOTS + scatter(f"{subject} {voter}", 15))
        yield _ballot(poll, rank, at, voter, choice)


def closing(poll: str, by: str, at: ids.Instant) -> StoryAct:
    subject = poll.removeprefix(f"{ids.POLL}/")
    return StoryAct(at, f"close-{subject}", by, lambda names: c.ClosePoll(names.number(poll)))


def _ballot(poll: str, rank: int, at: ids.Instant, voter: str, choice: Choice) -> StoryAct:
    ballot = StoryAct(at, "", voter, lambda names: c.CastBallot(names.number(poll), choice))
    return replace(ballot, id=f"ballot-{poll}-{rank}")


def _votes(data: Data, subject: str, elus: tuple[str, ...]) -> list[tuple[str, Choice]]:
    """Who votes what, in order: first those that are changed later, then the final ones, shuffled."""
    said = {key: choice for choice in Choice for key in data.get(choice.value, ())}
    absent = set(data.get("absent", ()))
    default = None if data["default"] == "none" else Choice(data["default"])
    cast = [(key, said.get(key, default)) for key in elus if key not in absent]
    standing = [(key, choice) for key, choice in cast if choice is not None]
    standing.sort(key=lambda vote: scatter(f"{subject} order {vote[0]}", 1 << 30))
    changed = [(key, Choice(choice)) for key, choice in data.get("changed", {}).items()]
    late = [vote for vote in standing if vote[0] in data.get("changed", {})]
    return [*changed, *(vote for vote in standing if vote not in late), *late]
