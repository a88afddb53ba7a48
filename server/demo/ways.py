"""Other ways of voting, on the congress's own rules: by division, in secret, several at once, people."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from deliberation.kernel import commands as c
from deliberation.kernel import ids
from deliberation.kernel.vocabulary import (
    Choice,
    ClauseKind,
    Draft,
    ElectionRule,
    Terms,
    Way,
)
from server.demo import debate
from server.demo.acts import Names, StoryAct
from server.demo.content import Content, Data
from server.demo.timeline import Timeline, scatter
from server.imports.importing import import_command

BY = "helene"
BETWEEN = 13
"""Seconds from one voter to the next."""
Paper = tuple[int, tuple[int, ...]]
"""The answer, or the names for several seats."""


def acts(content: Content, timeline: Timeline) -> Iterator[StoryAct]:
    told = content.ways
    present = [key for key in debate.entitled(content) if key not in told["absent"]]
    for motion in told["motions"]:
        yield from _motion(motion, timeline)
    yield from _division(told["division"], present, timeline)
    yield from _secret(told["secret"], present, timeline)
    yield from _sheet(told["sheet"], present, timeline)
    yield from _election(told["election"], present, timeline)


def _motion(data: Data, timeline: Timeline) -> Iterator[StoryAct]:
    """A text written elsewhere, brought in whole and frozen."""
    name = f"{ids.MOTION}/{data['key']}"
    drafts = [Draft(ClauseKind(clause["kind"]), clause["text"]) for clause in data["clauses"]]
    command = import_command(data["title"], drafts, data.get("source", ""))
    yield StoryAct(timeline.at(data["at"]), f"import-{name}", ids.CONGRESS, lambda names: command, name)
    if taken := data.get("taken_up"):
        at, by = timeline.at(taken["at"]), taken["by"]
        yield StoryAct(at, f"take-up-{name}", by, lambda names: c.TakeUpMotion(names.number(name)))
    yield _then(timeline.at(data["frozen"]), f"freeze-{name}", lambda names: c.FreezeMotion(names.number(name)))


def _then(at: ids.Instant, id_: str, make: Callable[[Names], c.Command], gives: str = "", opens: str = "") -> StoryAct:
    return StoryAct(at, id_, BY, make, gives, opens)


def _division(data: Data, present: list[str], timeline: Timeline) -> Iterator[StoryAct]:
    motion = f"{ids.MOTION}/{data['motion']}"
    parts = tuple(tuple(part["pieces"]) for part in data["parts"])
    yield _then(
        timeline.at(data["at"]),
        f"divide-{motion}",
        lambda names: c.DivideSubject(names.document(motion), parts, names.person(data["asked_by"])),
    )
    for rank, part in enumerate(data["parts"], start=1):
        yield from _part(part, rank, motion, present, timeline)


def _part(data: Data, rank: int, motion: str, present: list[str], timeline: Timeline) -> Iterator[StoryAct]:
    name = f"{ids.POLL}/{motion}-part-{rank}"
    opening = _opening(motion, part=rank)
    yield _then(timeline.at(data["opened"]), f"open-{name}", opening, name)
    counts = {Choice.AGAINST: data["contre"], Choice.ABSTAIN: data["abstention"]}
    for place, (voter, choice) in enumerate(_answers(name, present, counts)):
        at = timeline.at(data["opened"], 20 + place * BETWEEN)
        yield StoryAct(at, f"ballot-{name}-{place}", voter, _ballot(name, choice))
    yield debate.closing(name, BY, timeline.at(data["closed"]))


def _opening(motion: str, terms: Terms | None = None, part: int = 0) -> Callable[[Names], c.Command]:
    return lambda names: c.OpenPoll(names.document(motion), terms=terms or Terms(), part=part)


def _ballot(poll: str, choice: Choice) -> Callable[[Names], c.Command]:
    return lambda names: c.CastBallot(names.number(poll), choice)


def _answers(name: str, present: list[str], counts: dict[Choice, int]) -> list[tuple[str, Choice]]:
    """Who answers what, in no order of rank or name: so many against and abstaining, all others for."""
    voters = _in_some_order(name, present)
    said = [choice for choice, number in counts.items() for _ in range(number)]
    return list(zip(voters, said + [Choice.FOR] * (len(voters) - len(said)), strict=True))


def _in_some_order(name: str, present: list[str]) -> list[str]:
    return sorted(present, key=lambda key: scatter(f"{name} {key}", 1 << 30))


def _secret(data: Data, present: list[str], timeline: Timeline) -> Iterator[StoryAct]:
    """The whole of a motion, in secret because a third of those present ask for it."""
    motion = f"{ids.MOTION}/{data['motion']}"
    name = f"{ids.POLL}/{motion}-secret"
    terms = Terms(Way.SECRET, ground="tiers", requested=data["requested"], present=data["present"])
    yield _then(timeline.at(data["opened"]), f"open-{name}", _opening(motion, terms), name)
    papers: list[Paper] = [(sort, ()) for sort, number in enumerate(data["papers"]) for _ in range(number)]
    yield from _papers(name, papers, data, present, timeline)


def _papers(name: str, papers: list[Paper], data: Data, present: list[str], timeline: Timeline) -> Iterator[StoryAct]:
    """These papers into the box, in an order of their own, then its opening."""
    shuffled = sorted(enumerate(papers), key=lambda paper: scatter(f"{name} paper {paper[0]}", 1 << 30))
    for place, (voter, (_, (paper, chosen))) in enumerate(zip(_in_some_order(name, present), shuffled, strict=True)):
        at = timeline.at(data["opened"], 20 + place * BETWEEN)
        yield StoryAct(at, f"paper-{name}-{place}", voter, _paper(name, paper, chosen))
    yield debate.closing(name, BY, timeline.at(data["closed"]))


def _paper(poll: str, paper: int, chosen: tuple[int, ...]) -> Callable[[Names], c.Command]:
    return lambda names: c.CastSecret(names.number(poll), paper, names=chosen)


def _sheet(data: Data, present: list[str], timeline: Timeline) -> Iterator[StoryAct]:
    """Two motions answered in one go."""
    motions = [f"{ids.MOTION}/{key}" for key in data["motions"]]
    polls = [f"{ids.POLL}/{motion}" for motion in motions]
    yield _then(
        timeline.at(data["opened"]),
        "open-sheet",
        lambda names: c.OpenSheet(tuple(map(names.document, motions))),
        polls[0],
        polls[1],
    )
    answers = [
        dict(_answers(poll, present, {Choice.AGAINST: against}))
        for poll, against in zip(polls, data["against"], strict=True)
    ]
    for place, voter in enumerate(_in_some_order("sheet", present)):
        at = timeline.at(data["opened"], 25 + place * BETWEEN)
        said = [each[voter] for each in answers]
        yield StoryAct(at, f"sheet-{place}", voter, _sheet_of(polls[0], said))
    yield debate.closing(polls[0], BY, timeline.at(data["closed"]))


def _sheet_of(first: str, said: list[Choice]) -> Callable[[Names], c.Command]:
    """The answers to the polls of a sheet, which are numbered one after the other."""
    return lambda names: c.CastSheet(names.number(first), dict(enumerate(said, names.number(first))))


def _election(data: Data, present: list[str], timeline: Timeline) -> Iterator[StoryAct]:
    """Two seats: one filled in the first round, a tie for the other in the second, which the chair breaks."""
    election, candidates = f"{ids.ELECTION}/{data['key']}", list(data["candidates"])
    rule = ElectionRule(absolute=1, tie="chair", seats=data["seats"])
    for rank, told in enumerate(data["rounds"], start=1):
        name = f"{ids.POLL}/{data['key']}-{rank}"
        opened = timeline.at(told["opened"])
        if rank == 1:
            yield _then(opened, f"open-{name}", _first_round(data, rule), election, name)
        else:
            candidates = [key for key in candidates if key != data["first"]]
            yield _then(opened, f"open-{name}", lambda names: c.OpenRound(names.number(election)), name)
        seats = data["seats"] + 1 - rank
        papers = [_named(candidates, chosen, seats) for number, chosen in told["papers"] for _ in range(number)]
        yield from _papers(name, papers, told, present, timeline)
    tied = data["tied"]
    yield _then(
        timeline.at(tied["at"]),
        f"tie-{election}",
        lambda names: c.BreakTie(names.number(election), names.person(tied["person"]), tied["reason"]),
    )


def _first_round(data: Data, rule: ElectionRule) -> Callable[[Names], c.Command]:
    return lambda names: c.OpenElection(data["office"], tuple(map(names.person, data["candidates"])), rule)


def _named(candidates: list[str], chosen: list[str], seats: int) -> Paper:
    """The paper with these names, as it is put into the box."""
    places = tuple(candidates.index(key) for key in chosen)
    if not places:
        return len(candidates), ()
    return (places[0], ()) if seats == 1 else (-1, places)
