"""Rooms: updates are checked and journalled, then acknowledged and relayed. Time is virtual."""

from __future__ import annotations

import asyncio
import json
import logging
import random
from collections.abc import Awaitable, Callable

from deliberation.kernel import events
from server.realtime import fanout, hub, journal, presence, protocol, recent_updates, room, wire
from server.realtime.hub import Hub
from server.texts import guard, motion
from server.texts.editing import congress_client
from server.texts.motion import MotionText
from server.texts.replica import Replica
from tests.server.memory_storage import MemoryStorage
from tests.server.mutants import corpus, damaged
from tests.server.peers import Client, same
from tests.server.yjs import deletion, element, inside, update, words, words_after
from tests.simulation.virtual_time import pass_time, run

MOTION = "motion-1"


class Scene:
    """A hub over storage in memory, and people who connect to it."""

    def __init__(self) -> None:
        self.storage = MemoryStorage()
        self.hub = Hub(self.storage)
        self.clients: list[Client] = []

    async def come(self, person: str | None, client: int = 0) -> Client:
        client = client or 10 + len(self.clients)
        newcomer = Client(client, person)
        self.clients.append(newcomer)
        await newcomer.connect(self.hub)
        await self.talk()
        return newcomer

    async def talk(self, rounds: int = 4) -> None:
        """Delivers all waiting frames, in both directions."""
        for _ in range(rounds):
            for client in self.clients:
                client.say_all(self.hub)
            await pass_time(0.3)
            for client in self.clients:
                client.hear_all()

    @property
    def rooms(self) -> dict[tuple[str, str], room.Room]:
        return self.hub._rooms

    def kept(self) -> Replica:
        kept = self.storage.kept(MOTION)
        return Replica(*([kept.recorded] if kept.recorded else []), *(data for _, data, _ in kept.journal))


Story = Callable[[Scene], Awaitable[None]]


def scene(story: Story) -> Callable[[], None]:
    """Decorator: a test that runs a scenario in virtual time."""

    def test() -> None:
        async def play() -> None:
            stage = Scene()
            try:
                await story(stage)
            finally:
                await stage.hub.close()

        run(play())

    test.__name__ = story.__name__
    test.__doc__ = story.__doc__
    return test


def text_of(client: Client) -> str:
    return str(client.root)


# Reading and writing


@scene
async def test_a_silent_room_gives_signs_of_life(stage: Scene) -> None:
    """The package y-websocket reconnects when it hears nothing for thirty seconds."""
    reader = await stage.come(None)
    for _ in range(3):
        await pass_time(25)
        assert reader.wire.sent, "nothing was heard for 25 s"
        reader.hear_all()
    assert reader.online


@scene
async def test_what_one_writes_the_others_read(stage: Scene) -> None:
    one, two, public = await stage.come("p1"), await stage.come("p2"), await stage.come(None)
    one.clause("a", "Été 😀")
    await stage.talk()
    two.clause("b", "Vu", 0)
    await stage.talk()
    late = await stage.come(None)
    assert same(one.doc, two.doc, public.doc, late.doc)
    assert text_of(late).count("<clause") == 2
    assert all(client.synced and client.acknowledged == client.sent for client in stage.clients)
    assert stage.kept().holds(Replica(one.doc.get_update()))


@scene
async def test_after_a_silence_an_update_goes_at_once(stage: Scene) -> None:
    one, two = await stage.come("p1"), await stage.come("p2")
    now = asyncio.get_running_loop().time
    one.clause("a", "x")
    one.say_all(stage.hub)
    before = now()
    for _ in range(20):
        await pass_time(0)
    assert now() == before
    assert two.hear()
    assert "x" in text_of(two)


