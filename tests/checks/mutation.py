"""A few faults are put into the rules, one at a time, and the tests of their room must notice each of them.

The faults are made by Cosmic Ray's operators. Its own sessions mutate files in place and start a process for each
mutant, two seconds before the first test runs; here a mutant lives in a forked process that loads the changed source in
the place of the file. Which mutants are tried follows from a seed and from the names of the modules, so that a run is
repeated exactly and a change of one module leaves the sample of the others as it is.

`python -m tests.checks.mutation --seed 7 --modules 20` tries others.
"""

from __future__ import annotations

import argparse
import ast
import difflib
import importlib.abc
import importlib.machinery
import importlib.util
import os
import resource
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from types import CodeType, ModuleType

from cosmic_ray.ast import Visitor, get_ast
from cosmic_ray.operators.operator import Operator
from cosmic_ray.operators.provider import OperatorProvider

ROOT = Path(__file__).resolve().parents[2]
ACCEPTED = Path(__file__).with_name("survivors.txt")
SEED = 2026
MODULES = 7
MUTANTS = 2
"""Tried of each module."""
CPU_SECONDS = 30
"""What the tests of one mutant may take; one that loops for ever is noticed so."""
EXAMPLES = 20
"""Of each property, at most."""
LEFT_OUT = ("VariableInserter", "VariableReplacer", "ExceptionReplacer", "RemoveDecorator")
"""Operators whose faults no test can be asked to notice, or that need arguments."""
LIKE = ({"Eq", "NotEq"}, {"Lt", "LtE", "Gt", "GtE"}, {"Is", "IsNot"}, {"In", "NotIn"})
"""Comparisons that give way to each other: no status is less than another one."""
ANSWERS = {0: "survived", 1: "noticed", 2: "noticed"}
"""By pytest's exit status: passed, failed, interrupted because a test module cannot be imported."""
BROKEN = 99
"""Exit status of a child in which pytest itself failed."""
IMPORTED = "ignore:Module already imported"
"""A warning about Hypothesis, which is loaded before its plugin to limit the examples."""


@dataclass(frozen=True)
class Mutant:
    """The source of a module with one change; `change` is its line before and after."""

    path: str
    change: str
    source: str

    @property
    def name(self) -> str:
        return f"{self.path}: {self.change}"


class Places(Visitor):  # type: ignore[misc]
    """Counts where an operator could change a source."""

    def __init__(self, operator: Operator) -> None:
        self._operator = operator
        self.count = 0

    def visit(self, node: object) -> object:
        self.count += sum(1 for _ in self._operator.mutation_positions(node))
        return node


class Change(Visitor):  # type: ignore[misc]
    """Makes the change number `wanted` of an operator."""

    def __init__(self, operator: Operator, wanted: int) -> None:
        self._operator = operator
        self._left = wanted

    def visit(self, node: object) -> object:
        for index, _ in enumerate(self._operator.mutation_positions(node)):
            if self._left == 0:
                node = self._operator.mutate(node, index)
            self._left -= 1
        return node


def rank(*words: object) -> str:
    return sha256("|".join(map(str, words)).encode()).hexdigest()


def operators() -> Iterator[tuple[str, Operator]]:
    provider = OperatorProvider()
    for name in provider:
        if name not in LEFT_OUT and _is_likely(*name.split("_")):
            yield name, provider[name]()


def _is_likely(kind: str, *pair: str) -> bool:
    return kind != "ReplaceComparisonOperator" or any(set(pair) <= alike for alike in LIKE)


def mutants(path: str, source: str, seed: int) -> Iterator[Mutant]:
    """Those of one module that change what it does, in the order of the seed."""
    tree = get_ast(source)
    places = []
    for name, operator in operators():
        visitor = Places(operator)
        visitor.walk(tree)
        places += [(rank(seed, path, name, n), operator, n) for n in range(visitor.count)]
    plain, ranked = meaning(source), sorted(places, key=lambda place: place[0])
    found = (changed(path, source, operator, n) for _, operator, n in ranked)
    yield from (each for each in found if meaning(each.source) not in ("", plain))


def changed(path: str, source: str, operator: Operator, number: int) -> Mutant:
    """The mutant that the operator makes at its place of that number."""
    tree = Change(operator, number).walk(get_ast(source))
    code: str = tree.get_code()
    lines = difflib.unified_diff(source.splitlines(), code.splitlines(), lineterm="", n=0)
    told = [line for line in lines if line[:1] in "+-" and line[:3] not in ("+++", "---")]
    before = " ".join(line[1:].strip() for line in told if line.startswith("-"))
    after = " ".join(line[1:].strip() for line in told if line.startswith("+"))
    return Mutant(path, f"{before} → {after}", code)


