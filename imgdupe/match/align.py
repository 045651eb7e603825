# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Sharpens a placement until the pictures lie on each other to a fraction of a pixel.

Any thread; pure. Gauss-Newton on locally normalised luma (Lucas & Kanade; Baker & Matthews 2004,
inverse compositional), with weights that forget captions and moved subjects. Coarse to fine.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from imgdupe.match.consensus import Placement, plausible
from imgdupe.match.planes import Plane, gradients, normalised, resized, sample

_COARSE = (56, 6)
_FINE = (112, 5)
"""(Long side of the shared box in pixels of the coarser picture, steps.)"""
_RADIUS_SHARE = 0.06
_STILL_PX = 0.03
_FEWEST = 200


def scaled(
    placement: Placement, from_a: tuple[float, float], to_b: tuple[float, float]
) -> Placement:
    """The same placement between pictures resized by (x, y) factors; pixel centres kept."""
    full = np.vstack([placement, [0.0, 0.0, 1.0]])
    result: Placement = (_grow(*to_b) @ full @ np.linalg.inv(_grow(*from_a)))[:2]
    return result


def inverse(placement: Placement) -> Placement:
    """From b to a."""
    result: Placement = np.linalg.inv(np.vstack([placement, [0.0, 0.0, 1.0]]))[:2]
    return result


def whole_frame(a: tuple[int, int], b: tuple[int, int]) -> Placement:
    """The placement that lays picture a (height, width) on the whole of b, corner on corner."""
    x, y = b[1] / a[1], b[0] / a[0]
    return np.array([[x, 0.0, (x - 1) / 2], [0.0, y, (y - 1) / 2]])


def places_in(placement: Placement, height: int, width: int) -> tuple[Plane, Plane]:
    """Where each pixel of a grid [height, width] of a lies in b: x and y, float32 each."""
    x, y = np.arange(width), np.arange(height)[:, None]
    m = placement
    return (
        (m[0, 0] * x + m[0, 1] * y + m[0, 2]).astype(np.float32),
        (m[1, 0] * x + m[1, 1] * y + m[1, 2]).astype(np.float32),
    )


def coarse(a: Plane, b: Plane, placement: Placement) -> tuple[Placement, float]:
    """A better placement of luma a in luma b, and the correlation (-1..1) it reaches when small.

    Works on the grid of a, so a must be the picture that shows the scene coarser.
    """
    return _round(a, b, placement, *_COARSE)


def refine(a: Plane, b: Plane, placement: Placement) -> Placement:
    """The same to a fraction of a pixel of the thumbnails."""
    return _round(a, b, placement, *_FINE)[0]


def _round(
    a: Plane, b: Plane, placement: Placement, long_side: int, steps: int
) -> tuple[Placement, float]:
    """Gauss-Newton where the shared box has `long_side` pixels."""
    step = min(1.0, long_side / shared_side(placement, a.shape, b.shape))
    finer = float(np.sqrt(abs(np.linalg.det(placement[:, :2]))))
    small_a, small_b = shrunk(a, step), shrunk(b, min(1.0, step / finer))
    ratio_a = (small_a.shape[1] / a.shape[1], small_a.shape[0] / a.shape[0])
    ratio_b = (small_b.shape[1] / b.shape[1], small_b.shape[0] / b.shape[0])
    local = scaled(placement, ratio_a, ratio_b)
    local, score = _descend(_Toneless.of(small_a), _Toneless.of(small_b), local, steps)
    back_a, back_b = (1 / ratio_a[0], 1 / ratio_a[1]), (1 / ratio_b[0], 1 / ratio_b[1])
    return scaled(local, back_a, back_b), score


