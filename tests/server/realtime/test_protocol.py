"""The protocol without I/O: frames, presence, sessions, leases, rate limits."""

from __future__ import annotations

import random

import pytest

from deliberation.kernel.errors import Refused
from server.realtime import leases, presence, protocol, session
from server.realtime.burst_timer import BETWEEN, LONGEST, SILENCE, BurstTimer
from server.realtime.leases import Claim, Leases
from server.realtime.presence import AwarenessEntry, Presence
from server.realtime.rates import Bucket
from server.realtime.session import Close, KeepUpdate, SendMissing, SendPresence, Session, ShowPresence
from server.realtime.wire import Frame
from server.texts import guard, lib0
from server.texts.lib0 import MalformedBytes
from tests.server.yjs import update, words

READ_ONLY = Refused("write.refused", "Non.")
WRITTEN = update([words("été")])


# Frames


def test_frames_come_back() -> None:
    denied = Refused("a.b", "Non : {why}", params={"why": "gelé"})
    frames = {
        protocol.ask(b"\0"): protocol.SyncStep1(b"\0"),
        protocol.answer(b"\0\0"): protocol.SyncUpdate(b"\0\0", answer=True),
        protocol.update(b"x" * 300): protocol.SyncUpdate(b"x" * 300, answer=False),
        protocol.aware(b"\0"): protocol.AwarenessUpdate(b"\0"),
        protocol.ask_aware(): protocol.AwarenessQuery(),
        protocol.acknowledge(300): protocol.Acknowledged(300),
        protocol.deny(denied): protocol.Denied('{"code": "a.b", "message": "Non : gelé"}'),
    }
    for frame, message in frames.items():
        assert protocol.decode(frame) == message
        for length in range(len(frame)):
            with pytest.raises(MalformedBytes):
                protocol.decode(frame[:length])
        with pytest.raises(MalformedBytes):
            protocol.decode(frame + b"\0")


@pytest.mark.parametrize("frame", [b"", b"\x05", b"\0\3\0", b"\2\1\0", b"\xff" * 20, b"\0\2\xff\xff\xff\xff\x0fx"])
def test_other_frames_are_refused(frame: bytes) -> None:
    with pytest.raises(MalformedBytes):
        protocol.decode(frame)


@pytest.mark.parametrize("length", [0, 125, 126, 65_535, 65_536])
def test_a_frame_is_built_once_as_the_standard_says(length: int) -> None:
    frame = Frame(b"x" * length)
    assert frame.framed is frame.framed
    assert frame.framed[0] == 0x82
    first = frame.framed[1]
    header = {126: 4, 127: 10}.get(first, 2)
    assert (first if header == 2 else int.from_bytes(frame.framed[2:header])) == length
    assert frame.framed[header:] == frame.data


# Presence


def test_presence_comes_back_and_is_bounded() -> None:
    entries = [AwarenessEntry(1, 2, '{"user":{"name":"Été"}}'), AwarenessEntry(2**32, 0, "null")]
    assert presence.decode(presence.encode(entries)) == entries
    bad = [
        b"",
        b"\1",
        b"\1\1\1\2ab\0",
        presence.encode([AwarenessEntry(1, 1, "x" * 5_000)]),
        lib0.uint(3_000) + b"\0" * 20_000,
    ]
    for data in bad:
        with pytest.raises(MalformedBytes):
            presence.decode(data)


@pytest.mark.parametrize(
    ("state", "fits"),
    [("null", True), ('{"a":[1]}', True), ("[]", False), ("{", False), ('{"a":NaN}', False), ("[" * 900, False)],
)
def test_a_state_is_a_small_object(state: str, fits: bool) -> None:
    assert presence.is_state(state) is fits
    assert not presence.is_state('{"a":' * 13 + "1" + "}" * 13)


def test_the_later_presence_wins() -> None:
    present = Presence()
    assert present.take(AwarenessEntry(1, 5, "{}"))
    assert not present.take(AwarenessEntry(1, 5, '{"x":1}'))
    assert not present.take(AwarenessEntry(1, 4, "null"))
    assert not present.take(AwarenessEntry(2, 1, "null"))
    assert present.take(AwarenessEntry(1, 6, '{"x":1}'))
    assert present.here() == [AwarenessEntry(1, 6, '{"x":1}')]
    assert present.leave(1) == AwarenessEntry(1, 6, "null")
    assert present.leave(1) is None


# Sessions


def greeted(refusal: Refused | None = None) -> Session:
    opened = Session("p1", refusal)
    assert opened.receive(protocol.ask(b"\0"), 0.0) == SendMissing({})
    assert opened.state is session.SessionState.OPEN
    return opened


