"""What a person can do now, by role and moment; their last contributions and what became of them; what was adopted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from deliberation.congress.congress import is_open
from deliberation.kernel import commands as c
from deliberation.kernel import ids
from deliberation.kernel.state import Amendment, Poll, Testimony
from deliberation.kernel.vocabulary import Phase, Role
from deliberation.motions import addressing
from deliberation.motions.motions import refuse_writing
from exports import naming
from server.pages.organisation import pending, preparation
from server.pages.shell.live_line import live_line, own_vote
from server.pages.shell.visit import Visit

LATEST_AMENDMENTS = 6
LATEST_TESTIMONIES = 5
LATEST_REMARKS = 5


@dataclass(frozen=True)
class Task:
    """Something to do now. `title` is what it is about, in words that somebody typed; `poll` is the open poll."""

    label: str
    href: str
    title: str = ""
    poll: Poll | None = None


def today(visit: Visit) -> dict[str, Any]:
    """What the first page shows to this person."""
    tasks, motions = list(_tasks(visit)), list(visit.state.motions.values())
    steps = preparation.steps(visit.state) if visit.role == Role.ORGANISER else ()
    return {
        "tasks": tasks,
        "steps": steps,
        "own_amendments": _own_amendments(visit),
        "aim": lambda amendment: naming.amendment_aim(visit.state, visit.words, amendment),
        "adopted": [motion for motion in motions if motion.status == "adopted"],
        "concluded": bool(motions) and all(motion.status in ("adopted", "rejected") for motion in motions),
    }


def _tasks(visit: Visit) -> Iterator[Task]:
    yield from _votes(visit)
    is_sitting, conducts = visit.state.sitting is not None, visit.may(c.CallSubject)
    if is_sitting and conducts:
        yield Task(visit.words("Conduire la séance"), visit.url("seance#conduite"))
    if visit.role == Role.ORGANISER:
        yield from _queues(visit)
    yield from _remarks(visit)
    yield from _motions(visit)
    yield from _testimonies(visit)
    if is_sitting and not conducts:
        yield Task(visit.words("Suivre la séance"), visit.url("seance"))


def _votes(visit: Visit) -> Iterator[Task]:
    line, own = live_line(visit.state, visit.words, visit.now), own_vote(visit.state, visit.actor)
    if own is not None and own.is_offered(line):
        yield Task(visit.words("Voter"), visit.url("voter"), poll=line.poll if line else None)


def _queues(visit: Visit) -> Iterator[Task]:
    """The queues of an organiser that are not empty."""
    words, waiting = visit.words, pending.counts(pending.pending(visit.state))
    said = {
        ids.TESTIMONY: words.many("{n} témoignage à modérer", "{n} témoignages à modérer", waiting[ids.TESTIMONY]),
        ids.AMENDMENT: words.many(
            "{n} amendement : dire s’il est recevable",
            "{n} amendements : dire s’ils sont recevables",
            waiting[ids.AMENDMENT],
        ),
        ids.REDACTION: words.many("{n} caviardage à décider", "{n} caviardages à décider", waiting[ids.REDACTION]),
    }
    for kind, label in said.items():
        if waiting[kind]:
            yield Task(label, f"/organisation/{visit.slug}/")


def _remarks(visit: Visit) -> Iterator[Task]:
    """The remarks that name this person and wait for an answer (M33)."""
    for remark in addressing.awaited(visit.state, visit.actor)[:LATEST_REMARKS]:
        who = naming.name_of(visit.state, visit.words, remark.author)
        label = visit.words("{who} vous nomme dans une remarque", who=who)
        href = visit.url(f"motions/{remark.motion}/remarques#remarque-{remark.number}")
        yield Task(label, href, visit.state.motions[remark.motion].title)


def _motions(visit: Visit) -> Iterator[Task]:
    """The motions that this person can write or amend now."""
    amends = visit.may(c.TableAmendment) and is_open(visit.state, Phase.AMENDMENTS, visit.now)
    for motion in visit.state.motions.values():
        if refuse_writing(visit.state, visit.actor, motion.number, visit.now) is None:
            yield Task(visit.words("Écrire la motion"), visit.url(f"motions/{motion.number}/edition"), motion.title)
        elif amends and motion.status == "frozen":
            yield Task(visit.words("Amender la motion"), visit.url(f"motions/{motion.number}"), motion.title)


def _testimonies(visit: Visit) -> Iterator[Task]:
    may_testify = visit.person is not None or visit.settings.visitors_may_testify
    if is_open(visit.state, Phase.COLLECT, visit.now) and may_testify:
        yield Task(visit.words("Témoigner"), visit.url("temoignages/nouveau"))
    if visit.person is None:
        yield Task(visit.words("Lire les témoignages"), visit.url("temoignages"))


def _own_amendments(visit: Visit) -> list[Amendment]:
    """Those of this person, the latest news first."""
    own = (a for a in visit.state.amendments.values() if a.author == visit.actor)
    return sorted(own, key=lambda a: (a.settled or a.tabled, a.number), reverse=True)[:LATEST_AMENDMENTS]


def own_testimonies(visit: Visit) -> list[Testimony]:
    """The last ones that a scribe recorded."""
    if visit.role != Role.SCRIBE:
        return []
    own = [t for t in visit.state.testimonies.values() if t.author == visit.actor]
    return sorted(own, key=lambda t: t.number, reverse=True)[:LATEST_TESTIMONIES]
