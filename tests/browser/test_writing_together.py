"""Two élus write one motion at once, each in a browser of their own; an organiser may only read."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import zip_longest
from typing import Any

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from tests.browser.stage import DESK, PHONE, sound

SignIn = Callable[..., Page]
DRAFT = "/c/demo/motions/2/edition"
WORDS = """all => all.map((paragraph) => {
  const copy = paragraph.cloneNode(true);
  copy.querySelectorAll(".caret, ins").forEach((caret) => caret.remove());
  return copy.textContent;
})"""


@dataclass
class Line:
    """A page's line to the server, on which messages can be held back."""

    page: Page
    held: list[Callable[[], None]] | None = None

    def __post_init__(self) -> None:
        self.page.route_web_socket(re.compile("/sync/"), self._join)

    def _join(self, socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()
        socket.on_message(partial(self._carry, server))
        server.on_message(partial(self._carry, socket))

    def _carry(self, to: WebSocketRoute, message: str | bytes) -> None:
        if self.held is None:
            to.send(message)
        else:
            self.held.append(partial(to.send, message))

    def hold(self) -> None:
        self.held = []

    def release(self) -> None:
        held, self.held = self.held or [], None
        for send in held:
            send()


def opened(page: Page, editable: bool = True) -> Page:
    page.goto(DRAFT)
    expect(page.locator(".draft")).to_have_attribute("contenteditable", "true" if editable else "false")
    if editable:  # what is typed before the whole text is here may stand elsewhere in it
        expect(page.get_by_text("Enregistré").first).to_be_visible()
    return page


def write(page: Page, text: str) -> None:
    page.locator(".draft p").last.click()
    page.keyboard.press("End")
    page.keyboard.type(text)


@pytest.mark.slow
def test_two_elus_see_each_other_write(sign_in: SignIn) -> None:
    ada, bao = opened(sign_in("elu", "Ada Lormeau")), opened(sign_in("elu", "Bao Kerdoncuff"))
    write(ada, " Ajouté par Ada.")
    expect(bao.locator(".draft")).to_contain_text("Ajouté par Ada.")
    write(bao, " Ajouté par Bao.")
    expect(ada.locator(".draft")).to_contain_text("Ajouté par Bao.")
    expect(ada.get_by_text("Bao Kerdoncuff").first).to_be_attached()


@pytest.mark.slow
def test_what_was_written_is_there_after_a_reload(sign_in: SignIn) -> None:
    page = opened(sign_in("elu", "Cléo Mazurel"))
    write(page, " Gardé pour toujours.")
    expect(page.get_by_text("Enregistré").first).to_be_visible()
    page.reload()
    expect(page.locator(".draft")).to_contain_text("Gardé pour toujours.")


@pytest.mark.slow
def test_an_organiser_reads_and_cannot_write(sign_in: SignIn) -> None:
    page = opened(sign_in("organiser", "Dana Vilmorin"), editable=False)
    expect(page.locator(".draft")).not_to_be_empty()


@pytest.mark.slow
def test_a_comment_follows_its_words_and_a_suggestion_is_accepted(sign_in: SignIn) -> None:
    """K1, K3, K4"""
    ada, bao = opened(sign_in("elu", "Ada Lormeau")), opened(sign_in("elu", "Bao Kerdoncuff"))
    words = ada.locator(".draft__clause p").nth(1)
    words.click()
    ada.keyboard.press("Home")
    ada.keyboard.press("Control+Shift+ArrowRight")
    ada.keyboard.press("Control+Alt+m")
    ada.get_by_label("Votre commentaire").fill("Faut-il le dire ?")
    ada.get_by_role("button", name="Publier", exact=True).click()
    card = bao.get_by_role("complementary", name="Remarques").locator("li", has_text="Faut-il le dire ?")
    expect(card).to_be_visible()
    clause = bao.locator(".draft__clause").nth(1)
    said = clause.locator("mark.remarked").inner_text()
    words.click()
    ada.keyboard.press("Home")
    ada.keyboard.type("Or ")
    expect(bao.locator(".draft__clause p").nth(1)).to_contain_text("Or ")
    expect(clause.locator("mark.remarked")).to_have_text(said)
    bao.locator(".draft__clause p").nth(1).click()
    bao.keyboard.press("Control+Alt+s")
    bao.keyboard.press("Control+End")
    bao.keyboard.type(" Suggéré.")
    expect(bao.get_by_role("group", name="Votre suggestion")).to_be_visible()
    sound(bao)
    bao.keyboard.press("Control+Enter")
    expect(ada.locator(".draft__clause").nth(1).locator("ins")).to_have_text(re.compile("Suggéré"))
    card = ada.get_by_role("complementary", name="Remarques").locator("li", has_text="Suggéré.")
    card.get_by_role("button", name="Accepter la suggestion").click()
    expect(clause).to_contain_text("Suggéré.")
    expect(clause.locator("ins")).to_have_count(0)
    sound(ada)
    phone = opened(sign_in("elu", "Cléo Mazurel", **PHONE))
    phone.get_by_role("button", name="Volet").click()
    phone.get_by_role("tab", name="Remarques").click()
    expect(phone.get_by_text("Faut-il le dire ?")).to_be_visible()
    sound(phone)


@pytest.mark.slow
def test_who_wrote_what_is_seen_at_once_and_agrees_with_the_history(sign_in: SignIn) -> None:
    """M12"""
    ada, bao = opened(sign_in("elu", "Ada Savary")), opened(sign_in("elu", "Bao Savary"))
    ada.get_by_role("tab", name="Auteurs").click()
    legend = ada.get_by_role("region", name="Les auteurs de ce texte")
    expect(legend.get_by_role("listitem").first).to_contain_text("% des lettres")
    write(bao, " Ces mots de Bao.")
    written = ada.locator("[data-author][title='Bao Savary']").filter(has_text="mots de Bao.")
    expect(written).to_have_count(1)
    recorded = legend.get_by_role("listitem").filter(has_text="Bao Savary").filter(has_text="%")
    expect(recorded).to_be_visible()
    sound(ada)
    shown = legend.get_by_role("listitem").all_inner_texts()
    bao.goto(DRAFT.replace("edition", "historique?voir=auteurs"))
    expect(bao.locator(".legend li").filter(has_text="Bao Savary")).to_have_text(
        next(line for line in shown if "Bao Savary" in line)
    )


@pytest.mark.slow
@pytest.mark.parametrize("look", [DESK, PHONE], ids=["desk", "phone"])
def test_the_whole_window_is_for_the_text(sign_in: SignIn, look: dict[str, Any]) -> None:
    """The sheet begins in the upper part of the window, choosing an addressee moves nothing, Ctrl+S answers."""
    page = opened(sign_in("elu", "Ève Tanguy", **look))
    top = page.locator(".draft").bounding_box()
    assert top is not None
    assert top["y"] < page.viewport_size["height"] / 4  # type: ignore[index]
    demand = page.locator('.draft [data-label^="Demande"] p').first
    if look is DESK:
        expect(page.get_by_role("complementary", name="Remarques")).to_be_visible()
    demand.scroll_into_view_if_needed()
    demand.click()
    page.locator(".draft .motion-title, .draft h1").first.click()
    before = page.locator(".draft").bounding_box()
    demand.click()
    expect(page.get_by_label("Destinataire").first).to_be_visible()
    after = page.locator(".draft").bounding_box()
    assert before is not None
    assert after is not None
    assert after["height"] == before["height"]
    page.keyboard.press("Control+s")
    expect(page.locator(".announcer")).to_have_text(re.compile(r"Tout est enregistré(, à \d+\sh\s\d\d)?\."))
    page.keyboard.press("F1")
    sheet = page.get_by_role("dialog", name="Raccourcis clavier")
    expect(sheet).to_be_visible()
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    sound(page)


@pytest.mark.slow
def test_words_are_cited_from_the_idea_that_rests_on_them(sign_in: SignIn) -> None:
    page = opened(sign_in("elu", "Dora Lescure", **PHONE))
    cited = page.locator(".draft__clause").nth(3).locator(".citation")
    before = cited.count()
    page.locator(".draft__clause").nth(3).locator("p").click()
    page.get_by_role("button", name="Citer un témoignage").click()
    page.get_by_role("tab", name="Carte").click()
    sound(page)
    page.get_by_label("Chercher une idée").fill("couvertes par trois")
    page.get_by_role("button", name="Citer :").first.click()
    expect(cited).to_have_count(before + 1)


def words(page: Page) -> list[str]:
    """The paragraphs of the motion, without the cursors and suggestions of others that the page shows in them."""
    found: list[str] = page.locator(".draft__clause p").evaluate_all(WORDS)
    return found


def caret_at_end(page: Page, clause: int) -> None:
    page.locator(".draft__clause p").nth(clause).click()
    page.keyboard.press("End")


@pytest.mark.slow
def test_two_sentences_typed_at_one_place_stay_two_sentences(sign_in: SignIn) -> None:
    ada, bao = opened(sign_in("elu", "Ada Lormeau")), opened(sign_in("elu", "Bao Kerdoncuff"))
    first, second = " Les digues tiennent encore.", " La gare rouvre au printemps."
    for page in (ada, bao):
        caret_at_end(page, 2)
    for one, other in zip_longest(first, second, fillvalue=""):
        ada.keyboard.type(one)
        bao.keyboard.type(other)
    for page in (ada, bao):
        for sentence in (first.strip(), second.strip()):
            expect(page.locator(".draft__clause p").nth(2)).to_contain_text(sentence)
    assert words(ada) == words(bao)


@pytest.mark.slow
def test_no_key_meant_for_a_panel_reaches_the_text(sign_in: SignIn) -> None:
    """Each panel takes the focus, also where another one stands already; Escape gives it back."""
    page = opened(sign_in("elu", "Cléo Mazurel"))
    said = words(page)
    for before in ("", "Control+Alt+c", "Control+Alt+m"):
        for key in ("Control+Alt+c", "Control+f", "Control+Alt+m", "Control+Alt+r", "F1"):
            caret_at_end(page, 1)
            if before:
                page.keyboard.press(before)
                caret_at_end(page, 1)
            page.keyboard.press(key)
            page.keyboard.type("zq")
            assert words(page) == said, (before, key)
            page.keyboard.press("Escape")
            expect(page.locator(".draft"), f"{before} {key}").to_be_focused()


@pytest.mark.slow
@pytest.mark.parametrize("look", [{}, PHONE])
def test_a_comment_opens_where_the_sources_stand(sign_in: SignIn, look: dict[str, Any]) -> None:
    page = opened(sign_in("elu", "Cléo Mazurel", **look))
    said = words(page)
    page.locator(".draft__clause p").nth(1).click()
    page.get_by_role("button", name="Citer un témoignage").click()
    expect(page.get_by_label("Chercher un témoignage")).to_be_focused()
    if not look:
        page.locator(".draft__clause p").nth(1).click()
    page.get_by_role("button", name="Commenter").dispatch_event("click")
    page.keyboard.type("Faut-il le dire ?")
    expect(page.get_by_label("Votre commentaire")).to_have_value("Faut-il le dire ?")
    expect(page.get_by_label("Chercher un témoignage")).to_be_hidden()
    assert words(page) == said
    sound(page)


@pytest.mark.slow
def test_a_move_beside_a_split_is_told_on_both_screens_and_mended_by_one_press(sign_in: SignIn) -> None:
    ada, bao = sign_in("elu", "Ada Lormeau"), sign_in("elu", "Bao Kerdoncuff")
    lines = Line(ada), Line(bao)
    opened(ada)
    opened(bao)
    said = sorted("".join(words(ada)))
    for line in lines:
        line.hold()
    ada.locator(".draft__clause p").nth(3).click()
    ada.keyboard.press("Alt+ArrowUp")
    ada.keyboard.press("Alt+ArrowUp")
    bao.locator(".draft__clause p").nth(1).click(position={"x": 4, "y": 8})  # it makes way for the one that moves
    bao.keyboard.press("Home")
    for _ in range(6):
        bao.keyboard.press("Control+ArrowRight")
    bao.keyboard.press("Enter")
    for line in lines:
        line.release()
    for page in (ada, bao):
        expect(page.locator(".clause__double")).to_have_count(2)
    sound(ada)
    bao.get_by_role("button", name="Supprimer le doublon").first.click()
    for page in (ada, bao):
        expect(page.locator(".clause__double")).to_have_count(0)
    assert sorted("".join(words(ada))) == sorted("".join(words(bao))) == said
