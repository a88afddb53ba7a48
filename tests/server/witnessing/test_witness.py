"""The witness in a separate process: its answers, its files, and crashes (R23)."""

from __future__ import annotations

import os
import random
import stat
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import combinations
from pathlib import Path
from threading import Event

import httpx
import pytest

from deliberation.record import checkpoint, cosignature, note, witnessing
from deliberation.record.cosignature import Witness
from server.witnessing.app import WitnessService
from server.witnessing.checkpoint_store import CheckpointStore, UnusableStore, open_key
from tests.product_process import run
from tests.records import ORIGIN, signer
from tests.server_process import environment
from tests.waiting import WITHIN, at_any_moment
from tests.witnesses import History, WitnessProcess, cosigner

LOG = signer().key.vkey
SIZE = 40
TRUE, FORKED = History.of(SIZE), History.of(SIZE, branch=12)
ROUNDS = int(os.environ.get("PLENIERE_KILLS", "6"))


@pytest.fixture
def witness(tmp_path: Path) -> Iterator[WitnessProcess]:
    running = WitnessProcess(tmp_path / "witness", [LOG])
    try:
        yield running.start()
    finally:
        running.kill()


def time_of(answer: httpx.Response, history: History, size: int, vkey: str) -> int | None:
    """The time at which the answer cosigns the checkpoint of that size; None if it does not."""
    assert answer.status_code == 200, answer.text
    found = note.parse(history.signed(size).encode() + answer.content)
    return cosignature.cosigned_at(found, cosignature.parse_witness(vkey))


def test_a_log_that_grows_is_cosigned(witness: WitnessProcess) -> None:
    """R23, R22: with the time at which it was."""
    before = int(time.time())
    for old, new in ((0, 1), (1, 9), (9, 9), (9, SIZE)):
        when = time_of(witness.ask(TRUE.asked(old, new)), TRUE, new, witness.vkey)
        assert when is not None
        assert before <= when <= time.time()
    said = httpx.get(witness.url, trust_env=False).text
    assert said == f"{witness.vkey}\n\n{ORIGIN} {SIZE}\n"


def test_what_it_refuses(witness: WitnessProcess) -> None:
    """R23: rollback, split view, bad proof, other logs, forged signatures, bad form, excess."""
    time_of(witness.ask(TRUE.asked(0, 20)), TRUE, 20, witness.vkey)
    answers = {
        "rollback": (witness.ask(TRUE.asked(0, 10)), 409),
        "another size": (witness.ask(TRUE.asked(15, 30)), 409),
        "split view": (witness.ask(FORKED.asked(20, 20)), 409),
        "forked growth": (witness.ask(FORKED.asked(20, 30)), 422),
        "bad proof": (witness.ask(TRUE.asked(20, 30, [bytes(32)])), 422),
        "unknown log": (witness.ask(History.of(3, name="autre.fr").asked(0, 3)), 404),
        "forged": (witness.ask(witnessing.write(20, (), TRUE.signed(20, signer(seed=b"f" * 32)))), 403),
        "shrinking": (witness.ask(witnessing.write(20, (), TRUE.signed(10))), 400),
        "malformed": (witness.ask(b"old 20\n\nnonsense"), 400),
        "empty": (witness.ask(b""), 400),
        "too long": (witness.ask(b"old 20\n" * 100_000), 413),
    }
    assert {name: (a.status_code, a.content.count(b"\xe2\x80\x94")) for name, (a, _) in answers.items()} == {
        name: (status, 0) for name, (_, status) in answers.items()
    }
    for conflict in ("rollback", "another size", "split view"):
        answer = answers[conflict][0]
        assert (answer.text, answer.headers["content-type"]) == ("20\n", "text/x.tlog.size")
    assert httpx.get(f"{witness.url}/add-checkpoint", trust_env=False).status_code == 405
    time_of(witness.ask(TRUE.asked(20, 30)), TRUE, 30, witness.vkey)


