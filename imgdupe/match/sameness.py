# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""How sure it is that two aligned pictures are one capture, whatever was done to it.

Any thread; pure. A logistic model of six signs, each of which can only speak for sameness. The
weights come from `packaging/model/fit_kinds.py`: edits of training photos against made frames of
the same scenes (bursts, brackets). Strangers hardly ever get here: nothing aligns them.
"""

from __future__ import annotations

import math

from imgdupe.match.photometry import Comparison

SIGNS = ("bias", "worst tile", "unchanged", "edges", "palette", "extreme", "exposure")
WEIGHTS = (-6.92, 4.63, 2.47, 4.35, 5.56, 3.67, 26.3)

_LEAST = 0.003
_BRACKET = 0.2
_EDIT_CHANGES = 0.02
_NOISE = 0.06


def probability(pixels: Comparison | None) -> float:
    """P(same capture), 0-1; 0 where nothing could be compared."""
    if pixels is None:
        return 0.0
    score = sum(weight * sign for weight, sign in zip(WEIGHTS, signs(pixels), strict=True))
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, score))))


def signs(pixels: Comparison) -> tuple[float, ...]:
    """The values of SIGNS.

    Where pixels changed, text, stickers and bars speak for an edit: they are added to one side
    (edges), have few colours (palette) or are black and white (extreme). That counts only where
    all else agrees but for noise, and where the exposure is not so far off that clipping makes
    plain areas. More than two stops are a bracket rather than an edit.
    """
    added = min(pixels.changed / _EDIT_CHANGES, 1.0)
    added *= _clipped(1.0 - abs(pixels.brightness) / 0.25, 1.0)
    added *= _clipped(1.0 - pixels.noise / _NOISE, 1.0)
    palette = max(pixels.palette_a, pixels.palette_b)
    return (
        1.0,
        _clipped(pixels.worst_tile, 1.0),
        -math.log10(pixels.changed + _LEAST),
        added * _clipped(abs(pixels.added) - 0.4, 2.0),
        added * _clipped(palette - 0.6, 0.4) * 2.5,
        added * _clipped(abs(pixels.extreme) - 0.1, 0.5) * 2.0,
        -_clipped(abs(pixels.brightness) - _BRACKET, 0.6),
    )


def _clipped(value: float, most: float) -> float:
    return max(0.0, min(most, value))
