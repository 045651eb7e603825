# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The trash of Windows and macOS: the system moves the file, and nothing it says is believed.

Imported late, on those systems and in tests, by `trash`. Qt's `moveToTrash` does the move; before
it the rules under which Windows deletes for good instead are checked, after it the file is looked
for. Must never be reached with a name that Qt could take for another.
"""

from __future__ import annotations

import errno
import ntpath
import os
import re
import stat
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from imgdupe.removal.entries import Identity
from imgdupe.removal.identity import Refused, shown
from imgdupe.removal.litter import Litter
from imgdupe.removal.moves import rename_noreplace
from imgdupe.removal.trash import Slot, TrashMisbehavedError
from imgdupe.removal.volumes import volume_of

_MAX_PATH = 260
_DRIVE_FIXED = 3
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?")


@dataclass(frozen=True, slots=True)
class PlatformTrash:
    """The system's trash. `move`: path -> where the file went, or None if that was not said.

    `rule`: why this path and size must not be handed over; `bins`: folders to look in.
    """

    folder: bytes
    move: Callable[[bytes], bytes | None]
    rule: Callable[[bytes, int], str | None]
    bins: Sequence[bytes]

    def refusal(self, path: bytes, size: int) -> str | None:
        try:
            path.decode()
        except UnicodeDecodeError:
            return "its name is not Unicode, and the system's trash could take another file for it"
        return self.rule(path, size)

    def reserve(self, path: bytes, litter: Litter) -> Slot:
        """The system chooses the place."""
        del path, litter
        return Slot(None, None)

    def put(self, path: bytes, slot: Slot) -> bytes:
        """Move, then find out what really happened; TrashMisbehavedError if not what was asked."""
        del slot
        folder = os.path.dirname(path)
        names = set(os.listdir(folder))
        before = Identity.of(os.lstat(path))
        where = self.move(path)
        if _is_there(path, before):
            _return_other(path, names, where)
            raise TrashMisbehavedError("the system's trash did not take it, though it said so")
        if where is None or not os.path.lexists(where):
            where = search(self.bins, lambda _path, status: Identity.of(status) == before)
        if where is None:
            raise TrashMisbehavedError(
                f"the system took {shown(path)} away, and it is not in the trash"
            )
        return where


def _is_there(path: bytes, before: Identity) -> bool:
    try:
        return Identity.of(os.lstat(path)) == before
    except OSError:
        return False


def _return_other(path: bytes, names: set[bytes], where: bytes | None) -> None:
    """If the system trashed a neighbour instead, and which one is plain, bring that back."""
    folder = os.path.dirname(path)
    missing = names - set(os.listdir(folder))
    if where is not None and len(missing) == 1 and os.path.lexists(where):
        rename_noreplace(where, os.path.join(folder, missing.pop()))


def search(bins: Sequence[bytes], matches: Callable[[bytes, os.stat_result], bool]) -> bytes | None:
    """The first regular file in these folders that matches."""
    for path in _files(bins):
        try:
            status = os.lstat(path)
            if stat.S_ISREG(status.st_mode) and matches(path, status):
                return path
        except (OSError, Refused):
            continue
    return None


def _files(bins: Sequence[bytes]) -> Iterator[bytes]:
    for folder in bins:
        try:
            names = os.listdir(folder)
        except OSError:
            continue
        yield from (os.path.join(folder, name) for name in names)


def find(folder: bytes) -> PlatformTrash | None:
    """The trash for files of this folder, or None where its volume has none."""
    if sys.platform == "win32":
        root = os.path.splitdrive(os.path.abspath(folder))[0] + b"\\"
        facts = _Registry()
        if windows_volume_refusal(os.fsdecode(root), facts) is not None:
            return None

        def rule(path: bytes, size: int) -> str | None:
            return windows_refusal(os.fsdecode(path), size, facts)

        return PlatformTrash(b"Recycle Bin", qt_move, rule, bins_of(folder))
    bins = [each for each in bins_of(folder) if os.path.isdir(each)]
    return PlatformTrash(bins[0], qt_move, lambda _path, _size: None, bins) if bins else None


def bins_of(folder: bytes) -> tuple[bytes, ...]:
    """The folders in which a file of this folder can be after the system trashed it."""
    if sys.platform == "win32":
        root = os.path.splitdrive(os.path.abspath(folder))[0] + b"\\$Recycle.Bin"
        return tuple(_files([root]))
    volume = volume_of(folder)
    home = os.path.expanduser(b"~")
    if volume.device == os.stat(home).st_dev:
        return (os.path.join(home, b".Trash"),)
    return (os.path.join(volume.top, b".Trashes", str(os.getuid()).encode()),)


def qt_move(path: bytes) -> bytes | None:
    """Qt's moveToTrash; where the file is now if Qt says it. OSError if Qt refuses."""
    from PySide6.QtCore import QFile

    name = os.fsdecode(path)
    file = QFile(name)
    if not file.moveToTrash():
        raise OSError(errno.EACCES, f"the system's trash: {file.errorString()}", path)
    where = file.fileName()
    return os.fsencode(where) if where and where != name else None


