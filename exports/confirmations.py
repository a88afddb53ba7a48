"""What was done, in a few words that name the act, for whoever just did it: `done(words, state, recorded)`.

The narrator tells the same entries in whole sentences, with who acted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from deliberation.kernel import events as e
from deliberation.kernel.state import State
from exports import labels
from exports.narrator import Telling
from exports.translations import N_, Translator

RECORDED = N_("C’est enregistré.")
"""For entries whose content may not be shown, where the act has no other words."""
MOST = 3
"""The number of acts named in one confirmation; further ones are counted."""

_FIELD = re.compile(r"{(\w+)}")

ACTS: Mapping[type[e.Event], str] = {
    e.CongressCreated: N_("Congrès « {title} » créé."),
    e.CongressChanged: N_("Présentation et règles du congrès enregistrées."),
    e.CongressIdentified: N_("Identité du congrès enregistrée."),
    e.PhaseSet: N_("Étape {phase} : dates enregistrées."),
    e.PersonAdmitted: N_("{person} : entrée dans le congrès enregistrée."),
    e.ActorBound: N_("Nom enregistré."),
    e.PersonRevoked: N_("{person} : accès retiré."),
    e.TestimonySubmitted: N_("Témoignage n° {n} déposé."),
    e.TestimonyPublished: N_("Témoignage n° {n} publié."),
    e.TestimonySetAside: N_("Témoignage n° {n} écarté."),
    e.TestimonyHidden: N_("Témoignage n° {n} masqué."),
    e.TestimonyRestored: N_("Témoignage n° {n} rétabli."),
    e.TestimonyRevised: N_("Témoignage n° {n} : changement de son auteur enregistré."),
    e.TestimonyRestated: N_("Témoignage n° {n} : ce qu’il dit désormais est enregistré."),
    e.ExcerptQuoted: N_("Extrait n° {n} cité."),
    e.MapCreated: N_("Carte n° {n} créée."),
    e.MapDrawn: N_("Carte n° {n} : modifications enregistrées."),
    e.MotionCreated: N_("Motion n° {n} ouverte."),
    e.MotionTakenUp: N_("Texte proposé repris : motion n° {n}."),
    e.TextWritten: N_("Motion n° {n} : modifications enregistrées."),
    e.RemarkMade: N_("Remarque n° {n} enregistrée."),
    e.DraftingSecluded: N_("Huis clos ouvert jusqu’au {until}."),
    e.DraftingPublished: N_("Huis clos terminé : tout ce qui a été écrit est public."),
    e.SittingInCamera: N_("Séance n° {n} à huis clos jusqu’au {until}."),
    e.SittingPublished: N_("Huis clos de la séance terminé : tout ce qui s’y est fait est public."),
    e.TextRenumbered: N_("Motion n° {n} renumérotée : version {version}."),
    e.MotionReopened: N_("Motion n° {n} rouverte."),
    e.AmendmentTabled: N_("Amendement n° {n} déposé."),
    e.AmendmentTranscribed: N_("Amendement sur papier transcrit (transcription n° {n})."),
    e.TranscriptionConfirmed: N_("Transcription n° {n} confirmée."),
    e.TranscriptionRefused: N_("Transcription n° {n} refusée."),
    e.AmendmentWorded: N_("Amendement n° {n} : mots exacts enregistrés."),
    e.AmendmentRectified: N_("Amendement n° {n} rectifié."),
    e.AmendmentSigned: N_("Amendement n° {n} cosigné."),
    e.AmendmentUnsigned: N_("Amendement n° {n} : signature retirée."),
    e.AmendmentAmended: N_("Amendement n° {n} : sous-amendements adoptés intégrés."),
    e.AmendmentWithdrawn: N_("Amendement n° {n} retiré."),
    e.AmendmentAdmitted: N_("Amendement n° {n} déclaré recevable."),
    e.AmendmentSettled: N_("Amendement n° {n} : {outcome}."),
    e.AmendmentTakenOver: N_("Amendement n° {n} repris."),
    e.AmendmentReserved: N_("Amendement n° {n} réservé."),
    e.AmendmentKept: N_("Amendement n° {n} maintenu en discussion."),
    e.AmendmentReduced: N_("Amendement n° {n} réduit aux parties adoptées."),
    e.OpinionGiven: N_("Amendement n° {n} : avis enregistré."),
    e.PositionTaken: N_("Amendement n° {n} : position enregistrée."),
    e.RapporteurNamed: N_("Motion n° {n} : rapporteur enregistré."),
    e.OrderChanged: N_("Amendement n° {n} : place dans l’appel changée."),
    e.OrderArranged: N_("Motion n° {n} : ordre d’appel rangé."),
    e.IdenticalDeclared: N_("Amendements déclarés identiques."),
    e.DiscussionJoined: N_("Amendements mis en discussion commune."),
    e.ElectorsRegistered: N_("Liste électorale enregistrée."),
    e.CollegeSet: N_("Collège « {title} » enregistré."),
    e.ProxyGiven: N_("Pouvoir donné à {bearer}."),
    e.ProxyRevoked: N_("Pouvoir n° {n} révoqué."),
    e.PollOpened: N_("Scrutin n° {n} ouvert."),
    e.BallotCast: N_("Scrutin n° {n} : vote enregistré."),
    e.BallotSigned: N_("Scrutin n° {n} : émargement et bulletin secret enregistrés."),
    e.SlipEntered: N_("Scrutin n° {n} : bulletin signé saisi."),
    e.SlipConfirmed: N_("Scrutin n° {n} : bulletin signé n° {slip} confirmé."),
    e.SlipRefused: N_("Scrutin n° {n} : bulletin signé n° {slip} refusé."),
    e.PollClosed: N_("Scrutin n° {n} clos."),
    e.PollPaused: N_("Scrutin n° {n} suspendu."),
    e.PollResumed: N_("Scrutin n° {n} repris."),
    e.PollCancelled: N_("Scrutin n° {n} annulé."),
    e.BoxOpened: N_("Scrutin n° {n} : urne ouverte."),
    e.HandsCounted: N_("Scrutin n° {n} : compte des mains levées enregistré."),
    e.HandsRecounted: N_("Scrutin n° {n} : nouveau compte demandé."),
    e.HandsDecided: N_("Scrutin n° {n} : compte tranché."),
    e.SubjectDivided: N_("Vote divisé."),
    e.ElectionOpened: N_("Élection « {office} » ouverte."),
    e.PersonElected: N_("{person} : élection enregistrée."),
    e.ResultImported: N_("Résultat d’un scrutin tenu ailleurs consigné."),
    e.BeleniosImported: N_("Archive Belenios importée (résultat n° {n})."),
    e.ResultArchived: N_("Archive du résultat n° {n} déposée."),
    e.BeleniosChecked: N_("Résultat n° {n} vérifié."),
    e.SittingOpened: N_("Séance n° {sitting} ouverte."),
    e.SittingClosed: N_("Séance n° {sitting} levée."),
    e.SittingSuspended: N_("Séance n° {sitting} suspendue."),
    e.SittingResumed: N_("Séance n° {sitting} reprise."),
    e.ChairTaken: N_("Présidence de la séance n° {sitting} prise."),
    e.AttendanceSignedIn: N_("Présence à la séance n° {sitting} signée : {person}."),
    e.AttendanceLeft: N_("Départ de la séance n° {sitting} noté : {person}."),
    e.AttendanceCalledOver: N_("Appel de la séance n° {sitting} enregistré."),
    e.SpeakerAsked: N_("Parole demandée ({purpose})."),
    e.SpeakerWithdrawn: N_("Demande de parole retirée."),
    e.SpeakerCalled: N_("Parole donnée à {person}."),
    e.SpeakerEnded: N_("Fin de la parole de {person}."),
    e.SpeakerMoved: N_("{person} : place dans la liste des orateurs changée."),
    e.SpeakersClosed: N_("Liste des orateurs close."),
    e.SpeakersReopened: N_("Liste des orateurs rouverte."),
    e.SpeakingRuleSet: N_("Règle de la parole enregistrée."),
    e.AgendaSet: N_("Ordre du jour enregistré."),
    e.AgendaItemBegun: N_("Point « {title} » commencé."),
    e.ScreenShown: N_("Écran : {mode}."),
    e.ActReverted: N_("Acte de l’écriture n° {entry} rapporté."),
    e.RedactionProposed: N_("Caviardage n° {n} proposé."),
    e.RedactionRefused: N_("Caviardage n° {n} refusé."),
    e.Redacted: N_("Contenu effacé."),
    e.WordsRedacted: N_("Mots masqués."),
    e.GapDeclared: N_("Écritures perdues déclarées."),
    e.ClockCorrected: N_("Heure du registre corrigée."),
}
"""What was done, by the kind of event. Fields are those of the event in words, and `n`, the document's number."""

