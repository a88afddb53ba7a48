"""The state as each kind of reader may see it: the public, members of the congress, those who moderate or conduct."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, get_type_hints

from deliberation.congress.people import may
from deliberation.kernel import commands as c
from deliberation.kernel.state import Excerpt, Motion, Poll, Remark, Slip, State, Testimony
from deliberation.kernel.vocabulary import Choice, Hands
from deliberation.session.in_camera import public_state
from deliberation.visibility import remains
from deliberation.visibility.keeping import IdentityCache, WithheldPart
from deliberation.visibility.published import PUBLIC, PUBLISHED
from deliberation.votes import proxies

OPEN_POLL = "open_poll"
"""The reason why a ballot is withheld; kept apart because there are thousands of these and they concern polls only."""
MOST_MARKS = 16


@dataclass(frozen=True)
class PollProgress:
    """How far a poll is. `voted` counts those who took part, None if the poll's rule hides that from this reader;
    `counted` are the tellers whose counts are in; `entries` are the indices of the entries that hold votes.
    """

    voted: int | None
    counted: tuple[str, ...]
    entries: tuple[int, ...]


@dataclass(frozen=True)
class View(State):
    """A state with published values only. `progress` is that of each open poll, by number. `is_kept_out` says
    that a sitting is in camera and that this reader is not of the congress. If this view adds something
    for one reader or their role, `common` is the view without these additions that all members share.
    """

    progress: Mapping[int, PollProgress] = field(default_factory=dict)
    is_kept_out: bool = False
    common: View | None = None


@dataclass(frozen=True)
class Rights:
    """What a kind of reader sees beyond the public: texts written in camera (`member`), testimonies that are not
    published (`moderates`), how many take part in any poll (`conducts`), slips that wait to be confirmed (`at_desk`).
    """

    member: bool = False
    moderates: bool = False
    conducts: bool = False
    at_desk: bool = False


def public_view(state: State) -> View:
    """What anybody may see; the same object for the same state."""
    return _view(state, Rights())


def members_view(state: State) -> View:
    """What everybody who takes part in the congress may see."""
    return _view(state, Rights(member=True))


def sits_in_camera(state: State, actor: str) -> bool:
    """Whether a sitting is in camera and that person takes part, so that they see more of it than the public (S53)."""
    person = state.people.get(actor)
    return state.in_camera is not None and person is not None and not person.revoked


def view_of(state: State, actor: str) -> View:
    """What that person may see; for somebody unknown or revoked, the public's view."""
    person = state.people.get(actor)
    if person is None or person.revoked:
        return public_view(state)
    rights = Rights(True, *(may(state, actor, act) for act in (c.PublishTestimony, c.PausePoll, c.ConfirmSlip)))
    shared, common = _view(state, rights), members_view(state)
    own = {"testimonies": _own_testimonies(state, rights, actor), "polls": _own_polls(state, shared, rights, actor)}
    changes: dict[str, Any] = {name: {**getattr(shared, name), **things} for name, things in own.items() if things}
    return replace(shared, **changes, common=common) if changes or shared is not common else shared


def progress(state: State, poll: Poll) -> PollProgress:
    """How far a poll is, as far as the reader may know if `state` is a view."""
    known = state.progress.get(poll.number) if isinstance(state, View) else None
    return known or _progress(poll, is_told=True)


def _progress(poll: Poll, is_told: bool) -> PollProgress:
    voted = len(poll.ballots.keys() | poll.signed.keys()) if is_told else None
    return PollProgress(voted, tuple(poll.counts), (*poll.entries, *poll.signed.values()))


_HINTS = get_type_hints(State)
_VIEWS = IdentityCache[View]()
_SECTIONS = {f.name: IdentityCache[Any]() for f in fields(State)}
_TESTIMONIES = WithheldPart(Testimony, remains.testimony)
_EXCERPTS = WithheldPart(Excerpt, remains.excerpt)
_REMARKS = WithheldPart(Remark, remains.remark)
_MOTIONS = IdentityCache[Mapping[int, Motion]]()
_POLLS = WithheldPart(Poll, remains.poll)
_SLIPS = WithheldPart(Slip, remains.slip)
_MARKS = IdentityCache[frozenset[int]]()
_marks_known: list[frozenset[int]] = []


def _view(state: State, rights: Rights) -> View:
    flags = rights.member, rights.moderates, rights.conducts, rights.at_desk
    return _VIEWS.of(state, *flags, make=lambda: _build_view(state, rights))


def _build_view(state: State, rights: Rights) -> View:
    if state.in_camera is not None and not rights.member:
        return replace(_narrowed(public_state(state), rights), is_kept_out=True)
    return _narrowed(state, rights)


def _narrowed(state: State, rights: Rights) -> View:
    marks = _marks(state)
    narrowed: dict[str, Any] = {
        "testimonies": _testimonies(state, rights, marks),
        "excerpts": _EXCERPTS.of(
            state.excerpts, lambda x: not remains.is_quoted_in_public(state, x), state.testimonies, marks
        ),
        "motions": _motions(state, rights),
        "remarks": _remarks(state, rights, marks),
        "polls": _POLLS.of(state.polls, lambda poll: poll.is_open),
        "slips": _SLIPS.of(state.slips, lambda slip: _is_withheld(state, rights, slip), state.polls, rights.at_desk),
    }
    plain = {name: _section(state, name) for name in PUBLISHED[State] if name not in narrowed}
    return View(**plain, **narrowed, progress=_open(state, rights))


