# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Finds what lies around a picture: borders, letterboxes, the bars of a screenshot.

Any thread; pure. A frame is of one colour up to the picture and ends there, unlike a plain sky.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from imgdupe.match.planes import Plane, box_mean

_NEAR = 0.045
"""Compression leaves the pixels of a bar this near to their tone."""
_FIRST, _MORE = 0.95, 0.6
"""The share of a line that has the frame's tone: of the outermost one, of those that follow."""
_LARGEST = 0.45
_CONTENT = 0.8
"""What a frame covers is plain in the other picture too from this share on: then it is no frame."""
_PLAIN, _PLAIN_SHARE = 0.02, 0.7
_RING_NEAR, _RING_FAR = 4, 8

Mask = NDArray[np.bool_]


def margin_of(plane: Plane) -> NDArray[np.uint8]:
    """Which pixels of luma float32[h, w] may be a frame: uint8[h, w], 1-4 by side, 0 elsewhere.

    Plain skies are among them; whether something else belongs there, only the other picture knows.
    """
    sides = np.zeros(plane.shape, dtype=np.uint8)
    for turn in range(4):
        turned = np.rot90(plane, turn)
        tone = np.median(turned[0])
        if float((np.abs(turned[0] - tone) <= _NEAR).mean()) >= _FIRST:
            near = np.abs(turned[: int(_LARGEST * len(turned))] - tone) <= _NEAR
            depth = int(np.argmax(np.append(near.mean(axis=1), 0.0) < _MORE))
            np.rot90(sides, turn)[:depth][near[:depth]] = turn + 1
    return sides


def covering(margin: NDArray[np.uint8], other: Plane, inside: Mask) -> Mask:
    """Where a frame lies over what the other picture shows: bool[h, w].

    margin: of one picture; other: float32[3, h, w], the other one on the same grid; inside:
    bool[h, w], where both are. What is plain in both is their content: a sky, a backdrop.
    """
    found = np.zeros(inside.shape, dtype=np.bool_)
    for side in range(1, 5):
        region = (margin == side) & inside
        if region.any():
            seen = other[:, region]
            away = np.abs(seen - np.median(seen, axis=1, keepdims=True)).max(axis=0)
            if float((away <= _NEAR).mean()) < _CONTENT:
                found |= region
    return _around(found, 1) & inside if found.any() else found


def is_framed(plane: Plane, beyond: Mask) -> bool:
    """Whether the part of a picture that another one lacks is a frame around what both show.

    plane: luma float32[n, n] of the whole picture; beyond: bool[n, n].
    """
    margin = plane[beyond]
    tone = np.median(margin)
    if float((np.abs(margin - tone) <= _PLAIN).mean()) < _PLAIN_SHARE:
        return False
    ring = plane[_around(beyond, _RING_FAR) & ~_around(beyond, _RING_NEAR)]
    return not len(ring) or float((np.abs(ring - tone) <= 2 * _PLAIN).mean()) < 0.5


def _around(mask: Mask, radius: int) -> Mask:
    return np.asarray(box_mean(mask.astype(np.float32), radius) > 0)
