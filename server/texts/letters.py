"""Tracking the letters of a motion's Yjs document: each has a number of its own from its insertion to its deletion.

Yjs reports what each update inserts and deletes, item by item (`observe_deep`). `TrackedMotion` follows these events,
so that the characters a burst kept are known without comparing texts, and only the touched clauses are read again.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from operator import is_not
from typing import Any

import pycrdt

from deliberation.kernel.vocabulary import Draft, KeptRun
from deliberation.text.canonical_words import canonical, placed
from deliberation.text.words import changes, split_words
from server.texts import markdown, motion
from server.texts.blocks import clean
from server.texts.motion import Child, Element, MotionText

SIGN = -1
"""The number of characters that are no letters of the document: signs of Markdown."""

MOVED = 12
"""Length in bytes from which words that leave one text node and appear in another count as moved."""

MOST_MOVES = 20_000
"""Pairs of passages that are compared to find moved words in one burst."""

Labels = Sequence[int]
"""The number of each character of a text."""


class Untracked(Exception):
    """The document is not what its events led to."""


@dataclass(slots=True)
class TrackedText:
    """A text node: its UTF-8 bytes, and the number of each; a letter's number is that of its first byte."""

    text: bytes
    numbers: array[int]

    def cut(self, start: int, end: int) -> TrackedText:
        """The bytes [start, end) with their numbers."""
        return TrackedText(self.text[start:end], self.numbers[start:end])


@dataclass(frozen=True, slots=True)
class NumberedClause:
    """A top-level element as it is read: title or clause, with the number of each character."""

    is_clause: bool
    id: str
    title: str
    draft: Draft
    labels: Labels


@dataclass(slots=True)
class TrackedElement:
    """An element; children that were not read yet are None. `reading` is cached for top-level elements until they
    change, and so is `canonical`, the same in canonical words.
    """

    number: int
    tag: str = ""
    children: list[Node | None] = field(default_factory=list)
    reading: NumberedClause | None = None
    canonical: NumberedClause | None = None


Node = TrackedText | TrackedElement


@dataclass(frozen=True, slots=True)
class NumberedMotion:
    """The text of the document, with the numbers of the characters of the title and of each clause."""

    text: MotionText
    title: Labels
    clauses: Mapping[str, Labels]


@dataclass(frozen=True, slots=True)
class NodeEvent:
    """What a transaction changed in the children of an element, or in a text; `path` is valid after the transaction."""

    path: tuple[int, ...]
    is_text: bool
    delta: tuple[tuple[str, int, bytes], ...]


