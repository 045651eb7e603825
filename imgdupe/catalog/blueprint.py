# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""What a database of ours looks like, and how to tell whether a file is a sound one.

Any thread. Reads only, except `build` and `migrate`, which are given a connection to write with.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from imgdupe.catalog.database import connect
from imgdupe.catalog.faults import DamagedError, explain_sqlite, is_damage
from imgdupe.errors import UserError

_PAGE_BYTES = 8192  # rows of 0.6 to 1.1 KB fill it better than SQLite's 4,096

Shape = frozenset[tuple[str, str, str, str]]


@dataclass(frozen=True, slots=True)
class Blueprint:
    """A kind of database.

    what: its name for a person; application_id: its mark in the file; migrations[n]: the statements
    that lead from version n to n + 1 (from 0: the whole schema); synchronous: SQLite's word for how
    durable a commit is; renew: statements for a file that came from a backup; read_all: decodes
    every row and raises DamagedError for a bad one.
    """

    what: str
    application_id: int
    migrations: tuple[tuple[str, ...], ...]
    synchronous: str
    renew: tuple[str, ...] = ()
    read_all: Callable[[sqlite3.Connection], None] = lambda _: None

    @property
    def version(self) -> int:
        return len(self.migrations)


def build(connection: sqlite3.Connection, blueprint: Blueprint) -> None:
    """Make the newest schema in an empty database."""
    connection.execute(f"PRAGMA page_size = {_PAGE_BYTES}")
    connection.execute(f"PRAGMA application_id = {blueprint.application_id}")
    for version in range(blueprint.version):
        _step(connection, blueprint, version)


def migrate(connection: sqlite3.Connection, blueprint: Blueprint) -> None:
    """Bring an older schema up to date; each step is one transaction with its number."""
    for version in range(version_of(connection), blueprint.version):
        _step(connection, blueprint, version)


def version_of(connection: sqlite3.Connection) -> int:
    """The schema's number in the file."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def flaw_in(path: Path, blueprint: Blueprint, *, every_page: bool, every_row: bool) -> str | None:
    """Why the file is no sound database of this kind, or None.

    UserError if it is sound but made by a newer imgdupe, or if it cannot be looked at.
    """
    try:
        connection = connect(path, read_only=True)
        try:
            return _flaw(connection, path, blueprint, every_page, every_row)
        finally:
            connection.close()
    except (DamagedError, UnicodeDecodeError) as error:
        return str(error)
    except sqlite3.Error as error:
        if is_damage(error):
            return str(error)
        explained = explain_sqlite(error, path)
        if explained is None:
            return str(error)  # a schema that was damaged can answer anything
        raise explained from error


def _flaw(
    connection: sqlite3.Connection,
    path: Path,
    blueprint: Blueprint,
    every_page: bool,
    every_row: bool,
) -> str | None:
    if connection.execute("PRAGMA application_id").fetchone()[0] != blueprint.application_id:
        return "it does not bear the mark of imgdupe"
    if every_page:
        # The full check also compares every index with its table.
        check = "integrity_check" if every_row else "quick_check"
        verdict = connection.execute(f"PRAGMA {check}(1)").fetchone()[0]
        if verdict != "ok":
            return str(verdict)
    version = version_of(connection)
    if version > blueprint.version:
        raise UserError(
            f"The {blueprint.what} {path} was made by a newer imgdupe (schema {version}, this one "
            f"knows {blueprint.version}). Install the newer imgdupe, or choose another folder with "
            "--data-dir."
        )
    if version == blueprint.version and _shape(connection) != _right_shape(blueprint):
        return "its tables are not those of imgdupe"
    if every_row and version == blueprint.version:
        blueprint.read_all(connection)
    return None


def _step(connection: sqlite3.Connection, blueprint: Blueprint, version: int) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        for statement in blueprint.migrations[version]:
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {version + 1}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _shape(connection: sqlite3.Connection) -> Shape:
    """Every column of every table and view, with its type."""
    return frozenset(
        connection.execute(
            "SELECT s.type, s.name, c.name, c.type FROM sqlite_schema s"
            " JOIN pragma_table_info(s.name) c WHERE s.type IN ('table', 'view')"
            " AND s.name NOT LIKE 'sqlite_%'"
        )
    )


@cache
def _right_shape(blueprint: Blueprint) -> Shape:
    """The shape of a new database."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    try:
        build(connection, blueprint)
        return _shape(connection)
    finally:
        connection.close()
