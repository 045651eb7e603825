# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from imgdupe.match import candidates
from imgdupe.match.background import background
from imgdupe.match.candidates import find, least_cosine, wants_pixels
from imgdupe.match.fitted import fitted
from imgdupe.match.index import NeighborIndex
from imgdupe.records import FLAT_QUALITY, FeatureTable

DIM = 512
"""Of no shipped network: the background set says nothing, one bar holds for all."""


def table(count: int, seed: int = 0) -> FeatureTable:
    """Strangers: random hashes, random directions, ids that are not places."""
    random = np.random.default_rng(seed)
    rows = random.standard_normal((count, DIM))
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return FeatureTable(
        ids=np.arange(count, dtype=np.int64) * 3 + 100,
        phash_turns=random.integers(0, 2**64, (count, 8), dtype=np.uint64),
        phash256=random.integers(0, 256, (count, 32), dtype=np.uint8),
        quality=np.full(count, 90, dtype=np.uint8),
        scan=(None,) * count,
        pixel_hash=(None,) * count,
        moment=(None,) * count,
        vectors=rows.astype(np.float16),
    )


def flipped(value: np.uint64, bits: int) -> np.uint64:
    return np.uint64(int(value) ^ sum(1 << (3 * n) for n in range(bits)))


def everything(of: FeatureTable) -> NDArray[np.bool_]:
    return np.ones(len(of.ids), dtype=np.bool_)


def pairs(of: FeatureTable, changed: NDArray[np.bool_] | None = None) -> set[tuple[int, int]]:
    found = find(of, everything(of) if changed is None else changed, None)
    places = {int(each): place for place, each in enumerate(of.ids)}
    assert all(each.a < each.b for each in found)
    assert len({(each.a, each.b) for each in found}) == len(found)
    return {(places[each.a], places[each.b]) for each in found}


def test_strangers_are_not_paired() -> None:
    assert pairs(table(500)) == set()
    assert find(table(1), np.ones(1, dtype=np.bool_), None) == []


@pytest.mark.parametrize("turn", range(8))
def test_a_near_hash_in_any_turn_is_a_candidate(turn: int) -> None:
    some = replace(table(60), vectors=None)
    back = turn if turn >= 4 else -turn % 4
    for a, b, bits in ((7, 41, 10), (8, 42, 11)):
        some.phash_turns[b, turn] = flipped(some.phash_turns[a, 0], bits)
        some.phash_turns[a, back] = flipped(some.phash_turns[b, 0], bits)
    (found,) = find(some, everything(some), None)
    assert (found.a, found.b) == (some.ids[7], some.ids[41])
    assert (found.turn, found.phash_distance) == (turn, 10)
    assert found.cosine is None


def test_the_wide_hash_helps_where_the_short_one_is_just_too_far() -> None:
    some = replace(table(30), vectors=None)
    for like, place, bits in ((3, 20, 16), (4, 21, 17)):
        some.phash_turns[place, 0] = flipped(some.phash_turns[like, 0], bits)
        some.phash256[place] = some.phash256[like]
    some.phash256[20, :6] ^= 255
    assert pairs(some) == {(3, 20)}


def test_neighbours_by_cosine() -> None:
    some = table(400)
    assert some.vectors is not None
    some.vectors[90] = some.vectors[10]
    (found,) = find(some, everything(some), None)
    assert (found.a, found.b) == (some.ids[10], some.ids[90])
    assert found.cosine == pytest.approx(1.0, abs=2e-3)


def test_what_is_near_everything_is_asked_for_more() -> None:
    vectors = background()[:2].copy()
    away = np.linalg.svd(background(), full_matrices=False)[2][-1:]  # where no photo points
    crowded, lonely = least_cosine(np.concatenate([vectors[:1], away]).astype(np.float32))
    assert lonely < crowded == pytest.approx(fitted().cosines.sure)
    assert least_cosine(np.ones((1, 7), dtype=np.float32)) == pytest.approx(fitted().cosines.sure)


def test_a_near_hash_of_unlike_pictures_is_chance() -> None:
    some = table(30)
    assert some.vectors is not None
    some.phash_turns[9, 0] = some.phash_turns[4, 0]
    some.vectors[9] = -some.vectors[4]
    assert pairs(some) == set()
    some.vectors[9] = 0  # not embedded: the hash alone has to do
    assert pairs(some) == {(4, 9)}


