"""One congress from nothing to a verified restitution, by the people who hold it, in their own browsers (issue 2)."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.stage import DARK, DESK, NO_SCRIPT, PHONE, Stage, appears, close, sound
from tests.server_process import Server
from tests.waiting import WITHIN

ELUS = """nom;prénom;courriel;mandat;collectivité
Bertin;Hélène;;maire;Saint-Aubin-des-Chaumes
Lemoine;Paul;;adjoint au maire;Toucy
Nguyen;Anh;;conseillère municipale;Avallon
"""
TESTIMONIES = """titre;texte;nom;commune
Le bureau de poste;Le bureau de poste ferme à midi et personne ne l'a dit.;;Vézelay
La fibre;La fibre s'arrête à deux kilomètres du bourg depuis trois ans.;;Toucy
Publicité;Achetez mes tracteurs !;;
"""
CAR = "La ligne 12 du car ne passe plus le samedi."


@dataclass
class Cast:
    """Who is in the hall: two organisers, a scribe, three élus, a visitor without JavaScript, the hall's screen."""

    jeanne: Page
    karim: Page
    ines: Page
    helene: Page
    paul: Page
    anh: Page
    visitor: Page
    screen: Page


@pytest.mark.slow(120)
def test_a_congress_from_scratch(
    playwright_browser: Browser, start_server: Callable[..., Server], tmp_path: Path
) -> None:
    with ExitStack() as stack:
        stage = Stage(playwright_browser, start_server(demo=False), "yonne", stack)
        cast = gather(stage, found(stage), tmp_path)
        collect(stage, cast, tmp_path)
        draw(stage, cast)
        write(stage, cast)
        amend(stage, cast)
        vote(stage, cast)
        redact(stage, cast)
        restore_trust(stage, cast, tmp_path)
        leave(stage, cast)
        assert [problem for found_ in stage.problems for problem in found_] == []


# Before the congress


def found(stage: Stage) -> Page:
    """The first organiser of a server comes by the operator's command, and creates the next congress in the browser."""
    stage.pleniere("create", "atelier", "--title", "Atelier de l’Yonne")
    jeanne = stage.enter(stage.server.invite("organiser", "Jeanne Morvan", "atelier"), **DESK)
    jeanne.goto("/organisation/nouveau")
    jeanne.get_by_label("Titre").fill("Congrès des communes de l'Yonne")
    jeanne.get_by_label("Adresse").fill("Yonne 2026")
    jeanne.get_by_role("button", name="Créer le congrès").click()
    expect(sound(jeanne).get_by_role("alert")).to_contain_text("des minuscules, des chiffres et des tirets")
    expect(jeanne.get_by_label("Titre")).to_have_value("Congrès des communes de l'Yonne")
    jeanne.get_by_label("Adresse").fill(stage.slug)
    jeanne.get_by_role("button", name="Créer le congrès").click()
    expect(sound(jeanne).get_by_role("heading", name="Réglages")).to_be_visible()
    return jeanne


def open_phases(jeanne: Page, *names: str) -> None:
    for name in names:
        phase = jeanne.locator(".phase-row").filter(has=jeanne.get_by_role("heading", name=name))
        phase.get_by_role("button", name="Ouvrir maintenant").click()
        expect(phase.get_by_text("En cours")).to_be_visible()


def gather(stage: Stage, jeanne: Page, folder: Path) -> Cast:
    """Phases are opened (S3), people invited one by one and from a table."""
    open_phases(jeanne, "Collecte", "Cartes", "Rédaction")
    expect(stage.at(jeanne).get_by_text("Étapes ouvertes")).to_be_visible()
    stage.desk(jeanne, "personnes")
    karim = stage.enter(invited(jeanne, "Karim Lasry", "organiser"), **DESK)
    ines = stage.enter(invited(jeanne, "Inès Faure", "scribe"), **DESK)
    table = folder / "elus.csv"
    table.write_text(ELUS, encoding="utf-8")
    jeanne.get_by_label("Fichier CSV").set_input_files(table)
    jeanne.get_by_role("button", name="Inviter toutes ces personnes").click()
    expect(sound(jeanne).get_by_role("heading", name="3 liens de connexion")).to_be_visible()
    helene, paul, anh = (
        stage.enter(link, **look)
        for link, look in zip(jeanne.locator(".link-once").all_inner_texts(), (PHONE, DESK, PHONE), strict=True)
    )
    return Cast(jeanne, karim, ines, helene, paul, anh, stage.enter(**NO_SCRIPT), stage.enter(**DARK))


