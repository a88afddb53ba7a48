"""Verification of a record from its files alone: every hash, signature, entry, payload, and all that follows from them.

The files are read through a function from a path to bytes or None (missing):

    key                     the vkey of the record's key
    checkpoint              the newest signed checkpoint
    checkpoints/0, 1, …     earlier signed checkpoints, 256 to a file, by growing size
    tile/…                  tiles and entry bundles (C2SP tlog-tiles)
    payloads/0, 1, …        payloads with their salts, 256 to a file

Work and memory are bounded by the files that are there: the first missing bundle ends the walk.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from deliberation.evolve import ERASABLE
from deliberation.kernel import codec, events
from deliberation.kernel.state import State
from deliberation.record import canonical, entry, note, payloads, tiles, tree
from deliberation.record.checkpoint import Checkpoint, open_checkpoint, parse, unbundle
from deliberation.record.cosignature import Witness, cosigned_at, written
from deliberation.record.entry import BadEntry, Entry
from deliberation.record.payloads import Payload
from deliberation.record.replay import Replay
from deliberation.record.report import Finding, Findings, Report, Sentence
from deliberation.session.in_camera import withholds

Read = tiles.Read
Texts = Callable[[Iterable[events.Recorded]], Iterable[Finding]]
Sources = Callable[[State, Iterable[events.Recorded]], Iterable[Finding]]
Tell = Callable[[State, events.Recorded], "Sentence | None"]
Progress = Callable[[int, int], None]

MAX_SIZE = 50_000_000
PREFIX = "record/"
TOLD = 5
"""The most entries without content that are described for each reason."""


def verify(
    read: Read,
    key: note.Key | None = None,
    older: Sequence[bytes] = (),
    texts: Texts | None = None,
    progress: Progress | None = None,
    witnesses: Sequence[Witness] = (),
    sources: Sources | None = None,
    tell: Tell | None = None,
) -> Report:
    """Checks everything that the files of a record can show; what is wrong is reported, not raised.

    `key` is the log's key as the reader knows it from elsewhere; if it is None, the one beside the record is used.
    `older` are signed checkpoints kept elsewhere: the record must continue each of them. `texts` replays what the
    standard library cannot (Yjs documents) over the same entries, once everything else is right; then `sources`
    compares the other files of an archive with the state after all entries. `tell` describes an entry that the report
    mentions. Each of `witnesses` must have cosigned the newest checkpoint.
    """
    return _Verification(read, key, older, progress, witnesses).run(texts, sources, tell)


def record_paths(size: int, earlier: int) -> Iterator[str]:
    """The paths of a record of that size with that many earlier checkpoints."""
    yield from ("checkpoint", "key")
    yield from (f"checkpoints/{index}" for index, _ in tiles.tile_widths(earlier))
    yield from (tile.path for tile in tiles.bundles_at(size))
    yield from (tile.path for tile in tiles.tiles_at(size))
    yield from (payloads.path(index) for index, _ in tiles.tile_widths(size))


def recorded(read: Read, size: int) -> Iterator[events.Recorded]:
    """The entries of a record that was verified, with their events where the payload is present."""
    for tile in tiles.bundles_at(size):
        leaves = tiles.unbundle(read(tile.path) or b"")
        for leaf, payload in zip(leaves, payloads.unbundle(read(payloads.path(tile.index)) or b""), strict=False):
            found = entry.decode(leaf)
            event = events.decode(found.kind, canonical.parse(payload.data)) if payload else None
            yield events.Recorded(found.index, found.time, found.actor, found.kind, found.document, event)


class _Verification:
    """One pass over a record, which collects `findings`."""

    def __init__(
        self,
        read: Read,
        key: note.Key | None,
        older: Sequence[bytes],
        progress: Progress | None,
        witnesses: Sequence[Witness],
    ) -> None:
        self.read = read
        self.key = key
        self.key_given = key is not None
        self.older = older
        self.progress = progress
        self.witnesses = witnesses
        self.cosigned: dict[str, str] = {}
        self.size = 0
        self.unknown: tuple[str, ...] = ()
        self.findings = Findings()
        self.replay = Replay(self.findings)
        self.growth = tiles.Growth(self._compare_tile)
        self.watched: dict[int, list[tuple[bytes, str, int]]] = {}
        self.continued: list[int] = []
        self.absent: list[int] = []
        self.present = bytearray()
        self.announced: dict[int, list[str]] | None = None
        self.masked: dict[int, str] = {}
        self.unmasked: set[int] = set()
        self.last = Entry(-1, "", "", "", "", "")
        self.counts = {"entries": 0, "payloads": 0, "checkpoints": 0}

    def run(self, texts: Texts | None, sources: Sources | None, tell: Tell | None) -> Report:
        self._find_key()
        newest = self._newest()
        report = Report(key=self.key.vkey if self.key else "", key_given=self.key_given)
        if newest is not None:
            self._watch_older(newest)
            self.earlier = self._earlier(newest)
            self.next = next(self.earlier, None)
            self._walk(newest)
            self._account(newest.origin)
            self._replay_texts(texts, newest.size)
            self._compare_sources(sources, newest.size)
            report = self._about(report, newest)
            report = replace(report, sentences=self._sentences(report, tell))
        return replace(report, findings=tuple(self.findings.kept), finding_count=self.findings.count)

    def _about(self, report: Report, newest: Checkpoint) -> Report:
        state = self.replay.state
        gone = [index for index in self.absent if index not in self.replay.redacted]
        return replace(
            report,
            origin=newest.origin,
            size=newest.size,
            root=note.to_base64(newest.root),
            last_time=self.last.time,
            older=tuple(self.continued),
            counts=self.counts | self.replay.counts,
            withheld={index: state.withheld[index] for index in gone if index in state.withheld},
            redacted=dict(self.replay.redacted),
            cosigned=self.cosigned,
            unknown=self.unknown,
        )

    def _sentences(self, report: Report, tell: Tell | None) -> dict[int, Sentence]:
        """Descriptions of the entries to which findings, redactions and the first `TOLD` absences of each reason refer,
        by index.
        """
        named = {finding.entry for finding in self.findings.kept if finding.entry is not None}
        shown: dict[str, int] = {}
        for index, why in (*report.withheld.items(), *((n, "redacted") for n in report.redacted)):
            shown[why] = shown.get(why, 0) + 1
            if shown[why] <= TOLD:
                named.add(index)
        told = {index: tell(self.replay.state, found) for index in named if (found := self._seen(index)) and tell}
        return {index: sentence for index, sentence in sorted(told.items()) if sentence is not None}

    def _seen(self, index: int) -> events.Recorded | None:
        """An entry with its content if that matches the commitment; None if it cannot be read."""
        tile = next((tile for tile in tiles.bundles_at(self.growth.size) if tile.index == index // tiles.WIDTH), None)
        try:
            leaf = tiles.unbundle(self.read(tile.path) or b"")[index % tiles.WIDTH] if tile else b""
            found = entry.decode(leaf)
            kept = payloads.unbundle(self.read(payloads.path(index // tiles.WIDTH)) or b"")[index % tiles.WIDTH]
            gone = index in self.replay.redacted or index in self.replay.state.withheld
            held = kept if kept and entry.commitment(kept.salt, kept.data) == found.c else None
            event = events.decode(found.kind, canonical.parse(held.data)) if held and not gone else None
        except (ValueError, LookupError):
            return None
        return events.Recorded(found.index, found.time, found.actor, found.kind, found.document, event)

    def _find_key(self) -> None:
        """R4: the key beside the record is well formed, and equal to the reader's own if they gave one."""
        try:
            beside = note.parse_key((self.read("key") or b"").decode("utf-8").removesuffix("\n"))
        except (note.BadNote, UnicodeDecodeError) as error:
            self.findings.add("key.bad", PREFIX + "key", why=str(error))
            return
        if self.key is not None and beside != self.key:
            self.findings.add("key.differs", PREFIX + "key")
        self.key = self.key or beside

    def _open(self, data: bytes, code: str, file: str, line: int | None = None) -> Checkpoint | None:
        """A well-formed, signed checkpoint; one with an invalid signature is reported, and its root checked all the
        same.
        """
        try:
            if self.key is None:
                raise note.BadNote("no key")
            return open_checkpoint(data, self.key)
        except note.BadNote as error:
            self.findings.add(code, file, line=line, why=str(error))
        try:
            return parse(note.parse(data).text)
        except note.BadNote:
            return None

    def _newest(self) -> Checkpoint | None:
        data = self.read("checkpoint")
        if data is None:
            self.findings.add("file.missing", PREFIX + "checkpoint")
            return None
        newest = self._open(data, "checkpoint.bad", PREFIX + "checkpoint")
        if newest is not None and newest.size > MAX_SIZE:
            self.findings.add("checkpoint.too_large", PREFIX + "checkpoint", size=newest.size)
            return None
        if newest is not None:
            self._ask_witnesses(note.parse(data))
        return newest

    def _ask_witnesses(self, signed: note.SignedNote) -> None:
        """R25: each witness that the reader trusts has cosigned, with a valid cosignature."""
        for witness in self.witnesses:
            try:
                time = cosigned_at(signed, witness)
            except note.BadNote as error:
                self.findings.add("witness.bad", PREFIX + "checkpoint", name=witness.name, why=str(error))
                continue
            if time is None:
                self.findings.add("witness.missing", PREFIX + "checkpoint", name=witness.name)
            else:
                self.cosigned[witness.vkey] = written(time)
        known = {(key.name, key.id) for key in (self.key, *self.witnesses) if key}
        self.unknown = tuple(sorted({s.name for s in signed.signatures if (s.name, s.id) not in known}))

    def _watch_older(self, newest: Checkpoint) -> None:
        """R17: a checkpoint kept elsewhere is of this log and not larger, and its root is met again on the way."""
        for number, data in enumerate(self.older, 1):
            older = self._open(data, "older.bad", "", number)
            if older is None:
                continue
            if older.origin != newest.origin:
                self.findings.add("older.other_log", origin=older.origin)
            elif older.size > newest.size:
                self.findings.add("older.longer", size=older.size, found=newest.size)
            else:
                self.watched.setdefault(older.size, []).append((older.root, "", number))

    def _earlier(self, newest: Checkpoint) -> Iterator[tuple[Checkpoint, str, int]]:
        """Earlier checkpoints, by growing size; the first out of order ends them (R5)."""
        size, index = -1, 0
        while (data := self.read(f"checkpoints/{index}")) is not None:
            file = f"{PREFIX}checkpoints/{index}"
            for number, text in enumerate(unbundle(data), 1):
                earlier = self._open(text, "checkpoint.bad", file, number)
                if earlier is None or not size < earlier.size < newest.size or earlier.origin != newest.origin:
                    self.findings.add("checkpoint.order", file, line=number)
                    return
                size = earlier.size
                yield earlier, file, number
            index += 1

    def _walk(self, newest: Checkpoint) -> None:
        self.size = newest.size
        self._at_size()
        for tile in tiles.bundles_at(newest.size):
            leaves = self._leaves(tile)
            if leaves is None:
                self.replay.stop()
                return
            self._bundle(tile, leaves)
            if self.progress:
                self.progress(self.growth.size, newest.size)
        for tile, data in self.growth.partial():
            self._compare_tile(tile, data)
        if self.growth.root() != newest.root:
            self.findings.add("checkpoint.root", PREFIX + "checkpoint", size=newest.size)

    def _leaves(self, tile: tiles.Tile) -> list[bytes] | None:
        """The entries of a bundle; None if the walk cannot go on after it."""
        data = self.read(tile.path)
        if data is None:
            self.findings.add("file.missing", PREFIX + tile.path)
            return None
        try:
            leaves = tiles.unbundle(data)
        except ValueError as error:
            self.findings.add("bundle.bad", PREFIX + tile.path, why=str(error))
            return None
        if len(leaves) != tile.width:
            self.findings.add("bundle.width", PREFIX + tile.path, expected=tile.width, found=len(leaves))
            return None
        return leaves

    def _bundle(self, tile: tiles.Tile, leaves: list[bytes]) -> None:
        file = PREFIX + tile.path
        beside = self._payloads(tile)
        for offset, leaf in enumerate(leaves):
            index = tile.start + offset
            self.growth.append(tree.leaf_hash(leaf))
            self._at_size()
            found = self._entry(leaf, index, file)
            self.present.append(beside is not None and beside[offset] is not None)
            if beside is None:
                self.replay.stop()
            else:
                self._content(found, index, beside[offset])
        self.counts["entries"] += len(leaves)

    def _at_size(self) -> None:
        """Compares the root at this size with every checkpoint of this size."""
        size = self.growth.size
        while self.next is not None and self.next[0].size == size:
            earlier, file, line = self.next
            self.counts["checkpoints"] += 1
            if self.growth.root() != earlier.root:
                self.findings.add("checkpoint.root", file, line=line, size=size)
            self.next = next(self.earlier, None)
        for root, _, number in self.watched.pop(size, ()):
            if self.growth.root() != root:
                self.findings.add("older.root", size=size, number=number)
            else:
                self.continued.append(size)

    def _compare_tile(self, tile: tiles.Tile, data: bytes) -> None:
        """R6: a tile equals the hashes recomputed from the entries."""
        stored = self.read(tile.path)
        if stored is None:
            self.findings.add("file.missing", PREFIX + tile.path)
        elif stored != data:
            pairs = range(0, min(len(stored), len(data)), tree.HASH_BYTES)
            at = next((i for i in pairs if stored[i : i + 32] != data[i : i + 32]), len(data))
            self.findings.add("tile.differs", PREFIX + tile.path, line=at // tree.HASH_BYTES + 1)

    def _entry(self, leaf: bytes, index: int, file: str) -> Entry | None:
        """R2, R3, R45: canonical, of a known version, at its index, earlier than the one before only to correct the
        clock.
        """
        try:
            found = entry.decode(leaf)
        except BadEntry as error:
            self.findings.add("entry.bad", file, index, why=str(error))
            return None
        if found.index != index:
            self.findings.add("entry.index", file, index, stated=found.index)
        if found.time < self.last.time and found.kind != events.ClockCorrected.kind:
            self.findings.add("entry.time", file, index, time=found.time, before=self.last.time)
        self.last = found
        return found

    def _payloads(self, tile: tiles.Tile) -> list[Payload | None] | None:
        """The payloads beside a bundle; None when their file cannot be read."""
        file = PREFIX + payloads.path(tile.index)
        data = self.read(payloads.path(tile.index))
        if data is None:
            self.findings.add("file.missing", file)
            return None
        try:
            found = payloads.unbundle(data)
        except ValueError as error:
            self.findings.add("payload.bad_file", file, why=str(error))
            return None
        if len(found) != tile.width:
            self.findings.add("bundle.width", file, expected=tile.width, found=len(found))
            return None
        return found

    def _content(self, found: Entry | None, index: int, payload: Payload | None) -> None:
        """Passes an entry and its content to the replay, which stops if either cannot be read."""
        if payload is None:
            self.absent.append(index)
        if found is None:
            self.replay.stop()
            return
        event = self._event(found, index, payload) if payload else None
        may_lack = found.kind in ERASABLE or withholds(self.replay.state, found.kind)
        if payload is None and not may_lack:
            self.findings.add("payload.removed", *_beside(index))
        if event is None and (payload is not None or not may_lack):
            self.replay.stop()
        self.replay.take(events.Recorded(index, found.time, found.actor, found.kind, found.document, event))

    def _event(self, found: Entry, index: int, payload: Payload) -> events.Event | None:
        """R11: the payload matches the entry's commitment, and is an event of the entry's kind."""
        place = _beside(index)
        self.counts["payloads"] += 1
        if not self._is_committed(found, index, entry.commitment(payload.salt, payload.data)):
            self.findings.add("payload.commitment", *place)
            return None
        try:
            event = events.decode(found.kind, canonical.parse(payload.data))
        except KeyError:
            self.findings.add("payload.kind", *place, kind=found.kind)
            return None
        except (canonical.NotCanonical, codec.MalformedValue) as error:
            self.findings.add("payload.bad", *place, why=str(error))
            return None
        if event.document != found.document:
            self.findings.add("payload.document", *place, stated=found.document, found=event.document)
        return event

    def _is_committed(self, found: Entry, index: int, commitment: str) -> bool:
        """R11, R30: the entry itself commits to the payload, or a later redaction of words in it does."""
        if hmac.compare_digest(commitment, found.c):
            self.unmasked.add(index)
            return True
        if self.announced is None:
            self.announced = _announced(self.read, self.size)
        self.masked[index] = commitment
        return commitment in self.announced.get(index, ())

    def _account_masked(self) -> None:
        """R30: a payload that differs from the original is the one of the last valid redaction of words in it."""
        masked = self.replay.masked
        for index, commitment in self.masked.items():
            if masked.get(index) != commitment and not self.replay.stopped:
                self.findings.add("payload.commitment", *_beside(index))
        for index in sorted(self.unmasked & masked.keys()):
            self.findings.add("payload.unmasked", *_beside(index))

    def _account(self, origin: str) -> None:
        """R9: what is absent was redacted or is withheld by a public act; what was redacted is absent.

        If the replay stopped, later acts are unknown, and absences cannot be judged.
        """
        self.replay.finish()
        self._check_congress(origin)
        self._account_masked()
        redacted, withheld = self.replay.redacted, self.replay.state.withheld
        for index in self.absent:
            if not self.replay.stopped and index not in redacted and index not in withheld:
                self.findings.add("payload.removed", *_beside(index))
        for index, number in redacted.items():
            if self.present[index]:
                self.findings.add("payload.redacted", *_beside(index), redaction=number)

    def _check_congress(self, origin: str) -> None:
        """R1: the first entry creates the congress whose record this is."""
        settings = self.replay.state.settings
        if self.replay.stopped or not self.growth.size:
            return
        if settings is None:
            self.findings.add("congress.none", entry=0)
        elif settings.origin != origin:
            self.findings.add("congress.origin", entry=0, origin=settings.origin)

    def _replay_texts(self, texts: Texts | None, size: int) -> None:
        if texts is not None and not self.findings.count:
            for finding in texts(recorded(self.read, size)):
                self.findings.take(finding)

    def _compare_sources(self, sources: Sources | None, size: int) -> None:
        if sources is not None and not self.findings.count:
            for finding in sources(self.replay.state, recorded(self.read, size)):
                self.findings.take(finding)


def _announced(read: Read, size: int) -> dict[int, list[str]]:
    """The commitments that redactions of words announce for each entry; whether each redaction is valid is checked in
    its turn.
    """
    named: dict[int, list[str]] = {}
    for tile in tiles.bundles_at(size):
        try:
            beside = payloads.unbundle(read(payloads.path(tile.index)) or b"")
            leaves = tiles.unbundle(read(tile.path) or b"")
            for leaf, payload in zip(leaves, beside, strict=False):
                if payload and _REDACTS_WORDS in leaf:
                    event = events.decode(entry.decode(leaf).kind, canonical.parse(payload.data))
                    assert isinstance(event, events.WordsRedacted)
                    for index, commitment in zip(event.targets, event.commitments, strict=False):
                        named.setdefault(index, []).append(commitment)
        except (ValueError, KeyError, AssertionError):  # the walk itself finds what is wrong there
            continue
    return named


_REDACTS_WORDS = f'"kind":"{events.WordsRedacted.kind}"'.encode()


def _beside(index: int) -> tuple[str, int, int]:
    """Where the payload of an entry is stored: file, index, line."""
    return PREFIX + payloads.path(index // tiles.WIDTH), index, index % tiles.WIDTH + 1
