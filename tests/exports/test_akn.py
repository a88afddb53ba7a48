"""Akoma Ntoso: valid, deterministic, and read back into a congress without loss."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deliberation.kernel import commands as c
from deliberation.kernel.errors import Refused
from deliberation.kernel.plain_text import cleaned
from deliberation.kernel.vocabulary import Aim, Choice, ClauseKind, Draft
from exports.akn.markup import AKN, MARKDOWN, markdown_of, write_markdown
from exports.akn.reading import parse, read
from exports.akn.writing import as_akn
from exports.dispositifs import dispositif
from exports.dossier import compile_dossier
from exports.motion_text import standing
from server.imports import motions
from server.imports.importing import import_command
from server.imports.kinds import FileKind, recognise
from tests.exports import sample

SCHEMA = Path(__file__).parents[3] / "shared/data/akn/akomantoso30.xsd"
MADE = {"whole": sample.whole, "every kind": lambda: sample.every_kind("*Oui* [^1]."), "votes": sample.voted_otherwise}


@cache
def congress(name: str) -> sample.Congress:
    return MADE[name]()


def written(name: str) -> bytes:
    found = congress(name)
    dossier = compile_dossier(found.state, found.record)
    return as_akn(dossier, dossier.state.motions[1])


@pytest.mark.parametrize("name", MADE)
def test_the_file_is_valid(name: str) -> None:
    etree = pytest.importorskip("lxml.etree")
    if not SCHEMA.exists():
        pytest.skip(f"no schema at {SCHEMA}")
    schema = etree.XMLSchema(etree.parse(SCHEMA))
    assert schema.validate(etree.fromstring(written(name))), schema.error_log


@pytest.mark.parametrize("name", MADE)
def test_the_motion_is_read_back(name: str) -> None:
    found = congress(name)
    dossier = compile_dossier(found.state, found.record)
    title, clauses = standing(dossier.state.motions[1])
    again = read(written(name))
    assert again.title == title
    assert [(x.id, x.draft) for x in again.clauses] == [(x.id, Draft(x.kind, x.markdown, x.addressee)) for x in clauses]


def test_dispositif_result_and_permanent_ids_are_inside() -> None:
    root = parse(written("whole"))
    state = congress("whole").state
    said = {x.get("eId"): x.text for x in root.iter(f"{AKN}block") if x.get("name") == "dispositif"}
    assert said == {f"dispositif-amendement-{n}": dispositif(state, x) for n, x in state.amendments.items()}
    assert said["dispositif-amendement-2"] == "Supprimer le visa 1"
    votes = {x.get("wId"): x for x in root.iter(f"{AKN}voting")}
    assert {key: x.get("outcome") for key, x in votes.items()} == {
        "scrutin-1": "#adopte",
        "scrutin-2": "#rejete",
        "scrutin-3": "#adopte",
    }
    counts = [(x.get("refersTo"), x.get("value")) for x in votes["scrutin-2"].iter(f"{AKN}count")]
    assert counts == [("#pour", "0"), ("#contre", "1"), ("#abstention", "1")]
    assert {x.get("wId") for x in root.iter(f"{AKN}hcontainer")} == {"aaaaaaaaaa", "bbbbbbbbbb", "cccccccccc"}
    ids = [x.get("eId") for x in root.iter() if x.get("eId")]
    assert len(ids) == len(set(ids))


def test_nothing_hidden_is_inside() -> None:
    assert sample.SECRET not in written("whole").decode()


def content(markdown: str) -> Element:
    found = Element(AKN + "content")
    write_markdown(found, markdown)
    return found


WORDS = st.text(st.sampled_from("ab é\u00a0*_`[]()<>&\\-+#1.)^!~|\n\"'«»😀"), max_size=60) | st.text(max_size=40)


@given(WORDS)
def test_any_markdown_is_read_back_as_it_was(text: str) -> None:
    markdown = cleaned(text)
    assert markdown_of(content(markdown)) == markdown


@pytest.mark.parametrize(
    "markdown",
    [
        "Demande la *fibre* **partout**[^12] ; ***vite***.",
        "Demande :\n\n- un car ;\n- deux :\n  - l’un\n  - l’autre\n\nEt après.",
        "1. un\n2. deux\n\n   suite\n3. trois",
        "Voir [la loi](https://exemple.fr/loi).\\\nAu retour.",
        "2\\*3 \\[non\\]",
    ],
)
def test_what_the_editor_writes_needs_no_copy_of_its_source(markdown: str) -> None:
    found = content(markdown)
    assert found.get(MARKDOWN) is None
    assert markdown_of(found) == markdown


def test_an_edited_content_counts_more_than_the_copy_of_its_source() -> None:
    found = content("Demande  deux __cars__.")
    assert found.get(MARKDOWN) == "Demande  deux __cars__."
    found[0].text = "Demande trois "
    assert markdown_of(found) == "Demande trois **cars**."


clauses = st.lists(
    st.builds(
        Draft,
        st.sampled_from(ClauseKind),
        st.sampled_from(["Vu la *loi* ;", "Demande :\n\n- un ;\n- deux.", "Considérant[^1] que 2\\*3 ;", "Mot"]),
        st.sampled_from(["", "À l’État"]),
    ),
    min_size=1,
    max_size=5,
).filter(lambda drafts: any(draft.kind is not ClauseKind.HEADING for draft in drafts))


@settings(max_examples=40)
@given(clauses, st.sampled_from(["Pour la fibre", "Une école & un « car »"]))
def test_a_motion_imported_from_its_own_export_is_the_same(drafts: list[Draft], title: str) -> None:
    """The command that brings it in again says the same title, clauses and ids."""
    found = sample.open_congress()
    first = import_command(title, drafts, "Une association")
    found.act("p3", first)
    found.act("p1", c.TakeUpMotion(1))
    found.act("p3", c.FreezeMotion(1))
    dossier = compile_dossier(found.state, found.record)
    data = as_akn(dossier, dossier.state.motions[1])
    assert recognise("motion.akn.xml", data) is FileKind.MOTION
    read_again = motions.read(data)
    assert isinstance(read_again, motions.WrittenMotion)
    second = import_command(read_again.title, read_again.clauses, "Le congrès", read_again.ids)
    assert (second.title, second.changes, second.order) == (first.title, first.changes, first.order)


@pytest.mark.parametrize(
    "data",
    [
        b"<akomaNtoso/>",
        b"<!DOCTYPE akomaNtoso [<!ENTITY a 'b'>]><akomaNtoso>&a;</akomaNtoso>",
        b"<akomaNtoso" + b"<p>" * 50_000,
        b"<akomaNtoso>" + b"<p>" * 50_000 + b"</p>" * 50_000 + b"</akomaNtoso>",
        b'<akomaNtoso xmlns="http://docs.oasis-open.org/legaldocml/ns/akn/3.0"><act/></akomaNtoso>',
    ],
)
def test_what_is_no_motion_is_refused_in_words(data: bytes) -> None:
    refused = motions.read(data)
    assert isinstance(refused, Refused)
    assert refused.code == "import.not_akn"


def test_a_file_without_ids_gets_new_ones() -> None:
    data = written("whole").replace(b'wId="bbbbbbbbbb"', b'wId="aaaaaaaaaa"')
    found = motions.read(data)
    assert isinstance(found, motions.WrittenMotion)
    assert found.ids == ()
    assert [x.kind for x in found.clauses] == [ClauseKind.VISA, ClauseKind.CONSIDERANT, ClauseKind.DEMANDE]


def test_a_deleted_clause_is_shown_and_not_imported() -> None:
    found = sample.open_congress()
    sample.speak(found)
    sample.write(found)
    found.act("p1", c.TableAmendment(1, Aim.DELETE, "aaaaaaaaaa", "", "Inutile."))
    found.act("p3", c.OpenPoll("amendement-1"))
    found.act("p1", c.CastBallot(1, Choice.FOR))
    found.act("p3", c.ClosePoll(1))
    dossier = compile_dossier(found.state, found.record)
    data = as_akn(dossier, dossier.state.motions[1])
    removed = [x for x in parse(data).iter(f"{AKN}hcontainer") if x.get("status") == "removed"]
    assert [x.get("wId") for x in removed] == ["aaaaaaaaaa"]
    assert "aaaaaaaaaa" not in {x.id for x in read(data).clauses}


def test_clauses_of_every_kind_have_their_own_container() -> None:
    names = [x.get("name") for x in parse(written("whole")).iter(f"{AKN}hcontainer")]
    assert names == ["visa", "considerant", "demande"]
