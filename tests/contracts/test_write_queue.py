"""The write path's guarantees, on SQLite and on PostgreSQL."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import text

from deliberation.kernel import commands as c
from deliberation.kernel import ids
from deliberation.kernel.errors import Refused
from deliberation.kernel.vocabulary import Aim, Choice, ClauseKind, Draft, Speaker
from deliberation.record import checkpoint, note, tree
from server.store import log, mirror
from server.texts import motion
from server.writing.receipts import Receipt
from tests.server.offices import SLUG, Office, opened, run

pytestmark = pytest.mark.contract


def test_a_command_sent_twice_happens_once(database_url: str, tmp_path: Path) -> None:
    """R3, and DESIGN: the same (actor, command id) returns the first receipt, at once or later."""

    async def work(office: Office) -> None:
        said = c.SubmitTestimony(text="Une seule fois.")
        first, second = await asyncio.gather(office.ask("p1", said, "same"), office.ask("p1", said, "same"))
        third = await office.ask("p1", said, "same")
        other = await office.ask("p2", said, "same")
        assert isinstance(first, Receipt)
        assert isinstance(second, Receipt)
        assert isinstance(third, Receipt)
        assert first.entries == second.entries == third.entries
        assert [first.repeated, second.repeated, third.repeated] == [False, True, True]
        assert isinstance(other, Receipt)
        assert other.entries != first.entries
        assert len((await office.state()).testimonies) == 2

    run(database_url, tmp_path, work)


def test_what_waits_is_kept_in_one_transaction_and_then_told(database_url: str, tmp_path: Path) -> None:
    async def work(office: Office) -> None:
        before = len(office.news)
        await asyncio.gather(*(office.do("p1", c.SubmitTestimony(text=f"Mot {i}.")) for i in range(50)))
        told = office.news[before:]
        assert len(told) < 50
        assert [r.index for _, _, recorded in told for r in recorded] == list(range(told[0][2][0].index, told[-1][1]))

    run(database_url, tmp_path, work)


def test_a_refusal_keeps_nothing(database_url: str, tmp_path: Path) -> None:
    async def work(office: Office) -> None:
        size = (await office.state()).size
        refused = await office.ask("p3", c.TableAmendment(1, Aim.DELETE))
        assert isinstance(refused, Refused)
        assert refused.code == "role.elus_only"
        assert (await office.state()).size == size

    run(database_url, tmp_path, work)


def test_the_record_never_goes_back_in_time(database_url: str, tmp_path: Path) -> None:
    """R3"""

    async def work(office: Office) -> None:
        office.clock.set("2026-02-01T00:00:00.000Z")
        late = await office.do("p1", c.SubmitTestimony(text="Février."))
        office.clock.set("2026-01-15T00:00:00.000Z")
        then = await office.do("p1", c.SubmitTestimony(text="L’horloge a reculé."))
        assert then.time == late.time

    run(database_url, tmp_path, work)


def test_two_processes_on_one_database_grow_one_record(database_url: str, tmp_path: Path) -> None:
    async def work(office: Office) -> None:
        async with opened(database_url, tmp_path) as other:
            for i in range(20):
                await office.do("p1", c.SubmitTestimony(text=f"Ici {i}."))
                other._ids = office._ids
                await other.do("p2", c.SubmitTestimony(text=f"Là {i}."))
            await asyncio.gather(
                *(office.do("p1", c.SubmitTestimony(text=f"Ensemble {i}.")) for i in range(20)),
                *(other.do("p2", c.SubmitTestimony(text=f"Ensemble {i}.")) for i in range(20)),
            )
            assert await office.state() == await other.state()
            assert len((await office.state()).testimonies) == 80

    run(database_url, tmp_path, work)


def test_a_restart_finds_the_same_state_and_tree(database_url: str, tmp_path: Path) -> None:
    async def work(office: Office) -> None:
        for i in range(300):  # beyond one tile
            await office.ask("p1", c.SubmitTestimony(text=f"Mot {i}."))
        async with opened(database_url, tmp_path) as again:
            assert await again.state() == await office.state()
            await again.do("p1", c.SubmitTestimony(text="Après."))
            signed = await again.write_queue.checkpoint(SLUG, covering=2**40)
        assert signed is not None
        point = checkpoint.parse(note.parse(signed.encode()).text)
        leaves = [tree.leaf_hash(data) for data in office.store.entries(SLUG, 0, point.size)]
        assert point.size == office.store.size(SLUG)
        assert point.root == tree.root_of(leaves)
        nodes = office.store.nodes(SLUG, point.size)
        proof = tree.inclusion_proof(5, point.size, nodes)
        assert tree.verify_inclusion(leaves[5], 5, point.size, proof, point.root)

    run(database_url, tmp_path, work)


def test_one_checkpoint_for_one_size(database_url: str, tmp_path: Path) -> None:
    """R5"""

    async def work(office: Office) -> None:
        first = await office.write_queue.checkpoint(SLUG)
        assert await office.write_queue.checkpoint(SLUG, covering=0) == first
        receipt = await office.do("p1", c.SubmitTestimony(text="Un mot."))
        assert await office.write_queue.checkpoint(SLUG) == first, "a young checkpoint serves everybody"
        newer = await office.write_queue.checkpoint(SLUG, covering=receipt.index)
        assert newer != first
        assert [size for size, _ in office.store.checkpoints(SLUG)] == sorted({receipt.index, receipt.index + 1})

    run(database_url, tmp_path, work)


def test_a_checkpoint_explains_what_is_absent(tmp_path: Path) -> None:
    """R9: content that leaves public view is followed by a checkpoint of its own."""

    async def work(office: Office) -> None:
        await office.do("p1", c.SubmitTestimony(text="Un mot."))
        await office.do("p3", c.PublishTestimony(1))
        young = await office.write_queue.checkpoint(SLUG)
        hidden = await office.do("p3", c.HideTestimony(1, "À relire."))
        after = await office.write_queue.checkpoint(SLUG)
        assert after is not None
        assert after != young
        assert checkpoint.parse(note.parse(after.encode()).text).size == hidden.index + 1

    run(f"sqlite:///{tmp_path / 'pleniere.sqlite'}", tmp_path, work)


def test_erased_content_is_gone_from_the_database(tmp_path: Path) -> None:
    """R7: from payloads, tables, free pages and the write-ahead log."""
    secret = "Z7-secret-du-tiers-Z7"

    async def work(office: Office) -> None:
        await office.do("p4", c.SubmitTestimony(text=f"Mon voisin, {secret}.", speaker=Speaker(secret), consent=True))
        await office.do("p3", c.PublishTestimony(1))
        await office.do("p3", c.QuoteExcerpt(1, secret))
        assert secret.encode() in _bytes(tmp_path)
        await office.do("p3", c.ProposeRedaction("temoignage-1", "vie privée", "Nomme un tiers."))
        alone = await office.ask("p3", c.DecideRedaction(1, agree=True))
        assert isinstance(alone, Refused)
        assert alone.code == "redaction.same_person"
        await office.do("p4", c.DecideRedaction(1, agree=True))
        assert secret.encode() not in _bytes(tmp_path)
        state = await office.state()
        assert state.testimonies[1].status == "redacted"
        assert state.excerpts[1].quote == ""

    run(f"sqlite:///{tmp_path / 'pleniere.sqlite'}", tmp_path, work)


def _bytes(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.glob("pleniere.sqlite*")))


def test_sqlite_flushes_every_commit(tmp_path: Path) -> None:
    async def work(office: Office) -> None:
        with office.database.write() as connection:
            assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
            assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"

    run(f"sqlite:///{tmp_path / 'pleniere.sqlite'}", tmp_path, work)


def test_a_changed_row_is_found_and_rebuilt(database_url: str, tmp_path: Path) -> None:
    async def work(office: Office) -> None:
        await office.do("p1", c.SubmitTestimony(text="Tel que dit."))
        with office.database.write() as connection:
            connection.execute(text("UPDATE testimony SET text = 'Autrement.' WHERE congress = 'essai'"))
        folded = (await office.state()).testimonies[1]
        assert mirror.differences(office.store.state(SLUG), await office.state()) == ["testimonies 1: text"]
        with office.database.write() as connection:
            mirror.replace_all(connection, SLUG, await office.state())
        assert office.store.state(SLUG).testimonies[1] == folded

    run(database_url, tmp_path, work)


def test_a_restored_old_backup_is_read_only_until_the_gap_is_declared(tmp_path: Path) -> None:
    """R10"""
    path = tmp_path / "pleniere.sqlite"

    async def work(office: Office) -> None:
        backup = tmp_path / "backup.sqlite"
        with sqlite3.connect(path) as one, sqlite3.connect(backup) as two:
            one.backup(two)
        await office.do("p1", c.SubmitTestimony(text="Sera perdu."))
        async with opened(f"sqlite:///{backup}", tmp_path) as restored:
            restored._ids = office._ids
            refused = await restored.ask("p1", c.SubmitTestimony(text="Encore."))
            assert isinstance(refused, Refused)
            assert refused.code == "record.gap"
            keystroke = await restored.write_queue.journal(SLUG, "motion-1", "p1", b"\0\0", ())
            assert isinstance(keystroke, Refused)
            lost = restored.lost_size()
            assert lost == (await office.state()).size
            await restored.do(ids.CONGRESS, c.DeclareGap(lost, "Disque perdu."))
            await restored.do("p1", c.SubmitTestimony(text="Encore."))
            restored.check()

    run(f"sqlite:///{path}", tmp_path, work)


def test_keystrokes_become_bursts_and_a_freeze_takes_all_of_them(database_url: str, tmp_path: Path) -> None:
    """M3: what was confirmed is recorded, in the name of who wrote it."""

    async def work(office: Office) -> None:
        await office.do("p1", c.CreateMotion("La motion"))
        text_ = motion.MotionText(
            "La motion",
            (("v", Draft(ClauseKind.VISA, "Vu la loi,")), ("d", Draft(ClauseKind.DEMANDE, "Demande la fibre."))),
        )
        update = motion.rewrite("motion-1 p1", b"", text_)
        assert await office.write_queue.journal(SLUG, "motion-1", "p1", update, (7,)) == 1
        organiser = await office.write_queue.journal(SLUG, "motion-1", "p3", update, (8,))
        assert isinstance(organiser, Refused)
        assert organiser.code == "role.elus_only"
        await office.do("p3", c.FreezeMotion(1))
        state = await office.state()
        frozen = state.motions[1].text
        assert frozen is not None
        assert [(x.id, x.number) for x in frozen.clauses] == [("v", 1), ("d", 1)]
        assert state.motions[1].writers == {"v": ("p1",), "d": ("p1",)}
        late = await office.write_queue.journal(SLUG, "motion-1", "p1", update, (7,))
        assert isinstance(late, Refused)
        assert late.code == "motion.frozen"
        assert office.store.document(SLUG, "motion-1")[1] == []

    run(database_url, tmp_path, work)


def test_an_adopted_amendment_is_written_back_to_the_document(database_url: str, tmp_path: Path) -> None:
    """M6: the document follows the consolidated text, in the congress's name, in the same transaction."""

    async def work(office: Office) -> None:
        await office.do("p1", c.CreateMotion("La motion"))
        text_ = motion.MotionText("La motion", (("d", Draft(ClauseKind.DEMANDE, "Demande la fibre pour tous.")),))
        await office.write_queue.journal(SLUG, "motion-1", "p1", motion.rewrite("motion-1 p1", b"", text_), (7,))
        await office.do("p3", c.FreezeMotion(1))
        await office.do("p2", c.TableAmendment(1, Aim.REWRITE, "d", "Demande la fibre pour toutes et tous."))
        await office.do("p3", c.OpenPoll("amendement-1"))
        await office.do("p1", c.CastBallot(1, Choice.FOR))
        await office.do("p2", c.CastBallot(1, Choice.FOR))
        await office.do("p3", c.ClosePoll(1))
        state = await office.state()
        frozen = state.motions[1].text
        assert frozen is not None
        assert frozen.adopted == (1,)
        assert frozen.clauses[0].markdown == "Demande la fibre pour toutes et tous."
        assert state.motions[1].draft["d"].markdown == "Demande la fibre pour toutes et tous."
        last = list(office.store.recorded(SLUG))[-1]
        assert (last.kind, last.actor) == ("text.written", ids.CONGRESS)

    run(database_url, tmp_path, work)


