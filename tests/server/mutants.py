"""Applies damaged updates to a replica. It is run as a separate program, so that a crash of the native library is
detected.
"""

from __future__ import annotations

import random
import sys

import pycrdt

from server.texts import guard, motion
from server.texts.lib0 import MalformedBytes
from server.texts.replica import NOTHING, Missing, Replica, Unfit
from tests.server.yjs import Writer


def corpus(chance: random.Random) -> list[bytes]:
    """Real updates of many kinds: typing, marks, deletions, maps, whole documents."""
    writer = Writer(chance.randrange(1, 2**32))
    for _ in range(60):
        writer.edit(chance)
    nodes = writer.doc.get("nodes", type=pycrdt.Map)
    nodes["a"] = pycrdt.Map({"parent": "", "order": "a0", "text": "été", "excerpts": pycrdt.Map({"3": True})})
    nodes["b"] = {"deep": [1, 2.5, None, {"x": [True, "y"]}], "big": 2**40}
    del nodes["a"]
    return [*writer.take(), writer.doc.get_update()]


def damaged(update: bytes, chance: random.Random) -> bytes:
    """One to three random damages: flips, cuts, repeats, insertions, extreme numbers."""
    data = bytearray(update)
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        at = chance.randrange(len(data) + 1)
        end = min(len(data), at + chance.randrange(1, 9))
        kind = chance.randrange(7)
        if kind == 0 and at < len(data):
            data[at] ^= 1 << chance.randrange(8)
        elif kind == 1 and at < len(data) and chance.random() < 0.5:
            data[at] = max(0, min(255, data[at] + chance.choice((-2, -1, 1, 2))))
        elif kind == 1 and at < len(data):
            data[at] = chance.choice((0, 1, 4, 7, 8, 10, 0x27, 0x75, 0x76, 0x7F, 0x80, 0x84, 0xC4, 0xFF))
        elif kind == 2:
            del data[at:end]
        elif kind == 3:
            data[at:at] = data[at:end] * chance.randrange(1, 40)
        elif kind == 4:
            data[at:at] = bytes(chance.randrange(256) for _ in range(chance.randrange(1, 9)))
        elif kind == 5:
            data[at:end] = b"\xff" * chance.randrange(1, 8) + b"\x7f"
        else:
            del data[at:]
    return bytes(data)


def survive(seed: int, count: int) -> tuple[int, int]:
    """The number of mutants that passed the guard, and of those that a replica accepted."""
    chance = random.Random(seed)
    updates, passed, taken = corpus(chance), 0, 0
    for number in range(count):
        if number % 1000 == 0:
            updates = corpus(chance)
        if number % 100 == 0:
            so_far = chance.randrange(len(updates))
            effects = [NOTHING, *updates[:so_far]]
            replica = Replica(*effects)
        mutant = damaged(updates[so_far] if chance.random() < 0.8 else chance.choice(updates), chance)
        try:
            summary = guard.inspect(mutant)
        except MalformedBytes:
            continue
        passed += 1
        try:
            effect = replica.apply(mutant, summary)
        except (Missing, Unfit):
            continue
        if effect:
            taken += 1
            effects.append(effect)
            check(replica, effects)
    return passed, taken


def check(replica: Replica, effects: list[bytes]) -> None:
    """Checks that a replica that accepted updates can be stored and loaded in every form that the record and the
    journal use, and be read.

    The loaded text may differ: a damaged struct may name two neighbours that were never adjacent, and then has no
    definite place.
    """
    for other in (Replica(replica.full()), Replica(pycrdt.merge_updates(*effects)), Replica(*effects)):
        assert other.clocks == replica.clocks, effects[-1].hex()
        motion.read(other.doc)


if __name__ == "__main__":
    sys.stdout.write("{} {}\n".format(*survive(int(sys.argv[1]), int(sys.argv[2]))))
