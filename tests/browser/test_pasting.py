"""What word processors, spreadsheets and mail programs put on the clipboard, pasted where people write."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.stage import appears, sound
from tests.conftest import watched

SignIn = Callable[..., Page]


def item(marker: str, words: str) -> str:
    """A paragraph of Word in a list."""
    return (
        "<p class=MsoListParagraph style='mso-list:l1 level1 lfo1'><![if !supportLists]>"
        f"<span style='mso-list:Ignore'>{marker}<span>&nbsp; </span></span><![endif]>{words}</p>"
    )


WORD = (
    "<html><head><style><!-- p.MsoNormal {margin:0} --></style></head><body><!--StartFragment--><h2>Accueil</h2>"
    "<p class=MsoNormal>Vu <b style='mso-bidi-font-weight:normal'>le décret</b> du 4&nbsp;mai&nbsp;;</p>"
    "<p class=MsoNormal><o:p>&nbsp;</o:p></p>"
    "<p class=MsoNormal>Demande <del>une borne</del><ins>un guichet</ins>&nbsp;:</p>"
    f"{item('3.', 'à l’étage')}{item('4.', 'en ba&shy;s')}"
    "<table><tr><td>Lieu</td><td>Prix</td></tr><tr><td></td><td>5&nbsp;€</td></tr></table>"
    "<div><p><b>De&nbsp;:</b> Ana<br><b>Envoyé&nbsp;:</b> lundi<br><b>Objet&nbsp;:</b> x</p></div><p>Ancien.</p>"
    "<!--EndFragment--></body></html>"
)


def paste(field: Locator, html: str = "", text: str = "") -> None:
    field.evaluate(
        """(field, { html, text }) => {
            const clipboardData = new DataTransfer();
            if (html) clipboardData.setData("text/html", html);
            clipboardData.setData("text/plain", text);
            field.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
        }""",
        {"html": html, "text": text},
    )


@pytest.mark.slow
def test_a_document_of_word_becomes_clauses(sign_in: SignIn) -> None:
    page = sign_in("elu", "Maud Kerven")
    problems = watched(page)
    page.goto("/c/demo/motions/2/edition")
    expect(page.get_by_text("Enregistré").first).to_be_visible()
    clauses = page.locator(".draft__clause")
    before = clauses.count()
    clauses.last.locator("p").last.click()
    page.keyboard.press("End")
    paste(page.locator(".draft"), WORD)
    expect(clauses).to_have_count(before + 3)
    heading, visa, demand = (clauses.nth(before + each) for each in range(3))
    expect(heading).to_have_attribute("data-kind", "intertitre")
    expect(visa).to_have_attribute("data-kind", "visa")
    expect(visa.locator("strong")).to_have_text("le décret")
    expect(demand).to_have_attribute("data-kind", "demande")
    expect(demand.locator("p").first).to_have_text("Demande un guichet\u00a0:")
    expect(demand.locator("ol")).to_have_attribute("start", "3")
    expect(demand.locator("ol li")).to_have_text(["à l’étage", "en bas"])
    expect(demand.locator("p").last).to_have_text("Lieu | Prix| 5\u00a0€")
    page.keyboard.type(" Fin.")
    expect(demand).to_contain_text("5\u00a0€ Fin.")
    expect(page.get_by_text("Enregistré").first).to_be_visible()
    page.reload()
    expect(page.locator(".draft ol[start='3'] li")).to_have_text(["à l’étage", "en bas"])
    sound(page)
    page.goto("/c/demo/motions/2")
    appears(page.locator("ol[start='3'] li").first)
    expect(page.locator("ol[start='3'] li")).to_have_text(["à l’étage", "en bas"])
    assert problems == []


@pytest.mark.slow
def test_a_document_of_word_goes_into_one_amended_passage(sign_in: SignIn) -> None:
    page = sign_in("elu", "Noé Kerven")
    page.goto("/c/demo/amendements/nouveau?motion=1&cible=rewrite:dsante0001")
    passage = page.locator(".draft__clause")
    passage.locator("p").last.click()
    page.keyboard.press("Control+End")
    paste(page.locator(".draft"), WORD)
    expect(passage).to_have_count(1)
    expect(passage.locator("ol")).to_have_attribute("start", "3")
    expect(passage.locator("strong")).to_have_text("le décret")
    expect(passage).not_to_contain_text("borne")
    reasons = page.get_by_label("Exposé des motifs")
    reasons.focus()
    paste(reasons, "<ul><li>un</li><li><s>deux</s></li><li>trois</li></ul>", "un deux trois")
    expect(reasons).to_have_value("- un\n- trois")
    page.get_by_role("button", name="Relire").click()
    expect(page.locator("ol[start='3'] li").first).to_have_text("à l’étage")


@pytest.mark.slow
def test_a_document_of_word_becomes_a_testimony(sign_in: SignIn) -> None:
    page = sign_in("elu", "Lou Kerven")
    with page.expect_response("**/field-*.js"):
        page.goto("/c/demo/temoignages/nouveau")
    field = page.get_by_label("Votre témoignage")
    field.fill("Bonjour.\n")
    field.press("Control+End")
    paste(field, WORD, "tout ce qui est mort")
    said = (
        "Bonjour.\nAccueil\n\nVu **le décret** du 4\u00a0mai\u00a0;\n\nDemande un guichet\u00a0:\n\n"
        "3. à l’étage\n4. en bas\n\nLieu | Prix\n| 5\u00a0€"
    )
    expect(field).to_have_value(said)
    field.press("Control+z")
    expect(field).to_have_value("Bonjour.\n")
    paste(field, text="Une ligne que le programme coupe parce qu’elle est bien trop lon-\ngue pour lui.")
    expect(field).to_have_value(
        "Bonjour.\nUne ligne que le programme coupe parce qu’elle est bien trop longue pour lui."
    )
