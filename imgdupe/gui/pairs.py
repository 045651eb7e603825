# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Two photos of one group: how they belong together, and how one picture lies on the other.

Pure functions of records; any thread.
"""

from __future__ import annotations

from PySide6.QtGui import QTransform

from imgdupe.records import Evidence, Group, Kind, Member, PhotoRecord, Relation

_SURENESS = list(Kind)
_QUARTER = {
    # Where a point of the turned picture comes from, as 2x3 affine on the unit square: k quarter
    # turns counter-clockwise (`records.TURNS`) of the picture.
    0: (1, 0, 0, 0, 1, 0),
    1: (0, -1, 1, 1, 0, 0),
    2: (-1, 0, 1, 0, -1, 1),
    3: (0, 1, 0, -1, 0, 1),
}


def member_of(group: Group, photo: PhotoRecord) -> Member:
    """The group's member that is this photo."""
    return next(each for each in group.members if each.photo.path == photo.path)


def edge_between(group: Group, a: PhotoRecord, b: PhotoRecord) -> Relation | None:
    """The stored relation of two members, if they were compared directly."""
    wanted = {a.content_id, b.content_id}
    return next((each for each in group.edges if {each.a, each.b} == wanted), None)


def relation_between(group: Group, a: PhotoRecord, b: PhotoRecord) -> tuple[Kind, float]:
    """How two members belong together: directly, or by way of the suggested keeper."""
    if a.content_id == b.content_id:
        return Kind.IDENTICAL, 1.0
    edge = edge_between(group, a, b)
    if edge is not None:
        return edge.kind, edge.probability
    ours, theirs = member_of(group, a), member_of(group, b)
    kinds = [each.kind for each in (ours, theirs) if not each.keeper]
    weakest = max(kinds, key=_SURENESS.index, default=Kind.IDENTICAL)
    return weakest, ours.probability * theirs.probability


def evidence_between(group: Group, a: PhotoRecord, b: PhotoRecord) -> Evidence:
    """Why two members belong together."""
    edge = edge_between(group, a, b)
    if edge is not None:
        return edge.evidence
    if a.content_id == b.content_id:
        return Evidence()
    keeper, other = (a, b) if member_of(group, a).keeper else (b, a)
    return member_of(group, other).evidence if member_of(group, keeper).keeper else Evidence()


def placement(group: Group, left: PhotoRecord, right: PhotoRecord) -> QTransform:
    """From the left picture's upright unit square to the right one's."""
    edge = edge_between(group, left, right)
    if edge is None:
        return QTransform()
    evidence = edge.evidence
    if evidence.transform is not None and len(evidence.transform) == 6:
        a_to_b = _affine(evidence.transform)
    else:
        a_to_b = _turned(evidence.turn)
    if edge.a == left.content_id:
        return a_to_b
    b_to_a, possible = a_to_b.inverted()
    return b_to_a if possible else QTransform()


def _turned(turn: int) -> QTransform:
    """From a's unit square to b's, where turning b by `turn` gives a's pose."""
    quarters = _affine(tuple(map(float, _QUARTER[turn % 4])))
    mirror = QTransform(-1, 0, 0, 1, 1, 0) if turn >= 4 else QTransform()
    return quarters * mirror


def _affine(rows: tuple[float, ...]) -> QTransform:
    """A row-major 2x3 matrix as Qt writes it (points are rows there)."""
    a, b, c, d, e, f = rows
    return QTransform(a, d, b, e, c, f)
