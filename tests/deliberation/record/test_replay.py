"""What a record states must follow from it: absences, redactions, texts, merges, votes, outcomes (R7–R9, R12–R16).

Each test forges the true record of a congress in one way and signs it again with the true key.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from deliberation.kernel import codec, ids
from deliberation.kernel import commands as c
from deliberation.kernel import events as e
from deliberation.kernel.vocabulary import (
    Aim,
    Choice,
    ClauseChange,
    ClauseKind,
    Draft,
    Elector,
    Outcome,
    PollRule,
    Span,
    Tally,
)
from deliberation.record import canonical, entry, payloads
from deliberation.record.report import Report
from deliberation.text.merge import text_hash
from tests.records import (
    ELU,
    ORGANISER,
    SECOND,
    Log,
    check,
    codes,
    drafted,
    moment,
    opened,
    redacted,
    spoken,
    voted,
    whole,
)


def event_of(log: Log, index: int) -> e.Event:
    found = log.payloads[index]
    assert found is not None
    return e.decode(entry.decode(log.entries[index]).kind, canonical.parse(found.data))


def find(log: Log, kind: type[e.Event], nth: int = 0) -> int:
    """The index of the nth entry of that kind, counted from 0."""
    return [i for i, data in enumerate(log.entries) if entry.decode(data).kind == kind.kind][nth]


def rewrite(log: Log, index: int, event: e.Event, actor: str = "") -> None:
    """Replaces the event of an entry by another one with a correct commitment."""
    old = entry.decode(log.entries[index])
    salt = b"f" * 32
    data = canonical.encode(codec.encode(event))
    changed = replace(
        old, kind=event.kind, document=event.document, actor=actor or old.actor, c=entry.commitment(salt, data)
    )
    log.entries[index], log.payloads[index] = changed.encode(), payloads.Payload(salt, data)


def found(log: Log) -> list[tuple[str, int | None]]:
    """The findings in the record, signed again, as (code, entry)."""
    log.notes.clear()
    return [(finding.code, finding.entry) for finding in check(log.files()).findings]


def report_without(log: Log, *absent: int) -> Report:
    """The report on the record if these payloads are removed without any act that explains it."""
    log.notes.clear()
    for index in absent:
        log.payloads[index] = None
    return check(log.files())


# Absences


@pytest.mark.parametrize(
    "kind", [e.TestimonySubmitted, e.ActorBound, e.BallotCast, e.TextWritten, e.AmendmentTabled, e.Redacted]
)
def test_a_silent_removal_is_found(kind: type[e.Event]) -> None:
    """R9: a payload taken away without a public act, whatever it is."""
    log = whole()
    index = find(log, kind)
    assert ("payload.removed", index) in {(x.code, x.entry) for x in report_without(log, index).findings}


def test_what_awaits_moderation_is_withheld_until_it_is_published() -> None:
    """R9: an act in force at the end of the record decides, not one that was lifted."""
    log = opened(Log())
    index = log.do(ELU, c.SubmitTestimony("Fibre", "Rien."))
    assert check(log.files()).withheld == {index: "pending"}
    log.do(ORGANISER, c.PublishTestimony(1))
    assert report_without(log, index).findings[0].code == "payload.removed"


def test_ballots_are_withheld_while_the_poll_is_open() -> None:
    """R9"""
    log = opened(Log())
    drafted(log)
    log.do(ORGANISER, c.FreezeMotion(1))
    log.do(ORGANISER, c.OpenPoll("motion-1"))
    index = log.do(ELU, c.CastBallot(1, Choice.FOR))
    report = check(log.files())
    assert (report.ok, report.withheld) == (True, {index: "open_poll"})
    log.do(ORGANISER, c.ClosePoll(1))
    assert check(log.files()).withheld == {}
    assert "payload.removed" in codes(report_without(log, index))


def test_a_hidden_testimony_may_be_restored() -> None:
    """R9, R12: hiding is reversible; the payload is there again."""
    log = opened(Log())
    index = spoken(log)
    log.do(ORGANISER, c.QuoteExcerpt(1, "la fibre".replace("la", "La")))
    log.do(ORGANISER, c.HideTestimony(1, "À vérifier"))
    report = check(log.files())
    assert report.withheld == dict.fromkeys((index, find(log, e.ExcerptQuoted)), "hidden")
    log.do(ORGANISER, c.RestoreTestimony(1, "Vérifié"))
    assert (check(log.files()).ok, check(log.files()).withheld) == (True, {})


def test_an_act_withholds_its_own_testimony_only() -> None:
    """R12: hiding one testimony is no cover for another, nor for a name."""
    for stranger in (e.TestimonySubmitted, e.ActorBound):
        log = opened(Log())
        target = spoken(log) if stranger is e.TestimonySubmitted else find(log, stranger)
        spoken(log, "Autre chose.")
        index = log.note(ORGANISER, e.TestimonyHidden(2, "À vérifier", (target,)))
        report = report_without(log, target)
        assert ("withhold.stranger", index) in {(x.code, x.entry) for x in report.findings}


# Redactions


def test_a_redaction_explains_an_absence_for_ever() -> None:
    """R7, R8, R9: a testimony with its excerpts, and a name."""
    log = opened(Log())
    index = spoken(log)
    quote = log.do(ELU, c.QuoteExcerpt(1, "La fibre"))
    redacted(log, "temoignage-1")
    redacted(log, "personne-p3")
    report = check(log.files())
    assert report.findings == ()
    assert report.redacted == {index: 1, quote: 1, find(log, e.ActorBound, 2): 2}


def test_what_was_redacted_may_not_come_back() -> None:
    """R9"""
    log = opened(Log())
    index = spoken(log)
    redacted(log, "temoignage-1")
    log.state = replace(log.state, redacted={})
    assert found(log) == [("payload.redacted", index)]


BROKEN: dict[str, tuple[str, Callable[[e.Redacted], e.Redacted]]] = {
    "one person": ("people", lambda x: replace(x, decided_by=x.proposed_by)),
    "another proposer": ("people", lambda x: replace(x, proposed_by="p2")),
    "no ground": ("reasons", lambda x: replace(x, ground=" ")),
    "no statement": ("reasons", lambda x: replace(x, statement="")),
    "no appeal": ("reasons", lambda x: replace(x, appeal="")),
    "other entries": ("proposal", lambda x: replace(x, targets=(1,))),
    "another proposal": ("proposal", lambda x: replace(x, redaction=2)),
}


@pytest.mark.parametrize("how", BROKEN)
def test_a_redaction_without_its_form_explains_nothing(how: str) -> None:
    """R7, R8: two organisers, ground, reasons, appeal, on what was proposed."""
    why, change = BROKEN[how]
    log = opened(Log())
    target = spoken(log)
    index = redacted(log, "temoignage-1")
    redaction = event_of(log, index)
    assert isinstance(redaction, e.Redacted)
    rewrite(log, index, change(redaction))
    log.notes.clear()
    report = check(log.files())
    assert ("redact.invalid", index, why) in {(x.code, x.entry, x.params.get("why")) for x in report.findings}
    assert "payload.removed" in codes(report) or "replay.stopped" in codes(report)
    assert target not in report.redacted


def test_only_an_organiser_decides_a_redaction() -> None:
    """R8: the people named are those who acted, and organisers."""
    log = opened(Log())
    spoken(log)
    index = redacted(log, "temoignage-1")
    rewrite(log, index, event_of(log, index), actor="p3")
    assert ("redact.invalid", index) in found(log)


@pytest.mark.parametrize("kind", [e.CongressCreated, e.TextWritten, e.BallotCast, e.RedactionProposed])
def test_acts_texts_and_votes_are_never_redacted(kind: type[e.Event]) -> None:
    """R7"""
    log = whole()
    target = find(log, kind)
    log.apply(ORGANISER, e.RedactionProposed(2, (target,), "RGPD", "Motifs"))
    index = log.note(SECOND, e.Redacted(2, (target,), "RGPD", "Motifs", ORGANISER, SECOND, "Recours"))
    report = report_without(log, target)
    assert "payload.removed" in codes(report) or ("redact.invalid", index) in {
        (x.code, x.entry) for x in report.findings
    }
    assert target not in report.redacted


def test_a_redaction_names_earlier_entries_only() -> None:
    """R7: nothing is redacted in advance."""
    log = opened(Log())
    spoken(log)
    target = log.size + 2
    log.apply(ORGANISER, e.RedactionProposed(1, (target,), "RGPD", "Motifs"))
    index = log.apply(SECOND, e.Redacted(1, (target,), "RGPD", "Motifs", ORGANISER, SECOND, "Recours"))
    log.do(ELU, c.SubmitTestimony("Fibre", "Rien."))
    assert ("redact.invalid", index) in found(log)


# Texts, merges, votes, outcomes


def forge(log: Log, kind: type[e.Event], nth: int = 0, **changed: object) -> int:
    """Changes fields of the nth event of that kind, counted from 0; returns the index of its entry."""
    index = find(log, kind, nth)
    rewrite(log, index, replace(event_of(log, index), **changed))  # type: ignore[type-var]
    return index


def test_a_frozen_text_is_what_was_written() -> None:
    """R13: other words, another title, a hash of something else, a version that is not the next."""
    log = whole()
    frozen = event_of(log, find(log, e.TextFrozen))
    assert isinstance(frozen, e.TextFrozen)
    clauses = (*frozen.clauses[:2], replace(frozen.clauses[2], markdown="Demande le cuivre."))
    index = forge(log, e.TextFrozen, clauses=clauses, hash=text_hash(frozen.title, clauses))
    assert ("text.draft", index) in found(log)
    for changed, code in (
        ({"title": "Autre"}, "text.hash"),
        ({"hash": "0" * 64}, "text.hash"),
        ({"version": 2}, "text.version"),
    ):
        log = whole()
        assert (code, forge(log, e.TextFrozen, **changed)) in found(log)


def test_a_draft_is_frozen_in_canonical_words_since_version_4_of_the_rules() -> None:
    """M28: with accents apart only in a record of before."""
    apart, composed = "Demande l’e\u0301te\u0301.", "Demande l’\xe9t\xe9."
    log = opened(Log())
    log.do(ELU, c.CreateMotion("Titre"))
    change = ClauseChange("dema000001", None, Draft(ClauseKind.DEMANDE, apart))
    log.do(ELU, c.WriteText(1, "AAA=", (7,), (change,), "Titre e\u0301crit", ("dema000001",)))
    log.do(ORGANISER, c.FreezeMotion(1))
    index = find(log, e.TextFrozen)
    frozen = event_of(log, index)
    assert isinstance(frozen, e.TextFrozen)
    assert (frozen.title, frozen.clauses[0].markdown) == ("Titre \xe9crit", composed)
    assert found(log) == []
    clauses = (replace(frozen.clauses[0], markdown=apart),)
    as_typed = replace(frozen, title="Titre e\u0301crit", clauses=clauses, hash=text_hash("Titre e\u0301crit", clauses))
    rewrite(log, index, as_typed)
    assert ("text.draft", index) in found(log)
    rewrite(log, index, replace(as_typed, rules=3))
    assert found(log) == []


def test_a_frozen_text_is_of_known_rules_that_do_not_go_back() -> None:
    """A27: a version that nobody knows, an earlier one than before; a record that states none is of the first."""
    log = whole()
    assert ("text.rules", forge(log, e.TextFrozen, rules=9)) in found(log)
    log = whole()
    assert ("text.rules", forge(log, e.TextFrozen, 1, rules=1)) in found(log)
    log = whole()
    for nth in range(sum(entry.decode(data).kind == e.TextFrozen.kind for data in log.entries)):
        index = forge(log, e.TextFrozen, nth, rules=1)
    assert found(log) == []
    stated = codec.encode(event_of(log, index))
    assert codec.decode(e.TextFrozen, {name: stated[name] for name in stated if name != "rules"}).rules == 1


def test_a_consolidated_text_is_the_merge_of_what_was_adopted() -> None:
    """R14: words slipped in, an amendment that was rejected, one that was left out."""
    log = whole()
    frozen = event_of(log, find(log, e.TextFrozen, 1))
    assert isinstance(frozen, e.TextFrozen)
    clauses = (*frozen.clauses[:2], replace(frozen.clauses[2], markdown="Demande la fibre avant 2026."))
    index = forge(log, e.TextFrozen, 1, clauses=clauses, hash=text_hash(frozen.title, clauses))
    assert found(log) == [("text.merge", index), ("text.unaccounted", index)]
    log = whole()
    assert ("text.not_adopted", forge(log, e.TextFrozen, 1, adopted=(1, 2))) in found(log)
    log = whole()
    assert ("outcome.not_merged", None) in [(code, None) for code, _ in found_after(log, e.TextFrozen, 1, adopted=())]


@pytest.mark.parametrize(
    ("changed", "where"),
    [
        ({0: "Vu un autre code."}, "visa 1"),
        ({2: "Demande la fibre avant 2026."}, "demande 1"),
        ({1: ""}, "considerant 1"),
    ],
)
def test_a_text_changed_outside_of_the_declared_spans_is_refused(changed: dict[int, str], where: str) -> None:
    """R51: the passage is named, under the right hash and a new signature."""
    from deliberation.text.merge import text_hash

    log = whole()
    frozen = event_of(log, find(log, e.TextFrozen, 1))
    assert isinstance(frozen, e.TextFrozen)
    clauses = tuple(
        replace(clause, markdown=changed.get(n, clause.markdown)) for n, clause in enumerate(frozen.clauses)
    )
    clauses = tuple(clause for clause in clauses if clause.markdown)
    forge(log, e.TextFrozen, 1, clauses=clauses, hash=text_hash(frozen.title, clauses))
    log.notes.clear()
    found_ = [finding for finding in check(log.files()).findings if finding.code == "text.unaccounted"]
    assert [finding.params["where"] for finding in found_] == [where]


def found_after(log: Log, kind: type[e.Event], nth: int, **changed: object) -> list[tuple[str, int | None]]:
    forge(log, kind, nth, **changed)
    return found(log)


def test_a_tally_is_that_of_the_ballots() -> None:
    """R15: a changed ballot or a changed result."""
    log = whole()
    forge(log, e.BallotCast, 1, choice=Choice.AGAINST)
    assert found(log) == [("poll.tally", find(log, e.PollClosed))]
    log = whole()
    closed = event_of(log, find(log, e.PollClosed))
    assert isinstance(closed, e.PollClosed)
    assert ("poll.tally", forge(log, e.PollClosed, tally=replace(closed.tally, in_favour=3))) in found(log)


def test_a_ballot_is_cast_by_its_voter_who_is_on_the_list() -> None:
    """R15: in another's name, by somebody not on the list, twice on the list, by no élu."""
    log = whole()
    index = find(log, e.BallotCast)
    rewrite(log, index, event_of(log, index), actor="p4")
    assert found(log) == [("ballot.refused", index)]
    log = whole()
    assert ("ballot.refused", find(log, e.BallotCast, 1)) in found_after(log, e.PollOpened, 0, electorate=("p2", "p4"))
    log = whole()
    assert ("poll.electorate", find(log, e.PollOpened)) in found_after(
        log, e.PollOpened, 0, electorate=("p1", "p2", "p3", "p4")
    )
    log = whole()
    assert ("poll.opening", find(log, e.PollOpened)) in found_after(
        log, e.PollOpened, 0, electorate=("p2", "p2", "p3", "p4")
    )


