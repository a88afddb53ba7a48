"""Injection: text that would be code elsewhere stays text in pages, live fragments, drawings, exports and tables."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import count

import httpx
import pytest

from deliberation.kernel import commands as c
from deliberation.kernel import ids
from deliberation.kernel.vocabulary import Role
from exports.site import TEMPLATES
from server.web.guard import HEADERS
from tests.server import sites
from tests.server.sites import ORGANISER, SLUG, VISITOR, Site

MARKUP = "\"'><x-attack onx=1><script>x()</script></textarea></title><svg onload=x()><img src=x onerror=x()>"
LINKS = (
    "[a](javascript:x()) [b](//evil.example/) [c](data:text/html,x) [d](vbscript:x) [e]( java\tscript:x() ) "
    '![f](https://evil.example/f.png) <javascript:x()> <https://evil.example/"onx=1> [g][h] [[i](javascript:x)](#)\n\n'
    "[h]: javascript:x()\n"
)
FORMAT = "{x} {0} {who.__class__} %s %(x)s ${7*7} {{7*7}} {% raw %} '; DROP TABLE entry; --"
RUNS = ("<b>" * 200, "[" * 300, "`" * 99, "> " * 60 + "a", "a\u202eb\u2066c", "=2+5", "\u0001@SUM(A1)")
ALLOWED = {"a": {"href", "rel"}, "svg": {"role"}}
TOPICS = ("congres", "seance", "suite", "deroule", "ecran", "conduite", "scrutin-1", "scrutin-2")
number = count()


def say(place: str) -> str:
    """Hostile text, different at each call; on a single line if `place` is a title."""
    n = next(number)
    short = f"=cmd()|{MARKUP} {FORMAT} {n}"
    long = place.endswith((".text", "reason", "rationale", "statement", "comment")) or place.startswith("motion.")
    is_title = place.endswith((".title", "addressee"))
    return f"{short}\n\n{LINKS}{RUNS[n % len(RUNS)]} {n}" if long and not is_title else short[:290]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with sites.opened(tmp_path_factory.mktemp("data")) as opened:
        sites.found(opened)
        opened.do(ids.CONGRESS, c.InvitePerson(say("person"), Role.ELU, say("mandate"), say("place"), say("code")))
        rule = opened.state.settings.rule  # type: ignore[union-attr]
        opened.do(ORGANISER, c.ChangeCongress(say("title"), say("description.text"), say("place"), True, rule))
        sites.fill(opened, say)
        yield opened


class Reader(HTMLParser):
    """Collects everything in a page that a browser would run or load."""

    LOADED = frozenset({"script", "link", "img", "iframe", "object", "embed", "image", "use", "form"})

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        own_picture = tag == "img" and dict(attrs).get("src", "").startswith(f"/c/{SLUG}/qr/")  # type: ignore[union-attr]
        if (
            tag in ("x-attack", "iframe", "object", "embed", "base", "style", "foreignobject", "img")
            and not own_picture
        ):
            self.found.append(tag)
        for name, value in attrs:
            if name.startswith("on") or name in ("style", "srcdoc", "formaction", "background"):
                self.found.append(f"{tag} {name}")
            if name in ("href", "src", "action", "xlink:href") and not _is_harmless(tag, value or ""):
                self.found.append(f"{tag} {name}={value}")

    handle_startendtag = handle_starttag

    def handle_data(self, data: str) -> None:
        if self.cdata_elem == "script" and data.strip():
            self.found.append(f"script: {data}")


def _is_harmless(tag: str, address: str) -> bool:
    own = address.startswith(("/", "#", "?", "./")) and not address.startswith("//")
    relative = ":" not in address.partition("/")[0] and not address.startswith("//")
    if tag == "a":
        return own or relative or address.startswith(("https://", "http://", "mailto:"))
    return own or relative or (tag == "link" and address.startswith("data:image/svg+xml,"))


def dangers(html: str) -> list[str]:
    reader = Reader()
    reader.feed(html)
    reader.close()
    return reader.found


@pytest.mark.parametrize("who", [VISITOR, ORGANISER])
def test_no_page_runs_what_people_typed(site: Site, who: str) -> None:
    answers = sites.crawl(site, who)
    dead = {path for path, x in answers.items() if x.status_code >= 400 and not path.startswith("/api/")}
    assert {path for path in dead if answers[path].status_code not in (401, 403, 405)} == set()
    html = {path: x for path, x in answers.items() if "html" in x.headers.get("content-type", "")}
    assert len(html) > 50
    assert {path: found for path, x in html.items() if (found := dangers(x.text))} == {}
    for path, answer in html.items():
        assert answer.headers["content-security-policy"] == HEADERS["Content-Security-Policy"], path
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_the_policy_allows_nothing_inline_and_nobody_elses() -> None:
    policy = HEADERS["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert not any(word in policy for word in ("unsafe", "http:", "https:", "*", "blob:"))
    assert {"base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'"} <= set(policy.split("; "))


def test_no_live_fragment_runs_what_people_typed(site: Site) -> None:
    assert dangers(site.wait(sites.fragments(site, TOPICS))) == []


def test_what_was_typed_and_refused_stands_in_the_page_as_words(site: Site) -> None:
    typed = {"title": MARKUP, "text": "", "video": "javascript:x()//https://", "theme": MARKUP, "speaker_name": MARKUP}
    answer = site.post(f"/c/{SLUG}/temoignages", typed, VISITOR)
    assert answer.status_code == 422
    assert dangers(answer.text) == []
    assert "&lt;x-attack onx=1&gt;" in answer.text


@pytest.mark.parametrize(
    "video",
    [
        "javascript:alert(1)",
        "//evil.example/v",
        "data:text/html,x",
        'https://a.example/" onx=1',
        "https://a.example/<x>",
        "https://a.example/a b",
        "ftp://a.example/v",
        "https:/a",
        "https://a.example/" + "v" * 2100,
    ],
)
def test_a_video_is_a_web_address(site: Site, video: str) -> None:
    answer = site.post(f"/c/{SLUG}/temoignages", {"text": "Des mots.", "video": video, "commande": video}, VISITOR)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text


@pytest.fixture(scope="module")
def archive(site: Site) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(site.get(f"/c/{SLUG}/restitution.zip").content))


def test_the_pages_of_the_archive_run_nothing(archive: zipfile.ZipFile) -> None:
    """Its one style and one script are its own, and its policy names them by their hash."""
    pages = {name: archive.read(name).decode() for name in archive.namelist() if name.endswith((".html", ".svg"))}
    assert len(pages) > 1
    for name, text in pages.items():
        script = (TEMPLATES / "site.js").read_text("utf-8").strip()
        assert [x for x in dangers(text) if x not in ("style", f"script: {script}")] == [], name
        assert text.count("<script") <= 1
        assert name.endswith(".svg") or ("default-src 'none'" in text and "unsafe" not in text)


def test_no_cell_of_a_table_is_a_formula(archive: zipfile.ZipFile) -> None:
    tables = [name for name in archive.namelist() if name.endswith(".csv")]
    assert len(tables) > 5
    cells = [
        cell for name in tables for row in csv.reader(io.StringIO(archive.read(name).decode(), "")) for cell in row
    ]
    assert sum("cmd()" in cell for cell in cells) > 10
    assert [cell for cell in cells if cell.lstrip().startswith(("=", "+", "-", "@")) and len(cell) > 1] == []


def test_an_imported_table_brings_words_only(site: Site) -> None:
    rows = io.StringIO()
    table = csv.writer(rows)
    table.writerow(["titre", "texte", "nom", "commune", "theme", "consentement"])
    table.writerow([MARKUP, LINKS + FORMAT, MARKUP, "=1+1", MARKUP, "oui"])
    form = {"kind": "temoignages", "commande": "import-hostile"}
    answer = site.upload(f"/organisation/{SLUG}/import", form, rows.getvalue().encode(), ORGANISER)
    assert answer.status_code == 200
    assert dangers(answer.text) == []
    latest = max(site.state.testimonies)
    site.do(ORGANISER, c.PublishTestimony(latest))
    assert dangers(site.get(f"/c/{SLUG}/temoignages/{latest}").text) == []


def test_a_search_for_code_finds_nothing_and_breaks_nothing(site: Site) -> None:
    hostile = ("' OR 1=1 --", "'; DROP TABLE entry; --", "%' UNION SELECT * FROM access_token --", "\\", "%", "_", "\0")
    for words in hostile:
        for name in ("q", "theme", "canal", "statut", "suite", "page"):
            answer = site.ask("GET", f"/c/{SLUG}/temoignages?" + str(httpx.QueryParams({name: words})))
            assert answer.status_code == 200, (name, words)
            assert dangers(answer.text) == []
    assert site.get("/healthz").json()["status"] == "ok"
