"""Who may come in: the organisers of the congress."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request

from deliberation.kernel import ids
from deliberation.kernel.commands import ClosePoll, Command
from deliberation.kernel.vocabulary import Role
from server.pages.shell.visit import Visit, arrive


async def organiser(request: Request) -> Visit:
    """The visit of an organiser; 401 for nobody, 403 for another role."""
    visit = await arrive(request)
    if visit.role != Role.ORGANISER:
        raise HTTPException(401 if visit.actor == ids.VISITOR else 403)
    return visit


async def conductor(request: Request) -> Visit:
    """The visit of whoever conducts the sitting: an organiser, or the élu who presides; 401 for nobody, 403 else."""
    return await entitled(request, ClosePoll)


async def entitled(request: Request, act: type[Command]) -> Visit:
    """The visit of whoever may do that now; 401 for nobody, 403 else."""
    visit = await arrive(request)
    if not visit.may(act):
        raise HTTPException(401 if visit.actor == ids.VISITOR else 403)
    return visit


def desk(visit: Visit, path: str = "") -> str:
    """The address of an organiser's page."""
    return f"/organisation/{visit.slug}/{path}"
