"""Falsified archives are detected and the place is named, even if the list of files was signed again (R40–R43)."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from deliberation.kernel import commands as c
from deliberation.kernel.events import Recorded
from deliberation.kernel.state import State
from deliberation.record import note
from deliberation.record.report import Report
from exports import layout, program, verify
from exports.checking import files as checking
from exports.checking import manifest, words
from exports.checking.derived import Maker
from exports.container import Container
from exports.dossier import Seal
from tests.exports import sample
from tests.records import Log, signer
from tests.waiting import WITHIN

Files = dict[str, bytes]
Forge = Callable[[Files], None]
ORIGIN = "localhost:8000/c/essai/registre"


def congress() -> sample.Congress:
    whole = sample.whole()
    whole.act(sample.ELU, c.GiveProxy(sample.OTHER))
    return whole


@cache
def log() -> Log:
    """The record of the sample congress."""
    source, kept = congress(), Log(signer(ORIGIN))
    for each in source.record:
        assert each.event is not None
        kept.note(each.actor, each.event, each.time)
    kept.state = source.state
    kept.sign()
    return kept


@cache
def archived() -> bytes:
    """The archive as the server writes it, from public content only."""
    kept = log()
    return kept.zip(kept.derived(), program="")


@cache
def original() -> Mapping[str, bytes]:
    zipped = Container(io.BytesIO(archived()))
    return {name: zipped.read(name) or b"" for name in zipped.names()}


class Kept:
    """An unpacked archive in memory."""

    def __init__(self, files: Files) -> None:
        self.files = files

    def names(self) -> Iterable[str]:
        return list(self.files)

    def read(self, path: str) -> bytes | None:
        return self.files.get(path)


MADE: dict[tuple[int, str], Mapping[str, bytes]] = {}


def make_once(state: State, record: Iterable[Recorded], seal: Seal, engine: str) -> Mapping[str, bytes]:
    """All files as `pleniere verify` makes them; cached, since the record is the same in each of these tests."""
    key = state.size, engine
    if key not in MADE:
        MADE[key] = verify.whole().make(state, record, seal, engine)
    return MADE[key]


def by_program(files: Files) -> Report:
    return checking.check(Kept(files), maker=replace(verify.whole(), make=make_once))


def by_script(files: Files) -> Report:
    return checking.check(Kept(files))


def signed_again(files: Files, made_by: str = "", engine: str = "") -> Files:
    """Signs the list of files again with the true key, as its holder could after changing files."""
    listed = {path: manifest.listed(data) for path, data in files.items() if path != manifest.PATH}
    made_by, engine = made_by or program.version(), engine or layout.engine()
    return {**files, manifest.PATH: manifest.write(ORIGIN, listed, log().signer, made_by, engine)}


def edit(path: str, old: str, new: str) -> tuple[str, Forge]:
    def forge(files: Files) -> None:
        assert old.encode() in files[path], (path, old)
        files[path] = files[path].replace(old.encode(), new.encode(), 1)

    return path, forge


def drop_line(path: str, holding: str) -> tuple[str, Forge]:
    """A forgery that removes the first line with those words from a file; a JSON table stays well formed."""

    def forge(files: Files) -> None:
        lines = files[path].decode().splitlines(keepends=True)
        lines.pop(next(n for n, line in enumerate(lines) if holding in line))
        files[path] = "".join(lines).encode()
        if path.endswith(".json"):
            files[path] = files[path].replace(b",\n]", b"\n]")

    return path, forge


def remove(path: str) -> tuple[str, Forge]:
    return path, lambda files: files.__delitem__(path)


def put(path: str, data: bytes) -> tuple[str, Forge]:
    return path, lambda files: files.__setitem__(path, data)


def append(path: str, text: str) -> tuple[str, Forge]:
    return path, lambda files: files.__setitem__(path, files[path] + text.encode())


def swap(path: str, one: str, other: str) -> tuple[str, Forge]:
    """A forgery that exchanges two words wherever they are in a file."""

    def forge(files: Files) -> None:
        text = files[path].decode()
        swapped = re.sub(f"{one}|{other}", lambda match: other if match[0] == one else one, text)
        assert swapped != text, path
        files[path] = swapped.encode()

    return path, forge


TAMPERINGS: dict[str, tuple[str, Forge]] = {
    "page: outcomes exchanged": swap("index.html", "Adopté", "Rejeté"),
    "page: a clause reads otherwise": edit("index.html", "la fibre aille", "le cuivre aille"),
    "page: a testimony reads otherwise": edit("index.html", "Rien après.", "Tout va bien."),
    "page: a quotation is invented": edit("index.html", "L’école ferme", "L’école ouvre"),
    "page: another person speaks": edit("index.html", "Léa Roc", "Léo Rac"),
    "page: the title of a motion": edit("index.html", "Pour un numérique de tous", "Pour un numérique sûr"),
    "page: the figures of a poll": edit("index.html", ">2</", ">3</"),
    "page: the title of the congress": edit("index.html", "Congrès d’essai", "Congrès réel"),
    "page: the root that readers compare": edit("index.html", "localhost:8000/c/essai", "localhost:8001/c/essai"),
    "page: a script of one’s own": append("index.html", "<script>fetch('//x')</script>"),
    "page: one byte at the end": append("index.html", " "),
    "page: gone": remove("index.html"),
    "English page: an outcome": edit("en/index.html", "Adopted", "Rejected"),
    "English page: a clause": edit("en/index.html", "la fibre aille", "le cuivre aille"),
    "English page: gone": remove("en/index.html"),
    "page of the record: an act": edit("registre.html", "Awa Diallo", "Awa Durand"),
    "page of the record: a moment": edit("registre.html", "2 mars 2026".replace(" ", "\u00a0"), "3 mars 2026"),
    "English page of the record": edit("en/registre.html", "Awa Diallo", "Awa Durand"),
    "page: a new one": put("communique.html", b"<p>Tout le monde est d'accord.</p>"),
    "picture: an idea": edit("maps/carte-1.svg", "Fibre", "Cuivre"),
    "picture: gone": remove("maps/carte-1.svg"),
    "picture: a link": edit("maps/carte-1.svg", "</svg>", '<a href="https://x.example">x</a></svg>'),
    "outline: an idea": edit("maps/carte-1.opml", "Réseaux", "Rouages"),
    "outline: gone": remove("maps/carte-1.opml"),
    "motion: a clause": edit("motion.md", "avant 2028", "avant 2038"),
    "motion: a footnote": edit("motion.md", "« La fibre s’arrête au bourg. »", "« La fibre va partout. »"),
    "motion: who said it": edit("motion.md", "Léa Roc", "Léo Rac"),
    "motion: its fate": edit("motion.md", "Congrès d’essai", "Congrès d’essais"),
    "motion: gone": remove("motion.md"),
    "README: how to verify": edit("README.txt", "python3 verify.py", "python3 verifie.py"),
    "README: the English half": edit("README.txt", "standard library only", "any library"),
    "package: the title": edit("datapackage.json", "Congrès d’essai", "Congrès réel"),
    "package: a foreign key": edit("datapackage.json", '"primaryKey"', '"primaryKeys"'),
    "polls: carried or not": edit("data/scrutins.json", '"carried":true', '"carried":false'),
    "polls: figures": edit("data/scrutins.json", '"in_favour":2', '"in_favour":1'),
    "polls: a question": edit("data/scrutins.csv", "motion-1", "motion-2"),
    "polls: a row less": drop_line("data/scrutins.csv", "amendement-2"),
    "ballots: a vote": edit("data/bulletins.csv", "pour", "contre"),
    "ballots: a row less": drop_line("data/bulletins.json", '"poll":3'),
    "amendments: adopted": edit("data/amendements.json", '"adopte"', '"rejete"'),
    "amendments: rejected": edit("data/amendements.csv", "rejete", "adopte"),
    "amendments: a reason": edit("data/amendements.json", "Hors délai.", "Sans objet."),
    "amendments: words": edit("data/mots_changes.json", "2028", "2038"),
    "adoptions: what was changed": edit("data/adoptions.csv", "cccccccccc", "titre"),
    "adoptions: their words": edit("data/adoptions_mots.json", " avant 2028", " avant 2038"),
    "adoptions: gone": remove("data/adoptions.json"),
    "clauses: a text": edit("data/clauses.csv", "la fibre aille", "le cuivre aille"),
    "clauses: an order": edit("data/clauses.json", '"rank":1', '"rank":2'),
    "testimonies: a text": edit("data/temoignages.csv", "Rien après.", "Tout va bien."),
    "testimonies: a row less": drop_line("data/temoignages.json", '"number":3'),
    "testimonies: a reason": edit("data/temoignages.json", "Une personne s’y reconnaît.", "Hors sujet."),
    "excerpts: a quotation": edit("data/extraits.json", "La fibre s’arrête", "La fibre ne s’arrête pas"),
    "people: a mandate": edit("data/personnes.csv", "Conseiller", "Président"),
    "record as a table: an actor": edit("data/registre.csv", "Nora Blanc", "Nora Noir"),
    "record as a table: in English": edit("data/registre.json", "Nora Blanc publishes", "Luc Vert publishes"),
    "redactions: a ground": edit("data/caviardages.json", "Vie privée", "Secret défense"),
    "proxies: a bearer": edit("data/pouvoirs.json", '"bearer":"p2"', '"bearer":"p1"'),
    "origins: who wrote": edit("data/origines.json", '"person":"p1"', '"person":"p2"'),
    "origins: gone": remove("data/origines.json"),
    "threads: where words went": drop_line("data/fils.csv", "clause"),
    "phases: a date": edit("data/phases.csv", "2026-01-01", "2025-01-01"),
    "verifier: its script": append("verify.py", "\n# changé\n"),
    "verifier: a rule": edit("verifier/deliberation/votes/polls.py", "from", "# \nfrom"),
    "verifier: its report": edit("verifier/exports/checking/words.py", "ÉCHEC", "Succès"),
    "verifier: a module more": put("verifier/json.py", b"raise SystemExit(0)\n"),
}


def forged(name: str) -> tuple[str, Files]:
    path, forge = TAMPERINGS[name]
    files = dict(original())
    forge(files)
    return path, files


def test_the_archive_follows_from_its_record() -> None:
    """R40: made again from what is public alone, every file is the same to the byte, the verifier's included."""
    report = by_program(dict(original()))
    assert (report.findings, report.skipped) == ((), {})
    assert report.counts["remade"] == len([name for name in original() if not name.startswith("record/")])
    assert report.program == program.version()
    assert len(TAMPERINGS) >= 50


