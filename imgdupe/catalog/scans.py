# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT

"""The life of a scan: what it saw, what it stored, what was not there any more.

Any thread; every function works inside the caller's write transaction. What a scan has seen is kept
in memory (a temporary table): nothing is written for an unchanged photo.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable, Sequence

from imgdupe.catalog.lookup import put_companions
from imgdupe.catalog.roots import RootFinder, Territory
from imgdupe.catalog.rows import file_row, problem_row
from imgdupe.records import Photo, Problem, ProblemKind, Stage

_ORPHANS_KEPT_S = 90 * 86_400
_STILL_THERE = {
    ProblemKind.NO_ACCESS,
    ProblemKind.ONLINE_ONLY,
    ProblemKind.CHANGED,
    ProblemKind.OTHER,
}
"""The file could not be read now; what is known of it stays until it can."""
_PUT_PHOTO = """
    INSERT INTO photo(path, size, mtime_ns, device, inode, links, root_id, content_id)
    VALUES(?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT(path) DO UPDATE SET size = excluded.size, mtime_ns = excluded.mtime_ns,
        device = excluded.device, inode = excluded.inode, links = excluded.links,
        root_id = excluded.root_id, content_id = excluded.content_id, gone = 0
    RETURNING id"""
_PUT_PROBLEM = """
    INSERT OR REPLACE INTO problem(path, stage, kind, detail, scan_id) VALUES(?, ?, ?, ?, ?)"""
_UNSEEN = """
    FROM photo WHERE (path = ? OR (path >= ? AND path < ?))
    AND id NOT IN (SELECT photo_id FROM temp.seen)
    AND NOT EXISTS(SELECT 1 FROM root WHERE root.id = photo.root_id AND root.online = 0)"""


def prepare(connection: sqlite3.Connection) -> None:
    """Once per connection, before anything else here."""
    connection.execute("CREATE TEMP TABLE seen(photo_id INTEGER PRIMARY KEY)")


def begin(connection: sqlite3.Connection) -> int:
    """A new scan that has seen nothing; returns its id."""
    connection.execute("DELETE FROM temp.seen")
    cursor = connection.execute("INSERT INTO scan(started_s) VALUES(?)", (int(time.time()),))
    return int(cursor.lastrowid or 0)


def mark_seen(connection: sqlite3.Connection, paths: Iterable[bytes]) -> None:
    """The photos with these paths are there."""
    connection.executemany(
        "INSERT OR IGNORE INTO temp.seen SELECT id FROM photo WHERE path = ?",
        [(path,) for path in paths],
    )


def put_photos(
    connection: sqlite3.Connection, photos: Sequence[tuple[Photo, int]], finder: RootFinder
) -> None:
    """Point those photos to their content ids, with their companions; they have been seen."""
    numbered = []
    for photo, content_id in photos:
        path = photo.primary.path
        row = (*file_row(photo.primary), finder.root_of(path), content_id)
        ((photo_id,),) = connection.execute(_PUT_PHOTO, row).fetchall()
        numbered.append((photo_id, photo))
    put_companions(connection, numbered)
    connection.executemany(
        "INSERT OR IGNORE INTO temp.seen VALUES(?)", [(photo_id,) for photo_id, _ in numbered]
    )
    connection.executemany(
        "DELETE FROM problem WHERE path = ?", [(photo.primary.path,) for photo, _ in photos]
    )


def put_problems(connection: sqlite3.Connection, problems: Sequence[Problem], scan_id: int) -> None:
    """Store them. Photos that may still be there behind a problem count as seen."""
    connection.executemany(_PUT_PROBLEM, [problem_row(each, scan_id) for each in problems])
    mark_seen(connection, [each.path for each in problems if each.kind in _STILL_THERE])
    for problem in problems:
        if problem.stage is Stage.WALK and problem.kind is not ProblemKind.NOT_FOUND:
            connection.execute(
                "INSERT OR IGNORE INTO temp.seen SELECT id FROM photo"
                " WHERE path = ? OR (path >= ? AND path < ?)",
                Territory.of(problem.path).bounds,
            )


def finish(
    connection: sqlite3.Connection, scan_id: int, roots: Sequence[bytes], complete: bool
) -> int:
    """End the scan; a complete one clears away what it did not see. Returns photos removed."""
    removed = 0
    if complete:
        for land in map(Territory.of, roots):
            ((gone,),) = connection.execute(f"SELECT COUNT(*) {_UNSEEN} AND gone = 0", land.bounds)
            removed += gone
            connection.execute(f"DELETE {_UNSEEN}", land.bounds)
            connection.execute(
                "DELETE FROM problem WHERE (path = ? OR (path >= ? AND path < ?)) AND scan_id <> ?",
                (*land.bounds, scan_id),
            )
        _prune(connection, int(time.time()))
    connection.execute("DELETE FROM temp.seen")
    connection.execute(
        "UPDATE scan SET ended_s = ?, complete = ? WHERE id = ?",
        (int(time.time()), complete, scan_id),
    )
    return removed


def _prune(connection: sqlite3.Connection, now_s: int) -> None:
    """Forget contents that no file has had for a quarter of a year."""
    connection.execute(
        "UPDATE content SET orphaned_s = ? WHERE orphaned_s IS NULL"
        " AND NOT EXISTS(SELECT 1 FROM photo WHERE content_id = content.id)",
        (now_s,),
    )
    connection.execute(
        "DELETE FROM content WHERE orphaned_s < ?"
        " AND NOT EXISTS(SELECT 1 FROM photo WHERE content_id = content.id)",
        (now_s - _ORPHANS_KEPT_S,),
    )
