# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Catalogs of any size, made from the fingerprints of a few real photographs.

A made stranger takes its embedding from four real photos at once, its hashes from one of them with
many bits turned, its thumbnail from the first: as far from all others as real strangers are. Every
tenth content is a copy of an earlier stranger: a little noise, a few bits, the same thumbnail and
date. No file lies behind them: what needs one cannot be measured here.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from imgdupe.catalog.catalog import Catalog
from imgdupe.engine.worker import fingerprint
from imgdupe.fingerprint.embedding import Embedder
from imgdupe.records import Fingerprint, FoundFile, Metadata, Photo
from tests.helpers.photos import make_photo, save

COPY_EVERY = 10
_MIXED = 4
_COPY_NOISE, _COPY_BITS = 0.012, 5
_STRANGER_BITS = 24
_BATCH = 1024
_MADE = 60

Vector = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Seeds:
    """Real fingerprints with their embeddings float32[n, d]."""

    fingerprints: list[Fingerprint]
    vectors: Vector


def seeds_from(folder: Path | None, work: Path, embedder: Embedder, most: int) -> Seeds:
    """Fingerprint up to `most` photos of the folder; of made ones without a folder."""
    if folder is None:
        for number in range(_MADE):
            save(make_photo(number, (480, 320)), work / "seeds" / f"{number}.jpg")
    paths = sorted((folder or work / "seeds").rglob("*.jpg"))[:most]
    found = [fingerprint(os.fsencode(path)) for path in paths]
    prints = [each for each in found if isinstance(each, Fingerprint)]
    vectors = [embedder.embed(each.pixels[None])[0] for each in prints]
    return Seeds(prints, np.stack(vectors))


def fill(catalog: Catalog, seeds: Seeds, model_id: str, start: int, stop: int) -> None:
    """Store the made contents `start` to `stop`; the same number is always the same content."""
    catalog.put_root(b"/made", online=True)
    scan_id = catalog.begin_scan()
    items = _items(seeds, range(start, stop))
    for first in range(start, stop, _BATCH):
        batch = [next(items) for _ in range(first, min(first + _BATCH, stop))]
        catalog.save(batch, [], scan_id, model_id)
    catalog.finish_scan(scan_id, [], complete=False)


def copies(size: int) -> Iterator[tuple[bytes, bytes]]:
    """The hashes of each original and its copy among the first `size` contents."""
    for number in range(size):
        if _original(number) != number:
            yield _content(_original(number)), _content(number)


def _original(number: int) -> int:
    """The content that this one is a copy of, or itself."""
    return number - COPY_EVERY // 2 if number % COPY_EVERY == COPY_EVERY - 1 else number


def _content(number: int) -> bytes:
    return number.to_bytes(16, "big")


def _items(
    seeds: Seeds, numbers: Sequence[int]
) -> Iterator[tuple[Photo, Fingerprint, Vector | None]]:
    for number in numbers:
        original = _original(number)
        made, vector = _stranger(seeds, original)
        if original != number:
            made, vector = _copy(made, vector, number)
        made = replace(made, hashes=replace(made.hashes, content=_content(number), scan=None))
        path = b"/made/%03d/%07d.jpg" % (number // 1000, number)
        yield Photo(FoundFile(path, 1000 + number, 10**18, 1, number)), made, vector


def _stranger(seeds: Seeds, number: int) -> tuple[Fingerprint, Vector]:
    random = np.random.default_rng([1, number])
    chosen = random.choice(len(seeds.fingerprints), _MIXED, replace=False)
    seed = seeds.fingerprints[int(chosen[0])]
    return _changed(seed, random, _STRANGER_BITS, _metadata(seed, number)), _unit(
        seeds.vectors[chosen].sum(axis=0)
    )


def _copy(made: Fingerprint, vector: Vector, number: int) -> tuple[Fingerprint, Vector]:
    random = np.random.default_rng([2, number])
    smaller = replace(
        made.metadata, width=made.metadata.width // 2, height=made.metadata.height // 2
    )
    noise = random.normal(0.0, _COPY_NOISE, vector.shape).astype(np.float32)
    return _changed(made, random, _COPY_BITS, smaller), _unit(vector + noise)


def _metadata(seed: Fingerprint, number: int) -> Metadata:
    """Half of the photos say when they were taken, two minutes apart, by one of three cameras."""
    if number % 2:
        return replace(seed.metadata, taken_at=None, camera=None, serial=None)
    moment = np.datetime64("2001-01-01T00:00:00") + np.timedelta64(122 * number, "s")
    return replace(
        seed.metadata, taken_at=str(moment), camera=f"Made {number % 3}", serial=f"{number % 3}"
    )


def _changed(
    seed: Fingerprint, random: np.random.Generator, bits: int, metadata: Metadata
) -> Fingerprint:
    """With `bits` bits of the 64-bit hash turned (in every pose), four times as many of the 256."""
    flips = sum(1 << int(bit) for bit in random.choice(64, bits, replace=False))
    turns = tuple(turn ^ flips for turn in seed.hashes.phash_turns)
    wide = np.unpackbits(np.frombuffer(seed.hashes.phash256, np.uint8))
    wide[random.choice(256, min(4 * bits, 128), replace=False)] ^= 1
    hashes = replace(
        seed.hashes, phash=turns[0], phash_turns=turns, phash256=np.packbits(wide).tobytes()
    )
    return replace(seed, hashes=hashes, metadata=metadata)


def _unit(vector: Vector) -> Vector:
    return np.asarray(vector / np.linalg.norm(vector), dtype=np.float32)
