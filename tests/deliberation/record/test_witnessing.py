"""Requests to a witness, and when it refuses (C2SP tlog-witness; R23), without I/O."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deliberation.record import note, witnessing
from deliberation.record.checkpoint import Checkpoint
from tests.records import signer
from tests.witnesses import History

EXAMPLE = """old 20852014
PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=
jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=
5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=
/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=

example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— example.com/behind-the-sofa opLqBQsREYCgu6xQkYQwJr9fo45a62DN9EdmHXnZdXNqlcVGlCum2Wks+49/V6267UEjw6QUXTS5Rovnzv++qbSzm9Q=
"""  # noqa: E501
KEY = signer().key
LOGS = {KEY.name: [KEY]}
TRUE = History.of(20)
HASH = note.to_base64(bytes(32))


def status(body: bytes, held: Checkpoint | None) -> int:
    refused = witnessing.judge(witnessing.parse(body), LOGS, lambda origin: held)
    return refused.status if refused else 200


def held(size: int, history: History = TRUE) -> Checkpoint:
    return Checkpoint(KEY.name, size, history.root(size))


def test_the_request_of_the_specification_is_read() -> None:
    """R23"""
    asked = witnessing.parse(EXAMPLE.encode())
    assert (asked.old, len(asked.proof), asked.point.size) == (20852014, 4, 20852163)
    assert asked.point.origin == "example.com/behind-the-sofa"
    assert witnessing.write(asked.old, asked.proof, asked.signed.decode()) == EXAMPLE.encode()


@pytest.mark.parametrize(
    "head",
    [
        "",
        "old",
        "old ",
        "old -1",
        "old 01",
        "old 1 ",
        "Old 1",
        "old  1",
        "old ١",
        "old 99999999999999999",
        "old 9007199254740992",
        "1",
        "old 1\n",
        "old 1\nAAAA",
        f"old 1\n{HASH[:-1]}",
        f"old 1\n{HASH}\r",
        f"old 1\n {HASH}",
        "\n".join(["old 1", *[HASH] * 64]),
        "old 1\n\u00e9",
    ],
)
def test_requests_in_another_form_are_refused(head: str) -> None:
    """R23"""
    with pytest.raises(witnessing.BadRequest):
        witnessing.parse(f"{head}\n\n{TRUE.signed(3)}".encode())


@pytest.mark.parametrize(
    "rest", ["", "\n", "x", "x\n1\n" + HASH + "\n", "x\n1\n" + HASH + "\n\n", "x\n1\nAAAA\n\n— x AAAAAAA=\n"]
)
def test_checkpoints_in_another_form_are_refused(rest: str) -> None:
    """R23"""
    with pytest.raises(witnessing.BadRequest):
        witnessing.parse(f"old 0\n\n{rest}".encode())


def test_a_log_that_only_grows_is_cosigned() -> None:
    """R23: from nothing, from each size to each, and the same again."""
    assert status(TRUE.asked(0, 7), None) == 200
    for old in range(1, 20):
        for new in range(old, 20):
            assert status(TRUE.asked(old, new), held(old)) == 200
    assert status(TRUE.asked(0, 0), None) == 200


def test_whoever_is_not_known_is_refused() -> None:
    """R23: 404 for another log, 403 for a log's checkpoint that the log did not sign, 400 for a shrinking request."""
    assert status(History.of(3, name="autre.fr/registre").asked(0, 3), None) == 404
    forger = signer(KEY.name, b"f" * 32)
    asked = witnessing.write(0, (), TRUE.signed(3, forger))
    assert status(asked, None) == 403
    both = TRUE.signed(3) + note.line(forger.key, bytes(64))
    assert status(witnessing.write(0, (), both), None) == 200
    broken = TRUE.signed(3).replace("\n3\n", "\n4\n")
    assert status(witnessing.write(0, (), broken), None) == 403
    assert status(witnessing.write(5, (), TRUE.signed(3)), held(5)) == 400


def test_another_old_size_is_a_conflict_that_says_which() -> None:
    """R23: the way for a log to learn what the witness holds."""
    for old, at in ((0, 5), (4, 5), (6, 5), (3, 0)):
        asked = witnessing.parse(TRUE.asked(old, 9))
        refused = witnessing.judge(asked, LOGS, lambda _, at=at: held(at) if at else None)  # type: ignore[misc]
        assert refused is not None
        assert (refused.status, refused.body, refused.media_type) == (409, f"{at}\n", "text/x.tlog.size")


def test_no_two_roots_for_one_size() -> None:
    """R23, R5"""
    other = History.of(20, branch=4)
    assert status(other.asked(9, 9), held(9)) == 409
    assert status(witnessing.write(0, (), other.signed(0).replace("47DE", "47DF")), None) == 403
    wrong = note.sign(Checkpoint(KEY.name, 0, bytes(32)).text, signer())
    assert status(witnessing.write(0, (), wrong), None) == 409


def test_a_bad_proof_is_refused() -> None:
    """R23: of another history, cut, lengthened, or where none belongs."""
    other = History.of(20, branch=4)
    assert status(other.asked(9, 12), held(9)) == 422
    proof = TRUE.proof(9, 12)
    changed = (bytes(32), *proof[1:])
    for wrong in ((), proof[:-1], (*proof, bytes(32)), proof[::-1], changed):
        assert status(TRUE.asked(9, 12, wrong), held(9)) == 422
    assert status(TRUE.asked(0, 7, [bytes(32)]), None) == 422
    assert status(TRUE.asked(9, 9, [bytes(32)]), held(9)) == 422


def test_any_trusted_key_of_a_log_will_do() -> None:
    """R23: a log that changes its key is known by both for a while; the line that held is the one that is kept."""
    new = signer(KEY.name, b"n" * 32)
    asked = witnessing.parse(witnessing.write(0, (), TRUE.signed(3, new)))
    assert witnessing.log_line(asked, LOGS) is None
    both = {KEY.name: [KEY, new.key]}
    assert witnessing.judge(asked, both, lambda _: None) is None
    assert witnessing.log_line(asked, both) == TRUE.signed(3, new).split("\n\n")[1]


BRANCHES = [History.of(12), *(History.of(12, branch=at) for at in (0, 3, 7))]


@settings(max_examples=200)
@given(st.lists(st.tuples(st.sampled_from(BRANCHES), st.integers(0, 12), st.integers(0, 12)), max_size=25))
def test_whatever_is_asked_one_history_is_cosigned(asked: list[tuple[History, int, int]]) -> None:
    """R23: all that was ever cosigned are states of one growing tree."""
    last: Checkpoint | None = None
    cosigned: list[tuple[History, int]] = []
    for history, old, new in asked:
        if old > new or status(history.asked(old, new), last) != 200:
            continue
        assert new >= (last.size if last else 0)
        last = held(new, history)
        cosigned.append((history, new))
    for (one, small), (other, _) in pairwise(cosigned):
        assert one.root(small) == other.root(small)
