"""Results of Belenios elections are read from their archives; nobody types figures (V30–V32)."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliberation.evolve import replay
from deliberation.kernel import commands as c
from deliberation.kernel import events as e
from deliberation.kernel.errors import Refused
from deliberation.kernel.ids import CONGRESS
from deliberation.kernel.vocabulary import BeleniosTrustee, OutsideCount, OutsideFile
from deliberation.votes import belenios, imported
from deliberation.votes.belenios_archive import BLOCK, LARGEST, BadBelenios
from deliberation.votes.imported import WHY
from tests.bel_archives import HOMOMORPHIC, Told, begun, decided, election, header, importing, member, plain
from tests.deliberation.congresses import ELU, ORGANISER, SECOND, Congress, findings

GIVEN = Path(__file__).parents[4] / "shared" / "data"


def refused(archive: bytes) -> str:
    with pytest.raises(BadBelenios) as caught:
        belenios.read(archive)
    return caught.value.code


def test_the_result_is_that_of_the_archive(congress: Congress) -> None:
    """V30: questions, voices, voters, credentials and trustees are read; nothing is typed."""
    congress.do(ORGANISER, importing(comment="Ouvert trois jours."))
    result = congress.state.results[1]
    found = result.election
    assert found is not None
    assert result.counts == (OutsideCount("Vote blanc", 1), OutsideCount("Oui", 3), OutsideCount("Non", 1))
    assert (result.title, result.uuid, result.voters) == ("Règlement intérieur", "T4sVKSqmXLfDsC", 5)
    assert (found.credentials, found.ballots, found.threshold) == (7, 6, 0)
    assert [trustee.name for trustee in found.trustees] == ["Ana", ""]
    assert result.files[0].size == len(election())
    assert (len(found.fingerprint), len(found.credentials_fingerprint)) == (43, 43)
    assert result.archived == congress.state.size - 1
    assert findings(congress.record) == []


def test_no_result_is_stated(congress: Congress) -> None:
    """V30: the command that stated a result is gone; an organiser brings an archive, whole, and once."""
    assert "result.import" not in c.NAMES
    assert congress.refused(ELU, importing()) == "role.not_allowed"
    assert congress.refused(ORGANISER, importing(url="javascript:0")) == "result.no_address"
    assert (
        congress.refused(ORGANISER, c.ImportBelenios("https://x.example/", "n’importe quoi")) == "belenios.not_belenios"
    )
    assert congress.refused(ORGANISER, importing(b"")) == "belenios.not_belenios"
    congress.do(ORGANISER, importing())
    assert congress.refused(ORGANISER, importing()) == "result.again"


def test_a_result_that_an_older_record_states_reads_as_before(congress: Congress) -> None:
    """W19"""
    file = OutsideFile("archive.bel", 1234, "ab" * 32)
    stated = e.ResultImported(1, "Présidence", "https://x.example/", "X", 14, (OutsideCount("Oui", 12),), (file,), "")
    entry = e.Recorded(congress.state.size, "2026-11-23T10:00:00.000Z", ORGANISER, stated.kind, "resultat-1", stated)
    result = replay([entry], congress.state).results[1]
    assert (result.counts, result.files, result.recorded_by) == (stated.counts, (file,), ORGANISER)
    assert (result.election, result.archived) == (None, None)
    assert findings([*congress.record, entry]) == []


@pytest.mark.parametrize(
    ("told", "counts"),
    [
        (Told(result=(("7000000000", 0, 2),)), {"Vote blanc": 7_000_000_000, "Oui": 0, "Non": 2}),
        (
            Told(questions=({"type": "Homomorphic", "value": {**HOMOMORPHIC, "blank": False}},), result=((4, 1),)),
            {"Oui": 4, "Non": 1},
        ),
        (
            Told(
                questions=({"type": "NonHomomorphic", "value": {"answers": ["A", "B"], "question": "Rangez"}},),
                result=(((1, 2), (2, 1), (1, 2)),),
            ),
            {"A : 1": 2, "A : 2": 1, "B : 1": 1, "B : 2": 2},
        ),
        (
            Told(questions=({"type": "Lists", "value": {"answers": [["L", "Ana"], ["M"]], "question": "Liste ?"}},),
                 result=(((3, 2), (1,)),)),
            {"L": 3, "Ana": 2, "M": 1},
        ),
        (
            Told(questions=(HOMOMORPHIC, {**HOMOMORPHIC, "question": "Et le budget ?"}), result=((0, 1, 2), (3, 4, 5))),
            {
                "Adopter le règlement intérieur ? · Vote blanc": 0,
                "Adopter le règlement intérieur ? · Oui": 1,
                "Adopter le règlement intérieur ? · Non": 2,
                "Et le budget ? · Vote blanc": 3,
                "Et le budget ? · Oui": 4,
                "Et le budget ? · Non": 5,
            },
        ),
    ],
)  # fmt: skip
def test_every_sort_of_question_is_read(told: Told, counts: dict[str, int]) -> None:
    """V30"""
    assert {x.label: x.votes for x in belenios.counts(belenios.read(election(told)))} == counts


def test_trustees_with_a_threshold_are_read() -> None:
    """V30"""
    keys = [{"public_key": "1", "name": "Ana"}, {"public_key": "2", "name": "Bao"}]
    told = Told(trustees=(("Pedersen", {"threshold": 1, "verification_keys": keys}), ("Single", {"public_key": "3"})))
    found = belenios.read(election(told))
    assert (found.threshold, [x.name for x in found.trustees]) == (1, ["Ana", "Bao", ""])
    assert isinstance(found.trustees[0], BeleniosTrustee)


@pytest.mark.parametrize(
    ("told", "code"),
    [
        (Told(tallied=6), "ballots"),
        (Told(voted=(0, 0), tallied=2), "ballots"),
        (Told(credentials=("a", "a")), "credentials"),
        (Told(credentials=()), "credentials"),
        (Told(result=((1, 3),)), "result"),
        (Told(result=((1, -3, 1),)), "result"),
        (Told(result=((1, True, 1),)), "result"),
        (Told(result=((1, "10" * 20, 1),)), "result"),
        (Told(result=()), "result"),
        (Told(questions=(), result=()), "result"),
        (Told(questions=({"type": "Autre", "value": HOMOMORPHIC},)), "question"),
        (Told(questions=("Oui ?",)), "question"),
        (Told(trustees=(("Single", {}),)), "trustees"),
        (Told(trustees=(("Autre", {}),)), "trustees"),
        (Told(name=" \u200b "), "text"),
        (Told(uuid="../../etc/passwd"), "election"),
    ],
)
def test_an_archive_that_contradicts_itself_is_refused(told: Told, code: str) -> None:
    """V31"""
    voted = tuple(x for x in told.voted if x < len(told.credentials))
    assert refused(election(replace(told, voted=voted))) == code


def test_an_election_without_its_result_waits() -> None:
    """V31: and one whose events come in another order, or after the result, is none."""
    assert refused(begun().bytes()) == "no_result"
    late = begun()
    decided(late)
    late.event("Ballot", late.data({"credential": "cle5"}))
    assert refused(late.bytes()) == "order"
    strange = begun()
    strange.event("Surprise")
    assert refused(strange.bytes()) == "event"


def test_events_must_be_chained() -> None:
    """V31"""
    for changed in ({"height": 3}, {"parent": "ab" * 32}):
        bel = begun(Told(voted=()))
        bel.event("EndBallots", **changed)
        assert refused(bel.bytes()) == "chain"
    lacking = begun(Told(voted=()))
    lacking.event("Ballot", "ab" * 32)
    assert refused(lacking.bytes()) == "event"


CONTENT = plain({"x": 1})
SAFE = election()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda x: x + member("../../etc/passwd", CONTENT), "name"),
        (lambda x: x + member("ab" * 32 + ".data.json", CONTENT), "digest"),
        (lambda x: x + x[BLOCK * 2 : BLOCK * 4], "twice"),
        (lambda x: x[:-BLOCK], "cut"),
        (lambda x: x[:-10], "cut"),
        (lambda x: x + bytes(BLOCK) + b"x", "not_belenios"),
        (lambda x: member("AUTRE", plain({"version": 1})) + x, "not_belenios"),
        (lambda x: x.replace(b'"version":1,"timestamp"', b'"version":2,"timestamp"', 1), "version"),
        (lambda x: _as_link(x), "not_belenios"),
        (lambda x: bytes([x[0] ^ 1]) + x[1:], "not_belenios"),
        (lambda x: bytes(LARGEST + 1), "too_large"),
        (lambda x: header("BELENIOS", 8**11 - 1) + x, "cut"),
        (lambda x: _with_head(b"[" * 1000 + b"]" * 1000) + x, "json"),
        (lambda x: _with_head(b'{"version":1,"version":1}') + x, "json"),
        (lambda x: _with_head(b'{"version":' + b"1" * 5000 + b"}") + x, "json"),
        (lambda x: _with_head(b'{"version":NaN}') + x, "json"),
    ],
)
def test_a_file_that_means_harm_is_refused(change: Callable[[bytes], bytes], code: str) -> None:
    """V31: no other name, no link, nothing cut, nothing twice, nothing too deep or too large."""
    assert refused(change(SAFE)) == code


def _with_head(content: bytes) -> bytes:
    return member("BELENIOS", content)


def _as_link(archive: bytes) -> bytes:
    """The archive with its first member turned into a symbolic link with a correct checksum."""
    block = bytearray(archive[:BLOCK])
    block[156:157] = b"2"
    block[157:161] = b"/etc"
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block)
    return bytes(block) + archive[BLOCK:]


@given(st.integers(0, len(SAFE) - 1), st.integers(1, 255))
def test_no_byte_is_changed_unseen(place: int, by: int) -> None:
    """V31: whatever byte is changed, the archive is refused, or says the same."""
    changed = bytearray(SAFE)
    changed[place] ^= by
    try:
        assert belenios.read(bytes(changed)) == belenios.read(SAFE)
    except BadBelenios:
        return


@given(st.binary(max_size=2000))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    """V31"""
    codes: set[str] = set()
    for archive in (data, SAFE[: len(data)] + data, member("BELENIOS", data)):
        try:
            belenios.read(archive)
        except BadBelenios as error:
            codes.add(error.code)
    assert codes <= WHY.keys()


def _stated(record: list[e.Recorded], change: Callable[[e.BeleniosImported], e.Event]) -> list[e.Recorded]:
    return [replace(r, event=change(r.event)) if isinstance(r.event, e.BeleniosImported) else r for r in record]


def test_a_record_that_says_something_else_than_the_archive_is_found(congress: Congress) -> None:
    """V31: the sum “Pour 400” beside the archive of another result."""
    congress.do(ORGANISER, importing())

    def lie(event: e.BeleniosImported) -> e.Event:
        counts = (OutsideCount("Oui", 400),)
        return replace(
            event, election=replace(event.election, questions=(replace(event.election.questions[0], counts=counts),))
        )

    assert findings(_stated(congress.record, lie)) == ["result.differs"]
    assert findings(_stated(congress.record, lambda x: replace(x, sha256="00" * 32))) == ["result.differs"]
    assert findings(_stated(congress.record, lambda x: replace(x, election=replace(x.election, title="Autre")))) == [
        "result.differs"
    ]
    other = base64.b64encode(election(Told(result=((0, 5, 0),)))).decode()
    swapped = [
        replace(r, event=replace(r.event, archive=other)) if isinstance(r.event, e.ResultArchived) else r
        for r in congress.record
    ]
    assert findings(swapped) == ["result.differs"]
    assert findings([r for r in congress.record if not isinstance(r.event, e.ResultArchived)]) == ["result.differs"]


def test_of_a_result_with_masked_words_the_figures_are_compared(congress: Congress) -> None:
    """V31, R30"""
    congress.do(ORGANISER, importing())
    (event,) = (r.event for r in congress.record if isinstance(r.event, e.BeleniosImported))
    masked = replace(event, election=replace(event.election, title="Xxxxxxxxx xxxxxxxxx"))
    assert imported.differs(masked, election())
    assert not imported.differs(masked, election(), masked=True)
    more = replace(masked, election=replace(masked.election, voters=6))
    assert imported.differs(more, election(), masked=True)
    assert imported.differs(masked, b"x", masked=True)


def test_what_belenios_tool_said_is_the_congress_s_to_record(congress: Congress) -> None:
    """V32: once, by the server alone, on a result that has an archive."""
    assert congress.refused(CONGRESS, c.RecordBeleniosCheck(1, "verified")) == "result.not_found"
    congress.do(ORGANISER, importing())
    check = c.RecordBeleniosCheck(1, "verified", "3.1")
    assert not c.RecordBeleniosCheck.public
    assert congress.refused(ORGANISER, check) == "role.not_allowed"
    assert congress.refused(CONGRESS, replace(check, outcome="perhaps")) == "result.bad_check"
    assert congress.refused(CONGRESS, replace(check, tool="x" * 101)) == "result.bad_check"
    assert not isinstance(congress.ask(CONGRESS, replace(check, tool="x" * 100)), Refused)
    congress.do(CONGRESS, check)
    assert (congress.state.results[1].checked, congress.state.results[1].tool) == ("verified", "3.1")
    assert congress.refused(CONGRESS, check) == "result.checked"
    assert findings(congress.record) == []
    forged = [replace(r, actor=ORGANISER) if isinstance(r.event, e.BeleniosChecked) else r for r in congress.record]
    assert findings(forged) == ["result.differs"]


def test_an_archive_is_erased_by_two_and_its_result_stays(congress: Congress) -> None:
    """V31, R7: what remains is the figures and the digest."""
    congress.do(ORGANISER, importing())
    archived = congress.state.results[1].archived
    congress.do(ORGANISER, c.ProposeRedaction("resultat-1", "RGPD", "Un nom y figure."))
    assert congress.state.redactions[1].targets == (archived,)
    congress.do(SECOND, c.DecideRedaction(1, True))
    assert congress.state.results[1].archived is None
    assert congress.state.results[1].voters == 5
    left = [replace(r, event=None) if r.index == archived else r for r in congress.record]
    assert findings(left) == []
    assert replay(left).results[1].counts == congress.state.results[1].counts


@pytest.mark.parametrize("path", sorted(GIVEN.rglob("*.bel")) if GIVEN.is_dir() else [])
def test_real_archives_are_read(path: Path) -> None:
    """V30: those that are at hand."""
    assert belenios.read(path.read_bytes()).questions