def test_two_histories_at_once(witness: WitnessProcess) -> None:
    """R23: whoever asks first, and however many ask, one history goes on."""
    asked = [(history, size) for history in (TRUE, FORKED) for size in range(13, SIZE)]
    random.Random(1).shuffle(asked)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda one: witness.ask(one[0].asked(0, one[1])).status_code, asked))
    assert sorted(set(answers)) == [200, 409]
    assert answers.count(200) == 1


def climb(witness: WitnessProcess, history: History, begun: Event, over: Event) -> list[tuple[History, int]]:
    """Asks the witness to cosign growing sizes of that history until `over` is set; returns what was cosigned. Sets
    `begun` at the first.
    """
    cosigned, held = [], 0
    while not over.is_set():
        size = random.randint(max(held, 1), SIZE)
        try:
            answer = witness.ask(history.asked(held, size))
        except httpx.TransportError:
            continue
        if answer.status_code == 200:
            assert time_of(answer, history, size, witness.vkey)
            cosigned.append((history, size))
            held = size
            begun.set()
        elif answer.status_code == 409:
            held = min(int(answer.text), SIZE)
        else:
            assert answer.status_code == 422
            at_any_moment(0.01)
    return cosigned


@pytest.mark.slow
def test_kill_9_never_lets_two_histories_through(witness: WitnessProcess) -> None:
    """R23: killed at random moments while two histories are pressed on it, all that it ever cosigned agrees."""
    cosigned: list[tuple[History, int]] = []
    with ThreadPoolExecutor(4) as pool:
        for round_ in range(ROUNDS):
            begun, over = Event(), Event()
            climbs = [pool.submit(climb, witness, history, begun, over) for history in (TRUE, FORKED) * 2]
            is_begun = begun.wait(WITHIN)
            at_any_moment(random.uniform(0.0, 0.4))
            witness.kill()
            over.set()
            assert is_begun, f"nothing was cosigned in round {round_}"
            cosigned += [one for running in climbs for one in running.result()]
            vkey = witness.vkey
            assert witness.start().vkey == vkey, f"another key after round {round_}"
    assert not [1 for (a, m), (b, n) in combinations(cosigned, 2) if a.root(min(m, n)) != b.root(min(m, n))]
    largest = max(size for _, size in cosigned)
    assert int(witness.ask(TRUE.asked(0, SIZE)).text if largest else 0) >= largest


# What it keeps


def test_its_secrets_are_its_own(witness: WitnessProcess) -> None:
    time_of(witness.ask(TRUE.asked(0, 5)), TRUE, 5, witness.vkey)
    assert stat.S_IMODE((witness.data / "witness.key").stat().st_mode) == 0o600
    assert stat.S_IMODE(witness.data.stat().st_mode) == 0o700
    again = run(witness.arguments(), environment(witness.data), WITHIN)
    assert (again.returncode, "another witness uses this folder" in again.stderr) == (1, True)


def shelf(folder: Path, witness: Witness | None = None) -> CheckpointStore:
    return CheckpointStore(folder / "logs", witness or cosigner().key)


def desk(folder: Path) -> WitnessService:
    return WitnessService(cosigner(), {ORIGIN: [signer().key]}, shelf(folder), lambda: 1_800_000_000)


def test_what_is_kept_is_evidence(tmp_path: Path) -> None:
    """R23: the checkpoint with the signatures of the log and of the witness, and no other."""
    padded = TRUE.signed(5) + "".join(note.line(cosigner(f"t{i}").key, bytes(72)) for i in range(60))
    line = desk(tmp_path).add(witnessing.write(0, (), padded))
    assert shelf(tmp_path).path(ORIGIN).read_text() == f"{TRUE.signed(5)}{line}"
    assert shelf(tmp_path).held(ORIGIN) == checkpoint.Checkpoint(ORIGIN, 5, TRUE.root(5))
    assert not list((tmp_path / "logs").glob("*.draft"))


