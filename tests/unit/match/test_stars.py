# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from imgdupe.match.linkage import average_linkage
from imgdupe.match.stars import pair_of, stars

Edges = dict[tuple[int, int], float]


def complete(nodes: Sequence[int], p: float = 0.9) -> Edges:
    return dict.fromkeys(combinations(nodes, 2), p)


def lowest(nodes: Sequence[int]) -> int:
    return min(nodes)


def test_linkage_joins_what_is_dense_and_no_chain() -> None:
    edges = complete([0, 1, 2]) | complete([3, 4, 5]) | {(2, 3): 0.9}
    assert average_linkage(range(6), edges, set()) == [[0, 1, 2], [3, 4, 5]]
    chain = {(n, n + 1): 0.9 for n in range(5)}
    assert max(map(len, average_linkage(range(6), chain, set()))) == 2


def test_linkage_keeps_apart() -> None:
    assert average_linkage(range(3), complete([0, 1, 2]), {(1, 2)}) in (
        [[0, 1], [2]],
        [[0, 2], [1]],
    )


def test_edits_that_were_never_compared_gather_around_their_original() -> None:
    edges = {(0, n): 0.95 for n in range(1, 9)}
    assert stars(range(9), edges, set(), lowest) == [tuple(range(9))]


def test_one_false_edge_does_not_join_two_pictures() -> None:
    edges = complete([0, 1, 2, 3]) | complete([4, 5, 6]) | {(0, 4): 0.99}
    assert stars(range(7), edges, set(), lowest) == [(0, 1, 2, 3), (4, 5, 6)]


def test_a_poorly_connected_node_is_no_centre() -> None:
    """Node 0 would be preferred, but knows three of nine."""
    edges = complete(range(1, 10)) | {(0, n): 0.9 for n in (1, 2, 3)}
    (star, *rest) = stars(range(10), edges, set(), lowest)
    assert star[0] == 1
    assert not rest


def test_what_is_apart_never_meets() -> None:
    edges = {(0, 1): 0.9, (0, 2): 0.9, (0, 3): 0.9}
    for star in stars(range(4), edges, {(1, 2)}, lowest):
        assert not {1, 2} <= set(star)


@st.composite
def graphs(draw: st.DrawFn) -> tuple[int, Edges, set[tuple[int, int]]]:
    size = draw(st.integers(2, 10))
    edges, apart = {}, set()
    for pair in combinations(range(size), 2):
        what = draw(st.sampled_from(["edge", "edge", "none", "none", "apart"]))
        if what == "edge":
            edges[pair] = draw(st.floats(0.5, 1.0))
        elif what == "apart":
            apart.add(pair)
    return size, edges, apart


@settings(deadline=None, max_examples=150)
@given(graphs())
def test_stars_are_stars(graph: tuple[int, Edges, set[tuple[int, int]]]) -> None:
    size, edges, apart = graph
    found = stars(range(size), edges, apart, lowest)
    members = [node for star in found for node in star]
    assert len(members) == len(set(members))
    for centre, *others in found:
        assert others
        assert all(pair_of(centre, node) in edges for node in others)
        assert not any(pair_of(a, b) in apart for a, b in combinations((centre, *others), 2))
    assert stars(range(size), dict(reversed(edges.items())), apart, lowest) == found
