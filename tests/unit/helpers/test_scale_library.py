# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The made libraries of the scale benchmark are what its numbers rest on."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from imgdupe.catalog.catalog import Catalog
from imgdupe.catalog.paths import resolve
from imgdupe.fingerprint.embedding import Embedder
from imgdupe.fingerprint.models import load_card
from tests.benchmark.scale_library import COPY_EVERY, Seeds, copies, fill, seeds_from
from tests.helpers.photos import make_photo, save

SIZE = 60


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> Seeds:
    folder = tmp_path_factory.mktemp("seeds")
    for number in range(12):
        save(make_photo(number, (320, 240)), folder / f"{number}.jpg")
    found = seeds_from(folder, folder, Embedder(load_card()), 12)
    vectors = np.random.default_rng(1).normal(size=found.vectors.shape).astype(np.float32)
    # Made photos are much alike to the network; real ones are not.
    return Seeds(found.fingerprints, vectors / np.linalg.norm(vectors, axis=1, keepdims=True))


def test_copies_are_near_and_strangers_far(seeds: Seeds, tmp_path: Path) -> None:
    with Catalog.open(resolve(tmp_path)) as catalog:
        fill(catalog, seeds, "m", 0, SIZE)
        table = catalog.features("m")
        number_of = {
            int.from_bytes(photo.hashes.content, "big"): list(table.ids).index(photo.content_id)
            for photo in catalog.photos()
        }
        assert catalog.thumbnail(int(table.ids[0])) is not None
    assert len(number_of) == SIZE
    assert table.vectors is not None
    vectors = table.vectors.astype(np.float32)
    pairs = [[number_of[int.from_bytes(each, "big")] for each in pair] for pair in copies(SIZE)]
    assert len(pairs) == SIZE // COPY_EVERY
    for a, b in pairs:
        assert int(table.phash_turns[a, 0] ^ table.phash_turns[b, 0]).bit_count() <= 5
        assert vectors[a] @ vectors[b] > 0.9
    cosines = vectors @ vectors.T
    cosines[tuple(np.array(pairs).T)] = 0
    assert np.median(np.abs(cosines[np.triu_indices(SIZE, 1)])) < 0.6


def test_the_same_number_is_the_same_content(seeds: Seeds, tmp_path: Path) -> None:
    tables = []
    for name, steps in (("once", [(0, 20)]), ("in two", [(0, 11), (11, 20)])):
        with Catalog.open(resolve(tmp_path / name)) as catalog:
            for start, stop in steps:
                fill(catalog, seeds, "m", start, stop)
            tables.append(catalog.features("m"))
    assert np.array_equal(tables[0].phash_turns, tables[1].phash_turns)
    assert tables[0].vectors is not None
    assert tables[1].vectors is not None
    assert np.array_equal(tables[0].vectors, tables[1].vectors)
