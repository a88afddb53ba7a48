"""The show of hands: tellers count independently, and differing counts are settled before the poll closes (W7–W9, W22,
W23).
"""

from __future__ import annotations

from deliberation.kernel.errors import Refused
from deliberation.kernel.state import Poll, State
from deliberation.kernel.vocabulary import Hands, Role
from deliberation.session import attendance
from deliberation.votes import proxies, tallies

CHAIR = ("", "pour", "contre", "abstention")


def refuse_teller(state: State, poll: Poll, actor: str, teller: str) -> Refused | None:
    """Why the actor may not enter a count: organisers, the tellers named, and the chair where none was named, may (W7,
    W22).
    """
    person = state.people.get(actor)
    presides = bool(actor) and actor == state.chair and not poll.terms.tellers
    named = person is not None and (actor in poll.terms.tellers or person.role is Role.ORGANISER or presides)
    if named and actor == teller:
        return None
    return Refused("hands.not_teller", "Vous n’êtes pas scrutateur de ce vote à main levée.")


def refuse_hands(state: State, poll: Poll, hands: Hands) -> Refused | None:
    """The refusal of impossible counts, such as more hands than people in the hall or more proxy votes than proxies
    held there; None if they are possible.
    """
    counts = (hands.in_favour, hands.against, hands.abstain, hands.proxies_for, hands.proxies_against)
    if min(*counts, hands.proxies_abstain, hands.present) < 0 or hands.chair not in CHAIR:
        return Refused("hands.malformed", "Ces comptes ne sont pas possibles.", "in_favour")
    return _refuse_present(state, poll, hands) or _refuse_voices(state, poll, hands)


def _refuse_present(state: State, poll: Poll, hands: Hands) -> Refused | None:
    """The refusal of more people in the hall than are entitled or were stated, and of more hands than people (W7)."""
    known = tallies.present_at_opening(poll)
    if known is not None and hands.present not in (0, known):
        return Refused(
            "hands.present_known", "À l’ouverture, {n} étaient présents : ce nombre est fixé.", "present", {"n": known}
        )
    if hands.present > len(poll.electorate):
        most = {"n": len(poll.electorate)}
        return Refused("hands.present", "Il ne peut y avoir plus de {n} inscrits présents.", "present", most)
    if hands.raised > _in_hall(state, poll, hands):
        return Refused("hands.too_many", "Il y a plus de mains levées que de présents.", "in_favour")
    return None


def _in_hall(state: State, poll: Poll, hands: Hands) -> int:
    """How many people may raise a hand: those present at the opening, and those who signed in since."""
    if poll.present is None:
        return hands.present if poll.stated is None else poll.stated
    return len({*poll.present, *(attendance.at_opening(state, poll.electorate) or ())})


def _refuse_voices(state: State, poll: Poll, hands: Hands) -> Refused | None:
    """The refusal of more proxy votes than proxies, and of more votes than people entitled (W23)."""
    borne = voices_borne(state, poll) if hands.by_proxy else 0
    if hands.by_proxy > borne:
        return Refused(
            "hands.proxies",
            "Il y a au plus {n} voix par pouvoir dans la salle (règle W23 ; article L2121-20 du CGCT).",
            "proxies_for",
            {"n": borne},
        )
    if hands.raised + hands.by_proxy > len(poll.electorate):
        return Refused("hands.too_many_voices", "Il y a plus de voix que d’inscrits.", "in_favour")
    return None


def voices_borne(state: State, poll: Poll) -> int:
    """How many votes may be given by proxy in a show of hands: one for each valid proxy between people entitled whose
    holder is in the hall, as far as that is known, and at most as many per holder as the rule allows (W23).
    """
    there = attendance.at_opening(state, poll.electorate)
    bearers = poll.electorate if there is None else there
    return sum(min(_borne_by(state, poll, bearer), poll.rule.proxies) for bearer in bearers)


def _borne_by(state: State, poll: Poll, bearer: str) -> int:
    if proxies.gave_own(state, bearer):
        return 0
    return sum(x.giver in poll.electorate for x in proxies.held_by(state, bearer))


def differ(poll: Poll) -> bool:
    """Whether the tellers' counts differ."""
    return len(set(poll.counts.values())) > 1


def missing(poll: Poll) -> list[str]:
    """The tellers named at the opening who have not counted."""
    return [teller for teller in poll.terms.tellers if teller not in poll.counts]


def standing(poll: Poll) -> Hands | Refused:
    """The valid count: the one that the chair decided, otherwise the one on which all tellers agree. Refused while
    there is none.
    """
    if poll.hands is not None:
        return poll.hands
    if not poll.counts or missing(poll):
        return Refused("hands.awaited", "Tous les comptes des scrutateurs ne sont pas entrés.")
    if differ(poll):
        return Refused("hands.differ", "Les comptes diffèrent : faites recompter, ou tranchez avec la raison.")
    return next(iter(poll.counts.values()))


def count(poll: Poll) -> tallies.Counts | Refused:
    """The valid count, together with the number of people in the hall; Refused while there is none (W8)."""
    shown = standing(poll)
    return shown if isinstance(shown, Refused) else tallies.by_hands(poll, shown)


def raised(poll: Poll) -> int:
    """How many votes were given, by hand and by proxy, by the valid count."""
    shown = standing(poll)
    return 0 if isinstance(shown, Refused) else shown.raised + shown.by_proxy
