"""Generates examples of word comparison by the rules, with which the browser's comparison is tested: `python -m
tests.deliberation.word_examples`.
"""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

from deliberation.text.words import changes, split_words

FILE = Path(__file__).resolve().parents[2] / "client" / "tests" / "words.fixture.json"
TEXTS = (
    "",
    "l’élu aujourd'hui peut-être 20\u00a0000 3,5\u202fkm Mme\u00a0Roy",
    "e\u0301lu porte\u2011parole co\u00adopérer 10.000,50 1er 5G n’est-ce",
    "Vu le *Code* [^12] ;\n\n- un\n- **deux** \\* fin",
    "« À l’État », dit-il : 95 % des gens… 😀 [^0x]",
)
PAIRS = (
    ("le chat noir", "le chien noir"),
    ("un deux", "trois quatre"),
    ("la loi", "la  loi"),
    ("fin.", "fin du mois."),
    ("a b " * 40, "b a " * 40),
    (" ".join(f"x{n} a" for n in range(120)), " ".join(f"y{n} a" for n in range(120))),
    (" ".join(f"u{n} v w" for n in range(90)), " ".join(f"u{n} w v" for n in range(89, -1, -1))),
)
WORDS = ["de", "la", "l’élu", "fibre", "20\u00a0000", ",", ".", "[^3]", "*", "\n\n", "  "]


def examples() -> dict[str, Any]:
    rng = random.Random(7)
    pairs = [*PAIRS, *(drawn(rng) for _ in range(40))]
    found = [{"before": a, "after": b, "changes": changes(split_words(a), split_words(b))} for a, b in pairs]
    answers: dict[str, Any] = json.loads(
        json.dumps({"splits": [split_words(text) for text in TEXTS], "changes": found})
    )
    return answers


def drawn(rng: random.Random) -> tuple[str, str]:
    """A random text, and the same with words deleted, added and moved."""
    before = [rng.choice(WORDS) for _ in range(rng.randrange(24))]
    after = [word for word in before if rng.random() > 0.2]
    for _ in range(rng.randrange(4)):
        after.insert(rng.randrange(len(after) + 1), rng.choice(WORDS))
    return " ".join(before), " ".join(after)


if __name__ == "__main__":
    FILE.write_text(json.dumps(examples(), ensure_ascii=False, indent=1) + "\n")
