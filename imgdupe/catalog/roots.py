# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The folders of the library, and which photo belongs to which: to the deepest one above it.

Any thread; every function works inside the caller's transaction.
"""

from __future__ import annotations

import os
import sqlite3
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Root:
    """A folder of the library. `online`: it was there when last looked at; `photos`: how many."""

    id: int
    path: bytes
    online: bool
    photos: int


@dataclass(frozen=True, slots=True)
class Territory:
    """All paths at or below a folder: `path`, and `first` <= p < `end`."""

    path: bytes
    first: bytes
    end: bytes

    @classmethod
    def of(cls, folder: bytes) -> Territory:
        first = os.path.join(folder, b"")
        return cls(folder, first, first[:-1] + bytes([first[-1] + 1]))

    def holds(self, path: bytes) -> bool:
        return path == self.path or self.first <= path < self.end

    @property
    def bounds(self) -> tuple[bytes, bytes, bytes]:
        """For `(path = ? OR (path >= ? AND path < ?))`."""
        return (self.path, self.first, self.end)


class RootFinder:
    """Finds the root of a path; made once per transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        rows = connection.execute("SELECT id, path FROM root").fetchall()
        found = [(root_id, Territory.of(path)) for root_id, path in rows]
        self._deepest_first = sorted(found, key=lambda each: -len(each[1].path))

    def root_of(self, path: bytes) -> int | None:
        """The id of the deepest root that holds the path."""
        return next((root for root, land in self._deepest_first if land.holds(path)), None)

    def above(self, path: bytes) -> list[int]:
        """The ids of the roots that hold this one, deepest first."""
        return [
            root for root, land in self._deepest_first if land.path != path and land.holds(path)
        ]


def all_roots(connection: sqlite3.Connection) -> list[Root]:
    """Every root in order of its path, with its number of photos."""
    counts = dict(
        connection.execute(
            "SELECT root_id, COUNT(*) FROM present WHERE root_id IS NOT NULL GROUP BY root_id"
        ).fetchall()
    )
    rows = connection.execute("SELECT id, path, online FROM root ORDER BY path")
    return [Root(row[0], row[1], bool(row[2]), counts.get(row[0], 0)) for row in rows]


def put(connection: sqlite3.Connection, path: bytes, online: bool) -> None:
    """Add the root, with the photos that are known below it, or note whether it is there."""
    if connection.execute("SELECT 1 FROM root WHERE path = ?", (path,)).fetchone():
        connection.execute("UPDATE root SET online = ? WHERE path = ?", (online, path))
        return
    connection.execute("INSERT INTO root(path, online) VALUES(?, ?)", (path, online))
    finder = RootFinder(connection)
    above = finder.above(path)
    connection.executemany(
        "UPDATE photo SET root_id = ? WHERE (path = ? OR (path >= ? AND path < ?))"
        " AND root_id IS ?",
        [(finder.root_of(path), *Territory.of(path).bounds, old) for old in (None, *above)],
    )


def forget(connection: sqlite3.Connection, path: bytes) -> None:
    """Drop the root with its photos and problems, except what another root holds as well."""
    row = connection.execute("SELECT id FROM root WHERE path = ?", (path,)).fetchone()
    if row is None:
        return
    above = RootFinder(connection).above(path)
    if above:
        connection.execute("UPDATE photo SET root_id = ? WHERE root_id = ?", (above[0], row[0]))
    else:
        connection.execute("DELETE FROM photo WHERE root_id = ?", row)
        _forget_problems(connection, Territory.of(path))
    connection.execute("DELETE FROM root WHERE id = ?", row)


def _forget_problems(connection: sqlite3.Connection, land: Territory) -> None:
    nested = [
        Territory.of(root)
        for (root,) in connection.execute("SELECT path FROM root WHERE path <> ?", (land.path,))
    ]
    paths = connection.execute(
        "SELECT path FROM problem WHERE path = ? OR (path >= ? AND path < ?)", land.bounds
    ).fetchall()
    lonely = [(path,) for (path,) in paths if not any(root.holds(path) for root in nested)]
    connection.executemany("DELETE FROM problem WHERE path = ?", lonely)
