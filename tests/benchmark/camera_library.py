# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Camera-like files to measure with: 12 and 24 MP JPEGs, two to one, of the size cameras write.

Real web-sized photographs are enlarged and given fine noise, so that the JPEGs are as dense as a
camera's (about 3.5 and 6.6 MB); without such photographs, made pictures take their place.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tests.helpers.photos import camera_time, make_photo, save

SIZES = ((4000, 3000), (4000, 3000), (6000, 4000))
_QUALITIES = (93, 93, 92)
_GRAIN = 5.0
_TILE_PX = 1024


def make_camera_library(folder: Path, photos: int, sources: Path | None) -> int:
    """Write `photos` JPEGs of different scenes; returns their bytes."""
    grain = np.random.default_rng(7).normal(0.0, _GRAIN, (_TILE_PX, _TILE_PX)).astype(np.int8)
    total = 0
    for number, scene in zip(range(photos), _scenes(sources), strict=False):
        turn = number % len(SIZES)
        image = _with_grain(scene.resize(SIZES[turn], Image.Resampling.BICUBIC), grain, number)
        path = folder / f"DSC_{number:05d}.JPG"
        taken = camera_time(number)
        save(image, path, quality=_QUALITIES[turn], taken_at=taken, camera="Made 1", serial="17")
        total += path.stat().st_size
    return total


def make_small_library(folder: Path, photos: int) -> None:
    """Many small pictures, for what depends on their number alone."""
    for number in range(photos):
        save(make_photo(number, (240, 160)), folder / f"{number // 500:03d}" / f"{number:06d}.jpg")


def _scenes(sources: Path | None) -> Iterator[Image.Image]:
    for path in sorted(sources.glob("*.jpg")) if sources else ():
        with Image.open(path) as picture:
            yield picture.convert("RGB")
    seed = 0
    while True:
        yield make_photo(seed, (960, 640), grain=0)
        seed += 1


def _with_grain(image: Image.Image, grain: NDArray[np.int8], seed: int) -> Image.Image:
    """The same grain, laid on from another corner for each picture; brightness noise only."""
    pixels = np.asarray(image, dtype=np.int16)
    height, width = pixels.shape[:2]
    tiles = (-(-height // _TILE_PX), -(-width // _TILE_PX))
    shift = np.random.default_rng(seed).integers(0, _TILE_PX, 2)
    layer = np.tile(np.roll(grain, tuple(shift), (0, 1)), tiles)[:height, :width, None]
    return Image.fromarray(np.clip(pixels + layer, 0, 255).astype(np.uint8))
