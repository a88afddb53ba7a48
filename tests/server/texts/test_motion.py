"""Converting motions between Yjs documents, Markdown and clauses."""

from __future__ import annotations

import random
from typing import Any

import pycrdt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deliberation.kernel.vocabulary import ClauseKind, Draft
from server.texts import markdown, motion
from server.texts.blocks import Block, Break, Citation, List, Paragraph, TextRun, normal
from server.texts.editing import congress_client
from server.texts.motion import MotionText, derived_id, repaired
from server.texts.replica import NOTHING, Replica
from tests.server.yjs import Writer

DOCUMENT = "motion-1"
CHARACTERS = st.one_of(st.sampled_from("ab é*_[]()<>#-+.1)\\\"'!`&~|:= \u00a0«»😀\n\t"), st.characters())
HREFS = st.sampled_from(
    ["", "", "", "https://a.fr/x_(y)?a=b&c", "mailto:a@b.fr", "javascript:x", "https://é.fr/a b", "https://a.fr/<\\>"]
)
WORDS = st.builds(TextRun, st.text(CHARACTERS, max_size=8), st.booleans(), st.booleans(), HREFS)
INLINES = st.one_of(WORDS, WORDS, WORDS, st.just(Break()), st.builds(Citation, st.integers(1, 999_999_999)))
PARAGRAPHS = st.builds(Paragraph, st.lists(INLINES, max_size=6).map(tuple))
BLOCKS: st.SearchStrategy[Block] = st.recursive(
    PARAGRAPHS,
    lambda inner: st.builds(
        List,
        st.booleans(),
        st.lists(st.lists(inner, max_size=3).map(tuple), max_size=3).map(tuple),
        st.one_of(st.just(1), st.integers(-1, 100_000)),
    ),
    max_leaves=5,
)
CONTENTS = st.lists(BLOCKS, max_size=4)


def unmarked(blocks: object) -> Any:
    """The blocks with their marks removed."""
    if isinstance(blocks, Paragraph):
        return "".join(i.text if isinstance(i, TextRun) else repr(i) for i in blocks.inlines)
    if isinstance(blocks, List):
        return [blocks.ordered, blocks.start, *(unmarked(item) for item in blocks.items)]
    assert isinstance(blocks, tuple)
    return [unmarked(block) for block in blocks]


# Markdown


@given(CONTENTS)
def test_blocks_come_back_from_markdown(blocks: list[Block]) -> None:
    """Marks that CommonMark cannot express may go; words, breaks, citations and lists never do."""
    kept = normal(blocks)
    written = markdown.write(blocks)
    back = markdown.read(written)
    assert unmarked(back) == unmarked(kept)
    assert markdown.write(back) == written
    assert normal(kept) == kept


@given(st.lists(st.builds(TextRun, st.text("abé ", max_size=6), st.booleans(), st.booleans(), HREFS), max_size=5))
def test_marks_on_plain_words_come_back(run: list[TextRun]) -> None:
    kept = normal([Paragraph(tuple(run))])
    back = markdown.read(markdown.write(kept))
    plain = all(
        not (w.strong and w.em) for b in kept if isinstance(b, Paragraph) for w in b.inlines if isinstance(w, TextRun)
    )
    assert not plain or back == kept


@given(st.text(CHARACTERS, max_size=60))
def test_any_markdown_can_be_read(text: str) -> None:
    written = markdown.write(markdown.read(text))
    assert markdown.write(markdown.read(written)) == written


@pytest.mark.parametrize(
    "text",
    [
        "Vu la **loi** du [Journal officiel](https://a.fr/b) ;",
        "Demande à l’État :\n\n- un *débat*[^12]\n- deux\n\nEt la suite.",
        "1. un\n2. deux\n   - trois",
        "une ligne\\\nl’autre",
        "\\# pas un titre\n\n1\\. pas une liste\n\n\\- ni ceci",
        "***tout***",
        "2 * 3 * 4, un_mot & \\[deux\\] \\*",
    ],
)
def test_canonical_markdown_stays(text: str) -> None:
    assert markdown.write(markdown.read(text)) == text


def test_what_is_not_ours_stays_as_words() -> None:
    for text in ("# Titre", "![image](javascript:x)", "<b>x</b>", "```\ncode\n```", "[x](javascript:alert(1))"):
        assert "".join(unmarked(markdown.read(text))).replace(repr(Break()), "\n") == text


def test_long_and_hostile_markdown_is_read_as_plain() -> None:
    assert unmarked(markdown.read("[" * 50_000)) == ["[" * 50_000]
    assert len(markdown.read("mot\n\n" * 10_000)) == 10_000


def test_a_very_long_clause_is_read_like_any_other() -> None:
    item = (Paragraph((TextRun("un *mot* de "), TextRun("plus", strong=True), Citation(7))),)
    listed = (Paragraph((TextRun("Demande :"),)), List(True, (item,) * 1_500, 4))
    assert markdown.read(markdown.write(listed)) == listed
    words = (Paragraph((TextRun("un [mot] de " * 2_500 + "plus"), Citation(7))),)
    assert markdown.read(markdown.write(words)) == words


