# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
# ruff: noqa: S608 - statements are put together from constants of this module only
"""How contents belong together, as decided by one version of the matching.

Any thread; every function works inside the caller's transaction. Relations decided by an older
version, or before one of the contents changed, are shown until that pair is decided anew.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from imgdupe.catalog.rows import decoding, id_list, relation_row, relations_of, spread
from imgdupe.records import Evidence, Kind, Relation

_PUT = """
    INSERT OR REPLACE INTO relation(a, b, kind, probability, algorithm, evidence)
    VALUES(?, ?, ?, ?, ?, ?)"""
# The plus signs keep SQLite from trying every a with every b by the primary key.
_ALIVE = """
    SELECT a, b, kind, probability, evidence FROM relation
    WHERE +a IN (SELECT content_id FROM photo WHERE gone = 0)
    AND +b IN (SELECT content_id FROM photo WHERE gone = 0)"""
_OF_KINDS = f"{_ALIVE} AND kind IN (?) ORDER BY a, b"
_ALL = f"{_ALIVE} ORDER BY a, b"
_OF_ONE = "SELECT a, b, kind, probability, evidence FROM relation WHERE a = ? OR b = ?"
_DECIDED = """
    SELECT a, b FROM relation WHERE a IN (SELECT value FROM json_each(?1)) AND algorithm = ?2
    UNION SELECT a, b FROM relation
    WHERE b IN (SELECT value FROM json_each(?1)) AND algorithm = ?2"""


def put(connection: sqlite3.Connection, relations: Sequence[Relation], algorithm: int) -> None:
    """Store or replace, by pair."""
    connection.executemany(_PUT, [relation_row(relation, algorithm) for relation in relations])


def get(connection: sqlite3.Connection, kinds: Collection[Kind] | None) -> list[Relation]:
    """Those of these kinds (None: all) between contents that have photos, by (a, b)."""
    if kinds is None:
        rows = connection.execute(_ALL).fetchall()
    else:
        rows = connection.execute(spread(_OF_KINDS, len(kinds)), tuple(kinds)).fetchall()
    with decoding():
        return relations_of(rows)


def inherit(connection: sqlite3.Connection, old: int, new: int) -> None:
    """The new content shows the pixels of the old one; how it relates holds until decided anew."""
    if old == new:
        return
    rows = connection.execute(_OF_ONE, (old, old)).fetchall()
    with decoding():
        found = [_with_end(each, old, new) for each in relations_of(rows)]
    low, high = sorted((old, new))
    itself = Relation(low, high, Kind.SAME_PIXELS, 1.0, Evidence(0, 0, 1.0, 0.0, 1.0))
    put(connection, [itself, *(each for each in found if each.a != each.b)], 0)


def _with_end(relation: Relation, old: int, new: int) -> Relation:
    """The relation with another end; turned around if that changes the order of the ids."""
    other = relation.b if relation.a == old else relation.a
    low, high = sorted((other, new))
    evidence = relation.evidence
    if (low == other) != (relation.a == other):
        turn = evidence.turn if evidence.turn >= 4 else -evidence.turn % 4
        evidence = replace(evidence, turn=turn, transform=None)
    return replace(relation, a=low, b=high, evidence=evidence)


def decided_pairs(
    connection: sqlite3.Connection, content_ids: Iterable[int], algorithm: int
) -> set[tuple[int, int]]:
    """The pairs with at least one of these ends that this version has decided."""
    return set(connection.execute(_DECIDED, (id_list(content_ids), algorithm)).fetchall())


def mark_matched(
    connection: sqlite3.Connection, content_ids: Iterable[int], algorithm: int
) -> None:
    """These are related to all others now; what this version did not find again is dropped."""
    ids = id_list(content_ids)
    connection.execute(
        "UPDATE content SET matched = ? WHERE id IN (SELECT value FROM json_each(?))",
        (algorithm, ids),
    )
    for end in ("a", "b"):
        connection.execute(
            f"DELETE FROM relation WHERE {end} IN (SELECT value FROM json_each(?))"
            " AND algorithm <> ?",
            (ids, algorithm),
        )
