# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Lays one small picture on another and says how well they agree, tile by tile.

Any thread; pure. The embedding proposes, this decides: key points (or the whole frame) give a
placement, Gauss-Newton sharpens it, a tone curve explains the exposure, tiles find what moved.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from imgdupe.match.align import (
    coarse,
    inverse,
    refine,
    whole_frame,
)
from imgdupe.match.consensus import Placement, agree
from imgdupe.match.features import Features, find_features, turned
from imgdupe.match.frames import is_framed, margin_of
from imgdupe.match.overlay import Framed, on_one_grid
from imgdupe.match.photometry import Comparison, compared, palette
from imgdupe.match.planes import Plane, luma, normalised, resized
from imgdupe.records import turn_array

_SURE_INLIERS = 12
_CERTAIN_INLIERS = 40
_FEW_FEATURES = 72
_TINY_PX = 32
_TINY_ALIKE = 0.45
_COARSE_ALIKE = 0.30
_FEWEST_SHARED = 0.12
_SHARES = 128
_GRAPHIC = 0.70

Picture = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A thumbnail ready for comparing; keep it while its pairs are compared.

    picture: uint8[h, w, 3]; luma: float32[h, w]; tiny: float32[32, 32] without tone; margin:
    uint8[h, w], what may be a frame around the picture (`frames`).
    graphic: a page of text or a drawing, mostly of three colours.
    """

    picture: Picture
    luma: Plane
    features: Features
    tiny: Plane
    margin: NDArray[np.uint8]
    graphic: bool


@dataclass(frozen=True, slots=True)
class Alignment:
    """How two pictures lie on each other; without a placement only `turn` and `inliers` count.

    turn: turning b by it gives a's pose. transform: 2x3 affine, row-major, from a's upright unit
    square to b's. overlap: the shared share of the smaller frame; covered_a, covered_b: of each.
    scale: b's pixels per scene length over a's, both thumbnails' long sides counted as 1.
    angle: degrees that b is rotated beside the turn. inliers: key points that agree.
    graphic: both are pages of text or drawings.
    plain_margin: what the larger frame shows beyond the shared part is one colour, as a border.
    """

    turn: int
    inliers: int
    graphic: bool = False
    transform: tuple[float, ...] | None = None
    overlap: float = 0.0
    covered_a: float = 0.0
    covered_b: float = 0.0
    scale: float = 1.0
    angle: float = 0.0
    plain_margin: bool = False
    pixels: Comparison | None = None


@dataclass(frozen=True, slots=True)
class _Guess:
    turn: int
    placement: Placement
    inliers: int


def prepare(picture: Picture) -> Prepared:
    """Key points and planes of an upright thumbnail uint8[h, w, 3], at least 8 px each way."""
    plane = luma(picture)
    tiny = normalised(resized(plane, _TINY_PX, _TINY_PX), 5)
    tiny -= tiny.mean()
    tiny /= np.linalg.norm(tiny) + 1e-6
    graphic = palette(_colours(picture[::2, ::2])) >= _GRAPHIC
    return Prepared(picture, plane, find_features(plane), tiny, margin_of(plane), graphic)


def _colours(picture: Picture) -> Plane:
    """float32[3, n] in 0..1."""
    return np.asarray(picture.reshape(-1, 3).T, dtype=np.float32) * np.float32(1 / 255)


def compare(a: Picture | Prepared, b: Picture | Prepared, turn: int) -> Alignment:
    """Align b to a, trying `turn` (of TURNS) first, and compare what both show.

    a, b: upright thumbnails uint8[h, w, 3] with a long side of at most 320 px, or prepared ones.
    """
    a = a if isinstance(a, Prepared) else prepare(a)
    b = b if isinstance(b, Prepared) else prepare(b)
    graphic = a.graphic and b.graphic
    guesses = _guesses(a, b, turn)
    found = [each for each in (_coarse(a, b, guess) for guess in guesses) if each is not None]
    inliers = max((guess.inliers for guess in guesses), default=0)
    if not found:
        return Alignment(guesses[0].turn if guesses else turn, inliers, graphic)
    score, guess = max(found, key=lambda each: each[0])
    if score < _COARSE_ALIKE:
        return Alignment(guess.turn, inliers, graphic)
    return _measured(a, b, _Guess(guess.turn, guess.placement, inliers))


def _guesses(a: Prepared, b: Prepared, turn: int) -> list[_Guess]:
    """Placements worth a look: by key points, and whole frame on whole frame."""
    # The turn of the hash first, then none: bars and crops mislead the hash.
    best = _better(_by_features(a, b, each, None) for each in dict.fromkeys((turn, 0)))
    if best is None or best.inliers < _SURE_INLIERS:
        others = (_by_features(a, b, each, _FEW_FEATURES) for each in range(1, 8) if each != turn)
        rival = _better(others)
        if rival and (best is None or rival.inliers > best.inliers):
            best = _by_features(a, b, rival.turn, None) or rival
    found = [best] if best else []
    alike = [float((a.tiny * turn_plane(b.tiny, each)).sum()) for each in range(8)]
    alike[turn] += 0.05
    likely = int(np.argmax(alike))
    certain = best is not None and best.inliers >= _CERTAIN_INLIERS and best.turn == likely
    if alike[likely] >= _TINY_ALIKE and not certain:
        frame = whole_frame(a.luma.shape[:2], _shape(b, likely))
        found.append(_Guess(likely, frame, 0))
    return found


def _better(guesses: Iterable[_Guess | None]) -> _Guess | None:
    """The guess with the most inliers, the first of equals."""
    return max((each for each in guesses if each), key=lambda g: g.inliers, default=None)


def _by_features(a: Prepared, b: Prepared, turn: int, limit: int | None) -> _Guess | None:
    """The placement that the key points agree on under one turn."""
    ours, theirs = _first(a.features, limit), _first(b.features, limit)
    consensus = agree(ours, turned(theirs, turn, *b.luma.shape))
    return _Guess(turn, consensus.placement, consensus.inliers) if consensus else None


def _first(features: Features, limit: int | None) -> Features:
    part = slice(limit)
    return Features(features.places[part], features.scales[part], features.descriptors[part])


def _coarse(a: Prepared, b: Prepared, guess: _Guess) -> tuple[float, _Guess] | None:
    """The guess after coarse steps, with its correlation; None where hardly anything is shared."""
    other = turn_plane(b.luma, guess.turn)
    if _coarser(guess.placement):
        back, score = coarse(other, a.luma, inverse(guess.placement))
        placement = inverse(back)
    else:
        placement, score = coarse(a.luma, other, guess.placement)
    if max(_covered(placement, a.luma.shape, other.shape)) < _FEWEST_SHARED:
        return None
    return score, _Guess(guess.turn, placement, guess.inliers)


def _coarser(placement: Placement) -> bool:
    """Whether b shows the scene with fewer pixels than a."""
    return bool(np.linalg.det(placement[:, :2]) < 1.0)


def _measured(a: Prepared, b: Prepared, guess: _Guess) -> Alignment:
    """Sharpen the placement and compare on the grid of the coarser picture."""
    other = turn_plane(b.luma, guess.turn)
    ours = Framed(a.picture, a.margin)
    theirs = Framed(
        np.ascontiguousarray(turn_array(b.picture, guess.turn)), turn_array(b.margin, guess.turn)
    )
    if _coarser(guess.placement):
        placement = inverse(refine(other, a.luma, inverse(guess.placement)))
        shared = on_one_grid(theirs, ours, inverse(placement))
        pixels = None if shared is None else compared(shared.other, shared.reference, shared.inside)
    else:
        placement = refine(a.luma, other, guess.placement)
        shared = on_one_grid(ours, theirs, placement)
        pixels = None if shared is None else compared(shared.reference, shared.other, shared.inside)
    covered_a, covered_b = _covered(placement, a.luma.shape, other.shape)
    linear = placement[:, :2]
    grown = float(np.sqrt(np.linalg.det(linear)))
    return Alignment(
        turn=guess.turn,
        inliers=guess.inliers,
        graphic=a.graphic and b.graphic,
        transform=_unit(placement, a.luma.shape, other.shape, guess.turn),
        overlap=max(covered_a, covered_b),
        covered_a=covered_a,
        covered_b=covered_b,
        scale=grown * max(a.luma.shape) / max(other.shape),
        angle=float(np.degrees(np.arctan2(linear[1, 0] - linear[0, 1], np.trace(linear)))),
        plain_margin=_plain_margin(a.luma, other, placement),
        pixels=pixels,
    )


def turn_plane(plane: Plane, turn: int) -> Plane:
    """`turn_array` for a float plane, contiguous."""
    return np.ascontiguousarray(np.rot90(np.fliplr(plane) if turn >= 4 else plane, turn % 4))


def _shape(b: Prepared, turn: int) -> tuple[int, int]:
    height, width = b.luma.shape
    return (width, height) if turn % 2 else (height, width)


def _covered(placement: Placement, a: tuple[int, ...], b: tuple[int, ...]) -> tuple[float, float]:
    """The shares of a's and of b's frame that both show, on a coarse grid."""
    return float(_shared(placement, a, b).mean()), float(_shared(inverse(placement), b, a).mean())


def _shared(
    placement: Placement, a: tuple[int, ...], b: tuple[int, ...], slack_px: float = 0.0
) -> NDArray[np.bool_]:
    """Where on a grid [_SHARES, _SHARES] over a's frame b shows something too."""
    points = (np.arange(_SHARES) + 0.5) / _SHARES
    x, y = points * a[1] - 0.5, (points * a[0] - 0.5)[:, None]
    in_x = placement[0, 0] * x + placement[0, 1] * y + placement[0, 2]
    in_y = placement[1, 0] * x + placement[1, 1] * y + placement[1, 2]
    low, right, bottom = -0.5 - slack_px, b[1] - 0.5 + slack_px, b[0] - 0.5 + slack_px
    return np.asarray((in_x > low) & (in_x < right) & (in_y > low) & (in_y < bottom))


