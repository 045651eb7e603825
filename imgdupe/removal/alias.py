# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Two paths, one file? Where inodes do not tell, a probe file does.

Called by the checks, for files on different devices, networks, overlays, FUSE and FAT. Creates
an empty file of its own beside the victim for a moment and removes it; `litter` knows of it.
"""

from __future__ import annotations

import os
import uuid

from imgdupe.removal.litter import Litter

_PREFIX = b".imgdupe-probe-"


def is_alias(victim: bytes, keeper: bytes, litter: Litter) -> bool:
    """Whether the two paths may name one file; OSError if the victim's folder cannot be written.

    They may if the victim's folder shows through the keeper's, and the listing there does not
    name them both.
    """
    folder, name = os.path.split(victim)
    kept_folder, kept_name = os.path.split(keeper)
    probe = os.path.join(folder, _PREFIX + uuid.uuid4().hex.encode())
    litter.expect(probe, b"", unless=None)
    os.close(os.open(probe, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        names = set(os.listdir(kept_folder))
    finally:
        os.unlink(probe)
    if os.path.basename(probe) not in names:
        return False
    return name == kept_name or not {name, kept_name} <= names
