# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""One SQLite file: a writer behind a lock, and as many readers as are needed at once.

Any thread. Readers see a committed state and never wait for the writer (WAL). Errors of the
surroundings come out as `UserError`; damage leaves a mark, so that the next opening heals it.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from imgdupe.catalog.faults import DamagedError, damaged, explain_sqlite, is_damage

_BUSY_S = 10.0
_WRITER_CACHE_KIB = 32_768


def damage_mark(path: Path) -> Path:
    """A file that says: damage was noticed, look at every row at the next opening."""
    return path.with_name(f"{path.name}.damaged")


@contextmanager
def guarded(path: Path) -> Iterator[None]:
    """Turn errors of the surroundings into UserError, and remember damage."""
    try:
        yield
    except (DamagedError, UnicodeDecodeError) as error:  # SQLite's messages quote the damage
        remember_damage(path)
        raise damaged(path) from error
    except sqlite3.Error as error:
        explained = explain_sqlite(error, path)
        if explained is None or is_damage(error):
            # A rule that does not hold may be a bug, or damage: the next opening looks.
            remember_damage(path)
        if explained is None:
            raise
        raise explained from error


def connect(path: Path, *, read_only: bool = False) -> sqlite3.Connection:
    """A bare connection in autocommit mode; `read_only` ones change nothing, not even the WAL."""
    name = f"{path.absolute().as_uri()}?mode={'ro' if read_only else 'rwc'}"
    return sqlite3.connect(
        name, uri=True, timeout=_BUSY_S, isolation_level=None, check_same_thread=False
    )


class Database:
    """An opened file. `generation` counts the commits that a window may want to show."""

    def __init__(self, path: Path, synchronous: str) -> None:
        self.path = path
        self.generation = 0
        self._writer_lock = threading.Lock()
        self._readers_lock = threading.Lock()
        self._readers: list[sqlite3.Connection] = []
        self._closed = False
        with guarded(path):
            self._writer = connect(path)
            try:
                self._writer.execute("PRAGMA journal_mode = WAL")
                self._writer.execute(f"PRAGMA synchronous = {synchronous}")
                self._writer.execute("PRAGMA foreign_keys = ON")
                self._writer.execute("PRAGMA temp_store = MEMORY")
                self._writer.execute(f"PRAGMA cache_size = -{_WRITER_CACHE_KIB}")
            except sqlite3.Error:
                self._writer.close()
                raise

    @contextmanager
    def writing(self, *, visible: bool = True) -> Iterator[sqlite3.Connection]:
        """One transaction; `visible` ones count up the generation. Not to be nested."""
        with self._writer_lock, guarded(self.path):
            self._writer.execute("BEGIN IMMEDIATE")
            try:
                yield self._writer
                self._writer.execute("COMMIT")
            except BaseException:
                # SQLite may have rolled back on its own (disk full, I/O error).
                if self._writer.in_transaction:
                    with suppress(sqlite3.Error):
                        self._writer.execute("ROLLBACK")
                raise
            self.generation += visible

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A view of one committed state, the same for all statements inside."""
        with guarded(self.path):
            reader = self._take_reader()
            try:
                reader.execute("BEGIN")
                yield reader
            finally:
                self._give_back(reader)

    def make_durable(self) -> None:
        """Bring every commit to the disk: what is written elsewhere may then rely on them."""
        with self._writer_lock, guarded(self.path):
            self._writer.execute("PRAGMA wal_checkpoint(FULL)")

    def close(self) -> None:
        """Close all connections; the last one tidies the WAL away."""
        with self._readers_lock:
            self._closed = True
            for reader in self._readers:
                reader.close()
            self._readers.clear()
        with self._writer_lock, guarded(self.path):
            self._writer.close()

    def _take_reader(self) -> sqlite3.Connection:
        with self._readers_lock:
            if self._readers:
                return self._readers.pop()
        reader = connect(self.path)
        reader.execute("PRAGMA query_only = ON")
        return reader

    def _give_back(self, reader: sqlite3.Connection) -> None:
        if reader.in_transaction:
            reader.rollback()
        with self._readers_lock:
            if not self._closed:
                self._readers.append(reader)
                return
        reader.close()


def remember_damage(path: Path) -> None:
    """Have the next opening look at every row, and heal."""
    with suppress(OSError):
        damage_mark(path).touch()
