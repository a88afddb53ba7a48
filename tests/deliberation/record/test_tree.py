"""The Merkle tree, its tiles and its proofs, compared with known roots and with a naive recursion (R1, R6, R18)."""

from __future__ import annotations

import random
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deliberation.record import checkpoint, note, proof, tiles, tree
from tests.records import ORIGIN, long, signer

INPUTS = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
"""The test vectors of Certificate Transparency's reference implementation."""


def naive(leaves: list[bytes]) -> bytes:
    """The root, computed literally as RFC 6962, 2.1 defines it."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0]).digest()
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return sha256(b"\x01" + naive(leaves[:k]) + naive(leaves[k:])).digest()


def naive_path(m: int, leaves: list[bytes]) -> list[bytes]:
    """The inclusion proof, computed literally as RFC 6962, 2.1.1 defines it."""
    if len(leaves) == 1:
        return []
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    if m < k:
        return [*naive_path(m, leaves[:k]), naive(leaves[k:])]
    return [*naive_path(m - k, leaves[k:]), naive(leaves[:k])]


def naive_proof(m: int, leaves: list[bytes], whole: bool = True) -> list[bytes]:
    """The consistency proof, computed literally as RFC 6962, 2.1.2 defines it."""
    if m == len(leaves):
        return [] if whole else [naive(leaves)]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    if m <= k:
        return [*naive_proof(m, leaves[:k], whole), naive(leaves[k:])]
    return [*naive_proof(m - k, leaves[k:], False), naive(leaves[:k])]


def data(size: int) -> list[bytes]:
    return [b"leaf %d" % i for i in range(size)]


def stored(size: int) -> dict[str, bytes]:
    """The tiles of a tree of that size, by path."""
    files: dict[str, bytes] = {}
    growth = tiles.Growth(lambda tile, content: files.__setitem__(tile.path, content))
    for leaf in data(size):
        growth.append(tree.leaf_hash(leaf))
    files.update((tile.path, content) for tile, content in growth.partial())
    assert growth.root() == naive(data(size))
    return files


@pytest.mark.parametrize("size", range(1, 9))
def test_the_roots_of_certificate_transparency(size: int) -> None:
    """R1"""
    leaves = [bytes.fromhex(text) for text in INPUTS[:size]]
    assert tree.root_of(map(tree.leaf_hash, leaves)).hex() == ROOTS[size - 1] == naive(leaves).hex()


@given(st.integers(0, 700))
def test_a_growing_tree_has_the_root_of_the_definition(size: int) -> None:
    """R1"""
    assert tree.root_of(map(tree.leaf_hash, data(size))) == naive(data(size))


@pytest.mark.parametrize(
    ("index", "text"),
    [
        (0, "000"),
        (5, "005"),
        (999, "999"),
        (1000, "x001/000"),
        (67, "067"),
        (1067, "x001/067"),
        (1234067, "x001/x234/067"),
    ],
)
def test_numbers_in_paths(index: int, text: str) -> None:
    """R6"""
    assert tiles.number(index) == text
    assert tiles.parse_path(f"tile/3/{text}") == tiles.Tile("3", index, 256)
    assert tiles.parse_path(f"tile/entries/{text}.p/7") == tiles.Tile("entries", index, 7)


@pytest.mark.parametrize(
    "path",
    [
        "tile/00/000",
        "tile/64/000",
        "tile/-1/000",
        "tile/0/0",
        "tile/0/0000",
        "tile/0/x000/001",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/300",
        "tile/0/000.p/01",
        "tile/0/000.p/",
        "tile/entries/001/002",
        "tile/entry/000",
        "tile/0/000/",
        "tile/0/../0/000",
        "tile/0/" + "x001/" * 30 + "000",
        "tile/0/٠٠٠",
    ],
)
def test_a_path_has_one_form(path: str) -> None:
    """R6"""
    assert tiles.parse_path(path) is None


def test_the_tiles_of_a_tree_of_70000() -> None:
    """R6: the example of the specification."""
    found: dict[str, list[int]] = {}
    for tile in tiles.tiles_at(70_000):
        found.setdefault(tile.level, []).append(tile.width)
    assert found == {"0": [256] * 273 + [112], "1": [256, 17], "2": [1]}
    assert [tile.path for tile in tiles.tiles_at(256)] == ["tile/0/000", "tile/1/000.p/1"]
    assert list(tiles.tiles_at(0)) == list(tiles.bundles_at(0)) == []
    assert len(list(tiles.bundles_at(70_000))) == 274


@pytest.mark.parametrize("size", [0, 1, 2, 255, 256, 257, 1000, 65_535, 65_536, 65_793])
def test_the_tiles_that_grow_are_those_that_exist(size: int) -> None:
    """R6: exactly the tiles of the specification, each full of hashes of its level."""
    files = stored(size) if size < 2000 else {}
    if size < 2000:
        assert sorted(files) == sorted(tile.path for tile in tiles.tiles_at(size))
        assert all(len(files[tile.path]) == 32 * tile.width for tile in tiles.tiles_at(size))
    for tile in tiles.tiles_at(size):
        assert tiles.exists_at(tile, size)
        if tile.width < 256:
            assert not tiles.exists_at(tiles.Tile(tile.level, tile.index, tile.width + 1), size)


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 511, 512, 1000])
def test_growth_goes_on_from_its_tiles(size: int) -> None:
    """R6: a restart needs the partial tiles only."""
    files, later = stored(size), stored(1100)
    growth = tiles.Growth.resume(size, files.get, lambda tile, content: files.__setitem__(tile.path, content))
    for leaf in data(1100)[size:]:
        growth.append(tree.leaf_hash(leaf))
    files.update((tile.path, content) for tile, content in growth.partial())
    assert growth.root() == naive(data(1100))
    assert {tile.path: files[tile.path] for tile in tiles.tiles_at(1100)} == later


def test_growth_does_not_go_on_from_a_missing_tile() -> None:
    """R6"""
    files = stored(300)
    del files["tile/0/001.p/44"]
    with pytest.raises(ValueError, match=r"tile/0/001\.p/44 is missing"):
        tiles.Growth.resume(300, files.get)


@given(st.lists(st.binary(max_size=300), max_size=20))
def test_bundles_are_read_back(entries: list[bytes]) -> None:
    """R6: each entry after its length in two bytes."""
    assert tiles.unbundle(tiles.bundle(entries)) == entries


@pytest.mark.parametrize("cut", [b"\x00", b"\x00\x02a", b"\x00\x01a\x00"])
def test_a_bundle_cut_short_is_refused(cut: bytes) -> None:
    """R6"""
    with pytest.raises(ValueError, match="cut short"):
        tiles.unbundle(cut)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_proofs_are_those_of_the_definition_and_hold(given_: st.DataObject) -> None:
    """R18: computed from tiles, they are the proofs of RFC 6962."""
    size = given_.draw(st.integers(1, 600))
    index, old = given_.draw(st.integers(0, size - 1)), given_.draw(st.integers(0, size))
    leaves = data(size)
    nodes = tiles.nodes(size, stored(size).get)
    path = tree.inclusion_proof(index, size, nodes)
    assert list(path) == naive_path(index, leaves)
    assert tree.verify_inclusion(tree.leaf_hash(leaves[index]), index, size, path, naive(leaves))
    growth = tree.consistency_proof(old, size, nodes)
    assert list(growth) == (naive_proof(old, leaves) if 0 < old < size else [])
    assert tree.verify_consistency(old, size, naive(leaves[:old]), naive(leaves), growth)
    assert tree.root_at(size, nodes) == naive(leaves)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_changed_proof_never_holds(given_: st.DataObject) -> None:
    """R18: one byte, one hash more or less, another place or size."""
    size = given_.draw(st.integers(1, 80))
    index, old = given_.draw(st.integers(0, size - 1)), given_.draw(st.integers(1, size))
    leaves, rng = data(size), random.Random(given_.draw(st.integers()))
    root, old_root, leaf = naive(leaves), naive(leaves[:old]), tree.leaf_hash(leaves[index])
    for changed in mutants(naive_path(index, leaves), rng):
        assert not tree.verify_inclusion(leaf, index, size, changed, root)
    for changed in mutants(naive_proof(old, leaves), rng):
        assert not tree.verify_consistency(old, size, old_root, root, changed)
    path, other = naive_path(index, leaves), rng.randrange(size)
    assert tree.verify_inclusion(leaf, other, size, path, root) == (other == index)
    assert not tree.verify_inclusion(leaf, size, size, path, root)
    assert not tree.verify_inclusion(leaf, -1, size, path, root)
    assert not tree.verify_consistency(old, size, old_root, tree.node_hash(root, root), naive_proof(old, leaves))


def mutants(path: list[bytes], rng: random.Random) -> list[list[bytes]]:
    extra = rng.randbytes(32)
    found = [[*path, extra], [extra, *path], [*path, b""]]
    for at, node in enumerate(path):
        changed = bytearray(node)
        changed[rng.randrange(32)] ^= 1 << rng.randrange(8)
        found += [[*path[:at], bytes(changed), *path[at + 1 :]], [*path[:at], *path[at + 1 :]]]
    return found


def test_there_is_no_proof_of_what_is_not_there() -> None:
    """R18"""
    nodes = tiles.nodes(10, stored(10).get)
    for index in (-1, 10):
        with pytest.raises(ValueError, match="no entry"):
            tree.inclusion_proof(index, 10, nodes)
    with pytest.raises(ValueError, match="not an earlier size"):
        tree.consistency_proof(11, 10, nodes)
    with pytest.raises(ValueError, match="no node"):
        nodes(3, 1)
    assert not tree.verify_consistency(3, 2, tree.EMPTY, tree.EMPTY, ())
    assert not tree.verify_consistency(0, 1, tree.leaf_hash(b""), tree.leaf_hash(b""), ())
    assert not tree.verify_consistency(2, 3, tree.EMPTY, tree.EMPTY, ())


@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 300])
def test_a_receipt_is_a_tlog_proof(size: int) -> None:
    """R18: a contributor keeps it, and it verifies offline with the key alone."""
    log = long(size)
    files = log.files()
    for index in {0, size // 2, size - 1}:
        text = proof.make(index, log.notes[-1], size, tiles.nodes(size, files.get)).text
        assert text.startswith(f"c2sp.org/tlog-proof@v1\nindex {index}\n")
        assert text.endswith(f"\n\n{log.notes[-1]}")
        assert proof.verify(text.encode(), log.entries[index], log.signer.key).size == size
        with pytest.raises(note.BadNote):
            proof.verify(text.encode(), log.entries[index] + b" ", log.signer.key)


def test_a_proof_may_carry_something_extra() -> None:
    """R18"""
    receipt = proof.Proof(
        0, (), checkpoint.sign(checkpoint.Checkpoint(ORIGIN, 1, tree.leaf_hash(b"")), signer()), b"salt"
    )
    assert receipt.text.split("\n")[1] == "extra c2FsdA=="
    assert proof.parse(receipt.text.encode()) == receipt
    assert proof.verify(receipt.text.encode(), b"", signer().key).size == 1


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("@v1", "@v2"),
        ("index 3", "index 03"),
        ("index 3", "index 4"),
        ("index 3", "index -3"),
        ("index 3", "index " + "9" * 5000),
        ("index 3\n", ""),
        ("index 3\n", "index 3\nAAAA\n"),
        ("index 3\n", "extra !\nindex 3\n"),
        ("\n\n", "\n"),
        ("=\n", "\n"),
    ],
)
def test_a_malformed_proof_is_refused(old: str, new: str) -> None:
    """R18"""
    log = long(7)
    text = proof.make(3, log.sign(), 7, tiles.nodes(7, log.files().get)).text
    assert old in text
    with pytest.raises(note.BadNote):
        proof.verify(text.replace(old, new, 1).encode(), log.entries[3], log.signer.key)