def represented() -> Log:
    """A record of a weighted poll that failed its quorum, and of one in which p3 votes also for p2, who gave them a
    proxy.
    """
    log = opened(Log())
    drafted(log)
    log.do(ORGANISER, c.FreezeMotion(1))
    log.do(ORGANISER, c.RegisterElectors((Elector("p2", 4), Elector("p3", 1), Elector("p4", 2))))
    log.do(ELU, c.GiveProxy("p3"))
    log.do(ORGANISER, c.OpenPoll("motion-1", rule=PollRule(weights="collectivite", quorum_n=1, quorum_d=2)))
    log.do(ORGANISER, c.ClosePoll(1))
    log.do(ORGANISER, c.OpenPoll("motion-1", second_call_of=1))
    log.do("p3", c.CastBallot(2, Choice.FOR, "p2"))
    log.do("p4", c.CastBallot(2, Choice.AGAINST))
    log.do(ORGANISER, c.ClosePoll(2))
    return log


def test_weights_proxies_and_second_calls_are_recomputed() -> None:
    """R15: voices that are not on the list, a ballot without its mandate, a second call of what had a quorum."""
    assert found(represented()) == []
    log = represented()
    index = forge(log, e.PollOpened, 1, weights={"p2": 9})
    assert ("poll.weights", index) in found(log)
    assert ("poll.tally", find(log, e.PollClosed, 1)) in found(log)
    log = represented()
    index = forge(log, e.ProxyGiven, bearer="p4")
    assert ("ballot.refused", find(log, e.BallotCast)) in found(log)
    log = represented()
    index = find(log, e.ProxyGiven)
    rewrite(log, index, event_of(log, index), actor="p3")
    assert ("proxy.refused", index) in found(log)
    log = represented()
    assert ("proxy.refused", log.note("p3", e.ProxyRevoked(1))) in found(log)
    for changed in ({"second_call_of": 7}, {"rule": PollRule(2, 3, weights="collectivite")}):
        log = represented()
        assert ("poll.second_call", forge(log, e.PollOpened, 1, **changed)) in found(log)


