"""`demo`: the demonstration congress, and a sitting that plays by itself on the running server."""

from __future__ import annotations

import argparse
import asyncio
import secrets
import time
from datetime import timedelta
from typing import Any

from deliberation.kernel import commands as c
from deliberation.kernel.vocabulary import ClauseKind, Draft
from server.command_line.terminal import Stop, run, say, submit
from server.demo import congress as story
from server.demo import live_sitting
from server.demo.live_player import LivePlayer, PlayStopped
from server.imports.importing import import_command
from server.services import Services, open_services
from server.settings import ServerSettings
from server.store.clock import ScriptedClock, SystemClock, instant, moment

DEMO = "demo"
LENGTH = timedelta(days=60)


def add_to(commands: Any) -> None:
    demo = commands.add_parser("demo", help="créer le congrès de démonstration, ou jouer une séance")
    demo.add_argument("--live", action="store_true", help="jouer une séance, en accéléré, sur le serveur qui tourne")
    demo.add_argument("--pace", type=float, default=1.5, metavar="SECONDES", help="durée d’un acte, 1,5 s d’ordinaire")
    demo.set_defaults(run=run_demo)


def run_demo(asked: argparse.Namespace, settings: ServerSettings) -> int:
    if asked.live:
        return run(settings, lambda services: play_live(services, max(0.0, asked.pace)))
    make_demo(settings)
    say(f"Le congrès de démonstration est à l’adresse {settings.public_origin}/c/{DEMO}/")
    return 0


async def play_live(services: Services, pace: float) -> int:
    """Creates a small congress of its own and plays its sitting on the running server, so that open pages follow."""
    slug = f"seance-{secrets.token_hex(3)}"
    now = SystemClock().now()
    await _found(services, slug)
    tokens = {
        f"p{number}": await asyncio.to_thread(services.identity.make_token, slug, f"p{number}")
        for number in range(1, len(live_sitting.PEOPLE) + 1)
    }
    origin = services.settings.public_origin
    player = LivePlayer(origin, slug, tokens, time.sleep)
    say(f"La séance se joue à l’adresse {origin}/c/{slug}/seance ; l’écran de la salle : {origin}/c/{slug}/ecran")
    try:
        await asyncio.to_thread(player.play, live_sitting.before(now), 0.0)
        acts = live_sitting.sitting(now, await asyncio.to_thread(player.clauses))
        count = await asyncio.to_thread(player.play, acts, pace)
    except PlayStopped as stopped:
        raise Stop(str(stopped)) from stopped
    say(f"La séance est levée après {count} actes : {origin}/c/{slug}/seance/1")
    return 0


async def _found(services: Services, slug: str) -> None:
    """The congress, its people and its motion."""
    origin = services.settings.record_origin(slug)
    await submit(services, slug, c.CreateCongress(slug, live_sitting.TITLE, origin, fictional=True))
    for name, role, mandate, collectivity in live_sitting.PEOPLE:
        await submit(services, slug, c.InvitePerson(name, role, mandate, collectivity))
    drafts = [Draft(ClauseKind.DEMANDE, text) for text in live_sitting.CLAUSES]
    await submit(services, slug, import_command(live_sitting.MOTION, drafts))


def make_demo(settings: ServerSettings) -> None:
    """Plays the demonstration congress, or the rest of an interrupted one."""

    async def work() -> None:
        now = SystemClock().now()
        clock = ScriptedClock(instant(moment(now) - LENGTH))
        async with open_services(settings, clock=clock) as services:
            await story.build(services.write_queue, clock, now, DEMO, settings.record_origin(DEMO))

    asyncio.run(work())