def invited(jeanne: Page, name: str, role: str) -> str:
    """The link shown once; the form is empty again for the next person."""
    form = jeanne.get_by_role("region", name="Inviter une personne")
    form.get_by_label("Nom").fill(name)
    form.get_by_label("Rôle").select_option(role)
    form.get_by_role("button", name="Inviter").click()
    expect(jeanne.get_by_role("rowheader", name=name)).to_be_visible()
    expect(form.get_by_label("Nom")).to_have_value("")
    return jeanne.locator(".link-once").inner_text()


# What is said


def collect(stage: Stage, cast: Cast, folder: Path) -> None:
    """Testimonies are imported, sent without JavaScript, recorded for somebody, moderated, quoted (T1–T8)."""
    table = folder / "paroles.csv"
    table.write_text(TESTIMONIES, encoding="utf-8")
    stage.desk(cast.jeanne, "import").get_by_label("Fichier").set_input_files(table)
    cast.jeanne.get_by_role("button", name="Importer").click()
    expect(sound(cast.jeanne).get_by_role("heading", name="3 documents importés")).to_be_visible()
    testify(stage, cast.visitor)
    record_for_somebody(stage, cast.ines)
    moderate(stage, cast)
    quote(stage, cast.ines)


def testify(stage: Stage, visitor: Page) -> None:
    """Refused once for a link that is none: every word typed is still there."""
    stage.at(visitor).get_by_role("link", name="Témoigner").first.click()
    visitor.get_by_label("Votre témoignage").fill(CAR)
    visitor.get_by_label("Lien d’une vidéo").fill("chez moi")
    visitor.get_by_role("button", name="Envoyer").click()
    expect(visitor.get_by_role("alert")).to_contain_text("doit commencer par https://")
    expect(visitor.get_by_label("Votre témoignage")).to_have_value(CAR)
    visitor.get_by_label("Lien d’une vidéo").fill("")
    visitor.get_by_role("button", name="Envoyer").click()
    expect(visitor.locator("#recu")).to_contain_text("déposé.")
    expect(visitor.get_by_text("Gardez cette adresse : elle est secrète.")).to_be_visible()
    expect(visitor.locator(".prose")).to_contain_text(CAR)


def record_for_somebody(stage: Stage, ines: Page) -> None:
    """Somebody else's name enters the record with their consent (T3)."""
    stage.at(ines, "temoignages/nouveau").get_by_label("Le témoignage").fill("Le **médecin** part en mars.")
    ines.get_by_label("Canal").select_option(label="Atelier")
    ines.locator("[name=speaker_name]").fill("Monique Perrot")
    ines.get_by_label("Collectivité ou commune").fill("Treigny")
    ines.get_by_label("De son nom, avec sa qualité").check()
    sound(ines).get_by_role("button", name="Envoyer").click()
    expect(ines.locator("main")).to_contain_text("Monique Perrot")
    expect(sound(ines).locator("#texte strong")).to_have_text("médecin")


def moderate(stage: Stage, cast: Cast) -> None:
    """Set aside with a reason, published at once, hidden and restored: all public acts (T4–T6)."""
    desk = stage.desk(cast.jeanne, "moderation")
    advertisement = desk.get_by_role("article", name="Publicité")
    advertisement.get_by_label("Raison").fill("Une publicité.")
    advertisement.get_by_role("button", name="Écarter").click()
    desk.get_by_role("button", name="Publier les 4 témoignages").click()
    expect(sound(desk).get_by_text("La file est vide.")).to_be_visible()
    stage.at(desk, "temoignages/2").get_by_label("Raison").last.fill("À vérifier.")
    desk.get_by_role("button", name="Masquer").click()
    expect(desk.get_by_text("Ce témoignage est masqué")).to_be_visible()
    expect(stage.at(cast.visitor, "temoignages/2").get_by_text("La fibre")).to_have_count(0)
    desk.get_by_label("Raison").fill("Vérifié.")
    desk.get_by_role("button", name="Rétablir").click()
    expect(desk.get_by_role("button", name="Masquer")).to_be_visible()
    cast.visitor.reload()
    expect(cast.visitor.get_by_role("heading", name="La fibre")).to_be_visible()


