"""Drafting a motion by forms: it takes the same path as keystrokes, and overwrites nothing that others wrote."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import httpx
import pycrdt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deliberation.kernel import commands as c
from deliberation.kernel.state import Motion
from deliberation.kernel.vocabulary import ClauseKind, Draft
from server.imports.importing import import_command
from server.texts import markdown, motion
from server.texts.blocks import Block, Paragraph, TextRun
from server.texts.editing import congress_client
from server.texts.motion import MotionText
from tests.server.sites import ELU, ORGANISER, SECOND, SLUG, VISITOR, Site, found, opened

EDITION = f"/c/{SLUG}/motions/1/edition"
PASSAGE = f"{EDITION}/passage"
FIELD = re.compile(
    r'<(?:input type="hidden"|input|textarea)[^>]* name="(\w+)"[^>]*?(?: value="([^"]*)"[^>]*)?>(?:\n([^<]*))?'
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with opened(tmp_path_factory.mktemp("drafting")) as site:
        found(site)
        drafts = [Draft(ClauseKind.VISA, "Vu la loi ;"), Draft(ClauseKind.DEMANDE, "Demande la fibre pour tous ;")]
        site.do(ORGANISER, import_command("Pour la fibre", drafts, "Bureau"))
        yield site


def standing(site: Site) -> Motion:
    return site.state.motions[1]


def clause(site: Site, at: int = 1) -> str:
    return standing(site).order[at]


def form(site: Site, query: str, who: str = ELU) -> dict[str, str]:
    """The fields of a passage's form, as a browser would send them."""
    page = site.get(f"{PASSAGE}?{query}", who)
    assert page.status_code == 200, page.text
    return fields(page.text.split('class="section" data-no-draft')[0]) | {"acte": "enregistrer"}


def fields(page: str) -> dict[str, str]:
    values = {m[1]: unescape(m[2] or m[3] or "") for m in FIELD.finditer(page)}
    chosen = re.search(r'<option value="(\w+)" selected', page)
    return values | ({"kind": chosen[1]} if chosen else {})


def sent(site: Site, values: dict[str, str], who: str = ELU) -> httpx.Response:
    return site.post(PASSAGE, values, who)


def test_a_passage_is_written_in_the_name_of_who_sent_it(site: Site) -> None:
    id_ = clause(site)
    values = form(site, f"clause={id_}")
    answer = sent(site, values | {"text": "Demande la fibre pour tous, en 2028 ;", "addressee": "l’État"})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{EDITION}?formulaires&garde#clause-{id_}")
    assert standing(site).draft[id_] == Draft(ClauseKind.DEMANDE, "Demande la fibre pour tous, en 2028 ;", "l’État")
    assert standing(site).writers[id_] == (ELU,)
    page = site.get(f"{EDITION}?formulaires", SECOND).text
    assert "en 2028" in page
    assert 'data-island="editor"' not in page


def test_what_others_changed_meanwhile_is_kept(site: Site) -> None:
    """M13"""
    id_ = clause(site)
    sent(site, form(site, f"clause={id_}") | {"text": "Demande la fibre pour tous ;", "kind": "demande"})
    mine, theirs = form(site, f"clause={id_}"), form(site, f"clause={id_}", SECOND)
    assert (
        sent(site, theirs | {"text": "Demande enfin la fibre pour tous ;", "kind": "note"}, SECOND).status_code == 303
    )
    assert sent(site, mine | {"text": "Demande la fibre pour tous les foyers ;"}).status_code == 303
    assert standing(site).draft[id_].markdown == "Demande enfin la fibre pour tous les foyers ;"
    assert standing(site).draft[id_].kind is ClauseKind.NOTE


def test_where_both_changed_the_same_words_nothing_is_written_until_the_person_has_seen_it(site: Site) -> None:
    """M13"""
    id_ = clause(site, 0)
    mine, theirs = form(site, f"clause={id_}"), form(site, f"clause={id_}", SECOND)
    sent(site, theirs | {"text": "Vu le décret ;"}, SECOND)
    refused = sent(site, mine | {"text": "Vu le code ;"})
    assert refused.status_code == 409
    assert standing(site).draft[id_].markdown == "Vu le décret ;"
    again = fields(refused.text)
    assert (again["text"], again["base"]) == ("Vu le code ;", "Vu le décret ;")
    assert "<del>" in refused.text
    assert sent(site, again | {"acte": "enregistrer"}).status_code == 303
    assert standing(site).draft[id_].markdown == "Vu le code ;"