@scene
async def test_within_a_tick_updates_go_as_one_frame(stage: Scene) -> None:
    writers = [await stage.come("p1"), await stage.come("p2")]
    reader = await stage.come(None)
    for number in range(20):
        writers[number % 2].clause(f"c{number}", "x")
        writers[number % 2].say_all(stage.hub)
        await pass_time(fanout.FASTEST_TICK / 20)
    await pass_time(1)
    brought = [frame for frame in reader.wire.sent if frame[:2] == b"\0\2"]
    assert len(brought) <= 3
    reader.hear_all()
    assert len(reader.root.children) == 20


@scene
async def test_nothing_is_told_before_it_is_durable(stage: Scene) -> None:
    one, two = await stage.come("p1"), await stage.come("p2")
    await stage.talk()
    stage.storage.delay = 2.0
    one.clause("a", "x")
    one.say_all(stage.hub)
    newcomer = Client(99, None)
    await newcomer.connect(stage.hub)
    newcomer.say_all(stage.hub)
    await pass_time(1.5)
    for client in (one, two, newcomer):
        client.hear_all()
    assert one.acknowledged < one.sent
    assert [client.synced for client in (one, newcomer)] == [True, False]
    assert [text_of(two), text_of(newcomer)] == ["", ""]
    await pass_time(1.0)
    for client in (one, two, newcomer):
        client.hear_all()
    assert one.acknowledged == one.sent
    assert newcomer.synced
    assert same(one.doc, two.doc, newcomer.doc)


@scene
async def test_what_gathers_during_a_commit_goes_into_the_next(stage: Scene) -> None:
    one = await stage.come("p1")
    stage.storage.delay = 1.0
    for number in range(30):
        one.clause(f"c{number}", "x")
        one.say_all(stage.hub)
        await pass_time(0.01)
    await pass_time(2.5)
    one.hear_all()
    assert one.acknowledged == one.sent
    assert stage.storage.commits == 2


@scene
async def test_the_public_and_read_only_people_cannot_write(stage: Scene) -> None:
    one = await stage.come("p1")
    for person in (None, "p9"):
        reader = await stage.come(person)
        reader.clause("a", "x")
        await stage.talk()
        assert json.loads(reader.denials[0])["code"] == "motion.frozen"
        assert reader.online
        assert reader.acknowledged == reader.sent - 1
    assert text_of(one) == ""
    one.clause("b", "y")
    await stage.talk()
    assert "y" in text_of(stage.clients[1])
    assert not stage.kept().clocks.keys() & {stage.clients[1].doc.client_id, stage.clients[2].doc.client_id}


@scene
async def test_nothing_that_a_reader_sends_is_kept(stage: Scene) -> None:
    one = await stage.come("p1")
    one.clause("a", "x")
    await stage.talk()
    kept, chance = stage.kept().full(), random.Random(5)
    updates = corpus(chance)
    for number in range(60):
        reader = await stage.come(None, 1_000 + number)
        stage.clients.remove(reader)
        assert reader.member is not None
        for each in chance.sample(updates, 5):
            mutant = damaged(each, chance) if chance.random() < 0.7 else each
            stage.hub.received(reader.member, chance.choice([protocol.update, protocol.answer])(mutant))
        reader.cut(stage.hub)
    await stage.talk()
    assert stage.kept().full() == kept
    assert same(one.doc, (await stage.come(None, 999)).doc)


@scene
async def test_a_reader_whose_copy_brings_nothing_is_not_refused(stage: Scene) -> None:
    """Its sync step 2 repeats every deletion that the server knows."""
    one = await stage.come("p1")
    one.clause("a", "xyz")
    one.clause("b", "xyz")
    await stage.talk()
    del one.root.children[0]
    await stage.talk()
    reader = await stage.come(None)
    reader.cut(stage.hub)
    await reader.connect(stage.hub)
    await stage.talk()
    assert reader.denials == []
    assert reader.acknowledged == reader.sent == 1


