# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""What lies under a folder, to compare before and after: nothing of it may change by itself."""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Seen:
    """One file as it was: everything that a scan must leave as it is."""

    sha256: str
    size: int
    mtime_ns: int
    mode: int


def snapshot(folder: Path) -> dict[bytes, Seen]:
    """Every regular file under the folder by its path in bytes; links are not followed."""
    seen = {}
    for parent, _folders, names in os.walk(os.fsencode(folder)):
        for name in names:
            path = os.path.join(parent, name)
            status = os.lstat(path)
            if not stat.S_ISREG(status.st_mode):
                continue
            with open(path, "rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            seen[path] = Seen(digest, status.st_size, status.st_mtime_ns, status.st_mode)
    return seen