def test_a_session_turns_frames_into_effects() -> None:
    opened = greeted()
    assert opened.receive(protocol.ask(lib0.state_vector({5: 3})), 0.0) == SendMissing({5: 3})
    assert opened.receive(protocol.update(WRITTEN), 0.0) == KeepUpdate(WRITTEN, guard.inspect(WRITTEN), answer=False)
    assert opened.receive(protocol.answer(WRITTEN), 0.0) == KeepUpdate(WRITTEN, guard.inspect(WRITTEN), answer=True)
    assert opened.receive(protocol.ask_aware(), 0.0) == SendPresence()
    assert [opened.settled(), opened.settled()] == [1, 2]


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        (b"", protocol.MALFORMED),
        (protocol.update(bytes.fromhex("010007010002")), protocol.MALFORMED),
        (protocol.ask(b"\5"), protocol.MALFORMED),
        (protocol.acknowledge(1), protocol.MALFORMED),
        (protocol.aware(b"\5"), protocol.MALFORMED),
        (b"\0" * (protocol.MAX_FRAME + 1), protocol.TOO_LARGE),
    ],
)
def test_a_hostile_frame_closes_the_session(frame: bytes, code: int) -> None:
    opened = greeted()
    effect = opened.receive(frame, 0.0)
    assert isinstance(effect, Close)
    assert effect.code == code
    assert opened.receive(protocol.update(WRITTEN), 0.0) is None


def test_random_frames_raise_nothing() -> None:
    chance = random.Random(4)
    known = [
        protocol.ask(b"\0"),
        protocol.update(WRITTEN),
        protocol.aware(presence.encode([AwarenessEntry(1, 1, "{}")])),
    ]
    for _ in range(20_000):
        frame = bytearray(chance.choice(known))
        for _ in range(chance.randrange(1, 4)):
            frame[chance.randrange(len(frame))] = chance.randrange(256)
        Session("p1", None).receive(bytes(frame), 0.0)


def test_too_much_at_once_closes_the_session_and_time_allows_more() -> None:
    opened = greeted()
    frame = protocol.update(WRITTEN)
    count = 0
    while isinstance(opened.receive(frame, 1.0), KeepUpdate):
        count += 1
    assert session.FRAMES_AT_ONCE - 2 < count <= session.FRAMES_AT_ONCE
    slow = greeted()
    assert all(isinstance(slow.receive(frame, second * 0.01), KeepUpdate) for second in range(5_000))
    heavy = greeted()
    big = protocol.update(update([words("x" * 1_000_000)]))
    effects = [heavy.receive(big, 1.0) for _ in range(20)]
    assert isinstance(effects[4], KeepUpdate)
    assert next(e for e in effects if isinstance(e, Close)).code == protocol.TOO_FAST


def test_only_a_writers_own_presence_is_shown() -> None:
    def aware(*entries: AwarenessEntry) -> bytes:
        return protocol.aware(presence.encode(entries))

    writer = greeted()
    assert writer.receive(aware(AwarenessEntry(5, 1, "{}"), AwarenessEntry(6, 1, "{}")), 0.0) is None
    assert writer.receive(aware(AwarenessEntry(5, 1, '{"a":1}')), 0.0) == ShowPresence(AwarenessEntry(5, 1, '{"a":1}'))
    assert writer.receive(aware(AwarenessEntry(6, 1, "{}")), 0.0) is None
    assert writer.receive(aware(AwarenessEntry(6, 1, "{}"), AwarenessEntry(5, 2, "null")), 0.0) == ShowPresence(
        AwarenessEntry(5, 2, "null")
    )
    assert writer.receive(aware(AwarenessEntry(5, 3, "[]")), 0.0) is None
    assert greeted(READ_ONLY).receive(aware(AwarenessEntry(5, 1, "{}")), 0.0) is None
    flood = [writer.receive(aware(AwarenessEntry(5, clock, "{}")), 0.0) for clock in range(4, 2_000)]
    assert flood[-1] is None
    assert isinstance(writer.receive(aware(AwarenessEntry(5, 9_999, "{}")), 60.0), ShowPresence)


def test_updates_that_never_fit_end_the_session() -> None:
    opened = greeted()
    assert [opened.stray() for _ in range(session.MAX_STRAYS)] == [None] * session.MAX_STRAYS
    assert opened.stray() is not None


def test_a_sync_step_2_makes_good_what_was_not_kept_before_it() -> None:
    opened = greeted()
    opened.stray()
    opened.refused()
    assert opened.fitting(answer=False) == 1
    assert opened.fitting(answer=True) == 3
    assert opened.fitting(answer=True) == 1