@scene
async def test_a_reader_whose_browser_tidies_marks_is_not_refused(stage: Scene) -> None:
    """Yjs deletes needless marks wherever it reads, and y-websocket sends that on."""
    one, reader = await stage.come("p1"), await stage.come(None)
    text = one.clause("a", "gras")
    text.format(0, 4, {"strong": {}})
    await stage.talk()
    (mark, *_) = guard.inspect(one.doc.get_update()).formats
    assert reader.member is not None
    before = stage.kept().full()
    stage.hub.received(reader.member, protocol.update(deletion(*mark[:2])))
    await stage.talk()
    assert reader.denials == []
    assert stage.kept().full() == before
    stage.hub.received(reader.member, protocol.update(deletion(one.doc.client_id, mark.start - 1)))
    await stage.talk()
    assert json.loads(reader.denials[0])["code"] == "motion.frozen"
    assert stage.kept().full() == before


@scene
async def test_a_client_id_cannot_be_stolen(stage: Scene) -> None:
    one = await stage.come("p1", client=50)
    one.clause("a", "x")
    await stage.talk()
    thief = await stage.come("p2", client=50)
    thief.clause("b", "y")
    await stage.talk()
    assert json.loads(thief.denials[0])["code"] == "client.taken"
    await stage.hub.flush("demo", MOTION)
    one.cut(stage.hub)
    again = await stage.come("p2", client=50)
    again.clause("c", "z")
    await stage.talk()
    assert json.loads(again.denials[0])["code"] == "client.taken"
    assert stage.kept().holds(Replica(one.doc.get_update()))
    assert set(stage.storage.state().writing[MOTION].values()) == {"p1"}


@scene
async def test_the_congress_writes_under_its_own_client_id_only(stage: Scene) -> None:
    impostor = await stage.come("p1", client=congress_client(MOTION))
    impostor.clause("a", "x")
    await stage.talk()
    assert json.loads(impostor.denials[0])["code"] == "client.taken"


@scene
async def test_two_pages_of_one_person_do_not_share_a_client_id(stage: Scene) -> None:
    one = await stage.come("p1", client=50)
    two = await stage.come("p1", client=50)
    one.clause("a", "x")
    await stage.talk()
    del stage.clients[0].updates[:]
    member = two.member
    assert member is not None
    stage.hub.received(member, protocol.update(update([words("y")], client=50, clock=9)))
    await stage.talk()
    two.take()
    stage.hub.received(member, protocol.update(update([words_after(50, 0, "y")], client=50, clock=_clock(one))))
    await stage.talk()
    assert json.loads(two.denials[0])["code"] == "client.shared"


def _clock(client: Client) -> int:
    return Replica(client.doc.get_update()).clocks[client.doc.client_id]


@scene
async def test_a_lost_connection_gives_way_to_the_next(stage: Scene) -> None:
    """The old connection is still open here: its network went away without a word."""
    one = await stage.come("p1")
    one.clause("a", "x")
    await stage.talk()
    old = one.member
    one.member = None
    one.cut(stage.hub)
    one.clause("b", "offline")
    await pass_time(1.0)
    await one.connect(stage.hub)
    await stage.talk()
    one.clause("c", "online")
    await stage.talk()
    assert one.acknowledged == one.sent
    assert one.denials == []
    assert old is not None
    stage.hub.leave(old)
    one.clause("d", "after")
    await stage.talk()
    assert stage.kept().holds(Replica(one.doc.get_update()))


@scene
async def test_typing_on_at_once_after_offline_work_is_acknowledged(stage: Scene) -> None:
    one = await stage.come("p1")
    one.cut(stage.hub)
    text = one.clause("a", "offline")
    await one.connect(stage.hub)
    text.insert(0, "on")
    one.say_all(stage.hub)
    text.insert(0, "line ")
    await stage.talk()
    assert one.acknowledged == one.sent
    assert stage.kept().holds(Replica(one.doc.get_update()))


# Hostile frames


