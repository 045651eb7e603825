# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The structure of a JPEG: which bytes decide its pixels, where it ends, what quality it has.

Pure functions over bytes in memory; any thread. Decodes nothing.
Markers after ITU-T T.81, table B.1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from imgdupe.library.source import Source

_SOI, _EOI, _SOS = 0xD8, 0xD9, 0xDA
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_LOSSY = frozenset({0xC0, 0xC1, 0xC2})  # what every decoder reads: baseline and progressive
_DECIDING = _FRAMES | {0xC4, 0xCC, 0xDB, 0xDD}  # frames, Huffman and quantisation tables, restarts
_STANDALONE = frozenset({0x01, *range(0xD0, 0xD8)})
_COLOUR_SEGMENTS = (b"\xeeAdobe", b"\xe2ICC_PROFILE\0")
_MORE_PICTURES = (b"\xe2MPF\0",)
_TAIL_BYTES = 4096
# Restarts belong into a scan; tables and further scans may follow one.
_FOREIGN_MARKER = re.compile(rb"\xff+[^\x00\xc4\xd0-\xd7\xda\xdb\xdd\xff]")
# The luminance table of T.81 annex K, which IJG's quality scales.
_LUMINANCE = (
    *(16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55),
    *(14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51, 87, 80, 62),
    *(18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92),
    *(49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99),
)


@dataclass(frozen=True, slots=True)
class JpegLayout:
    """Offsets in the file.

    `deciding`: header segments that decide pixels; `scan`: the first SOS marker; `end`: behind
    the end marker, or None if there is none. `lossy`: of the kind that every decoder reads.
    """

    deciding: tuple[tuple[int, int], ...]
    scan: int
    end: int | None
    width: int
    height: int
    lossy: bool
    progressive: bool


def layout(
    source: Source, start: int = 0, stop: int | None = None, *, inside: bool = False
) -> JpegLayout | None:
    """The layout of the JPEG in [start, stop); None if it has no frame or no scan.

    `inside`: it lies in some other file, so it has to be flawless, and ends before `stop`.
    """
    stop = source.size if stop is None else stop
    data = source.data
    deciding: list[tuple[int, int]] = []
    frame: tuple[int, int, int, int] | None = None
    alone = not inside
    for marker, at, end in segments(data, start, stop, strict=inside):
        if marker in _FRAMES and end - at >= 9 and frame is None:
            height, width = _u16(data, at + 5), _u16(data, at + 7)
            frame = marker, data[at + 4], width, height
        if marker in _DECIDING or is_named(data, at, _COLOUR_SEGMENTS):
            deciding.append((at, end))
        elif is_named(data, at, _MORE_PICTURES):
            alone = False
        elif marker == _SOS and frame is not None:
            kind, bits, width, height = frame
            finish = _end(source, at, stop, alone=alone)
            lossy = kind in _LOSSY and bits == 8
            return JpegLayout(tuple(deciding), at, finish, width, height, lossy, kind == 0xC2)
    return None


def scan_parts(source: Source, plan: JpegLayout, orientation: int) -> list[bytes | memoryview]:
    """What decides the upright pixels, to be hashed: tables, profile, scans, orientation."""
    data = source.data
    parts: list[bytes | memoryview] = [data[start:end] for start, end in plan.deciding]
    return [*parts, data[plan.scan : plan.end or source.size], bytes([orientation])]


def first_foreign_marker(source: Source, plan: JpegLayout) -> int | None:
    """Where the scans are interrupted by something that is no part of them, before `end`."""
    scan_data = plan.scan + 2 + _u16(source.data, plan.scan + 2)
    end = (plan.end or source.size) - 2
    found = _FOREIGN_MARKER.search(source.raw, scan_data, end)
    return found.start() if found else None


def quality(tables: dict[int, list[int]]) -> int | None:
    """Quality 1-100 on IJG's scale: the one whose luminance table is coarse as the first here."""
    if not tables:
        return None
    coarseness = sum(tables[min(tables)])
    sums = _coarseness_by_quality()
    return 1 + min(range(100), key=lambda index: abs(sums[index] - coarseness))


@cache
def _coarseness_by_quality() -> tuple[int, ...]:
    """The sum of IJG's luminance table at each quality 1-100 (jcparam.c, jpeg_quality_scaling)."""
    scales = [5000 // q if q < 50 else 200 - 2 * q for q in range(1, 101)]
    return tuple(
        sum(min(max((step * scale + 50) // 100, 1), 255) for step in _LUMINANCE) for scale in scales
    )


def segments(
    data: memoryview, start: int, stop: int, *, strict: bool
) -> Iterator[tuple[int, int, int]]:
    """(marker, offset of its FF, end) for each header segment up to and including the first SOS.

    Garbage between segments is skipped, as decoders do; `strict` ends there.
    """
    at = start + 2
    while at + 4 <= stop:
        if data[at] != 0xFF:
            if strict:
                return
            at += 1
            continue
        marker = data[at + 1]
        if marker == 0xFF:  # fill byte
            at += 1
        elif marker in _STANDALONE or marker in (0x00, _SOI):
            at += 2
        elif marker == _EOI:
            return
        else:
            end = min(at + 2 + _u16(data, at + 2), stop)
            yield marker, at, end
            if marker == _SOS:
                return
            at = max(end, at + 4)


def is_named(data: memoryview, at: int, names: tuple[bytes, ...]) -> bool:
    """True if the segment at `at` has one of these markers, followed by this name."""
    start = bytes(data[at + 1 : at + 2]) + bytes(data[at + 4 : at + 16])
    return start.startswith(names)


def _end(source: Source, scan: int, stop: int, *, alone: bool) -> int | None:
    """Behind the end marker. Most files end with it; only others are searched through."""
    mark = b"\xff\xd9"
    found = -1
    if alone:
        found = source.raw.rfind(mark, max(scan, stop - _TAIL_BYTES), stop)
    if found < 0:
        found = source.find(mark, scan, stop)
    return found + 2 if found >= 0 else None


def _u16(data: memoryview, at: int) -> int:
    return int.from_bytes(data[at : at + 2], "big")
