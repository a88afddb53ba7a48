"""Describes every entry of the record in a sentence, in any language of the interface: `describe(words, state,
recorded)`.

A sentence can only contain what is public: callers pass an event of None if the payload is withheld or erased.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from deliberation.kernel import events as e
from deliberation.kernel.state import State
from deliberation.kernel.vocabulary import BeleniosElection, Revision, rectified
from deliberation.session import in_camera
from exports import concordances, dispositifs, labels, moments, naming
from exports.shortening import shorten
from exports.translations import FRENCH, N_, Translator


@dataclass(frozen=True)
class Telling:
    """The data for a sentence about an entry; `event` is None if the entry's content may not be shown."""

    words: Translator
    state: State
    recorded: e.Recorded
    event: Any

    @property
    def who(self) -> str:
        """The name of the actor."""
        return naming.name_of(self.state, self.words, self.recorded.actor)

    @property
    def number(self) -> int:
        """The number of the document."""
        return naming.split(self.recorded.document)[1]

    def moment(self, instant: str) -> str:
        """An instant in words, in the congress's timezone."""
        settings = self.state.settings
        return moments.moment(instant, settings.timezone if settings else "Europe/Paris", self.words.lang)

    def name_of(self, person: str) -> str:
        """The name of a person."""
        return naming.name_of(self.state, self.words, person)

    @property
    def author(self) -> str:
        """The name of the person whom the event states as author."""
        return self.name_of(self.event.author)

    def subject(self, document: str) -> str:
        """The name of a document."""
        return naming.subject(self.state, self.words, document)


QUOTED = 160
"""The longest quotation of what somebody typed, in characters."""
SENTENCE = 240
"""The longest dispositif of an amendment within a sentence, in characters."""

Tell = Callable[[Telling], str]
_TELL: dict[str, Tell] = {}


def _of(event: type[e.Event]) -> Callable[[Tell], Tell]:
    """Decorator: registers the function that describes entries of that event's kind."""

    def keep(tell: Tell) -> Tell:
        _TELL[event.kind] = tell
        return tell

    return keep


def describe(words: Translator, state: State, recorded: e.Recorded) -> str:
    """The entry in one sentence. `state` must be the one that its reader may see, such as
    `visibility.views.public_view`.
    """
    tell = _TELL.get(recorded.kind)
    telling = Telling(words, state, recorded, recorded.event)
    if recorded.event is None and state.withheld.get(recorded.index) == in_camera.WHY:
        return words("{who} agit dans la séance à huis clos ; cet acte sera public au terme annoncé.", who=telling.who)
    if tell is None:
        return words("{who} : {kind}.", who=telling.who, kind=recorded.kind)
    return tell(telling)


TYPED = ("title", "question", "office", "quote", "reason", "late_reason", "ground", "sentence")
"""The fields of events that hold what people typed and that sentences quote."""


def typed(event: e.Event | None) -> tuple[str, ...]:
    """The texts that people typed (in French) as they appear in the sentence about that event."""
    found = (getattr(event, name, "") for name in TYPED)
    return tuple(_shown(text) for text in found if isinstance(text, str) and text)


def _shown(text: str) -> str:
    return shorten(" ".join(text.split()), QUOTED).rstrip(".")


@_of(e.CongressCreated)
def _created(t: Telling) -> str:
    return t.words("Le congrès « {title} » est créé.", title=t.event.title)


@_of(e.CongressChanged)
def _changed(t: Telling) -> str:
    return t.words("{who} met à jour la présentation et les règles du congrès.", who=t.who)


@_of(e.CongressIdentified)
def _identified(t: Telling) -> str:
    return t.words("{who} dit qui tient le congrès et qui répond de son site.", who=t.who)


@_of(e.PhaseSet)
def _phase(t: Telling) -> str:
    words = t.words
    phase = words(labels.PHASES[t.event.phase])
    if t.event.opens is None:
        return words("{who} laisse sans date la phase « {phase} ».", who=t.who, phase=phase)
    opens = t.moment(t.event.opens)
    if t.event.closes is None:
        return words("{who} ouvre la phase « {phase} » à partir du {opens}.", who=t.who, phase=phase, opens=opens)
    closes = t.moment(t.event.closes)
    return words(
        "{who} fixe la phase « {phase} » du {opens} au {closes}.", who=t.who, phase=phase, opens=opens, closes=closes
    )


@_of(e.RemarkMade)
def _remarked(t: Telling) -> str:
    words, event = t.words, t.event
    if event is None:
        return words("{who} fait la remarque n° {n}.", who=t.who, n=t.number)
    if event.proposal is not None:
        return words("{who} suggère d’autres mots dans la motion n° {n}.", who=t.who, n=event.motion)
    if event.reply_to:
        return words("{who} répond à la remarque n° {n}.", who=t.who, n=event.reply_to)
    return words("{who} commente la motion n° {n}.", who=t.who, n=event.motion)


@_of(e.RemarkSettled)
def _remark_settled(t: Telling) -> str:
    return t.words(labels.REMARK_ACTS.get(t.event.status, labels.REMARK_ACTS["resolved"]), who=t.who, n=t.event.remark)


@_of(e.DraftingSecluded)
def _secluded(t: Telling) -> str:
    until = t.moment(t.event.until)
    return t.words(
        "{who} ouvre le huis clos de la rédaction ; tout sera public le {until}. Raison : {reason}",
        who=t.who,
        until=until,
        reason=t.event.reason,
    )