def called_again() -> Log:
    """A record in which the poll of a college of two failed its quorum and was opened again; another college has one
    member more.
    """
    log = opened(Log())
    drafted(log)
    log.do(ORGANISER, c.FreezeMotion(1))
    log.do(ORGANISER, c.SetCollege("Deux", ("p2", "p3")))
    log.do(ORGANISER, c.SetCollege("Trois", ("p2", "p3", "p4")))
    log.do(ORGANISER, c.OpenPoll("motion-1", rule=PollRule(quorum_n=1, quorum_d=2), college=1))
    log.do(ORGANISER, c.ClosePoll(1))
    log.do(ORGANISER, c.OpenPoll("motion-1", second_call_of=1))
    log.do(ORGANISER, c.ClosePoll(2))
    return log


@pytest.mark.parametrize(("college", "electorate"), [(2, ("p2", "p3", "p4")), (0, ("p2", "p3", "p4"))])
def test_a_second_call_of_a_wider_college_is_found(college: int, electorate: tuple[str, ...]) -> None:
    """R15, V15: a list that is that of its college is still not that of the first call."""
    assert found(called_again()) == []
    log = called_again()
    index = forge(log, e.PollOpened, 1, college=college, electorate=electorate)
    assert ("poll.second_call", index) in found(log)