SETTLED = {
    "open": N_("Remarque n° {n} rouverte."),
    "resolved": N_("Remarque n° {n} classée."),
    "accepted": N_("Suggestion n° {n} acceptée."),
    "declined": N_("Suggestion n° {n} écartée."),
}


def _frozen(t: Telling) -> str:
    if t.event.adopted:
        return N_("Motion n° {n} : amendements adoptés intégrés, version {version}.")
    return N_("Texte de la motion n° {n} gelé : version {version}.")


VARIED: Mapping[type[e.Event], Callable[[Telling], str]] = {
    e.TextFrozen: _frozen,
    e.MotionDecided: lambda t: N_("Motion n° {n} adoptée.") if t.event.adopted else N_("Motion n° {n} rejetée."),
    e.RemarkSettled: lambda t: SETTLED.get(t.event.status, SETTLED["resolved"]),
    e.SubjectCalled: lambda t: N_("En discussion : {subject}.") if t.event.subject else N_("Discussion suspendue."),
    e.ChairDesignated: lambda t: N_("Présidence confiée à {chair}.") if t.event.chair else N_("Présidence retirée."),
    e.DeputyNamed: lambda t: N_("Suppléance confiée à {deputy}.") if t.event.deputy else N_("Suppléance retirée."),
}
"""Acts whose words depend on more than their kind."""