def test_a_damaged_file_is_no_new_beginning(tmp_path: Path) -> None:
    """R23: emptied, changed, of another log, of another witness, unreadable: it says so and cosigns nothing."""
    assert isinstance(desk(tmp_path).add(TRUE.asked(0, 5)), str)
    path = shelf(tmp_path).path(ORIGIN)
    good = path.read_bytes()
    elsewhere = History.of(5, name="autre.fr")
    other = elsewhere.signed(5) + cosignature.cosign(note.parse(elsewhere.signed(5).encode()).text, cosigner(), 1)
    for wrong in (b"", good[:-9], good.replace(b"\n5\n", b"\n4\n"), TRUE.signed(5).encode(), other.encode()):
        path.write_bytes(wrong)
        with pytest.raises(UnusableStore):
            desk(tmp_path).add(TRUE.asked(0, 5))
        assert path.read_bytes() == wrong
    path.write_bytes(good)
    with pytest.raises(UnusableStore):
        shelf(tmp_path, cosigner(seed=b"x" * 32).key).held(ORIGIN)
    path.unlink()
    path.mkdir()
    with pytest.raises(UnusableStore):
        desk(tmp_path).add(TRUE.asked(0, 5))


def test_nothing_leaves_before_it_is_kept(tmp_path: Path) -> None:
    """R23: a disk that is full or broken gives no cosignature and changes nothing."""
    place = desk(tmp_path)
    assert isinstance(place.add(TRUE.asked(0, 5)), str)
    kept = place.shelf.path(ORIGIN)
    before = kept.read_bytes()
    kept.with_suffix(".draft").mkdir()
    with pytest.raises(OSError, match="draft"):
        place.add(TRUE.asked(5, 9))
    assert kept.read_bytes() == before
    kept.with_suffix(".draft").rmdir()
    assert isinstance(place.add(TRUE.asked(5, 9)), str)


def test_a_key_is_made_once_and_has_one_name(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "witness.key"
    opened = open_key(path, "temoin.exemple/1")
    assert open_key(path, "").key == open_key(path, "temoin.exemple/1").key == opened.key
    for text in ("", "nonsense", path.read_text().replace("temoin", "autre"), path.read_text()[:-9]):
        (tmp_path / "wrong.key").write_text(text)
        with pytest.raises(UnusableStore):
            open_key(tmp_path / "wrong.key", "")
    with pytest.raises(UnusableStore, match="not of autre"):
        open_key(path, "autre")
    with pytest.raises(note.BadNote):
        open_key(tmp_path / "new.key", "two words")
    assert not (tmp_path / "new.key").exists()


# The command


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["--name", "temoin"], 2),
        (["--log", LOG], 2),
        (["--name", "temoin", "--log", "nonsense+1+2"], 2),
        (["--name", "two words", "--log", LOG], 2),
        (["--name", "temoin", "--log", cosigner().key.vkey], 2),
        (["--name", "temoin", "--log", "/nowhere"], 1),
        (["--name", "temoin", "--log", os.devnull], 2),
    ],
)
def test_misuse_is_said(arguments: list[str], status: int, tmp_path: Path) -> None:
    done = run(["witness", "--data", str(tmp_path / "w"), *arguments], environment(tmp_path), WITHIN)
    assert (done.returncode, done.stdout) == (status, "")
    assert done.stderr
    assert "Traceback" not in done.stderr


def test_logs_may_stand_in_a_file(tmp_path: Path) -> None:
    keys = tmp_path / "logs.txt"
    keys.write_text(f"# two congresses\n{LOG}\n\n{signer('autre.fr/registre').key.vkey}\n")
    running = WitnessProcess(tmp_path / "witness", [str(keys)])
    try:
        said = httpx.get(running.start().url, trust_env=False).text
    finally:
        running.kill()
    assert said.splitlines()[2:] == ["autre.fr/registre 0", f"{ORIGIN} 0"]
