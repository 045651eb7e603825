# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Compares files as the walk found them with the catalog: what is unchanged, what needs work.

Any thread; every function works inside the caller's transaction. A rescan spends most of its time
here: some 500 photos per call, two queries each time.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field

from imgdupe.catalog.rows import Row, decoding, file_of, file_row, id_list, spread
from imgdupe.records import FoundFile, Photo

_MOST_PARAMETERS = 512
_KNOWN = """
    SELECT p.path, p.size, p.mtime_ns, p.device, p.inode, p.links, p.id, p.content_id, p.gone,
           e.model_id, EXISTS(SELECT 1 FROM problem q WHERE q.path = p.path)
    FROM photo p LEFT JOIN embedding e ON e.content_id = p.content_id
    WHERE p.path IN (?)"""
_COMPANIONS = """
    SELECT photo_id, path, size, mtime_ns, device, inode, links FROM companion
    WHERE photo_id IN (SELECT value FROM json_each(?)) ORDER BY photo_id, path"""
_SIZES = """
    SELECT DISTINCT size FROM content WHERE size IN (SELECT value FROM json_each(?))"""


@dataclass(frozen=True, slots=True)
class Lookup:
    """What a batch of photos is to the catalog.

    unchanged: nothing to do; work: to be read; same_size: new or changed, but as long as a known
    content: its hash may spare the reading.
    """

    unchanged: list[Photo] = field(default_factory=list)
    work: list[Photo] = field(default_factory=list)
    same_size: list[Photo] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Known:
    id: int
    content_id: int
    file: FoundFile
    gone: bool
    model_id: str | None
    has_problem: bool

    def is_same(self, file: FoundFile) -> bool:
        return (self.file.size, self.file.mtime_ns) == (file.size, file.mtime_ns)


def look_up(
    connection: sqlite3.Connection, batch: Sequence[Photo], model_id: str | None
) -> tuple[Lookup, list[tuple[int, Photo, int]]]:
    """The answer, and the unchanged photos whose row must be written again.

    Those come with the ids of row and content: they have other companions, another device or
    inode, or are back from the trash.
    """
    known = _known(connection, batch)
    companions = companions_of(connection, [each.id for each in known.values()])
    result = Lookup()
    refresh = []
    changed = []
    for photo in batch:
        row = known.get(photo.primary.path)
        if row is None or row.has_problem or not row.is_same(photo.primary):
            changed.append(photo)
        elif model_id is not None and row.model_id != model_id:
            result.work.append(photo)
        else:
            result.unchanged.append(photo)
            stored = companions.get(row.id, ())
            if row.gone or row.file != photo.primary or set(stored) != set(photo.companions):
                refresh.append((row.id, photo, row.content_id))
    sizes = _known_sizes(connection, changed)
    for photo in changed:
        (result.same_size if photo.primary.size in sizes else result.work).append(photo)
    return result, refresh


def companions_of(
    connection: sqlite3.Connection, photo_ids: Sequence[int]
) -> dict[int, tuple[FoundFile, ...]]:
    """The companions of those photos that have any, in order of their paths."""
    found: dict[int, list[FoundFile]] = {}
    with decoding():
        for row in connection.execute(_COMPANIONS, (id_list(photo_ids),)):
            found.setdefault(row[0], []).append(file_of(row[1:]))
    return {photo_id: tuple(files) for photo_id, files in found.items()}


def refresh_rows(connection: sqlite3.Connection, photos: Sequence[tuple[int, Photo]]) -> None:
    """Write what the walk found of unchanged photos, and call them present."""
    connection.executemany(
        "UPDATE photo SET size = ?, mtime_ns = ?, device = ?, inode = ?, links = ?, gone = 0"
        " WHERE id = ?",
        [(*file_row(photo.primary)[1:], photo_id) for photo_id, photo in photos],
    )
    put_companions(connection, photos)


def put_companions(connection: sqlite3.Connection, photos: Sequence[tuple[int, Photo]]) -> None:
    """Replace the companions of those photos."""
    connection.executemany(
        "DELETE FROM companion WHERE photo_id = ?", [(photo_id,) for photo_id, _ in photos]
    )
    connection.executemany(
        "INSERT INTO companion(photo_id, path, size, mtime_ns, device, inode, links)"
        " VALUES(?, ?, ?, ?, ?, ?, ?)",
        [
            (photo_id, *file_row(companion))
            for photo_id, photo in photos
            for companion in photo.companions
        ],
    )


def _known(connection: sqlite3.Connection, batch: Sequence[Photo]) -> dict[bytes, _Known]:
    rows: list[Row] = []
    for start in range(0, len(batch), _MOST_PARAMETERS):
        paths = [photo.primary.path for photo in batch[start : start + _MOST_PARAMETERS]]
        rows += connection.execute(spread(_KNOWN, len(paths)), paths).fetchall()
    with decoding():
        return {
            row[0]: _Known(row[6], row[7], file_of(row[:6]), bool(row[8]), row[9], bool(row[10]))
            for row in rows
        }


def _known_sizes(connection: sqlite3.Connection, photos: Sequence[Photo]) -> set[int]:
    if not photos:
        return set()
    sizes = {photo.primary.size for photo in photos}
    return {size for (size,) in connection.execute(_SIZES, (id_list(sizes),))}
