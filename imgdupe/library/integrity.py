# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Signs of damage that decoders pass over in silence: broken-off copies, lost sectors, bad CRCs.

Runs in the decode children, after a picture was decoded. Looks at structure and at places a
healthy file cannot have; it does not find a single flipped bit. A reason is words for a person.
"""

from __future__ import annotations

import zlib

import numpy as np
from numpy.typing import NDArray

from imgdupe.library import jpeg, tiff
from imgdupe.library.source import Source

_SECTOR = 512
_ENDS_EARLY = "The file ends before the picture does; the copy was broken off."
_LOST_SECTORS = "Part of the file is empty (zeros): a bad sector or an unfinished copy."
_BAD_CHECKSUM = "A checksum in the file is wrong; its data changed."
_CUT_SCAN = "The picture data is interrupted, and the rest of the picture is one colour."
_MISSING_HALF = "The end of the file is empty (zeros), and so is one side of the picture."
_BAND_SHARE = 1 / 16
_UNCOMPRESSED = {"TIFF", "BMP", "TGA"}  # (often)
_BOXES = frozenset(
    {
        *(b"ftyp", b"meta", b"mdat", b"moov", b"moof", b"free", b"skip", b"uuid", b"idat"),
        *(b"jP  ", b"jp2h", b"jp2c", b"res ", b"xml ", b"uinf", b"jp2i", b"jpch", b"jplh"),
    }
)
_GIF_MAX_BLOCKS = 4_000_000


def damage(
    source: Source, name: str, plan: jpeg.JpegLayout | None, thumbnail: NDArray[np.uint8]
) -> str | None:
    """Why a picture that decoded is not sound, or None. `thumbnail`: uint8[h, w, 3], not turned.

    `plan`: the layout of a JPEG; `name`: the format in Pillow's spelling.
    """
    if name == "JPEG":
        return _jpeg(source, plan, thumbnail)
    if name == "PNG":
        return _png(source)
    if name in _CONTAINERS:
        return _CONTAINERS[name](source) or _lost(source)
    if name in _UNCOMPRESSED:
        return _tiff(source) or _half_empty(source, thumbnail)
    return None


def raw_damage(source: Source) -> str | None:
    """Why a RAW with a sound preview is not sound itself, or None."""
    return _tiff(source)


def _jpeg(source: Source, plan: jpeg.JpegLayout | None, thumbnail: NDArray[np.uint8]) -> str | None:
    if plan is None or plan.end is None:
        return _ENDS_EARLY
    if _has_lost_sectors(source, plan.scan, plan.end):
        return _LOST_SECTORS
    one_colour_below = _band(thumbnail[::-1]) and not _band(thumbnail)
    return _CUT_SCAN if one_colour_below and _interrupted(source, plan) else None


def _interrupted(source: Source, plan: jpeg.JpegLayout) -> bool:
    """True if the scan has an end or a marker where it should have data."""
    early = plan.end is not None and plan.end < source.size // 2
    return early or jpeg.first_foreign_marker(source, plan) is not None


def _png(source: Source) -> str | None:
    """Every chunk's CRC up to IEND."""
    at = 8
    data = source.data
    while at + 12 <= source.size:
        length = int.from_bytes(data[at : at + 4], "big")
        end = at + 12 + length
        if end > source.size:
            return _ENDS_EARLY
        if zlib.crc32(data[at + 4 : end - 4]) != int.from_bytes(data[end - 4 : end], "big"):
            return _BAD_CHECKSUM
        if bytes(data[at + 4 : at + 8]) == b"IEND":
            return None
        at = end
    return _ENDS_EARLY


def _gif(source: Source) -> str | None:
    """The chain of blocks has to reach the trailer."""
    data = source.data
    if source.size < 13:
        return _ENDS_EARLY
    at = 13 + _colours(data[10])
    for _ in range(_GIF_MAX_BLOCKS):
        if at >= source.size:
            return _ENDS_EARLY
        kind = data[at]
        if kind == 0x3B:
            return None
        if kind == 0x2C and at + 10 < source.size:
            at += 11 + _colours(data[at + 9])
        elif kind == 0x21:
            at += 2
        else:
            return _LOST_SECTORS if kind == 0 else "The chain of blocks in the file is broken."
        while at < source.size and data[at]:
            at += data[at] + 1
        at += 1
    return None


def _colours(flags: int) -> int:
    """Bytes of the colour table that a GIF's flags announce."""
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _boxes(source: Source) -> str | None:
    """The boxes of an ISO file, end to end."""
    at = 0
    data = source.data
    if bytes(data[4:8]) not in (b"ftyp", b"jP  "):
        return None  # a bare JPEG 2000 codestream
    while at + 8 <= source.size:
        length = int.from_bytes(data[at : at + 4], "big")
        kind = bytes(data[at + 4 : at + 8])
        if length == 1 and at + 16 <= source.size:
            length = int.from_bytes(data[at + 8 : at + 16], "big")
        if length == 0:
            return None  # to the end of the file
        if length < 8 or kind not in _BOXES:
            return None  # something appended behind the last box
        at += length
    return _ENDS_EARLY if at > source.size else None


def _riff(source: Source) -> str | None:
    announced = int.from_bytes(source.data[4:8], "little") + 8
    return _ENDS_EARLY if announced > source.size else None


def _tiff(source: Source) -> str | None:
    parsed = tiff.read(source)
    return _ENDS_EARLY if parsed is not None and parsed.cut else None


def _lost(source: Source) -> str | None:
    """Lost sectors in compressed data."""
    return _LOST_SECTORS if _has_lost_sectors(source, 0, source.size) else None


def _has_lost_sectors(source: Source, start: int, end: int) -> bool:
    """True if whole sectors of [start, end) are zero, from border to border.

    (Or to the end of the file.) Compressed data can hold long runs of zeros, but not so placed.
    """
    first, last = -(-start // _SECTOR), end // _SECTOR
    if last <= first:
        return False
    data = np.frombuffer(source.data, np.uint8)
    sectors = data[first * _SECTOR : last * _SECTOR].reshape(-1, _SECTOR)
    empty = np.flatnonzero(sectors[:, 0] == 0)  # most sectors are told by one byte
    empty = empty[~sectors[empty].any(axis=1)] + first
    for run in np.split(empty, np.flatnonzero(np.diff(empty) > 1) + 1):
        if run.size and _at_borders(data, int(run[0]) * _SECTOR, (int(run[-1]) + 1) * _SECTOR):
            return True
    return False


def _at_borders(data: NDArray[np.uint8], start: int, end: int) -> bool:
    if not data[end:].any():
        return True
    return (start == 0 or bool(data[start - 1])) and bool(data[end])


def _half_empty(source: Source, thumbnail: NDArray[np.uint8]) -> str | None:
    """Uncompressed data: a zero end of the file that is seen as a band on one side only."""
    tail = np.frombuffer(source.data[-max(source.size // 16, 1) :], np.uint8)
    one_sided = _band(thumbnail) != _band(thumbnail[::-1])
    return _MISSING_HALF if one_sided and not tail.any() else None


def _band(thumbnail: NDArray[np.uint8]) -> bool:
    """True if the top sixteenth of the picture has exactly one colour and the whole has not."""
    rows = max(round(thumbnail.shape[0] * _BAND_SHARE), 1)
    band = thumbnail[:rows]
    return bool((band == band[0, 0]).all()) and not bool((thumbnail == band[0, 0]).all())


_CONTAINERS = {"GIF": _gif, "WEBP": _riff, "HEIF": _boxes, "AVIF": _boxes, "JPEG2000": _boxes}
