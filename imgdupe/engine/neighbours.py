# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The HNSW index of the library in memory, kept in step with the catalog and on disk.

The index may lag behind the catalog, never lead: `catch_up` adds what the catalog has. It is a
cache; on any doubt it is built again from the stored vectors. Any thread.
"""

from __future__ import annotations

import threading

import numpy as np

from imgdupe.catalog.catalog import Catalog
from imgdupe.match.index import NeighborIndex
from imgdupe.records import FeatureTable

_STALE_SHARE = 0.10


class LibraryIndex:
    """One per model. Labels are content ids."""

    def __init__(self, catalog: Catalog, model_id: str, dim: int) -> None:
        self._catalog = catalog
        self._model_id = model_id
        self._dim = dim
        self._lock = threading.Lock()
        self._index: NeighborIndex | None = None
        self._caught_up: FeatureTable | None = None
        self._changed = False

    def catch_up(self, table: FeatureTable) -> NeighborIndex:
        """The index with every vector of the table in it; rebuilt when over 10 % of it is stale."""
        if table.vectors is None:
            raise ValueError("a table without vectors cannot be indexed")
        with self._lock:
            if self._index is not None and table is self._caught_up:
                return self._index
            index = self._index or self._load()
            embedded = np.flatnonzero(table.vectors.any(axis=1))
            ids = table.ids[embedded]
            stale = len(np.setdiff1d(index.ids(), ids, assume_unique=True))
            if stale > _STALE_SHARE * max(index.count, 1):
                index = NeighborIndex(self._dim)
            missing = embedded[~np.isin(ids, index.ids(), assume_unique=True)]
            if len(missing):
                index.add(table.ids[missing], table.vectors[missing].astype(np.float32))
                self._changed = True
            self._index, self._caught_up = index, table
            return index

    def rebuild(self, table: FeatureTable) -> NeighborIndex:
        """Forget the file and build from the table."""
        with self._lock:
            self._index, self._caught_up = NeighborIndex(self._dim), None
            self._changed = True
        return self.catch_up(table)

    def stored_count(self, table: FeatureTable) -> int:
        """How many of the table's contents the index on disk (or in memory) answers with."""
        with self._lock:
            index = self._index or self._load()
            return int(np.isin(index.ids(), table.ids).sum())

    def save(self) -> None:
        """Write the index file if it changed. hnswlib holds the GIL meanwhile: once per scan."""
        with self._lock:
            if self._index is None or not self._changed:
                return
            payload = self._index.to_bytes()
            self._catalog.write_index(self._model_id, payload, self._index.count, self._dim)
            self._changed = False

    def _load(self) -> NeighborIndex:
        payload = self._catalog.read_index(self._model_id)
        if payload is None:
            return NeighborIndex(self._dim)
        try:
            return NeighborIndex.from_bytes(self._dim, payload)
        except ValueError:  # written with another engine: hnswlib came or went
            return NeighborIndex(self._dim)
