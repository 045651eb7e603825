# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Which pairs are worth a closer look: by hashes, embeddings, moments, scan data and pixels.

Any thread; pure. Block joins in NumPy, memory bounded by the block; never a Python loop over all
pairs. Nothing here decides that two pictures are the same.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from imgdupe.match.background import background, nearness
from imgdupe.match.fitted import fitted
from imgdupe.match.index import NeighborIndex
from imgdupe.records import FLAT_QUALITY, FeatureTable

PHASH_BITS = 10
"""Out of 64, over the eight turns."""
PHASH256_BITS = 48
"""Out of 256, unturned; looked at only where the 64-bit hash is within `_PHASH_WIDE`."""
_PHASH_WIDE = 16
NEIGHBOURS = 24
_EXACT_PRODUCTS = 1_000_000_000
"""Up to so many pairs (30,000 contents among themselves) exact products are no slower than HNSW."""
_BLOCK = 512
_TILE_ROWS, _TILE_COLUMNS = 16, 4096
_PIXELS_BITS = 8
_HUB = 64
"""A moment or hash shared by more contents is joined to its nearest followers only."""

Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Candidate:
    """Content ids a < b. `turn` indexes TURNS: turning b by it comes closest to a's pHash.

    Distances in bits; `cosine` is None without embeddings.
    """

    a: int
    b: int
    phash_distance: int
    turn: int
    phash256_distance: int
    cosine: float | None
    same_moment: bool
    same_scan: bool
    same_pixels: bool


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Places in the table, first < second, each pair once."""

    first: Places
    second: Places


def find(
    table: FeatureTable, changed: NDArray[np.bool_], index: NeighborIndex | None
) -> list[Candidate]:
    """All pairs with at least one changed end that may belong together, sorted by (a, b).

    `changed` is bool[n] over the table's rows. `index` is used where exact products would be
    slower; without one, products are taken whatever the size.
    """
    if len(table.ids) < 2 or not changed.any():
        return []
    lively = table.quality >= FLAT_QUALITY
    certain = [_equal(table.scan, changed), _equal(table.pixel_hash, changed)]
    likely = [
        _near_hashes(table, changed & lively, lively),
        _neighbours(table, changed & lively, lively, index),
        _equal(table.moment, changed),
    ]
    pairs = _united([*certain, *(_only(each, lively) for each in likely)], len(table.ids))
    return _described(table, pairs, set(_keys(_united(certain, len(table.ids)), len(table.ids))))


def wants_pixels(candidates: Iterable[Candidate]) -> set[int]:
    """Content ids whose pixel hash decides: equal scan data, or hashes that agree almost wholly."""
    wanted = set()
    for each in candidates:
        near = each.phash_distance <= 2 and each.phash256_distance <= _PIXELS_BITS
        if not each.same_pixels and (each.same_scan or (near and each.turn == 0)):
            wanted |= {each.a, each.b}
    return wanted


def _near_hashes(
    table: FeatureTable, queries: NDArray[np.bool_], others: NDArray[np.bool_]
) -> _Pairs:
    """Pairs within the pHash limits: changed rows against all rows, each pair once, in tiles."""
    rows = np.flatnonzero(queries)
    columns = np.concatenate([rows, np.flatnonzero(others & ~queries)])
    turned = np.ascontiguousarray(table.phash_turns[columns].T)
    tile = _Tile()
    near: list[tuple[Places, Places]] = []
    perhaps: list[tuple[Places, Places]] = []
    for top in range(0, len(rows), _TILE_ROWS):
        for left in range(top, len(columns), _TILE_COLUMNS):
            found = tile.hits(turned, top, len(rows), left)
            for hits, places in zip(found, (near, perhaps), strict=True):
                if len(hits[0]):
                    places.append((columns[top + hits[0]], columns[left + hits[1]]))
    wide = _words(table.phash256)
    a, b = _joined(perhaps)
    close = np.bitwise_count(wide[a] ^ wide[b]).sum(axis=1) <= PHASH256_BITS
    return _ordered([_not_strangers(table, *_joined(near)), (a[close], b[close])])


class _Tile:
    """Hamming distances of a few rows to a few thousand columns: buffers that fit the cache.

    185 million pairs a second over all eight turns on one core, four times as many as in blocks
    that do not fit.
    """

    def __init__(self) -> None:
        shape = (_TILE_ROWS, _TILE_COLUMNS)
        self._differing = np.empty(shape, dtype=np.uint64)
        self._bits = np.empty(shape, dtype=np.uint8)
        self._least = np.empty(shape, dtype=np.uint8)

    def hits(
        self, turned: NDArray[np.uint64], top: int, bottom: int, left: int
    ) -> tuple[tuple[NDArray[np.intp], ...], tuple[NDArray[np.intp], ...]]:
        """Places in the tile that are near in some turn, and that are upright worth a second look.

        turned: uint64[8, n]; rows top .. min(bottom, top + _TILE_ROWS) against columns from left.
        """
        rows = turned[:, top : min(bottom, top + _TILE_ROWS), None]
        columns = turned[0, left : left + _TILE_COLUMNS]
        part = (slice(rows.shape[1]), slice(len(columns)))
        differing, bits, least = self._differing[part], self._bits[part], self._least[part]
        np.bitwise_count(np.bitwise_xor(rows[0], columns, out=differing), out=least)
        perhaps = np.nonzero((least <= _PHASH_WIDE) & (least > PHASH_BITS))
        for turn in range(1, len(turned)):
            np.bitwise_count(np.bitwise_xor(rows[turn], columns, out=differing), out=bits)
            np.minimum(least, bits, out=least)
        return np.nonzero(least <= PHASH_BITS), perhaps


def _not_strangers(table: FeatureTable, a: Places, b: Places) -> tuple[Places, Places]:
    """Drop the pairs whose embeddings say that the near hash is chance.

    At d <= 10 some 4e-6 of all unrelated pairs are near: 160,000 in 100,000 photos, over all turns.
    """
    if table.vectors is None:
        return a, b
    cosines = _cosines(table.vectors, a, b)
    known = table.vectors[a].any(axis=1) & table.vectors[b].any(axis=1)
    keep = (cosines >= fitted().cosines.stranger) | ~known
    return a[keep], b[keep]


def _neighbours(
    table: FeatureTable,
    queries: NDArray[np.bool_],
    others: NDArray[np.bool_],
    index: NeighborIndex | None,
) -> _Pairs:
    """Pairs of the changed rows with those nearest neighbours that stand out."""
    if table.vectors is None:
        return _ordered([])
    rows, columns = np.flatnonzero(queries), np.flatnonzero(others)
    if index is None or len(rows) * len(columns) <= _EXACT_PRODUCTS:
        return _exact_neighbours(table.vectors, rows, columns)
    return _indexed_neighbours(table.ids, table.vectors, rows, others, index)


def _exact_neighbours(vectors: NDArray[np.float16], rows: Places, columns: Places) -> _Pairs:
    """By all products; a row's own place is among its NEIGHBOURS + 1 best."""
    near = min(NEIGHBOURS + 1, len(columns))
    targets = vectors[columns].astype(np.float32)
    found = []
    for start in range(0, len(rows), _BLOCK):
        block = rows[start : start + _BLOCK]
        mine = vectors[block].astype(np.float32)
        products = mine @ targets.T
        floor = np.maximum(np.partition(products, -near, axis=1)[:, -near], least_cosine(mine))
        alike = np.nonzero(products >= floor[:, None])
        found.append((block[alike[0]], columns[alike[1]]))
    return _ordered(found)


