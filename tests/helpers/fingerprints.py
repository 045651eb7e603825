# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Made-up photos and fingerprints for tests of what stores and compares them; no file is needed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from imgdupe.records import Fingerprint, FoundFile, Hashes, Metadata, Photo

DIM = 8


def found(path: bytes, size: int = 1000, mtime_ns: int = 10**18, inode: int = 7) -> FoundFile:
    """A file as a walk might have found it."""
    return FoundFile(path, size, mtime_ns, device=1, inode=inode)


def shot(path: bytes, *companions: bytes, size: int = 1000, mtime_ns: int = 10**18) -> Photo:
    """A photo with companions at these paths."""
    return Photo(found(path, size, mtime_ns), tuple(found(each, 500) for each in companions))


def content_of(number: int) -> bytes:
    """The hash of made-up content `number`."""
    return number.to_bytes(16, "big")


def fingerprint(number: int, *, metadata: Metadata | None = None, size: int = 40) -> Fingerprint:
    """A different fingerprint for each number; `size` bytes of thumbnail."""
    random = np.random.default_rng(number)
    turns = tuple(int(turn) for turn in random.integers(0, 2**64, 8, dtype=np.uint64))
    hashes = Hashes(content_of(number), None, turns[0], turns, random.bytes(32), 80)
    if metadata is None:
        second = f"2024-05-06T07:{number // 60 % 60:02}:{number % 60:02}"
        metadata = Metadata(4000, 3000, "JPEG", taken_at=second, camera="Kamera 1")
    return Fingerprint(
        metadata=metadata,
        hashes=hashes,
        luma=np.zeros((64, 64), dtype=np.uint8),
        pixels=np.zeros((1, 1, 3), dtype=np.uint8),
        thumbnail=b"jpeg %d " % number + random.bytes(size),
    )


def vector(number: int, dim: int = DIM) -> NDArray[np.float32]:
    """A unit vector, different for each number."""
    values = np.random.default_rng(number).normal(size=dim).astype(np.float32)
    return values / np.float32(np.linalg.norm(values))
