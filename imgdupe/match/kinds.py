# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Decides how two contents belong together, how surely, and says why.

Any thread; pure. Order of proof: equal pixels, then what the camera wrote, then the aligned
comparison, then likeness. Flat pictures are joined by equal pixels only.
"""

from __future__ import annotations

from imgdupe.match.candidates import PHASH_BITS, Candidate
from imgdupe.match.facts import Capture, Facts, facts_of
from imgdupe.match.fitted import fitted
from imgdupe.match.notes import is_only_resized, notes_of
from imgdupe.match.sameness import probability
from imgdupe.match.verify import Alignment
from imgdupe.records import Evidence, Kind, Relation, Subject

ALGORITHM = 3
"""Raise it when a decision changes: relations of another version are computed again."""

SAME_PICTURE = 0.5
"""Below this probability two contents are not called the same picture at any strictness."""
_CLOSE_NCC, _CLOSE_TILE = 0.90, 0.80
_DOUBTFUL = 0.1
_BURST_S = 10.0
_ALIKE = 0.5
_PHASH_ALIKE, _PER_BIT = 0.9, 0.04
_SCENE = 0.9
_SCENE_INLIERS = 24
"""So many key points that agree on a placement prove one scene (not one capture)."""


def needs_verification(a: Subject, b: Subject, candidate: Candidate) -> bool:
    """Whether the pixels of the thumbnails have a say."""
    if _same_pixels(a, b, candidate) or a.flat or b.flat:
        return False
    return facts_of(a.metadata, b.metadata).capture is not Capture.OTHER


def decide(a: Subject, b: Subject, candidate: Candidate, alignment: Alignment | None) -> Relation:
    """The relation of a candidate pair; without an alignment from all the rest.

    a and b are the candidate's ends. DIFFERENT is an answer too.
    """
    facts = facts_of(a.metadata, b.metadata)
    if _same_pixels(a, b, candidate):
        return _relation(candidate, Kind.SAME_PIXELS, 1.0, None, ("same pixels",))
    if a.flat or b.flat:
        return _relation(candidate, Kind.DIFFERENT, 0.5, None, ("too little texture to compare",))
    same = 0.0
    if facts.capture is not Capture.OTHER and alignment is not None:
        same = probability(alignment.pixels)
        if (a.sparse or b.sparse) and not _agrees_closely(alignment):
            same = min(same, _DOUBTFUL)
    if alignment is not None and same >= SAME_PICTURE:
        kind = Kind.RESIZED if is_only_resized(a, b, alignment) else Kind.EDITED
        notes = (*notes_of(a, b, alignment), *_said(facts))
        return _relation(candidate, kind, same, alignment, notes)
    return _look_alike(candidate, facts, alignment, same)


def _agrees_closely(alignment: Alignment) -> bool:
    """What edits of pictures with little texture nearly always do, and strangers never did."""
    pixels = alignment.pixels
    return pixels is not None and pixels.ncc >= _CLOSE_NCC and pixels.worst_tile >= _CLOSE_TILE


def _look_alike(
    candidate: Candidate, facts: Facts, alignment: Alignment | None, same: float
) -> Relation:
    """Burst, similar or different."""
    cosines = fitted().cosines
    near = facts.gap_s is not None and facts.gap_s <= _BURST_S
    if candidate.same_moment or (near and facts.note is not None):
        likeness = _likeness(candidate, alignment, cosines.burst)
        if likeness >= _ALIKE:
            return _relation(candidate, Kind.BURST, min(0.99, likeness), alignment, _said(facts))
    likeness = _likeness(candidate, alignment, cosines.similar)
    if likeness >= _ALIKE:
        return _relation(candidate, Kind.SIMILAR, min(0.95, likeness), alignment, _said(facts))
    return _relation(candidate, Kind.DIFFERENT, 1.0 - same, alignment, _said(facts))


def _likeness(candidate: Candidate, alignment: Alignment | None, bar: float) -> float:
    """How alike, 0-1; one half where the cosine is at the bar.

    A near pHash counts where there is no cosine, a proven scene always, pages of text never.
    """
    if alignment is not None and alignment.graphic:
        return 0.0
    likeness = 0.0
    if candidate.cosine is not None:
        share = candidate.cosine / bar if candidate.cosine < bar else 1.0
        beyond = max(0.0, candidate.cosine - bar) / (1.0 - bar)
        likeness = max(0.0, _ALIKE * share + (1.0 - _ALIKE) * beyond)
    elif candidate.phash_distance <= PHASH_BITS and candidate.turn == 0:
        likeness = _PHASH_ALIKE - _PER_BIT * candidate.phash_distance
    if alignment is not None and alignment.inliers >= _SCENE_INLIERS and alignment.transform:
        likeness = max(likeness, _SCENE)
    return likeness


def _same_pixels(a: Subject, b: Subject, candidate: Candidate) -> bool:
    hashed = a.pixel_hash is not None and a.pixel_hash == b.pixel_hash
    return hashed or candidate.same_pixels or candidate.same_scan


def _said(facts: Facts) -> tuple[str, ...]:
    return (facts.note,) if facts.note else ()


def _relation(
    candidate: Candidate,
    kind: Kind,
    sureness: float,
    alignment: Alignment | None,
    notes: tuple[str, ...],
) -> Relation:
    pixels = alignment.pixels if alignment else None
    evidence = Evidence(
        phash_distance=candidate.phash_distance,
        phash256_distance=candidate.phash256_distance,
        cosine=candidate.cosine,
        difference=round(pixels.difference, 4) if pixels else None,
        ncc=round(pixels.ncc, 4) if pixels else None,
        worst_tile=round(pixels.worst_tile, 4) if pixels else None,
        overlap=round(alignment.overlap, 3) if alignment and pixels else None,
        turn=alignment.turn if alignment else candidate.turn,
        transform=alignment.transform if alignment else None,
        notes=notes,
    )
    return Relation(candidate.a, candidate.b, kind, round(sureness, 5), evidence)
