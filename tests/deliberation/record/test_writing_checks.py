"""Verifying that the author of a burst was allowed to write when it began (R44)."""

from __future__ import annotations

import pytest

from deliberation.kernel import commands as c
from deliberation.kernel import events as e
from deliberation.kernel import ids
from deliberation.kernel.vocabulary import ClauseChange, ClauseKind, Draft, Phase
from tests.records import ELU, ORGANISER, Log, check, drafted, moment, opened

OTHER, CLIENT = "p3", 99


def begun() -> Log:
    log = opened(Log())
    drafted(log)
    return log


def burst(started: str = "", clients: tuple[int, ...] = (CLIENT,)) -> e.TextWritten:
    draft = Draft(ClauseKind.DEMANDE, "Demande autre chose.")
    return e.TextWritten(1, "AAA=", clients, (ClauseChange("dema000002", None, draft),), started=started)


def found(log: Log) -> list[str]:
    report = check(log.files())
    assert {finding.code for finding in report.findings} <= {"writing.not_allowed"}
    return [str(finding.params["why"]) for finding in report.findings]


def test_bursts_by_those_who_may_write_are_counted() -> None:
    """R44"""
    log = begun()
    log.apply(ELU, burst())
    log.apply(ids.CONGRESS, burst(clients=(1,)))
    assert found(log) == []
    assert check(log.files()).counts["bursts"] == 3


@pytest.mark.parametrize(
    ("actor", "why"), [(ORGANISER, "role"), (ids.VISITOR, "person"), ("p77", "person"), (ELU, ""), (OTHER, "")]
)
def test_only_elus_write_a_motion(actor: str, why: str) -> None:
    """R44, P3"""
    log = begun()
    log.apply(actor, burst())
    assert found(log) == ([why] if why else [])


def test_a_revoked_person_wrote_before_or_not_at_all() -> None:
    """R44: a burst that began before the access ended stays (M3)."""
    for started, why in ((moment(5), ""), ("", "revoked")):
        log = begun()
        log.do(ORGANISER, c.RevokePerson(ELU, "Elle a quitté son mandat."))
        log.apply(ELU, burst(moment(log.size - 3) if started else ""))
        assert found(log) == ([why] if why else [])


def test_a_burst_began_while_the_phase_was_open() -> None:
    """R44: also when it is recorded after the phase was closed."""
    for back, why in ((4, ""), (0, "phase")):
        log = begun()
        log.do(ORGANISER, c.SetPhase(Phase.DRAFTING, moment(0), moment(log.size - 1)))
        log.apply(ELU, burst(moment(log.size - back)))
        assert found(log) == ([why] if why else [])


def test_nobody_writes_in_a_frozen_text() -> None:
    """R44, M2"""
    for back, why in ((3, ""), (0, "frozen")):
        log = begun()
        log.do(ORGANISER, c.FreezeMotion(1))
        log.apply(ELU, burst(moment(log.size - back)))
        assert found(log) == ([why] if why else [])
    log.do(ORGANISER, c.ReopenMotion(1, "Une erreur."))
    log.apply(ELU, burst())
    assert found(log) == ["frozen"]


def test_nobody_writes_under_the_client_of_another_or_in_the_future() -> None:
    """R44: client 7 is of the élue who drafted."""
    log = begun()
    log.apply(OTHER, burst(clients=(7,)))
    assert found(log) == ["client"]
    log = begun()
    log.apply(ELU, burst(moment(log.size + 60)))
    assert found(log) == ["started"]


def test_what_an_organiser_brings_in_is_written_with_its_motion_only() -> None:
    """R44, M1"""
    log = opened(Log())
    log.apply(ORGANISER, e.MotionCreated(1, "Apportée"))
    log.apply(ORGANISER, burst())
    assert found(log) == []
    log.apply(ORGANISER, burst())
    assert found(log) == ["role"]


def test_maps_are_drawn_while_their_phase_is_open() -> None:
    """R44, C3"""
    log = opened(Log())
    log.do(ORGANISER, c.CreateMap("Carte"))
    log.apply(ORGANISER, e.MapDrawn(1, "", (7,), ()))
    log.do(ORGANISER, c.SetPhase(Phase.MAPS, moment(0), moment(log.size)))
    log.apply(ELU, e.MapDrawn(1, "", (8,), ()))
    assert found(log) == ["phase"]
