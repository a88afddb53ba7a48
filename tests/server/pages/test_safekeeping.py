"""What pages and the API say about a record that is read-only, and about clocks that disagree (R10, R45)."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path

from deliberation.kernel import commands as c
from server.store.clock import instant
from tests.server import offices
from tests.server.sites import ELU, ORGANISER, Site, found, opened

DASHBOARD = "/organisation/essai/"


def tomorrow(data: Path) -> str:
    """Adds an entry by a process whose clock is a day ahead; returns the entry's time."""
    at = instant(datetime.now(UTC) + timedelta(days=1))

    async def work() -> None:
        async with offices.opened(f"sqlite:///{data / 'pleniere.sqlite'}", data) as office:
            office.clock.set(at)
            await office.do("p1", c.SubmitTestimony(text="Datée de demain."))

    asyncio.run(work())
    return at


def page(site: Site, path: str = DASHBOARD) -> str:
    answer = site.get(path, ORGANISER)
    assert answer.status_code == 200
    return " ".join(unescape(answer.text).split())


def test_organisers_are_told_that_the_record_is_in_advance_and_correct_it(tmp_path: Path) -> None:
    """R45"""
    with opened(tmp_path) as site:
        found(site)
        assert "Garde du registre" not in page(site)
        at = tomorrow(tmp_path)
        assert "Le registre est en avance sur l’heure" in page(site)
        form = {"acte": "corriger", "avance": at, "commande": "horloge-1"}
        blank = site.post(f"{DASHBOARD}horloge", {**form, "reason": " "}, ORGANISER)
        assert blank.status_code == 422
        assert f'value="{at}"' in blank.text
        assert site.post(f"{DASHBOARD}horloge", {**form, "reason": "Horloge."}, ELU).status_code == 403
        done = site.post(f"{DASHBOARD}horloge", {**form, "reason": "Horloge déréglée."}, ORGANISER)
        assert done.status_code == 303, done.text
        assert "Garde du registre" not in page(site)
        assert site.services.store.last_time("essai") < at
        told = " ".join(unescape(site.get(f"/c/essai/registre/{site.state.size - 1}").text).split())
        assert "corrige l’heure du registre" in told
        assert "Horloge déréglée" in told


def test_a_record_that_takes_nothing_says_why_on_pages_and_in_the_api(tmp_path: Path) -> None:
    """R10: and loses nothing that was typed."""
    with opened(tmp_path) as site:
        found(site)
    (tmp_path / "highwater" / "essai.json").write_text("")
    with opened(tmp_path) as site:
        answer = site.post("/c/essai/temoignages", {"text": "Ce que j’ai vu."}, ELU)
        assert answer.status_code == 503
        assert "pleniere gap essai --none" in " ".join(unescape(answer.text).split()).replace("\u00a0", " ")
        assert "Ce que j’ai vu." in unescape(answer.text)
        assert "Rien n’est enregistré." in page(site)
        assert site.get("/c/essai/").status_code == 200
        assert site.get("/c/essai/registre/checkpoint").status_code == 200
