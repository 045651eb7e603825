# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
# ruff: noqa: S608 - statements are put together from constants of this module only
"""The photos as the window and the removal see them.

Any thread; every function works inside the caller's transaction.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from imgdupe.catalog.lookup import companions_of
from imgdupe.catalog.roots import RootFinder
from imgdupe.catalog.rows import Row, decoding, file_of, hashes_of, id_list, metadata_of, problem_of
from imgdupe.records import PhotoRecord, Problem

_PHOTO = """
    SELECT p.path, p.size, p.mtime_ns, p.device, p.inode, p.links, p.id, p.content_id, r.online,
           c.content, c.scan, c.phash_turns, c.phash256, c.quality,
           c.metadata, c.pixel_hash, c.damaged
    FROM present p JOIN content c ON c.id = p.content_id LEFT JOIN root r ON r.id = p.root_id"""
_OF_CONTENTS = f"{_PHOTO} WHERE p.content_id IN (SELECT value FROM json_each(?)) ORDER BY p.path"
_BY_PATH = f"{_PHOTO} ORDER BY p.path"
_AT = f"{_PHOTO} WHERE p.path = ?"
_WITH_CONTENT = f"{_PHOTO} WHERE c.content = ? ORDER BY p.path"
_COUNT = """
    SELECT COUNT(*), COUNT(DISTINCT p.content_id), COALESCE(SUM(r.online = 0), 0),
           (SELECT COUNT(*) FROM problem),
           COALESCE(SUM(p.size), 0) + (SELECT COALESCE(SUM(m.size), 0) FROM companion m
               JOIN photo o ON o.id = m.photo_id WHERE o.gone = 0)
    FROM present p LEFT JOIN root r ON r.id = p.root_id"""


@dataclass(frozen=True, slots=True)
class LibraryCounts:
    """Photos, distinct contents, photos that are offline, problems; bytes with companions."""

    photos: int
    contents: int
    offline: int
    problems: int
    bytes: int


def count(connection: sqlite3.Connection) -> LibraryCounts:
    """How much there is."""
    return LibraryCounts(*connection.execute(_COUNT).fetchone())


def photos(
    connection: sqlite3.Connection, content_ids: Iterable[int] | None = None
) -> list[PhotoRecord]:
    """The photos of those contents (None: all), by path."""
    if content_ids is None:
        return _records(connection, connection.execute(_BY_PATH).fetchall())
    rows = connection.execute(_OF_CONTENTS, (id_list(content_ids),)).fetchall()
    return _records(connection, rows)


def photo_at(connection: sqlite3.Connection, path: bytes) -> PhotoRecord | None:
    """The photo with this path."""
    return next(iter(_records(connection, connection.execute(_AT, (path,)).fetchall())), None)


def photos_with(connection: sqlite3.Connection, content: bytes) -> list[PhotoRecord]:
    """The photos whose bytes have this xxh3-128, by path."""
    return _records(connection, connection.execute(_WITH_CONTENT, (content,)).fetchall())


def problems(connection: sqlite3.Connection) -> list[Problem]:
    """All problems, by path."""
    with decoding():
        rows = connection.execute("SELECT path, stage, kind, detail FROM problem ORDER BY path")
        return [problem_of(row) for row in rows]


def remove(connection: sqlite3.Connection, paths: Sequence[bytes]) -> None:
    """These files were moved to the trash; a photo's companions are no photos of their own."""
    single = [(path,) for path in paths]
    connection.executemany("DELETE FROM problem WHERE path = ?", single)
    connection.executemany("UPDATE photo SET gone = 1 WHERE path = ?", single)


def restore(connection: sqlite3.Connection, moves: Sequence[tuple[bytes, bytes]]) -> None:
    """These files came back, from their old path in the library to their new one there."""
    finder = RootFinder(connection)
    for old, new in moves:
        connection.execute("UPDATE companion SET path = ? WHERE path = ?", (new, old))
        row = connection.execute(
            "SELECT id FROM photo WHERE path = ? AND gone = 1", (old,)
        ).fetchone()
        if row is not None:
            connection.execute("DELETE FROM photo WHERE path = ? AND id <> ?", (new, *row))
            connection.execute(
                "UPDATE photo SET path = ?, root_id = ?, gone = 0 WHERE id = ?",
                (new, finder.root_of(new), *row),
            )


def content_ids_at(connection: sqlite3.Connection, paths: Iterable[bytes]) -> list[int]:
    """The contents that photos at these paths have or had."""
    found: list[tuple[int]] = []
    for path in paths:
        found += connection.execute("SELECT content_id FROM photo WHERE path = ?", (path,))
    return [content_id for (content_id,) in found]


def _records(connection: sqlite3.Connection, rows: Sequence[Row]) -> list[PhotoRecord]:
    """Photos of one content share their hashes and metadata."""
    companions = companions_of(connection, [row[6] for row in rows])
    with decoding():
        distinct = {row[7]: row for row in rows}
        metadata = dict(
            zip(distinct, metadata_of(row[14] for row in distinct.values()), strict=True)
        )
        hashes = {each: hashes_of(row[9], row[10:14]) for each, row in distinct.items()}
        return [
            PhotoRecord(
                id=row[6],
                content_id=row[7],
                file=file_of(row[:6]),
                companions=companions.get(row[6], ()),
                metadata=metadata[row[7]],
                hashes=hashes[row[7]],
                pixel_hash=row[15],
                damaged=row[16],
                offline=row[8] == 0,
            )
            for row in rows
        ]
