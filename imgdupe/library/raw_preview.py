# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Finds the JPEG that a camera puts into its RAW files.

Runs in the decode children. Looks where the directories of TIFF-like RAWs and Fuji's header
point; if there is nothing large enough, at every JPEG start in the file (CR3, ORF, X3F, …).
Nothing is decoded here, and sensor data is never developed.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from imgdupe.library import jpeg, tiff
from imgdupe.library.refusals import DecodeError
from imgdupe.library.source import Source
from imgdupe.records import ProblemKind

MIN_LONG_SIDE_PX = 320
"""Smaller previews are thumbnails: compared as if they were the photo, they would mislead."""

_FUJI_MARK = b"FUJIFILMCCD-RAW"
_FUJI_OFFSET = 84
_BLACK_LEVEL = 8
_JPEG_START = b"\xff\xd8\xff"
_NO_PREVIEW = "This RAW has no embedded preview picture that could be compared."


@dataclass(frozen=True, slots=True)
class RawPreview:
    """The preview's bytes [start, end) in the file.

    `size` is the RAW's own (width, height), not turned; `orientation` is the RAW's, None if only
    the preview can say.
    """

    start: int
    end: int
    preview_size: tuple[int, int]
    size: tuple[int, int]
    orientation: int | None


def find(source: Source) -> RawPreview:
    """The largest embedded preview; raises `DecodeError` if none is large enough."""
    parsed = tiff.read(source)
    directories = parsed.directories if parsed else []
    best = _largest(_pointed_at(source, directories))
    if best is None or max(best.size) < MIN_LONG_SIDE_PX:
        best = _largest(_anywhere(source)) or best
    if best is None or max(best.size) < MIN_LONG_SIDE_PX:
        raise DecodeError(ProblemKind.UNSUPPORTED, _NO_PREVIEW)
    size = _raw_size(directories, best.size)
    turn = next((d[tiff.ORIENTATION][0] for d in directories if d.get(tiff.ORIENTATION)), None)
    return RawPreview(best.start, best.end, best.size, size, turn)


def black(preview: NDArray[np.uint8]) -> bool:
    """True if nothing is to be seen in a decoded preview: a cut RAW may well say so."""
    return int(preview.max(initial=0)) < _BLACK_LEVEL


@dataclass(frozen=True, slots=True)
class _Candidate:
    start: int
    end: int
    size: tuple[int, int]


def _largest(candidates: Iterator[_Candidate]) -> _Candidate | None:
    return max(candidates, key=lambda each: each.size[0] * each.size[1], default=None)


def _pointed_at(source: Source, directories: list[tiff.Directory]) -> Iterator[_Candidate]:
    """What the directories name as JPEG, and what Fuji's header names."""
    places = [place for directory in directories for place in tiff.extents(directory)]
    for directory in directories:
        if tiff.PANASONIC_JPEG + tiff.AT in directory:
            offset, length = directory[tiff.PANASONIC_JPEG + tiff.AT]
            places.append((offset, length))
    if source.size > _FUJI_OFFSET + 8 and source.find(_FUJI_MARK, 0, len(_FUJI_MARK)) == 0:
        offset, length = struct.unpack_from(">II", source.data, _FUJI_OFFSET)
        places.append((offset, length))
    for offset, length in places:
        if length and bytes(source.data[offset : offset + 3]) == _JPEG_START:
            candidate = _checked(source, offset, min(offset + length, source.size))
            if candidate:
                yield candidate


def _anywhere(source: Source) -> Iterator[_Candidate]:
    """Every ordinary JPEG in the file, wherever it lies."""
    at = source.find(_JPEG_START)
    while at >= 0:
        candidate = _checked(source, at, None)
        if candidate:
            yield candidate
        at = source.find(_JPEG_START, candidate.end if candidate else at + 2)


def _checked(source: Source, start: int, end: int | None) -> _Candidate | None:
    """A JPEG that every decoder reads (sensor data is often lossless JPEG, which none does)."""
    plan = jpeg.layout(source, start, end, inside=True)
    if plan is None or not plan.lossy or not plan.width or not plan.height:
        return None
    stop = end if end is not None else plan.end
    return None if stop is None else _Candidate(start, stop, (plan.width, plan.height))


def _raw_size(directories: list[tiff.Directory], preview: tuple[int, int]) -> tuple[int, int]:
    """The largest size that the file names anywhere: the sensor's picture."""
    sizes = [preview]
    for directory in directories:
        for wide, high in ((tiff.WIDTH, tiff.HEIGHT), (tiff.PIXEL_WIDTH, tiff.PIXEL_HEIGHT)):
            width, height = directory.get(wide, (0,)), directory.get(high, (0,))
            if width and height:
                sizes.append((width[0], height[0]))
    return max(sizes, key=lambda size: size[0] * size[1])
