# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""What was called not duplicates, put together again as it was said: pure, like all of `match`."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Sequence

from imgdupe.records import Evidence, Group, Kind, Member, PhotoRecord

_Pair = tuple[bytes, bytes]


def parted(photos: Sequence[PhotoRecord], pairs: Collection[_Pair]) -> list[Group]:
    """The declared sets whose photos are still here, one photo of each content, by path.

    `pairs`: contents (xxh3-128) that do not belong together. A set of n was stored as its
    n (n - 1) / 2 pairs; every pair is in one of the sets given back.
    """
    photo_of: dict[bytes, PhotoRecord] = {}
    for photo in sorted(photos, key=lambda each: each.path):
        photo_of.setdefault(photo.hashes.content, photo)
    here = [pair for pair in pairs if pair[0] in photo_of and pair[1] in photo_of]
    groups = [_group([photo_of[content] for content in each]) for each in _cliques(here)]
    return sorted(groups, key=lambda group: (group.members[0].photo.path, group.key))


def _cliques(pairs: Collection[_Pair]) -> list[list[bytes]]:
    """Sets of which any two are a pair, grown greedily until every pair is in one."""
    parted_from: defaultdict[bytes, set[bytes]] = defaultdict(set)
    for a, b in pairs:
        parted_from[a].add(b)
        parted_from[b].add(a)
    found: list[list[bytes]] = []
    covered: set[_Pair] = set()
    for a, b in sorted(pairs):
        if (a, b) in covered:
            continue
        clique = [a, b]
        for other in sorted(parted_from[a] & parted_from[b]):
            if parted_from[other].issuperset(clique):
                clique.append(other)
        covered.update((x, y) for x in clique for y in clique if x < y)
        found.append(clique)
    return found


def _group(photos: list[PhotoRecord]) -> Group:
    photos.sort(key=lambda each: each.path)
    contents = b"".join(sorted(each.hashes.content for each in photos))
    members = tuple(
        Member(photo, number == 0, Kind.DIFFERENT, 1.0, "", Evidence())
        for number, photo in enumerate(photos)
    )
    key = hashlib.blake2b(b"parted" + contents, digest_size=8).hexdigest()
    return Group(key, Kind.DIFFERENT, 1.0, members, ())
