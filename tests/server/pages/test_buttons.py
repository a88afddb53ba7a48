"""Random sittings in which every button shown is pressed: none is refused, and all amendments get an outcome (A28)."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from random import Random

import pytest

from deliberation.kernel import commands as c
from deliberation.kernel.state import State
from deliberation.kernel.vocabulary import Aim, Choice, Outcome, Role
from server.writing.receipts import Receipt
from tests.server.browsing import Form, Site, Visitor, site
from tests.server.browsing import _Reader as FormReader

MOTION = b"# Titre\n\n- Demande un bus et un quai. Demande un train.\n- Demande un car pour tous.\n- Demande un pont.\n"
PEOPLE = {"organiser": Role.ORGANISER, "chair": Role.ELU, "author": Role.ELU, "other": Role.ELU}
STEPS = 30
MOST_TO_END = 120
LEADING = ("seance-reprendre", "reprendre", "clore", "ouvrir", "fixer")
"""Acts that lead on, in the order in which they are looked for."""


class Options(HTMLParser):
    """The values of each choice of each form of a page, in the order of the forms."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[dict[str, list[str]]] = []
        self._name = ""
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append({})
            self._inside = True
        elif tag == "select" and self._inside:
            self._name = given["name"]
            self.found[-1][self._name] = []
        elif tag == "option" and self._inside and self._name:
            self.found[-1][self._name].append(given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        elif tag == "select":
            self._name = ""


class Sitting:
    """A simulated sitting in which an organiser, the chair and two élus press the buttons that they see."""

    def __init__(self, found: Site, seed: int) -> None:
        self.site = found
        self.rng = Random(seed)
        self.people: dict[str, Visitor] = {name: found.member(role, name.title()) for name, role in PEOPLE.items()}
        found.bring_in(self.people["organiser"], MOTION, "p3")
        self.do(c.FreezeMotion(1), "p1")
        for _ in range(7):
            self.table()
        self.do(c.OpenSitting("p2"), "p1")

    @property
    def state(self) -> State:
        return self.site.state()

    def do(self, command: c.Command, actor: str) -> None:
        answer = self.site.do(command, actor)
        assert isinstance(answer, Receipt), answer

    def table(self) -> None:
        """Tables a random amendment: words added, deleted or replaced, a clause inserted or deleted."""
        text = self.state.motions[1].frozen[0]
        clause = self.rng.choice(text.clauses)
        words = clause.markdown.split(" ")
        at = self.rng.randrange(1, len(words))
        aim = self.rng.choice([Aim.REWRITE] * 6 + [Aim.DELETE, Aim.INSERT, Aim.MOVE])
        words[at : at + self.rng.randrange(3)] = self.rng.choice([[], ["vite"], ["Et", "vite."]])
        if words == clause.markdown.split(" "):
            words.append("Vite.")
        after = self.rng.choice([""] + [x.id for x in text.clauses]) if aim is Aim.MOVE else ""
        said = "" if aim in (Aim.DELETE, Aim.MOVE) else " ".join(words)
        kind = "demande" if aim is Aim.INSERT else ""
        self.site.do(c.TableAmendment(1, aim, clause.id, said, "", kind, after=after), self.rng.choice(["p3", "p4"]))

    def pending(self) -> list[int]:
        return [a.number for a in self.state.amendments.values() if a.outcome is None]

    def pages(self) -> list[tuple[str, str]]:
        """The pages that each person may open, as (person, page)."""
        amendments = [f"/c/essai/amendements/{n}" for n in self.pending()]
        sittings = ["/c/essai/seance", *(f"/c/essai/seance?agir={n}" for n in self.pending())]
        arranging = [("organiser", "/c/essai/seance/ordre")]
        return [*arranging, *((who, page) for who in self.people for page in (*sittings[:3], *amendments[:4]))]

    def shown(self, who: str, page: str) -> list[tuple[Form, dict[str, list[str]]]]:
        """The forms of that page that act on the debate, each with the values of its choices."""
        visitor = self.people[who]
        visitor.go(page)
        assert visitor.status == 200, page
        reader, options = FormReader(), Options()
        reader.feed(visitor.page)
        options.feed(visitor.page)
        found = zip(reader.forms, options.found, strict=True)
        return [(form, choices) for form, choices in found if form.method == "post" and "acte" in form.fields]

    def press(self, who: str, page: str, form: Form, choices: dict[str, list[str]]) -> None:
        """Sends a form with random choices, and a reason if it asks for one; it must not be refused."""
        fields = dict(form.fields)
        for name, values in choices.items():
            fields[name] = self.rng.choice(values) if values else ""
        fields |= {name: "C’est public." for name in ("reason", "comment") if name in fields}
        if not self.sensible(fields):
            return
        visitor = self.people[who]
        visitor._show(self.site.request("POST", form.action or page, visitor.cookies, data=fields))
        why = visitor.page.split('class="summary"')[-1][:600] if visitor.status != 200 else ""
        assert visitor.status == 200, (who, page, fields, why)

    def sensible(self, fields: dict[str, str]) -> bool:
        """Whether the choices are compatible: a page cannot restrict the second one before the first is made."""
        adopted = [str(a.number) for a in self.state.amendments.values() if a.outcome is Outcome.ADOPTED]
        if fields["acte"] == "fixer" and fields.get("outcome") == "tombe" and fields.get("because_of") not in adopted:
            return False
        if fields["acte"] == "ordre" and fields.get("amendment") == fields.get("before"):
            return False
        if fields["acte"] in ("reunir", "ranger") and fields.get("amendments") == "":
            return False
        if fields["acte"] in ("presider", "seance-lever", "seance-ouvrir"):
            return False
        return "way" not in fields or fields["way"] == "public"

    def vote(self) -> None:
        """Has those who may vote in the open polls."""
        for poll in [x for x in self.state.polls.values() if x.is_open and not x.paused]:
            for voter in ("p2", "p3", "p4"):
                self.do(c.CastBallot(poll.number, self.rng.choice([Choice.FOR, Choice.FOR, Choice.AGAINST])), voter)

    def step(self) -> None:
        """Has somebody open a page and press one of its buttons."""
        who, page = self.rng.choice(self.pages())
        if forms := self.shown(who, page):
            self.press(who, page, *self.rng.choice(forms))
        if self.rng.random() < 0.3:
            self.vote()

    def end(self) -> bool:
        """Has the chair press buttons that make progress: closing, voting, stating proposed outcomes. Returns whether
        all amendments have an outcome.
        """
        for _ in range(MOST_TO_END):
            if not self.pending():
                return True
            waiting = self.pending()[0]
            page = f"/c/essai/seance?agir={waiting}"
            forms = self.shown("organiser", page)
            forms = [x for act in LEADING for x in forms if x[0].fields["acte"] == act]
            assert forms, (waiting, self.people["organiser"].page)
            self.press("organiser", page, *forms[self.rng.randrange(min(2, len(forms)))])
            self.vote()
        return False


@pytest.fixture
def hall(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Sitting]:
    with site(tmp_path) as found:
        yield Sitting(found, request.param)


@pytest.mark.parametrize("hall", range(3), indirect=True)
def test_whatever_is_pressed_is_accepted_and_leads_to_an_outcome(hall: Sitting) -> None:
    """A28, S11"""
    for _ in range(STEPS):
        hall.step()
    assert hall.end()
    if hall.state.sitting and hall.state.sitting.suspended:
        hall.do(c.ResumeSitting(hall.state.sitting.number), "p1")
    hall.people["organiser"].go("/c/essai/seance")
    hall.people["organiser"].send("Ouvrir le vote sur l’ensemble")
    assert hall.people["organiser"].status == 200


def test_the_second_of_two_sentences_added_to_one_clause_is_voted(tmp_path: Path) -> None:
    """A11, A28"""
    with site(tmp_path) as found:
        olga, _ = found.member(Role.ORGANISER, "Olga"), found.member(Role.ELU, "Ana")
        found.bring_in(olga, MOTION, "p2")
        found.do(c.FreezeMotion(1), "p1")
        clause = found.state().motions[1].frozen[0].clauses[0]
        for more in ("Elle est gratuite.", "Elle est rapide."):
            found.do(c.TableAmendment(1, Aim.REWRITE, clause.id, f"{clause.markdown} {more}"), "p2")
        found.do(c.OpenSitting(), "p1")
        for number in (1, 2):
            olga.go("/c/essai/seance")
            olga.send(f"Appeler le n° {number}")
            olga.send(f"Ouvrir le vote sur le n° {number}")
            found.do(c.CastBallot(number, Choice.FOR), "p2")
            olga.go("/c/essai/seance")
            olga.send("Clore le scrutin et proclamer")
        text = found.state().motions[1].text
        assert text is not None
        assert text.clauses[0].markdown == f"{clause.markdown} Elle est gratuite. Elle est rapide."
