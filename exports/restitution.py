"""Every file of a restitution except the record and its verifier, which `exports.archive` adds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Set
from dataclasses import replace

from deliberation.evolve import replay
from deliberation.kernel.events import Recorded
from deliberation.kernel.state import State
from exports import data_files, documents, graph, layout, site
from exports.dossier import Dossier, Seal, compile_dossier


def files(state: State, record: Iterable[Recorded], seal: Seal | None = None, engine: str = "") -> dict[str, bytes]:
    """The files of the restitution by path; the same state and record give the same bytes.

    `record` may contain content that is not public, which is left out. `seal` is shown to readers for verification.
    `engine` is the name of the program that laid out the maps, as the files state it; by default that of this machine.
    """
    return of_dossier(compile_dossier(state, record, seal), engine)


def of_public(read: Callable[[], Iterable[Recorded]], hidden: Set[int], seal: Seal | None = None) -> dict[str, bytes]:
    """The files made from the public record, without the content of the entries whose index is in `hidden`.

    Anybody with the archive can therefore make them again. `read` returns all entries, from the first one, at each
    call.
    """
    return files(replay(_shown(read(), hidden)), _shown(read(), hidden), seal)


def _shown(record: Iterable[Recorded], hidden: Set[int]) -> Iterator[Recorded]:
    for each in record:
        yield replace(each, event=None) if each.index in hidden else each


def of_dossier(dossier: Dossier, engine: str = "") -> dict[str, bytes]:
    """The files of the restitution from a dossier."""
    pictures = {
        f"maps/carte-{number}.svg": graph.render_map(found, dossier.quotes, links=False, standalone=True).encode()
        for number, found in dossier.state.maps.items()
    }
    data = data_files.files(dossier, engine or layout.engine())
    return site.files(dossier) | data | pictures | documents.files(dossier)
