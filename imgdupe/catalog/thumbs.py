# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Thumbnails by content: a cache of its own, limited in size, that may be lost at any time.

Any thread, one at a time. Damage is no error here: the file is thrown away and begun again.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
import zlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from imgdupe.catalog.database import connect
from imgdupe.catalog.faults import explain_os, explain_sqlite, is_damage

_LIMIT_BYTES = 4 << 30
_EVICTED_SHARE = 0.1
_NOTED_AT_ONCE = 10_000
_DAY_S = 86_400
_SCHEMA = """
    CREATE TABLE IF NOT EXISTS thumb(
        id INTEGER PRIMARY KEY,
        content BLOB NOT NULL UNIQUE,
        used_day INTEGER NOT NULL,
        crc INTEGER NOT NULL,
        jpeg BLOB NOT NULL
    ) STRICT"""
_PUT = """
    INSERT INTO thumb(content, used_day, crc, jpeg) VALUES(?, ?, ?, ?)
    ON CONFLICT(content) DO UPDATE
    SET used_day = excluded.used_day, crc = excluded.crc, jpeg = excluded.jpeg"""
_EVICT = """
    DELETE FROM thumb WHERE id IN (SELECT id FROM thumb ORDER BY used_day, id LIMIT ?)"""
_log = logging.getLogger(__name__)
_T = TypeVar("_T")


class Thumbnails:
    """JPEG bytes by content hash. Those not shown for longest go first when it grows too large."""

    def __init__(self, cache: Path, limit_bytes: int = _LIMIT_BYTES) -> None:
        self._path = cache / "thumbs.db"
        self._limit_bytes = limit_bytes
        self._lock = threading.Lock()
        self._shown: set[bytes] = set()
        self._connection: sqlite3.Connection | None = None
        self._run(lambda _: None)

    def get(self, content: bytes) -> bytes | None:
        """The thumbnail, or None if the cache does not have it (any more)."""
        row = self._run(
            lambda connection: connection.execute(
                "SELECT crc, jpeg FROM thumb WHERE content = ?", (content,)
            ).fetchone()
        )
        if row is None or _checksum(content, row[1]) != row[0]:
            return None
        self._shown.add(content)
        if len(self._shown) >= _NOTED_AT_ONCE:
            self._run(self._note_shown)
        return bytes(row[1])

    def put(self, thumbnails: Mapping[bytes, bytes]) -> None:
        """Store JPEG bytes by content hash; makes room first where it is needed."""
        today = _today()
        rows = [
            (content, today, _checksum(content, jpeg), jpeg) for content, jpeg in thumbnails.items()
        ]

        def work(connection: sqlite3.Connection) -> None:
            connection.execute("BEGIN IMMEDIATE")
            self._make_room(connection)
            connection.executemany(_PUT, rows)
            connection.execute("COMMIT")

        if rows:
            self._run(work)

    def close(self) -> None:
        self._run(self._note_shown)
        with self._lock:
            self._disconnect()

    def _run(self, work: Callable[[sqlite3.Connection], _T]) -> _T:
        """Do it; a file that does not work is replaced by an empty one, once."""
        with self._lock:
            try:
                return work(self._connected())
            except (sqlite3.Error, UnicodeDecodeError) as error:
                self._disconnect()
                if isinstance(error, sqlite3.Error) and not is_damage(error):
                    explained = explain_sqlite(error, self._path)
                    if explained is not None:
                        raise explained from error
                _log.info("%s is begun anew: %s", self._path, error)
                self._throw_away()
                return work(self._connected())

    def _connected(self) -> sqlite3.Connection:
        if self._connection is None:
            self._connection = connect(self._path)
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA synchronous = NORMAL")
            self._connection.execute(_SCHEMA)
        return self._connection

    def _disconnect(self) -> None:
        if self._connection is not None:
            # A broken file may refuse even that; what was not committed is lost anyway.
            with suppress(sqlite3.Error):
                self._connection.close()
            self._connection = None

    def _throw_away(self) -> None:
        try:
            for ending in ("", "-wal", "-shm", "-journal"):
                self._path.with_name(self._path.name + ending).unlink(missing_ok=True)
        except OSError as error:
            raise explain_os(error, self._path.parent) from error

    def _note_shown(self, connection: sqlite3.Connection) -> None:
        today = _today()
        shown, self._shown = self._shown, set()
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(
            "UPDATE thumb SET used_day = ? WHERE content = ? AND used_day <> ?",
            [(today, content, today) for content in shown],
        )
        connection.execute("COMMIT")

    def _make_room(self, connection: sqlite3.Connection) -> None:
        pages, free, page_bytes = (
            connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("page_count", "freelist_count", "page_size")
        )
        if (pages - free) * page_bytes > self._limit_bytes:
            ((total,),) = connection.execute("SELECT COUNT(*) FROM thumb")
            connection.execute(_EVICT, (int(total * _EVICTED_SHARE) + 1,))


def _checksum(content: bytes, jpeg: bytes) -> int:
    """Of both: damage can make one content's entry lead to another one's thumbnail."""
    return zlib.crc32(jpeg, zlib.crc32(content))


def _today() -> int:
    return int(time.time()) // _DAY_S