@scene
async def test_hostile_updates_close_their_connection_and_nothing_else(stage: Scene) -> None:
    one = await stage.come("p1")
    text = one.clause("a", "a😀b")
    await stage.talk()
    start = next(run.start for run in guard.inspect(one.doc.get_update()).pairs)
    me = one.doc.client_id
    hostile = [
        bytes.fromhex("010007010002"),
        update([b"\x08\1\1x\1" + b"\x75\1" * 26_000 + b"\x7e"], client=77),
        update([element(inside(me, start))], client=77),
        deletion(me, start, 1),
        b"\xff" * 100,
    ]
    for data in hostile:
        two = await stage.come("p2")
        assert two.member is not None
        stage.hub.received(two.member, protocol.update(data))
        assert two.wire.closed is not None
        assert two.wire.closed[0] == protocol.MALFORMED
    text.insert(0, "encore ")
    await stage.talk()
    assert one.acknowledged == one.sent
    assert stage.kept().holds(Replica(one.doc.get_update()))


@scene
async def test_updates_that_rest_on_nothing_are_asked_for_once_and_not_for_ever(stage: Scene) -> None:
    one, two = await stage.come("p1"), await stage.come("p2")
    assert two.member is not None
    stray = protocol.update(update([words_after(77, 5, "x")], client=78))
    stage.hub.received(two.member, stray)
    assert [frame[:2] for frame in two.wire.sent] == [b"\0\0"]
    for _ in range(300):
        stage.hub.received(two.member, stray)
    assert two.wire.closed is not None
    assert stage.rooms["demo", MOTION].replica.version == 0
    await stage.talk()
    assert text_of(one) == ""


@scene
async def test_a_document_does_not_grow_without_end(stage: Scene) -> None:
    one = await stage.come("p1")
    stage.rooms["demo", MOTION]._size = room.MAX_DOCUMENT + 1
    one.clause("a", "x")
    await stage.talk()
    assert json.loads(one.denials[0])["code"] == "document.full"


# Rights that change


@scene
async def test_a_revoked_person_is_shown_out(stage: Scene) -> None:
    one, two = await stage.come("p1"), await stage.come("p1")
    other = await stage.come("p2")
    await stage.hub.revoke("demo", "p1")
    assert one.wire.closed == two.wire.closed == (protocol.REVOKED, "access was revoked")
    assert other.online
    await stage.hub.revoke("ailleurs", "p2")
    assert other.online


@scene
async def test_who_may_write_no_more_is_told_before_typing_in_vain(stage: Scene) -> None:
    one, reader = await stage.come("p1"), await stage.come(None)
    before = len(reader.denials)
    stage.storage.refusing = True
    await stage.hub.permissions_changed("demo")
    await stage.talk()
    assert one.denials
    assert len(reader.denials) == before


@scene
async def test_who_may_write_again_is_asked_for_what_was_refused(stage: Scene) -> None:
    one, two = await stage.come("p1"), await stage.come("p2")
    stage.storage.refusing = True
    await stage.hub.permissions_changed("demo")
    one.clause("a", "écrit trop tard")
    await stage.talk()
    assert one.denials
    assert text_of(two) == ""
    stage.storage.refusing = False
    await stage.hub.permissions_changed("demo")
    await stage.talk()
    assert "écrit trop tard" in text_of(two)
    assert same(one.doc, two.doc)


@scene
async def test_deadlines_pass_without_an_announcement(stage: Scene) -> None:
    one = await stage.come("p1")
    stage.storage.readable = False
    await pass_time(hub.RECHECK_EVERY + 2 * hub.SWEEP_EVERY)
    assert one.wire.closed == (protocol.FORBIDDEN, "no longer open to you")


@scene
async def test_what_the_write_path_refuses_is_taken_back(stage: Scene) -> None:
    """The text froze while keystrokes were under way."""
    one, two = await stage.come("p1"), await stage.come("p2")
    one.clause("a", "avant")
    await stage.talk()
    stage.storage.delay, stage.storage.refusing = 0.5, True
    late = one.clause("b", "trop tard")
    one.say_all(stage.hub)
    late.insert(0, "bien ")
    one.say_all(stage.hub)
    await pass_time(0.2)
    late.insert(0, "vraiment ")
    one.say_all(stage.hub)
    await pass_time(3)
    one.hear_all()
    two.hear_all()
    assert json.loads(one.denials[0])["code"] == "motion.frozen"
    assert one.online
    assert "trop tard" not in text_of(two)
    assert stage.rooms["demo", MOTION].replica.holds(stage.kept())
    assert stage.kept().holds(stage.rooms["demo", MOTION].replica)
    assert one.acknowledged == one.sent - 3