@_of(e.DraftingPublished)
def _published_drafting(t: Telling) -> str:
    if not t.event.reason:
        return t.words("Le moment annoncé est venu : tout ce qui a été écrit à huis clos est public.")
    return t.words(
        "{who} publie tout ce qui a été écrit à huis clos. Raison : {reason}", who=t.who, reason=t.event.reason
    )


@_of(e.SittingInCamera)
def _in_camera(t: Telling) -> str:
    return t.words(
        "{who} ouvre le huis clos de la séance n° {n} ; tout sera public le {until}. Raison : {reason}",
        who=t.who,
        n=t.event.sitting,
        until=t.moment(t.event.until),
        reason=t.event.reason,
    )


@_of(e.SittingPublished)
def _published_sitting(t: Telling) -> str:
    if not t.event.reason:
        return t.words("Le moment annoncé est venu : tout ce qui s’est fait en séance à huis clos est public.")
    return t.words(
        "{who} publie tout ce qui s’est fait en séance à huis clos. Raison : {reason}", who=t.who, reason=t.event.reason
    )


@_of(e.PersonAdmitted)
def _admitted(t: Telling) -> str:
    role = t.words(labels.ROLES[t.event.role]).lower()
    return t.words("{person} entre dans le congrès : {role}.", person=t.name_of(t.event.person), role=role)


@_of(e.ActorBound)
def _bound(t: Telling) -> str:
    id_ = t.recorded.document.partition("-")[2]
    if t.event is None:
        return t.words("Le pseudonyme {id} a reçu un nom.", id=id_)
    return t.words("Le pseudonyme {id} désigne {name}.", id=id_, name=t.event.name)


@_of(e.PersonRevoked)
def _revoked(t: Telling) -> str:
    person = t.name_of(t.recorded.document.partition("-")[2])
    return t.words("{who} retire l’accès de {person} : {reason}", who=t.who, person=person, reason=t.event.reason)


@_of(e.TestimonySubmitted)
def _submitted(t: Telling) -> str:
    return t.words("{who} dépose le témoignage n° {n}.", who=t.who, n=t.number)


@_of(e.TestimonyPublished)
def _published(t: Telling) -> str:
    return t.words("{who} publie le témoignage n° {n}.", who=t.who, n=t.number)


@_of(e.TestimonySetAside)
def _set_aside(t: Telling) -> str:
    return t.words("{who} écarte le témoignage n° {n} : {reason}", who=t.who, n=t.number, reason=t.event.reason)


@_of(e.TestimonyHidden)
def _hidden(t: Telling) -> str:
    return t.words("{who} masque le témoignage n° {n} : {reason}", who=t.who, n=t.number, reason=t.event.reason)


@_of(e.TestimonyRestored)
def _restored(t: Telling) -> str:
    return t.words("{who} rétablit le témoignage n° {n} : {reason}", who=t.who, n=t.number, reason=t.event.reason)


@_of(e.TestimonyRevised)
def _revised(t: Telling) -> str:
    said = {
        Revision.NAMING: N_("{who}, auteur du témoignage n° {n}, change la façon dont il est signé."),
        Revision.CORRECTION: N_("{who}, auteur du témoignage n° {n}, corrige ses mots."),
        Revision.WITHDRAWAL: N_("{who}, auteur du témoignage n° {n}, le retire."),
    }
    reason = t.event.reason
    told = t.words(said[t.event.act], who=t.who, n=t.number)
    return t.words("{told} Raison donnée : {reason}", told=told, reason=reason) if reason else told


@_of(e.TestimonyRestated)
def _restated(t: Telling) -> str:
    return t.words("Ce que dit désormais le témoignage n° {n}, par {who}.", who=t.who, n=t.number)


@_of(e.ExcerptQuoted)
def _quoted(t: Telling) -> str:
    if t.event is None:
        return t.words("{who} cite un passage (extrait n° {n}).", who=t.who, n=t.number)
    quote = shorten(" ".join(t.event.quote.split()), QUOTED)
    return t.words(
        "{who} cite le témoignage n° {testimony} : « {quote} » (extrait n° {n}).",
        who=t.who,
        testimony=t.event.testimony,
        quote=quote,
        n=t.number,
    )


@_of(e.MapCreated)
def _map(t: Telling) -> str:
    return t.words("{who} crée la carte n° {n}, « {title} ».", who=t.who, n=t.number, title=t.event.title)


@_of(e.MapDrawn)
def _drawn(t: Telling) -> str:
    words, (added, changed, removed) = t.words, _counts(t.event.changes)
    done = [
        words.many("{n} idée ajoutée", "{n} idées ajoutées", added) if added else "",
        words.many("{n} idée modifiée", "{n} idées modifiées", changed) if changed else "",
        words.many("{n} idée retirée", "{n} idées retirées", removed) if removed else "",
    ]
    return words("{who} travaille à la carte n° {n} : {done}.", who=t.who, n=t.number, done=_list(words, done))


