"""Builds records in memory for tests: a log of events or commands, its key, its files, and forged variants."""

from __future__ import annotations

import io
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from deliberation.decide import decide
from deliberation.evolve import evolve
from deliberation.kernel import codec, ids
from deliberation.kernel import commands as c
from deliberation.kernel import events as e
from deliberation.kernel.errors import Refused
from deliberation.kernel.state import State
from deliberation.kernel.vocabulary import Aim, Choice, ClauseChange, ClauseKind, Draft, Phase, Role
from deliberation.record import canonical, checkpoint, entry, note, payloads, tree
from deliberation.record.report import Report
from deliberation.record.verify import PREFIX, recorded, verify
from deliberation.session.in_camera import public_state
from exports import archive, restitution
from exports.container import Container
from exports.dossier import Seal

ORIGIN = "exemple.fr/c/essai/registre"
ORGANISER, ELU, SECOND = "p1", "p2", "p5"
Files = dict[str, bytes]


def signer(name: str = ORIGIN, seed: bytes = b"s" * 32) -> note.Signer:
    """A signer whose key is derived from a seed."""
    private = Ed25519PrivateKey.from_private_bytes(seed)
    return note.Signer(note.Key(name, private.public_key().public_bytes_raw()), private.sign)


def moment(index: int) -> str:
    """The instant for an index: one per second."""
    minutes, seconds = divmod(index, 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    return f"2026-11-{days + 1:02}T{hours:02}:{minutes:02}:{seconds:02}.000Z"


class Log:
    """A record that grows by events or commands. Tests may tamper with `entries[i]` and `payloads[i]`."""

    def __init__(self, signer_: note.Signer | None = None) -> None:
        self.signer = signer_ or signer()
        self.entries: list[bytes] = []
        self.payloads: list[payloads.Payload | None] = []
        self.notes: list[str] = []
        self.state = State()

    @property
    def size(self) -> int:
        return len(self.entries)

    def note(self, actor: str, event: e.Event, time: str = "") -> int:
        """Records an event without checking or folding it; returns the index of its entry."""
        index = self.size
        salt = sha256(b"salt %d" % index).digest()
        data = canonical.encode(codec.encode(event))
        time = time or moment(index)
        appended = entry.Entry(index, time, actor, event.kind, event.document, entry.commitment(salt, data))
        self.entries.append(appended.encode())
        self.payloads.append(payloads.Payload(salt, data))
        return index

    def apply(self, actor: str, event: e.Event) -> int:
        """Records an event and folds it into `state`; returns the index of its entry."""
        index = self.note(actor, event)
        self.state = evolve(self.state, e.Recorded(index, moment(index), actor, event.kind, event.document, event))
        return index

    def do(self, actor: str, command: c.Command) -> int:
        """Records the events that follow from a command, which must not be refused; returns the index of the first
        entry.
        """
        decided = decide(self.state, c.Request("", "essai", actor, command), moment(self.size))
        assert not isinstance(decided, Refused), decided
        first, *_ = [self.apply(actor, event) for event in decided]
        return first

    def sign(self) -> str:
        """Signs a checkpoint of the present size, adds it to `notes`, and returns it."""
        root = tree.root_of(tree.leaf_hash(leaf) for leaf in self.entries)
        signed = checkpoint.sign(checkpoint.Checkpoint(self.signer.key.name, self.size, root), self.signer)
        if self.notes and int(self.notes[-1].split("\n")[1]) == self.size:
            self.notes.pop()
        self.notes.append(signed)
        return signed

    def record(self) -> archive.Record:
        """The record under its newest checkpoint, without content that is not public."""
        public = public_state(self.state)
        hidden = public.withheld.keys() | public.redacted.keys()
        pairs = archive.public(zip(self.entries, self.payloads, strict=True), hidden)
        return archive.Record(self.signer.key, self.notes[-1], self.notes[:-1], pairs)

    def files(self) -> Files:
        """The files of the record by path without the prefix `record/`, under a new checkpoint."""
        self.sign()
        return {path.removeprefix(PREFIX): data for path, data in archive.record_files(self.record())}

    def derived(self) -> Files:
        """All other files of the archive by path, made from the public content."""
        files = self.files()
        signed = self.notes[-1]
        seal = Seal(signed, self.size, signed.split("\n")[2], self.signer.key.vkey)
        return restitution.of_public(lambda: recorded(files.get, self.size), frozenset(), seal)

    def zip(self, files: Mapping[str, bytes], program: str = "un autre programme") -> bytes:
        """The archive of the record with these other files; `program` is the version that the manifest names as their
        maker.
        """
        self.sign()
        target = io.BytesIO()
        archive.write_archive(target, self.record(), files, self.signer, program)
        return target.getvalue()


def check(files: Files, **options: object) -> Report:
    return verify(files.get, **options)  # type: ignore[arg-type]


def codes(report: Report) -> set[str]:
    return {finding.code for finding in report.findings}


def opened(log: Log) -> Log:
    """Creates in `log` a congress with two organisers (p1, p5), élus (p2, p3, p4), and every phase open; returns
    `log`.
    """
    log.do(ids.CONGRESS, c.CreateCongress("essai", "Essai", ORIGIN, fictional=True))
    people = (("Odile", Role.ORGANISER), ("Élise", Role.ELU), ("Émile", Role.ELU), ("Ève", Role.ELU))
    for name, role in (*people, ("Octave", Role.ORGANISER)):
        log.do(ids.CONGRESS, c.InvitePerson(name, role, "maire" if role is Role.ELU else ""))
    for phase in Phase:
        log.do(ORGANISER, c.SetPhase(phase, moment(0), None))
    return log


def spoken(log: Log, text: str = "La fibre s’arrête au bourg.") -> int:
    """Adds a published testimony; returns the index of the entry of its submission."""
    index = log.do(ELU, c.SubmitTestimony("Fibre", text))
    log.do(ORGANISER, c.PublishTestimony(len(log.state.testimonies)))
    return index


def drafted(log: Log) -> None:
    """Adds motion 1 with three clauses, written by an élue."""
    log.do(ELU, c.CreateMotion("Le numérique pour tous"))
    texts = {
        "visa000001": Draft(ClauseKind.VISA, "Vu la loi,"),
        "cons000001": Draft(ClauseKind.CONSIDERANT, "Considérant que la fibre manque,"),
        "dema000001": Draft(ClauseKind.DEMANDE, "Demande la fibre avant 2028."),
    }
    changes = tuple(ClauseChange(id_, None, draft) for id_, draft in texts.items())
    log.do(ELU, c.WriteText(1, "AAA=", (7,), changes, order=tuple(texts)))


def voted(log: Log, subject: str, *choices: Choice) -> None:
    log.do(ORGANISER, c.OpenPoll(subject))
    for voter, choice in zip(("p2", "p3", "p4"), choices, strict=False):
        log.do(voter, c.CastBallot(len(log.state.polls), choice))
    log.do(ORGANISER, c.ClosePoll(len(log.state.polls)))


def redacted(log: Log, target: str) -> int:
    """Adds a redaction, proposed by one organiser and decided by the other; returns the index of the entry of the
    decision.
    """
    log.do(ORGANISER, c.ProposeRedaction(target, "RGPD, article 17", "Une personne privée y est nommée."))
    return log.do(SECOND, c.DecideRedaction(len(log.state.redactions), True))


def whole() -> Log:
    """A small congress from its creation to the vote on the whole, with absent content of every kind."""
    log = opened(Log())
    spoken(log)
    spoken(log, "Une visite par semaine ne suffit pas.")
    spoken(log, "Mon voisin Untel a tout perdu.")
    log.sign()
    log.do("p3", c.SubmitTestimony("En attente", "Pas encore lu."))
    log.do(ORGANISER, c.HideTestimony(2, "À vérifier"))
    redacted(log, "temoignage-3")
    drafted(log)
    log.do(ORGANISER, c.FreezeMotion(1))
    log.do("p2", c.TableAmendment(1, Aim.REWRITE, "dema000001", "Demande la fibre avant 2027.", "Plus tôt"))
    log.do("p3", c.TableAmendment(1, Aim.INSERT, "dema000001", "Demande des aidants.", "", "demande"))
    log.sign()
    voted(log, "amendement-1", Choice.FOR, Choice.FOR, Choice.AGAINST)
    voted(log, "amendement-2", Choice.AGAINST, Choice.FOR, Choice.AGAINST)
    voted(log, "motion-1", Choice.FOR, Choice.FOR)
    return log


def long(size: int, mark_every: int = 100) -> Log:
    """A record of `size` entries with a checkpoint every `mark_every` entries."""
    log = Log()
    for index in range(size):
        if index == 0:
            log.apply(ids.CONGRESS, e.CongressCreated("essai", "Essai", "", "", ORIGIN))
        else:
            log.apply(ORGANISER, e.CongressChanged(f"Essai {index}", "", "", True))
        if log.size % mark_every == 0 and log.size < size:
            log.sign()
    return log


def unpacked(zipped: bytes, folder: Path) -> Path:
    """Unpacks an archive into a folder, which it returns."""
    container = Container(io.BytesIO(zipped))
    for name in container.names():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(container.read(name) or b"")
    return folder
