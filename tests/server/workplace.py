"""A congress to work in, made from the terminal, and what must be found there whatever happened to the server."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from server.store.database import Database
from server.store.store import Store
from tests.server.writers import Api, Confirmed, Writer
from tests.server_process import pleniere

SLUG = "essai"
MOTION = "# Motion\n\nVu la loi,\n\nDemande la fibre pour tous.\n"


@dataclass(frozen=True)
class Workplace:
    """All phases open, three élus and an organiser, whose tokens these are."""

    data: Path
    elus: list[str]
    organiser: str
    database: str = ""

    async def prepare(self, url: str) -> None:
        """Motion 1 frozen with a vote open on it, motion 2 to write in."""
        async with Api(url, SLUG, self.organiser) as organiser, Api(url, SLUG, self.elus[0]) as elu:
            await organiser.command("motion.freeze", motion=1)
            await organiser.command("poll.open", subject="motion-1")
            await elu.command("motion.create", title="À écrire")

    async def check(self, url: str, confirmed: Confirmed) -> None:
        """What a server says holds every testimony and word that was confirmed."""
        async with Api(url, SLUG, self.organiser) as api:
            submitted = (await api.read("temoignages?taille=1"))["total"]
        assert submitted >= len(confirmed.testimonies)
        words = set((await Writer(address(url, self.elus[0])).read()).split())
        assert confirmed.words <= words, sorted(confirmed.words - words)[:5]

    def check_kept(self, confirmed: Confirmed) -> None:
        """What the tables hold: every testimony, and for each voter the last confirmed choice or one sent after it."""
        database = Database(self.database or f"sqlite:///{self.data / 'pleniere.sqlite'}")
        state = Store(database).state(SLUG)
        database.close()
        assert confirmed.testimonies <= {x.text for x in state.testimonies.values()}
        for number, token in enumerate(self.elus, 1):
            if token in confirmed.ballots:
                kept = state.polls[1].ballots[f"p{number}"].value
                assert kept in {confirmed.ballots[token], *confirmed.unanswered[token]}

    def verify(self) -> None:
        """The record gives the same tables and texts, and its archive verifies."""
        self.run("rebuild", "--check")
        archive = str(self.data.parent / "restitution.zip")
        self.run("export", SLUG, "-o", archive)
        self.run("verify", archive)

    def run(self, *arguments: str) -> str:
        return run(self.data, self.database, *arguments)


def run(data: Path, database: str, *arguments: str) -> str:
    """What a command that succeeds says."""
    done = pleniere(data, *arguments, PLENIERE_DATABASE=database)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def found(data: Path, database: str = "") -> Workplace:
    folder = data.parent
    run(data, database, "create", SLUG, "--title", "Essai", "--open")
    people, motion = folder / "elus.csv", folder / "motion.md"
    people.write_text("nom;mandat\nAna Un;maire\nBo Deux;maire\nCid Trois;maire\n")
    motion.write_text(MOTION)
    run(data, database, "invite", SLUG, "--role", "elu", "--csv", str(people))
    run(data, database, "invite", SLUG, "--role", "organiser", "--name", "Dea Quatre")
    run(data, database, "import", SLUG, str(motion))
    tokens = {role: _tokens(data, database, role) for role in ("elu", "organiser")}
    return Workplace(data, tokens["elu"], tokens["organiser"][0], database)


def _tokens(data: Path, database: str, role: str) -> list[str]:
    return [row["token"] for row in json.loads(run(data, database, "token", SLUG, "--role", role, "--json"))]


def address(url: str, token: str) -> str:
    """Where motion 2 is written, with acknowledgements."""
    return f"{url.replace('http', 'ws')}/c/{SLUG}/sync/motion-2?token={token}&ack=1"
