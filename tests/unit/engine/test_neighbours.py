# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The library's index follows the catalog, and looks for news only where there may be some."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from imgdupe.catalog.catalog import Catalog
from imgdupe.catalog.paths import resolve
from imgdupe.engine.neighbours import LibraryIndex
from imgdupe.match.index import NeighborIndex
from tests.helpers.fingerprints import fingerprint, shot

MODEL, DIM = "model", 16


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    with Catalog.open(resolve(tmp_path)) as catalog:
        catalog.put_root(b"/photos", online=True)
        yield catalog


def add(catalog: Catalog, numbers: range) -> None:
    vectors = np.random.default_rng(1).normal(size=(100, DIM)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    scan_id = catalog.begin_scan()
    items = [(shot(b"/photos/%d.jpg" % n), fingerprint(n), vectors[n]) for n in numbers]
    catalog.save(items, [], scan_id, MODEL)


def test_the_index_has_what_the_table_has(catalog: Catalog) -> None:
    add(catalog, range(20))
    library = LibraryIndex(catalog, MODEL, DIM)
    first = catalog.features(MODEL)
    assert library.catch_up(first).count == 20
    add(catalog, range(20, 30))
    second = catalog.features(MODEL)
    assert library.catch_up(first).count == 20
    assert library.catch_up(second).count == 30
    library.rebuild(second)
    assert library.catch_up(second).count == 30


def test_a_table_that_is_known_costs_nothing(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A search in a large library must not compare all ids with the index every time."""
    add(catalog, range(20))
    library, table = LibraryIndex(catalog, MODEL, DIM), catalog.features(MODEL)
    index = library.catch_up(table)

    def looked(_self: NeighborIndex) -> None:
        raise AssertionError("the ids were looked at")

    monkeypatch.setattr(NeighborIndex, "ids", looked)
    assert library.catch_up(table) is index