class TrackedMotion:
    """The document of a motion as numbered letters; `reading` is its text, and `canonical` the same in canonical words
    (M35). Every update must be applied by `follow`.
    """

    def __init__(self, doc: pycrdt.Doc[Any]) -> None:
        self._count = 0
        self._root = TrackedElement(self._new())
        self._fresh = 0
        self._gone: list[tuple[int, TrackedText]] = []
        root = motion.fragment(doc)
        self._root.children = [None] * len(list(root.children))
        self._read(root)

    def follow(self, doc: pycrdt.Doc[Any], apply: Callable[[], object]) -> NumberedMotion:
        """Applies an update to the document by `apply`; returns the text after it, as it was typed.

        Untracked if the document is not what its events say; the update has been applied by then.
        """
        self._fresh, self._gone = self._count, []
        failures: list[Untracked] = []

        def heard(events: Iterable[Any]) -> None:
            try:
                for event in sorted(map(_event, events), key=lambda each: len(each.path)):
                    self._take(event)
            except Untracked as error:  # the native library swallows what an observer raises
                failures.append(error)

        root = motion.fragment(doc)
        subscription = root.observe_deep(heard)
        try:
            apply()
        finally:
            root.unobserve(subscription)  # a document that is observed is never freed
        if failures:
            raise failures[0]
        self._read(root)
        return self.reading

    def _new(self, count: int = 1) -> int:
        """Reserves `count` new numbers; returns the first."""
        self._count += count
        return self._count - count

    def _numbered(self, text: bytes) -> TrackedText:
        first = self._new(len(text))
        return TrackedText(text, array("L", range(first, first + len(text))))

    # Events

    def _take(self, event: NodeEvent) -> None:
        node: Node | None = self._root
        for depth, at in enumerate(event.path):
            if not isinstance(node, TrackedElement) or at >= len(node.children):
                raise Untracked(f"nothing at {event.path}")
            node = node.children[at]
            if node is None:  # it came just now, and is read as a whole
                return
            if not depth and isinstance(node, TrackedElement):
                node.reading = None
        if isinstance(node, TrackedText) and event.is_text:
            self._retext(node, event)
        elif isinstance(node, TrackedElement) and not event.is_text:
            self._rechild(node, event)
        else:
            raise Untracked(f"another kind at {event.path}")

    def _retext(self, node: TrackedText, event: NodeEvent) -> None:
        at = 0
        parts: list[TrackedText] = []
        for what, count, text in event.delta:
            if what == "insert":
                parts.append(self._numbered(text))
                continue
            if at + count > len(node.text):
                raise Untracked(f"shorter than its changes at {event.path}")
            part = node.cut(at, at + count)
            if what == "delete":
                self._gone.append((id(node), part))
            else:
                parts.append(part)
            at += count
        parts.append(node.cut(at, len(node.text)))
        node.text = b"".join(part.text for part in parts)
        node.numbers = array("L")
        for part in parts:
            node.numbers.extend(part.numbers)

    def _rechild(self, node: TrackedElement, event: NodeEvent) -> None:
        at = 0
        kept: list[Node | None] = []
        for what, count, _ in event.delta:
            if what == "insert":
                kept += [None] * count
                continue
            if at + count > len(node.children):
                raise Untracked(f"fewer children than its changes at {event.path}")
            part = node.children[at : at + count]
            if what == "delete":
                self._gone += [(0, text) for child in part for text in _texts(child)]
            else:
                kept += part
            at += count
        node.children = kept + node.children[at:]

    # Reading

    def _read(self, root: pycrdt.XmlFragment) -> None:
        with root.doc.transaction():
            children = list(root.children)
            if len(children) != len(self._root.children):
                raise Untracked("other children than its events led to")
            changed = [at for at, child in enumerate(self._root.children) if _is_unread(child)]
            came: list[tuple[TrackedText, bool]] = []
            for at in changed:
                self._root.children[at] = self._filled(children[at], self._root.children[at], came)
            self._carry(came)
            for at in changed:
                child = children[at]
                node = self._root.children[at]
                if isinstance(node, TrackedElement) and isinstance(child, Element):
                    node.reading = _reading(child, node)
                    node.canonical = node.reading and canonical_clause(node.reading)
        own = [child for child in self._root.children if isinstance(child, TrackedElement)]
        read = [child.reading for child in own if child.reading]
        spelled = [child.canonical for child in own if child.canonical]
        self.reading = _whole(read, read)
        self.canonical = _whole(read, spelled) if any(map(is_not, read, spelled)) else self.reading

    def _filled(self, child: Child, node: Node | None, came: list[tuple[TrackedText, bool]]) -> Node:
        """The node with all its new children read; appends its texts to `came`, each with whether it is entirely
        new.
        """
        if isinstance(child, pycrdt.XmlText):
            return self._filled_text(child, node, came)
        known = node if isinstance(node, TrackedElement) else TrackedElement(self._new())
        inner = list(child.children)
        if node is None:
            known.tag = child.tag or "" if isinstance(child, Element) else ""
            known.children = [None] * len(inner)
        if (node is not known and node is not None) or len(inner) != len(known.children):
            raise Untracked("another kind, or other children, than its events led to")
        known.children = [self._filled(each, own, came) for each, own in zip(inner, known.children, strict=True)]
        return known

    def _filled_text(self, child: pycrdt.XmlText, node: Node | None, came: list[tuple[TrackedText, bool]]) -> Node:
        text = "".join(motion.texts_of(child)).encode()
        known = self._numbered(text) if node is None else node
        if not isinstance(known, TrackedText) or known.text != text:
            raise Untracked("another text than its events led to")
        came.append((known, node is None))
        return known

    # Moved words

    def _carry(self, came: Iterable[tuple[TrackedText, bool]]) -> None:
        """Gives words that left one text node for another their old numbers: editors split, merge and move paragraphs
        this way.
        """
        gone = [(source, part) for source, text in self._gone for part in _runs(text, lambda n: n < self._fresh)]
        new = [
            (node, is_whole, start, part)
            for node, is_whole in came
            for start, part in _places(node, lambda n: n >= self._fresh)
        ]
        if not gone or not new or len(gone) * len(new) > MOST_MOVES:
            return
        gone.sort(key=lambda each: -len(each[1].text))
        for node, is_whole, start, part in new:
            self._carry_into(node, is_whole, start, part, gone)
        whole = [(part, _words(part)) for source, part in gone if not source]
        for node, is_whole, start, part in new:
            if is_whole and part.text == node.text and min(node.numbers) >= self._fresh:
                self._carry_words(node, start, part, whole)

    def _carry_words(
        self, node: TrackedText, start: int, part: TrackedText, whole: list[tuple[TrackedText, frozenset[str]]]
    ) -> None:
        """Gives the new text the numbers of the text among `whole`, of deleted elements, that shares most words."""
        words = _words(part)
        alike = [len(words & others) for _, others in whole]
        if any(alike):
            closest, _ = whole.pop(alike.index(max(alike)))
            _reword(node, start, part, closest)

    def _carry_into(
        self, node: TrackedText, is_whole: bool, start: int, part: TrackedText, gone: list[tuple[int, TrackedText]]
    ) -> None:
        for each in list(gone):
            source, left = each
            same = left.text == part.text and (is_whole or not source)
            if source == id(node) or not (same or min(len(left.text), len(part.text)) >= MOVED):
                continue
            if (at := part.text.find(left.text)) >= 0:
                place = slice(start + at, start + at + len(left.text))
                if min(node.numbers[place]) >= self._fresh:
                    node.numbers[place] = left.numbers
                    gone.remove(each)
            elif (at := left.text.find(part.text)) >= 0:
                node.numbers[start : start + len(part.text)] = left.numbers[at : at + len(part.text)]
                gone.remove(each)
                gone += [(source, rest) for rest in (left.cut(0, at), left.cut(at + len(part.text), len(left.text)))]
                return


