"""`check`, `gap`, `clock`: whether records are undamaged, complete and correctly dated; and what to do if not."""

from __future__ import annotations

import argparse
import asyncio
from dataclasses import asdict
from typing import Any

from deliberation.kernel import commands as c
from server.command_line.terminal import Progress, Stop, run, say, say_json, state_of, submit
from server.services import Services
from server.settings import ServerSettings
from server.store.clock import moment
from server.store.highwater import UnusableMark
from server.store.integrity import Damage, RecordWalk


def add_to(commands: Any) -> None:
    check = commands.add_parser("check", help="comparer toutes les écritures avec leurs empreintes ; dire quoi et où")
    check.add_argument("slug", metavar="SLUG", nargs="?", help="un seul congrès ; tous sinon")
    check.add_argument("--json", action="store_true")
    check.set_defaults(run=run_check)
    gap = commands.add_parser("gap", help="déclarer la perte d’entrées après le retour d’une ancienne copie, ou aucune")
    gap.add_argument("slug", metavar="SLUG")
    what = gap.add_mutually_exclusive_group(required=True)
    what.add_argument("--reason", help="déclare la perte ; publiée au registre")
    what.add_argument("--none", action="store_true", help="rien n’a été perdu : refaire la marque")
    gap.add_argument("--size", type=int, metavar="N", help="combien d’entrées le registre comptait (la marque le dit)")
    gap.set_defaults(run=run_gap)
    clock = commands.add_parser("clock", help="dire si le registre est en avance sur l’heure, et corriger cela")
    clock.add_argument("slug", metavar="SLUG")
    clock.add_argument("--reason", help="remet le registre à l’heure de la machine ; publiée au registre")
    clock.add_argument("--json", action="store_true")
    clock.set_defaults(run=run_clock)


# check


def run_check(asked: argparse.Namespace, settings: ServerSettings) -> int:
    async def work(services: Services) -> int:
        slugs = [asked.slug] if asked.slug else await asyncio.to_thread(services.store.congresses)
        found = {slug: await asyncio.to_thread(_check, services, slug) for slug in slugs}
        if asked.json:
            say_json(found)
        else:
            for slug, result in found.items():
                _tell(slug, result)
        return 0 if all(result["ok"] for result in found.values()) else 1

    return run(settings, work)


def _check(services: Services, slug: str) -> dict[str, Any]:
    """The damage of a record, why it is read-only, and by how many seconds it is ahead of the clock."""
    size = services.store.size(slug)
    if size == 0:
        raise Stop(f"aucun congrès ne porte l’adresse « {slug} »")
    damage = _walk(services, slug, size)
    refused = services.read_only(slug)
    ahead = _ahead(services, slug)
    return {
        "ok": not damage and refused is None and ahead <= 0,
        "size": size,
        "damage": [asdict(each) for each in damage],
        "read_only": {"code": refused.code, "message": str(refused)} if refused else None,
        "marks": [str(path) for path in services.safeguards.high_water.paths(slug)],
        "seconds_ahead": max(0.0, ahead),
    }


def _walk(services: Services, slug: str, size: int) -> list[Damage]:
    walk, progress = RecordWalk(slug), Progress(slug, size)
    more = True
    while more:
        with services.store.database.read() as connection:
            more = walk.step(connection)
        progress.at(walk.done)
    return walk.found


def _tell(slug: str, result: dict[str, Any]) -> None:
    say(f"{slug} : {result['size']} écritures, {len(result['damage'])} défaut(s)")
    for each in result["damage"]:
        say(f"  {Damage(**each)}")
    if result["read_only"]:
        say(f"  en lecture seule : {result['read_only']['message']}")
    if result["seconds_ahead"]:
        say(f"  en avance de {result['seconds_ahead']:.0f} s sur l’heure : voyez « pleniere clock {slug} »")


# gap


def run_gap(asked: argparse.Namespace, settings: ServerSettings) -> int:
    async def work(services: Services) -> int:
        state = await state_of(services, asked.slug)
        if asked.none:
            return await asyncio.to_thread(_nothing_lost, services, asked.slug)
        lost = asked.size or await asyncio.to_thread(_lost, services, asked.slug)
        await submit(services, asked.slug, c.DeclareGap(lost, asked.reason))
        say(f"Perte déclarée : de {lost} entrées à {state.size}.")
        return 0

    return run(settings, work)


def _lost(services: Services, slug: str) -> int:
    """How many entries the record once had, according to its high-water mark."""
    marks = services.safeguards.high_water
    try:
        lost = services.lost_size(slug)
        is_missing = lost is None and marks.is_missing(slug)
    except UnusableMark as error:
        raise Stop(
            f"la marque est illisible ({error}) : dites avec --size combien d’entrées le registre comptait"
        ) from error
    if is_missing:
        raise Stop("la marque manque : dites avec --size combien d’entrées le registre comptait, ou --none")
    if lost is None:
        raise Stop("ce registre n’a rien perdu")
    return lost


def _nothing_lost(services: Services, slug: str) -> int:
    """Writes the marks anew, unless a readable one says that entries were lost."""
    marks, (size, root) = services.safeguards.high_water, services.store.root(slug)
    known = max(marks.readable(slug), default=0)
    if known > size:
        raise Stop(f"ce registre comptait {known} entrées et n’en a plus que {size} : déclarez la perte avec --reason")
    marks.lower_to(slug, size, root)
    say(f"Marque refaite à {size} entrées.")
    return 0


# clock


def _ahead(services: Services, slug: str) -> float:
    """Seconds by which the last entry is later than now."""
    last = services.store.last_time(slug)
    return (moment(last) - moment(services.clock.now())).total_seconds() if last else 0.0


def run_clock(asked: argparse.Namespace, settings: ServerSettings) -> int:
    async def work(services: Services) -> int:
        await state_of(services, asked.slug)
        last = await asyncio.to_thread(services.store.last_time, asked.slug)
        if asked.reason:
            await submit(services, asked.slug, c.CorrectClock(last, asked.reason))
            say(f"Heure corrigée : le registre en était à {last}.")
            return 0
        now, ahead = services.clock.now(), await asyncio.to_thread(_ahead, services, asked.slug)
        if asked.json:
            say_json({"now": now, "record": last, "seconds_ahead": max(0.0, ahead)})
        else:
            say(f"Heure de la machine : {now}\nDernière écriture : {last}")
            say(_advice(asked.slug, ahead))
        return 1 if ahead > 0 else 0

    return run(settings, work)


def _advice(slug: str, ahead: float) -> str:
    if ahead <= 0:
        return "Le registre est à l’heure."
    return (
        f"Le registre est en avance de {ahead:.0f} s. Réglez d’abord l’heure de la machine ; si elle est juste, "
        f"corrigez le registre avec « pleniere clock {slug} --reason … »."
    )
