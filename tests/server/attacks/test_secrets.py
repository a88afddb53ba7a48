"""Withheld or erased content is not readable by anybody else, at any address."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator

import pytest

from deliberation.kernel import commands as c
from deliberation.kernel import ids
from deliberation.kernel.vocabulary import Choice, Role
from tests.server import sites
from tests.server.sites import ELU, ORGANISER, SECOND, SLUG, VISITOR, Site
from tests.waiting import until_soon

SECRET = re.compile(r"Secret[a-z]+")
PUBLIC = ("published", "map", "motion", "amendment", "redaction")
TOPICS = ("congres", "seance", "suite", "deroule", "ecran", "conduite", "scrutin-1", "scrutin-2")
EMAIL = "ne.pas.montrer@courriel.example"


def say(place: str) -> str:
    """A marker for text that is withheld; plain words for reasons, which are public."""
    is_public = place.startswith(PUBLIC) or place.endswith("reason")
    return f"Mots de {place}." if is_public else "Secret" + place.replace(".", "")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with sites.opened(tmp_path_factory.mktemp("data")) as opened:
        sites.found(opened)
        sites.fill(opened, say)
        opened.do(ids.CONGRESS, c.InvitePerson("Secretperson", Role.ELU, "Secretmandate"))
        sites.redact(opened, "personne-p7", say)
        form = {"acte": "inviter", "person_name": "Gil", "role": "elu", "email": EMAIL, "commande": "inviter-gil"}
        assert opened.post(f"/organisation/{SLUG}/personnes", form, ORGANISER).status_code == 200
        yield opened


@pytest.fixture(scope="module")
def read(site: Site) -> dict[str, dict[str, str]]:
    """Everything that a visitor, an élu and an organiser can reach, by person and address."""
    return {who: {path: x.text for path, x in sites.crawl(site, who).items()} for who in (VISITOR, ELU, ORGANISER)}


def leaks(pages: dict[str, str]) -> dict[str, set[str]]:
    """The markers on pages that must not show them, by address. A page of search results may show the words searched
    for.
    """
    found = {path: set(SECRET.findall(text)) for path, text in pages.items() if not SECRET.search(path)}
    return {path: words for path, words in found.items() if words}


@pytest.mark.parametrize("who", [VISITOR, ELU])
def test_nobody_reads_what_is_withheld_or_erased(read: dict[str, dict[str, str]], who: str) -> None:
    """T4, T5, R7: pending, set aside, hidden and redacted contents, names among them, on no page and in no file."""
    assert leaks(read[who]) == {}


def test_organisers_read_it_only_where_they_moderate(read: dict[str, dict[str, str]]) -> None:
    found = leaks(read[ORGANISER])
    assert set(found) == {
        f"/organisation/{SLUG}/",
        f"/organisation/{SLUG}/moderation",
        *(f"/c/{SLUG}/temoignages/{n}" for n in (2, 3, 4)),
    }
    assert not any("redacted" in word for words in found.values() for word in words)


def test_addresses_of_people_are_read_by_nobody(site: Site, read: dict[str, dict[str, str]]) -> None:
    """P5: an address is kept to send links, and stands nowhere else."""
    assert [path for pages in read.values() for path, text in pages.items() if EMAIL in text] == []
    payloads = site.services.store.payloads(SLUG, 0, site.state.size)
    assert not any(payload and EMAIL.encode() in payload.data for payload in payloads)


def test_the_live_channel_tells_nothing_that_is_withheld(site: Site) -> None:
    said = site.wait(sites.fragments(site, TOPICS))
    assert SECRET.findall(said) == []


@pytest.mark.parametrize("asked", ["theme=Secretpendingtheme", "q=Secretpendingtext", "canal=papier"])
def test_a_search_does_not_tell_what_it_may_not_show(site: Site, asked: str) -> None:
    for status in ("pending", "hidden", "set_aside"):
        answer = site.get(f"/c/{SLUG}/temoignages?statut={status}&{asked}")
        assert "0 témoignage" in answer.text, status


FOOTER = re.compile(r'<footer class="colophon">.*?</footer>', re.DOTALL)
"""The foot of a page shows the last signed checkpoint, which another one replaces every half minute."""


def ballots_seen(site: Site, who: str) -> dict[str, str]:
    """Everything that person can read about the open poll, by address, with numbers and hashes removed."""
    paths = [
        f"/c/{SLUG}/scrutins/2",
        f"/c/{SLUG}/scrutins",
        f"/c/{SLUG}/amendements/2",
        f"/c/{SLUG}/personnes/{ELU}",
        f"/api/v1/c/{SLUG}/scrutins/2",
        f"/api/v1/c/{SLUG}/scrutins",
        f"/c/{SLUG}/seance",
    ]
    changing = re.compile(r'value="[\w-]{22}"|[\w/+=-]*\d[\w/+=,-]*')
    return {path: changing.sub("", FOOTER.sub("", site.get(path, who).text)) for path in paths}


@pytest.mark.parametrize("who", [VISITOR, SECOND, ORGANISER])
def test_a_choice_is_read_by_nobody_while_the_poll_is_open(site: Site, who: str) -> None:
    """V4: not even by those who run the session."""
    seen = {}
    for choice in Choice:
        site.do(ELU, c.CastBallot(2, choice))
        seen[choice] = ballots_seen(site, who)
        assert choice.value not in site.wait(sites.fragments(site, ["scrutin-2"])).lower()
    assert seen[Choice.FOR] == seen[Choice.AGAINST] == seen[Choice.ABSTAIN]
    last = site.get(f"/api/v1/c/{SLUG}/registre/{site.state.size - 1}", who).json()
    assert (last["payload"], last["salt"], last["absence"]) == (None, None, "open_poll")
    page = site.get(f"/c/{SLUG}/registre/{site.state.size - 1}", who).text
    assert "vote au scrutin n° 2." in page.replace("\u00a0", " ").replace("\u202f", " ")


def test_what_is_erased_leaves_the_disk(site: Site) -> None:
    """R8: the archive made before, the tables, the write-ahead log."""
    number = sites.testimony(site, lambda place: "Effaceblanc", "later")
    site.do(ORGANISER, c.PublishTestimony(number))
    assert b"Effaceblanc" in site.get(f"/c/{SLUG}/restitution.zip").content
    sites.redact(site, f"temoignage-{number}", say)

    def kept() -> list[str]:
        return [path.name for path in site.data.rglob("*") if path.is_file() and b"Effaceblanc" in path.read_bytes()]

    site.wait(until_soon(lambda: not kept(), lambda: f"still in {kept()}"))


def test_an_error_is_logged_without_what_people_said(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    """The log of a failed transaction holds its statement, never its words."""
    with sqlite3.connect(site.data / "pleniere.sqlite") as database:
        database.execute("DROP TABLE receipt")
    answer = site.post(f"/c/{SLUG}/temoignages", {"text": "Secretlog", "title": "Secretlog"})
    site.services.store.database.create_tables()
    assert answer.status_code == 500
    assert "receipt" in caplog.text
    assert "Secretlog" not in caplog.text