def test_a_passage_is_added_once_moved_and_deleted_as_it_was_seen(site: Site) -> None:
    first = clause(site, 0)
    added = form(site, f"clause=nouveau&apres={first}") | {"text": "Vu l’usage ;"}
    assert sent(site, added).headers["location"] == sent(site, added).headers["location"]
    id_ = clause(site, 1)
    assert (standing(site).draft[id_].kind, len(standing(site).order)) == (ClauseKind.VISA, 3)
    act = {"commande": "x" * 20, "clause": id_, "base": "Vu l’usage ;"}
    assert sent(site, act | {"acte": "monter"}).status_code == 303
    assert standing(site).order[:2] == (id_, first)
    assert sent(site, act | {"acte": "supprimer", "base": "Vu autre chose ;"}).status_code == 409
    assert sent(site, act | {"acte": "supprimer"}).status_code == 303
    assert id_ not in standing(site).order
    gone = sent(site, act | {"acte": "enregistrer", "text": "Vu l’usage ancien ;", "kind": "visa"})
    assert gone.status_code == 409
    assert "Vu l’usage ancien" in gone.text
    assert fields(gone.text)["clause"] == "nouveau"


def test_the_title_too(site: Site) -> None:
    sent(site, form(site, "clause=titre") | {"text": "Pour  la fibre\npartout"})
    assert standing(site).title == "Pour la fibre partout"
    assert sent(site, form(site, "clause=titre") | {"text": "x" * 301}).status_code == 422
    assert sent(site, form(site, "clause=titre") | {"text": " "}).status_code == 422


def test_who_may_not_write_writes_nothing(site: Site) -> None:
    """M2"""
    values = form(site, f"clause={clause(site)}") | {"text": "Autre chose"}
    before = standing(site).draft
    assert [sent(site, values, who).status_code for who in (VISITOR, ORGANISER)] == [403, 403]
    assert site.get(f"{PASSAGE}?clause={clause(site)}", ORGANISER).headers["location"] == EDITION
    assert standing(site).draft == before
    assert [site.get(f"{PASSAGE}?clause=zzz", ELU).status_code, sent(site, {"acte": "rien"}).status_code] == [404, 422]


def test_a_frozen_text_is_no_longer_written(tmp_path: Path) -> None:
    with opened(tmp_path) as site:
        found(site)
        site.do(ORGANISER, import_command("T", [Draft(ClauseKind.VISA, "Vu la loi ;")], "Bureau"))
        site.do(ELU, c.TakeUpMotion(1))
        values = form(site, f"clause={clause(site, 0)}") | {"text": "Vu autre chose ;"}
        site.do(ORGANISER, c.FreezeMotion(1))
        refused = sent(site, values)
        assert refused.status_code == 409
        assert "Vu autre chose" in refused.text


TYPED = st.text("ab é😀;", min_size=1, max_size=12)


@settings(max_examples=60)
@given(TYPED, TYPED)
def test_words_are_changed_in_place_under_the_hands_of_others(before: str, after: str) -> None:
    """Someone types at the very end while the server rewrites: both stand."""
    old = MotionText("T", (("c", Draft(ClauseKind.VISA, markdown.write(blocks(f"{before} fin")))),))
    start = motion.rewrite("motion-1", b"", old)
    wanted = MotionText("T", (("c", Draft(ClauseKind.VISA, markdown.write(blocks(f"{after} fin")))),))
    typed: pycrdt.Doc[pycrdt.XmlFragment] = pycrdt.Doc(client_id=7)
    typed.apply_update(start)
    state = typed.get_state()
    clause = motion.fragment(typed).children[1]
    assert isinstance(clause, pycrdt.XmlElement)
    paragraph = clause.children[0]
    assert isinstance(paragraph, pycrdt.XmlElement)
    text = paragraph.children[0]
    assert isinstance(text, pycrdt.XmlText)
    text.insert(len(str(text).encode()), " Live")
    live = typed.get_update(state)
    doc: pycrdt.Doc[pycrdt.XmlFragment] = pycrdt.Doc(client_id=8)
    for update in (start, motion.rewrite("motion-1", start, wanted, client=9), live):
        doc.apply_update(update)
    words = dict(motion.read(doc).clauses)["c"].markdown
    assert words.endswith("fin Live")
    assert motion.read(doc).clauses[0][1].markdown == markdown.write(blocks(f"{after} fin Live"))
    assert congress_client("motion-1") not in (7, 8, 9)


def blocks(text: str) -> list[Block]:
    return [Paragraph((TextRun(text),))]