def least_cosine(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """float32[n]: the cosine from which the neighbours of each vector [n, d] are looked at."""
    known = fitted().cosines
    bar = np.full(len(vectors), known.sure, dtype=np.float32)
    if vectors.shape[1] == background().shape[1]:  # the set of another network says nothing
        np.minimum(bar, known.low + known.beta * nearness(vectors, background()), out=bar)
    return bar


def _indexed_neighbours(
    ids: NDArray[np.int64],
    vectors: NDArray[np.float16],
    rows: Places,
    others: NDArray[np.bool_],
    index: NeighborIndex,
) -> _Pairs:
    """The same from the graph, ids turned back into places."""
    order = np.argsort(ids, kind="stable")
    ids = ids[order]
    found = []
    for start in range(0, len(rows), _BLOCK):
        block = rows[start : start + _BLOCK]
        mine = vectors[block].astype(np.float32)
        near, cosines = index.query(mine, NEIGHBOURS + 1)
        slot = np.minimum(np.searchsorted(ids, near), len(ids) - 1)
        place = order[slot]
        good = (ids[slot] == near) & (cosines >= least_cosine(mine)[:, None]) & others[place]
        a, b = np.nonzero(good)
        found.append((block[a], place[a, b]))
    return _ordered(found)


def _equal(values: Sequence[Hashable | None], changed: NDArray[np.bool_]) -> _Pairs:
    """Pairs with the same value; in a crowd each is joined to its next `_HUB` followers."""
    groups: dict[Hashable, list[int]] = {}
    for place, value in enumerate(values):
        if value is not None:
            groups.setdefault(value, []).append(place)
    found = []
    for places in groups.values():
        if len(places) < 2:
            continue
        members = np.array(places, dtype=np.int64)
        if not changed[members].any():
            continue
        for step in range(1, min(len(members), _HUB + 1)):
            a, b = members[:-step], members[step:]
            touched = changed[a] | changed[b]
            found.append((a[touched], b[touched]))
    return _ordered(found)


def _described(table: FeatureTable, pairs: _Pairs, certain: set[int]) -> list[Candidate]:
    """Fill in what is known of each pair."""
    low, high = pairs.first, pairs.second
    swap = table.ids[low] > table.ids[high]
    first, second = np.where(swap, high, low), np.where(swap, low, high)
    turns = table.phash_turns[second] ^ table.phash_turns[first, 0, None]
    bits = np.bitwise_count(turns)
    turn = np.argmin(bits, axis=1) if len(bits) else np.empty(0, dtype=np.int64)
    wide = _words(table.phash256)
    far = np.bitwise_count(wide[first] ^ wide[second]).sum(axis=1)
    cosines = None if table.vectors is None else _cosines(table.vectors, first, second)
    keys = _keys(pairs, len(table.ids))
    found = [
        Candidate(
            a=int(table.ids[a]),
            b=int(table.ids[b]),
            phash_distance=int(bits[n, turn[n]]),
            turn=int(turn[n]),
            phash256_distance=int(far[n]),
            cosine=None if cosines is None else round(float(cosines[n]), 5),
            same_moment=table.moment[a] is not None and table.moment[a] == table.moment[b],
            same_scan=keys[n] in certain and _same(table.scan, a, b),
            same_pixels=keys[n] in certain and _same(table.pixel_hash, a, b),
        )
        for n, (a, b) in enumerate(zip(first.tolist(), second.tolist(), strict=True))
    ]
    return sorted(found, key=lambda each: (each.a, each.b))


def _same(values: Sequence[bytes | None], a: int, b: int) -> bool:
    return values[a] is not None and values[a] == values[b]


def _words(hashes: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """uint8[n, 32] as uint64[n, 4]."""
    return np.ascontiguousarray(hashes).view(np.uint64)


def _cosines(vectors: NDArray[np.float16], a: Places, b: Places) -> NDArray[np.float32]:
    """Inner products of the rows, block by block, float32[n]."""
    parts = [
        np.einsum(
            "nd,nd->n",
            vectors[a[start : start + 4096]].astype(np.float32),
            vectors[b[start : start + 4096]].astype(np.float32),
        )
        for start in range(0, len(a), 4096)
    ]
    return np.concatenate(parts) if parts else np.empty(0, dtype=np.float32)


def _joined(parts: Sequence[tuple[Places, Places]]) -> tuple[Places, Places]:
    empty = np.empty(0, dtype=np.int64)
    return (
        np.concatenate([empty, *(part[0] for part in parts)]),
        np.concatenate([empty, *(part[1] for part in parts)]),
    )


def _ordered(parts: Sequence[tuple[Places, Places]]) -> _Pairs:
    """Joined, first < second, without a row beside itself; pairs may still repeat."""
    a, b = _joined(parts)
    apart = a != b
    return _Pairs(np.minimum(a, b)[apart], np.maximum(a, b)[apart])


def _keys(pairs: _Pairs, size: int) -> list[int]:
    keys: list[int] = (pairs.first * size + pairs.second).tolist()
    return keys


def _united(parts: Sequence[_Pairs], size: int) -> _Pairs:
    """Each pair once, in order."""
    keys = np.unique(np.concatenate([part.first * size + part.second for part in parts]))
    return _Pairs(keys // size, keys % size)


def _only(pairs: _Pairs, rows: NDArray[np.bool_]) -> _Pairs:
    """The pairs with both ends among these rows."""
    keep = rows[pairs.first] & rows[pairs.second]
    return _Pairs(pairs.first[keep], pairs.second[keep])
