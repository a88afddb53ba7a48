"""The names of people, documents and passages, as pages, outputs and the record show them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from deliberation.amendments.order import Why
from deliberation.grounds import ground_of
from deliberation.kernel import ids
from deliberation.kernel.errors import Refused
from deliberation.kernel.state import Amendment, Frozen, Motion, Person, Poll, State, Testimony
from deliberation.kernel.territory import Territory
from deliberation.kernel.vocabulary import Aim, Clause, Role, Speaker
from deliberation.motions.layout import LaidClause
from deliberation.text.merge import id_of_inserted
from deliberation.votes import outcomes
from exports import dispositifs, labels
from exports.shortening import shorten
from exports.translations import FRENCH, N_, Translator

TITLE = "titre"
BEGINNING = "debut"
ANONYMOUS = N_("Une personne qui n’a pas donné son nom")


@dataclass(frozen=True)
class Said:
    """The speaker of a testimony; `person` is their id if they have a page of their own, else ""."""

    name: str
    mandate: str = ""
    collectivity: str = ""
    person: str = ""


def several(words: Translator, names: Sequence[str]) -> str:
    """Names as a list in words, such as « A, B et C »; "" if there are none."""
    if len(names) < 2:
        return "".join(names)
    return words("{most} et {last}", most=", ".join(names[:-1]), last=names[-1])


def name_of(state: State, words: Translator, actor: str) -> str:
    """The name of an actor: that of the person, a substitute if it was erased, or words for a visitor or the
    congress.
    """
    if actor == ids.VISITOR:
        return words("Une visiteuse ou un visiteur")
    if actor == ids.CONGRESS:
        return words("Le congrès")
    person = state.people.get(actor)
    if person is None:
        return words("Quelqu’un")
    return person.name or words("Personne {id} (nom caviardé)", id=actor)


def said_by(state: State, words: Translator, testimony: Testimony) -> Said:
    """The speaker named in the testimony, otherwise the élu who sent it, otherwise words for an unnamed speaker."""
    speaker = testimony.speaker
    place = speaker.collectivity or (territory_label(words, speaker.territory) if speaker.territory else "")
    if speaker.name:
        return Said(speaker.name, speaker.mandate, place)
    author = state.people.get(testimony.author)
    if author and author.role is Role.ELU:
        return Said(name_of(state, words, author.id), author.mandate, author.collectivity, author.id)
    if testimony.author == ids.VISITOR:
        return Said(words("Une visiteuse ou un visiteur"), speaker.mandate, place)
    return Said(words(ANONYMOUS), speaker.mandate, place)


def territory_label(words: Translator, territory: Territory) -> str:
    """The official name; where only the kind may be known, such as « Village, Bretagne »."""
    if territory.name:
        return territory.name
    kind = words(labels.TERRITORIES[territory.kind])
    return words("{kind}, {region}", kind=kind, region=territory.region_name) if territory.region_name else kind


def office(one: Person | Speaker | Said) -> str:
    """Mandate and collectivity, as far as they are known, separated by a comma."""
    return ", ".join(part for part in (one.mandate, one.collectivity) if part)


def testimony_title(words: Translator, testimony: Testimony, limit: int = 90) -> str:
    """The testimony's title, otherwise its first words (at most `limit` characters), otherwise its number."""
    if testimony.title:
        return testimony.title
    from exports.markdown import plain  # the archive's verifier, which has no Markdown parser, names no testimony so

    first = plain(testimony.text, limit) if testimony.text else ""
    return first or words("Témoignage n° {n}", n=testimony.number)


LISTED_ADOPTED = 4
"""The most adopted amendments that the name of a version lists; if there are more, it gives their number and the last
one.
"""


def version_label(words: Translator, text: Frozen) -> str:
    """The name of a version that amendments may modify: the frozen text, or the text with the amendments adopted by
    then.
    """
    if not text.adopted:
        return words("version {n}, le texte gelé", n=text.version)
    said = words.many(
        "version {version}, avec l’amendement adopté n° {by}",
        "version {version}, avec les amendements adoptés n° {by}",
        len(text.adopted),
        version=text.version,
        by=several(words, [str(n) for n in text.adopted]),
    )
    if len(text.adopted) <= LISTED_ADOPTED:
        return said
    return words(
        "version {version}, avec les {n} amendements adoptés jusqu’au n° {by}",
        version=text.version,
        n=len(text.adopted),
        by=text.adopted[-1],
    )


