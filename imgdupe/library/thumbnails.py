# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The small pictures that are kept of every photo: JPEG, at most 320 px, upright, sRGB.

Runs in the decode children.
"""

from __future__ import annotations

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image

LONG_SIDE_PX = 320
_QUALITY = 80


def fitted(size: tuple[int, int], long_side_px: int) -> tuple[int, int]:
    """The size with its long side at most `long_side_px`, no side below 1."""
    longest = max(size)
    if longest <= long_side_px:
        return size
    width, height = (max(round(side * long_side_px / longest), 1) for side in size)
    return width, height


def shrunk(picture: Image.Image) -> Image.Image:
    """An upright RGB picture at thumbnail size (never enlarged)."""
    size = fitted(picture.size, LONG_SIDE_PX)
    return picture if size == picture.size else picture.resize(size, Image.Resampling.BICUBIC)


def encoded(thumbnail: Image.Image) -> bytes:
    """The thumbnail as JPEG."""
    file = io.BytesIO()
    thumbnail.save(file, "JPEG", quality=_QUALITY)
    return file.getvalue()


def thumbnail_pixels(jpeg: bytes) -> NDArray[np.uint8]:
    """A stored thumbnail as uint8[h, w, 3] RGB."""
    with Image.open(io.BytesIO(jpeg), formats=("JPEG",)) as image:
        return np.asarray(image.convert("RGB"))


def from_pixels(pixels: NDArray[np.uint8]) -> bytes:
    """The thumbnail of uint8[h, w, 3] RGB as JPEG."""
    return encoded(shrunk(Image.fromarray(pixels)))