@_of(e.MotionCreated)
def _motion(t: Telling) -> str:
    if t.event is None:
        return t.words("{who} ouvre à huis clos la motion n° {n}.", who=t.who, n=t.number)
    if not t.event.source:
        return t.words("{who} ouvre la motion n° {n}, « {title} ».", who=t.who, n=t.number, title=t.event.title)
    said = {"who": t.who, "n": t.number, "title": t.event.title, "source": t.event.source}
    return t.words("{who} apporte la motion n° {n}, « {title} », texte proposé : {source}.", **said)


@_of(e.MotionTakenUp)
def _taken_up(t: Telling) -> str:
    return t.words("{who} reprend en son nom le texte proposé de la motion n° {n}.", who=t.who, n=t.number)


@_of(e.TextWritten)
def _written(t: Telling) -> str:
    if t.event is None:
        return t.words("{who} écrit à huis clos dans la motion n° {n}.", who=t.who, n=t.number)
    words, (added, changed, removed) = t.words, _counts(t.event.changes)
    done = [
        words("titre récrit") if t.event.title is not None else "",
        words.many("{n} passage ajouté", "{n} passages ajoutés", added) if added else "",
        words.many("{n} passage modifié", "{n} passages modifiés", changed) if changed else "",
        words.many("{n} passage retiré", "{n} passages retirés", removed) if removed else "",
    ]
    return words("{who} écrit dans la motion n° {n} : {done}.", who=t.who, n=t.number, done=_list(words, done))


@_of(e.TextFrozen)
def _frozen(t: Telling) -> str:
    if not t.event.adopted:
        return t.words("Le texte de la motion n° {n} est gelé : version {v}.", n=t.number, v=t.event.version)
    merged = ", ".join(str(number) for number in t.event.adopted)
    return t.words(
        "Le texte de la motion n° {n} intègre les amendements adoptés ({merged}) : version {v}.",
        n=t.number,
        merged=merged,
        v=t.event.version,
    )


@_of(e.TextRenumbered)
def _renumbered(t: Telling) -> str:
    motion = t.state.motions.get(t.number)
    changes = concordances.in_words(t.state, t.words, motion) if motion else ""
    return t.words(
        "{who} renumérote le texte adopté de la motion n° {n} : version {v}. {changes}",
        who=t.who,
        n=t.number,
        v=t.event.version,
        changes=changes,
    ).strip()


@_of(e.MotionReopened)
def _reopened(t: Telling) -> str:
    return t.words("{who} rouvre la motion n° {n} : {reason}", who=t.who, n=t.number, reason=t.event.reason)


@_of(e.MotionDecided)
def _decided(t: Telling) -> str:
    if t.event.adopted:
        return t.words("La motion n° {n} est adoptée par le scrutin n° {poll}.", n=t.number, poll=t.event.poll)
    return t.words("La motion n° {n} est rejetée par le scrutin n° {poll}.", n=t.number, poll=t.event.poll)


@_of(e.AmendmentTabled)
def _tabled(t: Telling) -> str:
    said = t.words("{who} dépose l’amendement n° {n}.", who=t.who, n=t.number)
    if t.event.author:
        return t.words("L’amendement n° {n}, sur papier, de {author} est déposé.", n=t.number, author=t.author)
    if t.event.further:
        changed = len(t.event.further) + 1
        said = t.words("{who} dépose l’amendement n° {n}, qui change {m} passages.", who=t.who, n=t.number, m=changed)
    if t.event.parent is not None:
        said = t.words(
            "{who} dépose le sous-amendement n° {n} à l’amendement n° {parent}.",
            who=t.who,
            n=t.number,
            parent=t.event.parent,
        )
    late = t.words("Déposé en séance : {reason}", reason=t.event.late_reason) if t.event.late_reason else ""
    return _in_turn(said, _dispositif(t), late)


def _in_turn(*parts: str) -> str:
    """Joins sentences by spaces; parts with line breaks are put on lines of their own."""
    found = ""
    for part in filter(None, parts):
        if found:
            found += "" if part.startswith("\n") else "\n" if "\n" in found else " "
        found += part
    return found


def _dispositif(t: Telling) -> str:
    """The dispositif of the amendment as this entry words it; "" in other languages than French, because it is a French
    sentence (A30).

    Numbered items in it are on lines of their own.
    """
    if t.words.lang != FRENCH:
        return ""
    lines = [" ".join(line.split()) for line in dispositifs.as_written(t.state, t.event).split("\n")]
    said = shorten("\n".join(line for line in lines if line), SENTENCE)
    if "\n" in said:
        said = f"\n{said}"
    return f"{said}." if said and said[-1] not in ".!?…" else said


@_of(e.AmendmentTranscribed)
def _transcribed(t: Telling) -> str:
    said = {"who": t.who, "n": t.number, "author": t.author, "sentence": _shown(t.event.sentence)}
    return t.words(
        "{who} transcrit un amendement sur papier de {author} (transcription n° {n}) : « {sentence} ».", **said
    )


@_of(e.TranscriptionConfirmed)
def _transcription_confirmed(t: Telling) -> str:
    said = {"who": t.who, "n": t.number, "amendment": t.event.amendment}
    return t.words("{who} confirme la transcription n° {n} : c’est l’amendement n° {amendment}.", **said)


@_of(e.TranscriptionRefused)
def _transcription_refused(t: Telling) -> str:
    return t.words("{who} refuse la transcription n° {n} : {reason}", who=t.who, n=t.number, reason=t.event.reason)


