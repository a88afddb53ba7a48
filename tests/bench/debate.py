"""Size and cost of the pages of a large debate: a text of 200 clauses, 500 amendments, 300 of them pending."""

from __future__ import annotations

import gzip
import random
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from deliberation.kernel import commands as c
from deliberation.kernel.vocabulary import Aim, Clause, ClauseKind, Draft, Role
from server.imports.importing import import_command
from tests.bench.figures import Figure
from tests.bench.options import Options
from tests.server.browsing import Site, Visitor, site

CLAUSES, AMENDMENTS, WITHDRAWN, SUBS = 200, 500, 200, 20
COMMON = (
    "la commune le territoire réseau fibre école santé moyens chaque demande soit couvert délai ans élu l’État guichet"
)
WORDS = COMMON.split()
PAGES = (
    "motions/1",
    "motions/1/comparaison?tout=1",
    "motions/1/passages/{passage}",
    "amendements",
    "amendements?tout=1",
    "amendements/300",
    "amendements/nouveau?motion=1&cible=rewrite:{passage}",
)


def measure(options: Options) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder, site(Path(folder)) as found:
        author = found.member(Role.ELU, "Ana Abadie")
        passage = debated(found, random.Random(options.seed))
        for page in PAGES:
            yield from weigh(author, f"/c/essai/{page.format(passage=passage)}")


def debated(found: Site, rng: random.Random, withdrawn: int = WITHDRAWN) -> str:
    """The id of the clause to which most amendments are tabled."""
    kinds = (ClauseKind.VISA, ClauseKind.CONSIDERANT, ClauseKind.DEMANDE)
    drafts = [Draft(rng.choice(kinds), f"Demande que {said(rng, 60)} ;") for _ in range(CLAUSES)]
    found.do(c.InvitePerson("Olga Orsini", Role.ORGANISER))
    found.do(import_command("Une grande motion", drafts))
    found.do(c.FreezeMotion(1), "p2")
    clauses = found.state().motions[1].frozen[0].clauses
    for _ in range(AMENDMENTS):
        found.do(drawn(rng, rng.choice(clauses[1:])), "p1")
    for number in range(1, withdrawn + 1):
        found.do(c.WithdrawAmendment(number), "p1")
    _sub_amend(found, rng)
    aims = [a.clause for a in found.state().amendments.values()]
    assert len(aims) == AMENDMENTS + SUBS
    return max(clauses, key=lambda clause: aims.count(clause.id)).id


def _sub_amend(found: Site, rng: random.Random) -> None:
    """Sub-amendments to some of those that wait."""
    parents = [a for a in found.state().amendments.values() if a.outcome is None and a.aim is Aim.REWRITE]
    for parent in parents[-SUBS:]:
        words = parent.text.split(" ")
        words[-1] = rng.choice(WORDS) + rng.choice(WORDS)
        found.do(c.TableAmendment(1, Aim.REWRITE, text=" ".join(words), parent=parent.number), "p1")


def drawn(rng: random.Random, clause: Clause) -> c.TableAmendment:
    aim = rng.choices([Aim.REWRITE, Aim.DELETE, Aim.INSERT, Aim.MOVE], [8, 1, 2, 1])[0]
    text = {Aim.REWRITE: reworded(rng, clause.markdown), Aim.INSERT: said(rng, 40)}.get(aim, "")
    kind = ClauseKind.DEMANDE.value if aim is Aim.INSERT else ""
    return c.TableAmendment(1, aim, clause.id, text, said(rng, 60), kind, after="")


def said(rng: random.Random, count: int) -> str:
    return " ".join(rng.choice(WORDS) for _ in range(count))


def reworded(rng: random.Random, text: str) -> str:
    """The text with one to three stretches of words changed."""
    words = text.split(" ")
    for _ in range(rng.randrange(1, 4)):
        place = rng.randrange(len(words))
        words[place : place + rng.randrange(3)] = [rng.choice(WORDS) for _ in range(rng.randrange(1, 4))]
    return " ".join([*words, rng.choice(WORDS)])


def weigh(reader: Visitor, address: str) -> Iterator[Figure]:
    """For somebody signed in, whose pages are never kept; the second time, when no difference is new."""
    reader.go(address)
    began = time.perf_counter()
    page = reader.go(address)
    spent = time.perf_counter() - began
    assert reader.status == 200, address
    name = address.removeprefix("/c/essai/").partition("&")[0]
    yield Figure(f"{name} compressed", len(gzip.compress(page.encode())) / 1000, "kB", 60)
    yield Figure(f"{name} answered in", spent * 1000, "ms", 1000)
