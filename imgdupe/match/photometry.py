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
_ENOUGH = 0.25
_STRUCTURE = 0.015**2
_GREY = 0.012
_SHADES = 8
_BLACK, _WHITE = 0.10, 0.90
_FEWEST_COLOURS = 12
_SLOPE = 0.012
_DARKEST, _BRIGHTEST, _GAMMA = 0.04, 0.92, 2.2


@dataclass(frozen=True, slots=True)
class Comparison:
    """What two aligned pictures agree in.

    Of tone-matched, low-passed luma: `ncc`, the correlation over all (-1..1); `noise`, the middle
    absolute residual in deviations; `changed`, the share of pixels clearly unexplained;
    `worst_tile`, the least correlation of a tile.
    Of the changed pixels, to tell what was added from what moved: `palette_a`, `palette_b`, the
    share of the three most frequent colours; `added`, log2 of b's edges over a's; `extreme`, how
    many more of b's are black or white.
    `flat_a`, `flat_b`: the share of them without any texture in that picture, as in stickers.
    `difference`: mean absolute RGB 0-1 as it is; `tone`: how far tones move; `warmth`: how much
    redder than blue b is beside a; `stops`: b's exposure over a's, where neither is clipped (0
    where nothing is between the clipped tones).
    """

    ncc: float
    noise: float
    changed: float
    palette_a: float
    palette_b: float
    added: float
    extreme: float
    flat_a: float
    flat_b: float
    worst_tile: float
    difference: float
    tone: float
    warmth: float
    stops: float
    grey_a: bool
    grey_b: bool


def compared(a: Plane, b: Plane, inside: NDArray[np.bool_]) -> Comparison:
    """a, b: float32[3, h, w] in 0..1 on one grid; inside: bool[h, w], where both show the scene.

    Tone is explained in the direction that works better: clipped tones can be made from unclipped
    ones but not the other way, grey only from colour.
    """
    ours, theirs = a[:, inside], b[:, inside]
    tiles = _Tiles(inside)
    trust = _trust(_mixed(ours, _LUMA), _mixed(theirs, _LUMA), tiles)
    grey_a, grey_b = is_grey(ours), is_grey(theirs)
    explained = []
    if grey_b or not grey_a:
        explained.append(_explained(a, b, inside, trust, remix=grey_b and not grey_a))
    if grey_a or not grey_b:
        explained.append(_explained(b, a, inside, trust, remix=grey_a and not grey_b))
    made, real = max(explained, key=lambda pair: _correlation(pair[0][inside], pair[1][inside]))
    agreement = _agreement(made[inside], real[inside], tiles)
    changed = _changed(made, real, inside)
    slopes_a, slopes_b = (np.hypot(*gradients(_mixed(each, _LUMA)))[inside] for each in (a, b))
    return Comparison(
        ncc=_correlation(made[inside], real[inside]),
        noise=_noise(made[inside], real[inside], trust),
        changed=float(changed.mean()),
        palette_a=palette(ours[:, changed]),
        palette_b=palette(theirs[:, changed]),
        added=_added(slopes_a, slopes_b, changed),
        extreme=_extreme(theirs[:, changed]) - _extreme(ours[:, changed]),
        flat_a=_flat(slopes_a[changed]),
        flat_b=_flat(slopes_b[changed]),
        worst_tile=float(agreement.min()),
        difference=float(np.abs(ours - theirs).mean()),
        tone=_tone(ours, theirs),
        warmth=float(np.median(theirs[0] - theirs[2] - ours[0] + ours[2])),
        stops=_stops(_mixed(ours, _LUMA), _mixed(theirs, _LUMA)),
        grey_a=grey_a,
        grey_b=grey_b,
    )


def _noise(made: Plane, real: Plane, trust: NDArray[np.float64]) -> float:
    """The middle absolute residual, in deviations: what compression and resampling leave.

    made, real: float32[n]. Of the trusted pixels, unless they are few.
    """
    away = np.abs(made - real)
    trusted = trust >= 1.0
    middle = np.median(away[trusted] if trusted.mean() >= _ENOUGH else away)
    return float(middle / (real.std() + 0.02))


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


