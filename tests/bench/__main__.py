"""`python3 run.py bench [name …]`: what the product costs on this machine, each figure beside its budget.

Ratios within one run decide; absolute figures depend on the machine.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench import pages, start, work
from tests.bench.figures import Figure
from tests.server_process import Server

MEASURES: dict[str, Callable[[Server], Iterator[Figure]]] = {
    "start": start.measure,
    "pages": pages.measure,
    "work": work.measure,
}


@contextmanager
def demonstration() -> Iterator[Server]:
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder) / "data")
        try:
            server.start()
            yield server
        finally:
            server.kill()


def main(names: list[str]) -> int:
    if unknown := sorted(set(names) - set(MEASURES)):
        print(f"No such measurement: {', '.join(unknown)}. There are: {', '.join(MEASURES)}.")
        return 2
    missed = 0
    with demonstration() as server:
        for name in names or MEASURES:
            for figure in MEASURES[name](server):
                print(figure, flush=True)
                missed += not figure.kept
    print(f"\n{missed} over budget." if missed else "\nEvery figure is within its budget.")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
