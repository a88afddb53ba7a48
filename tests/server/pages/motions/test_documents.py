"""The documents on the motion's page have the same bytes as in the archive; no other file of the archive is served
there.
"""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pytest

from deliberation.kernel import commands as c
from deliberation.kernel.state import Motion, State
from deliberation.kernel.vocabulary import Aim, ClauseKind, Draft, Role
from exports import document_names
from exports.document_names import PATH
from exports.translations import words_for
from server.imports.importing import import_command
from tests.server.browsing import Site, site

LINK = re.compile(r'href="(/c/essai/restitution/[^"]+)"')


def with_a_motion(found: Site) -> None:
    found.member(Role.ELU, "Ana Abadie")
    found.member(Role.ORGANISER, "Olga Orsini")
    found.do(import_command("Pour un car", [Draft(ClauseKind.DEMANDE, "Demande un car.")]))
    found.do(c.FreezeMotion(1), "p2")


def test_the_page_offers_what_the_archive_has(tmp_path: Path) -> None:
    with site(tmp_path) as found:
        with_a_motion(found)
        reader = found.visitor()
        links = LINK.findall(reader.go("/c/essai/motions/1"))
        assert [link.rpartition("/")[2] for link in links] == [
            "motion.pdf",
            "motion.odt",
            "motion.docx",
            "motion.md",
            "motion.akn.xml",
        ]
        (clause,) = found.state().motions[1].frozen[0].clauses
        found.do(c.TableAmendment(1, Aim.REWRITE, clause.id, "Demande deux cars.", ""), "p1")
        links = LINK.findall(reader.go("/c/essai/motions/1"))
        assert [link.rpartition("/")[2] for link in links][5:] == ["motion-amendements.odt", "motion-amendements.docx"]
        archive = zipfile.ZipFile(io.BytesIO(found.request("GET", "/c/essai/restitution.zip", {}).content))
        for link in links[:3]:
            answer = found.request("GET", link, {})
            path = link.removeprefix("/c/essai/restitution/")
            assert answer.content == archive.read(path)
            assert answer.headers["content-type"] == document_names.media_type(path)
            assert answer.headers["content-disposition"] == f'attachment; filename="essai-{path}"'
            assert answer.headers["x-content-type-options"] == "nosniff"


def test_nothing_else_of_the_archive_is_served_so(tmp_path: Path) -> None:
    with site(tmp_path) as found:
        with_a_motion(found)
        for path in ("record/checkpoint", "index.html", "motion-9.pdf", "seances/compte-rendu-1.pdf"):
            answer = found.request("GET", f"/c/essai/restitution/{path}", {})
            assert (answer.status_code, "document.not_found" in answer.text) == (404, True)


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_every_path_that_is_offered_is_one_that_is_served(lang: str) -> None:
    words = words_for(lang)
    motions = {n: Motion(n, "T", "p1", "2026-01-01T00:00:00.000Z") for n in (1, 12)}
    state = State(motions=motions)
    offered = [one.path for x in motions.values() for one in document_names.of_motion(state, words, x)]
    offered += [one.path for x in motions.values() for one in document_names.with_amendments(state, words, x)]
    offered += [document_names.minutes(3), f"{document_names.folder(lang)}restitution.pdf"]
    assert all(PATH.fullmatch(path) for path in offered)
    assert "motion.pdf" in offered[0]


@pytest.mark.parametrize(
    "path", ["../motion.pdf", "en/motion.odt", "motion-0.pdf", "motion.pdf\n", "/motion.pdf", "data/motions.csv"]
)
def test_other_paths_are_none_of_theirs(path: str) -> None:
    assert PATH.fullmatch(path) is None
