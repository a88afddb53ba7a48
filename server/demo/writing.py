"""How the maps are drawn and the motions written: bursts by several people, then the freeze."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import groupby
from typing import Any

from deliberation.kernel import commands as c
from deliberation.kernel import ids
from deliberation.kernel.vocabulary import ClauseKind, Draft, Node
from server.demo.acts import Names, StoryAct, act
from server.demo.content import Content, Data
from server.demo.debate import RAPPORTEUR
from server.demo.desk import StoryDocuments
from server.demo.timeline import Timeline, scatter

NAMED_AFTER = 60
"""Seconds from the freeze of a text to the naming of its rapporteur."""

ORDER = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def acts(content: Content, timeline: Timeline, desk: StoryDocuments) -> Iterator[StoryAct]:
    for data in content.maps:
        yield from _map(data, timeline, desk)
    for data in content.motions:
        yield from _motion(data, timeline, desk)


def _motion(data: Data, timeline: Timeline, desk: StoryDocuments) -> Iterator[StoryAct]:
    name = f"{ids.MOTION}/{data['key']}"
    created = act(timeline.at(data["at"]), f"create-{name}", data["by"], c.CreateMotion(data["first_title"]))
    yield replace(created, gives=name)
    for rank, (at, by, versions) in enumerate(_bursts(data, timeline)):
        yield _writing(data, rank, at, by, versions, desk)
    for remark in data.get("remarks", []):
        yield from _remark(name, remark, timeline)
    if "frozen" in data:
        at = timeline.at(data["frozen"]["at"])
        yield StoryAct(at, f"freeze-{name}", data["frozen"]["by"], lambda names: c.FreezeMotion(names.number(name)))
        yield StoryAct(
            timeline.at(data["frozen"]["at"], NAMED_AFTER),
            f"rapporteur-{name}",
            data["frozen"]["by"],
            lambda names: c.NameRapporteur(names.number(name), names.person(RAPPORTEUR)),
        )


def _remark(motion: str, data: Data, timeline: Timeline) -> Iterator[StoryAct]:
    """A comment or a suggestion on the draft, its answers, and what became of it."""
    name = f"{ids.REMARK}/{data['key']}"

    def make(names: Names) -> c.Command:
        proposal = names.cite(data["proposal"]) if "proposal" in data else None
        quote = data.get("quote", "")
        return c.MakeRemark(names.number(motion), data["clause"], data["text"], quote, proposal=proposal)

    yield StoryAct(timeline.at(data["at"]), f"remark-{name}", data["by"], make, gives=name)
    for rank, reply in enumerate(data.get("replies", [])):
        yield StoryAct(
            timeline.at(reply["at"]), f"reply-{name}-{rank}", reply["by"], _reply(motion, name, reply["text"])
        )
    if settled := data.get("settled"):
        status = settled["status"]
        at = timeline.at(settled["at"])
        yield StoryAct(at, f"settle-{name}", settled["by"], lambda names: c.SettleRemark(names.number(name), status))


def _reply(motion: str, remark: str, text: str) -> Callable[[Names], c.Command]:
    return lambda names: c.MakeRemark(names.number(motion), text=text, reply_to=names.number(remark))


def _bursts(data: Data, timeline: Timeline) -> list[tuple[ids.Instant, str, dict[str, str | None]]]:
    """What each person wrote at one time, in order: the new text of clauses by id, of the title under ""."""
    written: list[tuple[ids.Instant, str, str, str | None]] = [
        (timeline.at(x["at"], scatter(x["by"] + x["at"], 60)), x["by"], clause["id"], x["text"])
        for clause in data["clauses"]
        for x in clause["versions"]
    ]
    written += [(timeline.at(x["at"], scatter(x["by"] + x["at"], 60)), x["by"], "", x["text"]) for x in data["titles"]]
    written.sort(key=lambda x: x[:2])
    return [(*moment, {x[2]: x[3] for x in group}) for moment, group in groupby(written, key=lambda x: x[:2])]


def _writing(
    data: Data, rank: int, at: ids.Instant, by: str, versions: dict[str, str | None], desk: StoryDocuments
) -> StoryAct:
    name = f"{ids.MOTION}/{data['key']}"
    drafts = {clause["id"]: clause for clause in data["clauses"]}

    def make(names: Names) -> c.Command:
        changes = {
            id_: None
            if text is None
            else Draft(ClauseKind(drafts[id_]["kind"]), names.cite(text), drafts[id_].get("addressee", ""))
            for id_, text in versions.items()
            if id_
        }
        title = versions.get("") or ("" if rank else data["first_title"])
        return desk.write(names.document(name), names.person(by), title, changes, tuple(drafts), at)

    return StoryAct(at, f"write-{name}-{rank}", by, make)


def _map(data: Data, timeline: Timeline, desk: StoryDocuments) -> Iterator[StoryAct]:
    name = f"{ids.MAP}/{data['key']}"
    created = act(timeline.at(data["at"]), f"create-{name}", data["by"], c.CreateMap(data["title"]))
    yield replace(created, gives=name)
    outline = StoryOutline(data["key"])
    bursts = [(timeline.at(x["at"], scatter(x["text"], 60)), x["by"], outline.branch(x)) for x in data["branches"]]
    bursts += [(timeline.at(x["at"], scatter(x["at"], 60)), x["by"], outline.change(x)) for x in data["later"]]
    for rank, (at, by, nodes) in enumerate(bursts):
        yield _drawing(name, rank, at, by, nodes, desk)


def _drawing(name: str, rank: int, at: ids.Instant, by: str, nodes: dict[str, Data], desk: StoryDocuments) -> StoryAct:
    def make(names: Names) -> c.Command:
        drawn = {
            id_: Node(node["parent"], node["order"], node["text"], names.excerpts(node["excerpts"]))
            for id_, node in nodes.items()
        }
        return desk.draw(names.document(name), names.person(by), drawn, at)

    return StoryAct(at, f"draw-{name}-{rank}", by, make)


class StoryOutline:
    """The nodes of a map in the data: children below their parents, ids from their first words."""

    def __init__(self, key: str) -> None:
        self._key = key
        self._nodes: dict[str, Data] = {}
        self._ids: dict[str, str] = {"": ""}

    def branch(self, data: Data, parent: str = "") -> dict[str, Data]:
        """A node with all below it, by id."""
        added = self._add(parent, data["text"], data.get("excerpts", []))
        for child in data.get("children", []):
            added |= self.branch(child, data["text"])
        return added

    def change(self, data: Data) -> dict[str, Data]:
        """The nodes that a later burst adds or changes."""
        changed: dict[str, Data] = {}
        for new in data.get("add", []):
            changed |= self._add(new["under"], new["text"], new["excerpts"])
        for told in data.get("set", []):
            id_ = self._ids[told["node"]]
            self._nodes[id_] = {**self._nodes[id_], **{k: v for k, v in told.items() if k != "node"}}
            changed[id_] = self._nodes[id_]
        return changed

    def _add(self, under: str, text: str, excerpts: list[str]) -> dict[str, Any]:
        parent = self._ids[under]
        id_ = hashlib.sha256(f"{self._key} {text}".encode()).hexdigest()[:10]
        rank = sum(node["parent"] == parent for node in self._nodes.values())
        node = {"parent": parent, "order": f"a{ORDER[rank]}", "text": text, "excerpts": excerpts}
        self._ids[text] = id_
        self._nodes[id_] = node
        return {id_: node}
