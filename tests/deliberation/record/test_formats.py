"""The formats of the record: canonical JSON, entries, notes, checkpoints, payload bundles (R2, R4, R11)."""

from __future__ import annotations

import json
import struct
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from deliberation.record import canonical, checkpoint, ed25519, entry, note, payloads, tree
from tests.records import ORIGIN, signer

values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(codec="ascii")), inner),
    max_leaves=20,
)


@given(values)
def test_canonical_json_is_read_back(value: object) -> None:
    """R2: one value, one byte string."""
    data = canonical.encode(value)
    assert canonical.parse(data) == value
    assert canonical.encode(canonical.parse(data)) == data
    assert json.loads(data) == value


@pytest.mark.parametrize(
    "data",
    [
        b'{"a":1,"a":1}',
        b'{"b":1,"a":2}',
        b'{"a": 1}',
        b" 1",
        b"1\n",
        b"1.0",
        b"1e2",
        b"-0",
        b"01",
        b"NaN",
        b"9007199254740992",
        b'"\\u0041"',
        b'"\\/"',
        b'"\\u00E9"',
        b'"\\ud800"',
        b'"\xff"',
        b"",
        b"[1,]",
        b"[" * 100_000,
    ],
)
def test_json_in_another_form_is_refused(data: bytes) -> None:
    """R2: spaces, order, escapes, fractions, duplicates, depth: whatever is not the canonical form."""
    with pytest.raises(canonical.NotCanonical):
        canonical.parse(data)


@pytest.mark.parametrize("value", [1.5, 2**53, {"é": 1}, {1: 2}, b"x", "\ud800", float("nan")])
def test_what_cannot_stand_in_the_record_is_not_written(value: object) -> None:
    """R2"""
    with pytest.raises(canonical.NotCanonical):
        canonical.encode(value)


def test_strings_are_escaped_as_rfc_8785_says() -> None:
    """R2: the string of RFC 8785, section 3.2.2.2."""
    text = "\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"/"
    assert canonical.encode(text) == b'"\xe2\x82\xac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"'


SAMPLE = entry.Entry(41, "2026-11-23T02:45:26.123Z", "p3", "testimony.submitted", "temoignage-12", "ab" * 32)


def test_an_entry_is_read_back() -> None:
    """R2"""
    data = SAMPLE.encode()
    assert data.startswith(b'{"actor":"p3","c":"abab')
    assert data.endswith(b'"time":"2026-11-23T02:45:26.123Z","version":1}')
    assert entry.decode(data) == SAMPLE


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"version":1', b'"version":2'),
        (b'"index":41', b'"index":-1'),
        (b'"index":41', b'"index":"41"'),
        (b'"index":41', b'"index":true'),
        (b'"actor":"p3"', b'"actor":""'),
        (b'"actor":"p3"', b'"actor":3'),
        (b'"c":"ab', b'"c":"AB'),
        (b"2026-11-23T", b"2026-02-30T"),
        (b".123Z", b".123+"),
        (b"02:45", b"25:45"),
        (b'"kind"', b'"king"'),
        (b'"version":1}', b'"version":1,"x":1}'),
    ],
)
def test_a_malformed_entry_is_refused(old: bytes, new: bytes) -> None:
    """R2"""
    data = SAMPLE.encode()
    assert old in data
    with pytest.raises(entry.BadEntry):
        entry.decode(data.replace(old, new))


def test_an_entry_is_at_most_65535_bytes() -> None:
    """R2"""
    room = entry.MAX_BYTES - len(SAMPLE.encode()) + len("p3")
    assert len(entry.Entry(41, SAMPLE.time, "p" * room, "k" * 19, "d" * 13, SAMPLE.c).encode()) == entry.MAX_BYTES
    with pytest.raises(entry.BadEntry):
        entry.Entry(41, SAMPLE.time, "p" * (room + 1), "k" * 19, "d" * 13, SAMPLE.c).encode()


def test_the_commitment_is_hmac_sha256() -> None:
    """R11: RFC 4231, test case 2."""
    expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    assert entry.commitment(b"Jefe", b"what do ya want for nothing?") == expected