def _plain_margin(a: Plane, b: Plane, placement: Placement) -> bool:
    """Whether the part of the larger frame that the other lacks is a frame."""
    slack = 2.0 * max(b.shape) / 100
    beyond_a = ~_shared(placement, a.shape, b.shape, slack)
    beyond_b = ~_shared(inverse(placement), b.shape, a.shape, slack)
    plane, beyond = (a, beyond_a) if beyond_a.sum() >= beyond_b.sum() else (b, beyond_b)
    return beyond.sum() >= _SHARES and is_framed(resized(plane, _SHARES, _SHARES), beyond)


def _unit(
    placement: Placement, a: tuple[int, ...], b: tuple[int, ...], turn: int
) -> tuple[float, ...]:
    """From a's unit square to that of b before turning."""
    shift = np.array([[1, 0, 0.5], [0, 1, 0.5], [0, 0, 1.0]])
    grow = np.diag([a[1], a[0], 1.0])
    full = np.vstack([placement, [0.0, 0.0, 1.0]])
    unit = np.diag([1 / b[1], 1 / b[0], 1.0]) @ shift @ full @ np.linalg.inv(shift) @ grow
    # a quarter turn against the clock takes the place (x, y) to (y, 1 - x); undo each
    back = np.array([[0.0, -1.0, 1.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
    for _ in range(turn % 4):
        unit = back @ unit
    if turn >= 4:
        unit = np.array([[-1.0, 0.0, 1.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]) @ unit
    return tuple(round(float(value), 6) for value in unit[:2].reshape(-1))
