"""The PDF of the complete restitution: motions, testimonies, maps, amendments, votes, sittings, people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from deliberation.kernel.state import Amendment, Attendance, MindMap, Motion, Person, Poll
from deliberation.kernel.vocabulary import Role
from deliberation.thread.heard import heard_in
from deliberation.thread.thread import Thread
from deliberation.votes import explanation
from deliberation.votes.ways import of as way_of
from exports import ballots, dispositifs, document_names, labels, moments, motion_text, naming, outline, sittings, views
from exports.breakdowns import Breakdown, electorate_tables, heard_tables
from exports.dossier import Dossier
from exports.papers import content
from exports.papers.compiling import compiled
from exports.papers.content import Json
from exports.papers.motion_paper import decision
from exports.sittings import Minutes
from exports.territories import carried
from exports.translations import FRENCH, Translator, words_for
from exports.typography import french

PER_VOLUME = 500
"""The most testimonies in one document, because laying out 5,000 at once takes 1.5 GB of memory."""


def as_pdf(dossier: Dossier, words: Translator) -> bytes:
    """The PDF, with headings and labels in the translator's language; what people wrote is French."""
    return compiled("restitution", _Restitution(dossier, words).data(), content.time_of(dossier))


def volumes_of_testimonies(dossier: Dossier) -> Iterator[bytes]:
    """The PDFs of the volumes of testimonies, in French; none if the restitution itself contains all of them."""
    if len(dossier.state.testimonies) > PER_VOLUME:
        made = _Restitution(dossier, words_for(FRENCH))
        for numbers in made.volumes():
            yield compiled("restitution", made.volume(numbers), content.time_of(dossier))


def minutes_pdf(dossier: Dossier, words: Translator, minutes: Minutes) -> bytes:
    """The PDF of the minutes of one sitting, with places for signatures."""
    made = _Restitution(dossier, words)
    number = minutes.sitting.number
    title = words("Compte rendu de la séance n° {n}", n=number)
    data = content.head(dossier, words, title) | made.signing() | {"sitting": made.sitting(minutes)}
    return compiled("minutes", data, content.time_of(dossier))


