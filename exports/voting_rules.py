"""A voting rule in plain sentences."""

from __future__ import annotations

from collections.abc import Iterator

from deliberation.kernel.state import State
from deliberation.kernel.vocabulary import COUNTING, PollRule
from deliberation.votes.tallies import ON_PRESENCE
from exports import labels, naming
from exports.translations import N_, Translator

HALF = "1/2"


def rule_sentence(state: State, words: Translator, rule: PollRule, counting: int = COUNTING) -> str:
    """The whole rule in a few sentences; `counting` is the version of the counting rules that applies to its polls
    (V20).
    """
    on_presence = counting >= ON_PRESENCE
    parts = [
        _majority(words, rule, on_presence),
        _quorum(words, rule, on_presence),
        _tie(state, words, rule),
        _weights(words, rule),
    ]
    more = [_second_call(words, rule), _proxies(words, rule), *_conduct(words, rule)]
    return " ".join(part for part in [*parts, *more] if part)


def _conduct(words: Translator, rule: PollRule) -> Iterator[str]:
    """Sentences about rules that differ from the usual ones while a poll is open."""
    if not rule.changeable:
        yield words("Un vote donné ne se change plus.")
    if not rule.participation:
        yield words("Le nombre de votants n’est montré qu’à la clôture.")


def _majority(words: Translator, rule: PollRule, on_presence: bool) -> str:
    """The majority in words, unusual ones as a fraction."""
    base = labels.BASES[rule.base] if on_presence or rule.base != "presents" else labels.THOSE_WHO_VOTED
    return words(_majority_of(rule), share=_share(rule), base=words(base))


def _majority_of(rule: PollRule) -> str:
    if rule.strict:
        half = N_("Il faut plus de la moitié des {base}.")
        return half if _share(rule) == HALF else N_("Il faut plus de {share} des {base}.")
    usual = {
        "2/3": N_("Il faut au moins les deux tiers des {base}."),
        "3/5": N_("Il faut au moins les trois cinquièmes des {base}."),
        "3/4": N_("Il faut au moins les trois quarts des {base}."),
        "1/1": N_("Il faut l’unanimité des {base}."),
    }
    return usual.get(_share(rule), N_("Il faut au moins {share} des {base}."))


def _share(rule: PollRule) -> str:
    return f"{rule.majority_n}/{rule.majority_d}"


def _quorum(words: Translator, rule: PollRule, on_presence: bool) -> str:
    if not rule.quorum_n:
        return ""
    share = f"{rule.quorum_n}/{rule.quorum_d}"
    if rule.quorum_strict and share == HALF:
        share = words("plus de la moitié")
    else:
        share = words("plus de {share}", share=share) if rule.quorum_strict else words("au moins {share}", share=share)
    if on_presence and rule.quorum_base == "voix":
        return words("Quorum : {share} des voix, portées par des présents à l’ouverture du vote.", share=share)
    if on_presence:
        return words(
            "Quorum : {share} des inscrits sont présents à l’ouverture du vote ; les pouvoirs n’y comptent pas.",
            share=share,
        )
    if rule.quorum_base == "voix":
        return words("Quorum : {share} des voix, portées par des votants en personne.", share=share)
    return words("Quorum : {share} des inscrits votent en personne ; les pouvoirs n’y comptent pas.", share=share)


def _tie(state: State, words: Translator, rule: PollRule) -> str:
    if rule.tie != "chair" or not rule.chair:
        return ""
    return words("En cas d’égalité, la voix de {chair} l’emporte.", chair=naming.name_of(state, words, rule.chair))


def _weights(words: Translator, rule: PollRule) -> str:
    if rule.weights == "collectivite":
        return words("Chacun a les voix de sa collectivité, fixées avant l’ouverture.")
    if rule.weights != "population":
        return ""
    steps = [
        words.many(
            "{n} voix à partir de {people} habitants",
            "{n} voix à partir de {people} habitants",
            x.voices,
            people=words.number(x.population),
        )
        for x in rule.brackets[1:]
    ]
    first = words.many("{n} voix", "{n} voix", rule.brackets[0].voices)
    return words("Voix selon la population représentée : {steps}.", steps=", ".join([first, *steps]))


def _second_call(words: Translator, rule: PollRule) -> str:
    if not rule.quorum_n:
        return ""
    if not rule.second_call:
        return words("Sans quorum, il n’y a pas de seconde convocation.")
    if rule.second_call_hours:
        return words.many(
            "Sans quorum, une seconde convocation siège sans condition, {n} heure plus tard au plus tôt.",
            "Sans quorum, une seconde convocation siège sans condition, {n} heures plus tard au plus tôt.",
            rule.second_call_hours,
        )
    return words("Sans quorum, une seconde convocation peut siéger aussitôt sans condition.")


def _proxies(words: Translator, rule: PollRule) -> str:
    if not rule.proxies:
        return words("On ne vote pas par pouvoir.")
    return words.many("Chacun peut porter {n} pouvoir.", "Chacun peut porter {n} pouvoirs.", rule.proxies)
