"""« À traiter »: one queue for what waits for an organiser; acts say what they saw; the steps of preparation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from deliberation import seen
from deliberation.kernel import commands as c
from deliberation.kernel import ids
from deliberation.kernel.vocabulary import Aim, CongressIdentity, Outcome, Phase, Role
from server.pages.organisation.preparation import steps
from tests.server import sites
from tests.server.sites import ELU, ORGANISER, OTHER, SCRIBE, SLUG, Site

QUEUE = f"/organisation/{SLUG}/"
ITEM = re.compile(r'class="sheet queue-item" id="([\w-]+)"')


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A congress with a frozen motion, then a testimony, an amendment, a redaction and another testimony, which wait in
    this order.
    """
    with sites.opened(tmp_path) as opened:
        sites.found(opened)
        sites.motion(opened, sites.plainly)
        for a in list(opened.state.amendments.values()):
            if a.outcome is None and a.status == "tabled":
                opened.do(ORGANISER, c.AdmitAmendment(a.number))
        opened.do(SCRIBE, c.SubmitTestimony(text="Le car du matin.", consent=True))
        text = opened.state.motions[1].text
        assert text is not None
        last = text.clauses[-1]
        opened.do(ELU, c.TableAmendment(1, Aim.REWRITE, last.id, f"{last.markdown} Vite.", rationale="Il y a urgence."))
        opened.do(OTHER, c.ProposeRedaction("temoignage-1", "RGPD", "Une personne privée."))
        opened.do(SCRIBE, c.SubmitTestimony(text="La halle du bourg.", consent=True))
        yield opened


def shown(site: Site, who: str = ORGANISER) -> list[str]:
    return ITEM.findall(site.get(QUEUE, who).text)


def act(site: Site, document: str, name: str, who: str = ORGANISER, **more: str) -> httpx.Response:
    mark = seen.mark(site.state, document)
    return site.post(QUEUE, {"objet": document, "acte": name, "vu": mark} | more, who)


def amendment(site: Site) -> str:
    return ids.document(ids.AMENDMENT, max(site.state.amendments))


def test_what_waits_stands_in_one_queue_oldest_first(site: Site) -> None:
    page = site.get(QUEUE, ORGANISER).text
    assert ITEM.findall(page) == ["temoignage-1", amendment(site), "caviardage-1", "temoignage-2"]
    for words in ("Le car du matin.", "Il y a urgence.", "Une personne privée.", "4 choses attendent"):
        assert words in page.replace("\N{NO-BREAK SPACE}", " "), words


def test_each_act_leads_to_the_next(site: Site) -> None:
    tabled = amendment(site)
    after = act(site, tabled, "irrecevable", reason="Hors du sujet.")
    assert after.headers["location"].endswith("#caviardage-1")
    found = site.state.amendments[max(site.state.amendments)]
    assert (found.outcome, found.reason) == (Outcome.INADMISSIBLE, "Hors du sujet.")
    assert act(site, "temoignage-2", "publier").headers["location"].endswith("#caviardage-1")
    assert act(site, "caviardage-1", "effacer").headers["location"].partition("?")[0] == QUEUE
    assert (site.state.testimonies[1].status, site.state.testimonies[2].status) == ("redacted", "published")
    assert shown(site) == []
    assert "Rien n’attend l’organisation." in site.get(QUEUE, ORGANISER).text


def test_an_amendment_is_admitted_and_a_testimony_set_aside(site: Site) -> None:
    tabled = amendment(site)
    assert act(site, tabled, "admettre").status_code == 303
    assert site.state.amendments[ids.split(tabled)[1]].status == "admitted"
    missing = act(site, "temoignage-2", "ecarter")
    assert missing.status_code == 422
    assert 'id="erreur-reason-temoignage-2"' in missing.text
    act(site, "temoignage-2", "ecarter", reason="Déjà dit.")
    assert site.state.testimonies[2].reason == "Déjà dit."


def test_what_changed_meanwhile_is_told_and_what_was_typed_stays(site: Site) -> None:
    """S20"""
    stale = seen.mark(site.state, "temoignage-2")
    act(site, "temoignage-2", "publier", OTHER)
    late = site.post(
        QUEUE,
        {"objet": "temoignage-2", "acte": "ecarter", "vu": stale, "reason": "Une réclame pour le car."},
        ORGANISER,
    )
    assert late.status_code == 409
    assert "n’est plus dans la file" in late.text
    assert "Une réclame pour le car." in late.text
    assert site.state.testimonies[2].status == "published"


def test_who_asked_for_a_redaction_does_not_decide_it(site: Site) -> None:
    own = site.get(QUEUE, OTHER).text
    assert 'value="effacer"' not in own
    assert act(site, "caviardage-1", "effacer", OTHER).status_code == 422
    assert act(site, "caviardage-1", "refuser", reason="Rien de privé.").status_code == 303


@pytest.mark.parametrize("who", ["", ELU, SCRIBE])
def test_nobody_else_sees_or_acts(site: Site, who: str) -> None:
    expected = 403 if who else 401
    assert site.get(QUEUE, who).status_code == expected
    assert act(site, "temoignage-2", "publier", who).status_code == expected


@pytest.mark.parametrize("document", ["", "temoignage-", "temoignage-99", "motion-1", "temoignage-9999999999999999"])
def test_what_is_not_in_the_queue_is_refused(site: Site, document: str) -> None:
    assert act(site, document, "publier").status_code in (404, 422)


def test_the_steps_of_preparation_follow_the_record(tmp_path: Path) -> None:
    with sites.opened(tmp_path) as site:
        site.do(ids.CONGRESS, c.CreateCongress(SLUG, "Essai", "localhost:8000/c/essai/registre"))
        site.do(ids.CONGRESS, c.InvitePerson("Cid", Role.ORGANISER))
        assert [step.done for step in steps(site.state)] == [True, False, False, False, False]
        assert "Préparer le congrès" in site.get(QUEUE, "p1").text
        site.do("p1", c.SetPhase(Phase.VOTE, "2020-01-01T00:00:00.000Z"))
        site.do("p1", c.ChangeCongress("Essai", "Deux jours.", "Brest", True))
        site.do("p1", c.IdentifyCongress(CongressIdentity(contact="a@b.example", legal="Mairie de Bourg.")))
        assert [step.done for step in steps(site.state)] == [True, True, True, True, False]
        site.do("p1", c.InvitePerson("Ana", Role.ELU))
        assert steps(site.state) == ()
        assert "Préparer le congrès" not in site.get(QUEUE, "p1").text


def test_four_pages_and_what_lies_below_them(site: Site) -> None:
    current = re.compile(r'<li><a href="/organisation/essai/([\w]*)" aria-current="(page|true)">')
    pages = {"": "", "moderation": "", "caviardages": "", "personnes": "personnes", "electeurs": "personnes"}
    pages |= {"reglages": "reglages", "regles": "reglages", "import": "import"}
    for path, section in pages.items():
        page = site.get(f"{QUEUE}{path}", ORGANISER).text
        nav = page[page.index('class="second') : page.index("</nav>", page.index('class="second'))]
        assert current.findall(nav) == [(section, "page" if path == section else "true")], path
        assert set(re.findall(r'href="/organisation/essai/(\w*)"', nav)) == {"", "personnes", "reglages", "import"}
