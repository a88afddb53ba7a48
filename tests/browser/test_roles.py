"""What an élu, an organiser, a scribe and a visitor see and do: the table of `deliberation.congress.people` (P1–P4)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.stage import DESK, NO_SCRIPT, Stage, open_a_poll, sound
from tests.server_process import Server

WHO = {"elu": "Ysé Calvet", "organiser": "Odile Maréchal", "scribe": "Sami Roux", "visitor": ""}
DRAFTED, FROZEN = 2, 1
"""Motions of the demonstration: one being written, one frozen or voted."""

OFFERS: dict[str, dict[str, set[str]]] = {
    "temoignages": {"Témoigner": {"elu", "organiser", "scribe", "visitor"}},
    "cartes": {"Ouvrir la carte": {"elu", "organiser", "scribe"}},
    "cartes/1": {"Travailler à la carte": {"elu", "organiser", "scribe"}},
    "motions": {"Ouvrir la motion": {"elu", "organiser"}},
    f"motions/{DRAFTED}": {"Écrire": {"elu"}},
    "amendements": {"Déposer un amendement": {"elu"}},
    "seance": {
        "Suspendre la discussion": {"organiser"},
        "Écran de projection": {"elu", "organiser", "scribe", "visitor"},
    },
    "temoignages/1": {"Créer l’extrait": {"elu", "organiser", "scribe"}, "Masquer": {"organiser"}},
}
"""Page, then the button or link, then the roles to whom it is offered."""

DESKS = ("", "reglages", "personnes", "moderation", "import", "scrutins/ouvrir", "caviardages")


@pytest.fixture(scope="module")
def stage(playwright_browser: Browser, server: Server) -> Iterator[Stage]:
    with ExitStack() as stack:
        yield Stage(playwright_browser, server, "demo", stack)


@pytest.fixture(scope="module")
def people(stage: Stage) -> dict[str, Page]:
    """One person of each role, and a visitor, each in a browser of their own."""
    return {role: stage.invite(role, name, **DESK) if name else stage.enter(**DESK) for role, name in WHO.items()}


@pytest.fixture(params=WHO)
def role(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.mark.slow
def test_each_role_is_offered_what_it_may_do(stage: Stage, people: dict[str, Page], role: str) -> None:
    """P2: the interface offers an act to those who may take it, and to nobody else."""
    page = people[role]
    for path, acts in OFFERS.items():
        stage.at(page, path)
        for name, roles in acts.items():
            offered = page.get_by_role("link", name=name, exact=True).or_(
                page.get_by_role("button", name=name, exact=True)
            )
            assert (offered.count() > 0) == (role in roles), f"{path}: {name} for {role}"


@pytest.mark.slow
def test_only_elus_write(stage: Stage, people: dict[str, Page], role: str) -> None:
    """P3: the others read the motion while it is written, and are told why they do not write it."""
    page = stage.at(people[role], f"motions/{DRAFTED}/edition")
    draft = page.locator(".draft")
    expect(draft).to_have_attribute("contenteditable", "true" if role == "elu" else "false")
    expect(draft).not_to_be_empty()
    assert (page.locator(".notice.careful").count() > 0) == (role != "elu")


@pytest.mark.slow
def test_only_organisers_come_to_the_desk(stage: Stage, people: dict[str, Page], role: str) -> None:
    """P2: 401 asks a visitor to sign in, 403 tells another role that the page is not theirs."""
    expected = {"organiser": 200, "visitor": 401}.get(role, 403)
    for path in (f"/organisation/demo/{desk}" for desk in DESKS):
        answer = people[role].goto(path)
        assert answer is not None
        assert answer.status == expected, path


@pytest.mark.slow
@pytest.mark.parametrize("role", ["organiser", "scribe", "visitor"])
def test_nobody_else_votes_or_amends(stage: Stage, people: dict[str, Page], role: str) -> None:
    """P3, P4: refused by the server too, with a sentence for the person, when the page is bypassed."""
    page = stage.at(people[role])
    forms: tuple[tuple[str, dict[str, str | float | bool]], ...] = (
        ("scrutins/1", {"choix": "pour"}),
        ("amendements", {"motion": str(FROZEN), "cible": "title", "text": "Autre", "etape": "deposer"}),
    )
    for path, data in forms:
        answer = page.request.post(
            f"/c/demo/{path}", form=data | {"commande": "x" * 16}, headers={"Origin": stage.server.url}
        )
        assert answer.status == 403, path
        assert "élus" in answer.text() or "Connectez-vous" in answer.text()


@pytest.mark.slow
def test_a_scribe_names_nobody_without_their_consent(stage: Stage, people: dict[str, Page]) -> None:
    """T3"""
    page = stage.at(people["scribe"], "temoignages/nouveau")
    page.get_by_label("Le témoignage").fill("Dit à voix basse.")
    page.locator("[name=speaker_name]").fill("Gaston Rivière")
    page.get_by_role("button", name="Envoyer").click()
    expect(page.locator("#recu")).to_contain_text("déposé.")
    expect(page.get_by_text("Une personne qui n’a pas donné son nom")).to_be_visible()
    assert "Gaston Rivière" not in page.content()


# Forms keep what was typed


@pytest.mark.slow
def test_a_refused_form_gives_back_what_was_typed(stage: Stage, people: dict[str, Page]) -> None:
    """S5: the sentence stands beside the field and at the top, where it has the focus."""
    desk = stage.desk(people["organiser"], "caviardages")
    desk.get_by_label("Ce qu’il faut effacer").fill("temoignage-99999")
    desk.get_by_label("Motifs").fill("Demandé par courrier.")
    desk.get_by_role("button", name="Demander le caviardage").click()
    expect(sound(desk).get_by_role("alert")).to_be_focused()
    expect(desk.get_by_label("Motifs")).to_have_value("Demandé par courrier.")
    expect(desk.get_by_label("Ce qu’il faut effacer")).to_have_value("temoignage-99999")


@pytest.mark.slow
@pytest.mark.parametrize("path", ["motions", "cartes"])
def test_an_empty_title_is_said_beside_its_field(stage: Stage, people: dict[str, Page], path: str) -> None:
    page = stage.at(people["elu"], path)
    page.get_by_label("Titre").fill("   ")
    page.get_by_role("button", name="Ouvrir la").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("Titre")).to_have_attribute("aria-invalid", "true")
    sound(page)


# Without JavaScript


@pytest.fixture(scope="module")
def plain(stage: Stage) -> Page:
    """An élue on a phone that runs no JavaScript: she pastes her link."""
    page = stage.enter(**NO_SCRIPT)
    page.goto("/connexion")
    page.get_by_label("Votre lien personnel").fill(stage.server.invite("elu", "Zoé Tanguy", stage.slug))
    page.get_by_role("button", name="Me connecter").click()
    expect(page.locator(".own > summary")).to_contain_text("Zoé Tanguy")
    return page


@pytest.mark.slow
def test_reading_needs_no_javascript(stage: Stage, plain: Page) -> None:
    for path in ("", "temoignages/1", "cartes/1", f"motions/{FROZEN}", f"motions/{DRAFTED}/edition", "registre"):
        expect(stage.at(plain, path).locator("main")).not_to_be_empty()
    expect(stage.at(plain, "cartes/1").locator("figure svg")).to_be_visible()
    expect(stage.at(plain, f"motions/{DRAFTED}/edition").locator("main")).to_contain_text("Demande 1")


@pytest.mark.slow
def test_voting_needs_no_javascript(stage: Stage, people: dict[str, Page], plain: Page) -> None:
    """V3: the last ballot counts."""
    number = opened_poll(stage, people["organiser"])
    stage.at(plain, "voter")
    for choice in ("Contre", "Pour"):
        ballot = plain.locator(f'[data-booth-poll="{number}"]')
        ballot.get_by_label(choice).check()
        ballot.get_by_role("button", name="Confirmer mon vote").click()
        expect(ballot.get_by_text(f"Vote enregistré : {choice}.")).to_be_visible()
    closing = stage.at(people["organiser"], f"scrutins/{number}")
    closing.locator("summary").filter(has_text="Clore le scrutin").click()
    closing.get_by_role("button", name="Clore le scrutin").click()
    row = stage.at(plain, f"scrutins/{number}").get_by_role("row", name="Zoé Tanguy")
    expect(row).to_contain_text("Pour")


def opened_poll(stage: Stage, organiser: Page) -> str:
    """The number of a poll that opened after everybody here arrived, on an amendment that waits."""
    open_a_poll(stage, organiser)
    link = organiser.locator(".chair-poll").last.locator("a").first
    return str(link.get_attribute("href")).rpartition("/")[2]


# Every page of those who are signed in


@pytest.mark.slow
@pytest.mark.parametrize(
    "path", ["/organisation/", "/organisation/nouveau", *(f"/organisation/demo/{desk}" for desk in DESKS)]
)
def test_a_page_of_the_desk_is_accessible(people: dict[str, Page], path: str) -> None:
    people["organiser"].goto(path)
    sound_everywhere(people["organiser"])


@pytest.mark.slow
@pytest.mark.parametrize(
    "path",
    [
        "",
        "temoignages/nouveau",
        "temoignages/1",
        "cartes",
        "cartes/1/edition",
        "motions",
        f"motions/{DRAFTED}/edition",
        "amendements/nouveau",
        f"amendements/nouveau?motion={FROZEN}",
        "seance",
    ],
)
def test_a_page_of_an_elu_is_accessible(stage: Stage, people: dict[str, Page], path: str) -> None:
    page = stage.at(people["elu"], path)
    if path.endswith("edition"):
        expect(page.locator(".saving__text")).to_have_text("Enregistré")
    sound_everywhere(page)


def sound_everywhere(page: Page) -> None:
    """On a phone in daylight and on a wide screen in the dark."""
    for width, scheme in ((360, "light"), (1440, "dark")):
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        sound(page)
