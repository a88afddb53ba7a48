"""A whole sitting: an élue presides from one page, another follows on a phone, the hall reads its screen (S9–S19)."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.stage import DARK, DESK, PHONE, Stage, settled, sound
from tests.server_process import Server

MOTION = """# Pour des guichets ouverts

## Demandes

- Demande que chaque commune garde un guichet ouvert deux jours par semaine.
- Demande que les horaires soient affichés à la porte.
- Demande que le téléphone réponde.
"""
BEGUN = "2020-01-01T00:00:00.000Z"


@dataclass
class Hall:
    """The organiser, the élue who presides, an élu on his phone, the screen."""

    olga: Page
    chantal: Page
    paul: Page
    screen: Page


@pytest.mark.slow
def test_a_sitting_is_conducted_from_one_page(
    playwright_browser: Browser, start_server: Callable[..., Server], tmp_path: Path
) -> None:
    with ExitStack() as stack:
        stage = Stage(playwright_browser, start_server(demo=False), "guichets", stack)
        hall = gather(stage, tmp_path)
        early = stage.at(stage.enter(**DESK), "motions/1/edition")
        expect(early.locator(".draft > section")).to_have_count(3)
        debate(stage, hall.olga, hall.paul)
        open_sitting(stage, hall)
        call_together(hall)
        suspend(hall)
        vote(stage, hall)
        settle_and_revert(hall)
        call_out_of_turn(hall)
        raise_hands(stage, hall)
        adjourn(stage, hall)
        amend_what_was_adopted(stage, hall, early)
        assert [problem for found in stage.problems for problem in found] == []


def gather(stage: Stage, folder: Path) -> Hall:
    (folder / "motion.md").write_text(MOTION, "utf-8")
    stage.pleniere("create", stage.slug, "--title", "Congrès des guichets")
    stage.pleniere("import", stage.slug, str(folder / "motion.md"))
    olga = stage.invite("organiser", "Olga Orsini", **DESK)
    chantal = stage.invite("elu", "Chantal Chevrier", **DARK)
    paul = stage.invite("elu", "Paul Perrin", **PHONE)
    return Hall(olga, chantal, paul, stage.at(stage.enter(**DESK), "ecran"))


def ask(stage: Stage, page: Page, name: str, **data: Any) -> None:
    """A command by whoever is signed in there, as a program would send it."""
    address = f"{stage.server.url}/api/v1/c/{stage.slug}/commandes"
    answer = page.request.post(address, data={"name": name, "data": data}, headers={"Origin": stage.server.url})
    assert answer.ok, answer.text()


def debate(stage: Stage, olga: Page, paul: Page) -> None:
    """A frozen text and four amendments: two change the same words, one deletes, one adds."""
    for phase in ("amendements", "vote"):
        ask(stage, olga, "phase.set", phase=phase, opens=BEGUN)
    ask(stage, paul, "motion.take_up", motion=1)
    ask(stage, olga, "motion.freeze", motion=1)
    text = olga.request.get(f"{stage.server.url}/api/v1/c/{stage.slug}/motions/1").json()["frozen"][0]
    first, second, _ = (clause["id"] for clause in text["clauses"])
    for aim, clause, words in (
        ("rewrite", first, "Demande que chaque commune garde un guichet ouvert quatre jours par semaine."),
        ("rewrite", first, "Demande que chaque commune garde un guichet ouvert tous les jours."),
        ("delete", second, ""),
        ("insert", second, "Demande que le café soit chaud."),
    ):
        kind = "demande" if aim == "insert" else ""
        given = {"motion": 1, "aim": aim, "clause": clause, "text": words, "new_kind": kind, "rationale": "Oui."}
        ask(stage, paul, "amendment.table", **given)


def open_sitting(stage: Stage, hall: Hall) -> None:
    stage.at(hall.paul, "seance")
    stage.at(hall.olga, "seance")
    hall.olga.get_by_label("Présidence de séance").select_option(label="Chantal Chevrier")
    press(hall.olga, "Ouvrir la séance")
    expect(hall.paul.get_by_text("présidée par")).to_be_visible()
    sound(stage.at(hall.chantal, "seance"))


def call_together(hall: Hall) -> None:
    """S16: what changes the same words is proposed for one debate; everybody sees it without a new page."""
    unfold(hall.chantal, "Discussion commune")
    hall.chantal.get_by_role("button", name="Réunir — 1, 2").click()
    press(hall.chantal, "Appeler la discussion commune n° 1")
    expect(hall.paul.get_by_role("heading", name="Discussion commune n° 1")).to_be_visible()
    expect(hall.screen.locator(".stage-list > li")).to_have_count(2)
    expect(hall.paul.locator(".calls > .now")).to_have_count(2)
    sound(hall.paul)


def suspend(hall: Hall) -> None:
    """S18"""
    unfold(hall.chantal, "Suspendre, présider, lever la séance")
    hall.chantal.get_by_label("Raison, publique").locator("visible=true").fill("Dix minutes de pause.")
    press(hall.chantal, "Suspendre la séance")
    expect(hall.screen.get_by_role("heading", name="Séance suspendue")).to_be_visible()
    expect(hall.paul.get_by_text("Dix minutes de pause.")).to_be_visible()
    expect(hall.chantal.get_by_role("button", name="Ouvrir le vote")).to_have_count(0)
    sound(hall.chantal)
    press(hall.chantal, "Reprendre la séance")
    expect(hall.screen.locator(".stage-list > li")).to_have_count(2)


def vote(stage: Stage, hall: Hall) -> None:
    """The chair votes too; to close is asked twice, and the hall reads the result."""
    press(hall.chantal, "Ouvrir le vote sur le n° 2")
    expect(hall.screen.get_by_text("Vote en cours")).to_be_visible()
    hall.paul.get_by_role("link", name="Vote ouvert : aller voter").click()
    hall.paul.wait_for_url("**/voter")
    ask(stage, hall.paul, "ballot.cast", poll=1, choice="pour")
    ask(stage, hall.chantal, "ballot.cast", poll=1, choice="pour")
    stage.at(hall.paul, "seance")
    close(hall.chantal)
    expect(hall.screen.get_by_text("Adopté", exact=True)).to_be_visible()
    expect(hall.paul.locator("[data-live=suite]")).to_contain_text("Scrutin n° 1 : 2 pour, 0 contre, 0 abstention.")


def settle_and_revert(hall: Hall) -> None:
    """S13, S14: what falls is proposed, stated, then taken back in front of everybody."""
    expect(hall.chantal.get_by_text("1 sort à constater")).to_be_visible()
    unfold(hall.chantal, "Voir et décider")
    sound(hall.chantal)
    press(hall.chantal, "Constater ce sort")
    expect(hall.paul.locator("[data-live=suite]")).to_contain_text("Tombé")
    unfold(hall.chantal, "Défaire :")
    act = hall.chantal.locator(".chair-undo", has_text="Sort fixé sans vote")
    act.get_by_label("Pourquoi, publiquement").fill("Erreur de lecture.")
    act.get_by_role("button", name="Rapporter cet acte").click()
    expect(hall.chantal.get_by_text("1 sort à constater")).to_be_visible()
    hall.paul.get_by_text("Actes de la présidence").click()
    expect(hall.paul.get_by_text("Erreur de lecture.").first).to_be_visible()
    unfold(hall.chantal, "Voir et décider")
    press(hall.chantal, "Constater ce sort")


def call_out_of_turn(hall: Hall) -> None:
    """S15, S19: another one is called with a reason, which is due; its author says in the hall that he withdraws it."""
    unfold(hall.chantal, "Appeler un autre amendement")
    box = hall.chantal.locator("details", has_text="Appeler un autre amendement")
    box.locator("[name=amendment]").select_option("3")
    box.get_by_label("Pourquoi hors de son tour").fill("Son auteur prend le train.")
    box.get_by_role("button", name="Appeler", exact=True).click()
    expect(hall.paul.get_by_role("heading", name="Amendement n° 3")).to_be_visible()
    unfold(hall.chantal, "Fixer son sort sans vote")
    box = hall.chantal.locator("details", has_text="Fixer son sort sans vote")
    box.get_by_label("Sort", exact=True).select_option("retire")
    box.get_by_label("Raison, publique").fill("Retiré par Paul Perrin, au micro.")
    press(hall.chantal, "Fixer ce sort")
    expect(hall.screen.get_by_text("Retiré", exact=True)).to_be_visible()


def raise_hands(stage: Stage, hall: Hall) -> None:
    """W7: hands are counted by the organiser, on the same page."""
    press(hall.chantal, "Appeler le n° 4")
    unfold(hall.chantal, "Voter autrement")
    hall.chantal.get_by_label("À main levée").check()
    box = hall.chantal.locator("details", has_text="Voter autrement")
    box.get_by_role("button", name="Ouvrir le vote").click()
    expect(hall.screen.get_by_text("Levez la main")).to_be_visible()
    stage.at(hall.olga, "seance")
    for name, count in {"Pour": 0, "Contre": 2, "Abstentions": 0, "Présents": 2}.items():
        hall.olga.locator(".chair-poll").get_by_label(name, exact=True).fill(str(count))
    press(hall.olga, "Entrer ce compte")
    expect(hall.chantal.get_by_text("1 compte entré")).to_be_visible()
    close(hall.chantal)
    expect(hall.screen.get_by_text("Rejeté", exact=True)).to_be_visible()
    expect(hall.paul.get_by_text("Tous les amendements ont leur sort")).to_be_visible()


def adjourn(stage: Stage, hall: Hall) -> None:
    unfold(hall.chantal, "Suspendre, présider, lever la séance")
    hall.chantal.get_by_text("Lever la séance n° 1").click()
    hall.chantal.get_by_role("button", name="Lever la séance", exact=True).click()
    expect(hall.paul.get_by_text("levée le")).to_be_visible()
    minutes = sound(stage.at(hall.paul, "seance/1")).locator(".minutes")
    for told in ("Dix minutes de pause.", "Erreur de lecture.", "Son auteur prend le train.", "lève la séance"):
        expect(minutes.get_by_text(told).first).to_be_visible()
    expect(minutes.locator(".undone")).to_have_count(1)
    sound(stage.at(hall.paul, "seance/deroule?tout=1"))


def amend_what_was_adopted(stage: Stage, hall: Hall, early: Page) -> None:
    """A45, A50: what is adopted is marked where one amends, and numbered where the text was open before the freeze."""
    text = hall.olga.request.get(f"{stage.server.url}/api/v1/c/{stage.slug}/motions/1").json()["frozen"][0]
    first = text["clauses"][0]["id"]
    added = {"motion": 1, "aim": "insert", "clause": first, "text": "Demande un banc.", "new_kind": "demande"}
    ask(stage, hall.paul, "amendment.table", **added, rationale="Oui.")
    ask(stage, hall.olga, "poll.open", subject="amendement-5")
    for page in (hall.paul, hall.chantal):
        ask(stage, page, "ballot.cast", poll=3, choice="pour")
    ask(stage, hall.olga, "poll.close", poll=3)
    labels = early.locator(".draft > section")
    for n, label in enumerate(("Demande 1", "Demande 1 bis", "Demande 2", "Demande 3")):
        expect(labels.nth(n)).to_have_attribute("data-label", label)
    stage.at(hall.paul, f"amendements/nouveau?motion=1&cible=rewrite:{first}")
    marked = hall.paul.locator(".draft mark.adopted")
    expect(marked).to_have_text("tous les")
    expect(marked).to_have_attribute("title", "Adopté\u00a0: amendement n° 2")
    sound(hall.paul)


# What the chair's hands do


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).first.click()


def unfold(page: Page, name: str) -> None:
    shut = settled(page).locator("details:not([open]) > summary", has_text=name)
    summary: Locator = page.locator("summary", has_text=name).first
    expect(summary).to_be_visible()
    if shut.count():
        summary.click()


def close(page: Page) -> None:
    page.locator(".sure > summary", has_text="Clore le scrutin").click()
    press(page, "Clore le scrutin et proclamer")
