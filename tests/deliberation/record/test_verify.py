"""The verifier finds nothing wrong in a true record, and names the place of the fault in a changed one (R1–R17,
R20).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deliberation.kernel import events as e
from deliberation.record import canonical, checkpoint, note, payloads, tiles, tree
from deliberation.record.report import Finding
from deliberation.record.verify import record_paths, recorded
from exports.checking import words
from tests.records import Files, Log, check, codes, long, moment, signer, whole

WHOLE = whole()
WHOLE_FILES = WHOLE.files()


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 512, 1000])
def test_a_true_record_verifies(size: int) -> None:
    """R1, R3, R5, R6: with nothing, one, and just about a whole number of bundles of entries."""
    log = long(size)
    files = log.files()
    report = check(files, key=log.signer.key)
    assert report.findings == ()
    assert (report.ok, report.size, report.key_given) == (True, size, True)
    assert report.counts["checkpoints"] == len(log.notes) - 1
    assert sorted(files) == sorted(record_paths(size, len(log.notes) - 1))


def test_a_whole_congress_verifies_and_is_recomputed() -> None:
    """R9, R13, R14, R15, R16: absences are listed with the act that explains them, results are computed again."""
    report = check(WHOLE_FILES)
    assert report.findings == ()
    assert sorted(report.withheld.values()) == ["hidden", "pending"]
    assert report.redacted == {WHOLE.state.testimonies[3].entry: 1}
    assert {name: report.counts[name] for name in ("texts", "merges", "polls", "outcomes", "redactions")} == {
        "texts": 1,
        "merges": 1,
        "polls": 3,
        "outcomes": 3,
        "redactions": 1,
    }


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_any_changed_byte_is_found(data: st.DataObject) -> None:
    """R2–R11: whatever byte of whatever file, and the place is named."""
    path = data.draw(st.sampled_from(sorted(WHOLE_FILES)))
    content = bytearray(WHOLE_FILES[path])
    at = data.draw(st.integers(0, len(content) - 1))
    content[at] = data.draw(st.integers(0, 255).filter(lambda byte: byte != content[at]))
    report = check({**WHOLE_FILES, path: bytes(content)}, key=WHOLE.signer.key)
    assert not report.ok
    named = {finding.file for finding in report.findings}
    assert named & {f"record/{path}", "record/payloads/0", "record/tile/0/000.p/50", "record/checkpoint"}
    assert all(words.sentence(finding, language) for finding in report.findings for language in ("fr", "en"))


@settings(max_examples=60, deadline=None)
@given(st.integers())
def test_a_ruined_record_ends_in_a_report(seed: int) -> None:
    """R20: files cut, emptied, exchanged, missing: verification ends, and fails."""
    rng = random.Random(seed)
    files = dict(WHOLE_FILES)
    for _ in range(rng.randint(1, 3)):
        path = rng.choice(sorted(files))
        ruin: list[Callable[[bytes], bytes]] = [
            lambda data: data[: rng.randrange(len(data) + 1)] + b"x",
            lambda data: b"",
            lambda data: files[rng.choice(sorted(files))] + b"\n",
            lambda data: data + rng.randbytes(rng.randint(1, 400)),
        ]
        files[path] = rng.choice(ruin)(files[path])
    assert not check(files).ok


def test_every_missing_file_is_named() -> None:
    """R5, R6, R9"""
    log = long(300, 256)
    files = log.files()
    for path in set(files) - {"key", "checkpoints/0"}:
        report = check({name: data for name, data in files.items() if name != path})
        assert Finding("file.missing", f"record/{path}") in report.findings
    assert codes(check({name: data for name, data in files.items() if name != "key"})) >= {"key.bad"}


def test_an_unreasonable_size_ends_at_once() -> None:
    """R20: a checkpoint may claim any size; the walk ends where files end."""
    files = dict(long(5).files())
    huge = checkpoint.Checkpoint(signer().key.name, 2**50, tree.EMPTY)
    files["checkpoint"] = checkpoint.sign(huge, signer()).encode()
    assert codes(check(files)) == {"checkpoint.too_large"}
    files["checkpoint"] = checkpoint.sign(checkpoint.Checkpoint(huge.origin, 10**7, huge.root), signer()).encode()
    assert "file.missing" in codes(check(files))


def forged(log: Log, entry: int, old: bytes, new: bytes) -> Files:
    """The files of the record after an entry was rewritten and everything was signed again with the true key."""
    assert old in log.entries[entry]
    log.entries[entry] = log.entries[entry].replace(old, new)
    return log.files()


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (b'"index":3', b'"index":4', "entry.index"),
        (b"T00:00:03", b"T00:00:01", "entry.time"),
        (b'"version":1', b'"version":9', "entry.bad"),
        (b'","c"', b'", "c"', "entry.bad"),
        (b'"actor":"p1","c"', b'"actor":"p1","actor":"p1","c"', "entry.bad"),
        (b'"document":"congres"', b'"document":"motion-1"', "payload.document"),
        (b'"kind":"congress.changed"', b'"kind":"congress.forgot"', "payload.kind"),
        (b'"kind":"congress.changed"', b'"kind":"session.called"', "payload.bad"),
    ],
)
def test_an_entry_signed_in_a_wrong_form_is_found(old: bytes, new: bytes, code: str) -> None:
    """R2, R3, R11: the true key does not make it true."""
    report = check(forged(long(6, 100), 3, old, new))
    assert (code, 3) in {(finding.code, finding.entry) for finding in report.findings}


def test_a_payload_of_the_wrong_form_is_found() -> None:
    """R11: committed to, yet not canonical or not an event of its kind."""
    for data in (b'{"subject": ""}', b'{"subject":1}', b'{"subject":"","x":1}', b"[]", b"nonsense", b"[" * 9000):
        log = long(3)
        index = log.note("p1", e.SubjectCalled(""))
        salt = log.payloads[index].salt  # type: ignore[union-attr]
        old = canonical.parse(log.entries[index])
        log.payloads[index] = payloads.Payload(salt, data)
        commitment = tree_commitment(salt, data)
        log.entries[index] = log.entries[index].replace(old["c"].encode(), commitment.encode())
        report = check(log.files())
        assert [(finding.code, finding.entry) for finding in report.findings] == [("payload.bad", index)]


def tree_commitment(salt: bytes, data: bytes) -> str:
    from deliberation.record.entry import commitment

    return commitment(salt, data)


def test_the_record_begins_with_its_congress() -> None:
    """R1"""
    log = Log()
    log.note("p1", e.CongressCreated("essai", "Essai", "", "", "autre.fr/registre"))
    assert codes(check(log.files())) == {"congress.origin"}
    log.note("p1", e.CongressCreated("essai", "Essai", "", "", log.signer.key.name))
    assert codes(check(log.files())) == {"congress.again"}
    other = Log()
    other.note("p1", e.SubjectCalled(""))
    assert codes(check(other.files())) == {"congress.none"}


def test_a_gap_is_declared_at_its_place() -> None:
    """R10: the entry that declares a gap says where the record goes on."""
    log = long(5)
    log.note("congres", e.GapDeclared(9, 5, "Sauvegarde"))
    assert check(log.files()).ok
    log.note("congres", e.GapDeclared(9, 5, "Sauvegarde"))
    assert codes(check(log.files())) == {"gap.differs"}


def test_only_a_correction_of_the_clock_may_step_back_in_time() -> None:
    """R3, R45: it names the time of the entry before; whatever follows goes on from its own."""
    before, early, after = (f"2026-{month}-01T00:00:00.000Z" for month in ("12", "10", "11"))

    def log(ahead: str, actor: str = "congres", reason: str = "Horloge déréglée.") -> Log:
        grown = long(5)
        grown.note("congres", e.SubjectCalled(""), before)
        grown.note(actor, e.ClockCorrected(ahead, reason), early)
        grown.note("congres", e.SubjectCalled(""), after)
        return grown

    good = codes(check(log(before).files()))
    assert not good & {"entry.time", "clock.differs"}
    assert "clock.differs" in codes(check(log(after).files()))
    assert "clock.differs" in codes(check(log(before, reason=" ").files()))
    assert codes(check(log(before, actor="p1").files())) - good == {"act.not_entitled"} - good
    back = log(before)
    back.note("congres", e.SubjectCalled(""), early)
    assert "entry.time" in codes(check(back.files()))
    late = long(5)
    late.note("congres", e.ClockCorrected(moment(4), "Rien à corriger."), before)
    assert "clock.differs" in codes(check(late.files()))


# Keys and checkpoints


def test_another_key_is_found() -> None:
    """R4: the key beside the record proves nothing to who knows the true one."""
    forger = Log(signer(seed=b"f" * 32))
    forger.note("p1", e.CongressCreated("essai", "Essai", "", "", forger.signer.key.name))
    files = forger.files()
    assert check(files).ok
    assert not check(files).key_given
    assert codes(check(files, key=signer().key)) >= {"key.differs", "checkpoint.bad"}


def test_cosignatures_are_let_through() -> None:
    """R4: a witness signs under the log's signature; the record verifies as before."""
    log = long(5)
    files = log.files()
    witness = note.sign("x\n", signer("temoin.example/w1", b"w" * 32)).split("\n\n")[1]
    files["checkpoint"] += witness.encode()
    assert check(files).ok


