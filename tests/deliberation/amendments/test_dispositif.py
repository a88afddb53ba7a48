"""The dispositif of an amendment, written and read (A30–A32)."""

from __future__ import annotations

import csv
import html
import io
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliberation.amendments.dispositif import grammar, naming, reading, writing
from deliberation.amendments.dispositif.forms import ReadEdit
from deliberation.kernel.errors import Refused
from deliberation.kernel.state import Amendment, Frozen
from deliberation.kernel.vocabulary import Aim
from deliberation.text import composition_rules
from tests.deliberation.amendments.dispositif_examples import BASE, OLD, text

REAL = Path(__file__).parents[4] / "shared/data/amendments/jeu_complet_commission_2013-2014_310.csv"
AIMED: dict[str, Any] = {"motion": 1, "base": 1, "rationale": "", "author": "p1", "tabled": ""}


def amendment(aim: Aim, clause: str = "", words: str = "", **more: Any) -> Amendment:
    return Amendment(**{"number": 7, "aim": aim, "clause": clause, "text": words, "new_kind": "", **AIMED, **more})


def plain(said: str) -> str:
    """The text with plain spaces, as people type."""
    return said.replace("\u00a0", " ")


def written(new: str, clause: str = "d1", base: Frozen = BASE) -> str:
    return plain(writing.written(amendment(Aim.REWRITE, clause, new), base))


@pytest.mark.parametrize(
    ("new", "sentence"),
    [
        (OLD.replace("trois", "quatre"), "Demande 1, remplacer le mot : « trois » par le mot : « quatre »"),
        (
            OLD.replace("trois jours", "chaque jour"),
            "Demande 1, remplacer les mots : « trois jours » par les mots : « chaque jour »",
        ),
        (
            OLD.replace("guichet", "bureau"),
            "Demande 1, remplacer le mot : « guichet » (deux fois) par le mot : « bureau »",
        ),
        (
            OLD.replace("Le guichet", "Le bureau"),
            "Demande 1, deuxième phrase, remplacer le mot : « guichet » par le mot : « bureau »",
        ),
        (OLD.replace(" sans rendez-vous", ""), "Demande 1, supprimer les mots : « sans rendez-vous »"),
        (OLD.replace("Le guichet reçoit sans rendez-vous. ", ""), "Demande 1, supprimer la deuxième phrase"),
        (
            OLD.replace("guichet reçoit", "guichet public reçoit"),
            "Demande 1, après les mots : « Le guichet », insérer le mot : « public »",
        ),
        (f"Pour tous, {OLD}", "Demande 1, avant le mot : « Ouvrir », insérer les mots : « Pour tous, »"),
        (
            OLD.replace("l’accueil.", "l’accueil et à la médiation."),
            "Compléter la demande 1 par les mots : « et à la médiation »",
        ),
        (f"{OLD} C’est gratuit.", "Compléter la demande 1 par une phrase ainsi rédigée : « C’est gratuit. »"),
        (
            OLD.replace("semaine. ", "semaine. C’est gratuit. "),
            "Demande 1, après la première phrase, insérer une phrase ainsi rédigée : « C’est gratuit. »",
        ),
        (f"{OLD}\n\nUn alinéa.", "Compléter la demande 1 par un alinéa ainsi rédigé : « Un alinéa. »"),
        (
            OLD.replace("trois", "six").replace("formés", "aidés"),
            (
                "Demande 1 :\nI. – Remplacer le mot : « trois » par le mot : « six »"
                "\nII. – Remplacer le mot : « formés » par le mot : « aidés »"
            ),
        ),
        ("Tout autre chose.", "Rédiger ainsi la demande 1 : « Tout autre chose. »"),
    ],
)
def test_a_dispositif_has_the_form_that_fits_the_change(new: str, sentence: str) -> None:
    """A30"""
    assert written(new) == sentence
    read = reading.read(sentence, BASE)
    assert isinstance(read, ReadEdit)
    assert (read.aim, read.clause, read.text) == (Aim.REWRITE, "d1", new)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("2024", "2025", "remplacer l’année : « 2024 » par l’année : « 2025 »"),
        ("12 000", "13 000", "remplacer le nombre : « 12 000 » par le nombre : « 13 000 »"),
        ("300 euros", "400 €", "remplacer le montant : « 300 euros » par le montant : « 400 € »"),
    ],
)
def test_the_noun_fits_what_is_quoted(old: str, new: str, sentence: str) -> None:
    """A30"""
    assert naming.fitting("12")[0] == "le nombre"
    assert naming.fitting("5,5 %")[0] == "le taux"
    assert naming.fitting("2 mars 1982")[0] == "la date"
    assert naming.fitting("III")[0] == "la référence"
    assert plain(f"remplacer {naming.named(old)} par {naming.named(new)}") == sentence


