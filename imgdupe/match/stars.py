# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Makes stars of a graph: groups in which every node knows the centre.

Any thread; pure and deterministic. Average linkage finds what belongs together without chains.
It counts a missing edge as none, though two edits of one photo may never have been compared; so
afterwards whoever knows the centre of a larger star, and has no closer tie, joins it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet

from imgdupe.match.linkage import Pair, average_linkage

_CENTRAL, _CENTRAL_OF_MANY, _MANY = 0.5, 0.9, 6
"""The keeper knows this share of what the best connected node knows; a border, bars or a caption
give an export more pixels than its original, but fewer copies that resemble it."""

CentreOf = Callable[[Sequence[int]], int]


def stars(
    nodes: Sequence[int],
    edges: Mapping[Pair, float],
    apart: AbstractSet[Pair],
    keeper_of: CentreOf,
) -> list[tuple[int, ...]]:
    """Stars of at least two nodes, the centre first; no node is in two.

    keeper_of: which of some nodes holds the photo to keep. Nodes in `apart` never share a star.
    """
    return _Stars(edges, apart, keeper_of).made(nodes)


def pair_of(a: int, b: int) -> Pair:
    """The edge's key."""
    return (a, b) if a <= b else (b, a)


class _Stars:
    """One run over one graph."""

    def __init__(
        self, edges: Mapping[Pair, float], apart: AbstractSet[Pair], keeper_of: CentreOf
    ) -> None:
        self._edges = edges
        self._apart = apart
        self._keeper_of = keeper_of
        self._neighbours: dict[int, list[int]] = {}
        for a, b in edges:
            self._neighbours.setdefault(a, []).append(b)
            self._neighbours.setdefault(b, []).append(a)

    def made(self, nodes: Sequence[int]) -> list[tuple[int, ...]]:
        found: list[tuple[int, ...]] = []
        alone: list[int] = []
        waiting = list(nodes)
        while waiting:
            rest: list[int] = []
            for cluster in average_linkage(waiting, self._edges, self._apart):
                star = self._star(cluster)
                outside = [node for node in cluster if node not in star]
                if len(star) > 1:
                    found.append(star)
                    rest += outside
                else:
                    alone += cluster
            waiting = sorted(rest)
        return self._gathered([*found, *((node,) for node in sorted(alone))])

    def _star(self, cluster: Sequence[int]) -> tuple[int, ...]:
        centre = self._centre(cluster)
        return (centre, *(n for n in cluster if n != centre and self._knows(n, centre)))

    def _centre(self, cluster: Sequence[int]) -> int:
        """The photo to keep; one that knows clearly fewer than another does is no original."""
        degree = {node: sum(self._knows(node, other) for other in cluster) for node in cluster}
        most = max(degree.values())
        least = most * (_CENTRAL_OF_MANY if most >= _MANY else _CENTRAL)
        return self._keeper_of([node for node in cluster if degree[node] >= least])

    def _gathered(self, found: Sequence[tuple[int, ...]]) -> list[tuple[int, ...]]:
        """Small stars and single nodes go to larger stars, node by node, smallest first."""
        current = sorted(found, key=lambda star: (len(star), star))
        by_centre = {star[0]: place for place, star in enumerate(current)}
        for place in range(len(current)):
            near = {by_centre[n] for node in current[place] for n in self._near(node, by_centre)}
            for target in sorted(near - {place}, key=lambda each: (-len(current[each]), each)):
                if len(current[target]) >= len(current[place]) > 0:
                    merged = self._merged(current[place], current[target])
                    if merged:
                        current[target] = merged
                        by_centre[merged[0]] = target
                        left = [node for node in current[place] if node not in merged]
                        current[place] = self._star(left) if left else ()
        return sorted(star for star in current if len(star) > 1)

    def _merged(self, star: tuple[int, ...], goal: tuple[int, ...]) -> tuple[int, ...]:
        """The goal with the nodes that go over: all, if all know its centre; else the more tied.

        Empty if none do, or if not all would know the photo that is then kept.
        """
        movers = [node for node in star if self._knows(node, goal[0])]
        if len(movers) < len(star):
            movers = [n for n in movers if self._ties(n, goal) > self._ties(n, star)]
        welcome: list[int] = []
        for node in movers:
            if not any(pair_of(node, other) in self._apart for other in (*goal, *welcome)):
                welcome.append(node)
        merged = self._star((*goal, *welcome)) if welcome else ()
        return merged if len(merged) == len(goal) + len(welcome) else ()

    def _near(self, node: int, wanted: Mapping[int, int]) -> list[int]:
        return [other for other in self._neighbours.get(node, ()) if other in wanted]

    def _ties(self, node: int, star: Sequence[int]) -> int:
        return sum(self._knows(node, other) for other in star)

    def _knows(self, a: int, b: int) -> bool:
        return pair_of(a, b) in self._edges