def asked() -> Log:
    """A record of a college's vote with a quorum, in which p2 changes their vote."""
    log = opened(Log())
    drafted(log)
    log.do(ORGANISER, c.FreezeMotion(1))
    log.do(ORGANISER, c.SetCollege("Les deux premiers", ("p2", "p3")))
    log.do(ORGANISER, c.OpenPoll("motion-1", college=1, rule=PollRule(quorum_n=1, quorum_d=2)))
    for choice in (Choice.AGAINST, Choice.FOR):
        log.do("p2", c.CastBallot(1, choice))
    log.do("p3", c.CastBallot(1, Choice.FOR))
    log.do(ORGANISER, c.ClosePoll(1))
    return log


def test_colleges_quorums_and_votes_that_stand_are_recomputed() -> None:
    """R15, V7, V11, V16: somebody outside the college, a quorum that was another, a change that the rule forbids."""
    assert found(asked()) == []
    log = asked()
    assert ("poll.electorate", find(log, e.PollOpened)) in found_after(log, e.PollOpened, 0, electorate=("p2", "p4"))
    log = asked()
    a_third = PollRule(quorum_n=1, quorum_d=3)
    closed = ("poll.tally", find(log, e.PollClosed))
    assert closed in found_after(log, e.PollOpened, 0, electorate=("p2", "p3"), rule=a_third)
    log = asked()
    stands = PollRule(quorum_n=1, quorum_d=2, changeable=False)
    assert ("ballot.refused", find(log, e.BallotCast, 1)) in found_after(log, e.PollOpened, 0, rule=stands)