def test_whole_passages_are_named() -> None:
    """A30"""
    cases = {
        "Supprimer la demande 2": amendment(Aim.DELETE, "d2"),
        "Déplacer la demande 3 au début du texte": amendment(Aim.MOVE, "d3"),
        "Déplacer la demande 3 après le considérant 1": amendment(Aim.MOVE, "d3", after="c1"),
        "Au début du texte, insérer un visa ainsi rédigé : « Vu tout. »": amendment(
            Aim.INSERT, "", "Vu tout.", new_kind="visa"
        ),
        "Après la demande 3, insérer une demande ainsi rédigée : « Agir. »": amendment(
            Aim.INSERT, "d3", "Agir.", new_kind="demande"
        ),
        "Titre, remplacer le mot : « proximité » par le mot : « terrain »": amendment(
            Aim.TITLE, "", "Des services publics de terrain"
        ),
        "Rédiger ainsi le titre : « Agir »": amendment(Aim.TITLE, "", "Agir"),
    }
    for sentence, tabled in cases.items():
        assert plain(writing.written(tabled, BASE)) == sentence
        read = reading.read(sentence, BASE)
        assert isinstance(read, ReadEdit), sentence
        assert (read.aim, read.clause, read.text, read.new_kind, read.after) == (
            tabled.aim,
            tabled.clause,
            tabled.text,
            tabled.new_kind,
            tabled.after,
        )
    assert writing.written(amendment(Aim.REWRITE, "d1", instruction="Écrire habitants."), BASE) == ""


def test_a_sub_amendment_names_its_amendment() -> None:
    """A30"""
    parent = amendment(Aim.REWRITE, "d1", OLD.replace("trois", "quatre"), number=12)
    sub = amendment(Aim.REWRITE, "d1", OLD.replace("trois", "cinq"), parent=12)
    sentence = "Amendement n° 12, remplacer le mot : « quatre » par le mot : « cinq »"
    assert plain(writing.written(sub, BASE, parent)) == sentence
    more = amendment(Aim.INSERT, "d1", "Agir.", parent=12, new_kind="demande")
    added = "Compléter l’amendement n° 12 par une demande ainsi rédigée : « Agir. »"
    assert plain(writing.written(more, BASE, parent)) == added
    read = reading.read(sentence, BASE, {12: parent})
    assert isinstance(read, ReadEdit)
    assert (read.parent, read.text) == (12, sub.text)
    assert reading.read(added, BASE, {12: parent}) == ReadEdit(
        Aim.INSERT, "d1", "Agir.", new_kind=naming.KINDS["demande"], parent=12
    )


@pytest.mark.parametrize(
    "sentence",
    [
        "Demande 1\nRemplacer le mot :\ntrois\npar le mot :\nquatre",
        "À la demande 1, substituer au mot : « trois » le mot : « quatre ».",
        "A la première phrase de la demande 1, substituer au mot “trois” le mot “quatre”",
        'Demande 1, le mot : "trois" est remplacé par le mot : "quatre".',
        "Demande 1, première phrase\nRemplacer les mots :\ntrois jours\npar les mots :\nquatre jours",
        "Demande 1 : remplacer la première occurrence du mot « trois » par le mot « quatre »",
        "Dans l’ensemble du texte, remplacer le mot : « trois » par le mot : « quatre »",
        "Demande 1\nI. - Remplacer le mot :\ntrois\npar le mot :\nquatre",
        "Demande n° 1, remplacer le nombre : « trois » par le nombre : « quatre »",
    ],
)
def test_the_forms_of_both_assemblies_are_read(sentence: str) -> None:
    """A31"""
    read = reading.read(sentence, BASE)
    assert isinstance(read, ReadEdit), read
    assert (read.clause, read.text) == ("d1", OLD.replace("trois", "quatre"))


