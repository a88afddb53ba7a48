"""Finds the words that a step changes in the text; refuses words that are ambiguous or missing (A31)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from deliberation.amendments.dispositif import naming
from deliberation.amendments.dispositif.forms import EVERY, LINE, SENTENCE, EditAct, InstructionStep, Place
from deliberation.amendments.dispositif.quoting import CLOSING, MARKER, Stretch, apart, lines, occurrences, sentences
from deliberation.kernel.errors import Refused
from deliberation.kernel.vocabulary import Span

FIELD = "dispositif"
Spans = tuple[Span, ...]


def spans_of(step: InstructionStep, text: str) -> Spans | Refused:
    """The spans that a step changes within its passage. Not for steps that concern a whole passage."""
    if step.words and step.place.unit and not step.place.nth:
        return _quoting(step, text, [(0, len(text))])
    scopes = _scopes(step.place, text)
    if isinstance(scopes, Refused):
        return scopes
    if step.words:
        return _quoting(step, text, scopes)
    found = [_WHOLE[step.act](step, text, scope) for scope in _joined(step, text, scopes)]
    return tuple(found)


def _scopes(place: Place, text: str) -> list[Stretch] | Refused:
    """The character ranges of the text that a place covers: all of it, or some of its sentences or lines."""
    if not place.unit:
        return [(0, len(text))]
    parts = (sentences if place.unit == SENTENCE else lines)(text)
    picked = place.nth or ((1,) if len(parts) == 1 else ())
    if not picked:
        return Refused(
            "dispositif.which_part",
            "Dites de quelle partie il s’agit, par exemple « {part} » : {place} en a {n}.",
            FIELD,
            {"part": naming.part(place.unit, 2), "place": naming.the(place), "n": str(len(parts))},
        )
    if any(not 1 <= _index(n, len(parts)) + 1 <= len(parts) for n in picked):
        return Refused(
            "dispositif.no_part",
            "« {part} » ne s’y trouve pas : {place} en a {n}.",
            FIELD,
            {"part": naming.part(place.unit, max(picked)), "place": naming.the(place), "n": str(len(parts))},
        )
    return [parts[_index(n, len(parts))] for n in picked]


def _index(n: int, count: int) -> int:
    return n - 1 if n > 0 else count + n


def _joined(step: InstructionStep, text: str, scopes: list[Stretch]) -> list[Stretch]:
    """Merges consecutive parts that are deleted or rewritten together."""
    if step.act not in (EditAct.DELETE, EditAct.REWRITE):
        return scopes
    found: list[Stretch] = []
    for start, end in sorted(scopes):
        if found and not text[found[-1][1] : start].strip():
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found


def _quoting(step: InstructionStep, text: str, scopes: list[Stretch]) -> Spans | Refused:
    changes: list[Span] = []
    for scope in scopes:
        found = occurrences(text, step.words, scope)
        chosen = _chosen(step, found)
        if isinstance(chosen, Refused):
            return chosen
        changes += [_BESIDE[step.act](step, text, each, _around(step.place, text, each, scope)) for each in chosen]
    return tuple(changes)


def _around(place: Place, text: str, at: Stretch, scope: Stretch) -> Stretch:
    """The part whose beginning or end is meant: the numbered one, otherwise the one that contains the quoted words."""
    if not place.unit or place.nth:
        return scope
    parts = (sentences if place.unit == SENTENCE else lines)(text)
    return next((part for part in parts if part[0] <= at[0] and at[1] <= part[1]), scope)


def _chosen(step: InstructionStep, found: list[Stretch]) -> list[Stretch] | Refused:
    """The occurrences that are meant; a refusal if there is none, or several without saying which."""
    said = {"words": step.words, "place": naming.the(step.place), "n": str(len(found))}
    if not found:
        return Refused("dispositif.not_found", "« {words} » ne se trouve pas dans {place}.", FIELD, said)
    if step.times or step.occurrence == EVERY:
        found = apart(found)
        said["n"] = str(len(found))
        if step.times in (0, len(found)):
            return found
        return Refused(
            "dispositif.times",
            "« {words} » se trouve {n} fois dans {place}, et non {times} fois.",
            FIELD,
            {**said, "times": str(step.times)},
        )
    if step.occurrence == 0 and len(found) > 1:
        return Refused("dispositif.several", "« {words} » se trouve {n} fois dans {place} : laquelle ?", FIELD, said)
    at = _index(step.occurrence or 1, len(found))
    if not 0 <= at < len(found):
        return Refused("dispositif.occurrence", "« {words} » ne se trouve que {n} fois dans {place}.", FIELD, said)
    return [found[at]]


# Beside or in place of words that are quoted.


def _replace(step: InstructionStep, text: str, at: Stretch, scope: Stretch) -> Span:
    return Span(at[0], text[at[0] : at[1]], step.new)


def _strike(step: InstructionStep, text: str, at: Stretch, scope: Stretch) -> Span:
    """Deletes the words with one of the spaces around them."""
    start, end = at
    after = text[end : end + 1]
    if start and text[start - 1].isspace() and (not after or after.isspace() or after in ".,)]…"):
        start -= 1
    elif (not start or text[start - 1] in "\n") and after == " ":
        end += 1
    return Span(start, text[start:end], "")


def _insert(step: InstructionStep, text: str, at: Stretch, scope: Stretch) -> Span:
    place = at[0] if step.before else at[1]
    return Span(place, "", spaced(text[:place], step.new, text[place:]))


def _strike_end(step: InstructionStep, text: str, at: Stretch, scope: Stretch) -> Span:
    end = _closing(text, scope)
    return Span(at[1], text[at[1] : max(end, at[1])], "")


def _rewrite_end(step: InstructionStep, text: str, at: Stretch, scope: Stretch) -> Span:
    end = max(at[1], scope[1] if _closes(step.new) else _closing(text, scope))
    return Span(at[1], text[at[1] : end], spaced(text[: at[1]], step.new, text[end:]))


def _rewrite_start(step: InstructionStep, text: str, at: Stretch, scope: Stretch) -> Span:
    start = _opening(text, scope)
    return Span(start, text[start : at[0]], spaced("", step.new, text[at[0] :]))


_BESIDE: Mapping[EditAct, Callable[[InstructionStep, str, Stretch, Stretch], Span]] = {
    EditAct.REPLACE: _replace,
    EditAct.STRIKE: _strike,
    EditAct.INSERT: _insert,
    EditAct.STRIKE_END: _strike_end,
    EditAct.REWRITE_END: _rewrite_end,
    EditAct.REWRITE_START: _rewrite_start,
}


# Of a place as a whole.


def _delete(step: InstructionStep, text: str, scope: Stretch) -> Span:
    """Deletes a part with the spaces after it, or those before it if it is the last of its line or of the text."""
    start, end = scope
    behind = len(text[end:]) - len(text[end:].lstrip())
    if step.place.unit == LINE:
        last = end + behind == len(text)
        start, end = (len(text[:start].rstrip()), end) if last else (start, end + behind)
    elif behind and "\n" not in text[end : end + behind]:
        end += behind
    else:
        start -= len(text[:start]) - len(text[:start].rstrip(" \u00a0\u202f"))
    return Span(start, text[start:end], "")


def _rewrite(step: InstructionStep, text: str, scope: Stretch) -> Span:
    return Span(scope[0], text[scope[0] : scope[1]], step.new)


def _begin(step: InstructionStep, text: str, scope: Stretch) -> Span:
    start = _opening(text, scope)
    return Span(start, "", spaced("", step.new, text[start:]))


def _complete(step: InstructionStep, text: str, scope: Stretch) -> Span:
    """Adds words before the final full stop of the place, a sentence after it, or a line below it."""
    if step.unit == LINE:
        return Span(scope[1], "", _line_break(text[: scope[1]], step.new) + step.new)
    if step.unit == SENTENCE or _closes(step.new):
        end = scope[1] if step.unit == SENTENCE else _closing(text, scope)
        kept = text[end : scope[1]]
        return Span(end, kept, spaced(text[:end], step.new, ""))
    end = _closing(text, scope)
    return Span(end, "", spaced(text[:end], step.new, text[end:]))


def _add(step: InstructionStep, text: str, scope: Stretch) -> Span:
    start, end = scope
    if step.unit == LINE:
        if step.before:
            return Span(start, "", step.new + _line_break(step.new, text[start:]))
        return Span(end, "", _line_break(text[:end], step.new) + step.new)
    return Span(start, "", f"{step.new} ") if step.before else Span(end, "", f" {step.new}")


_WHOLE: Mapping[EditAct, Callable[[InstructionStep, str, Stretch], Span]] = {
    EditAct.DELETE: _delete,
    EditAct.REWRITE: _rewrite,
    EditAct.BEGIN: _begin,
    EditAct.COMPLETE: _complete,
    EditAct.ADD: _add,
}


def _closing(text: str, scope: Stretch) -> int:
    """The position of the punctuation that ends a part."""
    match = CLOSING.search(text[scope[0] : scope[1]])
    return scope[0] + match.start() if match else scope[1]


def _opening(text: str, scope: Stretch) -> int:
    """The position of the first word of a part, after any list marker."""
    marker = MARKER.match(text, *scope)
    return marker.end() if marker else scope[0]


def _closes(words: str) -> bool:
    return words.rstrip()[-1:] in tuple(".;!?…")


def _line_break(before: str, after: str) -> str:
    """One line break between items of a list, two between paragraphs."""
    last = before.rpartition("\n")[2]
    return "\n" if MARKER.match(last) and MARKER.match(after) else "\n\n"


def spaced(before: str, words: str, after: str) -> str:
    """The words with the spaces that separate them from what precedes and follows."""
    first, last = before[-1:], after[:1]
    if first and not first.isspace() and first not in "(«“’'[-/" and words[:1] not in tuple(",.)…]’'"):
        words = f" {words}"
    if last and not last.isspace() and last not in tuple(",.;:!?…)]»”-/") and words[-1:] not in tuple("’'(«-/ "):
        words = f"{words} "
    return words
