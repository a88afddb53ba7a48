"""Ways of voting other than the roll-call, in real browsers: a show of hands with two tellers, and a secret
election.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.stage import DARK, DESK, NO_SCRIPT, PHONE, Stage, close, sound
from tests.server_process import Server

SLUG = "conseil"
MOTION = "# Le réseau partout\n\nVu la loi,\n\nDemande la fibre.\n\nDemande un délai.\n"
IN_THE_BOX = re.compile("[Bb]ulletin (est )?dans l’urne")
ELUS = ("Ana Un", "Bo Deux", "Cid Trois")


@pytest.fixture(scope="module")
def stage(playwright_browser: Browser, server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A congress with a frozen motion, every phase open."""
    with ExitStack() as stack:
        found = Stage(playwright_browser, server, SLUG, stack)
        motion = tmp_path_factory.mktemp("ways") / "motion.md"
        motion.write_text(MOTION)
        found.pleniere("create", SLUG, "--title", "Conseil", "--open")
        found.pleniere("import", SLUG, str(motion))
        yield found


@pytest.mark.slow
def test_hands_counted_by_two_and_a_secret_election(stage: Stage) -> None:
    """W6, W7, W8, W14, W20"""
    organiser = stage.invite("organiser", "Odile Bureau", **DESK)
    elus = [stage.invite("elu", name, **PHONE) for name in ELUS]
    screen = stage.enter(**DARK)
    stage.at(organiser, "motions/1").get_by_role("link", name="Geler le texte").first.click()
    expect(organiser.get_by_text("Aucun élu ne l’a encore repris.")).to_be_visible()
    expect(organiser.get_by_role("button", name="Geler la version")).to_be_disabled()
    sound(stage.at(elus[0], "motions/1")).get_by_role("button", name="Reprendre ce texte en mon nom").click()
    expect(sound(elus[0]).get_by_text(f"Texte proposé : fichier « motion.md ». Repris par {ELUS[0]}.")).to_be_visible()
    organiser.reload()
    organiser.get_by_role("button", name="Geler la version").click()
    show_of_hands(stage, organiser, elus[0], elus[1], screen)
    election(stage, organiser, elus, screen)
    assert [problem for problems in stage.problems for problem in problems] == []


def show_of_hands(stage: Stage, organiser: Page, first: Page, second: Page, screen: Page) -> None:
    """Two tellers, on their phones, do not agree: the chair sees where, and retains one count with a reason."""
    page = sound(stage.desk(organiser, "scrutins/ouvrir"))
    page.get_by_label("Sur quoi").select_option(label="Le réseau partout")
    page.get_by_label("À main levée").check()
    page.get_by_label("Premier scrutateur").select_option(label=ELUS[0])
    page.get_by_label("Second scrutateur").select_option(label=ELUS[1])
    page.get_by_role("button", name="Ouvrir le vote").click()
    expect(sound(stage.at(screen, "ecran")).get_by_text("Levez la main")).to_be_visible()
    for teller, (in_favour, against) in ((first, (2, 1)), (second, (1, 2))):
        stage.at(teller, "scrutins/1")
        for name, number in (("Pour", in_favour), ("Contre", against), ("Abstentions", 0), ("Présents", 3)):
            teller.get_by_label(name, exact=True).fill(str(number))
        sound(teller).get_by_role("button", name="Entrer ce compte").click()
        expect(teller.get_by_text("Vous avez compté")).to_be_visible()
    expect(second.locator("mark")).to_have_text(["2", "1", "1", "2"])
    expect(sound(stage.at(organiser, "scrutins/1")).get_by_text("Les comptes diffèrent.")).to_be_visible()
    organiser.get_by_text("Trancher entre les comptes").click()
    organiser.get_by_label(ELUS[0], exact=True).check()
    organiser.get_by_label("Raison, publique").nth(0).fill("La photo de la salle montre deux mains pour.")
    sound(organiser).get_by_role("button", name="Trancher", exact=True).click()
    close(organiser)
    expect(organiser.locator(".verdict").first).to_have_text("Adopté")
    expect(screen.locator(".verdict")).to_have_text("La motion est adoptée")


def election(stage: Stage, organiser: Page, elus: list[Page], screen: Page) -> None:
    """Two seats on a clock, two presses on a phone, with and without JavaScript; the last seat is a tie."""
    page = sound(stage.desk(organiser, "scrutins/election"))
    page.get_by_label("Fonction à pourvoir").fill("Bureau")
    page.get_by_label("Sièges").fill("2")
    for name in ELUS:
        page.get_by_label(name).check()
    page.get_by_label("Clôture").select_option(label="30 minutes après l’ouverture")
    page.get_by_role("button", name="Ouvrir le premier tour").click()
    sound(stage.at(elus[0], "voter"))
    elus[2] = stage.enter(**NO_SCRIPT, storage_state=elus[2].context.storage_state())
    for voter, names in zip(elus, (ELUS[:2], ELUS[:1], ELUS[::2]), strict=True):
        vote(stage.at(voter, "voter").locator("form.ballot-form"), names)
        expect(voter.get_by_text(IN_THE_BOX).first).to_be_visible()
        assert voter.get_by_role("checkbox").count() == 0
    expect(stage.at(elus[0], "voter").get_by_role("timer")).to_contain_text(":")
    expect(screen.locator(".counts dd").first).to_have_text("3")
    sound(screen)
    close(stage.at(organiser, "scrutins/2"))
    expect(sound(organiser).locator(".verdict")).to_have_text(f"Élu : {ELUS[0]}")
    expect(organiser.get_by_text("3 bulletins dans l’urne, 3 émargements : le compte y est.")).to_be_visible()
    expect(screen.locator(".verdict")).to_have_text(f"Élu : {ELUS[0]}")
    sound(screen)


def vote(booth: Locator, names: tuple[str, ...]) -> None:
    for name in names:
        booth.locator("label").filter(has_text=name).click()
        expect(booth.get_by_label(name)).to_be_checked()
    booth.get_by_role("button", name="Mettre dans l’urne").click()
