"""The record shows that only authors revised their testimonies, and what was erased by it (R56, R57)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from deliberation.kernel import commands as c
from deliberation.kernel import events as e
from deliberation.kernel import ids
from deliberation.kernel.territory import Naming
from deliberation.kernel.vocabulary import Revision, Speaker
from deliberation.record.payloads import Payload
from tests.records import ELU, ORGANISER, Log, check, codes, opened

WORDS = "La fibre s’arrête au bourg. Les cars manquent."


def said(log: Log) -> int:
    """A published testimony with a quote; returns the index of its entry."""
    opened(log)
    index = log.do(ids.VISITOR, c.SubmitTestimony(text=WORDS, speaker=Speaker("Anne Roy"), naming=Naming.NAME))
    log.do(ORGANISER, c.PublishTestimony(1))
    log.do(ELU, c.QuoteExcerpt(1, "Les cars manquent."))
    return index


def test_a_revised_testimony_verifies_without_what_it_said_before() -> None:
    """R56, R9: erased by its author, withheld until it is moderated again, and public again."""
    log = Log()
    index = said(log)
    log.do(ids.VISITOR, c.ChangeNaming(1, Naming.ANONYMOUS))
    report = check(log.files())
    assert (codes(report), report.redacted) == (set(), {index: 0})
    log.do(ids.VISITOR, c.CorrectTestimony(1, text="Autre chose."))
    report = check(log.files())
    assert codes(report) == set()
    assert set(report.withheld.values()) == {"pending"}
    assert len(report.withheld) == 2
    log.do(ORGANISER, c.PublishTestimony(1))
    assert codes(check(log.files())) == set()
    assert b"Anne Roy" not in b"".join(log.files().values())


def test_a_withdrawn_testimony_verifies_without_its_quotes() -> None:
    """R56"""
    log = Log()
    said(log)
    log.do(ids.VISITOR, c.WithdrawTestimony(1))
    report = check(log.files())
    assert codes(report) == set()
    assert sorted(report.redacted.values()) == [0, 0]


def test_what_an_author_erased_does_not_come_back() -> None:
    """R56, R9"""
    log = Log()
    index = said(log)
    before = log.payloads[index]
    log.do(ids.VISITOR, c.ChangeNaming(1, Naming.ANONYMOUS))
    log.state = replace(log.state, redacted={})
    assert isinstance(before, Payload)
    assert codes(check(log.files())) == {"payload.redacted"}


Forge = Callable[[e.TestimonyRevised, int, int], tuple[str, e.TestimonyRevised]]
FORGED: dict[str, Forge] = {
    "by another": lambda event, *_: (ELU, event),
    "another entry": lambda event, own, other: (ids.VISITOR, replace(event, targets=(own, other))),
    "a quote": lambda event, own, _: (ids.VISITOR, replace(event, targets=(own, own + 2))),
    "not its own": lambda event, own, _: (ids.VISITOR, replace(event, targets=(own + 2,))),
    "another withheld": lambda event, own, other: (ids.VISITOR, replace(event, waits=True, entries=(other,))),
    "withheld without waiting": lambda event, own, _: (ids.VISITOR, replace(event, entries=(own + 2,))),
}


@pytest.mark.parametrize("forge", FORGED.values(), ids=FORGED)
def test_a_revision_erases_what_its_author_said_and_nothing_else(forge: Forge) -> None:
    """R56"""
    log = Log()
    own = said(log)
    other = log.do(ELU, c.SubmitTestimony(text="Un autre témoignage"))
    actor, event = forge(e.TestimonyRevised(1, Revision.NAMING, (own,)), own, other)
    log.apply(actor, event)
    log.apply(actor, e.TestimonyRestated(1, "", WORDS, "", log.state.testimonies[1].channel, Speaker()))
    assert "revise.invalid" in codes(check(log.files()))


def test_a_testimony_is_restated_when_it_is_revised_and_never_else() -> None:
    """R57"""
    alone, without, late = Log(), Log(), Log()
    for log in (alone, without, late):
        said(log)
    restated = e.TestimonyRestated(1, "", WORDS, "", alone.state.testimonies[1].channel, Speaker())
    revised = e.TestimonyRevised(1, Revision.NAMING, (without.state.testimonies[1].entry,))
    alone.apply(ids.VISITOR, restated)
    without.apply(ids.VISITOR, revised)
    late.apply(ids.VISITOR, revised)
    late.do(ELU, c.SubmitTestimony(text="Entre-temps"))
    late.apply(ids.VISITOR, restated)
    for log in (alone, without, late):
        assert "revise.invalid" in codes(check(log.files()))
