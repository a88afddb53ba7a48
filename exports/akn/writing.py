"""Writes a motion as an Akoma Ntoso 3.0 `statement`, together with its amendments, votes and debate.

Permanent ids (of clauses, amendments, polls, entries, people) are in `wId`; `eId` is unique in the file.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from deliberation.kernel import ids
from deliberation.kernel.state import Amendment, Excerpt, Motion, Poll
from deliberation.kernel.vocabulary import ClauseKind
from deliberation.motions.layout import LaidClause
from deliberation.thread.thread import citations
from deliberation.votes.ways import of as way_of
from exports import dispositifs, labels, motion_text, naming, sittings, views
from exports.akn.markup import AKN, NOTE, OWN, add, write_markdown
from exports.akn.reading import REMOVED
from exports.dossier import Dossier
from exports.translations import FRENCH, words_for

HEAD = b'<?xml version="1.0" encoding="UTF-8"?>\n'
SOURCE = "#congres"


class FrbrDocument(NamedTuple):
    """The FRBR description of a document within the file: its kind and number in addresses, its dates and its
    version.
    """

    kind: str
    number: int
    created: str
    changed: str
    version: int = 1


@dataclass(frozen=True)
class AknFile:
    """The dossier and the motion from which all parts of the file are written."""

    dossier: Dossier
    motion: Motion

    @property
    def amendments(self) -> list[Amendment]:
        found = (x for x in self.dossier.state.amendments.values() if x.motion == self.motion.number)
        return sorted(found, key=lambda x: x.number)

    def polls_on(self, document: str) -> list[Poll]:
        """The closed polls on a document, with their results."""
        polls = sorted(self.dossier.state.polls.values(), key=lambda x: x.number)
        return [x for x in polls if x.subject == document and x.tally is not None]

    def name(self, actor: str) -> str:
        return naming.name_of(self.dossier.state, words_for(FRENCH), actor)


def as_akn(dossier: Dossier, motion: Motion) -> bytes:
    """The content of the file; the same record gives the same bytes."""
    file = AknFile(dossier, motion)
    root = Element(AKN + "akomaNtoso")
    statement = add(root, "statement", name="motion", contains="originalVersion")
    title = motion_text.standing(motion)[0]
    created = FrbrDocument(ids.MOTION, motion.number, motion.created, _changed(file), len(motion.frozen) or 1)
    _meta(statement, file, created, file.polls_on(f"motion-{motion.number}"), notes=True)
    _preface(statement, title, labels.MOTION_STATUSES[motion.status], "")
    body = add(statement, "mainBody")
    for laid in motion_text.laid_out(dossier.state, motion):
        _clause(body, laid)
    if len(body) == 0:
        add(body, "p")
    _components(statement, file)
    return _serialised(root)


def _serialised(root: Element) -> bytes:
    ElementTree.register_namespace("pl", OWN.strip("{}"))
    for element in root.iter():
        element.tag = element.tag.removeprefix(AKN)
    root.set("xmlns", AKN.strip("{}"))
    return HEAD + ElementTree.tostring(root, encoding="unicode").encode() + b"\n"


def _changed(file: AknFile) -> str:
    text = file.motion.text
    return text.time if text is not None else file.motion.changed or file.motion.created


def _meta(parent: Element, file: AknFile, own: FrbrDocument, polls: Iterable[Poll], notes: bool = False) -> None:
    meta = add(parent, "meta")
    _identification(add(meta, "identification", source=SOURCE), file, own)
    polls = list(polls)
    if polls:
        parliamentary = add(add(meta, "analysis", source=SOURCE), "parliamentary")
        for poll in polls:
            _voting(parliamentary, poll)
    references = add(meta, "references", source=SOURCE)
    if notes:
        _references(references, file)
        _notes(meta, file)
    else:
        add(references, "original", href=_address(file, own), showAs=f"{own.kind}-{own.number}")


def _identification(parent: Element, file: AknFile, own: FrbrDocument) -> None:
    work = _address(file, own)
    expression = f"{work}/fra@{own.version}"
    manifestation = f"{expression}/main.xml"
    levels = (("FRBRWork", work, own.created), ("FRBRExpression", expression, own.changed))
    for name, address, time in (*levels, ("FRBRManifestation", manifestation, own.changed)):
        level = add(parent, name)
        add(level, "FRBRthis", value=address if address == manifestation else f"{address}/!main")
        add(level, "FRBRuri", value=address)
        add(level, "FRBRdate", date=time[:10], name="creation")
        add(level, "FRBRauthor", href=SOURCE)
        if name == "FRBRWork":
            add(level, "FRBRcountry", value="fr")
            add(level, "FRBRnumber", value=str(own.number))
        elif name == "FRBRExpression":
            add(level, "FRBRversionNumber", value=str(own.version))
            add(level, "FRBRlanguage", language="fra")


def _address(file: AknFile, own: FrbrDocument) -> str:
    return f"/akn/fr/statement/{file.dossier.settings.slug}/{own.created[:10]}/{own.kind}-{own.number}"


def _voting(parent: Element, poll: Poll) -> None:
    """The result of a poll: its quorum if it requires one, and the numbers of votes."""
    tally = poll.tally
    assert tally is not None
    document = f"scrutin-{poll.number}"
    outcome = "#adopte" if tally.carried else "#rejete" if tally.quorum_met else "#quorum-non-atteint"
    voting = add(parent, "voting", eId=f"vote-{document}", wId=document, outcome=outcome, href=f"#appel-{document}")
    if tally.quorum_needed:
        add(voting, "quorum", eId=f"quorum-{document}", value=str(tally.quorum_needed))
    voices = (("pour", tally.in_favour), ("contre", tally.against), ("abstention", tally.abstain))
    for name, value in voices:
        add(voting, "count", eId=f"{name}-{document}", refersTo=f"#{name}", value=str(value))


def _references(parent: Element, file: AknFile) -> None:
    settings = file.dossier.settings
    add(
        parent,
        "TLCOrganization",
        eId="congres",
        wId="congres",
        href=f"/akn/ontology/organization/fr/{settings.slug}",
        showAs=settings.title,
    )
    for person in sorted(_people(file), key=lambda x: (len(x), x)):
        about = {"href": f"/akn/ontology/person/fr/{settings.slug}/{person}", "showAs": file.name(person)}
        add(parent, "TLCPerson", eId=f"personne-{person}", wId=f"personne-{person}", **about)
    concepts = ("adopte", "rejete", "quorum-non-atteint", "pour", "contre", "abstention")
    for concept in concepts:
        address = f"/akn/ontology/concept/fr/{concept}"
        add(parent, "TLCConcept", eId=concept, href=address, showAs=concept.replace("-", " "))


def _people(file: AknFile) -> set[str]:
    """Who wrote the motion, tabled amendments to it, or voted on them by name."""
    motion, state = file.motion, file.dossier.state
    found = {motion.author, *(x.author for x in file.amendments)}
    found |= {writer for writers in motion.writers.values() for writer in writers}
    for document in _documents(file):
        found |= {voter for poll in file.polls_on(document) if way_of(poll).by_name for voter in poll.electorate}
    return {person for person in found if person in state.people}


def _documents(file: AknFile) -> list[str]:
    return [f"motion-{file.motion.number}", *(f"amendement-{x.number}" for x in file.amendments)]


def _notes(meta: Element, file: AknFile) -> None:
    """The quotations that the text cites, as far as they are public."""
    clauses = motion_text.standing(file.motion)[1]
    cited = sorted({n for clause in clauses for n in citations(clause.markdown)})
    known = [file.dossier.state.excerpts[n] for n in cited if n in file.dossier.state.excerpts]
    if known:
        notes = add(meta, "notes", source=SOURCE)
        for excerpt in known:
            note = add(notes, "note", eId=f"{NOTE}{excerpt.number}", wId=f"extrait-{excerpt.number}")
            note.set("marker", str(excerpt.number))
            add(note, "p", _quotation(file, excerpt))


def _quotation(file: AknFile, excerpt: Excerpt) -> str:
    testimony = file.dossier.state.testimonies.get(excerpt.testimony)
    if testimony is None or not excerpt.quote:
        return "Extrait dont le contenu n’est pas public."
    said = naming.said_by(file.dossier.state, words_for(FRENCH), testimony)
    who = ", ".join(part for part in (said.name, naming.office(said)) if part)
    return f"« {excerpt.quote} » — {who}, témoignage {testimony.number}."


def _preface(parent: Element, title: str, status: str, proponent: str) -> None:
    preface = add(parent, "preface")
    add(add(preface, "p"), "docTitle", title)
    if proponent:
        add(add(preface, "p"), "docProponent", proponent)
    add(add(preface, "p"), "docStatus", status)


def _clause(body: Element, laid: LaidClause) -> None:
    """Adds a clause; one that was deleted during the debate is added without words, as `removed`."""
    clause = laid.clause
    own = add(body, "hcontainer", name=clause.kind.value, eId=_eid(clause.id), wId=clause.id)
    if clause.kind is not ClauseKind.HEADING:
        add(own, "num", naming.laid_label(words_for(FRENCH), laid))
    if clause.addressee:
        add(own, "subheading", clause.addressee)
    content = add(own, "content")
    if laid.deleted:
        own.set("status", REMOVED)
        add(content, "p")
    else:
        write_markdown(content, clause.markdown)


def _eid(clause: str) -> str:
    return f"clause-{clause}"


def _components(statement: Element, file: AknFile) -> None:
    """The amendments, then the debate of each sitting, each as a document of its own."""
    components = Element(AKN + "components")
    for amendment in file.amendments:
        document = f"amendement-{amendment.number}"
        _amendment(add(components, "component", eId=f"component-{document}", wId=document), file, amendment)
    for minutes in sittings.all_minutes(file.dossier):
        _debate(components, file, minutes)
    for document in _documents(file):
        _roll_calls(components, file, document)
    if len(components):
        components.set("eId", "components")
        statement.append(components)


def _amendment(component: Element, file: AknFile, amendment: Amendment) -> None:
    state, words = file.dossier.state, words_for(FRENCH)
    name = f"amendement-{amendment.number}"
    found = add(component, "amendment", name="amendement")
    changed = amendment.settled or amendment.worded or amendment.tabled
    version = len(amendment.earlier) + 1
    own = FrbrDocument(ids.AMENDMENT, amendment.number, amendment.tabled, changed, version)
    _meta(found, file, own, file.polls_on(name))
    proponent = file.name(amendment.author)
    _preface(found, naming.amendment_name(words, amendment), labels.AMENDMENT_STATUSES[amendment.status], proponent)
    body = add(found, "amendmentBody")
    add(add(body, "amendmentHeading"), "p", naming.amendment_aim(state, words, amendment))
    content = add(body, "amendmentContent")
    sentence = dispositifs.dispositif(state, amendment) or amendment.instruction
    add(content, "block", sentence, name="dispositif", eId=f"dispositif-{name}")
    for rank, edit in enumerate(amendment.edits, 1):
        if edit.text:
            proposed = add(content, "block", name="texte", eId=f"texte-{rank}-{name}")
            proposed.text = edit.text
            if edit.clause:
                proposed.set("wId", edit.clause)
    if amendment.rationale:
        write_markdown(add(body, "amendmentJustification"), amendment.rationale)


def _debate(components: Element, file: AknFile, minutes: sittings.Minutes) -> None:
    """Adds the minutes of a sitting, as far as they concern this motion; nothing if they do not."""
    about = {*_documents(file), *(f"scrutin-{x.number}" for name in _documents(file) for x in file.polls_on(name))}
    lines = [line for line in minutes.lines if line.document in about or line.document.startswith(ids.SESSION)]
    if not any(line.document in about for line in lines):
        return
    sitting = minutes.sitting
    name = f"seance-{sitting.number}"
    found = add(add(components, "component", eId=f"component-{name}", wId=name), "debateReport", name="seance")
    own = FrbrDocument(ids.SESSION, sitting.number, sitting.opened, sitting.closed or sitting.opened)
    _meta(found, file, own, ())
    _preface(found, f"Séance n° {sitting.number}", "", file.name(sitting.chair) if sitting.chair else "")
    undone = sittings.undone(file.dossier.state)
    report = add(add(found, "mainBody"), "container", name="compte-rendu", eId=f"compte-rendu-{sitting.number}")
    for line in lines:
        entry = f"entree-{line.index}"
        said = f"{line.words} (rapporté)" if line.index in undone else line.words
        add(report, "p", said, eId=f"s{sitting.number}-{entry}", wId=entry, title=line.time)


def _roll_calls(components: Element, file: AknFile, document: str) -> None:
    """Who voted what in the polls by name on a document."""
    for poll in file.polls_on(document):
        name = f"scrutin-{poll.number}"
        component = add(components, "component", eId=f"component-{name}", wId=name)
        found = add(component, "debateReport", name="scrutin")
        _meta(found, file, FrbrDocument(ids.POLL, poll.number, poll.opened, poll.closed), ())
        question = naming.question(file.dossier.state, words_for(FRENCH), poll)
        _preface(found, f"Scrutin n° {poll.number}", question, "")
        call = add(add(found, "mainBody"), "container", name="appel-nominal", eId=f"appel-{name}")
        groups = views.roll_call(file.dossier, words_for(FRENCH), poll) if way_of(poll).by_name else ()
        for choice, names in groups:
            if names:
                add(call, "p", f"{choice} : {', '.join(names)}")
        if len(call) == 0:
            add(call, "p", "Scrutin sans appel nominal.")
