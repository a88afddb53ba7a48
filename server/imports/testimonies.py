"""Reads testimonies from a table (CSV) or a list (JSON) whose columns may have many names.

A name is taken only with a column that states consent: without one, `unnamed` counts the rows whose names were left
out.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from io import StringIO
from typing import Any

from deliberation.congress.congress import LONG, SHORT
from deliberation.kernel.commands import SubmitTestimony
from deliberation.kernel.errors import Refused
from deliberation.kernel.vocabulary import Channel, Speaker
from server.imports.source import RowError, json_of, key, text_of, words_of_html

Row = Mapping[str, str]

NAMES: dict[str, tuple[str, ...]] = {
    "text": (
        *(
            "texte",
            "text",
            "temoignage",
            "testimony",
            "contribution",
            "bodytext",
            "body",
            "contenu",
            "content",
            "message",
        ),
        *("corps", "verbatim", "propos", "description", "reponse", "objet", "commentaire", "comment"),
    ),
    "title": ("titre", "title", "intitule", "sujet", "subject", "headline", "objet"),
    "name": ("nom", "name", "auteur", "author", "nomcomplet", "fullname", "speaker", "contributeur", "authorname"),
    "first": ("prenom", "firstname", "givenname"),
    "mandate": ("mandat", "mandate", "fonction", "qualite", "role"),
    "collectivity": ("collectivite", "collectivity", "commune", "ville", "city", "epci", "territoire", "aunomde"),
    "code": ("codeinsee", "insee", "codecommune", "code"),
    "channel": ("canal", "channel", "source"),
    "video": ("video", "lienvideo", "videourl", "lien"),
    "theme": ("theme", "thematique", "axe", "topic", "rubrique", "categorie", "category", "subdivision"),
    "consent": ("consentement", "consent", "accord", "autorisation"),
}
"""Names of columns in the form of `source.key`, best first."""

CHANNELS = {channel.value: channel for channel in Channel} | {
    "site": Channel.WEB,
    "internet": Channel.WEB,
    "formulaire": Channel.WEB,
    "tel": Channel.PHONE,
    "phone": Channel.PHONE,
    "courrier": Channel.PAPER,
    "paper": Channel.PAPER,
    "workshop": Channel.WORKSHOP,
    "scene": Channel.FLOOR,
    "floor": Channel.FLOOR,
}
YES = frozenset({"oui", "yes", "true", "1", "o", "y", "x", "vrai"})
MARKUP = re.compile(r"<(?:p|br|div|body|ul|ol|li|span|strong|em)\b[^>]*>", re.IGNORECASE)


@dataclass(frozen=True)
class Testimonies:
    """`columns` says which column was read as which field; `errors` which rows were left out and why."""

    rows: tuple[SubmitTestimony, ...]
    errors: tuple[RowError, ...]
    columns: Mapping[str, str]
    unnamed: int = 0


def read(data: bytes) -> Testimonies | Refused:
    """The testimonies of a CSV or JSON file."""
    text = text_of(data)
    if isinstance(text, Refused):
        return text
    table = _json_table(text) if text.lstrip()[:1] in ("[", "{") else _csv_table(text)
    if isinstance(table, Refused):
        return table
    columns = recognise([row for _, row in table])
    if "text" not in columns and "video" not in columns:
        return Refused("import.no_text", "Aucune colonne ne ressemble au texte d’un témoignage.", "file")
    return _collect(table, columns)


def _json_table(text: str) -> list[tuple[int, Row]] | Refused:
    value = json_of(text)
    if isinstance(value, Refused):
        return value
    records = _records(value)
    if records is None:
        return Refused("import.no_list", "Ce fichier JSON ne contient pas de liste de témoignages.", "file")
    return [(i, _flat(record)) for i, record in enumerate(records, 1)]


def _records(value: Any) -> list[Mapping[str, Any]] | None:
    """The list of objects: the value itself, or the first list in an object."""
    if isinstance(value, list):
        return [item if isinstance(item, dict) else {} for item in value]
    if isinstance(value, dict):
        lists = (inner for inner in value.values() if isinstance(inner, list) and inner)
        return next((_records(inner) for inner in lists if isinstance(inner[0], dict)), None)
    return None


def _flat(record: Mapping[str, Any]) -> Row:
    """Plain values by name; a nested object is read one level deep, as `author.name`."""
    found: dict[str, str] = {}
    for name, value in record.items():
        inner = value.items() if isinstance(value, dict) else ()
        pairs = [(f"{name}.{below}", v) for below, v in inner] or [(name, value)]
        found.update({column: _plain(v) for column, v in pairs})
    return found


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value) if isinstance(value, (str, int, float)) else ""


def _csv_table(text: str) -> list[tuple[int, Row]] | Refused:
    first, _, rest = text.partition("\n")
    told = re.fullmatch(r"\ufeff?\"?sep=(.)\"?[ \t;,]*", first)
    delimiter, body, skipped = (told[1], rest, 1) if told else (_delimiter(first), text, 0)
    reader = csv.reader(StringIO(body), delimiter=delimiter)
    try:
        header = next(reader, [])
        return list(_csv_rows(reader, [name.strip() for name in header], skipped))
    except csv.Error:
        line = reader.line_num + skipped
        return Refused("import.not_csv", "Ce tableau est illisible à la ligne {line}.", "file", {"line": line})


def _delimiter(header: str) -> str:
    outside = re.sub(r'"[^"]*"', "", header)
    return max("\t;,|", key=outside.count)


def _csv_rows(reader: Any, header: Sequence[str], skipped: int) -> Iterator[tuple[int, Row]]:
    """Each row with the line that it begins on."""
    begins = reader.line_num + skipped + 1
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield begins, dict(zip(header, cells, strict=False))
        begins = reader.line_num + skipped + 1


def recognise(rows: Sequence[Row]) -> dict[str, str]:
    """The column of each field: by its name, whole or at its end; the text, failing that, by its length."""
    columns = dict.fromkeys(name for row in rows for name in row)
    found: dict[str, str] = {}
    for matches in (str.__eq__, str.endswith):
        for field, names in NAMES.items():
            free = [column for column in columns if column not in found.values()]
            if field not in found and (column := _named(free, names, matches)):
                found[field] = column
    if "text" not in found and (column := _longest([c for c in columns if c not in found.values()], rows)):
        found["text"] = column
    return found


def _named(columns: Iterable[str], names: Iterable[str], matches: Any) -> str:
    candidates = [(key(column), column) for column in columns]
    return next(
        (column for name in names for k, column in candidates if len(name) > 3 or k == name if matches(k, name)), ""
    )


def _longest(columns: Iterable[str], rows: Sequence[Row]) -> str:
    """The column with the longest values on average, if they look like sentences."""
    averages = {column: sum(len(row.get(column, "")) for row in rows) / max(len(rows), 1) for column in columns}
    best = max(averages, key=lambda column: averages[column], default="")
    return best if best and averages[best] >= 40 else ""


def _collect(table: Sequence[tuple[int, Row]], columns: Mapping[str, str]) -> Testimonies:
    accepted: dict[tuple[str, str, str, Speaker], tuple[int, SubmitTestimony]] = {}
    errors: list[RowError] = []
    unnamed = 0
    for line, row in table:
        command = _command({field: _clean(row.get(column, "")) for field, column in columns.items()})
        same = (command.title, command.text, command.video, command.speaker)
        if problem := _problem(command):
            errors.append(RowError(line, problem))
        elif same in accepted:
            errors.append(RowError(line, f"Double de la ligne {accepted[same][0]}."))
        else:
            unnamed += bool(command.speaker.name) and not command.consent
            accepted[same] = line, command
    return Testimonies(tuple(command for _, command in accepted.values()), tuple(errors), dict(columns), unnamed)


def _clean(cell: str) -> str:
    if MARKUP.search(cell):
        return words_of_html(cell)
    return "\n".join(line.strip() for line in cell.strip().split("\n"))


def _command(fields: Mapping[str, str]) -> SubmitTestimony:
    def line(field: str) -> str:
        return " ".join(fields.get(field, "").split())

    speaker = Speaker(f"{line('first')} {line('name')}".strip(), line("mandate"), line("collectivity"), line("code"))
    command = SubmitTestimony(
        title=line("title"),
        text=fields.get("text", ""),
        video=fields.get("video", "") if fields.get("video", "").startswith(("http://", "https://")) else "",
        channel=CHANNELS.get(key(line("channel")), Channel.WEB),
        speaker=speaker,
        theme=line("theme"),
        consent=key(line("consent")) in YES,
    )
    return command if len(command.title) <= SHORT else replace(command, title="", text=_with_title(command))


def _with_title(command: SubmitTestimony) -> str:
    """The text; a title that is too long becomes its first paragraph."""
    return f"{command.title}\n\n{command.text}".strip()


def _problem(command: SubmitTestimony) -> str:
    if not command.text and not command.video:
        return "Témoignage vide."
    if len(command.text) > LONG:
        return f"Texte de plus de {LONG} caractères."
    fields = (command.theme, command.speaker.name, command.speaker.mandate, command.speaker.collectivity)
    return "Un nom ou un thème est trop long." if any(len(value) > 200 for value in fields) else ""