class WindowsFacts(Protocol):
    """What has to be known of a volume before its recycle bin can be trusted."""

    def drive_type(self, root: str) -> int:
        """GetDriveTypeW."""

    def is_bin_off(self, root: str) -> bool:
        """By policy or for this volume."""

    def bin_limit_bytes(self, root: str) -> int | None:
        """Larger files are deleted for good; None if not known."""


def windows_volume_refusal(root: str, facts: WindowsFacts) -> str | None:
    """Why files of this volume cannot go to a recycle bin, or None."""
    if facts.drive_type(root) != _DRIVE_FIXED:
        return "Windows keeps a recycle bin on fixed drives only"
    if facts.is_bin_off(root):
        return "the recycle bin of its drive is switched off"
    if facts.bin_limit_bytes(root) is None:
        return "the size of its drive's recycle bin is not known"
    return None


def windows_refusal(path: str, size: int, facts: WindowsFacts) -> str | None:
    """Why Windows would delete this file for good or take another for it, or None."""
    drive, rest = ntpath.splitdrive(path)
    root = drive + "\\"
    if (reason := windows_volume_refusal(root, facts)) is not None:
        return reason
    if size > (facts.bin_limit_bytes(root) or 0):
        return "it is larger than the recycle bin of its drive"
    if len(path) >= _MAX_PATH:
        return f"its path is longer than {_MAX_PATH - 1} characters"
    parts = [part for part in re.split(r"[\\/]", rest) if part]
    if any(part.endswith((".", " ")) for part in parts):
        return "a name in its path ends in a dot or a space, which Windows drops"
    if any(_RESERVED.fullmatch(part) for part in parts):
        return "a name in its path means a device to Windows"
    return None


if sys.platform == "win32":
    import ctypes
    import winreg

    _EXPLORER = r"Software\Microsoft\Windows\CurrentVersion\Explorer\BitBucket\Volume"
    _POLICY = r"Software\Microsoft\Windows\CurrentVersion\Policies\Explorer"

    class _Registry:
        """The facts of this machine."""

        def drive_type(self, root: str) -> int:
            return int(ctypes.windll.kernel32.GetDriveTypeW(root))

        def is_bin_off(self, root: str) -> bool:
            hives = (winreg.HKEY_CURRENT_USER, winreg.HKEY_LOCAL_MACHINE)
            if any(_number(hive, _POLICY, "NoRecycleFiles") for hive in hives):
                return True
            return bool(_number(winreg.HKEY_CURRENT_USER, self._key(root), "NukeOnDelete"))

        def bin_limit_bytes(self, root: str) -> int | None:
            megabytes = _number(winreg.HKEY_CURRENT_USER, self._key(root), "MaxCapacity")
            return None if megabytes is None else megabytes << 20

        def _key(self, root: str) -> str:
            name = ctypes.create_unicode_buffer(64)
            ctypes.windll.kernel32.GetVolumeNameForVolumeMountPointW(root, name, len(name))
            guid = name.value.partition("{")[2].partition("}")[0]
            return f"{_EXPLORER}\\{{{guid}}}"

    def _number(hive: int, key: str, name: str) -> int | None:
        try:
            with winreg.OpenKey(hive, key) as opened:
                return int(winreg.QueryValueEx(opened, name)[0])
        except (OSError, ValueError):
            return None
