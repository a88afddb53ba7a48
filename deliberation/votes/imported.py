"""Results of Belenios elections, read from their archives (V30–V32); and those that older records state (W19)."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import replace
from hashlib import sha256

from deliberation.congress.congress import LONG, too_long
from deliberation.kernel import commands as c
from deliberation.kernel import events as e
from deliberation.kernel import ids
from deliberation.kernel.errors import N_, Refused
from deliberation.kernel.rules import Decision, Folds, Rules
from deliberation.kernel.state import OutsideResult, State
from deliberation.kernel.vocabulary import BeleniosElection, OutsideFile
from deliberation.votes import belenios
from deliberation.votes.belenios_archive import BadBelenios

WEB = re.compile(r"https?://[^\s/?#]+(?:[/?#]\S*)?", re.ASCII)
VERIFIED, REFUSED, UNFINISHED, ABSENT = "verified", "refused", "unfinished", "absent"
OUTCOMES = (VERIFIED, REFUSED, UNFINISHED, ABSENT)
"""What `belenios-tool` said of an archive: unfinished if it took too long, absent if it is not installed."""
MOST_TOOL = 100
"""The longest version text of `belenios-tool`, in characters."""

WHY = {
    "too_large": N_("Cette archive dépasse {why} Mo."),
    "too_many": N_("Cette archive compte plus de {why} éléments."),
    "not_belenios": N_("Ce fichier n’est pas une archive Belenios (.bel)."),
    "version": N_("Cette archive est d’une version de Belenios qui n’est pas lue ici."),
    "name": N_("Cette archive contient un élément étranger à Belenios : « {why} »."),
    "digest": N_("Un élément de l’archive n’a pas l’empreinte que dit son nom : {why}."),
    "twice": N_("Un élément de l’archive s’y trouve deux fois : {why}."),
    "missing": N_("Il manque à l’archive l’élément d’empreinte {why}."),
    "cut": N_("Cette archive est incomplète : « {why} » est coupé."),
    "json": N_("Un élément de l’archive n’est pas du JSON utilisable."),
    "event": N_("Un événement de l’archive n’est pas lisible : {why}."),
    "chain": N_("Les événements de l’archive ne s’enchaînent pas : le n° {why} ne suit pas le précédent."),
    "order": N_("Les événements de l’archive ne sont pas ceux d’une élection, de son ouverture à son résultat."),
    "no_result": N_("Cette élection n’a pas encore de résultat : importez son archive une fois dépouillée."),
    "election": N_("La description de l’élection n’est pas lisible dans l’archive."),
    "credentials": N_("La liste des clés publiques de vote n’est pas lisible dans l’archive."),
    "trustees": N_("Les autorités de déchiffrement ne sont pas lisibles dans l’archive."),
    "ballots": N_("Les bulletins de l’archive ne sont pas ceux qu’elle compte."),
    "question": N_("Une question de cette élection est d’une forme qui n’est pas lue ici. {why}"),
    "result": N_("Le résultat de l’archive ne répond pas à ses questions."),
    "text": N_("Un titre, une question ou un nom manque dans l’archive."),
}
"""Why an archive is refused, by the code of `BadBelenios`."""


def record(state: State, request: c.Request, command: c.ImportBelenios, now: str) -> Decision:
    if not WEB.fullmatch(command.url):
        return Refused(
            "result.no_address", "Donnez l’adresse publique de ce scrutin, en http ou https (règle V30).", "url"
        )
    if refused := too_long(command.url, "url", 2000) or too_long(command.comment, "comment", LONG):
        return refused
    archive = decoded(command.archive)
    if archive is None:
        return _refuse(BadBelenios("not_belenios"))
    try:
        election = belenios.read(archive)
    except BadBelenios as error:
        return _refuse(error)
    digest = sha256(archive).hexdigest()
    if same := [n for n, x in state.results.items() if x.election and any(f.sha256 == digest for f in x.files)]:
        return Refused(
            "result.again",
            "Cette archive est déjà importée : résultat n° {number} (règle V30).",
            "archive",
            {"number": same[0]},
        )
    number = len(state.results) + 1
    imported = e.BeleniosImported(number, command.url, command.comment.strip(), election, digest, len(archive))
    return imported, e.ResultArchived(number, command.archive)


def decoded(archive: str) -> bytes | None:
    """The bytes of an archive given in base64; None if the base64 is invalid. `belenios.read` bounds the size (V30)."""
    try:
        return base64.b64decode(archive, validate=True)
    except (binascii.Error, ValueError):
        return None


def _refuse(error: BadBelenios) -> Refused:
    return Refused(f"belenios.{error.code}", WHY[error.code], "archive", {"why": error.why})


def check(state: State, request: c.Request, command: c.RecordBeleniosCheck, now: str) -> Decision:
    result = state.results.get(command.result)
    if result is None or result.election is None:
        return Refused("result.not_found", "Ce résultat n’existe pas, ou n’a pas d’archive.", "result")
    if result.checked:
        return Refused("result.checked", "Ce résultat a déjà été vérifié.", "result")
    if command.outcome not in OUTCOMES or len(command.tool) > MOST_TOOL:
        return Refused("result.bad_check", "Cette vérification n’est pas utilisable.", "outcome")
    return (e.BeleniosChecked(result.number, command.outcome, command.tool.strip()),)


def archive_name(result: int) -> str:
    """The file name under which the archive of a result is offered."""
    return f"{ids.RESULT}-{result}.bel"


def differs(event: e.BeleniosImported, archive: bytes, masked: bool = False) -> bool:
    """Whether an entry states something else than the archive that it refers to (V31). With `masked`, words were masked
    in the entry, and only figures are compared.
    """
    try:
        found = belenios.read(archive)
    except BadBelenios:
        return True
    known = (event.sha256, event.size) == (sha256(archive).hexdigest(), len(archive))
    return not known or (_figures(found) != _figures(event.election) if masked else found != event.election)


def _figures(election: BeleniosElection) -> tuple[object, ...]:
    votes = tuple(count.votes for question in election.questions for count in question.counts)
    keys = tuple(trustee.key for trustee in election.trustees)
    prints = election.fingerprint, election.credentials_fingerprint
    return election.credentials, election.ballots, election.voters, election.threshold, votes, keys, prints


def on_imported(state: State, r: e.Recorded, event: e.ResultImported) -> State:
    """Adds a result as records of earlier versions state it, without an archive to check it against (W19)."""
    stated = (event.title, event.url, event.uuid, event.voters, event.counts, event.files, event.comment)
    return _with(state, OutsideResult(event.result, *stated, recorded=r.time, recorded_by=r.actor))


def on_read(state: State, r: e.Recorded, event: e.BeleniosImported) -> State:
    election = event.election
    file = OutsideFile(archive_name(event.result), event.size, event.sha256)
    result = OutsideResult(
        event.result,
        election.title,
        event.url,
        election.uuid,
        election.voters,
        belenios.counts(election),
        (file,),
        event.comment,
        recorded=r.time,
        recorded_by=r.actor,
        election=election,
    )
    return _with(state, result)


def on_archived(state: State, r: e.Recorded, event: e.ResultArchived | None) -> State:
    result = state.results[ids.split(r.document)[1]]
    return _with(state, replace(result, archived=r.index))


def on_checked(state: State, r: e.Recorded, event: e.BeleniosChecked) -> State:
    return _with(state, replace(state.results[event.result], checked=event.outcome, tool=event.tool))


def _with(state: State, result: OutsideResult) -> State:
    return replace(state, results={**state.results, result.number: result})


DECIDE: Rules = {c.ImportBelenios: record, c.RecordBeleniosCheck: check}
EVOLVE: Folds = {
    e.ResultImported: on_imported,
    e.BeleniosImported: on_read,
    e.ResultArchived: on_archived,
    e.BeleniosChecked: on_checked,
}
