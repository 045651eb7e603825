# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The scan's controller and the feed of groups, over a session that is played."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from imgdupe.catalog.library import LibraryCounts
from imgdupe.catalog.roots import Root
from imgdupe.catalog.settings import Settings
from imgdupe.control import RunControl
from imgdupe.engine.scan import ScanReport
from imgdupe.errors import UserError
from imgdupe.gui.feed import Feed
from imgdupe.gui.jobs import Jobs
from imgdupe.gui.scanning import Scans
from imgdupe.progress import Counters


class PlayedSession:
    """Scans until it is told to go on; its groups are whatever it is given."""

    def __init__(self) -> None:
        self.settings = Settings()
        self.generation = 0
        self.go_on = threading.Event()
        self.scanned: list[list[bytes]] = []
        self.failure: Exception | None = None
        self.derived = 0
        self.at_once = 0
        self.most_at_once = 0
        self.folders = [Root(1, b"/nowhere", False, 3)]

    def scan(self, folders: Sequence[bytes], control: RunControl, counters: Counters) -> ScanReport:
        self.scanned.append(list(folders))
        counters.bump("found", 5)
        if self.failure is not None:
            raise self.failure
        while not (self.go_on.is_set() or control.cancelled):
            self.go_on.wait(0.01)
        return ScanReport(5, 0, 5, 0, 0, (), 1.0, 5.0, stopped=control.cancelled)

    def groups(self) -> list[Any]:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        self.go_on.wait(5)
        self.derived += 1
        self.at_once -= 1
        return []

    def parted(self) -> list[Any]:
        return []

    def counts(self) -> LibraryCounts:
        return LibraryCounts(5, 5, 0, 0, 100)

    def roots(self) -> list[Root]:
        return self.folders


@pytest.fixture
def session() -> PlayedSession:
    return PlayedSession()


@pytest.fixture
def scans(jobs: Jobs, session: PlayedSession) -> Scans:
    return Scans(session, jobs)  # type: ignore[arg-type]


def _state(scans: Scans) -> str:
    return "paused" if scans.paused else "running" if scans.running else "idle"


def test_a_scan_reports_progress_and_its_end(
    qtbot: QtBot, scans: Scans, session: PlayedSession
) -> None:
    with qtbot.waitSignal(scans.progressed) as progressed:
        scans.scan([b"/a", b"/a", b"/b"])
    assert progressed.args[0].found == 5
    assert _state(scans) == "running"
    with qtbot.waitSignal(scans.finished) as finished:
        session.go_on.set()
    assert finished.args[0].fingerprinted == 5
    assert _state(scans) == "idle"
    assert session.scanned == [[b"/a", b"/b"]]


def test_folders_that_come_meanwhile_wait_for_their_turn(
    qtbot: QtBot, scans: Scans, session: PlayedSession
) -> None:
    scans.scan([b"/a"])
    scans.scan([b"/b"])
    scans.scan([b"/b", b"/c"])
    with qtbot.waitSignals([scans.finished, scans.finished]):
        session.go_on.set()
    assert session.scanned == [[b"/a"], [b"/b", b"/c"]]


def test_stopping_forgets_what_waits(qtbot: QtBot, scans: Scans, session: PlayedSession) -> None:
    scans.scan([b"/a"])
    scans.scan([b"/b"])
    with qtbot.waitSignal(scans.finished) as finished:
        scans.stop()
    assert finished.args[0].stopped
    assert session.scanned == [[b"/a"]]
    assert _state(scans) == "idle"


def test_pausing_shows_and_resuming_goes_on(
    qtbot: QtBot, scans: Scans, session: PlayedSession
) -> None:
    scans.pause(paused=True)
    assert _state(scans) == "idle"
    scans.scan([b"/a"])
    scans.pause(paused=True)
    assert _state(scans) == "paused"
    scans.pause(paused=False)
    assert _state(scans) == "running"
    with qtbot.waitSignal(scans.finished):
        session.go_on.set()


def test_what_is_wrong_with_the_world_is_told(
    qtbot: QtBot, scans: Scans, session: PlayedSession
) -> None:
    session.failure = UserError("The disk is full. Make room.")
    with qtbot.waitSignal(scans.failed) as failed:
        scans.scan([b"/a"])
    assert failed.args == ["The disk is full. Make room."]
    assert _state(scans) == "idle"


def test_groups_are_derived_once_per_change_and_never_twice_at_once(
    qtbot: QtBot, jobs: Jobs, session: PlayedSession
) -> None:
    feed = Feed(session, jobs)  # type: ignore[arg-type]
    feed.refresh()
    session.generation = 1
    feed.refresh()
    with qtbot.waitSignal(feed.changed) as changed:
        session.go_on.set()
    assert changed.args[0].counts.photos == 5
    with qtbot.waitSignal(feed.changed):
        feed.refresh()
    feed.refresh()
    assert not jobs.busy
    assert (session.derived, session.most_at_once) == (2, 1)


def test_the_feed_notices_by_itself(qtbot: QtBot, jobs: Jobs, session: PlayedSession) -> None:
    session.go_on.set()
    feed = Feed(session, jobs)  # type: ignore[arg-type]
    with qtbot.waitSignal(feed.changed):
        session.generation = 1


def test_a_folder_that_went_or_came_is_noticed(
    qtbot: QtBot, jobs: Jobs, session: PlayedSession
) -> None:
    feed = Feed(session, jobs)  # type: ignore[arg-type]
    session.folders = [Root(1, b"/nowhere", True, 3), Root(2, b"/", True, 0)]
    with qtbot.waitSignal(feed.roots_changed) as changed:
        feed.look_at_roots()
    assert changed.args == [[b"/nowhere"]]
    feed.deleteLater()
