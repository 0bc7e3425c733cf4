"""Comments as Vorbis keeps them, blanked in place.

So do Opus, Speex, Theora and FLAC: (length, name of the encoder), number of comments,
(length, comment)…; Vorbis ends it with a bit that is one.
"""

from __future__ import annotations

from .flac import KEPT_BLOCKS, LAST, PADDING


def blank_comments(packet: bytearray, start: int, *, ends_with_bit: bool) -> None:
    """Make all of it the encoder's name, in spaces, and the number of comments none.

    :param start: where the length of the encoder's name stands
    :raise ValueError: there is no room for it.
    """
    room = len(packet) - start - 8 - ends_with_bit
    if room < 0:
        raise ValueError("comments are cut off")
    packet[start:] = b"".join(
        [room.to_bytes(4, "little"), b" " * room, bytes(4), b"\x01" * ends_with_bit]
    )


def blank_flac_block(block: bytearray) -> None:
    """Make a block of notes one of padding; blocks that a player reads stay."""
    if block[0] & 0x7F not in KEPT_BLOCKS:
        block[0] = block[0] & LAST | PADDING
        block[4:] = bytes(len(block) - 4)


def blank_private(private: bytearray, codec: bytes) -> None:
    """Blank the comments in what a Matroska track keeps for its codec.

    :raise ValueError: they are cut off.
    """
    if codec.startswith((b"A_VORBIS", b"V_THEORA")):
        start, end = _second_laced(private)
        packet = private[start:end]
        # "\3vorbis" or "\x81theora"
        blank_comments(packet, 7, ends_with_bit=codec.startswith(b"A_VORBIS"))
        private[start:end] = packet
    elif codec.startswith(b"A_FLAC"):
        at = 4 if private.startswith(b"fLaC") else len(private)
        while at + 4 <= len(private):
            end = at + 4 + int.from_bytes(private[at + 1 : at + 4])
            block = private[at:end]
            blank_flac_block(block)
            private[at:end] = block
            at = end


def _second_laced(private: bytes) -> tuple[int, int]:
    """Return where the second of three packets lies, by the lengths before them."""
    if not private or private[0] != 2:
        raise ValueError("no three packets")
    at, sizes = 1, []
    for _packet in range(2):
        size = 0
        while private[at] == 255:
            size, at = size + 255, at + 1
        sizes.append(size + private[at])
        at += 1
    start, end = at + sizes[0], at + sum(sizes)
    if end > len(private):
        raise ValueError("packets are cut off")
    return start, end
