"""Titles of amendments say briefly what they change."""

from __future__ import annotations

import pytest

from deliberation.kernel import commands as c
from deliberation.kernel.vocabulary import Aim
from exports import naming
from exports.dispositifs import dispositif
from exports.translations import words_for
from tests.deliberation.congresses import ELU, ORGANISER, Congress, opened

TEXT = "Ouvrir un guichet **gratuit** [^3] trois jours par semaine, sans rendez-vous. Un bilan est publié."


@pytest.mark.parametrize(
    ("new", "title"),
    [
        (TEXT.replace("trois", "quatre"), "Demande 1 : trois → quatre jours"),
        (TEXT.replace("guichet", "bureau"), "Demande 1 : guichet → bureau"),
        (TEXT.replace(", sans rendez-vous", ""), "Demande 1 : supprimer « sans rendez-vous »"),
        (TEXT.replace("publié", "publié chaque année"), "Demande 1 : ajouter « chaque année »"),
        (TEXT.replace(" Un bilan est publié.", ""), "Demande 1 : supprimer une phrase"),
        ("Agir.", "Demande 1 : nouvelle rédaction"),
        (
            TEXT.replace("trois", "six").replace("bilan est publié", "compte rendu est affiché"),
            "Demande 1 : bilan → compte rendu (et 2 autres changements)",
        ),
    ],
)
def test_a_title_says_the_change_in_short(new: str, title: str) -> None:
    """A30"""
    congress = opened(Congress())
    congress.do(ELU, c.CreateMotion("Le numérique"))
    congress.write(1, c1=TEXT)
    congress.do(ORGANISER, c.FreezeMotion(1))
    state = congress.do(ELU, c.TableAmendment(1, Aim.REWRITE, "c1", new))
    said = naming.amendment_aim(state, words_for("fr"), state.amendments[1])
    assert said.replace("\u00a0", " ") == title
    assert naming.amendment_aim(state, words_for("en"), state.amendments[1]) == "Change: Request 1"
    assert dispositif(state, state.amendments[1])
