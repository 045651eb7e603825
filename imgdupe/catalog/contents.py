# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
# ruff: noqa: S608 - statements are put together from constants of this module only
"""What is known of each distinct content: hashes, metadata, embedding, pixels.

Any thread; every function works inside the caller's transaction.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from imgdupe.catalog.rows import (
    Row,
    content_row,
    decoding,
    hashes_of,
    id_list,
    metadata_of,
    spread,
    vector_bytes,
)
from imgdupe.records import FeatureTable, Fingerprint, Photo, Subject

_BATCH = 4096
_FIELDS = "size, scan, phash_turns, phash256, quality, moment, damaged, metadata"
_STORED = f"SELECT content, id, {_FIELDS} FROM content WHERE content IN (?)"
_INSERT = f"INSERT INTO content(content, {_FIELDS}) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)"
_UPDATE = f"UPDATE content SET ({_FIELDS}) = (?, ?, ?, ?, ?, ?, ?, ?) WHERE id = ?"
_HAS_PHOTO = "EXISTS(SELECT 1 FROM photo p WHERE p.content_id = c.id AND p.gone = 0)"
_COUNT = "SELECT COUNT(DISTINCT content_id) FROM photo WHERE gone = 0"
_COLUMNS = f"""
    SELECT c.id, c.phash_turns, c.phash256, c.quality, c.scan, c.pixel_hash, c.moment
    FROM content c WHERE {_HAS_PHOTO} ORDER BY c.id"""
_VECTORS = """
    SELECT content_id, vector FROM embedding WHERE model_id = ? ORDER BY content_id"""
_SUBJECTS = """
    SELECT c.id, c.content, c.scan, c.phash_turns, c.phash256, c.quality,
           c.metadata, c.pixel_hash, c.damaged
    FROM content c WHERE c.id IN (SELECT value FROM json_each(?))"""
_NAMES = """
    SELECT content_id, path FROM present
    WHERE content_id IN (SELECT value FROM json_each(?)) ORDER BY content_id, path"""
_NEEDING = """
    SELECT c.id, MIN(p.path) FROM content c
    JOIN present p ON p.content_id = c.id LEFT JOIN root r ON r.id = p.root_id
    LEFT JOIN embedding e ON e.content_id = c.id AND e.model_id = ?
    WHERE e.content_id IS NULL AND r.online IS NOT 0 GROUP BY c.id"""

Item = tuple[Photo, Fingerprint, NDArray[np.float32] | None]


@dataclass(frozen=True, slots=True)
class Stored:
    """`ids[i]` is the content id of item i; `fresh`: those that matching must look at."""

    ids: list[int]
    fresh: list[int]


def store(connection: sqlite3.Connection, items: Sequence[Item], model_id: str | None) -> Stored:
    """Put the contents of those items in, or bring them up to date."""
    hashes = list({fingerprint.hashes.content for _, fingerprint, _ in items})
    stored: dict[bytes, Row] = {
        row[0]: row[1:]
        for row in connection.execute(spread(_STORED, len(hashes)), hashes).fetchall()
    }
    result = Stored([], [])
    for photo, fingerprint, vector in items:
        row = content_row(fingerprint, photo.primary.size)
        before = stored.get(row[0])
        if before is None:
            content_id = int(connection.execute(_INSERT, row).lastrowid or 0)
        else:
            content_id = before[0]
        changed = before is not None and before[1:] != row[1:]
        if changed:
            connection.execute(_UPDATE, (*row[1:], content_id))
        embedded = False
        if vector is not None and model_id is not None:
            embedded = _embed(connection, content_id, model_id, vector)
        if before is None or changed or embedded:
            result.fresh.append(content_id)
        stored[row[0]] = (content_id, *row[1:])
        result.ids.append(content_id)
    _match_again(connection, result.fresh)
    revive(connection, result.ids)
    return result


def adoptable(connection: sqlite3.Connection, content: bytes, model_id: str | None) -> int | None:
    """The id of a content that needs no decoding, embedded by the model if there is one."""
    row = connection.execute(
        "SELECT c.id, e.model_id FROM content c LEFT JOIN embedding e ON e.content_id = c.id"
        " WHERE c.content = ?",
        (content,),
    ).fetchone()
    if row is None or (model_id is not None and row[1] != model_id):
        return None
    return int(row[0])


def revive(connection: sqlite3.Connection, content_ids: Iterable[int]) -> None:
    """Before photos point to them: contents without any have missed what came meanwhile."""
    connection.execute(
        "UPDATE content AS c SET matched = 0, orphaned_s = NULL"
        f" WHERE id IN (SELECT value FROM json_each(?)) AND NOT {_HAS_PHOTO}",
        (id_list(content_ids),),
    )


def features(connection: sqlite3.Connection, model_id: str | None) -> FeatureTable:
    """The columns of all contents with a photo, by id."""
    ((count,),) = connection.execute(_COUNT)
    ids = np.zeros(count, dtype=np.int64)
    turns = np.zeros((count, 8), dtype=np.uint64)
    phash256 = np.zeros((count, 32), dtype=np.uint8)
    quality = np.zeros(count, dtype=np.uint8)
    objects: tuple[list[Any], list[Any], list[Any]] = ([], [], [])
    cursor = connection.execute(_COLUMNS)
    start = 0
    with decoding():
        # In pieces: a million rows at once would take half a gigabyte for a moment.
        while rows := cursor.fetchmany(_BATCH):
            columns = list(zip(*rows, strict=True))
            place = slice(start, start + len(rows))
            ids[place] = columns[0]
            turns[place] = _matrix(columns[1], 8, "<u8")
            phash256[place] = _matrix(columns[2], 32, "u1")
            quality[place] = columns[3]
            for kept, column in zip(objects, columns[4:], strict=True):
                kept.extend(column)
            start += len(rows)
        vectors = None if model_id is None else _vectors(connection, ids, model_id)
    scan, pixel_hash, moment = map(tuple, objects)
    return FeatureTable(ids, turns, phash256, quality, scan, pixel_hash, moment, vectors)


def vector_dim(connection: sqlite3.Connection, model_id: str) -> int | None:
    """How many numbers a stored embedding of the model has, or None if there is none."""
    row = connection.execute(
        "SELECT length(vector) / 2 FROM embedding WHERE model_id = ? LIMIT 1", (model_id,)
    ).fetchone()
    return None if row is None else int(row[0])


def subjects(connection: sqlite3.Connection, content_ids: Iterable[int]) -> dict[int, Subject]:
    """The contents as matching sees them; ids that are not there are left out."""
    wanted = id_list(content_ids)
    names: dict[int, list[bytes]] = {}
    for content_id, path in connection.execute(_NAMES, (wanted,)):
        names.setdefault(content_id, []).append(os.path.basename(path))
    rows = connection.execute(_SUBJECTS, (wanted,)).fetchall()
    with decoding():
        return {
            row[0]: Subject(
                id=row[0],
                hashes=hashes_of(row[1], row[2:6]),
                metadata=metadata,
                pixel_hash=row[7],
                damaged=row[8],
                names=tuple(dict.fromkeys(names.get(row[0], ()))),
            )
            for row, metadata in zip(rows, metadata_of(row[6] for row in rows), strict=True)
        }


def set_pixel_hashes(connection: sqlite3.Connection, hashes: Mapping[int, bytes]) -> None:
    """Note the hashes of the pixels, by content id."""
    connection.executemany(
        "UPDATE content SET pixel_hash = ? WHERE id = ?",
        [(pixel_hash, content_id) for content_id, pixel_hash in hashes.items()],
    )


def needing_embedding(connection: sqlite3.Connection, model_id: str) -> list[tuple[int, bytes]]:
    """Contents without an embedding by this model, each with the path of a file that is there."""
    return connection.execute(_NEEDING, (model_id,)).fetchall()


def duplicated(connection: sqlite3.Connection) -> list[int]:
    """Contents of at least two photos."""
    rows = connection.execute(
        "SELECT content_id FROM photo WHERE gone = 0 GROUP BY content_id HAVING COUNT(*) > 1"
    )
    return [content_id for (content_id,) in rows]


def unmatched(connection: sqlite3.Connection, algorithm: int) -> list[int]:
    """Contents with a photo that this version of the matching has not related yet."""
    rows = connection.execute(
        f"SELECT c.id FROM content c WHERE c.matched <> ? AND {_HAS_PHOTO} ORDER BY c.id",
        (algorithm,),
    )
    return [content_id for (content_id,) in rows]


def bytes_of(connection: sqlite3.Connection, content_id: int) -> bytes | None:
    """The hash that names the content."""
    row = connection.execute("SELECT content FROM content WHERE id = ?", (content_id,)).fetchone()
    return None if row is None else bytes(row[0])


def library_stamp(connection: sqlite3.Connection) -> str:
    """Hex that changes whenever content ids may have begun again."""
    ((stamp,),) = connection.execute("SELECT stamp FROM library")
    return bytes(stamp).hex()


def _embed(
    connection: sqlite3.Connection,
    content_id: int,
    model_id: str,
    vector: NDArray[np.float32],
) -> bool:
    """Store the vector; True unless this model had seen the content before."""
    before = connection.execute(
        "SELECT model_id FROM embedding WHERE content_id = ?", (content_id,)
    ).fetchall()
    connection.execute(
        "INSERT OR REPLACE INTO embedding(content_id, model_id, vector) VALUES(?, ?, ?)",
        (content_id, model_id, vector_bytes(vector)),
    )
    return before != [(model_id,)]


def _match_again(connection: sqlite3.Connection, content_ids: Sequence[int]) -> None:
    """What is known of their relations is stale, though it stays until it is decided anew."""
    ids = id_list(content_ids)
    connection.execute(
        "UPDATE content SET matched = 0 WHERE id IN (SELECT value FROM json_each(?))", (ids,)
    )
    for end in ("a", "b"):
        connection.execute(
            f"UPDATE relation SET algorithm = 0 WHERE {end} IN (SELECT value FROM json_each(?))",
            (ids,),
        )


def _matrix(blobs: Sequence[bytes], width: int, dtype: str) -> NDArray[Any]:
    return np.frombuffer(b"".join(blobs), dtype=dtype).reshape(len(blobs), width)


def _vectors(
    connection: sqlite3.Connection, ids: NDArray[np.int64], model_id: str
) -> NDArray[np.float16]:
    """float16[n, d] in the order of the ids, zeros where there is none; d is 0 without any."""
    dim = vector_dim(connection, model_id) or 0
    vectors = np.zeros((len(ids), dim), dtype=np.float16)
    cursor = connection.execute(_VECTORS, (model_id,))
    while rows := cursor.fetchmany(_BATCH):
        numbers, blobs = zip(*rows, strict=True)
        wanted = np.isin(numbers, ids)
        places = np.searchsorted(ids, np.array(numbers)[wanted])
        vectors[places] = _matrix(blobs, dim, "<f2")[wanted]
    return vectors
