"""The desk's pages for élus without a device: signed slips, and amendments on paper."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from deliberation.kernel import commands as c
from deliberation.kernel import ids
from deliberation.kernel.vocabulary import Choice, Role
from server.writing.receipts import Receipt
from tests.server.browsing import Site, Visitor, site

MOTION = b"# Titre\n\n- Demande un bus et un quai.\n- Demande un train.\n- Demande un car.\n"
SLIPS, PAPER = "/c/essai/scrutins/1/bulletins", "/c/essai/amendements/papier"
SENTENCE = "Demande 2, remplacer le mot : « train » par les mots : « train de nuit »."


@pytest.fixture
def essai(tmp_path: Path) -> Iterator[tuple[Site, Visitor, Visitor, Visitor]]:
    """A congress with a frozen motion; an organiser (p1), a scribe (p2) and an élue (p3) are signed in."""
    with site(tmp_path) as found:
        olga, sami = found.member(Role.ORGANISER, "Olga"), found.member(Role.SCRIBE, "Sami")
        ana = found.member(Role.ELU, "Ana")
        found.bring_in(olga, MOTION, "p3")
        do(found, c.FreezeMotion(1), "p1")
        yield found, olga, sami, ana


def do(found: Site, command: c.Command, actor: str = ids.CONGRESS) -> None:
    answer = found.do(command, actor)
    assert isinstance(answer, Receipt), answer


def test_a_slip_is_entered_read_and_confirmed(essai: tuple[Site, Visitor, Visitor, Visitor]) -> None:
    """W30, W31: by two people of the desk; nobody else reaches the page."""
    found, olga, sami, ana = essai
    do(found, c.OpenPoll("motion-1"), "p1")
    for visitor, status in ((ana, 403), (found.visitor(), 401)):
        visitor.go(SLIPS)
        assert visitor.status == status
    assert SLIPS in olga.go("/c/essai/scrutins/1")
    assert SLIPS in olga.go("/c/essai/seance")
    olga.go(SLIPS)
    olga.send("Saisir ce bulletin", signer="p3")
    assert "Dites ce que porte le bulletin." in olga.page
    olga.send("Saisir ce bulletin", signer="p3", choix="pour")
    assert "une autre personne du bureau le confirme" in olga.page
    assert "Bulletin n° 1" not in ana.go("/c/essai/registre")
    assert "Ana</span> — Pour" in sami.go(SLIPS)
    sami.send("Refuser ce bulletin", reason=" ")
    assert sami.status == 422
    sami.go(SLIPS)
    sami.send("confirmer")
    assert found.state().polls[1].ballots == {"p3": Choice.FOR}
    assert "Confirmé" in sami.go(SLIPS)
    assert "Pour" not in sami.page.partition("Confirmés et refusés")[2]
    do(found, c.ClosePoll(1), "p1")
    assert "Olga saisit le bulletin n° 1, signé par Ana, au scrutin n° 1 : pour." in ana.go("/c/essai/registre")
    assert "Sami confirme le bulletin signé n° 1" in ana.page


def test_a_paper_is_transcribed_and_its_author_confirms(essai: tuple[Site, Visitor, Visitor, Visitor]) -> None:
    """A56, A57: what the grammar does not read is refused with what was typed; the author tables it by their phone."""
    found, olga, sami, ana = essai
    visitor = found.visitor()
    visitor.go(PAPER)
    assert visitor.status == 404
    olga.go(PAPER)
    olga.send("Transcrire", author="p3", dispositif="Demande 9, supprimer cette demande.", rationale="Pour la nuit.")
    assert olga.status == 422
    assert "Pour la nuit." in olga.page
    olga.send("Transcrire", author="p3", dispositif=SENTENCE, rationale="Pour la nuit.")
    assert "Vous l’avez transcrit" in olga.page
    assert "Confirmer et déposer" in sami.go(PAPER)
    assert "1 à confirmer" in ana.go("/c/essai/amendements")
    assert "Confirmer et déposer" not in visitor.go(PAPER)
    assert "train de nuit" in visitor.page
    ana.go(PAPER)
    ana.send("Confirmer et déposer")
    assert ana.address.startswith("/c/essai/amendements/1")
    amendment = found.state().amendments[1]
    assert (amendment.author, amendment.text) == ("p3", "Demande un train de nuit.")
    assert "Ana confirme la transcription n° 1 : c’est l’amendement n° 1." in visitor.go("/c/essai/registre")
    assert "amendement n° 1" in visitor.go(PAPER)
