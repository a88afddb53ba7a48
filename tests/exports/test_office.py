"""ODT and DOCX: the text alone, and with amendments as tracked changes, each of which can be accepted by itself."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from functools import cache
from pathlib import Path

import docx
import odfdo
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliberation.kernel import commands as c
from deliberation.kernel.vocabulary import Aim
from exports import documents
from exports.dossier import Dossier, compile_dossier
from exports.motion_text import standing
from exports.office.tracking import MarkedMotion, WordsEdit, accepted, clean, merged, tracked
from tests.exports import sample
from tests.waiting import WITHIN

SECONDS = WITHIN
NUMBERS = st.integers(1, 4)


@cache
def dossier() -> Dossier:
    congress = sample.whole()
    return compile_dossier(congress.state, congress.record)


@cache
def files() -> dict[str, bytes]:
    return documents.files(dossier())


def plainly(name: str) -> str:
    return name.replace("\u00a0", " ")


def text_of(marked: MarkedMotion, amendment: int = 0) -> dict[str, str]:
    """The words of each passage if the changes of that amendment are accepted and all others rejected."""
    found = {passage.label: accepted(passage.pieces, amendment) for passage in marked.passages}
    return {label: words for label, words in found.items() if words}


@given(
    st.text("ab ", max_size=30),
    st.lists(st.tuples(NUMBERS, st.integers(0, 30), st.integers(0, 30), st.text("xy", max_size=3))),
)
def test_accepting_one_amendment_alone_gives_its_words(old: str, given_edits: list[tuple[int, int, int, str]]) -> None:
    bounded = ((n, min(a, b, len(old)), min(max(a, b), len(old)), new) for n, a, b, new in given_edits)
    edits = [WordsEdit(*each) for each in bounded]
    own = {edit.amendment: edit for edit in edits}
    pieces = merged(old, own.values())
    assert accepted(pieces) == old
    for number, edit in own.items():
        assert accepted(pieces, number) == old[: edit.start] + edit.new + old[edit.end :]


def test_every_amendment_of_a_motion_is_marked() -> None:
    motion = dossier().state.motions[1]
    marked = tracked(dossier(), motion)
    assert marked is not None
    base = {
        "": "Pour un numérique de tous",
        "Visa 1": "Vu la loi du 7 octobre 2016 ;",
        "Considérant 1": "Considérant que la fibre s’arrête au bourg[^1] ;",
        "Demande 1": "Demande que la fibre aille *partout*[^1].",
    }
    assert text_of(marked) == base
    assert text_of(marked, 1) == base | {"Demande 1": "Demande que la fibre aille *partout*[^1] avant 2028."}
    assert text_of(marked, 2) == {label: words for label, words in base.items() if label != "Visa 1"}
    assert text_of(marked, 3) == base | {"Demande": "Demande des cars[^2]."}
    assert text_of(marked, 4) == base | {"": "Pour des réseaux"}


def test_the_author_date_and_outcome_of_each_change_are_said() -> None:
    marked = tracked(dossier(), dossier().state.motions[1])
    assert marked is not None
    tabled = {n: x.tabled for n, x in dossier().state.amendments.items()}
    assert {key: (plainly(x.name), x.time) for key, x in marked.authors.items()} == {
        (1,): ("Awa Diallo, amendement n° 1 (adopté)", tabled[1]),
        (2,): ("Awa Diallo, amendement n° 2 (rejeté)", tabled[2]),
        (3,): ("Awa Diallo, amendement n° 3 (retiré)", tabled[3]),
        (4,): ("Awa Diallo, amendement n° 4 (irrecevable)", tabled[4]),
    }
    assert [sentence for _, sentence in marked.listed][1] == "Supprimer le visa 1"


def test_words_that_two_amendments_delete_belong_to_both() -> None:
    congress = sample.open_congress()
    sample.speak(congress)
    sample.write(congress)
    for year in ("2028", "2030"):
        text = f"Demande que la fibre aille *ici* en {year}."
        congress.act(sample.ELU, c.TableAmendment(1, Aim.REWRITE, "cccccccccc", text, ""))
    found = compile_dossier(congress.state, congress.record)
    marked = tracked(found, found.state.motions[1])
    assert marked is not None
    assert (1, 2) in marked.authors
    assert marked.authors[1, 2].name.count("amendement n°") == 2
    for number, year in ((1, "2028"), (2, "2030")):
        assert text_of(marked, number)["Demande 1"] == f"Demande que la fibre aille *ici* en {year}."


def test_a_moved_clause_goes_from_one_place_to_the_other() -> None:
    congress = sample.open_congress()
    sample.speak(congress)
    sample.write(congress)
    congress.act(sample.ELU, c.TableAmendment(1, Aim.MOVE, "bbbbbbbbbb", after="cccccccccc"))
    found = compile_dossier(congress.state, congress.record)
    marked = tracked(found, found.state.motions[1])
    assert marked is not None
    order = [passage.label for passage in marked.passages if accepted(passage.pieces, 1)]
    assert order == ["", "Visa 1", "Demande 1", "Considérant 1"]


def test_the_clean_text_is_the_current_one() -> None:
    motion = dossier().state.motions[1]
    title, clauses = standing(motion)
    found = clean(dossier(), motion)
    assert [accepted(x.pieces) for x in found.passages] == [title, *(x.markdown for x in clauses)]
    document = docx.Document(io.BytesIO(files()["motion.docx"]))
    said = [paragraph.text for paragraph in document.paragraphs]
    assert said[1:3] == ["Pour un numérique de tous", "Motion adoptée"]
    assert "Demande 1 : Demande que la fibre aille partout1 avant 2028." in said
    assert document.core_properties.title == title


def test_other_libraries_read_the_changes() -> None:
    xml = zipfile.ZipFile(io.BytesIO(files()["motion-amendements.docx"])).read("word/document.xml").decode()
    authors = re.findall(r'<w:(ins|del) w:id="\d+" w:author="([^"]*)" w:date="([^"]*)"', xml)
    assert {(tag, plainly(name).split(", ")[1][:15]) for tag, name, _ in authors} == {
        ("ins", "amendement n° 1"),
        ("del", "amendement n° 2"),
        ("ins", "amendement n° 3"),
        ("del", "amendement n° 4"),
        ("ins", "amendement n° 4"),
    }
    assert all(re.fullmatch(r"2026-03-02T10:\d\d:\d\dZ", time) for _, _, time in authors)
    odt = odfdo.Document(io.BytesIO(files()["motion-amendements.odt"]))
    changes = odt.body.get_tracked_changes()  # type: ignore[attr-defined]
    regions = changes.get_changed_regions()
    assert {plainly(region.get_change_info().creator).split(" (")[0] for region in regions} == {
        f"Awa Diallo, amendement n° {n}" for n in (1, 2, 3, 4)
    }


def test_the_files_are_equal_to_the_byte() -> None:
    congress = sample.whole()
    again = documents.files(compile_dossier(congress.state, congress.record))
    assert again == files()
    names = zipfile.ZipFile(io.BytesIO(again["motion.odt"])).namelist()
    assert names[0] == "mimetype"


def test_nothing_hidden_is_inside() -> None:
    assert all(sample.SECRET.encode() not in data for path, data in files().items() if path.endswith(("odt", "docx")))


@pytest.mark.slow(seconds=6)
@pytest.mark.parametrize("suffix", ["odt", "docx"])
def test_libreoffice_opens_the_changes(suffix: str, tmp_path: Path) -> None:
    """Each change is there with its author, after LibreOffice has read the file and written it again."""
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("no LibreOffice here")
    path = tmp_path / f"motion.{suffix}"
    path.write_bytes(files()[f"motion-amendements.{suffix}"])
    command = [office, f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless", "--convert-to", "fodt"]
    subprocess.run([*command, "--outdir", str(tmp_path), str(path)], check=True, capture_output=True, timeout=SECONDS)
    written = (tmp_path / "motion.fodt").read_text("utf-8")
    creators = re.findall(r"<dc:creator>([^<]*amendement[^<]*)</dc:creator>", written)
    assert {plainly(name).split(" (")[0] for name in creators} == {
        f"Awa Diallo, amendement n° {n}" for n in (1, 2, 3, 4)
    }
