# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Bringing back: exactly, never over another file, as one unit, or with a reason."""

from __future__ import annotations

import os

import pytest

from imgdupe.errors import UserError
from imgdupe.removal.entries import State
from imgdupe.removal.journal import Journal, JournalUnavailable
from imgdupe.removal.undo import undo
from tests.reliability import auditor
from tests.reliability.scenes import Stage, record, request

BODY = b"the picture"


@pytest.fixture
def removed(stage: Stage) -> Stage:
    """A photo with two sidecars is in the trash."""
    victim, keeper = stage.add("v/a.jpg", BODY), stage.add("k/a.jpg", BODY)
    others = [stage.add("v/a.jpg.xmp", b"own"), stage.add("v/a.xmp", b"xmp")]
    assert stage.remove(request(record(victim, others), record(keeper))).moved
    assert os.listdir(stage.lib / "v") == []
    return stage


def listing(stage: Stage) -> list[str]:
    return sorted(os.listdir(stage.lib / "v"))


def test_everything_is_as_it_was(removed: Stage) -> None:
    result = undo(removed.journal, None, None)
    path = os.fsencode(removed.lib / "v" / "a.jpg")
    assert result.restored == ((path, path),)
    assert auditor.look(removed.root, removed.data) == removed.before
    removed.hold_the_law()


@pytest.mark.parametrize("taken", ["a.jpg", "a.xmp", "a.jpg.xmp"])
def test_a_taken_name_renames_the_whole_unit(removed: Stage, taken: str) -> None:
    removed.add(f"v/{taken}", b"somebody else's")
    ((_, new),) = undo(removed.journal, None, None).restored
    assert new == os.fsencode(removed.lib / "v" / "a (restored).jpg")
    back = ["a (restored).jpg", "a (restored).jpg.xmp", "a (restored).xmp"]
    assert listing(removed) == sorted([*back, taken])
    assert (removed.lib / "v" / taken).read_bytes() == b"somebody else's"
    assert (removed.lib / "v" / "a (restored).jpg.xmp").read_bytes() == b"own"


def test_taken_names_are_counted_on(removed: Stage) -> None:
    for name in ("a.jpg", "a (restored).xmp"):
        removed.add(f"v/{name}", b"somebody else's")
    undo(removed.journal, None, None)
    assert (removed.lib / "v" / "a (restored 2).jpg").read_bytes() == BODY


def test_a_folder_that_is_gone_is_made_again(removed: Stage) -> None:
    (removed.lib / "v").rmdir()
    assert undo(removed.journal, None, None).failed == ()
    assert listing(removed) == ["a.jpg", "a.jpg.xmp", "a.xmp"]


def test_an_emptied_trash_is_said_so(removed: Stage) -> None:
    for slot in (removed.trash / "files").iterdir():
        slot.unlink()
    result = undo(removed.journal, None, None)
    assert result.restored == ()
    assert "emptied" in result.failed[0].reason
    assert {item.state for item in removed.journal.history()[0].items} == {State.TRASHED}


@pytest.mark.parametrize("which", ["a.jpg", "a.xmp"])
def test_a_file_that_was_changed_in_the_trash_stays_there(removed: Stage, which: str) -> None:
    (removed.trash / "files" / which).write_bytes(b"something else")
    result = undo(removed.journal, None, None)
    assert "changed in the trash" in result.failed[0].reason
    assert listing(removed) == []


def test_a_link_in_the_trash_is_not_followed(removed: Stage) -> None:
    slot = removed.trash / "files" / "a.jpg"
    slot.rename(slot.with_name("moved.jpg"))
    slot.symlink_to("moved.jpg")
    assert "a link now" in undo(removed.journal, None, None).failed[0].reason


def test_a_file_restored_by_hand_is_noticed(removed: Stage) -> None:
    for slot in (removed.trash / "files").iterdir():
        slot.rename(removed.lib / "v" / slot.name)
    with pytest.raises(UserError, match="nothing to undo"):
        undo(removed.journal, None, None)
    assert removed.journal.history()[0].items[0].state is State.RESTORED
    removed.hold_the_law()


def test_one_photo_of_a_batch_and_the_newest_batch_first(stage: Stage) -> None:
    wanted = [stage.pair(f"{n}.jpg", b"body %d" % n) for n in range(3)]
    photos = [request(record(victim), record(keeper)) for victim, keeper in wanted]
    first = stage.remove(*photos[:2]).batch
    second = stage.remove(photos[2]).batch
    assert undo(stage.journal, None, None).batch == second
    some = undo(stage.journal, first, [wanted[1][0]])
    assert some.restored == ((wanted[1][0], wanted[1][0]),)
    again = undo(stage.journal, first, [wanted[1][0]])
    assert again.restored == ()
    assert "not in the trash" in again.failed[0].reason
    assert undo(stage.journal, None, None).restored == ((wanted[0][0], wanted[0][0]),)
    with pytest.raises(UserError, match="nothing to undo"):
        undo(stage.journal, None, None)


def test_an_unknown_batch(stage: Stage) -> None:
    with pytest.raises(UserError, match="no batch 20990101-0001"):
        undo(stage.journal, "20990101-0001", None)


def test_the_last_in_is_the_first_out(stage: Stage) -> None:
    wanted = [stage.pair(f"{n}.jpg", b"body %d" % n) for n in range(3)]
    stage.remove(*[request(record(victim), record(keeper)) for victim, keeper in wanted])
    restored = undo(stage.journal, None, None).restored
    assert [old for old, _ in restored] == [victim for victim, _ in reversed(wanted)]


def test_undo_waits_for_the_journal(removed: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_self: Journal, _entry: object) -> None:
        raise JournalUnavailable("gone")

    monkeypatch.setattr(Journal, "put", fail)
    with pytest.raises(JournalUnavailable):
        undo(removed.journal, None, None)
    assert listing(removed) == []


def test_a_move_that_fails_leaves_it_in_the_trash(
    removed: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(source: bytes, target: bytes) -> None:
        raise OSError(30, "Read-only file system", source, None, target)

    monkeypatch.setattr("imgdupe.removal.settle.rename_noreplace", fail)
    result = undo(removed.journal, None, None)
    assert "Read-only" in result.failed[0].reason
    assert removed.journal.history()[0].items[0].state is State.TRASHED
    monkeypatch.undo()
    assert undo(removed.journal, None, None).restored
    removed.hold_the_law()


def test_the_info_files_go_with_the_files(removed: Stage) -> None:
    assert len(list((removed.trash / "info").iterdir())) == 3
    undo(removed.journal, None, None)
    assert list((removed.trash / "info").iterdir()) == []
