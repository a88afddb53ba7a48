"""The service worker that keeps the edit page on a writer's device, for use without a network.

Its scope is that one page. Its text changes with each build of the client, so that browsers notice a new one.
"""

from __future__ import annotations

import json

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.pages.shell.assets import build, files, source
from server.pages.shell.visit import arrive, number

ISLANDS = ("editor", "base", "live", "styles")


async def worker(request: Request) -> Response:
    visit = await arrive(request)
    if number(request) not in visit.state.motions:
        raise HTTPException(404)
    kept = json.dumps(files(*ISLANDS))
    program = f"const BUILD = {json.dumps(build(*ISLANDS))}, FILES = {kept};\n{source('offline')}"
    return Response(program, media_type="text/javascript", headers={"Cache-Control": "no-cache"})


routes = [Route("/c/{slug}/motions/{n:int}/hors-ligne.js", worker, name="motion_offline")]