def quote(stage: Stage, ines: Page) -> None:
    """A passage is quoted word for word (T7); the refused words stay in the field."""
    field = stage.at(ines, "temoignages/4").get_by_label("Le passage, mot pour mot")
    field.fill("Le car ne passe plus")
    ines.get_by_role("button", name="Créer l’extrait").click()
    expect(ines.get_by_role("alert")).to_contain_text("mot pour mot")
    expect(field).to_have_value("Le car ne passe plus")
    field.fill("ne passe plus le samedi")
    ines.get_by_role("button", name="Créer l’extrait").click()
    expect(sound(ines).locator("#suite")).to_be_visible()
    expect(ines.locator("blockquote").filter(has_text="ne passe plus le samedi").first).to_be_visible()


# What is drawn and written


def draw(stage: Stage, cast: Cast) -> None:
    """A map made by two people at once; an idea rests on a quoted passage (C1, C2)."""
    stage.at(cast.ines, "cartes").get_by_label("Titre").fill("Vivre au village")
    cast.ines.get_by_role("button", name="Ouvrir la carte").click()
    expect(cast.ines).to_have_url(re.compile(r"/cartes/1/edition"))
    stage.at(cast.helene, "cartes/1/edition")
    cast.ines.get_by_role("button", name="Ajouter la première idée").click()
    cast.ines.keyboard.type("Se déplacer")
    cast.ines.keyboard.press("Enter")
    cast.ines.keyboard.press("Escape")
    idea = cast.helene.get_by_role("treeitem").filter(has_text="Se déplacer")
    idea.tap()
    cast.helene.get_by_role("button", name="Sous-idée").tap()
    cast.helene.keyboard.type("Le car du samedi")
    cast.helene.keyboard.press("Enter")
    cast.helene.keyboard.press("Escape")
    expect(cast.ines.get_by_role("treeitem").filter(has_text="Le car du samedi")).to_be_visible()
    cast.helene.get_by_role("treeitem").filter(has_text="Le car du samedi").tap()
    cast.helene.get_by_role("button", name="Témoignage").tap()
    pick(cast.helene)
    expect(sound(cast.helene).locator(".saving__text")).to_have_text("Enregistré")
    stage.at(cast.screen, "cartes/1")
    appears(cast.screen.locator("blockquote").filter(has_text="ne passe plus le samedi"))
    expect(sound(cast.screen).locator("figure svg")).to_be_visible()


def pick(page: Page) -> None:
    """The passage about the car, from the testimonies beside the text or the map."""
    page.get_by_label("Chercher un témoignage").fill("ligne 12")
    page.locator(".source summary").first.click()
    page.get_by_role("button", name="Citer : ne passe plus le samedi").click()


def write(stage: Stage, cast: Cast) -> None:
    """Two élus write at once, from a desk and from a phone, and cite; the organiser reads, then freezes (M1–M4)."""
    stage.at(cast.paul, "motions").get_by_label("Titre").fill("Des services à portée de vie")
    cast.paul.get_by_role("button", name="Ouvrir la motion").click()
    expect(cast.paul.get_by_text("Le texte est encore vide.")).to_be_visible()
    for page in (cast.paul, cast.helene, cast.jeanne):
        stage.at(page, "motions/1/edition")
    for page in (cast.paul, cast.helene):
        expect(page.locator(".draft")).to_have_attribute("contenteditable", "true")
    expect(cast.jeanne.locator(".draft")).to_have_attribute("contenteditable", "false")
    begin(cast.paul, "Visa", "Vu le code général des collectivités territoriales,")
    follow(cast.paul, "Considérant", "Considérant que chacun doit pouvoir se déplacer,")
    follow(cast.paul, "Demande", "Demande le maintien des bureaux de poste.")
    expect(cast.helene.locator(".draft > section")).to_have_count(3)
    cast.helene.locator(".draft p").filter(has_text="se déplacer").tap()
    cast.helene.get_by_role("button", name="Citer un témoignage").tap()
    pick(cast.helene)
    expect(cast.paul.locator(".draft .citation")).to_be_visible()
    follow(cast.paul, "Demande", "Demande un médecin par canton.")
    expect(cast.helene.locator(".draft > section").nth(0)).to_contain_text("collectivités territoriales,")
    for page in (cast.paul, cast.helene):
        expect(sound(page).locator(".saving__text")).to_have_text("Enregistré")
    expect(cast.jeanne.locator(".draft")).to_contain_text("un médecin par canton")
    stage.at(cast.jeanne, "motions/1").get_by_role("link", name="Geler le texte").click()
    cast.jeanne.get_by_role("button", name="Geler la version").click()
    expect(sound(cast.jeanne).get_by_text("Texte gelé").first).to_be_visible()
    expect(cast.paul.locator(".draft")).to_have_attribute("contenteditable", "false")
    expect(cast.paul.locator(".refusal[role=status]")).to_contain_text("Tout ce que vous avez écrit est enregistré")


