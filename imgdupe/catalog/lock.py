# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""One process at a time works on a library.

Any thread. The lock belongs to the system, not to the file's content: a killed process leaves none
behind. The process id in the file is for the message only.
"""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path

from imgdupe.catalog.faults import explain_os
from imgdupe.errors import LibraryBusy

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

_NAME = "library.lock"
_LOCKED_BYTE = 1 << 20  # Windows forbids reading locked bytes; the process id must stay readable
_TAKEN = {errno.EACCES, errno.EAGAIN, errno.EWOULDBLOCK, errno.EDEADLK}


class LibraryLock:
    """Held from `acquire` to `release` or to the end of the process."""

    def __init__(self, data: Path) -> None:
        self._path = data / _NAME
        self._descriptor: int | None = None

    def acquire(self) -> None:
        """Take the lock; LibraryBusy if another process (or object) has it."""
        try:
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise explain_os(error, self._path.parent) from error
        try:
            _lock(descriptor)
            os.ftruncate(descriptor, 0)
            os.write(descriptor, b"%d\n" % os.getpid())
        except OSError as error:
            holder = _holder(descriptor)
            os.close(descriptor)
            if error.errno in _TAKEN:
                raise LibraryBusy(
                    f"Another imgdupe{holder} is using the library in {self._path.parent}. "
                    "Switch to its window, or close it and try again."
                ) from error
            raise explain_os(error, self._path.parent) from error
        self._descriptor = descriptor

    def release(self) -> None:
        """Give the lock back; a second call does nothing."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def _lock(descriptor: int) -> None:
    if sys.platform == "win32":
        os.lseek(descriptor, _LOCKED_BYTE, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        os.lseek(descriptor, 0, os.SEEK_SET)
    else:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _holder(descriptor: int) -> str:
    """' (process 123)' if the file tells, else nothing."""
    os.lseek(descriptor, 0, os.SEEK_SET)
    number = os.read(descriptor, 20).strip()
    return f" (process {int(number)})" if number.isdigit() else ""
