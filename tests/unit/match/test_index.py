# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
from __future__ import annotations

import sys

import numpy as np
import pytest
from numpy.typing import NDArray

from imgdupe.match.index import NeighborIndex

DIM = 32


def vectors(count: int, seed: int = 0) -> NDArray[np.float32]:
    rows = np.random.default_rng(seed).standard_normal((count, DIM)).astype(np.float32)
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


def filled(rows: NDArray[np.float32]) -> NeighborIndex:
    index = NeighborIndex(DIM)
    index.add(np.arange(len(rows)) * 10 + 1, rows)
    return index


def exact(rows: NDArray[np.float32], queries: NDArray[np.float32], k: int) -> NDArray[np.int64]:
    return np.asarray(np.argsort(-(queries @ rows.T), axis=1)[:, :k] * 10 + 1, dtype=np.int64)


def test_an_empty_index_has_no_answers() -> None:
    ids, cosines = NeighborIndex(DIM).query(vectors(2), 3)
    assert (ids == -1).all()
    assert (cosines == -1).all()


def test_fewer_than_k_are_padded() -> None:
    ids, cosines = filled(vectors(2)).query(vectors(1), 5)
    assert sorted(ids[0].tolist()) == [-1, -1, -1, 1, 11]
    assert (np.diff(cosines[0]) <= 0).all()


def test_neighbours_are_those_of_exact_products() -> None:
    rows, queries = vectors(3000), vectors(200, seed=1)
    ids, cosines = filled(rows).query(queries, 5)
    wanted = exact(rows, queries, 5)
    assert (ids[:, 0] == wanted[:, 0]).mean() >= 0.98
    overlap = [len(set(a) & set(b)) / 5 for a, b in zip(ids.tolist(), wanted.tolist(), strict=True)]
    assert np.mean(overlap) >= 0.95
    assert np.allclose(
        cosines,
        np.sort((queries @ rows.T)[np.arange(200)[:, None], (ids - 1) // 10])[:, ::-1],
        atol=1e-5,
    )


def test_clones_do_not_hide_their_neighbours() -> None:
    rows = vectors(2000)
    noise = np.random.default_rng(4).standard_normal((50, DIM)).astype(np.float32) * 0.1
    mates = rows[:50] + noise
    mates /= np.linalg.norm(mates, axis=1, keepdims=True)
    index = filled(np.concatenate([rows, mates]))
    index.add(np.arange(500) + 1_000_000, np.repeat(rows[:1], 500, axis=0))
    ids, _ = index.query(rows[:50], 2)
    assert (ids[1:, 1] == (np.arange(1, 50) + 2000) * 10 + 1).mean() >= 0.98
    assert index.count == 2550
    crowd, cosines = index.query(rows[:1], 501)
    assert set(crowd[0].tolist()) == {1, *range(1_000_000, 1_000_500)}
    assert np.allclose(cosines, 1, atol=1e-5)


def test_ids_are_all_that_were_added() -> None:
    index = filled(vectors(40))
    index.add(np.array([5, 6]), np.repeat(vectors(1), 2, axis=0))
    assert index.ids().tolist() == sorted([*(np.arange(40) * 10 + 1).tolist(), 5, 6])


def test_bytes_there_and_back() -> None:
    rows = vectors(1500)
    index = filled(rows)
    index.add(np.array([5]), rows[:1])
    again = NeighborIndex.from_bytes(DIM, index.to_bytes())
    assert np.array_equal(index.query(rows, 4), again.query(rows, 4))
    again.add(np.array([7]), vectors(1, seed=9))
    assert again.count == index.count + 1


def test_built_twice_it_is_the_same() -> None:
    assert filled(vectors(600)).to_bytes() == filled(vectors(600)).to_bytes()


@pytest.mark.parametrize("damage", [b"", b"\x00" * 40, b"nonsense" * 9])
def test_foreign_bytes_are_refused(damage: bytes) -> None:
    with pytest.raises(ValueError):
        NeighborIndex.from_bytes(DIM, damage)


def test_another_dimension_or_a_cut_end_is_refused() -> None:
    payload = filled(vectors(5)).to_bytes()
    with pytest.raises(ValueError):
        NeighborIndex.from_bytes(DIM + 1, payload)
    with pytest.raises(ValueError):
        NeighborIndex.from_bytes(DIM, payload[:-3])


def test_what_is_no_vector_is_refused() -> None:
    index, row = NeighborIndex(DIM), vectors(1)
    with pytest.raises(ValueError, match="NaN"):
        index.add(np.array([1]), row * np.nan)
    with pytest.raises(ValueError, match="shape"):
        index.add(np.array([1]), row[:, :4])
    with pytest.raises(ValueError, match="ids"):
        index.add(np.array([1, 2]), row)
    assert index.count == 0


def test_without_hnswlib_products_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    graph = filled(vectors(300)).to_bytes()
    monkeypatch.setitem(sys.modules, "hnswlib", None)
    rows, queries = vectors(300), vectors(20, seed=1)
    index = filled(rows)
    index.add(np.array([5]), rows[:1])
    ids, _ = index.query(queries, 3)
    assert (ids == exact(rows, queries, 3)).mean() >= 0.95  # an alias may push one out
    again = NeighborIndex.from_bytes(DIM, index.to_bytes())
    assert np.array_equal(again.query(queries, 3)[0], ids)
    with pytest.raises(ValueError):
        NeighborIndex.from_bytes(DIM, graph)