def test_a_ballot_after_the_close_is_found() -> None:
    """R15"""
    log = whole()
    index = log.note("p4", e.BallotCast(1, "p4", Choice.FOR))
    assert ("ballot.refused", index) in found(log)


def test_an_outcome_follows_from_its_poll() -> None:
    """R16: another outcome, another poll, no poll, and a poll that nothing followed from."""
    log = whole()
    index = forge(log, e.AmendmentSettled, 1, outcome=Outcome.ADOPTED)
    assert ("outcome.differs", index) in found(log)
    assert ("outcome.not_merged", None) in found(log)
    log = whole()
    assert ("outcome.differs", forge(log, e.AmendmentSettled, 1, poll=1)) in found(log)
    log = whole()
    assert ("outcome.differs", forge(log, e.AmendmentSettled, 1, poll=None)) in found(log)
    log = whole()
    assert ("poll.no_consequence", None) in found_after(log, e.AmendmentSettled, 1, poll=None)
    log = whole()
    assert found_after(log, e.MotionDecided, 0, adopted=False) == [("outcome.differs", find(log, e.MotionDecided))]


def test_what_was_settled_is_not_settled_again() -> None:
    """R16"""
    log = whole()
    index = log.note(ORGANISER, e.AmendmentSettled(2, Outcome.ADOPTED, "Finalement", poll=1))
    assert ("outcome.differs", index) in found(log)


def amended() -> Log:
    """A record in which an amendment is rectified, signed and sub-amended, and another is an instruction without exact
    words.
    """
    log = opened(Log())
    drafted(log)
    log.do(ORGANISER, c.FreezeMotion(1))
    log.do("p2", c.TableAmendment(1, Aim.REWRITE, "dema000001", "Demande la fibre avant 2027."))
    log.do("p2", c.RectifyAmendment(1, "Demande la fibre avant la fin de 2027.", "Plus clair"))
    log.do("p3", c.SignAmendment(1))
    log.do("p3", c.TableAmendment(1, Aim.REWRITE, text="Demande la fibre avant la fin de 2026.", parent=1))
    log.do("p2", c.TableAmendment(1, Aim.REWRITE, "cons000001", instruction="Ajouter : et le câble."))
    log.do("p2", c.WordAmendment(3, "Considérant que la fibre et le câble manquent,"))
    log.do("p4", c.SignAmendment(3))
    log.do("p4", c.UnsignAmendment(3))
    log.do("p2", c.WithdrawAmendment(3))
    voted(log, "amendement-2", Choice.FOR, Choice.FOR)
    voted(log, "amendement-1", Choice.FOR, Choice.FOR)
    return log


@pytest.mark.parametrize(
    ("kind", "nth", "changed", "why"),
    [
        (e.AmendmentTabled, 0, {"spans": (Span(23, "2028", "2020"),)}, "amendment.spans"),
        (e.AmendmentTabled, 0, {"text": "Demande la fibre."}, "amendment.spans"),
        (e.AmendmentTabled, 0, {"spans": (Span(25, "28", "27"),)}, "differs"),
        (e.AmendmentTabled, 0, {"amendment": 7}, "differs"),
        (e.AmendmentTabled, 0, {"clause": "dema000009"}, "amendment.no_clause"),
        (e.AmendmentTabled, 1, {"parent": 9}, "amendment.not_found"),
        (e.AmendmentTabled, 1, {"text": "Demande la fibre avant 2028.", "spans": ()}, "amendment.contradicts"),
        (e.AmendmentRectified, 0, {"rectification": 2}, "differs"),
        (e.AmendmentRectified, 0, {"text": "Demande la fibre avant 2028.", "spans": ()}, "amendment.unchanged"),
        (e.AmendmentWorded, 0, {"text": "Considérant que tout manque,"}, "amendment.spans"),
    ],
)
def test_what_an_author_proposes_is_what_the_rules_make_of_it(
    kind: type[e.Event], nth: int, changed: dict[str, object], why: str
) -> None:
    """R27: for all kinds of amendments; a record in which nothing was changed has no finding."""
    log = amended()
    assert found(log) == []
    index = forge(log, kind, nth, **changed)
    log.notes.clear()
    wrong = [finding for finding in check(log.files()).findings if finding.entry == index]
    assert [(finding.code, finding.params.get("why")) for finding in wrong] == [("amendment.refused", why)]


