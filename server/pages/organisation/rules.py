"""The congress's voting rule: a preset, or one's own statutes point by point, with the rule in plain sentences."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from deliberation.congress.congress import refuse_rule
from deliberation.congress.people import electorate
from deliberation.kernel import codec
from deliberation.kernel import commands as c
from deliberation.kernel.errors import Refused
from deliberation.kernel.plain_text import number_in
from deliberation.kernel.vocabulary import Bracket, PollRule
from exports import naming
from exports.translations import N_
from exports.voting_rules import rule_sentence
from server.pages.organisation.organisers_only import desk, organiser
from server.pages.organisation.presets import BRACKETS, NAMES, PRESETS
from server.pages.shell import forms
from server.pages.shell.rendering import confirmed, render, status_of, submit
from server.pages.shell.visit import Visit

MAJORITIES = {
    "1/2>": N_("Plus de la moitié"),
    "3/5": N_("Au moins les trois cinquièmes"),
    "2/3": N_("Au moins les deux tiers"),
    "3/4": N_("Au moins les trois quarts"),
    "1/1": N_("L’unanimité"),
}
BASES = {
    "exprimes": N_("des suffrages exprimés : pour et contre, sans les abstentions"),
    "presents": N_("des présents et représentés, qu’ils votent ou non"),
    "inscrits": N_("des inscrits, qu’ils votent ou non"),
}
QUORUMS = {
    "0/1": N_("Aucun"),
    "1/2>": N_("Plus de la moitié"),
    "1/2": N_("Au moins la moitié"),
    "1/3": N_("Au moins un tiers"),
    "1/4": N_("Au moins un quart"),
    "2/3": N_("Au moins les deux tiers"),
}
QUORUM_BASES = {"personnes": N_("des inscrits, présents en personne"), "voix": N_("des voix, portées par des présents")}
SECOND_CALLS = {
    "0": N_("Sans condition, aussitôt"),
    "1": N_("Sans condition, une heure plus tard"),
    "24": N_("Sans condition, le lendemain (24 heures)"),
    "72": N_("Sans condition, trois jours plus tard (CGCT)"),
    "non": N_("Pas de seconde convocation"),
}
WEIGHTS = {
    "personne": N_("Une voix par élu"),
    "collectivite": N_("Les voix de sa collectivité, d’après la liste électorale"),
    "population": N_("Des voix par tranche de population, d’après la liste électorale"),
}
TIES = {"rejected": N_("La proposition est rejetée"), "chair": N_("La voix de la présidence l’emporte")}


async def rules(request: Request) -> Response:
    return _page(await organiser(request), forms.Form())


async def change(request: Request) -> Response:
    visit = await organiser(request)
    form = await forms.read(request)
    rule = _chosen(visit, form)
    refused = rule if isinstance(rule, Refused) else refuse_rule(rule)
    outcome = refused or await submit(visit, form, _command(visit, form, rule))
    if isinstance(outcome, Refused):
        return _page(visit, form.answered(outcome), status_of(outcome))
    return confirmed(outcome, desk(visit, "regles"))


def _command(visit: Visit, form: forms.Form, rule: PollRule | Refused) -> c.ChangeCongress | Refused:
    if isinstance(rule, Refused):
        return rule
    settings = visit.settings
    return form.command(
        c.ChangeCongress,
        title=settings.title,
        description=settings.description,
        place=settings.place,
        visitors_may_testify=settings.visitors_may_testify,
        rule=codec.encode(rule),
        cosignatures=settings.cosignatures,
        presence_asked=settings.presence_asked,
    )


def _chosen(visit: Visit, form: forms.Form) -> PollRule | Refused:
    """A preset with the present chair, or the rule that the form describes."""
    if form.get("preset") in PRESETS:
        return replace(PRESETS[form.get("preset")], chair=visit.settings.rule.chair)
    brackets = _brackets(form.get("brackets")) if form.get("weights") == "population" else ()
    if brackets is None:
        wrong = N_("Écrivez une tranche par ligne, de la plus petite à la plus grande : « 0 = 1 », puis « 2000 = 2 ».")
        return Refused("rule.brackets", wrong, "brackets")
    majority, quorum, hours = form.get("majority"), form.get("quorum"), form.get("second_call")
    if majority not in {*MAJORITIES, _majority(visit.settings.rule)} or quorum not in {
        *QUORUMS,
        _quorum(visit.settings.rule),
    }:
        return Refused("form.malformed", forms.MALFORMED, "majority")
    n, d = majority.rstrip(">").split("/")
    quorum_n, quorum_d = quorum.rstrip(">").split("/")
    return PollRule(
        int(n),
        int(d),
        majority.endswith(">"),
        base=form.get("base"),
        tie=form.get("tie"),
        chair=form.get("chair"),
        quorum_n=int(quorum_n),
        quorum_d=int(quorum_d),
        quorum_strict=quorum.endswith(">") or quorum_n == "0",
        quorum_base=form.get("quorum_base"),
        second_call=hours != "non",
        second_call_hours=number_in(hours, 4) or 0,
        weights=form.get("weights"),
        brackets=brackets,
        proxies=form.integer("proxies") or 0,
        participation=form.get("participation") == "oui",
        changeable=form.get("changeable") == "oui",
    )


def _brackets(text: str) -> tuple[Bracket, ...] | None:
    """The brackets in lines such as « 2 000 = 2 »; None if a line is malformed."""
    found = []
    for line in filter(None, map(str.strip, text.splitlines())):
        sides = [number for side in line.split("=") if (number := number_in("".join(side.split()))) is not None]
        if line.count("=") != 1 or len(sides) != 2:
            return None
        found.append(Bracket(*sides))
    return tuple(found)


def _majority(rule: PollRule) -> str:
    return f"{rule.majority_n}/{rule.majority_d}{'>' if rule.strict else ''}"


def _quorum(rule: PollRule) -> str:
    return f"{rule.quorum_n}/{rule.quorum_d}{'>' if rule.quorum_strict and rule.quorum_n else ''}"


def _page(visit: Visit, form: forms.Form, status: int = 200) -> Response:
    state, words, rule = visit.state, visit.words, visit.settings.rule
    presets = [
        {
            "key": key,
            "name": words(NAMES[key]),
            "rule": rule_sentence(state, words, replace(preset, chair=rule.chair)),
            "present": replace(preset, chair=rule.chair) == rule,
        }
        for key, preset in PRESETS.items()
    ]
    context = {
        "form": form,
        "sentence": rule_sentence(state, words, rule),
        "presets": presets,
        "present": _present(rule),
        "options": _options(visit),
        "chairs": [
            ("", words("Personne")),
            *((p, naming.name_of(state, words, p)) for p in electorate(state.people.values())),
        ],
    }
    return render(visit, "organisation/rules.html", context, status, keep=False)


def _present(rule: PollRule) -> dict[str, Any]:
    """The current rule as the values of the form."""
    brackets = rule.brackets or BRACKETS
    return {
        "majority": _majority(rule),
        "base": rule.base,
        "tie": rule.tie,
        "chair": rule.chair,
        "quorum": _quorum(rule),
        "quorum_base": rule.quorum_base,
        "second_call": str(rule.second_call_hours) if rule.second_call else "non",
        "weights": rule.weights,
        "brackets": "\n".join(f"{x.population} = {x.voices}" for x in brackets),
        "proxies": str(rule.proxies),
        "participation": rule.participation,
        "changeable": rule.changeable,
    }


def _options(visit: Visit) -> dict[str, list[tuple[str, str]]]:
    """The choices at each point; an unusual figure of the current rule can still be chosen."""
    words, rule = visit.words, visit.settings.rule
    usual = {
        "majority": (MAJORITIES, _majority(rule)),
        "base": (BASES, rule.base),
        "tie": (TIES, rule.tie),
        "quorum": (QUORUMS, _quorum(rule)),
        "quorum_base": (QUORUM_BASES, rule.quorum_base),
        "second_call": (SECOND_CALLS, str(rule.second_call_hours) if rule.second_call else "non"),
        "weights": (WEIGHTS, rule.weights),
    }
    found = {name: [(key, words(label)) for key, label in labels.items()] for name, (labels, _) in usual.items()}
    for name, (labels, own) in usual.items():
        if own not in labels:
            found[name].append((own, own.rstrip(">")))
    found["proxies"] = [(str(n), str(n) if n else words("Aucun")) for n in sorted({0, 1, 2, 3, 5, 10, rule.proxies})]
    return found


routes = [
    Route("/organisation/{slug}/regles", rules, methods=["GET"], name="rules"),
    Route("/organisation/{slug}/regles", change, methods=["POST"], name="rules_change"),
]
