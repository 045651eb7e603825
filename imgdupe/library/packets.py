# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Where in a picture file its XMP packet lies, and a JPEG with another packet in its place.

Any thread, pure functions over bytes in memory. Only the packet's own segment of a JPEG changes:
pixels, EXIF and everything else stay byte for byte (XMP part 3, 1.1.3).
"""

from __future__ import annotations

from imgdupe.library.jpeg import is_named, segments

_HEAD = b"http://ns.adobe.com/xap/1.0/\0"
_MOST_BYTES = 0xFFFF - 2 - len(_HEAD)  # a segment's length takes two bytes of it
_APP0, _APP1, _SOS = 0xE0, 0xE1, 0xDA
# Further pictures that are found by their offset, and signatures over the bytes.
_BETTER_LEFT_ALONE = (b"\xe2MPF\0", b"\xebJP")
_OPENING, _CLOSING = b"<x:xmpmeta", b"</x:xmpmeta>"


def is_jpeg(data: bytes) -> bool:
    """By its first bytes, whatever its name says."""
    return data.startswith(b"\xff\xd8\xff")


def embedded(data: bytes) -> bytes | None:
    """The packet in the beginning (or the end) of a file, or None.

    A JPEG says where it is; in other files the packet's own marks are looked for.
    """
    if not is_jpeg(data):
        start = data.find(_OPENING)
        end = data.find(_CLOSING, start)
        return data[start : end + len(_CLOSING)] if 0 <= start < end else None
    view = memoryview(data)
    for marker, at, end in segments(view, 0, len(data), strict=False):
        if marker == _APP1 and view[at + 4 : end][: len(_HEAD)] == _HEAD:
            return data[at + 4 + len(_HEAD) : end]
    return None


def with_packet(data: bytes, packet: bytes) -> bytes | None:
    """The JPEG with this packet; None where that is not safe, so that a sidecar has to do.

    Not safe: no JPEG, an odd structure, two packets, more pictures in the file, a signature, or a
    packet that does not fit into one segment. The result's size always differs from the file's.
    """
    if not is_jpeg(data) or len(packet) >= _MOST_BYTES:
        return None
    view = memoryview(data)
    place: tuple[int, int] | None = None
    behind_heads = 2
    last = 0
    for marker, at, end in segments(view, 0, len(data), strict=True):
        last = marker
        if is_named(view, at, _BETTER_LEFT_ALONE):
            return None
        if marker == _APP1 and view[at + 4 : end][: len(_HEAD)] == _HEAD:
            if place is not None:
                return None
            place = at, end
        if marker in (_APP0, _APP1) and at == behind_heads:
            behind_heads = end
    if last != _SOS:
        return None
    start, end = place or (behind_heads, behind_heads)
    if end - start == 4 + len(_HEAD) + len(packet):
        packet += b"\n"
    length = (2 + len(_HEAD) + len(packet)).to_bytes(2, "big")
    return data[:start] + b"\xff\xe1" + length + _HEAD + packet + data[end:]
