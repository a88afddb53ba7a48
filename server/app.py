"""The composition root: settings in, an ASGI application out."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.exc import SQLAlchemyError
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware

from deliberation.kernel.state import State
from deliberation.visibility.views import public_view
from server.pages.maps.maps import forget_pictures, picture
from server.pages.motions import history
from server.pages.shell.errors import error_page, exception_handlers, too_many
from server.pages.shell.fragments import render_fragment
from server.pages.shell.rendering import forget_copies
from server.realtime.storage import Unavailable
from server.routes import routes
from server.services import Services, open_services
from server.settings import ServerSettings
from server.store.integrity import RecordWalk
from server.store.store import Store
from server.texts import origins
from server.web.guard import Guard
from server.web.throttle import Throttle
from server.writing.checkpoints import CHECKPOINT_SECONDS
from server.writing.commits import CheckpointSigned, EntriesRecorded
from server.writing.erasure import REDACTING
from server.writing.safeguards import Safeguards

MAPS = 20
INSPECTION_SECONDS = 86_400
"""Seconds between two checks of all records against their hashes."""
BETWEEN_PIECES_SECONDS = 0.02
"""Pause in seconds between two pieces of such a check, for other work."""
logger = logging.getLogger("pleniere.app")


async def draw_maps(services: Services) -> None:
    """Computes the layout of all maps at the start, because starting Graphviz takes long."""
    for slug in await asyncio.to_thread(services.store.congresses):
        state = public_view(await services.write_queue.state(slug) or State())
        for mindmap in list(state.maps.values())[:MAPS]:
            await picture(slug, state, mindmap, "fr")


async def keep_signing(services: Services) -> None:
    """Signs new entries regularly, whether or not somebody asks, so that witnesses stay up to date."""
    while services.settings.witnesses:
        try:
            for slug in await asyncio.to_thread(services.store.congresses):
                await services.write_queue.checkpoint(slug)
        except (SQLAlchemyError, Unavailable):
            logger.exception("the records could not be signed")
        await asyncio.sleep(CHECKPOINT_SECONDS)


async def inspect_records(services: Services) -> None:
    """Checks every record against its hashes, at the start and once a day, in small pieces off the event loop."""
    while True:
        try:
            for slug in await asyncio.to_thread(services.store.congresses):
                await inspect(services.store, services.safeguards, slug)
        except SQLAlchemyError:
            logger.exception("the records could not be inspected")
        await asyncio.sleep(INSPECTION_SECONDS)


async def inspect(store: Store, safeguards: Safeguards, slug: str) -> None:
    """Checks one record; if it is damaged it becomes read-only."""
    walk, is_more = RecordWalk(slug), True
    while is_more:
        is_more = await asyncio.to_thread(_step, store, walk)
        await asyncio.sleep(BETWEEN_PIECES_SECONDS)
    safeguards.found(slug, walk.found)


def _step(store: Store, walk: RecordWalk) -> bool:
    with store.database.read() as connection:
        return walk.step(connection)


def forget_redacted(notice: EntriesRecorded) -> None:
    """Clears the caches of pages after words were redacted."""
    if any(isinstance(r.event, REDACTING) for r in notice.entries):
        forget_copies()
        forget_pictures()
        history.forget()
        origins.forget()


def create_app(settings: ServerSettings) -> Starlette:
    """The application; its services start and stop with the server."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with open_services(settings, render_fragment) as services:
            await services.recover()
            app.state.services = services
            services.commits.subscribe(
                CheckpointSigned, lambda signed: services.cosigning.bring(signed.slug, signed.note)
            )
            services.commits.subscribe(EntriesRecorded, forget_redacted)
            services.cluster.start()
            tasks = [asyncio.create_task(work(services)) for work in (draw_maps, keep_signing, inspect_records)]
            yield
            for task in tasks:
                task.cancel()

    return Starlette(
        routes=routes(),
        middleware=[
            Middleware(Guard, origin=settings.public_origin, refuse=error_page),
            Middleware(Throttle, refuse=too_many),
            Middleware(GZipMiddleware, minimum_size=800, compresslevel=6),
        ],
        exception_handlers=exception_handlers,
        lifespan=lifespan,
    )