RFC_8032 = [
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        (
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
            "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
        ),
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        (
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
            "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        ),
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        (
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
            "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
        ),
    ),
]


@pytest.mark.parametrize(("secret", "public", "message", "signature"), RFC_8032)
def test_the_vectors_of_rfc_8032(secret: str, public: str, message: str, signature: str) -> None:
    """R4: Ed25519 is verified as RFC 8032 says; any other bit fails."""
    key, said, given_ = bytes.fromhex(public), bytes.fromhex(message), bytes.fromhex(signature)
    assert Ed25519PrivateKey.from_private_bytes(bytes.fromhex(secret)).public_key().public_bytes_raw() == key
    assert ed25519.verify(key, said, given_)
    assert not ed25519.verify(key, said + b"x", given_)
    for bit in range(0, 512, 7):
        flipped = bytearray(given_)
        flipped[bit // 8] ^= 1 << bit % 8
        assert not ed25519.verify(key, said, bytes(flipped))


def test_a_signature_has_one_form() -> None:
    """R4: S is below the group order, keys are canonical points of large order."""
    key, signature = bytes.fromhex(RFC_8032[0][1]), bytes.fromhex(RFC_8032[0][3])
    larger = int.from_bytes(signature[32:], "little") + ed25519.ORDER
    assert not ed25519.verify(key, b"", signature[:32] + larger.to_bytes(32, "little"))
    assert not ed25519.verify(key, b"", signature[:63])
    for small in (b"\x01" + bytes(31), bytes(32), b"\xee" + b"\xff" * 30 + b"\x7f", b"\xff" * 32):
        assert not ed25519.verify(small, b"", bytes(64))


@given(st.binary(min_size=32, max_size=32), st.binary(max_size=200))
def test_what_cryptography_signs_is_verified(seed: bytes, message: bytes) -> None:
    """R4"""
    private = Ed25519PrivateKey.from_private_bytes(seed)
    assert ed25519.verify(private.public_key().public_bytes_raw(), message, private.sign(message))


def test_a_key_is_written_as_a_vkey() -> None:
    """R4: the verifier key of the Go module checksum database, a published log in the same formats."""
    vkey = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"
    key = note.parse_key(vkey)
    assert (key.name, key.id.hex(), key.vkey) == ("sum.golang.org", "033de0ae", vkey)


@pytest.mark.parametrize(
    "vkey",
    [
        "sum.golang.org+033de0af+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8",
        "sum.golang.org+033de0ae+As4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8",
        "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn9=",
        "sum.golang.org+033DE0AE+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8",
        "sum golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8",
        "sum.golang.org",
        "",
    ],
)
def test_a_malformed_key_is_refused(vkey: str) -> None:
    """R4"""
    with pytest.raises(note.BadNote):
        note.parse_key(vkey)


def test_a_published_note_is_verified() -> None:
    """R4: the example of golang.org/x/mod/sumdb/note, signed by others."""
    key = note.parse_key("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
    text = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
    line = (
        "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
    )
    assert note.open_note(f"{text}\n{line}".encode(), key).text == text


def test_other_signatures_are_let_through_and_prove_nothing() -> None:
    """R4: witnesses may cosign; without the log's own signature a note is refused."""
    ours, other = signer(), signer("temoin.example/w1", b"w" * 32)
    signed = note.sign("text\n", ours)
    cosignature = note.sign("text\n", other).split("\n\n")[1]
    assert note.open_note((signed + cosignature).encode(), ours.key).text == "text\n"
    with pytest.raises(note.BadNote, match="not signed by"):
        note.open_note(note.sign("text\n", other).encode(), ours.key)


def test_every_signature_in_the_key_s_name_must_hold() -> None:
    """R4"""
    signed = note.sign("text\n", signer())
    forged = note.sign("test\n", signer()).split("\n\n")[1]
    with pytest.raises(note.BadNote, match="does not hold"):
        note.open_note((signed + forged).encode(), signer().key)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("\n\n— ", "\n— "),
        ("— ", "- "),
        ("=\n", "\n"),
        ("text", "te\x00xt"),
        ("text", "te\rxt"),
        (ORIGIN + " ", ORIGIN),
        (ORIGIN + " ", "other+name "),
        ("=\n", "=\nmore\n"),
        ("=\n", "="),
    ],
)
def test_a_malformed_note_is_refused(old: str, new: str) -> None:
    """R4"""
    signed = note.sign("text\n", signer())
    assert old in signed
    with pytest.raises(note.BadNote):
        note.open_note(signed.replace(old, new, 1).encode(), signer().key)


