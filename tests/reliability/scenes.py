# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Small libraries for removal tests: files with known bytes, and what a scan would say of them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import xxhash

from imgdupe.control import RunControl
from imgdupe.records import FoundFile, Hashes, Kind, Metadata, PhotoRecord
from imgdupe.removal.execute import BatchResult, execute
from imgdupe.removal.journal import Journal
from imgdupe.removal.plan import Plan, RemovalRequest, plan


def write(path: Path, body: bytes) -> bytes:
    """A file with this body; its path in bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)
    return os.fsencode(path)


def found(path: bytes) -> FoundFile:
    """What the walk would say."""
    status = os.stat(path)
    size, mtime_ns = status.st_size, status.st_mtime_ns
    return FoundFile(path, size, mtime_ns, status.st_dev, status.st_ino, status.st_nlink)


def record(path: bytes, companions: Sequence[bytes] = (), number: int = 1) -> PhotoRecord:
    """What the catalog would say after a scan of this moment."""
    with open(path, "rb") as file:
        content = xxhash.xxh3_128(file.read()).digest()
    hashes = Hashes(content, None, 0, (0,) * 8, bytes(32), 100)
    files = tuple(map(found, companions))
    return PhotoRecord(number, number, found(path), files, Metadata(64, 64, "JPEG"), hashes)


def request(
    victim: PhotoRecord, keeper: PhotoRecord | None, kind: Kind = Kind.IDENTICAL
) -> RemovalRequest:
    return RemovalRequest(victim, keeper, kind, 1.0)


def make_plan(
    journal: Journal,
    *requests: RemovalRequest,
    protected: Sequence[bytes] = (),
    whole_groups: bool = False,
    large: bool = True,
    fallback_volumes: frozenset[bytes] = frozenset(),
) -> Plan:
    return plan(
        requests,
        protected=protected,
        journal=journal,
        whole_groups=whole_groups,
        large=large,
        fallback_volumes=fallback_volumes,
    )


def run(made: Plan, journal: Journal, *, decodes: bool = True) -> BatchResult:
    return execute(made, journal, still_decodes=lambda _path: decodes, control=RunControl())
