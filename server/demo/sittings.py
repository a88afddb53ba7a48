"""The sittings of the story: who presides, and how the debate is conducted."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from deliberation import commands as c
from deliberation import ids
from deliberation.vocabulary import Outcome
from server.demo.acts import Act, Names, act
from server.demo.content import Content, Data
from server.demo.timeline import Timeline

ACT = "acte"


def acts(content: Content, timeline: Timeline) -> Iterator[Act]:
    for rank, data in enumerate(content.sittings, start=1):
        chair = data["chair"]
        opened = _opening(chair)
        yield Act(timeline.at(data["opened"]), f"sitting-{rank}", data["by"], opened)
        for told in data.get("acts", []):
            yield _act(told, chair, timeline)
        if "closed" in data:
            yield act(timeline.at(data["closed"]), f"adjourn-{rank}", data["by"], c.CloseSitting(rank))


def _opening(chair: str) -> Callable[[Names], c.Command]:
    return lambda names: c.OpenSitting(names.person(chair) if chair else "")


def _act(data: Data, chair: str, timeline: Timeline) -> Act:
    name = data.get("name") or (f"{data['act']}-" + "-".join(_about(data)))
    gives = {"join": f"{ids.DISCUSSION}/{_about(data)[0]}"}.get(data["act"], f"{ACT}/{name}")
    return Act(timeline.at(data["at"]), name, chair, lambda names: MAKE[data["act"]](data, names), gives)


def _about(data: Data) -> list[str]:
    found: list[str] = data.get("amendments") or [data.get("amendment") or data.get("discussion") or data["undoes"]]
    return found


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
    "call": lambda data, names: c.CallSubject(names.document(f"{ids.DISCUSSION}/{data['discussion']}")),
}
