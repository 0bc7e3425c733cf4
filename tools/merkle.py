"""The Merkle tree of RFC 9162, section 2.1, over SHA-256.

A tree over n leaves has one root. An inclusion proof shows that a leaf stands at its
place in the tree of a root, a consistency proof that the tree of one root is the
beginning of the tree of another. Hashes are 32 bytes throughout.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence

# Leaves whose common root is worth keeping: proofs are then made of few hashes.
TILE = 1024

# The root of the leaves from the first number up to the second.
RangeRoot = Callable[[int, int], bytes]


def leaf_hash(data: bytes) -> bytes:
    """Hash of an entry (RFC 9162, 2.1.1: the prefix sets it apart from a node)."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of two subtrees."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_of(hashes: Sequence[bytes]) -> bytes:
    """Root over leaf hashes, or over the roots of subtrees of one size."""
    frontier = Frontier()
    for hashed in hashes:
        frontier.append(hashed)
    return frontier.root()


class Frontier:
    """The right edge of a growing tree: all that its next root is made of.

    Its memory grows with the logarithm of the number of leaves.
    """

    def __init__(self) -> None:
        self.size = 0
        self._edge: list[bytes] = []  # roots of whole subtrees, the largest first

    def append(self, hashed: bytes) -> None:
        """Add the hash of the next leaf."""
        number = self.size
        while number & 1:
            hashed = node_hash(self._edge.pop(), hashed)
            number >>= 1
        self._edge.append(hashed)
        self.size += 1

    def root(self) -> bytes:
        """Root over the leaves so far; of none, the hash of nothing."""
        if not self._edge:
            return hashlib.sha256().digest()
        *others, root = self._edge
        for left in reversed(others):
            root = node_hash(left, root)
        return root


class Tiles:
    """A tree of which only some leaves are at hand, and the roots of all whole tiles.

    :param tiles: roots of the whole tiles, in order
    :param leaves: number of a tile → hashes of its leaves, for those that are asked for
    """

    def __init__(self, tiles: Sequence[bytes], leaves: dict[int, Sequence[bytes]]):
        self._tiles = tiles
        self._leaves = leaves

    def range_root(self, low: int, high: int) -> bytes:
        """Root of the leaves from `low` up to `high`, a range of the recursion.

        :raises KeyError: a tile that is needed is not at hand
        """
        if low % TILE == 0 and high % TILE == 0:
            return root_of(self._tiles[low // TILE : high // TILE])
        if high - low > TILE:
            middle = low + _split(high - low)
            return node_hash(
                self.range_root(low, middle), self.range_root(middle, high)
            )
        tile, start = divmod(low, TILE)
        return root_of(self._leaves[tile][start : start + high - low])


def _split(size: int) -> int:
    """The largest power of two below a size of at least 2."""
    return 1 << (size - 1).bit_length() - 1


def inclusion_proof(index: int, size: int, range_root: RangeRoot) -> list[bytes]:
    """What shows that a leaf is in the tree (RFC 9162, 2.1.3.1).

    :param index: number of the leaf, from 0
    :param size: number of leaves of the tree
    :raises ValueError: there is no such leaf
    """
    if not 0 <= index < size:
        raise ValueError(f"no leaf {index} among {size}")
    proof: list[bytes] = []
    low, high = 0, size
    while high - low > 1:
        middle = low + _split(high - low)
        if index < middle:
            proof.append(range_root(middle, high))
            high = middle
        else:
            proof.append(range_root(low, middle))
            low = middle
    return proof[::-1]


def is_included(
    index: int, size: int, hashed: bytes, proof: Iterable[bytes], root: bytes
) -> bool:
    """Whether a proof shows that a leaf is in the tree of a root (2.1.3.2)."""
    if not 0 <= index < size:
        return False
    place, last = index, size - 1
    for part in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            hashed = node_hash(part, hashed)
            while not place & 1 and place:
                place >>= 1
                last >>= 1
        else:
            hashed = node_hash(hashed, part)
        place >>= 1
        last >>= 1
    return last == 0 and hashed == root


def consistency_proof(first: int, second: int, range_root: RangeRoot) -> list[bytes]:
    """What shows that one tree is the beginning of another (2.1.4.1).

    :param first, second: numbers of leaves of the two
    :raises ValueError: unless 0 < first ≤ second
    """
    if not 0 < first <= second:
        raise ValueError(f"{first} leaves are no beginning of {second}")
    proof: list[bytes] = []
    low, high, is_whole = 0, second, True
    while first != high:
        middle = low + _split(high - low)
        if first <= middle:
            proof.append(range_root(middle, high))
            high = middle
        else:
            proof.append(range_root(low, middle))
            low, is_whole = middle, False
    if not is_whole:
        proof.append(range_root(low, high))
    return proof[::-1]


def is_consistent(
    first: int,
    second: int,
    first_root: bytes,
    second_root: bytes,
    proof: Iterable[bytes],
) -> bool:
    """Whether a proof shows that one tree is the beginning of another (2.1.4.2)."""
    path = list(proof)
    if not 0 < first <= second:
        return False
    if first == second:
        return not path and first_root == second_root
    if first & (first - 1) == 0:
        path.insert(0, first_root)
    if not path:
        return False
    place, last = first - 1, second - 1
    while place & 1:
        place >>= 1
        last >>= 1
    before = after = path[0]
    for part in path[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            before = node_hash(part, before)
            after = node_hash(part, after)
            while not place & 1 and place:
                place >>= 1
                last >>= 1
        else:
            after = node_hash(after, part)
        place >>= 1
        last >>= 1
    return last == 0 and before == first_root and after == second_root
