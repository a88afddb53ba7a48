"""Cosignatures of witnesses in the form of C2SP tlog-cosignature (R22), and verification that requires them (R25)."""

from __future__ import annotations

import base64
import struct
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from deliberation.record import cosignature, note
from deliberation.record.cosignature import Witness, cosign, cosigned_at
from exports.checking import words
from tests.records import check, codes, long, signer, whole
from tests.witnesses import cosigner

TEXT = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
EXAMPLE = (
    "— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+"
    "mbIUBkBIfZ+qnA=="
)
TIME = 1679315147
SIGNED = note.sign(TEXT, signer("example.com/behind-the-sofa"))
COSIGNER = cosigner("witness.example.com/w1")
COSIGNED = SIGNED + cosign(TEXT, COSIGNER, TIME)


def opened(signed: str) -> note.SignedNote:
    return note.parse(signed.encode())


def resigned(time: int, value: bytes) -> str:
    return SIGNED + note.line(COSIGNER.key, struct.pack(">Q", time) + value)


def test_a_cosignature_is_what_the_specification_says() -> None:
    """R22: put together by hand from C2SP tlog-cosignature and signed-note."""
    private = Ed25519PrivateKey.from_private_bytes(b"w" * 32)
    public = private.public_key().public_bytes_raw()
    name = "witness.example.com/w1"
    id_ = sha256(name.encode() + b"\n" + b"\x04" + public).digest()[:4]
    message = b"cosignature/v1\ntime 1679315147\n" + TEXT.encode()
    value = base64.b64encode(id_ + struct.pack(">Q", TIME) + private.sign(message)).decode()
    assert f"{SIGNED}— {name} {value}\n" == COSIGNED
    vkey = f"{name}+{id_.hex()}+{base64.b64encode(bytes([4]) + public).decode()}"
    assert COSIGNER.key.vkey == vkey
    assert cosignature.parse_witness(vkey) == COSIGNER.key
    assert cosigned_at(opened(COSIGNED), COSIGNER.key) == TIME
    assert cosignature.written(TIME) == "2023-03-20T12:25:47Z"
    assert cosignature.written(cosignature.LATEST) == "9999-12-31T23:59:59Z"


def test_the_example_of_the_specification_has_that_form() -> None:
    """R22: its time is the one that the document names; nobody published its key."""
    found = opened(f"{SIGNED}{EXAMPLE}\n").signatures[-1]
    assert (found.name, len(found.value)) == ("witness.example.com/w1", 72)
    assert struct.unpack(">Q", found.value[:8]) == (TIME,)


@given(st.integers(1, cosignature.LATEST), st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1))
def test_a_cosignature_is_read_back(time: int, text: str) -> None:
    """R22"""
    signed = note.sign(f"{text}\n", signer())
    assert cosigned_at(opened(signed + cosign(f"{text}\n", COSIGNER, time)), COSIGNER.key) == time
    assert cosigned_at(opened(signed), COSIGNER.key) is None


def test_a_key_is_of_a_log_or_of_a_witness() -> None:
    """R22: the same bytes under the same name are two keys, and neither does the work of the other."""
    log = note.Key("exemple", signer().key.public)
    witness = Witness("exemple", signer().key.public)
    assert (log.id, log) != (witness.id, witness)
    with pytest.raises(note.BadNote, match="type 4"):
        cosignature.parse_witness(log.vkey)
    with pytest.raises(note.BadNote, match="type 1"):
        note.parse_key(witness.vkey)
    with pytest.raises(note.BadNote, match="not signed"):
        note.open_note(COSIGNED.encode(), note.Key(COSIGNER.key.name, COSIGNER.key.public))


def test_a_wrong_cosignature_is_no_cosignature() -> None:
    """R22: another time, another text, a signature of the bare text, a time that is none."""
    good = opened(COSIGNED).signatures[-1].value[8:]
    bare = Ed25519PrivateKey.from_private_bytes(b"w" * 32).sign
    wrong = [
        resigned(TIME + 1, good),
        resigned(TIME, good[:-1]),
        resigned(TIME, good + b"x"),
        resigned(TIME, bytes(64)),
        resigned(TIME, bare(TEXT.encode())),
        resigned(TIME, bare(cosignature.message(TEXT.replace("63", "64"), TIME))),
        *(resigned(t, bare(cosignature.message(TEXT, t))) for t in (0, cosignature.LATEST + 1, 2**63, 2**64 - 1)),
        SIGNED + note.line(COSIGNER.key, b"x"),
        COSIGNED + note.line(COSIGNER.key, bytes(72)),
    ]
    for signed in wrong:
        with pytest.raises(note.BadNote, match=r"does not hold|no proper time"):
            cosigned_at(opened(signed), COSIGNER.key)