# Storage


@scene
async def test_when_the_journal_fails_connections_end_and_nothing_unsaved_is_told(stage: Scene) -> None:
    logging.getLogger("pleniere.realtime").setLevel(logging.CRITICAL)
    one, two = await stage.come("p1"), await stage.come("p2")
    stage.storage.broken = True
    one.clause("a", "x")
    await stage.talk(1)
    assert one.wire.closed == two.wire.closed == (protocol.INTERNAL, "storage failed")
    assert one.acknowledged < one.sent
    assert stage.rooms == {}
    stage.storage.broken = False
    for client in (one, two):
        await client.connect(stage.hub)
    await stage.talk()
    assert same(one.doc, two.doc)
    assert one.acknowledged == one.sent
    logging.getLogger("pleniere.realtime").setLevel(logging.NOTSET)


@scene
async def test_while_nothing_can_be_kept_words_wait_and_nobody_is_sent_away(stage: Scene) -> None:
    one, two = await stage.come("p1"), await stage.come("p2")
    await stage.talk()
    stage.storage.unavailable = True
    text = one.clause("a", "x")
    for _ in range(30):
        text.insert(0, "mot ")
        await stage.talk()
    assert one.acknowledged < one.sent
    assert text_of(two) == ""
    stage.storage.unavailable = False
    await pass_time(journal.LONGEST_RETRY)
    await stage.talk()
    assert one.online
    assert two.online
    assert one.acknowledged == one.sent
    assert not one.denials
    assert same(one.doc, two.doc)
    assert stage.kept().holds(Replica(one.doc.get_update()))