@pytest.mark.parametrize("name", TAMPERINGS)
def test_a_falsified_file_is_found_without_the_key(name: str) -> None:
    """R19"""
    path, files = forged(name)
    for report in (by_program(files), by_script(files)):
        assert path in {finding.file for finding in report.findings}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_a_falsified_file_is_found_although_all_was_signed_again(name: str) -> None:
    """R40: nothing else is found, and both languages say what differs."""
    path, files = forged(name)
    report = by_program(signed_again(files))
    assert {finding.file for finding in report.findings} == {path}
    assert all(words.sentence(finding, language) for finding in report.findings for language in ("fr", "en"))


@pytest.mark.parametrize("name", TAMPERINGS)
def test_the_script_finds_it_or_says_that_it_did_not_look(name: str) -> None:
    """R41"""
    path, files = forged(name)
    report = by_script(signed_again(files))
    looked_at = path.startswith("data/") or path.endswith((".md", ".opml", "README.txt", "datapackage.json"))
    unseen = {each for paths in report.skipped.values() for each in paths}
    if looked_at:
        assert {finding.file for finding in report.findings} == {path}
        assert path not in unseen
    else:
        assert report.ok
        assert path in unseen or path not in files
        assert {"index.html", "maps/carte-1.svg"} - set(report.skipped["library"]) <= {path}