def _whole(read: Iterable[NumberedClause], spelled: Iterable[NumberedClause]) -> NumberedMotion:
    """The motion of these top-level elements, in the words of `spelled`; its title is the first that was `read`."""
    found = list(zip(read, spelled, strict=True))
    clauses = [each for _, each in found if each.is_clause]
    title = next((own for each, own in found if not each.is_clause and each.title), None)
    names = motion.repaired(each.id for each in clauses)
    drafts = tuple((id_, each.draft) for id_, each in zip(names, clauses, strict=True))
    labels = {id_: each.labels for id_, each in zip(names, clauses, strict=True)}
    return NumberedMotion(MotionText(title.title if title else "", drafts), title.labels if title else (), labels)


def canonical_clause(clause: NumberedClause) -> NumberedClause:
    """The clause, or title, in canonical words; the same object if it is in such already. A composed letter is the
    first of its parts (M35).
    """
    words = clause.draft.markdown if clause.is_clause else clause.title
    made = placed(words, is_markdown=clause.is_clause)
    draft = replace(clause.draft, addressee=canonical(clause.draft.addressee))
    if made.text == words and draft == clause.draft:
        return clause
    labels = [clause.labels[place] for place in made.places]
    if clause.is_clause:
        return replace(clause, draft=replace(draft, markdown=made.text), labels=labels)
    return replace(clause, title=made.text, labels=labels)


def _words(text: TrackedText) -> frozenset[str]:
    return frozenset(split_words(text.text.decode()))


def _reword(node: TrackedText, start: int, part: TrackedText, left: TrackedText) -> None:
    """Gives the words that a new text node shares with the one it replaces their old numbers."""
    old, new = split_words(left.text.decode()), split_words(part.text.decode())
    before = after = i = 0
    for a1, a2, b1, b2 in [*changes(old, new), (len(old), len(old), len(new), len(new))]:
        same = len("".join(old[i:a1]).encode())
        node.numbers[start + after : start + after + same] = left.numbers[before : before + same]
        before += same + len("".join(old[a1:a2]).encode())
        after += same + len("".join(new[b1:b2]).encode())
        i = a2


def _runs(text: TrackedText, wanted: Callable[[int], bool]) -> list[TrackedText]:
    return [part for _, part in _places(text, wanted)]


def _places(text: TrackedText, wanted: Callable[[int], bool]) -> Iterator[tuple[int, TrackedText]]:
    """The longest parts all of whose numbers are wanted, with their starts."""
    start: int | None = None
    for at, number in enumerate([*text.numbers, None]):
        is_wanted = number is not None and wanted(number)
        if is_wanted and start is None:
            start = at
        elif not is_wanted and start is not None:
            yield start, text.cut(start, at)
            start = None


def _texts(node: Node | None) -> Iterator[TrackedText]:
    if isinstance(node, TrackedText):
        yield node
    elif isinstance(node, TrackedElement):
        for child in node.children:
            yield from _texts(child)


def _is_unread(node: Node | None) -> bool:
    return node is None or (isinstance(node, TrackedElement) and node.reading is None)


def _event(event: Any) -> NodeEvent:
    """The event as a value, because the event object is invalid after its transaction."""
    delta = tuple(_operation(each) for each in event.delta)
    return NodeEvent(tuple(event.path), isinstance(event.target, pycrdt.XmlText), delta)


def _operation(operation: Mapping[str, Any]) -> tuple[str, int, bytes]:
    """("insert", "delete" or "retain"; how many bytes or children; the bytes inserted)."""
    if "insert" not in operation:
        what = "delete" if "delete" in operation else "retain"
        return what, int(operation[what]), b""
    came = operation["insert"]
    if isinstance(came, str):
        text = came.encode()
        return "insert", len(text), text
    if not isinstance(came, list):
        raise Untracked("something within a text that is no text")
    return "insert", len(came), b""


