# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""How sure it is that two aligned pictures are one capture, whatever was done to it.

Any thread; pure. A small network of eleven signs, fitted by `packaging/model/fit_kinds.py` on edits
of training photos against made frames of the same scenes (bursts, brackets). An edit leaves most of
a picture as it is or adds what has few colours and no texture; a frame of the scene moves what was
there. Strangers hardly ever get here: nothing aligns them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

import numpy as np

from imgdupe.match.fitted import fitted
from imgdupe.match.photometry import Comparison

SIGNS = (
    "worst tile",
    "changed",
    "added",
    "palette, more",
    "palette, less",
    "plain, more",
    "plain, less",
    "extreme",
    "bracket",
    "noise",
    "ncc",
)
LIMIT = 4.0
"""Signs count up to so many deviations from their mean."""
_BRACKET_STOPS = 1.2
"""Nobody tells a shot of twice the exposure from its brightened twin; edits seldom go further."""
_OFF = 0.2
"""Edits leave the middle pixel nearer than this, in deviations, to where a curve puts it."""
_LEAST, _FAINT = 0.003, 0.002


@dataclass(frozen=True, slots=True)
class SamenessModel:
    """One hidden layer of m units over the s standardised SIGNS; mean, spread: s; hidden: m x s."""

    mean: Sequence[float]
    spread: Sequence[float]
    hidden: Sequence[Sequence[float]]
    hidden_bias: Sequence[float]
    out: Sequence[float]
    out_bias: float

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> SamenessModel:
        """From `document()`."""
        return cls(**document)

    def document(self) -> dict[str, Any]:
        """As JSON keeps it."""
        return asdict(self)

    def probability(self, values: Sequence[float]) -> float:
        """P(same capture) of the values of SIGNS, 0-1."""
        x = np.clip((np.array(values) - self.mean) / self.spread, -LIMIT, LIMIT)
        hidden = np.tanh(np.array(self.hidden) @ x + self.hidden_bias)
        return 1.0 / (1.0 + math.exp(-float(hidden @ self.out) - self.out_bias))


def probability(pixels: Comparison | None) -> float:
    """P(same capture), 0-1; 0 where nothing could be compared or hardly anything agrees."""
    if pixels is None or pixels.noise > _OFF:
        return 0.0
    return _shipped().probability(signs(pixels))


def signs(pixels: Comparison) -> tuple[float, ...]:
    """The values of SIGNS."""
    palette = sorted((pixels.palette_a, pixels.palette_b))
    plain = sorted((pixels.flat_a, pixels.flat_b))
    return (
        max(pixels.worst_tile, 0.0),
        math.log10(pixels.changed + _LEAST),
        abs(pixels.added),
        palette[1],
        palette[0],
        plain[1],
        plain[0],
        abs(pixels.extreme),
        max(abs(pixels.stops) - _BRACKET_STOPS, 0.0),
        math.log10(pixels.noise + _FAINT),
        pixels.ncc,
    )


@cache
def _shipped() -> SamenessModel:
    return SamenessModel.of(fitted().same_picture)
