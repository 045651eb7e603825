# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""What photographers and their programs do to a picture: each edit takes and gives an RGB image."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw, ImageEnhance, ImageOps

_LANCZOS = Image.Resampling.LANCZOS


def re_encode(image: Image.Image, quality: int = 60, fmt: str = "JPEG") -> Image.Image:
    """Through a lossy file and back."""
    buffer = io.BytesIO()
    image.save(buffer, fmt, quality=quality)
    buffer.seek(0)
    with Image.open(buffer) as copy:
        return copy.convert("RGB")


def resize(image: Image.Image, scale: float = 0.5) -> Image.Image:
    """Smaller (or larger), the whole picture."""
    width, height = image.size
    return image.resize((max(1, round(width * scale)), max(1, round(height * scale))), _LANCZOS)


def crop(image: Image.Image, keep: float = 0.85, x: float = 0.5, y: float = 0.5) -> Image.Image:
    """Keep this share of each side; x, y in 0..1 place the cut-out."""
    width, height = image.size
    w, h = round(width * keep), round(height * keep)
    left, top = round((width - w) * x), round((height - h) * y)
    return image.crop((left, top, left + w, top + h))


def rotate90(image: Image.Image, turns: int = 1) -> Image.Image:
    """Quarter turns against the clock, in the pixels."""
    methods = (
        Image.Transpose.ROTATE_90,
        Image.Transpose.ROTATE_180,
        Image.Transpose.ROTATE_270,
    )
    return image if turns % 4 == 0 else image.transpose(methods[turns % 4 - 1])


def mirror(image: Image.Image) -> Image.Image:
    """Left and right exchanged."""
    return ImageOps.mirror(image)


def exposure(image: Image.Image, stops: float = 0.7) -> Image.Image:
    """Brighter or darker by so many stops, roughly as on gamma-coded pixels."""
    return ImageEnhance.Brightness(image).enhance(2.0 ** (stops / 2.2))


def contrast(image: Image.Image, factor: float = 1.3) -> Image.Image:
    """More or less contrast around the mean."""
    return ImageEnhance.Contrast(image).enhance(factor)


def black_and_white(image: Image.Image) -> Image.Image:
    """Without colour, still RGB."""
    return ImageOps.grayscale(image).convert("RGB")


def border(image: Image.Image, share: float = 0.04, colour: str = "white") -> Image.Image:
    """A frame of this share of the longer side."""
    return ImageOps.expand(image, round(max(image.size) * share), fill=colour)


def caption(image: Image.Image, text: str = "Summer 2024") -> Image.Image:
    """A line of text in the lower left corner."""
    copy = image.copy()
    height = max(12, image.height // 14)
    pen = ImageDraw.Draw(copy)
    place = (image.width // 20, image.height - 2 * height)
    pen.text(place, text, fill="white", font_size=height, stroke_width=2, stroke_fill="black")
    return copy


def straighten(image: Image.Image, degrees: float = 3.0) -> Image.Image:
    """Turned a little and cropped so that no corner is empty."""
    turned = image.rotate(degrees, Image.Resampling.BICUBIC)
    return crop(turned, 1.0 - abs(degrees) / 30.0)