# Numbers of the characters of a clause


def _reading(element: Element, node: TrackedElement) -> NumberedClause | None:
    if element.tag == "title":
        title = motion.plain_text(element)
        return NumberedClause(False, "", title, motion.NO_DRAFT, aligned(list(_letters(node)), title))
    if element.tag != "clause":
        return NumberedClause(False, "", "", motion.NO_DRAFT, ())
    text, letters, places = markdown.write_with_positions(motion.blocks_of(element))
    labels = [SIGN] * len(text)
    for place, number in zip(places, aligned(list(_letters(node)), letters), strict=True):
        labels[place] = number
    return NumberedClause(True, motion.id_of(element), "", motion.draft(element, text), labels)


def _letters(node: Node | None) -> Iterator[tuple[str, int]]:
    """The letters of the document in the order in which the record has them, with their numbers."""
    if isinstance(node, TrackedElement):
        if node.tag == "citation":
            yield markdown.MARK, node.number
        for child in node.children:
            yield from _letters(child)
    elif node is not None:
        yield from _letters_of(node)


def _letters_of(node: TrackedText) -> Iterator[tuple[str, int]]:
    text = node.text.decode()
    if text.isascii() and clean(text) == text:
        yield from zip(text, node.numbers, strict=True)
        return
    at = 0
    for letter in text:
        if read := letter if letter.isprintable() else clean(letter):
            yield read, node.numbers[at]
        at += len(letter.encode())


def aligned(found: Sequence[tuple[str, int]], letters: str) -> list[int]:
    """The numbers of `letters`, which are some of those found, in order; spaces at edges are dropped."""
    numbers: list[int] = []
    at = 0
    ahead: set[str] = set()
    """The letters within LOOK of `at`, once one was missing there."""
    for letter in letters:
        if ahead and letter not in ahead:
            numbers.append(SIGN)
            continue
        place = at
        while place < len(found) and found[place][0] != letter:
            place += 1
            if place == at + LOOK:
                break
        if place in (len(found), at + LOOK):
            ahead = {each for each, _ in found[at : at + LOOK]} or {""}
            numbers.append(SIGN)
            continue
        numbers.append(found[place][1])
        at = place + 1
        ahead = set()
    return numbers


LOOK = 2_000
"""Letters of the document among which the next letter of the text is searched for."""


class OldTexts:
    """The texts before a burst, by clause, with the numbers of their characters; looked up once for all new texts."""

    def __init__(self, texts: Mapping[str, tuple[str, Labels]]) -> None:
        self._texts = texts
        self._places = {
            number: (id_, at) for id_, (_, own) in texts.items() for at, number in enumerate(own) if number != SIGN
        }

    def kept(self, clause: str, text: str, labels: Labels) -> tuple[KeptRun, ...]:
        """The characters that a new text keeps of the old ones, by clause: letters by their numbers, signs by the
        letters beside them.
        """
        sources = [self._places.get(number) if number != SIGN else None for number in labels]
        _keep_signs(sources, self._texts, clause, text, labels)
        return tuple(_as_runs(sources, clause))


def _keep_signs(
    sources: list[tuple[str, int] | None],
    before: Mapping[str, tuple[str, Labels]],
    clause: str,
    text: str,
    labels: Labels,
) -> None:
    """Adds signs that stand beside a kept letter, or at the edge of the clause, as they did before."""
    taken = {source for source in sources if source is not None}
    old = before.get(clause, ("", ()))[0]

    def keep(at: int, beside: tuple[str, int] | None, step: int) -> None:
        if beside is None or sources[at] is not None:
            return
        source = beside[0], beside[1] + step
        words, own = before.get(source[0], ("", ()))
        is_there = 0 <= source[1] < len(words) and words[source[1]] == text[at] and own[source[1]] == SIGN
        if is_there and source not in taken:
            sources[at] = source
            taken.add(source)

    signs = [at for at, number in enumerate(labels) if number == SIGN]
    for at in signs:
        keep(at, sources[at - 1] if at else (clause, -1), 1)
    for at in reversed(signs):
        keep(at, sources[at + 1] if at + 1 < len(text) else (clause, len(old)), -1)


def _as_runs(sources: Iterable[tuple[str, int] | None], clause: str) -> Iterator[KeptRun]:
    start: tuple[int, str, int] | None = None
    for at, source in enumerate([*sources, None]):
        if start and source == (start[1], start[2] + at - start[0]):
            continue
        if start:
            yield KeptRun(start[0], at - start[0], start[2], "" if start[1] == clause else start[1])
        start = (at, *source) if source else None