def test_two_roots_for_one_size_are_found() -> None:
    """R5: equal or falling sizes among the earlier checkpoints."""
    log = long(300)
    files = log.files()
    twice = checkpoint.bundle([log.notes[0], log.notes[0], log.notes[1]])
    assert (
        Finding("checkpoint.order", "record/checkpoints/0", line=2) in check({**files, "checkpoints/0": twice}).findings
    )
    falling = checkpoint.bundle([log.notes[1], log.notes[0]])
    assert "checkpoint.order" in codes(check({**files, "checkpoints/0": falling}))


def test_an_earlier_root_of_another_history_is_found() -> None:
    """R5: each earlier checkpoint is of the first entries of this record."""
    log = long(300)
    other = checkpoint.sign(checkpoint.Checkpoint(log.signer.key.name, 200, tree.EMPTY), log.signer)
    files = {**log.files(), "checkpoints/0": checkpoint.bundle([log.notes[0], other])}
    expected = Finding("checkpoint.root", "record/checkpoints/0", line=2, params={"size": 200})
    assert check(files).findings == (expected,)


def test_many_earlier_checkpoints_are_all_verified() -> None:
    """R5: more than one file of them."""
    log = long(700, 2)
    report = check(log.files())
    assert report.ok
    assert report.counts["checkpoints"] == 349