def test_what_is_not_parsed_keeps_its_words_and_citations() -> None:
    text = "\\[x\\] **y** " + "`" * 50 + "[^7]\n" + "*" * 50
    (only,) = markdown.read(text)
    assert only == Paragraph((TextRun("[x] y " + "`" * 50), Citation(7), Break(), TextRun("*" * 50)))


def test_a_long_paragraph_is_written_as_records_hold_it() -> None:
    """Verification writes the clauses of a document again: its Markdown must never change."""
    assert (
        markdown.write([Paragraph((TextRun("mot_a " * 4_000), TextRun("gras", strong=True)))])
        == "mot_a " * 4_000 + "gras"
    )
    assert markdown.write([Paragraph((TextRun("*" * 3 + "a", em=True),))]) == "*\\*\\*\\*a*"


def test_a_list_keeps_the_number_that_it_begins_with() -> None:
    items = tuple((Paragraph((TextRun(word),)),) for word in ("cinq", "six"))
    assert markdown.read("5. cinq\n6. six") == (List(True, items, 5),)
    text = MotionText("T", (("a", Draft(ClauseKind.DEMANDE, "5. cinq\n6. six")),))
    assert motion.read(Replica(motion.rewrite(DOCUMENT, b"", text)).doc) == text


def test_marks_that_commonmark_would_not_read_are_kept_by_references() -> None:
    blocks = (Paragraph((TextRun("l"), TextRun('"a"', strong=True), TextRun("b"))),)
    assert markdown.read(markdown.write(blocks)) == blocks


# Documents


def document(text: MotionText) -> Replica:
    return Replica(motion.rewrite(DOCUMENT, b"", text))


DRAFTS = st.builds(
    Draft, st.sampled_from(ClauseKind), CONTENTS.map(markdown.write), st.sampled_from(["", "État", "Région 😀"])
)
TEXTS = st.builds(
    MotionText,
    st.sampled_from(["", "Motion", "L’été 😀"]),
    st.dictionaries(st.text("abc", min_size=1, max_size=2), DRAFTS, max_size=5).map(lambda found: tuple(found.items())),
)


@settings(max_examples=150)
@given(TEXTS, TEXTS)
def test_a_document_can_be_made_to_say_anything(first: MotionText, second: MotionText) -> None:
    replica = document(first)
    assert motion.read(replica.doc) == first
    replica.apply(motion.rewrite(DOCUMENT, replica.full(), second))
    assert motion.read(replica.doc) == second
    assert motion.rewrite(DOCUMENT, replica.full(), second) == NOTHING


def test_what_stays_the_same_is_left_alone() -> None:
    long = "mot " * 500
    text = MotionText("T", tuple((f"c{n}", Draft(ClauseKind.VISA, f"{long}{n}")) for n in range(9)))
    replica = document(text)
    moved = (*text.clauses[1:5], ("new", Draft(ClauseKind.DEMANDE, "x")), *text.clauses[5:])
    update = motion.rewrite(DOCUMENT, replica.full(), MotionText("T", moved))
    assert len(update) < 300
    replica.apply(update)
    assert motion.read(replica.doc).clauses == moved


def test_words_change_in_place_beside_the_empty_texts_of_an_editor() -> None:
    """An editor keeps a text, if only an empty one, on either side of a citation."""
    long = "mot " * 500
    replica = document(MotionText("T", (("a", Draft(ClauseKind.VISA, f"{long}fin[^1]")),)))
    root: Any = replica.doc.get("prosemirror", type=pycrdt.XmlFragment)
    root.children[1].children[0].children.append(pycrdt.XmlText(""))
    wanted = MotionText("T", (("a", Draft(ClauseKind.VISA, f"{long}suite[^1]")),))
    update = motion.rewrite(DOCUMENT, replica.full(), wanted)
    assert len(update) < 300
    replica.apply(update)
    assert motion.read(replica.doc) == wanted


def test_the_server_writes_under_one_client_id() -> None:
    replica = document(MotionText("T"))
    replica.apply(motion.rewrite(DOCUMENT, replica.full(), MotionText("U")))
    assert list(replica.clocks) == [congress_client(DOCUMENT)]
    assert congress_client(DOCUMENT) != congress_client("motion-2")


def test_a_new_motion_has_its_title_and_a_clause_to_begin_with() -> None:
    replica = Replica(motion.seed(DOCUMENT, "Été"))
    read = motion.read(replica.doc)
    assert read.title == "Été"
    assert [draft for _, draft in read.clauses] == [Draft(ClauseKind.VISA, "")]
    assert motion.seed(DOCUMENT, "Été") == motion.seed(DOCUMENT, "Été")


