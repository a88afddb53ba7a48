"""`data/colonnes.html`: a page that explains every table and its columns, and can be opened from disk."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from html import escape

from exports.dossier import Dossier
from exports.schema import TABLES, Column, Table
from exports.typography import french

PATH = "data/colonnes.html"
TYPES = {
    "string": "texte",
    "integer": "nombre entier",
    "boolean": "oui ou non (true, false)",
    "datetime": "date et heure",
    "list": "liste (séparée par des espaces en CSV)",
}
INTRODUCTION = (
    "Chaque table est là en CSV et en JSON, avec les mêmes colonnes. En CSV, une case vide dit que rien n’est connu ou "
    "public ; en JSON, c’est null ou un texte vide."
)
STYLE = (
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1d2430}"
    "table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.3rem .6rem;"
    "border-bottom:1px solid #c9d0da}code{font-size:.9em}.defile{overflow-x:auto}"
)


def page(dossier: Dossier) -> bytes:
    """The HTML page in UTF-8; it is French only, like the titles of the columns."""
    return "\n".join(_lines(dossier)).encode() + b"\n"


def _lines(dossier: Dossier) -> Iterator[str]:
    title = _text(f"Les tables de : {dossier.settings.title}")
    yield '<!DOCTYPE html>\n<html lang="fr">\n<head>\n<meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    style = b64encode(sha256(STYLE.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{style}'; base-uri 'none'; form-action 'none'"
    yield f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    yield f"<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>"
    yield f"<p>{_text(INTRODUCTION)}</p>\n<ul>"
    for table in TABLES:
        yield f'<li><a href="#{table.name}">{_text(table.title)}</a></li>'
    yield "</ul>"
    for table in TABLES:
        yield from _table(table)
    yield "</main>\n</body>\n</html>"


def _table(table: Table) -> Iterator[str]:
    yield f'<section id="{table.name}">\n<h2>{_text(table.title)}</h2>\n<p>{_text(table.description)}</p>'
    files = " · ".join(f'<a href="{table.name}.{kind}">{table.name}.{kind}</a>' for kind in ("csv", "json"))
    key = ", ".join(f"<code>{name}</code>" for name in table.key)
    yield f"<p>{files}. {_text('Une ligne se reconnaît à :')} {key}.</p>"
    yield '<div class="defile"><table>\n<thead><tr><th scope="col">Colonne</th><th scope="col">Titre</th>'
    yield '<th scope="col">Contenu</th><th scope="col">Explication</th></tr></thead>\n<tbody>'
    for column in table.columns:
        yield _column(column)
    yield "</tbody>\n</table></div>\n</section>"


def _column(column: Column) -> str:
    said = _text(column.description)
    if column.to:
        said += f' <a href="#{column.to}">{_text("Numéro dans :")} <code>{column.to}</code></a>'
    kind = _text(TYPES.get(column.type, column.type))
    cells = (f"<td>{_text(column.title)}</td>", f"<td>{kind}</td>", f"<td>{said.strip()}</td>")
    return f'<tr><th scope="row"><code>{column.name}</code></th>{"".join(cells)}</tr>'


def _text(words: str) -> str:
    return escape(french(words))
