# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Makes groups of photos out of relations: copies first, then frames and look-alikes.

Any thread; pure and deterministic whatever the order of photos and relations. Equal pixels are
contracted, the rest is joined by average linkage, and every member has a relation of its own to
the photo that is suggested to stay. No connected components: chains join strangers. Bursts and
look-alikes are a second level, in which a group of copies is stood for by its keeper.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from imgdupe.keeping import KeeperRules
from imgdupe.match.facts import Capture, facts_of
from imgdupe.match.keeper import Choice, choose
from imgdupe.match.linkage import Pair
from imgdupe.match.members import member_of
from imgdupe.match.notes import bordered_of, seen_from_b
from imgdupe.match.stars import pair_of, stars
from imgdupe.records import Evidence, Group, Kind, PhotoRecord, Relation, Shelf, Strictness

THRESHOLDS: Mapping[Strictness, Mapping[Kind, float]] = {
    Strictness.STRICT: {
        Kind.RESIZED: 0.95,
        Kind.EDITED: 0.95,
        Kind.BURST: 0.65,
        Kind.SIMILAR: 0.8,
    },
    Strictness.NORMAL: {
        Kind.RESIZED: 0.85,
        Kind.EDITED: 0.85,
        Kind.BURST: 0.5,
        Kind.SIMILAR: 0.65,
    },
    Strictness.LOOSE: {
        Kind.RESIZED: 0.5,
        Kind.EDITED: 0.5,
        Kind.BURST: 0.5,
        Kind.SIMILAR: 0.5,
    },
}
"""The least probability of a relation that makes a group. Held out by photo (`fit_kinds.py`), .95,
.9, .75 and .5 let 96, 97, 99 and 99 of 100 edits pass and .9, 1.1, 1.1 and 2.2 of 100 other frames,
mostly crops that leave out what moved. Frames and look-alikes: at one half strangers begin."""

_SAME_PICTURE = (Kind.SAME_PIXELS, Kind.RESIZED, Kind.EDITED)
_FITTED = (Kind.RESIZED, Kind.EDITED)
_ALIKE = 0.95
_ORDER = tuple(Kind)
_CENTRAL = "all the others match it"
_EQUAL = Evidence(notes=("same pixels",))


def group(
    photos: Sequence[PhotoRecord],
    relations: Sequence[Relation],
    *,
    strictness: Strictness,
    not_duplicates: frozenset[tuple[bytes, bytes]],
    rules: KeeperRules,
) -> list[Group]:
    """All groups of at least two photos; a photo is in at most one of copies and one of frames.

    Relations of contents without a photo here are passed over. not_duplicates: pairs of content
    hashes that the photographer told apart. Sorted by shelf, then by the keeper's path.
    """
    thresholds = THRESHOLDS[strictness]
    judged = [_judged(relation, thresholds) for relation in relations]
    contents = _Contents(photos, judged, not_duplicates)
    units = contents.units()
    photos_of = [[photo for each in unit for photo in contents.photos[each]] for unit in units]
    copies = _Level(contents, rules, units, photos_of)
    copies.join(_SAME_PICTURE, thresholds, told_apart=True)
    frames = copies.above()
    frames.join((Kind.BURST,), thresholds)
    frames.join((Kind.BURST, Kind.SIMILAR), thresholds)
    shelves = tuple(Shelf)
    return sorted(
        [*copies.groups(), *frames.groups()],
        key=lambda each: (shelves.index(each.shelf), each.members[0].photo.path, each.key),
    )


def _judged(relation: Relation, thresholds: Mapping[Kind, float]) -> Relation:
    """Pictures that lie on each other but are not surely one capture are alike all the same."""
    unsure = relation.kind in _FITTED and relation.probability < thresholds[relation.kind]
    return replace(relation, kind=Kind.SIMILAR, probability=_ALIKE) if unsure else relation


