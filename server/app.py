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
from server.pages.maps.maps import picture
from server.pages.shell.errors import error_page, exception_handlers, too_many
from server.pages.shell.fragments import render_fragment
from server.realtime.storage import Unavailable
from server.routes import routes
from server.services import Services, open_services
from server.settings import ServerSettings
from server.web.guard import Guard
from server.web.throttle import Throttle
from server.writing.checkpoints import CHECKPOINT_SECONDS
from server.writing.commits import CheckpointSigned

MAPS = 20
logger = logging.getLogger("pleniere.app")


async def draw_maps(services: Services) -> None:
    """Lays the maps out before anybody asks: the first visitor of a hall does not wait for Graphviz to start."""
    for slug in await asyncio.to_thread(services.store.congresses):
        state = public_view(await services.intake.state(slug) or State())
        for mindmap in list(state.maps.values())[:MAPS]:
            await picture(slug, state, mindmap, "fr")


async def keep_signing(services: Services) -> None:
    """Signs what was added, whether or not somebody looks, so that witnesses are never far behind."""
    while services.settings.witnesses:
        try:
            for slug in await asyncio.to_thread(services.store.congresses):
                await services.intake.checkpoint(slug)
        except (SQLAlchemyError, Unavailable):
            logger.exception("the records could not be signed")
        await asyncio.sleep(CHECKPOINT_SECONDS)


def create_app(settings: ServerSettings) -> Starlette:
    """The application; its services open when the server starts and close when it stops."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with open_services(settings, render_fragment) as services:
            await services.recover()
            app.state.services = services
            services.commits.subscribe(
                CheckpointSigned, lambda signed: services.cosigning.bring(signed.slug, signed.note)
            )
            services.nodes.start()
            tasks = [asyncio.create_task(work(services)) for work in (draw_maps, keep_signing)]
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
