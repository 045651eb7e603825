# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Any record that goes in comes out the same."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from imgdupe.catalog.catalog import Catalog
from imgdupe.catalog.paths import resolve
from imgdupe.records import (
    Evidence,
    Fingerprint,
    FoundFile,
    Hashes,
    Kind,
    Metadata,
    Photo,
    Problem,
    ProblemKind,
    Relation,
    Stage,
)

bits_64 = some.integers(0, 2**64 - 1)
names = some.binary(min_size=1, max_size=40).map(lambda name: b"/photos/" + name)
texts = some.text(some.characters(codec=None), max_size=20)
real = some.floats(-180, 180)
files = some.builds(
    FoundFile,
    path=names,
    size=some.integers(0, 2**62),
    mtime_ns=some.integers(-(2**70), 2**70),
    device=bits_64,
    inode=some.integers(0, 2**128 - 1),
    links=some.integers(1, 2**31),
)
companions = some.lists(files, max_size=3, unique_by=lambda file: file.path).map(
    lambda found: tuple(sorted(found, key=lambda file: file.path))
)
photos = some.builds(Photo, primary=files, companions=companions)
metadata = some.builds(
    Metadata,
    width=some.integers(1, 10**6),
    height=some.integers(1, 10**6),
    format=texts,
    orientation=some.integers(1, 8),
    taken_at=some.none() | texts,
    camera=some.none() | texts,
    serial=some.none() | texts,
    shutter_count=some.none() | some.integers(0, 10**7),
    lens=some.none() | texts,
    exposure=some.none() | texts,
    software=some.none() | texts,
    gps=some.none() | some.tuples(real, real),
    rating=some.none() | some.integers(-1, 5),
    keywords=some.lists(texts, max_size=3).map(tuple),
    title=some.none() | texts,
    jpeg_quality=some.none() | some.integers(1, 100),
)
hashes = some.builds(
    lambda content, scan, turns, phash256, quality: Hashes(
        content, scan, turns[0], tuple(turns), phash256, quality
    ),
    some.binary(min_size=16, max_size=16),
    some.none() | some.binary(min_size=16, max_size=16),
    some.lists(bits_64, min_size=8, max_size=8),
    some.binary(min_size=32, max_size=32),
    some.integers(0, 100),
)
fingerprints = some.builds(
    Fingerprint,
    metadata=metadata,
    hashes=hashes,
    luma=some.just(np.zeros((64, 64), dtype=np.uint8)),
    pixels=some.just(np.zeros((1, 1, 3), dtype=np.uint8)),
    thumbnail=some.binary(max_size=50),
    damaged=some.none() | some.text(max_size=9),
)
items = some.lists(
    some.tuples(photos, fingerprints, some.none()),
    max_size=4,
    unique_by=(lambda item: item[0].primary.path, lambda item: item[1].hashes.content),
)
evidences = some.builds(
    Evidence,
    phash_distance=some.none() | some.integers(0, 64),
    phash256_distance=some.none() | some.integers(0, 256),
    cosine=some.none() | some.sampled_from([-1.0, 0.0, 0.123456, 1.0]),
    difference=some.none() | some.just(0.25),
    turn=some.integers(0, 7),
    transform=some.none() | some.just((1.0, 0.0, 0.5, 0.0, 1.0, -0.25)),
    notes=some.lists(texts, max_size=2).map(tuple),
)
few = settings(max_examples=40)


@few
@given(items)
def test_photos(given_items: list[tuple[Photo, Fingerprint, None]]) -> None:
    with tempfile.TemporaryDirectory() as folder, Catalog.open(resolve(Path(folder))) as catalog:
        scan = catalog.begin_scan()
        catalog.save(given_items, [], scan, None)
        stored = {photo.path: photo for photo in catalog.photos()}
        assert len(stored) == len(given_items)
        for photo, fingerprint, _ in given_items:
            record = stored[photo.primary.path]
            assert record.file == photo.primary
            assert record.companions == photo.companions
            assert record.metadata == fingerprint.metadata
            assert record.hashes == fingerprint.hashes
            assert record.damaged == fingerprint.damaged
            assert catalog.thumbnail(record.content_id) == fingerprint.thumbnail
        unchanged = [photo for photo, _, _ in given_items]
        assert catalog.known(unchanged, None).unchanged == unchanged
        assert set(catalog.features(None).ids) == {p.content_id for p in stored.values()}


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalog]:
    with Catalog.open(resolve(tmp_path_factory.mktemp("app"))) as catalog:
        yield catalog


@few
@given(kind=some.sampled_from(Kind), probability=some.floats(0, 1), evidence=evidences)
def test_relations(opened: Catalog, kind: Kind, probability: float, evidence: Evidence) -> None:
    scan = opened.begin_scan()
    prints = [_plain(b"1" * 16), _plain(b"2" * 16)]
    files = [FoundFile(b"/a", 1, 1, 1, 1), FoundFile(b"/b", 1, 1, 1, 1)]
    opened.save([(Photo(f), p, None) for f, p in zip(files, prints, strict=True)], [], scan, None)
    a, b = opened.features(None).ids.tolist()
    relation = Relation(a, b, kind, probability, evidence)
    opened.save_relations([relation], 1)
    assert opened.relations() == [relation]


@few
@given(
    path=names,
    stage=some.sampled_from(Stage),
    kind=some.sampled_from(ProblemKind),
    detail=texts,
)
def test_problems(
    opened: Catalog, path: bytes, stage: Stage, kind: ProblemKind, detail: str
) -> None:
    scan = opened.begin_scan()
    opened.save([], [Problem(path, stage, kind, detail)], scan, None)
    (stored,) = [problem for problem in opened.problems() if problem.path == path]
    assert (stored.stage, stored.kind) == (stage, kind)
    assert stored.detail == detail.encode("utf-8", "backslashreplace").decode()


def _plain(content: bytes) -> Fingerprint:
    return Fingerprint(
        metadata=Metadata(1, 1, "JPEG"),
        hashes=Hashes(content, None, 0, (0,) * 8, bytes(32), 80),
        luma=np.zeros((64, 64), dtype=np.uint8),
        pixels=np.zeros((1, 1, 3), dtype=np.uint8),
        thumbnail=b"",
    )