@_of(e.AmendmentWorded)
def _worded(t: Telling) -> str:
    said = t.words("{who} écrit les mots exacts de l’amendement n° {n}.", who=t.who, n=t.number)
    return _in_turn(said, _dispositif(t))


@_of(e.AmendmentRectified)
def _rectified(t: Telling) -> str:
    called = f"{t.number} {rectified(t.event.rectification)}"
    said = t.words("{who} rectifie son amendement, désormais appelé « n° {called} ».", who=t.who, called=called)
    return _in_turn(said, _dispositif(t))


@_of(e.AmendmentSigned)
def _cosigned(t: Telling) -> str:
    return t.words("{who} cosigne l’amendement n° {n}.", who=t.who, n=t.number)


@_of(e.AmendmentUnsigned)
def _uncosigned(t: Telling) -> str:
    return t.words("{who} retire sa signature de l’amendement n° {n}.", who=t.who, n=t.number)


@_of(e.AmendmentAmended)
def _amended(t: Telling) -> str:
    adopted = ", ".join(str(number) for number in t.event.adopted)
    return t.words(
        "L’amendement n° {n} se lit désormais avec ses sous-amendements adoptés ({adopted}).",
        n=t.number,
        adopted=adopted,
    )


@_of(e.AmendmentWithdrawn)
def _withdrawn(t: Telling) -> str:
    return t.words("{who} retire l’amendement n° {n} : {reason}", who=t.who, n=t.number, reason=t.event.reason)


@_of(e.AmendmentAdmitted)
def _admissible(t: Telling) -> str:
    return t.words("{who} déclare recevable l’amendement n° {n}.", who=t.who, n=t.number)


@_of(e.AmendmentSettled)
def _settled(t: Telling) -> str:
    outcome = t.words(labels.AMENDMENT_STATUSES[t.event.outcome.value]).lower()
    reason = naming.given_or_voted(t.state, t.words, t.event.reason, t.event.poll)
    return t.words("Amendement n° {n} {outcome}. {reason}", n=t.number, outcome=outcome, reason=reason).strip()


@_of(e.OpinionGiven)
def _opinion(t: Telling) -> str:
    opinion = t.words(labels.OPINIONS.get(t.event.opinion, t.event.opinion)).lower()
    return t.words("{who} donne un avis sur l’amendement n° {n} : {opinion}.", who=t.who, n=t.number, opinion=opinion)


@_of(e.ElectorsRegistered)
def _registered(t: Telling) -> str:
    n = len(t.event.electors)
    return t.words.many(
        "{who} inscrit sur la liste électorale les voix de {n} élu.",
        "{who} inscrit sur la liste électorale les voix de {n} élus.",
        n,
        who=t.who,
    )


@_of(e.CollegeSet)
def _college(t: Telling) -> str:
    return t.words.many(
        "{who} compose le collège « {title} » : {n} membre.",
        "{who} compose le collège « {title} » : {n} membres.",
        len(t.event.members),
        who=t.who,
        title=t.event.title,
    )


@_of(e.ProxyGiven)
def _proxy(t: Telling) -> str:
    giver, bearer = t.name_of(t.event.giver), t.name_of(t.event.bearer)
    return t.words("{giver} donne pouvoir à {bearer} de voter en son nom.", giver=giver, bearer=bearer)


@_of(e.ProxyRevoked)
def _unproxy(t: Telling) -> str:
    return t.words("{who} révoque son pouvoir n° {n}.", who=t.who, n=t.number)


@_of(e.RapporteurNamed)
def _rapporteur(t: Telling) -> str:
    if not t.event.person:
        return t.words("{who} retire le rapporteur de la motion n° {n}.", who=t.who, n=t.event.motion)
    person = t.name_of(t.event.person)
    return t.words("{who} nomme {person} rapporteur de la motion n° {n}.", who=t.who, person=person, n=t.event.motion)


@_of(e.PositionTaken)
def _position(t: Telling) -> str:
    said = t.words(labels.OPINIONS.get(t.event.position, t.event.position)).lower()
    return t.words("{who} se dit {position} à l’amendement n° {n}.", who=t.who, n=t.number, position=said)


@_of(e.AmendmentTakenOver)
def _taken_over(t: Telling) -> str:
    return t.words("{who} reprend l’amendement n° {n}, retiré par son auteur.", who=t.who, n=t.number)


@_of(e.PollOpened)
def _opened(t: Telling) -> str:
    said = {"who": t.who, "n": t.number, "question": _question(t)}
    if t.event.second_call_of:
        said["first"] = t.event.second_call_of
        sentence = t.words(
            "{who} ouvre le scrutin n° {n}, seconde convocation du scrutin n° {first} : « {question} »", **said
        )
    else:
        sentence = t.words("{who} ouvre le scrutin n° {n} : « {question} »", **said)
    return f"{sentence} {_present(t)}".strip()


def _question(t: Telling) -> str:
    """The question as the poll's page shows it; that of the entry if the state does not have the poll."""
    poll = t.state.polls.get(t.number)
    return naming.question(t.state, t.words, poll) if poll else str(t.event.question)


def _present(t: Telling) -> str:
    """How many people were present when a poll opened; "" if it is unknown."""
    listed, of = t.event.present, t.words.number(len(t.event.electorate))
    if listed is not None:
        n = t.words.number(len(listed))
        return t.words("Présents à l’ouverture, par la liste de présence : {n} sur {of}.", n=n, of=of)
    if t.event.stated is None:
        return ""
    return t.words("Présents constatés à l’ouverture : {n} sur {of}.", n=t.words.number(t.event.stated), of=of)


