# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Arithmetic on small pictures held as float32 planes: scaling, smoothing, sampling.

Any thread; pure. Places are (x, y) in pixels with (0, 0) the centre of the first pixel.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.float32]

_LUMA = np.array([0.299, 0.587, 0.114], dtype=np.float32) / np.float32(255.0)


def luma(picture: NDArray[np.uint8]) -> Plane:
    """uint8[h, w, 3] to float32[h, w] in 0..1 (ITU-R BT.601)."""
    plane: Plane = picture.astype(np.float32) @ _LUMA
    return plane


def resized(plane: Plane, height: int, width: int) -> Plane:
    """float32[h, w] to [height, width] through a triangle filter that shrinks without aliasing.

    By taps rather than a matrix product: threads of a BLAS that wait for busy cores cost more.
    """
    if plane.shape == (height, width):
        return plane
    places, weights = _taps(plane.shape[0], height)
    rows = weights[0][:, None] * plane[places[0]]
    for place, weight in zip(places[1:], weights[1:], strict=True):
        rows += weight[:, None] * plane[place]
    places, weights = _taps(plane.shape[1], width)
    result: Plane = weights[0] * rows[:, places[0]]
    for place, weight in zip(places[1:], weights[1:], strict=True):
        result += weight * rows[:, place]
    return result


@lru_cache(maxsize=512)
def _taps(size: int, target: int) -> tuple[NDArray[np.intp], Plane]:
    """Where a triangle filter reads and how much it takes: [taps, target] each, sums are 1."""
    ratio = size / target
    reach = max(ratio, 1.0)
    centres = (np.arange(target) + 0.5) * ratio - 0.5
    places = np.floor(centres - reach).astype(np.intp) + np.arange(1, int(2 * reach) + 2)[:, None]
    weights = np.maximum(1.0 - np.abs(places - centres) / reach, 0.0)
    return np.clip(places, 0, size - 1), (weights / weights.sum(axis=0)).astype(np.float32)


def smooth(plane: Plane) -> Plane:
    """A binomial low-pass of five pixels each way (standard deviation 1 pixel), edges repeated."""
    padded = np.pad(plane, 2, mode="edge")
    down = padded[:-4] + padded[4:] + 4.0 * (padded[1:-3] + padded[3:-1]) + 6.0 * padded[2:-2]
    across = (
        down[:, :-4] + down[:, 4:] + 4.0 * (down[:, 1:-3] + down[:, 3:-1]) + 6.0 * down[:, 2:-2]
    )
    result: Plane = across * np.float32(1.0 / 256.0)
    return result


def box_mean(plane: Plane, radius: int) -> Plane:
    """The mean over (2 radius + 1)² pixels, float32[h, w], edges repeated; by running sums."""
    side = 2 * radius + 1
    padded = np.pad(plane, ((radius + 1, radius), (radius + 1, radius)), mode="edge")
    total = padded.astype(np.float64).cumsum(axis=0).cumsum(axis=1)
    boxes = (
        total[side:, side:] - total[:-side, side:] - total[side:, :-side] + total[:-side, :-side]
    )
    return np.asarray(boxes / side**2, dtype=np.float32)


def normalised(plane: Plane, radius: int, floor: float = 0.02) -> Plane:
    """Local mean 0 and deviation 1 (where it exceeds `floor`): tone and exposure fall away."""
    centred = plane - box_mean(plane, radius)
    deviation = np.sqrt(np.maximum(box_mean(centred * centred, radius), 0.0))
    return np.asarray(centred / (deviation + np.float32(floor)), dtype=np.float32)


def gradients(plane: Plane) -> tuple[Plane, Plane]:
    """Central differences (along x, along y), float32[h, w], 0 at the rim."""
    gx, gy = np.zeros_like(plane), np.zeros_like(plane)
    gx[:, 1:-1] = (plane[:, 2:] - plane[:, :-2]) * np.float32(0.5)
    gy[1:-1] = (plane[2:] - plane[:-2]) * np.float32(0.5)
    return gx, gy


def sample(planes: Plane, x: Plane, y: Plane) -> Plane:
    """Bilinear values at (x, y), both [m, n]; places outside take the nearest rim.

    planes: float32[h, w] or [c, h, w], at least 2 px each way; gives [m, n] or [c, m, n].
    """
    height, width = planes.shape[-2:]
    x = np.clip(x, 0.0, width - 1.001)
    y = np.clip(y, 0.0, height - 1.001)
    left, top = x.astype(np.int32), y.astype(np.int32)
    x -= left
    y -= top
    corner = top * np.int32(width) + left
    flat = planes.reshape(*planes.shape[:-2], height * width)
    upper = _between(flat, corner, x)
    corner += np.int32(width)
    result: Plane = upper + (_between(flat, corner, x) - upper) * y
    return result


def _between(flat: Plane, corner: NDArray[np.int32], x: Plane) -> Plane:
    first = np.take(flat, corner, axis=-1)
    result: Plane = first + (np.take(flat, corner + np.int32(1), axis=-1) - first) * x
    return result