def test_the_first_difference_is_shown() -> None:
    """R40"""
    _, files = forged("polls: carried or not")
    (finding,) = by_program(signed_again(files)).findings
    assert (finding.code, finding.line) == ("derived.differs", 2)
    assert '"carried":fals' in str(finding.params["found"])
    assert '"carried":true' in str(finding.params["expected"])


def test_another_version_is_said_and_its_values_are_compared() -> None:
    """R42: its pages are not compared, which is said; the figures are the record's all the same."""
    files = dict(original())
    edit("index.html", "Adopté", "Approuvé")[1](files)
    for path in ("data/registre.csv", "data/registre.json"):
        edit(path, "Nora Blanc publie", "Nora Blanc a publié")[1](files)
    report = by_program(signed_again(files, "0.0.1"))
    assert report.ok
    assert report.skipped == {"version": ("index.html",), "values": ("data/registre.csv", "data/registre.json")}
    assert any("0.0.1" in line and "index.html" in line for line in words.lines(report, "fr"))
    for name in ("polls: carried or not", "polls: figures", "ballots: a vote", "clauses: a text"):
        path, files = forged(name)
        (finding,) = by_program(signed_again(files, "0.0.1")).findings
        assert (finding.code, finding.file) == ("data.differs", path)
        assert finding.params["column"] in {"carried", "in_favour", "choice", "text", "markdown"}
    path, files = forged("ballots: a row less")
    assert by_program(signed_again(files, "0.0.1")).findings


