# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Brings the catalog up to date with a few photos that imgdupe itself wrote to.

Runs after a removal or an undo that merged metadata or took it back. What was known of the photo's
relations stays known: its pixels are the same. Must not need a scan, nor disturb one under way.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

import numpy as np

from imgdupe.catalog.catalog import Catalog
from imgdupe.engine.workers import DecodePool
from imgdupe.fingerprint.embedding import Embedder
from imgdupe.fingerprint.hashes import file_hash
from imgdupe.records import Fingerprint, FoundFile, Photo
from imgdupe.removal.units import photos_of_stem


def read_again(
    catalog: Catalog, embedder: Embedder | None, pool: DecodePool, paths: Sequence[bytes]
) -> None:
    """Read these photos as they are now; one that cannot be read is left to the next scan."""
    model_id = embedder.model_id if embedder else None
    photos = {path: photo for path in paths if (photo := _photo_at(path)) is not None}
    waiting = [photo for photo in photos.values() if not _is_adopted(catalog, photo, model_id)]
    for file, result in pool.fingerprint([photo.primary for photo in waiting]):
        if isinstance(result, Fingerprint):
            vector = embedder.embed(result.pixels[np.newaxis])[0] if embedder else None
            catalog.rewritten((photos[file.path], result, vector), model_id)


def found_now(path: bytes) -> FoundFile:
    """The file as the walk would see it; OSError."""
    status = os.stat(path)
    size, mtime_ns = status.st_size, status.st_mtime_ns
    return FoundFile(path, size, mtime_ns, status.st_dev, status.st_ino, status.st_nlink)


def _photo_at(path: bytes) -> Photo | None:
    try:
        for photo in photos_of_stem(path):
            if photo.primary.path == path:
                return Photo(found_now(path), tuple(found_now(c.path) for c in photo.companions))
    except OSError:
        return None
    return None


def _is_adopted(catalog: Catalog, photo: Photo, model_id: str | None) -> bool:
    """Its bytes are known: the old ones came back, or only a sidecar changed."""
    try:
        return catalog.adopt(photo, file_hash(photo.primary.path), None, model_id)
    except OSError:
        return True