def begin(page: Page, kind: str, words: str) -> None:
    page.locator(".draft p").last.click()
    page.get_by_role("button", name=re.compile(rf"^{kind} \(")).click()
    page.keyboard.type(words)


def follow(page: Page, kind: str, words: str) -> None:
    """The next clause, after all that is written."""
    page.locator(".draft p").last.click()
    page.keyboard.press("ControlOrMeta+End")
    page.keyboard.press("Enter")
    page.get_by_role("button", name=re.compile(rf"^{kind} \(")).click()
    page.keyboard.type(words)


# The session


def amend(stage: Stage, cast: Cast) -> None:
    """Four amendments, read over before they are tabled, one without JavaScript (A1); the rapporteur advises."""
    open_phases(stage.desk(cast.jeanne, "reglages"), "Amendements", "Vote")
    plain = stage.enter(stage.server.invite("elu", "Solène Ricard", stage.slug), **PHONE)
    table(stage, cast.paul, "Supprimer — Demande 1")
    table(stage, cast.helene, "Modifier — Demande 1", "Demande le maintien et l'ouverture des bureaux de poste.")
    table(
        stage,
        without_scripts(stage, plain),
        "Insérer après — Demande 2",
        "Demande un car le samedi. [^1]",
        has_scripts=False,
    )
    table(stage, cast.anh, "Modifier le titre", "Des services à portée de tous")
    desk = sound(stage.desk(cast.jeanne))
    desk.get_by_role("button", name="Déclarer recevable l’amendement n° 1").click()
    expect(desk.get_by_role("button", name="Déclarer recevable l’amendement n° 1")).to_have_count(0)
    desk = stage.at(cast.jeanne, "motions/1")
    desk.get_by_text("Nommer un rapporteur, qui seul donne l’avis").click()
    desk.get_by_label("Rapporteur").select_option(label="Hélène Bertin")
    desk.get_by_role("button", name="Nommer le rapporteur").click()
    advise(stage.at(cast.helene, "amendements/1"))


def advise(page: Page) -> None:
    """The rapporteur's opinion: with a reservation, which is to be said."""
    page.get_by_label("Avis", exact=True).select_option("reserve")
    page.get_by_role("button", name="Donner cet avis").click()
    expect(page.get_by_role("alert")).to_contain_text("sous réserve dit laquelle")
    page.get_by_label("Commentaire ou réserve").fill("Si un relais ouvre.")
    page.get_by_role("button", name="Donner cet avis").click()
    expect(sound(page).get_by_text("Si un relais ouvre.")).to_be_visible()


def without_scripts(stage: Stage, page: Page) -> Page:
    """The same person in a browser that runs no JavaScript."""
    return stage.enter(**NO_SCRIPT, storage_state=page.context.storage_state())


def table(stage: Stage, page: Page, aim: str, words: str = "", has_scripts: bool = True) -> None:
    stage.at(page, "amendements/nouveau?motion=1").get_by_role("link", name=aim).click()
    if words:
        (rewrite if has_scripts else fill)(page, words)
    page.get_by_label("Exposé des motifs").fill("Parce que *cela* compte.")
    page.get_by_role("button", name="Relire avant de déposer").click()
    expect(page.get_by_role("heading", name="Relisez ce que vous proposez")).to_be_visible()
    page.get_by_role("button", name="Corriger").click()
    expect(page.get_by_label("Exposé des motifs")).to_have_value("Parce que *cela* compte.")
    page.get_by_role("button", name="Relire avant de déposer").click()
    page.get_by_role("button", name="Déposer l’amendement").click()
    expect(page.locator("#recu")).to_contain_text("déposé.")