def test_marks_cover_the_characters_they_were_set_on() -> None:
    """Offsets are bytes: « été » has five."""
    text = MotionText("", (("a", Draft(ClauseKind.VISA, "l’*été* 😀 **à** [là](<https://é.fr/>)")),))
    assert motion.read(document(text).doc) == text


def test_reading_is_lenient() -> None:
    writer = Writer(1)
    root = writer.root
    root.children.append(pycrdt.XmlElement("title"))
    root.children.append(pycrdt.XmlElement("title")).children.append(pycrdt.XmlText(" Le titre\x00 "))
    root.children.append(pycrdt.XmlElement("paragraph")).children.append(pycrdt.XmlText("égaré"))
    root.children.append(pycrdt.XmlText("égaré"))
    clause = root.children.append(pycrdt.XmlElement("clause", {"id": "a", "kind": "?", "addressee": "\x00État\n"}))
    clause.children.append(pycrdt.XmlText("nu"))
    strange = clause.children.append(pycrdt.XmlElement("table")).children.append(pycrdt.XmlElement("cell"))
    strange.children.append(pycrdt.XmlText("dedans"))
    items = clause.children.append(pycrdt.XmlElement("bullet_list"))
    items.children.append(pycrdt.XmlText("sans item"))
    items.children.append(pycrdt.XmlElement("paragraph")).children.append(pycrdt.XmlText("presque"))
    marked = clause.children.append(pycrdt.XmlElement("paragraph"))
    run = marked.children.append(pycrdt.XmlText("gras"))
    run.format(0, 4, {"strong--a1b2": {}, "em": None, "link": {"href": "javascript:x"}, "other": 1})
    for excerpt in ("12", "0", "x", "-1"):
        marked.children.append(pycrdt.XmlElement("citation", {"excerpt": excerpt}))
    marked.children.append(pycrdt.XmlElement("citation"))
    read = motion.read(writer.doc)
    assert read.title == "Le titre"
    assert read.clauses == (
        ("a", Draft(ClauseKind.DEMANDE, "nu\n\ndedans\n\n- sans item\n- presque\n\n**gras**[^12]", "État")),
    )


def test_other_roots_and_unfit_ids_do_no_harm() -> None:
    writer = Writer(1)
    writer.doc.get("autre", type=pycrdt.Map)["x"] = 1
    writer.clause("x" * 500, "a")
    writer.clause("nul\x00", "b")
    ids = motion.read(writer.doc).order
    assert ids == (derived_id("", 0), derived_id("", 1))


# Ids


def test_the_first_keeps_its_id_and_later_ones_get_derived_ones() -> None:
    assert repaired(["a", "b", "a", "a"]) == ["a", "b", derived_id("a", 1), derived_id("a", 2)]
    assert repaired(["", "a", ""]) == [derived_id("", 0), "a", derived_id("", 1)]
    assert repaired(["a", derived_id("a", 1), "a"]) == ["a", derived_id("a", 1), derived_id("a", 2)]


def test_derived_ids_are_those_of_the_browser() -> None:
    """Values computed with `client/editor/repair.ts`."""
    assert {derived_id(*each) for each in (("abc", 1), ("", 0), ("é", 2))} == {"l1lmknwi8z", "zqda0z712r", "06ed6h0isd"}


@given(st.lists(st.sampled_from(["", "a", "b", derived_id("a", 1), derived_id("", 0)]), max_size=8))
def test_repaired_ids_are_unique_and_repaired_once(ids: list[str]) -> None:
    once = repaired(ids)
    assert len(set(once)) == len(once)
    assert "" not in once
    assert repaired(once) == once
    assert all(new == old for new, old in zip(once, ids, strict=True) if old and ids.index(old) == once.index(new))


def test_a_repaired_id_is_written_when_the_server_writes() -> None:
    writer = Writer(1)
    for content in ("un", "deux"):
        writer.clause("a", content)
    state = writer.doc.get_update()
    text = motion.read(writer.doc)
    replica = Replica(state, motion.rewrite(DOCUMENT, state, MotionText("T", text.clauses)))
    assert motion.read(replica.doc).clauses == text.clauses
    raw = [child.attributes["id"] for child in motion.fragment(replica.doc).children if child.tag == "clause"]  # type: ignore[union-attr]
    assert raw == ["a", derived_id("a", 1)]


def test_concurrent_edits_read_the_same_everywhere() -> None:
    for seed in range(20):
        chance = random.Random(seed)
        base = motion.seed(DOCUMENT, "T")
        writers = [Writer(client, base) for client in (1, 2, 3)]
        for writer in writers:
            for _ in range(25):
                writer.edit(chance)
        updates = [writer.doc.get_update() for writer in writers]
        reads = []
        for _ in range(3):
            chance.shuffle(updates)
            reads.append(motion.read(Replica(*updates).doc))
        assert reads[0] == reads[1] == reads[2]
