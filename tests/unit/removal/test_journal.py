# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The journal keeps what it was told through kills, damage and clocks that run backwards."""

from __future__ import annotations

import os
import random
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from imgdupe.records import Kind
from imgdupe.removal.entries import Entry, EntryFile, Identity, State, dump, load
from imgdupe.removal.journal import Journal, JournalUnavailable
from tests.helpers.damage import seeds


def entry(name: bytes = b"/lib/a\xe9.jpg", batch: str = "20240501-0001") -> Entry:
    file = EntryFile(name, Identity(1, 2, 3, 4), bytes(16), b"/trash/files/a", b"/trash/info/a")
    return Entry(
        seq=0,
        batch=batch,
        at="2024-05-01T10:00:00+02:00",
        state=State.INTENT,
        reason="",
        kind=Kind.IDENTICAL,
        probability=1.0,
        keeper=b"/lib/keeper.jpg",
        keeper_identity=Identity(1, 5, 3, 4),
        keeper_content=bytes(16),
        files=(file,),
        version="0.1.0",
    )


def filled(data: Path, count: int = 6) -> list[Entry]:
    """A closed journal with entries in several states."""
    journal = Journal(data)
    for number in range(count):
        begun = journal.begin(entry(b"/lib/%d.jpg" % number, f"20240501-{1 + number // 3:04d}"))
        if number % 3:
            journal.put(replace(begun, state=State.TRASHED))
    found = read(journal)
    journal.close()
    return found


def read(journal: Journal) -> list[Entry]:
    return [each for batch in journal.history() for each in journal.entries(batch.id)]


def test_numbers_grow_and_states_replace_each_other(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    first, second = journal.begin(entry()), journal.begin(entry())
    assert (first.seq, second.seq) == (1, 2)
    journal.put(replace(first, state=State.TRASHED))
    assert [each.state for each in journal.entries(first.batch)] == [State.TRASHED, State.INTENT]
    assert journal.open_entries() == [second]
    assert journal.last_undoable() == first.batch
    assert len((tmp_path / "removals.jsonl").read_bytes().splitlines()) == 3


def test_batches_are_numbered_whatever_the_clock_says(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.begin(entry(batch="20991231-0007"))
    assert journal.next_batch().endswith("-0008")


def test_history_shows_the_newest_first(tmp_path: Path) -> None:
    filled(tmp_path)
    history = Journal(tmp_path).history()
    assert [batch.id for batch in history] == ["20240501-0002", "20240501-0001"]
    item = history[0].items[1]
    assert (item.path, item.trash_path, item.size) == (b"/lib/4.jpg", b"/trash/files/a", 3)
    assert item.undoable


def test_a_line_whose_row_was_not_written_becomes_a_row(tmp_path: Path) -> None:
    """A kill between the two: recovery must hear of it."""
    filled(tmp_path, 1)
    orphan = replace(entry(), seq=2)
    with (tmp_path / "removals.jsonl").open("ab") as lines:
        lines.write(dump(orphan) + b"\n")
    assert Journal(tmp_path).open_entries()[-1] == orphan


def test_a_row_counts_more_than_a_line(tmp_path: Path) -> None:
    (only,) = filled(tmp_path, 1)
    with (tmp_path / "removals.jsonl").open("ab") as lines:
        lines.write(dump(replace(only, state=State.TRASHED)) + b"\n")
    assert Journal(tmp_path).open_entries() == [only]
    assert load((tmp_path / "removals.jsonl").read_bytes().splitlines()[-1]) == only


def test_a_torn_line_is_ended_before_the_next(tmp_path: Path) -> None:
    expected = filled(tmp_path)
    with (tmp_path / "removals.jsonl").open("ab") as lines:
        lines.write(b'{"seq": 99, "ba')
    journal = Journal(tmp_path)
    assert read(journal) == expected
    added = journal.begin(entry())
    assert load((tmp_path / "removals.jsonl").read_bytes().splitlines()[-1]) == added


def damage(path: Path, dice: random.Random) -> None:
    """Flip bits, cut, zero a page or replace everything."""
    body = bytearray(path.read_bytes())
    kind = dice.randrange(5)
    if kind == 0:
        for _ in range(dice.randrange(1, 20)):
            body[dice.randrange(len(body))] ^= 1 << dice.randrange(8)
    elif kind == 1:
        del body[dice.randrange(len(body)) :]
    elif kind == 2:
        start = dice.randrange(0, len(body), 512)
        body[start : start + 4096] = bytes(len(body[start : start + 4096]))
    elif kind == 3:
        body[:] = dice.randbytes(len(body))
    else:
        body[:] = b""
    path.write_bytes(body)


@pytest.mark.parametrize("seed", seeds(40, 80))
def test_a_damaged_database_is_rebuilt_from_the_lines(tmp_path: Path, seed: int) -> None:
    expected = filled(tmp_path)
    database = tmp_path / "removals.db"
    sound = database.read_bytes()
    damage(database, random.Random(seed))
    harmed = database.read_bytes()
    journal = Journal(tmp_path)
    assert read(journal) == expected
    asides = list(tmp_path.glob("removals.db.corrupt-*"))
    if asides:
        assert asides[0].read_bytes() == harmed
        assert journal.notices
    journal.begin(entry())
    assert harmed != sound or not asides


@pytest.mark.parametrize("seed", seeds(40, 80))
def test_damaged_lines_do_not_hurt_a_sound_database(tmp_path: Path, seed: int) -> None:
    expected = filled(tmp_path)
    damage(tmp_path / "removals.jsonl", random.Random(seed))
    journal = Journal(tmp_path)
    assert read(journal) == expected
    journal.close()
    (tmp_path / "removals.db").unlink()
    assert read(Journal(tmp_path)) == expected  # the lines were made complete again


@pytest.mark.parametrize("seed", seeds(20, 40))
def test_both_damaged_still_opens(tmp_path: Path, seed: int) -> None:
    expected = filled(tmp_path)
    dice = random.Random(seed)
    damage(tmp_path / "removals.db", dice)
    damage(tmp_path / "removals.jsonl", dice)
    journal = Journal(tmp_path)
    known = [replace(each, state=State.INTENT) for each in expected]
    assert all(each in expected or each in known for each in read(journal))
    journal.begin(entry())


def test_a_changed_value_in_a_row_is_noticed(tmp_path: Path) -> None:
    """SQLite's own check does not see it; the CRC does."""
    expected = filled(tmp_path)
    connection = sqlite3.connect(tmp_path / "removals.db")
    with connection:
        connection.execute("UPDATE entries SET state = 'void' WHERE seq = 2")
    connection.close()
    journal = Journal(tmp_path)
    assert journal.notices
    assert read(journal) == expected


def test_a_newer_journal_is_left_alone(tmp_path: Path) -> None:
    filled(tmp_path)
    connection = sqlite3.connect(tmp_path / "removals.db")
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    before = (tmp_path / "removals.db").read_bytes()
    with pytest.raises(JournalUnavailable, match="newer imgdupe"):
        Journal(tmp_path)
    assert (tmp_path / "removals.db").read_bytes() == before


def test_a_folder_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(JournalUnavailable, match="cannot be used"):
        Journal(tmp_path / "missing")


def test_a_failing_disk_is_said_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = Journal(tmp_path)

    def fail(_descriptor: int) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(JournalUnavailable, match="nothing is removed without it"):
        journal.begin(entry())
