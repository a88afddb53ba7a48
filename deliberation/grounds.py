"""The rule that a refusal applies, and the article of the CGCT behind it, looked up by the code of the refusal.

Pages and the API show both below the message, unless the message cites its rule itself.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from deliberation.kernel.errors import Refused

CITES = re.compile(r"règles? [A-Z]\d")
"""Matches messages that cite a rule."""
CHAIRED, QUORUM, MAJORITY, BALLOT, ELECTED = "L2121-14", "L2121-17", "L2121-20", "L2121-21", "L2122-7"
CLOSED_DOORS = "L2121-18"
"""Articles of the CGCT on: who presides; the quorum; the majority, proxies, the chair's casting vote; ways of voting;
the election of a mayor.
"""


@dataclass(frozen=True)
class LegalGround:
    """The number of a rule in `deliberation/README.md`, and an article of the CGCT, "" if none applies."""

    rule: str
    article: str = ""


FAMILIES: Mapping[str, LegalGround] = {
    "act": LegalGround("S14"),
    "agenda": LegalGround("S44"),
    "amendment": LegalGround("A4"),
    "attendance": LegalGround("S21", QUORUM),
    "ballot": LegalGround("V3", BALLOT),
    "belenios": LegalGround("V31"),
    "box": LegalGround("W6", BALLOT),
    "college": LegalGround("V11"),
    "discussion": LegalGround("S16"),
    "dispositif": LegalGround("A31"),
    "election": LegalGround("W14", ELECTED),
    "elector": LegalGround("V10"),
    "hands": LegalGround("W7"),
    "in_camera": LegalGround("S50", CLOSED_DOORS),
    "identical": LegalGround("A53"),
    "opinion": LegalGround("A8"),
    "order": LegalGround("S24"),
    "phase": LegalGround("S4"),
    "poll": LegalGround("V1"),
    "position": LegalGround("A35"),
    "proxy": LegalGround("V12", MAJORITY),
    "rapporteur": LegalGround("A34"),
    "reserve": LegalGround("S12"),
    "result": LegalGround("V30"),
    "rule": LegalGround("V8", MAJORITY),
    "screen": LegalGround("S42"),
    "session": LegalGround("S6"),
    "sheet": LegalGround("W17"),
    "speakers": LegalGround("S34"),
    "signature": LegalGround("A24"),
    "sitting": LegalGround("S9"),
    "slip": LegalGround("W30", BALLOT),
    "transcription": LegalGround("A57"),
}
"""Grounds by the first part of the code, the part before the point. `GROUNDS` lists the codes that have another one."""

GROUNDS: Mapping[str, LegalGround] = {
    "amendment.amended": LegalGround("A25"),
    "amendment.base_gone": LegalGround("A36"),
    "amendment.collides": LegalGround("A14"),
    "amendment.contradicts": LegalGround("A17"),
    "amendment.empty": LegalGround("A3"),
    "amendment.kept": LegalGround("S13"),
    "amendment.late_reason_missing": LegalGround("A2"),
    "amendment.needs_cause": LegalGround("A6"),
    "amendment.needs_vote": LegalGround("A6"),
    "amendment.no_clause": LegalGround("A1"),
    "amendment.no_kind": LegalGround("A3"),
    "amendment.no_place": LegalGround("A1"),
    "amendment.not_author": LegalGround("A5"),
    "amendment.not_called": LegalGround("A6"),
    "amendment.not_its_words": LegalGround("A17"),
    "amendment.not_now": LegalGround("S11"),
    "amendment.not_withdrawn": LegalGround("A36"),
    "amendment.nothing_to_rectify": LegalGround("A25"),
    "amendment.own": LegalGround("A36"),
    "amendment.settled": LegalGround("S11"),
    "amendment.spans": LegalGround("A15"),
    "amendment.sub_aim": LegalGround("A17"),
    "amendment.sub_of_sub": LegalGround("A16"),
    "amendment.subs_pending": LegalGround("A19"),
    "amendment.unchanged": LegalGround("A3"),
    "amendment.unsupported": LegalGround("A24"),
    "amendment.unworded": LegalGround("A21"),
    "amendment.worded": LegalGround("A25"),
    "ballot.already_cast": LegalGround("V16"),
    "ballot.already_signed": LegalGround("W6", BALLOT),
    "ballot.giver_not_entitled": LegalGround("V13", MAJORITY),
    "ballot.no_choice": LegalGround("V3"),
    "ballot.not_entitled": LegalGround("V2"),
    "ballot.not_secret": LegalGround("W1", BALLOT),
    "ballot.other_way": LegalGround("W1", BALLOT),
    "ballot.too_many": LegalGround("W20"),
    "election.candidates": LegalGround("W14", ELECTED),
    "election.few": LegalGround("W20"),
    "election.no_office": LegalGround("W14"),
    "election.not_tied": LegalGround("W16", ELECTED),
    "election.rounds": LegalGround("W14"),
    "election.tied_only": LegalGround("W15", ELECTED),
    "hands.agree": LegalGround("W8"),
    "hands.awaited": LegalGround("W7"),
    "hands.decided": LegalGround("W8"),
    "hands.differ": LegalGround("W8"),
    "hands.none": LegalGround("W8"),
    "hands.other_way": LegalGround("W1", BALLOT),
    "hands.present_known": LegalGround("V20", QUORUM),
    "hands.too_many_voices": LegalGround("W23", MAJORITY),
    "motion.amendments_pending": LegalGround("V1"),
    "motion.not_found": LegalGround("S6"),
    "motion.not_frozen": LegalGround("A1"),
    "motion.vote_open": LegalGround("A2"),
    "poll.already_closed": LegalGround("V9"),
    "poll.attending": LegalGround("V20", QUORUM),
    "poll.box": LegalGround("W6", BALLOT),
    "poll.clock_of_hands": LegalGround("W3"),
    "poll.clock_past": LegalGround("W3"),
    "poll.closed": LegalGround("V3"),
    "poll.few": LegalGround("W5", BALLOT),
    "poll.ground": LegalGround("W5", BALLOT),
    "poll.least": LegalGround("W21"),
    "poll.no_electorate": LegalGround("V2"),
    "poll.not_due": LegalGround("W3"),
    "poll.not_paused": LegalGround("W2"),
    "poll.over": LegalGround("W3"),
    "poll.paused": LegalGround("W2"),
    "poll.present_listed": LegalGround("V20", QUORUM),
    "poll.second_call_early": LegalGround("V15", QUORUM),
    "poll.tellers": LegalGround("W7"),
    "poll.third": LegalGround("W5", BALLOT),
    "poll.weighed": LegalGround("W4"),
    "poll.weight_missing": LegalGround("V10"),
    "proxy.ended": LegalGround("V14", MAJORITY),
    "proxy.none": LegalGround("V13", MAJORITY),
    "proxy.not_yours": LegalGround("V14", MAJORITY),
    "result.bad_check": LegalGround("V32"),
    "result.checked": LegalGround("V32"),
    "result.not_found": LegalGround("V32"),
    "role.elus_only": LegalGround("P3"),
    "sheet.block": LegalGround("W17"),
    "sitting.chair": LegalGround("S10", CHAIRED),
    "sitting.not_suspended": LegalGround("S18"),
    "sitting.suspended": LegalGround("S18"),
    "sitting.unchanged": LegalGround("S10", CHAIRED),
    "time.malformed": LegalGround("W3"),
    "transcription.not_found": LegalGround("A56"),
}


def ground_of(refused: Refused) -> LegalGround | None:
    """The ground of a refusal; None if it does not concern the debate, or if its message cites the rule itself."""
    if CITES.search(refused.message):
        return None
    return GROUNDS.get(refused.code) or FAMILIES.get(refused.code.partition(".")[0])
