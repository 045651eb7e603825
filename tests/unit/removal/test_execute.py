# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The batch: its breaker, its report, and what happens when a step fails."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from dataclasses import replace

import pytest

from imgdupe.control import RunControl
from imgdupe.errors import UserError
from imgdupe.removal.entries import State
from imgdupe.removal.execute import BatchResult, execute
from imgdupe.removal.journal import Journal, JournalUnavailable
from imgdupe.removal.plan import RemovalRequest
from imgdupe.removal.trash import FolderTrash, Slot
from tests.reliability.scenes import Stage, record, request, run


def pairs(stage: Stage, count: int = 6) -> list[RemovalRequest]:
    found = [stage.pair(f"{number}.jpg", b"body %d" % number) for number in range(count)]
    return [request(record(victim), record(keeper)) for victim, keeper in found]


def failing(error: Exception) -> Callable[[FolderTrash, bytes, Slot], bytes]:
    def put(_self: FolderTrash, _path: bytes, _slot: Slot) -> bytes:
        raise error

    return put


def test_three_errors_end_the_batch(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FolderTrash, "put", failing(OSError(errno.EIO, "no")))
    result = stage.remove(*pairs(stage))
    assert len(result.refused) == 3
    assert "3 photos could not be moved" in (result.stopped or "")
    stage.hold_the_law()


def test_a_full_disk_ends_the_batch_at_once(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FolderTrash, "put", failing(OSError(errno.ENOSPC, "no")))
    result = stage.remove(*pairs(stage))
    assert len(result.refused) == 1
    assert "disk is full" in (result.stopped or "")
    stage.hold_the_law()


def test_another_volume_is_said_in_words(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FolderTrash, "put", failing(OSError(errno.EXDEV, "no")))
    result = stage.remove(*pairs(stage, 1))
    assert "nothing is copied" in result.refused[0].reason
    assert result.stopped is None
    assert list((stage.trash / "info").iterdir()) == []


def test_refusals_do_not_end_the_batch(stage: Stage) -> None:
    wanted = pairs(stage)
    made = stage.plan(*wanted)
    for number in range(4):
        stage.add(f"copies/{number}.jpg", b"edited")
    stage.freeze()
    result = run(made, stage.journal)
    assert (len(result.refused), len(result.moved), result.stopped) == (4, 2, None)
    stage.hold_the_law()


def test_a_bug_takes_the_photo_back_and_is_heard(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    put = FolderTrash.put

    def put_and_break(self: FolderTrash, path: bytes, slot: Slot) -> bytes:
        put(self, path, slot)
        raise ZeroDivisionError

    monkeypatch.setattr(FolderTrash, "put", put_and_break)
    with pytest.raises(ZeroDivisionError):
        stage.remove(*pairs(stage, 1))
    assert os.listdir(stage.lib / "copies") == ["0.jpg"]
    stage.hold_the_law()


@pytest.mark.parametrize("state", [State.INTENT, State.TRASHED])
def test_a_journal_that_cannot_be_written_stops_all(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, state: State
) -> None:
    write = Journal._write

    def fail(self: Journal, entry: object) -> None:
        if getattr(entry, "state", None) is state:
            raise OSError(errno.EIO, "no")
        write(self, entry)  # type: ignore[arg-type]

    monkeypatch.setattr(Journal, "_write", fail)
    result = stage.remove(*pairs(stage))
    assert result.moved == ()
    assert "journal" in (result.stopped or "")
    assert len(os.listdir(stage.lib / "copies")) == 6
    monkeypatch.undo()
    stage.hold_the_law()


def test_a_journal_that_dies_after_the_move_is_settled_at_the_next_start(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_self: Journal, _entry: object) -> None:
        raise JournalUnavailable("gone")

    monkeypatch.setattr(Journal, "put", fail)
    result = stage.remove(*pairs(stage, 2))
    assert result.moved == ()
    assert result.stopped
    assert len(os.listdir(stage.lib / "copies")) == 2
    monkeypatch.undo()
    assert stage.journal.open_entries()
    stage.hold_the_law()


def test_stopping_finishes_the_photo_at_hand(stage: Stage) -> None:
    control = RunControl()
    seen: list[tuple[int, int]] = []

    def on_item(done: int, total: int) -> None:
        seen.append((done, total))
        if done == 2:
            control.cancel()

    made = stage.plan(*pairs(stage))
    stage.freeze()
    result = execute(
        made, stage.journal, still_decodes=lambda _path: True, control=control, on_item=on_item
    )
    assert seen == [(1, 6), (2, 6)]
    assert len(result.moved) == 2
    assert result.stopped
    stage.hold_the_law()


def test_a_plan_that_asks_is_not_run(stage: Stage) -> None:
    made = replace(stage.plan(*pairs(stage, 1)), needs_confirmation=("Really?",))
    with pytest.raises(UserError, match="Really"):
        run(made, stage.journal)
    assert stage.journal.history() == []


def test_the_report_names_everything(stage: Stage) -> None:
    wanted = pairs(stage, 2)
    lonely = request(record(stage.add("lonely.jpg", b"alone")), None)
    result: BatchResult = stage.remove(*wanted, lonely)
    assert [moved.path for moved in result.moved] == [each.victim.path for each in wanted]
    assert [moved.keeper for moved in result.moved] == [
        each.keeper.path for each in wanted if each.keeper
    ]
    assert all(os.path.exists(moved.trash_path) for moved in result.moved)
    assert [refused.path for refused in result.refused] == [lonely.victim.path]
    (batch,) = stage.journal.history()
    assert batch.id == result.batch
    assert {item.state for item in batch.items} == {State.TRASHED}