def clause_label(words: Translator, clause: Clause) -> str:
    """The name of a clause, such as « Demande 2 » or « Demande 2 bis »."""
    return f"{words(labels.CLAUSES[clause.kind])} {clause.called}"


def deleted_label(words: Translator, clause: Clause) -> str:
    """The name of a clause that was deleted from the text under debate, which keeps its number (A48)."""
    said = words(labels.DELETED[clause.kind])
    return f"{clause_label(words, clause)} {said}"


def laid_label(words: Translator, laid: LaidClause) -> str:
    return deleted_label(words, laid.clause) if laid.deleted else clause_label(words, laid.clause)


def find_clause(motion: Motion, clause_id: str, version: int = 0) -> Clause | None:
    """The clause with that id in the given version, from 1; if the version is 0, in the latest frozen one that has it.
    None if there is none.
    """
    texts: tuple[Frozen, ...] = motion.frozen[version - 1 : version] if version else tuple(reversed(motion.frozen))
    for text in texts:
        for clause in text.clauses:
            if clause.id == clause_id:
                return clause
    return None


def amendment_aim(state: State, words: Translator, amendment: Amendment) -> str:
    """What an amendment does, in short: « Demande 2 : trois → quatre jours », « Supprimer : Demande 2 »."""
    if amendment.further:
        return _several_aim(state, words, amendment)
    motion = state.motions[amendment.motion]
    clause = find_clause(motion, amendment.clause, amendment.aimed)
    change = dispositifs.in_short(state, words, amendment) if words.lang == FRENCH else ""  # its words are French
    if amendment.parent is not None:
        called = _sub_aim(words, amendment, clause_label(words, clause) if clause else "")
        return words("{place} : {change}", place=called, change=change) if change else called
    if amendment.aim is Aim.MOVE and clause:
        return _move(words, motion, amendment, clause_label(words, clause))
    if change and amendment.aim in (Aim.REWRITE, Aim.TITLE):
        return words("{place} : {change}", place=place_label(words, clause, place_of(amendment)), change=change)
    return act_label(words, amendment.aim, clause)


def _several_aim(state: State, words: Translator, amendment: Amendment) -> str:
    """What an amendment with several edits does: the names of the passages if it deletes all of them, otherwise its
    first edit and the number of others.
    """
    if all(edit.aim is Aim.DELETE for edit in amendment.edits):
        labels_ = [edit_label(state, words, single) for single in amendment.single_edits]
        return words("Supprimer : {place}", place=several(words, labels_))
    first, others = amendment_aim(state, words, amendment.single_edits[0]), len(amendment.further)
    return words.many("{first} (et un autre passage)", "{first} (et {n} autres passages)", others, first=first)


def edit_label(state: State, words: Translator, amendment: Amendment) -> str:
    """The passage that an amendment with one edit concerns: « Demande 2 », or « Après : Demande 2 » if it inserts a
    clause there.
    """
    clause = find_clause(state.motions[amendment.motion], amendment.clause, amendment.aimed)
    if amendment.aim is Aim.INSERT:
        return spot_label(words, clause)
    return place_label(words, clause, place_of(amendment))


def act_label(words: Translator, aim: Aim, clause: Clause | None) -> str:
    """What an amendment does to a clause, to the title, or at the beginning of the text."""
    place = clause_label(words, clause) if clause else ""
    if aim is Aim.TITLE:
        return words("Modifier le titre")
    if aim is Aim.INSERT:
        return words("Insérer après : {place}", place=place) if place else words("Insérer au début")
    if aim is Aim.MOVE:
        return words("Déplacer : {place}", place=place)
    act = words("Supprimer : {place}", place=place), words("Modifier : {place}", place=place)
    return act[0] if aim is Aim.DELETE else act[1]


