# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Average linkage over a sparse graph: groups without chains.

Any thread; pure and deterministic. Nodes are whole numbers in an order that does not depend on
the input's; ties are broken by it.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

Pair = tuple[int, int]
_MEAN = 0.5


def average_linkage(
    nodes: Iterable[int], edges: Mapping[Pair, float], apart: Collection[Pair]
) -> list[list[int]]:
    """Merge, best mean first, while the mean edge between two groups is at least one half.

    edges: probability by (low, high) node; a missing edge counts 0. apart: pairs that must not
    meet in one group. Returns all groups, single nodes included, each sorted, in order.
    """
    return _Merging(nodes, edges, apart).run()


class _Merging:
    """The state of one run: groups by their smallest node, and the sums of edges between them."""

    def __init__(
        self, nodes: Iterable[int], edges: Mapping[Pair, float], apart: Collection[Pair]
    ) -> None:
        self._members = {node: [node] for node in nodes}
        self._sums: dict[int, dict[int, float]] = defaultdict(dict)
        self._apart: dict[int, set[int]] = defaultdict(set)
        for a, b in apart:
            if a in self._members and b in self._members:
                self._apart[a].add(b)
                self._apart[b].add(a)
        for (a, b), probability in edges.items():
            if a in self._members and b in self._members:
                self._sums[a][b] = self._sums[b][a] = probability
        self._queue: list[tuple[float, int, int]] = []

    def run(self) -> list[list[int]]:
        for a, near in self._sums.items():
            for b in near:
                if a < b:
                    self._offer(a, b)
        while self._queue:
            negative, a, b = heapq.heappop(self._queue)
            if self._is_current(-negative, a, b):
                self._merge(a, b)
        return [sorted(self._members[node]) for node in sorted(self._members)]

    def _mean(self, a: int, b: int) -> float:
        return self._sums[a].get(b, 0.0) / (len(self._members[a]) * len(self._members[b]))

    def _offer(self, a: int, b: int) -> None:
        mean = self._mean(a, b)
        if mean >= _MEAN and b not in self._apart[a]:
            heapq.heappush(self._queue, (-mean, min(a, b), max(a, b)))

    def _is_current(self, mean: float, a: int, b: int) -> bool:
        """Whether both groups are still there as they were when they were offered."""
        alive = a in self._members and b in self._members
        return alive and b not in self._apart[a] and self._mean(a, b) == mean

    def _merge(self, a: int, b: int) -> None:
        """B goes into a; a < b."""
        self._members[a] += self._members.pop(b)
        for other, weight in self._sums.pop(b).items():
            del self._sums[other][b]
            if other != a:
                total = self._sums[a].get(other, 0.0) + weight
                self._sums[a][other] = self._sums[other][a] = total
        for other in self._apart.pop(b, set()):
            self._apart[other].discard(b)
            self._apart[other].add(a)
            self._apart[a].add(other)
        for other in self._sums[a]:
            self._offer(a, other)
