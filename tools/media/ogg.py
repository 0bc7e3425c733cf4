"""Comments in OGG files (RFC 3533), blanked out."""

from __future__ import annotations

from collections.abc import Iterator

# How the packet begins that holds a stream's comments.
OGG_COMMENTS = (b"\x03vorbis", b"OpusTags")


def clean_ogg(data: bytes) -> bytes:
    """Make the comments of each stream spaces, and each page's checksum right again."""
    cleaned = bytearray(data)
    for parts in _second_packets(data):
        packet = bytearray(b"".join(data[start:end] for start, end in parts))
        _blank_comments(packet)
        for start, end in parts:
            cleaned[start:end] = packet[: end - start]
            del packet[: end - start]
    for start, end in pages(data):
        if cleaned[start:end] != data[start:end]:
            cleaned[start + 22 : start + 26] = bytes(4)
            cleaned[start + 22 : start + 26] = checksum(cleaned[start:end])
    return bytes(cleaned)


def _blank_comments(packet: bytearray) -> None:
    """Make the comments of a Vorbis or Opus stream spaces; each keeps its length."""
    head = next((head for head in OGG_COMMENTS if packet.startswith(head)), None)
    if head is None:
        return
    at = len(head)
    at += 4 + int.from_bytes(packet[at : at + 4], "little")  # the encoder's name
    count = int.from_bytes(packet[at : at + 4], "little")
    at += 4
    for _comment in range(count):
        size = int.from_bytes(packet[at : at + 4], "little")
        at += 4
        if at + size > len(packet):
            raise ValueError("comments are cut off")
        packet[at : at + size] = b"A=".ljust(size)[:size]
        at += size


def pages(data: bytes) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of the pages (RFC 3533, 6)."""
    at = 0
    while data[at : at + 4] == b"OggS":
        body = at + 27 + data[at + 26]
        end = body + sum(data[at + 27 : body])
        if end > len(data):
            break
        yield at, end
        at = end


def _second_packets(data: bytes) -> list[list[tuple[int, int]]]:
    """Return the parts of each stream's second packet: it holds the comments."""
    found: dict[bytes, tuple[int, list[tuple[int, int]]]] = {}
    for start, _end in pages(data):
        serial = data[start + 14 : start + 18]
        number, parts = found.get(serial, (0, []))
        place = start + 27 + data[start + 26]
        for size in data[start + 27 : place]:
            if number == 1:
                parts.append((place, place + size))
            place += size
            number += size < 255
        found[serial] = number, parts
    return [parts for _number, parts in found.values()]


def _crc_table() -> list[int]:
    table = []
    for byte in range(256):
        crc = byte << 24
        for _bit in range(8):
            crc = (crc << 1 ^ (0x04C11DB7 if crc & 0x80000000 else 0)) & 0xFFFFFFFF
        table.append(crc)
    return table


CRC = _crc_table()


def checksum(page: bytes) -> bytes:
    """Return the checksum of a page whose own field is zero."""
    crc = 0
    for byte in page:
        crc = (crc << 8 & 0xFFFFFFFF) ^ CRC[crc >> 24 ^ byte]
    return crc.to_bytes(4, "little")