def test_a_bucket_fills_again() -> None:
    bucket = Bucket(rate=2, burst=4)
    assert [bucket.take(1, 0.0) for _ in range(5)] == [True] * 4 + [False]
    assert [bucket.take(1, 1.0) for _ in range(3)] == [True, True, False]


# Leases


class Holder:
    def __init__(self, person: str | None, opened: float = 0.0) -> None:
        self.person, self.opened, self.heard = person, opened, opened
        self.client: int | None = None


def typed(*clients: int) -> Claim:
    return Claim(clients, answer=False)


def test_a_client_id_stays_with_its_person() -> None:
    found = Leases({5: "p1"})
    one, two = Holder("p1"), Holder("p2")
    assert found.refuse(one, typed(5)) is None
    assert found.refuse(two, typed(5)) == leases.TAKEN
    assert found.refuse(two, Claim((6, 5), answer=True)) == leases.TAKEN
    found.grant(two, typed(6))
    assert found.refuse(one, typed(6)) == leases.TAKEN
    found.release(two)
    assert found.refuse(one, Claim((6,), answer=True)) == leases.TAKEN


def test_two_living_connections_do_not_share_a_client_id() -> None:
    found = Leases({})
    one, two = Holder("p1", 0.0), Holder("p1", 10.0)
    found.grant(one, typed(5))
    one.heard = 11.0
    assert found.refuse(two, typed(5)) == leases.SHARED
    found.release(one)
    assert found.refuse(two, typed(5)) is None


def test_a_new_connection_takes_over_from_a_silent_one() -> None:
    found = Leases({})
    one, two = Holder("p1", 0.0), Holder("p1", 10.0)
    found.grant(one, typed(5))
    assert found.show(two, 5)
    assert found.refuse(two, typed(5)) is None
    found.grant(two, typed(5))
    two.heard = one.heard = 12.0
    assert found.refuse(one, typed(5)) == leases.SHARED
    found.release(one)
    assert found.refuse(one, typed(5)) == leases.SHARED


def test_a_device_may_bring_what_it_wrote_on_earlier_visits() -> None:
    found = Leases({})
    other, here = Holder("p1"), Holder("p1")
    found.grant(other, typed(5))
    other.heard = 5.0
    here.client = 9
    assert found.refuse(here, Claim((3, 4, 5), answer=True)) is None
    assert found.refuse(here, typed(5, 9)) is None
    found.grant(here, typed(5, 9))
    assert found.refuse(other, typed(5)) is None
    assert found.refuse(here, Claim(tuple(range(100, 400)), answer=True)) == leases.TOO_MANY


def test_presence_needs_the_client_id() -> None:
    found = Leases({5: "p1", 6: "p2"})
    one, other = Holder("p1"), Holder("p1")
    assert found.show(one, 5)
    assert not found.show(one, 6)
    assert found.show(one, 7)
    assert not found.show(Holder("p2"), 7)
    found.grant(other, typed(5))
    other.heard = 1.0
    assert not found.show(one, 5)


# Pace


def test_a_burst_ends_after_silence_or_when_long_or_on_leaving() -> None:
    pace = BurstTimer()
    assert not pace.is_due(1e9)
    pace.wrote("p1", 0.0)
    assert not pace.is_due(SILENCE - 0.1)
    assert pace.is_due(SILENCE)
    for second in range(int(LONGEST)):
        pace.wrote("p1", float(second))
        assert not pace.is_due(float(second))
    assert pace.is_due(LONGEST)
    pace.recording(LONGEST)
    assert not pace.is_waiting
    pace.wrote("p1", LONGEST)
    pace.left("p1")
    assert pace.is_due(LONGEST)


def test_while_several_write_pauses_wait_for_each_other() -> None:
    pace = BurstTimer()
    pace.wrote("p1", 0.0)
    pace.recording(0.0)
    pace.wrote("p1", 1.0)
    for second in range(1, int(BETWEEN)):
        pace.wrote("p2", float(second))
        assert not pace.is_due(float(second))
    pace.wrote("p2", BETWEEN)
    assert pace.is_due(BETWEEN)


def test_what_could_not_be_recorded_waits_on() -> None:
    pace = BurstTimer()
    pace.wrote("p1", 0.0)
    failed = pace.recording(1.0)
    pace.wrote("p1", 2.0)
    pace.wrote("p2", 2.0)
    pace.failed(failed)
    assert pace.is_due(LONGEST + 2)
    assert pace.recording(3.0).keys() == {"p1", "p2"}
