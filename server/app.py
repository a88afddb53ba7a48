"""The composition root: settings in, an ASGI application out."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware

from server.guard import Guard
from server.pages.errors import exception_handlers
from server.pages.fragments import render_fragment
from server.routes import routes
from server.services import open_services
from server.settings import Settings


def create_app(settings: Settings) -> Starlette:
    """The application; its services open when the server starts and close when it stops."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with open_services(settings, render_fragment) as services:
            await services.recover()
            app.state.services = services
            yield

    return Starlette(
        routes=routes(),
        middleware=[
            Middleware(Guard, https=settings.is_https),
            Middleware(GZipMiddleware, minimum_size=800, compresslevel=6),
        ],
        exception_handlers=exception_handlers,
        lifespan=lifespan,
    )
