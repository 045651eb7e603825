# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Says of each photo in a group what it is beside the keeper, and whether it may be preselected.

Any thread; pure. Preselected is what can go without looking; in doubt it is not.
"""

from __future__ import annotations

from imgdupe.keeping import KeeperRules
from imgdupe.match.keeper import Choice, is_under, lacks_of, pixels_of
from imgdupe.records import Evidence, Kind, Member, PhotoRecord

SURE = 0.95
SURE_TILE = 0.9
"""A resized copy is preselected only from this probability, and this worst tile, on."""
_SAME_SIZE = 1.02
_GOES = (Kind.IDENTICAL, Kind.SAME_PIXELS, Kind.RESIZED)


def member_of(
    photo: PhotoRecord,
    kind: Kind,
    probability: float,
    evidence: Evidence,
    *,
    choice: Choice,
    rules: KeeperRules,
) -> Member:
    """The photo as a member of the group of `choice.keeper`."""
    if photo == choice.keeper:
        return Member(photo, True, Kind.IDENTICAL, 1.0, f"suggested: {choice.reason}", Evidence())
    return Member(
        photo,
        keeper=False,
        kind=kind,
        probability=probability,
        reason=_reason(photo, choice.keeper, kind, evidence),
        evidence=evidence,
        preselected=kind in _GOES
        and (kind is not Kind.RESIZED or _is_plain_copy(photo, choice.keeper))
        and (kind is not Kind.RESIZED or _is_sure(probability, evidence))
        and _may_go(photo, choice.keeper, rules),
    )


def _may_go(photo: PhotoRecord, keeper: PhotoRecord, rules: KeeperRules) -> bool:
    """Nothing is lost with it, and both can be read."""
    return not (
        photo.offline
        or keeper.offline
        or keeper.damaged is not None
        or is_under(photo.path, rules.protected)
        or lacks_of(keeper, photo)
    )


def _is_sure(probability: float, evidence: Evidence) -> bool:
    compared = evidence.worst_tile is None or evidence.worst_tile >= SURE_TILE
    return compared and probability >= SURE


def _is_plain_copy(photo: PhotoRecord, keeper: PhotoRecord) -> bool:
    """A resized copy that is no more than the keeper."""
    sound = photo.damaged is None and not photo.flat and not keeper.flat
    smaller = pixels_of(photo) <= pixels_of(keeper) * _SAME_SIZE
    return sound and smaller and not _is_better_saved(photo, keeper)


def _is_better_saved(photo: PhotoRecord, keeper: PhotoRecord) -> bool:
    ours, theirs = keeper.metadata.jpeg_quality, photo.metadata.jpeg_quality
    same_size = pixels_of(photo) * _SAME_SIZE >= pixels_of(keeper)
    return same_size and ours is not None and (theirs is None or theirs > ours)


def _reason(photo: PhotoRecord, keeper: PhotoRecord, kind: Kind, evidence: Evidence) -> str:
    if kind is Kind.IDENTICAL:
        return "identical bytes"
    if kind is Kind.SAME_PIXELS:
        return "same pixels, other file"
    if kind is Kind.RESIZED:
        return _copy_words(photo, keeper)
    if kind is Kind.EDITED:
        return ", ".join(evidence.notes) or "edited"
    return "another frame of the moment" if kind is Kind.BURST else "looks alike"


def _copy_words(photo: PhotoRecord, keeper: PhotoRecord) -> str:
    """For example "smaller copy, re-saved, JPEG quality 75"."""
    size, whole = pixels_of(photo), pixels_of(keeper)
    if size * _SAME_SIZE < whole:
        words = "smaller copy"
    elif size > whole * _SAME_SIZE:
        words = "larger copy"
    else:
        words = "re-saved copy"
    quality = photo.metadata.jpeg_quality
    return f"{words}, JPEG quality {quality}" if quality else f"{words}, {photo.metadata.format}"