@dataclass(frozen=True, slots=True)
class _Toneless:
    """A locally normalised plane.

    Within `rim` pixels of its frame it says more about what lies
    beside the picture (a border, nothing) than about the picture.
    """

    plane: Plane
    rim: int

    @classmethod
    def of(cls, plane: Plane) -> _Toneless:
        radius = max(2, round(_RADIUS_SHARE * max(plane.shape)))
        return cls(normalised(plane, radius), min(radius, min(plane.shape) // 6))


def _descend(
    still: _Toneless, other: _Toneless, placement: Placement, steps: int
) -> tuple[Placement, float]:
    """Inverse compositional steps on one level; keeps the best placement seen."""
    a, b = still.plane, other.plane
    height, width = a.shape
    jacobian = _jacobian(a)
    within = np.zeros(a.shape, dtype=np.bool_)
    within[still.rim : height - still.rim, still.rim : width - still.rim] = True
    low, right, bottom = other.rim, b.shape[1] - 1 - other.rim, b.shape[0] - 1 - other.rim
    best, best_score = placement, -1.0
    for _ in range(steps + 1):
        x, y = places_in(placement, height, width)
        inside = within & (x >= low) & (x <= right) & (y >= low) & (y <= bottom)
        if inside.sum() < _FEWEST:
            break
        moved = sample(b, x, y)
        score = _correlation(a[inside], moved[inside])
        if score > best_score:
            best, best_score = placement, score
        change = _step(jacobian, (moved - a).reshape(-1), inside.reshape(-1))
        if change is None:
            break
        placement = _composed(placement, change, height, width)
        if not plausible(placement) or np.abs(change).max() < _STILL_PX:
            break
    return best, best_score


def _step(
    jacobian: Plane, residual: Plane, inside: NDArray[np.bool_]
) -> NDArray[np.float64] | None:
    """One weighted Gauss-Newton step: six parameters of the change of a's coordinates."""
    residual = residual * inside
    spread = 1.5 * float(np.median(np.abs(residual[inside]))) + 1e-3
    weights = inside / (1.0 + (residual * np.float32(0.5 / spread)) ** 2) ** 2
    weighted = jacobian * weights.astype(np.float32)
    hessian = (weighted @ jacobian.T).astype(np.float64)
    try:
        return np.asarray(np.linalg.solve(hessian, (weighted @ residual).astype(np.float64)))
    except np.linalg.LinAlgError:
        return None


def _jacobian(a: Plane) -> Plane:
    """How luma changes with the six parameters, float32[6, n], coordinates centred and scaled."""
    height, width = a.shape
    gx, gy = gradients(a)
    size = max(height, width)
    x = ((np.arange(width) - (width - 1) / 2) / size).astype(np.float32)[None, :]
    y = ((np.arange(height) - (height - 1) / 2) / size).astype(np.float32)[:, None]
    rows = [gx * x, gx * y, gx, gy * x, gy * y, gy]
    return np.stack([row.reshape(-1) for row in rows])


def _composed(
    placement: Placement, change: NDArray[np.float64], height: int, width: int
) -> Placement:
    """Placement after undoing the change, which is about the picture's centre."""
    size = max(height, width)
    centre = np.array([(width - 1) / 2, (height - 1) / 2])
    linear = np.eye(2) + np.array([[change[0], change[1]], [change[3], change[4]]]) / size
    shift = np.array([change[2], change[5]]) + centre - linear @ centre
    warp = np.vstack([np.column_stack([linear, shift]), [0.0, 0.0, 1.0]])
    result: Placement = (np.vstack([placement, [0.0, 0.0, 1.0]]) @ np.linalg.inv(warp))[:2]
    return result


def shrunk(plane: Plane, factor: float) -> Plane:
    """The plane at `factor` <= 1 of its size, at least 16 pixels each way."""
    height, width = plane.shape
    return resized(plane, max(16, round(height * factor)), max(16, round(width * factor)))


def shared_side(placement: Placement, a: tuple[int, ...], b: tuple[int, ...]) -> float:
    """The long side, in pixels of a, of the box that both show."""
    corners = np.array([[0, 0, 1], [b[1], 0, 1], [0, b[0], 1], [b[1], b[0], 1]])
    in_a = corners @ inverse(placement).T
    low = np.maximum(in_a.min(axis=0), 0.0)
    high = np.minimum(in_a.max(axis=0), [a[1], a[0]])
    return max(16.0, float((high - low).max()))


def _correlation(a: Plane, b: Plane) -> float:
    a, b = a - a.mean(), b - b.mean()
    return float((a * b).sum() / (np.sqrt((a * a).sum() * (b * b).sum()) + 1e-9))


def _grow(x: float, y: float) -> Placement:
    return np.array([[x, 0.0, (x - 1) / 2], [0.0, y, (y - 1) / 2], [0.0, 0.0, 1.0]])
