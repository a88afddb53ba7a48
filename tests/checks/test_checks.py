"""The checks find what they are there to find."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.checks import documentation, imports, rules, structure, translations

DOCUMENT = "# Rules\n\n**T1.** One.\n\n**T2.** Two.\n\n**V1.** Three, not **V9.** in the middle.\n"
TESTS = '''
"""A module about rule T1."""

# V1: votes
NAME = "T2"

def test() -> None:
    """Cites T7, which is none."""
'''


def written(root: Path, name: str, text: str) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_rules_are_read_at_line_starts() -> None:
    assert rules.numbered(DOCUMENT) == ["T1", "T2", "V1"]


def test_rules_without_a_test_and_citations_without_a_rule_are_named(tmp_path: Path) -> None:
    written(tmp_path, "deliberation/README.md", DOCUMENT)
    written(tmp_path, "tests/test_one.py", TESTS)
    found = list(rules.problems(tmp_path))
    assert found == ["rule T2 is cited by no test", "a test cites T7, which is no rule"]


def test_messages_are_found_in_python() -> None:
    source = (
        'N_("a"); Refused("code", "b", "field"); words("c", x=1); visit.words.many("d", "e", 3); visit.words.html("f");'
        'other("no"); words(name); words.number("no")'
    )
    assert list(translations.in_python(source)) == ["a", "b", "c", "d", "e", "f"]


def test_messages_are_found_in_templates() -> None:
    source = '{% if x %}{{ _("a") }}{% endif %}{{ _n("b", "c", 2) }}{{ _h("d", link=_("e")) }}{{ other("no") }}'
    assert sorted(translations.in_template(source)) == ["a", "b", "c", "d", "e"]


def test_missing_stray_and_unused_translations_are_named(tmp_path: Path) -> None:
    written(tmp_path, "server/pages/one.py", 'A = N_("Un {nombre}")\nB = N_("Deux")\nC = N_("Trois")')
    catalogue = (
        'msgid "Un {nombre}"\nmsgstr "One {number}"\n\nmsgid "Trois"\nmsgstr "Three"\n\nmsgid "Dix"\nmsgstr "Ten"\n'
    )
    written(tmp_path, "exports/translations/en.po", catalogue)
    assert sorted(translations.problems(tmp_path)) == [
        "en.po translates “Dix”, which nothing uses",
        "no English for “Deux” (server/pages/one.py)",
        "the English of “Un {nombre}” has places that it lacks: number",
    ]


def test_foreign_imports_and_clocks_are_named(tmp_path: Path) -> None:
    written(
        tmp_path, "deliberation/votes.py", "import json\nimport httpx\nfrom deliberation import ids\nx = date.today()\n"
    )
    assert list(imports.problems(tmp_path)) == [
        "deliberation/votes.py imports httpx",
        "deliberation/votes.py:4 reads the clock",
    ]


def test_imports_inside_functions_count() -> None:
    assert set(imported := imports.imported(ast.parse("def f():\n    import os.path\n"))) == {"os"}, imported


def test_unknown_commands_are_named() -> None:
    text = "`python3 run.py`, `python3 run.py tset`\n\n    pleniere serve\n    pleniere exprot demo\n"
    assert list(documentation.unknown_commands(text, {"serve"})) == ["run.py tset", "pleniere exprot"]


def test_broken_links_are_named(tmp_path: Path) -> None:
    written(tmp_path, "there.md", "")
    assert list(documentation.broken_links("[a](there.md#x) [b](gone.png) [c](https://x.example)", tmp_path)) == [
        "gone.png"
    ]


def test_a_module_that_the_map_lacks_or_names_twice_is_named(tmp_path: Path) -> None:
    text = "### `server/`\n\n- `app.py`: one.\n- `app.py`: again.\n- `gone.py`: was, beside `web/gone.py`.\n"
    written(tmp_path, "server/README.md", text)
    written(tmp_path, "server/app.py", "")
    written(tmp_path, "server/web/there.py", "")
    written(tmp_path, "server/web/__init__.py", "")
    assert list(structure.map_problems(tmp_path)) == [
        "server/README.md does not name server/web/there.py",
        "server/README.md names server/gone.py, which is not there",
        "server/README.md names server/app.py 2 times",
        "server/README.md speaks of web/gone.py, which is not there",
    ]


def test_a_class_name_that_serves_two_things_is_named(tmp_path: Path) -> None:
    written(tmp_path, "server/a.py", "class One:\n    class Inner: ...\n")
    written(tmp_path, "exports/b.py", "class One: ...\nclass Inner: ...\n")
    assert list(structure.name_problems(tmp_path)) == ["class One stands in exports/b.py and server/a.py"]
