"""Words redacted by two organisers are masked wherever they are, and everything still verifies (R30)."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pycrdt

from deliberation.kernel import commands as c
from deliberation.kernel import ids
from deliberation.kernel.errors import Refused
from deliberation.kernel.territory import Naming, Territory, TerritoryKind
from deliberation.kernel.vocabulary import Aim, Choice, ClauseKind, Draft, Node, Role, Speaker
from deliberation.record.payloads import Payload
from deliberation.record.verify import verify
from exports.verify import verify_archive
from server.archives.restitution import write_restitution
from server.store.tables import PayloadRow
from server.texts import bursts, motion
from server.texts import map as maps
from server.texts.motion import MotionText
from server.texts.replay import differences, verify_texts
from server.texts.replica import Replica
from server.writing import masking
from server.writing.receipts import Receipt
from server.writing.work import MaskWords
from tests.bel_archives import Told, election, importing
from tests.server.offices import SLUG, Office, opened, place_of, run
from tests.server.yjs import Writer
from tests.waiting import until_soon

NAME = "Zoé Untel-Marqueur"
ELU, OTHER, ORGANISER, SECOND = "p1", "p2", "p3", "p4"
VISA, ASKS = "visa000001", "demande001"


MAP_CLIENT = 4711
"""The Yjs client id under which the élu draws."""


async def write(office: Office, number: int, client: int, *texts: MotionText) -> None:
    """Records bursts of one élu that give the motion each of these texts in turn."""
    document = ids.document(ids.MOTION, number)
    for text in texts:
        state = office.store.document(SLUG, document)[0] or b""
        update = motion.rewrite(document, state, text, client)
        await office.do(ELU, bursts.summarise(document, state, [update]))


def text(*clauses: str, title: str = "Titre") -> MotionText:
    return MotionText(
        title, tuple((id_, Draft(ClauseKind.DEMANDE, words)) for id_, words in zip((VISA, ASKS), clauses, strict=False))
    )


async def fill(office: Office) -> None:
    """Fills a congress with the name in every kind of text."""
    await office.do(ids.CONGRESS, c.InvitePerson("Eve", Role.ELU))
    settings = (await office.state()).settings
    assert settings is not None
    await office.do(ORGANISER, c.ChangeCongress("Essai", f"Né d’un mot de {NAME}.", "Paris", True))
    await office.do(ELU, c.SubmitTestimony(f"Voisin de {NAME}", f"J’ai vu {NAME} hier."))
    await office.do(ORGANISER, c.PublishTestimony(1))
    await office.do(ELU, c.QuoteExcerpt(1, f"vu {NAME}"))
    await office.do(ORGANISER, c.HideTestimony(1, f"Nomme {NAME}."))
    await office.do(ORGANISER, c.RestoreTestimony(1, f"{NAME} y consent."))
    await office.do(ELU, c.CreateMap(f"Carte de {NAME}"))
    await draw(office)
    await office.do(ELU, c.CreateMotion(f"Motion pour {NAME}"))
    half = f"Remercie {NAME[:9]}"
    await write(
        office, 1, 77, text("Vu la loi,"), text("Vu la loi,", half), text("Vu la loi,", f"Remercie **{NAME}** !")
    )
    await write(office, 1, 78, text("Vu la loi,", f"Remercie **{NAME}** et les autres !", title=f"Pour {NAME}"))
    await office.do(OTHER, c.MakeRemark(1, ASKS, f"Qui est {NAME} ?", NAME, proposal=f"Remercie {NAME.upper()}."))
    await office.do(ORGANISER, c.FreezeMotion(1))
    await amend(office)
    await office.do(ORGANISER, c.OpenElection(f"Remplacer {NAME}", (ELU, OTHER)))
    await office.do(ORGANISER, importing(comment=NAME))
    await office.do(ORGANISER, c.SetCollege(f"Amis de {NAME}", (ELU,)))


async def draw(office: Office) -> None:
    document = "carte-1"
    nodes = {"n1": Node("", "a0", f"Idée de {NAME}"), "n2": Node("n1", "a0", "Autre")}
    state = office.store.document(SLUG, document)[0] or b""
    await office.do(ELU, bursts.as_congress(document, state, maps.rewrite(document, state, nodes, MAP_CLIENT)))


async def amend(office: Office) -> None:
    """Adopts amendments beside the name, in the words around it, and deleting words before it; then renumbers the
    text.
    """
    now = (await office.state()).motions[1].frozen[-1].clauses[-1].markdown
    grown = now.replace("Remercie", "Salue et remercie")
    await office.do(ELU, c.TableAmendment(1, Aim.REWRITE, ASKS, grown, f"{NAME} le mérite."))
    other = now.replace("les autres", f"les autres amis de {NAME}")
    await office.do(OTHER, c.TableAmendment(1, Aim.REWRITE, ASKS, other, "Pour tous."))
    await office.do(OTHER, c.TableAmendment(1, Aim.DELETE, VISA, "", "Pour tous."))
    for number, subject in enumerate(("amendement-1", "amendement-2", "amendement-3", "motion-1"), 1):
        await office.do(ORGANISER, c.OpenPoll(subject, f"Suivre {NAME} ?"))
        await office.do(ELU, c.CastBallot(number, Choice.FOR))
        await office.do(ORGANISER, c.ClosePoll(number))
    await office.do(ORGANISER, c.RenumberMotion(1))


async def redact(office: Office, words: str, documents: tuple[str, ...] = ()) -> Any:
    place, found, targets = place_of(office, words)
    proposal = c.ProposeMasking(place, documents or found, targets, "RGPD, article 17", "Une personne privée.")
    await office.do(ORGANISER, proposal)
    number = len((await office.state()).redactions)
    alone = await office.ask(ORGANISER, c.DecideRedaction(number, True))
    assert isinstance(alone, Refused)
    assert alone.code == "redaction.same_person"
    return await office.ask(SECOND, c.DecideRedaction(number, True))


def everything_kept(office: Office) -> str:
    """All texts in all rows of the database, with Yjs updates decoded."""
    said = []
    with office.database.read() as connection:
        for table in ("payload", "document", "journal", "passed"):
            for row in connection.exec_driver_sql(f"SELECT * FROM {table}").mappings():  # noqa: S608 - our own names
                said += [bytes(v).decode(errors="replace") if isinstance(v, bytes) else str(v) for v in row.values()]
    for recorded in office.store.recorded(SLUG):
        update = getattr(recorded.event, "update", "")
        said.append(bursts.decode(update).decode(errors="replace") if update else "")
    return "\n".join([*said, repr(office.store.state(SLUG))]).casefold()


def test_a_name_is_masked_in_every_kind_of_text(database_url: str, tmp_path: Path) -> None:
    """R30, R31: rows and files hold it no more; lengths, merges, tallies and texts are as they were."""

    async def work(office: Office) -> None:
        await fill(office)
        before = await office.state()
        assert "marqueur" in everything_kept(office)
        answer = await redact(office, NAME)
        assert not isinstance(answer, Refused), answer
        assert "marqueur" not in everything_kept(office)
        after = await office.state()
        assert [x.outcome for x in after.amendments.values()] == [x.outcome for x in before.amendments.values()]
        assert len(after.motions[1].frozen) == len(before.motions[1].frozen) == 5
        for old, new in zip(before.motions[1].frozen, after.motions[1].frozen, strict=True):
            assert [len(x.markdown) for x in old.clauses] == [len(x.markdown) for x in new.clauses]
        assert after.motions[1].frozen[-1].clauses[-1].markdown.startswith("Salue et remercie **xxx xxxxx-xxxxxxxx**")
        assert list(verify_texts(office.store.recorded(SLUG))) == []
        assert differences(office.store, SLUG, after)[0] == []
        await check_archive(office, tmp_path)
        if database_url.startswith("sqlite"):
            assert b"Marqueur" not in bytes_in(tmp_path)

    run(database_url, tmp_path, work)


def test_no_dead_row_is_left_in_postgresql(postgres_url: str, tmp_path: Path) -> None:
    """R30: the tables are written anew; what their files hold is what their rows say."""

    async def work(office: Office) -> None:
        await fill(office)
        assert not isinstance(await redact(office, NAME), Refused)
        await until_soon(lambda: not dead_pages(office), lambda: f"dead rows in {dead_pages(office)}")

    run(postgres_url, tmp_path, work)


def test_another_process_forgets_the_words_too(postgres_url: str, tmp_path: Path) -> None:
    """R30: what it holds in memory is read again, and it goes on from there."""

    async def work() -> None:
        async with opened(postgres_url, tmp_path) as one, opened(postgres_url, tmp_path) as other:
            await one.found()
            await fill(one)
            assert "marqueur" in repr(await other.state()).casefold()
            assert not isinstance(await redact(one, NAME), Refused)
            await other.write_queue.catch_up(SLUG)
            assert await other.state() == await one.state()
            assert "marqueur" not in repr(await other.state()).casefold()
            await other.do(ELU, c.SubmitTestimony("Suite", "Le travail continue."))
            other.check()

    asyncio.run(work())


def dead_pages(office: Office) -> list[str]:
    """The tables that were not rewritten into a new file, so that they may still contain dead rows."""
    query = (
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND pg_relation_filenode(oid) = oid AND relname IN "
        "('payload', 'document', 'journal', 'passed', 'motion', 'amendment', 'frozen', 'testimony', 'remark', 'map')"
    )
    with office.database.read() as connection:
        return [str(name) for name in connection.exec_driver_sql(query).scalars()]


def bytes_in(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


async def check_archive(office: Office, folder: Path) -> None:
    signed = await office.write_queue.checkpoint(SLUG)
    assert signed is not None
    verify_both(office, signed, folder)


def verify_both(office: Office, signed: str, folder: Path) -> None:
    """Checks that both verifiers accept the archive, and that the name is in none of its files."""
    path = folder / "restitution.zip"
    with path.open("wb") as target:
        write_restitution(office.store, office.keys, SLUG, signed, target)
    report = verify_archive(path, texts=verify_texts)
    assert report.findings == ()
    unpacked = folder / "unpacked"
    with ZipFile(path) as zipped:
        assert not [name for name in zipped.namelist() if b"Marqueur" in zipped.read(name)]
        zipped.extractall(unpacked)
    done = subprocess.run([sys.executable, "verify.py"], cwd=unpacked, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    path.unlink()
    shutil.rmtree(unpacked)


def test_words_that_come_back_and_others_in_their_place_are_found(tmp_path: Path) -> None:
    """R31, R11: the payload is the masked one, and no other."""

    async def work(office: Office) -> None:
        await office.do(ELU, c.SubmitTestimony("Titre", f"J’ai vu {NAME}."))
        await office.do(ORGANISER, c.PublishTestimony(1))
        entry = (await office.state()).testimonies[1].entry
        (first,) = office.store.payloads(SLUG, entry, entry + 1)
        assert not isinstance(await redact(office, NAME), Refused)
        assert (await office.state()).testimonies[1].text == "J’ai vu xxx xxxxx-xxxxxxxx."
        (masked,) = office.store.payloads(SLUG, entry, entry + 1)
        assert first is not None
        assert masked is not None
        signed = await office.write_queue.checkpoint(SLUG)
        assert signed is not None
        other = masked._replace(data=masked.data.replace(b"vu xxx", b"lu xxx"))
        for payload, codes in ((first, {"payload.unmasked"}), (masked, set()), (other, {"payload.commitment"})):
            put(office, entry, payload)
            assert codes_found(office, signed) == codes
        put(office, entry, masked)
        assert await office.write_queue.checkpoint(SLUG) == signed, "nothing was signed on top of it"

    run(f"sqlite:///{tmp_path / 'pleniere.sqlite'}", tmp_path, work)


def put(office: Office, entry: int, payload: Payload) -> None:
    """Replaces a payload, as somebody with access to the database could."""
    table = PayloadRow.__table__  # type: ignore[attr-defined]
    with office.database.write() as connection:
        where = (table.c.congress == SLUG) & (table.c.index == entry)
        connection.execute(table.update().where(where).values(salt=payload.salt, data=payload.data))


def codes_found(office: Office, signed: str) -> set[str]:
    target = BytesIO()
    write_restitution(office.store, office.keys, SLUG, signed, target)
    with ZipFile(target) as zipped:
        names = set(zipped.namelist())
        report = verify(lambda path: zipped.read(f"record/{path}") if f"record/{path}" in names else None)
    return {finding.code for finding in report.findings}


def test_what_hangs_together_is_redacted_together(tmp_path: Path) -> None:
    """R32: a motion is not masked without the amendment that quotes it; nothing has changed then."""

    async def work(office: Office) -> None:
        await fill(office)
        before = everything_kept(office)
        refused = await redact(office, NAME, ("motion-1",))
        assert isinstance(refused, Refused)
        assert refused.code == "redaction.entangled"
        assert everything_kept(office).count("marqueur") == before.count("marqueur")
        office.check()
        assert not isinstance(await redact(office, NAME), Refused)
        assert "marqueur" not in everything_kept(office)

    run(f"sqlite:///{tmp_path / 'pleniere.sqlite'}", tmp_path, work)


def test_an_archive_that_holds_the_words_is_erased_first(tmp_path: Path) -> None:
    """V31, R30: then they are masked where the record tells the result, and its figures still verify."""

    async def work(office: Office) -> None:
        await office.do(ORGANISER, importing(election(Told(name=f"Vote sur {NAME}"))))
        refused = await redact(office, NAME)
        assert isinstance(refused, Refused)
        assert refused.code == "redaction.in_archive"
        await office.do(ORGANISER, c.ProposeRedaction("resultat-1", "RGPD, article 17", "Une personne privée."))
        await office.do(SECOND, c.DecideRedaction(2, True))
        assert not isinstance(await redact(office, NAME), Refused)
        assert "marqueur" not in everything_kept(office)
        result = (await office.state()).results[1]
        assert (result.voters, result.archived) == (5, None)

    run(f"sqlite:///{tmp_path / 'pleniere.sqlite'}", tmp_path, work)


def test_keystrokes_on_their_way_are_masked_and_old_updates_bring_nothing_back(tmp_path: Path) -> None:
    """R30, R32: what waits in the journal is recorded first; who held the words deletes them with the next update."""

    async def work(office: Office) -> None:
        await office.do(ELU, c.CreateMotion("Titre"))
        state = office.store.document(SLUG, "motion-1")[0] or b""
        holder = Writer(99, state)
        holder.clause("c1", f"Remercie {NAME} 😀 aussi.")
        typed = holder.take()
        await office.do(ELU, c.SubmitTestimony("Titre", f"J’ai vu {NAME}."))
        place, documents, targets = place_of(office, NAME)
        asked = c.ProposeMasking(place, (*documents, "motion-1"), targets, "RGPD, article 17", "Une personne privée.")
        await office.do(ORGANISER, asked)
        for update in typed:
            await office.write_queue.journal(SLUG, "motion-1", ELU, update, (99,), 0)
        await office.do(SECOND, c.DecideRedaction(1, True))
        kept = office.store.document(SLUG, "motion-1")[0] or b""
        assert b"Marqueur" not in kept
        room = Replica(kept)
        assert all(room.apply(update) == b"" for update in typed)
        holder.doc.apply_update(kept)
        read = motion.read(holder.doc)
        assert read == motion.read(room.doc)
        assert dict(read.clauses)["c1"].markdown == "Remercie xxx xxxxx-xxxxxxxx 😀 aussi."

    run(f"sqlite:///{tmp_path / 'pleniere.sqlite'}", tmp_path, work)


def test_who_writes_while_the_record_is_made_again_loses_nothing(tmp_path: Path) -> None:
    """R30: what was prepared beside the writer no longer fits then, and is prepared anew."""

    async def work(office: Office) -> None:
        await office.do(ELU, c.CreateMotion("Titre"))
        await write(office, 1, 77, text(f"Remercie {NAME}."))
        place, documents, targets = place_of(office, NAME)
        await office.do(ORGANISER, c.ProposeMasking(place, documents, targets, "RGPD", "Une personne privée."))
        record = list(office.store.recorded(SLUG))
        stale = masking.prepare(record, (await office.state()).redactions[1])
        assert stale is not None
        await write(office, 1, 78, text(f"Remercie {NAME}.", f"Salue {NAME}."))
        assert not stale.goes_on_with(list(office.store.recorded(SLUG, stale.size)))
        assert not isinstance(await office.ask(SECOND, c.DecideRedaction(1, True)), Refused)
        assert "marqueur" not in everything_kept(office)
        clauses = dict((await office.state()).motions[1].draft)
        assert [draft.markdown for draft in clauses.values()] == [
            "Remercie xxx xxxxx-xxxxxxxx.",
            "Salue xxx xxxxx-xxxxxxxx.",
        ]

    run(f"sqlite:///{tmp_path / 'pleniere.sqlite'}", tmp_path, work)


def test_what_others_do_while_the_record_is_made_again_is_part_of_it(tmp_path: Path) -> None:
    """R30: entries that write in no masked text only follow."""

    async def work(office: Office) -> None:
        await office.do(ELU, c.CreateMotion("Titre"))
        await write(office, 1, 77, text(f"Remercie {NAME}."))
        place, documents, targets = place_of(office, NAME)
        await office.do(ORGANISER, c.ProposeMasking(place, documents, targets, "RGPD", "Une personne privée."))
        redaction = (await office.state()).redactions[1]
        prepared = masking.prepare(office.store.recorded(SLUG), redaction)
        assert prepared is not None
        await office.do(OTHER, c.SubmitTestimony("Car", "Le car ne passe plus."))
        decided = c.Request("d", SLUG, SECOND, c.DecideRedaction(1, True))
        receipt = await office.write_queue._ask(SLUG, MaskWords(decided, prepared))
        assert isinstance(receipt, Receipt)
        assert "marqueur" not in everything_kept(office)
        again = await office.write_queue._ask(SLUG, MaskWords(decided, prepared))
        assert again.repeated

    run(f"sqlite:///{tmp_path / 'pleniere.sqlite'}", tmp_path, work)


def test_letters_of_a_title_written_anew_stay_with_who_wrote_them(tmp_path: Path) -> None:
    """R30, M12: which words were kept is told of the masked ones, as whoever verifies finds them."""

    async def work(office: Office) -> None:
        await office.do(ELU, c.CreateMotion("Titre"))
        await titled(office, ELU, 7, "Ami Ana Zoé")
        await titled(office, OTHER, 8, "Pour Zoé Ana")
        assert list(verify_texts(office.store.recorded(SLUG))) == []
        assert not isinstance(await redact(office, "Zoé Ana"), Refused)
        assert (await office.state()).motions[1].title == "Pour xxx xxx"
        assert list(verify_texts(office.store.recorded(SLUG))) == []

    run(f"sqlite:///{tmp_path / 'pleniere.sqlite'}", tmp_path, work)


async def titled(office: Office, person: str, client: int, title: str) -> None:
    """Replaces the element of the title, as another editor may do that writes it as a whole."""
    state = office.store.document(SLUG, "motion-1")[0] or b""
    writer = Writer(client, state)
    with writer.doc.transaction():
        while len(writer.root.children):
            del writer.root.children[0]
        element = writer.root.children.append(pycrdt.XmlElement("title"))
        element.children.append(pycrdt.XmlText(title))
    await office.do(person, bursts.summarise("motion-1", state, writer.take()))


def test_a_place_is_masked_with_its_code_and_population(tmp_path: Path) -> None:
    """R58: of a person and of who speaks, for both verifiers."""
    here = Territory(TerritoryKind.VILLAGE, "25529", "Marqueur-le-Bas", 3541, 2025, "25", "Doubs", "R27", "Bourgogne")
    speaker = Speaker("Léa", "habitante", "Marqueur-le-Bas", "25529", here)

    async def work(office: Office) -> None:
        await office.do(ORGANISER, c.CorrectPerson(ELU, "Ana", "maire", "Marqueur-le-Bas", "25529", here))
        await office.do(ids.VISITOR, c.SubmitTestimony("Fibre", "Rien ici.", speaker=speaker, naming=Naming.NAME))
        await office.do(ORGANISER, c.PublishTestimony(1))
        assert not isinstance(await redact(office, "Marqueur-le-Bas"), Refused)
        kept = everything_kept(office)
        assert not [told for told in ("marqueur", "25529", "3541", "doubs") if told in kept]
        state = await office.state()
        for place in (state.people[ELU].territory, state.testimonies[1].speaker.territory):
            assert place == Territory(
                TerritoryKind.VILLAGE, population=2000, year=2025, region="R27", region_name="Bourgogne"
            )
        await check_archive(office, tmp_path)

    run(f"sqlite:///{tmp_path / 'pleniere.sqlite'}", tmp_path, work)
