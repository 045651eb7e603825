# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Every pixel format and colour profile becomes 8-bit sRGB.

Runs in the decode children and in threads that show one picture. Transparent parts are laid over
white: that is what a JPEG export of the same picture has there. Unusable profiles are ignored.
"""

from __future__ import annotations

import io
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

_DIRECT = frozenset({"L", "LA", "RGB", "RGBA", "CMYK", "YCbCr", "LAB"})
_PALETTED = frozenset({"P", "L", "RGB", "1"})  # one value may stand for transparent
_NEAREST = {"1": "L", "La": "LA", "PA": "RGBA", "RGBa": "RGBA"}
_PROFILED = frozenset({"L", "RGB", "CMYK"})
_MAX_PROFILE_BYTES = 4 << 20
_VISIBLE_STEP = 2


def plain(image: Image.Image) -> Image.Image:
    """A loaded picture in one of eight-bit modes L, LA, RGB, RGBA, CMYK, YCbCr, LAB."""
    mode = image.mode
    if mode in {"I", "F"} or mode.startswith("I;"):
        return Image.fromarray(_eight_bits(np.asarray(image)))
    if "transparency" in image.info and mode in _PALETTED:
        return image.convert("RGBA")
    if mode in _DIRECT:
        return image
    return image.convert(_NEAREST.get(mode, "RGB"))


def to_srgb(image: Image.Image, icc: bytes | None) -> Image.Image:
    """A `plain` picture as RGB in sRGB."""
    if image.mode in ("LA", "RGBA"):
        image = _over_white(image)
    if image.mode == "LAB":
        return _converted(image, _lab_transform())
    if icc and image.mode in _PROFILED and len(icc) <= _MAX_PROFILE_BYTES:
        transform = _transform(icc, image.mode)
        if transform is not None:
            return _converted(image, transform)
    return image if image.mode == "RGB" else image.convert("RGB")


def _over_white(image: Image.Image) -> Image.Image:
    solid = "RGB" if image.mode == "RGBA" else "L"
    white = Image.new(solid, image.size, "white")
    white.paste(image.convert(solid), mask=image.getchannel("A"))
    return white


def _eight_bits(values: NDArray[np.generic]) -> NDArray[np.uint8]:
    """Deep and float grey by the likeliest range: 0-1, 0-255, 0-65535, or the values' own."""
    numbers = np.nan_to_num(values.astype(np.float32), posinf=0.0, neginf=0.0)
    top = float(numbers.max(initial=0.0))
    if values.dtype.kind == "u" and values.dtype.itemsize == 2:
        white = 65535.0
    elif values.dtype.kind == "f":
        white = next((limit for limit in (1.0, 255.0, 65535.0) if top <= limit), top)
    else:
        white = next((limit for limit in (255.0, 65535.0) if top <= limit), top)
    scaled: NDArray[np.uint8] = np.clip(numbers * (255.0 / white), 0, 255).astype(np.uint8)
    return scaled


def _converted(image: Image.Image, transform: ImageCms.ImageCmsTransform) -> Image.Image:
    converted = ImageCms.applyTransform(image, transform)
    return image.convert("RGB") if converted is None else converted


@lru_cache(maxsize=1)
def _srgb() -> ImageCms.ImageCmsProfile:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))


@lru_cache(maxsize=1)
def _lab_transform() -> ImageCms.ImageCmsTransform:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
    return ImageCms.buildTransform(lab, _srgb(), "LAB", "RGB")


@lru_cache(maxsize=32)
def _transform(icc: bytes, mode: str) -> ImageCms.ImageCmsTransform | None:
    """The way from a profile to sRGB; None if it is unusable or changes nothing to be seen."""
    try:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(icc))
        transform = ImageCms.buildTransform(profile, _srgb(), mode, "RGB")
        if mode == "RGB" and _changes_nothing(transform):
            return None
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return None
    return transform


def _changes_nothing(transform: ImageCms.ImageCmsTransform) -> bool:
    """Most profiles are sRGB under one of its many names: saves converting every picture."""
    levels = np.array([0, 32, 96, 160, 224, 255], dtype=np.uint8)
    cube = np.stack(np.meshgrid(levels, levels, levels), axis=-1).reshape(1, -1, 3)
    after = np.asarray(_converted(Image.fromarray(cube), transform))
    return int(np.abs(after.astype(int) - cube.astype(int)).max()) <= _VISIBLE_STEP
