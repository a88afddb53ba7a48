"""The agenda: what is planned, where the congress is, how late (S44, S45)."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from deliberation.kernel import commands as c
from deliberation.kernel import events as e
from deliberation.kernel.state import Agenda
from deliberation.kernel.vocabulary import AgendaItem, AgendaKind
from deliberation.session import agenda
from tests.deliberation.congresses import ELU, ORGANISER, OTHER, Congress, findings, moment

ITEMS = (
    AgendaItem(1, AgendaKind.PRESENTATION, "Ouverture", 10),
    AgendaItem(2, AgendaKind.DISCUSSION, "La fibre", 30, "motion-1"),
    AgendaItem(3, AgendaKind.PAUSE, "Pause", 15),
)


def test_whoever_conducts_sets_the_agenda_and_says_where_it_is(congress: Congress) -> None:
    """S44, S45: what was reached stays while the agenda is changed around it."""
    congress.frozen()
    assert congress.refused(OTHER, c.SetAgenda(moment(0), ITEMS)) == "role.not_allowed"
    assert congress.refused(ORGANISER, c.SetAgenda("demain", ITEMS)) == "time.malformed"
    assert congress.refused(ORGANISER, c.SetAgenda(moment(0), ())) == "agenda.items"
    assert congress.refused(ORGANISER, c.SetAgenda(moment(0), (ITEMS[0], ITEMS[0]))) == "agenda.ids"
    assert congress.refused(ORGANISER, c.SetAgenda(moment(0), (replace(ITEMS[0], minutes=-1),))) == "agenda.minutes"
    assert congress.refused(ORGANISER, c.SetAgenda(moment(0), (replace(ITEMS[0], title=" "),))) == "title.missing"
    congress.do(ORGANISER, c.SetAgenda(moment(0), ITEMS))
    assert congress.refused(ORGANISER, c.SetAgenda(moment(0), ITEMS)) == "agenda.unchanged"
    congress.do(ORGANISER, c.OpenSitting(ELU))
    assert congress.refused(ELU, c.BeginItem(9)) == "agenda.unknown"
    congress.do(ELU, c.BeginItem(1))
    assert congress.refused(ELU, c.BeginItem(1)) == "agenda.present"
    assert agenda.present(congress.state.agenda) == 1
    congress.do(ELU, c.CallSubject("motion-1"))
    assert agenda.present(congress.state.agenda) == 2
    congress.do(ELU, c.SetAgenda(moment(0), (ITEMS[1], ITEMS[2])))
    assert agenda.present(congress.state.agenda) == 2
    congress.do(ELU, c.CallSubject(""))
    congress.do(ELU, c.CallSubject("motion-1"))
    assert agenda.present(congress.do(ELU, c.BeginItem(3)).agenda) == 3
    assert findings(congress.record) == []
    stolen = [replace(r, actor=OTHER) if r.kind == e.AgendaSet.kind else r for r in congress.record]
    assert "agenda.refused" in findings(stolen)


def test_how_late_it_is_follows_from_the_plan() -> None:
    """S45: by the beginning of the present item, then by the clock once its time is over."""
    plan = Agenda(moment(0), ITEMS)
    assert agenda.minutes_late(plan, moment(9000)) == 0
    plan = replace(plan, began={1: moment(0), 2: moment(900)})
    assert agenda.minutes_late(plan, moment(1000)) == 5
    assert agenda.minutes_late(plan, moment(60 * 47)) == 7
    assert agenda.minutes_late(replace(plan, began={2: moment(300)}), moment(400)) == -5


@given(st.lists(st.integers(0, 300), min_size=1, max_size=8))
def test_items_follow_one_another_without_a_gap(minutes: list[int]) -> None:
    """S44"""
    items = tuple(AgendaItem(n, AgendaKind.PAUSE, "Point", each) for n, each in enumerate(minutes, 1))
    found = agenda.planned(Agenda(moment(0), items))
    assert found[0].begins == moment(0)
    assert [x.begins for x in found[1:]] == [x.ends for x in found[:-1]]
    assert found[-1].ends == moment(60 * sum(minutes))
