"""A sitting in camera: what the public knows meanwhile, and afterwards (S50–S55)."""

from __future__ import annotations

from dataclasses import replace

from deliberation.evolve import replay
from deliberation.kernel import commands as c
from deliberation.kernel import events as e
from deliberation.kernel.vocabulary import Aim, Choice, Purpose, Terms, Way
from deliberation.session.in_camera import PUBLIC, public_state
from deliberation.visibility.views import public_view, view_of
from exports import restitution
from tests.deliberation.congresses import (
    AGAINST,
    CONGRESS,
    ELU,
    FOR,
    ORGANISER,
    OTHER,
    SCRIBE,
    SECOND,
    THIRD,
    VISITOR,
    Congress,
    findings,
    moment,
    without,
)
from tests.marks import MARK, mark

UNTIL = moment(4000)


def in_camera(congress: Congress) -> None:
    """A sitting in camera with a motion that is debated."""
    congress.frozen("Demande la fibre.", "Demande des antennes.")
    congress.do(ORGANISER, c.OpenSitting(ELU, attendance=True))
    congress.do(ELU, c.MeetInCamera(1, UNTIL, "Une personne est nommée"))


def debated(congress: Congress) -> None:
    """Acts of a sitting of every sort, with a marker in each text."""
    congress.do(ELU, c.TableAmendment(1, Aim.REWRITE, "c1", mark("text"), mark("rationale")))
    congress.do(OTHER, c.SignIn())
    congress.do(ELU, c.SignIn())
    congress.do(ELU, c.AdmitAmendment(1))
    congress.do(ELU, c.CallSubject("amendement-1", mark("why")))
    congress.do(OTHER, c.AskFloor(Purpose.FOR))
    congress.do(ELU, c.OpenPoll("amendement-1"))
    congress.do(ELU, c.CastBallot(1, FOR))
    congress.do(OTHER, c.CastBallot(1, AGAINST))
    congress.do(THIRD, c.CastBallot(1, FOR))
    congress.do(ELU, c.ClosePoll(1))
    congress.do(ELU, c.CreateMotion(mark("title")))
    congress.write(2, c9=mark("draft"))
    congress.do(OTHER, c.MakeRemark(2, "c9", mark("remark"), "Secret"))
    congress.do(ELU, c.SuspendSitting(1, mark("pause")))


def seen(state: object) -> set[str]:
    return set(MARK.findall(repr(state)))


def test_it_begins_with_an_announced_moment_and_a_public_reason_and_does_not_begin_twice(congress: Congress) -> None:
    """S50"""
    congress.frozen()
    assert congress.refused(ORGANISER, c.MeetInCamera(1, UNTIL, "Une personne")) == "sitting.none"
    congress.do(ORGANISER, c.OpenSitting(ELU))
    assert congress.refused(OTHER, c.MeetInCamera(1, UNTIL, "Une personne")) == "role.not_allowed"
    assert congress.refused(ELU, c.MeetInCamera(1, "demain", "Une personne")) == "time.malformed"
    assert congress.refused(ELU, c.MeetInCamera(1, moment(0), "Une personne")) == "in_camera.past"
    assert congress.refused(ELU, c.MeetInCamera(1, UNTIL, " ")) == "reason.missing"
    congress.poll("motion-1")
    assert congress.refused(ELU, c.MeetInCamera(1, UNTIL, "Une personne")) == "sitting.vote_open"
    congress.do(ELU, c.ClosePoll(1))
    congress.do(ELU, c.MeetInCamera(1, UNTIL, "Une personne"))
    assert congress.refused(ORGANISER, c.MeetInCamera(1, moment(5000), "Encore")) == "in_camera.begun"
    assert findings(congress.record) == []


def test_the_public_sees_the_congress_as_it_was_and_the_announcement(congress: Congress) -> None:
    """S51, D1: amendments, votes, drafts and remarks of the sitting are in no view of the public's."""
    in_camera(congress)
    before = public_view(congress.state)
    debated(congress)
    public = public_view(congress.state)
    assert seen(public) == set()
    assert public.is_kept_out
    assert public.in_camera is not None
    assert (public.in_camera.until, public.in_camera.public) == (UNTIL, None)
    assert (public.amendments, public.polls, public.turns) == ({}, {}, {})
    assert (public.sittings, public.floor) == (before.sittings, "")
    assert public.size == congress.state.size
    assert public.motions[2].title == "Motion n° 2"
    assert view_of(congress.state, "p99") is view_of(congress.state, VISITOR) is public


def test_people_of_the_congress_follow_the_sitting(congress: Congress) -> None:
    """S53"""
    in_camera(congress)
    debated(congress)
    for who in (ELU, ORGANISER, SCRIBE):
        view = view_of(congress.state, who)
        assert not view.is_kept_out
        assert {mark("text"), mark("draft"), mark("pause")} <= seen(view)
        assert view.polls[1].tally is not None
        assert view.in_camera is not None
        assert view.in_camera.public is None
    gone = replace(congress.state.people[OTHER], revoked=True)
    assert seen(view_of(replace(congress.state, people={**congress.state.people, OTHER: gone}), OTHER)) == set()


