"""What a sitting costs on a great text: 200 clauses, 500 amendments, 300 of them waiting, some adopted before."""

from __future__ import annotations

import gzip
import random
import re
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from deliberation.amendments import amendments, discussion, distance, order, rebase
from deliberation.kernel import commands as c
from deliberation.kernel.state import State
from deliberation.kernel.vocabulary import Choice, Role
from deliberation.motions import motions
from deliberation.text import composition, merge
from server.pages.shell.fragments import render_fragment
from tests.bench.debate import AMENDMENTS, WITHDRAWN, debated
from tests.bench.figures import Figure
from tests.bench.options import Options
from tests.server.browsing import Site, Visitor, site

ADOPTED = 20
TAG = re.compile(r"<[a-z]")
NODES = 1500
"""Elements that a phone lays out without a pause."""
FRAGMENT = 60
"""Thousands of bytes of a live fragment: several hundred phones on one access point take them in some seconds."""


def measure(options: Options) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder, site(Path(folder)) as found:
        elu = found.member(Role.ELU, "Ana Abadie")
        debated(found, random.Random(options.seed), WITHDRAWN - ADOPTED)
        found.do(c.OpenSitting("p1"), "p2")
        for number in range(1, AMENDMENTS + 1):
            if len(amendments.adopted(found.state(), 1)) == ADOPTED:
                break
            adopt(found, number)
        yield from compute(found.state())
        waiting = order.call_order(found.state(), 1)
        found.do(c.CallSubject(f"amendement-{waiting[0].number}"), "p1")
        yield from show(found, elu)
        yield from follow(found)
        adopt(found, waiting[0].number)
        yield from answer(elu, "seance", "after an adoption")


def adopt(found: Site, number: int) -> None:
    """Unless it waits no longer, or collides with what is adopted."""
    amendment = found.state().amendments[number]
    if amendment.outcome is not None or amendments.collisions_with(
        found.state(), amendment, amendments.standing(found.state(), 1)
    ):
        return
    found.do(c.OpenPoll(f"amendement-{number}"), "p1")
    poll = len(found.state().polls)
    found.do(c.CastBallot(poll, Choice.FOR), "p1")
    found.do(c.ClosePoll(poll), "p1")


def compute(state: State) -> Iterator[Figure]:
    """Everything that follows from the amendments, when nothing of it is known yet."""
    motion, adopted = state.motions[1], amendments.adopted(state, 1)
    whole: dict[str, Callable[[], object]] = {
        "order of call, each place explained": lambda: order.agenda(state, 1),
        "collisions, joint discussions proposed": lambda: discussion.proposals(state, 1),
        "pending ones on the text as it stands": lambda: rebase.of_motion(state, 1),
        "consolidated text": lambda: motions.consolidate(state, motion, adopted),
        "the amendment behind each of its words": lambda: merge.sourced_words(
            motion.frozen[0], [state.amendments[n] for n in adopted]
        ),
    }
    distance.distance.cache_clear()
    composition.word_edits.cache_clear()
    spent = {name: seconds(work) for name, work in whole.items()}
    yield from (Figure(name, value * 1000, "ms") for name, value in spent.items())
    yield Figure("all of it", sum(spent.values()) * 1000, "ms", 1000)


def seconds(work: Callable[[], object]) -> float:
    """Of this process's own time: whatever else the machine does meanwhile does not count."""
    began = time.process_time()
    work()
    return time.process_time() - began


def show(found: Site, elu: Visitor) -> Iterator[Figure]:
    """The page of the chair (the élue presides), of everybody, of the hall; the order by pages and whole."""
    public = Visitor(found)
    for reader, who in ((elu, "chair"), (public, "public")):
        yield from answer(reader, "seance", who)
        yield Figure(f"seance elements, {who}", len(TAG.findall(reader.page)), "", NODES)
    for page in ("seance/deroule?page=3", "ecran", "seance/1"):
        yield from answer(public, page, "public")
    whole = public.go("/c/essai/seance/deroule?tout=1")
    yield Figure("seance/deroule?tout=1 compressed", len(gzip.compress(whole.encode())) / 1000, "kB", 60)


def answer(reader: Visitor, page: str, who: str) -> Iterator[Figure]:
    spent = seconds(lambda: reader.go(f"/c/essai/{page}"))
    assert reader.status == 200, page
    yield Figure(f"{page} compressed, {who}", len(gzip.compress(reader.page.encode())) / 1000, "kB", 60)
    yield Figure(f"{page} answered in, {who}", spent * 1000, "ms", 1000)


def follow(found: Site) -> Iterator[Figure]:
    """What is sent to each phone when something changes."""
    state = found.state()
    for topic in ("seance", "suite", "deroule", "ecran"):
        html = found.portal.call(render_fragment, "essai", topic, "fr", state)
        yield Figure(f"live fragment {topic}", len((html or "").encode()) / 1000, "kB", FRAGMENT)
