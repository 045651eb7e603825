# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""One placement that many matching key points agree on.

Any thread; pure and deterministic: all pairs of the best matches are tried, nothing is drawn.
Placements are 2x3 matrices that take (x, y) of picture a to (x, y) of picture b, in pixels.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from imgdupe.match.features import Features
from imgdupe.match.planes import Plane

Placement = NDArray[np.float64]

_RATIO = 0.92
_SEEDS = 48
_TRIALS = 400
_TOLERANCE = 3.0
"""Pixels at the finer of the two key points' scales."""
_SCALE_SLACK = 0.45
_LARGEST_ANGLE = 0.45
_FEWEST_FOR_AFFINE = 6
_FEWEST = 5
"""Three or four key points of strangers agree on something more often than not; those of a crop to
half agree by the dozen."""


@dataclass(frozen=True, slots=True)
class Consensus:
    """`inliers` distinct matches follow `placement`."""

    placement: Placement
    inliers: int


@dataclass(frozen=True, slots=True)
class _Matches:
    """m matches, best first: places in a and b as complex numbers, log of the scale b / a."""

    a: NDArray[np.complex128]
    b: NDArray[np.complex128]
    scale: NDArray[np.float64]
    slack: NDArray[np.float64]


def agree(a: Features, b: Features) -> Consensus | None:
    """The placement most matches agree on, or None if fewer than `_FEWEST` do."""
    matches = _match(a, b)
    if len(matches.a) < _FEWEST:
        return None
    alpha, beta = _trials(matches)
    if len(alpha) == 0:
        return None
    away = np.abs(alpha[:, None] * matches.a + beta[:, None] - matches.b)
    inside = away <= matches.slack
    best = int(np.argmax(inside.sum(axis=1)))
    return _refined(matches, inside[best], alpha[best], beta[best])


def _match(a: Features, b: Features) -> _Matches:
    """Mutual nearest descriptors that are clearly nearer than the second nearest."""
    if len(a.places) < 3 or len(b.places) < 3:
        nothing = np.empty(0)
        return _Matches(nothing.astype(complex), nothing.astype(complex), nothing, nothing)
    alike = a.descriptors @ b.descriptors.T
    best = np.argmax(alike, axis=1)
    back = np.argmax(alike, axis=0)
    rows = np.flatnonzero(back[best] == np.arange(len(best)))
    top = alike[rows, best[rows]]
    rivals = alike[rows].copy()
    rivals[np.arange(len(rows)), best[rows]] = -1.0
    near = np.sqrt(np.maximum(2.0 - 2.0 * top, 0.0))
    ratio = near / np.sqrt(np.maximum(2.0 - 2.0 * rivals.max(axis=1), 1e-9))
    good = np.flatnonzero(ratio <= _RATIO)
    good = good[np.argsort(ratio[good], kind="stable")]
    left, right = rows[good], best[rows[good]]
    return _Matches(
        _complex(a.places[left]),
        _complex(b.places[right]),
        np.log(b.scales[right].astype(np.float64) / a.scales[left]),
        _TOLERANCE * np.maximum(b.scales[right], 1.0).astype(np.float64),
    )


def _complex(places: Plane) -> NDArray[np.complex128]:
    return places[:, 0].astype(np.float64) + 1j * places[:, 1]


def _trials(matches: _Matches) -> tuple[NDArray[np.complex128], NDArray[np.complex128]]:
    """Similarities b = alpha a + beta through two matches each that scale and angle make likely."""
    seeds = min(len(matches.a), _SEEDS)
    first, second = np.triu_indices(seeds, 1)
    order = np.argsort(first + second, kind="stable")
    first, second = first[order], second[order]
    step_a = matches.a[first] - matches.a[second]
    step_b = matches.b[first] - matches.b[second]
    apart = (np.abs(step_a) > 6.0) & (np.abs(step_b) > 6.0)
    alpha = np.where(apart, step_b, 1.0) / np.where(apart, step_a, 1.0)
    grown = np.log(np.abs(alpha))
    likely = (
        apart
        & (np.abs(np.angle(alpha)) < _LARGEST_ANGLE)
        & (np.abs(grown - matches.scale[first]) < _SCALE_SLACK)
        & (np.abs(grown - matches.scale[second]) < _SCALE_SLACK)
    )
    chosen = np.flatnonzero(likely)[:_TRIALS]
    found = np.asarray(alpha[chosen], dtype=np.complex128)
    return found, matches.b[first[chosen]] - found * matches.a[first[chosen]]


def _refined(
    matches: _Matches, inside: NDArray[np.bool_], alpha: complex, beta: complex
) -> Consensus | None:
    """Fit an affine placement to the inliers, twice; then count distinct places in both."""
    placement = np.array(
        [[alpha.real, -alpha.imag, beta.real], [alpha.imag, alpha.real, beta.imag]]
    )
    points = np.stack([matches.a.real, matches.a.imag, np.ones(len(matches.a))], axis=1)
    targets = np.stack([matches.b.real, matches.b.imag], axis=1)
    for _ in range(2):
        if inside.sum() < _FEWEST_FOR_AFFINE:
            break
        solved = np.linalg.lstsq(points[inside], targets[inside], rcond=None)[0]
        fitted = np.asarray(solved.T, dtype=np.float64)
        if not plausible(fitted):
            break
        placement = fitted
        inside = np.hypot(*(points @ placement.T - targets).T) <= matches.slack
    count = _distinct(points[inside, :2], targets[inside])
    return Consensus(placement, count) if count >= _FEWEST else None


def plausible(placement: Placement) -> bool:
    """No mirror, no strong shear, scales within 1:5: what cropping and straightening can do."""
    sizes = np.linalg.svd(placement[:, :2], compute_uv=False)
    return bool(
        np.linalg.det(placement[:, :2]) > 0
        and sizes[0] < 5.0
        and sizes[1] > 0.2
        and sizes[0] / sizes[1] < 1.6
    )


def _distinct(a: NDArray[np.float64], b: NDArray[np.float64]) -> int:
    """Matches on the same spot count once: one blob is found on several levels."""
    spots_a = {tuple(spot) for spot in np.round(a / 6.0).astype(int).tolist()}
    spots_b = {tuple(spot) for spot in np.round(b / 6.0).astype(int).tolist()}
    return min(len(spots_a), len(spots_b))