def sub_label(words: Translator, aim: Aim, parent: int) -> str:
    """What a sub-amendment does to its amendment."""
    if aim is Aim.INSERT:
        return words("Compléter l’amendement n° {n}", n=parent)
    return words("Sous-amender l’amendement n° {n}", n=parent)


def _sub_aim(words: Translator, amendment: Amendment, place: str) -> str:
    called = amendment.parent or 0
    if amendment.aim is Aim.INSERT or not place:
        return sub_label(words, amendment.aim, called)
    return words("Sous-amender l’amendement n° {n} ({place})", n=called, place=place)


def _move(words: Translator, motion: Motion, amendment: Amendment, place: str) -> str:
    before = find_clause(motion, amendment.after, amendment.aimed)
    if before is None:
        return words("Déplacer au début : {place}", place=place)
    return words("Déplacer : {place}, après : {before}", place=place, before=clause_label(words, before))


def amendment_name(words: Translator, amendment: Amendment) -> str:
    """The name of an amendment, such as « Amendement n° 12 rect. »."""
    if amendment.parent is not None:
        return words("Sous-amendement n° {n} à l’amendement n° {parent}", n=amendment.called, parent=amendment.parent)
    return words("Amendement n° {n}", n=amendment.called)


def clause_of_amendment(amendment: Amendment) -> str:
    """The id of the clause that an amendment with one edit modifies or inserts; "" for the title."""
    return id_of_inserted(amendment) if amendment.aim is Aim.INSERT else amendment.clause


def place_of(amendment: Amendment) -> str:
    """The first passage that an amendment modifies, as addresses name it: the id of a clause, `TITLE` or
    `BEGINNING`.
    """
    return places_of(amendment)[0]


def places_of(amendment: Amendment) -> tuple[str, ...]:
    """All passages that an amendment modifies, each once, as addresses name them."""
    places = (TITLE if edit.aim is Aim.TITLE else edit.clause or BEGINNING for edit in amendment.edits)
    return tuple(dict.fromkeys(places))


def place_label(words: Translator, clause: Clause | None, place: str) -> str:
    """The name of a passage, such as « Demande 2 »; `clause` is None for the title and the beginning of the text."""
    if clause:
        return clause_label(words, clause)
    return words("Titre") if place == TITLE else words("Début du texte")


def spot_label(words: Translator, before: Clause | None) -> str:
    """The name of the position after a clause, or of the beginning of the text if it is None."""
    return words("Après : {place}", place=clause_label(words, before)) if before else words("Au début du texte")


def passage_path(motion: int, place: str, version: int = 0) -> str:
    """The path of the page of a passage with all its amendments; if the version is 0, in the text that is being
    amended.
    """
    asked = f"?version={version}" if version else ""
    return f"motions/{motion}/passages/{quote(place, safe='')}{asked}"


def split(document: str) -> tuple[str, int]:
    """The kind and number of a document's id; ("", 0) if it has no number."""
    try:
        return ids.split(document)
    except ValueError:
        return "", 0


def subject(state: State, words: Translator, document: str) -> str:
    """The name of a document, such as « Amendement n° 3 »."""
    kind, number = split(document)
    said = {
        ids.TESTIMONY: words("Témoignage n° {n}", n=number),
        ids.EXCERPT: words("Extrait n° {n}", n=number),
        ids.REMARK: words("Remarque n° {n}", n=number),
        ids.MAP: words("Carte n° {n}", n=number),
        ids.AMENDMENT: words("Amendement n° {n}", n=number),
        ids.POLL: words("Scrutin n° {n}", n=number),
        ids.PROXY: words("Pouvoir n° {n}", n=number),
        ids.COLLEGE: words("Collège n° {n}", n=number),
        ids.REDACTION: words("Caviardage n° {n}", n=number),
        ids.MOTION: words("Motion n° {n}", n=number),
        ids.DISCUSSION: words("Discussion commune n° {n}", n=number),
        ids.ELECTION: words("Élection n° {n}", n=number),
        ids.TRANSCRIPTION: words("Transcription n° {n}", n=number),
        ids.RESULT: words("Résultat importé n° {n}", n=number),
    }
    if document.startswith(f"{ids.PERSON}-"):
        return name_of(state, words, document.removeprefix(f"{ids.PERSON}-"))
    if kind == ids.AMENDMENT and number in state.amendments:
        return amendment_name(words, state.amendments[number])
    return said.get(kind, document)


