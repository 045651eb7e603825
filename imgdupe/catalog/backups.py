# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Copies of a database, taken while it is in use, a few deep.

Any thread. A copy counts only once it was checked. What is copied is compact (VACUUM INTO).
"""

from __future__ import annotations

import errno
import os
import re
import shutil
import sqlite3
import time
from contextlib import suppress
from pathlib import Path

from imgdupe.catalog.blueprint import Blueprint, flaw_in
from imgdupe.catalog.database import connect, guarded
from imgdupe.catalog.faults import damaged, explained
from imgdupe.catalog.files import sync_folder

_KEPT = 3
_KEPT_BYTES = 1 << 30
"""Older copies go sooner when they are large: a million photos would fill three times 1 GB."""
_DAY_S = 86_400.0
_NOT_EMPTY = "output file already exists"
"""SQLite says so, too, where it cannot learn the size of the new file."""


class Backups:
    """The copies of one database, in the folder `backups` beside it."""

    def __init__(self, path: Path, blueprint: Blueprint) -> None:
        self._path = path
        self._blueprint = blueprint
        self._folder = path.parent / "backups"

    def newest_first(self) -> list[Path]:
        """All copies, by their running number and not by the clock."""
        pattern = re.compile(rf"{re.escape(self._path.stem)}-(\d{{6}})\.db")
        with suppress(FileNotFoundError, NotADirectoryError):
            names = [each for each in self._folder.iterdir() if pattern.fullmatch(each.name)]
            return sorted(names, reverse=True)
        return []

    def is_due(self) -> bool:
        """True if the newest copy is older than a day, or from the future, or not there.

        Never where a copy would take more than half of what is left on the disk.
        """
        if 2 * self._path.stat().st_size > shutil.disk_usage(self._path.parent).free:
            return False
        for newest in self.newest_first()[:1]:
            return not 0 <= time.time() - newest.stat().st_mtime < _DAY_S
        return True

    def is_behind(self) -> bool:
        """True if the database was written after the newest copy; UserError if none can tell."""
        with explained(self._folder):
            for newest in self.newest_first()[:1]:
                return self._path.stat().st_mtime_ns > newest.stat().st_mtime_ns
        return True

    def take_if_due(self) -> None:
        """Like `take`, but seldom."""
        with explained(self._folder):
            due = self.is_due()
        if due:
            self.take()

    def take(self) -> Path:
        """Copy, check, keep; UserError if that cannot be done."""
        copies = self.newest_first()
        number = int(copies[0].stem[-6:]) + 1 if copies else 1
        target = self._folder / f"{self._path.stem}-{number:06}.db"
        temporary = target.with_suffix(".new")
        try:
            with explained(self._folder):
                self._folder.mkdir(mode=0o700, exist_ok=True)
                temporary.unlink(missing_ok=True)
                self._copy(temporary)
                temporary.replace(target)
                sync_folder(self._folder)
                self._thin_out()
        finally:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)
        return target

    def _copy(self, target: Path) -> None:
        with guarded(self._path):
            connection = connect(self._path)
            try:
                connection.execute("VACUUM INTO ?", (os.fspath(target),))
            except sqlite3.OperationalError as error:
                if _NOT_EMPTY not in str(error):
                    raise
                raise OSError(errno.EIO, os.strerror(errno.EIO), target) from error
            finally:
                connection.close()
        if flaw_in(target, self._blueprint, every_page=True, every_row=False) is not None:
            raise damaged(self._path)
        with target.open("rb+") as file:
            os.fsync(file.fileno())

    def _thin_out(self) -> None:
        total = 0
        for place, copy in enumerate(self.newest_first()):
            total += copy.stat().st_size
            if place >= _KEPT or (place and total > _KEPT_BYTES):
                copy.unlink()