@given(st.data())
def test_any_changed_byte_of_a_checkpoint_is_found(data: st.DataObject) -> None:
    """R4"""
    signed = bytearray(checkpoint.sign(checkpoint.Checkpoint(ORIGIN, 3, tree.EMPTY), signer()).encode())
    at = data.draw(st.integers(0, len(signed) - 1))
    signed[at] = data.draw(st.integers(0, 255).filter(lambda byte: byte != signed[at]))
    with pytest.raises(note.BadNote):
        checkpoint.open_checkpoint(bytes(signed), signer().key)


def test_a_checkpoint_has_the_form_of_c2sp() -> None:
    """R4: origin, size, root in base64, a blank line, the signature under the key's id."""
    lines = checkpoint.sign(checkpoint.Checkpoint(ORIGIN, 0, tree.EMPTY), signer()).split("\n")
    assert lines[:4] == [ORIGIN, "0", "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", ""]
    raw = note.from_base64(lines[4].removeprefix(f"— {ORIGIN} "))
    expected = sha256(f"{ORIGIN}\n".encode() + b"\x01" + signer().key.public).digest()[:4]
    assert (raw[:4], len(raw), lines[5:]) == (expected, 68, [""])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "o\n1\n",
        "o\n01\nroot\n",
        "o\n-1\nroot\n",
        "o\n١\nroot\n",
        "o\n1\nAAAA\n",
        "o\n9" + "9" * 5000 + "\nroot\n",
        "\n1\nroot\n",
    ],
)
def test_a_malformed_checkpoint_is_refused(text: str) -> None:
    """R4"""
    with pytest.raises(note.BadNote):
        checkpoint.parse(text.replace("root", note.to_base64(tree.EMPTY)))


def test_a_checkpoint_of_another_origin_is_refused() -> None:
    """R4: the key's name is the origin."""
    other = checkpoint.sign(checkpoint.Checkpoint("autre.fr/registre", 0, tree.EMPTY), signer())
    with pytest.raises(note.BadNote, match="origin"):
        checkpoint.open_checkpoint(other.encode(), signer().key)


@given(st.integers(1, 40))
def test_checkpoints_are_bundled_and_found_again(count: int) -> None:
    """R5"""
    notes = [checkpoint.sign(checkpoint.Checkpoint(ORIGIN, n, tree.EMPTY), signer()) for n in range(min(count, 3))]
    assert [text.decode() for text in checkpoint.unbundle(checkpoint.bundle(notes))] == notes


payload = st.builds(payloads.Payload, st.binary(min_size=32, max_size=32), values.map(canonical.encode))


@given(st.lists(st.none() | payload, max_size=10))
def test_payloads_are_bundled_and_found_again(given_: list[payloads.Payload | None]) -> None:
    """R11: a payload file is one line of JSON per entry, the payload verbatim."""
    data = payloads.bundle(given_)
    assert payloads.unbundle(data) == given_
    for line, one in zip(data.splitlines() if given_ else [], given_, strict=True):
        assert json.loads(line) == (one and {"payload": json.loads(one.data), "salt": one.salt.hex()})


@pytest.mark.parametrize(
    "data", [b"null", b"nul\n", b"\n", b'{"payload":1}\n', b'{"payload":1,"salt":"00"}\n', b"null\n\n"]
)
def test_a_malformed_payload_file_is_refused(data: bytes) -> None:
    """R11"""
    with pytest.raises(ValueError, match="line"):
        payloads.unbundle(data)


def test_a_leaf_is_hashed_as_rfc_6962_says() -> None:
    """R1: the leaf of the empty string, and of a length-prefixed structure, from certificate-transparency's tests."""
    assert tree.leaf_hash(b"").hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert tree.EMPTY.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert struct.unpack(">H", b"\x00\x02") == (2,)