def test_strict_fails_where_something_was_not_compared(tmp_path: Path) -> None:
    """R42"""
    path = tmp_path / "restitution.zip"
    path.write_bytes(log().zip({"index.html": b"<p>Ancienne</p>"}, program="0.0.1"))
    assert verify.main_verify(str(path)) == 0
    assert verify.main_verify(str(path), strict=True) == 1


def test_another_layout_engine_moves_pictures_only() -> None:
    """R42: the words in them are compared all the same."""
    files = {path: data.replace(layout.engine().encode(), b"Graphviz 1.0 (dot)") for path, data in original().items()}
    picture = files["maps/carte-1.svg"]
    files["maps/carte-1.svg"] = re.sub(rb' (x|y|d|width|height|viewBox)="[^"]*"', rb' \1="1"', picture)
    report = by_program(signed_again(files, engine="Graphviz 1.0 (dot)"))
    assert report.findings == ()
    assert report.skipped == {"drawing": ("maps/carte-1.svg",)}
    files["maps/carte-1.svg"] = files["maps/carte-1.svg"].replace(b"Fibre", b"Cuivre")
    (finding,) = by_program(signed_again(files, engine="Graphviz 1.0 (dot)")).findings
    assert finding.file == "maps/carte-1.svg"


def test_a_record_whose_pages_cannot_be_made_is_found() -> None:
    """R40, R20"""

    def fall(state: State, record: Iterable[Recorded], seal: Seal, engine: str) -> Mapping[str, bytes]:
        raise LookupError("page")

    report = checking.check(Kept(dict(original())), maker=Maker(fall, program.version(), layout.engine(), True))
    assert [finding.code for finding in report.findings] == ["derived.failed"]


def test_where_the_record_does_not_hold_nothing_is_said_to_follow() -> None:
    """R40"""
    files = dict(original())
    files["record/payloads/0"] = files["record/payloads/0"].replace(b"bourg", b"bourh", 1)
    report = by_program(files)
    assert "index.html" in report.skipped["record"]
    assert {"payload.commitment", "file.changed"} <= {finding.code for finding in report.findings}


def test_the_script_runs_without_any_library(tmp_path: Path) -> None:
    """R41, R21: nothing of the site's packages, and what it did not look at is said."""
    for path, data in original().items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(data)
    command = [sys.executable, "-S", "-W", "error", "verify.py"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=WITHIN, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert re.search(r"NON REGARDÉ.*index\.html", done.stdout)
    path, files = forged("polls: carried or not")
    for name, data in signed_again(files).items():
        (tmp_path / name).write_bytes(data)
    done = subprocess.run(
        [*command, "--json"], cwd=tmp_path, capture_output=True, text=True, timeout=WITHIN, check=False
    )
    report = json.loads(done.stdout)
    assert (done.returncode, report["counts"]["remade"] > 50) == (1, True)
    assert [(found["code"], found["file"]) for found in report["findings"]] == [("derived.differs", path)]


def test_entries_are_told_in_the_language_of_the_report() -> None:
    """R43: a redaction, an absence and a finding each name their entry in the words of the pages."""
    report = by_program(dict(original()))
    for language, told in (("fr", "dépose le témoignage n°\u00a07"), ("en", "submits testimony no. 7")):
        assert any(told in line for line in words.lines(report, language))
    assert note.parse_key(report.key) == log().signer.key
    assert not any(sample.SECRET in line for line in words.lines(report, "fr"))
