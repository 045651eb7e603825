# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Small libraries for removal tests: files with known bytes, and what a scan would say of them."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

import xxhash

from imgdupe.control import RunControl
from imgdupe.records import FoundFile, Hashes, Kind, Metadata, PhotoRecord
from imgdupe.removal.execute import BatchResult, execute
from imgdupe.removal.journal import Journal
from imgdupe.removal.plan import Plan, RemovalRequest, plan
from imgdupe.removal.recover import RecoveryReport, recover
from tests.reliability import auditor


def memory() -> str | None:
    """A folder whose fsync is quick: a kill needs no real disk. None: the usual one."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None


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
    merge_metadata: bool = False,
) -> Plan:
    return plan(
        requests,
        protected=protected,
        journal=journal,
        whole_groups=whole_groups,
        large=large,
        fallback_volumes=fallback_volumes,
        merge_metadata=merge_metadata,
    )


def run(made: Plan, journal: Journal, *, decodes: bool = True) -> BatchResult:
    return execute(made, journal, still_decodes=lambda _path: decodes, control=RunControl())


class Stage:
    """A library, a home with a trash, and the app's data below one root; and the law over them."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.lib = root / "lib"
        self.data = root / "data"
        self.trash = root / "home" / "Trash"
        for folder in (self.lib, self.data, self.trash.parent):
            folder.mkdir(parents=True)
        self.journal = Journal(self.data)
        self.before: auditor.Seen = {}

    def add(self, name: str | bytes, body: bytes) -> bytes:
        """A file of the library; its path."""
        path = os.path.join(os.fsencode(self.lib), os.fsencode(name))
        return write(Path(os.fsdecode(path)), body)

    def pair(self, name: str = "x.jpg", body: bytes = b"picture") -> tuple[bytes, bytes]:
        """Two identical files: (victim, keeper)."""
        return self.add(f"copies/{name}", body), self.add(f"originals/{name}", body)

    def freeze(self) -> None:
        """What is there now is what the law protects."""
        self.before = auditor.look(self.root, self.data)

    def plan(self, *requests: RemovalRequest, **how: Any) -> Plan:
        return make_plan(self.journal, *requests, **how)

    def remove(self, *requests: RemovalRequest, **how: Any) -> BatchResult:
        """Freeze, plan and run."""
        self.freeze()
        return run(self.plan(*requests, **how), self.journal)

    def restart(self) -> RecoveryReport:
        """Close, open and recover, as the next start of the program."""
        self.journal.close()
        self.journal = Journal(self.data)
        return recover(self.journal)

    def hold_the_law(self, *, lost: Collection[bytes] = (), waiting: bool = False) -> None:
        """Restart, then assert. `lost`: bodies that the test itself destroyed."""
        self.restart()
        digests = {hashlib.sha256(body).hexdigest() for body in lost}
        wrong = auditor.audit(self.root, self.data, self.before, lost=digests, waiting=waiting)
        assert wrong == []
