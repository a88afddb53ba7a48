"""Unchanging numbers, references and the renumbered text on pages (A45, A48–A50, M20–M23)."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from html import unescape
from pathlib import Path

from deliberation.kernel import commands as c
from deliberation.kernel.vocabulary import Aim, Choice, ClauseKind, Draft, Role
from server.imports.importing import import_command
from server.pages.shell.fragments import fragment_of
from server.realtime.live import topics_of
from tests.server.browsing import Site, Visitor, site

MOTION = "/c/essai/motions/1"
LABEL = re.compile(r'id="libelle-[^"]*"><a[^>]*>([^<]*)</a>')
DRAFTS = [Draft(ClauseKind.DEMANDE, text) for text in ("Demande un.", "Demande deux.", "Complète la demande 2.")]


def adopt(found: Site, subject: str) -> None:
    poll = len(found.state().polls) + 1
    found.do(c.OpenPoll(subject), "p2")
    found.do(c.CastBallot(poll, Choice.FOR), "p1")
    found.do(c.ClosePoll(poll), "p2")


def labels(reader: Visitor) -> list[str]:
    return [label.replace("\u00a0", " ") for label in LABEL.findall(reader.go(MOTION))]


def test_an_editor_that_was_open_hears_the_numbers_of_the_debate(tmp_path: Path) -> None:
    """A45: from the freeze on, with those of inserted clauses; none while the text is a draft."""
    with site(tmp_path) as found:
        found.member(Role.ELU, "Ana Abadie"), found.member(Role.ORGANISER, "Olga Orsini")
        found.do(import_command("Pour un numérique proche", DRAFTS))
        assert "numeros-1" in topics_of("motion-1")
        assert not {"numeros-1", "numeros-"} & topics_of("amendement-1")
        assert told_numbers(found) == ""
        found.do(c.FreezeMotion(1), "p2")
        one, two, three = (clause.id for clause in found.state().motions[1].frozen[0].clauses)
        assert json.loads(told_numbers(found)) == {one: "1", two: "2", three: "3"}
        found.do(c.TableAmendment(1, Aim.INSERT, one, "Demande plus.", "Parce que.", "demande"), "p1")
        adopt(found, "amendement-1")
        assert json.loads(told_numbers(found)) == {one: "1", "a000000001": "1 bis", two: "2", three: "3"}
        found.do(c.ReopenMotion(1, "Une erreur"), "p2")
        assert told_numbers(found) == ""


def told_numbers(found: Site) -> str:
    html = fragment_of("essai", "numeros-1", "fr", found.state()) or ""
    return unescape(re.findall(r'data-numbers="([^"]*)"', html)[0])


def test_numbers_from_the_debate_to_the_adopted_text(tmp_path: Path) -> None:
    with site(tmp_path) as found:
        ana, olga = found.member(Role.ELU, "Ana Abadie"), found.member(Role.ORGANISER, "Olga Orsini")
        found.do(import_command("Pour un numérique proche", DRAFTS))
        found.do(c.FreezeMotion(1), "p2")
        one, two, three = (clause.id for clause in found.state().motions[1].frozen[0].clauses)
        reader = found.visitor()
        assert f'<a class="renvoi" href="#clause-{two}">demande\u00a02</a>' in reader.go(MOTION).replace(
            " 2</a>", "\u00a02</a>"
        )

        ana.go(f"/c/essai/amendements/nouveau?motion=1&cible=delete:{two}")
        assert "1 passage renvoie à ce qui serait supprimé" in ana.page
        assert "En conséquence, amender aussi" in ana.page
        ana.send("Amender aussi")
        ana.send("Modifier — Demande 1")
        assert "1 passage renvoie à ce qui serait supprimé" in ana.page
        assert "En conséquence, amender aussi" not in ana.page, "it would drop what the form carries"
        ana.go(f"/c/essai/amendements/nouveau?motion=1&cible=delete:{two}")
        ana.send("Amender aussi")
        ana.send("Supprimer — Demande 3")
        assert "ce qui serait supprimé" not in ana.page, "what refers to it would be deleted too"
        found.do(c.TableAmendment(1, Aim.DELETE, two, "", "Parce que."), "p1")
        found.do(c.TableAmendment(1, Aim.INSERT, one, "Demande plus.", "Parce que.", "demande"), "p1")
        assert f"cible=rewrite:{three}&amp;consequence=1" in ana.go("/c/essai/amendements/1")
        assert "En conséquence de l’amendement n°" in ana.go(
            f"/c/essai/amendements/nouveau?motion=1&cible=rewrite:{three}&consequence=1"
        )
        adopt(found, "amendement-1")
        adopt(found, "amendement-2")
        assert labels(reader) == ["Demande 1", "Demande 1 bis", "Demande 2 (supprimée)", "Demande 3"]
        edition = ana.go(f"{MOTION}/edition").replace("\u00a0", " ")
        called = re.findall(r'<p class="clause-label">([^<]*)</p>', edition)
        assert called == ["Demande 1", "Demande 1 bis", "Demande 2 (supprimée)", "Demande 3"]
        numbers = json.loads(unescape(re.findall(r'data-numbers="([^"]*)"', edition)[0]))
        assert numbers == {one: "1", "a000000002": "1 bis", three: "3"}, "not those of where they stand"
        ana.go("/c/essai/amendements/nouveau?motion=1")
        shown = re.findall(r'<p class="clause-label">([^<]*)</p>', ana.page.replace("\u00a0", " "))
        assert shown == ["Titre", "Demande 1", "Demande 1 bis", "Demande 2 (supprimée)", "Demande 3"]
        assert "version 3, avec les amendements adoptés n° 1 et 2" in ana.page.replace("\u00a0", " ")
        assert f"cible=delete%3A{three}" in ana.page
        assert f"cible=delete%3A{two}" not in ana.page
        page = reader.go(f"{MOTION}/passages/{two}")
        assert reader.status == 200
        assert "Demande 2 (supprimée)" in page
        laid = found.visitor().go("/api/v1/c/essai/motions/1")
        assert '"number":"1 bis"' in laid.replace(" ", "").replace('"1bis"', '"1 bis"')

        found.do(c.TableAmendment(1, Aim.INSERT, one, "Demande encore.", "Parce que.", "demande"), "p1")
        assert "Demande 1 ter" in ana.go("/c/essai/amendements/3").replace("\u00a0", " ")
        found.do(c.WithdrawAmendment(3), "p1")
        adopt(found, "motion-1")
        assert "Renuméroter" not in reader.go(MOTION)
        assert "Renuméroter" in olga.go(MOTION)
        olga.send("Renuméroter le texte adopté")
        assert labels(reader) == ["Demande 1", "Demande 2", "Demande 3"]
        assert "Table de concordance" in reader.page
        assert "la demande 2 (supprimée)" in re.sub(r"<[^>]*>|\u00a0", lambda m: " " * (m[0] == "\u00a0"), reader.page)
        told = reader.go("/c/essai/registre").replace("\u00a0", " ")
        assert "Demande 1 bis → Demande 2" in told
        with zipfile.ZipFile(io.BytesIO(found.request("GET", "/c/essai/restitution.zip", {}).content)) as kept:
            rows = list(csv.DictReader(io.TextIOWrapper(kept.open("data/concordance.csv"), "utf-8-sig")))
            assert [(row["before"], row["after"]) for row in rows] == [
                ("1", "1"), ("1 bis", "2"), ("2", ""), ("3", "3"),
            ]  # fmt: skip
            assert "| Demande 1 bis | Demande 2 |" in kept.read("motion.md").decode()
            assert "Table de concordance" in kept.read("index.html").decode()
