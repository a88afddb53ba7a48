"""Rate limits applied to requests: who is behind a request, and the sentence that says when to try again."""

from __future__ import annotations

import time
from collections.abc import Callable

from starlette.requests import HTTPConnection

from deliberation.congress.people import role_of
from deliberation.kernel import commands as c
from deliberation.kernel.errors import Refused
from deliberation.kernel.ids import VISITOR
from deliberation.kernel.state import Settings, State
from deliberation.kernel.vocabulary import Role
from deliberation.record.note import Signer
from deliberation.session.attendance import keeps_list
from exports.translations import N_
from server.web import author_keys
from server.web.limits import Asker, Flood, Limiter, LimitKind
from server.web.presence_code import WRONG, Sign, code_at, fits

LIMITED = "limit."
"""Prefix of the codes of refusals that say when to try again; they are answered with 429."""

SECONDS = N_("Trop de demandes à la fois. Réessayez dans {n} s : ce que vous avez écrit est gardé sur cette page.")
MINUTES = N_("Trop de demandes à la fois. Réessayez dans {n} min : ce que vous avez écrit est gardé sur cette page.")

REVISING = (c.ChangeNaming, c.CorrectTestimony, c.WithdrawTestimony)
"""Commands that only the author of a testimony may send."""

WRONG_KEY = Refused(
    "testimony.wrong_key", "Ce lien n’est pas celui du reçu : ouvrez l’adresse secrète que vous avez gardée."
)

_BALLOTS = (c.CastBallot, c.CastSheet, c.CastSecret, c.EnterHands, c.RecountHands)


class Admission:
    """`clock` is monotonic, in seconds; `wall` is the time of day, in seconds; `signer` gives a congress's signing
    key.
    """

    def __init__(
        self,
        limiter: Limiter,
        signer: Callable[[str, str], Signer],
        clock: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self._limiter = limiter
        self._signer = signer
        self._clock = clock
        self._wall = wall

    def refuse(
        self, connection: HTTPConnection, kind: LimitKind, slug: str, person: str | None, state: State | None
    ) -> int:
        """Seconds after which to try again; 0 if the request may pass."""
        return self._limiter.take(kind, _asker(connection, slug, person, state), self._clock())

    def refuse_command(
        self, connection: HTTPConnection, slug: str, person: str | None, state: State | None, command: c.Command
    ) -> Refused | None:
        """Why a command may not be sent now, or None. A refused command does not count against the limit."""
        asker = _asker(connection, slug, person, state)
        wait = self._limiter.take(_kind(command), asker, self._clock(), _vote(asker.person, command))
        return refusal(wait) if wait else None

    def refuse_absent(self, state: State, person: str | None, command: c.Command, given: str) -> Refused | None:
        """Why the code given does not prove presence in the hall, or None. It is asked of people who testify without an
        account, where the congress requires it (T10), and of élus who sign in on their own device (S21).
        """
        settings = state.settings
        if settings is None or not _proves_presence(state, person, command):
            return None
        return None if fits(given, self._sign(settings), settings.slug, self._wall()) else WRONG

    def author_key(self, state: State, testimony: int) -> str:
        """The key in the secret link to a testimony."""
        assert state.settings is not None
        return author_keys.key_of(self._sign(state.settings), state.settings.slug, testimony)

    def has_author_key(self, state: State, testimony: int, given: str) -> bool:
        """Whether that is the key in the secret link to the testimony."""
        settings = state.settings
        return settings is not None and author_keys.fits(given, self._sign(settings), settings.slug, testimony)

    def author(self, state: State, person: str | None, command: c.Command, given: str) -> str | Refused:
        """In whose name the command is sent: the person's or, for whoever has no account or gives the key of the
        testimony that they revise, a visitor's (T22).
        """
        if not isinstance(command, REVISING) or (person and not given):
            return person or VISITOR
        return VISITOR if self.has_author_key(state, command.testimony, given) else WRONG_KEY

    def presence_code(self, state: State) -> str:
        """The code to show in the hall now; "" if none is required."""
        settings = state.settings
        if settings is None or not (keeps_list(state) or (settings.presence_asked and settings.visitors_may_testify)):
            return ""
        return code_at(self._sign(settings), settings.slug, self._wall())

    def _sign(self, settings: Settings) -> Sign:
        return self._signer(settings.slug, settings.origin).sign

    def floods(self, slug: str) -> list[tuple[Flood, float]]:
        """What was refused recently in a congress, each with the seconds since the last refusal."""
        now = self._clock()
        return [(flood, now - flood.last) for flood in self._limiter.floods(slug, now)]


def _proves_presence(state: State, person: str | None, command: c.Command) -> bool:
    """Whether that act requires the hall's code. An organiser at the desk sees who is there."""
    if isinstance(command, c.SubmitTestimony):
        return person is None and state.settings is not None and state.settings.presence_asked
    return isinstance(command, c.SignIn) and command.person in ("", person)


def refusal(wait: int) -> Refused:
    """The refusal that says to try again in `wait` seconds."""
    if wait < 100:
        return Refused(f"{LIMITED}seconds", SECONDS, params={"n": wait})
    return Refused(f"{LIMITED}minutes", MINUTES, params={"n": -(-wait // 60)})


def retry_after(refused: Refused) -> int | None:
    """Seconds after which to try again; None for another refusal."""
    if not refused.code.startswith(LIMITED):
        return None
    return int(refused.params["n"]) * (60 if refused.code.endswith("minutes") else 1)


def _asker(connection: HTTPConnection, slug: str, person: str | None, state: State | None) -> Asker:
    address = connection.client.host if connection.client else ""
    office = state is not None and person is not None and role_of(state, person) in (Role.SCRIBE, Role.ORGANISER)
    return Asker(address, slug, person or "", office)


def _kind(command: c.Command) -> LimitKind:
    if isinstance(command, c.SubmitTestimony):
        return LimitKind.TESTIMONY
    return LimitKind.BALLOT if isinstance(command, _BALLOTS) else LimitKind.ACT


def _vote(person: str, command: c.Command) -> str:
    """An identifier of the vote that a command gives or changes; "" for other commands."""
    if isinstance(command, c.CastBallot):
        return f"{command.poll} {command.voter or person}"
    if isinstance(command, c.CastSheet):
        return f"sheet {command.sheet} {command.voter or person}"
    return ""
