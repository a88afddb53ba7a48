"""The restitution as pages that open from disk: complete, self-contained, safe, and the same at each export."""

from __future__ import annotations

import base64
import hashlib
import posixpath
import re
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest

from deliberation.evolve import replay
from deliberation.kernel import commands as c
from deliberation.kernel.ids import VISITOR
from deliberation.kernel.vocabulary import ClauseKind, Draft
from exports import layout, motion_text, restitution, site, views
from exports.dossier import Seal, compile_dossier
from exports.translations import words_for
from tests.exports.sample import ORGANISER, SECRET, Congress, every_kind, open_congress, whole

VOID = {"meta", "br", "input", "rect", "path", "circle", "hr"}
SEAL = Seal("localhost:8000/c/essai/registre\n63\nAAAA\n\n— cle\n", 63, "aa", "localhost+1234+AAAA")


@pytest.fixture(scope="module")
def congress() -> Congress:
    return whole()


@pytest.fixture(scope="module")
def written(congress: Congress) -> dict[str, bytes]:
    return restitution.files(congress.state, congress.record, SEAL)


@dataclass
class Page(HTMLParser):
    """Collects the content of a page; raises if elements are not closed in order."""

    ids: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    inlined: dict[str, str] = field(default_factory=dict)
    policy: str = ""
    loaded: list[str] = field(default_factory=list)
    styled: int = 0
    words: list[str] = field(default_factory=list)
    by_language: dict[str, list[str]] = field(default_factory=dict)
    _languages: list[str] = field(default_factory=lambda: [""])
    _open: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.ids += [given["id"] or ""] if "id" in given else []
        self.links += [given["href"] or ""] if "href" in given else []
        self.loaded += [str(given[name]) for name in ("src", "srcset", "action", "data") if name in given]
        self.styled += "style" in given or any(name.startswith("on") for name in given)
        if given.get("http-equiv") == "Content-Security-Policy":
            self.policy = given["content"] or ""
        if tag not in VOID:
            self._open.append(tag)
            self._languages.append(given.get("lang") or self._languages[-1])

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            opened = self._open.pop()
            self._languages.pop()
            assert opened == tag, f"{tag} closes {opened}"

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] in ("style", "script"):
            self.inlined[self._open[-1]] = data
        else:
            self.words.append(data)
            self.by_language.setdefault(self._languages[-1], []).append(data)


def read(data: bytes) -> Page:
    page = Page()
    page.feed(data.decode())
    page.close()
    assert page._open == []
    return page


def pages(written: dict[str, bytes]) -> dict[str, Page]:
    return {path: read(data) for path, data in written.items() if path.endswith(".html")}


@pytest.mark.parametrize("path", ["index.html", "registre.html"])
def test_the_restitution_is_there_in_english_with_french_words_marked_as_french(
    congress: Congress, written: dict[str, bytes], path: str
) -> None:
    english, french_page = read(written[f"en/{path}"]), read(written[path])
    assert (set(english.by_language) - {""}, english.ids) == ({"en", "fr"}, french_page.ids)
    own = " ".join(english.by_language["en"])
    for person in congress.state.people.values():
        own = own.replace(person.name, "") if person.name else own
    assert re.findall(r"\b(?:le|la|les|des|du|une|est|dans|pour|qui|sur)\b", own) == []


def test_every_link_leads_somewhere_in_both_languages(written: dict[str, bytes]) -> None:
    found = pages(written)
    for path, page in found.items():
        for link in page.links:
            target, _, fragment = link.partition("#")
            place = posixpath.normpath(posixpath.join(posixpath.dirname(path), target)) if target else path
            if not target.startswith(("http", "mailto")):
                assert place in written, (path, link)
                assert not fragment or fragment in found[place].ids, (path, link)


def test_two_restitutions_of_one_record_are_the_same_bytes(congress: Congress, written: dict[str, bytes]) -> None:
    layout.plain.cache_clear()
    assert restitution.files(replay(congress.record), iter(congress.record), SEAL) == written


def test_every_file_that_readers_expect_is_there(written: dict[str, bytes]) -> None:
    expected = {"index.html", "registre.html", "motion.md", "README.txt", "datapackage.json", "data/colonnes.html"}
    expected |= {"motion.pdf", "motion.odt", "motion.docx", "motion.akn.xml", "restitution.pdf", "en/restitution.pdf"}
    assert expected | {"maps/carte-1.svg", "maps/carte-1.opml", "data/temoignages.csv"} <= set(written)


def test_every_link_leads_somewhere_inside_and_ids_are_unique(written: dict[str, bytes]) -> None:
    found = pages(written)
    for path, page in found.items():
        assert len(page.ids) == len(set(page.ids)), [x for x in page.ids if page.ids.count(x) > 1]
        for link in page.links:
            target, _, fragment = link.partition("#")
            assert target or fragment
            assert fragment == "" or fragment in found[target or path].ids, link


def test_nothing_is_loaded_and_the_policy_allows_what_is_inlined_only(written: dict[str, bytes]) -> None:
    for page in pages(written).values():
        assert page.loaded == []
        assert page.styled == 0
        for element, text in page.inlined.items():
            digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
            assert f"{element}-src 'sha256-{digest}'" in page.policy
        assert page.policy.startswith("default-src 'none'")
        assert not re.search(r"@import|url\(", page.inlined["style"])


def test_what_people_typed_is_words_not_markup(written: dict[str, bytes]) -> None:
    index = written["index.html"].decode()
    assert "<script>Fibre" not in index
    assert "<b>tôt</b>" not in index
    assert any("<script>Fibre</script>" in words for words in read(written["index.html"]).words)


def test_nothing_secret_stands_in_any_file(written: dict[str, bytes]) -> None:
    for path, data in written.items():
        assert SECRET.encode() not in data, path


