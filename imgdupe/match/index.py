# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Nearest neighbours among embeddings: HNSW (hnswlib), or exact products where it is missing.

Any thread may call; one lock is held around every call into hnswlib, which is unsafe for adding
beside searching, resizing or saving. Must not touch a file: `to_bytes` and `from_bytes` carry the
graph, the catalog stores it with a checksum (a damaged graph can crash the process).

Vectors that equal an indexed one are kept as its aliases: clones link only to each other and
ruin the recall of everything else in an HNSW graph.
"""

from __future__ import annotations

import json
import threading
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.int64]
Vectors = NDArray[np.float32]

_M = 16
_EF_CONSTRUCTION = 200
_EF_SEARCH = 96
_SEED = 100
_BATCH = 256
_FIRST_CAPACITY = 1024
_SAME = 1.0 - 1e-5
"""Above this cosine two vectors count as one (float16 storage rounds by about 1e-6)."""


class _Engine(Protocol):
    """What holds the vectors: the graph or the exact fallback. Not thread-safe."""

    @property
    def count(self) -> int: ...
    def ids(self) -> Ids: ...
    def add(self, ids: Ids, vectors: Vectors) -> None: ...
    def query(self, vectors: Vectors, k: int) -> tuple[Ids, Vectors]: ...
    def state(self) -> dict[str, Any]: ...


class NeighborIndex:
    """Unit vectors by content id; cosine is the inner product."""

    def __init__(self, dim: int) -> None:
        self.dim = dim
        self._lock = threading.Lock()
        self._engine: _Engine = _new_engine(dim)
        self._aliases: dict[int, list[int]] = {}

    @property
    def count(self) -> int:
        """How many ids it can answer with, aliases included."""
        with self._lock:
            return self._engine.count + sum(map(len, self._aliases.values()))

    def ids(self) -> Ids:
        """Every id it can answer with, int64[n], sorted."""
        with self._lock:
            aliases = [alias for group in self._aliases.values() for alias in group]
            return np.sort(np.concatenate([self._engine.ids(), np.array(aliases, dtype=np.int64)]))

    def add(self, ids: Ids, vectors: Vectors) -> None:
        """Ids int64[n], vectors float32[n, dim] of unit length; ValueError for anything else.

        An id must be new.
        """
        vectors = self._checked(vectors)
        if len(ids) != len(vectors):
            raise ValueError(f"{len(ids)} ids for {len(vectors)} vectors")
        with self._lock:
            for start in range(0, len(ids), _BATCH):
                part = slice(start, start + _BATCH)
                self._add_batch(np.asarray(ids[part], dtype=np.int64), vectors[part])

    def query(self, vectors: Vectors, k: int) -> tuple[Ids, Vectors]:
        """The k nearest of each row: ids int64[n, k] and exact cosines float32[n, k], best first.

        Equal cosines come in the order of ids. Places without an answer hold id -1, cosine -1.
        """
        vectors = self._checked(vectors)
        ids = np.full((len(vectors), k), -1, dtype=np.int64)
        cosines = np.full((len(vectors), k), -1.0, dtype=np.float32)
        with self._lock:
            live = min(k, self._engine.count)
            if live == 0 or len(vectors) == 0:
                return ids, cosines
            near, exact = self._engine.query(vectors, live)
            for row in range(len(vectors)):
                self._fill(ids[row], cosines[row], near[row], exact[row])
        return ids, cosines

    def to_bytes(self) -> bytes:
        """Everything, as one platform-neutral byte string (arrays and numbers, no code)."""
        with self._lock:
            return _pack({"aliases": _flat(self._aliases), **self._engine.state()})

    @classmethod
    def from_bytes(cls, dim: int, payload: bytes) -> NeighborIndex:
        """The index that `to_bytes` gave; ValueError if it is not one of this dimension."""
        state = _unpack(payload)
        index = cls(dim)
        engine = _ENGINES.get(str(state.get("engine")))
        if engine is None or state.get("dim") != dim or engine is not type(index._engine):
            raise ValueError("this is not a neighbour index of this kind and dimension")
        index._engine = engine.restored(state)
        for alias, representative in state["aliases"].tolist():
            index._aliases.setdefault(representative, []).append(alias)
        return index

    def _checked(self, vectors: Vectors) -> Vectors:
        vectors = np.ascontiguousarray(vectors, dtype=np.float32)
        if vectors.ndim != 2 or vectors.shape[1] != self.dim:
            raise ValueError(f"vectors of shape {vectors.shape}, expected [n, {self.dim}]")
        if not np.isfinite(vectors).all():
            raise ValueError("a vector holds NaN or infinity")
        return vectors

    def _add_batch(self, ids: Ids, vectors: Vectors) -> None:
        """Keep one of equal vectors within the batch, then those that the engine has already."""
        first = _first_equal(vectors)
        fresh = first == np.arange(len(ids))
        owner = ids[first]
        if self._engine.count:
            near, cosines = self._engine.query(vectors[fresh], 1)
            known = cosines[:, 0] >= _SAME
            places = np.flatnonzero(fresh)[known]
            for place, representative in zip(places, near[known, 0], strict=True):
                owner[first == place] = representative
                fresh[place] = False
        self._engine.add(ids[fresh], vectors[fresh])
        for alias, representative in zip(ids[~fresh], owner[~fresh], strict=True):
            self._aliases.setdefault(int(representative), []).append(int(alias))

    def _fill(self, ids: Ids, cosines: Vectors, near: Ids, exact: Vectors) -> None:
        """Spread the representatives of one row over their aliases, in place."""
        found = [
            (-float(cosine), each)
            for representative, cosine in zip(near.tolist(), exact.tolist(), strict=True)
            for each in (representative, *self._aliases.get(representative, ()))
        ]
        best = sorted(found)[: len(ids)]
        ids[: len(best)] = [each for _, each in best]
        cosines[: len(best)] = [-cosine for cosine, _ in best]


class _Graph:
    """hnswlib behind a growing capacity; one thread, fixed seed, so that it is reproducible."""

    def __init__(self, dim: int, index: Any = None) -> None:
        import hnswlib

        self._dim = dim
        self._index = index
        if index is None:
            self._index = hnswlib.Index(space="ip", dim=dim)
            self._index.init_index(
                max_elements=_FIRST_CAPACITY, M=_M, ef_construction=_EF_CONSTRUCTION,
                random_seed=_SEED,
            )  # fmt: skip
        self._index.set_num_threads(1)

    @property
    def count(self) -> int:
        return int(self._index.get_current_count())

    def ids(self) -> Ids:
        return np.array(self._index.get_ids_list(), dtype=np.int64)

    def add(self, ids: Ids, vectors: Vectors) -> None:
        if len(ids) == 0:
            return
        needed = self.count + len(ids)
        capacity = int(self._index.get_max_elements())
        if needed > capacity:
            self._index.resize_index(max(needed, 2 * capacity))
        self._index.add_items(vectors, ids, num_threads=1)

    def query(self, vectors: Vectors, k: int) -> tuple[Ids, Vectors]:
        self._index.set_ef(max(_EF_SEARCH, 2 * k))
        ids, distances = self._index.knn_query(vectors, k=k, num_threads=1)
        return ids.astype(np.int64), 1.0 - distances

    def state(self) -> dict[str, Any]:
        return {"engine": "hnsw", "dim": self._dim, **self._index.__getstate__()[0]}

    @classmethod
    def restored(cls, state: dict[str, Any]) -> _Graph:
        import hnswlib

        index = hnswlib.Index.__new__(hnswlib.Index)
        own = {"engine", "aliases"}
        index.__setstate__(({key: value for key, value in state.items() if key not in own},))
        return cls(int(state["dim"]), index)


class _Exact:
    """All products, blocked: the fallback without hnswlib, and what the graph is tested against."""

    def __init__(self, dim: int) -> None:
        self._dim = dim
        self._ids: Ids = np.empty(0, dtype=np.int64)
        self._rows: Vectors = np.empty((0, dim), dtype=np.float32)

    @property
    def count(self) -> int:
        return len(self._ids)

    def ids(self) -> Ids:
        return self._ids

    def add(self, ids: Ids, vectors: Vectors) -> None:
        self._ids = np.concatenate([self._ids, ids])
        self._rows = np.concatenate([self._rows, vectors])

    def query(self, vectors: Vectors, k: int) -> tuple[Ids, Vectors]:
        places = np.empty((len(vectors), k), dtype=np.int64)
        cosines = np.empty((len(vectors), k), dtype=np.float32)
        for start in range(0, len(vectors), _BATCH):
            part = slice(start, start + _BATCH)
            products = vectors[part] @ self._rows.T
            places[part] = np.argpartition(-products, k - 1, axis=1)[:, :k]
            cosines[part] = np.take_along_axis(products, places[part], axis=1)
        return self._ids[places], cosines

    def state(self) -> dict[str, Any]:
        return {"engine": "exact", "dim": self._dim, "ids": self._ids, "rows": self._rows}

    @classmethod
    def restored(cls, state: dict[str, Any]) -> _Exact:
        engine = cls(int(state["dim"]))
        engine.add(state["ids"], state["rows"])
        return engine


_ENGINES: dict[str, type[_Graph | _Exact]] = {"hnsw": _Graph, "exact": _Exact}


def _new_engine(dim: int) -> _Engine:
    try:
        return _Graph(dim)
    except ImportError:
        return _Exact(dim)


def _first_equal(vectors: Vectors) -> Ids:
    """For each row the place of the first row that is (nearly) the same, int64[n]."""
    same = vectors @ vectors.T >= _SAME
    np.fill_diagonal(same, val=True)
    first = np.argmax(same, axis=1)
    return np.asarray(first[first], dtype=np.int64)


def _flat(aliases: dict[int, list[int]]) -> Ids:
    """Pairs (alias, representative) as int64[n, 2]."""
    pairs = [(alias, owner) for owner, group in aliases.items() for alias in group]
    return np.array(pairs, dtype=np.int64).reshape(-1, 2)


def _pack(state: dict[str, Any]) -> bytes:
    """A length, a JSON head with the numbers and the arrays' shapes, then the arrays' bytes."""
    arrays = {key: np.asarray(value) for key, value in state.items() if hasattr(value, "dtype")}
    head = {
        "numbers": {key: value for key, value in state.items() if key not in arrays},
        "arrays": [[key, value.dtype.str, value.shape] for key, value in arrays.items()],
    }
    text = json.dumps(head).encode()
    parts = [np.ascontiguousarray(value).tobytes() for value in arrays.values()]
    return b"".join([len(text).to_bytes(8, "little"), text, *parts])


def _unpack(payload: bytes) -> dict[str, Any]:
    """The state that `_pack` took; ValueError if the bytes do not add up."""
    start = 8 + int.from_bytes(payload[:8], "little")
    head = json.loads(payload[8:start])
    state: dict[str, Any] = dict(head["numbers"])
    for key, dtype, shape in head["arrays"]:
        length = int(np.prod(shape, dtype=np.int64)) * np.dtype(dtype).itemsize
        part = np.frombuffer(payload, dtype, length // np.dtype(dtype).itemsize, start)
        state[key] = part.reshape(shape).copy()
        start += length
    if start != len(payload):
        raise ValueError("the index's bytes end too early or too late")
    return state
