"""The sittings of the story: who presides, and how the debate is conducted."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from deliberation.kernel import commands as c
from deliberation.kernel import ids
from deliberation.kernel.vocabulary import Hands, Outcome, Terms, Way
from server.demo import debate
from server.demo.acts import Names, StoryAct, act
from server.demo.content import Content, Data
from server.demo.timeline import Timeline, scatter

ACT = "acte"
BETWEEN_PAPERS = 11
"""Seconds from one paper of an election to the next."""


def acts(content: Content, timeline: Timeline) -> Iterator[StoryAct]:
    elus = debate.entitled(content)
    for rank, data in enumerate(content.sittings, start=1):
        chair = data["chair"]
        opened = _opening(chair)
        yield StoryAct(timeline.at(data["opened"]), f"sitting-{rank}", data["by"], opened)
        for told in data.get("acts", []):
            yield _act(told, chair, timeline)
        for told in data.get("polls", []):
            yield from _poll(told, chair, elus, timeline)
        for told in data.get("elections", []):
            yield from _election(told, data["by"], elus, timeline)
        if "closed" in data:
            yield act(timeline.at(data["closed"]), f"adjourn-{rank}", data["by"], c.CloseSitting(rank))


def _opening(chair: str) -> Callable[[Names], c.Command]:
    return lambda names: c.OpenSitting(names.person(chair) if chair else "")


def _act(data: Data, chair: str, timeline: Timeline) -> StoryAct:
    name = data.get("name") or (f"{data['act']}-" + "-".join(_about(data)))
    gives = {"join": f"{ids.DISCUSSION}/{_about(data)[0]}"}.get(data["act"], f"{ACT}/{name}")
    return StoryAct(timeline.at(data["at"]), name, chair, lambda names: MAKE[data["act"]](data, names), gives)


def _poll(data: Data, chair: str, elus: tuple[str, ...], timeline: Timeline) -> Iterator[StoryAct]:
    """A vote that the chair opens on an amendment: by show of hands, or by roll-call, a second time where it failed."""
    name, amendment = f"{ids.POLL}/{data['key']}", f"{ids.AMENDMENT}/{data['amendment']}"
    first = f"{ids.POLL}/{data['second_call_of']}" if "second_call_of" in data else ""
    tellers = data.get("tellers", [])

    def opening(names: Names) -> c.Command:
        terms = Terms(Way.HANDS, tellers=tuple(map(names.person, tellers))) if tellers else Terms()
        before = names.number(first) if first else 0
        return c.OpenPoll(names.document(amendment), terms=terms, second_call_of=before)

    opened = data["opened"]
    called = StoryAct(timeline.at(opened, -40), f"call-{name}", chair, lambda x: c.CallSubject(x.document(amendment)))
    yield from () if first else (called,)
    yield StoryAct(timeline.at(opened), f"open-{name}", chair, opening, name)
    for teller in tellers:
        counted = timeline.at(data["counted"], scatter(teller, 50))
        yield StoryAct(counted, f"count-{name}-{teller}", teller, lambda names: _count(data, names.number(name)))
    yield from () if tellers else debate.ballots(data, name, elus, timeline)
    yield debate.closing(name, chair, timeline.at(data["closed"]))


def _count(data: Data, poll: int) -> c.EnterHands:
    return c.EnterHands(poll, Hands(**data["hands"]))


def _election(data: Data, by: str, elus: tuple[str, ...], timeline: Timeline) -> Iterator[StoryAct]:
    """An office filled by secret ballot, round after round: nobody's own answer is told, only how many there were."""
    election, candidates = f"{ids.ELECTION}/{data['key']}", list(data["candidates"])
    present = [key for key in elus if key not in data["absent"]]
    for rank, told in enumerate(data["rounds"], start=1):
        name = f"{ids.POLL}/{data['key']}-{rank}"
        candidates = [key for key in candidates if key not in told.get("withdrawn", [])]
        if rank == 1:
            yield StoryAct(timeline.at(told["opened"]), f"open-{name}", by, _first_round(data), election, name)
        else:
            yield StoryAct(timeline.at(told["opened"]), f"open-{name}", by, _next_round(told, election), name)
        yield from _papers(told, name, candidates, present, timeline)
        yield debate.closing(name, by, timeline.at(told["closed"]))


def _first_round(data: Data) -> Callable[[Names], c.Command]:
    return lambda names: c.OpenElection(data["office"], tuple(map(names.person, data["candidates"])))


def _next_round(told: Data, election: str) -> Callable[[Names], c.Command]:
    return lambda names: c.OpenRound(names.number(election), tuple(map(names.person, told["withdrawn"])))


def _papers(told: Data, poll: str, candidates: list[str], present: list[str], timeline: Timeline) -> Iterator[StoryAct]:
    papers = [place for place, key in enumerate(candidates) for _ in range(told["votes"][key])]
    papers += [len(candidates)] * told["blank"]
    papers.sort(key=lambda place: scatter(f"{poll} {place}", 1 << 30))
    voters = sorted(present, key=lambda key: scatter(f"{poll} {key}", 1 << 30))
    for rank, (voter, paper) in enumerate(zip(voters, papers, strict=True)):
        yield _paper(poll, rank, timeline.at(told["opened"], 25 + rank * BETWEEN_PAPERS), voter, paper)


def _paper(poll: str, rank: int, at: ids.Instant, voter: str, paper: int) -> StoryAct:
    return StoryAct(at, f"paper-{poll}-{rank}", voter, lambda names: c.CastSecret(names.number(poll), paper))


def _about(data: Data) -> list[str]:
    about = ("amendment", "discussion", "undoes", "sitting")
    return data.get("amendments") or [str(data[name]) for name in about if name in data]


def _amendment(names: Names, key: str) -> int:
    return names.number(f"{ids.AMENDMENT}/{key}")


MAKE: dict[str, Callable[[Data, Names], c.Command]] = {
    "settle": lambda data, names: c.SettleAmendment(
        _amendment(names, data["amendment"]), Outcome(data["outcome"]), data["reason"]
    ),
    "revert": lambda data, names: c.RevertAct(names.entry(f"{ACT}/{data['undoes']}"), data["reason"]),
    "reserve": lambda data, names: c.ReserveAmendment(_amendment(names, data["amendment"]), data["reason"]),
    "join": lambda data, names: c.JoinDiscussion(
        tuple(_amendment(names, key) for key in data["amendments"]), data["reason"]
    ),
    "suspend": lambda data, names: c.SuspendSitting(data["sitting"], data["reason"]),
    "resume": lambda data, names: c.ResumeSitting(data["sitting"]),
    "call": lambda data, names: c.CallSubject(names.document(f"{ids.DISCUSSION}/{data['discussion']}")),
}