class _Restitution:
    """Computes the data of the document part by part."""

    def __init__(self, dossier: Dossier, words: Translator) -> None:
        self._dossier = dossier
        self._state = dossier.state
        self._words = words
        self._day = content.day(dossier, words)
        self._moment = content.moment(dossier, words)
        self._undone = sittings.undone(dossier.state)

    def data(self) -> Json:
        words = self._words
        settings = self._dossier.settings
        chapters = (
            (words("Motions"), [self._motion(x) for x in self._state.motions.values()]),
            (words("Amendements"), [self._amendment(x) for x in self._sorted_amendments()]),
            (words("Scrutins"), [self._poll(x) for _, x in sorted(self._state.polls.items())]),
            (words("Séances"), [self.sitting(x) for x in sittings.all_minutes(self._dossier)]),
            (words("Témoignages"), self._testimonies()),
            (words("Cartes"), [self._map(x) for _, x in sorted(self._state.maps.items())]),
        )
        return self._around(words("Restitution intégrale : {title}", title=french(settings.title))) | {
            "figures": self._figures(),
            "heard": self._heard(),
            "chapters": [{"title": title, "items": items} for title, items in chapters if items],
            "index": self._index(),
        }

    def _around(self, title: str) -> Json:
        """The parts around the chapters of a document."""
        words = self._words
        parts = {
            "description": french(self._dossier.settings.description),
            "contents": words("Sommaire"),
            "index_heading": words("Personnes et collectivités"),
            "seal_heading": words("Vérifier"),
            "seal_words": words(
                "Ce document suit du registre signé ci-dessous. L’archive (restitution.zip) contient le registre "
                "et de quoi tout recalculer. La signature de l’exploitant ne prouve rien contre lui : gardez "
                "ailleurs un point de contrôle plus ancien."
            ),
        }
        return content.head(self._dossier, words, title) | self.signing() | parts

    def _testimonies(self) -> list[Json]:
        """All testimonies; if there are several volumes, references to them instead."""
        words, volumes = self._words, self.volumes()
        if len(volumes) < 2:
            return [self._testimony(n) for numbers in volumes for n in numbers]
        return [
            {
                "kind": "volume",
                "id": f"volume-{rank}",
                "title": self._volume_title(numbers),
                "facts": words("Dans un document à part : {name}", name=document_names.volume(rank)),
            }
            for rank, numbers in enumerate(volumes, 1)
        ]

    def volumes(self) -> list[list[int]]:
        """The numbers of the testimonies of each volume."""
        numbers = sorted(self._state.testimonies)
        return [numbers[at : at + PER_VOLUME] for at in range(0, len(numbers), PER_VOLUME)]

    def volume(self, numbers: list[int]) -> Json:
        """A volume of testimonies, with its cover and seal."""
        title = self._volume_title(numbers)
        items = [self._testimony(n) for n in numbers]
        return self._around(title) | {
            "figures": [],
            "heard": {"heading": "", "sentence": "", "tables": []},
            "chapters": [{"title": title, "items": items}],
            "index": [],
        }

    def _volume_title(self, numbers: list[int]) -> str:
        words = self._words
        return words("Témoignages n° {first} à n° {last}", first=numbers[0], last=numbers[-1])

    def signing(self) -> Json:
        words = self._words
        return {
            "attendance_words": words("Présences"),
            "signatures_words": words("Signatures"),
            "signers": [words("La présidence"), words("Le secrétariat de séance")],
            "checkpoint_words": words("Point de contrôle du registre qui couvre cette séance"),
            "reverted_words": words("rapporté"),
        }

    def _figures(self) -> list[Json]:
        words, state = self._words, self._state
        found = (
            (words("témoignages publiés"), len(self._dossier.coverage.published)),
            (words("amendements"), len(state.amendments)),
            (words("scrutins"), len(state.polls)),
            (words("personnes"), len(state.people)),
            (words("entrées du registre"), len(self._dossier.lines)),
        )
        return [{"label": label, "value": words.number(value)} for label, value in found if value]

    def _heard(self) -> Json:
        """Who is heard in all published testimonies, and where: a sentence and tables."""
        words, heard = self._words, heard_in(self._state, self._state.testimonies)
        return {
            "heading": words("Qui est entendu, et où"),
            "sentence": carried(words, heard),
            "tables": _tables(words, heard_tables(words, heard)),
        }

    def _motion(self, motion: Motion) -> Json:
        words = self._words
        return {
            "kind": "motion",
            "id": f"motion-{motion.number}",
            "title": french(motion_text.standing(motion)[0]),
            "facts": content.joined(
                (words(labels.MOTION_STATUSES[motion.status]), decision(self._dossier, words, motion))
            ),
            "sections": content.clauses(self._dossier, words, motion),
            "notes": content.notes(self._dossier, words, motion),
            "notes_heading": words("Paroles citées"),
        }

    def _sorted_amendments(self) -> list[Amendment]:
        return sorted(self._state.amendments.values(), key=lambda x: (x.motion, x.number))

    def _amendment(self, amendment: Amendment) -> Json:
        words, state = self._words, self._state
        facts = (
            naming.name_of(state, words, amendment.author),
            words("déposé le {day}", day=self._day(amendment.tabled)),
            words(labels.AMENDMENT_STATUSES[amendment.status]),
        )
        dispositif = dispositifs.dispositif(state, amendment) or amendment.instruction
        return {
            "kind": "amendment",
            "id": f"amendement-{amendment.number}",
            "title": naming.subject_title(state, words, f"amendement-{amendment.number}"),
            "facts": content.joined(facts),
            "dispositif": french(dispositif),
            "dispositif_words": words("Dispositif"),
            "changes": content.changes(views.amendment_pieces(self._dossier, words, amendment)),
            "rationale": content.rich(amendment.rationale),
            "rationale_words": words("Exposé des motifs"),
            "lines": list(self._fate(amendment)),
        }

    def _fate(self, amendment: Amendment) -> Iterator[str]:
        words = self._words
        if amendment.opinion:
            opinion = words(labels.OPINIONS[amendment.opinion])
            said = french(amendment.opinion_comment)
            yield words("Avis du rapporteur : {opinion}", opinion=content.joined((opinion, said), ". "))
        names = [naming.name_of(self._state, words, each) for each in amendment.signatures]
        if names:
            yield words("Cosigné par {names}.", names=naming.several(words, names))
        if reason := naming.outcome_reason(self._state, words, amendment):
            yield french(reason)

    def _poll(self, poll: Poll) -> Json:
        words = self._words
        facts = (
            naming.told(words, way_of(poll).name),
            words("ouvert le {moment}", moment=self._moment(poll.opened)),
            words("clos le {moment}", moment=self._moment(poll.closed)) if poll.closed else "",
            words.many("{n} inscrit", "{n} inscrits", len(poll.electorate)),
        )
        return {
            "kind": "poll",
            "id": f"scrutin-{poll.number}",
            "title": content.joined((words("Scrutin n° {n}", n=poll.number), self._subject(poll)), " — "),
            "question": french(naming.question(self._state, words, poll)),
            "facts": content.joined(facts),
            "lines": list(self._result(poll)),
            "groups": [{"label": label, "names": list(names)} for label, names in self._groups(poll) if names],
            "represented": words("D’où viennent les voix"),
            "tables": [] if poll.cancelled else _tables(words, electorate_tables(words, self._state, poll)),
        }

    def _subject(self, poll: Poll) -> str:
        """The subject of a poll, such as « Amendement n° 3 ». For an election, the office is named in the question."""
        return naming.subject(self._state, self._words, poll.subject)

    def _result(self, poll: Poll) -> Iterator[str]:
        words = self._words
        if poll.cancelled:
            yield words("Scrutin annulé : {reason}", reason=french(poll.cancelled))
        elif poll.tally is None:
            yield words("Scrutin ouvert : rien n’est publié avant sa clôture.")
        elif round_ := ballots.round_of(self._state, poll):
            for one in round_.candidates:
                name = naming.name_of(self._state, words, one.person)
                votes = words.many("{n} voix", "{n} voix", one.votes)
                yield content.joined((f"{name} : {votes}", words("Élu") if one.elected else ""), ", ")
        else:
            yield " ".join(naming.told(words, why) for why in explanation.sentences(poll, poll.tally))

    def _groups(self, poll: Poll) -> Iterable[tuple[str, tuple[str, ...]]]:
        """Names by choice in a poll by name; who signed, in a secret one; what tellers counted, in a show of hands."""
        words, way = self._words, way_of(poll)
        if poll.tally is None:
            return ()
        if way.by_name:
            return views.roll_call(self._dossier, words, poll)
        if way.in_box:
            return ((words("Émargement"), ballots.signatures(self._state, words, poll)),)
        return tuple(
            (one.name, (f"{one.hands.in_favour} – {one.hands.against} – {one.hands.abstain}",))
            for one in ballots.counts(self._state, words, poll)
        )

    def sitting(self, minutes: Minutes) -> Json:
        words, sitting = self._words, minutes.sitting
        chair = naming.name_of(self._state, words, sitting.chair) if sitting.chair else ""
        facts = (
            content.joined((self._moment(sitting.opened), self._moment(sitting.closed)), " – "),
            words("présidée par {person}", person=chair) if chair else "",
        )
        return {
            "kind": "sitting",
            "id": f"seance-{sitting.number}",
            "title": words("Séance n° {n}", n=sitting.number),
            "facts": content.joined(facts),
            "attendance": [self._present(each) for each in minutes.attendance],
            "entries": [
                {
                    "time": moments.hour(line.time, self._dossier.settings.timezone, words.lang),
                    "words": line.said(words.lang),
                    "reverted": line.index in self._undone,
                }
                for line in minutes.lines
            ],
        }

    def _present(self, each: Attendance) -> str:
        zone, lang = self._dossier.settings.timezone, self._words.lang
        until = moments.hour(each.left, zone, lang) if each.left else "…"
        name = naming.name_of(self._state, self._words, each.person)
        return f"{name} ({moments.hour(each.since, zone, lang)} – {until})"

    def _testimony(self, number: int) -> Json:
        words, testimony = self._words, self._state.testimonies[number]
        is_public = testimony.status == "published"
        said = naming.said_by(self._state, words, testimony)
        facts = (
            (said.name, naming.office(said), self._day(testimony.sent), french(testimony.theme))
            if is_public
            else (words(labels.TESTIMONY_STATUSES[testimony.status]), self._day(testimony.sent))
        )
        return {
            "kind": "testimony",
            "id": f"temoignage-{testimony.number}",
            "title": words("Témoignage n° {n}", n=testimony.number),
            "subtitle": french(testimony.title) if is_public else "",
            "facts": content.joined(facts),
            "text": content.rich(testimony.text) if is_public else [],
            "lines": [french(testimony.reason)] if testimony.reason else [],
            "fates": list(self._reach(self._dossier.threads.of_testimony(testimony.number))) if is_public else [],
        }

    def _reach(self, thread: Thread) -> Iterator[str]:
        words = self._words
        if thread.uses:
            names = [link.words for link in views.uses(self._dossier, words, thread)]
            yield words("Cité dans : {places}", places=", ".join(names))

    def _map(self, mindmap: MindMap) -> Json:
        rows = outline.rows(mindmap.nodes)
        return {
            "kind": "map",
            "id": f"carte-{mindmap.number}",
            "title": french(mindmap.title),
            "facts": self._words.many("{n} idée", "{n} idées", len(rows)),
            "nodes": [{"depth": row.depth, "text": french(" ".join(row.node.text.split()))} for row in rows],
        }

    def _index(self) -> list[Json]:
        """People, and speakers who agreed to be named, in alphabetical order, with the documents where they appear."""
        index = _Index()
        is_here = len(self._state.testimonies) <= PER_VOLUME
        for person in self._state.people.values():
            if not person.revoked:
                index.add(naming.name_of(self._state, self._words, person.id), _office(person), person.id)
        for number, testimony in sorted(self._state.testimonies.items()):
            said = naming.said_by(self._state, self._words, testimony)
            if testimony.status == "published" and (testimony.speaker.name or said.person):
                entry = index.add(said.name, naming.office(said))
                entry["places"] += [f"temoignage-{number}"] if is_here else []
        for amendment in self._sorted_amendments():
            index.appears_as(amendment.author, f"amendement-{amendment.number}")
        return sorted(index.entries.values(), key=lambda x: (views.folded(x["name"]), x["office"]))


class _Index:
    """Collects the entries of the index, by name and office."""

    def __init__(self) -> None:
        self.entries: dict[tuple[str, str], Json] = {}
        self._people: dict[str, Json] = {}

    def add(self, name: str, office: str, person: str = "") -> Json:
        """The entry for that name and office, which is created the first time. `person` is the id under which
        `appears_as` finds it.
        """
        fresh: Json = {"name": french(name), "office": french(office), "places": []}
        entry = self.entries.setdefault((name, office), fresh)
        if person:
            self._people[person] = entry
        return entry

    def appears_as(self, person: str, document: str) -> None:
        if person in self._people:
            self._people[person]["places"].append(document)


def _tables(words: Translator, found: Iterable[Breakdown]) -> list[Json]:
    """Tables of figures, each with its title, headings and rows of cells."""
    return [
        {
            "title": each.title,
            "columns": list(each.columns),
            "rows": [[french(label), *map(words.number, figures)] for label, figures in each.rows],
        }
        for each in found
    ]


def _office(person: Person) -> str:
    if person.role is Role.ELU:
        return naming.office(person)
    return naming.office(person) or labels.ROLES[person.role]
