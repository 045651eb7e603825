# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Which volume a path is on, what kind it is, and whether a folder protects it.

Called while planning and again at the moment of removal. Only reads. Linux tells through
/proc/self/mountinfo; elsewhere the device numbers have to do.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass

# Here (device, inode) tells two files apart. Networks, overlays, FUSE and FAT make inodes up.
_TRUSTED = frozenset(
    {b"ext2", b"ext3", b"ext4", b"xfs", b"btrfs", b"f2fs", b"jfs", b"zfs", b"bcachefs", b"tmpfs"}
)
_OCTAL = re.compile(rb"\\([0-7]{3})")


@dataclass(frozen=True, slots=True)
class Mount:
    """A line of mountinfo: the device "major:minor", which folder of it is shown, and where."""

    device: bytes
    shows: bytes
    point: bytes
    filesystem: bytes

    def inner(self, path: bytes) -> tuple[bytes, bytes]:
        """(device, path within it): equal for every route that a bind mount makes."""
        rest = os.path.relpath(path, self.point)
        joined = self.shows if rest == b"." else os.path.join(self.shows, rest)
        return self.device, os.path.normpath(joined)


@dataclass(frozen=True, slots=True)
class Volume:
    """`top`: the highest folder that files can be renamed from and to without copying.

    `trusted`: (device, inode) is a file's identity there.
    """

    top: bytes
    device: int
    trusted: bool


def mounts() -> tuple[Mount, ...]:
    """What is mounted, in order; empty where the system does not tell."""
    try:
        with open("/proc/self/mountinfo", "rb") as file:
            lines = file.read().splitlines()
    except OSError:
        return ()
    found = []
    for line in lines:
        before, _, after = line.partition(b" - ")
        words = before.split()
        if len(words) > 4 and after:
            shows, point = (_OCTAL.sub(_unescape, each) for each in words[3:5])
            found.append(Mount(words[2], shows, point, after.split()[0]))
    return tuple(found)


def _unescape(match: re.Match[bytes]) -> bytes:
    return bytes([int(match[1], 8)])


def is_within(path: bytes, folder: bytes) -> bool:
    """The path is the folder or below it, as spelled."""
    separator = os.sep.encode()
    return path == folder or path.startswith(folder.rstrip(separator) + separator)


def mount_of(real: bytes, table: Sequence[Mount]) -> Mount | None:
    """The mount that shows this real path: the longest, and of several the last."""
    best: Mount | None = None
    for each in table:
        if is_within(real, each.point) and (best is None or len(each.point) >= len(best.point)):
            best = each
    return best


def volume_of(folder: bytes) -> Volume:
    """The volume of an existing folder; OSError if it is not there."""
    real = os.path.realpath(folder, strict=True)
    device = os.stat(real).st_dev
    table = mounts()
    points = {each.point for each in table}
    top = real
    while top not in points and not os.path.ismount(top):
        parent = os.path.dirname(top)
        if os.stat(parent).st_dev != device:
            break  # a subvolume: renaming ends here though nothing is mounted
        top = parent
    mount = mount_of(real, table)
    return Volume(top, device, mount is not None and mount.filesystem in _TRUSTED)


class Protection:
    """The protected folders as they are now: by spelling, real path, inode and inner path."""

    def __init__(self, folders: Sequence[bytes]) -> None:
        self._table = mounts()
        self._spelled = {os.path.abspath(each): each for each in folders}
        self._real = {os.path.realpath(each): each for each in folders}
        self._nodes: dict[tuple[int, int], bytes] = {}
        self._inner: dict[tuple[bytes, bytes], bytes] = {}
        for real, folder in self._real.items():
            if (node := _node(real)) is not None:
                self._nodes[node] = folder
            if (mount := mount_of(real, self._table)) is not None:
                self._inner[mount.inner(real)] = folder

    def covers(self, path: bytes) -> bytes | None:
        """The protected folder that this file is in by any route, or None."""
        if not self._real:
            return None
        spelled = os.path.abspath(path)
        real = os.path.join(os.path.realpath(os.path.dirname(spelled)), os.path.basename(spelled))
        for start, known in ((spelled, self._spelled), (real, self._real)):
            for parent in _upwards(start):
                if parent in known:
                    return known[parent]
                if (node := _node(parent)) in self._nodes and node is not None:
                    return self._nodes[node]
        return self._covers_inner(real)

    def _covers_inner(self, real: bytes) -> bytes | None:
        mount = mount_of(real, self._table)
        if mount is None:
            return None
        device, inner = mount.inner(real)
        for parent in _upwards(inner):
            if (device, parent) in self._inner:
                return self._inner[device, parent]
        return None


def _upwards(path: bytes) -> list[bytes]:
    """The path and each folder above it."""
    found = [path]
    while (parent := os.path.dirname(path)) != path:
        found.append(parent)
        path = parent
    return found


def _node(path: bytes) -> tuple[int, int] | None:
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_dev, status.st_ino