@pytest.mark.parametrize(
    ("sentence", "new"),
    [
        ("La demande 1 est ainsi rédigée : « Agir. »", "Agir."),
        ("Rédiger comme suit la demande 1 :\nAgir.", "Agir."),
        ("Demande 1\nRédiger ainsi cette demande :\nAgir.\n\nEncore.", "Agir.\n\nEncore."),
        ("Demande 1, supprimer la dernière phrase", OLD.replace(" Les agents sont formés à l’accueil.", "")),
        ("Demande 1, supprimer les deux dernières phrases", OLD.partition(" Le guichet")[0]),
        ("Demande 1, supprimer les deuxième et troisième phrases", OLD.partition(" Le guichet")[0]),
        (
            "Demande 1\nAprès les mots :\nchef-lieu de canton\nsupprimer la fin de cette phrase",
            OLD.replace(", trois jours par semaine", ""),
        ),
        (
            "Demande 1, après le mot : « canton », rédiger ainsi la fin de la phrase : « et partout. »",
            OLD.replace(", trois jours par semaine", " et partout"),
        ),
        (
            "Demande 1, avant le mot : « Le », rédiger ainsi le début de la demande 1 : « Ouvrir. »",
            f"Ouvrir. {OLD[OLD.index('Le guichet') :]}",
        ),
        ("Au début de la demande 1, insérer les mots : « Pour tous, »", f"Pour tous, {OLD}"),
        (
            "Demande 1, compléter la première phrase par les mots : « au moins »",
            OLD.replace("semaine.", "semaine au moins."),
        ),
        ("Demande 1, supprimer chaque occurrence du mot : « guichet »", OLD.replace("guichet ", "")),
    ],
)
def test_parts_of_a_passage_are_read(sentence: str, new: str) -> None:
    """A31"""
    read = reading.read(sentence, BASE)
    assert isinstance(read, ReadEdit), read
    assert (read.clause, read.text) == ("d1", new)


def test_a_passage_is_added_behind_the_last_one() -> None:
    """A31"""
    read = reading.read("Compléter la motion par une demande ainsi rédigée :\nAgir.", BASE)
    assert read == ReadEdit(Aim.INSERT, "d3", "Agir.", new_kind="demande")


def test_typography_decides_nothing() -> None:
    """A31"""
    read = reading.read("Demande 1, remplacer les mots : « formés à l'accueil » par le mot : « là »", BASE)
    assert isinstance(read, ReadEdit)
    assert read.text == OLD.replace("formés à l’accueil", "là")
    bold = text("Ouvrir **trois** guichets [^4] ici.")
    read = reading.read("Demande 1, remplacer les mots : « guichets ici » par le mot : « bureaux »", bold)
    assert isinstance(read, ReadEdit | Refused)
    read = reading.read("Demande 1, remplacer le mot : « trois » par le mot : « six »", bold)
    assert isinstance(read, ReadEdit)
    assert read.text == "Ouvrir **six** guichets [^4] ici."


@pytest.mark.parametrize(
    ("sentence", "code"),
    [
        ("Demande 1, remplacer le mot : « guichet » par le mot : « bureau »", "dispositif.several"),
        ("Demande 1, remplacer le mot : « mairie » par le mot : « bureau »", "dispositif.not_found"),
        ("Demande 1, remplacer le mot : « guiche » par le mot : « bureau »", "dispositif.not_found"),
        ("Demande 1, remplacer le mot : « guichet » (trois fois) par le mot : « bureau »", "dispositif.times"),
        (
            "Demande 1, remplacer la troisième occurrence du mot : « guichet » par le mot : « bureau »",
            "dispositif.occurrence",
        ),
        ("Demande 7, supprimer le mot : « guichet »", "dispositif.no_clause"),
        ("Supprimer le mot : « guichet »", "dispositif.no_place"),
        ("Supprimer la demande", "dispositif.no_place"),
        ("Alinéa 4\nSupprimer cet alinéa", "dispositif.foreign"),
        ("Supprimer le considérant 1, la demande 2", "dispositif.unread"),
        ("Demande 1, demande 2, supprimer le mot : « trois »", "dispositif.unread"),
        ("Demande 1, supprimer la demande 2", "dispositif.unread"),
        ("Dans l’ensemble du texte, remplacer le mot : « rien » par le mot : « tout »", "dispositif.everywhere"),
        ("Demande 1, supprimer la neuvième phrase", "dispositif.no_part"),
        ("Demande 1, supprimer la phrase", "dispositif.which_part"),
        ("Amendement n° 3, supprimer le mot : « guichet »", "dispositif.no_amendment"),
        ("Supprimer le titre", "dispositif.delete_title"),
        ("Demande 3, supprimer les mots : « Financer les transports. »", "dispositif.nothing_left"),
        (
            "Demande 1\nI. – Supprimer le mot : « trois »\nII. – Remplacer les mots : « trois jours » par : « six »",
            "dispositif.overlap",
        ),
        ("Écrire partout « habitants » au lieu de « usagers »", "dispositif.unread"),
        ("Demande 1, remplacer le mot : « guichet", "dispositif.open_quote"),
        ("", "dispositif.unread"),
        ("x" * 20_000, "dispositif.long"),
    ],
)
def test_what_is_not_clear_is_refused_with_what_is_missing(sentence: str, code: str) -> None:
    """A31"""
    read = reading.read(sentence, BASE)
    assert isinstance(read, Refused), read
    assert read.code == code


