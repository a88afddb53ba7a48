"""Importing motions from files."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from deliberation.kernel.errors import Refused
from deliberation.kernel.vocabulary import ClauseKind, Draft
from server.imports.kinds import FileKind, recognise
from server.imports.motions import WrittenMotion, read

VISA, CONSIDERANT, DEMANDE = ClauseKind.VISA, ClauseKind.CONSIDERANT, ClauseKind.DEMANDE


def taken(text: str) -> WrittenMotion:
    found = read(text.encode())
    assert isinstance(found, WrittenMotion), found
    return found


def clauses(text: str) -> list[tuple[ClauseKind, str]]:
    return [(draft.kind, draft.markdown) for draft in taken(text).clauses]


def test_title_and_clauses_by_their_lead_words() -> None:
    motion = taken(
        "# Pour la fibre\n\nLe congrès, réuni à Aurillac,\n\nVu la loi ;\nVu la Constitution.\n\n"
        "Considérant que rien n’arrive[^3] ;\n\nDemandent à l’État d’agir.\n"
    )
    assert motion.title == "Pour la fibre"
    assert motion.clauses == (
        Draft(VISA, "Vu la loi ;"),
        Draft(VISA, "Vu la Constitution."),
        Draft(CONSIDERANT, "Considérant que rien n’arrive[^3] ;"),
        Draft(DEMANDE, "Demandent à l’État d’agir."),
    )
    assert motion.left_out == ("Le congrès, réuni à Aurillac,",)


def test_numbered_items_below_a_formula_are_clauses_and_keep_their_lines() -> None:
    motion = taken("# T\n\nLe congrès demande :\n\n1. La fibre\n   partout ;\n2. Des agents formés.\n")
    assert [draft.markdown for draft in motion.clauses] == ["La fibre\n   partout ;", "Des agents formés."]
    assert motion.left_out == ("Le congrès demande :",)


def test_items_that_a_clause_announces_stay_in_it() -> None:
    assert clauses("# T\n\nConsidérant que :\n- un,\n- deux ;\n\nDemande :\n1. trois ;\n2. quatre.\n") == [
        (CONSIDERANT, "Considérant que :\n\n- un,\n- deux ;"),
        (DEMANDE, "Demande :\n\n1. trois ;\n2. quatre."),
    ]


def test_headings_name_kinds_articles_and_addressees() -> None:
    motion = taken(
        "# T\n\n## Visas\n- le code ;\n- la loi ;\n\n## Considérants\nUn.\n\nDeux.\n\n"
        "## Article 1er\nTrois.\n\nTrois encore :\n- a\n- b\n\n## Au Gouvernement\n\nQuatre.\n"
    )
    assert motion.clauses == (
        Draft(VISA, "le code ;"),
        Draft(VISA, "la loi ;"),
        Draft(CONSIDERANT, "Un."),
        Draft(CONSIDERANT, "Deux."),
        Draft(DEMANDE, "Trois.\n\nTrois encore :\n\n- a\n- b"),
        Draft(DEMANDE, "Quatre.", "Au Gouvernement"),
    )


def test_a_bold_first_line_is_the_title_where_there_is_no_heading() -> None:
    assert taken("**Motion rurale**\n\nDemande un guichet.\n").title == "Motion rurale"


def test_a_text_without_clauses_is_refused() -> None:
    for text in ("", "# Titre seul", "Bonjour."):
        found = read(text.encode())
        assert isinstance(found, Refused)
        assert found.code == "import.no_clause"


def test_a_passage_beyond_the_limit_is_refused_and_named() -> None:
    found = read(("Vu la loi.\n\nDemande " + "x" * 20_001).encode())
    assert isinstance(found, Refused)
    assert found.params == {"clause": 2}


def test_a_markdown_file_is_a_motion_or_a_map_by_what_stands_in_it() -> None:
    assert recognise("m.md", b"# T\n\nVu la loi,\n\nDemande tout.") is FileKind.MOTION
    assert recognise("m.md", b"# T\n\n- Fibre\n- Vue d'ensemble") is FileKind.MAP
    assert recognise("t.CSV", b"") is FileKind.TESTIMONIES
    assert isinstance(recognise("x.exe", b""), Refused)


WORDS = st.text(st.sampled_from("abé ’,.[^1]*\\-\n#:0"), max_size=60)


@given(
    st.lists(st.tuples(st.sampled_from(["", "Vu ", "Considérant ", "Demande ", "# ", "1. ", "- "]), WORDS), max_size=8)
)
def test_no_word_is_lost(parts: list[tuple[str, str]]) -> None:
    text = "\n\n".join(lead + words for lead, words in parts)
    found = read(text.encode())
    if isinstance(found, WrittenMotion):
        kept = " ".join([found.title, *(draft.markdown for draft in found.clauses), *found.left_out])
        letters = {c for c in text if c.isalpha()}
        assert letters <= set(kept)
        assert kept.count("é") + kept.count("b") == text.count("é") + text.count("b")


@given(st.binary(max_size=300))
def test_no_bytes_are_a_crash(data: bytes) -> None:
    assert isinstance(read(data), WrittenMotion | Refused)


def test_other_headings_are_headings_of_the_motion() -> None:
    """M10"""
    found = taken("# T\n\n## Les réseaux\n\nDemande la fibre.\n\n## L’école\n\nConsidérant les classes ;\n")
    assert [(draft.kind.value, draft.markdown) for draft in found.clauses] == [
        ("intertitre", "Les réseaux"),
        ("demande", "Demande la fibre."),
        ("intertitre", "L’école"),
        ("considerant", "Considérant les classes ;"),
    ]
    assert isinstance(read("# T\n\n## Les réseaux\n".encode()), Refused)
