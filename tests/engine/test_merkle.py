"""The tree of RFC 9162: what others publish, and properties for any tree."""

import unittest

from hypothesis import given, settings
from hypothesis import strategies as st

from ...tools import merkle
from ..rig.hashes import range_root_of

# The entries and roots by which implementations of RFC 6962 and 9162 are compared.
ENTRIES = [
    bytes.fromhex(text)
    for text in (
        *("", "00", "10", "2021", "3031", "40414243", "5051525354555657"),
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = (
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
# (leaf, leaves) → inclusion proof; (leaves, leaves) → consistency proof.
INCLUSION = {
    (0, 1): [],
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 3): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
}
CONSISTENCY = {
    (1, 1): [],
    (1, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
}


def hashes_of(count):
    return [merkle.leaf_hash(str(number).encode()) for number in range(count)]


def hexed(hashes):
    return [hashed.hex() for hashed in hashes]


class TestPublished(unittest.TestCase):
    def setUp(self):
        super().setUp()
        self.hashes = [merkle.leaf_hash(entry) for entry in ENTRIES]

    def test_roots(self):
        frontier = merkle.Frontier()
        self.assertEqual(frontier.root().hex(), ROOTS[0])
        for size, hashed in enumerate(self.hashes, start=1):
            frontier.append(hashed)
            with self.subTest(size):
                self.assertEqual(frontier.root().hex(), ROOTS[size])
                self.assertEqual(frontier.size, size)

    def test_inclusion(self):
        for (index, size), expected in INCLUSION.items():
            known = range_root_of(self.hashes[:size])
            with self.subTest(index=index, size=size):
                proof = merkle.inclusion_proof(index, size, known)
                self.assertEqual(hexed(proof), expected)

    def test_consistency(self):
        for (first, second), expected in CONSISTENCY.items():
            known = range_root_of(self.hashes[:second])
            with self.subTest(first=first, second=second):
                proof = merkle.consistency_proof(first, second, known)
                self.assertEqual(hexed(proof), expected)

    def test_no_such_leaf(self):
        known = range_root_of(self.hashes)
        for index, size in ((-1, 8), (8, 8), (0, 0)):
            with self.subTest(index=index, size=size), self.assertRaises(ValueError):
                merkle.inclusion_proof(index, size, known)
        for first, second in ((0, 8), (9, 8)):
            with self.subTest(first=first), self.assertRaises(ValueError):
                merkle.consistency_proof(first, second, known)


class TestProperties(unittest.TestCase):
    @given(st.integers(1, 300), st.data())
    @settings(max_examples=60, deadline=None)
    def test_every_leaf_is_shown_and_no_other(self, size, data):
        hashes = hashes_of(size)
        index = data.draw(st.integers(0, size - 1))
        root = merkle.root_of(hashes)
        proof = merkle.inclusion_proof(index, size, range_root_of(hashes))
        leaf = hashes[index]
        self.assertTrue(merkle.is_included(index, size, leaf, proof, root))
        other = merkle.leaf_hash(b"another")
        self.assertFalse(merkle.is_included(index, size, other, proof, root))
        self.assertFalse(merkle.is_included(index, size, leaf, proof, other))
        self.assertFalse(merkle.is_included(size, size, leaf, proof, root))
        self.assertFalse(merkle.is_included(index, size, leaf, [*proof, other], root))
        if proof:
            self.assertFalse(merkle.is_included(index, size, leaf, proof[:-1], root))
            wrong = data.draw(st.integers(0, size - 1).filter(lambda n: n != index))
            self.assertFalse(merkle.is_included(wrong, size, leaf, proof, root))

    @given(st.integers(1, 300), st.data())
    @settings(max_examples=60, deadline=None)
    def test_a_tree_is_the_beginning_of_a_later_one(self, second, data):
        hashes = hashes_of(second)
        first = data.draw(st.integers(1, second))
        roots = merkle.root_of(hashes[:first]), merkle.root_of(hashes)
        known = range_root_of(hashes)
        proof = merkle.consistency_proof(first, second, known)
        self.assertTrue(merkle.is_consistent(first, second, *roots, proof))
        changed = data.draw(st.integers(0, first - 1))
        hashes[changed] = merkle.leaf_hash(b"changed")
        later = merkle.root_of(hashes)
        proof = merkle.consistency_proof(first, second, known)
        self.assertFalse(merkle.is_consistent(first, second, roots[0], later, proof))
        other = merkle.leaf_hash(b"another")
        self.assertFalse(merkle.is_consistent(first, second, *roots, [*proof, other]))

    @given(st.integers(1, 5 * merkle.TILE), st.data())
    @settings(max_examples=25, deadline=None)
    def test_tiles_prove_the_same(self, size, data):
        hashes = hashes_of(size)
        index = data.draw(st.integers(0, size - 1))
        first = data.draw(st.integers(1, size))
        tiles = [
            merkle.root_of(hashes[start : start + merkle.TILE])
            for start in range(0, size - merkle.TILE + 1, merkle.TILE)
        ]
        asked = {number // merkle.TILE for number in (index, first, size)}
        leaves = {
            tile: hashes[tile * merkle.TILE : (tile + 1) * merkle.TILE]
            for tile in asked
        }
        known = merkle.Tiles(tiles, leaves).range_root
        whole = range_root_of(hashes)
        self.assertEqual(known(0, size), merkle.root_of(hashes))
        self.assertEqual(
            merkle.inclusion_proof(index, size, known),
            merkle.inclusion_proof(index, size, whole),
        )
        self.assertEqual(
            merkle.consistency_proof(first, size, known),
            merkle.consistency_proof(first, size, whole),
        )
