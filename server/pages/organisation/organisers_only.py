"""Access to the pages of organisers and of those who conduct a sitting."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request

from deliberation.kernel import ids
from deliberation.kernel.commands import ClosePoll, Command
from deliberation.kernel.vocabulary import Role
from server.pages.shell.visit import Visit, arrive


async def organiser(request: Request) -> Visit:
    """The visit of an organiser; 401 without a session, 403 for another role."""
    visit = await arrive(request)
    if visit.role != Role.ORGANISER:
        raise HTTPException(401 if visit.actor == ids.VISITOR else 403)
    return visit


async def conductor(request: Request) -> Visit:
    """The visit of an organiser or of the élu who presides; 401 without a session, 403 for others."""
    return await entitled(request, ClosePoll)


async def entitled(request: Request, act: type[Command]) -> Visit:
    """The visit of somebody who may do that act; 401 without a session, 403 for others."""
    visit = await arrive(request)
    if not visit.may(act):
        raise HTTPException(401 if visit.actor == ids.VISITOR else 403)
    return visit


def desk(visit: Visit, path: str = "") -> str:
    """The address of an organiser's page."""
    return f"/organisation/{visit.slug}/{path}"
