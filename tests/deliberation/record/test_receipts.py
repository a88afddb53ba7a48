"""Receipts are checked offline, by themselves or beside an archive (R18, R17)."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from deliberation.record import note, proof, tree
from exports import verify
from exports.checking import words
from tests.exports.test_archive import run
from tests.records import Log, signer, unpacked, whole

LOG = whole()
SIGNED = LOG.sign()
INDEX = 17


def receipt(log: Log = LOG, index: int = INDEX, with_entry: bool = True) -> proof.Proof:
    leaves = [tree.leaf_hash(entry) for entry in log.entries]

    def nodes(level: int, start: int) -> bytes:
        return tree.root_of(leaves[start << level : (start + 1) << level])

    return proof.make(index, log.sign(), log.size, nodes, log.entries[index] if with_entry else b"")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "essai-17.proof"
    path.write_text(receipt().text)
    return path


def test_a_receipt_is_checked_by_itself(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """R18: with the key, and nothing else; what it is about and the root are said."""
    assert verify.main_verify(str(path), LOG.signer.key.vkey) == 0
    said = capsys.readouterr().out
    assert SIGNED.split("\n")[2] in said
    assert "Reçu : entrée 17" in said
    assert "ne prouve rien contre l’organisateur" in said
    assert verify.main_verify(str(path), LOG.signer.key.vkey, as_json=True) == 0
    assert json.loads(capsys.readouterr().out)["asked"] == [INDEX]


def test_a_receipt_needs_the_key(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """R18"""
    assert verify.main_verify(str(path)) == 2
    assert "--key" in capsys.readouterr().err
    assert verify.main_verify(str(path), signer(seed=b"x" * 32).key.vkey) == 1


@pytest.mark.parametrize("index", [0, 1, INDEX, LOG.size - 1])
def test_every_byte_of_a_receipt_counts(index: int, tmp_path: Path) -> None:
    """R18: but for signatures of others."""
    true = receipt(index=index)
    other = LOG.entries[(index + 1) % LOG.size]
    moved = replace(true, index=index - 1 if index else 1)
    for false in (moved, replace(true, extra=other), replace(true, path=true.path[1:]), replace(true, extra=b"{}")):
        path = tmp_path / "x.proof"
        path.write_text(false.text)
        assert verify.main_verify(str(path), LOG.signer.key.vkey) == 1
    assert proof.verify(true.text.encode(), LOG.entries[index], LOG.signer.key).size == LOG.size


def test_an_old_receipt_is_checked_beside_an_archive(tmp_path: Path) -> None:
    """R18: it does not hold its entry, the archive does."""
    path = tmp_path / "x.proof"
    path.write_text(receipt(with_entry=False).text)
    assert verify.main_verify(str(path), LOG.signer.key.vkey) == 1
    folder = unpacked(LOG.zip(LOG.derived(), program=""), tmp_path / "archive")
    done = run(folder, str(path))
    assert (done.returncode, done.stderr) == (0, "")
    assert "Reçu : entrée 17" in done.stdout
    assert "rien de ce qu’il couvre n’a été réécrit" in done.stdout


def test_the_script_finds_a_receipt_of_another_history(tmp_path: Path) -> None:
    """R17, R18: signed with the true key, and not what the archive says."""
    folder = unpacked(LOG.zip(LOG.derived(), program=""), tmp_path / "archive")
    other = whole()
    other.entries[INDEX] = other.entries[INDEX].replace(b'"actor":"p', b'"actor":"q')
    path = tmp_path / "x.proof"
    path.write_text(receipt(other).text)
    done = run(folder, str(path), "--lang", "en")
    assert done.returncode == 1
    assert "HISTORY REWRITTEN" in done.stdout
    assert words.FINDINGS["receipt.differs"].en in done.stdout
    path.write_text("c2sp.org/tlog-proof@v1\nnonsense\n")
    assert run(folder, str(path)).returncode == 1
    assert run(folder, str(tmp_path / "nowhere.proof")).returncode == 2
    with pytest.raises(note.BadNote):
        proof.parse(b"nonsense")