_IN_WORDS: Mapping[str, Callable[[Telling, Any], object]] = {
    "phase": lambda t, phase: t.words(labels.PHASES[phase]),
    "outcome": lambda t, outcome: t.words(labels.AMENDMENT_STATUSES[outcome.value]).lower(),
    "purpose": lambda t, purpose: t.words(labels.PURPOSES[purpose]).lower(),
    "mode": lambda t, mode: t.words(labels.SCREEN_MODES[mode]),
    "until": lambda t, until: t.moment(until),
    "subject": lambda t, subject: t.subject(subject),
    **dict.fromkeys(("person", "bearer", "chair", "deputy"), lambda t, person: t.name_of(person)),
    **dict.fromkeys(("title", "office", "sitting", "version", "slip", "entry"), lambda t, value: value),
}
"""How the value of a field of an event is said."""


def done(words: Translator, state: State, recorded: e.Recorded) -> str:
    """What was done. `recorded` has an event of None if its reader may not see the content."""
    t = Telling(words, state, recorded, recorded.event)
    message = _message(t)
    fields = _FIELD.findall(message)
    if not all(name == "n" or hasattr(t.event, name) for name in fields):
        return words(RECORDED)
    return words(message, **{name: _said(t, name) for name in fields})


def _message(t: Telling) -> str:
    kind = e.KINDS.get(t.recorded.kind)
    if kind is None:
        return RECORDED
    if varied := VARIED.get(kind):
        return varied(t) if t.event is not None else RECORDED
    return ACTS.get(kind, RECORDED)


def _said(t: Telling, name: str) -> object:
    return t.number if name == "n" else _IN_WORDS[name](t, getattr(t.event, name))


def all_done(words: Translator, state: State, recorded: Iterable[e.Recorded]) -> str:
    """The acts of one command in a few words: each once, at most `MOST`, then how many more there are."""
    said = list(dict.fromkeys(done(words, state, each) for each in recorded))
    more = len(said) - MOST
    if more > 0:
        said[MOST:] = [words.many("Et {n} autre acte.", "Et {n} autres actes.", more)]
    return " ".join(said)