def test_a_failed_transaction_leaves_nothing_and_the_next_works(tmp_path: Path) -> None:
    async def work(office: Office) -> None:
        size = (await office.state()).size
        held = sqlite3.connect(tmp_path / "pleniere.sqlite", isolation_level=None)
        held.execute("DROP TABLE receipt")
        with pytest.raises(Exception, match="receipt"):
            await office.do("p1", c.SubmitTestimony(text="Perdu, et dit comme tel."))
        known = office.write_queue.peek(SLUG)
        assert known is not None, "pages are read meanwhile"
        assert known.size == size
        office.database.create_tables()
        await office.do("p1", c.SubmitTestimony(text="Gardé."))
        state = await office.state()
        assert (state.size, [x.text for x in state.testimonies.values()]) == (size + 1, ["Gardé."])
        held.close()

    run(f"sqlite:///{tmp_path / 'pleniere.sqlite'}", tmp_path, work)


def test_tiles_of_every_level_follow_from_the_entries(tmp_path: Path) -> None:
    """R6"""

    async def work(office: Office) -> None:
        await asyncio.gather(*(office.do("p1", c.SubmitTestimony(text=f"{i}")) for i in range(600)))
        size = office.store.size(SLUG)
        with office.database.read() as connection:
            leaves = log.leaves(connection, SLUG, 0)
        tile = office.store.tile
        assert tile(SLUG, "tile/0/000") == b"".join(leaves[:256])
        assert tile(SLUG, "tile/0/000.p/3") == b"".join(leaves[:3])
        assert tile(SLUG, f"tile/0/002.p/{size - 512}") == b"".join(leaves[512:])
        assert tile(SLUG, "tile/1/000.p/2") == tree.root_of(leaves[:256]) + tree.root_of(leaves[256:512])
        assert tile(SLUG, "tile/1/000.p/3") is None
        assert tile(SLUG, "tile/0/003") is None
        bundle = tile(SLUG, "tile/entries/000")
        assert bundle is not None
        assert bundle[2 : 2 + int.from_bytes(bundle[:2], "big")] == office.store.entries(SLUG, 0, 1)[0]

    run(f"sqlite:///{tmp_path / 'pleniere.sqlite'}", tmp_path, work)