def meaning(source: str) -> str:
    """The code without its annotations and decorators; "" for what is no Python."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return ""
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            node.decorator_list = []
        if isinstance(node, ast.FunctionDef):
            node.returns = None
        elif isinstance(node, ast.arg):
            node.annotation = None
        elif isinstance(node, ast.AnnAssign):
            node.annotation = ast.Constant(None)
    return ast.dump(tree)


def tests_of(path: str) -> list[str]:
    """The tests of the module first, then those of its room."""
    module, room = Path(path).stem, ROOT / "tests" / Path(path).parent
    own = room / f"test_{module}.py"
    others = sorted(test for test in room.glob("test_*.py") if test != own)
    return [str(test) for test in ([own] if own.is_file() else []) + others]


def modules() -> list[str]:
    """The modules of the rules whose room has tests; of the kernel, those with tests of their own: all rooms try it."""
    paths = (path.relative_to(ROOT).as_posix() for path in (ROOT / "deliberation").glob("*/*.py"))
    return sorted(path for path in paths if not path.endswith("__init__.py") and _is_tried(path, tests_of(path)))


def _is_tried(path: str, tests: Sequence[str]) -> bool:
    return bool(tests) and ("/kernel/" not in path or Path(tests[0]).stem == f"test_{Path(path).stem}")


def sample(seed: int, count: int) -> Iterator[Mutant]:
    for path in sorted(modules(), key=lambda path: rank(seed, path))[:count]:
        found = mutants(path, (ROOT / path).read_text(), seed)
        yield from (mutant for mutant, _ in zip(found, range(MUTANTS), strict=False))


def unchanged(path: str) -> Mutant:
    """A module as it is: its tests pass, or they notice nothing."""
    return Mutant(path, "", (ROOT / path).read_text())


class InItsPlace(importlib.abc.MetaPathFinder, importlib.abc.InspectLoader):
    """Loads a mutant where its module is imported."""

    def __init__(self, mutant: Mutant) -> None:
        self._mutant = mutant
        self._name = mutant.path.removesuffix(".py").replace("/", ".")

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        return importlib.util.spec_from_loader(fullname, self) if fullname == self._name else None

    def get_source(self, fullname: str) -> str:
        return self._mutant.source

    def get_code(self, fullname: str) -> CodeType:
        return compile(self._mutant.source, self._mutant.path, "exec")


def attempt(mutant: Mutant) -> str:
    """What became of it: "noticed", "survived", or how its tests ended otherwise."""
    child = os.fork()
    if child == 0:
        code = BROKEN
        try:
            code = _tested(mutant)
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    return ANSWERS.get(code, "noticed" if code < 0 else f"not tried: pytest answers {code}")


def _tested(mutant: Mutant) -> int:
    """Runs the tests in this process, without output; pytest's exit status."""
    import hypothesis
    import pytest

    hypothesis.settings.register_profile("mutation", max_examples=EXAMPLES, deadline=None, database=None)
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    os.dup2(nothing, 2)
    sys.meta_path.insert(0, InItsPlace(mutant))
    options = [
        "-x",
        "-q",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:xdist",
        "--hypothesis-seed=0",
        "--hypothesis-profile=mutation",
        "-m",
        "not slow",
        "-W",
        IMPORTED,
    ]
    return int(pytest.main([*options, *tests_of(mutant.path)]))


def accepted() -> set[str]:
    """Mutants that may survive, each with its reason in a comment above it."""
    lines = ACCEPTED.read_text().splitlines() if ACCEPTED.is_file() else []
    return {line for line in lines if line and not line.startswith("#")}


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.checks.mutation", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--modules", type=int, default=MODULES)
    asked = parser.parse_args(arguments)
    mutants_ = list(sample(asked.seed, asked.modules))
    if (how := attempt(unchanged(mutants_[0].path))) != "survived":
        print(f"the tests do not pass without a fault: {how}")
        return 1
    tried = [(mutant, attempt(mutant)) for mutant in mutants_]
    left = [(mutant, how) for mutant, how in tried if how != "noticed"]
    known = accepted()
    for mutant, how in left:
        print(f"{'accepted' if mutant.name in known else how}: {mutant.name}", flush=True)
    print(f"{len(tried) - len(left)} of {len(tried)} faults were noticed (seed {asked.seed}).")
    return 1 if any(mutant.name not in known for mutant, _ in left) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
