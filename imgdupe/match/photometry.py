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

from imgdupe.match.planes import Plane, gradients, smooth

TILES = 8
_BINS = 32
_LUMA = np.array([0.299, 0.587, 0.114], dtype=np.float32)
_RIDGE = 0.05
_FLOOR_SHARE = 0.01
"""Variance added to every tile, as a share of the picture's: flat tiles agree with flat tiles."""
_FLOOR = 0.008**2
_AGREES = 0.9
_GREY = 0.012
_SHADES = 8
_BLACK, _WHITE = 0.10, 0.90
_FEWEST_COLOURS = 12


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
    noise: float
    changed: float
    palette_a: float
    palette_b: float
    added: float
    extreme: float
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
    """a, b: float32[3, h, w] in 0..1 on one grid; inside: bool[h, w], where both show the scene."""
    ours, theirs = a[:, inside], b[:, inside]
    grey_a, grey_b = _is_grey(ours), _is_grey(theirs)
    tries = []
    if not (grey_a and not grey_b):
        tries.append(_explained(a, b, inside, remix=grey_b and not grey_a))
    if not (grey_b and not grey_a):
        tries.append(_explained(b, a, inside, remix=grey_a and not grey_b))
    made, real = max(tries, key=lambda pair: _correlation(pair[0][inside], pair[1][inside]))
    tiles, residuals = _tiled(made, real, inside)
    changed = _changed(made, real, inside)
    return Comparison(
        noise=_noise(made, real, inside),
        changed=float(changed.mean()),
        palette_a=palette(ours[:, changed]),
        palette_b=palette(theirs[:, changed]),
        added=_added(a, b, inside, changed),
        extreme=_extreme(theirs[:, changed]) - _extreme(ours[:, changed]),
        ncc=_correlation(made[inside], real[inside]),
        worst_tile=float(tiles.min()),
        low_tile=float(np.quantile(tiles, 0.1)),
        middle_tile=float(np.median(tiles)),
        agreeing=float((tiles >= _AGREES).mean()),
        residual=float(residuals.mean()),
        skew=float(residuals.max() / (np.median(residuals) + 0.02)),
        difference=float(np.abs(ours - theirs).mean()),
        tone=_tone(ours, theirs),
        brightness=float(np.median(_mixed(theirs - ours, _LUMA))),
        grey_a=grey_a,
        grey_b=grey_b,
    )


def _noise(made: Plane, real: Plane, inside: NDArray[np.bool_]) -> float:
    """The middle absolute residual, in deviations: what compression and resampling leave."""
    seen = real[inside]
    away = np.median(np.abs(made[inside] - seen))
    return float(away / (seen.std() + 0.02))


