"""`demo`: the demonstration congress."""

from __future__ import annotations

import argparse
import asyncio
from datetime import timedelta
from typing import Any

from server.command_line.terminal import say
from server.demo import congress as story
from server.services import open_services
from server.settings import ServerSettings
from server.store.clock import ScriptedClock, SystemClock, instant, moment

DEMO = "demo"
LENGTH = timedelta(days=60)


def add_to(commands: Any) -> None:
    demo = commands.add_parser("demo", help="créer le congrès de démonstration")
    demo.set_defaults(run=run_demo)


def run_demo(asked: argparse.Namespace, settings: ServerSettings) -> int:
    make_demo(settings)
    say(f"Le congrès de démonstration est à l’adresse {settings.public_origin}/c/{DEMO}/")
    return 0


def make_demo(settings: ServerSettings) -> None:
    """Plays the demonstration congress, or the rest of an interrupted one."""

    async def work() -> None:
        now = SystemClock().now()
        clock = ScriptedClock(instant(moment(now) - LENGTH))
        async with open_services(settings, clock=clock) as services:
            await story.build(services.write_queue, clock, now, DEMO, settings.record_origin(DEMO))

    asyncio.run(work())
