# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""What the photographer decided: verdicts on photos, and contents that do not belong together.

Any thread. In a file of its own with durable commits, so that decisions survive the catalog.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from itertools import combinations
from pathlib import Path

from imgdupe.catalog.backups import Backups
from imgdupe.catalog.blueprint import Blueprint
from imgdupe.catalog.faults import explained
from imgdupe.catalog.opening import open_database
from imgdupe.catalog.rows import decoding
from imgdupe.records import Verdict

_FIRST = (
    # The content says which picture the verdict was given on: another one under the same name
    # has none.
    """CREATE TABLE verdict(
        path BLOB PRIMARY KEY,
        content BLOB NOT NULL,
        verdict TEXT NOT NULL
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE not_duplicate(
        a BLOB NOT NULL,
        b BLOB NOT NULL,
        PRIMARY KEY(a, b),
        CHECK(a < b)
    ) STRICT, WITHOUT ROWID""",
)


class Decisions:
    """Open by making one. `notices`: what a person should be told about the opening."""

    def __init__(self, data: Path) -> None:
        file = data / "decisions.db"
        with explained(data):
            existed = file.exists()
        self._database, self.notices = open_database(file, BLUEPRINT, always_check=True)
        backups = Backups(file, BLUEPRINT)
        if existed and backups.is_behind():
            backups.take()

    @property
    def generation(self) -> int:
        """Counts the changes since the opening that change groups; verdicts do not."""
        return self._database.generation

    def close(self) -> None:
        self._database.close()

    def verdicts(self, contents: Mapping[bytes, bytes] | None = None) -> dict[bytes, Verdict]:
        """By path. With `contents` (path -> content now), only those on that very content."""
        with self._database.reading() as connection, decoding():
            rows = connection.execute("SELECT path, content, verdict FROM verdict").fetchall()
            return {
                path: Verdict(verdict)
                for path, content, verdict in rows
                if contents is None or contents.get(path) == content
            }

    def set_verdicts(self, changes: Mapping[tuple[bytes, bytes], Verdict | None]) -> None:
        """By (path, content); None makes a photo undecided. All or nothing."""
        with self._database.writing(visible=False) as connection:
            connection.executemany(
                "DELETE FROM verdict WHERE path = ?", [(path,) for path, _ in changes]
            )
            connection.executemany(
                "INSERT INTO verdict(path, content, verdict) VALUES(?, ?, ?)",
                [
                    (path, content, verdict)
                    for (path, content), verdict in changes.items()
                    if verdict is not None
                ],
            )

    def not_duplicates(self) -> frozenset[tuple[bytes, bytes]]:
        """Pairs of contents that do not belong together, each pair sorted."""
        with self._database.reading() as connection:
            return frozenset(connection.execute("SELECT a, b FROM not_duplicate").fetchall())

    def add_not_duplicates(self, contents: Sequence[bytes]) -> None:
        """No two of these contents belong together."""
        with self._database.writing() as connection:
            connection.executemany(
                "INSERT OR IGNORE INTO not_duplicate(a, b) VALUES(?, ?)", _pairs(contents)
            )

    def drop_not_duplicates(self, contents: Sequence[bytes]) -> None:
        """Let any two of these contents belong together again."""
        with self._database.writing() as connection:
            connection.executemany(
                "DELETE FROM not_duplicate WHERE a = ? AND b = ?", _pairs(contents)
            )


def _pairs(contents: Sequence[bytes]) -> list[tuple[bytes, bytes]]:
    return list(combinations(sorted(set(contents)), 2))


def _read_all(connection: sqlite3.Connection) -> None:
    with decoding():
        for (verdict,) in connection.execute("SELECT DISTINCT verdict FROM verdict"):
            Verdict(verdict)


BLUEPRINT = Blueprint(
    what="file of your decisions",
    application_id=0x696D6764,  # "imgd"
    migrations=(_FIRST,),
    synchronous="FULL",
    read_all=_read_all,
)