def subject_title(state: State, words: Translator, document: str) -> str:
    """The name of a document together with its subject or title."""
    kind, number = split(document)
    if kind == ids.MOTION and number in state.motions:
        return state.motions[number].title
    if kind == ids.AMENDMENT and number in state.amendments:
        name, amendment = subject(state, words, document), state.amendments[number]
        return name if amendment.parent else f"{name} — {amendment_aim(state, words, amendment)}"
    if kind == ids.ELECTION and number in state.elections:
        return words("Élection : {office}", office=state.elections[number].office)
    if kind == ids.POLL and number in state.polls:
        return question(state, words, state.polls[number])
    return subject(state, words, document)


def question(state: State, words: Translator, poll: Poll) -> str:
    """The question of a poll: as somebody worded it, otherwise computed from its subject."""
    return typed_question(state, poll) or told(words, outcomes.question(state, poll))


def typed_question(state: State, poll: Poll) -> str:
    """The question that somebody worded; "" if it is computed from the subject.

    Records of earlier versions contain computed questions as well, in French; these are recognised, so that they can be
    translated.
    """
    return "" if poll.question == str(outcomes.question(state, poll)) else poll.question


def outcome_reason(state: State, words: Translator, amendment: Amendment) -> str:
    """Why an amendment has its outcome: the reason that somebody gave, otherwise the figures of its vote."""
    return given_or_voted(state, words, amendment.reason, amendment.poll)


def given_or_voted(state: State, words: Translator, given: str, number: int | None) -> str:
    """The reason that somebody gave for an outcome; if it is "", the figures of the poll with that number, as far as it
    has a result.
    """
    poll = state.polls.get(number or 0)
    if given or poll is None or poll.tally is None:
        return given
    return told(words, outcomes.reason(state, poll))


def told(words: Translator, why: Why) -> str:
    """A sentence of the rules, translated and with its parameters filled in."""
    return words(why.message, **dict(why.params))


def ground(words: Translator, refused: Refused) -> str:
    """The rule behind a refusal and the article of the CGCT (law on local authorities), in brackets; "" if there is
    none to name.
    """
    found = ground_of(refused)
    if found is None:
        return ""
    if found.article:
        return words("(règle {rule} ; article {article} du CGCT)", rule=found.rule, article=found.article)
    return words("(règle {rule})", rule=found.rule)


PATHS = {
    ids.TESTIMONY: "temoignages",
    ids.MAP: "cartes",
    ids.MOTION: "motions",
    ids.AMENDMENT: "amendements",
    ids.POLL: "scrutins",
    ids.ELECTION: "scrutins/elections",
    ids.RESULT: "scrutins/ailleurs",
}


FIXED_PATHS = {ids.DISCUSSION: "seance", ids.TRANSCRIPTION: "amendements/papier"}
"""The path of the page that all documents of a kind share."""


def path(state: State, document: str) -> str:
    """The path of a document's page within its congress; "" if it has none."""
    kind, number = split(document)
    if kind == ids.EXCERPT and number in state.excerpts and state.excerpts[number].testimony:
        return f"temoignages/{state.excerpts[number].testimony}#extrait-{number}"
    if document.startswith(f"{ids.PERSON}-"):
        return f"personnes/{document.removeprefix(f'{ids.PERSON}-')}"
    if kind in FIXED_PATHS:
        return FIXED_PATHS[kind]
    if kind == ids.REMARK and number in state.remarks and state.remarks[number].motion:
        return f"motions/{state.remarks[number].motion}/remarques#remarque-{number}"
    return f"{PATHS[kind]}/{number}" if kind in PATHS else ""


def node_text(state: State, map_number: int, node: str) -> str:
    """The text of a map's node on one line, cut to 160 characters."""
    text = state.maps[map_number].nodes[node].text
    return shorten(" ".join(text.split()), 160)
