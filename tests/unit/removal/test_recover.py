# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""A start brings every cut-short removal to an end, by where the files are."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from imgdupe.removal.entries import Entry, State
from imgdupe.removal.litter import Litter
from imgdupe.removal.recover import recover
from imgdupe.removal.undo import undo
from tests.reliability.scenes import Stage, record, request

BODY = b"the picture"


@pytest.fixture
def trashed(stage: Stage) -> tuple[Stage, Entry]:
    """A photo with a sidecar in the trash, and its entry."""
    victim, keeper = stage.add("v/a.jpg", BODY), stage.add("k/a.jpg", BODY)
    xmp = stage.add("v/a.xmp", b"xmp")
    batch = stage.remove(request(record(victim, [xmp]), record(keeper))).batch
    (entry,) = stage.journal.entries(batch)
    return stage, entry


def state(stage: Stage) -> State:
    return stage.journal.history()[0].items[0].state


def back(stage: Stage, name: str) -> None:
    """One file of the unit is in its folder already."""
    (stage.trash / "files" / name).rename(stage.lib / "v" / name)


@pytest.mark.parametrize("already", [[], ["a.xmp"], ["a.jpg"]])
def test_an_intent_with_a_filled_slot_comes_back(
    trashed: tuple[Stage, Entry], already: list[str]
) -> None:
    stage, entry = trashed
    stage.journal.put(replace(entry, state=State.INTENT))
    for name in already:
        back(stage, name)
    report = stage.restart()
    assert report.restored == [entry.victim]
    assert report.messages() == ("A removal was cut short: 1 photo brought back.",)
    assert sorted(os.listdir(stage.lib / "v")) == ["a.jpg", "a.xmp"]
    assert list((stage.trash / "info").iterdir()) == []
    stage.hold_the_law()


def test_an_intent_with_an_empty_slot_is_void(trashed: tuple[Stage, Entry]) -> None:
    stage, entry = trashed
    stage.journal.put(replace(entry, state=State.INTENT))
    back(stage, "a.jpg")
    back(stage, "a.xmp")
    assert stage.restart().void == [entry.victim]
    assert state(stage) is State.VOID
    stage.hold_the_law()


def test_a_link_that_was_not_unlinked_yet(trashed: tuple[Stage, Entry]) -> None:
    """Killed between link and unlink: two names of one file become one again."""
    stage, entry = trashed
    stage.journal.put(replace(entry, state=State.INTENT))
    os.link(stage.trash / "files" / "a.jpg", entry.victim)
    stage.hold_the_law()
    assert os.stat(entry.victim).st_nlink == 1


def test_a_taken_name_waits_for_the_user(trashed: tuple[Stage, Entry]) -> None:
    stage, entry = trashed
    stage.journal.put(replace(entry, state=State.INTENT))
    stage.add("v/a.jpg", b"somebody else's")
    report = stage.restart()
    assert "undo brings it back under another name" in report.needs_user[0].reason
    assert report.messages()[0].startswith("Not settled")
    assert (stage.lib / "v" / "a.jpg").read_bytes() == b"somebody else's"
    ((_, new),) = undo(stage.journal, None, None).restored
    assert new == os.fsencode(stage.lib / "v" / "a (restored).jpg")
    assert Path(os.fsdecode(new)).read_bytes() == BODY
    assert stage.restart().needs_user == []


def test_a_volume_that_is_away_is_waited_for(trashed: tuple[Stage, Entry]) -> None:
    stage, entry = trashed
    stage.journal.put(replace(entry, state=State.INTENT))
    stage.trash.rename(stage.root / "away")
    assert "connect the drive" in stage.restart().needs_user[0].reason
    assert "connect the drive" in stage.restart().needs_user[0].reason
    (stage.root / "away").rename(stage.trash)
    assert stage.restart().restored == [entry.victim]
    stage.hold_the_law()


@pytest.mark.parametrize("already", [[], ["a.xmp"], ["a.jpg"], ["a.jpg", "a.xmp"]])
def test_an_undo_that_was_cut_short_is_finished(
    trashed: tuple[Stage, Entry], already: list[str]
) -> None:
    stage, entry = trashed
    files = tuple(replace(file, back=file.path) for file in entry.files)
    stage.journal.put(replace(entry, state=State.UNDOING, files=files))
    for name in already:
        back(stage, name)
    report = stage.restart()
    assert report.undone == [(entry.victim, entry.victim)]
    assert "An undo was cut short" in report.messages()[0]
    assert state(stage) is State.UNDONE
    stage.hold_the_law()


def test_an_undo_whose_name_was_taken_meanwhile(trashed: tuple[Stage, Entry]) -> None:
    stage, entry = trashed
    files = tuple(replace(file, back=file.path) for file in entry.files)
    stage.journal.put(replace(entry, state=State.UNDOING, files=files))
    stage.add("v/a.jpg", b"somebody else's")
    ((_, new),) = stage.restart().undone
    assert new == os.fsencode(stage.lib / "v" / "a (restored).jpg")
    assert (stage.lib / "v" / "a.jpg").read_bytes() == b"somebody else's"


def test_an_undo_that_came_back_under_another_name_before_the_kill(
    trashed: tuple[Stage, Entry],
) -> None:
    stage, entry = trashed
    files = tuple(replace(file, back=file.path) for file in entry.files)
    stage.journal.put(replace(entry, state=State.UNDOING, files=files))
    stage.add("v/a.jpg", b"somebody else's, of another size")
    (stage.trash / "files" / "a.jpg").rename(stage.lib / "v" / "a (restored).jpg")
    ((_, new),) = stage.restart().undone
    assert new == os.fsencode(stage.lib / "v" / "a (restored).jpg")


def test_an_undo_whose_trash_was_emptied(trashed: tuple[Stage, Entry]) -> None:
    stage, entry = trashed
    stage.journal.put(replace(entry, state=State.UNDOING))
    shutil.rmtree(stage.trash)
    assert "neither in its folder nor" in stage.restart().needs_user[0].reason


def test_litter_is_swept_and_nothing_else(stage: Stage) -> None:
    note = Litter(stage.data / "litter")
    probe = stage.add(".imgdupe-probe-1", b"")
    torn = stage.add("info/torn.trashinfo", b"[Trash")
    used = stage.add("info/used.trashinfo", b"[Trash Info]")
    slot = stage.add("files/used", b"a photo")
    stranger = stage.add("info/other.trashinfo", b"[Trash Info]\nPath=x\n")
    photo = stage.add("photo.jpg", b"a photo")
    note.expect(probe, b"", unless=None)
    note.expect(torn, b"[Trash Info]", unless=slot + b"-not-there")
    note.expect(used, b"[Trash Info]", unless=slot)
    note.expect(stranger, b"[Trash Info]\nPath=y\n", unless=None)
    note.expect(photo, b"", unless=None)
    note.expect(stage.add("gone", b""), b"", unless=None)
    (stage.lib / "gone").unlink()
    with (stage.data / "litter").open("ab") as file:
        file.write(b'["2f')
    note.sweep()
    assert not os.path.exists(probe)
    assert not os.path.exists(torn)
    assert all(map(os.path.exists, (used, slot, stranger, photo)))
    assert not (stage.data / "litter").exists()
    note.sweep()


def test_a_start_without_open_rows_does_nothing(stage: Stage) -> None:
    report = recover(stage.journal)
    assert (report.restored, report.void, report.undone, report.needs_user) == ([], [], [], [])
    assert report.messages() == ()
