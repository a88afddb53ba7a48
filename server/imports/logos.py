"""Reads a logo: a PNG, kept without anything but its picture (no text, no place, no camera)."""

from __future__ import annotations

import base64
import zlib

from deliberation.congress.identity import MOST_LOGO_SIDE, SIGNATURE
from deliberation.kernel.errors import Refused

KEPT = (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND")
MOST_READ = 2_000_000
"""Bytes of a file that is looked at."""
MOST_PIXEL_BYTES = 8 * MOST_LOGO_SIDE * (MOST_LOGO_SIDE + 1)
NO_PNG = Refused("identity.logo", "Le logo doit être une image PNG.", "logo")


def read(data: bytes) -> str | Refused:
    """The picture in base64; its size is for the rules to judge."""
    if len(data) > MOST_READ or not data.startswith(SIGNATURE):
        return NO_PNG
    try:
        chunks = [chunk for chunk in _chunks(data[len(SIGNATURE) :]) if chunk[4:8] in KEPT]
    except ValueError:
        return NO_PNG
    names = [chunk[4:8] for chunk in chunks]
    if names[:1] != [b"IHDR"] or names[-1:] != [b"IEND"] or not _inflates(chunks):
        return NO_PNG
    return base64.b64encode(SIGNATURE + b"".join(chunks)).decode()


def _chunks(data: bytes) -> list[bytes]:
    """The chunks with length, name and check sum, up to IEND; ValueError if one is cut short or damaged."""
    found, at = [], 0
    while at < len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        end = at + 12 + length
        body, total = data[at + 4 : end - 4], data[end - 4 : end]
        if end > len(data) or zlib.crc32(body).to_bytes(4, "big") != total:
            raise ValueError("a damaged chunk")
        found.append(data[at:end])
        if body[:4] == b"IEND":
            return found
        at = end
    raise ValueError("no end")


def _inflates(chunks: list[bytes]) -> bool:
    """Whether the picture's data is whole, and no larger than any picture that is allowed."""
    reader = zlib.decompressobj()
    packed = b"".join(chunk[8:-4] for chunk in chunks if chunk[4:8] == b"IDAT")
    try:
        reader.decompress(packed, MOST_PIXEL_BYTES)
    except zlib.error:
        return False
    return reader.eof
