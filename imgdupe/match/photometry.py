# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""What is left of the difference between two aligned pictures once a change of tone is explained.

Any thread; pure. An edit changes tone by one rising curve and leaves every tile in place; another
frame of the scene disagrees where something moved.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from imgdupe.match.planes import Plane, smooth

TILES = 8
_BINS = 32
_LUMA = np.array([0.299, 0.587, 0.114], dtype=np.float32)
_RIDGE = 0.05
_FLOOR_SHARE = 0.01
"""Variance added to every tile, as a share of the picture's: flat tiles agree with flat tiles."""
_FLOOR = 0.008**2
_AGREES = 0.9
_GREY = 0.012


@dataclass(frozen=True, slots=True)
class Comparison:
    """What two aligned pictures agree in.

    Correlations (-1..1) of tone-matched, low-passed luma: `ncc` over all; `worst_tile`;
    `low_tile`, a tenth from the bottom; `middle_tile`. `agreeing`: the share of tiles above 0.9.
    `residual`: mean absolute, in deviations; `skew`: the worst tile's over the middle one's.
    `difference`: mean absolute RGB 0-1 as it is; `tone`: how far the curve bends, 0-1;
    `brightness`: b minus a.
    """

    ncc: float
    worst_tile: float
    low_tile: float
    middle_tile: float
    agreeing: float
    residual: float
    skew: float
    difference: float
    tone: float
    brightness: float
    grey_a: bool
    grey_b: bool


def compared(a: Plane, b: Plane, inside: NDArray[np.bool_]) -> Comparison:
    """a, b: float32[h, w, 3] in 0..1 on one grid; inside: bool[h, w], where both show the scene."""
    grey_a, grey_b = _grey(a, inside), _grey(b, inside)
    tries = []
    if not (grey_a and not grey_b):
        tries.append(_explained(a, b, inside))
    if not (grey_b and not grey_a):
        tries.append(_explained(b, a, inside))
    made, real = max(tries, key=lambda pair: _correlation(pair[0][inside], pair[1][inside]))
    tiles, residuals = _tiled(made, real, inside)
    apart = np.abs(a - b).mean(axis=2)
    means_a, means_b = a[inside].mean(axis=0), b[inside].mean(axis=0)
    return Comparison(
        ncc=_correlation(made[inside], real[inside]),
        worst_tile=float(tiles.min()),
        low_tile=float(np.quantile(tiles, 0.1)),
        middle_tile=float(np.median(tiles)),
        agreeing=float((tiles >= _AGREES).mean()),
        residual=float(residuals.mean()),
        skew=float(residuals.max() / (np.median(residuals) + 0.02)),
        difference=float(apart[inside].mean()),
        tone=_tone(a, b, inside),
        brightness=float((means_b - means_a) @ _LUMA),
        grey_a=grey_a,
        grey_b=grey_b,
    )


def _explained(source: Plane, target: Plane, inside: NDArray[np.bool_]) -> tuple[Plane, Plane]:
    """(the target's luma as a rising curve of a mix of the source's channels, its real luma)."""
    goal = target @ _LUMA
    mixed = source @ _mixture(source[inside], goal[inside])
    curve = _curve(mixed[inside], goal[inside])
    return smooth(np.interp(mixed, *curve).astype(np.float32)), smooth(goal)


def _mixture(colours: Plane, goal: Plane) -> Plane:
    """Weights of red, green and blue, float32[3], that explain the goal best; near to luma's.

    A black-and-white conversion or another white balance mixes the channels anew.
    """
    grey = colours @ _LUMA
    centred, wanted = colours - colours.mean(axis=0), goal - goal.mean()
    start = _LUMA * (float(wanted.std()) / (float(grey.std()) + 1e-4))
    square = (centred.T @ centred).astype(np.float64)
    hold = _RIDGE * np.trace(square) / 3.0 + 1e-6
    right = centred.T @ (wanted - centred @ start)
    weights = start + np.linalg.solve(square + hold * np.eye(3), right.astype(np.float64))
    return np.asarray(weights, dtype=np.float32)