def test_a_refusal_asks_which_occurrence_is_meant() -> None:
    """A31"""
    read = reading.read("Demande 1, supprimer le mot : « guichet »", BASE)
    assert isinstance(read, Refused)
    assert read.message.format(**read.params) == "« guichet » se trouve 2 fois dans la demande 1 : laquelle ?"


def test_a_refusal_cites_what_is_not_read_as_it_was_written() -> None:
    """A31"""
    read = reading.read("Demande 1, Étendre le « guichet »", BASE)
    assert isinstance(read, Refused)
    assert read.params["words"] == "Étendre le « guichet »"


def test_a_citation_behind_a_space_is_said_and_read_back() -> None:
    """A63"""
    base = text("Ouvrir des guichets.")
    new = "Demander un droit de recours devant un être humain [^86] ; et le dire [^90], partout"
    said = writing.written(amendment(Aim.REWRITE, "d1", new), base)
    assert "[^" not in plain(said)
    assert "extrait n° 86 cité après une espace, après : « humain »" in plain(said)
    read = reading.read(said, base)
    assert isinstance(read, ReadEdit)
    assert read.text == new


def test_a_citation_is_no_anchor() -> None:
    """A30: the number of a testimony says nothing to whoever hears the sentence."""
    base = text("Ouvrir des guichets [^3] et des permanences.")
    new = "Ouvrir des guichets [^3] publics et des permanences."
    expected = "Demande 1, avant le mot : « et », insérer le mot : « publics »"
    assert plain(writing.written(amendment(Aim.REWRITE, "d1", new), base)) == expected


PIECES = (
    "Demande 1, supprimer remplacer le mot : « trois » par insérer après avant I. – II. – 1° a) rédiger ainsi la fin "
    'compléter titre la première phrase et 2 à 4 amendement n° 7 partout occurrence du (deux fois) \n « » ⟦0⟧ ⟦9⟧ " “ ”'
)


@given(st.one_of(st.text(max_size=80), st.lists(st.sampled_from(PIECES.split(" ")), max_size=14).map(" ".join)))
def test_anything_is_read_or_refused(said: str) -> None:
    """A31"""
    read = reading.read(said, BASE)
    assert isinstance(read, ReadEdit) or (read.message and read.field == "dispositif")


WORDS = st.sampled_from(
    ["la", "fibre", "l’élu", "Le", "Un", "2 000", "**gras**", "[^3]", "art.", "12", "« oui »", "été"]
)
GAPS = st.sampled_from([" ", " ", " ", " ", ", ", ". ", " ; ", "\n\n", "\n- ", ".\n\n", "’", "-"])


@st.composite
def wordings(draw: st.DrawFn) -> str:
    words = draw(st.lists(st.tuples(WORDS, GAPS), min_size=1, max_size=14))
    return "".join(word + gap for word, gap in words).strip(" ,;-’\n") + draw(st.sampled_from(["", ".", " ;"]))


@st.composite
def rewordings(draw: st.DrawFn) -> tuple[str, str]:
    """A text, and the same with some pieces deleted, replaced and added."""
    old = new = draw(wordings())
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(new)))
        end = draw(st.integers(start, min(len(new), start + 20)))
        new = (
            new[:start]
            + draw(st.sampled_from(["", " ", "mot", " mot ", ". Une phrase.", "\n\nUn alinéa.", ", et"]))
            + new[end:]
        )
    return old, new.strip()


@given(rewordings(), st.sampled_from([1, 2]))
def test_what_is_written_reads_back_as_the_same_edit(pair: tuple[str, str], rules: int) -> None:
    """A32: the same words, and a sentence that is written again as it was; a stray quotation mark does not matter."""
    old, new = pair
    base = replace(text(old), rules=rules)
    if not new or new == old.strip():
        return
    spans = composition_rules.of(rules).spans_of(old, new, ())
    sentence = writing.written(amendment(Aim.REWRITE, "d1", new, spans=spans), base)
    read = reading.read(sentence, base)
    assert isinstance(read, ReadEdit), (sentence, read)
    assert (read.aim, read.clause, read.text) == (Aim.REWRITE, "d1", new), sentence
    kept = composition_rules.of(rules).spans_of(old, read.text, read.spans)
    again = amendment(Aim.REWRITE, "d1", read.text, spans=kept)
    assert writing.written(again, base) == sentence