def _added(a: Plane, b: Plane, changed: NDArray[np.bool_]) -> float:
    """log2 of how much more edges b has than a where they differ, beside elsewhere.

    a, b: slopes float32[n]. Text and stickers are added to one side; what moves takes its edges
    along: 0.
    """
    if changed.sum() < _FEWEST_COLOURS or changed.all():
        return 0.0
    here, there = ((each[changed].mean(), each[~changed].mean()) for each in (a + 1e-3, b + 1e-3))
    return float(np.log2(there[0] / here[0]) - np.log2(there[1] / here[1]))


def _flat(slopes: Plane) -> float:
    """The share without texture; of the slopes float32[n] where the pictures differ."""
    return float((slopes < _SLOPE).mean()) if len(slopes) >= _FEWEST_COLOURS else 0.0


def _stops(a: Plane, b: Plane) -> float:
    """The middle ratio of linear light, b over a, as a power of two; of luma float32[n]."""
    told = (np.minimum(a, b) > _DARKEST) & (np.maximum(a, b) < _BRIGHTEST)
    if told.sum() < _FEWEST_COLOURS:
        return 0.0
    return float(_GAMMA * np.median(np.log2(b[told] / a[told])))


def _extreme(colours: Plane) -> float:
    """The share of nearly black or nearly white pixels. colours: float32[3, n]."""
    if colours.shape[1] < _FEWEST_COLOURS:
        return 0.0
    bright = _mixed(colours, _LUMA)
    return float(((bright > _WHITE) | (bright < _BLACK)).mean())


def _explained(
    source: Plane,
    target: Plane,
    inside: NDArray[np.bool_],
    trust: NDArray[np.float64],
    *,
    remix: bool,
) -> tuple[Plane, Plane]:
    """(the target's luma as a rising curve of the source's, the target's real luma).

    remix: the target is a black-and-white picture of the source, whose channels may be mixed anew.
    """
    goal = _mixed(target, _LUMA)
    seen = goal[inside]
    weights = _mixture(source[:, inside], seen, trust.astype(np.float32)) if remix else _LUMA
    mixed = _mixed(source, weights)
    places, heights = _curve(mixed[inside], seen, trust)
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


def _mixture(colours: Plane, goal: Plane, trust: Plane) -> Plane:
    """Weights of red, green and blue, float32[3], that explain a grey goal best; near to luma's.

    colours: float32[3, n]; goal, trust: float32[n].
    """
    total = trust.sum()
    wanted = goal - (goal * trust).sum() / total
    centred = colours - (colours * trust).sum(axis=1, keepdims=True) / total
    grey = _mixed(centred, _LUMA)
    spread = [float(np.sqrt((each**2 * trust).sum() / total)) for each in (wanted, grey)]
    start = _LUMA * (spread[0] / (spread[1] + 1e-4))
    square = ((centred * trust) @ centred.T).astype(np.float64)
    hold = _RIDGE * np.trace(square) / 3.0 + 1e-6
    right = ((centred * trust) @ (wanted - _mixed(centred, start))).astype(np.float64)
    weights = start + np.linalg.solve(square + hold * np.eye(3), right)
    return np.asarray(weights, dtype=np.float32)


