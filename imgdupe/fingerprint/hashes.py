# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Hashes of files and of pictures: xxh3-128 of bytes, DCT hashes with their eight turns, quality.

Runs in the decode children and, for files, wherever bytes are checked. Pure numpy: importing
imagehash (and scipy with it) would cost every child half a second; the tests hold these hashes
to imagehash's, bit by bit.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import cache

import numpy as np
import xxhash
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_BLOCK_BYTES = 1 << 20
_TILES = 8  # in each direction
_TEXTURE_FLOOR, _TEXTURE_CAP = 1.0, 8.0  # grey levels per pixel
_CORNER = 0.04  # a ratio of eigenvalues: less is an edge with its staircase


def file_hash(path: bytes) -> bytes:
    """xxh3-128 of the file's bytes (16 bytes), read in blocks. Raises OSError."""
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
    try:
        return file_hash_fd(descriptor)
    finally:
        os.close(descriptor)


def file_hash_fd(descriptor: int) -> bytes:
    """xxh3-128 (16 bytes) of an open file from its start; the descriptor stays open, at the end."""
    digest = xxhash.xxh3_128()
    os.lseek(descriptor, 0, os.SEEK_SET)
    while block := os.read(descriptor, _BLOCK_BYTES):
        digest.update(block)
    return digest.digest()


def bytes_hash(parts: Iterable[bytes | memoryview]) -> bytes:
    """xxh3-128 (16 bytes) of the parts put together."""
    digest = xxhash.xxh3_128()
    for part in parts:
        digest.update(part)
    return digest.digest()


def pixels_hash(pixels: NDArray[np.uint8]) -> bytes:
    """xxh3-128 (16 bytes) of upright sRGB pixels uint8[h, w, 3] with their size."""
    height, width = pixels.shape[:2]
    size = width.to_bytes(4, "little") + height.to_bytes(4, "little")
    return bytes_hash((size, np.ascontiguousarray(pixels).data.cast("B")))


def phash_turns(luma: NDArray[np.uint8]) -> tuple[int, ...]:
    """The 64-bit phash, as imagehash has it, of luma uint8[32, 32] and its turns (`records.TURNS`).

    Turning a picture transposes its cosine transform and flips signs of its odd frequencies, so
    one transform gives all eight; entry 0 is the hash of the picture as it is.
    """
    upright = _low_frequencies(luma, 8)
    signs = np.where(np.arange(8) % 2, -1.0, 1.0)
    hashes = []
    for start in (upright, upright * signs):
        turned = start
        for _ in range(4):
            hashes.append(int.from_bytes(_packed(turned), "big"))
            turned = turned.T * signs[:, None]  # a quarter turn counter-clockwise
    return tuple(hashes)


def phash256(luma: NDArray[np.uint8]) -> bytes:
    """The phash of imagehash with hash_size 16, from luma uint8[64, 64], as 32 bytes."""
    return _packed(_low_frequencies(luma, 16))


def quality(luma: NDArray[np.uint8]) -> int:
    """Texture 0-100 of luma uint8[64, 64]: see `records.FLAT_QUALITY` and `SPARSE_QUALITY`.

    What counts is detail that fixes a place in both directions, tile by tile: the square root of
    the smaller eigenvalue of the slopes' covariance (Shi and Tomasi, Good Features to Track, 1994),
    in grey levels per pixel, where it is no less than Harris's share of the larger one. Skies,
    vignettes and gradients slope evenly, a split or stripes in one direction; noise stays below the
    floor. A small bird in a blue sky is texture, as is a dim scene.
    """
    rows, columns = (np.gradient(luma.astype(np.float64), axis=axis) for axis in (0, 1))
    a, b, c = _variance(rows, rows), _variance(columns, columns), _variance(rows, columns)
    mean, spread = (a + b) / 2, np.hypot((a - b) / 2, c)
    strength = np.sqrt(np.maximum(mean - spread, 0.0))
    counted = (strength >= _TEXTURE_FLOOR) & (mean - spread >= _CORNER * (mean + spread))
    return min(round(float(np.minimum(strength, _TEXTURE_CAP)[counted].sum())), 100)


def _variance(first: Floats, second: Floats) -> Floats:
    """The covariance of the two within each tile, float64[8, 8]."""

    def mean(values: Floats) -> Floats:
        tiles = values.reshape(_TILES, -1, _TILES, values.shape[1] // _TILES)
        return np.asarray(tiles.mean(axis=(1, 3)))

    return mean(first * second) - mean(first) * mean(second)


def hex64(phash: int) -> str:
    """The hash as imagehash prints it: 16 hexadecimal digits."""
    return f"{phash:016x}"


def _low_frequencies(luma: NDArray[np.uint8], count: int) -> Floats:
    """The lowest count x count coefficients of the two-dimensional DCT-II (scipy's scale).

    Rounded, so that coefficients that are zero in theory compare equal whatever the rounding
    errors of the sum are: a flat picture has one hash.
    """
    basis = _basis(luma.shape[0], count)
    return np.round(basis @ luma.astype(np.float64) @ basis.T, 6)


@cache
def _basis(size: int, count: int) -> Floats:
    """float64[count, size]: 2 cos(pi k (2n + 1) / 2N)."""
    k, n = np.arange(count)[:, None], np.arange(size)[None, :]
    return np.asarray(2.0 * np.cos(np.pi * k * (2 * n + 1) / (2 * size)), dtype=np.float64)


def _packed(frequencies: Floats) -> bytes:
    """One bit per coefficient, row by row: above the median or not."""
    return np.packbits(frequencies > np.median(frequencies)).tobytes()
