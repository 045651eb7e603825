# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Says in words what was done to a picture, from how two of them lie on each other.

Any thread; pure. The words go into the evidence and from there to the window and the commands.
"""

from __future__ import annotations

from dataclasses import replace

from imgdupe.match.photometry import Comparison
from imgdupe.match.verify import Alignment
from imgdupe.records import TURNS, Evidence, Relation, Subject

_BORDERED = "bordered"
_WHOLE = 0.975
_ANGLE_DEGREES = 0.6
_TONE = 0.022
_STOPS = 0.2
_WARMTH = 0.03
_COVERED_TILE = 0.5
_COVERED = 0.003
_ADDED = 0.5
_ASPECT = 0.02
_OPPOSITES = {"brighter": "darker", "darker": "brighter", "warmer": "cooler", "cooler": "warmer"}


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


def seen_from_b(evidence: Evidence) -> Evidence:
    """The evidence of the pair with its ends exchanged."""
    turn = evidence.turn if evidence.turn >= 4 else -evidence.turn % 4
    return replace(
        evidence,
        turn=turn,
        transform=_inverse(evidence.transform),
        notes=tuple(
            TURNS[turn] if note == TURNS[evidence.turn] else _opposite(note)
            for note in evidence.notes
        ),
    )


def _opposite(note: str) -> str:
    """What a picture is beside another, said of that one."""
    word, _, rest = note.partition(" ")
    return f"{_OPPOSITES[word]} {rest}".strip() if word in _OPPOSITES else note


def _inverse(transform: tuple[float, ...] | None) -> tuple[float, ...] | None:
    if transform is None:
        return None
    a, b, c, d, e, f = transform
    size = a * e - b * d
    return (
        e / size,
        -b / size,
        (b * f - c * e) / size,
        -d / size,
        a / size,
        (c * d - a * f) / size,
    )


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
    """What was done to light and colour."""
    found = []
    if pixels.grey_a != pixels.grey_b:
        found.append("black and white")
    elif abs(pixels.warmth) >= _WARMTH:
        found.append("warmer" if pixels.warmth > 0 else "cooler")
    if abs(pixels.stops) >= _STOPS:
        word = "brighter" if pixels.stops > 0 else "darker"
        found.append(f"{word} by {abs(pixels.stops):.1f} EV")
    return found or (["other contrast or colours"] if pixels.tone >= _TONE else [])


def _pixels(subject: Subject) -> tuple[int, int]:
    return subject.metadata.width, subject.metadata.height


def _same_aspect(a: Subject, b: Subject) -> bool:
    """Up to the rounding of small sizes."""
    (wa, ha), (wb, hb) = _pixels(a), _pixels(b)
    slack = _ASPECT + 1.0 / min(wa, ha, wb, hb)
    return abs(wa * hb / (ha * wb) - 1.0) <= slack
