# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Seeded made pictures that behave like photographs, and ways to save them.

Real photographs have a 1/f spectrum, large smooth regions, hard edges at odd places and fine
grain; a picture of plain noise or plain shapes fools hashes in ways no photograph does. The
same seed and size always give the same pixels, and another size of the same seed is another
rendering of the same scene.
"""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageDraw, ImageFilter

SIZE = (960, 640)
_FIELD_PX = 256
_START = dt.datetime(2024, 5, 1, 10, 0, 0)  # noqa: DTZ001  EXIF dates carry no zone


def make_photo(
    seed: int,
    size: tuple[int, int] = SIZE,
    *,
    moment: int = 0,
    grain: float = 3.0,
) -> Image.Image:
    """A landscape-like RGB picture; `moment` > 0 gives later frames of the same scene (a burst).

    A later moment keeps the background and moves the subjects and the camera, as a burst does.
    """
    rng = np.random.default_rng([seed, 1])
    field = _background(rng, moment)
    picture = Image.fromarray(_bytes(field)).resize(size, Image.Resampling.BICUBIC)
    _draw_subjects(picture, seed, moment)
    if grain <= 0:
        return picture
    noise = np.random.default_rng([seed, 2, moment]).normal(0.0, grain, (size[1], size[0], 1))
    return Image.fromarray(_bytes(np.asarray(picture, dtype=np.float32) + noise))


def make_flat(colour: tuple[int, int, int], size: tuple[int, int] = SIZE) -> Image.Image:
    """A sky: one colour with a faint gradient, nothing else."""
    ramp = np.linspace(-4.0, 4.0, size[1], dtype=np.float32)[:, None, None]
    rows = np.array(colour, dtype=np.float32)[None, None, :] + ramp
    return Image.fromarray(_bytes(np.broadcast_to(rows, (size[1], size[0], 3))))


def save(
    image: Image.Image,
    path: Path,
    *,
    quality: int = 92,
    taken_at: dt.datetime | None = None,
    camera: str | None = None,
    serial: str | None = None,
    subsec: str | None = None,
    orientation: int | None = None,
    keywords: str | None = None,
) -> Path:
    """Save by the name's ending, with the EXIF facts given; makes the folder; returns the path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    exif = Image.Exif()
    if camera:
        exif[ExifTags.Base.Make], exif[ExifTags.Base.Model] = "Imgdupe", camera
    if orientation:
        exif[ExifTags.Base.Orientation] = orientation
    if keywords:
        exif[ExifTags.Base.ImageDescription] = keywords
    details = exif.get_ifd(ExifTags.IFD.Exif)
    if taken_at:
        exif[ExifTags.Base.DateTime] = taken_at.strftime("%Y:%m:%d %H:%M:%S")
        details[ExifTags.Base.DateTimeOriginal] = taken_at.strftime("%Y:%m:%d %H:%M:%S")
    if subsec:
        details[ExifTags.Base.SubsecTimeOriginal] = subsec
    if serial:
        details[ExifTags.Base.BodySerialNumber] = serial
    if path.suffix.lower() in {".jpg", ".jpeg", ".webp", ".heic", ".avif"}:
        image.save(path, exif=exif, quality=quality)
    else:
        image.save(path, exif=exif)
    return path


def camera_time(seed: int, moment: int = 0) -> dt.datetime:
    """The made date of a seed's photo: one hour apart per seed, one second per moment."""
    return _START + dt.timedelta(hours=seed, seconds=moment)


def set_mtime(path: Path, when: dt.datetime) -> None:
    """Give the file the date that a camera would have given it."""
    stamp = when.timestamp()
    os.utime(path, (stamp, stamp))


def _background(rng: np.random.Generator, moment: int) -> NDArray[np.float32]:
    """1/f colour noise over a sky-to-ground gradient, float32[_FIELD_PX, _FIELD_PX, 3], 0-255."""
    yy, xx = np.mgrid[0:_FIELD_PX, 0:_FIELD_PX].astype(np.float32) / _FIELD_PX
    yy, xx = yy + 0.004 * moment, xx + 0.008 * moment
    top, bottom = _muted(rng.uniform(60, 230, 3)), _muted(rng.uniform(20, 180, 3))
    tilt = rng.uniform(-0.4, 0.4)
    height = np.clip(yy + tilt * (xx - 0.5), 0, 1)[..., None]
    horizon = rng.uniform(0.35, 0.65)
    sky, ground = top * (1.1 - 0.4 * height), bottom * (0.7 + 0.5 * height)
    field: NDArray[np.float64] = np.where(height < horizon, sky, ground)
    texture = np.stack([_pink(rng) for _ in range(3)], axis=-1)
    shared = _pink(rng)[..., None]
    field = field + 24.0 * shared + 6.0 * texture
    if moment:
        field = field + 3.0 * _pink(np.random.default_rng([moment]))[..., None]
    return np.asarray(field, dtype=np.float32)


def _pink(rng: np.random.Generator) -> NDArray[np.float64]:
    """One channel of 1/f noise, mean 0, deviation 1."""
    fy = np.fft.fftfreq(_FIELD_PX)[:, None]
    fx = np.fft.rfftfreq(_FIELD_PX)[None, :]
    radius = np.maximum(np.hypot(fy, fx), 1.0 / _FIELD_PX)
    spectrum = np.fft.rfft2(rng.standard_normal((_FIELD_PX, _FIELD_PX))) / radius
    plane = np.fft.irfft2(spectrum, s=(_FIELD_PX, _FIELD_PX))
    plane -= plane.mean()
    return np.asarray(plane / plane.std(), dtype=np.float64)


def _draw_subjects(picture: Image.Image, seed: int, moment: int) -> None:
    """Hard-edged things at seeded places, with a soft edge like a lens gives."""
    rng = np.random.default_rng([seed, 3])
    width, height = picture.size
    layer = Image.new("RGBA", picture.size, (0, 0, 0, 0))
    pen = ImageDraw.Draw(layer)
    for _ in range(int(rng.integers(7, 15))):
        x, y = rng.uniform(0, 1, 2)
        w, h = rng.uniform(0.04, 0.30, 2)
        step = rng.uniform(-0.05, 0.05, 2) * moment
        x, y = x + step[0], y + step[1]
        ink = _muted(rng.uniform(0, 256, 3)).astype(int).tolist()
        colour = (*ink, int(rng.integers(150, 256)))
        box = [x * width, y * height, (x + w) * width, (y + h) * height]
        shape = int(rng.integers(0, 3))
        if shape == 0:
            pen.ellipse(box, fill=colour)
        elif shape == 1:
            pen.rectangle(box, fill=colour)
        else:
            corners = rng.uniform(-1, 1, (5, 2)) * (w, h) + (x, y)
            pen.polygon([(px * width, py * height) for px, py in corners], fill=colour)
    layer = layer.filter(ImageFilter.GaussianBlur(max(width, height) / 1200))
    picture.paste(layer, (0, 0), layer)


def _muted(colour: NDArray[np.float64]) -> NDArray[np.float64]:
    """Half way to grey: the world is not made of pure colours."""
    return 0.5 * colour + 0.5 * float(colour.mean())


def _bytes(values: NDArray[np.floating]) -> NDArray[np.uint8]:
    clipped: NDArray[np.uint8] = np.clip(values, 0, 255).astype(np.uint8)
    return clipped
