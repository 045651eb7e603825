# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The folders a library is made of: told apart, and whether they are there.

Any thread. Looks at folders only, opens no file.
"""

from __future__ import annotations

import os
from collections.abc import Iterable


def normalise(paths: Iterable[bytes]) -> tuple[bytes, ...]:
    """Absolute paths in order, without doubles and without folders that lie in another one.

    Names are not resolved through symbolic links: the photographer sees the path that was given.
    """
    absolute = dict.fromkeys(os.path.abspath(path) for path in paths)
    return tuple(
        path
        for path in absolute
        if not any(path != other and _inside(path, other) for other in absolute)
    )


def is_online(root: bytes, *, had_photos: bool = False) -> bool:
    """True if the folder is there and can be listed.

    An empty folder that `had_photos` counts as offline: it is most likely the mount point of a
    drive that is not there.
    """
    try:
        with os.scandir(root) as listing:
            return not had_photos or next(listing, None) is not None
    except OSError:
        return False


def _inside(path: bytes, folder: bytes) -> bool:
    return path.startswith(os.path.join(folder, b""))
