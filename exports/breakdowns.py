"""Who is heard and who votes, as tables by kind, size and région: the same for pages, the exported site and PDF."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from deliberation.kernel.state import Poll, State
from deliberation.kernel.territory import SIZES, TerritoryKind, size_class
from deliberation.kernel.vocabulary import Choice
from deliberation.thread.heard import Heard
from deliberation.votes.represented import VoiceShare, represented
from exports import labels
from exports.translations import Translator


@dataclass(frozen=True)
class Breakdown:
    """A table of figures: `columns` are the headings, of the labels first; each row has a label and its figures."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[int, ...]], ...]


def size_name(words: Translator, size: int | None) -> str:
    """A class of sizes in words (`territory.size_class`)."""
    if size is None:
        return words("Lieu non dit, ou hors de la liste")
    if size < 0:
        return words("Population inconnue")
    if size == 0:
        return words("Moins de {n} habitants", n=words.number(SIZES[0]))
    least = words.number(SIZES[size - 1])
    if size == len(SIZES):
        return words("{n} habitants et plus", n=least)
    return words("De {least} à {most} habitants", least=least, most=words.number(SIZES[size] - 1))


def heard_tables(words: Translator, heard: Heard) -> tuple[Breakdown, ...]:
    """Who is heard in testimonies; () where nobody said where they come from."""
    if not heard.placed:
        return ()
    named, alone = words("Collectivités"), words("Paroles sans nom de collectivité")
    kinds, kinds_alone = heard.kinds(), heard.kinds_alone()
    by_kind = tuple(
        (words(labels.TERRITORIES[kind]), (kinds[kind], kinds_alone[kind]))
        for kind in TerritoryKind
        if kinds[kind] or kinds_alone[kind]
    )
    regions = tuple((area.name, (area.testimonies, area.collectivities)) for area in heard.regions())
    found = (
        Breakdown(words("Par sorte"), (words("Sorte"), named, alone), by_kind),
        heard_by_size(words, heard),
        Breakdown(words("Par région"), (words("Région"), words("Témoignages"), named), regions),
    )
    return tuple(each for each in found if each.rows)


def heard_by_size(words: Translator, heard: Heard) -> Breakdown:
    """How often collectivities of each class of sizes are heard, and how many of them; the largest first."""
    places, said = _sizes(heard)
    rows = tuple((size_name(words, size), (said[size], places[size])) for size in sorted(said, reverse=True))
    return Breakdown(words("Par taille"), (words("Taille"), words("Témoignages"), words("Collectivités")), rows)


def _sizes(heard: Heard) -> tuple[Counter[int], Counter[int]]:
    """How many collectivities of each class of sizes are named, and in how many testimonies."""
    places: Counter[int] = Counter()
    said: Counter[int] = Counter()
    for territory, numbers in heard.collectivities.values():
        places[size_class(territory)] += 1
        said[size_class(territory)] += len(numbers)
    return places, said


def electorate_tables(words: Translator, state: State, poll: Poll) -> tuple[Breakdown, ...]:
    """Where the voices of a poll come from and, once a vote by name is closed, how they were cast (P30)."""
    found = represented(state, poll)
    if found is None:
        return ()
    unknown = words("Lieu non dit, ou hors de la liste")
    kinds = {words(labels.TERRITORIES[kind]) if kind else unknown: found.kinds[kind] for kind in _kinds(found.kinds)}
    sizes = {size_name(words, size): found.sizes[size] for size in _falling(found.sizes)}
    regions = {
        region[1] if region else words("Sans région"): found.regions[region]
        for region in sorted(found.regions, key=lambda each: (each is None, each or ("", "")))
    }
    return (
        _voices(words, words("Par sorte"), words("Sorte"), kinds),
        _voices(words, words("Par taille"), words("Taille"), sizes),
        _voices(words, words("Par région"), words("Région"), regions),
    )


def _kinds(found: Iterable[TerritoryKind | None]) -> list[TerritoryKind | None]:
    ranked: list[TerritoryKind | None] = [*TerritoryKind, None]
    return sorted(found, key=ranked.index)


def _falling(sizes: Iterable[int | None]) -> list[int | None]:
    return sorted(sizes, key=lambda size: (size is None, -(size or 0)))


def _voices(words: Translator, title: str, of: str, groups: Mapping[str, VoiceShare]) -> Breakdown:
    shares = groups.values()
    weighted = any(share.voices != share.people for share in shares)
    choices = [(Choice.FOR, words("Pour")), (Choice.AGAINST, words("Contre")), (Choice.ABSTAIN, words("Abst."))]
    cast = choices if any(share.choices for share in shares) else []
    columns = (of, words("Inscrits"), *((words("Voix"),) if weighted else ()), *(label for _, label in cast))
    rows = tuple(
        (
            label,
            (
                share.people,
                *((share.voices,) if weighted else ()),
                *(share.choices.get(choice, 0) for choice, _ in cast),
            ),
        )
        for label, share in groups.items()
    )
    return Breakdown(title, columns, rows)
