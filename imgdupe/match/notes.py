# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Says in words what was done to a picture, from how two of them lie on each other.

Any thread; pure. The words go into the evidence and from there to the window and the commands.
"""

from __future__ import annotations

from imgdupe.match.photometry import Comparison
from imgdupe.match.verify import Alignment
from imgdupe.records import TURNS, Relation, Subject

_BORDERED = "bordered"
_WHOLE = 0.975
_ANGLE_DEGREES = 0.6
_TONE = 0.022
_BRIGHTNESS = 0.035
_COVERED_TILE = 0.5
_COVERED = 0.003
_ADDED = 0.5
_ASPECT = 0.02


def is_only_resized(a: Subject, b: Subject, alignment: Alignment) -> bool:
    """Whether nothing but size, quality or format tells the two apart."""
    return not _changes(alignment) and _same_aspect(a, b)


def notes_of(a: Subject, b: Subject, alignment: Alignment) -> tuple[str, ...]:
    """What the second picture is beside the first, e.g. ("turned 90°", "cropped to 64 %")."""
    size = () if _pixels(a) == _pixels(b) else ("other size",)
    return (*size, *_changes(alignment))


def bordered_of(relation: Relation) -> int | None:
    """The content id of the end that is the other one in a border, if one is."""
    transform = relation.evidence.transform
    if transform is None or _BORDERED not in relation.evidence.notes:
        return None
    a, b, _, d, e, _ = transform
    return relation.a if abs(a * e - b * d) > 1.0 else relation.b


def _changes(alignment: Alignment) -> tuple[str, ...]:
    pixels = alignment.pixels
    if pixels is None:
        return ()
    found = []
    if alignment.turn:
        found.append(TURNS[alignment.turn])
    found += _framing(alignment)
    if abs(alignment.angle) >= _ANGLE_DEGREES:
        found.append(f"straightened by {abs(alignment.angle):.0f}°")
    found += _toning(pixels)
    if _is_covered(pixels):
        found.append("caption, overlay or retouching")
    return tuple(found)


def _is_covered(pixels: Comparison) -> bool:
    """Something lies on one of the pictures; compression leaves both with as many edges."""
    if pixels.worst_tile < _COVERED_TILE:
        return True
    return pixels.changed >= _COVERED and abs(pixels.added) >= _ADDED


def _framing(alignment: Alignment) -> list[str]:
    share = min(alignment.covered_a, alignment.covered_b)
    if share >= _WHOLE:
        return []
    return [_BORDERED if alignment.plain_margin else f"cropped to {100 * share:.0f} %"]


def _toning(pixels: Comparison) -> list[str]:
    if pixels.grey_a != pixels.grey_b:
        return ["black and white"]
    if abs(pixels.brightness) >= _BRIGHTNESS:
        return ["brighter" if pixels.brightness > 0 else "darker"]
    return ["other contrast or colours"] if pixels.tone >= _TONE else []


def _pixels(subject: Subject) -> tuple[int, int]:
    return subject.metadata.width, subject.metadata.height


def _same_aspect(a: Subject, b: Subject) -> bool:
    """Up to the rounding of small sizes."""
    (wa, ha), (wb, hb) = _pixels(a), _pixels(b)
    slack = _ASPECT + 1.0 / min(wa, ha, wb, hb)
    return abs(wa * hb / (ha * wb) - 1.0) <= slack