class _Contents:
    """Photos by content, relations by pairs of contents; contents are numbered by their hash."""

    def __init__(
        self,
        photos: Sequence[PhotoRecord],
        relations: Sequence[Relation],
        not_duplicates: frozenset[tuple[bytes, bytes]],
    ) -> None:
        by_hash: dict[bytes, list[PhotoRecord]] = defaultdict(list)
        for photo in photos:
            by_hash[photo.hashes.content].append(photo)
        hashes = sorted(by_hash)
        place = {content: number for number, content in enumerate(hashes)}
        self.photos = [sorted(by_hash[each], key=lambda photo: photo.path) for each in hashes]
        self.apart = {
            pair_of(place[a], place[b]) for a, b in not_duplicates if a in place and b in place
        }
        for a, b in self.apart:
            if a == b:  # told apart though byte for byte the same: one of them stands alone
                del self.photos[a][1:]
        by_id = {each[0].content_id: number for number, each in enumerate(self.photos)}
        self.relations = {
            pair_of(by_id[relation.a], by_id[relation.b]): relation
            for relation in sorted(relations, key=lambda each: (each.a, each.b))
            if relation.a in by_id and relation.b in by_id
        }

        framed = (bordered_of(relation) for relation in self.relations.values())
        self.bordered = frozenset(each for each in framed if each is not None)

    def units(self) -> list[list[int]]:
        """Contents with equal pixels together, the others alone."""
        root = list(range(len(self.photos)))

        def find(node: int) -> int:
            while root[node] != node:
                root[node] = root[root[node]]
                node = root[node]
            return node

        for a, b in self._equal_pixels():
            if (a, b) not in self.apart:
                low, high = sorted((find(a), find(b)))
                root[high] = low
        units: dict[int, list[int]] = defaultdict(list)
        for node in range(len(root)):
            units[find(node)].append(node)
        return list(units.values())

    def _equal_pixels(self) -> list[Pair]:
        pairs = [pair for pair, each in self.relations.items() if each.kind is Kind.SAME_PIXELS]
        last: dict[bytes, int] = {}
        for number, photos in enumerate(self.photos):
            pixels = photos[0].pixel_hash
            if pixels is not None:
                if pixels in last:
                    pairs.append((last[pixels], number))
                last[pixels] = number
        return sorted(pairs)


@dataclass(frozen=True, slots=True)
class _Star:
    """Nodes with a relation of these kinds to the node of the photo to keep, which comes first."""

    nodes: tuple[int, ...]
    choice: Choice
    kinds: tuple[Kind, ...]


