"""Every message of the interface has an English form, with the same places to fill, and no form is left over."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.pofile import read_po
from jinja2 import Environment, nodes

TEMPLATE_CALLS = {"_": 1, "_h": 1, "_n": 2}
NAMED_CALLS = {"N_": 0, "Refused": 1, "Why": 0}  # the place of the message among the arguments
WORDS_CALLS = {"html": 1, "many": 2}  # how many of the first arguments are messages
PLACE = re.compile(r"\{(\w+)")


def in_template(source: str) -> Iterator[str]:
    tree = Environment(autoescape=True, extensions=["jinja2.ext.do"]).parse(source)
    for call in tree.find_all(nodes.Call):
        count = TEMPLATE_CALLS.get(call.node.name, 0) if isinstance(call.node, nodes.Name) else 0
        for argument in call.args[:count]:
            if isinstance(argument, nodes.Const) and isinstance(argument.value, str):
                yield argument.value


def in_python(source: str) -> Iterator[str]:
    for call in ast.walk(ast.parse(source)):
        if isinstance(call, ast.Call):
            for argument in messages_of(call):
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    yield argument.value


def messages_of(call: ast.Call) -> list[ast.expr]:
    """The arguments that are messages: `N_(m)`, `Refused(code, m)`, `words(m)`, `words.many(one, several)`."""
    function = call.func
    if isinstance(function, ast.Name) and function.id in NAMED_CALLS:
        place = NAMED_CALLS[function.id]
        return call.args[place : place + 1]
    if ends_with_words(function):
        return call.args[:1]
    if isinstance(function, ast.Attribute) and ends_with_words(function.value):
        return call.args[: WORDS_CALLS.get(function.attr, 0)]
    return []


def ends_with_words(node: ast.expr) -> bool:
    return (isinstance(node, ast.Name) and node.id == "words") or (
        isinstance(node, ast.Attribute) and node.attr == "words"
    )


def used(root: Path) -> dict[str, str]:
    """Every message and one file that has it."""
    found: dict[str, str] = {}
    for folder in ("deliberation", "exports", "server"):
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in {".py", ".html", ".txt", ".xml", ".j2", ".svg"} and "static" not in path.parts:
                read = in_python if path.suffix == ".py" else in_template
                found |= dict.fromkeys(read(path.read_text()), path.relative_to(root).as_posix())
    return found


def strings_of(value: str | list[str] | tuple[str, ...] | None) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,) if value else ()
    return tuple(value or ())


def translated(path: Path) -> dict[str, tuple[str, ...]]:
    """The forms of each message; the singular and the plural of one are two messages with the same forms."""
    forms: dict[str, tuple[str, ...]] = {}
    with path.open("rb") as file:
        for message in read_po(file, locale=path.stem):
            forms |= dict.fromkeys(strings_of(message.id), strings_of(message.string))
    return forms


def problems(root: Path) -> Iterator[str]:
    catalogue = root / "exports" / "translations" / "en.po"
    if not catalogue.is_file():
        yield "exports/translations/en.po is missing"
        return
    forms, messages = translated(catalogue), used(root)
    for message, place in messages.items():
        if not forms.get(message) or not all(forms[message]):
            yield f"no English for “{message}” ({place})"
        elif (
            stray := {name for form in forms[message] for name in PLACE.findall(form)}
            - set(PLACE.findall(message))
            - {"n"}
        ):
            yield f"the English of “{message}” has places that it lacks: {', '.join(sorted(stray))}"
    yield from (f"en.po translates “{message}”, which nothing uses" for message in forms if message not in messages)