@_of(e.BallotCast)
def _ballot(t: Telling) -> str:
    if t.event is None:
        return t.words("{who} vote au scrutin n° {n}.", who=t.who, n=t.number)
    choice = t.words(labels.CHOICES[t.event.choice]).lower()
    if t.event.voter != t.recorded.actor:
        giver = t.name_of(t.event.voter)
        return t.words(
            "{who} vote au nom de {giver}, par pouvoir, au scrutin n° {n} : {choice}.",
            who=t.who,
            giver=giver,
            n=t.number,
            choice=choice,
        )
    return t.words("{who} vote au scrutin n° {n} : {choice}.", who=t.who, n=t.number, choice=choice)


@_of(e.SlipEntered)
def _slip_entered(t: Telling) -> str:
    if t.event is None:
        return t.words("{who} saisit un bulletin signé au scrutin n° {n}.", who=t.who, n=t.number)
    said = {
        "who": t.who,
        "slip": t.event.slip,
        "signer": t.name_of(t.event.signer),
        "n": t.number,
        "choice": t.words(labels.CHOICES[t.event.choice]).lower(),
    }
    if t.event.voter != t.event.signer:
        return t.words(
            "{who} saisit le bulletin n° {slip}, signé par {signer} au nom de {giver}, au scrutin n° {n} : {choice}.",
            giver=t.name_of(t.event.voter),
            **said,
        )
    return t.words("{who} saisit le bulletin n° {slip}, signé par {signer}, au scrutin n° {n} : {choice}.", **said)


@_of(e.SlipConfirmed)
def _slip_confirmed(t: Telling) -> str:
    said = {"who": t.who, "slip": t.event.slip, "n": t.number}
    return t.words("{who} confirme le bulletin signé n° {slip} du scrutin n° {n} : il compte.", **said)


@_of(e.SlipRefused)
def _slip_refused(t: Telling) -> str:
    said = {"who": t.who, "slip": t.event.slip, "n": t.number, "reason": t.event.reason}
    return t.words("{who} refuse le bulletin signé n° {slip} du scrutin n° {n} : {reason}", **said)


@_of(e.PollClosed)
def _closed(t: Telling) -> str:
    tally = t.event.tally
    if t.event.votes:
        return t.words("Le scrutin n° {n} est clos : {votes}.", n=t.number, votes=_per_candidate(t))
    return t.words(
        "Le scrutin n° {n} est clos : {yes} pour, {no} contre, {abstain}.",
        n=t.number,
        yes=t.words.number(tally.in_favour),
        no=t.words.number(tally.against),
        abstain=t.words.many("{n} abstention", "{n} abstentions", tally.abstain),
    )


def _per_candidate(t: Telling) -> str:
    """The votes for each candidate of a round, and the blank votes."""
    poll = t.state.polls.get(t.number)
    votes = zip(poll.candidates if poll else (), t.event.votes, strict=False)
    said = [t.words("{person} {n} voix", person=t.name_of(person), n=t.words.number(n)) for person, n in votes]
    return ", ".join([*said, t.words.many("{n} blanc", "{n} blancs", t.event.tally.abstain)])


@_of(e.PollPaused)
def _paused(t: Telling) -> str:
    return t.words("{who} suspend le scrutin n° {n} : {reason}", who=t.who, n=t.number, reason=t.event.reason)


@_of(e.PollResumed)
def _resumed(t: Telling) -> str:
    if not t.event.closes:
        return t.words("{who} reprend le scrutin n° {n}.", who=t.who, n=t.number)
    at = t.moment(t.event.closes)
    return t.words("{who} reprend le scrutin n° {n}, qui sera clos le {at}.", who=t.who, n=t.number, at=at)


@_of(e.PollCancelled)
def _cancelled(t: Telling) -> str:
    return t.words("{who} annule le scrutin n° {n} : {reason}", who=t.who, n=t.number, reason=t.event.reason)


@_of(e.HandsCounted)
def _hands(t: Telling) -> str:
    if t.event is None:
        return t.words("{who} compte les mains levées au scrutin n° {n}.", who=t.who, n=t.number)
    return t.words(
        "{who} compte les mains levées au scrutin n° {n} : {counts}.", who=t.who, n=t.number, counts=_raised(t)
    )


@_of(e.HandsRecounted)
def _recounted(t: Telling) -> str:
    return t.words("{who} fait recompter les mains levées au scrutin n° {n}.", who=t.who, n=t.number)


@_of(e.HandsDecided)
def _ruled(t: Telling) -> str:
    return t.words(
        "{who} tranche entre les comptes du scrutin n° {n} : {counts}. {reason}",
        who=t.who,
        n=t.number,
        counts=_raised(t),
        reason=t.event.reason,
    )


def _raised(t: Telling) -> str:
    """The hands raised, then votes by proxy, then the number of people in the hall if the teller counted them."""
    shown = t.event.hands
    said = [_voices(t.words, shown.in_favour, shown.against, shown.abstain)]
    if shown.by_proxy:
        proxies = _voices(t.words, shown.proxies_for, shown.proxies_against, shown.proxies_abstain)
        said.append(t.words("et par pouvoir {voices}", voices=proxies))
    if shown.present:
        said.append(t.words("{present} présents", present=t.words.number(shown.present)))
    return ", ".join(said)


