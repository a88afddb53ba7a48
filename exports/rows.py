"""The rows of every table, computed from the dossier, with their columns in the order of `exports.schema`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from deliberation.amendments import accounts
from deliberation.kernel.events import ActReverted
from deliberation.kernel.state import Motion
from deliberation.kernel.vocabulary import rectified
from deliberation.motions import origins as sources
from deliberation.motions import renumbering
from deliberation.session import speakers
from deliberation.thread.heard import collectivities
from deliberation.thread.thread import Thread, citations
from deliberation.votes import tallies
from deliberation.votes.elections import stood
from deliberation.votes.ways import of as way_of
from exports import naming, outline
from exports.dispositifs import dispositif
from exports.dossier import Dossier
from exports.translations import words_for

Row = Sequence[Any]


def testimonies(d: Dossier) -> Iterable[Row]:
    for n, x in sorted(d.state.testimonies.items()):
        thread = d.threads.of_testimony(n)
        reach = (n in d.coverage.placed, n in d.coverage.cited, n in d.coverage.final)
        said = (x.title, x.text, x.video, x.channel.value, x.theme)
        place = x.speaker.territory
        origin = (place.kind.value, place.region_name) if place else ("", "")
        speaker = (x.speaker.name, x.speaker.mandate, x.speaker.collectivity, x.speaker.code, *origin)
        decision = (x.status, x.reason, x.decided or None)
        yield (n, x.sent, x.author, *decision, *said, *speaker, thread.excerpts, *reach, x.revised or None, x.entry)


def excerpts(d: Dossier) -> Iterable[Row]:
    for n, x in sorted(d.state.excerpts.items()):
        yield n, x.testimony or None, x.medium, x.start, x.end, x.quote, x.outdated, x.author, x.time, x.entry


def maps(d: Dossier) -> Iterable[Row]:
    for n, x in sorted(d.state.maps.items()):
        yield n, x.title, x.author, x.created, x.changed or None, len(x.nodes)


def nodes(d: Dossier) -> Iterable[Row]:
    for n, x in sorted(d.state.maps.items()):
        for rank, row in enumerate(outline.rows(x.nodes), 1):
            yield n, row.id, row.parent, rank, row.depth + 1, row.node.text, tuple(sorted(row.node.excerpts))


def motions(d: Dossier) -> Iterable[Row]:
    for n, x in sorted(d.state.motions.items()):
        yield n, x.title, x.status, x.author, x.created, x.changed or None, len(x.frozen), x.decided_by, *_proposed(x)


def _proposed(x: Motion) -> tuple[str | None, str | None]:
    return x.source or None, x.taken_up_by or None


def remarks(d: Dossier) -> Iterable[Row]:
    for n, x in sorted(d.state.remarks.items()):
        said = (x.quote, x.text, x.base, x.proposal)
        settled = (x.status, x.settled_by or None, x.settled or None)
        yield n, x.motion or None, x.clause, x.reply_to or None, x.author, x.time, *said, *settled, x.entry


def versions(d: Dossier) -> Iterable[Row]:
    for n, x in sorted(d.state.motions.items()):
        for text in x.frozen:
            yield n, text.version, text.title, text.time, text.hash, text.base, text.adopted, text.entry


def origins(d: Dossier) -> Iterable[Row]:
    """Where the words of the latest frozen version of each motion come from."""
    return sources.rows(d.state, d.origins)


def adoptions(d: Dossier) -> Iterable[Row]:
    """What each adoption created, changed, removed, moved and renumbered: one row each."""
    for n in sorted(d.state.motions):
        for x in accounts.of_motion(d.state, n):
            numbers = tuple(f"{one.clause}:{one.before}→{one.after}" for one in x.renumbered)
            changed = tuple(id_ or "titre" for id_ in x.changed)
            yield n, x.version, x.entry, x.time, x.amendments, x.created, changed, x.removed, x.moved, numbers


def adopted_words(d: Dossier) -> Iterable[Row]:
    """The spans of the words that each adoption changed, in the text before it."""
    for n in sorted(d.state.motions):
        for x in accounts.of_motion(d.state, n):
            for change in x.changes:
                for rank, span in enumerate(change.spans):
                    yield n, x.version, change.clause, rank, span.start, span.old, span.new


def clauses(d: Dossier) -> Iterable[Row]:
    for n, x in sorted(d.state.motions.items()):
        for text in x.frozen:
            for rank, clause in enumerate(text.clauses, 1):
                place = (n, text.version, rank, clause.id, clause.kind.value, clause.number)
                writers = tuple(x.writers.get(clause.id, ()))
                said = (clause.markdown, clause.addressee, citations(clause.markdown), writers)
                yield *place, *said, clause.suffix or None


def concordance(d: Dossier) -> Iterable[Row]:
    """What each clause of a renumbered text was called in the debate, and is called now."""
    for n, x in sorted(d.state.motions.items()):
        for rank, row in enumerate(renumbering.concordance(d.state, x), 1):
            after = row.after.called if row.after else None
            yield n, rank, row.before.id, row.before.kind.value, row.before.called, after


def amendments(d: Dossier) -> Iterable[Row]:
    for n, x in sorted(d.state.amendments.items()):
        aim = (x.motion, x.base, x.aim.value, x.clause, x.new_kind, x.text, x.rationale)
        fate = (
            x.status,
            naming.outcome_reason(d.state, words_for("fr"), x),
            x.settled or None,
            x.settled_by,
            x.poll,
            x.because_of,
        )
        aimed = x.edit_rank if x.parent is not None else None
        own = (
            x.parent,
            aimed,
            x.after,
            x.instruction,
            x.called,
            tuple(x.signatures),
            x.amended_by,
            dispositif(d.state, x),
            x.version or None,
        )
        yield n, *aim, x.author, x.tabled, x.late_reason, *fate, x.opinion, x.opinion_comment, *own


def wordings(d: Dossier) -> Iterable[Row]:
    """Every wording of an amendment: the earlier ones, then the present one."""
    for n, x in sorted(d.state.amendments.items()):
        for rank, wording in enumerate((*x.earlier, x.wording)):
            called = f"{n} {rectified(rank)}".strip()
            for edit, said in enumerate(wording.by_edit):
                yield n, rank, edit, called, said.time, said.text, said.rationale, said.new_kind, said.after


def amendment_edits(d: Dossier) -> Iterable[Row]:
    """What each amendment does at each of its places."""
    for n, x in sorted(d.state.amendments.items()):
        for rank, edit in enumerate(x.edits):
            yield n, rank, edit.aim.value, edit.clause, edit.new_kind, edit.text, edit.after


def changed_words(d: Dossier) -> Iterable[Row]:
    """The spans of the words that each amendment proposes now."""
    for n, x in sorted(d.state.amendments.items()):
        for place, edit in enumerate(x.edits):
            for rank, span in enumerate(edit.spans):
                yield n, place, rank, span.start, span.old, span.new


def polls(d: Dossier) -> Iterable[Row]:
    for n, x in sorted(d.state.polls.items()):
        rule, t = x.rule, x.tally
        asked = (
            n,
            x.subject,
            naming.question(d.state, words_for("fr"), x),
            x.opened,
            x.opened_by,
            x.closed or None,
            len(x.electorate),
        )
        decided = (f"{rule.majority_n}/{rule.majority_d}", rule.strict, rule.base, rule.tie, rule.chair)
        quorum = (f"{rule.quorum_n}/{rule.quorum_d}", rule.quorum_base)
        conduct = (rule.weights, rule.proxies, rule.changeable, rule.participation)
        called = (*conduct, x.college or None, x.second_call_of or None)
        tally = (t.in_favour, t.against, t.abstain, t.needed, t.quorum_met, t.carried) if t else (None,) * 6
        held = (x.way.value, x.part or None, x.sheet or None, x.terms.closes or None, x.cancelled)
        known = (x.counting, tallies.present_at_opening(x), x.present is not None)
        yield *asked, *decided, *quorum, *called, *held, *tally, *known


def ballots(d: Dossier) -> Iterable[Row]:
    for n, x in sorted(d.state.polls.items()):
        if not x.is_open and way_of(x).by_name:
            for voter in x.electorate:
                choice = x.ballots.get(voter)
                yield n, voter, choice.value if choice else None, x.voices(voter), x.by_proxy.get(voter)


def transcriptions(d: Dossier) -> Iterable[Row]:
    for n, x in sorted(d.state.transcriptions.items()):
        settled = x.settled_by or None, x.reason or None, x.amendment or None
        yield n, x.motion, x.author, x.sentence, x.rationale or None, x.status, x.transcribed_by, *settled


def slips(d: Dossier) -> Iterable[Row]:
    for n, x in sorted(d.state.slips.items()):
        said = x.signer or None, x.voter or None, x.choice.value if x.choice else None
        yield n, x.poll, *said, x.status, x.entered_by, x.settled_by or None, x.reason or None


def signatures(d: Dossier) -> Iterable[Row]:
    for n, x in sorted(d.state.polls.items()):
        for voter in x.electorate if way_of(x).in_box else ():
            yield n, voter, x.signed.get(voter), x.borne.get(voter)


def papers(d: Dossier) -> Iterable[Row]:
    for n, x in sorted(d.state.polls.items()):
        names = (*(x.candidates or ("pour", "contre")), "blanc", "place vide")
        for rank, mark in enumerate(x.papers, 1):
            yield n, rank, names[mark]


def hands(d: Dossier) -> Iterable[Row]:
    for n, x in sorted(d.state.polls.items()):
        for teller, shown in x.counts.items() if not x.is_open else ():
            yield n, teller, shown.in_favour, shown.against, shown.abstain, shown.present, shown.chair, ""
        if x.hands is not None:
            shown = x.hands
            yield n, "", shown.in_favour, shown.against, shown.abstain, shown.present, shown.chair, x.decision


def divisions(d: Dossier) -> Iterable[Row]:
    for subject, x in sorted(d.state.divisions.items()):
        for part, pieces in enumerate(x.parts, 1):
            yield subject, part, tuple(piece + 1 for piece in pieces), x.results.get(part), x.asked_by


def elections(d: Dossier) -> Iterable[Row]:
    for n, x in sorted(d.state.elections.items()):
        rule = (x.rule.absolute, x.rule.tie, x.rule.newcomers, f"{x.rule.quorum_n}/{x.rule.quorum_d}")
        yield n, x.office, x.rule.seats, stood(d.state, x), x.rounds, *rule, x.people


def elected(d: Dossier) -> Iterable[Row]:
    for n, x in sorted(d.state.elections.items()):
        for rank, each in enumerate(x.elected, 1):
            yield n, rank, each.person, each.poll, each.reason


def outside(d: Dossier) -> Iterable[Row]:
    for n, x in sorted(d.state.results.items()):
        for rank, found in enumerate(x.counts, 1):
            digests = tuple(f"{file.name} {file.sha256}" for file in x.files)
            yield n, rank, x.title, x.url, x.uuid, x.voters or None, found.label, found.votes, digests, x.recorded_by


def proxies(d: Dossier) -> Iterable[Row]:
    for n, x in sorted(d.state.proxies.items()):
        yield n, x.giver, x.bearer, x.given, x.ended or None


def sittings(d: Dossier) -> Iterable[Row]:
    for n, x in sorted(d.state.sittings.items()):
        yield n, x.chair or None, x.opened, x.opened_by, x.closed or None, x.closed_by or None, x.first, _past(x.last)


def attendance(d: Dossier) -> Iterable[Row]:
    for n, x in sorted(d.state.attendance.items()):
        yield n, x.sitting, x.person, x.since, x.left or None, x.how, x.by, x.left_by or None


def turns(d: Dossier) -> Iterable[Row]:
    """The turns of speakers; the duration in seconds is None until a turn has ended."""
    for n, x in sorted(d.state.turns.items()):
        seconds = speakers.spoken(x, x.ended) if x.ended else None
        asked = (n, x.sitting, x.person, x.purpose.value, x.subject or None, x.asked, x.by)
        placed = (_past(x.moved), x.reason or None)
        yield *asked, x.began or None, x.ended or None, x.allowed or None, seconds, x.withdrawn or None, *placed


def acts(d: Dossier) -> Iterable[Row]:
    """The acts of conducting a sitting. A reversal has the entry of the act that it reverts, another act the further
    amendment that it names.
    """
    for entry, x in sorted(d.state.acts.items()):
        taken_back = x.kind == ActReverted.kind
        other = (None, _past(x.other)) if taken_back else (_past(x.other), None)
        about = (x.kind, x.motion, x.amendments, x.number or None)
        yield entry, *about, x.time, x.actor, x.reason or None, *other, _past(x.reverted)


def _past(entry: int) -> int | None:
    """The index, or None for -1, by which the state says that there is none."""
    return entry if entry >= 0 else None


def electors(d: Dossier) -> Iterable[Row]:
    for person, x in sorted(d.state.electors.items()):
        yield person, x.voices or None, x.population or None


def colleges(d: Dossier) -> Iterable[Row]:
    for n, x in sorted(d.state.colleges.items()):
        yield n, x.title, x.members


def people(d: Dossier) -> Iterable[Row]:
    for id_, x in d.state.people.items():
        yield id_, x.role.value, x.name, x.mandate, x.collectivity, x.code, x.since, x.revoked, x.revoked_reason


def territories(d: Dossier) -> Iterable[Row]:
    for code, x in collectivities(d.state).items():
        t = x.territory
        inside = (t.department, t.department_name, t.region, t.region_name)
        yield (code, t.name, t.kind.value, t.population or None, t.year or None, *inside, x.testimonies, x.people)


def phases(d: Dossier) -> Iterable[Row]:
    for phase, window in d.state.phases.items():
        yield phase.value, window.opens, window.closes


def redactions(d: Dossier) -> Iterable[Row]:
    for n, x in sorted(d.state.redactions.items()):
        asked = (n, x.status, x.targets, x.ground, x.statement, x.proposed_by, x.proposed)
        yield *asked, x.decided_by, x.decided or None, x.reason


def record(d: Dossier) -> Iterable[Row]:
    for x in d.lines:
        yield x.index, x.time, x.actor, x.kind, x.document, x.words, x.words_en, x.absence or "public"


def threads(d: Dossier) -> Iterable[Row]:
    for excerpt in sorted(d.state.excerpts.values(), key=lambda x: x.number):
        for kind, target in _ends(d.threads.of_excerpt(excerpt.number)):
            yield excerpt.testimony or None, excerpt.number, kind, target


def _ends(thread: Thread) -> Iterable[tuple[str, str]]:
    yield from (("node", f"carte-{place.map}/{place.node}") for place in thread.places)
    for use in thread.uses:
        yield "clause", f"motion-{use.motion}/{use.clause}"
        if use.final:
            yield "final_text", f"motion-{use.motion}/{use.clause}"
    yield from (("amendment", f"amendement-{n}") for n in thread.amendments)
    yield from (("poll", f"scrutin-{n}") for n in thread.polls)
