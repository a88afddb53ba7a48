"""The article that an addition names first, and its place among others (A64)."""

from __future__ import annotations

import itertools
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliberation.text.legal_citations import citation

IN_ORDER = [
    "L’article 266 quindecies du code des douanes est abrogé.",
    "Après l’article L. 311-1 du code de l’énergie, il est inséré un article L. 311-2 ainsi rédigé :",
    "L’article L. 311-13 du code de l’entrée et du séjour des étrangers et du droit d’asile est abrogé.",
    "L’article 4 bis du code général des impôts est complété par un alinéa ainsi rédigé :",
    "Le code général des impôts est ainsi modifié :\n\n1° Après l’article 80 undecies B, il est inséré un article.",
    "L’article 81 du code général des impôts est ainsi modifié :",
    "À la dernière phrase du premier alinéa du 1° de l’article 81 du code général des impôts, supprimer « 500 ».",
    "Après le mot : « payé », la fin du second alinéa du 1° de l’article 81 du code général des impôts est supprimée.",
    "Le 19° de l’article 81 du code général des impôts est abrogé.",
    "Le 19° ter de l’article 81 du code général des impôts est abrogé.",
    "Après l’article 81 ter du code général des impôts, il est inséré un article 81 quater.",
    "Le II de l’article 150-0 D du code général des impôts est abrogé.",
    "Le IV de l’article 150-0 D du code général des impôts est abrogé.",
    "Le IV de l’article 150-0 D ter du code général des impôts est abrogé.",
    "L’article 1119 du code général des impôts est abrogé.",
    "L’article L. 1512-9 du code des transports est abrogé.",
    "L’article L. 1512-19 du code des transports est abrogé.",
    "L’article 3 de la loi n° 72-657 du 13 juillet 1972 est abrogé.",
    "L’article 3 de la loi n° 2016-1917 du 29 décembre 2016, qui renvoie au code du travail, est abrogé.",
    "L’article 12 de la loi n° 2016-1917 du 29 décembre 2016 est abrogé.",
]


def test_additions_stand_by_code_article_and_part() -> None:
    """A64"""
    found = {text: cited for text in IN_ORDER if (cited := citation(text)) is not None}
    shuffled = list(found)
    Random(1).shuffle(shuffled)
    assert sorted(shuffled, key=found.__getitem__) == IN_ORDER


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Demande la fibre dans chaque école, et un code de bonne conduite.",
        "Demande, dans un délai de six mois, un rapport du Gouvernement.",
        "Il est inséré une phrase ainsi rédigée : « L’article 81 du code général des impôts est abrogé. »",
        "Les élus sont entendus.\n\nII. – La perte est compensée par l’article 575 du code général des impôts.",
    ],
)
def test_what_is_quoted_and_what_follows_from_it_names_nothing(text: str) -> None:
    """A64"""
    assert citation(text) is None


def test_typography_and_figures_of_any_size_change_nothing() -> None:
    """A64"""
    plain = "L'article 81 du code général des impôts est abrogé."
    assert citation(plain) == citation(plain.replace("'", "’").replace(" ", "\u00a0")) == citation("I. – " + plain)
    assert citation(f"L’article {'9' * 5000} du code général des impôts et le {'9' * 5000} de l’article 1") is not None
    assert citation("Au İ du bİs, le Iv de l’article 2 bis du code civil") is not None


WORDS = st.sampled_from(
    ["article", "L.", "12", "12-3", "bis", "ter A", "du", "le", "I", "IV", "code", "code civil", "loi n° 12-3", "de",
     "premier alinéa", "«", "»", "\n", ".", ":", "des", "impôts", "II", "première phrase", "z", "1°"]
)  # fmt: skip


@given(st.lists(st.lists(WORDS, max_size=14).map(" ".join), min_size=2, max_size=6))
def test_any_words_give_comparable_citations(texts: list[str]) -> None:
    """A64"""
    found = [cited for text in texts if (cited := citation(text)) is not None]
    ordered = sorted(found)
    assert all(one <= other for one, other in itertools.pairwise(ordered))
