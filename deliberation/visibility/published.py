"""Which fields of which type are published, and how a publishable value is built from them.

A published value is built from empty fields and then filled with the fields listed here. So a new field or type is
private by default: until it is listed, everybody sees its default value or the empty value of its type.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import MISSING, Field, is_dataclass
from dataclasses import fields as fields_of
from enum import Enum
from functools import cache, lru_cache
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from deliberation.kernel.state import (
    Act,
    Agenda,
    Amendment,
    Attendance,
    College,
    Division,
    Election,
    Excerpt,
    Frozen,
    InCamera,
    MindMap,
    Motion,
    Opinion,
    OutsideResult,
    Person,
    Poll,
    Proxy,
    Redaction,
    Remark,
    Screen,
    Seclusion,
    Settings,
    Sitting,
    Slip,
    SpeakingTurn,
    State,
    Testimony,
    Transcription,
    Wording,
)
from deliberation.kernel.territory import Territory
from deliberation.kernel.vocabulary import (
    AgendaItem,
    BeleniosElection,
    BeleniosTrustee,
    Bracket,
    Clause,
    ClauseEdit,
    CongressIdentity,
    Draft,
    Elected,
    ElectionRule,
    Elector,
    Hands,
    Node,
    OutsideCount,
    OutsideFile,
    OutsideQuestion,
    PassagePlace,
    Piece,
    PollRule,
    Span,
    Speaker,
    SpeakingRule,
    Tally,
    Terms,
    Window,
)

T = TypeVar("T")
Fields = frozenset[str]


def fields(names: str) -> Fields:
    """The names in a text, separated by spaces."""
    return frozenset(names.split())


PUBLISHED: Mapping[type, Fields] = {
    State: fields(
        "size settings phases people testimonies excerpts maps motions amendments polls proxies electors "
        "colleges redactions divisions elections results slips transcriptions floor sittings attendance turns screen "
        "agenda acts remarks seclusion in_camera withheld redacted"
    ),
    Settings: fields(
        "slug title description place origin timezone fictional visitors_may_testify rule created cosignatures "
        "presence_asked speaking identity"
    ),
    CongressIdentity: fields("organisation contact legal privacy accessibility conformity colour logo"),
    PollRule: fields(
        "majority_n majority_d strict base tie chair quorum_n quorum_d quorum_strict quorum_base "
        "second_call second_call_hours weights brackets proxies participation changeable"
    ),
    Bracket: fields("population voices"),
    Window: fields("opens closes"),
    Person: fields("id name role mandate collectivity code since entries revoked revoked_reason territory"),
    Testimony: fields("number author sent title text video channel speaker theme entry status reason decided revised"),
    Speaker: fields("name mandate collectivity code territory"),
    Territory: fields("kind code name population year department department_name region region_name"),
    Excerpt: fields("number testimony medium start end quote author time entry outdated"),
    MindMap: fields("number title author created nodes changed"),
    Node: fields("parent order text excerpts"),
    Motion: fields(
        "number title author created status draft order writers frozen changed decided_by source taken_up_by rapporteur"
    ),
    Draft: fields("kind markdown addressee"),
    Frozen: fields("version title clauses hash base adopted time entry rules divided_by renumbers"),
    Clause: fields("id kind number markdown addressee suffix"),
    Amendment: fields(
        "number motion base aim clause text rationale new_kind author tabled late_reason status outcome "
        "reason poll because_of settled settled_by opinion opinion_comment undivided spans after parent "
        "instruction signatures earlier worded own amended_by opinions positions before taken_from "
        "presented declared further edit_rank version upon"
    ),
    Opinion: fields("by opinion comment time"),
    Span: fields("start old new"),
    ClauseEdit: fields("aim clause text spans after new_kind"),
    Wording: fields("text spans rationale after new_kind time edits"),
    Poll: fields(
        "number subject question rule electorate opened opened_by ballots entries tally closed cast "
        "by_proxy weights college second_call_of identical terms closes paused pause_reason cancelled "
        "counts hands decision counted signed borne papers part sheet block candidates votes seats "
        "present stated counting"
    ),
    Tally: fields("in_favour against abstain entitled base needed quorum_needed quorum_met carried"),
    Terms: fields("way closes ground requested present tellers least"),
    Hands: fields("in_favour against abstain present chair proxies_for proxies_against proxies_abstain"),
    Transcription: fields(
        "number motion base author sentence rationale late_reason transcribed_by transcribed status settled_by settled "
        "reason amendment version"
    ),
    Slip: fields("number poll entered_by entered entry signer voter choice status settled_by settled reason"),
    Proxy: fields("number giver bearer given ended"),
    Elector: fields("person voices population"),
    College: fields("number title members changed"),
    Redaction: fields(
        "number targets ground statement proposed_by proposed status decided_by decided reason entry place documents "
        "commitments"
    ),
    PassagePlace: fields("entry field start end"),
    Division: fields("subject parts asked_by time of pieces old results ended"),
    Piece: fields("clause before after at"),
    Election: fields("number office candidates rule opened rounds elected"),
    ElectionRule: fields("absolute tie quorum_n quorum_d seats newcomers"),
    Elected: fields("person poll reason"),
    OutsideResult: fields(
        "number title url uuid voters counts files comment recorded recorded_by election archived checked tool"
    ),
    OutsideQuestion: fields("question counts"),
    BeleniosElection: fields(
        "uuid title version fingerprint credentials credentials_fingerprint trustees threshold ballots voters questions"
    ),
    BeleniosTrustee: fields("name key"),
    OutsideCount: fields("label votes"),
    OutsideFile: fields("name size sha256"),
    Sitting: fields(
        "number chair opened opened_by closed closed_by last first suspended why attendance lists_closed called deputy"
    ),
    Agenda: fields("starts items began"),
    AgendaItem: fields("id kind title minutes subject"),
    Screen: fields("mode number since"),
    Attendance: fields("number sitting person how since by left left_by"),
    SpeakingRule: fields("precedence sizes turn presentation person group item warning"),
    SpeakingTurn: fields(
        "number sitting person purpose subject asked by began ended allowed withdrawn before moved reason"
    ),
    Act: fields("entry kind motion amendments reason time actor was other number reverted"),
    Remark: fields(
        "number motion clause text author time entry quote anchor reply_to base proposal status settled_by settled "
        "client addressed"
    ),
    InCamera: fields("sitting until reason since by entry"),
    Seclusion: fields("until reason since by entry titles"),
}
"""The published fields of a value that is not withheld. `State.writing` (the owner of each Yjs client id) is for the
server only.
"""


class Publication:
    """Builds publishable values by a table of the published fields of each type."""

    def __init__(self, table: Mapping[type, Fields]) -> None:
        self._table = table
        self.is_wholly_published: Callable[[Any], bool] = lru_cache(maxsize=None)(self._is_wholly_published)

    def published(self, value: T) -> T:
        """The published form of a value that is not withheld; the same object if everything in it is published."""
        return self.keep_only(value, self._table.get(type(value), frozenset()))

    def keep_only(self, value: T, names: Collection[str]) -> T:
        """A new value of the same type with only these fields, each in its published form; the others are empty."""
        of: Any = type(value)
        hints = _hints(of)
        if len(names) == len(hints) and self.is_wholly_published(of):
            return value
        filled = {name: self.shown(getattr(value, name), hint) for name, hint in hints.items() if name in names}
        found: T = of(**(_needed(of) | filled))
        return found

    def shown(self, value: Any, hint: Any) -> Any:
        """The published form of a value declared as `hint`; the same object if nothing in it is private."""
        if value is None or self.is_wholly_published(hint):
            return value
        if is_dataclass(value):
            return self.published(value)
        inner = get_args(hint)
        if isinstance(value, Mapping):
            return {key: self.shown(each, inner[1]) for key, each in value.items()}
        if isinstance(value, tuple):
            return tuple(self.shown(each, inner[0]) for each in value)
        raise TypeError(f"nobody says how a value declared as {hint} is published")

    def _is_wholly_published(self, hint: Any) -> bool:
        """Whether every field of every type in that declaration is published."""
        if _is_value(hint):
            hints = _hints(hint)
            named = self._table.get(hint, frozenset())
            return named == hints.keys() and all(self.is_wholly_published(inner) for inner in hints.values())
        return all(self.is_wholly_published(inner) for inner in get_args(hint))


@cache
def _hints(of: Any) -> dict[str, Any]:
    """The declared type of each field."""
    hints = get_type_hints(of)
    return {field.name: hints[field.name] for field in fields_of(of)}


@cache
def _needed(of: Any) -> dict[str, Any]:
    """The empty values of the fields that have no default."""
    return {field.name: nothing(_hints(of)[field.name]) for field in fields_of(of) if _is_required(field)}


def _is_value(hint: Any) -> bool:
    """Whether the declared type is one of the dataclasses that a state is made of."""
    return is_dataclass(hint)


def _is_required(field: Field[Any]) -> bool:
    return field.default is MISSING and field.default_factory is MISSING


def nothing(hint: Any) -> Any:
    """The empty value of a declared type: "", 0, False, (), {}, None, the first member of an enum, a value of empty
    fields.
    """
    origin = get_origin(hint)
    if origin in (Union, UnionType):
        return None
    if origin is not None:
        return () if origin is tuple else {}
    if _is_value(hint):
        return hint(**_needed(hint))
    return next(iter(hint)) if issubclass(hint, Enum) else hint()


PUBLIC = Publication(PUBLISHED)
