# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""What was removed, by whom it was kept, and where it is: written down before it happens.

`removals.db` (SQLite, rollback journal, synchronous EXTRA) holds each entry's newest state,
`removals.jsonl` one line per step, for people and for repair. Both are on the disk when a call
returns. Every row and line carries a CRC; a damaged database is set aside and rebuilt from the
lines. Any thread; one lock around everything.
"""

from __future__ import annotations

import datetime as dt
import os
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from imgdupe.errors import UserError
from imgdupe.records import Kind
from imgdupe.removal.entries import (
    OPEN,
    UNDOABLE,
    DamagedEntry,
    Entry,
    State,
    dump,
    load,
)
from imgdupe.removal.litter import Litter
from imgdupe.removal.moves import sync_folder

_SCHEMA = 1
_CREATE = """
CREATE TABLE entries(
  seq INTEGER PRIMARY KEY,
  batch TEXT NOT NULL,
  state TEXT NOT NULL,
  body BLOB NOT NULL
) STRICT
"""


class JournalUnavailable(UserError):  # noqa: N818 - as the other errors for people
    """The journal cannot be written, so nothing may be removed."""


@dataclass(frozen=True, slots=True)
class BatchItem:
    """One removed photo in the history. `size` in bytes, companions included.

    `merged`: what its keeper got from it, as "field: value".
    """

    path: bytes
    trash_path: bytes | None
    keeper: bytes | None
    size: int
    kind: Kind
    state: State
    reason: str
    companions: tuple[bytes, ...] = ()
    merged: tuple[str, ...] = ()

    @property
    def undoable(self) -> bool:
        return self.state in UNDOABLE


@dataclass(frozen=True, slots=True)
class Batch:
    """What one removal did; `at` is ISO 8601 local time with its offset."""

    id: str
    at: str
    items: tuple[BatchItem, ...]


class Journal:
    """The journal in the folder `data`. `notices`: what had to be repaired, for a banner."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._database = data / "removals.db"
        self._lines = data / "removals.jsonl"
        self._lock = threading.RLock()
        self._notices: list[str] = []
        with self._unavailable():
            self._connection = self._open()
            self._catch_up()

    @property
    def notices(self) -> tuple[str, ...]:
        return tuple(self._notices)

    @property
    def litter(self) -> Litter:
        """The notes of files of ours that a kill could leave lying about."""
        return Litter(self._data / "removal-litter")

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    # -- writing ---------------------------------------------------------------------------------

    def next_batch(self) -> str:
        """A new batch's id: today's date and a number that only grows, whatever the clock does."""
        with self._lock, self._unavailable():
            row = self._connection.execute(
                "SELECT batch FROM entries ORDER BY seq DESC LIMIT 1"
            ).fetchone()
        number = 1 + (int(row[0].rpartition("-")[2]) if row else 0)
        return f"{dt.datetime.now().astimezone():%Y%m%d}-{number:04d}"

    def begin(self, entry: Entry) -> Entry:
        """Number a new entry and write it; JournalUnavailable if it is not on the disk."""
        with self._lock, self._unavailable():
            row = self._connection.execute("SELECT max(seq) FROM entries").fetchone()
            numbered = replace(entry, seq=1 + (row[0] or 0))
            self._write(numbered)
            return numbered

    def put(self, entry: Entry) -> None:
        """Write an entry's new state; JournalUnavailable if it is not on the disk."""
        with self._lock, self._unavailable():
            self._write(entry)

    def _write(self, entry: Entry) -> None:
        """The line first: the row is what counts, so a step is made only when both are there."""
        body = dump(entry)
        self._append([body])
        with self._transaction():
            self._insert(entry, body)

    def _insert(self, entry: Entry, body: bytes) -> None:
        self._connection.execute(
            "INSERT INTO entries(seq, batch, state, body) VALUES(?, ?, ?, ?) "
            "ON CONFLICT(seq) DO UPDATE SET state = excluded.state, body = excluded.body",
            (entry.seq, entry.batch, entry.state.value, body),
        )

    def _append(self, bodies: Iterable[bytes]) -> None:
        """Add lines and wait for the disk. A line torn by an earlier failure is ended first."""
        text = b"".join(body + b"\n" for body in bodies)
        is_new = not self._lines.exists()
        with open(self._lines, "ab+", buffering=0) as file:
            if file.seek(0, os.SEEK_END):
                file.seek(-1, os.SEEK_END)
                text = text if file.read(1) == b"\n" else b"\n" + text
            while text:
                text = text[file.write(text) :]
            os.fsync(file.fileno())
        if is_new:
            sync_folder(os.fsencode(self._data))

    # -- reading ---------------------------------------------------------------------------------

    def open_entries(self) -> list[Entry]:
        """Entries that are neither done nor given up, oldest first."""
        return [each for each in self._read() if each.state in OPEN]

    def entries(self, batch: str) -> list[Entry]:
        """The entries of a batch, in the order in which they were removed."""
        return [each for each in self._read() if each.batch == batch]

    def newest(self) -> list[Entry]:
        """The entries of the newest batch."""
        entries = self._read()
        return [each for each in entries if each.batch == entries[-1].batch]

    def last_undoable(self) -> str | None:
        """The newest batch that has something to bring back."""
        batches = [each.batch for each in self._read() if each.state in UNDOABLE]
        return batches[-1] if batches else None

    def history(self) -> list[Batch]:
        """Every batch, the newest first."""
        batches: dict[str, list[Entry]] = {}
        for entry in self._read():
            batches.setdefault(entry.batch, []).append(entry)
        found = [
            Batch(name, entries[0].at, tuple(map(_item, entries)))
            for name, entries in batches.items()
        ]
        return found[::-1]

    def _read(self) -> list[Entry]:
        with self._lock, self._unavailable():
            rows = self._connection.execute("SELECT body FROM entries ORDER BY seq").fetchall()
            return [load(row[0]) for row in rows]

    # -- opening and repair ----------------------------------------------------------------------

    def _open(self) -> sqlite3.Connection:
        if self._database.exists() and not self._is_sound():
            self._set_aside()
        connection = self._connect()
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version > _SCHEMA:
            connection.close()
            raise JournalUnavailable(
                f"{self._database} was written by a newer imgdupe. Start that version, or set "
                "IMGDUPE_HOME to another folder."
            )
        if version == 0:
            self._fill(connection)
        return connection

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._database, isolation_level=None, check_same_thread=False, timeout=10
        )
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute("PRAGMA synchronous = EXTRA")
        connection.execute("PRAGMA fullfsync = 1")
        return connection

    def _is_sound(self) -> bool:
        """Pages and rows are as they were written; a newer version's are not looked into."""
        try:
            connection = sqlite3.connect(self._database, isolation_level=None)
            try:
                (version,) = connection.execute("PRAGMA user_version").fetchone()
                if version > _SCHEMA:
                    return True
                answer = connection.execute("PRAGMA quick_check").fetchone()
                if answer != ("ok",):
                    return False
                if version == 0:
                    return not connection.execute("SELECT 1 FROM sqlite_schema").fetchone()
                return _rows_are_sound(connection)
            finally:
                connection.close()
        except (sqlite3.DatabaseError, DamagedEntry) as error:
            if isinstance(error, sqlite3.OperationalError) and "locked" in str(error):
                raise
            return False

    def _set_aside(self) -> None:
        number = 1
        while (aside := self._database.with_name(f"removals.db.corrupt-{number}")).exists():
            number += 1
        os.rename(self._database, aside)
        hot = self._database.with_name("removals.db-journal")
        if hot.exists():
            os.rename(hot, aside.with_name(f"{aside.name}-journal"))
        self._notices.append(
            "The removal journal was damaged. It was rebuilt from removals.jsonl; the damaged file "
            f"is kept as {aside.name}."
        )

    def _fill(self, connection: sqlite3.Connection) -> None:
        """Make the table and take over what the lines say, in one transaction."""
        newest, damaged = self._read_lines()
        if damaged and not self._notices:
            self._notices.append(f"{damaged} lines of removals.jsonl are damaged and were left out")
        self._connection = connection
        with self._transaction():
            connection.execute(_CREATE)
            for entry in newest.values():
                self._insert(entry, dump(entry))
            connection.execute(f"PRAGMA user_version = {_SCHEMA}")

    def _read_lines(self) -> tuple[dict[int, Entry], int]:
        """The last sound line of each entry, and how many lines are not sound."""
        newest: dict[int, Entry] = {}
        damaged = 0
        if not self._lines.exists():
            return newest, damaged
        with open(self._lines, "rb") as file:
            for line in file:
                if not line.strip():
                    continue
                try:
                    entry = load(line)
                except DamagedEntry:
                    damaged += 1
                else:
                    newest[entry.seq] = entry
        return dict(sorted(newest.items())), damaged

    def _catch_up(self) -> None:
        """Make rows and lines agree after a kill between them: where both are, the row counts."""
        lines, _ = self._read_lines()
        rows = {each.seq: each for each in self._read()}
        with self._transaction():
            for seq, entry in lines.items():
                if seq not in rows:
                    self._insert(entry, dump(entry))
        missing = [each for seq, each in rows.items() if lines.get(seq) != each]
        if missing:
            self._append(map(dump, missing))

    # -- helpers ---------------------------------------------------------------------------------

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._connection.execute("COMMIT")
        except BaseException:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise

    @contextmanager
    def _unavailable(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError, DamagedEntry) as error:
            raise JournalUnavailable(
                f"The removal journal in {self._data} cannot be used ({error}), and nothing is "
                "removed without it. Make room there or check the disk, then start imgdupe again."
            ) from error


def _rows_are_sound(connection: sqlite3.Connection) -> bool:
    rows: Iterable[tuple[int, str, str, bytes]] = connection.execute(
        "SELECT seq, batch, state, body FROM entries"
    )
    for seq, batch, state, body in rows:
        entry = load(body)
        if (entry.seq, entry.batch, entry.state.value) != (seq, batch, state):
            return False
    return True


def _item(entry: Entry) -> BatchItem:
    return BatchItem(
        path=entry.victim,
        trash_path=entry.files[0].slot,
        keeper=entry.keeper,
        size=sum(each.identity.size for each in entry.files),
        kind=entry.kind,
        state=entry.state,
        reason=entry.reason,
        companions=tuple(each.path for each in entry.files[1:]),
        merged=entry.merge.fields if entry.merge else (),
    )