def _voices(words: Translator, yes: int, no: int, abstain: int) -> str:
    return words(
        "{yes} pour, {no} contre, {abstain}",
        yes=words.number(yes),
        no=words.number(no),
        abstain=words.many("{n} abstention", "{n} abstentions", abstain),
    )


@_of(e.BallotSigned)
def _signed(t: Telling) -> str:
    if t.event.voter != t.recorded.actor:
        voter = t.name_of(t.event.voter)
        return t.words("{who} prend part au scrutin secret n° {n} pour {voter}.", who=t.who, n=t.number, voter=voter)
    return t.words("{who} prend part au scrutin secret n° {n}.", who=t.who, n=t.number)


@_of(e.BoxOpened)
def _box(t: Telling) -> str:
    poll = t.state.polls.get(t.number)
    papers = t.words.many("{n} bulletin", "{n} bulletins", len(t.event.papers) // (poll.seats if poll else 1))
    return t.words("L’urne du scrutin secret n° {n} est ouverte : {papers}.", n=t.number, papers=papers)


@_of(e.SubjectDivided)
def _divided(t: Telling) -> str:
    parts = t.words.many("{n} partie", "{n} parties", len(t.event.parts))
    return t.words(
        "{who} divise le vote sur : {subject}, en {parts}, à la demande de {asked}.",
        who=t.who,
        subject=t.subject(t.event.subject),
        parts=parts,
        asked=t.name_of(t.event.asked_by),
    )


@_of(e.AmendmentReduced)
def _reduced(t: Telling) -> str:
    return t.words("Il ne reste de l’amendement n° {n} que les parties adoptées.", n=t.number)


@_of(e.ElectionOpened)
def _election(t: Telling) -> str:
    named = _list(t.words, [t.name_of(person) for person in t.event.candidates])
    return t.words("{who} ouvre l’élection « {office} » : {named}.", who=t.who, office=t.event.office, named=named)


@_of(e.PersonElected)
def _elected(t: Telling) -> str:
    person = t.name_of(t.event.person)
    if t.event.reason:
        return t.words(
            "{who} constate l’élection de {person} : {reason}", who=t.who, person=person, reason=t.event.reason
        )
    return t.words("{person} est élu au scrutin n° {n}.", person=person, n=t.event.poll)


@_of(e.ResultImported)
def _imported(t: Telling) -> str:
    return t.words(
        "{who} consigne le résultat d’un scrutin tenu ailleurs : « {title} ».", who=t.who, title=t.event.title
    )


@_of(e.BeleniosImported)
def _read_elsewhere(t: Telling) -> str:
    election: BeleniosElection = t.event.election
    return t.words(
        "{who} importe l’archive de l’élection Belenios « {title} » : {voters} votants, SHA-256 {sha256}.",
        who=t.who,
        title=election.title,
        voters=t.words.number(election.voters),
        sha256=t.event.sha256,
    )


@_of(e.ResultArchived)
def _archived(t: Telling) -> str:
    return t.words("{who} dépose l’archive du résultat n° {n}.", who=t.who, n=t.number)


@_of(e.BeleniosChecked)
def _checked_elsewhere(t: Telling) -> str:
    said = labels.BELENIOS_CHECKS.get(t.event.outcome, t.event.outcome)
    return t.words("Résultat n° {n} : {said}", n=t.number, said=t.words(said, tool=t.event.tool))


@_of(e.SubjectCalled)
def _called(t: Telling) -> str:
    if not t.event.subject:
        return t.words("{who} suspend la discussion.", who=t.who)
    said = {"who": t.who, "subject": t.subject(t.event.subject), "reason": t.event.reason}
    if t.event.reason:
        return t.words("{who} appelle en discussion : {subject}. Raison : {reason}", **said)
    return t.words("{who} appelle en discussion : {subject}.", **said)


@_of(e.SittingOpened)
def _sitting(t: Telling) -> str:
    if not t.event.chair:
        return t.words("{who} ouvre la séance n° {n}.", who=t.who, n=t.event.sitting)
    chair = t.name_of(t.event.chair)
    return t.words("{who} ouvre la séance n° {n}, présidée par {chair}.", who=t.who, n=t.event.sitting, chair=chair)


@_of(e.SittingClosed)
def _adjourned(t: Telling) -> str:
    return t.words("{who} lève la séance n° {n}.", who=t.who, n=t.event.sitting)


@_of(e.SittingSuspended)
def _sitting_suspended(t: Telling) -> str:
    said = {"who": t.who, "n": t.event.sitting, "reason": t.event.reason}
    return t.words("{who} suspend la séance n° {n} : {reason}", **said)


@_of(e.SittingResumed)
def _sitting_resumed(t: Telling) -> str:
    return t.words("{who} reprend la séance n° {n}.", who=t.who, n=t.event.sitting)


@_of(e.ChairDesignated)
def _chaired(t: Telling) -> str:
    if not t.event.chair:
        return t.words("{who} retire la présidence de la séance n° {n}.", who=t.who, n=t.event.sitting)
    chair = t.name_of(t.event.chair)
    return t.words("{who} confie la présidence de la séance à {chair}.", who=t.who, chair=chair)


@_of(e.DeputyNamed)
def _deputy(t: Telling) -> str:
    if not t.event.deputy:
        return t.words("Personne ne supplée plus la présidence de la séance n° {n}.", n=t.event.sitting)
    return t.words("{who} désigne {person} pour suppléer la présidence.", who=t.who, person=t.name_of(t.event.deputy))


@_of(e.ChairTaken)
def _chair_taken(t: Telling) -> str:
    if not t.event.before:
        return t.words("{who} prend la présidence de la séance n° {n}.", who=t.who, n=t.event.sitting)
    before = t.name_of(t.event.before)
    return t.words("{who} prend la présidence de la séance, que {before} lui laisse.", who=t.who, before=before)


@_of(e.AttendanceSignedIn)
def _signed_in(t: Telling) -> str:
    if t.event.person == t.recorded.actor:
        return t.words("{who} signe sa présence à la séance n° {n}.", who=t.who, n=t.event.sitting)
    said = {"who": t.who, "person": t.name_of(t.event.person), "n": t.event.sitting}
    return t.words("{who} note au bureau la présence de {person} à la séance n° {n}.", **said)


@_of(e.AttendanceLeft)
def _left(t: Telling) -> str:
    if t.event.person == t.recorded.actor:
        return t.words("{who} quitte la séance n° {n}.", who=t.who, n=t.event.sitting)
    said = {"who": t.who, "person": t.name_of(t.event.person), "n": t.event.sitting}
    return t.words("{who} note le départ de {person} de la séance n° {n}.", **said)


@_of(e.AttendanceCalledOver)
def _called_over(t: Telling) -> str:
    present = t.event.present
    if not present:
        return t.words("{who} fait l’appel de la séance n° {n} : personne ne répond.", who=t.who, n=t.event.sitting)
    return t.words(
        "{who} fait l’appel de la séance n° {n}. Présents ({count}) : {names}.",
        who=t.who,
        n=t.event.sitting,
        count=t.words.number(len(present)),
        names=", ".join(t.name_of(person) for person in present),
    )


@_of(e.SpeakerAsked)
def _asked_for_floor(t: Telling) -> str:
    purpose = t.words(labels.PURPOSES[t.event.purpose]).lower()
    if t.event.person == t.recorded.actor:
        return t.words("{who} demande la parole ({purpose}).", who=t.who, purpose=purpose)
    said = {"who": t.who, "person": t.name_of(t.event.person), "purpose": purpose}
    return t.words("{who} inscrit {person} sur la liste des orateurs ({purpose}).", **said)


@_of(e.SpeakerWithdrawn)
def _took_back_turn(t: Telling) -> str:
    if t.event.person == t.recorded.actor:
        return t.words("{who} retire sa demande de parole.", who=t.who)
    return t.words("{who} retire {person} de la liste des orateurs.", who=t.who, person=t.name_of(t.event.person))


@_of(e.SpeakerCalled)
def _given_floor(t: Telling) -> str:
    purpose = t.words(labels.PURPOSES[t.event.purpose]).lower()
    said = {"who": t.who, "person": t.name_of(t.event.person), "purpose": purpose}
    if not t.event.seconds:
        return t.words("{who} donne la parole à {person} ({purpose}).", **said)
    lasts = moments.lasting(t.event.seconds)
    return t.words("{who} donne la parole à {person} ({purpose}) pour {lasts}.", lasts=lasts, **said)


@_of(e.SpeakerEnded)
def _had_floor(t: Telling) -> str:
    if t.event.person == t.recorded.actor:
        return t.words("{who} a fini de parler.", who=t.who)
    return t.words("{who} met fin à la parole de {person}.", who=t.who, person=t.name_of(t.event.person))


@_of(e.SpeakerMoved)
def _moved_speaker(t: Telling) -> str:
    said = {"who": t.who, "person": t.name_of(t.event.person), "reason": t.event.reason}
    before = t.state.turns.get(t.event.before)
    if before is None:
        return t.words("{who} place {person} en dernier sur la liste des orateurs : {reason}", **said)
    other = t.name_of(before.person)
    return t.words("{who} place {person} avant {other} sur la liste des orateurs : {reason}", other=other, **said)


@_of(e.SpeakersClosed)
def _closed_speakers(t: Telling) -> str:
    return t.words("{who} clôt la liste des orateurs.", who=t.who)


@_of(e.SpeakersReopened)
def _reopened_speakers(t: Telling) -> str:
    return t.words("{who} rouvre la liste des orateurs.", who=t.who)


@_of(e.SpeakingRuleSet)
def _speaking_rule(t: Telling) -> str:
    return t.words("{who} fixe la règle de la parole en séance.", who=t.who)


@_of(e.AgendaSet)
def _agenda_set(t: Telling) -> str:
    count = t.words.many("{n} point", "{n} points", len(t.event.items))
    return t.words(
        "{who} fixe l’ordre du jour : {count}, à partir du {at}.", who=t.who, count=count, at=t.moment(t.event.starts)
    )


@_of(e.AgendaItemBegun)
def _agenda_begun(t: Telling) -> str:
    return t.words("{who} en vient au point « {title} » de l’ordre du jour.", who=t.who, title=t.event.title)


@_of(e.ScreenShown)
def _screen_shown(t: Telling) -> str:
    mode = t.words(labels.SCREEN_MODES[t.event.mode])
    if t.event.number:
        return t.words("{who} choisit pour l’écran : {mode} n° {n}.", who=t.who, mode=mode, n=t.event.number)
    return t.words("{who} choisit pour l’écran : {mode}.", who=t.who, mode=mode)


@_of(e.AmendmentReserved)
def _reserved(t: Telling) -> str:
    said = {"who": t.who, "n": t.number, "reason": t.event.reason}
    if t.event.after is None:
        return t.words("{who} réserve l’amendement n° {n} : {reason}", **said)
    return t.words(
        "{who} réserve l’amendement n° {n} jusqu’après l’amendement n° {after} : {reason}", after=t.event.after, **said
    )


@_of(e.AmendmentKept)
def _kept(t: Telling) -> str:
    return t.words(
        "{who} maintient en discussion l’amendement n° {n} malgré l’amendement n° {other} : {reason}",
        who=t.who,
        n=t.number,
        other=t.event.because_of,
        reason=t.event.reason,
    )


@_of(e.OrderChanged)
def _reordered(t: Telling) -> str:
    said = {"who": t.who, "n": t.number, "reason": t.event.reason}
    if t.event.before is None:
        return t.words("{who} décide d’appeler en dernier l’amendement n° {n} : {reason}", **said)
    return t.words(
        "{who} décide d’appeler l’amendement n° {n} avant le n° {before} : {reason}", before=t.event.before, **said
    )


@_of(e.OrderArranged)
def _arranged(t: Telling) -> str:
    listed = ", ".join(str(n) for n in t.event.amendments)
    return t.words(
        "{who} range les amendements pour l’appel, dans cet ordre : n° {list}. Raison : {reason}",
        who=t.who,
        list=listed,
        reason=t.event.reason,
    )


@_of(e.IdenticalDeclared)
def _declared_identical(t: Telling) -> str:
    listed = _list(t.words, [str(n) for n in t.event.amendments])
    said = t.words(
        "{who} déclare identiques, à la typographie près, les amendements n° {list}.", who=t.who, list=listed
    )
    return f"{said} {t.event.reason}".strip()


@_of(e.DiscussionJoined)
def _joined(t: Telling) -> str:
    listed = _list(t.words, [str(n) for n in t.event.amendments])
    said = t.words("{who} met en discussion commune les amendements n° {list}.", who=t.who, list=listed)
    return f"{said} {t.event.reason}".strip()


@_of(e.ActReverted)
def _act_reverted(t: Telling) -> str:
    return t.words(
        "{who} rapporte l’acte de l’écriture n° {entry} ({subject}) : {reason}",
        who=t.who,
        entry=t.event.entry,
        subject=t.subject(t.event.subject),
        reason=t.event.reason,
    )


@_of(e.RedactionProposed)
def _proposed(t: Telling) -> str:
    return t.words(
        "{who} propose de caviarder {what} : {ground}.", who=t.who, what=_entries(t), ground=t.event.ground.rstrip(".")
    )


@_of(e.RedactionRefused)
def _refused(t: Telling) -> str:
    return t.words("{who} refuse le caviardage n° {n} : {reason}", who=t.who, n=t.number, reason=t.event.reason)


@_of(e.Redacted)
def _redacted(t: Telling) -> str:
    return t.words(
        "{what} : contenu effacé, à la demande de {asked} et par décision de {decided}. Fondement : {ground}.",
        what=_entries(t),
        asked=t.name_of(t.event.proposed_by),
        decided=t.name_of(t.event.decided_by),
        ground=t.event.ground.rstrip("."),
    )


@_of(e.WordsRedacted)
def _masked(t: Telling) -> str:
    return t.words(
        "{what} : mots masqués, à la demande de {asked} et par décision de {decided}. Fondement : {ground}.",
        what=_entries(t),
        asked=t.name_of(t.event.proposed_by),
        decided=t.name_of(t.event.decided_by),
        ground=t.event.ground.rstrip("."),
    )


@_of(e.GapDeclared)
def _gap(t: Telling) -> str:
    return t.words(
        "L’exploitant déclare perdues les écritures {first} à {last} : {reason}",
        first=t.event.from_size,
        last=t.event.lost_size - 1,
        reason=t.event.reason,
    )


@_of(e.ClockCorrected)
def _clock(t: Telling) -> str:
    return t.words(
        "{who} corrige l’heure du registre : l’écriture précédente est datée en avance, du {ahead}. Raison : {reason}",
        who=t.who,
        ahead=t.moment(t.event.ahead),
        reason=t.event.reason,
    )


def _entries(t: Telling) -> str:
    targets = t.event.targets
    listed = _list(t.words, [str(index) for index in targets])
    return t.words.many("l’écriture n° {list}", "les écritures n° {list}", len(targets), list=listed)


def _counts(changes: Iterable[Any]) -> tuple[int, int, int]:
    """How many things were added, changed and removed."""
    added = changed = removed = 0
    for change in changes:
        added += change.before is None
        removed += change.after is None
        changed += change.before is not None and change.after is not None
    return added, changed, removed


def _list(words: Translator, parts: Iterable[str]) -> str:
    """The non-empty parts as a list in words; words for a change of layout if there are none."""
    said = [part for part in parts if part]
    if not said:
        return words("mise en page")
    return naming.several(words, said)
