"""Proxies: a written mandate to vote in somebody's name (V12–V14, V21)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from deliberation.congress import people
from deliberation.kernel import commands as c
from deliberation.kernel import events as e
from deliberation.kernel.errors import Refused
from deliberation.kernel.rules import Decision, Folds, Rules
from deliberation.kernel.state import Poll, Proxy, State
from deliberation.kernel.vocabulary import Role
from deliberation.votes import tallies


def standing(state: State) -> Iterable[Proxy]:
    """Proxies that were not revoked, of givers whose access was not withdrawn."""
    return (x for x in state.proxies.values() if not x.ended and not state.people[x.giver].revoked)


def given_by(state: State, giver: str) -> Proxy | None:
    """The valid proxy that this person gave, or None."""
    return next((x for x in state.proxies.values() if x.giver == giver and not x.ended), None)


def held_by(state: State, bearer: str) -> tuple[Proxy, ...]:
    """The valid proxies that this person holds."""
    return tuple(x for x in standing(state) if x.bearer == bearer)


def gave_own(state: State, person: str) -> bool:
    """Whether this person gave a valid proxy to somebody else (V21)."""
    return any(x.giver == person for x in standing(state))


def give(state: State, request: c.Request, command: c.GiveProxy, now: str) -> Decision:
    assert state.settings is not None
    limit = state.settings.rule.proxies
    if not limit:
        return Refused("proxy.excluded", "La règle de vote de ce congrès n’admet pas les pouvoirs.")
    if command.bearer == request.actor:
        return Refused("proxy.to_self", "On ne se donne pas pouvoir à soi-même.", "bearer")
    if people.role_of(state, command.bearer) != Role.ELU:
        return Refused("proxy.no_bearer", "Un pouvoir se donne à un élu ou une élue de ce congrès.", "bearer")
    if gave_own(state, command.bearer):
        return Refused(
            "proxy.bearer_gave",
            "Cette personne a elle-même donné pouvoir : tant que ce pouvoir tient, elle n’en porte aucun "
            "(règle V21 ; article L2121-20 du CGCT).",
            "bearer",
        )
    before = given_by(state, request.actor)
    if before and before.bearer == command.bearer:
        return Refused("proxy.unchanged", "Cette personne a déjà votre pouvoir.", "bearer")
    if len(held_by(state, command.bearer)) >= limit:
        return _too_many(limit, "bearer")
    number = len(state.proxies) + 1
    ended = (e.ProxyRevoked(before.number),) if before else ()
    return (*ended, e.ProxyGiven(number, request.actor, command.bearer))


def _too_many(limit: int, field: str) -> Refused:
    if limit == 1:
        return Refused(
            "proxy.too_many",
            "Cette personne porte déjà un pouvoir, le seul que la règle admet (règle V12 ; article L2121-20 du CGCT).",
            field,
        )
    return Refused(
        "proxy.too_many",
        "Cette personne porte déjà {limit} pouvoirs, autant que la règle en admet "
        "(règle V12 ; article L2121-20 du CGCT).",
        field,
        {"limit": limit},
    )


def revoke(state: State, request: c.Request, command: c.RevokeProxy, now: str) -> Decision:
    proxy = state.proxies.get(command.proxy)
    if proxy is None or proxy.giver != request.actor:
        return Refused("proxy.not_yours", "Vous n’avez pas donné ce pouvoir.")
    if proxy.ended:
        return Refused("proxy.ended", "Ce pouvoir est déjà révoqué.")
    return (e.ProxyRevoked(proxy.number),)


def refuse_vote(state: State, poll: Poll, bearer: str, giver: str) -> Refused | None:
    """Why the bearer may not vote for the giver in this poll; None if they may."""
    if all(x.giver != giver for x in held_by(state, bearer)):
        return Refused("proxy.none", "Vous n’avez pas de pouvoir pour voter au nom de cette personne.", "voter")
    if giver in poll.cast and giver not in poll.by_proxy:
        return Refused(
            "proxy.own_vote",
            "Cette personne a voté elle-même : son vote écarte le pouvoir (règle V14 ; article L2121-20 du CGCT).",
            "voter",
        )
    if poll.counting >= tallies.ON_PRESENCE and gave_own(state, bearer):
        return Refused(
            "proxy.bearer_gave_own",
            "Vous avez donné pouvoir : tant que ce pouvoir tient, vous ne votez pour personne d’autre "
            "(règle V21 ; article L2121-20 du CGCT). Révoquez-le pour porter un pouvoir.",
            "voter",
        )
    if not poll.rule.proxies:
        return Refused("proxy.excluded_here", "La règle de ce scrutin n’admet pas les pouvoirs.", "voter")
    others = sum(by == bearer and other != giver for other, by in poll.bearers.items())
    if others < poll.rule.proxies:
        return None
    return Refused(
        "proxy.voted_enough",
        "Vous avez déjà voté par pouvoir autant de fois que la règle l’admet ({limit}) "
        "(règle V13 ; article L2121-20 du CGCT).",
        "voter",
        {"limit": poll.rule.proxies},
    )


def on_given(state: State, r: e.Recorded, event: e.ProxyGiven) -> State:
    proxy = Proxy(event.proxy, event.giver, event.bearer, r.time)
    return replace(state, proxies={**state.proxies, proxy.number: proxy})


def on_revoked(state: State, r: e.Recorded, event: e.ProxyRevoked) -> State:
    proxy = replace(state.proxies[event.proxy], ended=r.time)
    polls = {number: _without(poll, proxy) for number, poll in state.polls.items()}
    return replace(state, proxies={**state.proxies, proxy.number: proxy}, polls=polls)


def _without(poll: Poll, proxy: Proxy) -> Poll:
    """The open poll without the votes cast by that proxy; papers in a box cannot be taken out again."""
    if not poll.is_open or poll.by_proxy.get(proxy.giver) != proxy.bearer:
        return poll
    return replace(
        poll,
        ballots={voter: choice for voter, choice in poll.ballots.items() if voter != proxy.giver},
        cast={voter: entry for voter, entry in poll.cast.items() if voter != proxy.giver},
        by_proxy={giver: bearer for giver, bearer in poll.by_proxy.items() if giver != proxy.giver},
    )


DECIDE: Rules = {c.GiveProxy: give, c.RevokeProxy: revoke}
EVOLVE: Folds = {e.ProxyGiven: on_given, e.ProxyRevoked: on_revoked}