class _Level:
    """One level of grouping over nodes, each a set of contents and the photos to show."""

    def __init__(
        self,
        contents: _Contents,
        rules: KeeperRules,
        nodes: Sequence[Sequence[int]],
        photos: Sequence[Sequence[PhotoRecord]],
    ) -> None:
        self._contents = contents
        self._rules = rules
        self._nodes = nodes
        self._stars: list[_Star] = []
        self._free = set(range(len(nodes)))
        self._photos = photos
        owner = {content: number for number, each in enumerate(nodes) for content in each}
        self._between: dict[Pair, list[Pair]] = defaultdict(list)
        for a, b in contents.relations:
            if owner[a] != owner[b]:
                self._between[pair_of(owner[a], owner[b])].append((a, b))
        self._forbidden = {
            pair_of(owner[a], owner[b]) for a, b in contents.apart if owner[a] != owner[b]
        }

    def join(
        self, kinds: tuple[Kind, ...], thresholds: Mapping[Kind, float], *, told_apart: bool = False
    ) -> None:
        """Make stars of the nodes that are still free, from relations of these kinds.

        told_apart: photos that the camera proved to be other captures share no star. A comparison
        that failed proves nothing here: two edits of one photo may well differ too much.
        """
        edges = {}
        apart = set(self._forbidden)
        for pair in self._between:
            best = self._best(pair, kinds)
            if best and best.probability >= thresholds.get(best.kind, 0.0):
                edges[pair] = best.probability
            elif told_apart and best is None and self._is_other_capture(pair):
                apart.add(pair)
        edges = {pair: p for pair, p in edges.items() if pair not in apart}
        touched = sorted({node for pair in edges for node in pair if node in self._free})
        for star in stars(touched, edges, apart, self._keeper_node):
            self._stars.append(_Star(star, self._choice(star), kinds))
            self._free -= set(star)

    def above(self) -> _Level:
        """The next level: a star is one node there, and its keeper stands for it."""
        joined = [(star.nodes, star.choice.keeper) for star in self._stars]
        alone = [((node,), self._choose(self._photos[node]).keeper) for node in self._free]
        parts = sorted(
            ([content for node in nodes for content in self._nodes[node]], keeper.path, keeper)
            for nodes, keeper in [*joined, *alone]
        )
        return _Level(
            self._contents, self._rules, [part[0] for part in parts], [[part[2]] for part in parts]
        )

    def groups(self) -> list[Group]:
        """One group per star, and per free node that holds several photos."""
        alone = [
            _Star((node,), self._choose(self._photos[node]), ())
            for node in sorted(self._free)
            if len(self._photos[node]) > 1
        ]
        return [self._group(star) for star in (*self._stars, *alone)]

    def _choose(self, photos: Sequence[PhotoRecord]) -> Choice:
        return choose(photos, self._rules, self._contents.bordered)

    def _keeper_node(self, nodes: Sequence[int]) -> int:
        """The node whose photo should stay."""
        keeper = self._choose([photo for node in nodes for photo in self._photos[node]]).keeper
        return next(node for node in nodes if keeper in self._photos[node])

    def _choice(self, star: Sequence[int]) -> Choice:
        """The centre's photo, with the reason for which it is kept where all agree on it."""
        among = self._choose([photo for node in star for photo in self._photos[node]])
        centre = self._choose(self._photos[star[0]])
        return among if among.keeper == centre.keeper else replace(centre, reason=_CENTRAL)

    def _best(self, pair: Pair, kinds: Sequence[Kind]) -> Relation | None:
        """The surest relation of these kinds between two nodes."""
        found = [self._contents.relations[each] for each in self._between.get(pair, ())]
        return max(
            (each for each in found if each.kind in kinds),
            key=lambda each: (each.probability, -_ORDER.index(each.kind), -each.a, -each.b),
            default=None,
        )

    def _is_other_capture(self, pair: Pair) -> bool:
        """Another capture by the camera's word."""
        photos = self._contents.photos
        return any(
            facts_of(photos[a][0].metadata, photos[b][0].metadata).capture is Capture.OTHER
            for a, b in self._between[pair]
        )

    def _group(self, star: _Star) -> Group:
        keeper = star.choice.keeper
        centre = star.nodes[0]
        kept = {self._contents.photos[each][0].content_id for each in self._nodes[centre]}
        members = []
        for node in star.nodes:
            relation = None if node == centre else self._best(pair_of(node, centre), star.kinds)
            for photo in self._photos[node]:
                kind, probability, evidence = _to_keeper(photo, keeper, relation, kept)
                members.append(
                    member_of(
                        photo, kind, probability, evidence, choice=star.choice, rules=self._rules
                    )
                )
        members.sort(
            key=lambda m: (not m.keeper, _ORDER.index(m.kind), -m.probability, m.photo.path)
        )
        others = members[1:]
        contents = sorted({member.photo.hashes.content for member in members})
        weakest = max(others, key=lambda m: (_ORDER.index(m.kind), -m.probability))
        return Group(
            key=hashlib.blake2b(b"".join(contents), digest_size=8).hexdigest(),
            kind=weakest.kind,
            probability=min(member.probability for member in others),
            members=tuple(members),
            edges=self._edges(star),
            tie=star.choice.tie,
        )

    def _edges(self, star: _Star) -> tuple[Relation, ...]:
        """Every relation among the contents of the star."""
        inside = sorted(content for node in star.nodes for content in self._nodes[node])
        pairs = [(a, b) for n, a in enumerate(inside) for b in inside[n + 1 :]]
        found = self._contents.relations
        return tuple(found[pair] for pair in pairs if pair in found)


def _to_keeper(
    photo: PhotoRecord, keeper: PhotoRecord, relation: Relation | None, kept: Collection[int]
) -> tuple[Kind, float, Evidence]:
    """What a photo is beside the keeper; without a relation they have equal bytes or pixels.

    kept: ids of the contents that show the keeper's pixels.
    """
    if relation is not None:
        evidence = relation.evidence if relation.a in kept else seen_from_b(relation.evidence)
        return relation.kind, relation.probability, evidence
    if photo.content_id == keeper.content_id:
        return Kind.IDENTICAL, 1.0, Evidence(notes=("same bytes",))
    return Kind.SAME_PIXELS, 1.0, _EQUAL
