"""`python3 run.py bench [NAME …]`: what the product costs on this machine, each figure beside its budget.

Ratios within one run decide; absolute figures depend on the machine and on what else it does meanwhile.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from tests.bench.measures import MEASURES
from tests.bench.options import Options

PEERS = ("hocuspocus", "y-websocket")


def parser() -> argparse.ArgumentParser:
    names = "\n".join(f"  {name:10} {measure.text}" for name, measure in MEASURES.items())
    known = argparse.ArgumentParser(
        prog="run.py bench",
        description=__doc__,
        epilog=f"measurements (all of them, in this order, when none is named):\n{names}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    known.add_argument("names", nargs="*", metavar="NAME", help="what to measure")
    known.add_argument("--most", type=int, default=16_000, help="connections at most (16000)")
    known.add_argument("--seconds", type=float, default=5.0, help="of looking at each number of connections (5)")
    known.add_argument("--writers", type=int, nargs="+", default=[20, 100], help="how many type (20 100)")
    known.add_argument("--cursors", action="store_true", help="with a cursor that moves at each key")
    known.add_argument("--against", nargs="*", choices=PEERS, default=list(PEERS), help="peers to compare with")
    known.add_argument("--rounds", type=int, default=100, help="of killing, thousands of frames, tens of lives (100)")
    known.add_argument("--seed", type=int, default=1, help="of what is left to chance (1)")
    return known


def main(arguments: Sequence[str]) -> int:
    known = parser()
    asked = known.parse_args(arguments)
    if unknown := sorted(set(asked.names) - set(MEASURES)):
        known.error(f"no such measurement: {', '.join(unknown)}; there are: {', '.join(MEASURES)}")
    options = Options(
        asked.most,
        asked.seconds,
        tuple(asked.writers),
        asked.cursors,
        tuple(asked.against),
        asked.rounds,
        asked.seed,
    )
    missed = 0
    for name in asked.names or MEASURES:
        for figure in MEASURES[name].run(options):
            print(figure, flush=True)
            missed += not figure.kept
    print(f"\n{missed} outside of its budget." if missed else "\nEvery figure is within its budget.")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
