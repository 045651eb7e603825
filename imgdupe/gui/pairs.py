# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Two photos of one group: how they belong together, and how one picture lies on the other.

Pure functions of records; any thread.
"""

from __future__ import annotations

from collections.abc import Sequence

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


def weakest_link(group: Group) -> Member | None:
    """The member that is least surely what the others are; None in a pair or among equals."""
    unsure = [each for each in group.members[1:] if each.kind is not Kind.IDENTICAL]
    if len(group.members) < 3 or not unsure or group.kind is Kind.DIFFERENT:
        return None
    return min(unsure, key=lambda each: (-_SURENESS.index(each.kind), each.probability))


def successors(groups: Sequence[Group], now: Sequence[Group]) -> list[Group]:
    """What these groups have become among the groups of now, in their order.

    A group that is no more is followed by the one that holds its first photo, if any does.
    """
    by_key = {each.key: each for each in now}
    by_path = {member.photo.path: each for each in now for member in each.members}
    heirs = [by_key.get(each.key) or by_path.get(each.members[0].photo.path) for each in groups]
    return list({each.key: each for each in heirs if each is not None}.values())


def placement(group: Group, left: PhotoRecord, right: PhotoRecord) -> QTransform:
    """From the left picture's upright unit square to the right one's.

    Two that were not compared directly are placed by way of those that were.
    """
    found = {left.content_id: QTransform()}
    waiting = [left.content_id]
    while waiting and right.content_id not in found:
        here = waiting.pop(0)
        for edge in group.edges:
            there = edge.b if edge.a == here else edge.a
            if here in {edge.a, edge.b} and there not in found:
                found[there] = found[here] * _along(edge, here)
                waiting.append(there)
    return found.get(right.content_id, QTransform())


def _along(edge: Relation, start: int) -> QTransform:
    """From the unit square of one end of a relation to that of the other."""
    evidence = edge.evidence
    if evidence.transform is not None and len(evidence.transform) == 6:
        a_to_b = _affine(evidence.transform)
    else:
        a_to_b = _turned(evidence.turn)
    if edge.a == start:
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
