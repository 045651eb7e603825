# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Whatever the clock says: what came first is told by numbers, what is in a file by its bytes."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import pytest

from imgdupe.records import Kind
from imgdupe.removal import execute, journal, trash
from imgdupe.removal.undo import undo
from tests.reliability.scenes import Stage, record, request, run

CLOCKS = ["1970-01-01T00:00:00", "1999-12-31T23:59:59", "2024-03-31T02:30:00", "2099-06-01T12:00"]


def set_clock(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    moment = dt.datetime.fromisoformat(text)

    class Clock(dt.datetime):
        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> dt.datetime:  # type: ignore[override]
            return moment.astimezone(tz) if tz else moment

    class Module:
        datetime = Clock

    for module in (execute, journal, trash):
        monkeypatch.setattr(module, "dt", Module)


@pytest.mark.parametrize("second", CLOCKS)
@pytest.mark.parametrize("first", CLOCKS)
def test_the_last_batch_is_undone_first_whatever_the_clock_says(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, first: str, second: str
) -> None:
    pairs = [stage.pair(f"{name}.jpg", name.encode() * 50) for name in ("one", "two")]
    stage.freeze()
    for clock, (victim, keeper) in zip((first, second), pairs, strict=True):
        set_clock(monkeypatch, clock)
        made = stage.plan(request(record(victim), record(keeper)))
        assert len(run(made, stage.journal).moved) == 1
    stage.hold_the_law()
    assert [old for old, _ in undo(stage.journal, None, None).restored] == [pairs[1][0]]
    assert [old for old, _ in undo(stage.journal, None, None).restored] == [pairs[0][0]]
    stage.hold_the_law()


@pytest.mark.parametrize("kind", [Kind.IDENTICAL, Kind.RESIZED])
@pytest.mark.parametrize("whose", ["victim", "keeper"])
def test_an_edit_that_kept_size_and_time_is_seen(stage: Stage, kind: Kind, whose: str) -> None:
    victim, keeper = stage.pair(body=b"the picture as shown")
    made = stage.plan(request(record(victim), record(keeper), kind))
    path = Path(os.fsdecode(victim if whose == "victim" else keeper))
    status = path.stat()
    path.write_bytes(b"quite another thing!")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert path.stat().st_size == status.st_size
    assert run(made, stage.journal).moved == ()


@pytest.mark.parametrize("time_ns", [0, 1, -(10**18), 2**62])
def test_times_that_no_camera_has(stage: Stage, time_ns: int) -> None:
    victim, keeper = stage.pair()
    for path in (victim, keeper):
        os.utime(path, ns=(time_ns, time_ns))
    assert len(stage.remove(request(record(victim), record(keeper))).moved) == 1
    assert undo(stage.journal, None, None).failed == ()
    stage.hold_the_law()
