"""The navigation: five entries, the second level of each, the addresses that they lead to, and who sees them.

Organisers have a sixth place with four pages; it stands on the second level of `Aujourd’hui` and in one's own menu.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from deliberation.kernel.plain_text import number_in
from deliberation.kernel.state import State
from deliberation.kernel.vocabulary import Role
from exports.translations import N_

Sees = Callable[[State, str], bool]
"""Whether this person of the congress, or `visiteur`, sees a page in the navigation."""

PHONE_CHARACTERS = 26
"""Letters of the labels that fit on one line of a phone of 390 px, beside the button that opens the others."""


def everybody(state: State, actor: str) -> bool:
    return True


def organisers(state: State, actor: str) -> bool:
    return _role(state, actor) == Role.ORGANISER


def voters(state: State, actor: str) -> bool:
    return _role(state, actor) == Role.ELU


def _role(state: State, actor: str) -> Role | None:
    person = state.people.get(actor)
    return person.role if person is not None and not person.revoked else None


@dataclass(frozen=True)
class PageLink:
    """A page of the second level.

    `address` is below the congress's, or starts with "/" and contains `{slug}`; `{n}` is the number of a motion.
    `covers` lists further addresses at which this page is shown as the current one, with all that is below them.
    """

    label: str
    address: str
    sees: Sees = everybody
    covers: tuple[str, ...] = ()


@dataclass(frozen=True)
class NavigationEntry:
    """One of the five entries. It leads to the first page of its second level."""

    label: str
    icon: str
    pages: tuple[PageLink, ...]


TODAY = NavigationEntry(
    N_("Aujourd’hui"),
    "today",
    (
        PageLink(N_("Aujourd’hui"), ""),
        PageLink(
            N_("À traiter"),
            "/organisation/{slug}/",
            organisers,
            ("/organisation/{slug}/moderation", "/organisation/{slug}/caviardages"),
        ),
        PageLink(N_("Personnes"), "/organisation/{slug}/personnes", organisers, ("/organisation/{slug}/electeurs",)),
        PageLink(N_("Réglages"), "/organisation/{slug}/reglages", organisers, ("/organisation/{slug}/regles",)),
        PageLink(N_("Import et export"), "/organisation/{slug}/import", organisers),
    ),
)
WORDS = NavigationEntry(
    N_("Paroles"),
    "words",
    (
        PageLink(N_("Témoignages"), "temoignages", covers=("extraits",)),
        PageLink(N_("Cartes"), "cartes"),
    ),
)
MOTIONS = NavigationEntry(
    N_("Motions"),
    "motions",
    (
        PageLink(N_("Textes"), "motions", covers=("/organisation/{slug}/motions",)),
        PageLink(N_("Amendements"), "amendements"),
    ),
)
SITTING = NavigationEntry(
    N_("Séance"),
    "sitting",
    (
        PageLink(N_("En direct"), "seance"),
        PageLink(N_("Voter"), "voter", voters, ("pouvoirs",)),
        PageLink(N_("Scrutins"), "scrutins", covers=("/organisation/{slug}/scrutins",)),
        PageLink(N_("Ordre du jour"), "seance/ordre-du-jour"),
        PageLink(N_("Déroulé"), "seance/deroule", covers=("seance/ordre",)),
        PageLink(N_("Orateurs"), "seance/parole"),
        PageLink(N_("Présence"), "seance/presence"),
        PageLink(N_("Écran"), "ecran"),
    ),
)
RESTITUTION = NavigationEntry(
    N_("Restitution"),
    "restitution",
    (
        PageLink(N_("Tout lire"), "restitution"),
        PageLink(N_("Registre"), "registre"),
        PageLink(N_("Personnes"), "personnes"),
        PageLink(N_("Collectivités"), "collectivites"),
    ),
)
ENTRIES = (TODAY, WORDS, MOTIONS, SITTING, RESTITUTION)

ONE_MOTION = (
    PageLink(N_("Texte"), "motions/{n}"),
    PageLink(N_("Amendements"), "amendements?motion={n}"),
    PageLink(N_("Votes"), "scrutins?motion={n}"),
    PageLink(N_("Histoire"), "motions/{n}/historique", covers=("motions/{n}/comparaison", "motions/{n}/origines")),
    PageLink(N_("Remarques"), "motions/{n}/remarques"),
)
"""The second level on the pages of one motion."""


@dataclass(frozen=True)
class NavigationLink:
    """A link as a page shows it. `current`: "page" on that very page, "true" on one below it, else "".

    `beyond` says that it stands behind the button of the others on a phone.
    """

    label: str
    href: str
    current: str = ""
    icon: str = ""
    beyond: bool = False


@dataclass(frozen=True)
class Navigation:
    """The navigation of one page: the entries, and the second level of the current one, empty if it has one page."""

    entries: tuple[NavigationLink, ...] = ()
    second: tuple[NavigationLink, ...] = ()
    title: str = ""
    """The label of the current entry."""

    @property
    def beyond(self) -> tuple[NavigationLink, ...]:
        return tuple(link for link in self.second if link.beyond)


def navigation(slug: str, state: State, actor: str, here: str, motion: int = 0) -> Navigation:
    """The navigation at the path `here`; `motion` is the number of the motion that the page is about, 0 if none."""
    deepest = max(ENTRIES, key=lambda entry: _depth(slug, entry, here))
    current = MOTIONS if motion else deepest if _depth(slug, deepest, here) else None
    entries = tuple(_entry_link(slug, entry, entry is current, here) for entry in ENTRIES)
    if current is None:
        return Navigation(entries)
    second = _second(slug, state, actor, current, here, motion)
    return Navigation(entries, second if len(second) > 1 else (), current.label)


def _entry_link(slug: str, entry: NavigationEntry, is_current: bool, here: str) -> NavigationLink:
    href = _address(slug, entry.pages[0].address)
    return NavigationLink(entry.label, href, _current(is_current, href, here), entry.icon)


def _second(
    slug: str, state: State, actor: str, entry: NavigationEntry, here: str, motion: int
) -> tuple[NavigationLink, ...]:
    pages = [page for page in (ONE_MOTION if motion else entry.pages) if page.sees(state, actor)]
    deepest = max((_reach(slug, page, here, motion) for page in pages), default=0)
    links = []
    for page in pages:
        href = _address(slug, page.address, motion)
        is_current = deepest > 0 and _reach(slug, page, here, motion) == deepest
        links.append(NavigationLink(page.label, href, _current(is_current, href, here)))
    return tuple(_folded(links))


def _current(is_current: bool, href: str, here: str) -> str:
    return ("page" if here == href else "true") if is_current else ""


def _folded(links: list[NavigationLink]) -> Iterable[NavigationLink]:
    """The links, those beyond that do not fit on a phone. The current one is always shown."""
    left = PHONE_CHARACTERS - sum(len(link.label) for link in links if link.current)
    if sum(len(link.label) for link in links) <= PHONE_CHARACTERS + 8:
        left = len(links) * PHONE_CHARACTERS  # all fit where no button is needed
    for link in links:
        if not link.current:
            left -= len(link.label)
        yield link if link.current or left >= 0 else NavigationLink(link.label, link.href, "", "", True)


def _depth(slug: str, entry: NavigationEntry, here: str) -> int:
    return max(_reach(slug, page, here, 0) for page in entry.pages)


def _reach(slug: str, page: PageLink, here: str, motion: int) -> int:
    """How much of the path `here` this page accounts for, in characters; 0 if it has nothing to do with it."""
    own = _address(slug, page.address, motion).partition("?")[0]
    covered = (_address(slug, address, motion) for address in page.covers)
    return max((len(one) for one in (own, *covered) if _is_below(here, one)), default=0)


def _is_below(here: str, address: str) -> bool:
    """Whether `here` is that address, or below it. First pages end in "/" and have nothing below them."""
    return here == address or (not address.endswith("/") and here.startswith(f"{address}/"))


def _address(slug: str, address: str, motion: int = 0) -> str:
    whole = address if address.startswith("/") else f"/c/{slug}/{address}"
    return whole.replace("{slug}", slug).replace("{n}", str(motion))


def motion_at(slug: str, state: State, here: str, asked: str = "") -> int:
    """The number of the motion that a page is about, from its path and the motion that its filter asks for; else 0."""
    kind, _, rest = here.removeprefix(f"/c/{slug}/").partition("/")
    number = number_in(rest.partition("/")[0]) or 0
    if kind == "amendements" and number in state.amendments:
        return state.amendments[number].motion
    if kind in ("amendements", "scrutins") and not rest:
        number = number_in(asked) or 0
    elif kind != "motions":
        return 0
    return number if number in state.motions else 0
