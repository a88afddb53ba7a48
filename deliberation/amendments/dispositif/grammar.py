"""A closed grammar of dispositifs, in the forms of both assemblies: from a sentence to steps, independent of any text
(A31).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from deliberation.amendments.dispositif import naming, phrases, places
from deliberation.amendments.dispositif.citing import LEFT, MARKERS, RIGHT, cited, plain
from deliberation.amendments.dispositif.cursor import Cursor
from deliberation.amendments.dispositif.forms import (
    BEGINNING,
    LINE,
    NOWHERE,
    SENTENCE,
    TITLE,
    WORDS,
    EditAct,
    InstructionStep,
    Place,
)
from deliberation.kernel.errors import Refused

FIELD = "dispositif"
LIMIT = 12_000
"""Longest sentence that is read, in characters; the words of an amendment have at most 10,000."""


class Unread(Exception):
    """The rest of a sentence that the grammar cannot parse."""


def steps_of(said: str) -> list[InstructionStep] | Refused:
    """The steps of a dispositif, in order; a refusal that quotes the part that cannot be parsed."""
    if len(said) > LIMIT:
        return Refused("dispositif.long", "Cette consigne est trop longue pour être lue.", FIELD)
    found = cited(said)
    if isinstance(found, Refused):
        return found
    sentence, citations = found
    try:
        return [step for prefix, item in _items(sentence) for step in _item(prefix, item, citations)]
    except Unread as unread:
        return _unread(str(unread), citations)


def _unread(rest: str, citations: Sequence[str]) -> Refused:
    said = re.sub(rf"{LEFT}(\d+){RIGHT}", lambda m: f"« {citations[int(m[1])]} »", rest).strip()
    return Refused(
        "dispositif.unread",
        "« {words} » n’est pas compris. Écrivez par exemple : Demande 2, remplacer le mot : « trois » par le mot : "
        "« quatre ».",
        FIELD,
        {"words": said if len(said) <= 120 else f"{said[:119]}…"},
    )


def _items(said: str, prefix: str = "", markers: Sequence[re.Pattern[str]] = MARKERS) -> Iterator[tuple[str, str]]:
    """The numbered items of a sentence, each with the text before the first item, which names the place they share."""
    if not markers:
        yield prefix, said
        return
    pattern = re.compile(rf"(?:^|(?<=[\n;.]) *|(?<={RIGHT}) *|(?<=: ) *){markers[0].pattern}", re.MULTILINE)
    found = list(pattern.finditer(said))
    if not found or (len(found) == 1 and _is_named(markers[0], found[0])):
        yield from _items(said, prefix, markers[1:])
        return
    head = f"{prefix} {said[: found[0].start()]}"
    for match, following in zip(found, [*found[1:], None], strict=True):
        item = said[match.end() : following.start() if following else len(said)]
        yield from _items(item, head, markers[1:])


def _is_named(marker: re.Pattern[str], match: re.Match[str]) -> bool:
    """Whether a lone item marker belongs to the text rather than begins a list: no list begins with it."""
    return match[1] not in ("I", "1", "a", "-", "–", "—")


def _item(prefix: str, item: str, citations: Sequence[str]) -> Iterable[InstructionStep]:
    """The steps of one item, at the place that its prefix names."""
    outer = _outer(prefix)
    cursor = Cursor(_bare(item), citations)
    steps: list[InstructionStep] = []
    while not cursor.done or not steps:
        read = _step(cursor, steps[-1].place if steps and not cursor.sees(_OWN_PLACE) else outer)
        if read is None:
            raise Unread(_as_said(item, cursor.rest))
        steps += read
        cursor.take(r"(?:et|puis|en consequence)\b")
    return steps


_OWN_PLACE = (
    r"(?:supprimer|rediger ainsi|completer|deplacer)? ?(?:a )?(?:au|le|la|l'|les)? ?"
    r"(?:visa|considerant|demande|intertitre|note|titre)s? "
)
"""A further step that names its own passage."""


def _as_said(item: str, rest: str) -> str:
    """The unparsed end of an item, as it was typed."""
    words = [word for word in item.split() if _bare(word)]
    return " ".join(words[-len(rest.split()) :] if rest else words)


def _bare(said: str) -> str:
    """The text without the punctuation that the grammar ignores, and with letters joined to their numbers."""
    said = plain(places.joined_letters(said))
    return " ".join(re.sub(r"[:,;.–—]|(?<=\s)-(?=\s)|-(?= |$)", " ", said).split())


def _outer(prefix: str) -> Place:
    cursor = Cursor(_bare(prefix), ())
    place = NOWHERE
    while not cursor.done:
        found = places.place(cursor)
        if found is None:
            if cursor.take(r"(?:modifier ainsi|(?:est )?ainsi modifiee?)$"):
                return place
            raise Unread(cursor.rest)
        place = _narrowed(found, place)
    return place


def _step(cursor: Cursor, outer: Place) -> list[InstructionStep] | None:
    """Parses one sentence: places, then the change made there."""
    start = cursor.at
    for passive in _PASSIVES:
        if read := passive(cursor, outer):
            return read
        cursor.at = start
    place = outer
    while True:
        here = cursor.at
        if act := _active(cursor, place):
            return act
        cursor.at = here
        found = places.place(cursor)
        if found is None:
            return None
        place = _narrowed(found, place)


def _narrowed(found: Place, place: Place) -> Place:
    """A place within one that was named earlier. Two passages of a motion in one sentence are refused."""
    own = (*naming.KINDS, TITLE)
    if found.noun in own and place.noun in own:
        others = bool(found.numbers and place.numbers) and found.numbers != place.numbers
        if found.noun != place.noun or others:
            raise Unread(f"{naming.head(place)}, {naming.head(found)}")
    return found.within(place)


def _active(cursor: Cursor, place: Place) -> list[InstructionStep] | None:
    for verb, read in _VERBS:
        if cursor.take(verb):
            return read(cursor, place)
    return None


# The verbs.


def _deleting(cursor: Cursor, place: Place) -> list[InstructionStep] | None:
    if cursor.take(r"(?:a )?la fin\b"):
        return None
    here = cursor.at
    said = phrases.cited_words(cursor)
    if said:
        return [
            InstructionStep(EditAct.STRIKE, place, said[0], occurrence=said[1], times=said[2]),
            *_more_words(cursor, place),
        ]
    cursor.at = here
    found = places.place(cursor)
    if found is None:
        return None
    found = _narrowed(found, place)
    while more := places.place(cursor):
        found = _narrowed(more, found)
    return [InstructionStep(EditAct.DELETE, found)]


def _more_words(cursor: Cursor, place: Place) -> list[InstructionStep]:
    """« supprimer les mots : … et les mots : … »"""
    found: list[InstructionStep] = []
    while cursor.sees(rf"(?:et )?{phrases.NOUN} {LEFT}"):
        cursor.take(r"et\b")
        said = phrases.cited_words(cursor)
        assert said is not None
        found.append(InstructionStep(EditAct.STRIKE, place, said[0], occurrence=said[1], times=said[2]))
    return found


def _replacing(cursor: Cursor, place: Place) -> list[InstructionStep] | None:
    said = phrases.cited_words(cursor)
    if said is None:
        return _replacing_places(cursor, place)
    cursor.take(r"par\b")
    coming = phrases.coming_words(cursor)
    if coming is None:
        return None
    return [InstructionStep(EditAct.REPLACE, place, said[0], coming[1], said[1], said[2])]


def _replacing_places(cursor: Cursor, place: Place) -> list[InstructionStep] | None:
    found = places.place(cursor)
    if found is None or (not cursor.take(r"par\b") and not cursor.sees(phrases.NEW_PART)):
        return None
    coming = phrases.coming_words(cursor)
    return [InstructionStep(EditAct.REWRITE, _narrowed(found, place), new=coming[1])] if coming else None


def _rewriting(cursor: Cursor, place: Place) -> list[InstructionStep] | None:
    edge = cursor.take(r"(?:le (debut)|la (fin)) (?=(?:d[eu]|de la|de l'|de cet?t?e?)\b)")
    if edge and edge[2]:
        return None
    found = places.place(cursor)
    words = cursor.citations()
    if found is None or not words:
        return None
    act = EditAct.REWRITE_START if edge else EditAct.REWRITE
    return [InstructionStep(act, _narrowed(found, place), new="\n\n".join(words))]


def _completing(cursor: Cursor, place: Place) -> list[InstructionStep] | None:
    if found := places.place(cursor):
        place = _narrowed(found, place)
    cursor.take(r"par\b")
    coming = phrases.coming_words(cursor)
    return [InstructionStep(EditAct.COMPLETE, place, new=coming[1], unit=coming[0])] if coming else None


def _inserting(cursor: Cursor, place: Place) -> list[InstructionStep] | None:
    """Insertion of a new passage at the beginning of the text; None for any other place."""
    coming = phrases.coming_words(cursor)
    if coming is None:
        return None
    if place.noun == BEGINNING or coming[0] not in (WORDS, SENTENCE, LINE):
        return [InstructionStep(EditAct.ADD, place, new=coming[1], unit=coming[0])] if place.noun == BEGINNING else None
    return None


def _beginning(cursor: Cursor, place: Place) -> list[InstructionStep] | None:
    """« Au début de la demande 2, insérer les mots : … »; « au début du texte » is the place of a new passage."""
    text = cursor.take(r"(?:du|de la|de l'|de) ?(?:texte|motion)")
    if not text:
        found = places.place(cursor)
        place = _narrowed(found, place) if found else place
    if not cursor.take(_INSERT):
        return None
    coming = phrases.coming_words(cursor)
    if coming is None:
        return None
    if text:
        return [InstructionStep(EditAct.ADD, Place(BEGINNING), new=coming[1], unit=coming[0])]
    return [InstructionStep(EditAct.BEGIN, place, new=coming[1], unit=coming[0])]


_INSERT = r"(?:inserer|ajouter|il est insere|est inseree?|sont inseree?s|est ajoutee?|sont ajoutee?s)\b"


def _beside(before: bool) -> Callable[[Cursor, Place], list[InstructionStep] | None]:
    def read(cursor: Cursor, place: Place) -> list[InstructionStep] | None:
        here = cursor.at
        said = phrases.cited_words(cursor)
        if said:
            if found := places.place(cursor):
                place = _narrowed(found, place)
            return _beside_words(cursor, place, before, said)
        cursor.at = here
        found = places.place(cursor)
        if found is None:
            return None
        found = _narrowed(found, place)
        return _beside_place(cursor, found, before)

    return read


def _beside_words(
    cursor: Cursor, place: Place, before: bool, said: tuple[str, int, int]
) -> list[InstructionStep] | None:
    words, occurrence, times = said
    if cursor.take(_INSERT):
        coming = phrases.coming_words(cursor)
        if coming is None or coming[0] != WORDS:
            return None
        return [InstructionStep(EditAct.INSERT, place, words, coming[1], occurrence, times, before)]
    if cursor.take(r"supprimer (?:la fin|le debut)"):
        place = _end_place(cursor, place)
        return [InstructionStep(EditAct.STRIKE_END, place, words, occurrence=occurrence)] if not before else None
    rewriting = cursor.take(r"rediger (?:ainsi|comme suit) (?:la fin|le debut)") or cursor.take(
        r"la fin (?=(?:d[eu]|de la|de l'|de cet?t?e?) \w+(?: \w+)? est ainsi)"
    )
    if not rewriting:
        return None
    place = _end_place(cursor, place)
    cursor.take(r"est ainsi redigee?")
    coming_ = cursor.citations()
    if not coming_:
        return None
    act = EditAct.REWRITE_START if before else EditAct.REWRITE_END
    return [InstructionStep(act, place, words, "\n\n".join(coming_), occurrence)]


def _end_place(cursor: Cursor, place: Place) -> Place:
    """« la fin de cette phrase »: the place meant, or a narrower one."""
    found = places.place(cursor)
    return _narrowed(found, place) if found else place


def _beside_place(cursor: Cursor, place: Place, before: bool) -> list[InstructionStep] | None:
    if not cursor.take(_INSERT):
        return None
    coming = phrases.coming_words(cursor)
    if coming is None:
        return None
    if coming[0] == WORDS:
        return [InstructionStep(EditAct.BEGIN if before else EditAct.COMPLETE, place, new=coming[1])]
    return [InstructionStep(EditAct.ADD, place, new=coming[1], before=before, unit=coming[0])]


def _moving(cursor: Cursor, place: Place) -> list[InstructionStep] | None:
    found = places.place(cursor)
    if found is None:
        return None
    found = _narrowed(found, place)
    if cursor.take(r"(?:au|en) (?:debut|tete)(?: du texte| de la motion)?"):
        return [InstructionStep(EditAct.MOVE, found, to=Place(BEGINNING))]
    side = cursor.take(r"(apres|avant)\b")
    to = places.place(cursor) if side else None
    if side is None or to is None:
        return None
    return [InstructionStep(EditAct.MOVE, found, before=side[1] == "avant", to=to)]


_VERBS: Sequence[tuple[str, Callable[[Cursor, Place], list[InstructionStep] | None]]] = (
    (r"supprimer\b", _deleting),
    (r"(?:remplacer|substituer)\b", _replacing),
    (r"rediger (?:ainsi|comme suit)\b", _rewriting),
    (r"completer\b", _completing),
    (r"(?:deplacer)\b", _moving),
    (r"apres\b", _beside(before=False)),
    (r"avant\b", _beside(before=True)),
    (r"au debut\b", _beginning),
    (_INSERT, _inserting),
)


# The passive voice, which is read and never written.


def _passive_words(cursor: Cursor, outer: Place) -> list[InstructionStep] | None:
    """« Demande 2, les mots : … sont remplacés par les mots : … », « … sont supprimés »."""
    place = outer
    while not cursor.sees(rf"(?:{phrases.OCCURRENCE} )?(?:{phrases.NOUN} )?{LEFT}"):
        found = places.place(cursor)
        if found is None:
            return None
        place = _narrowed(found, place)
    said = phrases.cited_words(cursor)
    if said is None:
        return None
    if cursor.take(r"(?:est|sont) supprimee?s?\b"):
        return [InstructionStep(EditAct.STRIKE, place, said[0], occurrence=said[1], times=said[2])]
    if not cursor.take(r"(?:est|sont) remplacee?s?\b"):
        return None
    cursor.take(r"par\b")
    coming = phrases.coming_words(cursor)
    return [InstructionStep(EditAct.REPLACE, place, said[0], coming[1], said[1], said[2])] if coming else None


def _passive_place(cursor: Cursor, outer: Place) -> list[InstructionStep] | None:
    """« La demande 7 est ainsi rédigée : … », « … est supprimée », « … est complétée par … »."""
    place, found = outer, places.place(cursor)
    while found is not None:
        place, found = _narrowed(found, place), places.place(cursor)
    if cursor.take(r"(?:est|sont) supprimee?s?\b"):
        return [InstructionStep(EditAct.DELETE, place)]
    if cursor.take(r"(?:est|sont) ainsi redigee?s?\b"):
        words = cursor.citations()
        return [InstructionStep(EditAct.REWRITE, place, new="\n\n".join(words))] if words else None
    if cursor.take(r"(?:est|sont) completee?s? par\b"):
        coming = phrases.coming_words(cursor)
        return [InstructionStep(EditAct.COMPLETE, place, new=coming[1], unit=coming[0])] if coming else None
    return None


_PASSIVES = (_passive_words, _passive_place)
