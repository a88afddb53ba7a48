"""What the screen of the hall shows (S42)."""

from __future__ import annotations

from deliberation.kernel import commands as c
from deliberation.kernel.vocabulary import Choice, ScreenMode
from deliberation.session.screen import is_showable
from tests.deliberation.congresses import ELU, ORGANISER, OTHER, VISITOR, Congress, findings


def test_whoever_conducts_chooses_what_the_screen_shows(congress: Congress) -> None:
    """S42: what is public and exists, until something is called."""
    congress.frozen()
    congress.do(ORGANISER, c.OpenSitting(ELU))
    assert congress.refused(OTHER, c.ShowOnScreen(ScreenMode.SPEAKERS)) == "role.not_allowed"
    assert congress.refused(ELU, c.ShowOnScreen(ScreenMode.FOLLOW)) == "screen.unchanged"
    assert congress.refused(ELU, c.ShowOnScreen(ScreenMode.SPEAKERS, 1)) == "screen.unknown"
    assert congress.refused(ELU, c.ShowOnScreen(ScreenMode.MAP, 1)) == "screen.unknown"
    state = congress.do(ELU, c.ShowOnScreen(ScreenMode.TEXT, 1))
    assert state.screen is not None
    assert (state.screen.mode, state.screen.number, state.screen.since) == (
        ScreenMode.TEXT,
        1,
        congress.record[-1].time,
    )
    state = congress.do(ELU, c.CallSubject("motion-1"))
    assert state.screen is None
    assert state.sitting is not None
    assert state.sitting.called == congress.record[-1].time
    congress.do(ELU, c.ShowOnScreen(ScreenMode.TESTIFY))
    assert congress.do(ELU, c.ShowOnScreen(ScreenMode.FOLLOW)).screen is None
    assert findings(congress.record) == []


def test_nothing_that_is_not_public_is_shown(congress: Congress) -> None:
    """S42: no testimony that waits or is hidden, no open poll, no text in camera."""
    congress.do(VISITOR, c.SubmitTestimony("Fibre", "Elle s’arrête."))
    assert not is_showable(congress.state, ScreenMode.TESTIMONY, 1)
    congress.do(ORGANISER, c.PublishTestimony(1))
    assert is_showable(congress.state, ScreenMode.TESTIMONY, 1)
    congress.do(ORGANISER, c.HideTestimony(1, "À relire"))
    assert not is_showable(congress.state, ScreenMode.TESTIMONY, 1)
    congress.do(ORGANISER, c.SecludeDrafting("2026-12-01T00:00:00.000Z", "Au calme"))
    congress.do(ELU, c.CreateMotion("Le numérique"))
    assert not is_showable(congress.state, ScreenMode.TEXT, 1)
    congress.do(ORGANISER, c.PublishDrafting("Fini"))
    assert is_showable(congress.state, ScreenMode.TEXT, 1)
    congress.write(1, c1="Demande la fibre.")
    congress.do(ORGANISER, c.FreezeMotion(1))
    congress.do(ORGANISER, c.OpenPoll("motion-1"))
    assert not is_showable(congress.state, ScreenMode.RESULT, 1)
    congress.do(ELU, c.CastBallot(1, Choice.FOR))
    congress.do(ORGANISER, c.ClosePoll(1))
    assert is_showable(congress.state, ScreenMode.RESULT, 1)
