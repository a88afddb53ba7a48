"""Drafts are stored by their subject: every form with free text names its draft, and no two have the same name."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from server.pages.shell.rendering import TEMPLATES

FORM = re.compile(
    r"<form\b(?P<head>(?:\{\{.*?\}\}|\{%.*?%\}|[^>])*)>(?P<body>.*?)</form>|<form\b(?P<open>[^>]*)>", re.DOTALL
)
FREE = re.compile(r"""\bf\.(?:text|area)\(|\breason\(|<textarea|<input(?![^>]*\btype="(?!text|search|email|url))""")
SHOWN = sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html"))


def unnamed(template: str) -> list[str]:
    """The start tags of forms that take free text and do not name their draft."""
    found = []
    for form in FORM.finditer(template):
        head, body = form["head"] or form["open"] or "", form["body"] or ""
        sent = 'method="post"' in head
        if sent and FREE.search(body) and "data-draft=" not in head and "data-no-draft" not in head:
            found.append(head.strip()[:120])
    return found


@pytest.mark.parametrize("name", SHOWN)
def test_a_form_with_free_text_says_what_its_draft_is_about(name: str) -> None:
    assert unnamed((Path(TEMPLATES) / name).read_text(encoding="utf-8")) == []


def test_a_missing_name_is_found() -> None:
    assert unnamed('<form method="post">{{ f.text(form, "reason") }}</form>') == ['method="post"']
    assert unnamed('<form method="post" data-draft="a">{{ f.text(form, "reason") }}</form>') == []
    assert unnamed('<form method="post"><input type="hidden" name="x"><button>Go</button></form>') == []
