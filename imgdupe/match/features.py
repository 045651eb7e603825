# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Key points of a small picture and what surrounds them, to find one picture inside another.

Any thread; pure. Blobs by the determinant of the Hessian on a pyramid with steps of √2, described
by upright RootSIFT (Lowe 2004; Arandjelović & Zisserman 2012). Upright, because photographs are
turned by quarters, which only permutes the numbers, or straightened by a few degrees, which the
description survives; finding an angle for every point would cost more and confuse more.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from imgdupe.match.planes import Plane, gradients, resized, smooth

_LEVELS = (90, 80, 60, 45, 30)
"""How many points each level of the pyramid may give, finest first."""
_STEP = 2.0**0.5
_SMALLEST_PX = 40
_CELLS = 4
_RADIUS = 7
_ANGLES = 8
_RIM = 4
_FAINT = 2e-6
"""Blobs weaker than this (in luma²) are noise."""


@dataclass(frozen=True, slots=True)
class Features:
    """The n key points of one picture, strongest first.

    places: float32[n, 2], (x, y), and scales: float32[n], in the picture's pixels;
    descriptors: float32[n, 128] of length 1.
    """

    places: Plane
    scales: Plane
    descriptors: Plane


def find_features(plane: Plane) -> Features:
    """The key points of luma float32[h, w]; none where it is flat or tiny."""
    height, width = plane.shape
    places, scales, descriptors, strengths = [], [], [], []
    level = plane
    for number, limit in enumerate(_LEVELS):
        scale = _STEP**number
        h, w = round(height / scale), round(width / scale)
        if min(h, w) < _SMALLEST_PX:
            break
        if number:
            level = resized(level, h, w)
        soft = smooth(level)
        points, strength = _blobs(soft, limit)
        factor = np.array([width / w, height / h], dtype=np.float32)
        places.append((points + np.float32(0.5)) * factor - np.float32(0.5))
        scales.append(np.full(len(points), scale, dtype=np.float32))
        descriptors.append(_described(soft, points))
        strengths.append(strength)
    if not places:
        nothing = np.empty((0, 2), dtype=np.float32)
        return Features(nothing, nothing[:, 0], np.empty((0, 128), dtype=np.float32))
    order = np.argsort(-np.concatenate(strengths), kind="stable")
    return Features(
        np.concatenate(places)[order],
        np.concatenate(scales)[order],
        np.concatenate(descriptors)[order],
    )


def turned(features: Features, turn: int, height: int, width: int) -> Features:
    """The features as they would be found in the picture [height, width] under turn 0-7."""
    if turn == 0:
        return features
    x, y = features.places[:, 0], features.places[:, 1]
    if turn >= 4:
        x = width - 1 - x
    for _ in range(turn % 4):
        x, y = y, width - 1 - x
        width, height = height, width
    places = np.stack([x, y], axis=1).astype(np.float32)
    return Features(places, features.scales, features.descriptors[:, permutation(turn)])


