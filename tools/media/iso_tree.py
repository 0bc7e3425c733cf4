"""The boxes of an ISO base media file as a tree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from .kinds import iso_boxes

# A recording of an hour in fragments has some 50,000.
MAX_BOXES = 200_000


@dataclass(eq=False)
class Node:
    """A box: ``start`` with its header, ``inside`` without it, to ``end``.

    ``is_known`` tells whether it may stay where it is; only such ones have children.
    """

    name: bytes
    start: int
    inside: int
    end: int
    is_known: bool = True
    children: list[Node] = field(default_factory=list)

    def named(self, *names: bytes) -> list[Node]:
        """Return the children of these names that may stay."""
        return [node for node in self.children if node.is_known and node.name in names]

    def path(self, *names: bytes) -> Node | None:
        """Return the first box down this path."""
        node = self
        for name in names:
            found = node.named(name)
            if not found:
                return None
            node = found[0]
        return node

    def all(self) -> Iterator[Node]:
        """Yield every box below this one, parents first."""
        for node in self.children:
            yield node
            yield from node.all()

    def kept(self, left_out: set[int]) -> Iterator[Node]:
        """Yield those that stay: nothing below a box that starts at these places."""
        for node in self.children:
            if node.start not in left_out:
                yield node
                yield from node.kept(left_out)


def parse(data: bytes, known: dict[bytes, frozenset[bytes]]) -> Node:
    """Read a whole file.

    :param known: names of containers → those that may stay in them; ``b""``: the file
    :raise MediaError: broken, when a box is cut off.
    :raise ValueError: more than ``MAX_BOXES``.
    """
    root = Node(b"", 0, 0, len(data))
    pending, count = [root], 0
    while pending:
        parent = pending.pop()
        for name, start, inside, end in iso_boxes(data, parent.inside, parent.end):
            count += 1
            if count > MAX_BOXES:
                raise ValueError("too many boxes")
            node = Node(name, start, inside, end, name in known[parent.name])
            parent.children.append(node)
            if node.is_known and name in known:
                pending.append(node)
    return root