def rewrite(page: Page, words: str) -> None:
    """In the frozen words themselves."""
    page.locator(".draft").click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.insert_text(words)


def fill(page: Page, words: str) -> None:
    """In the plain field."""
    page.locator("[name=text]").fill(words)


def vote(stage: Stage, cast: Cast) -> None:
    """Roll-calls from phones, seen live by the hall; what collides is not voted on and falls (A6, V1–V6, S6)."""
    stage.at(cast.screen, "ecran")
    desk = stage.at(cast.jeanne, "seance")
    desk.get_by_text("Appeler un autre amendement, ou agir sur lui").click()
    calling = desk.locator("form").filter(has=desk.locator("[name=hors]"))
    calling.get_by_label("Amendement").select_option("1")
    calling.get_by_label("Pourquoi hors de son tour, publiquement").fill("À la demande de son auteur")
    calling.get_by_role("button", name="Appeler").click()
    expect(cast.screen.get_by_role("heading", name="Supprimer")).to_be_visible()
    poll(stage, cast, 1, 1, {"helene": "Pour", "paul": "Pour", "anh": "Contre"})
    expect(cast.screen.locator(".verdict")).to_have_text("Adopté")
    desk = stage.at(cast.jeanne, "seance?agir=2")
    expect(sound(desk).get_by_role("button", name="Ouvrir le vote sur le n° 2")).to_have_count(0)
    fall(desk)
    poll(stage, cast, 3, 2, {"helene": "Pour", "paul": "Abstention", "anh": "Pour"})
    poll(stage, cast, 4, 3, {"helene": "Contre", "paul": "Contre", "anh": "Pour"})
    stage.at(cast.visitor, "motions/1")
    expect(cast.visitor.locator("main")).to_contain_text("Demande un car le samedi.")
    expect(cast.visitor.locator("article.motion")).not_to_contain_text("bureaux de poste")
    poll(stage, cast, 0, 4, {"helene": "Pour", "paul": "Pour", "anh": "Pour"})
    expect(stage.at(cast.visitor, "motions/1").get_by_text("Motion adoptée")).to_be_visible()


def fall(desk: Page) -> None:
    """Tombé names the adopted amendment that made it impossible (A7)."""
    item = desk.locator("details").filter(has=desk.locator("summary", has_text="Fixer son sort sans vote"))
    item.locator("summary").first.click()
    item.get_by_label("Sort").select_option("tombe")
    item.get_by_label("Raison").fill("La demande 1 est supprimée.")
    item.get_by_role("button", name="Fixer ce sort").click()
    expect(desk.get_by_role("alert").first).to_contain_text("Nommez l’amendement adopté")
    expect(item.get_by_label("Raison")).to_have_value("La demande 1 est supprimée.")
    item.get_by_label("À cause de").select_option("1")
    item.get_by_role("button", name="Fixer ce sort").click()
    expect(desk.locator("#recu")).to_contain_text("Amendement n°")


def poll(stage: Stage, cast: Cast, amendment: int, number: int, ballots: dict[str, str]) -> None:
    """On that amendment, called or not; 0 is the whole text."""
    desk = stage.at(cast.jeanne, f"seance?agir={amendment}")
    opening = f"Ouvrir le vote sur le n° {amendment}" if amendment else "Ouvrir le vote sur l’ensemble"
    desk.get_by_role("button", name=opening).click()
    expect(cast.screen.get_by_text("Vote en cours")).to_be_visible()
    if number == 2:  # amendment 1 is still on the floor: what is voted is shown, not what was called
        expect(cast.screen.locator(".difference")).to_have_text(re.compile("Demande un car le samedi"))
    for name, choice in ballots.items():
        cast_ballot(stage.at(getattr(cast, name), f"scrutins/{number}"), choice)
    expect(cast.screen.locator(".counts dd").first).to_have_text(str(len(ballots)))
    if number == 1:
        for page in (cast.helene, cast.paul, cast.screen):
            sound(page)
    close(stage.at(desk, f"scrutins/{number}"))
    expect((sound(desk) if number == 1 else desk).locator(".verdict")).to_be_visible()


