# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Lays one placed picture over another: both on one grid, with what both show of the scene.

Any thread; pure. The grid is that of the coarser picture, made coarse enough to forget single
pixels.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from imgdupe.match.align import places_in, scaled, shared_side, shrunk
from imgdupe.match.consensus import Placement
from imgdupe.match.frames import covering
from imgdupe.match.planes import Plane, sample

_GRID_PX = 176
_RIM_PX = 2
_FEWEST_PIXELS = 250
_MOST_COVERED = 0.5


@dataclass(frozen=True, slots=True)
class Framed:
    """A picture uint8[h, w, 3] and what may be a frame in it, uint8[h, w] (`frames.margin_of`)."""

    picture: NDArray[np.uint8]
    margin: NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Shared:
    """Two pictures float32[3, h, w] in 0..1; `inside` bool[h, w]: both show the scene there."""

    reference: Plane
    other: Plane
    inside: NDArray[np.bool_]


def on_one_grid(reference: Framed, other: Framed, placement: Placement) -> Shared | None:
    """Both pictures on the reference's grid; None where they share hardly anything.

    placement: from the reference, which shows the scene coarser, to the other picture.
    """
    shape, other_shape = reference.picture.shape[:2], other.picture.shape[:2]
    step = min(1.0, _GRID_PX / shared_side(placement, shape, other_shape))
    finer = float(np.sqrt(np.linalg.det(placement[:, :2])))
    still = _shrunk(reference.picture, step)
    moved = _shrunk(other.picture, min(1.0, step / finer))
    local = scaled(
        placement,
        (still.shape[2] / shape[1], still.shape[1] / shape[0]),
        (moved.shape[2] / other_shape[1], moved.shape[1] / other_shape[0]),
    )
    x, y = places_in(local, *still.shape[1:])
    inside = _within(x, y, moved.shape[1:])
    if inside.sum() < _FEWEST_PIXELS:
        return None
    rows, columns = np.flatnonzero(inside.any(axis=1)), np.flatnonzero(inside.any(axis=0))
    box = (slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1))
    x, y = x[box], y[box]
    ours, warped = still[:, *box], sample(moved, x, y)
    margins = (
        _coarser(reference.margin, still.shape[1:])[box],
        _nearest(_coarser(other.margin, moved.shape[1:]), x, y),
    )
    return _uncovered(Shared(ours, warped, inside[box]), *margins)


def _uncovered(
    shared: Shared, margin: NDArray[np.uint8], other_margin: NDArray[np.uint8]
) -> Shared:
    """The same without the places where a frame of either covers the other."""
    covered = covering(margin, shared.other, shared.inside)
    covered |= covering(other_margin, shared.reference, shared.inside)
    left = shared.inside & ~covered
    if left.sum() < max(_FEWEST_PIXELS, _MOST_COVERED * shared.inside.sum()):
        return shared
    return Shared(shared.reference, shared.other, left)


def _within(x: Plane, y: Plane, size: tuple[int, ...]) -> NDArray[np.bool_]:
    """Places inside the other picture, both rims left out."""
    low, right, bottom = _RIM_PX, size[1] - 1 - _RIM_PX, size[0] - 1 - _RIM_PX
    inside: NDArray[np.bool_] = (x >= low) & (x <= right) & (y >= low) & (y <= bottom)
    inside[[*range(_RIM_PX), *range(-_RIM_PX, 0)]] = False
    inside[:, [*range(_RIM_PX), *range(-_RIM_PX, 0)]] = False
    return inside


def _shrunk(picture: NDArray[np.uint8], factor: float) -> Plane:
    """float32[3, h, w] in 0..1."""
    planes = np.ascontiguousarray(picture.transpose(2, 0, 1), dtype=np.float32)
    planes *= np.float32(1 / 255)
    return np.stack([shrunk(plane, factor) for plane in planes])


def _coarser(margin: NDArray[np.uint8], size: tuple[int, ...]) -> NDArray[np.uint8]:
    """The margin on a grid of another size, by the nearest pixel."""
    rows, columns = (
        ((np.arange(new) + 0.5) * (old / new)).astype(np.intp)
        for new, old in zip(size, margin.shape, strict=True)
    )
    coarse: NDArray[np.uint8] = margin[rows[:, None], columns]
    return coarse


def _nearest(margin: NDArray[np.uint8], x: Plane, y: Plane) -> NDArray[np.uint8]:
    height, width = margin.shape
    columns = np.clip(np.rint(x), 0, width - 1).astype(np.intp)
    rows = np.clip(np.rint(y), 0, height - 1).astype(np.intp)
    found: NDArray[np.uint8] = margin[rows, columns]
    return found
