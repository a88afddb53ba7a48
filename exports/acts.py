"""An entry of the record as a French sentence: who did what, without the content where it is not public."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from deliberation.kernel import events as e
from deliberation.kernel import ids
from deliberation.kernel.state import State
from deliberation.kernel.vocabulary import ClauseChange, Hands, NodeChange, rectified
from exports import french_labels, moments
from exports.markdown import shorten


def words(state: State, recorded: e.Recorded) -> str:
    """The sentence of an entry; `state` gives the names."""
    said = f"{french_labels.person(state, recorded.actor)} {_said(state, recorded)}"
    return said if said.endswith((".", "!", "?", "…")) else f"{said}."


def _said(state: State, recorded: e.Recorded) -> str:
    if recorded.event is None:
        plain = WITHOUT_CONTENT.get(recorded.kind, "a agi sur « {document} »")
        return plain.format(document=subject(recorded.document))
    if isinstance(recorded.event, e.BallotCast) and recorded.event.voter != recorded.actor:
        return _by_proxy(state, recorded.event)
    return WORDS[type(recorded.event)](state, recorded.event)


def _by_proxy(state: State, event: e.BallotCast) -> str:
    choice, giver = french_labels.CHOICES[event.choice].lower(), french_labels.person(state, event.voter)
    return f"a voté {choice} par pouvoir, au nom de {giver}, dans le scrutin {event.poll}"


def subject(document: str) -> str:
    """`amendement-3` as « l’amendement 3 »."""
    try:
        kind, number = ids.split(document)
    except ValueError:
        return document
    return f"{SUBJECTS.get(kind, kind)} {number}"


SUBJECTS = {
    ids.TESTIMONY: "le témoignage",
    ids.EXCERPT: "l’extrait",
    ids.MAP: "la carte",
    ids.MOTION: "la motion",
    ids.REMARK: "la remarque",
    ids.AMENDMENT: "l’amendement",
    ids.POLL: "le scrutin",
    ids.ELECTION: "l’élection",
    ids.RESULT: "le résultat importé",
    ids.PROXY: "le pouvoir",
    ids.COLLEGE: "le collège",
    ids.REDACTION: "le caviardage",
    ids.DISCUSSION: "la discussion commune",
}

WITHOUT_CONTENT = {
    e.TestimonySubmitted.kind: "a déposé {document}",
    e.ExcerptQuoted.kind: "a cité un passage : {document}",
    e.BallotCast.kind: "a voté dans {document}",
    e.TextWritten.kind: "a écrit à huis clos dans {document}",
    e.HandsCounted.kind: "a compté les mains levées dans {document}",
    e.RemarkMade.kind: "a fait {document}",
    e.ActorBound.kind: "a donné un nom à une personne",
}


def _quoted(text: str, limit: int = 80) -> str:
    return f"« {shorten(' '.join(text.split()), limit)} »"


def _count(n: int, one: str, many: str) -> str:
    return f"{n} {one if n < 2 else many}"


def _changes(changes: Sequence[ClauseChange] | Sequence[NodeChange], one: str, many: str) -> list[str]:
    added = sum(change.before is None for change in changes)
    removed = sum(change.after is None for change in changes)
    kept = len(changes) - added - removed
    figures = ((added, "ajoutée"), (kept, "modifiée"), (removed, "supprimée"))
    return [f"{_count(n, one, many)} {verb}{'s' if n > 1 else ''}" for n, verb in figures if n > 0]


def _written(state: State, event: e.TextWritten) -> str:
    parts = _changes(event.changes, "clause", "clauses")
    if event.title is not None:
        parts.insert(0, f"titre {_quoted(event.title)}")
    if event.order is not None and not event.changes:
        parts.append("clauses déplacées")
    return f"a écrit dans la motion {event.motion}" + (f" : {', '.join(parts)}" if parts else "")


def _remarked(state: State, event: e.RemarkMade) -> str:
    what = "suggéré d’autres mots" if event.proposal is not None else "répondu" if event.reply_to else "commenté"
    said = f" : {_quoted(event.text, 120)}" if event.text else ""
    return f"a {what} dans la motion {event.motion} (remarque {event.remark}){said}"


REMARKS = {"open": "rouvert", "resolved": "classé", "accepted": "accepté", "declined": "écarté"}


def _drawn(state: State, event: e.MapDrawn) -> str:
    parts = _changes(event.changes, "idée", "idées")
    new = next((change.after.text for change in event.changes if change.before is None and change.after), "")
    shown = f", dont {_quoted(new, 60)}" if new else ""
    return f"a dessiné sur la carte {event.map}" + (f" : {', '.join(parts)}{shown}" if parts else "")


def _frozen(state: State, event: e.TextFrozen) -> str:
    merged = f" avec les amendements adoptés {', '.join(map(str, event.adopted))}" if event.adopted else ""
    return f"a gelé la version {event.version} de la motion {event.motion}{merged} (empreinte {event.hash[:12]}…)"


def _phase(state: State, event: e.PhaseSet) -> str:
    zone = state.settings.timezone if state.settings else ""
    name = french_labels.PHASES[event.phase].lower()
    if event.opens is None:
        return f"a laissé sans date la phase « {name} »"
    until = f", jusqu’au {moments.moment(event.closes, zone)}" if event.closes else ""
    return f"a fixé la phase « {name} » à partir du {moments.moment(event.opens, zone)}{until}"


def _bound(state: State, event: e.ActorBound) -> str:
    about = ", ".join(part for part in (event.mandate, event.collectivity) if part)
    return f"a inscrit {event.name}" + (f" ({about})" if about else "")


def _tabled(state: State, event: e.AmendmentTabled) -> str:
    if event.parent is not None:
        return f"a déposé le sous-amendement {event.amendment} à l’amendement {event.parent}"
    late = " après la date limite" if event.late_reason else ""
    return f"a déposé l’amendement {event.amendment} sur la motion {event.motion}{late}"


def _settled(state: State, event: e.AmendmentSettled) -> str:
    outcome = french_labels.AMENDMENTS[event.outcome.value].lower()
    return f"a constaté le sort de l’amendement {event.amendment} : {outcome} — {shorten(event.reason, 200)}"


def _opened(state: State, event: e.PollOpened) -> str:
    again = f", seconde convocation du scrutin {event.second_call_of}" if event.second_call_of else ""
    asked = f"{shorten(event.question, 160)} ({len(event.electorate)} inscrits)"
    return f"a ouvert le scrutin {event.poll}{again} : {asked}"


def _presided(state: State, chair: str) -> str:
    return f", présidée par {french_labels.person(state, chair)}" if chair else ", sans présidence désignée"


def _raised(shown: Hands) -> str:
    abstain = _count(shown.abstain, "abstention", "abstentions")
    return f"{shown.in_favour} pour, {shown.against} contre, {abstain}, {shown.present} présents"


def _closed(state: State, event: e.PollClosed) -> str:
    t = event.tally
    if event.votes:
        named = zip(state.polls[event.poll].candidates, event.votes, strict=False)
        votes = ", ".join(f"{french_labels.person(state, person)} {n} voix" for person, n in named)
        return f"a clos le scrutin {event.poll} : {votes}, {_count(t.abstain, 'blanc', 'blancs')}"
    counts = f"{t.in_favour} pour, {t.against} contre, {_count(t.abstain, 'abstention', 'abstentions')}"
    verdict = ("adopté" if t.carried else "rejeté") if t.quorum_met else "quorum non atteint"
    return f"a clos le scrutin {event.poll} : {counts} — {verdict}"


def _redacted(state: State, event: e.Redacted) -> str:
    entries = _count(len(event.targets), "entrée", "entrées")
    by = french_labels.person(state, event.proposed_by)
    return f"a décidé le caviardage {event.redaction} ({entries}), proposé par {by} : {shorten(event.ground, 200)}"


def _moderated(verb: str) -> Callable[[State, Any], str]:
    return lambda state, event: f"a {verb} le témoignage {event.testimony} : {shorten(event.reason, 200)}"


WORDS: dict[type[e.Event], Callable[[State, Any], str]] = {
    e.CongressCreated: lambda s, x: f"a ouvert {_quoted(x.title)}",
    e.CongressChanged: lambda s, x: "a changé les réglages du congrès",
    e.PhaseSet: _phase,
    e.RemarkMade: _remarked,
    e.RemarkSettled: lambda s, x: f"a {REMARKS[x.status]} la remarque {x.remark}",
    e.DraftingSecluded: lambda s, x: "a ouvert le huis clos de la rédaction",
    e.DraftingPublished: lambda s, x: "a publié ce qui a été écrit à huis clos",
    e.PersonAdmitted: lambda s, x: f"a admis {x.person} ({french_labels.ROLES[x.role].lower()})",
    e.ActorBound: _bound,
    e.PersonRevoked: lambda s, x: f"a retiré l’accès de {french_labels.person(s, x.person)} : {shorten(x.reason, 200)}",
    e.TestimonySubmitted: lambda s, x: (
        f"a déposé le témoignage {x.testimony}" + (f" {_quoted(x.title)}" if x.title else "")
    ),
    e.TestimonyPublished: lambda s, x: f"a publié le témoignage {x.testimony}",
    e.TestimonySetAside: _moderated("écarté"),
    e.TestimonyHidden: _moderated("masqué"),
    e.TestimonyRestored: _moderated("rétabli"),
    e.ExcerptQuoted: lambda s, x: f"a cité le témoignage {x.testimony} (extrait {x.excerpt}) : {_quoted(x.quote, 120)}",
    e.MapCreated: lambda s, x: f"a créé la carte {x.map} {_quoted(x.title)}",
    e.MapDrawn: _drawn,
    e.MotionCreated: lambda s, x: f"a créé la motion {x.motion} {_quoted(x.title)}",
    e.TextWritten: _written,
    e.TextFrozen: _frozen,
    e.MotionReopened: lambda s, x: f"a rouvert la rédaction de la motion {x.motion} : {shorten(x.reason, 200)}",
    e.MotionDecided: lambda s, x: (
        f"a constaté que la motion {x.motion}, version {x.version}, est {'adoptée' if x.adopted else 'rejetée'}"
        f" (scrutin {x.poll})"
    ),
    e.AmendmentTabled: _tabled,
    e.AmendmentWorded: lambda s, x: f"a écrit les mots exacts de l’amendement {x.amendment}",
    e.AmendmentRectified: lambda s, x: (
        f"a rectifié son amendement, qui porte le numéro {x.amendment} {rectified(x.rectification)}"
    ),
    e.AmendmentSigned: lambda s, x: f"a cosigné l’amendement {x.amendment}",
    e.AmendmentUnsigned: lambda s, x: f"a retiré sa signature de l’amendement {x.amendment}",
    e.AmendmentAmended: lambda s, x: (
        f"a porté dans l’amendement {x.amendment} les sous-amendements adoptés {', '.join(map(str, x.adopted))}"
    ),
    e.AmendmentWithdrawn: lambda s, x: (
        f"a retiré l’amendement {x.amendment}" + (f" : {shorten(x.reason, 200)}" if x.reason else "")
    ),
    e.AmendmentAdmitted: lambda s, x: f"a jugé recevable l’amendement {x.amendment}",
    e.AmendmentSettled: _settled,
    e.OpinionGiven: lambda s, x: (
        f"a donné un avis sur l’amendement {x.amendment} : {french_labels.OPINIONS.get(x.opinion, x.opinion).lower()}"
    ),
    e.ElectorsRegistered: lambda s, x: f"a inscrit les voix de {_count(len(x.electors), 'élu', 'élus')}",
    e.CollegeSet: lambda s, x: (
        f"a composé le collège {_quoted(x.title)} ({_count(len(x.members), 'membre', 'membres')})"
    ),
    e.ProxyGiven: lambda s, x: f"a donné pouvoir à {french_labels.person(s, x.bearer)} de voter en son nom",
    e.ProxyRevoked: lambda s, x: f"a révoqué son pouvoir {x.proxy}",
    e.PollOpened: _opened,
    e.PollPaused: lambda s, x: f"a suspendu le scrutin {x.poll} : {shorten(x.reason, 200)}",
    e.PollResumed: lambda s, x: f"a repris le scrutin {x.poll}",
    e.PollCancelled: lambda s, x: f"a annulé le scrutin {x.poll} : {shorten(x.reason, 200)}",
    e.HandsCounted: lambda s, x: f"a compté les mains levées au scrutin {x.poll} : {_raised(x.hands)}",
    e.HandsRecounted: lambda s, x: f"a fait recompter les mains levées au scrutin {x.poll}",
    e.HandsDecided: lambda s, x: (
        f"a tranché entre les comptes du scrutin {x.poll} : {_raised(x.hands)} — {shorten(x.reason, 200)}"
    ),
    e.BallotSigned: lambda s, x: f"a pris part au scrutin secret {x.poll} ({french_labels.person(s, x.voter)})",
    e.BoxOpened: lambda s, x: (
        f"a ouvert l’urne du scrutin secret {x.poll} : "
        + _count(len(x.papers) // s.polls[x.poll].seats, "bulletin", "bulletins")
    ),
    e.SubjectDivided: lambda s, x: (
        f"a divisé le vote sur {subject(x.subject)} en {len(x.parts)} parties,"
        f" à la demande de {french_labels.person(s, x.asked_by)}"
    ),
    e.AmendmentReduced: lambda s, x: f"a réduit l’amendement {x.amendment} à ses parties adoptées",
    e.ElectionOpened: lambda s, x: (
        f"a ouvert l’élection {_quoted(x.office)} : {', '.join(french_labels.person(s, p) for p in x.candidates)}"
    ),
    e.PersonElected: lambda s, x: (
        f"a constaté l’élection de {french_labels.person(s, x.person)} (scrutin {x.poll})"
        + (f" — {shorten(x.reason, 200)}" if x.reason else "")
    ),
    e.ResultImported: lambda s, x: (
        f"a consigné le résultat d’un scrutin tenu ailleurs, non recompté par Plénière : {_quoted(x.title)}"
    ),
    e.BallotCast: lambda s, x: f"a voté {french_labels.CHOICES[x.choice].lower()} dans le scrutin {x.poll}",
    e.PollClosed: _closed,
    e.SubjectCalled: lambda s, x: (
        (f"a appelé {subject(x.subject)}" if x.subject else "a suspendu la discussion")
        + (f" : {shorten(x.reason, 200)}" if x.reason else "")
    ),
    e.SittingOpened: lambda s, x: f"a ouvert la séance {x.sitting}" + _presided(s, x.chair),
    e.SittingClosed: lambda s, x: f"a levé la séance {x.sitting}",
    e.SittingSuspended: lambda s, x: f"a suspendu la séance {x.sitting} : {shorten(x.reason, 200)}",
    e.SittingResumed: lambda s, x: f"a repris la séance {x.sitting}",
    e.ChairDesignated: lambda s, x: f"a changé la présidence de la séance {x.sitting}" + _presided(s, x.chair),
    e.AmendmentReserved: lambda s, x: (
        f"a réservé l’amendement {x.amendment}"
        + (f" jusqu’après l’amendement {x.after}" if x.after is not None else "")
        + f" : {shorten(x.reason, 200)}"
    ),
    e.AmendmentKept: lambda s, x: (
        f"a maintenu l’amendement {x.amendment} malgré l’adoption de l’amendement {x.because_of} :"
        f" {shorten(x.reason, 200)}"
    ),
    e.OrderChanged: lambda s, x: (
        f"a décidé d’appeler l’amendement {x.amendment} "
        + (f"avant l’amendement {x.before}" if x.before is not None else "en dernier")
        + f" : {shorten(x.reason, 200)}"
    ),
    e.DiscussionJoined: lambda s, x: (
        f"a mis en discussion commune les amendements {', '.join(map(str, x.amendments))}"
        + (f" : {shorten(x.reason, 200)}" if x.reason else "")
    ),
    e.ActReverted: lambda s, x: (
        f"a rapporté l’acte de l’entrée {x.entry} ({subject(x.subject)}) : {shorten(x.reason, 200)}"
    ),
    e.RedactionProposed: lambda s, x: f"a proposé le caviardage {x.redaction} : {shorten(x.ground, 200)}",
    e.RedactionRefused: lambda s, x: f"a refusé le caviardage {x.redaction} : {shorten(x.reason, 200)}",
    e.Redacted: _redacted,
    e.GapDeclared: lambda s, x: (
        f"a déclaré une lacune : les entrées à partir de {x.from_size} jusqu’à {x.lost_size} sont perdues"
    ),
}