@cache
def permutation(turn: int) -> NDArray[np.intp]:
    """How turning a picture reorders a descriptor: turned = descriptor[permutation]."""
    cells = np.arange(_CELLS * _CELLS).reshape(_CELLS, _CELLS)
    angles = np.arange(_ANGLES)
    if turn >= 4:
        cells = np.fliplr(cells)
        angles = angles[(_ANGLES // 2 - np.arange(_ANGLES)) % _ANGLES]
    cells = np.rot90(cells, turn % 4)
    angles = angles[(np.arange(_ANGLES) + _ANGLES // 4 * (turn % 4)) % _ANGLES]
    return (cells.reshape(-1, 1) * _ANGLES + angles).reshape(-1)


def _blobs(soft: Plane, limit: int) -> tuple[Plane, Plane]:
    """The strongest, well-spread maxima of the Hessian's determinant: (x, y)[n, 2], strength[n].

    soft: a smoothed level.
    """
    xx = soft[1:-1, 2:] - 2 * soft[1:-1, 1:-1] + soft[1:-1, :-2]
    yy = soft[2:, 1:-1] - 2 * soft[1:-1, 1:-1] + soft[:-2, 1:-1]
    xy = (soft[2:, 2:] - soft[2:, :-2] - soft[:-2, 2:] + soft[:-2, :-2]) * np.float32(0.25)
    response = xx * yy - xy * xy
    inner = response[_RIM:-_RIM, _RIM:-_RIM]
    peak = inner > _FAINT
    for dy in (-1, 0, 1):
        for dx in (-1, 0, 1):
            if dy or dx:
                h, w = response.shape
                peak &= inner >= response[_RIM + dy : h - _RIM + dy, _RIM + dx : w - _RIM + dx]
    ys, xs = np.nonzero(peak)
    strength = inner[ys, xs]
    chosen = _spread(xs, ys, strength, inner.shape, limit)
    points = np.stack([xs[chosen], ys[chosen]], axis=1) + np.float32(_RIM + 1)
    return points.astype(np.float32), strength[chosen]


def _spread(
    xs: NDArray[np.intp],
    ys: NDArray[np.intp],
    strength: Plane,
    shape: tuple[int, int],
    limit: int,
) -> NDArray[np.intp]:
    """At most `limit` points, strongest first; no sixteenth of the picture has over a sixth."""
    cell = ys * 4 // shape[0] * 4 + xs * 4 // shape[1]
    order = np.lexsort((-strength, cell))
    ordered = cell[order]
    starts = np.searchsorted(ordered, np.arange(16))
    rank = np.arange(len(order)) - starts[ordered]
    few: NDArray[np.intp] = order[rank < limit // 6]
    return few[np.argsort(-strength[few], kind="stable")][:limit]


def _described(soft: Plane, points: Plane) -> Plane:
    """RootSIFT of 15x15 pixels around each point of a smoothed level, float32[n, 128]."""
    gx, gy = gradients(soft)
    height, width = soft.shape
    offsets = np.arange(-_RADIUS, _RADIUS + 1)
    ys = np.clip(points[:, 1, None].astype(np.intp) + offsets, 0, height - 1)
    xs = np.clip(points[:, 0, None].astype(np.intp) + offsets, 0, width - 1)
    flat = ys[:, :, None] * width + xs[:, None, :]
    flat = flat.reshape(len(points), offsets.size**2)
    directions, cells = _bins()
    slopes = np.stack([gx.reshape(-1)[flat], gy.reshape(-1)[flat]], axis=-1)
    length = (np.float32(0.6) * np.hypot(gx, gy)).reshape(-1)[flat]
    along = slopes @ directions
    along -= length[..., None]
    np.maximum(along, 0.0, out=along)
    histogram = (cells @ along).reshape(len(points), _CELLS**2 * _ANGLES)
    histogram /= histogram.sum(axis=1, keepdims=True) + np.float32(1e-9)
    return np.asarray(np.sqrt(histogram), dtype=np.float32)


@cache
def _bins() -> tuple[Plane, Plane]:
    """Unit vectors of the eight angles [2, 8]; soft shares of 4x4 cells in the patch [16, 225]."""
    angle = np.arange(_ANGLES) * (2 * np.pi / _ANGLES)
    directions = np.stack([np.cos(angle), np.sin(angle)]).astype(np.float32)
    size = 2 * _RADIUS + 1
    pitch = size / _CELLS
    centres = (np.arange(_CELLS) - (_CELLS - 1) / 2) * pitch
    offsets = np.arange(-_RADIUS, _RADIUS + 1)
    near = np.maximum(1 - np.abs(offsets[None, :] - centres[:, None]) / pitch, 0)
    fade = np.exp(-(offsets**2) / (2 * (0.6 * size) ** 2))
    row = near * fade
    cells = np.einsum("ay,bx->abyx", row, row).reshape(_CELLS * _CELLS, size * size)
    return directions, cells.astype(np.float32)