def _is_withheld(state: State, rights: Rights, slip: Slip) -> bool:
    """Whether the slip is withheld: like a ballot, while the poll is open. Those who enter slips may read it until it
    is confirmed or refused (W31).
    """
    return state.polls[slip.poll].is_open and not (rights.at_desk and slip.status == "waiting")


def _section(state: State, name: str) -> Any:
    """The published form of a field of the state in which nothing is withheld for this reader."""
    value = getattr(state, name)
    return _SECTIONS[name].of(value, make=lambda: PUBLIC.shown(value, _HINTS[name]))


def _testimonies(state: State, rights: Rights, marks: frozenset[int]) -> Mapping[int, Testimony]:
    if rights.moderates:
        found: Mapping[int, Testimony] = _section(state, "testimonies")
        return found
    return _TESTIMONIES.of(state.testimonies, lambda x: not remains.is_public(state, x), marks)


def _motions(state: State, rights: Rights) -> Mapping[int, Motion]:
    if rights.member or state.seclusion is None:
        found: Mapping[int, Motion] = _section(state, "motions")
        return found
    return _MOTIONS.of(
        state.motions,
        state.seclusion,
        make=lambda: {
            n: remains.motion(state, x) if remains.is_in_camera(state, x) else PUBLIC.published(x)
            for n, x in state.motions.items()
        },
    )


def _remarks(state: State, rights: Rights, marks: frozenset[int]) -> Mapping[int, Remark]:
    if rights.member:
        found: Mapping[int, Remark] = _section(state, "remarks")
        return found
    return _REMARKS.of(state.remarks, lambda x: bool(remains.absence(state, x.entry)), marks)


def _marks(state: State) -> frozenset[int]:
    """The indices of entries with withheld or redacted content, except ballots; the same object while they do not
    change, so that it can be a cache key.
    """
    return _MARKS.of(state.withheld, state.redacted, make=lambda: _same_marks(_marked(state)))


def _marked(state: State) -> frozenset[int]:
    return frozenset((*(n for n, why in state.withheld.items() if why != OPEN_POLL), *state.redacted))


def _same_marks(found: frozenset[int]) -> frozenset[int]:
    same = next((known for known in _marks_known if known == found), found)
    _marks_known[:] = [same, *(known for known in _marks_known if known is not same)][:MOST_MARKS]
    return same


def _open(state: State, rights: Rights) -> Mapping[int, PollProgress]:
    return {
        n: _progress(poll, is_told=poll.rule.participation or rights.conducts)
        for n, poll in state.polls.items()
        if poll.is_open
    }


def _own_testimonies(state: State, rights: Rights, actor: str) -> Mapping[int, Testimony]:
    """That person's own unpublished testimonies, which they may read."""
    if rights.moderates:
        return {}
    return {
        n: PUBLIC.published(said)
        for n, said in state.testimonies.items()
        if said.author == actor and not remains.is_public(state, said) and said.status not in ("redacted", "withdrawn")
    }


def _own_polls(state: State, shared: View, rights: Rights, actor: str) -> Mapping[int, Poll]:
    """The open polls with that person's own votes."""
    givers = {proxy.giver for proxy in proxies.held_by(state, actor)}
    opened = (poll for poll in state.polls.values() if poll.is_open)
    return {poll.number: own for poll in opened if (own := _own_poll(poll, shared, rights, actor, givers)) is not None}


def _own_poll(poll: Poll, shared: View, rights: Rights, actor: str, givers: set[str]) -> Poll | None:
    """An open poll with what it shows to this actor only: the votes that they cast, for themselves or by proxy; whether
    the people who gave them a proxy have voted; the tellers' counts, if they have counted themselves, or conduct and
    two counts are entered. None if there is nothing to add.
    """
    near = {actor, *givers, *(giver for giver, bearer in poll.bearers.items() if bearer == actor)}
    own: dict[str, Mapping[str, Any]] = {
        "ballots": dict(_own_ballots(poll, actor)),
        "cast": _of(poll.cast, near),
        "by_proxy": _of(poll.by_proxy, near),
        "signed": _of(poll.signed, near),
        "borne": _of(poll.borne, near),
        "counts": _known_counts(poll, rights, actor),
    }
    if poll.rule.participation:
        del own["signed"], own["borne"]
    return replace(shared.polls[poll.number], **own) if any(own.values()) else None  # type: ignore[arg-type]


def _own_ballots(poll: Poll, actor: str) -> Iterator[tuple[str, Choice]]:
    for voter, choice in poll.ballots.items():
        if poll.by_proxy.get(voter, voter) == actor:
            yield voter, choice


def _known_counts(poll: Poll, rights: Rights, actor: str) -> Mapping[str, Hands]:
    knows = actor in poll.counts or (rights.conducts and len(poll.counts) > 1)
    return poll.counts if knows else {}


def _of(things: Mapping[str, Any], people: set[str]) -> dict[str, Any]:
    return {person: thing for person, thing in things.items() if person in people}
