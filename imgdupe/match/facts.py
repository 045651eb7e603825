# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""What two photos' metadata prove about their captures.

Any thread; pure. A date alone never joins photos; it can only tell captures apart.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import Enum, auto

from imgdupe.records import Metadata

_SUBSECOND_S = 0.009
_ZONE_S = 900
"""Clocks are set right by quarters of an hour: such a step says nothing about the capture."""


class Capture(Enum):
    """Whether two photos can come from one release of the shutter."""

    UNKNOWN = auto()
    SAME_MOMENT = auto()
    OTHER = auto()


@dataclass(frozen=True, slots=True)
class Facts:
    """`gap_s`: seconds between the captures where both dates are known. `note`: the proof."""

    capture: Capture
    gap_s: float | None
    note: str | None


def facts_of(a: Metadata, b: Metadata) -> Facts:
    """Compare camera, serial, shutter count and time of capture."""
    gap = _gap_s(a.taken_at, b.taken_at)
    same_camera = _same_camera(a, b)
    if not same_camera:
        return Facts(Capture.UNKNOWN, gap, None)
    counted = a.shutter_count is not None and b.shutter_count is not None
    if counted and a.shutter_count != b.shutter_count:
        return Facts(Capture.OTHER, gap, "same camera, other shutter count")
    if gap is None:
        return Facts(Capture.UNKNOWN, None, None)
    fine = _has_fraction(a.taken_at) and _has_fraction(b.taken_at)
    if gap >= 1.0 and (gap % _ZONE_S >= 1.0 or (fine and gap % 1.0 > _SUBSECOND_S)):
        return Facts(Capture.OTHER, gap, "same camera, other time")
    if gap < 1.0 and fine and gap > _SUBSECOND_S:
        return Facts(Capture.OTHER, gap, "same camera, other fraction of the second")
    return Facts(Capture.SAME_MOMENT, gap, "same camera and second" if gap < 1.0 else None)


def _same_camera(a: Metadata, b: Metadata) -> bool:
    """Same serial number, or same model where a serial is missing."""
    if a.serial and b.serial:
        return a.serial == b.serial
    return a.camera is not None and a.camera == b.camera


def _gap_s(a: str | None, b: str | None) -> float | None:
    first, second = _parsed(a), _parsed(b)
    if first is None or second is None:
        return None
    if not (_has_fraction(a) and _has_fraction(b)):
        first, second = first.replace(microsecond=0), second.replace(microsecond=0)
    return abs((first - second).total_seconds())


def _parsed(text: str | None) -> dt.datetime | None:
    try:
        return None if text is None else dt.datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        return None


def _has_fraction(text: str | None) -> bool:
    return text is not None and "." in text
