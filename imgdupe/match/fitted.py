# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The numbers of matching that were fitted on photographs: `resources/model/matching.json`.

Any thread. Written by `packaging/model/fit_kinds.py` and `fit_cosines.py`; whatever depends on the
network's cosines is there and nowhere else, for another network has others.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from imgdupe import resources

FILE = "matching.json"


@dataclass(frozen=True, slots=True)
class Cosines:
    """Where the network's cosines begin to mean something.

    sure: neighbours from here on are looked at. low: so are those whose cosine exceeds `beta` times
    the picture's nearness to the background set by this. stranger: a near pHash of pictures below
    this is a coincidence. burst, similar: frames of one burst, and pictures shown as alike, are at
    least this alike.
    """

    sure: float
    beta: float
    low: float
    stranger: float
    burst: float
    similar: float


@dataclass(frozen=True, slots=True)
class Fitted:
    """`same_picture`: the document of a `sameness.SamenessModel`."""

    same_picture: Mapping[str, Any]
    cosines: Cosines


@cache
def fitted() -> Fitted:
    """The shipped numbers, read once."""
    document = json.loads(resources.path("model", FILE).read_text(encoding="utf-8"))
    return Fitted(document["same_picture"], Cosines(**document["cosines"]))
