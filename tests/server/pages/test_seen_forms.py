"""Every form whose act answers something seen says what it saw (S20): a walk over the pages of every role."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

import pytest

from deliberation import seen
from deliberation.kernel import commands as c
from deliberation.kernel.errors import Refused
from deliberation.kernel.vocabulary import Aim, ClauseKind, Draft, ElectionRule, Terms, Way
from server.imports.importing import import_command
from tests.server.sites import ELU, ORGANISER, OTHER, SCRIBE, SECOND, Site, crawl, fill, found, opened

STOPPED = Refused("test.stopped", "Cet essai n’écrit rien.")
NOT_WALKED: frozenset[type[c.Command]] = frozenset(
    {
        c.SecludeDrafting,  # the same form opens the huis clos or ends it: the site is in one state
        c.SetPhase,
    }
)
WORDS = {"reason": "C’est public.", "comment": "", "question": "", "members": "Ana", "names": "Ana", "voices": "3"}


@dataclass
class SentForm:
    """A form with its fields filled in, once for each of its buttons."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)


class FormWalker(HTMLParser):
    """The forms of a page, with the last option of each choice, and each box ticked."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[SentForm] = []
        self._in: SentForm | None = None
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._in = SentForm(given.get("action", "")) if given.get("method") == "post" else None
            self.forms += [self._in] if self._in else []
        elif self._in is None:
            return
        elif tag == "select":
            self._select = given["name"]
        elif tag == "option" and given.get("value"):
            self._in.fields[self._select] = given["value"]
        elif tag in ("input", "textarea") and given.get("name") and given.get("type") != "file":
            name = given["name"]
            self._in.fields[name] = given.get("value") or WORDS.get(name, "1")
        elif tag == "button":
            self._in.buttons.append((given.get("name", ""), given.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._in = None


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    data: Path = tmp_path_factory.mktemp("seen")
    with opened(data) as site:
        found(site)
        fill(site)
        debate(site)
        yield site


def debate(site: Site) -> None:
    """What lets a page of each act stand: amendments that wait, a show of hands, an election, a draft with remarks."""
    site.do(ORGANISER, c.OpenSitting(SECOND, attendance=True))
    site.do(ORGANISER, c.SignIn(ELU))
    text = site.state.motions[1].text
    assert text is not None
    last = text.clauses[-1]
    for more in ("Vite.", "Bien.", "Partout."):
        site.do(SECOND, c.TableAmendment(1, Aim.REWRITE, last.id, f"{last.markdown} {more}"))
    numbers = [a.number for a in site.state.amendments.values() if a.outcome is None]
    for number in numbers[-2:]:
        site.do(ORGANISER, c.AdmitAmendment(number))
    site.do(ORGANISER, c.OpenPoll(f"amendement-{numbers[-1]}", terms=Terms(Way.HANDS, tellers=(ELU, SECOND))))
    site.do(ORGANISER, c.OpenElection("Présider", (ELU, SECOND), ElectionRule()))
    site.do(ORGANISER, c.CancelPoll(max(site.state.polls), "Erreur"))
    site.do(ORGANISER, c.SetCollege("Bureau", (ELU, SECOND)))
    proposed = [Draft(ClauseKind.DEMANDE, "Demande un pont.")]
    site.do(ORGANISER, import_command("Venue d’ailleurs", proposed, "Une association"))
    site.do(ELU, c.CreateMotion("Encore un brouillon"))
    drafted = max(site.state.motions)
    site.do(ELU, c.MakeRemark(drafted, text="Qui paie ?"))
    site.do(SCRIBE, c.ProposeRedaction("temoignage-1", "RGPD", "Une personne privée."))


def sent(site: Site, who: str, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, c.Request]]:
    """Every request that the forms of that person's pages lead to, and on which page; none of them is carried out."""
    requests: list[c.Request] = []

    async def stop(request: c.Request) -> Refused:
        requests.append(request)
        return STOPPED

    pages = crawl(site, who)
    monkeypatch.setattr(site.services.intake, "submit", stop)
    made = []
    for path, page in pages.items():
        if "html" not in page.headers.get("content-type", ""):
            continue
        walker = FormWalker()
        walker.feed(page.text)
        for form in walker.forms:
            for name, value in form.buttons or [("", "")]:
                requests.clear()
                site.post(form.action or path, form.fields | ({name: value} if name else {}), who)
                made += [(path, request) for request in requests]
    monkeypatch.undo()
    return made


@pytest.mark.parametrize("who", [ELU, SECOND, ORGANISER, OTHER, SCRIBE])
def test_every_form_that_answers_says_what_it_saw(hall: Site, who: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """S20"""
    silent = set()
    for path, request in sent(hall, who, monkeypatch):
        about = seen.OBJECTS.get(type(request.command))
        if about is None:
            continue
        known = {subject for subject in about(request.command) if seen.mark(hall.state, subject)}
        said = {subject for subject, _ in seen.shown(request.seen, about(request.command))} if request.seen else set()
        if not (request.seen if seen.SETTINGS in about(request.command) else said >= known):
            silent.add((re.sub(r"[0-9]+", "N", path), request.command.name, tuple(sorted(known - said))))
    assert silent == set()


def test_the_walk_meets_every_act_that_answers(hall: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """S20: else the walk above would prove little."""
    met = {type(request.command) for who in (ELU, SECOND, ORGANISER, OTHER) for _, request in sent(hall, who, monkeypatch)}
    assert sorted(x.name for x in seen.OBJECTS.keys() - met - NOT_WALKED) == []


