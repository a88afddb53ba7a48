"""What can be measured: each under the name that the command line takes."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.bench import (
    ballots,
    debate,
    fuzz,
    kill,
    long,
    nodes,
    pages,
    recording,
    redaction,
    session,
    simulate,
    sockets,
    start,
    sync,
    work,
)
from tests.bench.figures import Figure
from tests.bench.options import Options
from tests.server_process import Server


@dataclass(frozen=True)
class Measure:
    """`text` says what it is for `--help`."""

    text: str
    run: Callable[[Options], Iterator[Figure]]


def on_the_demonstration(measure: Callable[[Server], Iterator[Figure]]) -> Callable[[Options], Iterator[Figure]]:
    """With a server of the demonstration congress."""

    def run(options: Options) -> Iterator[Figure]:
        with tempfile.TemporaryDirectory() as folder:
            server = Server(Path(folder) / "data")
            try:
                server.start()
                yield from measure(server)
            finally:
                server.kill()

    return run


MEASURES = {
    "start": Measure("a warm start", on_the_demonstration(start.measure)),
    "pages": Measure("weight and speed of public pages", on_the_demonstration(pages.measure)),
    "debate": Measure("pages of a text of 200 clauses with 500 amendments", debate.measure),
    "session": Measure(
        "a sitting on that text: order, collisions, consolidated text, pages, live news", session.measure
    ),
    "work": Measure("what single pieces of work cost", on_the_demonstration(work.measure)),
    "ballots": Measure("2,000 élus vote within ten seconds; and with the process killed meanwhile", ballots.measure),
    "pair": Measure("two people alone: from a key to the other's screen, durable", sync.measure_pair),
    "sync": Measure("connections on one text, beside Hocuspocus and y-websocket in the same run", sync.measure_one),
    "kept": Measure("a hundred write at once while their bursts are recorded: until a key is kept", sync.measure_kept),
    "rooms": Measure("many texts with five people each, beside the same", sync.measure_rooms),
    "nodes": Measure("two processes on one PostgreSQL beside one", nodes.measure),
    "idle": Measure("a thousand connections that do nothing", sockets.measure_idle),
    "slow": Measure("readers who read nothing, and one who begins to read again", sockets.measure_slow),
    "gone": Measure("peers that vanished without a word", sockets.measure_gone),
    "record": Measure("the bursts of a hundred people recorded: what it costs the writer", recording.measure),
    "redact": Measure("words masked in a record of 20,000 entries", redaction.measure),
    "long": Measure("a text of 200 clauses after 20,000 edits", long.measure),
    "kill": Measure("kill -9 under load, as many rounds as --rounds says", kill.measure),
    "fuzz": Measure("hostile frames, and damaged ones, as many thousands as --rounds says", fuzz.measure),
    "simulate": Measure("lives of a text in two processes, ten times as many as --rounds says", simulate.measure),
}