def cast_ballot(voter: Page, choice: str) -> None:
    """A change of mind before the end counts (V3)."""
    voter.locator(".paper").filter(has_text=choice).first.click()
    voter.get_by_role("button", name="Confirmer").click()
    expect(voter.get_by_text(f"Vote enregistré : {choice}.")).to_be_visible()


# What is owed afterwards


def redact(stage: Stage, cast: Cast) -> None:
    """Erasing takes two organisers (R7); what is erased leaves the pages, the act stays."""
    desk = stage.desk(cast.jeanne, "caviardages")
    desk.get_by_label("Ce qu’il faut effacer").fill("5")
    desk.get_by_label("Motifs").fill("Elle nous l'a demandé par écrit.")
    desk.get_by_role("button", name="Demander le caviardage").click()
    expect(sound(desk).get_by_role("button", name="Effacer pour toujours")).to_have_count(0)
    other = stage.desk(cast.karim, "caviardages")
    sound(other).get_by_role("button", name="Effacer pour toujours").click()
    expect(other.get_by_text("Contenu effacé.")).to_be_visible()
    stage.at(cast.visitor, "temoignages/5")
    expect(cast.visitor.get_by_text("a été caviardé")).to_be_visible()
    expect(cast.visitor.get_by_text("Monique Perrot")).to_have_count(0)


def restore_trust(stage: Stage, cast: Cast, folder: Path) -> None:
    """The browser proves an entry; the archive verifies with the product and with nothing but Python (R1–R6)."""
    open_phases(stage.desk(cast.jeanne, "reglages"), "Restitution")
    reader = stage.enter(**DESK)
    stage.at(reader, "registre/20")
    expect(sound(reader).get_by_role("heading", name="Vérifié par votre navigateur")).to_be_visible()
    sound(stage.at(reader, "restitution"))
    with reader.expect_download() as download:
        reader.get_by_role("link", name="Télécharger la restitution (zip)").click()
    archive = folder / "restitution.zip"
    download.value.save_as(archive)
    stage.pleniere("verify", str(archive))
    unpacked = folder / "restitution"
    with zipfile.ZipFile(archive) as content:
        content.extractall(unpacked)
    own = subprocess.run(
        [sys.executable, "-I", "verify.py"], cwd=unpacked, capture_output=True, text=True, timeout=WITHIN
    )
    assert own.returncode == 0, own.stdout + own.stderr
    read_from_disk(stage, unpacked)


def read_from_disk(stage: Stage, unpacked: Path) -> None:
    page = stage.enter(**PHONE)
    page.goto((unpacked / "index.html").as_uri())
    sound(page)
    expect(page.locator("body")).to_contain_text("Des services à portée de vie")
    erased = [path for path in unpacked.rglob("*") if path.is_file() and "Monique Perrot" in path.read_text("latin-1")]
    assert erased == []


def leave(stage: Stage, cast: Cast) -> None:
    """Whoever signs out is a visitor again; a withdrawn access (P5) ends at once, in open pages too."""
    cast.paul.locator(".own > summary").click()
    cast.paul.get_by_role("button", name="Se déconnecter").click()
    expect(cast.paul.locator(".own > summary")).to_have_text("Menu")
    stage.at(cast.ines, "cartes/1/edition")
    expect(cast.ines.locator(".saving__text")).to_have_text("Enregistré")
    person = (
        stage.desk(cast.jeanne, "personnes")
        .get_by_role("listitem")
        .filter(has=cast.jeanne.get_by_role("link", name="Inès Faure"))
    )
    person.get_by_text("Corriger ou retirer l’accès").click()
    person.get_by_label("Raison").fill("Fin de mission.")
    person.get_by_role("button", name="Retirer l’accès").click()
    expect(cast.jeanne.locator("#recu")).to_contain_text("accès retiré")
    expect(cast.ines.locator(".saving__text")).not_to_have_text("Enregistré")
    expect(stage.at(cast.ines, "cartes").locator(".own > summary")).to_have_text("Menu")
