# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Two paths, one file? Where inodes do not tell, a probe file does.

Called by the checks, for files on different devices, networks, overlays, FUSE and FAT. Creates
an empty file of its own beside the victim for a moment and removes it; a note of it in the
app-data folder lets a start sweep it up after a kill.
"""

from __future__ import annotations

import os
import stat
import uuid
from pathlib import Path

_PREFIX = b".imgdupe-probe-"


def is_alias(victim: bytes, keeper: bytes, note: Path) -> bool:
    """Whether the two paths may name one file; OSError if the victim's folder cannot be written.

    They may if the victim's folder shows through the keeper's, and the listing there does not
    name them both.
    """
    folder, name = os.path.split(victim)
    kept_folder, kept_name = os.path.split(keeper)
    probe = os.path.join(folder, _PREFIX + uuid.uuid4().hex.encode())
    note.write_bytes(probe)
    os.close(os.open(probe, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        names = set(os.listdir(kept_folder))
    finally:
        os.unlink(probe)
        note.unlink()
    if os.path.basename(probe) not in names:
        return False
    return name == kept_name or not {name, kept_name} <= names


def sweep(note: Path) -> None:
    """Remove the probe file that a killed check left, if it is still that: ours and empty."""
    try:
        probe = note.read_bytes()
    except FileNotFoundError:
        return
    if os.path.basename(probe).startswith(_PREFIX) and _is_empty_file(probe):
        os.unlink(probe)
    note.unlink()


def _is_empty_file(path: bytes) -> bool:
    try:
        status = os.lstat(path)
    except OSError:
        return False
    return stat.S_ISREG(status.st_mode) and status.st_size == 0
