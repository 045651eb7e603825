# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The tables of the catalog, version by version.

Everything that a picture's bytes decide hangs on `content`, one row per distinct byte sequence;
a `photo` is a path that points to one. So a moved or copied file needs no decoding, and what is
known of a content outlives its files. Content ids are never used twice (AUTOINCREMENT): the labels
of a stored index stay true.

A released step is never edited; a change is a new step at the end.
"""

from __future__ import annotations

import sqlite3

from imgdupe.catalog import contents, library, relations
from imgdupe.catalog.blueprint import Blueprint

_FIRST = (
    # `stamp` is new whenever content ids may have begun again: at the start and after a restore.
    """CREATE TABLE library(
        id INTEGER PRIMARY KEY CHECK(id = 1),
        stamp BLOB NOT NULL
    ) STRICT""",
    "INSERT INTO library(id, stamp) VALUES(1, randomblob(16))",
    """CREATE TABLE root(
        id INTEGER PRIMARY KEY,
        path BLOB NOT NULL UNIQUE,
        online INTEGER NOT NULL CHECK(online IN (0, 1))
    ) STRICT""",
    # `matched`: the version of the matching that related this content to all others, or 0.
    # `orphaned_s`: since when no file has this content (Unix time), else NULL.
    """CREATE TABLE content(
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        content BLOB NOT NULL UNIQUE,
        size INTEGER NOT NULL,
        scan BLOB,
        phash_turns BLOB NOT NULL CHECK(length(phash_turns) = 64),
        phash256 BLOB NOT NULL CHECK(length(phash256) = 32),
        quality INTEGER NOT NULL CHECK(quality BETWEEN 0 AND 100),
        moment TEXT,
        pixel_hash BLOB,
        damaged TEXT,
        matched INTEGER NOT NULL DEFAULT 0,
        orphaned_s INTEGER,
        metadata TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX content_size ON content(size)",
    # One vector per content, by the newest model that saw it; float16, little-endian.
    """CREATE TABLE embedding(
        content_id INTEGER PRIMARY KEY REFERENCES content ON DELETE CASCADE,
        model_id TEXT NOT NULL,
        vector BLOB NOT NULL
    ) STRICT""",
    # ANY: whole numbers; as text where they need more than 63 bits (inodes of some systems).
    # `gone`: the file was moved to the trash by us and may come back.
    """CREATE TABLE photo(
        id INTEGER PRIMARY KEY,
        path BLOB NOT NULL UNIQUE,
        root_id INTEGER REFERENCES root ON DELETE SET NULL,
        content_id INTEGER NOT NULL REFERENCES content,
        size INTEGER NOT NULL,
        mtime_ns ANY NOT NULL,
        device ANY NOT NULL,
        inode ANY NOT NULL,
        links INTEGER NOT NULL,
        gone INTEGER NOT NULL DEFAULT 0 CHECK(gone IN (0, 1))
    ) STRICT""",
    "CREATE INDEX photo_content ON photo(content_id, gone)",
    """CREATE VIEW present AS
        SELECT id, path, root_id, content_id, size, mtime_ns, device, inode, links
        FROM photo WHERE gone = 0""",
    """CREATE TABLE companion(
        photo_id INTEGER NOT NULL REFERENCES photo ON DELETE CASCADE,
        path BLOB NOT NULL,
        size INTEGER NOT NULL,
        mtime_ns ANY NOT NULL,
        device ANY NOT NULL,
        inode ANY NOT NULL,
        links INTEGER NOT NULL,
        PRIMARY KEY(photo_id, path)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE relation(
        a INTEGER NOT NULL REFERENCES content ON DELETE CASCADE,
        b INTEGER NOT NULL REFERENCES content ON DELETE CASCADE,
        kind TEXT NOT NULL,
        probability REAL NOT NULL,
        algorithm INTEGER NOT NULL,
        evidence TEXT NOT NULL,
        PRIMARY KEY(a, b),
        CHECK(a < b)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX relation_b ON relation(b)",
    """CREATE TABLE problem(
        path BLOB PRIMARY KEY,
        stage TEXT NOT NULL,
        kind TEXT NOT NULL,
        detail TEXT NOT NULL,
        scan_id INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE scan(
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        started_s INTEGER NOT NULL,
        ended_s INTEGER,
        complete INTEGER CHECK(complete IN (0, 1))
    ) STRICT""",
)


def _read_all(connection: sqlite3.Connection) -> None:
    library.photos(connection)
    library.problems(connection)
    relations.get(connection, None)
    contents.features(connection, None)


BLUEPRINT = Blueprint(
    what="catalog",
    application_id=0x696D6763,  # "imgc"
    migrations=(_FIRST,),
    synchronous="NORMAL",
    renew=("UPDATE library SET stamp = randomblob(16)",),
    read_all=_read_all,
)
