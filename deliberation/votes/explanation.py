"""Explaining a result: the figures that lead to it, in order, and sentences that say why (V5–V7, V9)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from deliberation.amendments.order import Why
from deliberation.kernel.errors import Refused
from deliberation.kernel.state import Poll
from deliberation.kernel.vocabulary import Choice, Hands, PollRule, Tally
from deliberation.votes import hands, tallies, ways

ABSENT = "absent"
OVER = {
    "exprimes": Why("Sur {base} suffrages exprimés, il fallait {needed} voix pour."),
    "presents": Why("Sur {base} voix de votants, il fallait {needed} voix pour."),
    "inscrits": Why("Sur {base} voix d’inscrits, il fallait {needed} voix pour."),
}
OVER_PRESENT = Why("Sur {base} voix de présents et de représentés, il fallait {needed} voix pour.")
BASES = {
    "exprimes": (Why("Suffrages exprimés"), Why("pour et contre ; les abstentions n’y comptent pas")),
    "presents": (Why("Votants"), Why("pour, contre et abstentions")),
    "inscrits": (Why("Inscrits"), Why("qu’ils aient voté ou non")),
}
PRESENT = Why("Présents et représentés"), Why("qu’ils aient voté ou non, et ceux qui ont voté par pouvoir")


@dataclass(frozen=True)
class Figure:
    """A line of the explanation. `name` never changes, so that another program's recount can be compared figure by
    figure.
    """

    name: str
    label: Why
    value: int
    why: Why | None = None


def standing_hands(poll: Poll) -> Hands | None:
    """The valid count of a show of hands; None if there is none."""
    found = hands.standing(poll)
    return found if isinstance(found, Hands) else None


def counted(poll: Poll) -> tallies.Counts:
    """What was counted in a closed poll, whatever its way of voting; not for elections."""
    found = ways.of(poll).count(poll)
    return tallies.by_roll(poll) if isinstance(found, Refused) else found


def voices(tally: Tally) -> dict[str, int]:
    """The number of votes by answer, and under `ABSENT` the votes that were not cast."""
    given = tally.in_favour + tally.against + tally.abstain
    return {
        Choice.FOR.value: tally.in_favour,
        Choice.ABSTAIN.value: tally.abstain,
        ABSENT: max(tally.entitled - given, 0),
        Choice.AGAINST.value: tally.against,
    }


def account(poll: Poll, tally: Tally, absolute: bool = True) -> tuple[Figure, ...]:
    """The figures of a closed poll, each following from those before; `absolute`: whether a round of an election
    required an absolute majority.
    """
    steps = _round(tally, absolute) if poll.candidates else (*_votes(poll, tally), *_majority(poll, tally))
    return (*_people(poll, tally), *steps, *_quorum(poll, tally))


def _people(poll: Poll, tally: Tally) -> Iterator[Figure]:
    yield Figure("people", Why("Inscrits"), len(poll.electorate))
    if poll.weights or poll.rule.weights != "personne":
        yield Figure("entitled", Why("Voix des inscrits"), tally.entitled)
    shown = standing_hands(poll) if ways.of(poll).by_tellers else None
    proxies = shown.by_proxy if shown else len(poll.bearers)
    by_proxy = Why("dont {n} par pouvoir", (("n", proxies),)) if proxies else None
    yield Figure("voters", Why("Votants"), ways.of(poll).voters(poll), by_proxy)


def _votes(poll: Poll, tally: Tally) -> Iterator[Figure]:
    yield Figure("in_favour", Why("Pour"), tally.in_favour)
    yield Figure("against", Why("Contre"), tally.against)
    yield Figure("abstain", ways.of(poll).abstentions, tally.abstain)


def _on_present(poll: Poll) -> bool:
    """Whether the majority is counted on the votes of those present, and these are not merely those who voted (V20)."""
    return poll.rule.base == "presents" and poll.counting >= tallies.ON_PRESENCE


def _majority(poll: Poll, tally: Tally) -> Iterator[Figure]:
    rule = poll.rule
    label, made_of = PRESENT if _on_present(poll) else BASES[rule.base]
    yield Figure("base", label, tally.base, made_of)
    share = _part(rule.majority_n, rule.majority_d, rule.strict, tally.base)
    yield Figure("needed", Why("Majorité requise"), tally.needed, share)


def _part(n: int, d: int, strict: bool, of: int) -> Why:
    params: tuple[tuple[str, str | int], ...] = (("n", n), ("d", d), ("of", of))
    if strict and n * 2 == d:
        return Why("plus de la moitié de {of}", params)
    return Why("plus de {n}/{d} de {of}", params) if strict else Why("au moins {n}/{d} de {of}", params)


def _round(tally: Tally, absolute: bool) -> Iterator[Figure]:
    yield Figure("abstain", Why("Blancs"), tally.abstain)
    made_of = Why("pour une candidature ; les blancs n’y comptent pas")
    yield Figure("base", Why("Suffrages exprimés"), tally.base, made_of)
    half, most = Why("plus de la moitié de {of}", (("of", tally.base),)), Why("le plus de voix l’emporte")
    yield Figure("needed", Why("Majorité requise"), tally.needed, half if absolute else most)


def _quorum(poll: Poll, tally: Tally) -> Iterator[Figure]:
    rule = poll.rule
    if not rule.quorum_n:
        return
    counts = counted(poll)
    in_voices = rule.quorum_base == "voix"
    there = Why("Voix présentes en personne") if in_voices else Why("Présents en personne")
    yield Figure("attending", there, counts.attending, _known_by(poll))
    strict = rule.quorum_strict or bool(poll.candidates)
    share = _part(rule.quorum_n, rule.quorum_d, strict, counts.members)
    yield Figure("quorum_needed", Why("Quorum requis"), tally.quorum_needed, share)


def _known_by(poll: Poll) -> Why:
    """How it was established who was present (V20)."""
    if poll.present is not None:
        return Why("à l’ouverture du vote, par la liste de présence ; un pouvoir ne fait pas un présent")
    if poll.stated is not None:
        return Why("nombre constaté à l’ouverture du vote ; un pouvoir ne fait pas un présent")
    return Why("un pouvoir ne fait pas un présent")


def sentences(poll: Poll, tally: Tally) -> tuple[Why, ...]:
    """Why the poll was carried or not, as sentences to be translated; not for elections."""
    if not tally.quorum_met:
        return (_no_quorum(poll, tally),)
    if tally.base == 0:
        return (Why("Personne n’a voté pour ni contre : rien n’est adopté."),)
    over = OVER_PRESENT if _on_present(poll) else OVER[poll.rule.base]
    over = Why(over.message, (("base", tally.base), ("needed", tally.needed)))
    return over, _verdict(poll.rule, tally)


def _no_quorum(poll: Poll, tally: Tally) -> Why:
    counts = counted(poll)
    params: tuple[tuple[str, str | int], ...] = (
        ("there", counts.attending),
        ("members", counts.members),
        ("needed", tally.quorum_needed),
    )
    if poll.rule.quorum_base == "voix":
        return Why("Quorum non atteint : {there} voix présentes sur {members}, il en fallait {needed}.", params)
    if tallies.present_at_opening(poll) is not None:
        return Why(
            "Quorum non atteint : {there} présents sur {members} inscrits à l’ouverture du vote, il en fallait "
            "{needed} (article L2121-17 du CGCT).",
            params,
        )
    return Why(
        "Quorum non atteint : {there} votants en personne sur {members} inscrits, il en fallait {needed}.", params
    )


def _verdict(rule: PollRule, tally: Tally) -> Why:
    params: tuple[tuple[str, str | int], ...] = (
        ("yes", tally.in_favour),
        ("no", tally.against),
        ("lack", tally.needed - tally.in_favour),
    )
    tied = tally.in_favour == tally.against and rule.base == "exprimes"
    if tally.carried and tally.in_favour < tally.needed:
        return Why("Égalité, {yes} pour et {no} contre : la voix de la présidence l’emporte. C’est adopté.", params)
    if tally.carried:
        return Why("Il y en a {yes}. C’est adopté.", params)
    if tied:
        return Why("Égalité, {yes} pour et {no} contre. C’est rejeté.", params)
    return Why("Il y en a {yes}, il en manque {lack}. C’est rejeté.", params)
