"""The words of a text and what changed between two texts (A9)."""

from __future__ import annotations

import json
import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliberation.text.words import changes, diff_words, split_words
from tests.deliberation import word_examples

WORDS = [
    "l’élu",
    "aujourd'hui",
    "peut-être",
    "20\u00a0000",
    "3,5\u202fkm",
    "Mme\u00a0Roy",
    "de",
    "la",
    ",",
    ".",
    "[^12]",
    "é",
]
PROSE = st.lists(st.sampled_from([*WORDS, " ", " ", "\n\n", "\\*", "**"]), max_size=30).map("".join)
TEXTS = PROSE | st.text(max_size=60)


@pytest.mark.parametrize(
    "word",
    [
        "l’élu",
        "aujourd'hui",
        "c’est-à-dire",
        "porte\u2011parole",
        "20\u00a0000",
        "1\u202f234,5",
        "3,5\u202fkm",
        "Mme\u00a0Roy",
        "n’est-ce",
        "co\u00adopérer",
        "1er",
        "5G",
        "e\u0301lu",
        "l'e\u0301te\u0301",
        "[^12]",
        "\\*",
        "**",
        "10.000,50",
        "l’",
    ],
)
def test_a_word_is_never_split(word: str) -> None:
    """A9: apostrophes, hyphens, no-break spaces, numbers, citations, escaped marks."""
    assert split_words(word) == [word]
    assert word in split_words(f"Vu {word}, la loi")


def test_words_spaces_and_marks_are_told_apart() -> None:
    """A9"""
    assert split_words("« L’État »\u00a0: 12 %.") == [
        "«",
        " ",
        "L’État",
        " ",
        "»",
        "\u00a0",
        ":",
        " ",
        "12",
        " ",
        "%",
        ".",
    ]


@given(TEXTS)
def test_words_join_back(text: str) -> None:
    """A9"""
    assert "".join(split_words(text)) == text


@given(TEXTS, TEXTS)
def test_a_difference_leads_from_one_text_to_the_other(old: str, new: str) -> None:
    """A9: both sides can be read from it."""
    pieces = diff_words(old, new)
    assert "".join(text for kind, text in pieces if kind != "insert") == old
    assert "".join(text for kind, text in pieces if kind != "delete") == new
    assert all(text for _, text in pieces)
    assert ([kind for kind, _ in pieces] in ([], ["equal"])) == (old == new)


@given(TEXTS, TEXTS)
def test_something_stays_between_two_changes(old: str, new: str) -> None:
    """A9"""
    before, after = split_words(old), split_words(new)
    found = changes(before, after)
    at, other = 0, 0
    for n, (a1, a2, b1, b2) in enumerate(found):
        assert before[at:a1] == after[other:b1]
        assert n == 0 or a1 > at
        at, other = a2, b2
    assert before[at:] == after[other:]


@pytest.mark.parametrize(
    ("old", "new", "pieces"),
    [
        (
            "le chat noir",
            "le chien noir",
            [("equal", "le "), ("delete", "chat"), ("insert", "chien"), ("equal", " noir")],
        ),
        ("un texte", "un très texte", [("equal", "un "), ("insert", "très "), ("equal", "texte")]),
        ("un très texte", "un texte", [("equal", "un "), ("delete", "très "), ("equal", "texte")]),
        ("un deux", "trois quatre", [("delete", "un deux"), ("insert", "trois quatre")]),
        ("la loi", "la  loi", [("equal", "la"), ("delete", " "), ("insert", "  "), ("equal", "loi")]),
        ("l’école", "l’élu", [("delete", "l’école"), ("insert", "l’élu")]),
        ("fin.", "fin du mois.", [("equal", "fin"), ("insert", " du mois"), ("equal", ".")]),
    ],
)
def test_a_difference_reads_well(old: str, new: str, pieces: list[tuple[str, str]]) -> None:
    """A9: whole words, and a space between two changed words changes with them."""
    assert diff_words(old, new) == pieces


def prose(words: int, rng: random.Random) -> str:
    common = ["de", "la", "le", "les", "et", "à", "des", "en", ","]
    return " ".join(rng.choice(common) if rng.random() < 0.4 else f"mot{rng.randrange(400)}" for _ in range(words))


RNG = random.Random(4)
LONG = prose(1700, RNG)
HARD = {
    "other words": (LONG, prose(1700, RNG)),
    "shuffled": (LONG, " ".join(RNG.sample(LONG.split(), len(LONG.split())))),
    "one word for ever": ("a " * 5000, "a " * 2500 + "b " + "a " * 2499),
    "swapped": ("a b " * 2500, "b a " * 2500),
    "one word between others": (
        " ".join(f"x{n} a" for n in range(1600)),
        " ".join(f"y{n} a" for n in range(1600)),
    ),
    "stretches just short enough to weigh": tuple(
        " ".join(f"u{n} " + " ".join(f"{letter}{n}_{k} a" for k in range(60)) for n in range(20)) for letter in "xy"
    ),
    "marks": ("!" * 10_000, "?" * 3000 + "!" * 7000),
    "digits": ("1," * 5000, "1." * 5000),
    "words that stand once only between others": (
        " ".join(["x0"] + [word for n in range(1, 1500) for word in (f"x{n}", f"x{n - 1}")]),
        " ".join([word for n in range(1499, 0, -1) for word in (f"x{n - 1}", f"x{n}")] + ["x0"]),
    ),
}


@pytest.mark.parametrize("name", HARD)
def test_long_texts_are_compared_at_once(name: str) -> None:
    """A9: 10,000 characters, made to be hard; well under the second that pages allow."""
    old, new = HARD[name]
    started = time.process_time()
    pieces = diff_words(old, new)
    assert time.process_time() - started < 0.8
    assert "".join(text for kind, text in pieces if kind != "delete") == new


def test_few_changes_in_a_long_text_are_found_apart() -> None:
    """A9"""
    words = LONG.split(" ")
    changed = [f"neuf{n}" if n % 100 == 50 else word for n, word in enumerate(words)]
    pieces = diff_words(LONG, " ".join(changed))
    assert [text for kind, text in pieces if kind == "insert"] == [word for word in changed if word.startswith("neuf")]


def test_the_browser_is_held_to_these_answers() -> None:
    """A9: what somebody sees while writing is what the rules will find."""
    assert json.loads(word_examples.FILE.read_text()) == word_examples.examples()
