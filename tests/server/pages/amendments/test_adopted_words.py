"""Amending words that were adopted since, on pages without JavaScript, up to the text and its verification
(A59–A61).
"""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
import zipfile
from html import unescape
from pathlib import Path

from deliberation.kernel import commands as c
from deliberation.kernel.vocabulary import Aim, Choice, ClauseKind, Draft, Role
from exports.verify import verify_archive
from server.imports.importing import import_command
from tests.server.browsing import Site, Visitor, site

NEW = "/c/essai/amendements/nouveau?motion=1"
TEXTS = ("Ouvrir trois guichets par canton.", "Former les agents.")


def words_of(page: str) -> str:
    return unescape(page).replace("\u00a0", " ").replace("\u202f", " ")


def adopt(found: Site, number: int) -> None:
    found.do(c.OpenPoll(f"amendement-{number}"), "p2")
    found.do(c.CastBallot(len(found.state().polls), Choice.FOR), "p1")
    found.do(c.ClosePoll(len(found.state().polls)), "p2")


def adopted_steps(page: str) -> list[dict[str, object]]:
    """What the editor is told of the versions of the passage."""
    found: list[dict[str, object]] = json.loads(unescape(re.findall(r'data-adopted="([^"]*)"', page)[0]))
    return found


def said(found: Site) -> list[tuple[str, str]]:
    text = found.state().motions[1].text
    assert text is not None
    return [(clause.called, clause.markdown) for clause in text.clauses]


def tabled(ana: Visitor, choice: str, text: str) -> str:
    """Writes an amendment from the list of passages, previews and tables it; returns its page."""
    ana.go(NEW)
    assert choice.replace(":", "%3A") in ana.page
    ana.go(f"{NEW}&cible={choice}")
    ana.send("Relire", text=text)
    assert "Relisez ce que vous proposez" in ana.page
    ana.send("Déposer")
    return words_of(ana.page)


def test_adopted_words_and_inserted_clauses_are_amended_on_the_form(tmp_path: Path) -> None:
    """A59, A50: from the list of passages to the vote; the version is said in words, and everything verifies."""
    with site(tmp_path) as found:
        ana = found.member(Role.ELU, "Ana Abadie")
        found.member(Role.ORGANISER, "Olga Orsini")
        found.do(import_command("Pour un numérique proche", [Draft(ClauseKind.DEMANDE, text) for text in TEXTS]))
        found.do(c.FreezeMotion(1), "p2")
        first = found.state().motions[1].frozen[0].clauses[0].id
        found.do(c.TableAmendment(1, Aim.REWRITE, first, "Ouvrir quatre guichets mobiles par canton."), "p1")
        found.do(c.TableAmendment(1, Aim.INSERT, first, "Publier un bilan.", new_kind="demande"), "p1")
        adopt(found, 1)
        adopt(found, 2)

        form = words_of(ana.go(f"{NEW}&cible=rewrite:{first}"))
        assert "Déjà adopté dans ce passage, par l’amendement" in form
        steps = adopted_steps(ana.page)
        assert [step["by"] for step in steps] == [[], [1]]
        assert [words in str(step["words"]) for step, words in zip(steps, ("trois", "quatre"), strict=True)] == [
            True
        ] * 2
        assert "Tout le passage en vient" in words_of(ana.go(f"{NEW}&cible=rewrite:a000000002"))
        assert [step["by"] for step in adopted_steps(ana.page)] == [[], [2]]
        last = found.state().motions[1].frozen[0].clauses[1].id
        assert "Déjà adopté" not in ana.go(f"{NEW}&cible=rewrite:{last}")
        assert "data-adopted" not in ana.page

        page = tabled(ana, f"rewrite:{first}", "Ouvrir quatre guichets fixes par canton.")
        assert "remplacer le mot : « mobiles » par le mot : « fixes »" in page
        assert "Texte visé" in page
        assert "version 2, avec l’amendement adopté n° 1" in page
        page = tabled(ana, "rewrite:a000000002", "Publier un bilan annuel.")
        assert "Demande 1 bis" in page
        assert "version 3, avec les amendements adoptés n° 1 et 2" in page
        for path in ("/c/essai/seance", "/c/essai/amendements", "/c/essai/motions/1", "/c/essai/motions/1/comparaison"):
            assert ana.go(path)
        assert "n° 4" in words_of(ana.go("/c/essai/motions/1/passages/a000000002"))
        adopt(found, 4)
        adopt(found, 3)
        assert said(found) == [
            ("1", "Ouvrir quatre guichets fixes par canton."),
            ("1 bis", "Publier un bilan annuel."),
            ("2", "Former les agents."),
        ]
        compared = words_of(ana.go("/c/essai/motions/1/comparaison"))
        assert "n° 3" in compared
        assert "n° 4" in compared

        archive = tmp_path / "restitution.zip"
        archive.write_bytes(found.request("GET", "/c/essai/restitution.zip", {}).content)
        report = verify_archive(archive)
        assert report.findings == ()
        with zipfile.ZipFile(io.BytesIO(archive.read_bytes())) as kept:
            kept.extractall(tmp_path / "out")
        checked = subprocess.run([sys.executable, "verify.py"], cwd=tmp_path / "out", capture_output=True, text=True)
        assert checked.returncode == 0, checked.stdout + checked.stderr


def test_a_sentence_is_read_on_the_text_as_it_stands(tmp_path: Path) -> None:
    """A31, A59: typed on the form; and on paper, transcribed at the desk."""
    with site(tmp_path) as found:
        ana = found.member(Role.ELU, "Ana Abadie")
        found.member(Role.ORGANISER, "Olga Orsini")
        found.do(import_command("Pour un numérique proche", [Draft(ClauseKind.DEMANDE, text) for text in TEXTS]))
        found.do(c.FreezeMotion(1), "p2")
        first = found.state().motions[1].frozen[0].clauses[0].id
        found.do(c.TableAmendment(1, Aim.INSERT, first, "Publier un bilan.", new_kind="demande"), "p1")
        adopt(found, 1)
        ana.go(NEW)
        ana.send("Lire la consigne", dispositif="Demande 1 bis, compléter cette demande par le mot : « annuel ».")
        assert "Relisez ce que vous proposez" in ana.page
        ana.send("Déposer")
        found.do(c.TranscribeAmendment(1, "p1", "Demande 1 bis, remplacer le mot : « bilan » par : « état »."), "p2")
        found.do(c.ConfirmTranscription(1), "p1")
        adopt(found, 2)
        adopt(found, 3)
        assert said(found)[1] == ("1 bis", "Publier un état annuel.")
