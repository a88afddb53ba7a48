"""Verifying the record of a live site by reading it over HTTP (R9, R20)."""

from __future__ import annotations

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from deliberation.kernel import commands as c
from deliberation.record import checkpoint, tiles, tree
from exports import verify
from tests.records import Log, long, redacted, whole

LOG = whole()
LOG.sign()


class Server:
    """Serves a growing record as a site does, with a checkpoint that may be older; `asked` lists the paths
    requested.
    """

    def __init__(self, log: Log) -> None:
        self.log = log
        self.asked: list[str] = []
        log.sign()

    def fetch(self, url: str) -> bytes | None:
        path = url.removeprefix("https://exemple.fr/c/essai/registre/")
        self.asked.append(path)
        if path == "checkpoint":
            return self.log.notes[-1].encode()
        if path == "checkpoints":
            return checkpoint.bundle(self.log.notes)
        signed = list(self.log.notes)
        names = {verify.live_path(name): data for name, data in self.log.files().items() if name != "checkpoints/0"}
        old = [tile.path for tile in (*tiles.tiles_at(verify.size_of(signed[-1].encode())),)]
        self.log.notes[:] = signed
        return names.get(path) or self.partial(path, old)

    def partial(self, path: str, old: list[str]) -> bytes | None:
        """A tile as it was at the size of the checkpoint; None if it did not exist."""
        tile = tiles.parse_path(path)
        if tile is None:
            return None
        if tile.level == tiles.ENTRIES:
            return tiles.bundle(self.log.entries[tile.start : tile.start + tile.width])
        leaves = [tree.leaf_hash(entry) for entry in self.log.entries]
        return b"".join(leaves[tile.start : tile.start + tile.width]) if path in old else None


def test_a_live_site_verifies() -> None:
    """R20: the same checks over the addresses of a site."""
    site = Server(whole())
    for address in ("https://exemple.fr/c/essai", "https://exemple.fr/c/essai/registre/?x#y"):
        report = verify.verify_url(address, LOG.signer.key, fetch=site.fetch)
        assert (report.findings, report.size, report.counts["checkpoints"]) == ((), LOG.size, 2)
    assert verify.verify_url(address, fetch=Server(long(3)).fetch).findings == ()
    assert {"checkpoint", "checkpoints", "cle", "charges/0", f"tile/entries/000.p/{LOG.size}"} <= set(site.asked)


def test_a_live_site_may_be_ahead_of_its_checkpoint() -> None:
    """R9, R20: entries and contents that came after the checkpoint are left out."""
    site = Server(whole())
    site.log.do("p1", c.PublishTestimony(4))
    report = verify.verify_url("https://exemple.fr/c/essai", fetch=site.fetch)
    assert (report.findings, report.size) == ((), LOG.size)


def test_what_was_erased_since_the_checkpoint_is_no_silent_removal() -> None:
    """R9, R20: the next checkpoint is waited for, and its redaction explains the absence."""
    site = Server(whole())
    redacted(site.log, "temoignage-1")
    waited: list[float] = []

    def pause(seconds: float) -> None:
        waited.append(seconds)
        if sum(waited) > 9:
            site.log.sign()

    report = verify.verify_url("https://exemple.fr/c/essai", fetch=site.fetch, pause=pause)
    assert (report.findings, report.size, len(report.redacted)) == ((), LOG.size + 2, 2)
    assert sum(waited) == 10


def test_a_site_that_is_wrong_or_away_is_reported() -> None:
    """R9, R20: no checkpoint explains a silent removal, however long one waits."""
    site, waited = Server(whole()), list[float]()
    index = LOG.state.testimonies[1].entry
    site.log.payloads[index] = None
    report = verify.verify_url("https://exemple.fr/c/essai", fetch=site.fetch, pause=waited.append)
    assert [(finding.code, finding.entry) for finding in report.findings] == [("payload.removed", index)]
    assert sum(waited) == sum(verify.WAITS)
    report = verify.verify_url(
        "https://exemple.fr/c/essai",
        fetch=lambda url: b"nul" if "charges" in url else site.fetch(url),
        pause=waited.append,
    )
    assert {finding.code for finding in report.findings} == {"payload.bad_file"}

    def away(url: str) -> bytes | None:
        raise OSError("no route")

    report = verify.verify_url("https://exemple.fr/c/essai", fetch=away)
    assert [finding.code for finding in report.findings] == ["fetch.failed"]


def test_files_are_fetched_over_http(monkeypatch: pytest.MonkeyPatch) -> None:
    """R20: a missing file is missing, an error is an error, and what is too large is not read to its end."""

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(int(self.path.strip("/")))
            self.send_header("Content-Length", "5")
            self.end_headers()
            self.wfile.write(b"bytes")

        def log_message(self, *said: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        base = f"http://127.0.0.1:{server.server_port}"
        assert verify.fetch_over_http(f"{base}/200") == b"bytes"
        assert verify.fetch_over_http(f"{base}/404") is None
        for path in ("500", "403"):
            with pytest.raises(OSError, match=path):
                verify.fetch_over_http(f"{base}/{path}")
        monkeypatch.setattr(verify, "MAX_BODY", 4)
        with pytest.raises(OSError, match="more than 4 bytes"):
            verify.fetch_over_http(f"{base}/200")
        server.shutdown()
