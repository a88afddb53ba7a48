"""The PDF documents: their content, that typed text is never markup, and that two exports are equal to the byte."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from deliberation.evolve import replay
from deliberation.kernel import commands as c
from deliberation.kernel.vocabulary import ClauseChange, ClauseKind, Draft
from exports import sittings
from exports.dispositifs import dispositif
from exports.dossier import Dossier, Seal, compile_dossier
from exports.papers import compiling, motion_paper, restitution_paper, typesetting
from exports.papers.glyphs import COVERED, SUBSTITUTE, Substitution
from exports.translations import words_for
from tests.exports import sample

ROOT = "q" * 43 + "="
FRENCH, ENGLISH = words_for("fr"), words_for("en")


def dossier_of(congress: sample.Congress) -> Dossier:
    seal = Seal(f"localhost\n{len(congress.record)}\n{ROOT}\n\n— localhost sig=\n", len(congress.record), ROOT, "cle+1")
    return compile_dossier(congress.state, congress.record, seal)


@cache
def whole() -> Dossier:
    return dossier_of(sample.whole())


def words_in(pdf: bytes) -> str:
    """The words of all pages on one line, with plain spaces."""
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def motion_with(*texts: str) -> Dossier:
    """The dossier of a congress with a draft motion with these demandes."""
    congress = sample.open_congress()
    drafts = {f"clause{n:04}": Draft(ClauseKind.DEMANDE, text) for n, text in enumerate(texts)}
    congress.act(sample.ELU, c.CreateMotion("Motion"))
    changes = tuple(ClauseChange(id_, None, draft) for id_, draft in drafts.items())
    congress.act("congres", c.WriteText(1, "", (9,), changes, order=tuple(drafts)))
    return dossier_of(congress)


def printed(*texts: str) -> bytes:
    dossier = motion_with(*texts)
    return motion_paper.as_pdf(dossier, FRENCH, dossier.state.motions[1])


def test_the_motion_stands_alone_on_one_page() -> None:
    dossier = whole()
    data = motion_paper.as_pdf(dossier, FRENCH, dossier.state.motions[1])
    reader = PdfReader(io.BytesIO(data))
    said = words_in(data)
    assert len(reader.pages) == 1
    for part in (
        "Pour un numérique de tous",
        "Motion adoptée — 2 mars 2026, scrutin n° 3 : 1 pour, 0 contre, 1 abstention",
        "Demande que la fibre aille partout1 avant 2028.",
        "La fibre s’arrête au bourg",
        f"Registre : {len(dossier.lines)} entrées, racine {ROOT}",
        "page 1 / 1",
    ):
        assert part in said


def test_the_file_says_its_language_title_and_standards() -> None:
    dossier = whole()
    for words, lang in ((FRENCH, "fr"), (ENGLISH, "en")):
        reader = PdfReader(io.BytesIO(motion_paper.as_pdf(dossier, words, dossier.state.motions[1])))
        catalog: Any = reader.trailer["/Root"]
        assert reader.metadata is not None
        assert (catalog["/Lang"], reader.metadata.title) == (lang, "Pour un numérique de tous")
        assert catalog["/MarkInfo"]["/Marked"]
        metadata = catalog["/Metadata"].get_data().decode()
        assert "<pdfuaid:part>1</pdfuaid:part>" in metadata
        assert "<pdfaid:part>2</pdfaid:part>" in metadata
        assert "<pdfaid:conformance>A</pdfaid:conformance>" in metadata


def test_a_long_motion_takes_more_pages_and_loses_nothing() -> None:
    texts = [f"Demande numéro {n} : {'la fibre partout et pour tous ' * 12}fin{n}." for n in range(40)]
    data = printed(*texts)
    said = words_in(data)
    assert len(PdfReader(io.BytesIO(data)).pages) > 2
    assert all(f"fin{n}." in said for n in range(40))


def test_two_exports_are_equal_to_the_byte() -> None:
    congress = sample.whole()
    exports = []
    for record in (congress.record, list(congress.record)):
        compiling._cached.cache_clear()
        dossier = dossier_of(sample.Congress(replay(record), record))
        exports.append(
            (motion_paper.as_pdf(dossier, FRENCH, dossier.state.motions[1]), restitution_paper.as_pdf(dossier, FRENCH))
        )
    assert exports[0] == exports[1]


ATTACKS = (
    '#panic("non")',
    '#import "@preview/x:1.0.0"',
    '"]); #eval("1+1")',
    "#{while true {}}",
    "\\u{41} \\#x $sum_(i=0)^n$ <lab> @ref",
    "= Titre\n/ terme: x\n```typ #panic()```",
    '#read("/etc/passwd") #sys.inputs',
)


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_people_type_is_never_markup(attack: str) -> None:
    said = words_in(printed(attack))
    shown = [word for word in ("panic", "eval", "import", "while", "sum_", "passwd") if word in attack]
    assert all(word in said for word in shown)
    assert "root:" not in said


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80))
def test_any_text_gives_a_document(text: str) -> None:
    data = {"title": text, "lang": "fr", "congress": text, "place": text, "fictional": "", "status": text}
    data |= {"decision": "", "source": text, "notes_heading": "Paroles", "missing_words": "", "page_words": "page"}
    run = {"text": text, "strong": True, "em": True, "href": "", "note": 0}
    clause = {"label": text, "heading": False, "addressee": text, "deleted": False}
    given_text = [{"depth": 1, "mark": "•", "runs": [run]}]
    whole_data = data | {
        "seal": {"line": text, "checkpoint": "", "key": ""},
        "sections": [{"heading": text, "clauses": [clause | {"text": given_text}]}],
        "notes": [{"n": 1, "quote": text, "who": text}],
    }
    assert compiling.compiled("motion", whole_data, "2026-03-02T10:00:00.000Z").startswith(b"%PDF-1.7")


def test_characters_without_a_glyph_are_replaced_and_named() -> None:
    said = words_in(printed("Demande un 👍 et des 中文 ; l’œuf, le ✓ et le café à 3 €."))
    assert f"Demande un {SUBSTITUTE} et des {SUBSTITUTE}{SUBSTITUTE}" in said
    assert "l’œuf, le ✓ et le café à 3 €." in said
    assert "remplacés ici par □ : U+4E2D, U+6587, U+1F44D." in said
    assert "remplacés" not in words_in(printed("Demande un café."))


def test_the_fonts_have_what_they_are_said_to_have() -> None:
    bounds = [int(end, 16) for part in COVERED.split() for end in part.split("-")]
    letters = "".join(map(chr, bounds))
    substitution = Substitution()
    assert substitution.apply({"x": [letters]}) == {"x": [letters]}
    assert not substitution.replaced
    source = "d".join(letters)
    assert printed(*[source[at : at + 40] for at in range(0, len(source), 40)]).startswith(b"%PDF")


def test_french_spaces_and_signs_are_set() -> None:
    said = PdfReader(io.BytesIO(printed('Demande "ceci" : 10000 euros, c\'est tout !'))).pages[0].extract_text()
    assert "c’est tout" in said
    assert "\u202f!" in said or "tout !" in said


def test_the_restitution_says_everything_and_nothing_hidden() -> None:
    dossier = whole()
    said = words_in(restitution_paper.as_pdf(dossier, FRENCH))
    for number, amendment in dossier.state.amendments.items():
        assert f"Amendement n° {number}" in said
        sentence = dispositif(dossier.state, amendment)
        assert " ".join(sentence.split())[:30] in said
    for part in ("Pour (1) : Awa Diallo", "Léa Roc", "Sommaire", "Personnes et collectivités", ROOT, "Caviardé"):
        assert part in said
    assert sample.SECRET not in said


def test_the_restitution_has_bookmarks_and_page_numbers() -> None:
    reader = PdfReader(io.BytesIO(restitution_paper.as_pdf(whole(), FRENCH)))
    titles = [str(item["/Title"]) for item in reader.outline if isinstance(item, dict)]
    assert titles == [
        "Motions",
        "Amendements",
        "Scrutins",
        "Témoignages",
        "Cartes",
        "Personnes et collectivités",
        "Vérifier",
    ]
    assert f"page 1 / {len(reader.pages)}" in reader.pages[0].extract_text()


def test_english_labels_around_french_words() -> None:
    said = words_in(restitution_paper.as_pdf(whole(), ENGLISH))
    assert "Full restitution: Congrès d’essai" in said
    assert "Amendment no. 1" in said
    assert "Pour un numérique de tous" in said
    assert "Contents" in said


def test_the_minutes_have_places_to_sign_and_the_checkpoint() -> None:
    congress = sample.whole()
    congress.act(sample.ORGANISER, c.OpenSitting(sample.ELU))
    congress.act(sample.ORGANISER, c.CloseSitting(1))
    dossier = dossier_of(congress)
    (minutes,) = sittings.all_minutes(dossier)
    said = words_in(restitution_paper.minutes_pdf(dossier, FRENCH, minutes))
    for part in ("Compte rendu de la séance n° 1", "présidée par Awa Diallo", "Signatures", "La présidence", ROOT):
        assert part in said


def test_many_testimonies_stand_in_volumes_of_their_own() -> None:
    """One layout of all would take more memory than a server has."""
    dossier = whole()
    first = dossier.state.testimonies[1]
    number = restitution_paper.PER_VOLUME + 1
    many = {n: replace(first, number=n, text=f"Parole {n} dite.") for n in range(1, number + 1)}
    large = replace(dossier, state=replace(dossier.state, testimonies=many))
    volumes = [words_in(data) for data in restitution_paper.volumes_of_testimonies(large)]
    assert len(volumes) == 2
    assert "Parole 1 dite." in volumes[0]
    assert f"Parole {number} dite." in volumes[1]
    assert "Parole 1 dite." not in volumes[1]
    said = words_in(restitution_paper.as_pdf(large, FRENCH))
    assert "Parole 1 dite" not in said
    assert "Dans un document à part : restitution-temoignages-2.pdf" in said
    assert list(restitution_paper.volumes_of_testimonies(dossier)) == []


def test_a_large_document_is_made_in_a_process_of_its_own_with_the_same_bytes() -> None:
    source, data, time = compiling._source("motion"), _data_of_a_motion("Été"), 1_772_445_600
    assert typesetting.typeset_apart(source, data, time) == typesetting.typeset(source, data, time)
    with pytest.raises(typesetting.NotTypeset, match="could not be displayed"):
        typesetting.typeset_apart(source, _data_of_a_motion("👍"), time)


def _data_of_a_motion(title: str) -> str:
    dossier = whole()
    shown = motion_paper._data(dossier, FRENCH, dossier.state.motions[1]) | {"title": title, "missing": ""}
    return json.dumps(shown)