def _curve(
    values: Plane, goal: Plane, trust: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """A rising curve through the goal's mean in each bin of the values: places and heights.

    Fitted twice; the second time without the pixels that the first leaves unexplained.
    """
    low, high = float(values.min()), float(values.max())
    index = ((values - low) * ((_BINS - 1e-3) / (high - low + 1e-6))).astype(np.intp)
    weights = trust
    for _ in range(2):
        count = np.bincount(index, weights, _BINS).astype(np.float64)
        used = count > 0
        heights = np.bincount(index, weights * goal, _BINS)[used] / count[used]
        places = np.bincount(index, weights * values, _BINS)[used] / count[used]
        risen = _rising(heights, count[used])
        away = np.abs(_looked_up(values, places, risen) - goal)
        weights = trust * (away <= 4.0 * np.median(away) + 0.01)
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


class _Tiles:
    """The pixels inside by tile: 8 by 8 over the box that both show; mostly covered ones count."""

    def __init__(self, inside: NDArray[np.bool_]) -> None:
        rows, columns = np.flatnonzero(inside.any(axis=1)), np.flatnonzero(inside.any(axis=0))
        height, width = rows[-1] + 1 - rows[0], columns[-1] + 1 - columns[0]
        down = (np.arange(inside.shape[0]) - rows[0]) * TILES // height
        across = (np.arange(inside.shape[1]) - columns[0]) * TILES // width
        self._label = (down[:, None] * TILES + across)[inside]
        self._count = np.bincount(self._label, minlength=TILES**2)
        self._n = np.maximum(self._count, 1)
        least = min(height * width / TILES**2 / 2, self._count.max())
        self.good = self._count >= least

    def mean(self, values: Plane) -> NDArray[np.float64]:
        """float64[64] of float32[n]."""
        return np.asarray(np.bincount(self._label, values, TILES**2) / self._n)

    def spread(self, per_tile: NDArray[np.float64]) -> NDArray[np.float64]:
        """Each pixel's tile's value, float64[n]."""
        return np.asarray(per_tile[self._label])

    def moments(self, x: Plane, y: Plane) -> NDArray[np.float64]:
        """Covariance and both variances of each tile, float64[3, 64]."""
        x, y = x - x.mean(), y - y.mean()
        mean_x, mean_y = self.mean(x), self.mean(y)
        return np.stack(
            [
                self.mean(x * y) - mean_x * mean_y,
                self.mean(x * x) - mean_x**2,
                self.mean(y * y) - mean_y**2,
            ]
        )


def _trust(a: Plane, b: Plane, tiles: _Tiles) -> NDArray[np.float64]:
    """Pixels of tiles whose structure agrees whatever the tone: they may bend the curve.

    a, b: luma float32[n]; the others weigh little, so that a sticker is not taken for a tone.
    """
    both, one, other = tiles.moments(a, b)
    structured = (one > _STRUCTURE) & (other > _STRUCTURE)
    alike = both > _AGREES * np.sqrt(np.maximum(one * other, 1e-12))
    return tiles.spread(np.where(structured & alike, 1.0, 0.02))


def _agreement(made: Plane, real: Plane, tiles: _Tiles) -> NDArray[np.float64]:
    """The correlation of each tile that counts; flat tiles agree with flat tiles."""
    floor = max(_FLOOR_SHARE * float(real.var()), _FLOOR)
    both, one, other = tiles.moments(made, real) + floor
    return np.asarray((both / np.sqrt(one * other))[tiles.good])


def _tone(a: Plane, b: Plane) -> float:
    """How far the mean of a tonal range moves, averaged; of the channel where it moves most."""
    bins = _BINS // 2
    shifts = []
    for x, y in zip(a, b, strict=True):
        index = np.minimum((x + y) * np.float32(bins / 2), bins - 1).astype(np.intp)
        shift = np.bincount(index, y - x, bins)
        shifts.append(float(np.abs(shift).sum() / len(x)))
    return max(shifts)


def is_grey(colours: Plane) -> bool:
    """Whether there is no colour in float32[3, n]; a quarter of the pixels are asked."""
    some = colours[:, ::4]
    red, green, blue = some
    spread = np.maximum(np.maximum(red, green), blue) - np.minimum(np.minimum(red, green), blue)
    return bool(spread.mean() < _GREY)


def _correlation(a: Plane, b: Plane) -> float:
    a, b = a - a.mean(), b - b.mean()
    return float((a * b).sum() / (np.sqrt((a * a).sum() * (b * b).sum()) + 1e-6))