@pytest.mark.parametrize(
    ("kind", "actor"),
    [
        (e.AmendmentTabled, ORGANISER),
        (e.AmendmentRectified, "p4"),
        (e.AmendmentWorded, "p3"),
        (e.AmendmentWithdrawn, "p3"),
        (e.AmendmentSigned, "p2"),
        (e.AmendmentUnsigned, "p3"),
    ],
)
def test_nobody_amends_for_another(kind: type[e.Event], actor: str) -> None:
    """R27"""
    log = amended()
    index = find(log, kind)
    rewrite(log, index, event_of(log, index), actor=actor)
    assert ("amendment.refused", index) in found(log)


def test_an_older_record_without_spans_still_verifies() -> None:
    """R27"""
    log = amended()
    for nth in range(3):
        forge(log, e.AmendmentTabled, nth, spans=())
    assert found(log) == []


def test_an_amendment_reads_as_its_adopted_sub_amendments_make_it() -> None:
    """R28"""
    log = amended()
    assert ("amendment.amended", forge(log, e.AmendmentAmended, text="Demande la fibre.", spans=())) in found(log)
    log = amended()
    assert ("amendment.amended", find(log, e.AmendmentAmended)) in found_after(log, e.AmendmentAmended, 0, adopted=())
    log = amended()
    assert found_after(log, e.TextFrozen, 1, adopted=(1,)) == [("text.merge", find(log, e.TextFrozen, 1))]


def test_a_poll_without_quorum_has_no_consequence() -> None:
    """R16: a second call can be made."""
    log = opened(Log())
    drafted(log)
    log.do(ORGANISER, c.FreezeMotion(1))
    rule = replace(log.state.settings.rule, quorum_n=1, quorum_d=2)  # type: ignore[union-attr]
    log.do(ORGANISER, c.OpenPoll("motion-1", rule=rule))
    log.do(ELU, c.CastBallot(1, Choice.FOR))
    log.do(ORGANISER, c.ClosePoll(1))
    assert check(log.files()).ok
    voted(log, "motion-1", Choice.FOR, Choice.FOR)
    assert check(log.files()).ok


def test_a_hostile_event_stops_the_replay_and_is_named() -> None:
    """R20: an event about what does not exist raises in a rule; that is a finding, not a crash."""
    hostile: list[e.Event] = [
        e.TextFrozen(9, 1, "", (), "", 1),
        e.PollClosed(9, Tally(0, 0, 0, 0, 0, 0, 0, True, True)),
        e.AmendmentSettled(9, Outcome.ADOPTED, "", 1),
        e.TestimonyHidden(9, "", ()),
        e.PollOpened(1, "motion-9", "", PollRule(majority_d=0), ("p2",)),
    ]
    for event in hostile:
        log = opened(Log())
        index = log.note(ORGANISER, event)
        log.note(ORGANISER, e.PollClosed(1, Tally(0, 0, 0, 0, 0, 0, 0, True, True)))
        log.note(ids.CONGRESS, e.SubjectCalled(""))
        codes_ = {code for code, _ in found(log)}
        assert codes_ <= {"replay.stopped", "outcome.differs", "poll.tally"}
        assert "replay.stopped" in codes_
        assert index


def conducted() -> Log:
    """A record of a sitting over which an élu presides: one amendment is declared inadmissible, another one moot
    because of it, and both acts are reverted.
    """
    log = opened(Log())
    drafted(log)
    log.do(ORGANISER, c.FreezeMotion(1))
    text = log.state.motions[1].text
    assert text is not None
    for said in ("Demande la fibre.", "Demande le câble.", "Demande le câble.", "demande le câble"):
        log.do(ELU, c.TableAmendment(1, Aim.INSERT, text.clauses[0].id, said, "", "demande"))
    log.do(ORGANISER, c.OpenSitting(ELU))
    act = log.do(ELU, c.SettleAmendment(1, Outcome.INADMISSIBLE, "Hors sujet"))
    log.do(ELU, c.SettleAmendment(2, Outcome.MOOT, "Il en dépendait", 1))
    log.do(ELU, c.RevertAct(act, "Erreur"))
    log.do(ELU, c.ReserveAmendment(3, "Plus tard"))
    log.do(ELU, c.ChangeOrder(3, "Son auteur part", 1))
    log.do(ELU, c.ArrangeOrder((2, 1), "Par sujet"))
    log.do(ELU, c.DeclareIdentical((3, 4)))
    log.do(ELU, c.SuspendSitting(1, "Repas"))
    log.do(ELU, c.ResumeSitting(1))
    log.do(ELU, c.JoinDiscussion((1, 2)))
    log.do(ELU, c.OpenPoll("amendement-2"))
    log.do(ELU, c.CastBallot(1, Choice.FOR))
    log.do(ELU, c.ClosePoll(1))
    log.do(ORGANISER, c.CloseSitting(1))
    return log