def test_a_rewritten_history_shows_against_an_older_checkpoint_only() -> None:
    """R17: signed again with the true key, everything agrees; a checkpoint kept elsewhere does not."""
    kept = long(300).notes[1]
    log = long(150)
    for _ in range(150):
        log.note("p1", e.SubjectCalled(""))
    log.notes.clear()
    files = log.files()
    assert check(files, key=log.signer.key).ok
    report = check(files, older=[kept.encode()])
    assert codes(report) == {"older.root"}
    assert "HISTOIRE RÉÉCRITE" in words.sentence(report.findings[0], "fr")
    assert check(long(300).files(), older=[kept.encode()]).older == (200,)


def test_an_older_checkpoint_must_be_of_this_log_and_not_larger() -> None:
    """R17"""
    longer, kept = long(300), long(200)
    longer.sign()
    report = check(kept.files(), older=[longer.notes[-1].encode()])
    assert codes(report) == {"older.longer"}
    other = checkpoint.sign(checkpoint.Checkpoint("autre.fr/registre", 1, tree.EMPTY), signer("autre.fr/registre"))
    assert "older.other_log" in codes(check(kept.files(), older=[other.encode()]))
    assert codes(check(kept.files(), older=[b"nonsense"])) == {"older.bad"}
    empty = checkpoint.sign(checkpoint.Checkpoint(kept.signer.key.name, 0, tree.EMPTY), kept.signer)
    assert check(kept.files(), older=[empty.encode(), kept.notes[-1].encode()]).older == (0, 200)


def test_whoever_says_verified_says_what_it_does_not_prove() -> None:
    """R17"""
    for language, said in (
        ("fr", "ne prouve rien contre l’organisateur"),
        ("en", "proves nothing against the operator"),
    ):
        text = "\n".join(words.lines(check(WHOLE_FILES), language))
        assert said in text
        assert "OK" in text


# What others do with a record that was found whole


def test_texts_are_replayed_over_the_same_entries() -> None:
    """R13: what the standard library cannot replay is handed over, once everything else held."""
    seen: list[e.Recorded] = []

    def texts(record: Iterable[e.Recorded]) -> Iterable[Finding]:
        seen.extend(record)
        yield Finding("text.update", entry=7, params={"document": "motion-1", "why": "essai"})

    report = check(WHOLE_FILES, texts=texts)
    assert codes(report) == {"text.update"}
    assert [item.index for item in seen] == list(range(WHOLE.size))
    assert [item.index for item in seen if item.event is None] == sorted({*report.withheld, *report.redacted})
    assert seen == list(recorded(WHOLE_FILES.get, WHOLE.size))
    seen.clear()
    check({**WHOLE_FILES, "payloads/0": b""}, texts=texts)
    assert seen == []


def test_progress_is_told() -> None:
    """R20"""
    told: list[tuple[int, int]] = []
    check(long(600).files(), progress=lambda done, size: told.append((done, size)))
    assert told == [(256, 600), (512, 600), (600, 600)]


def test_every_finding_has_its_words() -> None:
    """R20: a code that verification can report is a sentence in both languages."""
    from pathlib import Path
    from re import findall

    root = Path(__file__).parents[3]
    paths = [
        *root.glob("deliberation/record/*.py"),
        *root.glob("exports/checking/*.py"),
        *root.glob("exports/verify.py"),
    ]
    paths += root.glob("server/texts/*.py")
    pattern = r'(?:add|_wrong|Finding|_open)\((?:recorded, |r, |text, |data, )?"([a-z]+\.[a-z_]+)"'
    used = {code for path in paths for code in findall(pattern, path.read_text())}
    assert len(used) > 30
    assert used - {"record/"} <= set(words.FINDINGS)


def test_the_report_is_plain_json() -> None:
    """R20: for programs."""
    report = check({**WHOLE_FILES, "payloads/0": b"null\n"}).as_json()
    assert report["ok"] is False
    assert report["findings"][0]["code"] == "bundle.width"
    assert canonical.encode(report)
    assert tiles.WIDTH == 256