def _changed(made: Plane, real: Plane, inside: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which of the pixels inside a tone curve leaves clearly unexplained, bool[n]."""
    away = np.abs(made - real)[inside]
    deviation = float(real[inside].std())
    limit = max(0.035, 0.2 * deviation, 4.0 * float(np.median(away)))
    return np.asarray(away > limit)


def palette(colours: Plane) -> float:
    """The share of the three most frequent colours: near 1 for text, stickers and bars.

    colours: float32[3, n].
    """
    if colours.shape[1] < _FEWEST_COLOURS:
        return 0.0
    steps = np.minimum((colours * np.float32(_SHADES)).astype(np.intp), _SHADES - 1)
    index = (steps[0] * _SHADES + steps[1]) * _SHADES + steps[2]
    counts = np.sort(np.bincount(index, minlength=_SHADES**3))
    return float(counts[-3:].sum() / colours.shape[1])


def _added(a: Plane, b: Plane, inside: NDArray[np.bool_], changed: NDArray[np.bool_]) -> float:
    """log2 of how much more edges b has than a where they differ, beside elsewhere.

    Text and stickers are added to one side; what moves takes its edges along: 0.
    """
    if changed.sum() < _FEWEST_COLOURS or changed.all():
        return 0.0
    edges = [np.hypot(*gradients(_mixed(each, _LUMA)))[inside] + 1e-3 for each in (a, b)]
    there = np.log2(edges[1][changed].mean() / edges[0][changed].mean())
    elsewhere = np.log2(edges[1][~changed].mean() / edges[0][~changed].mean())
    return float(there - elsewhere)


def _extreme(colours: Plane) -> float:
    """The share of nearly black or nearly white pixels. colours: float32[3, n]."""
    if colours.shape[1] < _FEWEST_COLOURS:
        return 0.0
    bright = _mixed(colours, _LUMA)
    return float(((bright > _WHITE) | (bright < _BLACK)).mean())


def _explained(
    source: Plane, target: Plane, inside: NDArray[np.bool_], *, remix: bool
) -> tuple[Plane, Plane]:
    """(the target's luma as a rising curve of the source's, the target's real luma).

    remix: the target is a black-and-white picture of the source, whose channels may be mixed anew.
    """
    goal = _mixed(target, _LUMA)
    seen = goal[inside]
    mixed = _mixed(source, _mixture(source[:, inside], seen) if remix else _LUMA)
    places, heights = _curve(mixed[inside], seen)
    return smooth(_looked_up(mixed, places, heights)), smooth(goal)


def _mixed(planes: Plane, weights: Plane) -> Plane:
    """The weighted sum of three planes."""
    result: Plane = weights[0] * planes[0] + weights[1] * planes[1] + weights[2] * planes[2]
    return result


def _looked_up(values: Plane, places: NDArray[np.float64], heights: NDArray[np.float64]) -> Plane:
    """np.interp by a table of 256 steps, which is ten times as fast."""
    low, high = places[0], places[-1]
    table = np.interp(np.linspace(low, high, 256), places, heights).astype(np.float32)
    step = np.float32(255.0 / (high - low + 1e-6))
    index = np.clip((values - np.float32(low)) * step + np.float32(0.5), 0.0, 255.0)
    found: Plane = np.take(table, index.astype(np.int32))
    return found


def _mixture(colours: Plane, goal: Plane) -> Plane:
    """Weights of red, green and blue, float32[3], that explain a grey goal best; near to luma's.

    colours: float32[3, n].
    """
    wanted = goal - goal.mean()
    centred = colours - colours.mean(axis=1, keepdims=True)
    grey = _mixed(centred, _LUMA)
    start = _LUMA * (float(wanted.std()) / (float(grey.std()) + 1e-4))
    square = (centred @ centred.T).astype(np.float64)
    hold = _RIDGE * np.trace(square) / 3.0 + 1e-6
    right = (centred @ (wanted - _mixed(centred, start))).astype(np.float64)
    weights = start + np.linalg.solve(square + hold * np.eye(3), right)
    return np.asarray(weights, dtype=np.float32)


def _curve(values: Plane, goal: Plane) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """A rising curve through the goal in each bin of the values: places and heights.

    First through the middle of each bin, then through the mean of the pixels near that curve: a
    caption or sticker bends it as little as can be.
    """
    low, high = float(values.min()), float(values.max())
    index = ((values - low) * ((_BINS - 1e-3) / (high - low + 1e-6))).astype(np.intp)
    count = np.bincount(index, minlength=_BINS)
    used = count > 0
    places = np.bincount(index, values, _BINS)[used] / count[used]
    ordered = np.sort(index + np.minimum(goal, np.float32(0.999)).astype(np.float64))
    middles = ordered[(np.cumsum(count) - count + count // 2)[used]] % 1.0
    risen = _rising(middles, count[used].astype(np.float64))
    away = np.abs(_looked_up(values, places, risen) - goal)
    near = (away <= 4.0 * np.median(away) + 0.01).astype(np.float64)
    weight = np.bincount(index, near, _BINS)[used]
    means = np.bincount(index, near * goal, _BINS)[used] / np.maximum(weight, 1.0)
    return places, _rising(np.where(weight > 0, means, middles), np.maximum(weight, 1.0))


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


def _tone(a: Plane, b: Plane) -> float:
    """How far the mean of a tonal range moves, averaged; of the channel where it moves most."""
    bins = _BINS // 2
    shifts = []
    for x, y in zip(a, b, strict=True):
        index = np.minimum((x + y) * np.float32(bins / 2), bins - 1).astype(np.intp)
        shift = np.bincount(index, y - x, bins)
        shifts.append(float(np.abs(shift).sum() / len(x)))
    return max(shifts)


def _is_grey(colours: Plane) -> bool:
    """colours: float32[3, n]."""
    return bool((colours.max(axis=0) - colours.min(axis=0)).mean() < _GREY)


def _correlation(a: Plane, b: Plane) -> float:
    a, b = a - a.mean(), b - b.mean()
    return float((a * b).sum() / (np.sqrt((a * a).sum() * (b * b).sum()) + 1e-6))