def test_acts_of_conduct_are_by_who_conducts() -> None:
    """R26: not by an élu who does not preside; not by a chair who is no élu; nor in a sitting that is not open."""
    assert check(conducted().files()).ok
    suspended = (e.SittingSuspended, e.SittingResumed)
    several = (e.OrderArranged, e.IdenticalDeclared)
    for kind in (e.AmendmentReserved, e.OrderChanged, e.DiscussionJoined, e.ActReverted, *several, *suspended):
        log = conducted()
        index = find(log, kind)
        rewrite(log, index, event_of(log, index), actor="p4")
        assert ("act.not_entitled", index) in found(log)
    log = conducted()
    assert ("sitting.chair", forge(log, e.SittingOpened, chair=ORGANISER)) in found(log)
    log = conducted()
    assert ("sitting.differs", forge(log, e.SittingOpened, sitting=2)) in found(log)


def test_nothing_is_decided_while_the_sitting_is_suspended() -> None:
    """R26, S18, S19"""
    log = conducted()
    index = find(log, e.SittingResumed)
    rewrite(log, index, e.SittingSuspended(1, "Encore"))
    assert {("sitting.suspended", index), ("sitting.suspended", find(log, e.DiscussionJoined))} <= set(found(log))
    log = conducted()
    rewrite(log, find(log, e.SittingSuspended), e.SubjectCalled("motion-1"))
    assert ("sitting.differs", find(log, e.SittingResumed)) in found(log)
    log = conducted()
    index = log.note(ORGANISER, e.AmendmentSettled(3, Outcome.WITHDRAWN, "Dit au micro"))
    assert ("outcome.differs", index) in found(log)


def test_a_reversal_takes_back_what_followed_and_nothing_else() -> None:
    """R26: too little, too much, another act, one that is final."""
    for amendments in ((1,), (1, 2, 3), ()):
        log = conducted()
        assert ("act.taken_back", forge(log, e.ActReverted, amendments=amendments)) in found(log)
    log = conducted()
    assert ("act.irreversible", forge(log, e.ActReverted, entry=find(log, e.AmendmentTabled))) in found(log)
    log = conducted()
    index = log.note(ORGANISER, e.ActReverted("amendement-3", find(log, e.OrderChanged), "Encore"))
    assert ("act.irreversible", index) in found(log)


def test_one_vote_settles_what_is_identical_alone() -> None:
    """R16, S17, A53: the very same, or declared so where nothing but typography differs."""
    log = conducted()
    assert event_of(log, find(log, e.PollOpened)).identical == (3, 4)  # type: ignore[attr-defined]
    assert ("amendment.refused", forge(log, e.IdenticalDeclared, amendments=(1, 4))) in found(log)
    log = conducted()
    assert ("poll.identical", forge(log, e.PollOpened, identical=(1,))) in found(log)
    log = conducted()
    assert ("outcome.differs", find(log, e.AmendmentSettled, 3)) in found_after(log, e.PollOpened, 0, identical=())


def secluded() -> Log:
    """A record of a motion drafted in camera, which an organiser published before the announced instant."""
    log = opened(Log())
    drafted(log)
    log.do(ORGANISER, c.SecludeDrafting(moment(900), "Sérénité"))
    log.do(ELU, c.WriteText(1, "AAA=", (), (), "Un autre titre"))
    log.do(ORGANISER, c.PublishDrafting("Fini"))
    log.do(ORGANISER, c.FreezeMotion(1))
    return log


def test_what_was_written_is_absent_only_until_it_is_published() -> None:
    """H6, R9"""
    log = secluded()
    assert check(log.files()).ok
    written = find(log, e.DraftingPublished) - 1
    assert ("payload.removed", written) in {(x.code, x.entry) for x in report_without(log, written).findings}
    until_then = opened(Log())
    drafted(until_then)
    until_then.do(ORGANISER, c.SecludeDrafting(moment(900), "Sérénité"))
    written = until_then.do(ELU, c.WriteText(1, "AAA=", (), (), "Un autre titre"))
    assert report_without(until_then, written).ok
    assert report_without(until_then, written).withheld == {written: "huis_clos"}