def _curve(values: Plane, goal: Plane) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """A rising curve through the goal's mean in each bin of the values: places and heights.

    Fitted twice; the second time without the pixels that the first leaves unexplained.
    """
    low, high = float(values.min()), float(values.max())
    index = ((values - low) * ((_BINS - 1e-3) / (high - low + 1e-6))).astype(np.intp)
    weights = np.ones(len(values))
    for _ in range(2):
        count = np.bincount(index, weights, _BINS).astype(np.float64)
        used = count > 0
        heights = np.bincount(index, weights * goal, _BINS)[used] / count[used]
        places = np.bincount(index, weights * values, _BINS)[used] / count[used]
        risen = _rising(heights, count[used])
        away = np.abs(np.interp(values, places, risen) - goal)
        weights = (away <= 4.0 * np.median(away) + 0.01).astype(np.float64)
    return places, risen


def _rising(heights: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """The closest rising sequence (pool adjacent violators)."""
    levels: list[list[float]] = []
    for height, weight in zip(heights.tolist(), weights.tolist(), strict=True):
        levels.append([height, weight, 1])
        while len(levels) > 1 and levels[-2][0] > levels[-1][0]:
            last, before = levels.pop(), levels[-1]
            total = before[1] + last[1]
            before[0] = (before[0] * before[1] + last[0] * last[1]) / total
            before[1], before[2] = total, before[2] + last[2]
    return np.repeat([level[0] for level in levels], [int(level[2]) for level in levels])


def _tiled(made: Plane, real: Plane, inside: NDArray[np.bool_]) -> tuple[Plane, Plane]:
    """Correlation and mean absolute residual (in deviations) of each tile that is mostly inside."""
    rows, columns = np.flatnonzero(inside.any(axis=1)), np.flatnonzero(inside.any(axis=0))
    box = (slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1))
    made, real, inside = made[box], real[box], inside[box]
    height, width = inside.shape
    tile = np.arange(height)[:, None] * TILES // height * TILES + np.arange(width) * TILES // width
    whole = np.bincount(tile.reshape(-1), minlength=TILES**2)
    label, x, y = tile[inside], made[inside], real[inside]
    x, y = x - y.mean(), y - y.mean()
    spread = float(y.std()) + 1e-4

    def total(values: Plane) -> NDArray[np.float64]:
        return np.asarray(np.bincount(label, values, TILES**2), dtype=np.float64)

    count = np.bincount(label, minlength=TILES**2)
    good = count * 2 >= np.maximum(whole, 1)
    n = np.maximum(count, 1)
    mean_x, mean_y = total(x) / n, total(y) / n
    floor = max(_FLOOR_SHARE * spread**2, _FLOOR)
    both = total(x * y) / n - mean_x * mean_y + floor
    one = total(x * x) / n - mean_x**2 + floor
    other = total(y * y) / n - mean_y**2 + floor
    tiles = (both / np.sqrt(one * other))[good]
    residuals = (total(np.abs(x - y)) / n / spread)[good]
    return tiles.astype(np.float32), residuals.astype(np.float32)


def _tone(a: Plane, b: Plane, inside: NDArray[np.bool_]) -> float:
    """The largest change that a tonal range of a channel undergoes on average, 0-1."""
    shifts = []
    for channel in range(3):
        x, y = a[..., channel][inside], b[..., channel][inside]
        index = np.minimum(((x + y) * (_BINS / 4)).astype(np.intp), _BINS // 2 - 1)
        count = np.bincount(index, minlength=_BINS // 2)
        shift = np.bincount(index, y - x, _BINS // 2)
        shifts.append(float(np.abs(shift).sum() / count.sum()))
    return max(shifts)


def _grey(picture: Plane, inside: NDArray[np.bool_]) -> bool:
    colours = picture[inside]
    return bool((colours.max(axis=1) - colours.min(axis=1)).mean() < _GREY)


def _correlation(a: Plane, b: Plane) -> float:
    a, b = a - a.mean(), b - b.mean()
    return float((a * b).sum() / (np.sqrt((a * a).sum() * (b * b).sum()) + 1e-6))