@scene
async def test_a_slow_journal_holds_who_writes_much(stage: Scene) -> None:
    """What is under way is bounded; nothing of it is confirmed before its time, and nothing is lost."""
    one = await stage.come("p1")
    await stage.talk()
    assert one.member is not None
    stage.storage.delay = 0.5  # less than the pause after which the megabytes would be told as words
    more = []
    for number in range(journal.MAX_UNDER_WAY // 500_000 + 1):
        one.clause(f"c{number}", "x" * 500_000)
        one.collect()
        more.append(stage.hub.received(one.member, one.outbox.popleft()))
    assert more == [True] * (len(more) - 1) + [False]
    await pass_time(0.1)
    one.hear_all()
    assert (one.acknowledged, one.wire.resumed) == (1, 0)
    await pass_time(1.2)
    one.hear_all()
    assert one.acknowledged == one.sent
    assert one.wire.resumed == 1
    assert stage.kept().holds(Replica(one.doc.get_update()))


@scene
async def test_a_server_stops_though_nothing_can_be_kept(stage: Scene) -> None:
    one = await stage.come("p1")
    stage.storage.unavailable = True
    one.clause("a", "x")
    one.say_all(stage.hub)
    await stage.hub.close()
    assert one.wire.closed == (protocol.RESTARTING, "the server restarts")


@scene
async def test_what_the_server_writes_reaches_the_room(stage: Scene) -> None:
    one = await stage.come("p1")
    written = motion.rewrite(MOTION, b"", MotionText("Titre"))
    await stage.hub.apply_recorded("demo", MOTION, written)
    await stage.hub.apply_recorded("demo", "motion-9", written)
    await stage.talk()
    assert "Titre" in text_of(one)


@scene
async def test_who_joins_during_a_commit_gets_what_came_from_elsewhere_meanwhile(stage: Scene) -> None:
    one = await stage.come("p1")
    stage.storage.delay = 1.0
    one.clause("a", "x")
    one.say_all(stage.hub)
    newcomer = Client(50, None)
    stage.clients.append(newcomer)
    await newcomer.connect(stage.hub)
    newcomer.say_all(stage.hub)
    await stage.hub.apply_recorded("demo", MOTION, motion.rewrite(MOTION, b"", MotionText("Titre")))
    assert not newcomer.synced
    await stage.talk(rounds=8)
    assert "Titre" in text_of(newcomer)
    assert same(one.doc, newcomer.doc)


@scene
async def test_what_was_kept_without_an_answer_and_then_refused_stays(stage: Scene) -> None:
    """The connection to the database broke after a commit, and before the next attempt the text was frozen."""
    one, two = await stage.come("p1"), await stage.come("p2")
    await stage.talk()
    one.clause("a", "x")
    one.collect()
    stage.storage.kept(MOTION).keep("p1", protocol.decode(one.outbox[0]).update)  # type: ignore[union-attr]
    stage.storage.refusing = True
    await stage.talk()
    assert "x" in text_of(two)


@scene
async def test_what_another_process_stored_is_fetched_when_something_is_missing(stage: Scene) -> None:
    one = await stage.come("p1")
    elsewhere = Client(77, "p2")
    elsewhere.clause("a", "x")
    first = elsewhere.take()
    elsewhere.clause("b", "y")
    second = elsewhere.take()
    for data in (*first, *second):
        stage.storage.kept(MOTION).keep("p2", data)
    await stage.hub.apply_recorded("demo", MOTION, second[-1])
    await stage.talk()
    assert same(one.doc, elsewhere.doc)


@scene
async def test_bursts_are_recorded_after_a_silence_and_on_leaving(stage: Scene) -> None:
    one = await stage.come("p1")
    one.clause("a", "x")
    await stage.talk(1)
    await pass_time(3)
    assert stage.storage.entries == []
    await pass_time(4)
    assert [entry.actor for entry in stage.storage.entries] == ["p1"]
    one.clause("b", "y")
    one.say_all(stage.hub)
    await pass_time(0.1)
    one.cut(stage.hub)
    await pass_time(1.5)
    assert len(stage.storage.entries) == 2
    assert isinstance(stage.storage.entries[1].event, events.TextWritten)


@scene
async def test_recording_on_demand_does_not_wait_for_a_pause(stage: Scene) -> None:
    one = await stage.come("p1")
    stage.storage.delay = 0.2

    async def type_on() -> None:
        for number in range(60):
            one.clause(f"c{number}", "x")
            one.say_all(stage.hub)
            await pass_time(0.05)

    typing = asyncio.create_task(type_on())
    await pass_time(1)
    await asyncio.wait_for(stage.hub.flush("demo", MOTION), 1)
    assert stage.storage.entries
    await typing
    await stage.hub.flush("demo", "motion-2")


@scene
async def test_idle_rooms_leave_memory_and_come_back(stage: Scene) -> None:
    one = await stage.come("p1")
    one.clause("a", "x")
    await stage.talk()
    one.cut(stage.hub)
    await pass_time(hub.IDLE_FOR + 10)
    assert stage.rooms == {}
    two = await stage.come("p2")
    assert same(one.doc, two.doc)


@scene
async def test_waiting_keystrokes_of_a_killed_server_are_recorded(stage: Scene) -> None:
    elsewhere = Client(77, "p2")
    elsewhere.clause("a", "x")
    for data in elsewhere.take():
        stage.storage.kept(MOTION).keep("p2", data)
    await stage.come("p1")
    await pass_time(8)
    assert [entry.actor for entry in stage.storage.entries] == ["p2"]


# Many


@scene
async def test_a_slow_reader_gets_one_merged_frame(stage: Scene) -> None:
    one, slow = await stage.come("p1"), await stage.come(None)
    text = one.clause("a", "x")
    await stage.talk()
    slow.wire.stuck = True
    slow.wire.waiting = wire.MAX_BACKLOG + 1
    heard = len(slow.wire.sent)
    for _ in range(20):
        text.insert(0, "mot ")
        one.say_all(stage.hub)
        await pass_time(0.5)
    assert len(slow.wire.sent) == heard
    slow.wire.waiting = 0
    await pass_time(2 * hub.SWEEP_EVERY)
    assert len(slow.wire.sent) == heard + 1
    slow.hear_all()
    assert same(one.doc, slow.doc)


@scene
async def test_a_reader_far_behind_gets_the_whole_document(stage: Scene) -> None:
    one, slow = await stage.come("p1"), await stage.come(None)
    await stage.talk()
    slow.wire.waiting = wire.MAX_BACKLOG + 1
    for number in range(8):
        one.clause(f"c{number}", "x" * (recent_updates.KEPT_BYTES // 4))
        one.say_all(stage.hub)
        await pass_time(0.5)
    slow.wire.waiting = 0
    await pass_time(2 * hub.SWEEP_EVERY)
    assert len(slow.wire.sent) == 1
    slow.hear_all()
    assert same(one.doc, slow.doc)


@scene
async def test_a_reader_who_stays_behind_is_dropped(stage: Scene) -> None:
    one, slow = await stage.come("p1"), await stage.come(None)
    await stage.talk()
    slow.wire.waiting = wire.MAX_BACKLOG + 1
    one.clause("a", "x")
    await stage.talk()
    await pass_time(fanout.PATIENCE + 2)
    assert slow.wire.closed is not None
    assert one.online


@scene
async def test_a_join_storm_is_answered_from_one_frame(stage: Scene) -> None:
    one = await stage.come("p1")
    one.clause("a", "x" * 5_000)
    await stage.talk()
    readers = [Client(1_000 + n, None) for n in range(1_500)]
    for reader in readers:
        await reader.connect(stage.hub)
        reader.say_all(stage.hub)
    answers = {id(next(f for f in reader.wire.sent if f[:2] == b"\0\1")) for reader in readers}
    assert len(answers) == 1
    one.clause("b", "y")
    one.say_all(stage.hub)
    await pass_time(1)
    relayed = {id(next(f for f in reader.wire.sent if f[:2] == b"\0\2")) for reader in readers}
    assert len(relayed) == 1
    readers[-1].hear_all()
    assert same(one.doc, readers[-1].doc)


@scene
async def test_a_full_gallery_hears_everything_whoever_changes_seats(stage: Scene) -> None:
    """Readers are served in rows; who becomes a writer, or ceases to be one, changes rows and misses nothing."""
    one, moving = await stage.come("p1"), await stage.come("p3")
    readers = [Client(1_000 + n, None) for n in range(2 * fanout.ROW + 10)]
    for reader in readers:
        await reader.connect(stage.hub)
        reader.say_all(stage.hub)
    text = one.clause("a", "x")
    for number in range(60):
        if number % 20 == 10:
            stage.storage.writers ^= {"p3"}
            await stage.hub.permissions_changed("demo")
        text.insert(0, "mot ")
        one.say_all(stage.hub)
        await pass_time(0.002)
    await pass_time(1)
    for listener in (moving, *readers):
        listener.hear_all()
        assert same(one.doc, listener.doc)
    assert len(stage.rooms[("demo", MOTION)].members) == 2 + len(readers)


@scene
async def test_rooms_do_not_wait_for_each_other(stage: Scene) -> None:
    people = [Client(100 + n, "p1", "motion-1" if n % 2 else "carte-1") for n in range(6)]
    for person in people:
        await person.connect(stage.hub)
    stage.clients += people
    people[1].clause("a", "x")
    await stage.talk()
    assert text_of(people[0]) == ""
    assert same(people[1].doc, people[3].doc)
    assert len(stage.rooms) == 2


# Presence


@scene
async def test_presence_comes_and_goes(stage: Scene) -> None:
    one, two = await stage.come("p1"), await stage.come("p2")
    assert one.faces.keys() == {one.doc.client_id, two.doc.client_id}
    late = await stage.come(None)
    assert late.faces.keys() == {one.doc.client_id, two.doc.client_id}
    one.show('{"user":{"name":"Été","color":"#1f6fb5"},"cursor":null}')
    await stage.talk()
    shown = json.loads(two.faces[one.doc.client_id].state)
    assert shown == {"user": {"name": "Nom de p1", "person": "p1", "color": "#1f6fb5"}, "cursor": None}
    one.cut(stage.hub)
    await stage.talk()
    assert two.faces[one.doc.client_id].state == "null"
    assert late.doc.client_id not in two.faces


@scene
async def test_in_a_full_room_faces_come_less_often_than_words(stage: Scene) -> None:
    one = await stage.come("p1")
    readers = [Client(1_000 + n, None) for n in range(2_000)]
    for reader in readers:
        await reader.connect(stage.hub)
        reader.say_all(stage.hub)
    text = one.clause("a", "x")
    for number in range(100):
        text.insert(0, "x")
        one.show(f'{{"at":{number},"long":"{"x" * 3_000}"}}')
        one.say_all(stage.hub)
        await pass_time(0.05)
    brought = [frame[:1] for frame in readers[0].wire.sent]
    assert brought.count(b"\1") * 5 < brought.count(b"\0")
    await pass_time(5)
    readers[0].hear_all()
    assert '"at":99' in readers[0].faces[one.doc.client_id].state


@scene
async def test_presence_under_anothers_client_id_is_dropped(stage: Scene) -> None:
    one, two = await stage.come("p1"), await stage.come("p2")
    one.clause("a", "x")
    await stage.talk()
    impostor = Client(one.doc.client_id, "p2")
    impostor._clock = 50
    stage.clients.append(impostor)
    await impostor.connect(stage.hub)
    await stage.talk()
    assert two.faces[one.doc.client_id].clock == 1


@scene
async def test_a_face_bears_the_name_of_its_connection(stage: Scene) -> None:
    """Whatever it says: another's name, person, a list, nothing at all."""
    one, two = await stage.come("p1"), await stage.come("p2")
    forged = ['{"user":{"name":"Nom de p2","person":"p2"}}', '{"user":["p2"]}', "{}", '{"user":{"color":"url(x)"}}']
    for state in forged:
        one.show(state)
        await stage.talk()
        assert json.loads(two.faces[one.doc.client_id].state)["user"] == {"name": "Nom de p1", "person": "p1"}
    one.show(json.dumps({"user": {}, "cursor": "x" * 3_960}))
    await stage.talk()
    assert json.loads(two.faces[one.doc.client_id].state) == {"user": {"name": "Nom de p1", "person": "p1"}}


@scene
async def test_nobody_is_shown_under_the_client_id_of_a_face(stage: Scene) -> None:
    """The letters that come under an id are told to be of whom was shown under it."""
    one, two = await stage.come("p1"), await stage.come("p2")
    thief = Client(one.doc.client_id, "p2")
    thief._clock = 50
    stage.clients.append(thief)
    await thief.connect(stage.hub)
    await stage.talk()
    assert json.loads(two.faces[one.doc.client_id].state)["user"]["person"] == "p1"
    thief.clause("a", "x")
    await stage.talk()
    assert json.loads(thief.denials[0])["code"] == "client.taken"
    one.clause("b", "y")
    await stage.talk()
    assert one.denials == []
    room_ = stage.rooms["demo", MOTION]
    room_.show_elsewhere(
        [presence.AwarenessEntry(one.doc.client_id, 99, '{"user":{"person":"p2","name":"Nom de p2"}}')]
    )
    await stage.talk()
    assert json.loads(two.faces[one.doc.client_id].state)["user"]["person"] == "p1"


def test_unknown_and_closed_documents_are_told_apart() -> None:
    assert room.is_shared("motion-1")
    assert room.is_shared("carte-12")
    assert not any(map(room.is_shared, ("temoignage-1", "motion", "motion-x", "", "motion-²")))
