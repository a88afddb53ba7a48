"""Importing maps from files of other programs."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliberation.kernel.errors import Refused
from server.imports.maps import ImportedOutline, order_key, read

REAL = Path(__file__).parents[4] / "shared/data/mindmaps"


def taken(data: bytes | str) -> ImportedOutline:
    found = read(data.encode() if isinstance(data, str) else data)
    assert isinstance(found, ImportedOutline), found
    return found


def tree(outline: ImportedOutline) -> list[str]:
    """Each node as the path of texts that leads to it."""
    paths = {"": ""}
    for node in outline.nodes:
        paths[node.id] = f"{paths[node.parent]}/{node.text}"
    return [paths[node.id] for node in outline.nodes]


def test_a_markdown_outline_nests_by_headings_and_indentation() -> None:
    outline = taken("# Réseaux\n\n- Fibre\n\t- Zones blanches\n\t  oubliées\n- Cuivre\n## Usages\n1. École\n")
    assert outline.title == "Réseaux"
    assert tree(outline) == [
        *("/Fibre", "/Cuivre", "/Usages"),
        *("/Fibre/Zones blanches oubliées", "/Usages/École"),
    ]


def test_footnotes_become_nodes_below_their_calls() -> None:
    outline = taken("# T\n\n- Mesures[^1] \n- Autres\n\n[^1]: Pourquoi.[^2]: Perdue")
    assert tree(outline) == ["/Mesures", "/Autres", "/Mesures/Pourquoi."]


def test_opml_takes_its_single_root_as_title_and_notes_as_children() -> None:
    outline = taken(
        '<?xml version="1.0"?><opml version="2.0"><head><title>Titre</title></head><body><outline text="Réseaux">'
        '<outline text="Fibre" _note="Lente"/></outline></body></opml>'
    )
    assert (outline.title, tree(outline)) == ("Réseaux", ["/Fibre", "/Fibre/Lente"])


def test_opml_with_several_roots_keeps_the_title_of_its_head() -> None:
    outline = taken('<opml><head><title>Titre</title></head><body><outline text="a"/><outline text="b"/></body></opml>')
    assert (outline.title, tree(outline)) == ("Titre", ["/a", "/b"])


def test_freemind_reads_rich_text_and_lifts_the_children_of_empty_nodes() -> None:
    outline = taken(
        '<map><node TEXT="R"><node><richcontent TYPE="NODE"><html><body><p>Fibre</p><p>lente</p></body></html>'
        '</richcontent></node><node TEXT=" "><node TEXT="Cuivre"/></node></node></map>'
    )
    assert (outline.title, tree(outline)) == ("R", ["/Fibre lente", "/Cuivre"])


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ('<!DOCTYPE x [<!ENTITY a "b">]><map><node TEXT="&a;"/></map>', "import.xml_entities"),
        ('<!DOCTYPE opml SYSTEM "file:///etc/passwd"><opml/>', "import.xml_entities"),
        ("<map><node TEXT='a'>", "import.not_xml"),
        ('<?xml version="1.0" encoding="klingon"?><map/>', "import.not_xml"),
        ("<map>" + "<node TEXT='a'>" * 1000, "import.map_too_large"),
        ("<map>" + "<node TEXT='a'/>" * 6000 + "</map>", "import.map_too_large"),
        ("\n".join(" " * i + "- x" for i in range(300)), "import.map_too_large"),
        ("", "import.empty_map"),
        (b"\x00\x01", "import.not_text"),
        (b"x" * 5_000_001, "import.too_large"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_code(data: bytes | str, code: str) -> None:
    found = read(data.encode() if isinstance(data, str) else data)
    assert isinstance(found, Refused)
    assert found.code == code


@given(st.integers(0, 300_000), st.integers(0, 300_000))
def test_keys_sort_as_their_ranks(one: int, other: int) -> None:
    assert (order_key(one) < order_key(other)) == (one < other)


@given(st.binary(max_size=300) | st.text(st.sampled_from("#-* \t\nab[^1]:"), max_size=200).map(str.encode))
def test_no_bytes_are_a_crash_and_every_parent_comes_first(data: bytes) -> None:
    found = read(data)
    if isinstance(found, ImportedOutline):
        seen = {""}
        for node in found.nodes:
            assert node.parent in seen
            assert node.text
            seen.add(node.id)


@pytest.mark.skipif(not REAL.exists(), reason="the real material is not here")
def test_real_maps_are_read() -> None:
    sizes = {path.name: len(taken(path.read_bytes()).nodes) for path in REAL.rglob("*.*") if path.is_file()}
    assert len(sizes) == 7
    assert min(sizes.values()) >= 3
