# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""From a file to everything that is derived from its picture, by ONE reduced decode.

`decode` runs in the decode children; `load_view` in any thread that shows or compares one
picture. Both open read-only and raise `DecodeError` for whatever is wrong with the file.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import IO, cast

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFile

from imgdupe.library import codecs, cr3, integrity, jpeg, metadata, raw_preview, thumbnails, xmp
from imgdupe.library.formats import is_raw, suffix_of
from imgdupe.library.refusals import MEMORY_TEXT, DecodeError, codec_errors
from imgdupe.library.source import Reader, Source
from imgdupe.records import INPUT_PX, FoundFile, Metadata, ProblemKind

__all__ = ["DecodeError", "Decoded", "decode", "load_view"]

Pixels = NDArray[np.uint8]

_LONG_PX, _SHORT_PX = 320, 224
_COARSE_PX = 400
_SMOOTH = Image.Resampling.LANCZOS
_TRANSPOSE = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


@dataclass(frozen=True, slots=True)
class Decoded:
    """What one decode gives; `content` and `scan` are to be hashed before the next file is read.

    `pixels`: uint8[INPUT_PX, INPUT_PX, 3] RGB, squashed; `luma32`, `luma64`: uint8[n, n];
    `thumbnail`: JPEG. All upright sRGB. `damaged`: why the picture is not sound, or None.
    """

    content: memoryview
    scan: list[bytes | memoryview] | None
    metadata: Metadata
    pixels: Pixels
    luma32: Pixels
    luma64: Pixels
    thumbnail: bytes
    damaged: str | None


@dataclass(frozen=True, slots=True)
class _Picture:
    """An opened picture with what the file says about it. `size` is that of the real pixels."""

    opened: codecs.Opened
    format: str
    size: tuple[int, int]
    orientation: int
    exif: metadata.ExifTables
    plan: jpeg.JpegLayout | None
    raw: bool


def decode(path: bytes, expected: FoundFile | None = None, reader: Reader | None = None) -> Decoded:
    """Read and decode a file; `expected` is what the walk saw. Raises `DecodeError`."""
    source = (reader or Reader()).read(path, expected)
    picture = _open(source)
    facts = _facts(picture)
    small = codecs.load(picture.opened, _LONG_PX, _SHORT_PX)
    thumbnail = thumbnails.shrunk(small)
    damaged = _damage(source, picture, np.asarray(thumbnail))
    small, thumbnail = (_upright(each, picture.orientation) for each in (small, thumbnail))
    luma = small.convert("L")
    coarse = luma.reduce(2) if max(luma.size) >= _COARSE_PX else luma
    plan = picture.plan
    return Decoded(
        content=source.data,
        scan=None if plan is None else jpeg.scan_parts(source, plan, picture.orientation),
        metadata=facts,
        pixels=np.asarray(small.resize((INPUT_PX, INPUT_PX), Image.Resampling.BILINEAR)),
        luma32=np.asarray(coarse.resize((32, 32), _SMOOTH)),
        luma64=np.asarray(coarse.resize((64, 64), _SMOOTH)),
        thumbnail=thumbnails.encoded(thumbnail),
        damaged=damaged,
    )


def load_view(path: bytes, long_side_px: int | None, expected: FoundFile | None = None) -> Pixels:
    """The upright sRGB picture, uint8[h, w, 3], its long side at most `long_side_px`.

    Never enlarged; None gives full size; of a RAW it is the preview. `expected`: the file as it
    was seen before. Raises `DecodeError`.
    """
    picture = _open(Reader().read(path, expected))
    image = codecs.load(picture.opened, long_side_px)
    try:
        if long_side_px is not None:
            size = thumbnails.fitted(image.size, long_side_px)
            image = image if size == image.size else image.resize(size, Image.Resampling.BICUBIC)
        return np.asarray(_upright(image, picture.orientation))
    except MemoryError as error:
        raise DecodeError(ProblemKind.TOO_LARGE, MEMORY_TEXT) from error


def _open(source: Source) -> _Picture:
    name = codecs.format_of(source)
    if name == "RAW" or (name == "TIFF" and is_raw(source.name)):
        return _open_raw(source)
    opened = codecs.open_picture(source, name)
    with codec_errors(name):
        tables = metadata.tables(opened.image.getexif())
    plan = jpeg.layout(source) if name == "JPEG" else None
    # Pillow's TIFF decoder turns the picture itself, and tells its size upright.
    turn = 1 if name == "TIFF" else metadata.orientation_of(tables.base)
    return _Picture(opened, name, opened.image.size, turn, tables, plan, raw=False)


def _open_raw(source: Source) -> _Picture:
    """The largest preview stands for the picture; facts come from the RAW if it can be read."""
    preview = raw_preview.find(source)
    opened = codecs.open_picture(source, "JPEG", preview.start, preview.end)
    tables = cr3.tables(source) or _tiff_tables(source)
    if not tables.base:
        tables = metadata.tables(opened.image.getexif())
    turn = metadata.orientation_of(tables.base)
    wide, preview_wide = (w >= h for w, h in (preview.size, preview.preview_size))
    if turn >= 5 and wide != preview_wide:
        turn = 1  # this maker stores the preview upright already
    name = suffix_of(source.name)[1:].decode("ascii", "replace").upper() or "RAW"
    return _Picture(opened, name, preview.size, turn, tables, None, raw=True)


def _tiff_tables(source: Source) -> metadata.ExifTables:
    exif = Image.Exif()
    try:
        exif.load_from_fp(cast("IO[bytes]", source.stream()))
    except Exception:  # noqa: BLE001  Pillow parses strangers' bytes here: any error means no facts
        return metadata.ExifTables()
    return metadata.tables(exif)


def _facts(picture: _Picture) -> Metadata:
    info = picture.opened.image.info
    packet = info.get("xmp") or info.get("XML:com.adobe.xmp") or picture.exif.base.get(0x2BC)
    packet = packet.encode() if isinstance(packet, str) else packet
    return metadata.metadata(
        picture.exif,
        xmp.parse(packet) if isinstance(packet, bytes) else xmp.Xmp(),
        size=picture.size,
        format_name=picture.format,
        orientation=picture.orientation,
        jpeg_quality=None if picture.plan is None else _quality(picture.opened.image),
    )


def _quality(image: ImageFile.ImageFile) -> int | None:
    tables: dict[int, list[int]] = getattr(image, "quantization", {})
    return jpeg.quality(tables)


def _damage(source: Source, picture: _Picture, thumbnail: Pixels) -> str | None:
    if not picture.raw:
        return integrity.damage(source, picture.format, picture.plan, thumbnail)
    if raw_preview.black(thumbnail):
        return "Its preview is black: nothing of the picture can be seen."
    return integrity.raw_damage(source)


def _upright(image: Image.Image, orientation: int) -> Image.Image:
    method = _TRANSPOSE.get(orientation)
    return image if method is None else image.transpose(method)
