"""From a server with a witness to a verified archive; and detecting a history rewritten with the real key (R17,
R23–R25).
"""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from deliberation.record import checkpoint, note
from server.store.keys import Keys
from tests.server_process import Server, environment, free_port, marks, pleniere
from tests.waiting import WITHIN, until
from tests.witnesses import WitnessProcess, cosigner

pytestmark = [pytest.mark.contract, pytest.mark.slow]


@dataclass
class Witnessed(Server):
    """A server whose record a witness cosigns."""

    witness: WitnessProcess = field(kw_only=True)

    def _settings(self) -> dict[str, str]:
        return super()._settings() | {"PLENIERE_WITNESSES": self.witness.setting}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Witnessed]:
    """The key of the log is known before its first act: the witness is told of it, then the congress is made."""
    data, port = tmp_path / "data", free_port()
    key = Keys(data / "keys").signer("essai", f"127.0.0.1:{port}/c/essai/registre").key
    witness = WitnessProcess(tmp_path / "witness", [key.vkey])
    served = Witnessed(data, demo=False, port=port, witness=witness)
    try:
        served.witness.start()
        created = pleniere(served.data, "create", "essai", "--title", "Essai", **served._settings())
        assert created.returncode == 0, created.stderr
        served.start()
        yield served
    finally:
        served.kill()
        served.witness.kill()


def verify(server: Witnessed, what: str, *more: str) -> subprocess.CompletedProcess[str]:
    return pleniere(server.data, "verify", what, "--witness", server.witness.vkey, *more)


def download(server: Witnessed, path: Path) -> Path:
    path.write_bytes(httpx.get(f"{server.url}/c/essai/restitution.zip", timeout=WITHIN, trust_env=False).content)
    return path


def fetched(server: Witnessed, name: str) -> str:
    return httpx.get(f"{server.url}/c/essai/registre/{name}", timeout=WITHIN, trust_env=False).text


def test_an_archive_carries_what_the_witness_said(server: Witnessed, tmp_path: Path) -> None:
    """R24, R25: live, in the archive and in a proof; on the command line and in the archive's own verifier."""
    server.invite("elu", "Ana", "essai")
    site = verify(server, f"{server.url}/c/essai/", "--lang", "en")
    assert (site.returncode, "cosigned this checkpoint on 2" in site.stdout) == (0, True), site.stdout
    archive = download(server, tmp_path / "a.zip")
    done = verify(server, str(archive), "--json")
    assert done.returncode == 0, done.stdout
    assert list(json.loads(done.stdout)["cosigned"]) == [server.witness.vkey]
    assert f"— {server.witness.name} " in fetched(server, "1.proof")
    exported = pleniere(server.data, "export", "essai", "-o", str(tmp_path / "b.zip"), **server._settings())
    assert (exported.returncode, exported.stderr) == (0, "")
    assert archive.read_bytes() == (tmp_path / "b.zip").read_bytes()
    check_by_its_own_script(server, archive, tmp_path / "unpacked")


def check_by_its_own_script(server: Witnessed, archive: Path, folder: Path) -> None:
    with zipfile.ZipFile(archive) as zipped:
        zipped.extractall(folder)
    for vkey, status, said in (
        (server.witness.vkey, 0, "a cosigné ce point de contrôle"),
        (cosigner(server.witness.name).key.vkey, 1, "n’a pas cosigné ce point de contrôle"),
        (server.witness.logs[0], 2, ""),
    ):
        command = [sys.executable, "verify.py", "--witness", vkey]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, env={}, timeout=WITHIN)
        assert (done.returncode, said in done.stdout) == (status, True), done.stdout


def test_an_archive_made_without_the_witness_is_made_again_with_it(server: Witnessed, tmp_path: Path) -> None:
    """R24: a witness that is away delays no act and no archive; once back it is asked again, from where it was."""
    server.witness.kill()
    server.invite("elu", "Ana", "essai")
    lonely = verify(server, str(download(server, tmp_path / "a.zip")))
    assert (lonely.returncode, "n’a pas cosigné" in lonely.stdout) == (1, True)
    server.witness.start()
    until(lambda: f"— {server.witness.name} " in fetched(server, "checkpoint"), server.said)
    assert verify(server, str(download(server, tmp_path / "b.zip"))).returncode == 0


def test_a_history_rewritten_with_the_true_key_is_found_by_the_witness(server: Witnessed, tmp_path: Path) -> None:
    """R17, R23, R25: the operator makes the congress anew and signs it; everything verifies but for the witness."""
    for name in ("Ana", "Bo", "Cid"):
        server.invite("elu", name, "essai")
    assert verify(server, str(download(server, tmp_path / "a.zip"))).returncode == 0
    held = httpx.get(server.witness.url, trust_env=False).text
    server.stop()
    rewrite(server)
    server.start()
    for name in ("Ana", "Bo", "Dea", "Eve"):
        server.invite("elu", name, "essai")
    forged = download(server, tmp_path / "b.zip")
    assert pleniere(server.data, "verify", str(forged)).returncode == 0, "a signature proves nothing against its holder"
    done = verify(server, str(forged))
    assert (done.returncode, "n’a pas cosigné" in done.stdout) == (1, True)
    assert httpx.get(server.witness.url, trust_env=False).text == held
    assert "is not cosigned by temoin.exemple/1: it answers 422" in server.said()
    point = checkpoint.parse(note.parse(fetched(server, "checkpoint").encode()).text)
    assert point.size > int(held.split()[-1])


def rewrite(server: Witnessed) -> None:
    """A new database under the old key; the high-water mark goes too, as a dishonest operator would see to it."""
    for path in (
        *server.data.glob("pleniere.sqlite*"),
        *(server.data / "highwater").glob("*"),
        *marks(server.data).glob("*"),
    ):
        path.unlink()
    created = pleniere(server.data, "create", "essai", "--title", "Essai", **server._settings())
    assert created.returncode == 0, created.stderr
    assert (server.data / "keys" / "essai.key").exists()
    assert "PLENIERE_WITNESSES" not in environment(server.data)
