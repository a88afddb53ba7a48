"""What the hall discusses (S6)."""

from __future__ import annotations

import pytest

from deliberation import commands as c
from tests.deliberation.congresses import ELU, ORGANISER, Congress


def test_organisers_call_what_is_discussed(congress: Congress) -> None:
    """S6"""
    congress.frozen()
    congress.table("Autre chose.")
    congress.poll("amendement-1")
    for subject in ("motion-1", "amendement-1", "scrutin-1", ""):
        assert congress.do(ORGANISER, c.CallSubject(subject)).floor == subject
        assert congress.refused(ORGANISER, c.CallSubject(subject)) == "session.unchanged"
    assert congress.refused(ELU, c.CallSubject("motion-1")) == "role.not_allowed"


@pytest.mark.parametrize(
    "subject", ["motion-2", "motion-01", "motion-", "-1", "motion", "temoignage-1", "motion-" + "9" * 5000, "motion-¹"]
)
def test_what_is_called_exists(congress: Congress, subject: str) -> None:
    """S6"""
    congress.frozen()
    congress.say()
    assert congress.refused(ORGANISER, c.CallSubject(subject)) == "session.no_subject"