def test_what_is_no_act_of_the_sitting_stays_public(congress: Congress) -> None:
    """S52: testimonies, maps, people, dates and redactions go on."""
    in_camera(congress)
    number = congress.say("La fibre manque.", VISITOR)
    congress.do(ORGANISER, c.InvitePerson("Zoé Maire", congress.state.people[ELU].role, "maire"))
    assert public_view(congress.state).testimonies[number].text == "La fibre manque."
    assert "p7" in public_view(congress.state).people
    congress.erase(f"temoignage-{number}")
    assert public_view(congress.state).testimonies[number].status == "redacted"


def test_every_act_of_a_sitting_is_withheld() -> None:
    """S52: a kind of entry is private until it is listed."""
    kinds: set[type[e.Event]] = {
        e.SubjectCalled,
        e.PollOpened,
        e.PollClosed,
        e.BallotCast,
        e.BallotSigned,
        e.AmendmentTabled,
        e.TextFrozen,
    }
    kinds |= {e.TextWritten, e.RemarkMade, e.SpeakerAsked, e.ScreenShown}
    assert not {kind.kind for kind in kinds} & PUBLIC


def test_everything_is_public_at_the_announced_moment(congress: Congress) -> None:
    """S54, W33: the congress ends it by itself, and the vote is public with its ballots and its result."""
    in_camera(congress)
    debated(congress)
    assert congress.refused(CONGRESS, c.EndInCamera()) == "in_camera.not_due"
    congress.seconds = 4000
    state = congress.do(CONGRESS, c.EndInCamera())
    assert public_state(state) is state
    assert not public_view(state).is_kept_out
    assert {mark("text"), mark("draft"), mark("remark"), mark("pause")} <= seen(public_view(state))
    poll = public_view(state).polls[1]
    assert dict(poll.ballots) == {ELU: FOR, OTHER: AGAINST, THIRD: FOR}
    assert poll.tally is not None
    assert congress.refused(CONGRESS, c.EndInCamera()) == "in_camera.none"
    assert findings(congress.record) == []


def test_who_conducts_publishes_before_it_with_a_reason(congress: Congress) -> None:
    """S54"""
    in_camera(congress)
    assert congress.refused(OTHER, c.PublishSitting("Fini")) == "role.not_allowed"
    assert congress.refused(ELU, c.PublishSitting("")) == "reason.missing"
    congress.do(ELU, c.PublishSitting("Fini"))
    assert congress.refused(SECOND, c.PublishSitting("Fini")) == "in_camera.none"
    assert findings(congress.record) == []
    by_other = [replace(r, actor=OTHER) if isinstance(r.event, e.SittingPublished) else r for r in congress.record]
    assert findings(by_other) == ["in_camera.publication"]
    late = [replace(r, time=moment(5000)) if r.kind == e.SittingInCamera.kind else r for r in congress.record]
    assert "in_camera.invalid" in findings(late)


def test_a_vote_and_a_draft_that_outlast_it_stay_withheld_for_their_own_reason(congress: Congress) -> None:
    """S55, V4, H2: what is published then verifies, although these entries are still absent."""
    in_camera(congress)
    congress.do(ORGANISER, c.SecludeDrafting(moment(9000), "Au calme"))
    congress.do(ELU, c.CreateMotion("Un titre"))
    congress.do(ELU, c.OpenPoll("motion-1", terms=Terms(Way.PUBLIC)))
    congress.do(OTHER, c.CastBallot(1, Choice.FOR))
    congress.do(ELU, c.PublishSitting("Fini"))
    assert sorted(congress.state.withheld.values()) == ["huis_clos", "open_poll"]
    congress.do(ELU, c.ClosePoll(1))
    congress.do(ORGANISER, c.PublishDrafting("Fini"))
    assert congress.state.withheld == {}


def test_the_files_made_from_what_is_public_are_those_made_from_everything(congress: Congress) -> None:
    """S51, D1: the archive of a sitting in camera."""
    in_camera(congress)
    debated(congress)
    public = without(congress.record, public_state(congress.state).withheld)
    files = restitution.files(congress.state, congress.record)
    assert files == restitution.files(replay(public), public)
    assert {path for path, data in files.items() if MARK.search(data.decode("utf-8", "replace"))} == set()


def test_a_clock_that_is_corrected_moves_the_moment(congress: Congress) -> None:
    """S54, R45"""
    congress.frozen()
    congress.do(ORGANISER, c.OpenSitting(ELU))
    at = congress.seconds
    congress.seconds = 3000
    congress.do(ELU, c.MeetInCamera(1, moment(3600), "Une personne"))
    congress.seconds = at
    state = congress.do(ORGANISER, c.CorrectClock(moment(3000), "Horloge en avance"))
    assert state.in_camera is not None
    assert state.in_camera.until == moment(at + 600)
    assert public_state(state).in_camera == replace(state.in_camera, public=None)
