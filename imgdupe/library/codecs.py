# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The only place where Pillow's decoders are opened: an allow-list, with limits, one small RGB out.

Runs in the decode children, and in threads that show one picture. Formats go by content, never by
name. The first frame or page counts. Everything a codec raises leaves as `DecodeError`.
"""

from __future__ import annotations

import importlib
import warnings
from dataclasses import dataclass
from typing import cast

from PIL import Image, ImageFile

from imgdupe.library import colour
from imgdupe.library.formats import HEAD_BYTES, sniff, suffix_of
from imgdupe.library.refusals import MEMORY_TEXT, DecodeError, codec_errors
from imgdupe.library.source import Source
from imgdupe.records import ProblemKind

_PLUGINS = {
    "JPEG": ("PIL.JpegImagePlugin", "JpegImageFile"),
    "PNG": ("PIL.PngImagePlugin", "PngImageFile"),
    "WEBP": ("PIL.WebPImagePlugin", "WebPImageFile"),
    "TIFF": ("PIL.TiffImagePlugin", "TiffImageFile"),
    "GIF": ("PIL.GifImagePlugin", "GifImageFile"),
    "BMP": ("PIL.BmpImagePlugin", "BmpImageFile"),
    "AVIF": ("PIL.AvifImagePlugin", "AvifImageFile"),
    "HEIF": ("pi_heif", "HeifImageFile"),
    "JPEG2000": ("PIL.Jpeg2KImagePlugin", "Jpeg2KImageFile"),
    "PSD": ("PIL.PsdImagePlugin", "PsdImageFile"),
    "TGA": ("PIL.TgaImagePlugin", "TgaImageFile"),
    "PPM": ("PIL.PpmImagePlugin", "PpmImageFile"),
}
_LIMIT_BYTES = 900 << 20
_NARROW_MODES = {"1": 1, "L": 1, "P": 1, "I;16": 2, "I;16L": 2, "I;16B": 2}
_GREEDY_FORMATS = {"WEBP": 12, "AVIF": 10, "HEIF": 10}  # they hold several whole copies
_LOOKED_AT_BYTES = 1 << 20
_DRAFT_SCALES = (8, 4, 2)


@dataclass(frozen=True, slots=True)
class Opened:
    """A header that was read: nothing is decoded yet. `image.size` is the stored size."""

    image: ImageFile.ImageFile
    format: str


def format_of(source: Source) -> str:
    """Pillow's name of the format; raises `DecodeError` if it is none that is read here."""
    head = bytes(source.data[:HEAD_BYTES])
    name = sniff(head)
    suffix = suffix_of(source.name)
    if name is None and suffix == b".tga":
        return "TGA"  # this one has no signature
    if name is None:
        raise DecodeError(ProblemKind.NOT_AN_IMAGE, _strange(source, head))
    if name != "RAW" and name not in _PLUGINS:
        raise DecodeError(ProblemKind.UNSUPPORTED, f"{name} pictures are not read.")
    return name


def open_picture(source: Source, name: str, start: int = 0, end: int | None = None) -> Opened:
    """Read the header of the picture of format `name` in [start, end) of the file."""
    silence()
    module, plugin = _PLUGINS[name]
    stream = source.stream(start, end)
    with codec_errors(name):
        image = getattr(importlib.import_module(module), plugin)(stream)
    return Opened(cast("ImageFile.ImageFile", image), name)


def load(opened: Opened, long_px: int | None, short_px: int = 1) -> Image.Image:
    """Decode to RGB (sRGB, alpha over white), not turned, at least so large but not much larger.

    `long_px` None gives full size. JPEGs are decoded at the nearest larger eighth, quarter or
    half; others are decoded fully and then averaged down by a whole factor.
    """
    image: Image.Image = opened.image
    with codec_errors(opened.format):
        if long_px is not None and opened.format == "JPEG":
            _draft(opened.image, long_px, short_px)
        _refuse_huge(image, opened.format)
        image.load()
        icc = image.info.get("icc_profile")
        image = colour.plain(image)
        if long_px is not None:
            factor = _factor(image.size, long_px, short_px)
            image = image.reduce(factor) if factor > 1 else image
        return colour.to_srgb(image, icc if isinstance(icc, bytes) else None)


def silence() -> None:
    """Pillow warns about odd files; those are data here, not news for a terminal."""
    warnings.filterwarnings("ignore", module=r"PIL\.|pi_heif")


def use_one_thread() -> None:
    """For decode children: the parallel work is done by processes, not within a codec."""
    from pi_heif import options
    from PIL import AvifImagePlugin

    AvifImagePlugin.DEFAULT_MAX_THREADS = 1
    options.DECODE_THREADS = 1


def _draft(image: ImageFile.ImageFile, long_px: int, short_px: int) -> None:
    width, height = image.size
    for scale in _DRAFT_SCALES:
        if _large_enough((width // scale, height // scale), long_px, short_px):
            image.draft("RGB", (width // scale, height // scale))
            return


def _factor(size: tuple[int, int], long_px: int, short_px: int) -> int:
    """The largest whole factor that leaves enough pixels."""
    factor = max(max(size) // long_px, 1)
    while factor > 1 and not _large_enough((size[0] // factor, size[1] // factor), 1, short_px):
        factor -= 1
    return factor


def _large_enough(size: tuple[int, int], long_px: int, short_px: int) -> bool:
    return max(size) >= long_px and min(size) >= short_px


def _refuse_huge(image: Image.Image, name: str) -> None:
    width, height = image.size
    per_pixel = _GREEDY_FORMATS.get(name) or _NARROW_MODES.get(image.mode, 4)
    if width < 1 or height < 1:
        raise DecodeError(ProblemKind.DAMAGED, "The picture says it has no pixels.")
    if width * height * per_pixel > _LIMIT_BYTES:
        text = f"{width} × {height} pixels: {MEMORY_TEXT[0].lower()}{MEMORY_TEXT[1:]}"
        raise DecodeError(ProblemKind.TOO_LARGE, text)


def _strange(source: Source, head: bytes) -> str:
    """Why a file without any known signature is no picture, as exactly as can be told."""
    if not bytes(source.data[:_LOOKED_AT_BYTES]).strip(b"\0"):
        return "The file holds nothing but zeros; its content was lost."
    if source.size < HEAD_BYTES // 2:
        return f"The file has only {source.size} bytes; that is no picture."
    if head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith((b"<", b"{", b"#!", b"bplist")):
        return "The file is text or a web page, not a picture."
    if head[4:8] == b"ftyp":
        return "The file is a movie, not a picture."
    return "The content of the file is no picture format that is known."
