# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""What a disk may hold after a power cut: only what was made durable, file by file.

A scene runs until its n-th call, while every successful fsync is noted: of a file its bytes, of a
folder its names. Then each file gets back the bytes of its last fsync (nothing, if there was none),
or by the dice what was written since; in the app's data folder, names go back to the folder's last
fsync too. Elsewhere names are kept: file systems order them.
"""

from __future__ import annotations

import os
import random
import stat
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.reliability import tracer
from tests.reliability.tracer import Fault, Outcome

Names = dict[str, int]


@dataclass(slots=True)
class Disk:
    """Bytes of files by inode, names of folders by path, as the disk is sure to have them."""

    files: dict[int, bytes] = field(default_factory=dict)
    folders: dict[str, Names] = field(default_factory=dict)

    @classmethod
    def of(cls, root: Path) -> Disk:
        """Everything that is there now."""
        disk = cls()
        for parent, _folders, names in os.walk(root):
            disk.folders[parent] = names_in(parent)
            for name in names:
                path = Path(parent, name)
                disk.files[path.stat().st_ino] = path.read_bytes()
        return disk

    def witness(self, pid: int, descriptor: int) -> None:
        """The file or folder that was just made durable."""
        open_one = f"/proc/{pid}/fd/{descriptor}"
        status = os.stat(open_one)
        if stat.S_ISDIR(status.st_mode):
            folder = os.readlink(open_one)
            self.folders[folder] = names_in(folder)
        else:
            with open(open_one, "rb") as file:
                self.files[status.st_ino] = file.read()

    def come_back(self, root: Path, data: Path, dice: random.Random) -> None:
        """Make the folder what the disk may hold."""
        for parent, _folders, names in os.walk(root):
            for name in names:
                self._put(Path(parent, name), dice)
        if dice.random() < 0.5:
            self._names_back(data)

    def _put(self, path: Path, dice: random.Random) -> None:
        status = path.stat()
        sure = self.files.get(status.st_ino, b"")
        if sure == path.read_bytes() or dice.random() < 0.3:
            return
        path.write_bytes(sure)
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))

    def _names_back(self, folder: Path) -> None:
        """Files made since are gone, files unlinked since are back."""
        sure = self.folders.get(str(folder), {})
        for name, inode in names_in(str(folder)).items():
            if sure.get(name) != inode and (folder / name).is_file():
                (folder / name).unlink()
        for name, inode in sure.items():
            if not (folder / name).exists() and inode in self.files:
                (folder / name).write_bytes(self.files[inode])


def names_in(folder: str) -> Names:
    with os.scandir(folder) as entries:
        return {entry.name: entry.inode() for entry in entries}


def cut(act: Callable[[], None], root: Path, data: Path, at: int) -> Outcome:
    """Run until the `at`-th call that changes the disk, and make of it what a power cut may."""
    disk = Disk.of(root)
    outcome = tracer.run(act, Fault(at), disk.witness)
    if outcome.was_killed:
        disk.come_back(root, data, random.Random(at))
    return outcome