def test_equal_scan_pixels_or_moment() -> None:
    some = table(9)
    scan: list[bytes | None] = [None] * 9
    pixel_hash: list[bytes | None] = [None] * 9
    moment: list[str | None] = [None] * 9
    scan[1] = scan[5] = b"s"
    pixel_hash[2] = pixel_hash[6] = b"p"
    moment[3] = moment[7] = "Made 1|2024-05-01T10:00:00"
    some = replace(some, scan=tuple(scan), pixel_hash=tuple(pixel_hash), moment=tuple(moment))
    by_a = {each.a: each for each in find(some, everything(some), None)}
    assert set(by_a) == {103, 106, 109}
    assert (by_a[103].same_scan, by_a[103].same_pixels, by_a[103].same_moment) == (
        True,
        False,
        False,
    )
    assert (by_a[106].same_scan, by_a[106].same_pixels) == (False, True)
    assert by_a[109].same_moment


def test_flat_pictures_are_joined_by_scan_and_pixels_only() -> None:
    some = table(8)
    assert some.vectors is not None
    some.phash_turns[:] = 0
    some.vectors[:] = some.vectors[0]
    some.quality[:] = FLAT_QUALITY - 1
    scan = [None, b"s", b"s", *[None] * 5]
    some = replace(some, scan=tuple(scan), moment=("x",) * 8)
    assert pairs(some) == {(1, 2)}


def test_only_pairs_with_a_changed_end() -> None:
    some = table(50)
    some.phash_turns[30, 0] = some.phash_turns[10, 0]
    some.phash_turns[31, 0] = some.phash_turns[11, 0]
    assert some.vectors is not None
    some.vectors[30:32] = some.vectors[10:12]
    for changed in (10, 30):
        mask = np.zeros(50, dtype=np.bool_)
        mask[changed] = True
        assert pairs(some, mask) == {(10, 30)}
    assert pairs(some, np.zeros(50, dtype=np.bool_)) == set()


def test_a_crowd_does_not_explode() -> None:
    some = replace(table(600), scan=(b"s",) * 600)
    assert len(find(some, everything(some), None)) <= 600 * candidates._HUB


def test_the_graph_finds_what_products_find(monkeypatch: pytest.MonkeyPatch) -> None:
    some = table(800)
    assert some.vectors is not None
    noise = np.random.default_rng(5).standard_normal((100, DIM)) * 0.04
    some.vectors[700:] = (some.vectors[:100] + noise).astype(np.float16)
    some.vectors[700:] /= np.linalg.norm(some.vectors[700:].astype(np.float32), axis=1)[:, None]
    by_products = pairs(some)
    index = NeighborIndex(DIM)
    index.add(some.ids, some.vectors.astype(np.float32))
    index.add(np.array([7]), some.vectors[5:6].astype(np.float32))  # stale: not in the table
    monkeypatch.setattr(candidates, "_EXACT_PRODUCTS", 0)
    found = find(some, everything(some), index)
    by_graph = {((each.a - 100) // 3, (each.b - 100) // 3) for each in found}
    assert len(by_products) >= 100
    assert len(by_products & by_graph) >= 0.99 * len(by_products)


def test_tiles_cover_every_pair(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(candidates, "_TILE_ROWS", 3)
    monkeypatch.setattr(candidates, "_TILE_COLUMNS", 7)
    some = replace(table(40), vectors=None)
    some.phash_turns[:, 1:] = np.random.default_rng(3).integers(0, 2**64, (40, 7), dtype=np.uint64)
    some.phash_turns[:, 0] = 12345
    mask = np.zeros(40, dtype=np.bool_)
    mask[[1, 5, 6, 20, 39]] = True
    assert len(pairs(some)) == 40 * 39 // 2
    assert len(pairs(some, mask)) == 5 * 35 + 10


def test_pixels_are_wanted_where_they_decide() -> None:
    some = replace(table(6), vectors=None)
    some.phash_turns[1, 0], some.phash256[1] = some.phash_turns[0, 0], some.phash256[0]
    some.phash_turns[3, 2], some.phash256[3] = some.phash_turns[2, 0], some.phash256[2]
    some.phash_turns[5, 0] = flipped(some.phash_turns[4, 0], 5)
    assert wants_pixels(find(some, everything(some), None)) == {100, 103}