def test_the_huis_clos_is_announced_kept_and_ended_by_whom_it_may() -> None:
    """H1, H3, H4, H5"""
    log = secluded()
    assert ("seclusion.invalid", forge(log, e.DraftingSecluded, until=moment(1))) in found(log)
    log = secluded()
    index = find(log, e.DraftingPublished)
    rewrite(log, index, event_of(log, index), actor=ELU)
    assert ("seclusion.publication", index) in found(log)
    log = secluded()
    index = find(log, e.DraftingPublished)
    rewrite(log, index, event_of(log, index), actor=ids.CONGRESS)
    assert ("seclusion.publication", index) in found(log), "the congress by itself, before the moment"
    log = secluded()
    rewrite(log, find(log, e.DraftingPublished), e.SubjectCalled(""))
    assert ("seclusion.frozen", find(log, e.TextFrozen)) in found(log)


def renumbered() -> Log:
    """A record of a text from which an adopted amendment deleted the first demande, and which was renumbered after the
    vote on the whole.
    """
    log = opened(Log())
    drafted(log)
    changed = ClauseChange("dema000002", None, Draft(ClauseKind.DEMANDE, "Demande mieux que la demande 1."))
    order = (*log.state.motions[1].order, "dema000002")
    log.do(ELU, c.WriteText(1, "AAA=", (7,), (changed,), order=order))
    log.do(ORGANISER, c.FreezeMotion(1))
    log.do(ELU, c.TableAmendment(1, Aim.DELETE, "dema000001", "", "Autrement"))
    voted(log, "amendement-1", Choice.FOR, Choice.FOR)
    voted(log, "motion-1", Choice.FOR, Choice.FOR)
    log.do(ORGANISER, c.RenumberMotion(1))
    return log


def test_a_renumbered_text_is_the_one_voted_with_other_numbers() -> None:
    """M20, M23, A45: by an organiser, with numbers and references as the rules make them, and nothing else changed."""
    log = renumbered()
    assert check(log.files()).ok
    true = event_of(log, find(log, e.TextRenumbered))
    assert isinstance(true, e.TextRenumbered)
    last = true.clauses[-1]
    assert (last.number, last.markdown) == (1, "Demande mieux que la demande 1 (supprimée).")
    for forged in (replace(last, number=2), replace(last, markdown="Demande mieux que la demande 2.")):
        log, clauses = renumbered(), (*true.clauses[:-1], forged)
        hash_ = text_hash(log.state.motions[1].title, clauses)
        assert ("text.renumbered", forge(log, e.TextRenumbered, clauses=clauses, hash=hash_)) in found(log)
    log = renumbered()
    index = find(log, e.TextRenumbered)
    rewrite(log, index, event_of(log, index), actor=ELU)
    assert ("act.not_entitled", index) in found(log)
    log = renumbered()
    frozen = event_of(log, find(log, e.TextFrozen, 1))
    assert isinstance(frozen, e.TextFrozen)
    clauses = tuple(replace(x, number=1) if x.kind is ClauseKind.DEMANDE else x for x in frozen.clauses)
    hash_ = text_hash(frozen.title, clauses)
    assert ("text.merge", forge(log, e.TextFrozen, 1, clauses=clauses, hash=hash_)) in found(log)


def met_in_camera() -> Log:
    """A record of a sitting in camera that is not public yet: an amendment was adopted in it."""
    log = opened(Log())
    drafted(log)
    log.do(ORGANISER, c.FreezeMotion(1))
    log.do(ORGANISER, c.OpenSitting(ELU))
    log.do(ELU, c.MeetInCamera(1, moment(900), "Une personne est nommée"))
    log.do("p2", c.TableAmendment(1, Aim.REWRITE, "dema000001", "Demande la fibre avant 2027."))
    log.do(ELU, c.AdmitAmendment(1))
    log.do(ELU, c.CallSubject("amendement-1"))
    log.do(ORGANISER, c.OpenPoll("amendement-1"))
    log.do(ELU, c.CastBallot(1, Choice.FOR))
    log.do(ORGANISER, c.ClosePoll(1))
    return log


def test_a_sitting_in_camera_is_absent_until_it_is_published_and_verifies_before_and_after() -> None:
    """S54, S55, R9: the hashes of its entries are in the record from the start."""
    log = met_in_camera()
    first = find(log, e.SittingInCamera) + 1
    report = check(log.files())
    assert report.findings == ()
    assert report.withheld == dict.fromkeys(range(first, log.size), "seance")
    log.do(ELU, c.PublishSitting("Fini"))
    report = check(log.files())
    assert report.ok
    assert (report.withheld, report.counts["polls"]) == ({}, 1)
    cast = find(log, e.BallotCast)
    assert ("payload.removed", cast) in {(x.code, x.entry) for x in report_without(log, cast).findings}
    assert not report_without(log, first).ok