def test_the_latest_of_several_cosignatures_counts() -> None:
    """R22"""
    both = COSIGNED + cosign(TEXT, COSIGNER, TIME + 9) + cosign(TEXT, cosigner("autre", b"o" * 32), TIME + 20)
    assert cosigned_at(opened(both), COSIGNER.key) == TIME + 9


def test_an_answer_gives_one_line_of_that_witness_and_nothing_else() -> None:
    """R24: lines of unknown keys are ignored; nothing that a witness answers changes the checkpoint."""
    line, other = cosign(TEXT, COSIGNER, TIME), cosign(TEXT, cosigner("autre", b"o" * 32), TIME)
    assert cosignature.line_of(SIGNED, f"{other}{line}{other}".encode(), COSIGNER.key) == line
    forged = "autre\n3\nAAAA\n"
    hostile = [
        b"",
        b"\n",
        other.encode(),
        line.encode()[:-1],
        line.encode()[:-9] + b"\n",
        b"\xff",
        f"\n{line}".encode(),
        f"{forged}\n{cosign(SIGNED + forged, COSIGNER, TIME)}".encode(),
        line.replace(" ", "\t").encode(),
        other.encode() * 100,
        note.line(COSIGNER.key, bytes(72)).encode(),
    ]
    for answer in hostile:
        with pytest.raises(note.BadNote):
            cosignature.line_of(SIGNED, answer, COSIGNER.key)


# Verification

WHOLE = whole()
FILES = WHOLE.files()
POINT = FILES["checkpoint"]
NEWEST = note.parse(POINT).text
SECOND = cosigner("autre.exemple", b"o" * 32)


def test_verification_says_which_witness_cosigned_and_when() -> None:
    """R25"""
    files = FILES | {"checkpoint": POINT + cosign(NEWEST, COSIGNER, TIME).encode()}
    report = check(files, witnesses=[COSIGNER.key])
    assert (report.findings, report.cosigned, report.unknown) == (
        (),
        {COSIGNER.key.vkey: "2023-03-20T12:25:47Z"},
        (),
    )
    assert report.as_json()["cosigned"] == dict(report.cosigned)
    for language, said in (
        ("fr", "a cosigné ce point de contrôle le 2023"),
        ("en", "cosigned this checkpoint on 2023"),
    ):
        assert said in "\n".join(words.lines(report, language))


def test_an_unknown_witness_is_named_and_proves_nothing() -> None:
    """R25, R4"""
    files = FILES | {"checkpoint": POINT + note.line(COSIGNER.key, bytes(72)).encode()}
    report = check(files)
    assert (report.ok, report.cosigned, report.unknown) == (True, {}, (COSIGNER.key.name,))
    assert "non vérifiées : witness.example.com/w1" in "\n".join(words.lines(report, "fr"))


def test_a_witness_that_is_named_must_have_cosigned() -> None:
    """R25: missing, of an older checkpoint, or wrong."""
    assert codes(check(FILES, witnesses=[COSIGNER.key])) == {"witness.missing"}
    earlier = note.parse(long(3).sign().encode()).text
    stale = FILES | {"checkpoint": POINT + cosign(earlier, COSIGNER, TIME).encode()}
    assert codes(check(stale, witnesses=[COSIGNER.key])) == {"witness.bad"}
    other = FILES | {"checkpoint": POINT + cosign(NEWEST, SECOND, TIME).encode()}
    report = check(other, witnesses=[COSIGNER.key, SECOND.key])
    assert (codes(report), list(report.cosigned)) == ({"witness.missing"}, [SECOND.key.vkey])
    assert "witness.example.com/w1 n’a pas cosigné" in words.sentence(report.findings[0], "fr")
    impostor = cosigner(COSIGNER.key.name, b"i" * 32)
    taken = FILES | {"checkpoint": POINT + cosign(NEWEST, impostor, TIME).encode()}
    report = check(taken, witnesses=[COSIGNER.key])
    assert (codes(report), report.unknown) == ({"witness.missing"}, (COSIGNER.key.name,))
