"""The show of hands: counted by tellers, each alone; a difference is settled before the poll closes (W7–W9)."""

from __future__ import annotations

from deliberation.kernel.errors import Refused
from deliberation.kernel.state import Poll, State
from deliberation.kernel.vocabulary import Hands, Role
from deliberation.votes import tallies

CHAIR = ("", "pour", "contre", "abstention")


def refuse_teller(state: State, poll: Poll, actor: str, teller: str) -> Refused | None:
    """Organisers, and the tellers named at the opening, enter their own count."""
    person = state.people.get(actor)
    named = person is not None and (actor in poll.terms.tellers or person.role is Role.ORGANISER)
    if named and actor == teller:
        return None
    return Refused("hands.not_teller", "Vous n’êtes pas scrutateur de ce vote à main levée.")


def refuse_hands(poll: Poll, hands: Hands) -> Refused | None:
    """Counts that cannot be: more hands than people, more people than inscribed."""
    said = (hands.in_favour, hands.against, hands.abstain)
    if hands.present > len(poll.electorate):
        most = {"n": len(poll.electorate)}
        return Refused("hands.present", "Il ne peut y avoir plus de {n} inscrits présents.", "present", most)
    if min(*said, hands.present) < 0 or hands.chair not in CHAIR:
        return Refused("hands.malformed", "Ces comptes ne sont pas possibles.", "in_favour")
    if sum(said) > hands.present:
        return Refused("hands.too_many", "Il y a plus de mains levées que de présents.", "in_favour")
    return None


def differ(poll: Poll) -> bool:
    """Whether two tellers counted differently."""
    return len(set(poll.counts.values())) > 1


def missing(poll: Poll) -> list[str]:
    """The tellers named at the opening who have not counted."""
    return [teller for teller in poll.terms.tellers if teller not in poll.counts]


def standing(poll: Poll) -> Hands | Refused:
    """The counts that hold: what the chair decided, else that on which all tellers agree."""
    if poll.hands is not None:
        return poll.hands
    if not poll.counts or missing(poll):
        return Refused("hands.awaited", "Tous les comptes des scrutateurs ne sont pas entrés.")
    if differ(poll):
        return Refused("hands.differ", "Les comptes diffèrent : faites recompter, ou tranchez avec la raison.")
    return next(iter(poll.counts.values()))


def count(poll: Poll) -> tallies.Counts | Refused:
    """The counts that hold and who was in the hall; or why none holds yet (W8)."""
    shown = standing(poll)
    return shown if isinstance(shown, Refused) else tallies.by_hands(poll, shown)


def raised(poll: Poll) -> int:
    """How many hands were raised, by the counts that hold."""
    shown = standing(poll)
    return 0 if isinstance(shown, Refused) else shown.in_favour + shown.against + shown.abstain
