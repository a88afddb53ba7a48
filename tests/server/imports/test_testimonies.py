"""Importing testimonies from tables and lists, whatever the names of their columns."""

from __future__ import annotations

import csv
import json
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliberation.kernel.errors import Refused
from deliberation.kernel.vocabulary import Channel, Speaker
from server.imports.source import words_of_html
from server.imports.testimonies import Testimonies as Read
from server.imports.testimonies import read

REAL = Path(__file__).parents[4] / "shared/data"


def taken(data: bytes | str) -> Read:
    found = read(data.encode() if isinstance(data, str) else data)
    assert not isinstance(found, Refused), found
    return found


def refused(data: bytes | str) -> str:
    found = read(data.encode() if isinstance(data, str) else data)
    assert isinstance(found, Refused)
    return found.code


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_in_the_header(delimiter: str) -> None:
    rows = taken(f"Titre{delimiter}Témoignage\r\nFibre{delimiter}Rien n’arrive.\r\n").rows
    assert [(row.title, row.text) for row in rows] == [("Fibre", "Rien n’arrive.")]


def test_a_first_line_may_name_the_delimiter_and_the_encoding_may_be_windows() -> None:
    rows = taken("sep=;\nTitre;Texte\nÉcole;Fermée, œuvre perdue\n".encode("cp1252")).rows
    assert [(row.title, row.text) for row in rows] == [("École", "Fermée, œuvre perdue")]


def test_utf16_and_a_byte_order_mark_are_read() -> None:
    assert taken("texte\nété\n".encode("utf-16")).rows[0].text == "été"
    assert taken("\ufefftexte\nété\n").rows[0].text == "été"


def test_every_field_is_recognised_and_a_name_needs_consent() -> None:
    head = "Prénom,Nom,Mandat,Commune,Code INSEE,Canal,Thème,Texte,Consentement\n"
    row = "Awa,Diallo,Maire,Aurillac,15014,Téléphone,Réseaux,Rien ne passe.,{}\n"
    found = taken(head + row.format("oui"))
    assert found.rows[0].speaker == Speaker("Awa Diallo", "Maire", "Aurillac", "15014")
    assert (found.rows[0].channel, found.rows[0].theme, found.rows[0].consent) == (Channel.PHONE, "Réseaux", True)
    assert (found.unnamed, taken(head + row.format("")).unnamed) == (0, 1)


def test_json_with_unknown_names_is_recognised_by_their_ends_and_by_length() -> None:
    records = [{"id": "7", "x_versions_title": "Fibre", "x_versions_bodyText": "Rien.", "votes": 12.0}]
    assert [(r.title, r.text) for r in taken(json.dumps(records)).rows] == [("Fibre", "Rien.")]
    nested = {
        "results": [{"author": {"name": "Awa"}, "ref": "A1", "zz": "Une phrase assez longue pour être un témoignage."}]
    }
    found = taken(json.dumps(nested))
    assert (found.columns["text"], found.columns["name"]) == ("zz", "author.name")


def test_rows_left_out_say_their_line_and_why() -> None:
    found = taken('titre,texte\nA,"deux\nlignes"\nB,\nA,"deux\nlignes"\nC,' + "x" * 20_001 + "\n")
    assert [(error.line, error.message) for error in found.errors] == [
        (4, "Témoignage vide."),
        (5, "Double de la ligne 2."),
        (7, "Texte de plus de 20000 caractères."),
    ]


def test_a_title_too_long_for_a_title_stays_in_the_text() -> None:
    row = taken(f"titre,texte\n{'t' * 301},Mots\n").rows[0]
    assert (row.title, row.text) == ("", "t" * 301 + "\n\nMots")


def test_html_becomes_paragraphs() -> None:
    assert taken('texte,titre\n"<p>L&#233;on</p><p>a<br>b</p><script>x()</script>",T\n').rows[0].text == "Léon\n\na\nb"
    assert words_of_html("<ul><li>un</li><li>deux</li></ul>") == "- un\n\n- deux"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ("", "import.no_text"),
        ("a,b\n1,2\n", "import.no_text"),
        (b"texte\nPK\x00\x01", "import.not_text"),
        ("[" * 100_000, "import.not_json"),
        ('[{"texte": ' + "9" * 5_000 + "}]", "import.not_json"),
        ('{"a": 1}', "import.no_list"),
        ("texte\n" + "x" * 200_000, "import.not_csv"),
        (b"x" * 20_000_001, "import.too_large"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_code(data: bytes | str, code: str) -> None:
    assert refused(data) == code


@given(st.binary(max_size=400))
def test_no_bytes_are_a_crash(data: bytes) -> None:
    assert isinstance(read(data), Read | Refused)


LINES = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=30)


@given(st.lists(st.tuples(LINES, LINES), min_size=1, max_size=6, unique=True), st.sampled_from(",;\t|"))
def test_what_a_spreadsheet_writes_is_read_back(pairs: list[tuple[str, str]], delimiter: str) -> None:
    out = StringIO()
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerows([("titre", "texte"), *pairs])
    found = taken(out.getvalue())
    assert len(found.rows) + len(found.errors) == len(pairs)


@pytest.mark.skipif(not REAL.exists(), reason="the real material is not here")
def test_real_material_is_read() -> None:
    for path in (REAL / "testimonies").glob("*.json"):
        assert len(taken(path.read_bytes()).rows) == 20
    amendments = taken(next((REAL / "amendments").glob("*.csv")).read_bytes())
    assert len(amendments.rows) + len(amendments.errors) == 127
