"""Amendments on paper: their dispositif is transcribed at the desk, and they are tabled when that is confirmed
(A56–A58).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from deliberation.kernel import commands as c
from deliberation.kernel import events as e
from deliberation.kernel.vocabulary import Aim, Phase
from tests.deliberation.congresses import ELU, ORGANISER, OTHER, SCRIBE, Congress, findings

SENTENCE = "Demande 1, remplacer le mot : « fibre » par les mots : « fibre partout »."
READS = "Demande la fibre partout."


def transcribed(congress: Congress, sentence: str = SENTENCE) -> None:
    congress.do(ORGANISER, c.TranscribeAmendment(1, ELU, sentence, "Pour tous."))


def test_a_second_person_with_the_paper_confirms(congress: Congress) -> None:
    """A56, A57: until then there is no amendment; then it is its author's, and both are named."""
    congress.frozen()
    transcribed(congress)
    assert congress.state.amendments == {}
    assert congress.refused(ORGANISER, c.ConfirmTranscription(1)) == "transcription.same_person"
    assert congress.refused(OTHER, c.ConfirmTranscription(1)) == "transcription.not_author"
    congress.do(SCRIBE, c.ConfirmTranscription(1))
    amendment, found = congress.state.amendments[1], congress.state.transcriptions[1]
    assert (amendment.author, amendment.text, amendment.rationale) == (ELU, READS, "Pour tous.")
    assert (found.transcribed_by, found.settled_by, found.amendment) == (ORGANISER, SCRIBE, 1)
    assert congress.refused(SCRIBE, c.ConfirmTranscription(1)) == "transcription.settled"
    congress.do(ELU, c.WithdrawAmendment(1))
    assert findings(congress.record) == []


def test_the_author_confirms_on_their_own_phone(congress: Congress) -> None:
    """A57: or refuses, with a reason, what is not theirs."""
    congress.frozen()
    transcribed(congress)
    assert congress.refused(OTHER, c.RefuseTranscription(1, "Non")) == "transcription.not_author"
    assert congress.refused(ELU, c.RefuseTranscription(1, "")) == "reason.missing"
    congress.do(ELU, c.RefuseTranscription(1, "Je n’ai pas écrit cela."))
    assert congress.state.transcriptions[1].reason == "Je n’ai pas écrit cela."
    transcribed(congress)
    congress.do(ELU, c.ConfirmTranscription(2))
    assert congress.state.amendments[1].author == ELU
    assert congress.refused(ELU, c.ConfirmTranscription(3)) == "transcription.not_found"
    assert findings(congress.record) == []


def test_what_the_grammar_does_not_read_is_refused_at_once(congress: Congress) -> None:
    """A56, A31: with what is missing; and what is no élu's, or no motion's."""
    congress.frozen()
    ask = c.TranscribeAmendment(1, ELU, "Demande 7, supprimer cette demande.")
    assert congress.refused(ORGANISER, ask) == "dispositif.no_clause"
    assert congress.refused(ORGANISER, replace(ask, sentence="Faire mieux.")).startswith("dispositif.")
    assert congress.refused(ORGANISER, replace(ask, sentence=SENTENCE, author=SCRIBE)) == "transcription.no_author"
    assert congress.refused(ORGANISER, replace(ask, sentence=SENTENCE, motion=9)) == "motion.not_found"
    assert congress.refused(ORGANISER, replace(ask, sentence="x" * 10_001)) == "text.too_long"
    assert congress.refused(ELU, replace(ask, sentence=SENTENCE)) == "role.not_allowed"


def test_what_was_transcribed_in_time_is_in_time(congress: Congress) -> None:
    """A58, A2: the deadline passed between the desk and the confirmation; afterwards the paper says why."""
    congress.frozen()
    transcribed(congress)
    congress.close(Phase.AMENDMENTS)
    late = c.TranscribeAmendment(1, OTHER, SENTENCE)
    assert congress.refused(ORGANISER, late) == "amendment.late_reason_missing"
    congress.do(ORGANISER, replace(late, late_reason="Né du débat."))
    congress.do(SCRIBE, c.ConfirmTranscription(1))
    congress.do(SCRIBE, c.ConfirmTranscription(2))
    assert [x.late_reason for x in congress.state.amendments.values()] == ["", "Né du débat."]
    transcribed_late = replace(late, late_reason="Encore.")
    congress.do(ORGANISER, transcribed_late)
    congress.close(Phase.VOTE)
    assert congress.refused(SCRIBE, c.ConfirmTranscription(3)) == "phase.over"
    assert findings(congress.record) == []


def test_another_text_asks_for_another_transcription(congress: Congress) -> None:
    """A58"""
    congress.frozen()
    transcribed(congress)
    congress.do(ORGANISER, c.ReopenMotion(1, "Une coquille."))
    congress.write(1, c1="Demande la fibre noire.")
    congress.do(ORGANISER, c.FreezeMotion(1))
    assert congress.refused(SCRIBE, c.ConfirmTranscription(1)) == "transcription.other_text"


def test_a_paper_may_change_the_words_of_an_amendment(congress: Congress) -> None:
    """A56, A16: a sub-amendment on paper."""
    congress.frozen()
    congress.table("Demande la fibre optique.")
    transcribed(congress, "Amendement n° 1, remplacer le mot : « optique » par le mot : « noire ».")
    congress.do(SCRIBE, c.ConfirmTranscription(1))
    sub = congress.state.amendments[2]
    assert (sub.parent, sub.aim, sub.author) == (1, Aim.REWRITE, ELU)
    assert findings(congress.record) == []


def _changed(congress: Congress, kind: type[e.Event], change: Callable[[e.Recorded], e.Recorded]) -> list[str]:
    return findings([change(r) if isinstance(r.event, kind) else r for r in congress.record])


def test_a_record_that_gives_words_to_an_author_is_found(congress: Congress) -> None:
    """A57, R27: without a confirmation, by whoever transcribed, or in another name."""
    congress.frozen()
    transcribed(congress)
    congress.do(SCRIBE, c.ConfirmTranscription(1))
    assert findings([r for r in congress.record if not isinstance(r.event, e.TranscriptionConfirmed)]) == [
        "amendment.refused"
    ]
    by_one = _changed(congress, e.TranscriptionConfirmed, lambda r: replace(r, actor=ORGANISER))
    assert by_one == ["act.not_entitled"]

    def other(r: e.Recorded) -> e.Recorded:
        assert isinstance(r.event, e.AmendmentTabled)
        return replace(r, event=replace(r.event, author=OTHER))

    assert _changed(congress, e.AmendmentTabled, other) == ["amendment.refused"]
    assert _changed(congress, e.AmendmentTranscribed, lambda r: replace(r, actor=OTHER)) == ["act.not_entitled"]
