# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Walks the directories of a TIFF, or of a RAW built like one, with every step bounded.

Pure functions over bytes in memory; any thread. Reads integers only: where pictures lie, how
large they are, how they are turned. Handles classic and Big TIFF and the marks of ORF and RW2.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

from imgdupe.library.source import Source

SUB_DIRECTORIES = 0x14A
WIDTH, HEIGHT = 0x100, 0x101
COMPRESSION, ORIENTATION = 0x103, 0x112
STRIP_OFFSETS, STRIP_COUNTS = 0x111, 0x117
TILE_OFFSETS, TILE_COUNTS = 0x144, 0x145
JPEG_OFFSET, JPEG_LENGTH = 0x201, 0x202
PANASONIC_JPEG = 0x2E
PIXEL_WIDTH, PIXEL_HEIGHT = 0xA002, 0xA003
_EXIF = 0x8769
DNG_VERSION = 0xC612

_MAX_DIRECTORIES = 64
_MAX_ENTRIES = 4096
_MAX_VALUES = 1 << 16
_INTEGERS = {1: "B", 3: "H", 4: "I", 13: "I", 16: "Q"}
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8}
_MARKS = {42: False, 43: True, 0x55: False, 0x4F52: False, 0x5352: False}

Directory = dict[int, tuple[int, ...]]
"""Tag to its integers; for other types (offset, bytes) of the value, under the tag + `AT`."""
AT = 1 << 20


@dataclass(slots=True)
class Tiff:
    """The directories found; `cut`: something points outside the file."""

    directories: list[Directory] = field(default_factory=list)
    cut: bool = False


def read(source: Source) -> Tiff | None:
    """All directories, at most 64; None if the file does not begin like a TIFF."""
    data = source.data
    if len(data) < 16 or bytes(data[:2]) not in (b"II", b"MM"):
        return None
    order = "<" if data[0] == 0x49 else ">"
    mark = struct.unpack_from(order + "H", data, 2)[0]
    if mark not in _MARKS:
        return None
    big = _MARKS[mark]
    first = struct.unpack_from(order + ("Q" if big else "I"), data, 8 if big else 4)[0]
    found = Tiff()
    pending, seen = [first], set()
    while pending and len(found.directories) < _MAX_DIRECTORIES:
        offset = pending.pop(0)
        if offset in seen:
            continue
        seen.add(offset)
        try:
            directory, following = _directory(data, offset, order, big=big)
        except struct.error:
            found.cut = True
            continue
        found.directories.append(directory)
        found.cut = found.cut or not directory or _reaches_outside(directory, source.size)
        pending.extend(directory.get(SUB_DIRECTORIES, ())[:_MAX_DIRECTORIES])
        pending.extend(directory.get(_EXIF, ()))
        if following:
            pending.append(following)
    return found


def extents(directory: Directory) -> list[tuple[int, int]]:
    """(offset, bytes) of every piece of picture data of a directory."""
    pieces: list[tuple[int, int]] = []
    for offsets, counts in (
        (STRIP_OFFSETS, STRIP_COUNTS),
        (TILE_OFFSETS, TILE_COUNTS),
        (JPEG_OFFSET, JPEG_LENGTH),
    ):
        pieces += zip(directory.get(offsets, ()), directory.get(counts, ()), strict=False)
    return pieces


def _reaches_outside(directory: Directory, size: int) -> bool:
    return any(offset + count > size for offset, count in extents(directory))


def _directory(data: memoryview, offset: int, order: str, *, big: bool) -> tuple[Directory, int]:
    """One directory and the offset of the next; raises struct.error outside the file."""
    count = struct.unpack_from(order + ("Q" if big else "H"), data, offset)[0]
    at = offset + (8 if big else 2)
    entry_bytes = 20 if big else 12
    directory: Directory = {}
    for number in range(min(count, _MAX_ENTRIES)):
        tag, kind, length = struct.unpack_from(
            order + ("HHQ" if big else "HHI"), data, at + number * entry_bytes
        )
        value_at = at + number * entry_bytes + (12 if big else 8)
        size = _SIZES.get(kind, 1) * length
        if size > (8 if big else 4):
            value_at = struct.unpack_from(order + ("Q" if big else "I"), data, value_at)[0]
        if kind in _INTEGERS and length <= _MAX_VALUES and value_at + size <= len(data):
            directory[tag] = struct.unpack_from(f"{order}{length}{_INTEGERS[kind]}", data, value_at)
        elif kind not in _INTEGERS:
            directory[tag + AT] = (value_at, size)
    if count > _MAX_ENTRIES:
        return directory, 0
    following = struct.unpack_from(order + ("Q" if big else "I"), data, at + count * entry_bytes)[0]
    return directory, following
