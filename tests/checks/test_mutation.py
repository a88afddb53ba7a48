"""The mutants of a sample are the same at every run, change what a module does, and are loaded in its place."""

from __future__ import annotations

import sys
from itertools import islice

import pytest

from tests.checks import mutation
from tests.checks.mutation import InItsPlace, Mutant, mutants, tests_of

SOURCE = '''
def larger(one: int | None, other: int) -> bool:
    """Whether it is."""
    return one is not None and one > other
'''
PATH = "deliberation/kernel/larger.py"


def test_a_seed_gives_the_same_mutants() -> None:
    first, again, other = ([x.name for x in mutants(PATH, SOURCE, seed)] for seed in (1, 1, 2))
    assert first == again
    assert first != other
    assert sorted(first) == sorted(other)


def test_each_mutant_does_something_else() -> None:
    """Annotations are no code, and what is no Python is no mutant."""
    found = list(mutants(PATH, SOURCE, 1))
    assert f"{PATH}: return one is not None and one > other → return one is not None or one > other" in {
        x.name for x in found
    }
    assert {mutation.meaning(x.source) for x in found}.isdisjoint({"", mutation.meaning(SOURCE)})
    assert not any("def larger" in x.change for x in found)
    assert not any(f"one {sign} other" in x.change.partition("→")[2] for x in found for sign in ("==", "is", "in"))


def test_the_tests_of_a_module_come_before_those_of_its_room() -> None:
    names = [test.rpartition("/")[2] for test in tests_of("deliberation/votes/ways.py")]
    assert names[0] == "test_ways.py"
    assert names[1:] == sorted(names[1:])
    assert "test_polls.py" in names


def test_a_mutant_is_loaded_in_the_place_of_its_module(monkeypatch: pytest.MonkeyPatch) -> None:
    name = "mutated_for_a_test"
    finder = InItsPlace(Mutant(f"{name}.py", "", "ANSWER = 41 + 1\n"))
    monkeypatch.setattr(sys, "meta_path", [finder, *sys.meta_path])
    monkeypatch.delitem(sys.modules, name, raising=False)
    assert __import__(name).ANSWER == 42


def test_the_sample_is_of_modules_that_have_tests() -> None:
    sampled = list(islice(mutation.sample(1, 2), 4))
    assert all(tests_of(mutant.path) for mutant in sampled)
    assert len({mutant.name for mutant in sampled}) == len(sampled)
