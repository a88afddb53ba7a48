"""Every form for an act that depends on something seen states what was seen (S20), checked on the pages of every
role.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

import httpx
import pytest

from deliberation import seen
from deliberation.kernel import commands as c
from deliberation.kernel import ids
from deliberation.kernel.errors import Refused
from deliberation.kernel.territory import Naming
from deliberation.kernel.vocabulary import Aim, ClauseKind, Draft, ElectionRule, Role, Speaker, Terms, Way
from server.imports.importing import import_command
from tests.server.sites import (
    ELU,
    LINK,
    NOT_FOLLOWED,
    ORGANISER,
    OTHER,
    SECOND,
    SLUG,
    Site,
    fill,
    found,
    opened,
)

STOPPED = Refused("test.stopped", "Cet essai n’écrit rien.")
NOT_WALKED: frozenset[type[c.Command]] = frozenset(
    {
        c.PublishDrafting,
        c.PublishSitting,
        c.OpenSitting,
        c.ResumeSitting,
        c.ResumePoll,
        c.RecountHands,
        c.DecideHands,
        c.KeepAmendment,
        c.ReserveAmendment,
        c.DivideSubject,
        c.BreakTie,
        c.AcceptRemark,
        c.RenumberMotion,
    }
)
"""Acts that no page of this site offers now: their forms stand beside others of the same kind, which are met."""

ONLY_TELLS = re.compile(
    r"/(?:registre|personnes/|collectivites|recherche|historique|origines|comparaison|restitution)|[.?]"
)
"""Addresses of pages without acts, and pages again in another order."""

WORDS = {
    "reason": "C’est public.",
    "comment": "",
    "question": "",
    "members": "Ana",
    "names": "Ana",
    "voices": "3",
    "amendments": "2,4",
    "speaker_collectivity": "",
}


@dataclass
class SentForm:
    """A form with its fields filled in, once for each of its buttons."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)


class FormWalker(HTMLParser):
    """Collects the forms of a page, with the last option of each choice selected and every box ticked."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[SentForm] = []
        self._in: SentForm | None = None
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            is_act = given.get("method") == "post" and given.get("action") != "/deconnexion"
            self._in = SentForm(given.get("action", "")) if is_act else None
            self.forms += [self._in] if self._in else []
        elif self._in is None:
            return
        elif tag == "select":
            self._select = given["name"]
        elif tag == "option" and given.get("value"):
            self._in.fields[self._select] = given["value"]
        elif tag in ("input", "textarea") and given.get("name") and given.get("type") != "file":
            name = given["name"]
            is_time = given.get("type") in ("date", "time", "datetime-local")
            self._in.fields[name] = given.get("value") or ("" if is_time else WORDS.get(name, "1"))
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
    """Creates objects for which every act is offered: pending amendments, a show of hands, an election, a draft with
    remarks.
    """
    site.do(ORGANISER, c.OpenSitting(SECOND, attendance=True))
    site.do(ORGANISER, c.SignIn(ELU))
    text = site.state.motions[1].text
    assert text is not None
    last = text.clauses[-1]
    for more in ("Vite.", "Vite", "Bien.", "Partout."):
        site.do(SECOND, c.TableAmendment(1, Aim.REWRITE, last.id, f"{last.markdown} {more}"))
    numbers = [a.number for a in site.state.amendments.values() if a.outcome is None]
    for number in numbers[-2:]:
        site.do(ORGANISER, c.AdmitAmendment(number))
    site.do(ORGANISER, c.OpenPoll(f"amendement-{numbers[-1]}", terms=Terms(Way.HANDS, tellers=(ELU, SECOND))))
    for name in ("Gil", "Hua"):
        site.do(ids.CONGRESS, c.InvitePerson(name, Role.ELU))
    site.do(ORGANISER, c.OpenElection("Présider", (ELU, SECOND), ElectionRule()))
    site.do(ORGANISER, c.CancelPoll(max(site.state.polls), "Erreur"))
    site.do(ORGANISER, c.SetCollege("Bureau", (ELU, SECOND)))
    proposed = [Draft(ClauseKind.DEMANDE, "Demande un pont.")]
    site.do(ORGANISER, import_command("Venue d’ailleurs", proposed, "Une association"))
    site.do(ELU, c.CreateMotion("Encore un brouillon"))
    drafted = max(site.state.motions)
    site.do(ELU, c.MakeRemark(drafted, text="Qui paie ?"))
    heard = c.SubmitTestimony(text="Le car ne passe plus.", speaker=Speaker("Léa Roc"), naming=Naming.NAME)
    site.do(ORGANISER, heard)
    site.do(OTHER, c.ProposeRedaction("temoignage-1", "RGPD", "Une personne privée."))


Sent = list[tuple[str, c.Request]]
"""Requests, and on which page the form stands."""


@pytest.fixture(scope="module")
def walk(hall: Site) -> Sent:
    """The requests to which the forms on three people's pages lead; none is carried out."""
    return [each for who in (ELU, SECOND, ORGANISER) for each in sent(hall, who)]


def sent(site: Site, who: str) -> Sent:
    requests: list[c.Request] = []

    async def stop(request: c.Request) -> Refused:
        requests.append(request)
        return STOPPED

    pages = {path: site.get(path, who) for path in addresses_with_forms(site, who)}
    collected: Sent = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(site.services.write_queue, "submit", stop)
        for path, page in pages.items():
            for form, (name, value) in forms_of(page):
                requests.clear()
                site.post(form.action or path, form.fields | ({name: value} if name else {}), who)
                collected += [(path, request) for request in requests]
    return collected


def addresses_with_forms(site: Site, who: str) -> Iterator[str]:
    """The addresses of pages that links lead to, except those without forms."""
    known: set[str] = set()
    waiting = [f"/c/{SLUG}/", "/organisation/"]
    while waiting:
        path = waiting.pop().replace("&amp;", "&")
        if path in known or path.startswith(NOT_FOLLOWED) or ONLY_TELLS.search(path):
            continue
        known.add(path)
        text = site.get(path, who).text
        waiting += LINK.findall(text)
        if '<form method="post"' in text:
            yield path


def forms_of(page: httpx.Response) -> Iterator[tuple[SentForm, tuple[str, str]]]:
    """Each form of a page with each of its buttons."""
    walker = FormWalker()
    if "html" in page.headers.get("content-type", ""):
        walker.feed(page.text)
    return ((form, button) for form in walker.forms for button in form.buttons or [("", "")])


def test_every_form_that_answers_says_what_it_saw(hall: Site, walk: Sent) -> None:
    """S20"""
    silent = {(re.sub("[0-9]+", "N", path), *unsaid(hall, request)) for path, request in walk if unsaid(hall, request)}
    assert silent == set()


def unsaid(site: Site, request: c.Request) -> tuple[str, ...]:
    """The command and those of its objects whose state the form does not give; () if it gives all."""
    about = seen.OBJECTS.get(type(request.command), lambda command: ())(request.command)
    if seen.SETTINGS in about:
        return () if request.seen else (request.command.name,)
    known = {subject for subject in about if seen.mark(site.state, subject)}
    said = {subject for subject, _ in seen.shown(request.seen, about)} if request.seen else set()
    return (request.command.name, *sorted(known - said)) if known - said else ()


def test_the_walk_meets_every_act_that_answers(walk: Sent) -> None:
    """S20: else the walk above would prove little."""
    met = {type(request.command) for _, request in walk}
    lacking = sorted(x.name for x in seen.OBJECTS.keys() - met - NOT_WALKED)
    assert not lacking, " ".join(lacking)
