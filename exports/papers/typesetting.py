"""Runs typst on one document; run as a program, in a separate process, which frees its memory when it ends.

The program reads a JSON object from standard input (`source`, `data`, `timestamp`) and writes the PDF to standard
output; its exit status is 3 for a document that typst refuses.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

REFUSED = 3
SECONDS = 300.0


class NotTypeset(Exception):
    """typst refused the document, for instance because a character has no glyph, or took too long."""


def typeset(source: str, data: str, timestamp: int) -> bytes:
    """The PDF from that typst source, as PDF/A-2a and PDF/UA-1. `data` is JSON, which the source reads from
    `sys.inputs`; `timestamp` is in seconds since 1970. Raises NotTypeset.
    """
    import typst  # takes a while to load, and a server makes few documents

    try:
        return typst.compile(
            source.encode(),
            format="pdf",
            ignore_system_fonts=True,
            sys_inputs={"data": data},
            pdf_standards=["a-2a", "ua-1"],
            timestamp=timestamp,
        )
    except typst.TypstError as error:
        raise NotTypeset(str(error)) from error


def typeset_apart(source: str, data: str, timestamp: int) -> bytes:
    """The same as `typeset` in a separate process, because typst keeps what it laid out in memory."""
    request = json.dumps({"source": source, "data": data, "timestamp": timestamp}).encode()
    command = [sys.executable, str(Path(__file__))]
    try:
        done = subprocess.run(command, input=request, capture_output=True, check=False, timeout=SECONDS)
    except subprocess.TimeoutExpired as error:
        raise NotTypeset(str(error)) from error
    if done.returncode == REFUSED:
        raise NotTypeset(done.stderr.decode("utf-8", "replace"))
    done.check_returncode()
    return done.stdout


def main() -> None:
    """Serves one request."""
    request = json.load(sys.stdin.buffer)
    try:
        sys.stdout.buffer.write(typeset(request["source"], request["data"], request["timestamp"]))
    except NotTypeset as error:
        sys.stderr.write(str(error))
        sys.exit(REFUSED)


if __name__ == "__main__":
    main()