PLAIN = ("la", "fibre", "l’élu", "gras", "mots", "12")
FORMATTED = (
    "**gras**",
    "**deux mots**",
    "*penché*",
    "***les deux***",
    "**un *deux* trois**",
    "*un **deux***",
    "***un** deux*",
    "fort[^3]",
    "[le site](https://exemple.fr/a)",
)
MARKED = st.sampled_from((*PLAIN, *FORMATTED, "\\[sic\\]"))
SIGNS = re.compile(r"\*|\[\^|\]\(|\\\\")


@st.composite
def marked_rewordings(draw: st.DrawFn) -> tuple[str, str]:
    """A text in Markdown as the editor writes it, and the same with some pieces replaced, added or deleted."""
    old = draw(st.lists(MARKED, min_size=2, max_size=10))
    new = list(old)
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(new) - 1))
        new[at : at + draw(st.integers(0, 2))] = draw(st.lists(MARKED, max_size=2))
        new = new or ["reste"]
    return " ".join(old) + ".", " ".join(new) + "."


@given(marked_rewordings())
def test_formatting_is_said_in_words(pair: tuple[str, str]) -> None:
    """A63, A32: no sign of Markdown in the sentence, which is read as the edit from which it was written."""
    old, new = pair
    if new == old:
        return
    base = text(old)
    spans = composition_rules.of(base.rules).spans_of(old, new, ())
    sentence = writing.written(amendment(Aim.REWRITE, "d1", new, spans=spans), base)
    read = reading.read(sentence, base)
    assert isinstance(read, ReadEdit), (sentence, read)
    assert read.text == new, sentence
    literal = re.sub(r"[^«“]*\(signes tels quels[^)]*\)", "", sentence)
    assert not SIGNS.search(literal), sentence
    assert "**" not in sentence


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("Ouvrir les services publics.", "Ouvrir les **services** publics.", "mettre en gras le mot : « services »"),
        ("Ouvrir les *services*.", "Ouvrir les services.", "retirer la mise en italique du mot : « services »"),
        ("Ouvrir les **services** publics.", "Ouvrir les publics.", "supprimer le mot : « services » (en gras)"),
        ("Ouvrir les halls.", "Ouvrir les halls[^3].", "après le mot : « halls », citer l’extrait n° 3"),
        ("Ouvrir les halls[^3].", "Ouvrir les halls.", "supprimer la citation de l’extrait n° 3"),
        (
            "Les services et les services.",
            "Les services et les **services**.",
            "mettre en gras la deuxième occurrence du mot : « services »",
        ),
        (
            "Ouvrir des halls.",
            "Ouvrir de **grands** halls.",
            "remplacer le mot : « des » par les mots : « de grands » (en gras : « grands »)",
        ),
    ],
)
def test_formatting_has_forms_of_its_own(old: str, new: str, sentence: str) -> None:
    """A63: where it is what changes, and where new words have some."""
    base = text(old)
    assert plain(writing.written(amendment(Aim.REWRITE, "d1", new), base)) == f"Demande 1, {sentence}"
    assert getattr(reading.read(f"Demande 1, {sentence}", base), "text", None) == new


def _real() -> list[str]:
    """The dispositifs of real amendments as plain text, without empty ones."""
    if not REAL.exists():
        pytest.skip("the real amendments are not here")
    _, lines = REAL.read_bytes().decode("cp1252").split("\n", 1)
    found = []
    for row in csv.DictReader(io.StringIO(lines), delimiter="\t"):
        said = re.sub(r"<[^>]+>", "", re.sub(r"</p>|<br ?/?>|</tr>", "\n", row["Dispositif "]))
        found.append("\n".join(line.strip() for line in html.unescape(said).split("\n") if line.strip()))
    return [said for said in found if said]


def test_real_sentences_are_read() -> None:
    """A31: all but a misspelt verb and a quotation that nobody closed."""
    said = _real()
    unread = [each for each in said if isinstance(grammar.steps_of(each), Refused)]
    assert len(said) == 106
    assert len(unread) == 2
    assert sum("susbstituer" in each for each in unread) == 1