def test_the_page_tells_the_whole_story(written: dict[str, bytes]) -> None:
    words = " ".join(" ".join(read(written["index.html"]).words).split())
    for expected in (
        "Congrès fictif",
        "Motion adoptée",
        "Léa Roc",
        "Hors du sujet.",
        "Contenu effacé :",
        "ajouté :",
        "avant 2028",
        "Awa Diallo",
        "Abstention (1)",
        "localhost+1234+AAAA",
    ):
        assert expected in words, expected


def test_the_text_cites_and_its_sources_are_notes(congress: Congress) -> None:
    dossier = compile_dossier(congress.state, congress.record)
    text = motion_text.as_markdown(dossier, dossier.state.motions[1])
    assert text.startswith("# Pour un numérique de tous\n")
    assert "[^1]: « La fibre s’arrête au bourg. » — Léa Roc, témoignage 1." in text


def test_headings_and_notes_stand_where_the_text_has_them(congress: Congress) -> None:
    """M10"""
    drafts = {
        "ta": Draft(ClauseKind.HEADING, "Les *réseaux*"),
        "ca": Draft(ClauseKind.CONSIDERANT, "Considérant la fibre ;"),
        "na": Draft(ClauseKind.NOTE, "Du verre."),
        "tb": Draft(ClauseKind.HEADING, "L’école"),
        "cb": Draft(ClauseKind.CONSIDERANT, "Considérant les classes ;"),
    }
    motion = replace(congress.state.motions[1], status="drafting", draft=drafts, order=tuple(drafts))
    state = replace(congress.state, motions={1: motion})
    dossier = compile_dossier(state, congress.record, SEAL)
    text = motion_text.as_markdown(dossier, motion)
    lines = ["## Les *réseaux*", "## Considérants", "## Notes explicatives", "## L’école", "## Considérants"]
    assert [line for line in text.splitlines() if line.startswith("## ")] == lines
    page = restitution.files(state, congress.record, SEAL)["index.html"].decode()
    assert [m[1] for m in re.finditer(r"<h[45][^>]*>(.*?)</h[45]>", page) if m[1] in ("Considérants", "L’école")] == [
        "Considérants",
        "L’école",
        "Considérants",
    ]
    assert "Les <em>réseaux</em></h4>" in page


def test_maps_are_pictures_and_outlines(written: dict[str, bytes]) -> None:
    outline = ElementTree.fromstring(written["maps/carte-1.opml"])  # noqa: S314
    texts = [(node.get("text"), node.get("excerpts")) for node in outline.iter("outline")]
    assert texts == [("Ce qui manque", None), ("Réseaux", "1"), ("<script>Fibre</script>", "1 3")]
    picture = ElementTree.fromstring(written["maps/carte-1.svg"])  # noqa: S314
    assert picture.get("role") == "img"


def test_a_long_record_stands_on_several_pages(congress: Congress, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(site, "ENTRIES_PER_PAGE", 20)
    found = pages(site.files(compile_dossier(congress.state, congress.record)))
    assert [path for path in found if path.startswith("registre")] == [
        *("registre.html", "registre-2.html", "registre-3.html", "registre-4.html")
    ]
    assert "registre-2.html#entree-21" in found["index.html"].links


def test_a_congress_that_has_just_opened_has_its_pages() -> None:
    congress = open_congress()
    found = restitution.files(congress.state, congress.record)
    assert "motion.md" not in found
    assert "Aucun témoignage." in found["index.html"].decode()


def test_changes_between_versions_are_told_by_clause(congress: Congress) -> None:
    dossier = compile_dossier(congress.state, congress.record)
    motion = congress.state.motions[1]
    first, second = motion.frozen
    assert views.steps(motion) == ((first, second),)
    (change,) = views.changes(dossier, motion, first, second)
    assert views.passage_label(words_for("fr"), change) == "Demande 1"
    assert change.amendments == second.adopted, "each change names the amendment behind it"
    assert views.changes(dossier, motion, first, first) == ()


HOSTILE = '"><img src=x onerror=alert(1)> [x](javascript:alert(1)) ![y](http://t.example/p.png) {{ 7*7 }} \u202e &lt;'


def test_hostile_words_in_every_field_stay_words() -> None:
    congress = open_congress()
    congress.act(VISITOR, c.SubmitTestimony(title=HOSTILE, text=HOSTILE, theme=HOSTILE))
    congress.act(ORGANISER, c.PublishTestimony(1))
    congress.act(ORGANISER, c.CreateMap(HOSTILE))
    index = read(restitution.files(congress.state, congress.record)["index.html"])
    assert index.loaded == []
    assert index.styled == 0
    assert not any(link.startswith("javascript") for link in index.links)
    assert "49" not in index.words


@pytest.mark.parametrize("said", ["Voilà.", HOSTILE])
def test_amendments_of_every_kind_are_told(said: str) -> None:
    """A15–A26: earlier wordings, signatures, an instruction, sub-amendments, and where each word comes from."""
    congress = every_kind(said)
    found = pages(restitution.files(congress.state, congress.record))
    index = found["index.html"]
    for link in index.links:
        target, _, fragment = link.partition("#")
        assert fragment == "" or fragment in found[target or "index.html"].ids, link
    assert index.loaded == []
    assert index.styled == 0
    words = " ".join(" ".join(index.words).split())
    for told in (
        "Adopté rectifié",
        "Rédactions antérieures",
        "Cosigné par : Jean Petit",
        "Sous-amendement n° 2",
        "Les mots exacts n’ont pas été écrits",
        "Avec ses sous-amendements adoptés : 2",
        "Déplacer au début : Considérant 1",
        "D’où vient chaque mot de la version 3",
    ):
        assert told in words, told
