# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Making, checking, migrating, backing up and healing a database."""

from __future__ import annotations

import os
import shutil
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from imgdupe.catalog.backups import Backups
from imgdupe.catalog.blueprint import Blueprint
from imgdupe.catalog.database import connect, damage_mark
from imgdupe.catalog.opening import open_database
from imgdupe.errors import UserError

FIRST = Blueprint(
    what="test file",
    application_id=77,
    migrations=(("CREATE TABLE note(id INTEGER PRIMARY KEY, words TEXT NOT NULL) STRICT",),),
    synchronous="NORMAL",
    renew=("INSERT INTO note(words) VALUES('renewed')",),
)
SECOND = replace(
    FIRST,
    migrations=(
        *FIRST.migrations,
        (
            "ALTER TABLE note ADD COLUMN stars INTEGER NOT NULL DEFAULT 0",
            "UPDATE note SET stars = length(words)",
        ),
    ),
)
BROKEN = replace(
    FIRST,
    migrations=(*FIRST.migrations, ("DELETE FROM note", "INSERT INTO nowhere VALUES(1)")),
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "notes.db"


def write(file: Path, *words: str, blueprint: Blueprint = FIRST) -> tuple[str, ...]:
    database, notices = open_database(file, blueprint)
    with database.writing() as connection:
        rows = [(word,) for word in words]
        connection.executemany("INSERT INTO note(words) VALUES(?)", rows)
    database.close()
    return notices


def read(file: Path, blueprint: Blueprint = FIRST) -> tuple[list[str], tuple[str, ...]]:
    database, notices = open_database(file, blueprint)
    with database.reading() as connection:
        words = [word for (word,) in connection.execute("SELECT words FROM note ORDER BY id")]
    database.close()
    return words, notices


def take_backup(file: Path) -> Path:
    return Backups(file, FIRST).take()


def break_pages(file: Path) -> None:
    """Overwrite everything but the first page's header."""
    size = file.stat().st_size
    with file.open("rb+") as opened:
        opened.seek(100)
        opened.write(os.urandom(size - 100))


def test_a_new_file_is_complete_and_quiet(file: Path) -> None:
    assert write(file, "a", "b") == ()
    assert read(file) == (["a", "b"], ())
    assert sorted(path.name for path in file.parent.iterdir()) == ["notes.db"]


def test_an_older_schema_is_backed_up_and_migrated(file: Path) -> None:
    write(file, "one", "three")
    assert read(file, SECOND) == (["one", "three"], ())
    (copy,) = Backups(file, SECOND).newest_first()
    for path, version in ((copy, 1), (file, 2)):
        connection = connect(path, read_only=True)
        assert connection.execute("PRAGMA user_version").fetchone() == (version,)
        connection.close()
    database, _ = open_database(file, SECOND)
    with database.reading() as connection:
        assert connection.execute("SELECT stars FROM note").fetchall() == [(3,), (5,)]
    database.close()


def test_a_step_that_fails_changes_nothing(file: Path) -> None:
    write(file, "kept")
    with pytest.raises(sqlite3.OperationalError, match="nowhere"):
        open_database(file, BROKEN)
    damage_mark(file).unlink()
    assert read(file) == (["kept"], ())


def test_a_newer_schema_is_refused_and_left_alone(file: Path) -> None:
    write(file, "new", blueprint=SECOND)
    before = file.read_bytes()
    with pytest.raises(UserError, match="newer imgdupe"):
        open_database(file, FIRST)
    assert file.read_bytes() == before


def test_a_damaged_file_is_replaced_by_the_newest_sound_backup(file: Path) -> None:
    write(file, "a")
    take_backup(file)
    write(file, "b")
    break_pages(take_backup(file))
    write(file, "c")
    file.write_bytes(b"nothing like a database " * 1000)
    words, notices = read(file)
    assert words == ["a", "renewed"]
    assert "backup of" in notices[0]
    assert "notes.db.corrupt-1" in notices[0]
    assert (file.parent / "notes.db.corrupt-1").read_bytes().startswith(b"nothing like")
    assert read(file) == (words, ())


@pytest.mark.parametrize("data", [b"", b"SQLite format 3\0", b"\0" * 4096])
def test_a_damaged_file_without_backup_begins_anew(file: Path, data: bytes) -> None:
    write(file, "a")
    file.write_bytes(data)
    words, notices = read(file)
    assert words == []
    assert "began anew" in notices[0]


def test_a_database_of_another_program_is_not_taken_over(file: Path) -> None:
    other = sqlite3.connect(file)
    other.execute("CREATE TABLE theirs(x)")
    other.close()
    assert read(file)[0] == []
    aside = sqlite3.connect(file.parent / "notes.db.corrupt-1")
    assert aside.execute("SELECT COUNT(*) FROM theirs").fetchone() == (0,)
    aside.close()


def test_pages_are_checked_after_a_crash_or_when_damage_was_noticed(file: Path) -> None:
    write(file, *[f"{number:0900}" for number in range(100)])
    with file.open("rb+") as opened:
        opened.seek(5 * 8192)
        opened.write(b"\0" * 8192)
    damage_mark(file).touch()
    words, notices = read(file)
    assert words == []
    assert notices
    assert not damage_mark(file).exists()


def test_a_foreign_wal_is_left_behind_with_the_rest_kept(file: Path) -> None:
    """The pages of the WAL belong to another file; without it the database is sound."""
    write(file, "a")
    other = file.parent / "other.db"
    database, _ = open_database(other, FIRST)
    with database.writing() as connection:
        connection.execute("DROP TABLE note")
        connection.execute("CREATE TABLE note(id INTEGER PRIMARY KEY) STRICT")
    shutil.copy(f"{other}-wal", f"{file}-wal")
    database.close()
    words, notices = read(file)
    assert words == ["a", "renewed"]
    assert "last tidy state" in notices[0]


def test_commits_of_a_killed_process_are_there(file: Path) -> None:
    """What a kill leaves: the file and its WAL."""
    database, _ = open_database(file, FIRST)
    with database.writing() as connection:
        connection.execute("INSERT INTO note(words) VALUES('committed')")
    left = file.parent / "left"
    left.mkdir()
    for name in ("notes.db", "notes.db-wal"):
        shutil.copy(file.parent / name, left / name)
    database.close()
    assert read(left / "notes.db") == (["committed"], ())


def test_three_backups_are_kept_and_the_newest_number_grows(file: Path) -> None:
    write(file, "a")
    names = [take_backup(file).name for _ in range(5)]
    kept = [path.name for path in Backups(file, FIRST).newest_first()]
    assert kept == names[:1:-1]


def test_large_backups_are_kept_one_deep(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("imgdupe.catalog.backups._KEPT_BYTES", 1)
    write(file, "a")
    take_backup(file)
    newest = take_backup(file)
    assert Backups(file, FIRST).newest_first() == [newest]


def test_a_backup_is_due_after_a_day_whatever_the_clock_did(file: Path) -> None:
    write(file, "a")
    backups = Backups(file, FIRST)
    assert backups.is_due()
    copy = backups.take()
    assert not backups.is_due()
    now_s = copy.stat().st_mtime
    for when_s in (now_s - 90_000, now_s + 90_000):
        os.utime(copy, (when_s, when_s))
        assert backups.is_due()


def test_a_damaged_database_is_not_backed_up(file: Path) -> None:
    write(file, "a")
    break_pages(file)
    with pytest.raises(UserError, match="damaged"):
        take_backup(file)
    assert Backups(file, FIRST).newest_first() == []
